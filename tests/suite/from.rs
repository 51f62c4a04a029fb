//! `mcpgen init --from`: a spec for a database that is there.

use std::fs;
use std::path::Path;

use crate::database::Own;
use crate::{golden, mcpgen, root, server, stderr, stdout};

/// The schema that is read, of an engine.
fn schema(engine: &str) -> String {
    fs::read_to_string(root().join(format!("tests/from/{engine}.sql"))).expect("a schema")
}

/// A file with the schema in it.
fn shop(folder: &Path) -> String {
    let connection = rusqlite::Connection::open(folder.join("shop.db")).expect("a database");
    connection.execute_batch(&schema("sqlite")).expect("a schema");
    "sqlite:shop.db".to_owned()
}

/// What is written is checked by `init` itself, builds without a database, and is this text.
fn writes(folder: &Path, engine: &str, url: &str, database: &str) {
    let output = mcpgen(folder, &["init", "--from", url, "--name", "shop", "--write"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let spec = fs::read_to_string(folder.join("specs/shop.yaml")).expect("a spec");
    golden(&root().join(format!("tests/from/{engine}.yaml")), &spec.replace(database, "shop"));
    let output = mcpgen(folder, &["build"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let read = folder.join("read");
    fs::create_dir(&read).expect("a folder");
    let url = url.replace("sqlite:", "sqlite:../");
    let output = mcpgen(&read, &["init", "--from", &url, "--name", "shop", "--tables", "ORDER"]);
    if engine == "postgres" {
        assert!(
            stderr(&output).contains("name one of `Other.order`, `order`"),
            "{}",
            stderr(&output)
        );
        return;
    }
    assert!(output.status.success(), "{}", stderr(&output));
    let spec = fs::read_to_string(read.join("specs/shop.yaml")).expect("a spec");
    assert!(spec.contains("list_orders") && !spec.contains("create_order"), "{spec}");
}

#[test]
fn a_file_of_sqlite_becomes_a_spec() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = shop(folder.path());
    writes(folder.path(), "sqlite", &url, "shop");
    // The server applies its first migration to the database that was read as well.
    let migration = fs::read_to_string(folder.path().join("specs/shop/migrations/0001_schema.sql"));
    let read = rusqlite::Connection::open(folder.path().join("shop.db")).expect("a database");
    read.execute_batch(&migration.expect("a migration")).expect("nothing is made again");
}

#[test]
fn a_database_of_a_server_becomes_a_spec() {
    for engine in crate::ENGINES {
        let Some(server) = server(engine) else { continue };
        // As long in every run: lines of the spec are wrapped.
        let own = Own::new(server, format!("mcpgen_test_init_{:07}", std::process::id()));
        own.run(&schema(engine));
        let folder = tempfile::tempdir().expect("a folder");
        writes(folder.path(), engine, &own.url, &own.name);
    }
}

#[test]
fn what_cannot_be_read_is_said_and_never_a_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = shop(folder.path());
    fs::write(folder.path().join("text.db"), "no database at all, whatever it is called")
        .expect("a file");
    fs::write(folder.path().join("empty.db"), "").expect("a file");
    for (url, tables, said) in [
        (shop.as_str(), "custmers", "did you mean `customers`?"),
        ("sqlite:none.db", "", "there is no file `none.db`"),
        ("sqlite:text.db", "", "`text.db` cannot be read: file is not a database"),
        ("sqlite:empty.db", "", "has no table that can be read"),
        ("oracle://u:hunter2@h/d", "", "the URL names no database that mcpgen knows"),
        ("postgres://u:hunter2@127.0.0.1:1/d", "", "PostgreSQL cannot be read"),
        ("mysql://u:hunter2@127.0.0.1:1/d", "", "cannot be read"),
        ("mysql://u:hunter2@127.0.0.1:nine/d", "", "cannot be read"),
    ] {
        let mut arguments = vec!["init", "new", "--from", url];
        if !tables.is_empty() {
            arguments.extend(["--tables", tables]);
        }
        let output = mcpgen(folder.path(), &arguments);
        let all = stdout(&output) + &stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{url}: {all}");
        assert!(all.contains(said), "{url}: {all}");
        assert!(!all.contains("hunter2"), "{all}");
        assert!(!folder.path().join("new").exists(), "{url}");
    }
}
