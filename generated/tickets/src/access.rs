//! Who may call what.

use std::time::Duration;

use crate::runtime::auth;
use crate::runtime::auth::{Needs, Scope};

/// How callers are known, and what they may do.
pub static RULES: auth::Rules = auth::Rules {
    scopes: &[
        Scope {
            name: "tickets:read",
            includes: &[],
        },
        Scope {
            name: "tickets:write",
            includes: &["tickets:read"],
        },
        Scope {
            name: "tickets:admin",
            includes: &["tickets:read", "tickets:write"],
        },
    ],
    needs,
    claims: &["tenant", "sub"],
    api_keys: "TICKETS_API_KEYS",
    jwt: auth::Jwt {
        issuer: "${OIDC_ISSUER}",
        audience: "${OIDC_AUDIENCE}",
        algorithms: &["RS256", "ES256"],
        skew: Duration::from_secs(30),
    },
};

/// What is asked for everything else: to be known.
const OTHERS: Needs = Needs::Scopes(&[]);

/// What a method asks of its caller for a name or a URI.
pub fn needs(method: &str, subject: &str) -> Needs {
    match method {
        "tools/call" => tool(subject),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => {
            resource(subject)
        }
        "prompts/get" => prompt(subject),
        _ => OTHERS,
    }
}

/// What a tool asks of its callers.
pub fn tool(name: &str) -> Needs {
    match name {
        "find_tickets" | "list_tickets" | "get_ticket" | "count_open" => {
            Needs::Scopes(&["tickets:read"])
        }
        "open_ticket" | "comment" | "assign_ticket" | "close_ticket" => {
            Needs::Scopes(&["tickets:write"])
        }
        "hire_agent" | "delete_ticket" => Needs::Scopes(&["tickets:admin"]),
        _ => OTHERS,
    }
}

/// What a resource asks of its callers.
pub fn resource(uri: &str) -> Needs {
    match uri {
        _ if crate::runtime::uri::matched(crate::resources::ticket::URI, uri)
            .is_some() => Needs::Scopes(&["tickets:read"]),
        _ => OTHERS,
    }
}

/// What a prompt asks of its callers.
pub fn prompt(name: &str) -> Needs {
    match name {
        "answer_ticket" => Needs::Scopes(&["tickets:read"]),
        _ => OTHERS,
    }
}
