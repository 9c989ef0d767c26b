//! Names that AWS makes up, made here from what the thing is: the same deployment has the same ARNs
//! in every run.

use sha2::{Digest, Sha256};

/// The account that everything belongs to.
pub const ACCOUNT: &str = "123456789012";

/// `length` hexadecimal digits that stand for `parts`.
pub fn hex_id(parts: &[&str], length: usize) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let nibbles = digest.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 0xf]).take(length);
    nibbles.map(|nibble| char::from(b"0123456789abcdef"[usize::from(nibble)])).collect()
}

/// A UUID that stands for `parts`.
pub fn uuid(parts: &[&str]) -> String {
    let hex = hex_id(parts, 32);
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
