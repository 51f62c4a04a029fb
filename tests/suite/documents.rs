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
    for name in ["conformance", "corners", "ledger", "stock", "store", "users"] {
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
    for command in ["", "build", "check", "schema", "init", "grants", "completions"] {
        let arguments: Vec<&str> =
            [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let name = if command.is_empty() { "mcpgen" } else { command };
        let output = mcpgen(root(), &arguments);
        golden(&root().join(format!("tests/help/{name}.txt")), &stdout(&output));
        assert!(stdout(&output).contains("Example"), "{command} has no example");
    }
}

fn text_of(value: &serde_json::Value) -> &str {
    value.as_str().expect("a text")
}

/// What a published server says of itself is what others take, and what its README shows clients is
/// JSON. The schemas are theirs; tests/published says where they come from.
#[test]
fn what_is_published() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::copy(&root().join("specs/users"), &folder.path().join("users"));
    let text = std::fs::read_to_string(root().join("specs/users.yaml")).expect("a spec");
    let icons = "  icons: [ { src: \"https://example.com/a.png\", sizes: [48x48] } ]\n  publish:\n    repository: https://github.com/example/users\n    url: https://example.com/mcp\n    namespace: com.example\n    author: Example\n    image: ghcr.io/example/users\n";
    let text: String = text
        .split_inclusive('\n')
        .map(|line| if line.starts_with("  publish:") { icons } else { line })
        .collect();
    std::fs::write(folder.path().join("users.yaml"), text).expect("a spec");
    let built = mcpgen(folder.path(), &["build", "users.yaml", "--out", "out"]);
    assert!(built.status.success(), "{}", crate::stderr(&built));
    let read =
        |path: &str| std::fs::read_to_string(folder.path().join("out").join(path)).expect("a file");
    for (file, schema) in [
        ("server.json", "server-2025-12-11.schema.json"),
        ("mcpb/manifest.json", "mcpb-manifest-v0.3.schema.json"),
    ] {
        let path = root().join("tests/published").join(schema);
        let schema = std::fs::read_to_string(path).expect("a schema");
        let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
        let schema = jsonschema::draft7::new(&schema).expect("a schema");
        let file_text: serde_json::Value = serde_json::from_str(&read(file)).expect("JSON");
        let errors: Vec<String> =
            schema.iter_errors(&file_text).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
        assert_eq!(file_text["version"], "1.0.0", "{file}");
        // How callers are known, each with what a client must know of it: required, secret.
        let known: Vec<(&str, Option<bool>, Option<bool>)> = match file {
            "server.json" => {
                let variables = &file_text["packages"][0]["environmentVariables"];
                let variables = variables.as_array().expect("variables").iter().skip(1);
                variables
                    .map(|it| {
                        (text_of(&it["name"]), it["isRequired"].as_bool(), it["isSecret"].as_bool())
                    })
                    .collect()
            }
            _ => {
                let settings = file_text["user_config"].as_object().expect("settings");
                let env = &file_text["server"]["mcp_config"]["env"];
                let settings = settings.iter().filter(|(name, _)| *name != "database");
                settings
                    .map(|(name, it)| {
                        assert_eq!(env[name], format!("${{user_config.{name}}}"));
                        // Where nothing is filled in the variable is empty, and counts as not set.
                        assert_eq!(it["default"] == "", it["required"] == false, "{name}");
                        (name.as_str(), it["required"].as_bool(), Some(it["sensitive"] == true))
                    })
                    .collect()
            }
        };
        let (yes, no) = (Some(true), Some(false));
        let expected = [
            ("ACCESS_TOKEN", no, yes),
            ("USERS_API_KEYS", no, yes),
            ("OIDC_ISSUER", no, no),
            ("OIDC_AUDIENCE", no, no),
        ];
        assert_eq!(known, expected, "{file}");
    }
    let readme = read("README.md");
    let blocks: Vec<String> = readme
        .split("\n\n")
        .filter(|block| block.starts_with("    {"))
        .map(str::to_owned)
        .collect();
    assert_eq!(blocks.len(), 4, "{readme}");
    for block in blocks {
        let entry: serde_json::Value = serde_json::from_str(&block).expect("JSON");
        assert!(block.contains("sqlite:/path/to/users.db"), "{entry}");
    }
}
