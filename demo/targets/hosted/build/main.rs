// SPDX-License-Identifier: MIT OR Apache-2.0

//! Builds the three native libraries: one with the C compiler, one with the C++ compiler, one with CMake.

mod cmake;
mod compiler;
mod environment;

use compiler::{Archiver, Compiler};

fn main() {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=native");

    let archiver = Archiver::from_environment();
    let c = Compiler::c().compile("native/c/checksum.c");
    archiver.archive("checksum", &[c]);

    let cxx = Compiler::cxx().compile("native/cxx/words.cpp");
    archiver.archive("words", &[cxx]);

    cmake::build("native/cmake", "polygon");

    println!("cargo:rustc-link-lib=dylib={}", environment::cxx_runtime());
    if let Some(library) = environment::pkg_config_library() {
        environment::link_with_pkg_config(&library);
    }
}
