//! The runtime on a PostgreSQL server, which `TEST_POSTGRES_URL` names.
#![cfg(feature = "postgres")]

use std::fmt::Debug;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use mcpgen_runtime::cursor;
use mcpgen_runtime::database::{self, Database, Isolation, Row, Settings};
use mcpgen_runtime::failure::{Failure, Kind};
use mcpgen_runtime::secret::Signer;
use mcpgen_runtime::{decode, retry, value};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

const SECOND: Duration = Duration::from_secs(1);

/// The server, or a line that says why nothing was tested.
fn url() -> Option<String> {
    let url = std::env::var("TEST_POSTGRES_URL").ok();
    if url.is_none() {
        // Past the capture of output: a test that did nothing shall not look like one that passed.
        let _ = writeln!(std::io::stderr(), "skipped: TEST_POSTGRES_URL is not set");
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
    }
}

/// A database, and a connection past it.
async fn start() -> Option<(Database, PgConnection)> {
    start_with(|_| {}).await
}

async fn start_with(change: impl FnOnce(&mut Settings)) -> Option<(Database, PgConnection)> {
    let url = url()?;
    let mut settings = settings(&url);
    change(&mut settings);
    let other = PgConnection::connect(&url).await.expect("the server answers");
    Some((Database::open(settings).await.expect("the server answers"), other))
}

/// Whether the server is of this version or a later one.
async fn since(database: &Database, version: i64) -> bool {
    let setting = "current_setting('server_version_num')::int8";
    read(database, setting, decode::integer).await.expect("a version") >= version * 10_000
}

async fn run(connection: &mut PgConnection, sql: &str) {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.expect("it runs");
}

async fn read<T>(
    database: &Database,
    sql: &str,
    decode: impl Fn(&Row, usize) -> Result<T, sqlx::Error>,
) -> Result<T, Failure> {
    let statement = sqlx::query(AssertSqlSafe(format!("SELECT {sql} AS column_x")));
    database.read(5 * SECOND).await?.one(statement, |row| decode(row, 0)).await
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
        let statement = sqlx::query(AssertSqlSafe(format!("SELECT {sql} AS column_x")));
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
    let Some((database, _)) = start().await else { return };
    reads(
        &database,
        decode::integer,
        [
            ("(-32768)::int2", -32768),
            ("2147483647::int4", 2_147_483_647),
            ("(-9223372036854775808)::int8", i64::MIN),
            ("9223372036854775807::int8", i64::MAX),
            ("4294967295::oid", 4_294_967_295),
            ("'a'::\"char\"", 97),
        ],
    )
    .await;
    reads(
        &database,
        decode::unsigned,
        [("7::int4", 7), ("18446744073709551615::numeric", u64::MAX)],
    )
    .await;
    reads(
        &database,
        decode::number,
        [
            ("0.1::float4", 0.1),
            ("0.1::float8", 0.1),
            ("1.7976931348623157e308::float8", f64::MAX),
            ("12.50::numeric", 12.5),
            ("-3::int4", -3.0),
        ],
    )
    .await;
    let digits = "9".repeat(65);
    for (sql, expected) in [
        ("12.50::numeric", "12.50"),
        ("0::numeric", "0"),
        ("0.000::numeric", "0.000"),
        ("(-0.00012300)::numeric(20,8)", "-0.00012300"),
        ("10000::numeric", "10000"),
        ("100000000.0001::numeric", "100000000.0001"),
        ("1e20::numeric", "100000000000000000000"),
        ("12345678.87654321::numeric", "12345678.87654321"),
        (&format!("{digits}.{digits}::numeric"), &format!("{digits}.{digits}")),
        ("5::int4", "5"),
    ] {
        let found = read(&database, sql, decode::decimal).await;
        assert_eq!(
            found.map_err(|failure| failure.message).map(|found| found.0),
            Ok(expected.to_owned())
        );
        let text: String =
            read(&database, &format!("({sql})::text"), decode::text).await.expect("text");
        assert_eq!(text, expected, "what the server says");
    }
    refuses(
        &database,
        decode::number,
        [("'NaN'::float8", "NaN"), ("'Infinity'::float4", "Infinity")],
    )
    .await;
    refuses(&database, decode::decimal, [("'NaN'::numeric", "NaN")]).await;
    // Earlier versions have no such number.
    if since(&database, 14).await {
        refuses(&database, decode::decimal, [("'-Infinity'::numeric", "infinity")]).await;
    }
    refuses(
        &database,
        decode::integer,
        [
            ("NULL::int4", "holds NULL"),
            ("'secret'::text", "type text"),
            ("1.5::numeric", "type numeric"),
        ],
    )
    .await;
    refuses(&database, decode::unsigned, [("-1", "a negative"), ("1.5::numeric", "another")]).await;
}

