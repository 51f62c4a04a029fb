//! PostgreSQL: the server says types of params and of results, and its planner what is written.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::LazyLock;

use regex::Regex;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{
    PgConnectOptions, PgConnection, PgDatabaseError, PgErrorPosition, PgRow, PgTypeInfo,
};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Either, Executor as _, Row as _,
    SqlSafeStr as _, Statement as _, TypeInfo as _,
};

use crate::diagnostic::Code;
use crate::ir::Engine;
use crate::sql::analyze::{Analysis, analyze};
use crate::sql::{Problem, Rendered, Style, Template, wire};

use super::command::{Command, command};
use super::facts::{
    BindingFacts, ColumnRef, Effect, Flavour, ForeignKey, Index, ResultColumn, SqlType,
    StatementFacts, Table, TableColumn,
};
use super::live::{Aside, FullText};
use super::server::Server;
use super::words::{column_help, leading_space, named_tables, table_help, word};
use super::{Request, bindings, merge};

/// A connection to PostgreSQL.
pub(super) struct Postgres {
    connection: PgConnection,
    catalog: Catalog,
}

/// What the catalog says about types, functions and columns.
#[derive(Default)]
struct Catalog {
    types: BTreeMap<u32, Type>,
    /// Functions that may change something, by name.
    volatile: BTreeSet<String>,
    /// Columns by table and position.
    columns: BTreeMap<(u32, i16), ColumnRef>,
}

/// A type of the database.
struct Type {
    /// Its name as a cast takes it.
    shown: String,
    kind: Option<SqlType>,
    /// The values of an enum.
    choices: Option<Vec<String>>,
    /// Whether it is a type of functions' arguments alone, which no value has.
    pseudo: bool,
}

impl Server for Postgres {
    const ENGINE: Engine = Engine::Postgres;

    async fn connect(url: &str, database: Option<&str>, read_only: bool) -> Result<Self, String> {
        let mut options = PgConnectOptions::from_str(url)
            .map_err(|_| "the URL cannot be read".to_owned())?
            .log_statements(log::LevelFilter::Off);
        if let Some(database) = database {
            options = options.database(database);
        }
        if read_only {
            options = options.options([("default_transaction_read_only", "on")]);
        }
        let connection = options.connect().await.map_err(|error| shown(&error))?;
        Ok(Self { connection, catalog: Catalog::default() })
    }

    async fn create(&mut self, database: &str) -> Result<(), String> {
        let create = format!("CREATE DATABASE \"{database}\" TEMPLATE template0");
        run(&mut self.connection, create).await.map_err(|error| {
            if error.contains("permission denied") {
                "the user may not make a scratch database: ALTER ROLE … CREATEDB".to_owned()
            } else {
                error
            }
        })
    }

