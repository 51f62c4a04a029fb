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

#[cfg(test)]
mod tests {
    fn masked(mask: fn(&mut String), text: &str) -> String {
        let mut text = text.to_owned();
        mask(&mut text);
        text
    }

    #[test]
    fn addresses_show_their_domain() {
        for (address, shown) in [
            ("ada@example.com", "a***@example.com"),
            ("\u{e9}t\u{e9}@example.com", "\u{e9}***@example.com"),
            ("\"a@b\"@example.com", "\"***@example.com"),
            ("@example.com", "***"),
            ("ada@", "***"),
            ("ada", "***"),
            ("", "***"),
        ] {
            assert_eq!(masked(super::email, address), shown, "{address}");
        }
    }

    #[test]
    fn short_texts_show_nothing() {
        for (text, shown) in [
            ("4111111111111111", "************1111"),
            ("12345678", "****5678"),
            ("1234567", "*******"),
            ("\u{e9}\u{e9}\u{e9}\u{e9}1234", "****1234"),
            ("", ""),
        ] {
            assert_eq!(masked(super::last4, text), shown, "{text}");
        }
    }
}
