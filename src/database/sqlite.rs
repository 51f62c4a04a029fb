//! SQLite: an in-memory database that the migrations make and nobody else sees.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex};

use regex::Regex;
use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, Error};
use sqlparser::ast::{ColumnOption, Statement as SqlStatement, TableConstraint};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use crate::diagnostic::Code;
use crate::ir::Engine;
use crate::sql::analyze::{Analysis, analyze};
use crate::sql::{Problem, Rendered, Style, scan};

use super::facts::{
    ColumnRef, Effect, Facts, ForeignKey, Index, ResultColumn, SqlType, StatementFacts, Table,
    TableColumn,
};
use super::words::{
    call, choices, column_help, first_line, leading_space, named_tables, table_help, verb, word,
};
use super::{Migration, Refusal, Request, bindings, merge};

/// The type behind a declaration, by the names that people use; `None` where SQLite's rules of
/// affinity leave it open.
///
/// Source: <https://www.sqlite.org/datatype3.html>, section 3.1, with the names for dates,
/// booleans, JSON and UUIDs that affinity does not know.
#[must_use]
pub fn declared_type(declared: &str) -> Option<SqlType> {
    let upper = declared.to_ascii_uppercase();
    let name = upper.split('(').next().unwrap_or_default().trim();
    let has = |part: &str| name.contains(part);
    match name {
        "" | "ANY" => None,
        "BOOLEAN" | "BOOL" => Some(SqlType::Boolean),
        "DATE" => Some(SqlType::Date),
        "TIME" => Some(SqlType::Time),
        "DATETIME" | "TIMESTAMP" | "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE" => {
            Some(SqlType::DateTime)
        }
        "JSON" => Some(SqlType::Json),
        "UUID" => Some(SqlType::Uuid),
        "DECIMAL" | "NUMERIC" | "MONEY" => Some(SqlType::Decimal),
        "SERIAL" | "BIGSERIAL" => Some(SqlType::Integer),
        "BYTEA" | "BINARY" | "VARBINARY" => Some(SqlType::Blob),
        _ if has("INT") => Some(SqlType::Integer),
        _ if has("CHAR") || has("CLOB") || has("TEXT") => Some(SqlType::Text),
        _ if has("BLOB") => Some(SqlType::Blob),
        _ if has("REAL") || has("FLOA") || has("DOUB") => Some(SqlType::Real),
        _ => None,
    }
}

pub(super) fn describe(migrations: &[Migration], requests: &[Request]) -> (Facts, Vec<Refusal>) {
    let mut facts = Facts::default();
    let connection = match open(migrations) {
        Ok(connection) => connection,
        Err(refusal) => return (facts, vec![*refusal]),
    };
    match tables(&connection) {
        Ok(tables) => facts.tables = tables,
        Err(error) => {
            let file = migrations.last().map(|migration| migration.file);
            let refusals = file.map(|file| Refusal::Migration {
                file,
                at: 0..0,
                message: format!("the schema cannot be read back: {error}"),
                help: "simplify the migrations".to_owned(),
            });
            return (facts, refusals.into_iter().collect());
        }
    }
    let mut refusals = Vec::new();
    let recorder = Recorder::install(&connection);
    for request in requests {
        match statement(&connection, &recorder, request, &facts.tables) {
            Ok(found) => {
                facts.statements.insert(request.place.clone(), found);
            }
            Err(problem) => {
                refusals
                    .push(Refusal::Statement { place: request.place.clone(), problem: *problem });
            }
        }
    }
    (facts, refusals)
}

