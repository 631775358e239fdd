// SPDX-License-Identifier: MIT OR Apache-2.0

//! The library of `native/cmake`.

use std::ffi::{c_char, c_uint, CStr};

extern "C" {
    fn polygon_areas(most: usize) -> f64;
    fn polygon_system() -> *const c_char;
    fn polygon_pointer_bytes() -> c_uint;
    fn polygon_big_endian() -> c_uint;
}

/// The summed areas of the regular polygons of radius 1 that have 3 to `most` corners.
pub fn areas(most: usize) -> f64 {
    // SAFETY: the function takes a number, and allocates for as many shapes.
    unsafe { polygon_areas(most) }
}

/// The system that CMake was told to build for, by its `CMAKE_SYSTEM_NAME`.
pub fn system() -> &'static str {
    // SAFETY: the function returns a literal, which is a C string and lives as long as the program.
    unsafe { CStr::from_ptr(polygon_system()) }
        .to_str()
        .unwrap_or("?")
}

/// The size of a pointer as CMake found it, in bytes.
pub fn pointer_bytes() -> u32 {
    // SAFETY: the function only returns a constant.
    unsafe { polygon_pointer_bytes() }
}

/// Whether CMake found the target to be big-endian.
pub fn is_big_endian() -> bool {
    // SAFETY: the function only returns a constant.
    unsafe { polygon_big_endian() != 0 }
}
