// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the process that becomes the command: which of its calls stop, and for whom.
//
// Written out rather than built by libseccomp, because it is made after clone(2). The kernel answers
// calls that no rule concerns from a bitmap, without running it.

#define _GNU_SOURCE
#include "parts.h"
#include "numbers.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#ifdef __x86_64__
enum { NATIVE = AUDIT_ARCH_X86_64, SECONDARY = AUDIT_ARCH_I386, OTHER_ABI_BIT = 0x40000000 };
#elif defined __aarch64__
enum { NATIVE = AUDIT_ARCH_AARCH64, SECONDARY = -1, OTHER_ABI_BIT = 0x40000000 };
#else
#error "the tracer knows x86-64 and aarch64"
#endif

enum { KILL_OF_I386 = 37, MKNOD_OF_I386 = 14, MKNODAT_OF_I386 = 297 };

bool tracer_is_32_bit(uint32_t architecture) { return architecture != (uint32_t)NATIVE; }

struct program {
    struct sock_filter instructions[TRACER_FILTER_ROOM];
    unsigned short length;
};

static void add(struct program *program, struct sock_filter instruction) {
    if (program->length < TRACER_FILTER_ROOM)
        program->instructions[program->length++] = instruction;
}

static void load(struct program *program, size_t offset) {
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void give(struct program *program, uint32_t action) {
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void give_if_any(struct program *program, uint32_t bits, uint32_t action) {
    if (bits == 0) return;
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
    give(program, action);
}

// ptrace(2), PTRACE_EVENT_SECCOMP: the tracer is told the index.
static uint32_t action_of(size_t index, bool traced) {
    const struct tracer_call *call = &tracer_calls[index];
    if (call->operation == TRACER_REFUSED) return SECCOMP_RET_ERRNO | (uint32_t)call->error;
    return traced ? SECCOMP_RET_TRACE | (uint32_t)index : SECCOMP_RET_USER_NOTIF;
}

static void add_call(struct program *program, size_t index, int number) {
    const struct tracer_call *call = &tracer_calls[index];
    bool looks_at_flags = call->traced_flags || call->native_flags;
    unsigned rest = looks_at_flags
        ? 2 + (call->traced_flags ? 2 : 0) + (call->native_flags ? 2 : 0) : 1;
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0,
                                              (uint8_t)rest));
    if (looks_at_flags) {
        size_t argument = offsetof(struct seccomp_data, args) + (size_t)call->flags * 8;
        load(program, argument); // the lower half, on little-endian machines
        give_if_any(program, call->traced_flags, action_of(index, true));
        give_if_any(program, call->native_flags, SECCOMP_RET_ALLOW);
    }
    give(program, action_of(index, call->traced));
}

// kill(2), -1: everybody whom the caller may signal. There is no namespace around them here.
static void refuse_to_signal_all(struct program *program, int number) {
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
    load(program, offsetof(struct seccomp_data, args));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, UINT32_MAX, 0, 1));
    give(program, SECCOMP_RET_ERRNO | EPERM);
    give(program, SECCOMP_RET_ALLOW);
}

// mknod(2) of a device: done, as far as the command can tell; a pipe it may make.
static void play_device(struct program *program, int number, int mode_argument) {
    if (number < 0) return;
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 6));
    load(program, offsetof(struct seccomp_data, args) + (size_t)mode_argument * 8);
    add(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, S_IFMT));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, S_IFCHR, 1, 0));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, S_IFBLK, 0, 1));
    give(program, SECCOMP_RET_ERRNO | 0);
    load(program, offsetof(struct seccomp_data, nr));
}

static void play_root(struct program *program, bool secondary) {
    for (size_t i = 0; i < tracer_root_call_count; i++) {
        const struct tracer_root_call *call = &tracer_root_calls[i];
        int number = secondary ? call->number32 : call->number;
        if (number < 0) continue;
        add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1));
        give(program, SECCOMP_RET_ERRNO | 0);
    }
    play_device(program, secondary ? MKNOD_OF_I386 : SYS_mknod, 1);
    play_device(program, secondary ? MKNODAT_OF_I386 : SYS_mknodat, 2);
}

static void add_calls(struct program *program, const struct tracer_plan *plan, bool secondary) {
    load(program, offsetof(struct seccomp_data, nr));
    if (!secondary) {
        add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_ABI_BIT, 0, 1));
        give(program, SECCOMP_RET_ERRNO | ENOSYS);
    }
    refuse_to_signal_all(program, secondary ? KILL_OF_I386 : SYS_kill);
    if (plan->root_user) play_root(program, secondary);
    for (size_t i = 0; i < tracer_call_count; i++) {
        int number = secondary ? tracer_calls[i].number32 : tracer_calls[i].number;
        if (number >= 0) add_call(program, i, number);
    }
    give(program, SECCOMP_RET_ALLOW);
}

static void build(struct program *program, const struct tracer_plan *plan) {
    load(program, offsetof(struct seccomp_data, arch));
    // A conditional jump reaches 255 instructions; the unconditional one after it any distance.
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0));
    unsigned short jump = program->length;
    add(program, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
    add_calls(program, plan, false);
    program->instructions[jump].k = program->length - jump - 1U;
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SECONDARY, 1, 0));
    give(program, SECCOMP_RET_ERRNO | ENOSYS);
    add_calls(program, plan, true);
}

static int load_program(const struct program *program, unsigned long flags) {
    struct sock_fprog filter = {
        .len = program->length,
        .filter = (struct sock_filter *)program->instructions,
    };
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
}

static int load_listener(const struct program *program) {
    // seccomp(2): a call that was taken up is not begun again for a signal. Linux 5.19.
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
    int listener = load_program(program, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    if (listener < 0 && errno == EINVAL) listener = load_program(program, flags);
    return listener;
}

int tracer_load_filter(const struct tracer_plan *plan) {
    static struct program program;
    build(&program, plan);
    return load_listener(&program);
}

enum { EXECUTIONS_LENGTH = 6 };

// EXECUTIONS_LENGTH instructions.
static void add_executions(struct program *program, bool secondary) {
    load(program, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < tracer_call_count; i++) {
        const struct tracer_call *call = &tracer_calls[i];
        if (call->operation != TRACER_EXECUTION) continue;
        uint32_t number = (uint32_t)(secondary ? call->number32 : call->number);
        add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
        give(program, SECCOMP_RET_USER_NOTIF);
    }
    give(program, SECCOMP_RET_ALLOW);
}

// Beside the sandbox's own filter, which refuses the other interfaces.
int tracer_load_execution_filter(void) {
    static struct program program;
    load(&program, offsetof(struct seccomp_data, arch));
    const uint32_t architectures[] = {(uint32_t)NATIVE, (uint32_t)SECONDARY};
    for (size_t i = 0; i < 2; i++) {
        add(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architectures[i], 0,
                                                   EXECUTIONS_LENGTH));
        add_executions(&program, i == 1);
    }
    give(&program, SECCOMP_RET_ALLOW);
    return load_listener(&program);
}
