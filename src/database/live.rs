//! A database that is there, read for `mcpgen init --from`: the facts, and what a spec's author
//! would look up beside them. Nothing is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::ir::Engine;

use super::facts::Facts;
use super::server::{self, schemes};
use super::{mysql, postgres, sqlite};

/// A database that is there.
#[derive(Debug, Clone)]
pub struct Live {
    /// Its engine.
    pub engine: Engine,
    /// Its name; of SQLite the name of the file without its ending.
    pub name: String,
    /// Its tables.
    pub facts: Facts,
    /// What is known of tables beside the facts, by the same names.
    pub asides: BTreeMap<String, Aside>,
    /// The statements that make the schema again, of SQLite.
    pub schema: Option<String>,
    /// What could not be read, and why, in sentences.
    pub unread: Vec<String>,
}

/// What is known of a table beside the facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aside {
    /// The schema that must stand in front of its name.
    pub schema: Option<String>,
    /// Its own name.
    pub name: String,
    /// Whether it is a part of another table, or belongs to an extension.
    pub hidden: bool,
    /// Columns that only the database gives a value to.
    pub fixed: Vec<String>,
    /// Whether this user may not read it.
    pub denied: bool,
    /// Why no statement can write rows, where none can.
    pub unwritten: Option<String>,
    /// Whether a trigger can give values to columns of a new row.
    pub triggered: bool,
    /// Unique indexes that do not hold for every row at every moment.
    pub partial: Vec<String>,
    /// Where words are searched.
    pub full_text: Option<FullText>,
    /// Whether it is a virtual table of SQLite.
    pub module: bool,
    /// Whether it is a table of SQLite without a rowid, which numbers no row.
    pub without_rowid: bool,
}

/// Where words are searched: an index of MySQL, a `tsvector` of PostgreSQL, an FTS table of SQLite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FullText {
    /// The columns of the index.
    pub columns: Vec<String>,
    /// The text search configuration of PostgreSQL, where it is known.
    pub language: Option<String>,
}

/// The engine that a URL names.
#[must_use]
pub fn engine_of(url: &str) -> Option<Engine> {
    let (scheme, _) = url.split_once(':')?;
    [Engine::Sqlite, Engine::Postgres, Engine::Mysql]
        .into_iter()
        .find(|engine| schemes(*engine).contains(&scheme))
}

/// Reads the database that a URL names.
///
/// # Errors
/// What is wrong, and what to do.
pub fn read(url: &str) -> Result<Live, (String, String)> {
    let Some(engine) = engine_of(url) else {
        return Err((
            "the URL names no database that mcpgen knows".to_owned(),
            "write postgres://USER@HOST/DATABASE, mysql://USER@HOST/DATABASE, mariadb://USER@HOST/DATABASE or sqlite:FILE"
                .to_owned(),
        ));
    };
    let asked = match engine {
        Engine::Sqlite => return of_sqlite(url),
        Engine::Postgres => server::read::<postgres::Postgres>(url),
        Engine::Mysql => server::read::<mysql::Mysql>(url),
    };
    let (name, mut facts, asides) = asked.map_err(|message| {
        let help = "check the URL, and that the server runs and lets this user in";
        (format!("{} cannot be read: {message}", engine.title()), help.to_owned())
    })?;
    if name.is_empty() {
        let help = "add the name of the database behind the host: mysql://USER@HOST/DATABASE";
        return Err(("the URL names a server and no database".to_owned(), help.to_owned()));
    }
    let denied = |key: &String| asides.get(key).is_some_and(|aside| aside.denied);
    let unread = facts.tables.keys().filter(|key| denied(key));
    let unread = unread.map(|key| format!("`{key}` is left out: this user may not read it."));
    let unread: Vec<String> = unread.collect();
    facts.tables.retain(|key, _| !denied(key));
    Ok(Live { engine, name, facts, asides, schema: None, unread })
}

/// Reads a file of SQLite.
fn of_sqlite(url: &str) -> Result<Live, (String, String)> {
    let (_, rest) = url.split_once(':').unwrap_or_default();
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = Path::new(rest.split('?').next().unwrap_or_default());
    let shown = path.display();
    if !path.is_file() {
        let help = "write the path of a database that is there: sqlite:shop.db";
        return Err((format!("there is no file `{shown}`"), help.to_owned()));
    }
    let failed = |error: rusqlite::Error| {
        let message = format!("`{shown}` cannot be read: {}", sqlite::message_of(&error));
        (message, "name a database of SQLite 3 that this user may read".to_owned())
    };
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    // As the server has it: keys that refer to nothing are found while statements are prepared.
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    let found = schema_of(&connection).map_err(failed)?;
    let left_out = found.unreadable.iter().map(|(name, _)| name).chain(&found.shadows);
    let left_out: BTreeSet<String> = left_out.cloned().collect();
    let tables = sqlite::tables_but(&connection, &left_out).map_err(failed)?;
    let unread =
        found.unreadable.iter().map(|(name, why)| format!("`{name}` is left out: {why}")).collect();
    Ok(Live {
        engine: Engine::Sqlite,
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        facts: Facts { tables, ..Facts::default() },
        asides: found.asides,
        schema: Some(found.text),
        unread,
    })
}