    async fn drop(&mut self, database: &str) -> Result<(), String> {
        let others = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        );
        run(&mut self.connection, others).await?;
        run(&mut self.connection, format!("DROP DATABASE IF EXISTS \"{database}\"")).await
    }

    async fn migrate(&mut self, sql: &str) -> Result<(), (Option<usize>, String)> {
        let begin = run(&mut self.connection, "BEGIN".to_owned()).await;
        begin.map_err(|message| (None, message))?;
        let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.connection).await;
        ran.map_err(|error| (place(&error, sql), shown(&error)))?;
        run(&mut self.connection, "COMMIT".to_owned()).await.map_err(|message| (None, message))
    }

    async fn flavour(&mut self) -> Result<Option<Flavour>, String> {
        Ok(None)
    }

    async fn tables(&mut self) -> Result<BTreeMap<String, Table>, String> {
        self.catalog.read(&mut self.connection).await.map_err(|error| shown(&error))?;
        self.read_tables().await.map_err(|error| shown(&error))
    }

    async fn asides(&mut self) -> Result<(String, BTreeMap<String, Aside>), String> {
        self.read_asides().await.map_err(|error| shown(&error))
    }

    async fn statement(
        &mut self,
        request: &Request<'_>,
        tables: &BTreeMap<String, Table>,
    ) -> Result<StatementFacts, Box<Problem>> {
        let (author, forms) =
            request.templates.split_first().expect("at least the author's own form");
        let plain = Style::of(Engine::Postgres);
        let full = author.render(author.full(), &plain);
        let start = full.author_offset(leading_space(&full.sql));
        let command = command(&full.sql, Engine::Postgres).map_err(|(message, help)| {
            Box::new(Problem::new(Code::InvalidEffect, start..start + 1, message, help))
        })?;
        // With every clause there is everything that is bound: the types are known from here on.
        let (parameters, _) = self.prepare(&full, &[], tables).await?;
        let analysis = analyze(&full.sql, tables, Engine::Postgres);
        let mut bound =
            analysis.as_ref().map(|analysis| bindings(analysis, &full)).unwrap_or_default();
        let mut style = plain.clone();
        let mut types = self.typed(&full, &parameters, &mut bound, &mut style)?;
        let mut effect = self.effect(&full, &parameters, command).await;
        let mut known: Option<Vec<ResultColumn>> = None;
        for mask in author.masks() {
            let rendered = author.render(mask, &style);
            let (_, columns) = self.prepare(&rendered, &types, tables).await?;
            let read = author.render(mask, &plain);
            if mask == 0 && author.clauses() > 0 {
                effect = union(effect, self.effect(&read, &parameters, command).await);
            }
            let analysis = analyze(&read.sql, tables, Engine::Postgres);
            let columns = self.columns(columns, analysis.as_ref());
            match &mut known {
                None => known = Some(columns),
                Some(first) => merge(first, columns, author, mask)?,
            }
        }
        for form in forms {
            self.form(form, tables, &mut bound, &mut types).await;
        }
        Ok(StatementFacts {
            digest: request.digest.clone(),
            effect,
            columns: known.unwrap_or_default(),
            bindings: bound,
        })
    }
}

/// A column of a prepared statement.
struct Prepared {
    name: String,
    oid: Option<u32>,
    table: Option<(u32, i16)>,
}

impl Postgres {
    /// Prepares a variant: the types of its params, and its columns.
    async fn prepare(
        &mut self,
        rendered: &Rendered,
        types: &[PgTypeInfo],
        tables: &BTreeMap<String, Table>,
    ) -> Result<(Vec<PgTypeInfo>, Vec<Prepared>), Box<Problem>> {
        let sql = AssertSqlSafe(rendered.sql.clone()).into_sql_str();
        let prepared = self.connection.prepare_with(sql, types).await;
        let statement = prepared.map_err(|error| Box::new(refused(&error, rendered, tables)))?;
        let parameters = match statement.parameters() {
            Some(Either::Left(types)) => types.to_vec(),
            Some(Either::Right(_)) | None => Vec::new(),
        };
        let expected = if types.is_empty() { rendered.highest } else { types.len() };
        if parameters.len() != expected {
            let start = rendered.author_offset(leading_space(&rendered.sql));
            return Err(Box::new(Problem::new(
                Code::SqlSyntax,
                start..start + 1,
                format!("PostgreSQL sees {} bindings here, and mcpgen {expected}", parameters.len()),
                "write bindings as `:name`, outside of strings and comments",
            )));
        }
        let columns = statement
            .columns()
            .iter()
            .map(|column| Prepared {
                name: column.name().to_owned(),
                oid: column.type_info().oid().map(|oid| oid.0),
                table: column
                    .relation_id()
                    .zip(column.relation_attribute_no())
                    .map(|(table, at)| (table.0, at)),
            })
            .collect();
        Ok((parameters, columns))
    }

