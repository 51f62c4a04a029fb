//! `query_users`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({
                "filters": { "role": "admin", "active": true },
                "limit": 10,
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// `filters` at the edge of its `type`.
#[tokio::test]
async fn filters_type() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("query_users", json!({ "filters": 7 }), "filters").await;
}

/// `filters.role` at the edge of its `type`.
#[tokio::test]
async fn filters_role_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({ "filters": { "role": ["not", "a", "value"] } }),
            "filters.role",
        )
        .await;
}

/// `filters.role` at the edge of its `enum`.
#[tokio::test]
async fn filters_role_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes("query_users", json!({ "filters": { "role": "moderator" } }))
        .await;
    server
        .refuses(
            "query_users",
            json!({ "filters": { "role": "none of these" } }),
            "filters.role",
        )
        .await;
}

/// `filters.active` at the edge of its `type`.
#[tokio::test]
async fn filters_active_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({ "filters": { "active": ["not", "a", "value"] } }),
            "filters.active",
        )
        .await;
}

/// `filters.created_after` at the edge of its `type`.
#[tokio::test]
async fn filters_created_after_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({ "filters": { "created_after": ["not", "a", "value"] } }),
            "filters.created_after",
        )
        .await;
}

/// `filters.created_after` at the edge of its `format`.
#[tokio::test]
async fn filters_created_after_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({ "filters": { "created_after": "not in the format" } }),
            "filters.created_after",
        )
        .await;
}

/// `limit` at the edge of its `type`.
#[tokio::test]
async fn limit_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({ "limit": ["not", "a", "value"] }),
            "limit",
        )
        .await;
}

/// `limit` at the edge of its `minimum`.
#[tokio::test]
async fn limit_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("query_users", json!({ "limit": 1 })).await;
    server.refuses("query_users", json!({ "limit": 0 }), "limit").await;
}

/// `offset` at the edge of its `type`.
#[tokio::test]
async fn offset_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "query_users",
            json!({ "offset": ["not", "a", "value"] }),
            "offset",
        )
        .await;
}

/// `offset` at the edge of its `minimum`.
#[tokio::test]
async fn offset_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("query_users", json!({ "offset": 0 })).await;
    server.refuses("query_users", json!({ "offset": -1 }), "offset").await;
}
