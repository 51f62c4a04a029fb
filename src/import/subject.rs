//! A table as tools see it: its name, its columns, what can be read, written and walked.

use crate::database::facts::{Flavour, SqlType, Table, TableColumn};
use crate::database::live::{Aside, Live};
use crate::ir::Engine;
use crate::sql::quote;

use super::words::{self, Names};

/// A table that tools are written for.
pub(super) struct Subject<'l> {
    pub(super) engine: Engine,
    pub(super) flavour: Option<Flavour>,
    pub(super) table: &'l Table,
    pub(super) aside: Aside,
    /// Its name in SQL.
    pub(super) from: String,
    /// What a row is called in names of tools, and what rows are.
    pub(super) one: String,
    pub(super) many: String,
    pub(super) fields: Vec<Field<'l>>,
    /// The columns that find one row, by their place among the fields; none without a key.
    pub(super) key: Vec<usize>,
    /// What is left out and why, in sentences.
    pub(super) remarks: Vec<String>,
}

/// A column.
pub(super) struct Field<'l> {
    pub(super) column: &'l TableColumn,
    /// Its name in SQL.
    pub(super) sql: String,
    /// Its name in results, and the param's.
    pub(super) name: String,
    /// The same in SQL.
    alias: String,
    pub(super) read: Read,
    /// Whether a client may give it a value.
    pub(super) written: bool,
    /// The function that makes its value of text.
    write: Option<&'static str>,
}

/// How a column is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// As it is.
    Plain,
    /// As text, by this expression.
    Text(String),
    /// Not at all.
    Never,
}

impl<'l> Subject<'l> {
    /// The table of a name; none when nothing of it can be read.
    pub(super) fn new(live: &'l Live, key: &str, one: String, many: String) -> Option<Self> {
        let table = live.facts.tables.get(key)?;
        let aside = aside(live, key);
        let schema = aside.schema.as_deref().map(|schema| quote::name(live.engine, schema));
        let name = quote::name(live.engine, &aside.name);
        let from = schema.map_or(name.clone(), |schema| format!("{schema}.{name}"));
        let mut remarks = Vec::new();
        let mut names = Names::default();
        let fields: Vec<Field> = table
            .columns
            .iter()
            .filter_map(|column| {
                field(live.engine, &aside, table, column, &mut names, &mut remarks)
            })
            .collect();
        let key = unique(live.engine, table, &aside, &fields);
        let subject = Self {
            engine: live.engine,
            flavour: live.facts.flavour,
            table,
            aside,
            from,
            one,
            many,
            fields,
            key,
            remarks,
        };
        let readable = subject.read().next().is_some();
        readable.then_some(subject)
    }

    /// The columns that are read.
    pub(super) fn read(&self) -> impl Iterator<Item = &Field<'l>> {
        self.fields.iter().filter(|field| field.read != Read::Never)
    }

    /// The columns that lists show: bytes are for one row at a time.
    pub(super) fn listed(&self) -> Vec<&Field<'l>> {
        self.read().filter(|field| field.kind() != Some(&SqlType::Blob)).collect()
    }

    pub(super) fn key(&self) -> Vec<&Field<'l>> {
        self.key.iter().map(|at| &self.fields[*at]).collect()
    }

    /// Whether rows can be walked in the order of the key. In SQLite a key can be NULL.
    pub(super) fn paged(&self) -> bool {
        let walked = |field: &&Field| field.ordered() && !field.column.nullable;
        !self.key.is_empty() && self.key().iter().all(walked)
    }

    /// Whether a field is a part of the key.
    pub(super) fn in_key(&self, field: &Field) -> bool {
        self.key().iter().any(|key| key.name == field.name)
    }

    /// Whether rows can be added, changed and deleted.
    pub(super) fn writable(&self) -> bool {
        !self.table.view && !self.aside.module
    }

    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.column.name == column)
    }

    /// Whether the database numbers rows in a column.
    pub(super) fn numbered(&self, field: &Field) -> bool {
        let column = field.column;
        let rowid = self.engine == Engine::Sqlite
            && !self.aside.without_rowid
            && self.table.primary_key == [column.name.clone()]
            && column.declared.eq_ignore_ascii_case("INTEGER");
        column.numbered || rowid
    }
}

