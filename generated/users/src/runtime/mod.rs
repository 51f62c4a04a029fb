//! What every generated server is built on: reading arguments, talking to the
//! database, answering clients. Nothing here knows a spec.

pub mod answer;
pub mod auth;
pub mod claims;
mod codes;
pub mod confirm;
pub mod cursor;
pub mod database;
pub mod decode;
pub mod elicit;
pub mod failure;
pub mod format;
pub mod front;
pub mod gate;
pub mod handle;
pub mod http;
pub mod input;
pub mod jsonrpc;
pub mod jwt;
pub mod keys;
pub mod listing;
pub mod logging;
pub mod management;
mod once;
mod places;
mod position;
pub mod progress;
mod room;
pub mod secret;
mod session;
pub mod sessions;
pub mod sql;
pub mod stdio;
pub mod stop;
pub mod template;
pub mod token;
pub mod uri;
