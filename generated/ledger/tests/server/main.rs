//! The tests of the server: in memory, over standard input and output, and over HTTP.

use ledger as subject;

mod cases;
mod discovery;
mod grants;
mod limits;
mod scratch;
mod support;
mod tools;
mod transports;

/// The server's binary.
const BINARY: &str = env!("CARGO_BIN_EXE_ledger");

/// SQL that runs before each test.
const SEED: &[&str] = &[include_str!("../seeds/seed.sql")];
