// SPDX-License-Identifier: MIT OR Apache-2.0
// Calls that only look.

#define _GNU_SOURCE
#include "onlooker.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static const char *working_directory(void) {
    static char text[4096];
    return getcwd(text, sizeof text);
}

void look(void) {
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

void look_from_directories(void) {
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
