//! Commands, exit codes, and what is written.

use std::path::Path;

use crate::{copy_of_specs, mcpgen, root, stderr, stdout};

fn fresh() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let output = mcpgen(folder.path(), &["init", "notes"]);
    assert!(output.status.success(), "{}", stderr(&output));
    folder
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("the file is written");
}

#[test]
fn what_init_writes_builds_at_once() {
    let folder = fresh();
    let notes = folder.path().join("notes");
    let spec = std::fs::read_dir(notes.join("specs")).map_or("notes.yaml", |_| "specs/notes.yaml");
    let output = mcpgen(&notes, &["build", spec]);
    assert!(output.status.success(), "{}", stderr(&output));
    let output = mcpgen(&notes, &["build", spec, "--check"]);
    assert!(output.status.success(), "{}", stderr(&output));
    // A second time nothing is overwritten.
    let output = mcpgen(folder.path(), &["init", "notes"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn check_names_what_is_missing_changed_and_extra() {
    let folder = copy_of_specs();
    let output = mcpgen(folder.path(), &["build", "specs/users.yaml"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let built = folder.path().join("generated/users");
    std::fs::remove_file(built.join("src/rows.rs")).expect("it is there");
    let library = std::fs::read_to_string(built.join("src/lib.rs")).expect("it is there");
    write(&built.join("src/lib.rs"), &library.replace("pub mod tools;", "mod tools;"));
    write(&built.join("src/own.rs"), "// Mine.\n");
    let output = mcpgen(folder.path(), &["build", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = stdout(&output);
    assert!(printed.contains("missing: generated/users/src/rows.rs"), "{printed}");
    assert!(printed.contains("changed: generated/users/src/lib.rs"), "{printed}");
    assert!(printed.contains("-mod tools;\n+pub mod tools;"), "{printed}");
    assert!(printed.contains("extra: generated/users/src/own.rs"), "{printed}");
    assert!(
        stderr(&output).contains("3 files are not what specs/users.yaml says"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn what_mcpgen_did_not_write_is_not_overwritten() {
    let folder = copy_of_specs();
    let built = folder.path().join("generated/users");
    std::fs::create_dir_all(built.join("src")).expect("a folder");
    write(&built.join("src/lib.rs"), "// Mine.\n");
    let output = mcpgen(folder.path(), &["build", "specs/users.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("src/lib.rs"), "{}", stderr(&output));
    assert_eq!(
        std::fs::read_to_string(built.join("src/lib.rs")).expect("it is there"),
        "// Mine.\n"
    );
    assert!(!built.join("Cargo.toml").exists(), "half a crate was written");
    let output = mcpgen(folder.path(), &["build", "specs/users.yaml", "--force"]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn a_file_of_ones_own_stays() {
    let folder = copy_of_specs();
    assert!(mcpgen(folder.path(), &["build", "specs/users.yaml"]).status.success());
    let own = folder.path().join("generated/users/NOTES.md");
    write(&own, "Mine.\n");
    let spec = folder.path().join("specs/users.yaml");
    let text = std::fs::read_to_string(&spec).expect("a spec");
    write(&spec, &text.replace("title: Query users", "title: Ask for users"));
    let output = mcpgen(folder.path(), &["build", "specs/users.yaml"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(own.exists());
}

#[test]
fn a_spec_that_is_wrong_leaves_the_old_crate_whole() {
    let folder = copy_of_specs();
    assert!(mcpgen(folder.path(), &["build", "specs/users.yaml"]).status.success());
    let before =
        std::fs::read(folder.path().join("generated/users/src/tools/mod.rs")).expect("a file");
    let spec = folder.path().join("specs/users.yaml");
    let text = std::fs::read_to_string(&spec).expect("a spec");
    write(&spec, &text.replace("type: Email", "type: Mail"));
    assert_eq!(mcpgen(folder.path(), &["build", "specs/users.yaml"]).status.code(), Some(1));
    let after =
        std::fs::read(folder.path().join("generated/users/src/tools/mod.rs")).expect("a file");
    assert_eq!(before, after);
}

#[test]
fn a_stale_lock_is_named() {
    let folder = copy_of_specs();
    assert!(mcpgen(folder.path(), &["build", "specs/users.yaml"]).status.success());
    std::fs::remove_file(folder.path().join("specs/users.lock.json")).expect("a lock");
    let output = mcpgen(folder.path(), &["build", "--check", "specs/users.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("stale lock: specs/users.lock.json"), "{}", stdout(&output));
}

#[test]
fn arguments_that_cannot_be_used_exit_with_2() {
    for arguments in [
        &["bild"][..],
        &["check", "no_such.yaml"],
        &["build", "src"],
        &["check", "--format", "xml"],
    ] {
        let output = mcpgen(root(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).is_empty());
    }
}

#[test]
fn quiet_says_nothing_and_colours_only_when_asked() {
    let output = mcpgen(root(), &["check", "specs", "--quiet"]);
    assert!(output.status.success());
    assert_eq!((stdout(&output), stderr(&output)), (String::new(), String::new()));
    let wrong = root().join("tests/ui");
    let plain = mcpgen(&wrong, &["check", "unused.yaml"]);
    assert!(!stderr(&plain).contains('\u{1b}'));
    let colourful = mcpgen(&wrong, &["check", "unused.yaml", "--color", "always"]);
    assert!(stderr(&colourful).contains('\u{1b}'));
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = mcpgen(root(), &["completions", shell]);
        assert!(output.status.success());
        assert!(stdout(&output).contains("mcpgen"), "{shell}");
    }
}

/// Whenever a build is killed, the crate is the old one or the new one, never some of both.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_build_leaves_a_whole_crate() {
    let folder = copy_of_specs();
    let spec = folder.path().join("specs/users.yaml");
    let before = std::fs::read_to_string(&spec).expect("a spec");
    let after = before.replace("Find and create users", "Look up and create users");
    let built = folder.path().join("generated/users");
    let mut states = Vec::new();
    for text in [&after, &before] {
        write(&spec, text);
        assert!(mcpgen(folder.path(), &["build", "specs/users.yaml"]).status.success());
        states.push(crate::files(&built));
    }
    // Folders of other programs stay where they are.
    std::fs::create_dir(built.join("target")).expect("a folder");
    write(&built.join("target/artifact"), "kept");
    for round in 0..60_u64 {
        write(&spec, if round % 2 == 0 { &after } else { &before });
        let mut build = std::process::Command::new(env!("CARGO_BIN_EXE_mcpgen"))
            .args(["build", "specs/users.yaml", "--quiet"])
            .current_dir(folder.path())
            .spawn()
            .expect("the compiler runs");
        std::thread::sleep(std::time::Duration::from_millis(round * 3));
        build.kill().expect("it is killed, or has ended");
        build.wait().expect("it ends");
        let mut found = crate::files(&built);
        found.remove(Path::new("target/artifact"));
        assert!(states.contains(&found), "round {round}: some of both");
    }
    assert!(mcpgen(folder.path(), &["build", "specs/users.yaml"]).status.success());
    assert_eq!(
        std::fs::read_to_string(built.join("target/artifact")).expect("it is there"),
        "kept"
    );
    let left: Vec<_> =
        std::fs::read_dir(folder.path().join("generated")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// Files that are too large or not text are refused politely, and at once.
#[test]
fn a_file_of_10_mb_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("big.yaml");
    write(&spec, &format!("mcpgen: 1\n# {}\n", "x".repeat(10 * 1024 * 1024)));
    let output = mcpgen(folder.path(), &["check", "big.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error[too-large]"), "{}", stderr(&output));
    std::fs::write(&spec, [0, 159, 146, 150].repeat(1000)).expect("it is written");
    let output = mcpgen(folder.path(), &["check", "big.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error["), "{}", stderr(&output));
}
