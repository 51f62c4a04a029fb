//! What masks show.

#![cfg(feature = "masks")]

use mcpgen_runtime::mask;

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
        assert_eq!(masked(mask::email, address), shown, "{address}");
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
        assert_eq!(masked(mask::last4, text), shown, "{text}");
    }
}
