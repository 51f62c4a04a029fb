//! Who may call what.

use std::time::Duration;

use crate::runtime::auth;
use crate::runtime::auth::{Needs, Scope};

/// How callers are known, and what they may do.
pub static RULES: auth::Rules = auth::Rules {
    scopes: &[
        Scope {
            name: "users:read",
            includes: &[],
        },
        Scope {
            name: "users:write",
            includes: &["users:read"],
        },
        Scope {
            name: "users:admin",
            includes: &[],
        },
    ],
    needs,
    api_keys: "USERS_API_KEYS",
    jwt: auth::Jwt {
        issuer: "${OIDC_ISSUER}",
        audience: "${OIDC_AUDIENCE}",
        algorithms: &["RS256", "ES256"],
        skew: Duration::from_secs(30),
    },
};

/// What is asked for everything else: there are things for anybody.
const OTHERS: Needs = Needs::Nothing;

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
        "query_users" | "get_user" | "list_users" => Needs::Scopes(&["users:read"]),
        "create_user" | "update_user" => Needs::Scopes(&["users:write"]),
        "transfer_role" => Needs::Scopes(&["users:admin"]),
        _ => OTHERS,
    }
}

/// What a resource asks of its callers.
pub fn resource(uri: &str) -> Needs {
    match uri {
        crate::resources::users_schema::URI => Needs::Nothing,
        crate::resources::api_docs::URI => Needs::Nothing,
        _ if crate::runtime::uri::matched(crate::resources::user::URI, uri).is_some() => {
            Needs::Scopes(&["users:read"])
        }
        _ => OTHERS,
    }
}

/// What a prompt asks of its callers.
pub fn prompt(name: &str) -> Needs {
    match name {
        "review_role" => Needs::Scopes(&["users:read"]),
        _ => OTHERS,
    }
}
