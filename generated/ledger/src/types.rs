//! Types that several params share.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::runtime::{format, input, value};

/// Reads the type `AccountNumber`.
pub fn account_number(input: input::Input) -> input::Read<input::Checked<i64>> {
    input.integer()?.minimum(1000)?.maximum(9999)
}

/// Where the account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AccountKind {
    /// `asset`.
    #[serde(rename = "asset")]
    Asset,
    /// `liability`.
    #[serde(rename = "liability")]
    Liability,
    /// `equity`.
    #[serde(rename = "equity")]
    Equity,
    /// `income`.
    #[serde(rename = "income")]
    Income,
    /// `expense`.
    #[serde(rename = "expense")]
    Expense,
}

impl AccountKind {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 5] = [
        ("asset", Self::Asset),
        ("liability", Self::Liability),
        ("equity", Self::Equity),
        ("income", Self::Income),
        ("expense", Self::Expense),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Equity => "equity",
            Self::Income => "income",
            Self::Expense => "expense",
        }
    }
}

/// Reads the type `AccountKind`.
pub fn account_kind(input: input::Input) -> input::Read<input::Checked<AccountKind>> {
    input.choice(&AccountKind::ALL)
}

/// `EntryStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum EntryStatus {
    /// `draft`.
    #[serde(rename = "draft")]
    Draft,
    /// `posted`.
    #[serde(rename = "posted")]
    Posted,
}

impl EntryStatus {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 2] = [
        ("draft", Self::Draft),
        ("posted", Self::Posted),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Posted => "posted",
        }
    }
}

/// Reads the type `EntryStatus`.
pub fn entry_status(input: input::Input) -> input::Read<input::Checked<EntryStatus>> {
    input.choice(&EntryStatus::ALL)
}

/// Reads the type `EntryId`.
pub fn entry_id(input: input::Input) -> input::Read<input::Checked<u64>> {
    input.unsigned()?.minimum(1)
}

/// Reads the type `Currency`.
pub fn currency(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^[A-Z]{3}$").expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })
}

/// Reads the type `Amount`.
pub fn amount(input: input::Input) -> input::Read<input::Checked<value::Decimal>> {
    input.parsed("a decimal number in a string, like \"12.50\"", format::decimal)
}

/// Reads the type `Period`.
pub fn period(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^20[0-9]{2}-(0[1-9]|1[0-2])$")
                    .expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })
}

/// Reads the type `Year`.
pub fn year(input: input::Input) -> input::Read<input::Checked<i64>> {
    input.integer()?.minimum(2000)?.maximum(2099)
}

/// Reads the type `Key`.
pub fn key(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^[a-z][a-z_]{0,39}$").expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })
}

/// Labels of an entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Labels {
    /// `customer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// `cost_centre`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_centre: Option<String>,
    /// `tags`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

impl Labels {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let customer = fields
            .optional("customer", |input| Ok(input.text()?.max_length(80)?.value));
        let cost_centre = fields
            .optional("cost_centre", |input| Ok(input.text()?.max_length(40)?.value));
        let tags = fields
            .optional(
                "tags",
                |input| Ok(
                    input
                        .array(|input| Ok(input.text()?.max_length(40)?.value))?
                        .max_items(10)?
                        .value,
                ),
            );
        fields
            .finish(|| Some(Self {
                customer: customer?,
                cost_centre: cost_centre?,
                tags: tags?,
            }))
    }
}

/// Reads the type `Labels`.
pub fn labels(input: input::Input) -> input::Read<input::Checked<Labels>> {
    input.object(input::Unknown::Refuse, Labels::read)
}

/// A debit or a credit, not both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Number of an account.
    pub account: i64,
    /// Four places at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit: Option<value::Decimal>,
    /// Four places at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<value::Decimal>,
    /// `memo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
}

impl Line {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let account = fields
            .required("account", |input| Ok(account_number(input)?.value));
        let debit = fields.optional("debit", |input| Ok(amount(input)?.value));
        let credit = fields.optional("credit", |input| Ok(amount(input)?.value));
        let memo = fields
            .optional("memo", |input| Ok(input.text()?.max_length(200)?.value));
        fields
            .finish(|| Some(Self {
                account: account?,
                debit: debit?,
                credit: credit?,
                memo: memo?,
            }))
    }
}

/// Reads the type `Line`.
pub fn line(input: input::Input) -> input::Read<input::Checked<Line>> {
    input.object(input::Unknown::Refuse, Line::read)
}
