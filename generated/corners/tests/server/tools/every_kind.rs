//! `every_kind`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
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
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
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
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// `day` at the edge of its `required`.
#[tokio::test]
async fn day_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "ready": true,
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
            }),
            "day",
        )
        .await;
}

/// `day` at the edge of its `type`.
#[tokio::test]
async fn day_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": ["not", "a", "value"],
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "day",
        )
        .await;
}

/// `day` at the edge of its `format`.
#[tokio::test]
async fn day_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "not in the format",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "day",
        )
        .await;
}

/// `hour` at the edge of its `required`.
#[tokio::test]
async fn hour_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "ready": true,
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
            }),
            "hour",
        )
        .await;
}

/// `hour` at the edge of its `type`.
#[tokio::test]
async fn hour_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": ["not", "a", "value"],
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "hour",
        )
        .await;
}

/// `hour` at the edge of its `format`.
#[tokio::test]
async fn hour_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "not in the format",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "hour",
        )
        .await;
}

/// `moment` at the edge of its `required`.
#[tokio::test]
async fn moment_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "ready": true,
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
            }),
            "moment",
        )
        .await;
}

/// `moment` at the edge of its `type`.
#[tokio::test]
async fn moment_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": ["not", "a", "value"],
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "moment",
        )
        .await;
}

/// `moment` at the edge of its `format`.
#[tokio::test]
async fn moment_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "not in the format",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "moment",
        )
        .await;
}

/// `token` at the edge of its `required`.
#[tokio::test]
async fn token_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "ready": true,
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
            }),
            "token",
        )
        .await;
}

/// `token` at the edge of its `type`.
#[tokio::test]
async fn token_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": ["not", "a", "value"],
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "token",
        )
        .await;
}

/// `token` at the edge of its `format`.
#[tokio::test]
async fn token_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "not in the format",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "token",
        )
        .await;
}

/// `amount` at the edge of its `required`.
#[tokio::test]
async fn amount_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ready": true,
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
            }),
            "amount",
        )
        .await;
}

/// `amount` at the edge of its `type`.
#[tokio::test]
async fn amount_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": ["not", "a", "value"],
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "amount",
        )
        .await;
}

/// `amount` at the edge of its `format`.
#[tokio::test]
async fn amount_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "not in the format",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "amount",
        )
        .await;
}

/// `payload` at the edge of its `required`.
#[tokio::test]
async fn payload_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "ready": true,
                "extra": "{}",
                "ratio": 0.25,
            }),
            "payload",
        )
        .await;
}

/// `payload` at the edge of its `type`.
#[tokio::test]
async fn payload_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": ["not", "a", "value"],
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
            "payload",
        )
        .await;
}

/// `extra` at the edge of its `required`.
#[tokio::test]
async fn extra_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "ready": true,
                "ratio": 0.25,
            }),
            "extra",
        )
        .await;
}

/// `extra` at the edge of its `type`.
#[tokio::test]
async fn extra_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": ["not", "a", "value"],
                "ratio": 0.25,
                "ready": true,
            }),
            "extra",
        )
        .await;
}

/// `ratio` at the edge of its `required`.
#[tokio::test]
async fn ratio_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ready": true,
            }),
            "ratio",
        )
        .await;
}

/// `ratio` at the edge of its `type`.
#[tokio::test]
async fn ratio_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": ["not", "a", "value"],
                "ready": true,
            }),
            "ratio",
        )
        .await;
}

/// `ratio` at the edge of its `exclusiveMinimum`.
#[tokio::test]
async fn ratio_exclusive_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.0,
                "ready": true,
            }),
            "ratio",
        )
        .await;
}

/// `ratio` at the edge of its `multipleOf`.
#[tokio::test]
async fn ratio_multiple_of() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
            }),
        )
        .await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.375,
                "ready": true,
            }),
            "ratio",
        )
        .await;
}

/// `ready` at the edge of its `required`.
#[tokio::test]
async fn ready_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
            }),
            "ready",
        )
        .await;
}