    /// Notes the types of params, and how each is bound. What travels as text has the type text.
    fn typed(
        &self,
        rendered: &Rendered,
        parameters: &[PgTypeInfo],
        bound: &mut BTreeMap<String, BindingFacts>,
        style: &mut Style,
    ) -> Result<Vec<PgTypeInfo>, Box<Problem>> {
        let mut types = Vec::new();
        for (name, info) in rendered.bindings.iter().zip(parameters) {
            let found = info.oid().and_then(|oid| self.catalog.types.get(&oid.0));
            let Some(Type { shown, kind, choices, .. }) = found.filter(|ty| !ty.pseudo) else {
                let start = rendered.author_offset(leading_space(&rendered.sql));
                let message = format!("`:{name}` has the type {}, which cannot be bound", info.name());
                let help = format!("cast it where it stands: `:{name}::text`");
                return Err(Box::new(Problem::new(Code::InvalidBinding, start..start + 1, message, help)));
            };
            // Any type can be given as text, also one whose values cannot be read.
            let text = || match shown.ends_with("[]") {
                true => SqlType::Array(Box::new(SqlType::Text)),
                false => SqlType::Text,
            };
            let facts = bound.entry(name.clone()).or_default();
            facts.kind = Some(kind.clone().unwrap_or_else(text));
            facts.wire = Some(shown.clone());
            facts.choices.clone_from(choices);
            match wire::cast(shown) {
                None => types.push(info.clone()),
                Some(cast) => {
                    style.casts.insert(name.clone(), cast.to_owned());
                    let text = if shown.ends_with("[]") { TEXT_ARRAY } else { TEXT };
                    types.push(PgTypeInfo::with_oid(Oid(text)));
                }
            }
        }
        Ok(types)
    }

    /// A form of `sort` or `page`: the types of what it binds more than the author. What is wrong
    /// here is one of its columns, which has a better place in the spec: it is reported there.
    async fn form(
        &mut self,
        form: &Template,
        tables: &BTreeMap<String, Table>,
        bound: &mut BTreeMap<String, BindingFacts>,
        _types: &mut [PgTypeInfo],
    ) {
        let plain = Style::of(Engine::Postgres);
        let full = form.render(form.full(), &plain);
        let Ok((parameters, _)) = self.prepare(&full, &[], tables).await else { return };
        let mut style = plain;
        let Ok(types) = self.typed(&full, &parameters, bound, &mut style) else { return };
        for mask in form.masks() {
            if self.prepare(&form.render(mask, &style), &types, tables).await.is_err() {
                return;
            }
        }
    }

    /// What a statement does: its plan says what is written, and the catalog which of the functions
    /// it names may do more.
    async fn effect(
        &mut self,
        rendered: &Rendered,
        parameters: &[PgTypeInfo],
        command: Command,
    ) -> Effect {
        let anything = Effect { inserts: true, updates: true, deletes: true, locks: false };
        if command == Command::Call {
            return anything;
        }
        let mut effect = match self.planned(rendered, parameters).await {
            Ok(plan) => plan,
            // A plan cannot be had where constants are folded into an error; the statement's own
            // word then counts, and a CTE may write.
            Err(_) if rendered.sql.to_ascii_lowercase().contains("with") => anything,
            Err(_) => command.effect(),
        };
        // Of MERGE and of ON CONFLICT the plan says no more than that it writes.
        effect = union(effect, command.effect());
        if command == Command::Insert && conflict_updates(&rendered.sql) {
            effect.updates = true;
        }
        if self.calls_volatile(&rendered.sql) { anything } else { effect }
    }

