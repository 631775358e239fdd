/* What Swift's Glibc module leaves out. */
#include <stddef.h>
#include <linux/filter.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* unistd.h has it for _GNU_SOURCE only, with which that module is not built. */
int syncfs(int fd);
/* fcntl.h has these for _GNU_SOURCE only. */
enum { OPEN_PATH = 010000000 };
int sync_file_range(int fd, int64_t offset, int64_t count, unsigned flags);
enum { BEGIN_WRITING = 2 /* SYNC_FILE_RANGE_WRITE */ };

/* unistd.h has it for _DEFAULT_SOURCE only. */
long syscall(long number, ...);

/* landlock(7), ABI 6; spelt out because headers of that age are not everywhere yet. The numbers
   are the same on all architectures. */
struct landlock_rights {
    uint64_t files;
    uint64_t ports;
    uint64_t scopes;
};

struct landlock_path_rule {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

static inline int landlock_version(void) { return (int)syscall(444, (void *)0, 0L, 1L); }

static inline int landlock_new(const struct landlock_rights *rights, unsigned long size) {
    return (int)syscall(444, rights, size, 0L);
}

static inline int landlock_allow(int ruleset, int parent, uint64_t rights) {
    struct landlock_path_rule rule = {rights, parent};
    return (int)syscall(445, ruleset, 1L, &rule, 0L);
}

static inline int landlock_enter(int ruleset) { return (int)syscall(446, ruleset, 0L); }

/* memmem(3), which C libraries declare for _GNU_SOURCE only. */
void *memmem(const void *all, size_t size, const void *part, size_t length);

/* prctl(2) takes any number of arguments, which Swift cannot pass. */
static inline int process_control(int option, unsigned long value) {
    return prctl(option, value, 0L, 0L, 0L);
}

/* setrlimit(2); Swift's type of its first argument differs between C libraries. */
static inline int set_resource_limit(int resource, unsigned long value) {
    struct rlimit limit = {value, value};
    return setrlimit(resource, &limit);
}

enum { RESOURCE_CORE = RLIMIT_CORE };

/* getrlimit(2): lets this process open so many files, as far as its hard limit goes; how many that is. */
static inline unsigned long allow_open_files(unsigned long wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted) return wanted;
    unsigned long before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? before : limit.rlim_cur;
}

/* mallopt(3), for all threads together. */
static inline void limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

/* seccomp(2), SECCOMP_SET_MODE_FILTER for all threads, SECCOMP_FILTER_FLAG_TSYNC. */
static inline int filter_system_calls(struct sock_filter *filter, unsigned short length) {
    struct sock_fprog program = {length, filter};
    return (int)syscall(SYS_seccomp, 1L, 1L, &program);
}

/* syscalls(2), by the numbers of this architecture; -1 where it has no such call. */
enum {
    CALL_EXECVE = SYS_execve,
    CALL_EXECVEAT = SYS_execveat,
#ifdef SYS_fork
    CALL_FORK = SYS_fork,
    CALL_VFORK = SYS_vfork,
#else
    CALL_FORK = -1,
    CALL_VFORK = -1,
#endif
    CALL_CLONE = SYS_clone,
    CALL_CLONE3 = 435,
    CALL_SOCKET = SYS_socket,
    CALL_PTRACE = SYS_ptrace,
    CALL_PROCESS_VM_READV = SYS_process_vm_readv,
    CALL_PROCESS_VM_WRITEV = SYS_process_vm_writev,
    CALL_PIDFD_GETFD = 438,
    CALL_UNSHARE = SYS_unshare,
    CALL_SETNS = SYS_setns,
    CALL_CHROOT = SYS_chroot,
    CALL_PIVOT_ROOT = SYS_pivot_root,
    CALL_MOUNT = SYS_mount,
    CALL_UMOUNT = SYS_umount2,
    CALL_OPEN_TREE = 428,
    CALL_MOVE_MOUNT = 429,
    CALL_FSOPEN = 430,
    CALL_FSCONFIG = 431,
    CALL_FSMOUNT = 432,
    CALL_FSPICK = 433,
    CALL_MOUNT_SETATTR = 442,
    CALL_BPF = SYS_bpf,
    CALL_PERF_EVENT_OPEN = SYS_perf_event_open,
    CALL_USERFAULTFD = SYS_userfaultfd,
    CALL_IO_URING_SETUP = 425,
    CALL_IO_URING_ENTER = 426,
    CALL_IO_URING_REGISTER = 427,
    CALL_ADD_KEY = SYS_add_key,
    CALL_REQUEST_KEY = SYS_request_key,
    CALL_KEYCTL = SYS_keyctl,
    CALL_INIT_MODULE = SYS_init_module,
    CALL_FINIT_MODULE = SYS_finit_module,
    CALL_DELETE_MODULE = SYS_delete_module,
    CALL_KEXEC_LOAD = SYS_kexec_load,
    CALL_REBOOT = SYS_reboot,
    CALL_SWAPON = SYS_swapon,
    CALL_ACCT = SYS_acct,
    CALL_PERSONALITY = SYS_personality,
    CALL_OPEN_BY_HANDLE_AT = SYS_open_by_handle_at,
    CALL_QUOTACTL = SYS_quotactl,
    CALL_SETTIMEOFDAY = SYS_settimeofday,
    CALL_CLOCK_SETTIME = SYS_clock_settime,
};
