//! The protocol over HTTP and over lines, what is hostile in it included, on a small server.
#![cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod cancel;
#[cfg(feature = "sqlite")]
mod hostile;
#[cfg(feature = "sqlite")]
mod http;
mod progress;
#[cfg(feature = "sqlite")]
mod said;
#[cfg(feature = "sqlite")]
mod stdio;
mod subject;
