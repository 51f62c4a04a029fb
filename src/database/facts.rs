//! What a database said about a spec's tables and statements.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rights::Needs;

/// Everything that the database said about one spec.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Which of the servers that speak MySQL's protocol was asked; none for other engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flavour: Option<Flavour>,
    /// Tables and views by name.
    pub tables: BTreeMap<String, Table>,
    /// Statements by their place in the spec: `tools/get_user`, `tools/transfer_role/giver`,
    /// `resources/user`, `resources/user/watch`, `resources/user/complete/id`, `prompts/review_role/holders`.
    pub statements: BTreeMap<String, StatementFacts>,
}

/// The servers that speak MySQL's protocol. Their SQL differs: RETURNING, JSON, UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flavour {
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

/// A table or a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Columns in order.
    pub columns: Vec<TableColumn>,
    /// Columns of the primary key, in order.
    pub primary_key: Vec<String>,
    /// Foreign keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes, unique constraints among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Whether it is a view.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub view: bool,
    /// What the database keeps as its comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// The declared type as written or as the database says it: `VARCHAR(254)`, `numeric(12,2)`.
    pub declared: String,
    /// The type behind it, where mcpgen knows one.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SqlType>,
    /// Whether it can be NULL. An INTEGER PRIMARY KEY cannot.
    pub nullable: bool,
    /// The default as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether the database computes it (generated column).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub generated: bool,
    /// Most characters, from `varchar(n)` or `char(n)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// Whether the database numbers rows in it (identity, serial, AUTO_INCREMENT).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub numbered: bool,
    /// Least and greatest value, where the integer type is narrower than 64 bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(i64, i64)>,
    /// The values that an enum or a `CHECK (column IN ('a', 'b'))` allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
    /// What the database keeps as its comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl TableColumn {
    /// Whether MySQL sorts it by numbers and compares it as text: an ENUM or a SET.
    #[must_use]
    pub fn is_numbered_text(&self) -> bool {
        ["enum(", "set("].iter().any(|word| self.declared.starts_with(word))
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The other table.
    pub table: String,
    /// Columns of the other table.
    pub references: Vec<String>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its columns; an expression is given as `null`.
    pub columns: Vec<Option<String>>,
    /// Whether it is unique.
    pub unique: bool,
}

/// What the database said about one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFacts {
    /// SHA-256 of the author's text together with sort and page, in hex: tells a stale lock.
    pub digest: String,
    /// What it does.
    pub effect: Effect,
    /// Result columns in order; empty when it returns no rows.
    pub columns: Vec<ResultColumn>,
    /// What is known of each binding, by dotted name: `filters.role`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bindings: BTreeMap<String, BindingFacts>,
    /// What it must be allowed to do, where a server was asked on which a role could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Needs>,
}

/// What a statement does. More than one may be true: `INSERT … ON CONFLICT DO UPDATE`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// It adds rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inserts: bool,
    /// It changes rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub updates: bool,
    /// It deletes rows, or replaces them (`INSERT OR REPLACE`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deletes: bool,
    /// It locks what it reads (`SELECT … FOR UPDATE`), which a connection that cannot write may not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locks: bool,
}

impl Effect {
    /// Whether it changes nothing and locks nothing.
    #[must_use]
    pub fn reads_only(self) -> bool {
        !(self.inserts || self.updates || self.deletes || self.locks)
    }
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultColumn {
    /// Its name, or alias.
    pub name: String,
    /// Whether the name is mcpgen's, so that no SQL around the statement can use it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub renamed: bool,
    /// Its type, where the database or the statement's text lets one know.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SqlType>,
    /// The database's name of its type, where that is one that mcpgen does not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
    /// Whether it can be NULL: false only where that is certain.
    pub nullable: bool,
    /// The table's column that it passes on unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ColumnRef>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ColumnRef {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// What is known of a binding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingFacts {
    /// Columns that it is assigned to, unchanged (INSERT, SET).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assigned: Vec<ColumnRef>,
    /// Columns that it is compared with, unchanged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<ColumnRef>,
    /// Columns that are looked for in it as a list (`IN (:ids)`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<ColumnRef>,
    /// Its type, where the database says it: PostgreSQL does.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SqlType>,
    /// The type that goes with what it stands beside (`LIKE`, a function), where nothing above says
    /// it: a param without a type has this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<SqlType>,
    /// The same in the database's words, as a cast takes it: `numeric`, `text[]`, `order_status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// The values that it takes, where its type is an enum of the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
}

/// A type that mcpgen knows how to bind and to decode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SqlType {
    /// A whole number of 64 bits or fewer.
    Integer,
    /// A whole number of 64 bits without a sign.
    Unsigned,
    /// A floating point number of 64 bits or fewer.
    Real,
    /// An exact number, a decimal string in JSON.
    Decimal,
    /// Text.
    Text,
    /// True or false; 0 and 1 in SQLite and MySQL.
    Boolean,
    /// Bytes, base64 in JSON.
    Blob,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A moment; UTC where the database keeps no zone.
    DateTime,
    /// A length of time in months, days and seconds, ISO 8601 in JSON.
    Interval,
    /// A UUID as text.
    Uuid,
    /// Any JSON value.
    Json,
    /// An address of a host or a network.
    Inet,
    /// A hardware address.
    MacAddress,
    /// A string of bits, as 0s and 1s.
    Bits,
    /// A range, in PostgreSQL's own words: `[1,10)`.
    Range,
    /// A row of several values, an object in JSON.
    Composite,
    /// A list of values, any of which can be NULL.
    Array(Box<SqlType>),
}
