// SPDX-License-Identifier: MIT OR Apache-2.0

//! A library from the target architecture's packages, which the build found through pkg-config.

/// The CRC-32 of some bytes, by zlib.
#[cfg(pkg_config_library = "zlib")]
pub fn crc32(bytes: &[u8]) -> core::ffi::c_ulong {
    use core::ffi::{c_uint, c_ulong};
    extern "C" {
        fn crc32(crc: c_ulong, bytes: *const u8, length: c_uint) -> c_ulong;
    }
    let length = c_uint::try_from(bytes.len()).expect("few bytes");
    // SAFETY: the pointer is valid for as many bytes as the slice is long, and zlib only reads them.
    unsafe { crc32(0, bytes.as_ptr(), length) }
}

/// The SHA-256 of some bytes, by OpenSSL.
#[cfg(pkg_config_library = "openssl")]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    extern "C" {
        fn SHA256(bytes: *const u8, length: usize, digest: *mut u8) -> *mut u8;
    }
    let mut digest = [0; 32];
    // SAFETY: the pointers are valid for the slice's bytes, and for the 32 of a digest.
    unsafe { SHA256(bytes.as_ptr(), bytes.len(), digest.as_mut_ptr()) };
    digest
}
