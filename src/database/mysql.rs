//! MySQL and MariaDB: the server says how many bindings there are and the types of results; what
//! bindings meet, and what can be NULL, is read from the statement.

mod role;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::LazyLock;

use futures_util::StreamExt as _;
use regex::Regex;
use sqlparser::ast::{Expr, SelectItem, SetExpr, Statement as SqlStatement};
use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlRow};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Connection as _, Either, Executor as _, Row as _,
    SqlSafeStr as _, Statement as _, TypeInfo as _,
};

use crate::diagnostic::Code;
use crate::ir::Engine;
use crate::sql::analyze::{Analysis, analyze, call};
use crate::sql::{Problem, Rendered, Style};

use super::command::{Command, command};
use super::facts::{
    Effect, Flavour, ForeignKey, Index, ResultColumn, SqlType, StatementFacts, Table, TableColumn,
};
use super::least::{Attempt, Surroundings};
use super::live::{Aside, FullText};
use super::rights::{Right, granting};
use super::server::{Failed, Server, shown};
use super::words::{
    choices, column_help, leading_space, mentioned, named_tables, table_help, unbracketed, verb,
    word,
};
use super::{Request, bindings, merge};

/// A connection to MySQL or MariaDB.
pub(super) struct Mysql {
    connection: MySqlConnection,
    /// Functions of the database that may change something, in lower case.
    volatile: BTreeSet<String>,
    /// What procedures take, by their names in lower case.
    procedures: BTreeMap<String, Vec<Option<SqlType>>>,
    /// A connection of the user that statements are tried as.
    other: Option<MySqlConnection>,
    /// The user, as SQL writes it.
    user: String,
}

impl Server for Mysql {
    const ENGINE: Engine = Engine::Mysql;

    /// In a transaction that only reads, MariaDB does not even prepare what writes. What is asked of
    /// a live database is prepared and never run, so the session stays as it is.
    async fn connect(url: &str, database: Option<&str>, _: bool) -> Result<Self, String> {
        let mut options = options(url)?;
        if let Some(database) = database {
            options = options.database(database);
        }
        Ok(Self {
            connection: opened(&options).await?,
            volatile: BTreeSet::new(),
            procedures: BTreeMap::new(),
            other: None,
            user: String::new(),
        })
    }

    async fn create(&mut self, database: &str) -> Result<(), String> {
        let create = format!("CREATE DATABASE `{database}` CHARACTER SET utf8mb4");
        run(&mut self.connection, create).await.map_err(|error| {
            if error.contains("denied") {
                "the user may not make a scratch database: it needs CREATE and DROP".to_owned()
            } else {
                error
            }
        })
    }

