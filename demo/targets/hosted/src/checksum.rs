// SPDX-License-Identifier: MIT OR Apache-2.0

//! The library of `native/c`.

use core::ffi::c_void;

/// What a compiler takes the target to be.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Platform {
    pub pointer_bits: u32,
    pub long_bits: u32,
    pub is_big_endian: u32,
    pub one_third: f64,
}

extern "C" {
    fn c_platform() -> Platform;
    fn checksum_crc32(crc: u32, bytes: *const u8, length: usize) -> u32;
    fn checksum_sum(next: extern "C" fn(*mut c_void) -> i64, context: *mut c_void) -> i64;
}

/// The platform as C sees it: a structure returned by value.
pub fn platform() -> Platform {
    // SAFETY: the function takes nothing, and returns a structure of the layout declared above.
    unsafe { c_platform() }
}

/// The CRC-32 of some bytes.
///
/// ```
/// assert_eq!(hosted::checksum::crc32(b"123456789"), 0xCBF4_3926);
/// ```
pub fn crc32(bytes: &[u8]) -> u32 {
    // SAFETY: the pointer is valid for as many bytes as the slice is long, and C only reads them.
    unsafe { checksum_crc32(0, bytes.as_ptr(), bytes.len()) }
}

/// The sum of numbers of which none is negative: C calls back into Rust for each.
pub fn sum(numbers: &[i64]) -> i64 {
    extern "C" fn next(context: *mut c_void) -> i64 {
        // SAFETY: `context` is the iterator below, which outlives the call and which nothing else holds.
        let iterator = unsafe { &mut *context.cast::<core::slice::Iter<'_, i64>>() };
        iterator.next().copied().unwrap_or(-1)
    }
    let mut iterator = numbers.iter();
    // SAFETY: `next` is given the context that it expects, and does not unwind.
    unsafe { checksum_sum(next, (&raw mut iterator).cast()) }
}
