// SPDX-License-Identifier: MIT OR Apache-2.0
// A process that stopped at a call: the call, and what becomes of it. All that depends on the processor.
// Source: ptrace(2), PTRACE_GET_SYSCALL_INFO and PTRACE_SETREGSET; syscall(2), "Architecture calling
// conventions".

#define _GNU_SOURCE
#include "parts.h"

#include <elf.h>
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifdef __x86_64__

typedef struct user_regs_struct registers;

static unsigned long long *argument_of(registers *values, bool is_32_bit, int index) {
    unsigned long long *native[] = {&values->rdi, &values->rsi, &values->rdx,
                                    &values->r10, &values->r8,  &values->r9};
    unsigned long long *secondary[] = {&values->rbx, &values->rcx, &values->rdx,
                                       &values->rsi, &values->rdi, &values->rbp};
    return is_32_bit ? secondary[index] : native[index];
}

static int set_number(pid_t process, registers *values, uint64_t number) {
    (void)process;
    values->orig_rax = number;
    return 0;
}

static void set_return_value(registers *values, long result) {
    values->rax = (unsigned long long)result;
}

// Of a 32-bit process, too, in the tracer's own layout, which PTRACE_GETREGSET does not have.
static int read_registers(pid_t process, registers *values) {
    return (int)ptrace(PTRACE_GETREGS, process, NULL, values);
}

static int write_registers(pid_t process, registers *values) {
    return (int)ptrace(PTRACE_SETREGS, process, NULL, values);
}

// The kernel has not yet set the process back to the call: it does for some results only, and for this
// one whatever handler runs before.
static int begin_again(pid_t process, registers *values) {
    long result = (long)values->rax;
    if (result != -TRACER_RESTART && result != -TRACER_RESTART_ALWAYS) return -1;
    set_return_value(values, -TRACER_RESTART_ALWAYS);
    return write_registers(process, values);
}

static uint64_t stack_of(const registers *values) { return values->rsp; }

#else

typedef struct user_regs_struct registers;

static unsigned long long *argument_of(registers *values, bool is_32_bit, int index) {
    (void)is_32_bit;
    return &values->regs[index];
}

static int set_number(pid_t process, registers *values, uint64_t number) {
    (void)values;
    int value = (int)number;
    struct iovec call = {.iov_base = &value, .iov_len = sizeof value};
    return (int)ptrace(PTRACE_SETREGSET, process, (void *)0x404 /* NT_ARM_SYSTEM_CALL */, &call);
}

static void set_return_value(registers *values, long result) {
    values->regs[0] = (unsigned long long)result;
}

static int read_registers(pid_t process, registers *values) {
    struct iovec set = {.iov_base = values, .iov_len = sizeof *values};
    return (int)ptrace(PTRACE_GETREGSET, process, (void *)NT_PRSTATUS, &set);
}

static int write_registers(pid_t process, registers *values) {
    struct iovec set = {.iov_base = values, .iov_len = sizeof *values};
    return (int)ptrace(PTRACE_SETREGSET, process, (void *)NT_PRSTATUS, &set);
}

// The kernel has set the process back to the call before it stopped.
static int begin_again(pid_t process, registers *values) {
    (void)process;
    (void)values;
    return 0;
}

static uint64_t stack_of(const registers *values) { return values->sp; }

#endif

int tracer_read_stop(pid_t process, struct tracer_stop *stop) {
    struct __ptrace_syscall_info call;
    long size = ptrace(PTRACE_GET_SYSCALL_INFO, process, (void *)sizeof call, &call);
    if (size < 0 || call.op != PTRACE_SYSCALL_INFO_SECCOMP) return -1;
    if (call.seccomp.ret_data >= tracer_call_count) return -1;
    stop->process = process;
    stop->process_in_proc = process;
    stop->is_32_bit = tracer_is_32_bit(call.arch);
    stop->call = &tracer_calls[call.seccomp.ret_data];
    stop->stack = call.stack_pointer;
    for (int i = 0; i < 6; i++) stop->arguments[i] = call.seccomp.args[i];
    return 0;
}

int tracer_read_interruption(struct tracer_stop *stop) {
    registers values;
    if (read_registers(stop->process, &values) < 0) return -1;
    stop->stack = stack_of(&values);
    return begin_again(stop->process, &values);
}

void tracer_set_result(const struct tracer_stop *stop, long result) {
    registers values;
    if (read_registers(stop->process, &values) < 0) return;
    set_number(stop->process, &values, (uint64_t)-1);
    set_return_value(&values, result);
    write_registers(stop->process, &values);
}

int tracer_set_arguments(const struct tracer_stop *stop, const struct tracer_change *changes,
                         size_t count) {
    registers values;
    if (read_registers(stop->process, &values) < 0) return -1;
    for (size_t i = 0; i < count; i++) {
        if (changes[i].argument < 0) set_number(stop->process, &values, changes[i].value);
        else *argument_of(&values, stop->is_32_bit, changes[i].argument) = changes[i].value;
    }
    return write_registers(stop->process, &values);
}
