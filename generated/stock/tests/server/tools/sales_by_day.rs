//! `sales_by_day`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "sales_by_day",
            json!({ "from": "2024-04-02", "until": "2024-04-03" }),
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
            "sales_by_day",
            json!({ "from": "2024-04-02", "until": "2024-04-03", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `from` at the edge of its `required`.
#[tokio::test]
async fn from_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("sales_by_day", json!({ "until": "2024-02-29" }), "from")
        .await;
}

/// `from` at the edge of its `type`.
#[tokio::test]
async fn from_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "sales_by_day",
            json!({ "from": ["not", "a", "value"], "until": "2024-02-29" }),
            "from",
        )
        .await;
}

/// `from` at the edge of its `format`.
#[tokio::test]
async fn from_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "sales_by_day",
            json!({ "from": "not in the format", "until": "2024-02-29" }),
            "from",
        )
        .await;
}

/// `until` at the edge of its `required`.
#[tokio::test]
async fn until_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("sales_by_day", json!({ "from": "2024-02-29" }), "until")
        .await;
}

/// `until` at the edge of its `type`.
#[tokio::test]
async fn until_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "sales_by_day",
            json!({ "from": "2024-02-29", "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
}

/// `until` at the edge of its `format`.
#[tokio::test]
async fn until_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "sales_by_day",
            json!({ "from": "2024-02-29", "until": "not in the format" }),
            "until",
        )
        .await;
}

/// `category` at the edge of its `type`.
#[tokio::test]
async fn category_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "sales_by_day",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "category": ["not", "a", "value"],
            }),
            "category",
        )
        .await;
}

/// `category` at the edge of its `enum`.
#[tokio::test]
async fn category_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "sales_by_day",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "category": "other" }),
        )
        .await;
    server
        .refuses(
            "sales_by_day",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "category": "none of these" }),
            "category",
        )
        .await;
}
