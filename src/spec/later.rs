//! Keys and values that are planned but not supported yet, refused by name.

/// What a key is for, where this version does not support it.
pub(super) fn key(name: &str) -> Option<&'static str> {
    Some(match name {
        "cache" | "invalidates" => "caching",
        "tenant" => "tenants",
        _ => return None,
    })
}
