// SPDX-License-Identifier: MIT OR Apache-2.0

//! Says what it runs on, and what its libraries make of it.
//!
//! With `echo WORD…` it writes the words; with `exit N` it ends with that status; with `panic` it panics.

use hosted::{checksum, polygon, words};
use std::env::consts::{ARCH, OS};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => greet(),
        ["echo", words @ ..] => println!("{}", words.join(" ")),
        ["exit", status] => return ExitCode::from(status.parse().unwrap_or(u8::MAX)),
        ["panic"] => panic!("as asked"),
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn greet() {
    let platform = checksum::platform();
    let order = if platform.is_big_endian == 1 {
        "big"
    } else {
        "little"
    };
    println!(
        "hello from {ARCH} {OS}, {} bits, {order}-endian",
        platform.pointer_bits
    );
    println!("C: {:08x}", checksum::crc32(b"123456789"));
    println!("C++: {:?}", words::most_frequent("to be or not to be"));
    println!("CMake: {:.6} for {}", polygon::areas(6), polygon::system());
}
