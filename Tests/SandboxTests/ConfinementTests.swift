// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Sandbox
import SystemPackage
import Testing

/// What a hostile program tries, and what comes of it.
@Suite struct ConfinementTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    @Test(arguments: [Rung()] + RungTests.rungs)
    func whatNothingInsideNeedsIsRefused(rung: Rung) throws {
        let outcome = try ground.intrude(options: ["--rung", "\(rung.rawValue)"])
        var expected: [String: String] = [:]
        let refused = """
            mount umount2 remount pivot_root move_mount open_tree mount_setattr fsopen setns keyctl \
            add_key request_key bpf perf_event_open userfaultfd kexec_load init_module \
            open_by_handle_at chroot swapon reboot unshare-user unshare-mount unshare-pid \
            unshare-net unshare-ipc unshare-uts unshare-cgroup clone-user clone-mount clone-pid \
            clone-net clone-ipc clone-uts clone-cgroup process_vm_readv process_vm_writev \
            kcmp pidfd_getfd ptrace-self sethostname syslog quotactl fsmount tiocsti tiocsti-high tioclinux \
            tioclinux-high personality-exec personality-exec-high personality-exec-top \
            personality-layout ptrace-1 setgroups socket-raw ambient mknod uid-map
            """
        for name in refused.split(separator: " ") { expected[String(name)] = "EPERM" }
        for name in ["alg", "alg-high", "vsock", "packet", "bluetooth", "audit"] {
            expected["socket-\(name)"] = "EAFNOSUPPORT"
        }
        for name in ["environ-1", "memory-1", "exe-1", "exe-link-1", "root-1"] {
            expected[name] = "EACCES"
        }
        expected["io_uring_setup"] = "ENOSYS"
        for name in ["clone3", "open_tree_attr", "listmount", "name_to_handle_at", "unheard-of"] {
            expected[name] = "ENOSYS"
        }
        for name in ["setxattr", "truncate", "mkfifo", "rename", "utimes", "symlink"] {
            expected["project-\(name)"] = "EROFS"
        }
        for name in ["loop-device", "fuse", "kvm"] { expected[name] = "ENOENT" }
        expected["oom-lower"] = "EACCES"
        expected["set-mm"] = "EPERM"
        expected["canary"] = "absent"
        expected["descriptors"] = "3"
        expected["link-cwd"] = "/"
        expected["link-root"] = "/"
        expected["link-exe"] = "/products/sandbox-intruder"
        expected["setuid-other"] = "EINVAL"
        expected["new-privileges"] = "EINVAL"
        for (name, error) in expected { #expect(outcome[name] == error, "\(name)") }
    }

    @Test func whatBuildsAndTestsNeedIsAllowed() throws {
        let outcome = try ground.intrude()
        let allowed = """
            unshare-files socket-unix socket-inet socket-inet6 socket-route personality-query \
            personality-plain personality-no-randomize
            """
        for name in allowed.split(separator: " ") {
            #expect(outcome[String(name)] == "done", "\(name)")
        }
    }

    @Test func whatAUserAllowsIsAllowedAndNothingElse() throws {
        let refused = [
            "ptrace": ["ptrace-self": "EPERM"], "io_uring": ["io_uring_setup": "ENOSYS"],
            "perf": ["perf_event_open": "EPERM"], "user-namespaces": ["unshare-user": "EPERM"],
        ]
        // What the kernel itself says then: NOWHERE is no address, and a namespace is to be had.
        let allowed = [
            "ptrace": ["ptrace-self": "done"], "io_uring": ["io_uring_setup": "EFAULT"],
            "perf": ["perf_event_open": "EFAULT"],
            "user-namespaces": ["unshare-user": "done", "unshare-mount": "done"],
        ]
        for name in allowed.keys {
            let outcome = try ground.intrude(options: ["--allow", name])
            // In namespaces of its own the intruder gets no further than that.
            for (other, expected) in refused where other != name && name != "user-namespaces" {
                for (call, error) in expected { #expect(outcome[call] == error, "\(call)") }
            }
            for (call, result) in allowed[name, default: [:]] {
                #expect(outcome[call] == result, "\(call)")
            }
            #expect(outcome["keyctl"] == "EPERM")
            #expect(outcome["unheard-of"] == "ENOSYS")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "getrlimit(2): root of the whole machine is exempt"))
    func processesAreLimitedToThoseOfTheSandbox() throws {
        let outcome = try ground.intrude(["--fork"], options: ["--processes", "50"])
        #expect(outcome["fork"] == "EAGAIN")
        let count = try #require(outcome["forks"].flatMap(Int.init))
        #expect((20..<50).contains(count))
    }

    #if arch(x86_64)
    @Test func theOtherCallInterfacesOfTheMachineAreNoWayAround() throws {
        let outcome = try ground.intrude()
        let expected = [
            "i386-getpid": "done", "i386-mount": "EPERM", "i386-unshare-user": "EPERM",
            "i386-keyctl": "EPERM", "i386-socketcall": "EAFNOSUPPORT",
            "i386-socket-alg": "EAFNOSUPPORT", "i386-tiocsti": "EPERM",
            "i386-personality": "EPERM", "x32-getpid": "ENOSYS", "x32-mount": "ENOSYS",
        ]
        for (name, error) in expected { #expect(outcome[name] == error, "\(name)") }
    }

    @Test func onlyTheSocketsOf32BitProgramsCanBeAllowed() throws {
        let outcome = try ground.intrude(options: ["--socketcall"])
        let expected = [
            // The intruder's arguments are at no address, so that this is the kernel's answer.
            "i386-socketcall": "EFAULT", "i386-mount": "EPERM", "i386-unshare-user": "EPERM",
            "i386-keyctl": "EPERM", "i386-tiocsti": "EPERM", "i386-personality": "EPERM",
            "x32-mount": "ENOSYS", "mount": "EPERM", "socket-alg": "EAFNOSUPPORT",
            "socket-packet": "EAFNOSUPPORT", "keyctl": "EPERM",
        ]
        for (name, error) in expected { #expect(outcome[name] == error, "\(name)") }
    }
    #endif

    @Test func nothingIsLeftOfPrivilege() throws {
        let status = try ground.run([], ["cat", "/proc/self/status"]).lines
        for field in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            #expect(status.contains("\(field):\t0000000000000000"))
        }
        #expect(status.contains("NoNewPrivs:\t1"))
        #expect(status.contains("Seccomp:\t2"))
    }

    @Test func aSetuidProgramGivesNothing() throws {
        // Busybox runs as the applet that it is called as, so each setuid name is a copy.
        let program = ground.root.appending("bin/whoami")
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: program.string)
        if geteuid() == 0 { unsafe chown(program.string, 65534, 65534) }
        unsafe chmod(program.string, 0o6755)
        let result = try ground.shell("whoami; grep -E '^[UG]id' /proc/self/status")
        for id in result.output.split(whereSeparator: \.isWhitespace)
        where id.allSatisfy(\.isNumber) {
            #expect([geteuid(), getegid()].contains(UInt32(id)))
        }
        #expect(!result.output.contains("65534"))
    }

    @Test func abstractSocketsOfTheHostAreOutOfReach() throws {
        let name = UUID().uuidString
        let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            for (index, byte) in name.utf8.enumerated() { unsafe path[index + 1] = byte }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, length)
            }
        }
        try #require(bound == 0 && listen(listener, 1) == 0)
        #expect(try ground.intrude([name])["abstract-socket"] == "EPERM")
    }

    @Test func sharedMemoryOfTheHostIsNotThere() throws {
        let key = key_t.random(in: 1...(.max))
        let segment = shmget(key, 4096, IPC_CREAT | 0o600)
        try #require(segment >= 0)
        defer { shmctl(segment, IPC_RMID, nil) }
        #expect(try ground.intrude(["none", "\(key)"])["shared-memory"] == "ENOENT")
    }

    @Test func signalsStayInside() throws {
        let shell = "kill -TERM 0; kill -KILL 1; kill -KILL -1; echo alive"
        let result = try ground.shell("trap '' TERM; \(shell)")
        #expect(result.lines.last == "alive")
        #expect(result.status == 0)
    }
}