    async fn drop(&mut self, database: &str) -> Result<(), String> {
        // What still runs there holds its tables, and does not notice that nobody listens.
        let others =
            format!("SELECT id FROM information_schema.processlist WHERE db = '{database}'");
        let found = self.connection.fetch_all(AssertSqlSafe(others)).await;
        for row in found.map_err(|error| shown(&error))? {
            let id: u64 = row.try_get_unchecked(0).map_err(|error| shown(&error))?;
            match self.connection.execute(AssertSqlSafe(format!("KILL {id}"))).await {
                Err(sqlx::Error::Database(_)) | Ok(_) => {}
                Err(error) => return Err(shown(&error)),
            }
        }
        run(&mut self.connection, format!("DROP DATABASE IF EXISTS `{database}`")).await?;
        let user = role::user_of(database);
        match run(&mut self.connection, format!("DROP USER IF EXISTS {user}")).await {
            // Who may not drop users made none.
            Err(error) if !error.contains("denied") => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn migrate(&mut self, sql: &str) -> Result<(), Failed> {
        let mut done = 0;
        let mut running = self.connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
        while let Some(item) = running.next().await {
            match item {
                Ok(Either::Left(_)) => done += 1,
                Ok(Either::Right(_)) => {}
                Err(error) => {
                    let at = place(&error, sql);
                    let message = shown(&error);
                    let help = (number(&error) == 1067).then_some(
                        "write a default that is a value: a date has no zeros, NULL stands for none",
                    );
                    return Err(Failed { at, done, message, help });
                }
            }
        }
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), String> {
        self.connection.ping().await.map_err(|error| shown(&error))
    }

    async fn flavour(&mut self) -> Result<Option<Flavour>, String> {
        let row = self.connection.fetch_one("SELECT CAST(VERSION() AS CHAR)").await;
        let version: String =
            row.and_then(|row| row.try_get_unchecked(0)).map_err(|error| shown(&error))?;
        let mariadb = version.to_ascii_lowercase().contains("mariadb");
        Ok(Some(if mariadb { Flavour::Mariadb } else { Flavour::Mysql }))
    }

    async fn tables(&mut self) -> Result<BTreeMap<String, Table>, String> {
        self.read_functions().await.map_err(|error| shown(&error))?;
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
        let style = Style::of(Engine::Mysql);
        let full = author.render(author.full(), &style);
        let at = full.author_range(verb(&full.sql));
        let command = command(&full.sql, Engine::Mysql).map_err(|(message, help)| {
            Box::new(Problem::new(Code::InvalidEffect, at, message, help))
        })?;
        let mut known: Option<Vec<ResultColumn>> = None;
        let mut bound = BTreeMap::new();
        for mask in author.masks() {
            let rendered = author.render(mask, &style);
            let numbered = author.numbered(mask, &style);
            let analysis = if command == Command::Call {
                self.called(&numbered.sql)
            } else {
                analyze(&numbered.sql, tables, Engine::Mysql)
            };
            let columns = self.prepare(&rendered, tables, analysis.as_ref()).await?;
            if mask == author.full() {
                bound = analysis.map(|found| bindings(&found, &numbered)).unwrap_or_default();
            }
            match &mut known {
                None => known = Some(columns),
                Some(first) => merge(first, columns, author, mask)?,
            }
        }
        for form in forms {
            for mask in form.masks() {
                let rendered = form.render(mask, &style);
                // What is wrong here is a column of `sort` or `page`: it is reported there.
                if self.prepare(&rendered, tables, None).await.is_err() {
                    break;
                }
            }
        }
        let effect = self.effect(&full, command)?;
        let columns = known.unwrap_or_default();
        Ok(StatementFacts {
            digest: request.digest.clone(),
            effect,
            columns,
            bindings: bound,
            needs: None,
        })
    }

    async fn enlist(&mut self, url: &str, database: &str) -> Result<bool, String> {
        self.make_user(url, database).await
    }

    async fn allow(&mut self, rights: &[&Right], give: bool) -> Result<(), String> {
        if rights.is_empty() {
            return Ok(());
        }
        let granting = granting(Engine::Mysql, rights, give, &self.user);
        run(&mut self.connection, granting).await
    }

    async fn disallow(&mut self, rights: &BTreeSet<Right>) -> Result<(), String> {
        self.allow(&rights.iter().collect::<Vec<_>>(), false).await
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

/// How to reach the server behind a URL.
fn options(url: &str) -> Result<MySqlConnectOptions, String> {
    let url = url.replacen("mariadb:", "mysql:", 1);
    let options = MySqlConnectOptions::from_str(&url)
        .map_err(|_| "the URL cannot be read".to_owned())?
        // As the server reads SQL, not as the driver would have it.
        .pipes_as_concat(false)
        .log_statements(log::LevelFilter::Off);
    Ok(match unbracketed(options.get_host()) {
        Some(host) => options.host(&host),
        None => options,
    })
}

async fn opened(options: &MySqlConnectOptions) -> Result<MySqlConnection, String> {
    let mut connection = options.connect().await.map_err(|error| shown(&error))?;
    run(&mut connection, MODE.to_owned()).await?;
    Ok(connection)
}

/// Values are refused here as generated servers, and their `migrate`, refuse them.
const MODE: &str = "SET sql_mode = CONCAT(@@sql_mode, \
                    ',STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO')";

/// Functions that read or write files of the server.
const OUTSIDE: &[&str] = &["load_file", "sys_exec", "sys_eval"];

/// Functions that leave something behind: locks, numbers of sequences.
const LEAVING: &[&str] = &["get_lock", "release_lock", "release_all_locks", "nextval", "setval"];

impl Mysql {
    fn effect(&self, rendered: &Rendered, command: Command) -> Result<Effect, Box<Problem>> {
        static CALL: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r"(?s)([A-Za-z_][A-Za-z0-9_$]*)`?(?:\s|/\*.*?\*/|(?:--|#)[^\n]*\n)*\(";
            Regex::new(pattern).expect("a pattern")
        });
        // MariaDB's other word for `nextval`.
        static NEXT: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?i)\bnext\s+value\s+for\b").expect("a pattern"));
        let anything = Effect { inserts: true, updates: true, deletes: true, locks: false };
        let mut effect = if NEXT.is_match(&rendered.sql) { anything } else { command.effect() };
        if command == Command::Insert
            && rendered.sql.to_ascii_lowercase().contains("on duplicate key")
        {
            effect.updates = true;
        }
        for found in CALL.captures_iter(&rendered.sql) {
            let name = found[1].to_ascii_lowercase();
            if OUTSIDE.contains(&name.as_str()) {
                let at = found.get(1).map_or(0..0, |found| found.range());
                let start = rendered.author_offset(at.start);
                return Err(Box::new(Problem::new(
                    Code::InvalidEffect,
                    start..start + at.len(),
                    format!("the function `{name}` reaches outside of the database"),
                    "leave it out",
                )));
            }
            if LEAVING.contains(&name.as_str()) || self.volatile.contains(&name) {
                effect = anything;
            }
        }
        Ok(effect)
    }

    async fn prepare(
        &mut self,
        rendered: &Rendered,
        tables: &BTreeMap<String, Table>,
        analysis: Option<&Analysis>,
    ) -> Result<Vec<ResultColumn>, Box<Problem>> {
        let sql = AssertSqlSafe(rendered.sql.clone()).into_sql_str();
        let prepared = self.connection.prepare(sql).await;
        let statement = prepared.map_err(|error| Box::new(refused(&error, rendered, tables)))?;
        let count = match statement.parameters() {
            Some(Either::Right(count)) => count,
            Some(Either::Left(_)) | None => rendered.count,
        };
        if count != rendered.count {
            let start = rendered.author_offset(leading_space(&rendered.sql));
            return Err(Box::new(Problem::new(
                Code::SqlSyntax,
                start..start + 1,
                format!("the server sees {count} bindings here, and mcpgen {}", rendered.count),
                "write bindings as `:name`, outside of strings and comments",
            )));
        }
        let described = statement.columns();
        if described.is_empty() {
            return returned(analysis, rendered);
        }
        let analysis = analysis.filter(|analysis| analysis.columns.len() == described.len());
        let column = |(index, column): (usize, &sqlx::mysql::MySqlColumn)| {
            let read = analysis.map(|analysis| &analysis.columns[index]);
            let origin = analysis.and_then(|analysis| analysis.sources[index].1.clone());
            // Of its own types MariaDB says what they are kept in: text or bytes.
            let passed = origin.as_ref().and_then(|origin| {
                let table = tables.get(&origin.table)?;
                table.columns.iter().find(|column| column.name == origin.column)?.kind.clone()
            });
            let type_name = column.type_info().name();
            let own = kind_of(type_name);
            let read_kind = read.and_then(|read| read.kind.clone());
            let kind = match (passed, own, read_kind) {
                (Some(kind), _, _) => Some(kind),
                (_, Some(SqlType::Text | SqlType::Blob), Some(SqlType::Json)) => {
                    Some(SqlType::Json)
                }
                (_, Some(SqlType::Integer), Some(SqlType::Boolean)) => Some(SqlType::Boolean),
                (_, own, _) => own,
            };
            ResultColumn {
                name: column.name().to_owned(),
                renamed: false,
                unread: (type_name == "GEOMETRY").then(|| "geometry".to_owned()),
                kind,
                nullable: read.is_none_or(|read| read.nullable),
                origin,
            }
        };
        Ok(described.iter().enumerate().map(column).collect())
    }

    async fn read_functions(&mut self) -> Result<(), sqlx::Error> {
        for row in self.connection.fetch_all(FUNCTIONS).await? {
            self.volatile.insert(text(&row, 0)?.to_ascii_lowercase());
        }
        for row in self.connection.fetch_all(PROCEDURES).await? {
            let kind = declared_kind(&text(&row, 1)?, &text(&row, 2)?);
            self.procedures.entry(text(&row, 0)?.to_ascii_lowercase()).or_default().push(kind);
        }
        Ok(())
    }

    /// What the bindings of a CALL meet.
    fn called(&self, sql: &str) -> Option<Analysis> {
        let (name, given) = call(sql, Engine::Mysql)?;
        let mut analysis = Analysis::default();
        for (number, kind) in given.into_iter().zip(self.procedures.get(&name)?) {
            if let (Some(number), Some(kind)) = (number, kind) {
                analysis.bindings.entry(number).or_default().hint.get_or_insert(kind.clone());
            }
        }
        Some(analysis)
    }

    async fn read_asides(&mut self) -> Result<(String, BTreeMap<String, Aside>), sqlx::Error> {
        let row = self.connection.fetch_one("SELECT DATABASE()").await?;
        let database = text(&row, 0)?;
        let mut asides: BTreeMap<String, Aside> = BTreeMap::new();
        for row in self.connection.fetch_all(FULL_TEXT).await? {
            // The columns of the first index alone: MATCH takes those of one.
            if text(&row, 2)? != text(&row, 3)? {
                continue;
            }
            let table = text(&row, 0)?;
            let aside = asides
                .entry(table.clone())
                .or_insert_with(|| Aside { name: table, ..Aside::default() });
            let index = aside.full_text.get_or_insert_with(FullText::default);
            index.columns.push(text(&row, 1)?);
        }
        Ok((database, asides))
    }

    async fn read_tables(&mut self) -> Result<BTreeMap<String, Table>, sqlx::Error> {
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for row in self.connection.fetch_all(TABLES).await? {
            let comment = text(&row, 2)?;
            let view = text(&row, 1)?.contains("VIEW");
            let comment = Some(comment).filter(|comment| !comment.is_empty() && !view);
            tables.insert(text(&row, 0)?, Table { view, comment, ..Table::default() });
        }
        for row in self.connection.fetch_all(COLUMNS).await? {
            if let Some(table) = tables.get_mut(&text(&row, 0)?) {
                let column = column(&row, table.view)?;
                table.columns.push(column);
            }
        }
        for row in self.connection.fetch_all(KEYS).await? {
            let Some(table) = tables.get_mut(&text(&row, 0)?) else { continue };
            let (constraint, column) = (text(&row, 1)?, text(&row, 2)?);
            if constraint == "PRIMARY" {
                table.primary_key.push(column);
                continue;
            }
            let Some(other) = row.try_get_unchecked::<Option<String>, _>(3)? else { continue };
            // Columns of one key come one after the other.
            let first = text(&row, 5)? == "1";
            if first {
                let key = ForeignKey { columns: Vec::new(), table: other, references: Vec::new() };
                table.foreign_keys.push(key);
            }
            if let Some(key) = table.foreign_keys.last_mut() {
                key.columns.push(column);
                key.references.push(text(&row, 4)?);
            }
        }
        for row in self.connection.fetch_all(INDEXES).await? {
            let Some(table) = tables.get_mut(&text(&row, 0)?) else { continue };
            let name = text(&row, 1)?;
            let column = row.try_get_unchecked::<Option<String>, _>(2)?;
            let unique = text(&row, 3)? == "0";
            match table.indexes.last_mut() {
                Some(last) if last.name == name => last.columns.push(column),
                _ => table.indexes.push(Index { name, columns: vec![column], unique }),
            }
        }
        // Only MariaDB says which table a check belongs to; MySQL is asked by way of the constraint.
        let checks = match self.connection.fetch_all(CHECKS_OF_MARIADB).await {
            Ok(rows) => rows,
            Err(_) => self.connection.fetch_all(CHECKS_OF_MYSQL).await?,
        };
        for row in checks {
            if let Some(table) = tables.get_mut(&text(&row, 0)?) {
                check(&text(&row, 1)?, table);
            }
        }
        Ok(tables)
    }
}

/// MariaDB describes RETURNING only when it runs: the statement's own words say what it returns.
fn returned(
    analysis: Option<&Analysis>,
    rendered: &Rendered,
) -> Result<Vec<ResultColumn>, Box<Problem>> {
    // Strings and quoted names are passed over.
    static RETURNING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?is)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|\b(returning)\b"#)
            .expect("a pattern")
    });
    let Some(analysis) = analysis.filter(|analysis| !analysis.untold) else {
        let mut words = RETURNING.captures_iter(&rendered.sql).filter_map(|found| found.get(1));
        let Some(found) = words.next() else { return Ok(Vec::new()) };
        let start = rendered.author_offset(found.start());
        return Err(Box::new(Problem::new(
            Code::SqlSyntax,
            start..start + found.len(),
            "mcpgen cannot read what this statement returns, and the server does not say it",
            "name columns of the table behind RETURNING, or read the rows in a step of their own",
        )));
    };
    let columns = analysis.columns.iter().zip(&analysis.sources);
    Ok(columns
        .map(|(known, (name, origin))| ResultColumn {
            name: name.clone().unwrap_or_default(),
            renamed: false,
            unread: None,
            kind: known.kind.clone(),
            nullable: known.nullable,
            origin: origin.clone(),
        })
        .collect())
}

