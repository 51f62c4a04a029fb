//! What is written of calls.

use crate::runtime::audit::{Members, Rules, Shown};

/// What lines say.
pub static RULES: Rules = Rules {
    required: changes,
    arguments: written,
};

/// Whether a tool changes anything.
fn changes(tool: &str) -> bool {
    matches!(tool, "create_user" | "update_user" | "transfer_role")
}

/// What is written of the arguments of a tool or a prompt.
fn written(method: &str, name: &str) -> Members {
    match (method, name) {
        ("tools/call", "query_users") => {
            &[
                (
                    "filters",
                    Shown::Members(
                        &[
                            ("role", Shown::Whole),
                            ("active", Shown::Whole),
                            ("created_after", Shown::Whole),
                        ],
                    ),
                ),
                ("limit", Shown::Whole),
                ("offset", Shown::Whole),
            ]
        }
        ("tools/call", "create_user") => {
            &[("email", Shown::Redacted), ("name", Shown::Whole), ("role", Shown::Whole)]
        }
        ("tools/call", "get_user") => &[("id", Shown::Whole), ("email", Shown::Redacted)],
        ("tools/call", "list_users") => {
            &[
                ("sort", Shown::Whole),
                ("cursor", Shown::Redacted),
                ("page_size", Shown::Whole),
            ]
        }
        ("tools/call", "update_user") => {
            &[
                ("id", Shown::Whole),
                ("name", Shown::Whole),
                ("role", Shown::Whole),
                ("active", Shown::Whole),
            ]
        }
        ("tools/call", "transfer_role") => {
            &[("from_id", Shown::Whole), ("to_id", Shown::Whole)]
        }
        ("prompts/get", "review_role") => &[("role", Shown::Whole)],
        _ => &[],
    }
}
