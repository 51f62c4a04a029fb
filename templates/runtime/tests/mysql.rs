//! The runtime on a MySQL or MariaDB server, which `TEST_MYSQL_URL` names.
#![cfg(feature = "mysql")]

use std::fmt::Debug;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use mcpgen_runtime::cursor;
use mcpgen_runtime::database::{self, Database, Flavour, Isolation, Row, Settings};
use mcpgen_runtime::failure::{Failure, Kind};
use mcpgen_runtime::secret::Signer;
use mcpgen_runtime::{decode, retry, sql, value};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, Row as _};

const SECOND: Duration = Duration::from_secs(1);

/// The server, or a line that says why nothing was tested.
fn url() -> Option<String> {
    let url = std::env::var("TEST_MYSQL_URL").ok();
    if url.is_none() {
        // Past the capture of output: a test that did nothing shall not look like one that passed.
        let _ = writeln!(std::io::stderr(), "skipped: TEST_MYSQL_URL is not set");
    }
    url
}

fn settings(url: &str) -> Settings {
    Settings {
        url: url.to_owned(),
        max_connections: 4,
        min_connections: 1,
        acquire_timeout: 5 * SECOND,
        idle_timeout: 60 * SECOND,
        statement_timeout: 20 * SECOND,
        statements: 20,
        breaker: mcpgen_runtime::breaker::Rule { failures: 1000, open: SECOND },
        flavour: flavour(),
    }
}

/// Which server it is: `TEST_MYSQL_FLAVOUR` says `mysql` where it is not MariaDB.
fn flavour() -> Flavour {
    match std::env::var("TEST_MYSQL_FLAVOUR").as_deref() {
        Ok("mysql") => Flavour::MySql,
        _ => Flavour::MariaDb,
    }
}

/// A database, and a connection past it.
async fn start() -> Option<(Database, MySqlConnection)> {
    start_with(|_| {}).await
}

async fn start_with(change: impl FnOnce(&mut Settings)) -> Option<(Database, MySqlConnection)> {
    let url = url()?;
    let mut settings = settings(&url);
    change(&mut settings);
    let other = MySqlConnection::connect(&url).await.expect("the server answers");
    Some((Database::open(settings).await.expect("the server answers"), other))
}

async fn run(connection: &mut MySqlConnection, sql: &str) {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.expect("it runs");
}

async fn read<T>(
    database: &Database,
    sql: &str,
    decode: impl Fn(&Row, usize) -> Result<T, sqlx::Error>,
) -> Result<T, Failure> {
    let statement = sqlx::query(AssertSqlSafe(select(sql)));
    database.read(5 * SECOND).await?.one(statement, |row| decode(row, 0)).await
}

/// `expression FROM table` with a name for the expression. Not as a subquery: MariaDB says then of
/// bits that they are bits, and sends digits.
fn select(sql: &str) -> String {
    let (expression, table) = sql.split_once(" FROM ").unwrap_or((sql, "DUAL"));
    format!("SELECT {expression} AS column_x FROM {table}")
}

/// Each expression is read as its value.
async fn reads<T: PartialEq + Debug>(
    database: &Database,
    decode: impl Fn(&Row, usize) -> Result<T, sqlx::Error>,
    cases: impl IntoIterator<Item = (&str, T)>,
) {
    for (sql, expected) in cases {
        let found = read(database, sql, &decode).await;
        assert_eq!(found.map_err(|failure| failure.message), Ok(expected), "{sql}");
    }
}

/// Each expression is refused, in words that name the column.
async fn refuses<T: Debug>(
    database: &Database,
    decode: impl Fn(&Row, usize) -> Result<T, sqlx::Error>,
    cases: impl IntoIterator<Item = (&str, &str)>,
) {
    for (sql, expected) in cases {
        let statement = sqlx::query(AssertSqlSafe(select(sql)));
        let mut session = database.read(5 * SECOND).await.expect("a connection");
        let said = std::sync::Mutex::new(String::new());
        let found = session
            .one(statement, |row| {
                decode(row, 0).inspect_err(|error| *said.lock().expect("one") = error.to_string())
            })
            .await;
        assert_eq!(found.map_err(|failure| failure.kind).err(), Some(Kind::UnknownError), "{sql}");
        let said = said.into_inner().expect("one");
        assert!(said.contains("`column_x") && said.contains(expected), "{sql}: {said}");
    }
}