fn column(row: &MySqlRow, view: bool) -> Result<TableColumn, sqlx::Error> {
    let declared = text(row, 2)?;
    let data_type = text(row, 3)?;
    let extra = text(row, 6)?.to_ascii_uppercase();
    let generated = extra.contains("GENERATED") && !extra.contains("DEFAULT_GENERATED");
    let default: Option<String> = row.try_get_unchecked(5)?;
    let comment = text(row, 7)?;
    let length: Option<String> = row.try_get_unchecked(8)?;
    let kind = declared_kind(&data_type, &declared);
    let max_length = match kind {
        Some(SqlType::Text) if matches!(data_type.as_str(), "char" | "varchar") => {
            length.and_then(|length| length.parse().ok())
        }
        _ => None,
    };
    Ok(TableColumn {
        name: text(row, 1)?,
        nullable: view || text(row, 4)? == "YES",
        default: default.filter(|text| text != "NULL" && !generated),
        generated,
        max_length,
        numbered: extra.contains("AUTO_INCREMENT"),
        range: range(&data_type, &declared).filter(|_| kind == Some(SqlType::Integer)),
        choices: labels(&declared).filter(|_| data_type == "enum"),
        comment: Some(comment).filter(|comment| !comment.is_empty()),
        kind,
        declared,
    })
}