#[tokio::test]
async fn texts_and_the_like() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP SCHEMA IF EXISTS rt_texts CASCADE; CREATE SCHEMA rt_texts;
         CREATE EXTENSION IF NOT EXISTS citext;
         CREATE TYPE rt_texts.mood AS ENUM ('sad', 'glad');
         CREATE DOMAIN rt_texts.word AS text CHECK (VALUE <> '');
         CREATE DOMAIN rt_texts.deep AS rt_texts.word;",
    )
    .await;
    let text = |text: &str| text.to_owned();
    reads(
        &database,
        decode::text,
        [
            ("''::text", text("")),
            ("'Grüße 🌍'::varchar(20)", text("Grüße 🌍")),
            ("'ab'::char(4)", text("ab  ")),
            ("'n'::name", text("n")),
            ("'A'::\"char\"", text("A")),
            ("'Ci'::citext", text("Ci")),
            ("'<a/>'::xml", text("<a/>")),
            ("'glad'::rt_texts.mood", text("glad")),
            ("'d'::rt_texts.deep", text("d")),
        ],
    )
    .await;
    refuses(&database, decode::text, [("1::int4", "type int4"), ("NULL::text", "NULL")]).await;
    let moods = |row: &Row, at| decode::choice(row, at, &[("sad", 1), ("glad", 2)]);
    reads(&database, moods, [("'glad'::rt_texts.mood", 2)]).await;
    refuses(&database, moods, [("'other'::text", "enum")]).await;
    reads(&database, decode::boolean, [("true", true), ("false", false)]).await;
    refuses(&database, decode::boolean, [("1::int4", "type int4")]).await;
    reads(
        &database,
        decode::uuid,
        [
            (
                "'6F0A3C5E-8F43-4C8B-9D5E-0A1B2C3D4E5F'::uuid",
                text("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"),
            ),
            (
                "'6F0A3C5E-8F43-4C8B-9D5E-0A1B2C3D4E5F'::text",
                text("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"),
            ),
        ],
    )
    .await;
    refuses(&database, decode::uuid, [("'x'::text", "text that is none")]).await;
    reads(
        &database,
        decode::bytes,
        [("'\\x00ff'::bytea", value::Bytes(vec![0, 255])), ("''::bytea", value::Bytes(Vec::new()))],
    )
    .await;
    reads(
        &database,
        decode::json,
        [
            ("'{\"b\":1,\"a\":[null,1.5]}'::json", json!({ "b": 1, "a": [null, 1.5] })),
            ("'[true]'::jsonb", json!([true])),
            ("'null'::jsonb", Value::Null),
        ],
    )
    .await;
    reads(&database, decode::json_array, [("'[1]'::jsonb", json!([1]))]).await;
    reads(&database, decode::json_object, [("'{}'::jsonb", json!({}))]).await;
    refuses(&database, decode::json_array, [("'{}'::jsonb", "other JSON")]).await;
    refuses(&database, decode::json_object, [("'[]'::json", "other JSON")]).await;
    reads(
        &database,
        decode::inet,
        [
            ("'10.0.0.1'::inet", text("10.0.0.1")),
            ("'10.0.0.1/8'::inet", text("10.0.0.1/8")),
            ("'10.0.0.0/8'::cidr", text("10.0.0.0/8")),
            ("'10.0.0.1/32'::cidr", text("10.0.0.1/32")),
            ("'2001:db8::1'::inet", text("2001:db8::1")),
        ],
    )
    .await;
    reads(
        &database,
        decode::mac_address,
        [
            ("'08:00:2B:01:02:03'::macaddr", text("08:00:2b:01:02:03")),
            ("'08:00:2b:01:02:03:04:05'::macaddr8", text("08:00:2b:01:02:03:04:05")),
        ],
    )
    .await;
    reads(
        &database,
        decode::bits,
        [("B'1010000011'", text("1010000011")), ("B''::varbit", text(""))],
    )
    .await;
    let maybe = |row: &Row, at| decode::optional(row, at, decode::integer);
    reads(&database, maybe, [("NULL::int4", None), ("5::int4", Some(5))]).await;
    run(&mut other, "DROP SCHEMA rt_texts CASCADE").await;
}

