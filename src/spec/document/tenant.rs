//! Tenants that share a database.

use schemars::JsonSchema;
use serde::Deserialize;

/// Tenants that share a database: whose a row is, and whose a caller is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The column that says whose a row is. A statement that meets a table with it is bound to the
    /// claim, or does not build.
    pub column: String,
    /// The claim of a caller's token or key that says whose the caller is.
    pub claim: String,
}
