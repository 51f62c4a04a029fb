//! What the server needs to be allowed to do: no more than it is.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// With one grant less, a call that needs it is refused, and the client hears no more than that.
#[tokio::test]
async fn each_grant_is_needed() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let calls: [(&str, &str, Value); 15] = [
        (
            "SELECT (number, name, kind, parent, currency, lowest, active, opened_on) ON accounts",
            "open_account",
            json!({
                "number": 1040,
                "name": "Savings",
                "kind": "asset",
                "parent": 1000,
                "lowest": "0",
                "opened_on": "2024-05-02",
            }),
        ),
        (
            "SELECT (number, name, kind, parent, currency, active, debit, credit, balance) ON balances",
            "cash_position",
            json!({}),
        ),
        (
            "SELECT (account, year, month, amount, note) ON budgets",
            "budget_report",
            json!({ "year": 2024, "month": 3 }),
        ),
        (
            "SELECT (id, period_id, entry_date, description, status) ON entries",
            "find_entries",
            json!({ "ids": [4, "12", 99] }),
        ),
        (
            "SELECT (id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total) ON journal",
            "label_entry",
            json!({ "id": 4, "labels": { "cost_centre": "south", "tags": ["checked"] } }),
        ),
        (
            "SELECT (id, entry_id, line, entry_date, description, reference, period_id, account, account_name, kind, currency, debit, credit, memo, effect) ON ledger_lines",
            "budget_report",
            json!({ "year": 2024, "month": 3 }),
        ),
        (
            "SELECT (id, code, starts_on, ends_on, closed_at) ON periods",
            "delete_drafts",
            json!({ "until": "2024-02-29" }),
        ),
        (
            "SELECT (id, entry_id, line, account, debit, credit, amount, memo) ON postings",
            "find_entries",
            json!({ "ids": [4, "12", 99] }),
        ),
        (
            "INSERT (number, name, kind, parent, currency, lowest, opened_on) ON accounts",
            "open_account",
            json!({
                "number": 1040,
                "name": "Savings",
                "kind": "asset",
                "parent": 1000,
                "lowest": "0",
                "opened_on": "2024-05-02",
            }),
        ),
        (
            "SELECT (metadata) ON entries",
            "label_entry",
            json!({ "id": 4, "labels": { "cost_centre": "south", "tags": ["checked"] } }),
        ),
        (
            "UPDATE (status, metadata, posted_at) ON entries",
            "label_entry",
            json!({ "id": 4, "labels": { "cost_centre": "south", "tags": ["checked"] } }),
        ),
        ("DELETE ON entries", "delete_drafts", json!({ "until": "2024-02-29" })),
        (
            "INSERT (code, starts_on, ends_on) ON periods",
            "open_period",
            json!({ "period": "2000-01" }),
        ),
        (
            "UPDATE (account) ON postings",
            "move_drafts",
            json!({ "from_account": 1000, "to_account": 1000 }),
        ),
        ("DELETE ON postings", "delete_lines", json!({ "id": 1 })),
    ];
    for (grant, tool, arguments) in calls {
        server.scratch.revoke(grant).await;
        let result = server.call(tool, arguments).await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "PERMISSION_DENIED", "{tool} without {grant}: {message}");
        assert_eq!(message, "The database does not allow this.");
        server.scratch.grant(grant).await;
    }
}
