//! `reorder_report`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("reorder_report", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("reorder_report", json!({ "not_a_param": 1 }), "not_a_param")
        .await;
}

/// `since` at the edge of its `type`.
#[tokio::test]
async fn since_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "reorder_report",
            json!({ "since": ["not", "a", "value"] }),
            "since",
        )
        .await;
}

/// `since` at the edge of its `format`.
#[tokio::test]
async fn since_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "reorder_report",
            json!({ "since": "not in the format" }),
            "since",
        )
        .await;
}

/// `supplier` at the edge of its `type`.
#[tokio::test]
async fn supplier_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "reorder_report",
            json!({ "supplier": ["not", "a", "value"] }),
            "supplier",
        )
        .await;
}

/// `supplier` at the edge of its `maxLength`.
#[tokio::test]
async fn supplier_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "reorder_report",
            json!({ "supplier": "tex".to_owned() + &"t".repeat(117) }),
        )
        .await;
    server
        .refuses(
            "reorder_report",
            json!({ "supplier": "tex".to_owned() + &"t".repeat(118) }),
            "supplier",
        )
        .await;
}
