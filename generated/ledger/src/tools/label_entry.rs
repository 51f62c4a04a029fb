//! The tool `label_entry`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `labelled`.
const LABELLED_SQL: &str = "UPDATE entries SET metadata = JSON_MERGE_PATCH(metadata, ?) WHERE id = ?";

/// The statement of `result`.
const RESULT_SQL: &str = r"SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal WHERE id = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Id of an entry.
    pub id: u64,
    /// Labels of an entry.
    pub labels: types::Labels,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(types::entry_id(input)?.value));
        let labels = fields.required("labels", |input| Ok(types::labels(input)?.value));
        fields.finish(|| Some(Self { id: id?, labels: labels? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `labelled` answered.
    pub labelled: u64,
    /// What the step `result` answered.
    pub result: rows::Entry,
}

/// Merge labels into those of an entry; posted ones too.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such entry",
                        &["Find it with list_entries"],
                    )
            })?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let mut session = shared.database.write(left).await?;
    let labelled = session
        .affected(
            sqlx::query(LABELLED_SQL)
                .bind(value::json_text(&params.labels)?)
                .bind(params.id),
        )
        .await?;
    progress::step(1, 2, "labelled");
    let result = session
        .one(
            sqlx::query(RESULT_SQL).bind(params.id),
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(2, 2, "result");
    session.commit().await?;
    Ok(Output { labelled, result })
}
