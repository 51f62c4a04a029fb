//! One spec for each code of a diagnostic, and what is printed for it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mcpgen::diagnostic::Code;

use crate::{ENGINES, golden, mcpgen, mcpgen_with, root, server, stderr, stdout};

fn folder() -> PathBuf {
    root().join("tests/ui")
}

/// The names of the cases in a folder, without `.yaml`.
fn cases(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    names.filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned)).collect()
}

/// The code that a case shows: its name up to the underscore.
fn code(case: &str) -> &str {
    case.split('_').next().unwrap_or(case)
}

#[test]
fn every_case_prints_what_its_golden_file_says() {
    print_as_golden(&folder(), None);
}

/// What PostgreSQL and MariaDB refuse, in words that help.
#[test]
fn every_case_of_a_server_prints_what_its_golden_file_says() {
    for engine in ENGINES {
        if let Some(url) = server(engine) {
            print_as_golden(&folder().join(engine), Some(&url));
        }
    }
}

fn print_as_golden(folder: &Path, url: Option<&str>) {
    for case in cases(folder) {
        let arguments = ["check", &format!("{case}.yaml")];
        let output = mcpgen_with(folder, &arguments, url);
        let printed = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{case}: {printed}");
        assert_eq!(stdout(&output), "", "{case}");
        golden(&folder.join(format!("{case}.stderr")), &printed);
        if code(&case) != "many" {
            assert!(printed.contains(&format!("error[{}]", code(&case))), "{case}: {printed}");
        }
        let (errors, helps) =
            (printed.matches("\nerror[").count(), printed.matches("= help: ").count());
        assert!(helps > errors, "{case}: a diagnostic without help\n{printed}");
        assert!(printed.contains("  |\n"), "{case}: nothing is underlined\n{printed}");
    }
}

#[test]
fn every_code_has_a_case() {
    let cases = cases(&folder());
    let without: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.id())
        .filter(|id| !cases.iter().any(|case| code(case) == *id))
        .collect();
    assert!(without.is_empty(), "no case in tests/ui shows {without:?}");
}

#[test]
fn every_golden_file_has_a_case() {
    for folder in [folder(), folder().join("postgres"), folder().join("mysql")] {
        let cases = cases(&folder);
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
            if let Some(case) = name.strip_suffix(".stderr") {
                assert!(cases.contains(case), "{name} has no case");
            }
        }
    }
}

/// The same diagnostics for programs: a JSON object a line, and annotations of GitHub Actions.
#[test]
fn the_formats_for_programs() {
    for (format, ending) in [("json", "jsonl"), ("github", "txt")] {
        let output = mcpgen(&folder(), &["check", "many_at_once.yaml", "--format", format]);
        assert_eq!(output.status.code(), Some(1));
        golden(&folder().join(format!("many_at_once.{ending}")), &stdout(&output));
    }
    let output = mcpgen(&folder(), &["check", "many_at_once.yaml", "--format", "json"]);
    for line in stdout(&output).lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        for member in ["code", "message", "file", "line", "column"] {
            assert!(value.get(member).is_some(), "{member} in {line}");
        }
    }
}
