//! Each tool at the edges of what it takes.

mod input;
mod types;
mod rows;
mod every_kind;
mod lists;
mod forget;
mod nothing;