/// The type of a column, by its name and its declaration.
fn declared_kind(data_type: &str, declared: &str) -> Option<SqlType> {
    let unsigned = declared.contains("unsigned");
    Some(match data_type {
        "tinyint" if declared.starts_with("tinyint(1)") && !unsigned => SqlType::Boolean,
        "bigint" if unsigned => SqlType::Unsigned,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => SqlType::Integer,
        "bit" if declared == "bit(1)" => SqlType::Boolean,
        "bit" => SqlType::Unsigned,
        "decimal" => SqlType::Decimal,
        "float" | "double" => SqlType::Real,
        "date" => SqlType::Date,
        "time" => SqlType::Time,
        "datetime" | "timestamp" => SqlType::DateTime,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set"
        | "inet4" | "inet6" => SqlType::Text,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => SqlType::Blob,
        "json" => SqlType::Json,
        "uuid" => SqlType::Uuid,
        _ => return None,
    })
}

/// The type of a result column, by the driver's name of it.
fn kind_of(name: &str) -> Option<SqlType> {
    Some(match name {
        "BOOLEAN" => SqlType::Boolean,
        "BIGINT UNSIGNED" | "BIT" => SqlType::Unsigned,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" | "YEAR" | "TINYINT UNSIGNED"
        | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED" => SqlType::Integer,
        "DECIMAL" => SqlType::Decimal,
        "FLOAT" | "DOUBLE" => SqlType::Real,
        "DATE" => SqlType::Date,
        "TIME" => SqlType::Time,
        "DATETIME" | "TIMESTAMP" => SqlType::DateTime,
        "CHAR" | "VARCHAR" | "TINYTEXT" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" | "ENUM" | "SET" => {
            SqlType::Text
        }
        "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" => SqlType::Blob,
        "JSON" => SqlType::Json,
        _ => return None,
    })
}

