//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// a text.
#[tokio::test]
async fn a_text() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("test_simple_text", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let text = support::text(&result);
    assert!(text.contains("This is a simple text response for testing."), "{text}");
}

/// an image.
#[tokio::test]
async fn an_image() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("test_image_content", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "picture": { "name": "pixel" } }),
    );
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([{ "type": "image", "mimeType": "image/png" }]),
    );
}

/// a sound.
#[tokio::test]
async fn a_sound() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("test_audio_content", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([{ "type": "audio", "mimeType": "audio/wav" }]),
    );
}

/// a resource.
#[tokio::test]
async fn a_resource() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("test_embedded_resource", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([
            {
                "type": "resource",
                "resource": { "uri": "test://embedded-resource", "mimeType": "text/plain" },
            },
        ]),
    );
}

/// several kinds.
#[tokio::test]
async fn several_kinds() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("test_multiple_content_types", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([
            { "type": "text" },
            { "type": "image" },
            { "type": "resource", "resource": { "text": "{\"test\":\"data\",\"value\":123}" } },
            { "type": "resource_link" },
        ]),
    );
}

/// an error.
#[tokio::test]
async fn an_error() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("test_error_handling", json!({})).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("intentionally"), "{message}");
}

/// choices.
#[tokio::test]
async fn choices() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value2"],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "choice": { "single": "option1, value1, opt1" } }),
    );
}

/// a value without a title.
#[tokio::test]
async fn a_value_without_a_title() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "First Option",
                "legacyEnum": "opt1",
                "untitledMulti": [],
                "titledMulti": [],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "INVALID_ARGUMENTS");
    assert!(message.contains("titledSingle"), "{message}");
}

/// a template.
#[tokio::test]
async fn a_template() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("test://template/123/data").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({ "found": { "id": "123", "data": "Data for ID: 123" } }),
    );
}
