//! Rows that several statements share.

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::{decode, mask, value};
use crate::types;

/// A row `Customer`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Customer {
    /// Column `id`.
    pub id: String,
    /// Column `email`.
    pub email: String,
    /// Column `name`.
    pub name: String,
    /// Column `phone`.
    pub phone: Option<String>,
    /// Column `active`.
    pub active: bool,
    /// Column `segments`.
    pub segments: Vec<Option<String>>,
    /// What the customer chose.
    pub preferences: serde_json::Value,
    /// Column `created_at`.
    pub created_at: chrono::DateTime<chrono::Utc>,
}

impl Customer {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 8]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, at[0])?,
            email: decode::text(row, at[1])?,
            name: decode::text(row, at[2])?,
            phone: decode::optional(row, at[3], decode::text)?,
            active: decode::boolean(row, at[4])?,
            segments: decode::array(row, at[5], decode::text)?,
            preferences: decode::json_object(row, at[6])?,
            created_at: decode::date_time(row, at[7])?,
        })
    }

    /// Hides what not everybody may see.
    pub fn mask(&mut self) {
        if let Some(text) = &mut self.phone {
            mask::last4(text);
        }
    }
}

/// A row `Product`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Product {
    /// Column `id`.
    pub id: String,
    /// Column `slug`.
    pub slug: String,
    /// Column `name`.
    pub name: String,
    /// Column `brand`.
    pub brand: Option<String>,
    /// Column `category`.
    pub category: String,
    /// Column `tags`.
    pub tags: Vec<Option<String>>,
    /// Price of the cheapest variant.
    pub price_from: value::Decimal,
    /// Units of all variants.
    pub in_stock: i64,
    /// How many there are.
    pub reviews: i64,
    /// Mean, from 1 to 5.
    pub rating: Option<value::Decimal>,
}

impl Product {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 10]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, at[0])?,
            slug: decode::text(row, at[1])?,
            name: decode::text(row, at[2])?,
            brand: decode::optional(row, at[3], decode::text)?,
            category: decode::text(row, at[4])?,
            tags: decode::array(row, at[5], decode::text)?,
            price_from: decode::decimal(row, at[6])?,
            in_stock: decode::integer(row, at[7])?,
            reviews: decode::integer(row, at[8])?,
            rating: decode::optional(row, at[9], decode::decimal)?,
        })
    }
}

/// A row `Order`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Order {
    /// Column `id`.
    pub id: String,
    /// Column `number`.
    pub number: i64,
    /// Column `customer_id`.
    pub customer_id: String,
    /// Column `status`.
    pub status: types::OrderStatus,
    /// Column `currency`.
    pub currency: String,
    /// Column `discount`.
    pub discount: value::Decimal,
    /// What is to be paid.
    pub total: value::Decimal,
    /// Column `placed_at`.
    pub placed_at: chrono::DateTime<chrono::Utc>,
    /// Column `packer`.
    pub packer: Option<String>,
    /// Column `shipped_at`.
    pub shipped_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `delivered_at`.
    pub delivered_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Order {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 11]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, at[0])?,
            number: decode::integer(row, at[1])?,
            customer_id: decode::uuid(row, at[2])?,
            status: decode::choice(row, at[3], &types::OrderStatus::ALL)?,
            currency: decode::text(row, at[4])?,
            discount: decode::decimal(row, at[5])?,
            total: decode::decimal(row, at[6])?,
            placed_at: decode::date_time(row, at[7])?,
            packer: decode::optional(row, at[8], decode::text)?,
            shipped_at: decode::optional(row, at[9], decode::date_time)?,
            delivered_at: decode::optional(row, at[10], decode::date_time)?,
        })
    }
}

/// A row `Line`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Column `line`.
    pub line: Option<i64>,
    /// Column `variant_id`.
    pub variant_id: Option<String>,
    /// Column `quantity`.
    pub quantity: Option<i64>,
    /// Price on the day of the order.
    pub unit_price: Option<value::Decimal>,
    /// Column `line_total`.
    pub line_total: Option<value::Decimal>,
}

impl Line {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 5]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            line: decode::optional(row, at[0], decode::integer)?,
            variant_id: decode::optional(row, at[1], decode::uuid)?,
            quantity: decode::optional(row, at[2], decode::integer)?,
            unit_price: decode::optional(row, at[3], decode::decimal)?,
            line_total: decode::optional(row, at[4], decode::decimal)?,
        })
    }
}

/// A row `Payment`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Payment {
    /// Column `id`.
    pub id: String,
    /// Column `kind`.
    pub kind: String,
    /// Column `method`.
    pub method: types::PaymentMethod,
    /// Column `amount`.
    pub amount: value::Decimal,
    /// Column `paid_at`.
    pub paid_at: chrono::DateTime<chrono::Utc>,
}

impl Payment {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 5]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, at[0])?,
            kind: decode::text(row, at[1])?,
            method: decode::choice(row, at[2], &types::PaymentMethod::ALL)?,
            amount: decode::decimal(row, at[3])?,
            paid_at: decode::date_time(row, at[4])?,
        })
    }
}