/// Least and greatest value of an integer type.
fn range(data_type: &str, declared: &str) -> Option<(i64, i64)> {
    let bits = match data_type {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" => 32,
        "year" => return Some((1901, 2155)),
        _ => return None,
    };
    let half = 1_i64 << (bits - 1);
    Some(if declared.contains("unsigned") { (0, 2 * half - 1) } else { (-half, half - 1) })
}

/// The values of `enum('a','b')`.
fn labels(declared: &str) -> Option<Vec<String>> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"'((?:[^']|'')*)'").expect("a pattern"));
    let list = declared.strip_prefix("enum(")?;
    Some(LABEL.captures_iter(list).map(|found| found[1].replace("''", "'")).collect())
}

/// What a check says of a column: its values, or that it is JSON, which MariaDB keeps as text.
fn check(clause: &str, table: &mut Table) {
    // MySQL writes strings with the name of their character set in front.
    let clause = clause.replace("_utf8mb4\\'", "'").replace("\\'", "'").replace("_utf8mb4'", "'");
    let Ok(statements) = Parser::parse_sql(&MySqlDialect {}, &format!("SELECT {clause}")) else {
        return;
    };
    let [SqlStatement::Query(query)] = statements.as_slice() else { return };
    let SetExpr::Select(select) = query.body.as_ref() else { return };
    let [SelectItem::UnnamedExpr(check)] = select.projection.as_slice() else { return };
    if let Expr::Function(function) = check
        && function.name.to_string().eq_ignore_ascii_case("json_valid")
    {
        let argument = function.args.to_string();
        let name = argument.trim_matches(['(', ')', '`']);
        if let Some(column) = table.columns.iter_mut().find(|column| column.name == name) {
            column.kind = Some(SqlType::Json);
        }
    } else if let Some((name, choices)) = choices(check)
        && let Some(column) =
            table.columns.iter_mut().find(|column| column.name.eq_ignore_ascii_case(&name))
    {
        column.choices.get_or_insert(choices);
    }
}

