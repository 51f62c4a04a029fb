//! What is shown in the place of values that not everybody may see.

use super::secret::Signer;

/// The last four characters, if there are eight or more of them.
pub fn last4(text: &mut String) {
    let length = text.chars().count();
    let hidden = if length < 8 { length } else { length - 4 };
    *text = text.chars().enumerate().map(|(n, c)| if n < hidden { '*' } else { c }).collect();
}

/// A digest, which is the same for the same value.
pub fn hash(text: &mut String, signer: &Signer) {
    *text = signer.digest("mask", text.as_bytes());
}
