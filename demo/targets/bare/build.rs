// SPDX-License-Identifier: MIT OR Apache-2.0

//! Compiles the C part with the target's compiler and links the program with it, so that its C library is there.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let object = Path::new(&out).join("checksum.o");
    let archive = Path::new(&out).join("libchecksum.a");

    let mut words = for_target("CC");
    words.extend(for_target("CFLAGS"));
    let (compiler, flags) = words.split_first().expect("CC for the target is set");
    run(Command::new(compiler)
        .args(flags)
        .args(machine_flags())
        .args(["-O2", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-c", "native/checksum.c", "-o"])
        .arg(&object));
    let archiver = for_target("AR").remove(0);
    run(Command::new(archiver).arg("crs").arg(&archive).arg(&object));

    println!("cargo:rustc-link-search=native={out}");
    println!("cargo:rustc-link-lib=static=checksum");
    println!("cargo:rustc-link-arg-bins=-T{}/memory.x", env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=native");
    println!("cargo:rerun-if-changed=memory.x");
}

/// What the cc crate tells GCC of the processor.
fn machine_flags() -> [&'static str; 3] {
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let (architecture, float) = match target.as_str() {
        "thumbv6m-none-eabi" => ("-march=armv6s-m", "-mfloat-abi=soft"),
        "thumbv7m-none-eabi" => ("-march=armv7-m", "-mfloat-abi=soft"),
        "thumbv7em-none-eabi" => ("-march=armv7e-m", "-mfloat-abi=soft"),
        "thumbv7em-none-eabihf" => ("-march=armv7e-m+fp", "-mfloat-abi=hard"),
        "thumbv8m.base-none-eabi" => ("-march=armv8-m.base", "-mfloat-abi=soft"),
        "thumbv8m.main-none-eabi" => ("-march=armv8-m.main", "-mfloat-abi=soft"),
        "thumbv8m.main-none-eabihf" => ("-march=armv8-m.main+fp", "-mfloat-abi=hard"),
        _ => panic!("{target} is none of the Cortex-M targets"),
    };
    ["-mthumb", architecture, float]
}

/// The words of a variable for this target, as the cc crate looks for them; none where it is not set.
fn for_target(name: &str) -> Vec<String> {
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let names = [format!("{name}_{target}"), format!("{name}_{}", target.replace(['-', '.'], "_")), name.to_string()];
    let value = names.iter().find_map(|name| env::var(name).ok()).unwrap_or_default();
    value.split_whitespace().map(str::to_string).collect()
}

fn run(command: &mut Command) {
    match command.status() {
        Ok(status) => assert!(status.success(), "{command:?}: {status}"),
        Err(error) => panic!("{command:?}: {error}"),
    }
}
