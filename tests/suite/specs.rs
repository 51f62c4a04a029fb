//! The committed specs and what is built from them.

use std::collections::BTreeSet;

use crate::{ENGINES, copy_of_specs, files, mcpgen, mcpgen_with, root, server, stderr, stdout};

#[test]
fn the_committed_crates_are_what_their_specs_say() {
    let output = mcpgen(root(), &["build", "--check", "specs"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}

/// Another folder, another time, with the lock and without: the same bytes.
#[test]
fn building_again_gives_the_same_bytes() {
    for lock in [true, false] {
        the_same_bytes("stock", lock, None);
    }
}

/// The same on servers, which have to be asked when there is no lock.
#[test]
fn building_again_on_a_server_gives_the_same_bytes() {
    for (engine, name) in ENGINES.into_iter().zip(["store", "ledger"]) {
        if let Some(url) = server(engine) {
            the_same_bytes(name, false, Some(&url));
        }
    }
}

fn the_same_bytes(name: &str, with_lock: bool, url: Option<&str>) {
    let folder = copy_of_specs();
    let lock = format!("specs/{name}.lock.json");
    if !with_lock {
        std::fs::remove_file(folder.path().join(&lock)).expect("a lock");
    }
    let output = mcpgen_with(folder.path(), &["build", &format!("specs/{name}.yaml")], url);
    assert!(output.status.success(), "{}", stderr(&output));
    let crate_folder = format!("generated/{name}");
    let built = files(&folder.path().join(&crate_folder));
    let committed = files(&root().join(crate_folder));
    let paths = built.keys().chain(committed.keys());
    let other: BTreeSet<_> =
        paths.filter(|path| built.get(*path) != committed.get(*path)).collect();
    assert!(other.is_empty(), "{name}: {other:?}");
    let found = std::fs::read(folder.path().join(&lock)).expect("a lock");
    assert!(found == std::fs::read(root().join(lock)).expect("a lock"), "{name}");
}

/// With the lock, what was asked of the database is not asked again: a file that only the database
/// could refuse is not looked at.
#[test]
fn a_current_lock_is_enough() {
    let folder = copy_of_specs();
    let lock = folder.path().join("specs/users.lock.json");
    let text = std::fs::read_to_string(&lock).expect("a lock");
    // Facts that the database would not give: they show that the lock is what is read.
    let changed = text.replacen("\"max_length\": 200", "\"max_length\": 199", 1);
    assert_ne!(text, changed);
    std::fs::write(&lock, changed).expect("it is written");
    let output = mcpgen(folder.path(), &["check", "specs/users.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("maxLength: 199"), "{}", stderr(&output));
}

/// A column that is renamed between two builds.
#[test]
fn a_renamed_column_is_found_at_its_place() {
    let folder = copy_of_specs();
    let migration = folder.path().join("specs/users/migrations/0001_users.sql");
    let text = std::fs::read_to_string(&migration).expect("a migration");
    std::fs::write(&migration, text.replace("    name  ", "    full_name  "))
        .expect("it is written");
    let output = mcpgen(folder.path(), &["check", "specs/users.yaml"]);
    let printed = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        printed.contains("there is no column `name` here\n  --> specs/users.yaml:47:25"),
        "{printed}"
    );
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a readme");
    let session: String = printed.split_inclusive("\n\n").take(2).collect();
    assert!(readme.contains(session.trim_end()), "the README shows another session:\n{session}");
}

/// What it takes to run a server names the server's own binary, and is what its formats take.
#[test]
fn what_runs_a_server_names_it() {
    for name in ["conformance", "corners", "ledger", "stock", "store", "tickets", "users"] {
        let read = |path: String| {
            std::fs::read_to_string(root().join("generated").join(name).join(path)).expect("a file")
        };
        let compose: serde_json::Value =
            serde_yaml::from_str(&read("compose.yaml".to_owned())).expect("YAML");
        assert_eq!(compose["services"][name]["build"], ".");
        let image = read("Dockerfile".to_owned());
        assert!(image.contains(&format!("ENTRYPOINT [\"{name}\"]")), "{image}");
        let unit = read(format!("deploy/{name}.service"));
        assert!(unit.contains(&format!("ExecStart=/usr/local/bin/{name} serve")), "{unit}");
    }
}
