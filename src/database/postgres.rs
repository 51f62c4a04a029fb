//! PostgreSQL: the server says types of params and of results, and its planner what is written.

mod catalog;
mod effect;
mod refused;
mod role;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use futures_util::StreamExt as _;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgTypeInfo};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection as _, Either, Executor as _, Row as _,
    SqlSafeStr as _, Statement as _, TypeInfo as _,
};

use crate::diagnostic::Code;
use crate::ir::Engine;
use crate::sql::analyze::{Analysis, analyze};
use crate::sql::{Problem, Rendered, Style, Template, wire};

use super::command::command;
use super::facts::{BindingFacts, Flavour, ResultColumn, SqlType, StatementFacts, Table};
use super::least::{Attempt, Surroundings};
use super::live::{Aside, FullText};
use super::rights::Right;
use super::server::{Failed, Server, shown};
use super::words::{leading_space, unbracketed, verb};
use super::{Request, bindings, merge, rename};
use catalog::{Catalog, Type};
use effect::union;
use refused::{place, refused};

/// A connection to PostgreSQL.
pub(super) struct Postgres {
    connection: PgConnection,
    catalog: Catalog,
    /// The role that statements are tried under.
    role: String,
    /// What is granted to it, or taken, before the next attempt.
    changes: String,
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
        if let Some(host) = unbracketed(options.get_host()) {
            options = options.host(&host);
        }
        let connection = options.connect().await.map_err(|error| shown(&error))?;
        Ok(Self {
            connection,
            catalog: Catalog::default(),
            role: String::new(),
            changes: String::new(),
        })
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

    async fn migrate(&mut self, sql: &str) -> Result<(), Failed> {
        // What the runtime takes for a migration without a transaction.
        let alone = sql.starts_with("-- no-transaction");
        let own = |message| Failed { at: None, done: 0, message, help: None };
        if !alone {
            run(&mut self.connection, "BEGIN".to_owned()).await.map_err(own)?;
        }
        let mut done = 0;
        let mut running = self.connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
        while let Some(item) = running.next().await {
            match item {
                Ok(Either::Left(_)) => done += 1,
                Ok(Either::Right(_)) => {}
                Err(error) => {
                    let help = match error.as_database_error().and_then(|error| error.code()) {
                        Some(code) if code == "25001" => Some(ALONE),
                        Some(code) if code == "55P04" => {
                            Some("use the new value in the next migration")
                        }
                        _ => None,
                    };
                    return Err(Failed {
                        at: place(&error, sql),
                        done,
                        message: shown(&error),
                        help,
                    });
                }
            }
        }
        drop(running);
        if alone {
            Ok(())
        } else {
            run(&mut self.connection, "COMMIT".to_owned()).await.map_err(own)
        }
    }

    async fn ping(&mut self) -> Result<(), String> {
        self.connection.ping().await.map_err(|error| shown(&error))
    }

    async fn flavour(&mut self) -> Result<Option<Flavour>, String> {
        Ok(None)
    }

    async fn tables(&mut self) -> Result<BTreeMap<String, Table>, String> {
        self.catalog.read(&mut self.connection).await.map_err(|error| shown(&error))?;
        self.catalog.tables(&mut self.connection).await.map_err(|error| shown(&error))
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
        let at = full.author_range(verb(&full.sql));
        let command = command(&full.sql, Engine::Postgres).map_err(|(message, help)| {
            Box::new(Problem::new(Code::InvalidEffect, at, message, help))
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
            let mut analysis = analyze(&read.sql, tables, Engine::Postgres);
            if self.shadowed(&read.sql) {
                let columns = analysis.iter_mut().flat_map(|analysis| &mut analysis.columns);
                columns.for_each(|column| column.nullable = true);
            }
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
            needs: None,
        })
    }

    async fn enlist(&mut self, _: &str, database: &str) -> Result<bool, String> {
        database.clone_into(&mut self.role);
        self.make_role().await.map_err(|error| shown(&error))
    }

    async fn allow(&mut self, rights: &[&Right], give: bool) -> Result<(), String> {
        self.change_role(rights, give);
        Ok(())
    }

    /// Begins anew: the longer the transaction, the longer everything takes in it.
    async fn disallow(&mut self, _: &BTreeSet<Right>) -> Result<(), String> {
        self.changes.clear();
        run(&mut self.connection, "ROLLBACK".to_owned()).await?;
        self.make_role().await.map(|_| ()).map_err(|error| shown(&error))
    }

    async fn attempt(
        &mut self,
        variant: &Rendered,
        facts: &StatementFacts,
    ) -> Result<Attempt, String> {
        self.try_statement(variant, facts).await.map_err(|error| shown(&error))
    }

    async fn surroundings(&mut self) -> Result<Surroundings, String> {
        self.read_surroundings().await.map_err(|error| shown(&error))
    }
}

/// What to do with a statement that cannot stand in a transaction.
const ALONE: &str = "write it into a file of its own, whose first line is `-- no-transaction`";

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
        let functions = &self.catalog.functions;
        let statement =
            prepared.map_err(|error| Box::new(refused(&error, rendered, tables, functions)))?;
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
                format!(
                    "PostgreSQL sees {} bindings here, and mcpgen {expected}",
                    parameters.len()
                ),
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
                let message =
                    format!("`:{name}` has the type {}, which cannot be bound", info.name());
                let help = format!("cast it where it stands: `:{name}::text`");
                return Err(Box::new(Problem::new(
                    Code::InvalidBinding,
                    start..start + 1,
                    message,
                    help,
                )));
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

    fn columns(&self, prepared: Vec<Prepared>, analysis: Option<&Analysis>) -> Vec<ResultColumn> {
        let analysis = analysis.filter(|analysis| analysis.columns.len() == prepared.len());
        let column = |(index, column): (usize, Prepared)| {
            let origin = column.table.and_then(|at| self.catalog.columns.get(&at)).cloned();
            let kind = column.oid.and_then(|oid| self.catalog.types.get(&oid));
            let known = kind.and_then(|ty| ty.kind.clone());
            let unread = kind.filter(|ty| ty.kind.is_none()).map(|ty| ty.shown.clone());
            ResultColumn {
                name: column.name,
                renamed: false,
                kind: known,
                unread,
                nullable: analysis.is_none_or(|analysis| analysis.columns[index].nullable),
                origin,
            }
        };
        let mut columns: Vec<ResultColumn> = prepared.into_iter().enumerate().map(column).collect();
        // Functions give their name to columns that have none of their own.
        let named = |at: usize| analysis.is_none_or(|analysis| analysis.sources[at].0.is_some());
        for at in 0..columns.len() {
            let same = |(other, column): (usize, &ResultColumn)| {
                other != at && column.name == columns[at].name && (other < at || named(other))
            };
            if !named(at) && columns.iter().enumerate().any(same) {
                let name = columns[at].name.clone();
                rename(&mut columns, at, &name);
            }
        }
        columns
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
                unwritten: row
                    .try_get::<bool, _>("ruled")?
                    .then(|| "rules of the database do something else instead".to_owned()),
                triggered: row.try_get("triggered")?,
                denied: row.try_get("denied")?,
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
       EXISTS (SELECT 1 FROM pg_trigger t
               WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 7 = 7) AS triggered,
       NOT has_table_privilege(c.oid, 'SELECT') AS denied,
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

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), String> {
    let ran = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    ran.map(|_| ()).map_err(|error| shown(&error))
}

#[cfg(test)]
mod tests;
