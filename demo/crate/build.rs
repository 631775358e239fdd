//! Compiles the C and C++ sources for the target, and hands the program the target's name.

fn main() {
    cc::Build::new()
        .file("native/dew_point.c")
        .warnings_into_errors(true)
        .compile("dew_point");
    cc::Build::new()
        .cpp(true)
        .flag("-std=c++17")
        .file("native/trend.cpp")
        .warnings_into_errors(true)
        .compile("trend");

    println!("cargo:rerun-if-changed=native");
    println!("cargo:rustc-env=TARGET={}", std::env::var("TARGET").unwrap());
}
