//! What is claimed, against what the server of `TEST_POSTGRES_URL` answers: on empty tables, and on
//! rows full of NULL.

use std::io::Write as _;

use sqlx::{Row as _, ValueRef as _};

use super::*;
use crate::sql::scan;

const SCHEMA: &str = "
    CREATE TYPE mood AS ENUM ('calm', 'merry');
    CREATE TABLE crews (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, motto text,
        mood mood, tags text[] NOT NULL DEFAULT '{}', facts jsonb, founded date,
        stay int4range, words tsvector
    );
    CREATE TABLE voyages (
        id bigint PRIMARY KEY, crew_id integer REFERENCES crews, port varchar(40) NOT NULL,
        cost numeric(10, 2), left_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE VIEW calm AS SELECT id, name FROM crews WHERE mood = 'calm';
    CREATE SEQUENCE tickets;
    CREATE VIEW numbered AS SELECT id, nextval('tickets') AS ticket FROM crews;
    CREATE FUNCTION \"Note it\"(integer) RETURNS void LANGUAGE sql
        AS $$ UPDATE crews SET motto = 'noted' WHERE id = $1 $$;
    CREATE FUNCTION twice(integer) RETURNS integer STABLE LANGUAGE sql AS $$ SELECT $1 * 2 $$;
    CREATE TABLE parents (id integer, note text);
    CREATE TABLE children () INHERITS (parents);
    ALTER TABLE ONLY parents ALTER note SET NOT NULL;
    CREATE DOMAIN filled AS text NOT NULL;
    CREATE TABLE forms (id integer NOT NULL, answer filled);
    CREATE TABLE ruled (id integer NOT NULL, note text NOT NULL);
    CREATE RULE instead AS ON INSERT TO ruled DO INSTEAD
        INSERT INTO parents VALUES (new.id, new.note) RETURNING NULL::integer, note;
    CREATE FUNCTION abs(text) RETURNS integer IMMUTABLE LANGUAGE sql AS $$ SELECT NULL::integer $$;
    CREATE FUNCTION noted(integer, text) RETURNS integer LANGUAGE plpgsql
        AS $$ BEGIN DELETE FROM voyages; RETURN 1; END $$;
    CREATE AGGREGATE sweeping(text) (SFUNC = noted, STYPE = integer, INITCOND = '0');
    CREATE PROCEDURE sweep() LANGUAGE sql AS $$ DELETE FROM voyages $$;
";

const ROWS: &str = "
    INSERT INTO crews (name) VALUES ('Otters'), ('');
    INSERT INTO crews (name, motto, mood, tags, facts, founded, stay)
        VALUES ('Gulls', 'on', 'calm', '{a,NULL}', '{\"a\": null}', 'infinity', 'empty');
    INSERT INTO voyages SELECT 1, min(id), 'Rotterdam', NULL FROM crews;
    INSERT INTO voyages VALUES (2, NULL, 'Bergen', 3.5);
    INSERT INTO children VALUES (1, NULL);
    INSERT INTO forms VALUES (1, (SELECT answer FROM forms));
";

/// Statements, what they do, and what must be claimed of their columns: the type where one is
/// known, and a `?` where NULL may come.
const CASES: &[(&str, &str, &str)] = &[
    (
        "SELECT id, name, motto, mood, tags, facts, founded, stay FROM crews",
        "reads",
        "integer text text? text? array(text) json? date? range?",
    ),
    (
        "SELECT c.name, v.port FROM crews AS c LEFT JOIN voyages AS v ON v.crew_id = c.id",
        "reads",
        "text text?",
    ),
    (
        "SELECT c.name, v.port FROM crews AS c FULL JOIN voyages AS v USING (id)",
        "reads",
        "text? text?",
    ),
    (
        "SELECT c.name, l.port FROM crews AS c CROSS JOIN LATERAL (SELECT port FROM voyages AS v WHERE v.crew_id = c.id ORDER BY left_at DESC LIMIT 1) AS l",
        "reads",
        "text text",
    ),
    (
        "SELECT count(*), count(motto), sum(id), max(name), avg(id), bool_or(id > 1), array_agg(name) FROM crews",
        "reads",
        "integer integer integer? text? decimal? boolean? array(text)?",
    ),
    ("SELECT max(id), max(name) FROM crews", "reads", "integer? text?"),
    (
        "SELECT coalesce(motto, name), coalesce(motto, NULL), nullif(name, ''), name || coalesce(motto, '') FROM crews",
        "reads",
        "text text? text? text",
    ),
    (
        "SELECT mood, name, count(*) FROM crews GROUP BY GROUPING SETS ((mood), (name), ())",
        "reads",
        "text? text? integer",
    ),
    // A name with its schema is the table's, also where a CTE has the same.
    (
        "WITH crews AS (SELECT 'on' AS motto) SELECT c.motto FROM public.crews AS c",
        "reads",
        "text?",
    ),
    // A join that cannot be read can make NULLs of what stands before it.
    (
        "UPDATE voyages SET cost = 1 FROM crews AS c RIGHT JOIN (forms AS f CROSS JOIN parents AS p) AS j ON c.id > 100 RETURNING c.name",
        "updates",
        "text?",
    ),
    // What is grouped by an expression is NULL as a whole, and not only what it is made of.
    (
        "SELECT coalesce(mood::text, 'none'), name, count(*) FROM crews GROUP BY ROLLUP (coalesce(mood::text, 'none'), name)",
        "reads",
        "text? text? integer",
    ),
    (
        "SELECT coalesce(name, 'all'), count(*) FROM crews GROUP BY CUBE (name)",
        "reads",
        "text integer",
    ),
    ("SELECT 'x' AS x, count(*) FROM crews GROUP BY ROLLUP (1)", "reads", "text? integer"),
    // The columns of USING stand first, and once.
    (
        "WITH j (a, b, c) AS (SELECT * FROM (SELECT id, motto AS m FROM crews) AS x JOIN (SELECT id, mood AS n FROM crews) AS y USING (id)) SELECT a, b, c FROM j",
        "reads",
        "integer? text? text?",
    ),
    // A relation is known in front of its own words, and hides the table of its name.
    (
        "WITH RECURSIVE b AS (SELECT port FROM voyages), voyages AS (SELECT NULL::text AS port) SELECT port FROM b",
        "reads",
        "text?",
    ),
    (
        "SELECT (SELECT count(*) FROM crews FETCH FIRST 0 ROWS ONLY), (SELECT count(*) FROM crews)",
        "reads",
        "integer? integer",
    ),
    (
        "SELECT (to_jsonb(1))::int, id::text, ntile(NULL) OVER () FROM crews",
        "reads",
        "integer text integer?",
    ),
    ("SELECT note FROM parents", "reads", "text?"),
    ("SELECT id, answer FROM forms", "reads", "integer text?"),
    ("INSERT INTO ruled VALUES (1, 'x') RETURNING id, note", "inserts", "integer? text?"),
    ("SELECT abs(name), count(*) OVER () FROM crews", "reads", "integer? integer?"),
    ("SELECT pg_catalog.lower(name) FROM crews", "reads", "text"),
    ("SELECT sweeping(name) FROM crews", "inserts updates deletes", "integer?"),
    (
        "SELECT row_number() OVER w, lag(name) OVER w, first_value(name) OVER w FROM crews WINDOW w AS (ORDER BY id)",
        "reads",
        "integer text? text?",
    ),
    (
        "SELECT facts -> 'a', facts ->> 'a', facts @> '{}' FROM crews",
        "reads",
        "json? text? boolean?",
    ),
    (
        "SELECT CASE WHEN id > 1 THEN name END, CASE WHEN id > 1 THEN name ELSE 'x' END, EXISTS (SELECT 1), name IN ('a', NULL) FROM crews",
        "reads",
        "text? text boolean boolean?",
    ),
    (
        "SELECT upper(stay), upper(name), tags[1], substring(name FROM 'q') FROM crews",
        "reads",
        "integer? text text? text?",
    ),
    ("SELECT n FROM generate_series(1, 3) AS n", "reads", "integer?"),
    ("SELECT name FROM crews UNION SELECT motto FROM crews", "reads", "text?"),
    ("VALUES (1, 'a'), (2, NULL)", "reads", "integer text?"),
    (
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n LIMIT ALL",
        "reads",
        "integer?",
    ),
    ("SELECT * FROM calm", "reads", "integer? text?"),
    ("SELECT twice(id), random() FROM crews", "reads", "integer? real"),
    ("SELECT pg_size_pretty(pg_total_relation_size('crews'))", "reads", "text?"),
    ("SELECT name FROM crews -- nextval('tickets')", "reads", "text"),
    ("SELECT name FROM crews FOR UPDATE SKIP LOCKED", "locks", "text"),
    ("SELECT pg_advisory_xact_lock(1)", "locks", "text?"),
    ("SELECT nextval('tickets')", "inserts", "integer"),
    ("SELECT id FROM numbered", "inserts", "integer?"),
    ("SELECT ticket FROM numbered", "inserts", "integer?"),
    ("SELECT \"Note it\"(1)", "inserts updates deletes", "text?"),
    ("CALL sweep()", "inserts updates deletes", ""),
    (
        "WITH gone AS (DELETE FROM voyages RETURNING port, cost) SELECT port, cost FROM gone",
        "deletes",
        "text decimal?",
    ),
    (
        "INSERT INTO voyages (id, port) VALUES (9, 'Oslo') ON CONFLICT (id) DO UPDATE SET port = excluded.port RETURNING id, crew_id",
        "inserts updates",
        "integer integer?",
    ),
    ("INSERT INTO crews (name) VALUES ('Terns') RETURNING id, motto", "inserts", "integer text?"),
    (
        "UPDATE crews SET motto = 'x' FROM voyages AS v WHERE v.crew_id = crews.id RETURNING crews.id, v.port",
        "updates",
        "integer text",
    ),
    (
        "DELETE FROM voyages USING crews AS c WHERE c.id = crew_id RETURNING c.motto",
        "deletes",
        "text?",
    ),
];

/// Statements with the names that their columns get.
const NAMES: &[(&str, &str)] = &[
    ("SELECT max(id), max(name), max(motto) AS max_3 FROM crews", "max max_2 max_3"),
    ("SELECT max(id), id AS max FROM crews GROUP BY id", "max_2 max"),
    (
        "SELECT 1 + 1, 2 + 2, 'a' AS \"Total Sales\", 'b' AS \"year-month\"",
        "column column_2 total_sales year_month",
    ),
];

/// A database of our own with the schema, and its name.
async fn start(url: &str, name: &str) -> Postgres {
    let mut root = Postgres::connect(url, None, false).await.expect("the server answers");
    root.drop(name).await.expect("it is dropped");
    root.create(name).await.expect("it is made");
    let mut server = Postgres::connect(url, Some(name), false).await.expect("it answers");
    server.migrate(SCHEMA).await.expect("the schema is right");
    server
}

/// Runs a test in a database of its own; a line says why nothing was tested.
fn with_server<F: AsyncFnOnce(&mut Postgres)>(name: &str, test: F) {
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
        // Past the capture of output: a test that did nothing shall not look like one that passed.
        let _ = writeln!(std::io::stderr(), "skipped: TEST_POSTGRES_URL is not set");
        return;
    };
    let name = format!("mcpgen_test_{name}_{}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    // What was made is dropped, also when the test fails.
    let tested = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(async { test(&mut start(&url, &name).await).await });
    }));
    runtime.block_on(async {
        let mut root = Postgres::connect(&url, None, false).await.expect("the server answers");
        root.drop(&name).await.expect("it is dropped");
    });
    if let Err(panic) = tested {
        std::panic::resume_unwind(panic);
    }
}

