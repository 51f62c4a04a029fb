//! What is claimed, against what SQLite answers: on empty tables, and on rows full of NULL.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::*;
use crate::database::declared_type;
use crate::database::facts::TableColumn;

const SCHEMA: &str = "
    CREATE TABLE users (
        id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, note TEXT, active BOOLEAN,
        score REAL, image BLOB NOT NULL, born DATE
    );
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT NOT NULL);
";

const ROWS: &str = "
    INSERT INTO users VALUES (1, 'Ada', NULL, NULL, NULL, x'00', NULL), (2, '', 'n', 1, 0.5, x'01', '2024-01-01');
    INSERT INTO posts VALUES (1, 1, 'a'), (2, NULL, 'b'), (3, 99, 'c');
";

fn tables() -> BTreeMap<String, Table> {
    let column = |name: &str, declared: &str, nullable: bool| TableColumn {
        name: name.to_owned(),
        declared: declared.to_owned(),
        kind: declared_type(declared),
        nullable,
        ..TableColumn::default()
    };
    let table = |columns: Vec<TableColumn>| Table {
        columns,
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    };
    let users = vec![
        column("id", "INTEGER", false),
        column("name", "VARCHAR(20)", false),
        column("note", "TEXT", true),
        column("active", "BOOLEAN", true),
        column("score", "REAL", true),
        column("image", "BLOB", false),
        column("born", "DATE", true),
    ];
    let posts = vec![
        column("id", "INTEGER", false),
        column("user_id", "INTEGER", true),
        column("title", "TEXT", false),
    ];
    BTreeMap::from([("users".to_owned(), table(users)), ("posts".to_owned(), table(posts))])
}

/// `integer`, `text?`, `?`: the kind where it is claimed, and a `?` where NULL may come.
fn shown(known: &Known) -> String {
    let kind =
        known.kind.as_ref().map(|kind| format!("{kind:?}").to_lowercase()).unwrap_or_default();
    format!("{kind}{}", if known.nullable { "?" } else { "" })
}

