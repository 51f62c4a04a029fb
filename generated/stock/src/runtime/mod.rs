//! What every generated server is built on: reading arguments, talking to the
//! database, answering clients. Nothing here knows a spec.

pub mod answer;
pub mod cache;
mod codes;
pub mod cursor;
pub mod database;
pub mod decode;
pub mod failure;
pub mod format;
pub mod front;
mod generation;
pub mod handle;
pub mod http;
pub mod input;
pub mod jsonrpc;
pub mod listing;
pub mod logging;
pub mod management;
mod places;
pub mod poll;
mod position;
pub mod progress;
mod room;
pub mod secret;
mod session;
pub mod sessions;
pub mod sql;
pub mod stdio;
pub mod stop;
mod subscriber;
pub mod template;
pub mod uri;
pub mod value;
pub mod watch;