async fn facts(
    server: &mut Postgres,
    sql: &str,
    tables: &BTreeMap<String, Table>,
) -> StatementFacts {
    let template = scan(sql, Engine::Postgres).expect(sql);
    let request =
        Request { place: String::new(), digest: String::new(), templates: vec![&template] };
    server.statement(&request, tables).await.unwrap_or_else(|problem| panic!("{problem:?}: {sql}"))
}

fn shown(column: &ResultColumn) -> String {
    let kind =
        column.kind.as_ref().map(|kind| format!("{kind:?}").to_lowercase()).unwrap_or_default();
    format!("{kind}{}", if column.nullable { "?" } else { "" })
}

fn done(facts: &StatementFacts) -> String {
    let effect = facts.effect;
    let all = [
        ("reads", effect.reads_only()),
        ("inserts", effect.inserts),
        ("updates", effect.updates),
        ("deletes", effect.deletes),
        ("locks", effect.locks),
    ];
    let does: Vec<&str> = all.into_iter().filter(|(_, does)| *does).map(|(name, _)| name).collect();
    does.join(" ")
}

#[test]
fn claims_hold() {
    with_server("claims", async |server| {
        let tables = server.tables().await.expect("tables");
        let mut wrong = Vec::new();
        for (sql, does, expected) in CASES {
            let facts = facts(server, sql, &tables).await;
            let columns: Vec<String> = facts.columns.iter().map(shown).collect();
            let found = (done(&facts), columns.join(" "));
            if found != ((*does).to_owned(), (*expected).to_owned()) {
                wrong.push(format!("{sql}: {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for rows in ["", ROWS] {
            run(&mut server.connection, rows.to_owned()).await.expect("rows");
            for (sql, _, _) in CASES {
                let facts = facts(server, sql, &tables).await;
                run(&mut server.connection, "BEGIN".to_owned()).await.expect("it begins");
                let text = sqlx::raw_sql(AssertSqlSafe((*sql).to_owned()));
                let found = server.connection.fetch_all(text).await.expect(sql);
                for row in &found {
                    for (at, column) in facts.columns.iter().enumerate() {
                        let null = row.try_get_raw(at).expect("a value").is_null();
                        assert!(column.nullable || !null, "`{}` is NULL: {sql}", column.name);
                    }
                }
                run(&mut server.connection, "ROLLBACK".to_owned()).await.expect("it ends");
            }
        }
    });
}

/// What is not read, the fields of rows among it, is no type of a column.
#[test]
fn unread() {
    with_server("unread", async |server| {
        let tables = server.tables().await.expect("tables");
        for (sql, expected) in [
            ("SELECT words FROM crews", ""),
            ("SELECT c FROM crews AS c", ""),
            ("SELECT v FROM voyages AS v", "composite"),
            ("SELECT array_agg(v) FROM voyages AS v", ""),
        ] {
            let facts = facts(server, sql, &tables).await;
            let found: Vec<String> = facts.columns.iter().map(shown).collect();
            assert_eq!(found.join(" ").trim_end_matches('?'), expected, "{sql}");
        }
    });
}

#[test]
fn names() {
    with_server("names", async |server| {
        let tables = server.tables().await.expect("tables");
        for (sql, expected) in NAMES {
            let mut columns = facts(server, sql, &tables).await.columns;
            super::super::name_columns(&mut columns);
            let found: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            assert_eq!(found.join(" "), *expected, "{sql}");
        }
    });
}