/// Statements with what must be claimed of their columns.
const CASES: &[(&str, &str)] = &[
    (
        "SELECT id, name, note, active, score, image, born FROM users",
        "integer text text? boolean? real? blob date?",
    ),
    (
        "SELECT u.name, p.title FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id",
        "text text?",
    ),
    (
        "SELECT u.name, p.title FROM users AS u RIGHT JOIN posts AS p ON p.user_id = u.id",
        "text? text",
    ),
    (
        "SELECT u.name, p.title FROM users AS u FULL JOIN posts AS p ON p.user_id = u.id",
        "text? text?",
    ),
    (
        "SELECT a.name FROM users AS a, users AS b RIGHT JOIN posts AS p ON p.id = b.id AND a.id = 1",
        "text?",
    ),
    (
        "SELECT COUNT(*), COUNT(note), SUM(id), AVG(id), MIN(name), TOTAL(id) FROM users",
        "integer integer integer? real? text? real",
    ),
    ("SELECT name, COUNT(*) FROM users", "text? integer"),
    ("SELECT *, COUNT(*) AS n FROM (SELECT id + 1 AS x FROM users)", "integer? integer"),
    ("SELECT name, COUNT(*) FROM users GROUP BY name", "text integer"),
    ("SELECT name, (SELECT COUNT(*) FROM posts) AS n FROM users", "text integer"),
    ("SELECT name, (SELECT title FROM posts WHERE user_id = users.id) FROM users", "text text?"),
    (
        "SELECT COALESCE(note, name), COALESCE(NULL, note), IFNULL(note, 'x') FROM users",
        "text text? text",
    ),
    (
        "SELECT CASE WHEN id > 1 THEN name END, CASE WHEN id > 1 THEN name ELSE 'x' END, CASE id WHEN 1 THEN NULL ELSE 2 END FROM users",
        "text? text integer?",
    ),
    ("SELECT id AS x FROM users UNION ALL SELECT title FROM posts", ""),
    ("SELECT name AS x FROM users UNION SELECT note FROM users", "text?"),
    ("SELECT NULL AS x UNION ALL SELECT name FROM users", "text?"),
    ("SELECT -note, -id, +name, NOT active FROM users", "? integer text boolean?"),
    (
        "SELECT substr(image, 1), substr(name, 1), 0x10, x'10', 0xFF_FF FROM users",
        " text integer blob integer",
    ),
    (
        "SELECT COALESCE(AVG(id), 0), COALESCE(SUM(note IS name), 0), SUM(note), COALESCE(born, 'never') FROM users",
        "real integer real? text?",
    ),
    (
        "SELECT id > 1 AND note IS 'x', active + 1, ~id << 2, CAST(note AS NUMERIC), NULL FROM users",
        "boolean integer? integer decimal? ?",
    ),
    (
        "SELECT iif(id > 1, 'a'), iif(id = 1, 1, id = 2, 2.5, 0), unhex('0f'), unixepoch('now'), unixepoch('now', 'subsec') FROM users",
        "text? real blob? integer? real?",
    ),
    (
        "WITH ids AS (SELECT user_id FROM posts) SELECT rowid, note NOT NULL, id IN ids, 1 NOT IN (SELECT id FROM posts) FROM users",
        "integer? boolean boolean? boolean?",
    ),
    (
        "SELECT e.type, e.value, e.fullkey, json_pretty('[]') FROM users, json_each('[1,null]') AS e",
        "text? ? text? text?",
    ),
    (
        "SELECT * FROM users AS u JOIN posts AS p USING (id) WHERE title > 'a'",
        "integer text text? boolean? real? blob date? integer? text",
    ),
    (
        "SELECT p.*, u.note FROM posts AS p NATURAL LEFT JOIN users AS u",
        "integer integer? text text?",
    ),
    (
        "SELECT * FROM (SELECT id, title FROM posts) NATURAL RIGHT JOIN (SELECT id, note FROM users)",
        "integer? text? text?",
    ),
    (
        "INSERT INTO posts AS u (id, title) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET title = u.title || 'x' WHERE u.id > 0 ON CONFLICT DO NOTHING RETURNING id, title",
        "integer text",
    ),
    (
        "WITH t AS NOT MATERIALIZED (SELECT id, count(*) OVER (ORDER BY id ROWS 1 PRECEDING EXCLUDE TIES) AS n FROM users NOT INDEXED) SELECT t.id, n FROM t CROSS JOIN posts AS p ON p.id = t.id",
        "integer integer",
    ),
    (
        "SELECT id / 0, id % 2, id * 2, score * 2, id || name FROM users",
        "integer? integer? integer real? text",
    ),
    ("SELECT unicode(name), length(name), length(note) FROM users", "integer? integer integer?"),
    (
        "SELECT lag(id, 1, 'none') OVER (ORDER BY id), lag(id) OVER (ORDER BY id), rank() OVER (ORDER BY id) FROM users",
        "? integer? integer",
    ),
    (
        "SELECT sum(id) OVER (ORDER BY id), first_value(name) OVER (ORDER BY id) FROM users",
        "integer? text?",
    ),
    (
        "SELECT id = 1, note = 'x', note IS NULL, id IN (1, 2), note IN ('x'), EXISTS (SELECT 1) FROM users",
        "boolean boolean? boolean boolean boolean? boolean",
    ),
    ("WITH t AS (SELECT id, note FROM users) SELECT * FROM t", "integer text?"),
    (
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n",
        "integer?",
    ),
    (
        "SELECT date(born), datetime('now'), strftime('%Y', born) FROM users",
        "date? datetime? text?",
    ),
    ("SELECT json_array(id), json_object('a', id) FROM users", "json json"),
    ("SELECT CAST(note AS INTEGER), CAST(id AS TEXT) FROM users", "integer? text"),
    (
        "INSERT INTO posts (title) VALUES ('x') RETURNING id, user_id, title",
        "integer integer? text",
    ),
    ("UPDATE users SET note = 'x' RETURNING id, note", "integer text?"),
    ("DELETE FROM posts RETURNING title", "text"),
    ("VALUES (1, 'a'), (2, NULL)", "integer text?"),
    (
        "SELECT id, note ISNULL, name GLOB 'a*', note IS NOT name, id IS NULL FROM users WHERE note IS 'x' OR note NOTNULL",
        "integer boolean boolean boolean boolean",
    ),
];

#[test]
fn claims() {
    for (sql, expected) in CASES {
        let analysis = analyze(sql, &tables(), Engine::Sqlite)
            .unwrap_or_else(|| panic!("nothing is known of {sql}"));
        let found: Vec<String> = analysis.columns.iter().map(shown).collect();
        assert_eq!(found.join(" "), *expected, "{sql}");
    }
}

