// SPDX-License-Identifier: MIT OR Apache-2.0
// What an onlooker does, and how it says what came of it.

#ifndef ONLOOKER_H
#define ONLOOKER_H

// report.c: a line for each result, and what to make one of.
void say(const char *name, long result); // with errno
void say_text(const char *name, const char *text); // NULL: with errno
#define TRY(...) say(#__VA_ARGS__, __VA_ARGS__)
int opens(const char *path, int flags); // and closes again
const char *contents(const char *path, int flags);
const char *link_of(const char *path);
const char *kind_of(const char *path, int flags);

// look.c
void look(void);
void look_from_directories(void);

// change.c
void change(void);
void change_what_is_read_only(void);

// meet.c: names at which processes meet.
void wait_for_the_other_end(void);
void meet_at_sockets(void);

// execute.c
void execute(const char *self);

// keep.c: what goes on around a call.
void use_threads(void);
void keep_registers(void);

#endif
