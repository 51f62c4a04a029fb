//! What PostgreSQL's catalog says: types, tables, and functions that may change something.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Executor as _, Row as _};

use crate::sql::wire;

use super::super::facts::{ColumnRef, Effect, ForeignKey, Index, SqlType, Table, TableColumn};
use super::effect::ANYTHING;

/// What the catalog says about types, functions and columns.
#[derive(Default)]
pub(super) struct Catalog {
    pub(super) types: BTreeMap<u32, Type>,
    /// Functions that may change something, by name, and what they may do.
    pub(super) volatile: BTreeMap<String, Effect>,
    /// Functions of the schema whose names the server's own functions have too.
    pub(super) shadowing: BTreeSet<String>,
    /// The names of all functions.
    pub(super) functions: BTreeSet<String>,
    /// Columns by table and position.
    pub(super) columns: BTreeMap<(u32, i16), ColumnRef>,
}

/// A type of the database.
pub(super) struct Type {
    /// Its name as a cast takes it.
    pub(super) shown: String,
    pub(super) kind: Option<SqlType>,
    /// The values of an enum.
    pub(super) choices: Option<Vec<String>>,
    /// Whether it is a type of functions' arguments alone, which no value has.
    pub(super) pseudo: bool,
}

/// What a volatile function may do; `own` says that it is neither the server's nor an extension's.
fn called(name: &str, own: bool) -> Option<Effect> {
    let nothing = Effect::default();
    match name {
        _ if own => Some(ANYTHING),
        "nextval" => Some(Effect { inserts: true, ..nothing }),
        _ if name.starts_with("pg_advisory_") || name.starts_with("pg_try_advisory_") => {
            Some(Effect { locks: true, ..nothing })
        }
        _ if HARMLESS.contains(&name) => None,
        _ => Some(ANYTHING),
    }
}

/// Functions of the server and of extensions that are volatile and change nothing that anybody
/// could see.
const HARMLESS: &[&str] = &[
    "clock_timestamp",
    "current_query",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "lastval",
    "pg_blocking_pids",
    "pg_current_wal_lsn",
    "pg_database_size",
    "pg_indexes_size",
    "pg_is_in_recovery",
    "pg_last_xact_replay_timestamp",
    "pg_lock_status",
    "pg_partition_ancestors",
    "pg_partition_tree",
    "pg_prepared_xact",
    "pg_relation_size",
    "pg_sequence_last_value",
    "pg_sleep",
    "pg_stat_statements",
    "pg_table_size",
    "pg_tablespace_size",
    "pg_total_relation_size",
    "random",
    "random_normal",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    // Of a time of day it counts as volatile in earlier versions: it asks what day it is.
    "timezone",
];

