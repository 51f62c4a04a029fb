//! What every generated server is built on: reading arguments, talking to the
//! database, answering clients. Nothing here knows a spec.

pub mod answer;
#[cfg(feature = "page")]
pub mod cursor;
pub mod database;
#[cfg(feature = "rows")]
pub mod decode;
pub mod failure;
#[cfg(feature = "formats")]
pub mod format;
pub mod http;
#[cfg(feature = "input")]
pub mod input;
pub mod logging;
#[cfg(feature = "clauses")]
pub mod sql;
pub mod stdio;
pub mod stop;
#[cfg(feature = "templates")]
pub mod template;
#[cfg(feature = "resource-templates")]
pub mod uri;
#[cfg(feature = "values")]
pub mod value;
