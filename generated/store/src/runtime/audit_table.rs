//! Lines in a table of the database. The line of a change is kept by the change's own transaction, so
//! that neither is there without the other; all others come by a task of their own.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::audit::{self, Call};
use super::audit::{Audit, Health, Line, Message};
use super::database::Session;
use super::database::{Database, Statement};
use super::failure::Failure;
use super::failure::Kind;

/// The most lines of one transaction.
const MOST: usize = 64;

/// How long a transaction of lines may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The longest pause before the database is tried again.
const PAUSE: Duration = Duration::from_secs(5);

impl Audit {
    /// Inserts lines as they come.
    pub fn insert_into(&self, database: Arc<Database>) {
        let Some(mut queue) = self.take_queue() else { return };
        let (health, sql) = (self.health(), self.rules().table);
        tokio::spawn(async move {
            let mut messages = Vec::new();
            while queue.recv_many(&mut messages, MOST).await > 0 {
                let mut lines: Vec<Line> = Vec::new();
                let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
                for message in messages.drain(..) {
                    match message {
                        Message::Line(line) => lines.push(*line),
                        Message::Flush(done) => waiting.push(done),
                    }
                }
                if !lines.is_empty() {
                    keep(&database, sql, &lines, &health).await;
                }
                for done in waiting {
                    // Whoever waited may be gone.
                    let _ = done.send(());
                }
            }
        });
    }
}

/// Keeps lines, as soon as the database takes them.
async fn keep(database: &Database, sql: &'static str, lines: &[Line], health: &Health) {
    let mut pause = Duration::from_millis(100);
    loop {
        health.begins();
        match insert(database, sql, lines).await {
            Ok(()) => return health.ended(None),
            Err(failure) if failure.retryable => {
                tracing::warn!(lines = lines.len(), "lines of the audit wait for the database");
                health.waits();
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE);
            }
            Err(_) => break,
        }
    }
    // Not all of them are to be lost for one that the table does not take.
    for line in lines {
        let inserted = insert(database, sql, std::slice::from_ref(line)).await;
        health.ended(inserted.as_ref().err().map(|failure| &failure.message as _));
    }
}

async fn insert(database: &Database, sql: &'static str, lines: &[Line]) -> Result<(), Failure> {
    let mut session = database.write(TIMEOUT).await?;
    for line in lines {
        session.affected(statement(sql, line)).await?;
    }
    session.commit().await
}

/// Puts the line of the call that runs into its transaction, if it is one that changes anything.
///
/// # Errors
/// The line cannot be kept, and so nothing may be.
pub async fn kept(session: &mut Session) -> Result<Option<Arc<Call>>, Failure> {
    let Some((call, line)) = audit::changing() else { return Ok(None) };
    let inserted = session.affected(statement(call.rules().table, &line)).await;
    match inserted {
        Ok(_) => Ok(Some(call)),
        // All of it will be done again.
        Err(failure) if matches!(failure.kind, Kind::SerializationFailure | Kind::Deadlock) => {
            Err(failure)
        }
        Err(_) => Err(Failure::new(Kind::AuditUnavailable, audit::UNAVAILABLE)),
    }
}

/// The statement with a line bound to it, in the order of its columns.
fn statement<'l>(sql: &'static str, line: &'l Line) -> Statement<'l> {
    let time = line.time.clone();
    let number = |count: Option<u64>| count.map(|count| count.to_string());
    let statement = sqlx::query(sql)
        .bind(time)
        .bind(line.client.as_deref())
        .bind(line.address.as_deref())
        .bind(line.transport)
        .bind(line.session.as_deref())
        .bind(line.method.as_deref())
        .bind(line.name.as_deref());
    let statement = statement.bind(line.arguments.as_ref().map(ToString::to_string));
    statement
        .bind(line.outcome.word())
        .bind(line.error_type.as_deref())
        .bind(number(line.rows))
        .bind(number(line.bytes))
        .bind(line.duration_ms.to_string())
        .bind(line.request_id.as_str())
        .bind(line.trace_id.as_deref())
}
