// SPDX-License-Identifier: MIT OR Apache-2.0
// What the caller has and keeps while its calls are looked at: threads and registers.

#define _GNU_SOURCE
#include "onlooker.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *open_often(void *name) {
    char path[64];
    for (int i = 0; i < 200; i++) {
        snprintf(path, sizeof path, "/target/thread-%s", (const char *)name);
        int file = open(path, O_CREAT | O_RDWR, 0666);
        if (file < 0 || close(file) < 0 || access(path, R_OK) < 0 || unlink(path) < 0) return name;
    }
    return NULL;
}

void use_threads(void) {
    pthread_t threads[4];
    char *names[] = {"a", "b", "c", "d"};
    int failures = 0;
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, open_often, names[i]);
    for (int i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        failures += failed != NULL;
    }
    printf("threads that failed %d\n", failures);
}

// A call's registers are the caller's own afterwards, and so is what lies below the stack.
void keep_registers(void) {
#ifdef __x86_64__
    long result;
    register const char *path __asm__("rdi") = "/target/registers";
    register long mode __asm__("rsi") = 0700;
    __asm__ volatile("syscall" : "=a"(result), "+r"(path), "+r"(mode)
                     : "0"((long)SYS_mkdir) : "rcx", "r11", "memory");
    printf("registers %ld %s %lo\n", result, path, (unsigned long)mode);
#endif
}
