//! `update_product`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "update_product",
            json!({
                "slug": "cloud-hammock",
                "status": "Active",
                "tags": ["camping", "light"],
                "released_on": "2024-06-01",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "update_product",
            json!({
                "slug": "cloud-hammock",
                "status": "Active",
                "tags": ["camping", "light"],
                "released_on": "2024-06-01",
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("update_product", json!({ "name": "text" }), "slug").await;
    server
        .refuses(
            "update_product",
            json!({ "slug": ["not", "a", "value"], "name": "text" }),
            "slug",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "", "name": "text" }),
            "slug",
        )
        .await;
    server
        .takes(
            "update_product",
            json!({ "slug": "a".repeat(80), "name": "text" }),
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a".repeat(81), "name": "text" }),
            "slug",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
    server.takes("update_product", json!({ "slug": "a", "name": "te" })).await;
    server
        .refuses("update_product", json!({ "slug": "a", "name": "t" }), "name")
        .await;
    server
        .takes(
            "update_product",
            json!({ "slug": "a", "name": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "name": "tex".to_owned() + &"t".repeat(198) }),
            "name",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "description": ["not", "a", "value"] }),
            "description",
        )
        .await;
    server
        .takes(
            "update_product",
            json!({ "slug": "a", "description": "tex".to_owned() + &"t".repeat(9997) }),
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "description": "tex".to_owned() + &"t".repeat(9998) }),
            "description",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "status": ["not", "a", "value"] }),
            "status",
        )
        .await;
    server
        .takes("update_product", json!({ "slug": "a", "status": "retired" }))
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "status": "none of these" }),
            "status",
        )
        .await;
    server
        .refuses("update_product", json!({ "slug": "a", "tags": 7 }), "tags")
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "tags": vec![json!("text"); 21] }),
            "tags",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "tags": ["text", "text"] }),
            "tags",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "released_on": ["not", "a", "value"] }),
            "released_on",
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "slug": "a", "released_on": "not in the format" }),
            "released_on",
        )
        .await;
}
