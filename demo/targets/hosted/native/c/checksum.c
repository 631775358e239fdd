/* SPDX-License-Identifier: MIT OR Apache-2.0 */

#include "checksum.h"

#include <limits.h>
#include <string.h>

struct c_platform c_platform(void) {
    const uint16_t probe = 0x0102;
    uint8_t first;
    memcpy(&first, &probe, 1);
    struct c_platform platform = {
        .pointer_bits = sizeof(void *) * CHAR_BIT,
        .long_bits = sizeof(long) * CHAR_BIT,
        .is_big_endian = first == 1,
        .one_third = 1.0 / 3.0,
    };
    return platform;
}

uint32_t checksum_crc32(uint32_t crc, const uint8_t *bytes, size_t length) {
    crc = ~crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ UINT32_C(0xEDB88320) : crc >> 1;
        }
    }
    return ~crc;
}

int64_t checksum_sum(int64_t (*next)(void *context), void *context) {
    int64_t sum = 0;
    for (int64_t number = next(context); number >= 0; number = next(context)) {
        sum += number;
    }
    return sum;
}