/// A database with the migrations applied.
fn open(migrations: &[Migration]) -> Result<Connection, Box<Refusal>> {
    let connection = Connection::open_in_memory().expect("memory for a database");
    // A check writes nothing: neither does a migration, by way of another database.
    connection
        .authorizer(Some(|context: AuthContext<'_>| match context.action {
            AuthAction::Attach { .. } => Authorization::Deny,
            _ => Authorization::Allow,
        }))
        .expect("an authorizer can be set");
    for migration in migrations {
        let refuse = |at: Range<usize>, message: String| {
            Box::new(Refusal::Migration {
                file: migration.file,
                at,
                message,
                help: "mend the migration; the generated server would stop at the same place"
                    .to_owned(),
            })
        };
        // A migration runs in a transaction of its own at run time.
        connection.execute_batch("BEGIN").map_err(|error| refuse(0..0, error.to_string()))?;
        let mut rest = 0;
        let mut batch = rusqlite::Batch::new(&connection, migration.sql);
        loop {
            match batch.next() {
                Ok(Some(mut statement)) => {
                    let text = statement.expanded_sql().unwrap_or_default();
                    let end =
                        migration.sql[rest..].find(text.as_str()).map(|at| rest + at + text.len());
                    let run = statement.raw_query().next().map(|_| ());
                    if let Err(error) = run {
                        let start = rest + leading_space(&migration.sql[rest..]);
                        let end = end.unwrap_or(start);
                        return Err(refuse(
                            first_line(migration.sql, start..end),
                            message_of(&error),
                        ));
                    }
                    rest = end.unwrap_or(rest);
                }
                Ok(None) => break,
                Err(error) => {
                    let at = match &error {
                        Error::SqlInputError { offset, .. } => {
                            let start = rest + usize::try_from(*offset).unwrap_or(0);
                            word(migration.sql, start)
                        }
                        _ => rest..rest,
                    };
                    return Err(refuse(at, message_of(&error)));
                }
            }
        }
        connection.execute_batch("COMMIT").map_err(|error| refuse(0..0, message_of(&error)))?;
    }
    connection
        .authorizer(None::<fn(AuthContext<'_>) -> Authorization>)
        .expect("an authorizer can be taken away");
    connection.execute_batch("PRAGMA foreign_keys = ON").expect("a pragma without effect on data");
    // In a statement `"name"` is a column and nothing else: a misspelt one is no text.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)
        .expect("the setting is known");
    Ok(connection)
}

pub(super) fn message_of(error: &Error) -> String {
    match error {
        Error::SqlInputError { msg, .. } => msg.clone(),
        Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

/// What SQLite was about to do while it prepared a statement.
#[derive(Default)]
struct Recorded {
    effect: Effect,
    /// What may not stand in a statement, in the words of a message, and the function that it is.
    forbidden: Option<(String, Option<String>)>,
}

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Recorded>>);

impl Recorder {
    fn install(connection: &Connection) -> Self {
        let recorder = Self::default();
        let recorded = Arc::clone(&recorder.0);
        connection
            .authorizer(Some(move |context: AuthContext<'_>| {
                recorded.lock().expect("no panic while recording").note(context.action);
                Authorization::Allow
            }))
            .expect("a fresh connection takes an authorizer");
        recorder
    }

    fn take(&self) -> Recorded {
        std::mem::take(&mut self.0.lock().expect("no panic while recording"))
    }
}

impl Recorded {
    fn note(&mut self, action: AuthAction<'_>) {
        let forbidden = match action {
            AuthAction::Insert { table_name } if !table_name.starts_with("sqlite_") => {
                self.effect.inserts = true;
                return;
            }
            AuthAction::Update { table_name, .. } if !table_name.starts_with("sqlite_") => {
                self.effect.updates = true;
                return;
            }
            AuthAction::Delete { table_name } if !table_name.starts_with("sqlite_") => {
                self.effect.deletes = true;
                return;
            }
            AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => return,
            AuthAction::Function { function_name } => {
                let loads = ["load_extension", "writefile", "readfile", "edit", "fts3_tokenizer"];
                if !loads.contains(&function_name) {
                    return;
                }
                let message =
                    format!("the function `{function_name}` reaches outside of the database");
                self.forbidden.get_or_insert((message, Some(function_name.to_owned())));
                return;
            }
            AuthAction::Attach { .. } | AuthAction::Detach { .. } => {
                "other databases cannot be attached".to_owned()
            }
            AuthAction::Pragma { .. } => "a PRAGMA is no statement of a tool".to_owned(),
            AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
                "transactions are made by `steps`, not by statements".to_owned()
            }
            _ => "a statement of a tool does not change the schema".to_owned(),
        };
        self.forbidden.get_or_insert((forbidden, None));
    }
}

