//! What a database says: the only place that talks to one.
//!
//! Facts are plain data. They come from a live database or from the lock, and
//! nothing behind this module can tell which.

pub mod facts;
