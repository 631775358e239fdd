// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs when `cross` is built: the system calls that nothing inside needs.
//
// Arguments that the kernel reads as 32 bits are compared as 32 bits; a rule that looked at all 64
// would be stepped around with a bit beyond them (CVE-2019-10063).

#define _GNU_SOURCE
#include "include/system_call_filter.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TIOCLINUX_REQUEST = 0x541C, NAMESPACE_TIME = 0x80 };

#define LOW_BITS(mask, value) SCMP_CMP_MASKED_EQ, (uint32_t)(mask), (uint32_t)(value)

static int deny(scmp_filter_ctx filter, const int *calls, size_t count, int error) {
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), calls[i], 0);
    return result;
}

#define DENY(filter, error, ...)                                                                 \
    deny(filter, (const int[]){__VA_ARGS__}, sizeof(const int[]){__VA_ARGS__} / sizeof(int), error)

// The kernel's insides; other people's terminals, keys and files.
static int deny_calls(scmp_filter_ctx filter) {
    return DENY(filter, EPERM, SCMP_SYS(add_key), SCMP_SYS(keyctl), SCMP_SYS(request_key),
                SCMP_SYS(bpf), SCMP_SYS(userfaultfd), SCMP_SYS(kexec_load),
                SCMP_SYS(kexec_file_load), SCMP_SYS(init_module), SCMP_SYS(finit_module),
                SCMP_SYS(delete_module), SCMP_SYS(syslog), SCMP_SYS(open_by_handle_at),
                SCMP_SYS(quotactl), SCMP_SYS(quotactl_fd), SCMP_SYS(swapon), SCMP_SYS(swapoff),
                SCMP_SYS(acct), SCMP_SYS(reboot), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
                SCMP_SYS(clock_settime64), SCMP_SYS(stime), SCMP_SYS(vhangup), SCMP_SYS(iopl),
                SCMP_SYS(ioperm), SCMP_SYS(vm86), SCMP_SYS(vm86old), SCMP_SYS(sethostname),
                SCMP_SYS(setdomainname));
}

// Other processes' memory, registers and files.
static int deny_ptrace(scmp_filter_ctx filter) {
    return DENY(filter, EPERM, SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
                SCMP_SYS(process_vm_writev), SCMP_SYS(kcmp), SCMP_SYS(pidfd_getfd));
}

static int deny_io_uring(scmp_filter_ctx filter) {
    return DENY(filter, ENOSYS, SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
                SCMP_SYS(io_uring_register));
}

static int deny_perf(scmp_filter_ctx filter) {
    return DENY(filter, EPERM, SCMP_SYS(perf_event_open));
}

static int deny_bit(scmp_filter_ctx filter, int call, uint32_t bit) {
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 1, SCMP_A0(LOW_BITS(bit, bit)));
}

// Namespaces, and the mounts that can be had in them.
static int deny_namespaces(scmp_filter_ctx filter) {
    static const uint32_t flags[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET,
                                     CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
    // clone3's flags are in memory, where no filter can look; whoever calls it knows clone, too.
    int result = DENY(filter, ENOSYS, SCMP_SYS(clone3));
    if (result == 0)
        result = DENY(filter, EPERM, SCMP_SYS(mount), SCMP_SYS(umount), SCMP_SYS(umount2),
                      SCMP_SYS(pivot_root), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
                      SCMP_SYS(mount_setattr), SCMP_SYS(fsopen), SCMP_SYS(fsconfig),
                      SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(setns));
    // The lowest byte of clone's flags is a signal, so a time namespace is unshare's alone.
    if (result == 0) result = deny_bit(filter, SCMP_SYS(unshare), NAMESPACE_TIME);
    for (size_t i = 0; i < sizeof flags / sizeof *flags && result == 0; i++) {
        result = deny_bit(filter, SCMP_SYS(unshare), flags[i]);
        if (result == 0) result = deny_bit(filter, SCMP_SYS(clone), flags[i]);
    }
    return result;
}

// Typing into the terminal that the caller's shell will read from.
static int deny_terminal_input(scmp_filter_ctx filter) {
    static const uint32_t requests[] = {TIOCSTI, TIOCLINUX_REQUEST};
    int result = 0;
    for (size_t i = 0; i < sizeof requests / sizeof *requests && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
                                  SCMP_A1(LOW_BITS(~0U, requests[i])));
    return result;
}

// What is left: AF_UNIX, AF_INET, AF_INET6, and of AF_NETLINK the routing protocol, which
// getaddrinfo(3) needs. On i386 libseccomp extends each rule to socketcall(2), whose arguments are in
// memory: there all of socket(2) is refused, unless the plan says otherwise, for glibc knows no other
// way when it is to run on kernels before 4.3, as distributions build it.
static int deny_socket_families(scmp_filter_ctx filter) {
    int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                  SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
    for (uint32_t family = AF_UNIX + 1; family < AF_NETLINK && result == 0; family++) {
        if (family == AF_INET || family == AF_INET6) continue;
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                  SCMP_A0(SCMP_CMP_EQ, family));
    }
    for (int bit = 0; bit < 5 && result == 0; bit++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 2,
                                  SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
                                  SCMP_A2(LOW_BITS(1U << bit, 1U << bit)));
    return result;
}