fn statement(
    connection: &Connection,
    recorder: &Recorder,
    request: &Request,
    tables: &BTreeMap<String, Table>,
) -> Result<StatementFacts, Box<Problem>> {
    let (author, forms) = request.templates.split_first().expect("at least the author's own form");
    let style = Style::of(Engine::Sqlite);
    let mut known: Option<(Vec<ResultColumn>, Effect)> = None;
    let mut bound = BTreeMap::new();
    for mask in author.masks() {
        let rendered = author.render(mask, &style);
        let analysis = analyze(&rendered.sql, tables, Engine::Sqlite);
        let (columns, effect) =
            prepare(connection, recorder, &rendered, tables, analysis.as_ref())?;
        // With every clause there is everything that is bound.
        if mask == author.full() {
            bound = analysis.map(|analysis| bindings(&analysis, &rendered)).unwrap_or_default();
        }
        match &mut known {
            None => known = Some((columns, effect)),
            Some((first, _)) => merge(first, columns, author, mask)?,
        }
    }
    for form in forms {
        for mask in form.masks() {
            let rendered = form.render(mask, &style);
            // The author's own form is right, so what is wrong here is a column of sort or page,
            // which has a better place in the spec: it is reported there.
            if prepare(connection, recorder, &rendered, tables, None).is_err() {
                break;
            }
        }
    }
    let (columns, effect) = known.expect("at least one variant");
    Ok(StatementFacts {
        digest: request.digest.clone(),
        effect,
        columns,
        bindings: bound,
        needs: None,
    })
}

fn prepare(
    connection: &Connection,
    recorder: &Recorder,
    rendered: &Rendered,
    tables: &BTreeMap<String, Table>,
    analysis: Option<&Analysis>,
) -> Result<(Vec<ResultColumn>, Effect), Box<Problem>> {
    recorder.take();
    let prepared = connection.prepare(&rendered.sql);
    let recorded = recorder.take();
    let verb = rendered.author_range(verb(&rendered.sql));
    if let Some((message, name)) = recorded.forbidden {
        let called = name.and_then(|name| call(&rendered.sql, &name));
        let at = called.map_or_else(|| verb.clone(), |at| rendered.author_range(at));
        return Err(Box::new(Problem::new(
            Code::InvalidEffect,
            at,
            message,
            "a statement reads, inserts, updates or deletes rows; the schema belongs to the migrations",
        )));
    }
    let statement = match prepared {
        Ok(statement) => statement,
        Err(error) => return Err(Box::new(refused(&error, rendered, tables))),
    };
    if statement.parameter_count() != rendered.highest {
        return Err(Box::new(Problem::new(
            Code::SqlSyntax,
            verb,
            format!(
                "SQLite sees {} bindings here, and mcpgen {}",
                statement.parameter_count(),
                rendered.highest
            ),
            "write bindings as `:name`, outside of strings and comments",
        )));
    }
    let mut effect = recorded.effect;
    effect.deletes |= analysis.is_some_and(|analysis| analysis.replaces)
        || (analysis.is_none()
            && effect.inserts
            && rendered.sql.to_ascii_uppercase().contains("REPLACE"));
    if !statement.readonly() && effect.reads_only() {
        return Err(Box::new(Problem::new(
            Code::InvalidEffect,
            verb,
            "this statement changes the database in a way that has no rows",
            "use SELECT, INSERT, UPDATE or DELETE",
        )));
    }
    Ok((described(&statement, rendered, tables, analysis), effect))
}

/// The columns of a prepared statement.
fn described(
    statement: &rusqlite::Statement,
    rendered: &Rendered,
    tables: &BTreeMap<String, Table>,
    analysis: Option<&Analysis>,
) -> Vec<ResultColumn> {
    // Of a set operation SQLite describes the first part alone, also where a view hides it.
    let views = named_tables(&rendered.sql, tables).into_iter().any(|(_, table)| table.view);
    let compound =
        views || analysis.map_or_else(|| combines(&rendered.sql), |found| found.compound);
    let analysis = analysis.filter(|analysis| analysis.columns.len() == statement.column_count());
    statement
        .columns_with_metadata()
        .iter()
        .zip(statement.columns())
        .enumerate()
        .map(|(index, (metadata, column))| {
            let text = analysis.map(|analysis| &analysis.columns[index]);
            let declared = column.decl_type().and_then(declared_type).filter(|_| !compound);
            let origin = match (metadata.table_name(), metadata.origin_name()) {
                (Some(table), Some(column)) if tables.contains_key(table) && !compound => {
                    Some(ColumnRef { table: table.to_owned(), column: column.to_owned() })
                }
                _ => None,
            };
            ResultColumn {
                name: rendered.in_author_words(column.name()),
                renamed: false,
                unread: None,
                kind: declared
                    .or_else(|| text.and_then(|text| text.kind.clone()))
                    // What is always NULL is of any type.
                    .or_else(|| text.filter(|text| text.null).map(|_| SqlType::Text))
                    .or_else(|| {
                        (!compound && ranks(metadata.origin_name(), &origin, tables))
                            .then_some(SqlType::Real)
                    }),
                nullable: text.is_none_or(|text| text.nullable),
                origin,
            }
        })
        .collect()
}

