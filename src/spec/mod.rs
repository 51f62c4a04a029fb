//! The YAML language: types, loading, JSON Schema, places.

pub mod document;
mod files;
mod load;
mod places;
pub mod schema;
mod yaml;

pub use document::SpecDocument;
pub use files::{Files, MigrationFile};
pub use load::{Loaded, load, read};
pub use places::Places;