/// `ready` at the edge of its `type`.
#[tokio::test]
async fn ready_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": ["not", "a", "value"],
            }),
            "ready",
        )
        .await;
}

/// `level` at the edge of its `type`.
#[tokio::test]
async fn level_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "level": ["not", "a", "value"],
            }),
            "level",
        )
        .await;
}

/// `level` at the edge of its `enum`.
#[tokio::test]
async fn level_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "level": 3,
            }),
        )
        .await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "level": 4,
            }),
            "level",
        )
        .await;
}

/// `small` at the edge of its `type`.
#[tokio::test]
async fn small_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "small": ["not", "a", "value"],
            }),
            "small",
        )
        .await;
}

/// `small` at the edge of its `minimum`.
#[tokio::test]
async fn small_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "small": -2147483648,
            }),
        )
        .await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "small": -2147483649_i64,
            }),
            "small",
        )
        .await;
}

/// `small` at the edge of its `maximum`.
#[tokio::test]
async fn small_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "small": 2147483647,
            }),
        )
        .await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "small": 2147483648_i64,
            }),
            "small",
        )
        .await;
}

/// `where` at the edge of its `type`.
#[tokio::test]
async fn where_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "where": 7,
            }),
            "where",
        )
        .await;
}

/// `where` at the edge of its `additionalProperties`.
#[tokio::test]
async fn where_additional_properties() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "where": { "x": 1.5, "not_a_property": 1 },
            }),
            "where",
        )
        .await;
}

/// `where.x` at the edge of its `required`.
#[tokio::test]
async fn where_x_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "where": {},
            }),
            "where.x",
        )
        .await;
}

/// `where.x` at the edge of its `type`.
#[tokio::test]
async fn where_x_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "where": { "x": ["not", "a", "value"] },
            }),
            "where.x",
        )
        .await;
}

/// `where.y` at the edge of its `type`.
#[tokio::test]
async fn where_y_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "where": { "x": 1.5, "y": ["not", "a", "value"] },
            }),
            "where.y",
        )
        .await;
}

/// `mail` at the edge of its `type`.
#[tokio::test]
async fn mail_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "mail": ["not", "a", "value"],
            }),
            "mail",
        )
        .await;
}

/// `mail` at the edge of its `format`.
#[tokio::test]
async fn mail_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "mail": "not in the format",
            }),
            "mail",
        )
        .await;
}

/// `host` at the edge of its `type`.
#[tokio::test]
async fn host_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "host": ["not", "a", "value"],
            }),
            "host",
        )
        .await;
}

/// `host` at the edge of its `format`.
#[tokio::test]
async fn host_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "host": "not in the format",
            }),
            "host",
        )
        .await;
}

/// `link` at the edge of its `type`.
#[tokio::test]
async fn link_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "link": ["not", "a", "value"],
            }),
            "link",
        )
        .await;
}

/// `link` at the edge of its `format`.
#[tokio::test]
async fn link_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "link": "not in the format",
            }),
            "link",
        )
        .await;
}

/// `four` at the edge of its `type`.
#[tokio::test]
async fn four_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "four": ["not", "a", "value"],
            }),
            "four",
        )
        .await;
}

/// `four` at the edge of its `format`.
#[tokio::test]
async fn four_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "four": "not in the format",
            }),
            "four",
        )
        .await;
}

/// `six` at the edge of its `type`.
#[tokio::test]
async fn six_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "six": ["not", "a", "value"],
            }),
            "six",
        )
        .await;
}

/// `six` at the edge of its `format`.
#[tokio::test]
async fn six_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "every_kind",
            json!({
                "day": "2024-02-29",
                "hour": "12:30:00",
                "moment": "2024-02-29T12:30:00Z",
                "token": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "amount": "12.50",
                "payload": "aGVsbG8=",
                "extra": "{}",
                "ratio": 0.25,
                "ready": true,
                "six": "not in the format",
            }),
            "six",
        )
        .await;
}
