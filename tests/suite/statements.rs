//! SQL as people write it: every statement in `tests/statements/ENGINE/statements.sql` passes, or is
//! refused with the code that stands above it.
//!
//! A statement is a paragraph: `-- pass` or `-- refuse: CODE`, then `-- param NAME: TYPE[/FORMAT]`
//! for params whose type nobody else says, then the statement. `schema.sql` is the migration.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use mcpgen::ir::Engine;
use mcpgen::sql::scan;

use crate::{mcpgen_with, root, server, stdout};

/// A statement and what is expected of it.
struct Case<'t> {
    /// The code of the refusal; none where it passes.
    refusal: Option<&'t str>,
    /// Types of params by name.
    types: BTreeMap<&'t str, &'t str>,
    sql: &'t str,
}

impl<'t> Case<'t> {
    fn read(paragraph: &'t str) -> Self {
        let (verdict, mut sql) = paragraph.split_once('\n').expect("a statement below its verdict");
        let refusal = match verdict.trim_end() {
            "-- pass" => None,
            other => {
                Some(other.strip_prefix("-- refuse: ").expect("`-- pass` or `-- refuse: CODE`"))
            }
        };
        let mut types = BTreeMap::new();
        while let Some(rest) = sql.strip_prefix("-- param ") {
            let (declared, rest) = rest.split_once('\n').expect("a statement below its params");
            let (name, kind) = declared.split_once(": ").expect("`-- param NAME: TYPE`");
            types.insert(name, kind);
            sql = rest;
        }
        Self { refusal, types, sql }
    }

    /// The tool of this statement, as YAML.
    fn tool(&self, name: &str, engine: Engine) -> String {
        let mut tool = format!("  {name}:\n    description: A statement\n");
        let names = scan(self.sql, engine).map(|template| template.names()).unwrap_or_default();
        if !names.is_empty() {
            tool.push_str("    params:\n");
        }
        for name in &names {
            let keys =
                match self.types.get(name.as_str()).map(|kind| kind.split_once('/').ok_or(kind)) {
                    None => String::new(),
                    Some(Err(kind)) => format!(" type: {kind} "),
                    Some(Ok((kind, format))) => format!(" type: {kind}, format: {format} "),
                };
            writeln!(tool, "      {name}: {{{keys}}}").expect("memory");
        }
        tool.push_str("    sql: |\n");
        for line in self.sql.lines() {
            writeln!(tool, "      {line}").expect("memory");
        }
        tool
    }
}

#[test]
fn statements_pass_or_are_refused_for_the_reason_above_them() {
    for (name, engine) in
        [("sqlite", Engine::Sqlite), ("postgres", Engine::Postgres), ("mysql", Engine::Mysql)]
    {
        let folder = root().join("tests/statements").join(name);
        let url = if engine == Engine::Sqlite { None } else { server(name) };
        if folder.exists() && (engine == Engine::Sqlite || url.is_some()) {
            let read = |file: &str| fs::read_to_string(folder.join(file)).expect("a file");
            compare(name, engine, &read("schema.sql"), &read("statements.sql"), url.as_deref());
        }
    }
}

fn compare(name: &str, engine: Engine, schema: &str, statements: &str, url: Option<&str>) {
    let cases: Vec<Case> = statements.trim().split("\n\n").map(Case::read).collect();
    let mut spec = format!(
        "mcpgen: 1\nserver: {{ name: statements, version: 1.0.0 }}\ndatabase: {{ engine: {name}, migrations: schema }}\ntools:\n"
    );
    // Where the tool of each case ends, as a number of lines.
    let mut ends = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        spec.push_str(&case.tool(&format!("s{at}"), engine));
        ends.push(spec.lines().count());
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("schema")).expect("a folder");
    fs::write(folder.path().join("schema/0001_schema.sql"), schema).expect("a file");
    fs::write(folder.path().join("statements.yaml"), &spec).expect("a file");
    let output = mcpgen_with(folder.path(), &["check", "statements.yaml", "--format", "json"], url);
    let mut found: Vec<Vec<(String, String)>> = vec![Vec::new(); cases.len()];
    for line in stdout(&output).lines() {
        let diagnostic: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |member: &str| diagnostic[member].as_str().unwrap_or_default().to_owned();
        let line = usize::try_from(diagnostic["line"].as_u64().expect("a line")).expect("small");
        let at = ends.iter().position(|end| line <= *end).expect("inside of a tool");
        assert!(text("file").ends_with("statements.yaml"), "{name}: {diagnostic}");
        found[at].push((text("code"), format!("{}: {}", text("code"), text("message"))));
    }
    let mut wrong = Vec::new();
    for (case, found) in cases.iter().zip(&found) {
        let as_expected = match case.refusal {
            None => found.is_empty(),
            Some(expected) => !found.is_empty() && found.iter().all(|(code, _)| code == expected),
        };
        if !as_expected {
            let said: Vec<&str> = found.iter().map(|(_, said)| said.as_str()).collect();
            let said = if said.is_empty() { "it passes".to_owned() } else { said.join("; ") };
            wrong.push(format!("{said}\n{}", case.sql));
        }
    }
    assert!(
        wrong.is_empty(),
        "{name}: {} are other than expected\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
