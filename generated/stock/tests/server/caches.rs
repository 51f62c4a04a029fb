//! What is kept is answered without the database, until a tool ends it.

use serde_json::json;

use crate::support;
use crate::support::Fixture;

/// `search_products` gives the same answer again, without the database.
#[tokio::test]
async fn search_products_keeps_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let first = server
        .call("search_products", json!({ "words": "paint" }))
        .await;
    assert_ne!(first.is_error, Some(true), "{first:?}");
    server.scratch.take_away().await;
    let second = server
        .call("search_products", json!({ "words": "paint" }))
        .await;
    assert_eq!(second, first);
}

/// `get_product` gives the same answer again, without the database.
#[tokio::test]
async fn get_product_keeps_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let first = server.call("get_product", json!({ "sku": "TL-0001" })).await;
    assert_ne!(first.is_error, Some(true), "{first:?}");
    server.scratch.take_away().await;
    let second = server.call("get_product", json!({ "sku": "TL-0001" })).await;
    assert_eq!(second, first);
}

/// `stock_value` gives the same answer again, without the database.
#[tokio::test]
async fn stock_value_keeps_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let first = server.call("stock_value", json!({})).await;
    assert_ne!(first.is_error, Some(true), "{first:?}");
    server.scratch.take_away().await;
    let second = server.call("stock_value", json!({})).await;
    assert_eq!(second, first);
}

/// `list_suppliers` gives the same answer again, without the database.
#[tokio::test]
async fn list_suppliers_keeps_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let first = server
        .call("list_suppliers", json!({ "sort": "-products" }))
        .await;
    assert_ne!(first.is_error, Some(true), "{first:?}");
    server.scratch.take_away().await;
    let second = server
        .call("list_suppliers", json!({ "sort": "-products" }))
        .await;
    assert_eq!(second, first);
}

/// Behind `create_product`, what was kept is asked for anew.
#[tokio::test]
async fn create_product_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        ("search_products", json!({ "words": "paint" })),
        ("list_suppliers", json!({ "sort": "-products" })),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call(
            "create_product",
            json!({
                "sku": "GD-0002",
                "name": "Spade",
                "category": "garden",
                "price": "24.00",
                "supplier_id": 2,
                "attributes": { "weight_g": 1800 },
                "tags": ["steel"],
            }),
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

/// Behind `update_product`, what was kept is asked for anew.
#[tokio::test]
async fn update_product_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        ("search_products", json!({ "words": "paint" })),
        ("get_product", json!({ "sku": "TL-0001" })),
        ("stock_value", json!({})),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call("update_product", json!({ "id": 4, "price": "39.99" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    server.scratch.take_away().await;
    for (tool, arguments) in kept {
        let result = server.call(tool, arguments).await;
        let kind = support::error(&result).map(|(kind, _)| kind);
        assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"), "{tool}");
    }
}

/// Behind `discontinue_products`, what was kept is asked for anew.
#[tokio::test]
async fn discontinue_products_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        ("search_products", json!({ "words": "paint" })),
        ("get_product", json!({ "sku": "TL-0001" })),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call(
            "discontinue_products",
            json!({ "skus": ["TL-0001", "PT-0002", "XX-0000"] }),
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

/// Behind `receive_stock`, what was kept is asked for anew.
#[tokio::test]
async fn receive_stock_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        ("get_product", json!({ "sku": "TL-0001" })),
        ("stock_value", json!({})),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call(
            "receive_stock",
            json!({ "product_id": 3, "quantity": 2, "received_at": null }),
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

/// Behind `sell`, what was kept is asked for anew.
#[tokio::test]
async fn sell_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        ("get_product", json!({ "sku": "TL-0001" })),
        ("stock_value", json!({})),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call("sell", json!({ "product_id": 1, "quantity": 7 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    server.scratch.take_away().await;
    for (tool, arguments) in kept {
        let result = server.call(tool, arguments).await;
        let kind = support::error(&result).map(|(kind, _)| kind);
        assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"), "{tool}");
    }
}

/// Behind `count_stock`, what was kept is asked for anew.
#[tokio::test]
async fn count_stock_ends_answers() {
    let mut server = Fixture::new(crate::SEED).await;
    let kept = [
        ("get_product", json!({ "sku": "TL-0001" })),
        ("stock_value", json!({})),
    ];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server
        .call("count_stock", json!({ "product_id": 1, "counted": 7 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    server.scratch.take_away().await;
    for (tool, arguments) in kept {
        let result = server.call(tool, arguments).await;
        let kind = support::error(&result).map(|(kind, _)| kind);
        assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"), "{tool}");
    }
}

/// Behind `remove_supplier`, what was kept is asked for anew.
#[tokio::test]
async fn remove_supplier_ends_answers() {
    let mut server = Fixture::new(
            &[
                crate::SEED,
                &[
                    include_str!(
                        "../seeds/case_removes_a_supplier_who_delivers_nothing.sql"
                    ),
                ],
            ]
                .concat(),
        )
        .await;
    let kept = [("list_suppliers", json!({ "sort": "-products" }))];
    for (tool, arguments) in kept.clone() {
        let result = server.call(tool, arguments).await;
        assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
    }
    let result = server.call("remove_supplier", json!({ "id": 9 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    server.scratch.take_away().await;
    for (tool, arguments) in kept {
        let result = server.call(tool, arguments).await;
        let kind = support::error(&result).map(|(kind, _)| kind);
        assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"), "{tool}");
    }
}