#[tokio::test]
async fn numbers() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_numbers;
         CREATE TABLE rt_numbers (t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, m MEDIUMINT, mu MEDIUMINT UNSIGNED,
            i INT, iu INT UNSIGNED, b BIGINT, bu BIGINT UNSIGNED, y YEAR, f FLOAT, d DOUBLE,
            d65 DECIMAL(65,30), d2 DECIMAL(10,2), yes BOOLEAN, b1 BIT(1), b12 BIT(12), z INT(5) ZEROFILL);
         INSERT INTO rt_numbers VALUES (-128, 255, -32768, -8388608, 16777215, -2147483648, 4294967295,
            -9223372036854775808, 18446744073709551615, 2155, 0.1, 0.1,
            -99999999999999999999999999999999999.999999999999999999999999999999, 12.50, TRUE, b'1',
            b'100000000001', 42)",
    )
    .await;
    let column = |name: &str| format!("{name} FROM rt_numbers");
    for (name, expected) in [
        ("t", -128),
        ("tu", 255),
        ("s", -32_768),
        ("m", -8_388_608),
        ("mu", 16_777_215),
        ("i", -2_147_483_648),
        ("iu", 4_294_967_295),
        ("b", i64::MIN),
        ("y", 2155),
        ("b12", 2049),
        ("z", 42),
        ("yes", 1),
        ("COUNT(*)", 1),
        ("SUM(i)", -2_147_483_648),
    ] {
        reads(&database, decode::integer, [(column(name).as_str(), expected)]).await;
    }
    reads(&database, decode::unsigned, [(column("bu").as_str(), u64::MAX)]).await;
    for (name, expected) in [("f", 0.1), ("d", 0.1), ("d2", 12.5), ("tu", 255.0)] {
        reads(&database, decode::number, [(column(name).as_str(), expected)]).await;
    }
    for name in ["yes", "b1"] {
        reads(&database, decode::boolean, [(column(name).as_str(), true)]).await;
    }
    let decimal = |text: &str| value::Decimal(text.to_owned());
    for (name, expected) in [
        ("d65", "-99999999999999999999999999999999999.999999999999999999999999999999"),
        ("d2", "12.50"),
        ("i", "-2147483648"),
    ] {
        reads(&database, decode::decimal, [(column(name).as_str(), decimal(expected))]).await;
    }
    refuses(
        &database,
        decode::integer,
        [
            (column("bu").as_str(), "too large"),
            (column("d2").as_str(), "fraction"),
            ("CAST(NULL AS SIGNED)", "NULL"),
            ("'text'", "varchar"),
        ],
    )
    .await;
    refuses(&database, decode::unsigned, [(column("t").as_str(), "negative")]).await;
    refuses(&database, decode::boolean, [(column("i").as_str(), "another number")]).await;
    let bound = value::big_decimal("123456789012345678901234567890.50").expect("a decimal");
    let statement = sqlx::query("SELECT CAST(? AS DECIMAL(65,2))").bind(bound);
    let mut session = database.read(SECOND).await.expect("a connection");
    let back = session.one(statement, |row| decode::decimal(row, 0)).await.expect("it reads");
    assert_eq!(back, decimal("123456789012345678901234567890.50"));
    drop(session);
    run(&mut other, "DROP TABLE rt_numbers").await;
}

#[tokio::test]
async fn texts_and_the_like() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_texts;
         CREATE TABLE rt_texts (c CHAR(4), v VARCHAR(20), bin VARCHAR(20) COLLATE utf8mb4_bin, l LONGTEXT,
            e ENUM('sad', 'glad'), s SET('a', 'b'), b BLOB, b4 BINARY(4), j JSON, n TEXT,
            u36 CHAR(36), u16 BINARY(16)) CHARACTER SET utf8mb4;
         INSERT INTO rt_texts VALUES ('ab', 'Grüße 🌍', 'Bin', '', 'glad', 'a,b', x'00ff', x'01',
            '{\"b\": 1, \"a\": [null]}', NULL, '6F0A3C5E-8F43-4C8B-9D5E-0A1B2C3D4E5F',
            x'6f0a3c5e8f434c8b9d5e0a1b2c3d4e5f')",
    )
    .await;
    let column = |name: &str| format!("{name} FROM rt_texts");
    for (name, expected) in
        [("c", "ab"), ("v", "Grüße 🌍"), ("bin", "Bin"), ("l", ""), ("e", "glad"), ("s", "a,b")]
    {
        let text = expected.to_owned();
        reads(&database, decode::text, [(column(name).as_str(), text)]).await;
    }
    refuses(
        &database,
        decode::text,
        [(column("b").as_str(), "blob"), (column("n").as_str(), "NULL")],
    )
    .await;
    let moods = |row: &Row, at| decode::choice(row, at, &[("sad", 1), ("glad", 2)]);
    reads(&database, moods, [(column("e").as_str(), 2)]).await;
    for (name, expected) in [("b", vec![0, 255]), ("b4", vec![1, 0, 0, 0])] {
        reads(&database, decode::bytes, [(column(name).as_str(), value::Bytes(expected))]).await;
    }
    let object = json!({ "b": 1, "a": [null] });
    reads(&database, decode::json, [(column("j").as_str(), object.clone())]).await;
    reads(&database, decode::json_object, [(column("j").as_str(), object)]).await;
    reads(&database, decode::json_array, [("JSON_ARRAY(1, 'a')", json!([1, "a"]))]).await;
    refuses(&database, decode::json_array, [(column("j").as_str(), "other JSON")]).await;
    for name in ["u36", "u16"] {
        let expected = "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f".to_owned();
        reads(&database, decode::uuid, [(column(name).as_str(), expected)]).await;
    }
    if flavour() == Flavour::MariaDb {
        let expected = "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f".to_owned();
        let sql = "CAST('6F0A3C5E-8F43-4C8B-9D5E-0A1B2C3D4E5F' AS UUID)";
        reads(&database, decode::uuid, [(sql, expected)]).await;
    }
    refuses(&database, decode::uuid, [(column("v").as_str(), "text that is none")]).await;
    let maybe = |row: &Row, at| decode::optional(row, at, decode::text);
    reads(&database, maybe, [(column("n").as_str(), None), ("'x'", Some("x".to_owned()))]).await;
    run(&mut other, "DROP TABLE rt_texts").await;
}

