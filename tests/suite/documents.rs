//! What is committed beside the code and must not drift from it.

use crate::{golden, mcpgen, root, stdout};

/// `specs/mcpgen.schema.json` is what `mcpgen schema` prints.
#[test]
fn the_json_schema() {
    let output = mcpgen(root(), &["schema"]);
    golden(&root().join("specs/mcpgen.schema.json"), &stdout(&output));
}

/// The committed specs are valid by the committed schema.
#[test]
fn the_specs_keep_to_the_schema() {
    let schema = std::fs::read_to_string(root().join("specs/mcpgen.schema.json")).expect("a file");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    for name in ["corners", "ledger", "stock", "store", "users"] {
        let text =
            std::fs::read_to_string(root().join(format!("specs/{name}.yaml"))).expect("a file");
        assert!(text.starts_with("# yaml-language-server: $schema=mcpgen.schema.json\n"), "{name}");
        let spec: serde_json::Value = serde_yaml::from_str(&text).expect("YAML");
        let errors: Vec<String> =
            schema.iter_errors(&spec).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

/// Every key of the language stands on its page, and every code of a diagnostic too.
#[test]
fn the_language_page_has_every_key() {
    let page = std::fs::read_to_string(root().join("specs/README.md")).expect("a page");
    let schema: serde_json::Value =
        serde_json::from_str(&stdout(&mcpgen(root(), &["schema"]))).expect("JSON");
    let mut keys = Vec::new();
    collect(&schema, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    let missing: Vec<&String> =
        keys.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "specs/README.md does not say what {missing:?} mean");
    for code in mcpgen::diagnostic::Code::ALL {
        assert!(
            page.contains(&format!("`{}`", code.id())),
            "specs/README.md does not list {}",
            code.id()
        );
    }
}

/// The names of all properties in a schema.
fn collect(schema: &serde_json::Value, keys: &mut Vec<String>) {
    match schema {
        serde_json::Value::Object(members) => {
            // A property can be called `properties` too; then it stands beside no type.
            let object = members.get("type").is_some_and(|kind| kind == "object");
            if let (true, Some(serde_json::Value::Object(properties))) =
                (object, members.get("properties"))
            {
                keys.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| collect(member, keys));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        _ => {}
    }
}

/// The help texts, as people see them.
#[test]
fn the_help() {
    for command in ["", "build", "check", "schema", "init", "completions"] {
        let arguments: Vec<&str> =
            [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let name = if command.is_empty() { "mcpgen" } else { command };
        let output = mcpgen(root(), &arguments);
        golden(&root().join(format!("tests/help/{name}.txt")), &stdout(&output));
        assert!(stdout(&output).contains("Example"), "{command} has no example");
    }
}
