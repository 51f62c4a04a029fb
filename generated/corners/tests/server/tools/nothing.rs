//! `nothing`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("nothing", json!({ "whatever": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}
