//! What callers' tokens say is no argument, and whoever's token does not say it is refused.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// Params, and the claims that they are.
type Claims = &'static [(&'static str, &'static str)];

/// Tools, arguments that they take, and whether they refuse others.
fn tools() -> [(&'static str, Value, Claims, bool); 10] {
    [
        ("find_tickets", json!({}), &[("tenant", "tenant")], true),
        ("list_tickets", json!({}), &[("tenant", "tenant")], true),
        ("get_ticket", json!({ "id": 1 }), &[("tenant", "tenant")], true),
        ("count_open", json!({}), &[("tenant", "tenant")], true),
        (
            "open_ticket",
            json!({ "subject": "text" }),
            &[("tenant", "tenant")],
            true,
        ),
        (
            "comment",
            json!({ "id": 1, "body": "text" }),
            &[("tenant", "tenant"), ("author", "sub")],
            true,
        ),
        (
            "assign_ticket",
            json!({ "id": 1, "agent": "text" }),
            &[("tenant", "tenant")],
            true,
        ),
        ("close_ticket", json!({ "id": 1 }), &[("tenant", "tenant")], true),
        ("hire_agent", json!({ "name": "text" }), &[("tenant", "tenant")], true),
        ("delete_ticket", json!({ "id": 1 }), &[("tenant", "tenant")], true),
    ]
}

/// Prompts, with arguments.
fn prompts() -> [(&'static str, Value, Claims); 1] {
    [
        (
            "answer_ticket",
            json!({ "id": "1" }),
            &[("tenant", "tenant"), ("me", "sub")],
        ),
    ]
}

/// Resources.
fn resources() -> [(&'static str, Claims); 1] {
    [("tickets://1", &[("tenant", "tenant")])]
}

/// What the token of a caller says, but for one claim.
fn without(claim: &str) -> Value {
    let mut said = json!({ "tenant": "acme", "sub": "ada" });
    said.as_object_mut().expect("an object").remove(claim).expect("it is there");
    said
}

/// Arguments with a value of the client's own for a claim.
fn with(arguments: &Value, param: &str) -> Value {
    let mut arguments = arguments.clone();
    arguments[param] = "another".into();
    arguments
}

/// Clients are told of no claim, and cannot give one.
#[tokio::test]
async fn claims_are_no_arguments() {
    let server = Fixture::new(&[]).await;
    let listed = server.client.list_all_tools().await.expect("a list");
    for (name, arguments, claims, refuses) in tools() {
        let tool = listed.iter().find(|tool| tool.name == name).expect("it is listed");
        for (param, _) in claims {
            assert_eq!(tool.input_schema["properties"].get(* param), None, "{name}");
            if refuses {
                server.refuses(name, with(&arguments, param), param).await;
            }
        }
    }
    let listed = server.client.list_all_prompts().await.expect("a list");
    for (name, arguments, claims) in prompts() {
        let prompt = listed
            .iter()
            .find(|prompt| prompt.name == name)
            .expect("it is listed");
        for (param, _) in claims {
            let mut told = prompt.arguments.iter().flatten();
            assert!(told.all(| argument | argument.name != * param), "{name}");
            let refused = server.prompt(name, with(&arguments, param)).await;
            let error = refused.expect_err("an argument that there is none of");
            assert_eq!(
                error.data.expect("data") ["type"], "INVALID_ARGUMENTS", "{name}"
            );
        }
    }
}

/// Whoever lacks a claim is refused, and giving it as an argument is of no use.
#[tokio::test]
async fn claims_are_asked_for() {
    let mut server = Fixture::new(&[]).await;
    for (name, arguments, claims, _) in tools() {
        for (param, claim) in claims {
            server = server.claiming(&["*"], without(claim)).await;
            let result = server.call(name, with(&arguments, param)).await;
            let (kind, message) = support::error(&result).expect("an error");
            assert_eq!(kind, "PERMISSION_DENIED", "{name}: {message}");
            assert!(message.contains(claim), "{name}: {message}");
        }
    }
    for (name, arguments, claims) in prompts() {
        for (param, claim) in claims {
            server = server.claiming(&["*"], without(claim)).await;
            let error = server
                .prompt(name, with(&arguments, param))
                .await
                .expect_err("a caller without the claim");
            assert_eq!(
                error.data.expect("data") ["type"], "PERMISSION_DENIED", "{param}"
            );
            assert!(error.message.contains(claim), "{}", error.message);
        }
    }
    for (uri, claims) in resources() {
        for (param, claim) in claims {
            server = server.claiming(&["*"], without(claim)).await;
            let error = server.read(uri).await.expect_err("a caller without the claim");
            assert_eq!(
                error.data.expect("data") ["type"], "PERMISSION_DENIED", "{param}"
            );
            assert!(error.message.contains(claim), "{}", error.message);
        }
    }
}
