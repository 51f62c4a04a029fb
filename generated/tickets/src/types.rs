//! Types that several params share.

use serde::Serialize;

use crate::runtime::input;

/// Whether somebody must do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum State {
    /// `open`.
    #[serde(rename = "open")]
    Open,
    /// `waiting`.
    #[serde(rename = "waiting")]
    Waiting,
    /// `closed`.
    #[serde(rename = "closed")]
    Closed,
}

impl State {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("open", Self::Open),
        ("waiting", Self::Waiting),
        ("closed", Self::Closed),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
        }
    }
}

/// Reads the type `State`.
pub fn state(input: input::Input) -> input::Read<input::Checked<State>> {
    input.choice(&State::ALL)
}
