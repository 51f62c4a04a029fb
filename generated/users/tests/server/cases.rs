//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// filters by role.
#[tokio::test]
async fn filters_by_role() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 2, "users": [{ "role": "admin" }, { "role": "admin" }] }),
    );
}

/// ignores a filter it does not know.
#[tokio::test]
async fn ignores_a_filter_it_does_not_know() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("query_users", json!({ "filters": { "invalid_field": "test" } }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "count": 7 }));
}

/// clamps the limit.
#[tokio::test]
async fn clamps_the_limit() {
    let server = Fixture::new(
            &[crate::SEED, &[include_str!("../seeds/case_clamps_the_limit.sql")]]
                .concat(),
        )
        .await;
    let result = server.call("query_users", json!({ "limit": 1000 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 100, "pagination": { "limit": 100 } }),
    );
}

/// creates a user.
#[tokio::test]
async fn creates_a_user() {
    let server = Fixture::new(crate::SEED).await;
    let server = server.called_by(Some(&["users:write"])).await;
    let result = server
        .call(
            "create_user",
            json!({ "email": "test@example.com", "name": "Test User" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "user": { "role": "user", "active": true } }),
    );
    let text = support::text(&result);
    assert!(text.contains("Successfully created user"), "{text}");
}

/// refuses a second user with the same email.
#[tokio::test]
async fn refuses_a_second_user_with_the_same_email() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "create_user",
            json!({ "email": "ada@example.com", "name": "Another Ada" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("already exists"), "{message}");
}

/// names a missing field.
#[tokio::test]
async fn names_a_missing_field() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("create_user", json!({ "name": "Test User" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "INVALID_ARGUMENTS");
    assert!(message.contains("email"), "{message}");
}

/// creates nobody without the scope.
#[tokio::test]
async fn creates_nobody_without_the_scope() {
    let server = Fixture::new(crate::SEED).await;
    let server = server.called_by(Some(&["users:read"])).await;
    let result = server
        .call(
            "create_user",
            json!({ "email": "test@example.com", "name": "Test User" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "PERMISSION_DENIED");
    assert!(message.contains("users:write"), "{message}");
}

/// shows nobody to nobody.
#[tokio::test]
async fn shows_nobody_to_nobody() {
    let server = Fixture::new(crate::SEED).await;
    let server = server.called_by(None).await;
    let error = server.read("users://1").await.expect_err("an error");
    assert_eq!(
        error.data.as_ref().map(| data | & data["type"]), Some(&
        json!("UNAUTHENTICATED")), "{error:?}"
    );
}

/// moves the admin role, both or neither.
#[tokio::test]
async fn moves_the_admin_role_both_or_neither() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Accept,
                era,
                "transfer_role",
                json!({ "from_id": 1, "to_id": 999 }),
            )
            .await;
        let (kind, _) = support::error(&result).expect("an error");
        assert_eq!(kind, "RECORD_NOT_FOUND");
        let result = server.call("get_user", json!({ "id": 1 })).await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(
            structured,
            &json!({ "user": { "role": "admin" } }),
        );
        let result = server
            .call_replying(
                support::Reply::Accept,
                era,
                "transfer_role",
                json!({ "from_id": 1, "to_id": 2 }),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(
            structured,
            &json!({ "giver": { "role": "user" }, "taker": { "role": "admin" } }),
        );
    }
}

/// moves no role that nobody confirms.
#[tokio::test]
async fn moves_no_role_that_nobody_confirms() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Decline,
                era,
                "transfer_role",
                json!({ "from_id": 1, "to_id": 2 }),
            )
            .await;
        let (kind, _) = support::error(&result).expect("an error");
        assert_eq!(kind, "CONFIRMATION_DECLINED");
        let result = server
            .call_replying(
                support::Reply::Cancel,
                era,
                "transfer_role",
                json!({ "from_id": 1, "to_id": 2 }),
            )
            .await;
        let (kind, _) = support::error(&result).expect("an error");
        assert_eq!(kind, "CONFIRMATION_DECLINED");
        let result = server
            .call_replying(
                support::Reply::Unsupported,
                era,
                "transfer_role",
                json!({ "from_id": 1, "to_id": 2 }),
            )
            .await;
        let (kind, _) = support::error(&result).expect("an error");
        assert_eq!(kind, "CONFIRMATION_UNAVAILABLE");
        let result = server.call("get_user", json!({ "id": 1 })).await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(
            structured,
            &json!({ "user": { "role": "admin" } }),
        );
    }
}

/// reads one user.
#[tokio::test]
async fn reads_one_user() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("users://1").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({ "user": { "email": "ada@example.com" } }),
    );
}