/// What `sqlite_master` holds.
struct SqliteSchema {
    text: String,
    asides: BTreeMap<String, Aside>,
    /// Tables that a virtual table keeps its data in, which it makes itself.
    shadows: Vec<String>,
    /// Tables and views that cannot be asked here, and why.
    unreadable: Vec<(String, String)>,
}

fn schema_of(connection: &Connection) -> rusqlite::Result<SqliteSchema> {
    let mut asides = BTreeMap::new();
    let mut shadows = Vec::new();
    let mut unreadable = Vec::new();
    let mut listed = connection.prepare(
        "SELECT l.name, l.type, l.wr, coalesce(m.sql, '')
         FROM pragma_table_list AS l JOIN sqlite_master AS m ON m.name = l.name
         WHERE l.schema = 'main' AND m.type IN ('table', 'view')",
    )?;
    let mut rows = listed.query([])?;
    while let Some(row) = rows.next()? {
        let (name, kind, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        if kind == "shadow" {
            shadows.push(name);
            continue;
        }
        let quoted = name.replace('"', "\"\"");
        let columns = match connection.prepare(&format!("SELECT * FROM \"{quoted}\"")) {
            Ok(statement) => {
                statement.column_names().iter().map(|name| (*name).to_owned()).collect()
            }
            Err(error) => {
                unreadable.push((name, sqlite::message_of(&error)));
                continue;
            }
        };
        let module = kind == "virtual";
        let unwritten = (kind == "table").then(|| refused(connection, &quoted)).flatten();
        let words = sql.to_ascii_lowercase();
        let searched = module && ["using fts5", "using fts4"].iter().any(|by| words.contains(by));
        let aside = Aside {
            name: name.clone(),
            module,
            without_rowid: row.get(2)?,
            full_text: searched.then_some(FullText { columns, language: None }),
            unwritten,
            ..Aside::default()
        };
        asides.insert(name, aside);
    }
    let text = statements(connection, &asides)?;
    Ok(SqliteSchema { text, asides, shadows, unreadable })
}

/// Why SQLite refuses to write rows of a table: mostly because it refers to what is not there.
fn refused(connection: &Connection, quoted: &str) -> Option<String> {
    let statement = format!("DELETE FROM \"{quoted}\"");
    let error = connection.prepare(&statement).err()?;
    Some(sqlite::message_of(&error))
}

/// A statement that makes nothing where it is made: the server applies its first migration to the
/// database that was read as well. SQLite keeps the words in front of a name in this form.
fn where_absent(sql: &str) -> String {
    const MADE: &[&str] = &["TABLE", "VIRTUAL TABLE", "INDEX", "UNIQUE INDEX", "VIEW", "TRIGGER"];
    let mut heads = MADE.iter().map(|made| format!("CREATE {made} "));
    let head = heads.find(|head| sql.starts_with(head.as_str())).unwrap_or_default();
    let rest = &sql[head.len()..];
    let said = rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("if n"));
    let absent = if head.is_empty() || said { "" } else { "IF NOT EXISTS " };
    format!("{head}{absent}{rest}")
}

/// Statements that make the tables again, and what belongs to them: first what others need.
fn statements(
    connection: &Connection,
    tables: &BTreeMap<String, Aside>,
) -> rusqlite::Result<String> {
    let mut listed = connection.prepare(
        "SELECT tbl_name, sql FROM sqlite_master
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY CASE WHEN type = 'table' AND sql LIKE 'CREATE VIRTUAL%' THEN 1
                       WHEN type = 'table' THEN 0 WHEN type = 'index' THEN 2
                       WHEN type = 'view' THEN 3 ELSE 4 END, rowid",
    )?;
    let mut rows = listed.query([])?;
    let mut text = String::new();
    while let Some(row) = rows.next()? {
        let (table, sql): (String, String) = (row.get(0)?, row.get(1)?);
        if !tables.contains_key(&table) {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&where_absent(sql.trim_end()));
        // A comment at the end would swallow the semicolon.
        let comment = sql.lines().last().is_some_and(|line| line.contains("--"));
        text.push_str(if comment { "\n;\n" } else { ";\n" });
    }
    Ok(text)
}
