//! What is kept is answered without the database, until a tool ends it.

use serde_json::json;

use crate::scratch::Scratch;
use crate::support;
use crate::support::Fixture;

/// `query_users` gives the same answer again, without the database, to the client who asked.
#[tokio::test]
async fn query_users_keeps_answers_apart() {
    let scratch = Scratch::new(crate::SEED).await;
    let (mut server, another) = Fixture::with_another(scratch).await;
    let first = server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    assert_ne!(first.is_error, Some(true), "{first:?}");
    server.scratch.take_away().await;
    let second = server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    assert_eq!(second, first);
    let result = support::call_as(
            &another,
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    let kind = support::error(&result).map(|(kind, _)| kind);
    assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"));
}

/// Behind `create_user`, what was kept is asked for anew.
#[tokio::test]
async fn create_user_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        (
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        ),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call(
            "create_user",
            json!({ "email": "test@example.com", "name": "Test User" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    server.scratch.take_away().await;
    for (tool, arguments) in kept {
        let result = server.call(tool, arguments).await;
        let kind = support::error(&result).map(|(kind, _)| kind);
        assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"), "{tool}");
    }
}
