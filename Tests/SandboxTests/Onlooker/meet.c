// SPDX-License-Identifier: MIT OR Apache-2.0
// Pipes and sockets with names.

#define _GNU_SOURCE
#include "onlooker.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

void wait_for_the_other_end(void) {
    TRY(mkfifo("/target/fifo", 0666));
    pid_t child = fork();
    if (child == 0) {
        int file = open("/target/fifo", O_WRONLY);
        _exit(write(file, "through\n", 8) == 8 ? 0 : 1);
    }
    say_text("a pipe with a name", contents("/target/fifo", O_RDONLY));
    int status = -1;
    waitpid(child, &status, 0);
    printf("its writer %d\n", status);
    TRY(opens("/target/fifo", O_WRONLY | O_NONBLOCK));
}

static int connect_to(const char *path, int (*deed)(int, const struct sockaddr *, socklen_t)) {
    int end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int result = deed(end, (struct sockaddr *)&address, sizeof address);
    if (result == 0 && deed == bind) result = listen(end, 1);
    return result;
}

void meet_at_sockets(void) {
    TRY(connect_to("/target/socket", connect));
    TRY(connect_to("/target/socket", bind));
    TRY(connect_to("/links/target/socket", connect));
    TRY(connect_to("/target/socket", bind));
    say_text("kind of a socket", kind_of("/target/socket", 0));
    TRY(mkdir("/target/a-directory-with-a-name-that-makes-the-path-longer", 0777));
    TRY(connect_to("/target/a-directory-with-a-name-that-makes-the-path-longer/socket", bind));
    TRY(connect_to("/target/a-directory-with-a-name-that-makes-the-path-longer/socket", connect));
    TRY(connect_to("/source/socket", bind));
}
