/* What Swift's Glibc module leaves out. */
#include <sys/vfs.h>
#include <sys/xattr.h>

/* unistd.h has it for _GNU_SOURCE only, with which that module is not built. */
int syncfs(int fd);
