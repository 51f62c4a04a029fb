//! Reading SQL: bindings, optional clauses, effects, tables touched.

mod template;

pub use template::{Binding, Clause, Piece, Source, Template};
