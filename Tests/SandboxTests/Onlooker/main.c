// SPDX-License-Identifier: MIT OR Apache-2.0
//   sandbox-onlooker [AGAIN]
//
// Makes the calls that take paths, and prints what came of each: one line, a name and the result. What it prints is
// the same in every sandbox. /source is read-only, /target empty and writable, and in the root are
//
//   /links/absolute -> /source/file      /links/relative -> ../source/file    /links/directory -> /source
//   /links/up -> ../links/absolute       /links/loop -> loop                  /links/dangling -> /target/made
//   /links/target -> /target             /links/script, #!/links/shell -> /bin/busybox

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>


static void say(const char *name, long result) {
    printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "done");
    fflush(stdout);
}

static void say_text(const char *name, const char *text) {
    printf("%s %s\n", name, text ? text : strerrorname_np(errno));
    fflush(stdout);
}

#define TRY(...) say(#__VA_ARGS__, __VA_ARGS__)

// Opens and closes again, for its result alone.
static int opens(const char *path, int flags) {
    int file = open(path, flags, 0666);
    if (file >= 0) close(file);
    return file;
}

static const char *contents(const char *path, int flags) {
    static char text[64];
    int file = open(path, flags);
    if (file < 0) return NULL;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size < 0) return NULL;
    text[size] = 0;
    text[strcspn(text, "\n")] = 0;
    return text;
}

static const char *link_of(const char *path) {
    static char text[4096];
    ssize_t size = readlink(path, text, sizeof text - 1);
    if (size < 0) return NULL;
    text[size] = 0;
    return text;
}

static const char *kind_of(const char *path, int flags) {
    struct stat status;
    if (fstatat(AT_FDCWD, path, &status, flags) < 0) return NULL;
    if (S_ISLNK(status.st_mode)) return "link";
    if (S_ISDIR(status.st_mode)) return "directory";
    return S_ISREG(status.st_mode) ? "file" : "other";
}

static const char *working_directory(void) {
    static char text[4096];
    return getcwd(text, sizeof text);
}

