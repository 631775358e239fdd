// SPDX-License-Identifier: MIT OR Apache-2.0

//! The native libraries answer as they should, and agree with Rust on what the target is.

use hosted::{checksum, polygon, words};

#[test]
fn c_computes() {
    assert_eq!(checksum::crc32(b""), 0);
    assert_eq!(checksum::crc32(b"123456789"), 0xCBF4_3926);
}

#[test]
fn c_calls_back() {
    assert_eq!(
        checksum::sum(&[1, i64::from(u32::MAX), 1 << 40]),
        (1 << 40) + (1 << 32)
    );
}

#[test]
fn c_and_rust_agree_on_the_platform() {
    assert_eq!(checksum::platform(), hosted::platform());
}

#[test]
fn cxx_handles_strings() {
    assert_eq!(words::most_frequent("to be or not to be"), Ok("be".into()));
}

#[test]
fn cxx_throws_and_catches() {
    assert_eq!(
        words::most_frequent("  "),
        Err("a text without words".into())
    );
    let long = "x".repeat(300);
    assert_eq!(
        words::most_frequent(&long),
        Err("no room for 300 characters".into())
    );
}

#[test]
fn cmake_computes() {
    // The areas of the triangle, the square, the pentagon and the hexagon in a circle of radius 1.
    let expected = 1.299_038_105_676_658 + 2.0 + 2.377_641_290_737_884 + 2.598_076_211_353_316;
    assert!((polygon::areas(6) - expected).abs() < 1e-12);
}

#[test]
fn cmake_knows_the_target() {
    assert_eq!(polygon::pointer_bytes() * 8, usize::BITS);
    assert_eq!(polygon::is_big_endian(), cfg!(target_endian = "big"));
    let system = if cfg!(target_os = "linux") {
        "Linux"
    } else if cfg!(windows) {
        "Windows"
    } else {
        "Emscripten"
    };
    assert_eq!(polygon::system(), system);
}