    async fn planned(
        &mut self,
        rendered: &Rendered,
        parameters: &[PgTypeInfo],
    ) -> Result<Effect, sqlx::Error> {
        let types: Vec<&str> = parameters
            .iter()
            .filter_map(|info| Some(self.catalog.types.get(&info.oid()?.0)?.shown.as_str()))
            .collect();
        let list = |items: &[&str]| {
            if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) }
        };
        let nulls = vec!["NULL"; types.len()];
        let prepare = format!("PREPARE mcpgen_asks {} AS {}", list(&types), rendered.sql);
        let explain = format!("EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE mcpgen_asks {}", list(&nulls));
        let connection = &mut self.connection;
        connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await?;
        let planned = connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(explain))).await;
        connection.execute(sqlx::raw_sql("DEALLOCATE mcpgen_asks")).await?;
        let plan: String = planned?.try_get_unchecked(0)?;
        let has = |operation: &str| plan.contains(&format!("\"Operation\": \"{operation}\""));
        Ok(Effect {
            inserts: has("Insert") || has("Merge"),
            updates: has("Update") || has("Merge"),
            deletes: has("Delete") || has("Merge"),
            locks: plan.contains("\"Node Type\": \"LockRows\""),
        })
    }

    /// Whether a statement calls a function that may change something.
    fn calls_volatile(&self, sql: &str) -> bool {
        static CALL: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r#"([A-Za-z_][A-Za-z0-9_$]*)"?\s*\("#).expect("a pattern"));
        CALL.captures_iter(sql)
            .any(|found| self.catalog.volatile.contains(&found[1].to_ascii_lowercase()))
    }

    fn columns(&self, prepared: Vec<Prepared>, analysis: Option<&Analysis>) -> Vec<ResultColumn> {
        let analysis = analysis.filter(|analysis| analysis.columns.len() == prepared.len());
        let column = |(index, column): (usize, Prepared)| {
            let origin = column.table.and_then(|at| self.catalog.columns.get(&at)).cloned();
            let kind = column.oid.and_then(|oid| self.catalog.types.get(&oid));
            ResultColumn {
                name: column.name,
                kind: kind.and_then(|ty| ty.kind.clone()),
                nullable: analysis.is_none_or(|analysis| analysis.columns[index].nullable),
                origin,
            }
        };
        prepared.into_iter().enumerate().map(column).collect()
    }

    async fn read_tables(&mut self) -> Result<BTreeMap<String, Table>, sqlx::Error> {
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        for row in self.connection.fetch_all(COLUMNS).await? {
            let oid: Oid = row.try_get("table")?;
            let name: String = row.try_get("name")?;
            names.insert(oid.0, name.clone());
            let view: bool = row.try_get("view")?;
            let comment = row.try_get("table_comment")?;
            let table = tables
                .entry(name.clone())
                .or_insert_with(|| Table { view, comment, ..Table::default() });
            let column = self.catalog.column(&row)?;
            let reference = ColumnRef { table: name, column: column.name.clone() };
            self.catalog.columns.insert((oid.0, row.try_get("position")?), reference);
            table.columns.push(column);
        }
        for row in self.connection.fetch_all(CONSTRAINTS).await? {
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
        for row in self.connection.fetch_all(INDEXES).await? {
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
}

impl Postgres {
    async fn read_asides(&mut self) -> Result<(String, BTreeMap<String, Aside>), sqlx::Error> {
        let row = self.connection.fetch_one("SELECT current_database()::text").await?;
        let database = row.try_get(0)?;
        let mut asides = BTreeMap::new();
        for row in self.connection.fetch_all(ASIDES).await? {
            let document: Option<String> = row.try_get("document")?;
            let language = row.try_get("language")?;
            let full_text = document.map(|column| FullText { columns: vec![column], language });
            let aside = Aside {
                schema: row.try_get("schema")?,
                name: row.try_get("name")?,
                hidden: row.try_get("hidden")?,
                fixed: row.try_get("fixed")?,
                ruled: row.try_get("ruled")?,
                partial: row.try_get("partial")?,
                full_text,
                ..Aside::default()
            };
            asides.insert(row.try_get("key")?, aside);
        }
        Ok((database, asides))
    }
}

/// What has to be known beside the facts. Partitions are rows of another table, and what belongs to
/// an extension is not the user's.
const ASIDES: &str = r#"
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END AS key,
       CASE WHEN NOT pg_table_is_visible(c.oid) THEN n.nspname::text END AS schema,
       c.relname::text AS name,
       c.relispartition OR EXISTS (
           SELECT 1 FROM pg_depend d
           WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
       ) AS hidden,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attidentity = 'a') AS fixed,
       EXISTS (SELECT 1 FROM pg_rewrite r
               WHERE r.ev_class = c.oid AND r.is_instead AND r.ev_type <> '1') AS ruled,
       ARRAY(SELECT x.relname::text FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
             WHERE i.indrelid = c.oid AND (i.indpred IS NOT NULL OR NOT i.indimmediate)) AS partial,
       s.attname::text AS document,
       coalesce(
           (SELECT substring(pg_get_expr(d.adbin, d.adrelid) FROM 'to_tsvector\(''([^'']+)''::regconfig')
            FROM pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = s.attnum),
           (SELECT min(substring(pg_get_triggerdef(t.oid) FROM 'tsvector_update_trigger\(''[^'']+'', ''([^'']+)'))
            FROM pg_trigger t WHERE t.tgrelid = c.oid)
       ) AS language
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT a.attname, a.attnum FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid = 'tsvector'::regtype
    ORDER BY a.attnum LIMIT 1
) s ON TRUE
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
"#;