#[tokio::test]
async fn times() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "SET sql_mode = '', time_zone = '+00:00'; DROP TABLE IF EXISTS rt_times;
         CREATE TABLE rt_times (d DATE, d9 DATE, dz DATE, dp DATE, t TIME, t6 TIME(6), tl TIME, tn TIME, m DATETIME, m6 DATETIME(6),
            mz DATETIME, ts TIMESTAMP(6) NULL, tsz TIMESTAMP NULL, mn DATETIME NULL);
         INSERT INTO rt_times VALUES ('2024-02-29', '9999-12-31', '0000-00-00', '2024-00-10', '00:00:00', '23:59:59.999999',
            '36:00:00', '-01:00:00', '1000-01-01 00:00:00', '9999-12-31 23:59:59.999999', '0000-00-00 00:00:00',
            '2024-02-29 12:30:00.000001', '0000-00-00 00:00:00', NULL)",
    )
    .await;
    let column = |name: &str| format!("{name} FROM rt_times");
    for (name, expected) in [("d", "2024-02-29"), ("d9", "9999-12-31")] {
        let expected: NaiveDate = expected.parse().expect("a date");
        reads(&database, decode::date, [(column(name).as_str(), expected)]).await;
    }
    refuses(
        &database,
        decode::date,
        [(column("dz").as_str(), "zero"), (column("dp").as_str(), "zero in part")],
    )
    .await;
    for (name, expected) in [("t", "00:00:00"), ("t6", "23:59:59.999999")] {
        let expected: NaiveTime = expected.parse().expect("a time");
        reads(&database, decode::time, [(column(name).as_str(), expected)]).await;
    }
    refuses(
        &database,
        decode::time,
        [(column("tl").as_str(), "one day"), (column("tn").as_str(), "one day")],
    )
    .await;
    for (name, expected) in [
        ("m", "1000-01-01T00:00:00Z"),
        ("m6", "9999-12-31T23:59:59.999999Z"),
        ("ts", "2024-02-29T12:30:00.000001Z"),
    ] {
        let expected: DateTime<Utc> = expected.parse().expect("a moment");
        reads(&database, decode::date_time, [(column(name).as_str(), expected)]).await;
        let statement = sqlx::query(AssertSqlSafe(format!("SELECT {name} = ? FROM rt_times")));
        let mut session = database.read(SECOND).await.expect("a connection");
        let same = session.one(statement.bind(expected), |row| decode::boolean(row, 0)).await;
        assert!(same.expect("it compares"), "{name}");
    }
    refuses(
        &database,
        decode::date_time,
        [(column("mz").as_str(), "zero"), (column("tsz").as_str(), "zero")],
    )
    .await;
    // A date that is zero is there, and no NULL.
    let maybe = |row: &Row, at| decode::optional(row, at, decode::date_time);
    reads(&database, maybe, [(column("mn").as_str(), None)]).await;
    refuses(&database, maybe, [(column("mz").as_str(), "zero")]).await;
    run(&mut other, "DROP TABLE rt_times").await;
}