/// Whether a statement has a set operation, or may have one.
fn combines(sql: &str) -> bool {
    let upper = sql.to_ascii_uppercase();
    ["UNION", "EXCEPT", "INTERSECT"].iter().any(|word| upper.contains(word))
}

/// Whether a result column is the hidden one of a full text table that says how well a row fits.
fn ranks(name: Option<&str>, origin: &Option<ColumnRef>, tables: &BTreeMap<String, Table>) -> bool {
    name == Some("rank")
        && origin.as_ref().and_then(|origin| tables.get(&origin.table)).is_some_and(|table| {
            table.columns.iter().all(|column| !column.name.eq_ignore_ascii_case("rank"))
        })
}

/// Functions that SQLite has only where it was built with them.
///
/// Source: <https://www.sqlite.org/lang_mathfunc.html>.
const MATHEMATICS: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh",
    "degrees", "exp", "floor", "ln", "log", "log10", "log2", "mod", "pi", "pow", "power",
    "radians", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
];

/// What SQLite says about a statement, in words that help.
fn refused(error: &Error, rendered: &Rendered, tables: &BTreeMap<String, Table>) -> Problem {
    let (message, offset) = match error {
        Error::SqlInputError { msg, offset, .. } => (msg.as_str(), usize::try_from(*offset).ok()),
        Error::SqliteFailure(_, Some(message)) => (message.as_str(), None),
        _ => ("", None),
    };
    let offset = offset.or_else(|| mentioned(message, &rendered.sql));
    let found = offset.map(|offset| word(&rendered.sql, offset));
    let shown = found.clone().map(|range| rendered.sql[range].to_owned()).unwrap_or_default();
    let at = rendered.author_range(found.unwrap_or_else(|| verb(&rendered.sql)));
    let problem =
        |code, message: String, help: String| Problem::new(code, at.clone(), message, help);
    if let Some(name) = message.strip_prefix("no such column: ") {
        // SQLite asks back about a quoted name.
        let (name, quoted) = match name.split_once(" - should this be") {
            Some((name, _)) => (name, true),
            None => (name, false),
        };
        let text = name.trim_matches('"');
        let plain = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        let help = match column_help(plain, &named_tables(&rendered.sql, tables)) {
            near if !quoted
                || near.starts_with("did you") && !near.contains(&format!("`{text}`")) =>
            {
                near
            }
            _ => format!("text goes in single quotes: `'{}'`", text.replace('\'', "''")),
        };
        return problem(Code::SqlError, format!("there is no column `{name}` here"), help);
    }
    if let Some((table, name)) =
        message.strip_prefix("table ").and_then(|rest| rest.split_once(" has no column named "))
    {
        let known = tables.get_key_value(table).into_iter().collect::<Vec<_>>();
        let help = column_help(name, &known);
        return problem(Code::SqlError, format!("`{table}` has no column `{name}`"), help);
    }
    if let Some(name) = message.strip_prefix("ambiguous column name: ") {
        let message = format!("`{name}` is a column of more than one table here");
        return problem(Code::SqlError, message, format!("name the table: `….{name}`"));
    }
    if let Some(name) = message.strip_prefix("no such table: main.")
        && !rendered.sql.contains("main.")
    {
        return problem(
            Code::SqlError,
            format!("there is no table `{name}`, which a foreign key or a trigger needs here"),
            "add it to the migrations".to_owned(),
        );
    }
    if let Some(name) = message.strip_prefix("no such table: ") {
        let help = table_help(name, tables);
        return problem(Code::SqlError, format!("there is no table `{name}`"), help);
    }
    if let Some(name) = message.strip_prefix("no such function: ") {
        let help = if MATHEMATICS.contains(&name.to_ascii_lowercase().as_str()) {
            "SQLite is built without its functions of mathematics: write it with `+ - * / %`, `round` and CAST"
        } else {
            "see https://www.sqlite.org/lang_corefunc.html for those it has"
        };
        return problem(
            Code::SqlError,
            format!("SQLite has no function `{name}`"),
            help.to_owned(),
        );
    }
    if message.starts_with("foreign key mismatch") {
        return problem(
            Code::SqlError,
            format!("SQLite refuses the statement: {message}"),
            "a foreign key refers to a PRIMARY KEY or to columns that are UNIQUE together: add the index to the migrations".to_owned(),
        );
    }
    if message.ends_with("syntax error") || message == "incomplete input" {
        let message = if message == "incomplete input" || shown.is_empty() {
            "the statement ends too early".to_owned()
        } else {
            format!("SQLite cannot read the statement at `{shown}`")
        };
        return problem(
            Code::SqlSyntax,
            message,
            "check what stands before this place: a comma, a keyword, a parenthesis".to_owned(),
        );
    }
    let text = if message.is_empty() { error.to_string() } else { message.to_owned() };
    problem(
        Code::SqlError,
        format!("SQLite refuses the statement: {text}"),
        "the words after the colon are SQLite's own; https://www.sqlite.org/lang.html says what it takes"
            .to_owned(),
    )
}