impl Field<'_> {
    /// The type of its values, where mcpgen knows it.
    pub(super) fn kind(&self) -> Option<&SqlType> {
        self.column.kind.as_ref()
    }

    /// The column in a list of what is selected.
    pub(super) fn selected(&self) -> String {
        let renamed = self.name != self.column.name;
        match &self.read {
            Read::Text(expression) => format!("{expression} AS {}", self.alias),
            Read::Plain | Read::Never if renamed => {
                format!("{} AS {}", self.sql, self.alias)
            }
            Read::Plain | Read::Never => self.sql.clone(),
        }
    }

    /// The value that a client gives, in SQL.
    pub(super) fn given(&self) -> String {
        match &self.write {
            Some(function) => format!("{function}(:{})", self.name),
            None => format!(":{}", self.name),
        }
    }

    /// Whether a page can go on behind a value of it.
    pub(super) fn ordered(&self) -> bool {
        use SqlType::{Date, DateTime, Decimal, Integer, Text, Unsigned, Uuid};
        self.read == Read::Plain
            && self.column.declared != "xml"
            && !self.column.is_numbered_text()
            && matches!(
                self.kind(),
                Some(Integer | Unsigned | Text | Decimal | Date | DateTime | Uuid)
            )
    }
}

/// What is known of a table beside the facts; of most tables nothing but the name.
pub(super) fn aside(live: &Live, key: &str) -> Aside {
    let known = live.asides.get(key).cloned();
    known.unwrap_or_else(|| Aside { name: key.to_owned(), ..Aside::default() })
}

fn field<'l>(
    engine: Engine,
    aside: &Aside,
    table: &Table,
    column: &'l TableColumn,
    names: &mut Names,
    remarks: &mut Vec<String>,
) -> Option<Field<'l>> {
    let shown = &column.name;
    if shown.chars().any(char::is_control) || shown.is_empty() {
        remarks.push("A column is left out: its name holds what cannot be printed.".to_owned());
        return None;
    }
    let sql = quote::name(engine, shown);
    let name = names.unique(&words::wire(shown));
    let declared = if column.declared.is_empty() { "no type" } else { &column.declared };
    let secret = secret(shown);
    let read = match &column.kind {
        _ if column.declared == "tsvector" => {
            remarks.push(format!("`{shown}` is left out: it is there to be searched."));
            Read::Never
        }
        _ if secret => {
            remarks.push(format!("`{shown}` is not read: by its name it is a secret."));
            Read::Never
        }
        Some(_) => Read::Plain,
        None if aside.module => Read::Text(as_text(engine, column, &sql)),
        None => {
            let how = match text_is_taken(engine, &column.declared) {
                _ if table.view => "read as text",
                true => "read and written as text",
                false => "read as text and not written",
            };
            let why = match column.declared.as_str() {
                "" => "it has no type".to_owned(),
                declared => format!("mcpgen does not know its type, {declared}"),
            };
            remarks.push(format!("`{shown}` is {how}: {why}."));
            Read::Text(as_text(engine, column, &sql))
        }
    };
    let taken = match &column.kind {
        Some(kind) => bindable(kind),
        None => read != Read::Never && text_is_taken(engine, &column.declared),
    };
    let written = taken && !column.generated && !aside.fixed.contains(shown);
    let spatial = column.kind.is_none() && engine == Engine::Mysql && is_spatial(&column.declared);
    let write = spatial.then_some("ST_GeomFromText");
    if column.kind.is_some() && !written && !column.generated && !aside.fixed.contains(shown) {
        let remark = format!("`{shown}` is not written: no param takes its type, {declared}.");
        remarks.extend((!table.view).then_some(remark));
    }
    let alias = quote::name(engine, &name);
    Some(Field { column, sql, name, alias, read, written, write })
}

