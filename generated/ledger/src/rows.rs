//! Rows that several statements share.

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::{decode, value};
use crate::types;

/// A row `Account`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// Column `number`.
    pub number: i64,
    /// Column `name`.
    pub name: String,
    /// Column `kind`.
    pub kind: types::AccountKind,
    /// Column `parent`.
    pub parent: Option<i64>,
    /// Column `currency`.
    pub currency: String,
    /// A transfer leaves this balance at least; null: any.
    pub lowest: Option<value::Decimal>,
    /// Column `active`.
    pub active: bool,
    /// Column `opened_on`.
    pub opened_on: chrono::NaiveDate,
}

impl Account {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 8]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, at[0])?,
            name: decode::text(row, at[1])?,
            kind: decode::choice(row, at[2], &types::AccountKind::ALL)?,
            parent: decode::optional(row, at[3], decode::integer)?,
            currency: decode::text(row, at[4])?,
            lowest: decode::optional(row, at[5], decode::decimal)?,
            active: decode::boolean(row, at[6])?,
            opened_on: decode::date(row, at[7])?,
        })
    }
}

/// A row `Balance`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Balance {
    /// Column `number`.
    pub number: Option<i64>,
    /// Column `name`.
    pub name: Option<String>,
    /// Column `kind`.
    pub kind: types::AccountKind,
    /// Column `parent`.
    pub parent: Option<i64>,
    /// Column `currency`.
    pub currency: Option<String>,
    /// Column `active`.
    pub active: bool,
    /// Column `debit`.
    pub debit: value::Decimal,
    /// Column `credit`.
    pub credit: value::Decimal,
    /// Positive on the side where the account grows.
    pub balance: value::Decimal,
}

impl Balance {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 9]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::optional(row, at[0], decode::integer)?,
            name: decode::optional(row, at[1], decode::text)?,
            kind: decode::choice(row, at[2], &types::AccountKind::ALL)?,
            parent: decode::optional(row, at[3], decode::integer)?,
            currency: decode::optional(row, at[4], decode::text)?,
            active: decode::boolean(row, at[5])?,
            debit: decode::decimal(row, at[6])?,
            credit: decode::decimal(row, at[7])?,
            balance: decode::decimal(row, at[8])?,
        })
    }
}

/// A row `Entry`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Column `id`.
    pub id: u64,
    /// Column `entry_date`.
    pub entry_date: chrono::NaiveDate,
    /// Column `period`.
    pub period: String,
    /// Column `description`.
    pub description: String,
    /// Column `reference`.
    pub reference: Option<String>,
    /// Column `status`.
    pub status: types::EntryStatus,
    /// Column `reverses_id`.
    pub reverses_id: Option<u64>,
    /// Labels.
    pub metadata: serde_json::Value,
    /// Column `posted_at`.
    pub posted_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `line_count`.
    pub line_count: i64,
    /// Sum of the debits.
    pub total: value::Decimal,
}

impl Entry {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 11]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, at[0])?,
            entry_date: decode::date(row, at[1])?,
            period: decode::text(row, at[2])?,
            description: decode::text(row, at[3])?,
            reference: decode::optional(row, at[4], decode::text)?,
            status: decode::choice(row, at[5], &types::EntryStatus::ALL)?,
            reverses_id: decode::optional(row, at[6], decode::unsigned)?,
            metadata: decode::json_object(row, at[7])?,
            posted_at: decode::optional(row, at[8], decode::date_time)?,
            line_count: decode::integer(row, at[9])?,
            total: decode::decimal(row, at[10])?,
        })
    }
}

/// A row `Posting`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Posting {
    /// Column `id`.
    pub id: u64,
    /// Column `line`.
    pub line: i64,
    /// Column `account`.
    pub account: i64,
    /// Column `name`.
    pub name: String,
    /// Column `debit`.
    pub debit: value::Decimal,
    /// Column `credit`.
    pub credit: value::Decimal,
    /// Column `memo`.
    pub memo: Option<String>,
}

impl Posting {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 7]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, at[0])?,
            line: decode::integer(row, at[1])?,
            account: decode::integer(row, at[2])?,
            name: decode::text(row, at[3])?,
            debit: decode::decimal(row, at[4])?,
            credit: decode::decimal(row, at[5])?,
            memo: decode::optional(row, at[6], decode::text)?,
        })
    }
}