/// Volatile functions and aggregates of them, and whether one of the name is neither the server's nor an extension's.
const VOLATILE: &str = r#"
SELECT p.proname::text AS name,
       bool_or(n.nspname <> 'pg_catalog' AND NOT EXISTS (
           SELECT FROM pg_depend d
           WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')) AS own
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.provolatile = 'v' AND p.prokind = 'f'
   -- The server's own do not write, whatever a version calls the functions behind them.
   OR n.nspname <> 'pg_catalog' AND EXISTS (
       SELECT FROM pg_aggregate a JOIN pg_proc f ON f.oid IN (a.aggtransfn, a.aggfinalfn)
       WHERE a.aggfnoid = p.oid AND f.provolatile = 'v')
GROUP BY p.proname
"#;

/// What is known of the server's functions is not true of these.
const SHADOWING: &str = r#"
SELECT DISTINCT p.proname::text AS name
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND (EXISTS (SELECT FROM pg_proc o WHERE o.proname = p.proname AND o.pronamespace = 'pg_catalog'::regnamespace)
       OR p.proname IN ('similarity', 'uuid_generate_v4'))
"#;

impl Catalog {
    /// Reads types and functions.
    pub(super) async fn read(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        // Plans are made for no value in particular, so that none is left out of them.
        connection.execute("SET plan_cache_mode = force_generic_plan").await?;
        let rows = connection.fetch_all(TYPES).await?;
        let mut raw: BTreeMap<u32, RawType> = BTreeMap::new();
        for row in &rows {
            let oid: Oid = row.try_get("oid")?;
            raw.insert(oid.0, RawType::of(row)?);
        }
        for (oid, found) in &raw {
            let kind = found.kind(&raw, 0);
            let choices = found.enumerated(&raw);
            let pseudo = found.form == "p";
            self.types.insert(*oid, Type { shown: found.shown.clone(), kind, choices, pseudo });
        }
        for row in connection.fetch_all(VOLATILE).await? {
            let name: String = row.try_get("name")?;
            if let Some(effect) = called(&name, row.try_get("own")?) {
                self.volatile.insert(name, effect);
            }
        }
        let functions = "SELECT DISTINCT proname::text AS name FROM pg_proc";
        for row in connection.fetch_all(functions).await? {
            self.functions.insert(row.try_get("name")?);
        }
        for row in connection.fetch_all(SHADOWING).await? {
            self.shadowing.insert(row.try_get("name")?);
        }
        Ok(())
    }

    /// Every table and view.
    pub(super) async fn tables(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<BTreeMap<String, Table>, sqlx::Error> {
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        for row in connection.fetch_all(COLUMNS).await? {
            let oid: Oid = row.try_get("table")?;
            let name: String = row.try_get("name")?;
            names.insert(oid.0, name.clone());
            let view: bool = row.try_get("view")?;
            let comment = row.try_get("table_comment")?;
            let table = tables.entry(name.clone()).or_insert_with(|| Table {
                view,
                comment,
                ..Table::default()
            });
            let column = self.column(&row)?;
            let reference = ColumnRef { table: name, column: column.name.clone() };
            self.columns.insert((oid.0, row.try_get("position")?), reference);
            table.columns.push(column);
        }
        for row in connection.fetch_all(CONSTRAINTS).await? {
            let oid: Oid = row.try_get("table")?;
            let Some(table) = names.get(&oid.0).and_then(|name| tables.get_mut(name)) else {
                continue;
            };
            let columns: Vec<String> = row.try_get("columns")?;
            match row.try_get_unchecked::<String, _>("kind")?.as_str() {
                "p" => table.primary_key = columns,
                "f" => table.foreign_keys.push(ForeignKey {
                    columns,
                    table: row.try_get("other")?,
                    references: row.try_get("references")?,
                }),
                _ => {
                    let definition: String = row.try_get("definition")?;
                    if let ([name], Some(choices)) = (columns.as_slice(), checked(&definition))
                        && let Some(column) = table.columns.iter_mut().find(|c| c.name == *name)
                    {
                        column.choices.get_or_insert(choices);
                    }
                }
            }
        }
        for row in connection.fetch_all(INDEXES).await? {
            let oid: Oid = row.try_get("table")?;
            if let Some(table) = names.get(&oid.0).and_then(|name| tables.get_mut(name)) {
                table.indexes.push(Index {
                    name: row.try_get("name")?,
                    columns: row.try_get("columns")?,
                    unique: row.try_get("unique")?,
                });
            }
        }
        Ok(tables)
    }

    fn column(&self, row: &PgRow) -> Result<TableColumn, sqlx::Error> {
        let ty: Oid = row.try_get("type")?;
        let found = self.types.get(&ty.0);
        let declared: String = row.try_get("declared")?;
        let view: bool = row.try_get("view")?;
        let not_null: bool = row.try_get("not_null")?;
        let default: Option<String> = row.try_get("default")?;
        let generated: bool = row.try_get("generated")?;
        let identity: bool = row.try_get("identity")?;
        let numbered =
            identity || default.as_deref().is_some_and(|text| text.starts_with("nextval("));
        Ok(TableColumn {
            name: row.try_get("column")?,
            kind: found.and_then(|ty| ty.kind.clone()),
            nullable: view || !not_null,
            default: default.filter(|_| !generated),
            generated,
            max_length: width(&declared),
            numbered,
            range: found.and_then(|ty| wire::range(&ty.shown)),
            choices: found.and_then(|ty| ty.choices.clone()),
            comment: row.try_get("comment")?,
            declared,
        })
    }
}

/// A row of `pg_type`.
struct RawType {
    name: String,
    shown: String,
    form: String,
    category: String,
    item: u32,
    base: u32,
    /// The type of a range's bounds.
    bound: u32,
    labels: Option<Vec<String>>,
    /// The types of a row's fields.
    fields: Vec<u32>,
}

impl RawType {
    fn of(row: &PgRow) -> Result<Self, sqlx::Error> {
        let item: Oid = row.try_get("item")?;
        let base: Oid = row.try_get("base")?;
        let bound: Oid = row.try_get("bound")?;
        Ok(Self {
            name: row.try_get("name")?,
            shown: row.try_get("shown")?,
            form: row.try_get("form")?,
            category: row.try_get("category")?,
            item: item.0,
            base: base.0,
            bound: bound.0,
            labels: row.try_get("labels")?,
            fields: row.try_get::<Vec<Oid>, _>("fields")?.into_iter().map(|oid| oid.0).collect(),
        })
    }

    /// The type that mcpgen knows; none for one that it cannot bind and decode.
    fn kind(&self, all: &BTreeMap<u32, Self>, depth: usize) -> Option<SqlType> {
        if depth > 8 {
            return None;
        }
        match (self.form.as_str(), self.category.as_str()) {
            ("d", _) => all.get(&self.base)?.kind(all, depth + 1),
            ("e", _) => Some(SqlType::Text),
            ("c", _) => {
                // A list of rows is read as a field, and by itself it is not.
                let read = |field: &u32| {
                    let ty = all.get(field)?;
                    let item = all.get(&ty.item).filter(|_| ty.category == "A").unwrap_or(ty);
                    item.kind(all, depth + 1)
                };
                self.fields.iter().all(|field| read(field).is_some()).then_some(SqlType::Composite)
            }
            ("r", _) => {
                let bound = all.get(&self.bound)?.kind(all, depth + 1)?;
                // Bounds of these have text of their own.
                let plain = !matches!(
                    bound,
                    SqlType::Array(_) | SqlType::Composite | SqlType::Range | SqlType::Json
                );
                plain.then_some(SqlType::Range)
            }
            ("p", _) if self.name == "void" => Some(SqlType::Text),
            ("b", "A") if self.item != 0 => {
                let item = all.get(&self.item)?.kind(all, depth + 1)?;
                let plain = !matches!(item, SqlType::Array(_) | SqlType::Composite);
                plain.then(|| SqlType::Array(Box::new(item)))
            }
            ("b", _) => Some(match self.name.as_str() {
                "int2" | "int4" | "int8" | "oid" | "xid" | "cid" => SqlType::Integer,
                "float4" | "float8" => SqlType::Real,
                "numeric" => SqlType::Decimal,
                "bool" => SqlType::Boolean,
                "text" | "varchar" | "bpchar" | "name" | "char" | "citext" | "xml" | "jsonpath"
                | "ltree" | "lquery" | "ltxtquery" | "refcursor" => SqlType::Text,
                "bytea" => SqlType::Blob,
                "date" => SqlType::Date,
                "time" => SqlType::Time,
                "timestamp" | "timestamptz" => SqlType::DateTime,
                "interval" => SqlType::Interval,
                "uuid" => SqlType::Uuid,
                "json" | "jsonb" => SqlType::Json,
                "inet" | "cidr" => SqlType::Inet,
                "macaddr" | "macaddr8" => SqlType::MacAddress,
                "bit" | "varbit" => SqlType::Bits,
                _ => return None,
            }),
            _ => None,
        }
    }

    /// The values of an enum, or of a domain over one.
    fn enumerated(&self, all: &BTreeMap<u32, Self>) -> Option<Vec<String>> {
        match self.form.as_str() {
            "d" => all.get(&self.base)?.enumerated(all),
            _ => self.labels.clone(),
        }
    }
}

const TYPES: &str = r#"
SELECT t.oid, t.typname::text AS name, format_type(t.oid, -1) AS shown, t.typtype::text AS form,
       t.typcategory::text AS category, t.typelem AS item, t.typbasetype AS base,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
        FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       coalesce(r.rngsubtype, 0) AS bound,
       ARRAY(SELECT a.atttypid FROM pg_attribute a
             WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
               AND NOT a.attisdropped) AS fields
FROM pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid
"#;

/// Tables that are in the search path have a short name. NOT NULL is what holds of every row that can
/// be read: a constraint that was not validated does not, nor does that of a foreign table, of a table
/// with rules that answer in its place, or of a parent whose children have none. A domain's own NOT NULL
/// does not keep NULL out of a column: https://www.postgresql.org/docs/current/sql-createdomain.html.
const COLUMNS: &str = r#"
SELECT c.oid AS "table",
       CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END AS name,
       c.relkind IN ('v', 'm') AS view, obj_description(c.oid, 'pg_class') AS table_comment,
       a.attnum AS position, a.attname::text AS "column", a.atttypid AS "type",
       format_type(a.atttypid, a.atttypmod) AS declared,
       a.attnotnull AND c.relkind <> 'f' AND NOT EXISTS (
           SELECT FROM pg_constraint k
           WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
       ) AND NOT EXISTS (
           SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.is_instead AND r.ev_type <> '1'
       ) AND NOT EXISTS (
           WITH RECURSIVE below (id) AS (
               SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid
               UNION SELECT i.inhrelid FROM pg_inherits i JOIN below b ON i.inhparent = b.id)
           SELECT FROM below b JOIN pg_attribute o ON o.attrelid = b.id AND o.attname = a.attname
           WHERE NOT o.attnotnull
       ) AS not_null, pg_get_expr(d.adbin, d.adrelid) AS "default",
       a.attidentity <> '' AS identity, a.attgenerated <> '' AS generated,
       col_description(c.oid, a.attnum) AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
ORDER BY name, a.attnum
"#;

const CONSTRAINTS: &str = r#"
SELECT k.conrelid AS "table", k.contype::text AS kind, pg_get_constraintdef(k.oid) AS definition,
       CASE WHEN pg_table_is_visible(o.oid) THEN o.relname::text
            ELSE o.relnamespace::regnamespace || '.' || o.relname END AS other,
       coalesce((SELECT array_agg(a.attname::text ORDER BY u.at)
        FROM unnest(k.conkey) WITH ORDINALITY AS u (number, at)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number), '{}') AS columns,
       coalesce((SELECT array_agg(a.attname::text ORDER BY u.at)
        FROM unnest(k.confkey) WITH ORDINALITY AS u (number, at)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number), '{}') AS references
FROM pg_constraint k LEFT JOIN pg_class o ON o.oid = k.confrelid
WHERE k.contype IN ('p', 'f', 'c') AND k.conrelid <> 0
ORDER BY k.conrelid, k.conname
"#;

const INDEXES: &str = r#"
SELECT i.indrelid AS "table", c.relname::text AS name, i.indisunique AS "unique",
       (SELECT array_agg(a.attname::text ORDER BY u.at)
        FROM unnest(i.indkey) WITH ORDINALITY AS u (number, at)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisprimary AND i.indisvalid
ORDER BY i.indrelid, c.relname
"#;

/// The n of `character varying(n)`.
fn width(declared: &str) -> Option<u64> {
    let (name, rest) = declared.split_once('(')?;
    let text = matches!(name, "character varying" | "character");
    text.then(|| rest.strip_suffix(')')?.parse().ok()).flatten()
}

/// What `CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))` allows: PostgreSQL's own writing of
/// `CHECK (status IN ('a', 'b'))`.
fn checked(definition: &str) -> Option<Vec<String>> {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^CHECK \(\(+"?[\w$]+"?\)?(?:::[a-z ]+)?\)? = ANY \(+ARRAY\[(.*)\]\)?(?:::[a-z ]+\[\])?\)+$"#)
            .expect("a pattern")
    });
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\(?'((?:[^']|'')*)'(?:::[a-z ]+)*\)?(?:::[a-z ]+)?|(-?\d+))$")
            .expect("a pattern")
    });
    let list = LIST.captures(definition)?;
    let items = list[1].split(", ").map(|item| {
        let item = ITEM.captures(item)?;
        let text = item.get(1).or_else(|| item.get(2))?;
        Some(text.as_str().replace("''", "'"))
    });
    items.collect()
}