/// OID of text and of text[], the same in every database.
const TEXT: u32 = 25;
const TEXT_ARRAY: u32 = 1009;

/// Functions that are volatile and change nothing that anybody could see.
const HARMLESS: &[&str] = &[
    "random", "random_normal", "clock_timestamp", "timeofday", "gen_random_uuid",
    "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "gen_random_bytes", "gen_salt",
    "pg_sleep", "currval", "lastval",
];

impl Catalog {
    async fn read(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
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
        let functions = connection.fetch_all("SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile = 'v' AND prokind = 'f'").await?;
        for row in functions {
            let name: String = row.try_get(0)?;
            if !HARMLESS.contains(&name.as_str()) {
                self.volatile.insert(name);
            }
        }
        Ok(())
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
    labels: Option<Vec<String>>,
}

impl RawType {
    fn of(row: &PgRow) -> Result<Self, sqlx::Error> {
        let item: Oid = row.try_get("item")?;
        let base: Oid = row.try_get("base")?;
        Ok(Self {
            name: row.try_get("name")?,
            shown: row.try_get("shown")?,
            form: row.try_get("form")?,
            category: row.try_get("category")?,
            item: item.0,
            base: base.0,
            labels: row.try_get("labels")?,
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
            ("c", _) => Some(SqlType::Composite),
            ("r" | "m", _) => matches!(
                self.name.trim_end_matches("multirange").trim_end_matches("range"),
                "int4" | "int8" | "num" | "date" | "ts" | "tstz"
            )
            .then_some(SqlType::Range),
            ("b", "A") if self.item != 0 => {
                let item = all.get(&self.item)?.kind(all, depth + 1)?;
                let plain = !matches!(item, SqlType::Array(_) | SqlType::Composite);
                plain.then(|| SqlType::Array(Box::new(item)))
            }
            ("b", _) => Some(match self.name.as_str() {
                "int2" | "int4" | "int8" | "oid" => SqlType::Integer,
                "float4" | "float8" => SqlType::Real,
                "numeric" => SqlType::Decimal,
                "bool" => SqlType::Boolean,
                "text" | "varchar" | "bpchar" | "name" | "char" | "citext" | "xml" => SqlType::Text,
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
        FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
FROM pg_type t
"#;

/// Tables that are in the search path have a short name.
const COLUMNS: &str = r#"
SELECT c.oid AS "table",
       CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END AS name,
       c.relkind IN ('v', 'm') AS view, obj_description(c.oid, 'pg_class') AS table_comment,
       a.attnum AS position, a.attname::text AS "column", a.atttypid AS "type",
       format_type(a.atttypid, a.atttypmod) AS declared,
       a.attnotnull OR t.typnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS "default",
       a.attidentity <> '' AS identity, a.attgenerated <> '' AS generated,
       col_description(c.oid, a.attnum) AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
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
        Regex::new(r"^(?:\(?'((?:[^']|'')*)'(?:::[a-z ]+)*\)?(?:::[a-z ]+)?|(-?\d+))$").expect("a pattern")
    });
    let list = LIST.captures(definition)?;
    let items = list[1].split(", ").map(|item| {
        let item = ITEM.captures(item)?;
        let text = item.get(1).or_else(|| item.get(2))?;
        Some(text.as_str().replace("''", "'"))
    });
    items.collect()
}

fn union(a: Effect, b: Effect) -> Effect {
    Effect {
        inserts: a.inserts || b.inserts,
        updates: a.updates || b.updates,
        deletes: a.deletes || b.deletes,
        locks: a.locks || b.locks,
    }
}

fn conflict_updates(sql: &str) -> bool {
    let words: Vec<String> = sql.split_whitespace().map(str::to_ascii_lowercase).collect();
    words.windows(2).any(|pair| pair[0].ends_with("do") && pair[1] == "update")
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), String> {
    let ran = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    ran.map(|_| ()).map_err(|error| shown(&error))
}

/// What a server or the way to it says, without the URL.
fn shown(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}

/// The byte of a text that an error points at.
fn place(error: &sqlx::Error, sql: &str) -> Option<usize> {
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    match error.position()? {
        PgErrorPosition::Original(at) => {
            sql.char_indices().nth(at.checked_sub(1)?).map(|(at, _)| at).or(Some(sql.len()))
        }
        PgErrorPosition::Internal { .. } => None,
    }
}

/// What PostgreSQL says about a statement, in words that help.
fn refused(error: &sqlx::Error, rendered: &Rendered, tables: &BTreeMap<String, Table>) -> Problem {
    let sql = &rendered.sql;
    let offset = place(error, sql);
    let range = offset.map(|offset| word(sql, offset));
    let start = rendered.author_offset(offset.unwrap_or_else(|| leading_space(sql)));
    let at = start..start + range.clone().map_or(1, |range| range.len());
    let found = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let Some(found) = found else {
        let (message, help) = match error {
            sqlx::Error::ColumnDecode { .. } => (
                "the statement has a type that cannot be read, such as a multirange".to_owned(),
                "cast it to text: `…::text AS name`",
            ),
            error => (format!("PostgreSQL cannot be asked: {error}"), "try again"),
        };
        return Problem::new(Code::SqlError, at, message, help);
    };
    let message = named(found.message(), rendered);
    let quoted = message.split('"').nth(1).unwrap_or_default().to_owned();
    let hint = found.hint().map(|hint| named(hint, rendered));
    let (code, message, help) = match found.code() {
        "42P01" => {
            (Code::SqlError, format!("there is no table `{quoted}`"), table_help(&quoted, tables))
        }
        "42703" => {
            let plain = quoted.rsplit('.').next().unwrap_or_default();
            let plain = if plain.is_empty() {
                range.map_or("", |range| &sql[range]).rsplit('.').next().unwrap_or_default()
            } else {
                plain
            };
            let help = column_help(plain, &named_tables(sql, tables));
            (Code::SqlError, message, help)
        }
        "42601" => {
            let help = "check what stands before this place: a comma, a keyword, a parenthesis";
            (Code::SqlSyntax, message, help.to_owned())
        }
        "42P18" | "42P08" => {
            let help = "cast the binding where it stands: `:name::text`";
            (Code::SqlError, message, help.to_owned())
        }
        _ => {
            let help = hint.unwrap_or_else(|| {
                "the words are PostgreSQL's own; https://www.postgresql.org/docs/current/sql.html says what it takes".to_owned()
            });
            (Code::SqlError, message, help)
        }
    };
    Problem::new(code, at, message, help)
}

/// A message with `:name` for `$1`.
fn named(message: &str, rendered: &Rendered) -> String {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$(\d+)").expect("a pattern"));
    let name = |found: &regex::Captures| {
        let name = found[1].parse().ok().and_then(|n: usize| rendered.bindings.get(n.checked_sub(1)?));
        name.map_or_else(|| found[0].to_owned(), |name| format!(":{name}"))
    };
    NUMBER.replace_all(message, name).into_owned()
}
