//! Types that several params share.

use serde::Serialize;

use crate::runtime::{format, input};

/// What the user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Role {
    /// `user`.
    #[serde(rename = "user")]
    User,
    /// `admin`.
    #[serde(rename = "admin")]
    Admin,
    /// `moderator`.
    #[serde(rename = "moderator")]
    Moderator,
}

impl Role {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("user", Self::User),
        ("admin", Self::Admin),
        ("moderator", Self::Moderator),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::Moderator => "moderator",
        }
    }
}

/// Reads the type `Role`.
pub fn role(input: input::Input) -> input::Read<input::Checked<Role>> {
    input.choice(&Role::ALL)
}

/// Reads the type `Email`.
pub fn email(input: input::Input) -> input::Read<input::Checked<String>> {
    input.text()?.format("an email address", format::email)?.max_length(254)
}
