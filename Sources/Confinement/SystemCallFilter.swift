// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: seccomp(2); linux/filter.h, linux/seccomp.h, linux/audit.h.

import CLinux
import Glibc

/// The system calls that a process needs no more which starts no other one.
enum SystemCallFilter {
    #if arch(x86_64)
    private static let architecture: UInt32 = 0xC000_003E
    #elseif arch(arm64)
    private static let architecture: UInt32 = 0xC000_00B7
    #endif

    private static let refused = [
        // To become or to start another program, or to look into one.
        CALL_EXECVE, CALL_EXECVEAT, CALL_FORK, CALL_VFORK, CALL_PTRACE, CALL_PROCESS_VM_READV,
        CALL_PROCESS_VM_WRITEV, CALL_PIDFD_GETFD,
        // To get another view of the machine, in which other rules hold.
        CALL_UNSHARE, CALL_SETNS, CALL_CHROOT, CALL_PIVOT_ROOT, CALL_MOUNT, CALL_UMOUNT,
        CALL_OPEN_TREE, CALL_MOVE_MOUNT, CALL_FSOPEN, CALL_FSCONFIG, CALL_FSMOUNT, CALL_FSPICK,
        CALL_MOUNT_SETATTR, CALL_OPEN_BY_HANDLE_AT,
        // Large parts of the kernel that nothing here has a use for.
        CALL_BPF, CALL_PERF_EVENT_OPEN, CALL_USERFAULTFD, CALL_IO_URING_SETUP,
        CALL_IO_URING_ENTER, CALL_IO_URING_REGISTER, CALL_ADD_KEY, CALL_REQUEST_KEY, CALL_KEYCTL,
        CALL_INIT_MODULE, CALL_FINIT_MODULE, CALL_DELETE_MODULE, CALL_KEXEC_LOAD, CALL_REBOOT,
        CALL_SWAPON, CALL_ACCT, CALL_PERSONALITY, CALL_QUOTACTL, CALL_SETTIMEOFDAY,
        CALL_CLOCK_SETTIME,
    ]

    /// To other processes, over the network, and what getaddrinfo(3) asks the kernel with.
    private static let families = [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK]

    /// Refuses them from now on, to all threads.
    ///
    /// - Returns: whether the kernel does so.
    static func enter() -> Bool {
        #if arch(x86_64) || arch(arm64)
        var program = program
        return unsafe filter_system_calls(&program, UInt16(program.count)) == 0
        #else
        return false
        #endif
    }

    // linux/bpf_common.h: what an instruction does, and with what.
    private static let load: UInt16 = 0x20
    private static let jumpIfEqual: UInt16 = 0x15
    private static let jumpIfAtLeast: UInt16 = 0x35
    private static let jumpIfAnyBit: UInt16 = 0x45
    private static let end: UInt16 = 0x06

    // linux/seccomp.h: where things are in what the filter sees, and what it can say.
    private static let number: UInt32 = 0
    private static let ownArchitecture: UInt32 = 4
    private static let firstArgument: UInt32 = 16
    private static let allowed: UInt32 = 0x7FFF_0000
    private static let killed: UInt32 = 0x8000_0000
    private static func failed(_ errno: CInt) -> UInt32 { 0x0005_0000 | UInt32(errno) }

    #if arch(x86_64) || arch(arm64)
    private static var program: [sock_filter] {
        var program = [
            step(load, ownArchitecture),
            step(jumpIfEqual, architecture, 1, 0), step(end, killed),
            step(load, number),
            // x32 calls are numbered from here on x86-64; elsewhere nothing is.
            step(jumpIfAtLeast, 0x4000_0000, 0, 1), step(end, failed(ENOSYS)),
            // glibc then uses clone(2), whose flags can be looked at.
            step(jumpIfEqual, UInt32(CALL_CLONE3), 0, 1), step(end, failed(ENOSYS)),
        ]
        for call in refused where call >= 0 {
            program += [step(jumpIfEqual, UInt32(call), 0, 1), step(end, failed(EPERM))]
        }
        // A thread is no process: CLONE_THREAD.
        program += [
            step(jumpIfEqual, UInt32(CALL_CLONE), 0, 4), step(load, firstArgument),
            step(jumpIfAnyBit, 0x1_0000, 0, 1), step(end, allowed), step(end, failed(EPERM)),
        ]
        program += [
            step(jumpIfEqual, UInt32(CALL_SOCKET), 0, UInt8(2 + 2 * families.count)),
            step(load, firstArgument),
        ]
        for family in families {
            program += [step(jumpIfEqual, UInt32(family), 0, 1), step(end, allowed)]
        }
        return program + [step(end, failed(EAFNOSUPPORT)), step(end, allowed)]
    }
    #endif

    private static func step(
        _ code: UInt16,
        _ value: UInt32,
        _ ifTrue: UInt8 = 0,
        _ ifFalse: UInt8 = 0
    ) -> sock_filter {
        sock_filter(code: code, jt: ifTrue, jf: ifFalse, k: value)
    }
}
