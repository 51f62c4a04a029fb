//! `test_elicitation_sep1330_enums`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
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
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value2"],
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// `untitledSingle` at the edge of its `required`.
#[tokio::test]
async fn untitled_single_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "titledMulti": ["value1"],
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
            }),
            "untitledSingle",
        )
        .await;
}

/// `untitledSingle` at the edge of its `type`.
#[tokio::test]
async fn untitled_single_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": ["not", "a", "value"],
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
            "untitledSingle",
        )
        .await;
}

/// `untitledSingle` at the edge of its `enum`.
#[tokio::test]
async fn untitled_single_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option3",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
        )
        .await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "none of these",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
            "untitledSingle",
        )
        .await;
}

/// `titledSingle` at the edge of its `required`.
#[tokio::test]
async fn titled_single_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledMulti": ["value1"],
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
            }),
            "titledSingle",
        )
        .await;
}

/// `titledSingle` at the edge of its `type`.
#[tokio::test]
async fn titled_single_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": ["not", "a", "value"],
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
            "titledSingle",
        )
        .await;
}

/// `titledSingle` at the edge of its `enum`.
#[tokio::test]
async fn titled_single_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value3",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
        )
        .await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "none of these",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
            "titledSingle",
        )
        .await;
}

/// `legacyEnum` at the edge of its `required`.
#[tokio::test]
async fn legacy_enum_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "titledMulti": ["value1"],
                "untitledMulti": ["option1"],
            }),
            "legacyEnum",
        )
        .await;
}

/// `legacyEnum` at the edge of its `type`.
#[tokio::test]
async fn legacy_enum_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": ["not", "a", "value"],
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
            "legacyEnum",
        )
        .await;
}

/// `legacyEnum` at the edge of its `enum`.
#[tokio::test]
async fn legacy_enum_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt3",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
        )
        .await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "none of these",
                "untitledMulti": ["option1"],
                "titledMulti": ["value1"],
            }),
            "legacyEnum",
        )
        .await;
}

/// `untitledMulti` at the edge of its `required`.
#[tokio::test]
async fn untitled_multi_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "titledMulti": ["value1"],
            }),
            "untitledMulti",
        )
        .await;
}

/// `untitledMulti` at the edge of its `type`.
#[tokio::test]
async fn untitled_multi_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": 7,
                "titledMulti": ["value1"],
            }),
            "untitledMulti",
        )
        .await;
}

/// `titledMulti` at the edge of its `required`.
#[tokio::test]
async fn titled_multi_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
            }),
            "titledMulti",
        )
        .await;
}

/// `titledMulti` at the edge of its `type`.
#[tokio::test]
async fn titled_multi_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1330_enums",
            json!({
                "untitledSingle": "option1",
                "titledSingle": "value1",
                "legacyEnum": "opt1",
                "untitledMulti": ["option1"],
                "titledMulti": 7,
            }),
            "titledMulti",
        )
        .await;
}
