//! Nobody uses or sees what asks for more than he has.

use serde_json::json;

use crate::support;
use crate::support::Fixture;

/// Scopes, all of them; none: nothing is asked for, not even a name.
type Needs = Option<&'static [&'static str]>;

/// What each tool asks for.
const TOOLS: &[(&str, Needs)] = &[
    ("find_tickets", Some(&["tickets:read"])),
    ("list_tickets", Some(&["tickets:read"])),
    ("get_ticket", Some(&["tickets:read"])),
    ("count_open", Some(&["tickets:read"])),
    ("open_ticket", Some(&["tickets:write"])),
    ("comment", Some(&["tickets:write"])),
    ("assign_ticket", Some(&["tickets:write"])),
    ("close_ticket", Some(&["tickets:write"])),
    ("hire_agent", Some(&["tickets:admin"])),
    ("delete_ticket", Some(&["tickets:admin"])),
];

/// What each resource template asks for.
const TEMPLATES: &[(&str, Needs)] = &[("tickets://{id}", Some(&["tickets:read"]))];

/// What each prompt asks for.
const PROMPTS: &[(&str, Needs)] = &[("answer_ticket", Some(&["tickets:read"]))];

/// Every scope, and what else whoever has it has.
const SCOPES: &[(&str, &[&str])] = &[
    ("tickets:read", &[]),
    ("tickets:write", &["tickets:read"]),
    ("tickets:admin", &["tickets:read", "tickets:write"]),
];

/// Whether whoever holds these scopes may use what needs those; none is nobody.
fn may(held: Option<&[&str]>, needs: Needs) -> bool {
    let Some(needs) = needs else { return true };
    let Some(held) = held else { return false };
    needs
        .iter()
        .all(|needed| {
            let gives = |(name, others): &(&str, &[&str])| {
                held.contains(name) && (name == needed || others.contains(needed))
            };
            SCOPES.iter().any(gives)
        })
}

/// Everybody from nobody to whoever lacks one scope.
fn callers() -> Vec<Option<Vec<&'static str>>> {
    let all = ["tickets:read", "tickets:write", "tickets:admin"];
    let mut callers = vec![None, Some(Vec::new())];
    for scope in all {
        callers.push(Some(vec![scope]));
        callers.push(Some(all.into_iter().filter(|other| *other != scope).collect()));
    }
    callers
}

/// Lists show what the caller may use, and nothing else can be used.
#[tokio::test]
async fn scopes_are_asked_for() {
    for caller in callers() {
        let held = caller.as_deref();
        let server = Fixture::new(&[]).await;
        let server = server.called_by(held).await;
        let listed = server.client.list_all_tools().await.expect("a list");
        let listed: Vec<String> = listed
            .into_iter()
            .map(|it| it.name.to_string())
            .collect();
        let allowed: Vec<&str> = TOOLS
            .iter()
            .filter(|(_, needs)| may(held, *needs))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(listed, allowed, "{held:?}");
        let listed = server.client.list_all_resource_templates().await.expect("a list");
        let listed: Vec<String> = listed
            .into_iter()
            .map(|it| it.uri_template.to_string())
            .collect();
        let allowed: Vec<&str> = TEMPLATES
            .iter()
            .filter(|(_, needs)| may(held, *needs))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(listed, allowed, "{held:?}");
        let listed = server.client.list_all_prompts().await.expect("a list");
        let listed: Vec<String> = listed
            .into_iter()
            .map(|it| it.name.to_string())
            .collect();
        let allowed: Vec<&str> = PROMPTS
            .iter()
            .filter(|(_, needs)| may(held, *needs))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(listed, allowed, "{held:?}");
        for (name, needs) in TOOLS {
            let result = server.call(name, json!({})).await;
            let kind = support::error(&result).map(|(kind, _)| kind);
            let refused = matches!(
                kind.as_deref(), Some("PERMISSION_DENIED" | "UNAUTHENTICATED")
            );
            assert_eq!(refused, ! may(held, * needs), "{name} for {held:?}: {kind:?}");
        }
        for (name, needs) in TEMPLATES {
            let kind = server
                .read(name)
                .await
                .err()
                .and_then(|error| Some(error.data?["type"].clone()));
            let refused = kind
                .is_some_and(|kind| {
                    kind == "PERMISSION_DENIED" || kind == "UNAUTHENTICATED"
                });
            assert_eq!(refused, ! may(held, * needs), "{name} for {held:?}");
        }
        for (name, needs) in PROMPTS {
            let kind = server
                .prompt(name, json!({}))
                .await
                .err()
                .and_then(|error| Some(error.data?["type"].clone()));
            let refused = kind
                .is_some_and(|kind| {
                    kind == "PERMISSION_DENIED" || kind == "UNAUTHENTICATED"
                });
            assert_eq!(refused, ! may(held, * needs), "{name} for {held:?}");
        }
    }
}
