//! What every generated server is built on: reading arguments, talking to the
//! database, answering clients. Nothing here knows a spec.

pub mod answer;
pub mod ask;
pub mod client_log;
mod codes;
pub mod confirm;
pub mod database;
pub mod decode;
pub mod elicit;
pub mod failure;
pub mod front;
pub mod handle;
pub mod http;
pub mod input;
pub mod jsonrpc;
pub mod listing;
pub mod logging;
pub mod management;
mod once;
mod places;
pub mod poll;
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
