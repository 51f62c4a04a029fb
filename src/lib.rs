//! The compiler: text becomes a spec, the spec and what the database says
//! become a valid server, a valid server becomes files.

pub mod cli;
pub mod compile;
pub mod database;
pub mod diagnostic;
pub mod import;
pub mod ir;
pub mod lock;
pub mod lower;
pub mod render;
pub mod source;
pub mod spec;
pub mod sql;
pub mod tree;
pub mod write;
