// SPDX-License-Identifier: MIT OR Apache-2.0

//! A library from the target architecture's packages, which the build found through pkg-config.

#![cfg(pkg_config_library)]

#[cfg(pkg_config_library = "zlib")]
#[test]
fn zlib_computes_a_crc() {
    extern "C" {
        fn crc32(crc: core::ffi::c_ulong, bytes: *const u8, length: core::ffi::c_uint) -> core::ffi::c_ulong;
    }
    // SAFETY: the pointer is valid for the nine bytes.
    assert_eq!(unsafe { crc32(0, b"123456789".as_ptr(), 9) }, 0xCBF4_3926);
}

#[cfg(pkg_config_library = "openssl")]
#[test]
fn openssl_computes_a_digest() {
    extern "C" {
        fn SHA256(bytes: *const u8, length: usize, digest: *mut u8) -> *mut u8;
    }
    let mut digest = [0; 32];
    // SAFETY: the pointers are valid for the three bytes, and for the 32 of a digest.
    unsafe { SHA256(b"abc".as_ptr(), 3, digest.as_mut_ptr()) };
    assert_eq!(digest[..4], [0xBA, 0x78, 0x16, 0xBF]);
}
