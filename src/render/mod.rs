//! From a valid server to files.

mod slice;
