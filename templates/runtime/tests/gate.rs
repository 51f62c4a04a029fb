//! Who is not let in is counted: the front answers before a handler could. No engine matters to that.
#![cfg(feature = "sqlite")]

use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use mcpgen_runtime::audit::{self, Audit};
use mcpgen_runtime::auth::{Asked, Auth, Caller, Jwt, Needs, Rules, Scope};
use mcpgen_runtime::database::{Database, Settings};
use mcpgen_runtime::gate::Gate;
use mcpgen_runtime::metrics::Metrics;

/// What is written of calls.
static AUDIT: audit::Rules =
    audit::Rules { required: |_| false, arguments: |_, _| &[], table: "", uris: |_| None };

/// Everything needs a scope, and nothing is set up.
static RULES: Rules = Rules {
    scopes: &[Scope { name: "things", includes: &[] }],
    needs: |_, _| Needs::Scopes(&["things"]),
    claims: &[],
    api_keys: "MCPGEN_TEST_KEYS",
    jwt: Jwt {
        issuer: "${MCPGEN_TEST_NONE}",
        audience: "${MCPGEN_TEST_NONE}",
        algorithms: &[],
        skew: Duration::ZERO,
    },
    introspection: Asked {
        issuer: "${MCPGEN_TEST_NONE}",
        url: "${MCPGEN_TEST_NONE}",
        client_id: "${MCPGEN_TEST_NONE}",
        client_secret: "${MCPGEN_TEST_NONE}",
        audience: "${MCPGEN_TEST_NONE}",
        cache: Duration::ZERO,
    },
};

#[tokio::test]
async fn who_is_refused_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        url: format!("sqlite:{}", folder.path().join("gate.db").display()),
        max_connections: 1,
        min_connections: 0,
        acquire_timeout: Duration::from_secs(1),
        idle_timeout: Duration::from_secs(1),
    };
    let database = Arc::new(Database::connect(settings).expect("a URL"));
    let tool = serde_json::json!({ "name": "count", "inputSchema": { "type": "object" } });
    let tools = [serde_json::from_value(tool).expect("a tool")];
    let audit = Audit::new(&AUDIT);
    let metrics = Metrics::new(&database, &audit, &tools, Vec::new());
    let auth = Arc::new(Auth::from_environment(&RULES).expect("nothing is set up"));
    let gate = Gate::new(auth, None, Arc::clone(&metrics));

    let mut parts = Request::new(()).into_parts().0;
    let mut ask = |caller: Option<Caller>, body: &str| {
        parts.extensions.insert(Arc::new(caller.unwrap_or_default()));
        gate.refusal(&parts, body.as_bytes(), None).map(|refused| refused.status().as_u16())
    };
    let call = |name: &str| format!(r#"{{"method":"tools/call","params":{{"name":"{name}"}}}}"#);
    let lacks = || Some(Caller::new(&RULES, "lacks", &[]));
    assert_eq!(ask(None, &call("count")), Some(401));
    assert_eq!(ask(lacks(), &call("count")), Some(403));
    assert_eq!(ask(lacks(), &call("no_such_tool")), Some(403));
    assert_eq!(ask(None, r#"{"method":"made/up"}"#), Some(401));
    assert_eq!(ask(Some(Caller::new(&RULES, "has", &["things"])), &call("count")), None);

    let text = metrics.text(0).expect("a text");
    for line in [
        r#"mcp_errors_total{method="tools/call",error_type="UNAUTHENTICATED"} 1"#,
        r#"mcp_errors_total{method="tools/call",error_type="PERMISSION_DENIED"} 2"#,
        r#"mcp_errors_total{method="other",error_type="UNAUTHENTICATED"} 1"#,
        r#"mcp_tool_executions_total{tool_name="count",status="error"} 2"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("made/up") && !text.contains("no_such_tool"), "{text}");
}