#[tokio::test]
async fn times() {
    let Some((database, _)) = start().await else { return };
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    reads(
        &database,
        decode::date,
        [
            ("'2024-02-29'::date", day("2024-02-29")),
            ("'0001-01-01'::date", day("0001-01-01")),
            ("'9999-12-31'::date", day("9999-12-31")),
            ("'4713-01-01 BC'::date", day("-4712-01-01")),
        ],
    )
    .await;
    refuses(&database, decode::date, [("'infinity'::date", "infinity"), ("NULL::date", "NULL")])
        .await;
    let clock = |text: &str| text.parse::<NaiveTime>().expect("a time");
    reads(
        &database,
        decode::time,
        [
            ("'00:00'::time", clock("00:00:00")),
            ("'23:59:59.999999'::time", clock("23:59:59.999999")),
        ],
    )
    .await;
    refuses(
        &database,
        decode::time,
        [("'24:00'::time", "24:00"), ("'12:00+02'::timetz", "timetz")],
    )
    .await;
    let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
    reads(
        &database,
        decode::date_time,
        [
            ("'2024-02-29 12:30:00.000001+02'::timestamptz", moment("2024-02-29T10:30:00.000001Z")),
            ("'1969-12-31 23:59:59.5'::timestamp", moment("1969-12-31T23:59:59.5Z")),
            ("'0001-01-01 00:00:00'::timestamp", moment("0001-01-01T00:00:00Z")),
            ("'20000-01-01 00:00:00'::timestamp", moment("+20000-01-01T00:00:00Z")),
        ],
    )
    .await;
    refuses(
        &database,
        decode::date_time,
        [
            ("'infinity'::timestamptz", "infinity"),
            ("'-infinity'::timestamp", "infinity"),
            ("'290000-01-01'::timestamp", "too far"),
        ],
    )
    .await;
    for (sql, expected) in [
        ("'1 year 2 mons 3 days 04:05:06.5'::interval", "P1Y2M3DT4H5M6.5S"),
        ("'0'::interval", "PT0S"),
        ("'-1 year -2 mons +3 days -04:05:06'::interval", "P-1Y-2M3DT-4H-5M-6S"),
        ("'36 hours'::interval", "PT36H"),
        ("'-0.000001 seconds'::interval", "PT-0.000001S"),
        ("'1 day'::interval", "P1D"),
    ] {
        assert_eq!(read(&database, sql, decode::interval).await.expect(sql), expected);
        let same: bool =
            read(&database, &format!("'{expected}'::interval = {sql}"), decode::boolean)
                .await
                .expect("it reads its own form");
        assert!(same, "{sql}");
    }
    let bound = value::moment_text(moment("2024-02-29T10:30:00.123456Z"));
    let statement = sqlx::query("SELECT $1::text::timestamptz").bind(bound);
    let mut session = database.read(SECOND).await.expect("a connection");
    let back = session.one(statement, |row| decode::date_time(row, 0)).await.expect("it reads");
    assert_eq!(back, moment("2024-02-29T10:30:00.123456Z"));
    assert_eq!(value::int4s(&[1, -1]).expect("they fit"), [1, -1]);
    assert_eq!(value::int2(40_000).expect_err("too large").kind, Kind::InvalidArguments);
}

