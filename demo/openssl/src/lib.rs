//! SHA-256 by the target's OpenSSL.

/// The digest of some bytes, in hexadecimal digits.
pub fn fingerprint(bytes: &[u8]) -> String {
    let mut digest = [0u8; 32];
    // SAFETY: OpenSSL reads the bytes and writes 32 of its own.
    unsafe { openssl_sys::SHA256(bytes.as_ptr(), bytes.len(), digest.as_mut_ptr()) };
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_empty_string_has_its_well_known_digest() {
        assert!(super::fingerprint(b"").starts_with("e3b0c44298fc1c14"));
        assert_eq!(std::env::consts::ARCH, "aarch64");
    }
}
