// SPDX-License-Identifier: MIT OR Apache-2.0

//! A library from the target architecture's packages answers as it should.

#![cfg(pkg_config_library)]

use hosted::packages;

#[cfg(pkg_config_library = "zlib")]
#[test]
fn zlib_computes_a_crc() {
    assert_eq!(packages::crc32(b"123456789"), 0xCBF4_3926);
}

#[cfg(pkg_config_library = "openssl")]
#[test]
fn openssl_computes_a_digest() {
    assert_eq!(packages::sha256(b"abc")[..4], [0xBA, 0x78, 0x16, 0xBF]);
}