/// Whether a param can have a type.
fn bindable(kind: &SqlType) -> bool {
    match kind {
        SqlType::Composite => false,
        SqlType::Array(item) => !matches!(
            **item,
            SqlType::Composite | SqlType::Array(_) | SqlType::Blob | SqlType::Json
        ),
        _ => true,
    }
}

/// Whether a text can be bound as a value of a type that mcpgen does not know.
fn text_is_taken(engine: Engine, declared: &str) -> bool {
    match engine {
        // What has no type in SQLite is whatever was bound.
        Engine::Sqlite => false,
        // Those of which PostgreSQL calls a text that is none a wrong value, and no fault of its own.
        Engine::Postgres => {
            ["money", "point", "line", "lseg", "box", "path", "polygon", "circle", "pg_lsn"]
                .contains(&declared)
                || declared.starts_with("time") && declared.ends_with("with time zone")
        }
        Engine::Mysql => is_spatial(declared),
    }
}

/// A column whose type mcpgen does not know, as text.
fn as_text(engine: Engine, column: &TableColumn, sql: &str) -> String {
    match engine {
        Engine::Sqlite => format!("CAST({sql} AS TEXT)"),
        Engine::Postgres => format!("{sql}::text"),
        Engine::Mysql if is_spatial(&column.declared) => format!("CAST(ST_AsText({sql}) AS CHAR)"),
        Engine::Mysql => format!("CAST({sql} AS CHAR)"),
    }
}

/// Whether a type of MySQL holds places and shapes.
fn is_spatial(declared: &str) -> bool {
    const SPATIAL: &[&str] = &[
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
        "geomcollection",
    ];
    let declared = declared.to_ascii_lowercase();
    SPATIAL.contains(&declared.split([' ', '(']).next().unwrap_or_default())
}

/// Whether a column's name says that nobody should read it.
fn secret(name: &str) -> bool {
    let name = words::snake(name, "");
    let parts: Vec<&str> = name.split('_').collect();
    let has = |word: &str| parts.contains(&word);
    ["password", "passwd", "passphrase", "secret"].iter().any(|word| name.contains(word))
        || has("pwd")
        || has("salt") && parts.len() > 1
        || has("token") && ["access", "refresh", "api", "auth", "session"].iter().any(|w| has(w))
        || has("key") && (has("private") || has("api"))
}

/// The columns that find one row: the primary key, or the first index that no NULL and no other row
/// can get around.
fn unique(engine: Engine, table: &Table, aside: &Aside, fields: &[Field]) -> Vec<usize> {
    let find = |columns: &[String]| -> Option<Vec<usize>> {
        let found = columns.iter().map(|column| {
            let at = fields.iter().position(|field| field.column.name == *column)?;
            // What is read as text can be compared where the server reads text as anything.
            let field = &fields[at];
            let compared = field.kind().is_some_and(bindable)
                || field.kind().is_none() && engine == Engine::Postgres;
            (compared && field.read != Read::Never).then_some(at)
        });
        found.collect::<Option<Vec<_>>>().filter(|found| !found.is_empty())
    };
    if !table.primary_key.is_empty() {
        return find(&table.primary_key).unwrap_or_default();
    }
    let indexes =
        table.indexes.iter().filter(|index| index.unique && !aside.partial.contains(&index.name));
    let keys =
        indexes.filter_map(|index| index.columns.iter().cloned().collect::<Option<Vec<_>>>());
    let not_null = |at: &usize| !fields[*at].column.nullable;
    keys.filter_map(|columns| find(&columns))
        .find(|found| found.iter().all(not_null))
        .unwrap_or_default()
}
