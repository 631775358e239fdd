// SPDX-License-Identifier: MIT OR Apache-2.0

//! The library of `native/cxx`.

use std::ffi::{c_char, CStr, CString};

extern "C" {
    fn words_most_frequent(text: *const c_char, result: *mut c_char, capacity: usize) -> bool;
}

/// The most frequent word of a text, or the message of the exception that C++ threw.
pub fn most_frequent(text: &str) -> Result<String, String> {
    let text = CString::new(text).map_err(|error| error.to_string())?;
    let mut result = [0; 256];
    // SAFETY: the text ends with a NUL, the result has as much room as is said, and C++ lets no exception out.
    let found = unsafe { words_most_frequent(text.as_ptr(), result.as_mut_ptr(), result.len()) };
    // SAFETY: C++ has written a C string into the result.
    let result = unsafe { CStr::from_ptr(result.as_ptr()) }
        .to_string_lossy()
        .into_owned();
    if found {
        Ok(result)
    } else {
        Err(result)
    }
}
