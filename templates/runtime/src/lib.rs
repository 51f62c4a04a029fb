//! What every generated server is built on: reading arguments, talking to the
//! database, answering clients. Nothing here knows a spec.

#[cfg(feature = "address")]
pub mod address;
pub mod answer;
#[cfg(feature = "ask")]
pub mod ask;
#[cfg(feature = "audit")]
pub mod audit;
#[cfg(feature = "audit-file")]
pub mod audit_file;
#[cfg(feature = "audit-table")]
mod audit_table;
#[cfg(feature = "auth")]
pub mod auth;
#[cfg(all(feature = "rows", feature = "mysql"))]
#[path = "mysql/binary.rs"]
pub mod binary;
#[cfg(all(feature = "rows", feature = "postgres"))]
#[path = "postgres/binary.rs"]
pub mod binary;
#[cfg(all(feature = "breaker", any(feature = "mysql", feature = "postgres")))]
#[path = "pooled/breaker.rs"]
pub mod breaker;
#[cfg(feature = "cache")]
pub mod cache;
#[cfg(all(feature = "rate-limit", not(feature = "shared")))]
#[path = "rate/local.rs"]
mod cells;
#[cfg(all(feature = "rate-limit", feature = "shared"))]
#[path = "rate/shared.rs"]
mod cells;
#[cfg(feature = "auth")]
pub mod claims;
#[cfg(feature = "client-log")]
pub mod client_log;
#[cfg(feature = "mysql")]
#[path = "mysql/codes.rs"]
mod codes;
#[cfg(feature = "postgres")]
#[path = "postgres/codes.rs"]
mod codes;
#[cfg(feature = "sqlite")]
#[path = "sqlite/codes.rs"]
mod codes;
#[cfg(feature = "concurrency")]
pub mod concurrency;
#[cfg(feature = "confirm")]
pub mod confirm;
#[cfg(feature = "page")]
pub mod cursor;
#[cfg(any(feature = "mysql", feature = "postgres"))]
#[path = "pooled/database.rs"]
pub mod database;
#[cfg(feature = "sqlite")]
#[path = "sqlite/database.rs"]
pub mod database;
#[cfg(all(feature = "rows", feature = "mysql"))]
#[path = "mysql/decode.rs"]
pub mod decode;
#[cfg(all(feature = "rows", feature = "postgres"))]
#[path = "postgres/decode.rs"]
pub mod decode;
#[cfg(all(feature = "rows", feature = "sqlite"))]
#[path = "sqlite/decode.rs"]
pub mod decode;
#[cfg(feature = "elicit")]
pub mod elicit;
#[cfg(feature = "mysql")]
#[path = "mysql/engine.rs"]
mod engine;
#[cfg(feature = "postgres")]
#[path = "postgres/engine.rs"]
mod engine;
pub mod failure;
#[cfg(feature = "formats")]
pub mod format;
pub mod front;
#[cfg(feature = "auth")]
pub mod gate;
#[cfg(all(feature = "cache", not(feature = "cache-shared")))]
#[path = "cache/local.rs"]
mod generation;
#[cfg(feature = "cache-shared")]
#[path = "cache/shared.rs"]
mod generation;
#[cfg(feature = "handled")]
pub mod handle;
pub mod http;
#[cfg(feature = "input")]
pub mod input;
#[cfg(feature = "auth-introspection")]
pub mod introspection;
pub mod jsonrpc;
#[cfg(feature = "auth-jwt")]
pub mod jwt;
#[cfg(feature = "auth-keys")]
pub mod keys;
#[cfg(all(feature = "watch-channel", feature = "postgres"))]
#[path = "postgres/listen.rs"]
pub mod listen;
#[cfg(feature = "listing")]
pub mod listing;
pub mod logging;
pub mod management;
#[cfg(feature = "masks")]
pub mod mask;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "confirm")]
mod once;
mod places;
#[cfg(feature = "watch-poll")]
pub mod poll;
#[cfg(all(feature = "page", feature = "mysql"))]
#[path = "mysql/position.rs"]
mod position;
#[cfg(all(feature = "page", feature = "postgres"))]
#[path = "postgres/position.rs"]
mod position;
#[cfg(all(feature = "page", feature = "sqlite"))]
#[path = "sqlite/position.rs"]
mod position;
#[cfg(feature = "progress")]
pub mod progress;
#[cfg(feature = "rate-limit")]
pub mod rate;
#[cfg(all(
    any(feature = "retry", feature = "retry-policy"),
    any(feature = "mysql", feature = "postgres")
))]
#[path = "pooled/retry.rs"]
pub mod retry;
mod room;
#[cfg(feature = "secret")]
pub mod secret;
#[cfg(any(
    feature = "many",
    feature = "bounded",
    feature = "page",
    feature = "optional-row",
    feature = "watch-poll"
))]
mod session;
#[cfg(feature = "sessions")]
pub mod sessions;
#[cfg(feature = "shared")]
pub mod shared;
#[cfg(all(feature = "clauses", feature = "mysql"))]
#[path = "mysql/sql.rs"]
pub mod sql;
#[cfg(all(feature = "clauses", any(feature = "postgres", feature = "sqlite")))]
pub mod sql;
pub mod stdio;
pub mod stop;
#[cfg(feature = "watch")]
mod subscriber;
#[cfg(feature = "tables")]
pub mod table;
#[cfg(feature = "otlp")]
pub mod telemetry;
#[cfg(feature = "templates")]
pub mod template;
#[cfg(feature = "auth-token")]
pub mod token;
#[cfg(feature = "resource-templates")]
pub mod uri;
#[cfg(all(feature = "values", feature = "mysql"))]
#[path = "mysql/value.rs"]
pub mod value;
#[cfg(all(feature = "values", feature = "postgres"))]
#[path = "postgres/value.rs"]
pub mod value;
#[cfg(all(feature = "values", feature = "sqlite"))]
#[path = "sqlite/value.rs"]
pub mod value;
#[cfg(feature = "watch")]
pub mod watch;