#[test]
fn claims_hold() {
    for rows in ["", ROWS] {
        for (sql, _) in CASES {
            let connection = Connection::open_in_memory().expect("memory");
            connection.execute_batch(&format!("{SCHEMA}{rows}")).expect("a schema");
            let analysis = analyze(sql, &tables(), Engine::Sqlite).expect("known");
            let mut statement =
                connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
            let mut found = statement.query([]).expect("it runs");
            while let Some(row) = found.next().expect("a row") {
                for (at, known) in analysis.columns.iter().enumerate() {
                    let value = row.get_ref(at).expect("a value");
                    let holds = match (value, known.kind.as_ref()) {
                        (ValueRef::Null, _) => known.nullable,
                        (_, None) => true,
                        (ValueRef::Integer(_), Some(kind)) => {
                            matches!(
                                kind,
                                SqlType::Integer
                                    | SqlType::Boolean
                                    | SqlType::Real
                                    | SqlType::Decimal
                            )
                        }
                        (ValueRef::Real(_), Some(kind)) => {
                            matches!(kind, SqlType::Real | SqlType::Decimal)
                        }
                        (ValueRef::Text(_), Some(kind)) => !matches!(
                            kind,
                            SqlType::Integer | SqlType::Boolean | SqlType::Real | SqlType::Blob
                        ),
                        (ValueRef::Blob(_), Some(kind)) => *kind == SqlType::Blob,
                    };
                    assert!(
                        holds,
                        "column {at} is {value:?} and was claimed {}: {sql}",
                        shown(known)
                    );
                }
            }
        }
    }
}

/// What stands behind SQLite's `IS` is no part of its right side.
#[test]
fn bindings_of_sqlite() {
    for (sql, expected) in [
        ("SELECT 1 FROM users WHERE note IS ?1 AND id = ?2", "note id"),
        ("SELECT id AS number FROM users WHERE number = ?1 AND name NOT GLOB ?2", "id Text"),
        (
            "INSERT INTO elsewhere SELECT id FROM users WHERE active = ?1 AND rowid > ?2",
            "active Integer",
        ),
        ("UPDATE posts SET (title, user_id) = (?1, ?2)", "title user_id"),
        (
            "SELECT 1 FROM users WHERE lower(name) IN (SELECT value FROM json_each(?1))",
            "Array(Text)",
        ),
    ] {
        let analysis = analyze(sql, &tables(), Engine::Sqlite).expect("known");
        let met = analysis.bindings.values().map(|facts| {
            let column = facts.compared.first().or(facts.assigned.first());
            let hint = || facts.hint.as_ref().map(|kind| format!("{kind:?}"));
            column.map(|column| column.column.clone()).or_else(hint).unwrap_or_default()
        });
        assert_eq!(met.collect::<Vec<_>>().join(" "), expected, "{sql}");
    }
}

#[test]
fn bindings_meet_columns() {
    let sql = "UPDATE users SET name = ?1 WHERE id = ?2 AND note IN (SELECT value FROM json_each(?3)) AND id IN (?4, 3)";
    let analysis = analyze(sql, &tables(), Engine::Sqlite).expect("known");
    let column = |refs: &[ColumnRef]| refs.iter().map(|r| r.column.clone()).collect::<Vec<_>>();
    assert_eq!(column(&analysis.bindings[&1].assigned), ["name"]);
    assert_eq!(column(&analysis.bindings[&2].compared), ["id"]);
    assert_eq!(column(&analysis.bindings[&3].spread), ["note"]);
    assert_eq!(column(&analysis.bindings[&4].compared), ["id"]);
}

/// What is claimed in the words of the other engines, where a server is not needed to be sure.
#[test]
fn claims_of_servers() {
    for (engine, sql, expected) in [
        // Beyond the year 9999 there is nothing.
        (Engine::Mysql, "SELECT born + INTERVAL 1 DAY AS d FROM users", "?"),
        (Engine::Mysql, "SELECT NOW() - INTERVAL 9000 YEAR AS d", "?"),
        (Engine::Postgres, "SELECT now() - INTERVAL '1 day' AS d", ""),
        // A name with its schema is the table's.
        (
            Engine::Mysql,
            "WITH users AS (SELECT 1 AS note) SELECT u.note FROM test.users AS u",
            "text?",
        ),
        (Engine::Mysql, "WITH users AS (SELECT 1 AS note) SELECT note FROM users", "integer"),
    ] {
        let analysis = analyze(sql, &tables(), engine).expect("known");
        let claimed: Vec<String> = analysis.columns.iter().map(shown).collect();
        assert_eq!(claimed.join(" "), expected, "{sql}");
    }
}
