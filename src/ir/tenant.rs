//! Tenants that share a database.

use super::Engine;
use crate::database::facts::Facts;

/// Whose a row is, and whose a caller is. Every statement is proven to stay with the caller's tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The column.
    pub column: String,
    /// The claim.
    pub claim: String,
    /// The tables with the column, each behind those that refer to it, with their columns.
    pub tables: Vec<(String, Vec<String>)>,
}

impl Tenant {
    /// The tables of a schema that have the column.
    #[must_use]
    pub fn new(column: &str, claim: &str, facts: &Facts, engine: Engine) -> Self {
        let same = |name: &str| match engine {
            Engine::Postgres => name == column,
            Engine::Sqlite | Engine::Mysql => name.eq_ignore_ascii_case(column),
        };
        let of_tenants = facts
            .tables
            .iter()
            .filter(|(_, table)| !table.view && table.columns.iter().any(|it| same(&it.name)));
        let mut open: Vec<_> = of_tenants.collect();
        let mut tables = Vec::new();
        while !open.is_empty() {
            // One that no other refers to; in a circle, any.
            let refers = |to: &str| {
                open.iter().any(|(name, table)| {
                    name.as_str() != to && table.foreign_keys.iter().any(|key| key.table == to)
                })
            };
            let next = open.iter().position(|(name, _)| !refers(name)).unwrap_or(0);
            let (name, table) = open.remove(next);
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            tables.push((name.clone(), columns));
        }
        Self { column: column.to_owned(), claim: claim.to_owned(), tables }
    }
}
