// SPDX-License-Identifier: MIT OR Apache-2.0

//! A program without an operating system: it prints what C and the heap computed, and says whether that is right.

#![no_std]
#![no_main]

extern crate alloc;

mod heap;
mod semihosting;
mod start;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hint::black_box;
use core::panic::PanicInfo;

mod native {
    extern "C" {
        pub fn checksum_crc32(bytes: *const u8, count: usize) -> u32;
        pub fn checksum_mean(numbers: *const f64, count: usize) -> f64;
    }
}

/// What runs once the processor is ready; its result is the program's status.
pub fn main() -> u32 {
    let checks = [
        ("C computes a checksum", crc32(b"123456789") == 0xCBF4_3926),
        ("C and Rust agree on floating point", mean(&[1.0, 2.5, 4.0]) == 2.5),
        ("the heap holds", words("to be or not to be").get("be") == Some(&2)),
        ("wide integers divide", black_box(u64::MAX) / black_box(0x1_0000_0001) == 0xFFFF_FFFF),
        ("numbers become text", format!("{:.3}", black_box(2.0_f64) / 3.0) == "0.667"),
    ];
    for (name, passed) in checks {
        semihosting::print(&format!("{} ... {}\n", name, if passed { "ok" } else { "FAILED" }));
    }
    u32::from(checks.iter().any(|(_, passed)| !passed))
}

fn crc32(bytes: &[u8]) -> u32 {
    // SAFETY: the pointer is valid for that many bytes.
    unsafe { native::checksum_crc32(bytes.as_ptr(), bytes.len()) }
}

fn mean(numbers: &[f64]) -> f64 {
    // SAFETY: the pointer is valid for that many numbers.
    unsafe { native::checksum_mean(numbers.as_ptr(), numbers.len()) }
}

fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split(' ').collect::<Vec<_>>() {
        *counts.entry(String::from(word)).or_insert(0) += 1;
    }
    counts
}

#[panic_handler]
fn panic(information: &PanicInfo<'_>) -> ! {
    semihosting::print(&format!("{information}\n"));
    semihosting::exit(101)
}