#[tokio::test]
async fn clauses_and_lists() {
    static SQL: sql::Variants = sql::Variants::new(&[
        sql::Part::Text(
            "SELECT seq FROM (SELECT 1 AS seq UNION ALL SELECT 2 UNION ALL SELECT 3) AS t WHERE seq IN (",
        ),
        sql::Part::List(0),
        sql::Part::Text(")"),
        sql::Part::Clause(0, " AND seq IN ("),
        sql::Part::ClauseList(0, 1),
        sql::Part::Clause(0, ")"),
        sql::Part::Text(" ORDER BY seq"),
    ]);
    assert!(
        SQL.with_lists(&[true], &[3, 0])
            .as_str()
            .contains("IN (?, ?, ?, ?) AND seq IN (SELECT NULL FROM DUAL WHERE FALSE) ORDER")
    );
    let Some((database, _)) = start().await else { return };
    for (first, second, expected) in [
        (vec![1, 2, 3], None, vec![1, 2, 3]),
        (vec![], None, vec![]),
        (vec![3, 1, 1, 2, 9], Some(vec![2, 3]), vec![2, 3]),
        (vec![1], Some(vec![]), vec![]),
    ] {
        let lengths = [first.len(), second.as_ref().map_or(0, Vec::len)];
        let statement = sqlx::query(SQL.with_lists(&[second.is_some()], &lengths));
        let mut statement = sql::bind_list(statement, first.iter().copied());
        if let Some(second) = &second {
            statement = sql::bind_list(statement, second.iter().copied());
        }
        let mut session = database.read(SECOND).await.expect("a connection");
        let found: Vec<i64> =
            session.many(statement, |row| decode::integer(row, 0)).await.expect("rows");
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn pages_go_on_where_they_ended() {
    let Some((database, mut other)) = start().await else { return };
    let signer = Signer::from_environment();
    for (name, kind, values) in [
        ("t", "TINYINT UNSIGNED", "(0),(7),(255)"),
        ("i", "INT", "(-5),(0),(7)"),
        ("b", "BIGINT", "(-9223372036854775808),(9007199254740993),(9223372036854775807)"),
        ("bu", "BIGINT UNSIGNED", "(0),(9223372036854775808),(18446744073709551615)"),
        ("f", "FLOAT", "(0.1),(0.2),(1e30)"),
        ("d", "DOUBLE", "(0.1),(0.30000000000000004)"),
        (
            "dec65",
            "DECIMAL(65,30)",
            "(-1.10),(0.000000000000000000000000000001),(99999999999999999999.5)",
        ),
        ("v", "VARCHAR(20)", "('a'),('B'),('ü')"),
        ("bin", "VARCHAR(20) COLLATE utf8mb4_bin", "('a'),('B'),('ü')"),
        ("date", "DATE", "('1000-01-01'),('2024-02-29')"),
        ("time", "TIME(6)", "('00:00'),('12:00:00.000001')"),
        (
            "at",
            "DATETIME(6)",
            "('1000-01-01 00:00'),('2024-02-29 12:00:00.123456'),('2024-02-29 12:00:00.123457')",
        ),
        ("ts", "TIMESTAMP(6)", "('1971-01-01 00:00'),('2024-02-29 12:00:00.123456')"),
        ("raw", "VARBINARY(9)", "(x'00'),(x'00ff')"),
        ("u16", "BINARY(16)", "(x'00000000000000000000000000000001'),(x'ff')"),
    ] {
        let table = format!("rt_pages_{name}");
        run(&mut other, &format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} (a {kind} NOT NULL, b INT NOT NULL DEFAULT 5, id INT PRIMARY KEY AUTO_INCREMENT) CHARACTER SET utf8mb4;
            INSERT INTO {table} (a) VALUES {values}; INSERT INTO {table} (a) VALUES {values}")).await;
        let all: Vec<i32> =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT id FROM {table} ORDER BY a, b, id")))
                .fetch_all(&mut other)
                .await
                .expect("rows");
        let first = format!("SELECT a, b, id FROM {table} ORDER BY a, b, id LIMIT ?");
        let next = format!(
            "SELECT a, b, id FROM {table} WHERE a >= ? AND (a > ? OR (b >= ? AND (b > ? OR id > ?)))
             ORDER BY a, b, id LIMIT ?"
        );
        let mut found = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut session = database.read(5 * SECOND).await.expect("a connection");
            let statement = match &cursor {
                None => sqlx::query(AssertSqlSafe(first.clone())),
                Some(cursor) => cursor::position(&signer, "q", cursor)
                    .expect("it is ours")
                    .bind_to(sqlx::query(AssertSqlSafe(next.clone()))),
            };
            let page =
                session.page(statement.bind(2_i64), 1, &[0, 1, 2], |row| row.try_get::<i32, _>(2));
            let (ids, end) = page.await.unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
            found.extend(ids);
            match end {
                Some(end) => cursor = Some(cursor::sign(&signer, "q", end)),
                None => break,
            }
        }
        assert_eq!(found, all, "{name}");
        run(&mut other, &format!("DROP TABLE {table}")).await;
    }
}

#[tokio::test]
async fn every_error_is_of_its_kind() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_child; DROP TABLE IF EXISTS rt_parent; DROP FUNCTION IF EXISTS rt_refuse;
         CREATE TABLE rt_parent (id INT PRIMARY KEY) ENGINE=InnoDB;
         CREATE TABLE rt_child (
            id INT PRIMARY KEY, parent INT, name VARCHAR(3) NOT NULL, age TINYINT CHECK (age >= 0), day DATE,
            mood ENUM('sad'), data JSON, at DATETIME, FULLTEXT (name), FOREIGN KEY (parent) REFERENCES rt_parent (id)) ENGINE=InnoDB;
         INSERT INTO rt_parent VALUES (1);
         INSERT INTO rt_child (id, parent, name) VALUES (1, 1, 'a');
         CREATE FUNCTION rt_refuse() RETURNS INT DETERMINISTIC NO SQL
            BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'secret 4711'; RETURN 1; END",
    )
    .await;
    let insert = |columns: &str, values: &str| {
        format!("INSERT INTO rt_child (id, parent, name, {columns}) VALUES (2, 1, 'a', {values})")
    };
    for (sql, kind) in [
        ("INSERT INTO rt_parent VALUES (1)".to_owned(), Kind::UniqueConstraintViolation),
        (
            "INSERT INTO rt_child (id, parent, name) VALUES (2, 9, 'a')".to_owned(),
            Kind::ForeignKeyViolation,
        ),
        ("DELETE FROM rt_parent".to_owned(), Kind::ForeignKeyViolation),
        (
            "INSERT INTO rt_child (id, parent, name) VALUES (2, 1, NULL)".to_owned(),
            Kind::NotNullViolation,
        ),
        ("INSERT INTO rt_child (id, parent) VALUES (2, 1)".to_owned(), Kind::NotNullViolation),
        (
            "INSERT INTO rt_child (id, parent, name) VALUES (2, 1, 'long')".to_owned(),
            Kind::InvalidArguments,
        ),
        (insert("age", "-1"), Kind::CheckViolation),
        (insert("age", "1000"), Kind::InvalidArguments),
        (insert("age", "'x'"), Kind::InvalidArguments),
        (insert("age", "1 DIV 0"), Kind::InvalidArguments),
        (insert("day", "'2024-02-31'"), Kind::InvalidArguments),
        (insert("day", "'0000-00-00'"), Kind::InvalidArguments),
        (insert("at", "'x'"), Kind::InvalidArguments),
        (insert("mood", "'other'"), Kind::InvalidArguments),
        ("SELECT 9223372036854775807 + id FROM rt_parent".to_owned(), Kind::InvalidArguments),
        (
            "SELECT LOCATE('😀', CONVERT(name USING latin1)) FROM rt_child".to_owned(),
            Kind::InvalidArguments,
        ),
        (
            "SELECT id FROM rt_child WHERE MATCH (name) AGAINST ('*')".to_owned(),
            Kind::InvalidArguments,
        ),
        ("SELECT rt_refuse()".to_owned(), Kind::CheckViolation),
        ("SELECT nothing_like_it".to_owned(), Kind::UnknownError),
    ] {
        let mut session = database.write(5 * SECOND).await.expect("a connection");
        let failure =
            session.affected(sqlx::query(AssertSqlSafe(sql.clone()))).await.expect_err(&sql);
        assert_eq!(failure.kind, kind, "{sql}: {}", failure.message);
        assert!(!failure.message.contains("4711") && !failure.retryable, "{failure:?}");
        // Nothing more is done in a transaction that failed, and it is not kept.
        session.affected(sqlx::query("SELECT 1")).await.expect_err("it failed before");
        session.commit().await.expect_err("it failed before");
    }
    // A read session cannot write, in a transaction or not.
    let write = || sqlx::query("INSERT INTO rt_parent VALUES (77)");
    for mut session in
        [database.read(SECOND).await.expect("one"), database.snapshot(SECOND).await.expect("one")]
    {
        let failure = session.affected(write()).await.expect_err("it only reads");
        assert_eq!(failure.kind, Kind::PermissionDenied);
    }
    let user = "rt_nobody";
    run(&mut other, &format!("DROP USER IF EXISTS {user}@'%'; CREATE USER {user}@'%' IDENTIFIED BY 'x'; GRANT SELECT ON rt_parent TO {user}@'%'")).await;
    let address = url().expect("it is set");
    let (_, place) = address.rsplit_once('@').expect("a host in the URL");
    let theirs = Database::connect(settings(&format!("mysql://{user}:x@{place}"))).expect("a URL");
    let mut session = theirs.write(5 * SECOND).await.expect("a connection");
    assert_eq!(session.affected(write()).await.expect_err("denied").kind, Kind::PermissionDenied);
    drop(session);
    run(&mut other, &format!("DROP USER {user}@'%'; DROP TABLE rt_child; DROP TABLE rt_parent; DROP FUNCTION rt_refuse")).await;
}