/// Where a name of a message stands in a statement.
fn mentioned(message: &str, sql: &str) -> Option<usize> {
    let behind = |mark: &str| message.rsplit_once(mark).map(|(_, name)| name);
    let name = behind(" has no column named ").or_else(|| behind(": "))?;
    (!name.is_empty()).then(|| sql.find(name))?
}

/// Every table and view.
fn tables(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Table>> {
    tables_but(connection, &BTreeSet::new())
}

/// Every table and view but some.
pub(super) fn tables_but(
    connection: &Connection,
    left_out: &BTreeSet<String>,
) -> rusqlite::Result<BTreeMap<String, Table>> {
    let mut listed = connection.prepare(
        "SELECT name, type, sql FROM sqlite_master
         WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY type, rowid",
    )?;
    let listed = listed
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
            ))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut tables = BTreeMap::new();
    for (name, kind, sql) in listed {
        if left_out.contains(&name) {
            continue;
        }
        let sql = sql.unwrap_or_default();
        let mut table = Table { view: kind == "view", ..Table::default() };
        if let Err(error) = columns(connection, &name, &mut table) {
            // A view of what is gone, or a full text table over it: nothing is known of it.
            if table.view || is_virtual(&sql) {
                continue;
            }
            return Err(error);
        }
        if table.view {
            kinds_of_view(connection, &sql, &mut table, &tables);
        } else {
            texts(&sql, &mut table);
            keys(connection, &name, &mut table)?;
            indexes(connection, &name, &mut table)?;
            checks(&sql, &mut table);
        }
        tables.insert(name, table);
    }
    Ok(tables)
}

/// Types of a view's columns: those of its own statement. What SQLite says of them is an affinity.
fn kinds_of_view(
    connection: &Connection,
    sql: &str,
    table: &mut Table,
    tables: &BTreeMap<String, Table>,
) {
    static HEAD: LazyLock<Regex> = LazyLock::new(|| {
        let name = r#"(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|'[^']*'|[\w$]+)"#;
        Regex::new(&format!(r"(?is)^CREATE\s+VIEW\s+{name}\s*(?:\([^)]*\))?\s*AS\b"))
            .expect("a pattern")
    });
    let found = HEAD.find(sql).and_then(|head| {
        let rendered = scan(&sql[head.end()..], Engine::Sqlite).ok()?;
        let rendered = rendered.render(0, &Style::of(Engine::Sqlite));
        let analysis = analyze(&rendered.sql, tables, Engine::Sqlite);
        let statement = connection.prepare(&rendered.sql).ok()?;
        Some(described(&statement, &rendered, tables, analysis.as_ref()))
    });
    let found = found.filter(|found| found.len() == table.columns.len());
    for (at, column) in table.columns.iter_mut().enumerate() {
        column.kind = found.as_ref().and_then(|found| found[at].kind.clone());
    }
}

fn is_virtual(sql: &str) -> bool {
    sql.get(..14).is_some_and(|head| head.eq_ignore_ascii_case("CREATE VIRTUAL"))
}