#[tokio::test]
async fn ranges_arrays_and_rows() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP SCHEMA IF EXISTS rt_rows CASCADE; CREATE SCHEMA rt_rows;
         CREATE TYPE rt_rows.mood AS ENUM ('sad', 'glad');
         CREATE DOMAIN rt_rows.cents AS numeric(10,2);
         CREATE TYPE rt_rows.point AS (x int4, y float8);
         CREATE TYPE rt_rows.all AS (id int8, price rt_rows.cents, at timestamptz, day date,
            inner_one rt_rows.point, moods rt_rows.mood[], span int4range, data jsonb, raw bytea,
            nothing text, points rt_rows.point[], took interval, who uuid, yes bool);",
    )
    .await;
    // What the server itself says is what is expected.
    for sql in [
        "'[1,10)'::int4range",
        "'empty'::int4range",
        "'(,5)'::int8range",
        "'[1.50,2.5]'::numrange",
        "'[2024-01-01,2024-02-01)'::daterange",
        "'[2024-01-01 00:00,2024-02-01 12:30:00.5]'::tsrange",
        "'(2024-01-01 00:00+00,)'::tstzrange",
        "'[0044-03-15 BC,infinity)'::daterange",
        "'[0044-03-15 10:00 BC,12024-02-29 10:00]'::tsrange",
        "'[0044-03-15 10:00+00 BC,infinity)'::tstzrange",
    ] {
        let expected = read(&database, &format!("({sql})::text"), decode::text).await.expect(sql);
        assert_eq!(read(&database, sql, decode::range).await.expect(sql), expected);
    }
    // Earlier versions have no such type.
    if since(&database, 14).await {
        let several = "('{[1,2),[5,6)}'::int4multirange)::text";
        reads(&database, decode::range, [(several, "{[1,2),[5,6)}".to_owned())]).await;
    }
    let integers = |row: &Row, at| decode::array(row, at, decode::integer);
    reads(
        &database,
        integers,
        [("'{}'::int4[]", vec![]), ("'{1,NULL,3}'::int8[]", vec![Some(1), None, Some(3)])],
    )
    .await;
    let texts = |row: &Row, at| decode::array(row, at, decode::text);
    let glad = || vec![Some("glad".to_owned()), None];
    reads(
        &database,
        texts,
        [("'{glad,NULL}'::rt_rows.mood[]", glad()), ("'{glad,NULL}'::text[]", glad())],
    )
    .await;
    refuses(
        &database,
        integers,
        [
            ("'{{1,2},{3,4}}'::int4[]", "several dimensions"),
            ("5::int4", "type int4"),
            ("NULL::int4[]", "NULL"),
            ("'{a}'::text[]", "type text"),
        ],
    )
    .await;
    let all = "ROW(9007199254740993, 12.50, '2024-02-29 12:00:00.5+00', '2024-02-29', ROW(1, 0.5),
        '{glad,NULL}', '[1,3)', '{\"a\":1}', '\\x00ff', NULL, ARRAY[ROW(1,2)::rt_rows.point, NULL],
        '1 day', '6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f', true)::rt_rows.all";
    let expected = json!({
        "id": 9_007_199_254_740_993_i64,
        "price": "12.50",
        "at": "2024-02-29T12:00:00.500Z",
        "day": "2024-02-29",
        "inner_one": { "x": 1, "y": 0.5 },
        "moods": ["glad", null],
        "span": "[1,3)",
        "data": { "a": 1 },
        "raw": "AP8=",
        "nothing": null,
        "points": [{ "x": 1, "y": 2.0 }, null],
        "took": "P1D",
        "who": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
        "yes": true,
    });
    reads(&database, decode::composite, [(all, expected)]).await;
    refuses(&database, decode::composite, [("ROW(1, 2)", "record")]).await;
    run(&mut other, "DROP SCHEMA rt_rows CASCADE").await;
}

