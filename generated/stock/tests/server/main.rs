//! The tests of the server: in memory, over standard input and output, and over HTTP.

use stock as subject;

mod caches;
mod cases;
mod discovery;
mod scratch;
mod support;
mod tools;
mod transports;

/// The server's binary.
const BINARY: &str = env!("CARGO_BIN_EXE_stock");

/// SQL that runs before each test.
const SEED: &[&str] = &[include_str!("../seeds/seed.sql")];
