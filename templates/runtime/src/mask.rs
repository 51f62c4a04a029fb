//! What is shown in the place of values that not everybody may see.

#[cfg(feature = "mask-hash")]
use super::secret::Signer;

/// The first character and the domain: `a***@example.com`. What is no address is hidden as a whole.
#[cfg(feature = "mask-email")]
pub fn email(text: &mut String) {
    *text = match text.rsplit_once('@') {
        Some((name, domain)) if !name.is_empty() && !domain.is_empty() => {
            let first: String = name.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        _ => "***".to_owned(),
    };
}

/// The last four characters, if there are eight or more of them.
#[cfg(feature = "mask-last4")]
pub fn last4(text: &mut String) {
    let length = text.chars().count();
    let hidden = if length < 8 { length } else { length - 4 };
    *text = text.chars().enumerate().map(|(n, c)| if n < hidden { '*' } else { c }).collect();
}

/// A digest, which is the same for the same value.
#[cfg(feature = "mask-hash")]
pub fn hash(text: &mut String, signer: &Signer) {
    *text = signer.digest("mask", text.as_bytes());
}
