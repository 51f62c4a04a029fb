//! What `mcpgen grants` prints: the role of a server, and nothing that its statements do not need.

use crate::database::{Own, run};
use crate::{ENGINES, golden, mcpgen, mcpgen_with, root, server, stderr, stdout};

/// With a lock that is up to date no database is asked, and it is what the crate has.
#[test]
fn the_lock_is_enough() {
    for name in ["store", "ledger"] {
        let spec = format!("specs/{name}.yaml");
        let output = mcpgen(root(), &["grants", &spec]);
        assert!(output.status.success(), "{}", stderr(&output));
        let path = root().join(format!("generated/{name}/deploy/grants.sql"));
        let committed = std::fs::read_to_string(path).expect("a file");
        assert_eq!(stdout(&output), committed);
        let output = mcpgen(root(), &["grants", &spec, "--role", "O'Neil \"x\""]);
        let other = match name {
            "store" => "GRANT DELETE ON cart_items TO \"O'Neil \"\"x\"\"\";",
            _ => "GRANT DELETE ON entries TO 'O''Neil \"x\"'@'%';",
        };
        assert!(stdout(&output).contains(other), "{}", stdout(&output));
    }
}

#[test]
fn a_role_has_a_name() {
    for name in ["", "a$$b", "a\\", "a\nb"] {
        let output = mcpgen(root(), &["grants", "specs/store.yaml", "--role", name]);
        assert_eq!(output.status.code(), Some(2), "{name:?}");
        assert!(stderr(&output).contains("cannot name a role"), "{}", stderr(&output));
    }
}

#[test]
fn sqlite_has_no_roles() {
    let output = mcpgen(root(), &["grants", "specs/users.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("SQLite has no roles"), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
}

/// What the server says of locks, upserts, views, schemas, sequences, functions and triggers.
#[test]
fn each_engine_is_asked() {
    for engine in ENGINES {
        let Some(url) = server(engine) else { continue };
        let spec = format!("tests/grants/{engine}.yaml");
        let output = mcpgen_with(root(), &["grants", &spec], Some(&url));
        assert!(output.status.success(), "{}", stderr(&output));
        golden(&root().join(format!("tests/grants/{engine}.sql")), &stdout(&output));
    }
}

/// Where nobody may make roles, statements are checked all the same, and what is missing is said.
#[test]
fn without_the_right_to_make_roles_the_grants_are_unknown() {
    for engine in ENGINES {
        let Some(url) = server(engine) else { continue };
        let maker = Maker::new(engine, url);
        let spec = format!("tests/grants/{engine}.yaml");
        let output = mcpgen_with(root(), &["check", &spec], Some(&maker.url));
        assert!(output.status.success(), "{engine}: {}", stderr(&output));
        let output = mcpgen_with(root(), &["grants", &spec], Some(&maker.url));
        assert_eq!(output.status.code(), Some(2), "{engine}");
        let (printed, right) = (stderr(&output), maker.lacks);
        assert!(printed.contains("is not known") && printed.contains(right), "{printed}");
        assert_eq!(stdout(&output), "");
    }
}

/// A user who may make databases, and no roles.
struct Maker {
    server: String,
    url: String,
    lacks: &'static str,
    drop: &'static str,
    /// Where it is let in.
    _own: Own,
}

impl Maker {
    fn new(engine: &str, server: String) -> Self {
        let name = format!("mcpgen_maker_{}", std::process::id());
        let own = Own::new(server.clone(), name.clone());
        let (make, drop, lacks) = match engine {
            "postgres" => {
                ("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'x'", "DROP ROLE maker", "CREATEROLE")
            }
            _ => (
                "CREATE USER maker@'%' IDENTIFIED BY 'x'; GRANT ALL ON `mcpgen\\_%`.* TO maker@'%'",
                "DROP USER maker@'%'",
                "CREATE USER",
            ),
        };
        run(&server, &make.replace("maker", &name)).expect("a user");
        let (_, host) = server.rsplit_once('@').expect("a URL with a user");
        let (host, _) = host.rsplit_once('/').expect("a URL with a database");
        let url = format!("{engine}://{name}:x@{host}/{name}");
        Self { server, url, lacks, drop, _own: own }
    }
}

impl Drop for Maker {
    fn drop(&mut self) {
        let name = format!("mcpgen_maker_{}", std::process::id());
        let dropped = run(&self.server, &self.drop.replace("maker", &name));
        assert!(dropped.is_ok() || std::thread::panicking(), "{dropped:?}");
    }
}
