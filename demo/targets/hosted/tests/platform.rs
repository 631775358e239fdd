// SPDX-License-Identifier: MIT OR Apache-2.0

//! The program runs on what it was built for, which run-time behaviour shows and not only `cfg!`.

use std::hint::black_box;

#[test]
fn byte_order_is_the_targets() {
    let bytes = black_box(0x0102_0304_u32).to_ne_bytes();
    let expected = if cfg!(target_endian = "big") {
        [1, 2, 3, 4]
    } else {
        [4, 3, 2, 1]
    };
    assert_eq!(bytes, expected);
}

#[test]
fn pointers_are_as_wide_as_the_targets() {
    let width = if cfg!(target_pointer_width = "64") {
        8
    } else {
        4
    };
    assert_eq!(size_of_val(&black_box(&0_u8)), width);
}

#[test]
fn wide_integers_multiply_and_divide() {
    let number = black_box(0x0123_4567_89AB_CDEF_u128) << 60;
    let divisor = black_box(0xFEDC_BA98_u128);
    assert_eq!(number / divisor * divisor + number % divisor, number);
}

#[test]
fn floating_point_rounds_to_nearest() {
    assert_eq!(
        black_box(0.1_f64) + black_box(0.2_f64),
        0.300_000_000_000_000_04
    );
    assert_eq!(black_box(2.0_f64).sqrt().to_bits(), 0x3FF6_A09E_667F_3BCD);
    assert_eq!((black_box(16_777_217.0_f64) as f32).to_bits(), 0x4B80_0000);
}
