//! Nobody reads or changes what is another tenant's.

use serde_json::{Value, json};

use crate::support::Fixture;

/// Takes the rows of the first tenant away.
const GONE: &str = r"DELETE FROM comments WHERE tenant_id = 'acme';
DELETE FROM tickets WHERE tenant_id = 'acme';
DELETE FROM agents WHERE tenant_id = 'acme';
DELETE FROM tenants WHERE tenant_id = 'acme';";

/// What the token of somebody of another tenant says.
fn other() -> Value {
    json!({ "tenant": "globex", "sub": "ada" })
}

/// Everything that the first tenant has.
async fn rows(scratch: &crate::scratch::Scratch) -> Vec<Option<String>> {
    let mut rows = Vec::new();
    for sql in [
        "SELECT group_concat(quote(id) || ' ' || quote(tenant_id) || ' ' || quote(ticket_id) || ' ' || quote(author) || ' ' || quote(body), char(10)) FROM (SELECT * FROM comments WHERE tenant_id = 'acme' ORDER BY id, tenant_id, ticket_id, author, body)",
        "SELECT group_concat(quote(id) || ' ' || quote(tenant_id) || ' ' || quote(subject) || ' ' || quote(state) || ' ' || quote(agent_id), char(10)) FROM (SELECT * FROM tickets WHERE tenant_id = 'acme' ORDER BY id, tenant_id, subject, state, agent_id)",
        "SELECT group_concat(quote(id) || ' ' || quote(tenant_id) || ' ' || quote(name), char(10)) FROM (SELECT * FROM agents WHERE tenant_id = 'acme' ORDER BY id, tenant_id, name)",
        "SELECT group_concat(quote(tenant_id) || ' ' || quote(name), char(10)) FROM (SELECT * FROM tenants WHERE tenant_id = 'acme' ORDER BY tenant_id, name)",
    ] {
        rows.push(scratch.text(sql).await);
    }
    rows
}

/// The seed has rows of the first tenant: without them the other tests show nothing.
#[tokio::test]
async fn there_is_something_to_cross_to() {
    let server = Fixture::new(crate::SEED).await;
    let before = rows(&server.scratch).await;
    let server = Fixture::new(&[crate::SEED, &[GONE]].concat()).await;
    assert_ne!(
        rows(& server.scratch). await, before,
        "name a tenant of the seed: `tests.tenants`"
    );
}

/// Calls that are good for the first tenant, and whether they only read.
fn calls() -> [(&'static str, Value, bool); 20] {
    [
        ("find_tickets", json!({}), true),
        ("find_tickets", json!({ "text": "printer" }), true),
        ("find_tickets", json!({ "agent": "Hank" }), true),
        ("list_tickets", json!({}), true),
        ("get_ticket", json!({ "id": 1 }), true),
        ("get_ticket", json!({ "id": 4 }), true),
        ("get_ticket", json!({ "id": 2 }), true),
        ("count_open", json!({}), true),
        ("open_ticket", json!({ "subject": "text" }), false),
        ("open_ticket", json!({ "subject": "The coffee is cold" }), false),
        ("comment", json!({ "id": 1, "body": "text" }), false),
        ("comment", json!({ "id": 2, "body": "It is on its way." }), false),
        ("comment", json!({ "id": 4, "body": "Hello" }), false),
        ("assign_ticket", json!({ "id": 1, "agent": "text" }), false),
        ("assign_ticket", json!({ "id": 2, "agent": "Grace" }), false),
        ("close_ticket", json!({ "id": 1 }), false),
        ("hire_agent", json!({ "name": "text" }), false),
        ("hire_agent", json!({ "name": "Ada" }), false),
        ("delete_ticket", json!({ "id": 1 }), false),
        ("delete_ticket", json!({ "id": 3 }), false),
    ]
}

/// What a tool answers, without what differs from call to call.
fn answer(result: &rmcp::model::CallToolResult) -> Value {
    let mut answer = result.structured_content.clone().unwrap_or_default();
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("request_id");
        if let Some(next) = answer.get_mut("next_cursor") {
            *next = next.is_string().into();
        }
    }
    answer
}

/// A tool answers another tenant as if the first one's rows were not there, and leaves them as
/// they are.
#[tokio::test]
async fn tools_stay_with_their_tenant() {
    for (tool, arguments, reads) in calls() {
        let server = Fixture::new(crate::SEED).await;
        let server = server.claiming(&["*"], other()).await;
        let before = rows(&server.scratch).await;
        let result = server.call(tool, arguments.clone()).await;
        assert_eq!(rows(& server.scratch). await, before, "{tool} {arguments}");
        if reads {
            let server = Fixture::new(&[crate::SEED, &[GONE]].concat()).await;
            let server = server.claiming(&["*"], other()).await;
            let alone = server.call(tool, arguments.clone()).await;
            assert_eq!(answer(& result), answer(& alone), "{tool} {arguments}");
        }
    }
}

/// What another tenant reads, gets and completes.
async fn shown(server: &Fixture) -> Vec<Value> {
    let mut found = Vec::new();
    let read = server.read("tickets://1").await.map_err(|error| error.message);
    found.push(json!(["tickets://1", read.as_ref().ok(), read.as_ref().err()]));
    let read = server.read("tickets://4").await.map_err(|error| error.message);
    found.push(json!(["tickets://4", read.as_ref().ok(), read.as_ref().err()]));
    let got = server
        .prompt("answer_ticket", json!({ "id": "1" }))
        .await
        .map_err(|error| error.message);
    let messages = got.as_ref().map(|got| &got.messages);
    found.push(json!(["answer_ticket", messages.ok(), got.as_ref().err()]));
    let values = server
        .client
        .complete_resource_simple("tickets://{id}", "id", "")
        .await
        .expect("values");
    found.push(json!(["tickets://{id}", values]));
    found
}

/// Resources, prompts and completions are for another tenant as if the first one's rows were
/// not there.
#[tokio::test]
async fn what_is_read_stays_with_its_tenant() {
    let server = Fixture::new(crate::SEED).await;
    let server = server.claiming(&["*"], other()).await;
    let found = shown(&server).await;
    let server = Fixture::new(&[crate::SEED, &[GONE]].concat()).await;
    let server = server.claiming(&["*"], other()).await;
    assert_eq!(found, shown(& server). await);
}
