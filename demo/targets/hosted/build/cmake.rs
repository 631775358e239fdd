// SPDX-License-Identifier: MIT OR Apache-2.0

//! A library that CMake builds, with the toolchain file that the `cmake` crate would take.

use crate::compiler::run;
use crate::environment::{for_target, out_dir};
use std::process::Command;

/// Configures, builds and installs a CMake project and has its static library linked.
pub fn build(source: &str, library: &str) {
    let folder = out_dir().join("cmake");
    let prefix = out_dir().join("prefix");

    let mut configure = Command::new("cmake");
    configure.args(["-S", source, "-B"]).arg(&folder);
    configure.arg("-DCMAKE_BUILD_TYPE=Release");
    configure.arg(format!("-DCMAKE_INSTALL_PREFIX={}", prefix.display()));
    if let Some(file) = for_target("CMAKE_TOOLCHAIN_FILE") {
        configure.arg(format!("-DCMAKE_TOOLCHAIN_FILE={file}"));
    }
    run(&mut configure);
    run(Command::new("cmake")
        .arg("--build")
        .arg(&folder)
        .args(["--target", "install"]));

    println!(
        "cargo:rustc-link-search=native={}",
        prefix.join("lib").display()
    );
    println!("cargo:rustc-link-lib=static={library}");
}
