//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// names that are words of Rust.
#[tokio::test]
async fn names_that_are_words_of_rust() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "input",
            json!({ "fields": "one", "session": null, "type": "fn", "sort": "-self" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 3,
            "output": [{ "self": 3, "type": "self" }, { "self": 2 }, { "self": 1 }],
            "type": "fn",
            "arguments": { "fields": "one", "session": null },
        }),
    );
}

/// null is a value.
#[tokio::test]
async fn null_is_a_value() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "input",
            json!({ "fields": "one", "session": "x", "params": null }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 1, "arguments": { "params": null } }),
    );
}

/// counts.
#[tokio::test]
async fn counts() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("types", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "value": 3 }));
}

/// steps see one another.
#[tokio::test]
async fn steps_see_one_another() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("rows", json!({ "id": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "session": { "id": 1, "moment": "2024-02-29T12:30:00Z" },
            "output": [{ "id": 1 }],
            "shared": { "self": "one" },
        }),
    );
}

/// every kind comes back as it went in.
#[tokio::test]
async fn every_kind_comes_back_as_it_went_in() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "every_kind",
            json!({
                "day": "2024-01-02",
                "hour": "07:08:09",
                "moment": "2024-01-02T05:04:05+02:00",
                "token": "6F0A3C5E-8F43-4C8B-9D5E-0A1B2C3D4E5F",
                "amount": "-3.10",
                "payload": "aGVsbG8=",
                "extra": "{\"a\":[1]}",
                "ratio": 2000,
                "ready": "true",
                "level": 3,
                "small": 5,
                "where": { "x": 2, "y": 1 },
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "thing": {
                "id": 4,
                "day": "2024-01-02",
                "hour": "07:08:09",
                "moment": "2024-01-02T03:04:05Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "-3.1",
                "payload": "aGVsbG8=",
                "extra": { "a": [1] },
                "ratio": 500,
                "ready": true,
            },
        }),
    );
}

/// a list of moments.
#[tokio::test]
async fn a_list_of_moments() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "lists",
            json!({ "flags": [true], "moments": ["2024-02-29T13:30:00+01:00"] }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "things": [{ "id": 1, "ready": true }] }),
    );
    let text = support::text(&result);
    assert!(text.contains("1 things"), "{text}");
}

/// a list of days.
#[tokio::test]
async fn a_list_of_days() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("lists", json!({ "flags": [true, false], "days": ["2024-03-01"] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "things": [{ "id": 3 }] }));
}

/// one of two lists.
#[tokio::test]
async fn one_of_two_lists() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("lists", json!({ "flags": [true], "days": [], "moments": null }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "INVALID_ARGUMENTS");
    assert!(message.contains("at most one"), "{message}");
}

/// deletes nothing.
#[tokio::test]
async fn deletes_nothing() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("forget", json!({ "id": 99 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "affected": 0 }));
}

/// deletes one.
#[tokio::test]
async fn deletes_one() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("forget", json!({ "id": 2 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "affected": 1 }));
}

/// a bounded list.
#[tokio::test]
async fn a_bounded_list() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("nothing", json!({ "whatever": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "things": [{ "id": 1 }, { "id": 2 }], "truncated": true }),
    );
}

/// a table and the rest.
#[tokio::test]
async fn a_table_and_the_rest() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("as_markdown", json!({ "most": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let text = support::text(&result);
    assert!(
        text
        .contains(r#"| id | table | extra | hour |
| --- | --- | --- | --- |
| 1 | a | {"k":[1,2]} | 12:30:00 |
"#),
        "{text}"
    );
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([{ "type": "text" }, { "type": "text", "text": "{\"count\":1}" }]),
    );
}

/// values with commas.
#[tokio::test]
async fn values_with_commas() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("as_csv", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let text = support::text(&result);
    assert!(
        text
        .contains(r#"id,self,ratio,blank,quoted
1,one,0.5,"","a ""b"", c"
2,two,,"","a ""b"", c"
"#),
        "{text}"
    );
}

/// no row is a header.
#[tokio::test]
async fn no_row_is_a_header() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("csv", json!({ "id": 99 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "markdown": null }));
    let text = support::text(&result);
    assert!(text.contains(r"self
"), "{text}");
}

/// blocks for each row.
#[tokio::test]
async fn blocks_for_each_row() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("blocks", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 3,
            "rows": [{ "id": 1, "self": "one", "output": "a" }, { "id": 2 }, { "id": 3 }],
        }),
    );
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([
            {
                "type": "text",
                "text": "3 things",
                "annotations": { "audience": ["assistant"], "priority": 0.5 },
            },
            { "type": "image", "data": "aGVsbG8=", "mimeType": "image/one" },
            {
                "type": "audio",
                "data": "aGVsbG8=",
                "mimeType": "audio/wav",
                "annotations": { "audience": ["user"] },
            },
            {
                "type": "resource",
                "resource": {
                    "uri": "corners://1/payload",
                    "mimeType": "application/octet-stream",
                    "blob": "aGVsbG8=",
                },
            },
            {
                "type": "resource",
                "resource": {
                    "uri": "corners://1/self",
                    "mimeType": "text/markdown",
                    "text": "# one",
                },
            },
            {
                "type": "resource_link",
                "uri": "corners://1",
                "name": "one",
                "title": "Thing 1",
                "mimeType": "application/json",
            },
            { "type": "resource", "resource": { "text": "# two" } },
            { "type": "resource_link", "uri": "corners://2" },
            { "type": "image", "mimeType": "image/three" },
            { "type": "audio" },
            { "type": "resource", "resource": { "blob": "" } },
            { "type": "resource", "resource": { "text": "# three" } },
            { "type": "resource_link", "name": "three" },
            { "type": "text", "text": "the end" },
        ]),
    );
}

/// a block and a link.
#[tokio::test]
async fn a_block_and_a_link() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("block", json!({ "id": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "row": { "self": "one" } }));
    let content = serde_json::to_value(&result.content).expect("JSON");
    support::assert_subset(
        &content,
        &json!([
            { "type": "image", "data": "iVBORw==" },
            { "type": "resource_link", "description": "All of them." },
        ]),
    );
}

/// a fixed resource goes first.
#[tokio::test]
async fn a_fixed_resource_goes_first() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("corners://fixed").await.expect("an answer");
    let text = found;
    assert!(text.contains("with \"quotes\""), "{text}");
}

/// a resource that is templated.
#[tokio::test]
async fn a_resource_that_is_templated() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("corners://3").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(&value, &json!({ "row": { "type": "self" } }));
}

/// a list of days as a resource.
#[tokio::test]
async fn a_list_of_days_as_a_resource() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("corners://all/days").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({ "rows": [{ "day": "2024-02-29" }, { "day": "2024-03-01" }] }),
    );
}

/// a prompt with data.
#[tokio::test]
async fn a_prompt_with_data() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.prompt("cursor", json!({})).await.expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("3 things for None: one two three"), "{text}");
}
