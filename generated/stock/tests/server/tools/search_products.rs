//! `search_products`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("search_products", json!({ "words": "paint" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "words": "paint", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Pages follow each other without a gap, and a cursor that was changed is refused: as far as the
/// seed has more than one row.
#[tokio::test]
async fn pages_follow_each_other() {
    let server = Fixture::new(crate::SEED).await;
    let rows = |result: &rmcp::model::CallToolResult| {
        let structured = result.structured_content.clone().unwrap_or_default();
        (
            structured["products"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("search_products", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(
            &server.call("search_products", arguments.clone()).await,
        );
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("search_products", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("search_products", arguments, "cursor").await;
}

/// `words` at the edge of its `type`.
#[tokio::test]
async fn words_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "words": ["not", "a", "value"] }),
            "words",
        )
        .await;
}

/// `words` at the edge of its `minLength`.
#[tokio::test]
async fn words_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "words": "te" })).await;
    server.refuses("search_products", json!({ "words": "t" }), "words").await;
}

/// `words` at the edge of its `maxLength`.
#[tokio::test]
async fn words_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "search_products",
            json!({ "words": "tex".to_owned() + &"t".repeat(77) }),
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "tex".to_owned() + &"t".repeat(78) }),
            "words",
        )
        .await;
}

/// `category` at the edge of its `type`.
#[tokio::test]
async fn category_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "category": ["not", "a", "value"] }),
            "category",
        )
        .await;
}

/// `category` at the edge of its `enum`.
#[tokio::test]
async fn category_enum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "category": "other" })).await;
    server
        .refuses(
            "search_products",
            json!({ "category": "none of these" }),
            "category",
        )
        .await;
}

/// `supplier_id` at the edge of its `type`.
#[tokio::test]
async fn supplier_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "supplier_id": ["not", "a", "value"] }),
            "supplier_id",
        )
        .await;
}

/// `tag` at the edge of its `type`.
#[tokio::test]
async fn tag_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "tag": ["not", "a", "value"] }),
            "tag",
        )
        .await;
}

/// `tag` at the edge of its `minLength`.
#[tokio::test]
async fn tag_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "tag": "t" })).await;
    server.refuses("search_products", json!({ "tag": "" }), "tag").await;
}

/// `tag` at the edge of its `maxLength`.
#[tokio::test]
async fn tag_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "search_products",
            json!({ "tag": "texttttttttttttttttttttttttttttttttttttt" }),
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "tag": "textttttttttttttttttttttttttttttttttttttt" }),
            "tag",
        )
        .await;
}

/// `price_at_most` at the edge of its `type`.
#[tokio::test]
async fn price_at_most_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "price_at_most": ["not", "a", "value"] }),
            "price_at_most",
        )
        .await;
}

/// `price_at_most` at the edge of its `exclusiveMinimum`.
#[tokio::test]
async fn price_at_most_exclusive_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "price_at_most": 0.001 })).await;
    server
        .refuses(
            "search_products",
            json!({ "price_at_most": 0.0 }),
            "price_at_most",
        )
        .await;
}

/// `added_since` at the edge of its `type`.
#[tokio::test]
async fn added_since_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "added_since": ["not", "a", "value"] }),
            "added_since",
        )
        .await;
}

/// `added_since` at the edge of its `format`.
#[tokio::test]
async fn added_since_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "added_since": "not in the format" }),
            "added_since",
        )
        .await;
}

/// `with_discontinued` at the edge of its `type`.
#[tokio::test]
async fn with_discontinued_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "with_discontinued": ["not", "a", "value"] }),
            "with_discontinued",
        )
        .await;
}

/// `with_discontinued` at the edge of its `const`.
#[tokio::test]
async fn with_discontinued_const() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "with_discontinued": true })).await;
    server
        .refuses(
            "search_products",
            json!({ "with_discontinued": false }),
            "with_discontinued",
        )
        .await;
}

/// `sort` at the edge of its `type`.
#[tokio::test]
async fn sort_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
}

/// `sort` at the edge of its `enum`.
#[tokio::test]
async fn sort_enum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "sort": "-added_on" })).await;
    server
        .refuses("search_products", json!({ "sort": "none of these" }), "sort")
        .await;
}

/// `cursor` at the edge of its `type`.
#[tokio::test]
async fn cursor_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
}

/// `cursor` at the edge of its `maxLength`.
#[tokio::test]
async fn cursor_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
}

/// `page_size` at the edge of its `type`.
#[tokio::test]
async fn page_size_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "search_products",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
}

/// `page_size` at the edge of its `minimum`.
#[tokio::test]
async fn page_size_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "page_size": 1 })).await;
    server
        .refuses("search_products", json!({ "page_size": 0 }), "page_size")
        .await;
}

/// `page_size` at the edge of its `maximum`.
#[tokio::test]
async fn page_size_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("search_products", json!({ "page_size": 100 })).await;
    server
        .refuses("search_products", json!({ "page_size": 101 }), "page_size")
        .await;
}
