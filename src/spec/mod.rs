//! The YAML language: types, loading, JSON Schema, places.

pub mod document;

pub use document::SpecDocument;
