// SPDX-License-Identifier: MIT OR Apache-2.0

//! Rust over three native libraries: one that the C compiler made, one of C++, and one built by CMake.

pub mod checksum;
#[cfg(pkg_config_library)]
pub mod packages;
pub mod polygon;
pub mod words;

/// What the Rust compiler takes the target to be, in the terms of [`checksum::Platform`].
pub fn platform() -> checksum::Platform {
    checksum::Platform {
        pointer_bits: usize::BITS,
        long_bits: core::ffi::c_long::BITS,
        is_big_endian: u32::from(cfg!(target_endian = "big")),
        one_third: 1.0 / 3.0,
    }
}