#[tokio::test]
async fn pages_go_on_where_they_ended() {
    let Some((database, mut other)) = start().await else { return };
    run(&mut other, "DROP SCHEMA IF EXISTS rt_pages CASCADE; CREATE SCHEMA rt_pages").await;
    let signer = Signer::from_environment();
    for (kind, cast, values) in [
        ("int2", "int2", "(-5),(0),(7)"),
        ("int4", "int4", "(-5),(0),(7)"),
        ("int8", "int8", "(-9223372036854775808),(9007199254740993),(9223372036854775807)"),
        ("float4", "float4", "(0.1),(0.2),('Infinity')"),
        ("float8", "float8", "(0.1),(0.30000000000000004),('NaN')"),
        ("bool", "bool", "(false),(true)"),
        ("text", "text", "('a'),('B'),('ü')"),
        ("numeric", "text::numeric", "(-1.10),(0.00000001),(99999999999999999999.5)"),
        ("date", "text::date", "('0044-03-15 BC'),('2024-02-29'),('infinity')"),
        (
            "timestamptz",
            "text::timestamptz",
            "('0044-03-15 10:00 BC'),('2024-02-29 12:00:00.123456'),('2024-02-29 12:00:00.123457'),\
             ('290000-01-01 00:00'),('infinity')",
        ),
        ("timestamp", "text::timestamp", "('-infinity'),('2024-02-29 12:00:00.1')"),
        ("time", "text::time", "('00:00'),('12:00:00.000001'),('24:00')"),
        ("interval", "text::interval", "('-1 day'),('1 mon 2 days 00:00:00.5')"),
        (
            "uuid",
            "text::uuid",
            "('00000000-0000-0000-0000-000000000001'),('ffffffff-0000-0000-0000-000000000001')",
        ),
        ("bytea", "text::bytea", "('\\x00'),('\\x00ff')"),
        ("inet", "text::inet", "('10.0.0.1'),('10.0.0.1/8'),('::1')"),
    ] {
        let table = format!("rt_pages.t_{kind}");
        run(
            &mut other,
            &format!(
                "CREATE TABLE {table} (a {kind}, id int4 GENERATED ALWAYS AS IDENTITY);
            INSERT INTO {table} (a) VALUES {values}; INSERT INTO {table} (a) VALUES {values}"
            ),
        )
        .await;
        let all: Vec<i32> =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT id FROM {table} ORDER BY a, id")))
                .fetch_all(&mut other)
                .await
                .expect("rows");
        let first = format!("SELECT a, id FROM {table} ORDER BY a, id LIMIT $1");
        let next = format!(
            "SELECT a, id FROM {table} WHERE a >= $1::{cast} AND (a > $1::{cast} OR id > $2)
             ORDER BY a, id LIMIT $3"
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
                session.page(statement.bind(2_i64), 1, &[0, 1], |row| row.try_get::<i32, _>(1));
            let (ids, end) = page.await.unwrap_or_else(|failure| panic!("{kind}: {failure:?}"));
            found.extend(ids);
            match end {
                Some(end) => cursor = Some(cursor::sign(&signer, "q", end)),
                None => break,
            }
        }
        assert_eq!(found, all, "{kind}");
    }
    run(&mut other, "DROP SCHEMA rt_pages CASCADE").await;
}

