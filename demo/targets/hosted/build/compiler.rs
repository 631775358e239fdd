// SPDX-License-Identifier: MIT OR Apache-2.0

//! The target's C and C++ compilers and its archiver, as the environment names them.

use crate::environment::{cargo, for_target, out_dir, words_for_target};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A compiler and the flags of its language.
pub struct Compiler {
    program: String,
    flags: Vec<String>,
}

impl Compiler {
    pub fn c() -> Self {
        Self::named("CC", "CFLAGS")
    }

    pub fn cxx() -> Self {
        Self::named("CXX", "CXXFLAGS")
    }

    fn named(program: &str, flags: &str) -> Self {
        let words = words_for_target(program);
        let (program, arguments) = words
            .split_first()
            .unwrap_or_else(|| panic!("{program} for {} is not set", cargo("TARGET")));
        let mut all = arguments.to_vec();
        all.extend(words_for_target(flags));
        Self {
            program: program.clone(),
            flags: all,
        }
    }

    /// Compiles one source file into an object file.
    pub fn compile(&self, source: &str) -> PathBuf {
        let name = Path::new(source)
            .file_stem()
            .expect("a source file has a name");
        let object = out_dir().join(name).with_extension("o");
        let mut command = Command::new(&self.program);
        command.args(&self.flags);
        command.args([
            "-O2", "-fPIC", "-Wall", "-Wextra", "-Werror", "-c", source, "-o",
        ]);
        run(command.arg(&object));
        object
    }
}

/// The program that makes static libraries.
pub struct Archiver {
    program: String,
}

impl Archiver {
    pub fn from_environment() -> Self {
        let program =
            for_target("AR").unwrap_or_else(|| panic!("AR for {} is not set", cargo("TARGET")));
        Self { program }
    }

    /// Makes `lib<name>.a` of object files and has it linked.
    pub fn archive(&self, name: &str, objects: &[PathBuf]) {
        let library = out_dir().join(format!("lib{name}.a"));
        run(Command::new(&self.program)
            .arg("crs")
            .arg(library)
            .args(objects));
        println!("cargo:rustc-link-search=native={}", out_dir().display());
        println!("cargo:rustc-link-lib=static={name}");
    }
}

/// Runs a command that must succeed.
pub fn run(command: &mut Command) {
    match command.status() {
        Ok(status) => assert!(status.success(), "{command:?}: {status}"),
        Err(error) => panic!("{command:?}: {error}"),
    }
}