#[tokio::test]
async fn ids_that_the_database_gives() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_ids;
         CREATE TABLE rt_ids (id INT PRIMARY KEY AUTO_INCREMENT, n INT) AUTO_INCREMENT = 7",
    )
    .await;
    let mut session = database.write(5 * SECOND).await.expect("a connection");
    let insert = || sqlx::query("INSERT INTO rt_ids (n) VALUES (?)").bind(1);
    assert_eq!(session.last_insert_id(insert()).await.expect("an id"), 7);
    assert_eq!(session.last_insert_id(insert()).await.expect("an id"), 8);
    session.commit().await.expect("it is kept");
    run(&mut other, "DROP TABLE rt_ids").await;
}

/// Statements that run in the server with this text.
async fn running(other: &mut MySqlConnection, mark: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM information_schema.processlist
               WHERE id <> CONNECTION_ID() AND info LIKE ?";
    sqlx::query_scalar(sql).bind(format!("%{mark}%")).fetch_one(other).await.expect("a count")
}

/// Waits until that many of them run.
async fn until_running(other: &mut MySqlConnection, mark: &str, expected: i64) {
    let start = Instant::now();
    while running(other, mark).await != expected {
        assert!(start.elapsed() < 2 * SECOND, "{mark}: not {expected} statements");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_call_that_ends_stops_its_statement() {
    let Some((database, mut other)) = start().await else { return };
    let database = Arc::new(database);
    // Its deadline passes.
    for write in [false, true] {
        let start = Instant::now();
        let limit = Duration::from_millis(300);
        let session = if write { database.write(limit).await } else { database.read(limit).await };
        let mut session = session.expect("a connection");
        let failure = session.affected(sqlx::query("SELECT SLEEP(10) /* rt_late */")).await;
        assert_eq!(failure.expect_err("late").kind, Kind::Timeout);
        assert!(start.elapsed() < SECOND, "{:?}", start.elapsed());
        until_running(&mut other, "rt_late", 0).await;
    }
    // It is dropped, as when its client cancels it.
    for write in [false, true] {
        let call = tokio::spawn({
            let database = Arc::clone(&database);
            async move {
                let limit = 10 * SECOND;
                let session = if write {
                    database.write(limit).await
                } else {
                    database.snapshot(limit).await
                };
                let statement = sqlx::query("SELECT SLEEP(10) /* rt_dropped */");
                session.expect("a connection").affected(statement).await
            }
        });
        until_running(&mut other, "rt_dropped", 1).await;
        call.abort();
        until_running(&mut other, "rt_dropped", 0).await;
    }
    // All of the connections are there again, and sound.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        let mut session = database.read(SECOND).await.expect("a connection");
        let one = session.one(sqlx::query("SELECT 1"), |row| decode::integer(row, 0)).await;
        assert_eq!(one.expect("it reads"), 1);
        sessions.push(session);
    }
    let busy = database.read(Duration::from_millis(200)).await.err().expect("all are taken");
    assert_eq!(busy.kind, Kind::PoolExhausted);
}

#[tokio::test]
async fn what_is_not_committed_is_undone() {
    let Some((database, mut other)) = start().await else { return };
    run(&mut other, "DROP TABLE IF EXISTS rt_undone; CREATE TABLE rt_undone (id INT)").await;
    for commit in [false, true] {
        let mut session = database.write(5 * SECOND).await.expect("a connection");
        let insert = sqlx::query("INSERT INTO rt_undone VALUES (1)");
        assert_eq!(session.affected(insert).await.expect("it writes"), 1);
        if commit {
            session.commit().await.expect("it is kept");
        }
    }
    let mut session = database.snapshot(5 * SECOND).await.expect("a connection");
    let count = sqlx::query("SELECT count(*) FROM rt_undone");
    assert_eq!(session.one(count, |row| decode::integer(row, 0)).await.expect("a count"), 1);
    drop(session);
    // More rows than are taken, and many more.
    for rows in [3_i64, 900] {
        let mut session = database.read(5 * SECOND).await.expect("a connection");
        let many = sqlx::query("WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < ?) SELECT n /* rt_bounded */ FROM s").bind(rows);
        let (taken, more) =
            session.bounded(many, 2, 1000, |row| decode::integer(row, 0)).await.expect("rows");
        assert_eq!((taken.len(), more), (2, true));
        drop(session);
        until_running(&mut other, "rt_bounded", 0).await;
    }
    // No transaction stays open.
    until_running(&mut other, "rt_undone", 0).await;
    run(&mut other, "DROP TABLE rt_undone").await;
}

#[tokio::test]
async fn a_connection_that_died_is_replaced() {
    let Some((database, mut other)) = start_with(|settings| settings.max_connections = 1).await
    else {
        return;
    };
    let mine = || sqlx::query("SELECT CONNECTION_ID()");
    for kind in ["read", "snapshot", "write"] {
        let open = || async {
            match kind {
                "read" => database.read(5 * SECOND).await,
                "snapshot" => database.snapshot(5 * SECOND).await,
                _ => database.write(5 * SECOND).await,
            }
        };
        let mut session = open().await.expect("a connection");
        let process = session.one(mine(), |row| decode::integer(row, 0)).await.expect("its number");
        session.commit().await.expect("it ends");
        run(&mut other, &format!("KILL {process}")).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut session = open().await.expect("a connection");
        let next = session.one(mine(), |row| decode::integer(row, 0)).await.expect("the next one");
        assert_ne!(next, process, "{kind}");
        session.commit().await.expect("it ends");
    }
    database.ping().await.expect("it answers");
    // A table that changed under a statement that was prepared.
    run(&mut other, "DROP TABLE IF EXISTS rt_shape; CREATE TABLE rt_shape (a INT)").await;
    for _ in 0..2 {
        let mut session = database.read(5 * SECOND).await.expect("a connection");
        let statement = sqlx::query("SELECT * FROM rt_shape");
        session.many(statement, |_| Ok(())).await.expect("rows");
        run(&mut other, "ALTER TABLE rt_shape ADD COLUMN b text").await;
        run(&mut other, "ALTER TABLE rt_shape RENAME COLUMN b TO c").await;
        drop(session);
        let mut session = database.read(5 * SECOND).await.expect("a connection");
        let statement = sqlx::query("SELECT * FROM rt_shape");
        session.many(statement, |_| Ok(())).await.expect("rows of another shape");
        run(&mut other, "ALTER TABLE rt_shape DROP COLUMN c").await;
    }
    run(&mut other, "DROP TABLE rt_shape").await;
}

#[tokio::test]
async fn the_database_itself_stops_statements() {
    let shorter = |settings: &mut Settings| settings.statement_timeout = SECOND;
    let Some((database, mut other)) = start_with(shorter).await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_locked; CREATE TABLE rt_locked (id INT) ENGINE=InnoDB;
         INSERT INTO rt_locked VALUES (1)",
    )
    .await;
    let start = Instant::now();
    let mut session = database.read(20 * SECOND).await.expect("a connection");
    let failure = session
        .affected(sqlx::query("SELECT SLEEP(10), id FROM rt_locked"))
        .await
        .expect_err("stopped");
    assert_eq!(failure.kind, Kind::Timeout);
    assert!(start.elapsed() < 3 * SECOND);
    // The connection was not harmed.
    session.affected(sqlx::query("SELECT 1")).await.expect("it goes on");
    let mut first = database.write(20 * SECOND).await.expect("a connection");
    let lock = || sqlx::query("SELECT id FROM rt_locked FOR UPDATE");
    first.affected(lock()).await.expect("the lock");
    let mut second = database.write(20 * SECOND).await.expect("a connection");
    let failure = second.affected(lock()).await.expect_err("it is taken");
    assert!(failure.kind == Kind::Timeout && failure.message.contains("locked"), "{failure:?}");
    drop((first, second));
    reads(&database, decode::text, [("@@time_zone", "+00:00".to_owned())]).await;
    let mode = read(&database, "@@sql_mode", decode::text).await.expect("a mode");
    for part in ["STRICT_TRANS_TABLES", "NO_ZERO_DATE", "NO_ZERO_IN_DATE", "ERROR_FOR_DIVISION"] {
        assert!(mode.contains(part), "{mode}");
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    run(&mut other, "DROP TABLE rt_locked").await;
}

#[tokio::test]
async fn transactions_that_came_between_each_other_are_run_again() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_retry; CREATE TABLE rt_retry (id INT PRIMARY KEY, n INT) ENGINE=InnoDB;
         INSERT INTO rt_retry VALUES (1, 0), (2, 0)",
    )
    .await;
    let add = |id: i32| sqlx::query("UPDATE rt_retry SET n = n + 1 WHERE id = ?").bind(id);
    // Each waits for the row that the other has.
    let (database, tries) = (&database, &std::sync::atomic::AtomicU32::new(0));
    let both = |first: i32, second: i32| {
        retry::transaction(15 * SECOND, move |_| async move {
            tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut session = database.write(15 * SECOND).await?;
            session.affected(add(first)).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
            session.affected(add(second)).await?;
            session.commit().await
        })
    };
    let (one, other_one) = tokio::join!(both(1, 2), both(2, 1));
    one.and(other_one).expect("both are done");
    assert!(tries.load(std::sync::atomic::Ordering::Relaxed) > 2, "nobody waited in a circle");
    // Each writes what it read before the other wrote.
    let once = || async move {
        let mut session = database.write_at(15 * SECOND, Isolation::Serializable).await?;
        let sum = sqlx::query("SELECT sum(n) FROM rt_retry");
        session.one(sum, |row| decode::integer(row, 0)).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        session.affected(add(1)).await?;
        session.commit().await
    };
    let failed = tokio::join!(once(), once());
    let kinds = [failed.0.err(), failed.1.err()];
    let kind = kinds.into_iter().flatten().next().expect("one of them failed");
    assert!(kind.kind == Kind::Deadlock && kind.retryable, "{kind:?}");
    let (one, other_one) = tokio::join!(
        retry::transaction(15 * SECOND, |_| once()),
        retry::transaction(15 * SECOND, |_| once())
    );
    one.and(other_one).expect("both are done");
    let n: i32 = sqlx::query_scalar("SELECT n FROM rt_retry WHERE id = 1")
        .fetch_one(&mut other)
        .await
        .expect("a number");
    assert_eq!(n, 5);
    let mut session =
        database.snapshot_at(SECOND, Isolation::Serializable).await.expect("a connection");
    session.affected(sqlx::query("SELECT 1")).await.expect("it reads");
    drop(session);
    // Another error is not tried again, and the time is limited.
    let mut tried = 0;
    let refused = retry::transaction(SECOND, |_| {
        tried += 1;
        async { Err::<(), _>(Failure::not_found()) }
    });
    assert_eq!(refused.await.expect_err("it is refused").kind, Kind::RecordNotFound);
    let mut again = 0;
    let never = retry::transaction(SECOND, |_| {
        again += 1;
        async { Err::<(), _>(Failure::new(Kind::Deadlock, "again")) }
    });
    assert_eq!(never.await.expect_err("never").kind, Kind::Deadlock);
    assert_eq!((tried, again), (1, 4));
    tokio::time::sleep(Duration::from_millis(100)).await;
    run(&mut other, "DROP TABLE rt_retry").await;
}

