// SPDX-License-Identifier: MIT OR Apache-2.0

//! What the build is told about its target, by the names that the `cc`, `cmake` and `pkg-config` crates read.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Cargo's own variable, which every build script has.
pub fn cargo(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name} for a build script"))
}

/// The folder for what the build script makes.
pub fn out_dir() -> PathBuf {
    PathBuf::from(cargo("OUT_DIR"))
}

/// A variable for this target: `NAME_aarch64-unknown-linux-gnu`, then `NAME_aarch64_unknown_linux_gnu`, then `NAME`.
pub fn for_target(name: &str) -> Option<String> {
    let target = cargo("TARGET");
    let names = [
        format!("{name}_{target}"),
        format!("{name}_{}", target.replace(['-', '.'], "_")),
        name.to_string(),
    ];
    for name in &names {
        println!("cargo:rerun-if-env-changed={name}");
    }
    names.iter().find_map(|name| env::var(name).ok())
}

/// The words of a variable for this target, which is empty where the variable is not set.
pub fn words_for_target(name: &str) -> Vec<String> {
    let value = for_target(name).unwrap_or_default();
    value.split_whitespace().map(str::to_string).collect()
}

/// The C++ standard library that the target's compiler links.
pub fn cxx_runtime() -> &'static str {
    let emscripten = cargo("CARGO_CFG_TARGET_OS") == "emscripten";
    if emscripten {
        "c++"
    } else {
        "stdc++"
    }
}

/// A library to look up besides, named by `HOSTED_PKG_CONFIG`: a package of the target's architecture.
pub fn pkg_config_library() -> Option<String> {
    println!("cargo:rerun-if-env-changed=HOSTED_PKG_CONFIG");
    println!(
        "cargo:rustc-check-cfg=cfg(pkg_config_library, values(none(), \"zlib\", \"openssl\"))"
    );
    env::var("HOSTED_PKG_CONFIG").ok()
}

/// Links what `pkg-config` says of a library, with the search path that the `pkg-config` crate would give it.
pub fn link_with_pkg_config(library: &str) {
    assert!(
        for_target("PKG_CONFIG_ALLOW_CROSS").is_some() || cargo("HOST") == cargo("TARGET"),
        "PKG_CONFIG_ALLOW_CROSS is not set, so the pkg-config crate would refuse"
    );
    let mut command = Command::new(for_target("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into()));
    command.args(["--libs", library]);
    for name in [
        "PKG_CONFIG_PATH",
        "PKG_CONFIG_LIBDIR",
        "PKG_CONFIG_SYSROOT_DIR",
    ] {
        if let Some(value) = for_target(name) {
            command.env(name, value);
        }
    }
    let output = command.output().expect("pkg-config starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for word in String::from_utf8(output.stdout)
        .expect("pkg-config writes UTF-8")
        .split_whitespace()
    {
        if let Some(folder) = word.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={folder}");
        } else if let Some(name) = word.strip_prefix("-l") {
            println!("cargo:rustc-link-lib=dylib={name}");
        }
    }
    println!("cargo:rustc-cfg=pkg_config_library");
    println!("cargo:rustc-cfg=pkg_config_library=\"{library}\"");
}
