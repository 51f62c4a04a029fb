//! Errors as clients see them.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;

use super::codes;

/// What went wrong, as a client sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The arguments are not what the tool takes.
    InvalidArguments,
    /// There is no row where one must be.
    RecordNotFound,
    /// A value that must be unique is there already.
    UniqueConstraintViolation,
    /// A row that is referred to does not exist, or is still referred to.
    ForeignKeyViolation,
    /// A value is missing.
    NotNullViolation,
    /// A value is not allowed.
    CheckViolation,
    /// Another transaction came between; the database undid this one.
    SerializationFailure,
    /// This transaction and another waited for each other; the database undid this one.
    Deadlock,
    /// The statement took too long.
    Timeout,
    /// The database cannot be reached.
    ConnectionError,
    /// Every connection is busy.
    PoolExhausted,
    /// The database, or what the caller may do, does not allow it.
    PermissionDenied,
    /// More rows than the answer takes.
    ResultTooLarge,
    /// What changes something cannot be written down, and was not done.
    AuditUnavailable,
    /// Anything else; the log has the details.
    UnknownError,
}

/// An error on its way to a client.
///
/// It never holds SQL, a value of the database or a driver's message: those go to the log.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// One sentence that a model can act on.
    pub message: String,
    /// What to try instead.
    pub suggestions: Vec<String>,
    /// Whether the same call may work later.
    pub retryable: bool,
    /// In how many seconds it may work.
    pub retry_after: Option<u64>,
    /// Under which id the log has the details.
    pub request_id: String,
}

impl Failure {
    /// A failure with a message.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        let retryable = matches!(kind, Kind::Timeout | Kind::ConnectionError | Kind::PoolExhausted);
        let retryable = retryable || matches!(kind, Kind::SerializationFailure | Kind::Deadlock);
        let retryable = retryable || kind == Kind::AuditUnavailable;
        Self {
            kind,
            message: message.into(),
            suggestions: Vec::new(),
            retryable,
            retry_after: None,
            request_id: request_id(),
        }
    }

    /// No row where one must be.
    pub fn not_found() -> Self {
        Self::new(Kind::RecordNotFound, "No record was found for these arguments.")
    }

    /// Something that only the log says more about.
    pub fn unknown(details: &dyn fmt::Display) -> Self {
        let failure = Self::new(
            Kind::UnknownError,
            "The request failed; the server's log says more under this request id.",
        );
        tracing::error!(request_id = failure.request_id, %details, "request failed");
        failure
    }

    /// The same failure, of which it is known in how many seconds the same call may work.
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same failure in the words of the spec.
    pub fn worded(mut self, kind: Kind, message: &str, suggestions: &[&str]) -> Self {
        if self.kind == kind {
            message.clone_into(&mut self.message);
            self.suggestions = suggestions.iter().map(|&text| text.to_owned()).collect();
        }
        self
    }

    /// The result of a tool call that failed.
    pub fn into_result(self) -> CallToolResult {
        tracing::info!(request_id = self.request_id, kind = ?self.kind, "a call was refused");
        /// The structured part of an error.
        #[derive(Serialize)]
        struct Body<'f> {
            r#type: Kind,
            message: &'f str,
            retryable: bool,
            suggestions: &'f [String],
            #[serde(skip_serializing_if = "Option::is_none")]
            backoff: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            retry_after: Option<u64>,
            request_id: &'f str,
        }
        let body = Body {
            r#type: self.kind,
            message: &self.message,
            retryable: self.retryable,
            suggestions: &self.suggestions,
            backoff: self.retryable.then_some("exponential"),
            retry_after: self.retry_after,
            request_id: &self.request_id,
        };
        let mut text = self.message.clone();
        for suggestion in &self.suggestions {
            text.push_str("\n- ");
            text.push_str(suggestion);
        }
        let mut result = CallToolResult::error(vec![ContentBlock::text(text)]);
        result.structured_content = serde_json::to_value(body).ok();
        result
    }
}

impl From<Failure> for rmcp::ErrorData {
    /// Where the protocol has no result that says what went wrong: resources, prompts, completions.
    fn from(failure: Failure) -> Self {
        let data = serde_json::json!({
            "type": failure.kind,
            "retryable": failure.retryable,
            "request_id": failure.request_id,
        });
        let data = {
            let mut data = data;
            if let Some(seconds) = failure.retry_after {
                data["retry_after"] = seconds.into();
            }
            data
        };
        match failure.kind {
            Kind::RecordNotFound => Self::resource_not_found(failure.message, Some(data)),
            Kind::InvalidArguments => Self::invalid_params(failure.message, Some(data)),
            Kind::SerializationFailure | Kind::Deadlock => {
                Self::internal_error(failure.message, Some(data))
            }
            Kind::AuditUnavailable => Self::internal_error(failure.message, Some(data)),
            Kind::UniqueConstraintViolation
            | Kind::ForeignKeyViolation
            | Kind::NotNullViolation
            | Kind::CheckViolation
            | Kind::Timeout
            | Kind::ConnectionError
            | Kind::PoolExhausted
            | Kind::PermissionDenied
            | Kind::ResultTooLarge
            | Kind::UnknownError => Self::internal_error(failure.message, Some(data)),
        }
    }
}

impl From<sqlx::Error> for Failure {
    /// Says what went wrong without saying how: the codes of the engine decide.
    fn from(error: sqlx::Error) -> Self {
        // The answer is not what the tool promises: whoever runs the server must know, and a client
        // too, since the same call fails again.
        if let sqlx::Error::ColumnDecode { source, .. } = &error
            && let Some(found) = source.downcast_ref::<Mismatch>()
        {
            let message = format!("The database does not hold what was expected of it: {found}.");
            let failure = Self::new(Kind::UnknownError, message);
            tracing::error!(request_id = failure.request_id, %error, "request failed");
            return failure;
        }
        let class = match &error {
            sqlx::Error::Database(database) => codes::class(database.as_ref()),
            sqlx::Error::PoolTimedOut => Some((Kind::PoolExhausted, EXHAUSTED)),
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Some((Kind::ConnectionError, LOST))
            }
            _ => None,
        };
        let Some((kind, message)) = class else { return Self::unknown(&error) };
        let failure = Self::new(kind, message);
        if kind == Kind::UnknownError {
            tracing::error!(request_id = failure.request_id, %error, "request failed");
        } else {
            tracing::warn!(request_id = failure.request_id, %error, ?kind, "request failed");
        }
        failure
    }
}

/// A column that does not hold what was said of it. Its name and its type are in the message, and
/// never its value.
#[derive(Debug)]
pub struct Mismatch(pub String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

/// What a client hears when every connection is taken.
pub const EXHAUSTED: &str = "Every database connection is busy; try again in a moment.";

/// What a client hears when the tables are not those that the statements were checked against.
pub const CHANGED: &str = "The database was changed since this server was built: a table, a column \
                           or a type is not there; the server must be built again.";

/// What a client hears when the database is away.
pub const LOST: &str = "The connection to the database is lost; try again in a moment.";

/// An id for a call, which all that is said of it has.
pub(super) fn call_id() -> String {
    request_id()
}

/// An id that is unique for this process and hard to mistake for another's.
fn request_id() -> String {
    if let Some(id) = super::audit::request_id() {
        return id;
    }
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{number:x}", now.as_millis())
}
