//! What the compiler does on servers: what it leaves there, and what it finds in a database that
//! others migrate. `TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name them.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::database::{Own, run};
use crate::{ENGINES, mcpgen_with, server, stderr};

/// The scratch databases of a process, and the roles that it tried statements under.
fn scratch(server: &str, process: u32) -> Vec<String> {
    let names = match server.starts_with("postgres") {
        true => "SELECT datname::text FROM pg_database UNION SELECT rolname::text FROM pg_roles",
        false => {
            "SELECT schema_name FROM information_schema.schemata UNION SELECT user FROM mysql.user"
        }
    };
    let marks = [format!("mcpgen_scratch_{process:x}_"), format!("mcpgen_{process:x}_")];
    let names = run(server, names).expect("it runs");
    names.into_iter().filter(|name| marks.iter().any(|mark| name.starts_with(mark))).collect()
}

fn spec(folder: &Path, engine: &str, schema: &str) {
    let text = format!(
        "mcpgen: 1
server: {{ name: things, version: 1.0.0 }}
database: {{ engine: {engine}, {schema} }}
tools:
  list_things:
    description: All things
    sql: SELECT id, name FROM things ORDER BY id
"
    );
    std::fs::write(folder.join("specs/things.yaml"), text).expect("a spec");
}

fn started(folder: &Path, url: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcpgen"));
    command
        .args(["build", "specs/things.yaml"])
        .current_dir(folder)
        .env("MCPGEN_DATABASE_URL", url);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the compiler runs")
}

/// Waits until something is so, for as long as a slow machine may take.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

const THINGS: &str = "CREATE TABLE things (id int PRIMARY KEY, name varchar(20) NOT NULL);";

/// The scratch database goes when all is well, when a migration fails, and when a signal comes.
#[test]
fn no_scratch_database_stays() {
    for engine in ENGINES {
        let Some(server) = server(engine) else { continue };
        let slow = match engine {
            "postgres" => "SELECT pg_sleep(120);",
            _ => "DO SLEEP(120);",
        };
        let slow = format!("{THINGS}\n{slow}");
        let broken = format!("{THINGS}\nINSERT INTO nothing VALUES (1);");
        for (migration, signal, code) in [
            (THINGS, None, Some(0)),
            (&broken, None, Some(1)),
            (&slow, Some("INT"), Some(130)),
            (&slow, Some("TERM"), Some(130)),
            (&slow, Some("HUP"), Some(130)),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::create_dir_all(folder.path().join("specs/schema")).expect("a folder");
            std::fs::write(folder.path().join("specs/schema/0001_things.sql"), migration)
                .expect("a migration");
            spec(folder.path(), engine, "migrations: schema");
            let mut child = started(folder.path(), &server);
            let process = child.id();
            if let Some(signal) = signal {
                until("it works in a scratch database", || !scratch(&server, process).is_empty());
                let mut kill = Command::new("kill");
                kill.args([format!("-{signal}"), process.to_string()]);
                assert!(kill.status().expect("kill runs").success());
            }
            let ended = child.wait().expect("it ends");
            assert_eq!(ended.code(), code, "{engine} {signal:?}");
            assert_eq!(scratch(&server, process), Vec::<String>::new(), "{engine} {signal:?}");
        }
    }
}

/// A database that others migrate: it is read, a column that they rename is found, nothing is
/// written, and the lock is enough where no URL is given.
#[test]
fn a_live_schema_is_asked_and_left_alone() {
    for engine in ENGINES {
        let Some(server) = server(engine) else { continue };
        let live = Own::new(server, format!("mcpgen_live_{}", std::process::id()));
        live.run(&format!("{THINGS} INSERT INTO things VALUES (1, 'cup');"));
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("specs")).expect("a folder");
        spec(folder.path(), engine, "schema: live");
        let build = |url| mcpgen_with(folder.path(), &["build", "specs/things.yaml"], url);

        let output = build(Some(&live.url));
        assert!(output.status.success(), "{}", stderr(&output));
        let output = build(None);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stderr(&output).contains("up to date"), "{}", stderr(&output));

        live.run("ALTER TABLE things RENAME COLUMN name TO title");
        let output = mcpgen_with(folder.path(), &["check", "specs/things.yaml"], Some(&live.url));
        assert_eq!(output.status.code(), Some(1));
        let printed = stderr(&output);
        assert!(printed.contains("--> specs/things.yaml:7:21"), "{printed}");

        let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema IN";
        let tables = format!("{tables} ('public', '{}')", live.name);
        assert_eq!(live.run(&tables), ["things"]);
        assert_eq!(live.run("SELECT title FROM things"), ["cup"]);
    }
}