/// Columns of a full text table hold text, whatever is not indexed apart.
fn texts(sql: &str, table: &mut Table) {
    static FULL_TEXT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\busing\s+fts[345]\b").expect("a pattern"));
    let lower = sql.to_ascii_lowercase();
    if !is_virtual(sql) || !FULL_TEXT.is_match(sql) || lower.contains("notindexed") {
        return;
    }
    for column in table.columns.iter_mut().filter(|column| column.kind.is_none()) {
        let name = column.name.to_ascii_lowercase();
        let aside = lower.match_indices(&name).any(|(at, _)| {
            let rest = lower[at + name.len()..].trim_start_matches(['"', '`', ']', '\'']);
            rest.trim_start().starts_with("unindexed")
        });
        column.kind = (!aside).then_some(SqlType::Text);
    }
}

fn columns(connection: &Connection, name: &str, table: &mut Table) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) WHERE hidden <> 1",
    )?;
    let mut rows = statement.query([name])?;
    let mut key: Vec<(i64, String)> = Vec::new();
    while let Some(row) = rows.next()? {
        let declared: String = row.get(1)?;
        let place: i64 = row.get(4)?;
        let column: String = row.get(0)?;
        if place > 0 {
            key.push((place, column.clone()));
        }
        let not_null: bool = row.get(2)?;
        let hidden: i64 = row.get(5)?;
        table.columns.push(TableColumn {
            name: column,
            max_length: width(&declared),
            kind: declared_type(&declared),
            declared,
            nullable: !not_null,
            default: row.get(3)?,
            generated: hidden > 1,
            numbered: false,
            range: None,
            choices: None,
            comment: None,
        });
    }
    key.sort();
    // The rowid under another name is never NULL; other primary keys can be, in SQLite.
    if let [(_, only)] = key.as_slice() {
        for column in table.columns.iter_mut().filter(|column| column.name == *only) {
            if column.declared.eq_ignore_ascii_case("INTEGER") {
                column.nullable = false;
            }
        }
    }
    table.primary_key = key.into_iter().map(|(_, column)| column).collect();
    Ok(())
}

/// The n of `varchar(n)`.
fn width(declared: &str) -> Option<u64> {
    if declared_type(declared) != Some(SqlType::Text) {
        return None;
    }
    let (_, rest) = declared.split_once('(')?;
    rest.split([')', ',']).next()?.trim().parse().ok()
}

fn keys(connection: &Connection, name: &str, table: &mut Table) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT id, \"table\", \"from\", coalesce(\"to\", \"from\") FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    )?;
    let mut rows = statement.query([name])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if last != Some(id) {
            table.foreign_keys.push(ForeignKey {
                columns: Vec::new(),
                table: row.get(1)?,
                references: Vec::new(),
            });
            last = Some(id);
        }
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(row.get(2)?);
            key.references.push(row.get(3)?);
        }
    }
    table.foreign_keys.sort_by(|a, b| a.columns.cmp(&b.columns));
    Ok(())
}

fn indexes(connection: &Connection, name: &str, table: &mut Table) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT name, \"unique\" FROM pragma_index_list(?1) WHERE origin <> 'pk' ORDER BY name",
    )?;
    let listed = statement
        .query_map([name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (name, unique) in listed {
        let mut statement =
            connection.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
        let columns = statement
            .query_map([&name], |row| row.get::<_, Option<String>>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        table.indexes.push(Index { name, columns, unique });
    }
    Ok(())
}

/// What `CHECK (column IN ('a', 'b'))` allows.
fn checks(sql: &str, table: &mut Table) {
    // Options behind the last parenthesis (STRICT, WITHOUT ROWID) say nothing of checks, and not
    // every combination of them is read.
    let Some(end) = sql.rfind(')') else { return };
    let Ok(statements) = Parser::parse_sql(&SQLiteDialect {}, &sql[..=end]) else { return };
    let [SqlStatement::CreateTable(create)] = statements.as_slice() else { return };
    let of_columns = create.columns.iter().flat_map(|column| {
        column.options.iter().filter_map(|option| match &option.option {
            ColumnOption::Check(check) => Some(&*check.expr),
            _ => None,
        })
    });
    let of_table = create.constraints.iter().filter_map(|constraint| match constraint {
        TableConstraint::Check(check) => Some(&*check.expr),
        _ => None,
    });
    for check in of_columns.chain(of_table) {
        if let Some((name, choices)) = choices(check)
            && let Some(column) =
                table.columns.iter_mut().find(|c| c.name.eq_ignore_ascii_case(&name))
        {
            column.choices.get_or_insert(choices);
        }
    }
}
