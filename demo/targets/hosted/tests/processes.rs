// SPDX-License-Identifier: MIT OR Apache-2.0

//! The target's programs start one another, as they would on the target itself.

#![cfg(not(target_os = "emscripten"))]

use std::process::{Command, Stdio};

fn hosted() -> Command {
    Command::new(env!("CARGO_BIN_EXE_hosted"))
}

#[test]
fn a_program_starts_another() {
    let output = hosted().args(["echo", "one", "two"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim_end(),
        "one two"
    );
}

#[test]
fn statuses_come_back() {
    assert_eq!(
        hosted().args(["exit", "42"]).status().unwrap().code(),
        Some(42)
    );
}

#[test]
fn a_panic_is_reported_and_counted() {
    let output = hosted()
        .arg("panic")
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert!(String::from_utf8_lossy(&output.stderr).contains("as asked"));
}

#[test]
fn the_greeting_names_the_architecture() {
    let output = hosted().output().unwrap();
    let greeting = String::from_utf8(output.stdout).unwrap();
    assert!(
        greeting.starts_with(&format!("hello from {} ", std::env::consts::ARCH)),
        "{greeting}"
    );
    assert!(greeting.contains("C: cbf43926"), "{greeting}");
}
