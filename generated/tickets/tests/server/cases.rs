//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// tickets are found by their subject.
#[tokio::test]
async fn tickets_are_found_by_their_subject() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("find_tickets", json!({ "text": "printer" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 1, "tickets": [{ "id": 1, "agent": "Ada" }] }),
    );
}

/// another tenant finds its own.
#[tokio::test]
async fn another_tenant_finds_its_own() {
    let server = Fixture::new(crate::SEED).await;
    let server = server
        .claiming(
            &["tickets:read"],
            json!({ "tenant": "globex", "sub": "hank" }),
        )
        .await;
    let result = server.call("find_tickets", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 2,
            "tickets": [{ "id": 4, "agent": "Hank" }, { "id": 5, "agent": null }],
        }),
    );
}

/// agents of other tenants are nobody.
#[tokio::test]
async fn agents_of_other_tenants_are_nobody() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("find_tickets", json!({ "agent": "Hank" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "count": 0 }));
}

/// all are walked through.
#[tokio::test]
async fn all_are_walked_through() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("list_tickets", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "tickets": [{ "id": 1 }, { "id": 2 }, { "id": 3 }] }),
    );
}

/// a ticket comes with its comments.
#[tokio::test]
async fn a_ticket_comes_with_its_comments() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("get_ticket", json!({ "id": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "ticket": { "subject": "The printer is on fire" },
            "comments": [{ "author": "ada" }, { "author": "grace" }],
        }),
    );
}

/// another tenants ticket is not there.
#[tokio::test]
async fn another_tenants_ticket_is_not_there() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("get_ticket", json!({ "id": 4 })).await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
}

/// open tickets are counted by agent.
#[tokio::test]
async fn open_tickets_are_counted_by_agent() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("count_open", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "agents": [{ "agent": "Ada", "tickets": 1 }, { "agent": "Grace", "tickets": 0 }],
        }),
    );
}

/// a new ticket is open.
#[tokio::test]
async fn a_new_ticket_is_open() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("open_ticket", json!({ "subject": "The coffee is cold" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "ticket": { "state": "open" } }));
}

/// whoever calls is the author.
#[tokio::test]
async fn whoever_calls_is_the_author() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("comment", json!({ "id": 2, "body": "It is on its way." }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "affected": 1 }));
    let result = server.call("get_ticket", json!({ "id": 2 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "comments": [{ "author": "ada", "body": "It is on its way." }] }),
    );
}

/// nobody comments for others.
#[tokio::test]
async fn nobody_comments_for_others() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("comment", json!({ "id": 4, "body": "Hello" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "affected": 0 }));
}

/// a ticket is assigned.
#[tokio::test]
async fn a_ticket_is_assigned() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("assign_ticket", json!({ "id": 2, "agent": "Grace" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "affected": 1 }));
}

/// a ticket is closed.
#[tokio::test]
async fn a_ticket_is_closed() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("close_ticket", json!({ "id": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "affected": 1 }));
}

/// an agent is hired once.
#[tokio::test]
async fn an_agent_is_hired_once() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("hire_agent", json!({ "name": "Ada" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "agent": { "id": 1 } }));
}

/// a closed ticket is deleted.
#[tokio::test]
async fn a_closed_ticket_is_deleted() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Accept,
                era,
                "delete_ticket",
                json!({ "id": 3 }),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(structured, &json!({ "affected": 1 }));
    }
}

/// a caller without a tenant is refused.
#[tokio::test]
async fn a_caller_without_a_tenant_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    let server = server
        .claiming(&["tickets:read"], json!({ "sub": "ada" }))
        .await;
    let result = server.call("find_tickets", json!({})).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "PERMISSION_DENIED");
    assert!(message.contains("tenant"), "{message}");
}

/// a ticket is read.
#[tokio::test]
async fn a_ticket_is_read() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("tickets://1").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(&value, &json!({ "ticket": { "id": 1 } }));
}

/// another tenants ticket is not read.
#[tokio::test]
async fn another_tenants_ticket_is_not_read() {
    let server = Fixture::new(crate::SEED).await;
    let error = server.read("tickets://4").await.expect_err("an error");
    assert_eq!(
        error.data.as_ref().map(| data | & data["type"]), Some(&
        json!("RECORD_NOT_FOUND")), "{error:?}"
    );
}

/// an answer is drafted.
#[tokio::test]
async fn an_answer_is_drafted() {
    let server = Fixture::new(crate::SEED).await;
    let found = server
        .prompt("answer_ticket", json!({ "id": "1" }))
        .await
        .expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("from ada to"), "{text}");
}