#[tokio::test]
async fn every_error_is_of_its_kind() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP SCHEMA IF EXISTS rt_codes CASCADE; CREATE SCHEMA rt_codes;
         CREATE TABLE rt_codes.parent (id int4 PRIMARY KEY);
         CREATE TABLE rt_codes.child (
            id int4 PRIMARY KEY, parent int4 REFERENCES rt_codes.parent, name varchar(3) NOT NULL,
            age int2 CHECK (age >= 0), span int4range, EXCLUDE USING gist (span WITH &&));
         INSERT INTO rt_codes.parent VALUES (1);
         INSERT INTO rt_codes.child VALUES (1, 1, 'a', 1, '[1,5)');
         CREATE FUNCTION rt_codes.refuse() RETURNS int4 LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'secret 4711'; END $$;
         DROP ROLE IF EXISTS rt_nobody; CREATE ROLE rt_nobody;",
    )
    .await;
    let insert = "INSERT INTO rt_codes.child";
    for (sql, kind) in [
        (format!("{insert} VALUES (1, 1, 'a', 1)"), Kind::UniqueConstraintViolation),
        (format!("{insert} VALUES (2, 1, 'a', 1, '[2,3)')"), Kind::UniqueConstraintViolation),
        (format!("{insert} VALUES (2, 9, 'a', 1)"), Kind::ForeignKeyViolation),
        ("DELETE FROM rt_codes.parent".to_owned(), Kind::ForeignKeyViolation),
        (format!("{insert} VALUES (2, 1, NULL, 1)"), Kind::NotNullViolation),
        (format!("{insert} VALUES (2, 1, 'a', -1)"), Kind::CheckViolation),
        (format!("{insert} VALUES (2, 1, 'long', 1)"), Kind::InvalidArguments),
        (format!("{insert} VALUES (2, 1, 'a', 40000)"), Kind::InvalidArguments),
        ("SELECT 'x'::text::int4".to_owned(), Kind::InvalidArguments),
        ("SELECT 'x'::text::date".to_owned(), Kind::InvalidArguments),
        ("SELECT '2024-02-31'::text::date".to_owned(), Kind::InvalidArguments),
        ("SELECT 1 / (1 - id) FROM rt_codes.parent".to_owned(), Kind::InvalidArguments),
        ("SELECT 'x'::text::uuid".to_owned(), Kind::InvalidArguments),
        ("SELECT 1 LIMIT (-1)".to_owned(), Kind::InvalidArguments),
        ("SELECT make_interval(secs => 'NaN')".to_owned(), Kind::InvalidArguments),
        ("SELECT set_config('work_mem', 'x', true)".to_owned(), Kind::InvalidArguments),
        ("SELECT rt_codes.refuse()".to_owned(), Kind::CheckViolation),
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
    let mut session = database.write(5 * SECOND).await.expect("a connection");
    session.affected(sqlx::query("SET LOCAL ROLE rt_nobody")).await.expect("a role");
    let denied = session.affected(sqlx::query("SELECT * FROM rt_codes.parent")).await;
    assert_eq!(denied.expect_err("denied").kind, Kind::PermissionDenied);
    drop(session);

    // A read session cannot write, in a transaction or not.
    let write = || sqlx::query("INSERT INTO rt_codes.parent VALUES (77)");
    for mut session in
        [database.read(SECOND).await.expect("one"), database.snapshot(SECOND).await.expect("one")]
    {
        let failure = session.affected(write()).await.expect_err("it only reads");
        assert_eq!(failure.kind, Kind::PermissionDenied);
    }

    let mut writer = database.write(5 * SECOND).await.expect("a connection");
    writer.affected(sqlx::query("UPDATE rt_codes.parent SET id = id")).await.expect("locks");
    let mut second = database.write(5 * SECOND).await.expect("a connection");
    let locked = sqlx::query("SELECT * FROM rt_codes.parent FOR UPDATE NOWAIT");
    assert_eq!(second.affected(locked).await.expect_err("locked").kind, Kind::Timeout);
    drop((writer, second));
    run(&mut other, "DROP SCHEMA rt_codes CASCADE; DROP ROLE rt_nobody").await;
}

/// Statements that run in the server with this text.
async fn running(other: &mut PgConnection, mark: &str) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
               AND state <> 'idle' AND query LIKE $1";
    sqlx::query_scalar(sql).bind(format!("%{mark}%")).fetch_one(other).await.expect("a count")
}