#[tokio::test]
async fn opening_migrating_and_closing() {
    let Some(url) = url() else { return };
    for wrong in ["sqlite:x.db", "postgres://localhost/x", "mysql//"] {
        Database::connect(settings(wrong)).expect_err(wrong);
    }
    let away = "mysql://someone:secret@127.0.0.1:1/x";
    let error = Database::open(settings(away)).await.expect_err("nobody is there").to_string();
    assert!(!error.contains("secret"), "{error}");
    let database = Database::connect(settings(away)).expect("nothing is opened");
    assert_eq!(database.ping().await.expect_err("away").kind, Kind::ConnectionError);
    assert!(!format!("{database:?} {:?}", settings(away)).contains("secret"));
    let mut other_flavour = settings(&url);
    other_flavour.flavour =
        if flavour() == Flavour::MariaDb { Flavour::MySql } else { Flavour::MariaDb };
    let error = Database::open(other_flavour).await.expect_err("the other one").to_string();
    assert!(error.contains("the database server is"), "{error}");

    let mut other = MySqlConnection::connect(&url).await.expect("the server answers");
    run(&mut other, "DROP DATABASE IF EXISTS rt_migrate; CREATE DATABASE rt_migrate").await;
    let (server, _) = url.rsplit_once('/').expect("a database in the URL");
    let fresh = format!("{server}/rt_migrate");
    const MIGRATIONS: &[database::Migration] =
        &[(1, "one", "CREATE TABLE t (id INT); INSERT INTO t VALUES (1);")];
    database::migrate(&fresh, MIGRATIONS).await.expect("it applies");
    database::migrate(&fresh, MIGRATIONS).await.expect("once");
    database::migrate(&fresh, &[(1, "one", "SELECT 2")]).await.expect_err("it changed");

    let mut settings = settings(&fresh);
    (settings.min_connections, settings.idle_timeout) = (2, Duration::from_millis(300));
    let database = Database::open(settings).await.expect("the server answers");
    let connections = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = 'rt_migrate'";
    let mut count = async || -> i64 {
        sqlx::query_scalar(connections).fetch_one(&mut other).await.expect("a count")
    };
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(database.read(SECOND).await.expect("a connection"));
    }
    assert!(count().await >= 4);
    drop(sessions);
    tokio::time::sleep(SECOND).await;
    assert_eq!(count().await, 2, "those that are kept");
    database.close().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(count().await, 0, "none is left");
    assert_eq!(database.read(SECOND).await.err().expect("closed").kind, Kind::ConnectionError);
    run(&mut other, "DROP DATABASE rt_migrate").await;
}
