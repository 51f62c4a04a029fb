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

/// choices in a form.
#[tokio::test]
async fn choices_in_a_form() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Forms(
                    json!({
                        "titledSingle": {
                            "titledSingle": "value2",
                            "legacyEnum": "opt3",
                            "untitledMulti": [],
                            "titledMulti": ["value1", "value3"],
                        },
                    }),
                ),
                era,
                "test_elicitation_sep1330_enums",
                json!({ "untitledSingle": "option1" }),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(
            structured,
            &json!({ "choice": { "single": "option1, value2, opt3" } }),
        );
    }
}

/// a title in a form.
#[tokio::test]
async fn a_title_in_a_form() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Forms(
                    json!({
                        "untitledSingle": {
                            "untitledSingle": "option1",
                            "titledSingle": "First Option",
                            "legacyEnum": "opt1",
                            "untitledMulti": [],
                            "titledMulti": [],
                        },
                    }),
                ),
                era,
                "test_elicitation_sep1330_enums",
                json!({}),
            )
            .await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "INVALID_ARGUMENTS");
        assert!(message.contains("titledSingle"), "{message}");
    }
}

/// defaults that a person keeps.
#[tokio::test]
async fn defaults_that_a_person_keeps() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Forms(json!({ "name": { "age": 31 } })),
                era,
                "test_elicitation_sep1034_defaults",
                json!({}),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(
            structured,
            &json!({
                "person": {
                    "name": "John Doe",
                    "age": 31,
                    "score": 95.5,
                    "status": "active",
                    "verified": true,
                },
            }),
        );
    }
}

/// a form.
#[tokio::test]
async fn a_form() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Forms(json!({ "name": { "name": "Ada" } })),
                era,
                "test_input_required_result_elicitation",
                json!({}),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let text = support::text(&result);
        assert!(text.contains("Hello, Ada!"), "{text}");
    }
}

/// a form that is not needed.
#[tokio::test]
async fn a_form_that_is_not_needed() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("test_input_required_result_elicitation", json!({ "name": "Ada" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let text = support::text(&result);
    assert!(text.contains("Hello, Ada!"), "{text}");
}

/// a form left empty.
#[tokio::test]
async fn a_form_left_empty() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Forms(json!({ "name": {} })),
                era,
                "test_input_required_result_elicitation",
                json!({}),
            )
            .await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "INVALID_ARGUMENTS");
        assert!(message.contains("name"), "{message}");
    }
}

/// no form for who cannot ask.
#[tokio::test]
async fn no_form_for_who_cannot_ask() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Unsupported,
                era,
                "test_input_required_result_elicitation",
                json!({}),
            )
            .await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "INVALID_ARGUMENTS");
        assert!(message.contains("name"), "{message}");
    }
}

/// one form after the other.
#[tokio::test]
async fn one_form_after_the_other() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Forms(
                    json!({ "name": { "name": "Ada" }, "color": { "color": "green" } }),
                ),
                era,
                "test_input_required_result_multi_round",
                json!({}),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let text = support::text(&result);
        assert!(text.contains("Ada likes green"), "{text}");
        let result = server
            .call_replying(
                support::Reply::Forms(json!({ "color": { "color": "blue" } })),
                era,
                "test_input_required_result_multi_round",
                json!({ "name": "Ada" }),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let text = support::text(&result);
        assert!(text.contains("Ada likes blue"), "{text}");
        let result = server
            .call_replying(
                support::Reply::Forms(
                    json!({ "name": { "name": "Ada" }, "color": "decline" }),
                ),
                era,
                "test_input_required_result_multi_round",
                json!({}),
            )
            .await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "CONFIRMATION_DECLINED");
        assert!(message.contains("declined"), "{message}");
        let result = server
            .call_replying(
                support::Reply::Forms(json!({ "name": "cancel" })),
                era,
                "test_input_required_result_multi_round",
                json!({}),
            )
            .await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "CONFIRMATION_DECLINED");
        assert!(message.contains("dismissed"), "{message}");
    }
}

/// a prompt with a form.
#[tokio::test]
async fn a_prompt_with_a_form() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let found = server
            .prompt_replying(
                support::Reply::Forms(json!({ "context": { "context": "tea" } })),
                era,
                "test_input_required_result_prompt",
                json!({}),
            )
            .await
            .expect("an answer");
        let text = serde_json::to_string(&found.messages).expect("JSON");
        assert!(text.contains("The context is tea."), "{text}");
        let error = server
            .prompt_replying(
                support::Reply::Forms(json!({ "context": "decline" })),
                era,
                "test_input_required_result_prompt",
                json!({}),
            )
            .await
            .expect_err("an error");
        assert_eq!(
            error.data.as_ref().map(| data | & data["type"]), Some(&
            json!("CONFIRMATION_DECLINED")), "{error:?}"
        );
    }
}

/// a confirmation.
#[tokio::test]
async fn a_confirmation() {
    for era in &support::eras() {
        let server = Fixture::new(crate::SEED).await;
        let result = server
            .call_replying(
                support::Reply::Accept,
                era,
                "test_missing_capability",
                json!({}),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let text = support::text(&result);
        assert!(text.contains("It went on."), "{text}");
    }
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
