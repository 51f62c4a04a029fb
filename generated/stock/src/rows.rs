//! Rows that several statements share.

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::{decode, value};
use crate::types;

/// A row `Product`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Product {
    /// Column `id`.
    pub id: i64,
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `category`.
    pub category: types::Category,
    /// Column `price`.
    pub price: value::Decimal,
    /// Column `supplier_id`.
    pub supplier_id: i64,
    /// Column `reorder_level`.
    pub reorder_level: i64,
    /// What a product of its kind has.
    pub attributes: serde_json::Value,
    /// Column `tags`.
    pub tags: serde_json::Value,
    /// Column `added_on`.
    pub added_on: chrono::NaiveDate,
    /// Column `discontinued`.
    pub discontinued: bool,
}

impl Product {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 11]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, at[0])?,
            sku: decode::text(row, at[1])?,
            name: decode::text(row, at[2])?,
            category: decode::choice(row, at[3], &types::Category::ALL)?,
            price: decode::decimal(row, at[4])?,
            supplier_id: decode::integer(row, at[5])?,
            reorder_level: decode::integer(row, at[6])?,
            attributes: decode::json_object(row, at[7])?,
            tags: decode::json_array(row, at[8])?,
            added_on: decode::date(row, at[9])?,
            discontinued: decode::boolean(row, at[10])?,
        })
    }
}

/// A row `Movement`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Movement {
    /// Column `id`.
    pub id: i64,
    /// Column `product_id`.
    pub product_id: i64,
    /// Column `kind`.
    pub kind: types::MovementKind,
    /// Column `quantity`.
    pub quantity: i64,
    /// Column `moved_at`.
    pub moved_at: chrono::DateTime<chrono::Utc>,
    /// Column `note`.
    pub note: Option<String>,
}

impl Movement {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 6]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, at[0])?,
            product_id: decode::integer(row, at[1])?,
            kind: decode::choice(row, at[2], &types::MovementKind::ALL)?,
            quantity: decode::integer(row, at[3])?,
            moved_at: decode::date_time(row, at[4])?,
            note: decode::optional(row, at[5], decode::text)?,
        })
    }
}
