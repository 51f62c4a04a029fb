//! The tests of the server: in memory, over standard input and output, and over HTTP.

use tickets as subject;

mod access;
mod cases;
mod claims;
mod discovery;
mod scratch;
mod support;
mod tenants;
mod tools;
mod transports;

/// The server's binary.
const BINARY: &str = env!("CARGO_BIN_EXE_tickets");

/// SQL that runs before each test.
const SEED: &[&str] = &[include_str!("../seeds/seed.sql")];

/// What the token of a caller says in tests.
const CLAIMS: &str = r#"{"tenant":"acme","sub":"ada"}"#;
