//! Cursors of pages: opaque, signed, and good for one question only.

use serde::Serialize;
use serde_json::Value;

use super::failure::{Failure, Kind};
pub use super::position::Position;
use super::secret::Signer;

/// What cursors are signed for.
const PURPOSE: &str = "cursor";

/// The cursor of a position. `question` is what it is good for: the tool, the order and the
/// arguments.
pub fn sign(signer: &Signer, question: &str, position: Position) -> String {
    let values = Value::Array(position.into_values()).to_string();
    signer.sign(PURPOSE, question, values.as_bytes())
}

/// The position of a cursor that was signed for the same question.
pub fn position(signer: &Signer, question: &str, cursor: &str) -> Result<Position, Failure> {
    let values = signer.open(PURPOSE, question, cursor);
    let values = values.and_then(|values| serde_json::from_slice(&values).ok());
    values.map(Position::from_values).ok_or_else(|| {
        let mut failure = Failure::new(
            Kind::InvalidArguments,
            "`cursor` is not one of this tool for these arguments.",
        );
        failure.suggestions = vec![
            "Pass next_cursor back unchanged, with the same arguments, or start without a cursor"
                .to_owned(),
        ];
        failure
    })
}

/// What a cursor is good for: the tool and its arguments as they were read, without what changes
/// from page to page.
pub fn question<T: Serialize>(tool: &str, params: &T) -> Result<String, Failure> {
    let params = serde_json::to_string(params).map_err(|error| Failure::unknown(&error))?;
    Ok(format!("{tool}?{params}"))
}