static void look(void) {
    say_text("by an absolute link", contents("/links/absolute", O_RDONLY));
    say_text("by a relative link", contents("/links/relative", O_RDONLY));
    say_text("by a link to a directory", contents("/links/directory/file", O_RDONLY));
    say_text("by a link to a link", contents("/links/up", O_RDONLY));
    say_text("with double slashes", contents("//links//./directory///file", O_RDONLY));
    say_text("up and down", contents("/source/deep/../file", O_RDONLY));
    say_text("up over a mount", contents("/target/../source/file", O_RDONLY));
    say_text("up after a link", contents("/links/directory/../source/file", O_RDONLY));
    say_text("above the root", contents("/../../source/file", O_RDONLY));
    say_text("through /proc/self/root", contents("/proc/self/root/source/file", O_RDONLY));
    say_text("kind of a link", kind_of("/links/absolute", 0));
    say_text("kind of a link itself", kind_of("/links/absolute", AT_SYMLINK_NOFOLLOW));
    say_text("kind of a link with a slash", kind_of("/links/directory/", AT_SYMLINK_NOFOLLOW));
    say_text("kind of a file with a slash", kind_of("/source/file/", 0));
    say_text("kind of the root", kind_of("/", 0));
    say_text("kind of a mount point", kind_of("/target", AT_SYMLINK_NOFOLLOW));
    say_text("kind of what a file has below", kind_of("/source/file/x", 0));
    say_text("readlink", link_of("/links/absolute"));
    say_text("readlink relative", link_of("/links/up"));
    say_text("readlink of a file", link_of("/source/file"));
    say_text("readlink by a link", link_of("/links/directory/file"));
    TRY(opens("/links/loop", O_RDONLY));
    TRY(opens("/links/dangling", O_RDONLY));
    TRY(opens("/links/absolute", O_RDONLY | O_NOFOLLOW));
    TRY(opens("/links/absolute", O_PATH | O_NOFOLLOW));
    TRY(opens("/source/file", O_RDONLY | O_DIRECTORY));
    TRY(opens("/links/directory", O_RDONLY | O_DIRECTORY));
    TRY(opens("/links/directory", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    TRY(opens("", O_RDONLY));
    TRY((int)syscall(SYS_openat, AT_FDCWD, NULL, O_RDONLY));
    TRY(openat(77, "file", O_RDONLY));
    TRY(access("/links/absolute", R_OK));
    TRY(access("/source/file", W_OK));
    TRY(access("/source/file", X_OK));
    TRY(access("/target", W_OK));
    TRY(access("/links/dangling", F_OK));
    TRY(faccessat(AT_FDCWD, "/links/dangling", F_OK, AT_SYMLINK_NOFOLLOW));
    struct statx extended;
    TRY(statx(AT_FDCWD, "/links/up", 0, STATX_ALL, &extended));
    printf("statx size %d\n", (int)extended.stx_size);
    static char name[5000];
    memset(name, 'a', sizeof name - 1);
    TRY(opens(name, O_RDONLY));
    name[300] = 0;
    TRY(opens(name, O_RDONLY));
    struct statfs filesystem = {0};
    TRY(statfs("/source/file", &filesystem));
    printf("statfs read-only %d\n", (filesystem.f_flags & ST_RDONLY) != 0);
    DIR *directory = opendir("/links/directory");
    int count = 0;
    while (directory && readdir(directory)) count++;
    printf("entries %d\n", count);
    if (directory) closedir(directory);
}

static void look_from_directories(void) {
    char small[4];
    TRY(chdir("/links/directory"));
    say_text("where a link leads", working_directory());
    say_text("by its name", contents("file", O_RDONLY));
    say_text("getcwd without room", getcwd(small, sizeof small));
    say_text("/proc/self/cwd", link_of("/proc/self/cwd"));
    TRY(chdir("deep"));
    say_text("deeper", working_directory());
    say_text("above", contents("../file", O_RDONLY));
    TRY(chdir(".."));
    say_text("up again", working_directory());
    int target = open("/target", O_RDONLY | O_DIRECTORY);
    TRY(fchdir(target));
    say_text("by a descriptor", working_directory());
    int file = openat(target, "made-here", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    printf("close-on-exec %d\n", fcntl(file, F_GETFD) == FD_CLOEXEC);
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    say_text("readlink of a descriptor", link_of(name));
    TRY(opens(name, O_RDWR));
    TRY(unlinkat(target, "made-here", 0));
    TRY(opens(name, O_RDWR)); // its name is gone
    TRY(openat(open("/source/file", O_RDONLY), "x", O_RDONLY));
    say_text("from /source/deep", (chdir("/source/deep"), contents("../../links/up", O_RDONLY)));
    TRY(chdir("/source/file"));
    TRY(chdir("/nowhere"));
    int first = open("/source/file", O_RDONLY), second = open("/source/file", O_RDONLY);
    printf("descriptors are the lowest %d\n", second == first + 1);
    printf("blocking %d\n", (fcntl(first, F_GETFL) & O_NONBLOCK) == 0);
    printf("non-blocking %d\n", (fcntl(open("/source/file", O_NONBLOCK), F_GETFL) & O_NONBLOCK) != 0);
}

static void change(void) {
    struct stat status;
    TRY(chdir("/target"));
    umask(027);
    TRY(opens("file", O_CREAT | O_WRONLY));
    stat("file", &status);
    printf("mode %o\n", status.st_mode);
    umask(022);
    TRY(opens("file", O_CREAT | O_EXCL | O_WRONLY));
    TRY(opens("/links/dangling", O_CREAT | O_EXCL | O_WRONLY));
    TRY(opens("/links/dangling", O_CREAT | O_WRONLY));
    say_text("where it was made", kind_of("/target/made", AT_SYMLINK_NOFOLLOW));
    TRY(creat("/links/target/created", 0600));
    TRY(mkdir("directory", 0777));
    TRY(mkdir("directory", 0777));
    TRY(mkdir("/target/directory/", 0777));
    TRY(mkdir("directory/deeper/", 0777));
    TRY(mkdir("nowhere/deeper", 0777));
    TRY(mkdirat(AT_FDCWD, "/links/target/by-link", 0777));
    TRY(mknod("pipe", S_IFIFO | 0666, 0));
    TRY(symlink("/source/file", "link"));
    say_text("link", link_of("/target/link"));
    say_text("through it", contents("link", O_RDONLY));
    TRY(link("link", "hard")); // of the link itself
    say_text("hard", kind_of("hard", AT_SYMLINK_NOFOLLOW));
    TRY(linkat(AT_FDCWD, "file", AT_FDCWD, "/target/second", 0));
    TRY(linkat(AT_FDCWD, "link", AT_FDCWD, "/target/followed", AT_SYMLINK_FOLLOW));
    TRY(link("/source/file", "stolen"));
    TRY(rename("second", "directory/second"));
    TRY(rename("/links/target/directory/second", "/target/third"));
    TRY(renameat2(AT_FDCWD, "third", AT_FDCWD, "file", RENAME_NOREPLACE));
    TRY(rename("nothing", "something"));
    TRY(rename("third", "/tmp/third"));
    TRY(chmod("third", 0604));
    TRY(stat("third", &status));
    printf("mode %o\n", status.st_mode);
    TRY(chown("third", (uid_t)-1, (gid_t)-1));
    TRY(lchown("link", (uid_t)-1, (gid_t)-1));
    TRY(fchmodat(AT_FDCWD, "/links/target/third", 0644, 0));
    struct timespec times[] = {{1000, 0}, {2000, 5}};
    TRY(utimensat(AT_FDCWD, "/links/target/third", times, 0));
    TRY(utimensat(AT_FDCWD, "link", times, AT_SYMLINK_NOFOLLOW));
    stat("third", &status);
    printf("time %ld.%ld\n", status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    int file = open("third", O_RDWR);
    TRY(futimens(file, NULL));
    TRY(utimes("third", NULL));
    TRY(truncate("/links/target/third", 12));
    stat("third", &status);
    printf("size %ld\n", (long)status.st_size);
    TRY(setxattr("third", "user.name", "value", 5, 0));
    char value[16] = {0};
    printf("getxattr %zd\n", getxattr("/links/target/third", "user.name", value, sizeof value));
    printf("listxattr %zd\n", listxattr("third", NULL, 0));
    TRY(removexattr("third", "user.name"));
    TRY(getxattr("third", "user.name", value, sizeof value) < 0 ? -1 : 0);
    int watch = inotify_init();
    TRY(inotify_add_watch(watch, "/links/target", IN_CREATE));
    int unnamed = open("/target", O_TMPFILE | O_RDWR, 0644);
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", unnamed);
    TRY(linkat(AT_FDCWD, name, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    TRY(unlink("named"));
    TRY(rmdir("third"));
    TRY(rmdir("/target/directory"));
    TRY(rmdir("directory/deeper"));
    TRY(unlink("link"));
    TRY(unlink("link"));
    TRY(unlinkat(AT_FDCWD, "directory", AT_REMOVEDIR));
}

static void change_what_is_read_only(void) {
    TRY(opens("/source/file", O_WRONLY));
    TRY(opens("/source/file", O_RDONLY | O_TRUNC));
    TRY(opens("/source/file", O_RDONLY | O_CREAT));
    TRY(opens("/source/file", O_CREAT | O_EXCL | O_WRONLY));
    TRY(opens("/source/new", O_CREAT | O_WRONLY));
    TRY(opens("/links/absolute", O_RDWR));
    TRY(opens("/source", O_TMPFILE | O_RDWR));
    TRY(opens("/dev/null", O_RDWR | O_CREAT));
    TRY(mkdir("/source/deep", 0777));
    TRY(mkdir("/source/new", 0777));
    TRY(mkdir("/links/directory/new", 0777));
    TRY(unlink("/source/file"));
    TRY(unlink("/source/nothing"));
    TRY(rename("/source/file", "/source/new"));
    TRY(rename("/source/nothing", "/source/new"));
    TRY(symlink("x", "/source/new"));
    TRY(chmod("/source/file", 0777));
    TRY(chmod("/source/nothing", 0777));
    TRY(utimensat(AT_FDCWD, "/source/file", NULL, 0));
    TRY(truncate("/source/file", 0));
    TRY(setxattr("/source/file", "user.name", "value", 5, 0));
    int file = open("/source/file", O_RDONLY);
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    TRY(opens(name, O_RDWR));
    say_text("it is what it was", contents("/source/file", O_RDONLY));
}

static void wait_for_the_other_end(void) {
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

static void meet_at_sockets(void) {
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

static void execute(const char *self) {
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

static void *open_often(void *name) {
    char path[64];
    for (int i = 0; i < 200; i++) {
        snprintf(path, sizeof path, "/target/thread-%s", (const char *)name);
        int file = open(path, O_CREAT | O_RDWR, 0666);
        if (file < 0 || close(file) < 0 || access(path, R_OK) < 0 || unlink(path) < 0) return name;
    }
    return NULL;
}

static void use_threads(void) {
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
static void keep_registers(void) {
#ifdef __x86_64__
    long result;
    register const char *path __asm__("rdi") = "/target/registers";
    register long mode __asm__("rsi") = 0700;
    __asm__ volatile("syscall" : "=a"(result), "+r"(path), "+r"(mode)
                     : "0"((long)SYS_mkdir) : "rcx", "r11", "memory");
    printf("registers %ld %s %lo\n", result, path, (unsigned long)mode);
#endif
}

int main(int count, char **arguments) {
    if (count > 1) {
        printf("again as \"%s\", %d, %s, %s\n", arguments[0], count, link_of("/proc/self/exe"),
               getenv("A") ? getenv("A") : "none");
        return 3;
    }
    say_text("/proc/self/exe", link_of("/proc/self/exe"));
    look();
    look_from_directories();
    change();
    change_what_is_read_only();
    wait_for_the_other_end();
    meet_at_sockets();
    execute(arguments[0]);
    use_threads();
    keep_registers();
    return 0;
}
