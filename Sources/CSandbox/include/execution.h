// SPDX-License-Identifier: MIT OR Apache-2.0
// In the process that becomes the command.

#ifndef EXECUTION_H
#define EXECUTION_H

// execvp(3)'s search: on past what is not there or may not be run; the latter is remembered. Returns only where
// nothing was run: which of the candidates errno is about, or -1 where none of them is there.
int execute_candidate(const char *const *candidates, const char *const *arguments,
                      const char *const *environment);

#endif
