// SPDX-License-Identifier: MIT OR Apache-2.0

#define _GNU_SOURCE
#include "include/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// A descriptor above the standard three, whichever of those the caller has closed.
static int above_standard(int descriptor) {
    if (descriptor > STDERR_FILENO) return descriptor;
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    int error = errno;
    close(descriptor);
    errno = error;
    return moved;
}

int open_channel(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -1;
    ends[0] = above_standard(ends[0]);
    int error = errno;
    ends[1] = above_standard(ends[1]);
    if (ends[0] >= 0 && ends[1] >= 0) return 0;
    if (ends[0] < 0) errno = error;
    if (ends[0] >= 0) close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
    return -1;
}

ssize_t send_with_descriptor(int channel, const void *message, size_t size, int descriptor) {
    struct iovec part = {.iov_base = (void *)message, .iov_len = size};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof descriptor)] = {0};
    struct msghdr parts = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control,
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&parts);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    return sendmsg(channel, &parts, MSG_NOSIGNAL);
}

ssize_t receive_with_descriptor(int channel, void *message, size_t size, int *descriptor) {
    struct iovec part = {.iov_base = message, .iov_len = size};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof *descriptor)] = {0};
    struct msghdr parts = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control,
    };
    ssize_t received = recvmsg(channel, &parts, MSG_CMSG_CLOEXEC);
    struct cmsghdr *header = received > 0 ? CMSG_FIRSTHDR(&parts) : NULL;
    *descriptor = -1;
    if (header) memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
    return received;
}