/// A text of the information schema, which calls some of its texts bytes.
fn text(row: &MySqlRow, at: usize) -> Result<String, sqlx::Error> {
    Ok(row.try_get_unchecked::<Option<String>, _>(at)?.unwrap_or_default())
}

const FUNCTIONS: &str = "
SELECT routine_name FROM information_schema.routines
WHERE routine_schema = DATABASE() AND routine_type = 'FUNCTION'
  AND sql_data_access NOT IN ('NO SQL', 'READS SQL DATA')";

const PROCEDURES: &str = "
SELECT specific_name, data_type, dtd_identifier FROM information_schema.parameters
WHERE specific_schema = DATABASE() AND routine_type = 'PROCEDURE'
ORDER BY specific_name, ordinal_position";

const TABLES: &str = "
SELECT table_name, table_type, table_comment FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type <> 'SEQUENCE' ORDER BY table_name";

const COLUMNS: &str = "
SELECT table_name, column_name, column_type, data_type, is_nullable, column_default, extra,
       column_comment, CAST(character_maximum_length AS CHAR)
FROM information_schema.columns WHERE table_schema = DATABASE()
ORDER BY table_name, ordinal_position";

const KEYS: &str = "
SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name,
       CAST(ordinal_position AS CHAR)
FROM information_schema.key_column_usage WHERE table_schema = DATABASE()
ORDER BY table_name, constraint_name, ordinal_position";

const INDEXES: &str = "
SELECT table_name, index_name, column_name, CAST(non_unique AS CHAR)
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'
ORDER BY table_name, index_name, seq_in_index";