// What is left: 0, ADDR_NO_RANDOMIZE (debuggers, qemu), PER_LINUX32 (setarch), and the query, which
// is all ones. A filter compares an argument once, so: the top bit only together with every other
// bit, and without the top bit no bit but those.
static int deny_personalities(scmp_filter_ctx filter) {
    const uint32_t top = 1U << 31, harmless = ADDR_NO_RANDOMIZE | PER_LINUX32;
    int result = 0;
    for (int i = 0; i < 31 && result == 0; i++) {
        uint32_t bit = 1U << i;
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(personality), 1,
                                  SCMP_A0(LOW_BITS(top | bit, top)));
        if (result < 0 || (bit & harmless)) continue;
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(personality), 1,
                                  SCMP_A0(LOW_BITS(top | bit, bit)));
    }
    return result;
}

// What root does to owners, ids, capabilities and devices, where there is one id only: done, as far
// as the caller can tell. Programs that look again see that everything is root's.
static int emulate_root(scmp_filter_ctx filter) {
    static const int calls[] = {
        SCMP_SYS(chown), SCMP_SYS(chown32), SCMP_SYS(fchown), SCMP_SYS(fchown32),
        SCMP_SYS(lchown), SCMP_SYS(lchown32), SCMP_SYS(fchownat),
        SCMP_SYS(setuid), SCMP_SYS(setuid32), SCMP_SYS(setgid), SCMP_SYS(setgid32),
        SCMP_SYS(setreuid), SCMP_SYS(setreuid32), SCMP_SYS(setregid), SCMP_SYS(setregid32),
        SCMP_SYS(setresuid), SCMP_SYS(setresuid32), SCMP_SYS(setresgid), SCMP_SYS(setresgid32),
        SCMP_SYS(setfsuid), SCMP_SYS(setfsuid32), SCMP_SYS(setfsgid), SCMP_SYS(setfsgid32),
        SCMP_SYS(setgroups), SCMP_SYS(setgroups32), SCMP_SYS(capset),
    };
    static const uint32_t devices[] = {S_IFCHR, S_IFBLK};
    int result = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), calls[i], 0);
    for (size_t i = 0; i < sizeof devices / sizeof *devices && result == 0; i++) {
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(mknod), 1,
                                  SCMP_A1(LOW_BITS(S_IFMT, devices[i])));
        if (result == 0)
            result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(mknodat), 1,
                                      SCMP_A2(LOW_BITS(S_IFMT, devices[i])));
    }
    return result;
}

static int export(scmp_filter_ctx context, struct sock_filter *instructions) {
    int file = memfd_create("filter", MFD_CLOEXEC);
    if (file < 0) return -errno;
    int result = seccomp_export_bpf(context, file);
    if (result == 0) {
        ssize_t size = pread(file, instructions, BPF_MAXINSNS * sizeof *instructions, 0);
        result = size < 0 ? -errno : (int)((size_t)size / sizeof *instructions);
    }
    close(file);
    return result;
}

// A context that allows everything, for one interface; calls of any but the architecture's two, x32
// among them, do not exist.
static scmp_filter_ctx new_context(enum system_call_architecture architecture) {
    static const uint32_t tokens[ARCHITECTURES] = {SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64};
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    if (!context) return NULL;
    uint32_t native = seccomp_arch_native();
    // The kernel asks a new filter about every call there is; a search by halves answers sooner than
    // one rule after the other, then as afterwards.
    if (seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)) == 0 &&
        seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
        (native == tokens[architecture] ||
         (seccomp_arch_add(context, tokens[architecture]) == 0 &&
          seccomp_arch_remove(context, native) == 0)))
        return context;
    seccomp_release(context);
    return NULL;
}

// The 32-bit calls of the same machine obey the rules that are added from here on.
static int add_other_interface(scmp_filter_ctx filter) {
    bool isX86 = seccomp_arch_exist(filter, SCMP_ARCH_X86_64) == 0;
    return seccomp_arch_add(filter, isX86 ? SCMP_ARCH_X86 : SCMP_ARCH_ARM);
}

typedef int (*part)(scmp_filter_ctx);

static const part extras[EXTRAS] = {
    [EXTRA_PTRACE] = deny_ptrace,
    [EXTRA_IO_URING] = deny_io_uring,
    [EXTRA_USER_NAMESPACES] = deny_namespaces,
    [EXTRA_PERF] = deny_perf,
};

static int assemble(enum system_call_architecture architecture, const part *parts, size_t count,
                    struct sock_filter *instructions) {
    scmp_filter_ctx context = new_context(architecture);
    if (!context) {
        errno = ENOMEM;
        return -1;
    }
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) result = parts[i](context);
    if (result == 0) result = export(context, instructions);
    seccomp_release(context);
    if (result >= 0) return result;
    errno = -result;
    return -1;
}

int build_filter(enum system_call_architecture architecture, unsigned options,
                 struct sock_filter *instructions) {
    bool socketcall = options & FILTER_ALLOWS_SOCKETCALL;
    part parts[6 + EXTRAS] = {
        socketcall ? deny_socket_families : add_other_interface,
        socketcall ? add_other_interface : deny_socket_families,
        deny_calls, deny_terminal_input, deny_personalities,
    };
    size_t count = 5;
    if (options & FILTER_EMULATES_ROOT) parts[count++] = emulate_root;
    if (!(options & FILTER_ALLOWS_EXTRAS))
        for (size_t i = 0; i < EXTRAS; i++) parts[count++] = extras[i];
    return assemble(architecture, parts, count, instructions);
}

int build_extra_filter(enum system_call_architecture architecture, enum system_call_extra extra,
                       struct sock_filter *instructions) {
    const part parts[] = {add_other_interface, extras[extra]};
    return assemble(architecture, parts, 2, instructions);
}
