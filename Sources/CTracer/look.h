// SPDX-License-Identifier: MIT OR Apache-2.0
// What the answerer is asked, and the answers.

#ifndef LOOK_H
#define LOOK_H

#include "parts.h"

struct tracer_question {
    const struct tracer_plan *plan;
    int listener;
    uint64_t id;
    pid_t process;
    bool is_32_bit;
    const struct tracer_call *call;
    uint64_t arguments[6];
};

enum {
    TRACER_SAID = INT32_MIN,       // the answer has been given
    TRACER_KERNELS = INT32_MIN + 1 // the kernel may go on with the call
};

// look.c: the call's result, or a negative errno, or one of those.
int64_t tracer_look(const struct tracer_question *question);

// open.c
int64_t tracer_look_open(const struct tracer_question *question);

// look.c: where the first path leads. 0, TRACER_NATIVE, or a negative errno. `itself`: a link at the end
// is meant itself. With `walks`, links on the way have been followed; else see tracer_place_by_text.
struct tracer_found {
    struct tracer_place *place;
    bool itself;
    bool is_walked;
};
int tracer_find(const struct tracer_question *question, bool by_text, struct tracer_found *found);
int tracer_find_by_walking(const struct tracer_question *question, struct tracer_found *found);

#endif