const FULL_TEXT: &str = "
SELECT s.table_name, s.column_name, s.index_name,
       (SELECT MIN(o.index_name) FROM information_schema.statistics o
        WHERE o.table_schema = DATABASE() AND o.table_name = s.table_name
          AND o.index_type = 'FULLTEXT')
FROM information_schema.statistics s
WHERE s.table_schema = DATABASE() AND s.index_type = 'FULLTEXT'
ORDER BY s.table_name, s.index_name, s.seq_in_index";

const CHECKS_OF_MARIADB: &str = "
SELECT table_name, check_clause FROM information_schema.check_constraints
WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name";

const CHECKS_OF_MYSQL: &str = "
SELECT t.table_name, c.check_clause
FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t
  ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
WHERE c.constraint_schema = DATABASE() ORDER BY t.table_name, c.constraint_name";

async fn run(connection: &mut MySqlConnection, sql: String) -> Result<(), String> {
    let ran = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    ran.map(|_| ()).map_err(|error| shown(&error))
}

/// The byte that `near '…' at line 3` means.
fn place(error: &sqlx::Error, sql: &str) -> Option<usize> {
    static NEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)near '(.*)' at line (\d+)$").expect("a pattern"));
    let message = shown(error);
    let found = NEAR.captures(&message)?;
    let line: usize = found[2].parse().ok()?;
    let before: usize = sql.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    // The server shows the rest of the text, cut after 80 characters.
    let near: String = found[1].chars().take(40).collect();
    let near = near.lines().next().unwrap_or_default();
    let rest = sql.get(before..)?;
    Some(if near.is_empty() { sql.trim_end().len() } else { before + rest.find(near).unwrap_or(0) })
}

/// The server's number of an error.
fn number(error: &sqlx::Error) -> u16 {
    error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>())
        .map_or(0, MySqlDatabaseError::number)
}

/// What the server says about a statement, in words that help.
fn refused(error: &sqlx::Error, rendered: &Rendered, tables: &BTreeMap<String, Table>) -> Problem {
    let sql = &rendered.sql;
    let message = shown(error);
    let quoted = message.split('\'').nth(1).unwrap_or_default();
    let plain = quoted.rsplit('.').next().unwrap_or_default();
    let offset = place(error, sql)
        .or_else(|| mentioned(plain, sql))
        .or_else(|| mentioned(function(&message), sql));
    let range = offset.map(|offset| word(sql, offset));
    let start = rendered.author_offset(offset.unwrap_or_else(|| leading_space(sql)));
    let at = start..start + range.map_or(1, |range| range.len());
    let (code, message, help) = match number(error) {
        1146 => (Code::SqlError, format!("there is no table `{plain}`"), table_help(plain, tables)),
        1054 => {
            let help = column_help(plain, &named_tables(sql, tables));
            (Code::SqlError, format!("there is no column `{quoted}` here"), help)
        }
        1305 => {
            let help = "call one that the server has, or that a migration makes";
            (
                Code::SqlError,
                format!("there is no function `{name}`", name = function(&message)),
                help.to_owned(),
            )
        }
        1052 => {
            let message = format!("`{quoted}` is a column of more than one table here");
            (Code::SqlError, message, format!("name the table: `….{plain}`"))
        }
        1064 => {
            let help = "check what stands before this place: a comma, a keyword, a parenthesis";
            (
                Code::SqlSyntax,
                "the server cannot read the statement here".to_owned(),
                help.to_owned(),
            )
        }
        _ => {
            let help = "the words are the server's own; https://mariadb.com/kb/en/sql-statements/ and https://dev.mysql.com/doc/refman/8.0/en/sql-statements.html say what it takes";
            (
                Code::SqlError,
                format!("the server refuses the statement: {message}"),
                help.to_owned(),
            )
        }
    };
    Problem::new(code, at, message, help)
}

/// The name in `FUNCTION database.name does not exist`.
fn function(message: &str) -> &str {
    let name = message.split(' ').nth(1).filter(|_| message.ends_with(" does not exist"));
    name.and_then(|name| name.rsplit('.').next()).unwrap_or_default()
}
