//! What every generated server is built on: reading arguments, talking to the
//! database, answering clients. Nothing here knows a spec.

pub mod address;
pub mod answer;
pub mod binary;
mod cells;
mod codes;
pub mod concurrency;
pub mod cursor;
pub mod database;
pub mod decode;
mod engine;
pub mod failure;
pub mod format;
pub mod front;
pub mod handle;
pub mod http;
pub mod input;
pub mod jsonrpc;
pub mod listing;
pub mod logging;
pub mod management;
mod places;
mod position;
pub mod progress;
pub mod rate;
pub mod retry;
mod room;
pub mod secret;
mod session;
pub mod shared;
pub mod sql;
pub mod stdio;
pub mod stop;
pub mod template;
pub mod uri;
pub mod value;