/// Waits until that many of them run.
async fn until_running(other: &mut PgConnection, mark: &str, expected: i64) {
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
        let failure = session.affected(sqlx::query("SELECT pg_sleep(10) /* rt_late */")).await;
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
                let statement = sqlx::query("SELECT pg_sleep(10) /* rt_dropped */");
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
    run(&mut other, "DROP TABLE IF EXISTS rt_undone; CREATE TABLE rt_undone (id int4)").await;
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
    for rows in [3_i64, 1_000_000] {
        let mut session = database.read(5 * SECOND).await.expect("a connection");
        let many = sqlx::query("SELECT generate_series(1, $1) /* rt_bounded */").bind(rows);
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
    let mine = || sqlx::query("SELECT pg_backend_pid()");
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
        let kill = sqlx::query("SELECT pg_terminate_backend($1)");
        kill.bind(i32::try_from(process).expect("it fits"))
            .execute(&mut other)
            .await
            .expect("gone");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut session = open().await.expect("a connection");
        let next = session.one(mine(), |row| decode::integer(row, 0)).await.expect("the next one");
        assert_ne!(next, process, "{kind}");
        session.commit().await.expect("it ends");
    }
    database.ping().await.expect("it answers");
    // A table that changed under a statement that was prepared.
    run(&mut other, "DROP TABLE IF EXISTS rt_shape; CREATE TABLE rt_shape (a int4)").await;
    for _ in 0..2 {
        let mut session = database.read(5 * SECOND).await.expect("a connection");
        let statement = sqlx::query("SELECT * FROM rt_shape");
        session.many(statement, |_| Ok(())).await.expect("rows");
        run(&mut other, "ALTER TABLE rt_shape ADD COLUMN b text").await;
        run(&mut other, "ALTER TABLE rt_shape RENAME b TO c").await;
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
    let start = Instant::now();
    let mut session = database.read(20 * SECOND).await.expect("a connection");
    let failure = session.affected(sqlx::query("SELECT pg_sleep(10)")).await.expect_err("stopped");
    assert_eq!(failure.kind, Kind::Timeout);
    assert!(start.elapsed() < 3 * SECOND);
    // The connection was not harmed.
    session.affected(sqlx::query("SELECT 1")).await.expect("it goes on");
    run(&mut other, "DROP TABLE IF EXISTS rt_locked; CREATE TABLE rt_locked (id int4); INSERT INTO rt_locked VALUES (1)").await;
    let mut first = database.write(20 * SECOND).await.expect("a connection");
    let lock = || sqlx::query("SELECT id FROM rt_locked FOR UPDATE");
    first.affected(lock()).await.expect("the lock");
    let mut second = database.write(20 * SECOND).await.expect("a connection");
    let failure = second.affected(lock()).await.expect_err("it is taken");
    assert!(failure.kind == Kind::Timeout && failure.message.contains("locked"), "{failure:?}");
    drop((first, second));
    let zone = read(&database, "current_setting('TimeZone')", decode::text).await;
    assert_eq!(zone.expect("a zone"), "UTC");
    tokio::time::sleep(Duration::from_millis(100)).await;
    run(&mut other, "DROP TABLE rt_locked").await;
}

#[tokio::test]
async fn transactions_that_came_between_each_other_are_run_again() {
    let Some((database, mut other)) = start().await else { return };
    run(
        &mut other,
        "DROP TABLE IF EXISTS rt_retry; CREATE TABLE rt_retry (id int4 PRIMARY KEY, n int4);
         INSERT INTO rt_retry VALUES (1, 0), (2, 0)",
    )
    .await;
    let add = |id: i32| sqlx::query("UPDATE rt_retry SET n = n + 1 WHERE id = $1").bind(id);
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
    assert!(kind.kind == Kind::SerializationFailure && kind.retryable, "{kind:?}");
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
    let shown = sqlx::query("SHOW transaction_isolation");
    let shown = session.one(shown, |row| decode::text(row, 0)).await.expect("it says");
    assert_eq!(shown, "serializable");
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
    for wrong in ["sqlite:x.db", "mysql://localhost/x", "postgres//"] {
        Database::connect(settings(wrong)).expect_err(wrong);
    }
    let away = "postgres://someone:secret@127.0.0.1:1/x";
    let error = Database::open(settings(away)).await.expect_err("nobody is there").to_string();
    assert!(!error.contains("secret"), "{error}");
    let database = Database::connect(settings(away)).expect("nothing is opened");
    assert_eq!(database.ping().await.expect_err("away").kind, Kind::ConnectionError);
    assert_eq!(database.read(SECOND).await.err().expect("away").kind, Kind::ConnectionError);
    assert!(!format!("{database:?} {:?}", settings(away)).contains("secret"));

    let mut other = PgConnection::connect(&url).await.expect("the server answers");
    let exists: Option<String> =
        sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname = 'rt_migrate'")
            .fetch_optional(&mut other)
            .await
            .expect("a list");
    if exists.is_some() {
        run(&mut other, "DROP DATABASE rt_migrate WITH (FORCE)").await;
    }
    run(&mut other, "CREATE DATABASE rt_migrate").await;
    let (server, _) = url.rsplit_once('/').expect("a database in the URL");
    let fresh = format!("{server}/rt_migrate");
    const MIGRATIONS: &[database::Migration] =
        &[(1, "one", "CREATE TABLE t (id int4); INSERT INTO t VALUES (1);")];
    database::migrate(&fresh, MIGRATIONS).await.expect("it applies");
    database::migrate(&fresh, MIGRATIONS).await.expect("once");
    database::migrate(&fresh, &[(1, "one", "SELECT 2")]).await.expect_err("it changed");

    let mut settings = settings(&fresh);
    (settings.min_connections, settings.idle_timeout) = (2, Duration::from_millis(300));
    let database = Database::open(settings).await.expect("the server answers");
    let connections = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'rt_migrate'";
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
