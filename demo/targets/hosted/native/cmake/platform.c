/* SPDX-License-Identifier: MIT OR Apache-2.0 */

const char *polygon_system(void) { return POLYGON_SYSTEM; }
unsigned polygon_pointer_bytes(void) { return POLYGON_POINTER_BYTES; }
unsigned polygon_big_endian(void) { return POLYGON_BIG_ENDIAN; }
