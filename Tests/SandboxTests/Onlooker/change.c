// SPDX-License-Identifier: MIT OR Apache-2.0
// Calls that make and change files, or may not.

#define _GNU_SOURCE
#include "onlooker.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

void change(void) {
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

void change_what_is_read_only(void) {
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
