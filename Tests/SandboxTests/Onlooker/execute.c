// SPDX-License-Identifier: MIT OR Apache-2.0
// Calls that start programs.

#define _GNU_SOURCE
#include "onlooker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(const char *program, char *const arguments[]) {
    char *environment[] = {"A=1", NULL};
    pid_t child = fork();
    if (child == 0) {
        execve(program, arguments, environment);
        _exit(100 + errno % 100);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

void execute(const char *self) {
    char *again[] = {"a name of its own", "again", NULL};
    printf("status %d\n", run(self, again));
    printf("by /proc/self/exe %d\n", run("/proc/self/exe", again));
    char *shell[] = {"sh", "-c", "exit 7", NULL};
    printf("by a link %d\n", run("/links/shell", shell));
    chdir("/links");
    char *script[] = {"ignored", "first", "second", NULL};
    printf("script %d\n", run("./script", script));
    printf("no program %d\n", run("/nowhere", script));
    printf("a directory %d\n", run("/source", script));
    printf("not executable %d\n", run("/source/file", script));
    printf("no interpreter %d\n", run("/links/lost", script));
    printf("no program at all %d\n", run("/links/text", script));
    int file = open(self, O_PATH | O_CLOEXEC);
    pid_t child = fork();
    if (child == 0) {
        fexecve(file, again, environ);
        _exit(99);
    }
    int status = -1;
    waitpid(child, &status, 0);
    printf("by a descriptor %d\n", WEXITSTATUS(status));
    child = vfork();
    if (child == 0) {
        execv("/links/shell", shell);
        _exit(99);
    }
    waitpid(child, &status, 0);
    printf("after vfork %d\n", WEXITSTATUS(status));
}
