//! Each tool at the edges of what it takes.

mod input;
mod types;
mod rows;
mod every_kind;
mod lists;
mod forget;
mod nothing;
mod as_markdown;
mod as_csv;
mod csv;
mod blocks;
mod block;
