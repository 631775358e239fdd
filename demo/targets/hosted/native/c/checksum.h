/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* What the C compiler takes the target to be. */
struct c_platform {
    uint32_t pointer_bits;
    uint32_t long_bits;
    uint32_t is_big_endian;
    double one_third;
};

struct c_platform c_platform(void);

/* The CRC-32 of ISO 3309 over `length` bytes, continued from `crc` (0 to begin). */
uint32_t checksum_crc32(uint32_t crc, const uint8_t *bytes, size_t length);

/* Calls `next` until it returns a negative number, and adds up in 64 bits. */
int64_t checksum_sum(int64_t (*next)(void *context), void *context);

#endif
