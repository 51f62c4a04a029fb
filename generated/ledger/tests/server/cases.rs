//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// opens an account.
#[tokio::test]
async fn opens_an_account() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "open_account",
            json!({
                "number": 1040,
                "name": "Savings",
                "kind": "asset",
                "parent": 1000,
                "lowest": "0",
                "opened_on": "2024-05-02",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "opened": 1,
            "account": {
                "number": 1040,
                "kind": "asset",
                "parent": 1000,
                "currency": "EUR",
                "lowest": "0.0000",
                "active": true,
                "opened_on": "2024-05-02",
            },
        }),
    );
}

/// refuses a number that is taken.
#[tokio::test]
async fn refuses_a_number_that_is_taken() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "open_account",
            json!({ "number": 1020, "name": "Another bank", "kind": "asset" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("taken"), "{message}");
}

/// refuses a parent that is not there.
#[tokio::test]
async fn refuses_a_parent_that_is_not_there() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "open_account",
            json!({ "number": 1041, "name": "Orphan", "kind": "asset", "parent": 9999 }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    assert!(message.contains("no such parent"), "{message}");
}

/// lists accounts of some kinds.
#[tokio::test]
async fn lists_accounts_of_some_kinds() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_accounts",
            json!({ "kinds": ["income", "equity"], "currency": "EUR", "sort": "name" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "accounts": [
                { "name": "Capital" },
                { "name": "Consulting", "kind": "income" },
                { "name": "Sales of goods" },
            ],
            "next_cursor": null,
        }),
    );
}

/// lists closed accounts when they are wanted.
#[tokio::test]
async fn lists_closed_accounts_when_they_are_wanted() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("list_accounts", json!({ "words": "machines" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "accounts": [] }));
    let result = server
        .call(
            "list_accounts",
            json!({ "words": "MACHINES", "with_closed": true }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "accounts": [{ "number": 5900, "active": false }] }),
    );
}

/// lists accounts page by page.
#[tokio::test]
async fn lists_accounts_page_by_page() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("list_accounts", json!({ "page_size": 3, "sort": "-number" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "accounts": [{ "number": 5200 }, { "number": 5100 }, { "number": 5000 }] }),
    );
}

/// gets an account with its balance.
#[tokio::test]
async fn gets_an_account_with_its_balance() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("get_account", json!({ "name": "Bank" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "account": {
                "number": 1020,
                "currency": "EUR",
                "debit": "22380.0000",
                "credit": "7100.0000",
                "balance": "15280.0000",
            },
        }),
    );
}

/// says that there is no such account.
#[tokio::test]
async fn says_that_there_is_no_such_account() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("get_account", json!({ "number": 7777 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such account"), "{message}");
}

/// closes an account that is empty, and no other.
#[tokio::test]
async fn closes_an_account_that_is_empty_and_no_other() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("close_account", json!({ "number": 1020 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("not zero"), "{message}");
    let result = server.call("close_account", json!({ "number": 2000 })).await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    let result = server
        .call("delete_drafts", json!({ "until": "2024-04-30" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "deleted": 2 }));
    let result = server.call("close_account", json!({ "number": 2000 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "closed": 1, "account": { "active": false } }),
    );
}

/// adds up the parts of an account.
#[tokio::test]
async fn adds_up_the_parts_of_an_account() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "account_tree",
            json!({ "as_of": "2024-03-31", "kinds": ["asset"] }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "accounts": [
                { "number": 1000, "parts": 3, "balance": "15734.0450" },
                { "number": 1010, "parts": 0 },
                { "number": 1020, "balance": "15280.0000" },
                { "number": 1030, "currency": "USD", "balance": "1000.0000" },
                { "number": 1200 },
            ],
        }),
    );
}

/// posts an entry.
#[tokio::test]
async fn posts_an_entry() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Invoice to Initech",
                "reference": "INV-2024-003",
                "lines": [
                    { "account": 1200, "debit": "119" },
                    { "account": 4100, "credit": "100.00" },
                    { "account": 2100, "credit": "19", "memo": "19 %" },
                ],
                "labels": { "customer": "Initech" },
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "period": { "code": "2024-05" },
            "postings": 3,
            "posted": 1,
            "result": {
                "id": 14,
                "entry_date": "2024-05-06",
                "period": "2024-05",
                "status": "posted",
                "metadata": { "customer": "Initech" },
                "line_count": 3,
                "total": "119.0000",
            },
        }),
    );
    let result = server.call("get_entry", json!({ "id": 14 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "entry": { "reference": "INV-2024-003", "reverses_id": null },
            "lines": [
                {
                    "line": 1,
                    "name": "Receivables",
                    "debit": "119.0000",
                    "credit": "0.0000",
                    "memo": null,
                },
                {},
                { "account": 2100, "memo": "19 %" },
            ],
        }),
    );
}

/// an entry that does not balance leaves nothing behind.
#[tokio::test]
async fn an_entry_that_does_not_balance_leaves_nothing_behind() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Wrong",
                "lines": [
                    { "account": 1010, "debit": "10" },
                    { "account": 1020, "credit": "9.9999" },
                ],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("does not balance"), "{message}");
    let result = server
        .call("list_entries", json!({ "period": "2024-05" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "entries": [] }));
}

/// an entry has one currency.
#[tokio::test]
async fn an_entry_has_one_currency() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Exchange",
                "lines": [{ "account": 1020, "debit": "10" }, { "account": 1030, "credit": "10" }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("balance"), "{message}");
}

/// a line has one side.
#[tokio::test]
async fn a_line_has_one_side() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Both sides",
                "lines": [
                    { "account": 1020, "debit": "10", "credit": "10" },
                    { "account": 1010, "debit": "1", "credit": "1" },
                ],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("exactly one side"), "{message}");
}

/// a closed account takes no lines.
#[tokio::test]
async fn a_closed_account_takes_no_lines() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Fax",
                "lines": [{ "account": 5900, "debit": "10" }, { "account": 1010, "credit": "10" }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("closed"), "{message}");
}

/// an entry needs accounts that are there.
#[tokio::test]
async fn an_entry_needs_accounts_that_are_there() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Nowhere",
                "lines": [{ "account": 7777, "debit": "10" }, { "account": 1010, "credit": "10" }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    assert!(message.contains("no such account"), "{message}");
}

/// an entry needs an open period.
#[tokio::test]
async fn an_entry_needs_an_open_period() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "Too late",
                "lines": [{ "account": 1020, "debit": "10" }, { "account": 1010, "credit": "10" }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no open period"), "{message}");
}

/// a reference stands for one entry.
#[tokio::test]
async fn a_reference_stands_for_one_entry() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Again",
                "reference": "INV-2024-001",
                "lines": [{ "account": 1020, "debit": "10" }, { "account": 1010, "credit": "10" }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("reference"), "{message}");
}

/// an entry has two lines or more.
#[tokio::test]
async fn an_entry_has_two_lines_or_more() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "post_entry",
            json!({
                "day": "2024-05-06",
                "description": "Half",
                "lines": [{ "account": 1020, "debit": "10" }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "INVALID_ARGUMENTS");
    assert!(message.contains("lines"), "{message}");
}

/// drafts, then posts.
#[tokio::test]
async fn drafts_then_posts() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "draft_entry",
            json!({
                "day": "2024-05-31",
                "description": "Rent of May",
                "lines": [
                    { "account": 5000, "debit": "1200" },
                    { "account": 1020, "credit": "1200" },
                ],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "result": { "id": 14, "status": "draft", "posted_at": null, "total": "1200.0000" },
        }),
    );
    let result = server.call("post_draft", json!({ "id": 14 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "result": { "status": "posted", "metadata": {} } }),
    );
    let result = server.call("post_draft", json!({ "id": 14 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such draft"), "{message}");
    let result = server.call("delete_lines", json!({ "id": 14 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("posted"), "{message}");
}

/// an empty draft is fine, but cannot be posted.
#[tokio::test]
async fn an_empty_draft_is_fine_but_cannot_be_posted() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "draft_entry",
            json!({ "day": "2024-05-31", "description": "Later" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "postings": 0, "result": { "line_count": 0, "total": "0.0000" } }),
    );
    let result = server.call("post_draft", json!({ "id": 14 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("balance"), "{message}");
}

/// transfers between two accounts.
#[tokio::test]
async fn transfers_between_two_accounts() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "transfer",
            json!({
                "from_account": 1020,
                "to_account": 1010,
                "amount": "100.5",
                "day": "2024-04-10",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "source": { "balance": "15280.0000" },
            "postings": 2,
            "result": {
                "description": "Transfer",
                "total": "100.5000",
                "metadata": { "transfer": true },
            },
        }),
    );
    let result = server.call("get_account", json!({ "number": 1010 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "account": { "balance": "554.5450" } }),
    );
}

/// transfers all that is there, and no more.
#[tokio::test]
async fn transfers_all_that_is_there_and_no_more() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "transfer",
            json!({
                "from_account": 1010,
                "to_account": 1020,
                "amount": "454.0451",
                "day": "2024-04-10",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("not enough"), "{message}");
    let result = server
        .call(
            "transfer",
            json!({
                "from_account": 1010,
                "to_account": 1020,
                "amount": "454.045",
                "day": "2024-04-10",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "posted": 1 }));
    let result = server.call("get_account", json!({ "number": 1010 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "account": { "balance": "0.0000" } }),
    );
}

/// does not transfer between currencies.
#[tokio::test]
async fn does_not_transfer_between_currencies() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "transfer",
            json!({
                "from_account": 1020,
                "to_account": 1030,
                "amount": "1",
                "day": "2024-04-10",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("does not fit"), "{message}");
}

/// transfers no negative amount.
#[tokio::test]
async fn transfers_no_negative_amount() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "transfer",
            json!({
                "from_account": 1020,
                "to_account": 1010,
                "amount": "-1",
                "day": "2024-04-10",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("not positive"), "{message}");
}

/// reverses an entry once.
#[tokio::test]
async fn reverses_an_entry_once() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("reverse_entry", json!({ "id": 9, "day": "2024-04-15" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "postings": 2,
            "result": {
                "id": 14,
                "description": "Reversal: Rent of March",
                "reverses_id": 9,
                "total": "1200.0000",
            },
        }),
    );
    let result = server.call("get_entry", json!({ "id": 14 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "lines": [
                { "account": 5000, "debit": "0.0000", "credit": "1200.0000" },
                { "account": 1020, "debit": "1200.0000" },
            ],
        }),
    );
    let result = server
        .call("reverse_entry", json!({ "id": 9, "day": "2024-04-15" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("reversed before"), "{message}");
}

/// reverses no draft.
#[tokio::test]
async fn reverses_no_draft() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("reverse_entry", json!({ "id": 12, "day": "2024-04-15" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such posted entry"), "{message}");
}

/// finds several entries.
#[tokio::test]
async fn finds_several_entries() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("find_entries", json!({ "ids": [4, "12", 99] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 2,
            "asked_for": [4, 12, 99],
            "entries": [
                { "id": 4, "status": "posted", "accounts": "1200, 4100, 2100" },
                { "id": 12, "status": "draft" },
            ],
        }),
    );
}

/// lists entries by label.
#[tokio::test]
async fn lists_entries_by_label() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_entries",
            json!({ "label": "cost_centre", "value": "north", "sort": "-total" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "entries": [
                { "id": 4, "metadata": { "customer": "Acme" }, "total": "2380.0000" },
                { "id": 12 },
                { "id": 7, "total": "45.9550", "metadata": { "tags": ["office", "paper"] } },
            ],
            "next_cursor": null,
        }),
    );
}

/// lists drafts of some days.
#[tokio::test]
async fn lists_drafts_of_some_days() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_entries",
            json!({ "status": "draft", "from": "2024-04-01", "until": "2024-04-03" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "entries": [{ "id": 12, "period": "2024-04", "posted_at": null }] }),
    );
}

/// lists entries by words.
#[tokio::test]
async fn lists_entries_by_words() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("list_entries", json!({ "words": "rent-0", "page_size": 2 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "entries": [{ "id": 3, "posted_at": "2024-01-31T08:00:00Z" }, { "id": 6 }] }),
    );
}

/// labels a posted entry.
#[tokio::test]
async fn labels_a_posted_entry() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "label_entry",
            json!({ "id": 4, "labels": { "cost_centre": "south", "tags": ["checked"] } }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "result": {
                "metadata": { "customer": "Acme", "cost_centre": "south", "tags": ["checked"] },
            },
        }),
    );
}

/// moves drafts to another account.
#[tokio::test]
async fn moves_drafts_to_another_account() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "move_drafts",
            json!({ "from_account": 5200, "to_account": 5100, "since": "2024-04-03" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "moved": 1 }));
    let result = server.call("find_entries", json!({ "ids": [13] })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "entries": [{ "accounts": "5100" }] }),
    );
    let result = server
        .call("move_drafts", json!({ "from_account": 5200, "to_account": 7777 }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    assert!(message.contains("no such account"), "{message}");
}

/// deletes drafts with their lines.
#[tokio::test]
async fn deletes_drafts_with_their_lines() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("delete_drafts", json!({ "until": "2024-04-03" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "deleted": 1 }));
    let result = server.call("get_entry", json!({ "id": 12 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such entry"), "{message}");
    let result = server.call("delete_lines", json!({ "id": 13 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "deleted": 1 }));
}

/// searches postings of an account.
#[tokio::test]
async fn searches_postings_of_an_account() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "search_postings",
            json!({
                "from": "2024-02-01",
                "until": "2024-03-31",
                "account": 1020,
                "at_least": "1200.0001",
                "sort": "-credit",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "postings": [
                { "id": 22, "credit": "3000.0000", "account_name": "Bank" },
                { "id": 10, "debit": "2380.0000" },
            ],
            "next_cursor": null,
        }),
    );
}

/// searches postings by words.
#[tokio::test]
async fn searches_postings_by_words() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "search_postings",
            json!({ "from": "2024-01-01", "until": "2024-12-31", "words": "19 %" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "postings": [
                { "entry_id": 4, "line": 3, "memo": "19 %" },
                { "entry_id": 8, "account": 2100 },
            ],
        }),
    );
}

/// opens a period.
#[tokio::test]
async fn opens_a_period() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("open_period", json!({ "period": "2024-06" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "id": 6 }));
    let result = server
        .call("open_period", json!({ "period": "2024-06" }))
        .await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    let found = server.read("ledger://periods").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({
            "periods": [
                { "code": "2024-01", "closed_at": "2024-03-05T18:00:00Z" },
                {},
                {},
                {},
                {},
                {
                    "code": "2024-06",
                    "starts_on": "2024-06-01",
                    "ends_on": "2024-06-30",
                    "closed_at": null,
                },
            ],
        }),
    );
}

/// closes periods in their order.
#[tokio::test]
async fn closes_periods_in_their_order() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("close_period", json!({ "period": "2024-05" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("earlier"), "{message}");
    let result = server
        .call("close_period", json!({ "period": "2024-03" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "earlier": { "periods": 0 },
            "drafts": { "entries": 0 },
            "closed": 1,
            "result": { "code": "2024-03" },
        }),
    );
    let result = server
        .call("close_period", json!({ "period": "2024-04" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("drafts are left"), "{message}");
    let result = server
        .call(
            "transfer",
            json!({
                "from_account": 1020,
                "to_account": 1010,
                "amount": "1",
                "day": "2024-03-31",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("period is closed"), "{message}");
}

/// sets a budget, and replaces it.
#[tokio::test]
async fn sets_a_budget_and_replaces_it() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "set_budget",
            json!({ "account": 5100, "year": 2024, "month": 3, "amount": "2900" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "written": 1, "budget": { "amount": "2900.0000", "note": null } }),
    );
    let result = server
        .call(
            "set_budget",
            json!({
                "account": 5100,
                "year": 2024,
                "month": 3,
                "amount": "3100.5",
                "note": "a raise",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "budget": { "amount": "3100.5000", "note": "a raise" } }),
    );
    let result = server
        .call(
            "set_budget",
            json!({ "account": 7777, "year": 2024, "month": 3, "amount": "1" }),
        )
        .await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    let result = server
        .call(
            "set_budget",
            json!({ "account": 5100, "year": 2024, "month": 3, "amount": "-1" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("negative"), "{message}");
}

/// compares plan and actual.
#[tokio::test]
async fn compares_plan_and_actual() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("budget_report", json!({ "year": 2024, "month": 3 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "budgets": [
                {
                    "account": 4000,
                    "planned": "4500.0000",
                    "actual": "5000.0000",
                    "difference": "500.0000",
                    "percent": "111.1",
                },
                { "account": 5000, "percent": "100.0" },
                { "account": 5200, "actual": "45.9550", "percent": "46.0" },
            ],
        }),
    );
}

/// shows balances of a day.
#[tokio::test]
async fn shows_balances_of_a_day() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "balances_as_of",
            json!({
                "as_of": "2024-02-29",
                "kinds": ["asset", "income"],
                "numbers": [1010, 1020, 4000, 4100, 5000],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 4,
            "balances": [
                { "number": 1010, "balance": "500.0000" },
                { "number": 1020, "debit": "22380.0000", "balance": "19480.0000" },
                { "number": 4000, "balance": "0.0000" },
                { "number": 4100, "credit": "2000.0000", "balance": "2000.0000" },
            ],
        }),
    );
}

/// the trial balance balances.
#[tokio::test]
async fn the_trial_balance_balances() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("trial_balance", json!({ "as_of": "2024-01-31" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "accounts": [
                {
                    "currency": "EUR",
                    "number": 1010,
                    "name": "Cash",
                    "debit": "500.0000",
                    "credit": "0.0000",
                },
                { "number": 1020, "debit": "18300.0000" },
                { "number": 3000, "credit": "20000.0000" },
                { "number": 5000, "debit": "1200.0000" },
                {
                    "currency": "EUR",
                    "number": null,
                    "name": null,
                    "debit": "20000.0000",
                    "credit": "20000.0000",
                },
            ],
        }),
    );
}

/// the trial balance of one currency.
#[tokio::test]
async fn the_trial_balance_of_one_currency() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "trial_balance",
            json!({ "as_of": "2024-03-31", "currency": "USD" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "accounts": [
                { "number": 1030 },
                { "number": 3100, "name": "Capital in dollars" },
                { "number": null, "debit": "1000.0000", "credit": "1000.0000" },
            ],
        }),
    );
}

/// shows a statement with the balance after each line.
#[tokio::test]
async fn shows_a_statement_with_the_balance_after_each_line() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "statement",
            json!({ "account": 1020, "from": "2024-02-01", "until": "2024-02-29" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "of": { "name": "Bank", "kind": "asset" },
            "opening": { "balance": "18300.0000" },
            "lines": [
                { "entry_date": "2024-02-20", "entry_id": 5, "balance": "20680.0000" },
                { "credit": "1200.0000", "balance": "19480.0000" },
            ],
            "closing": { "balance": "19480.0000", "line_count": 5 },
        }),
    );
}

/// a statement of income grows with credits.
#[tokio::test]
async fn a_statement_of_income_grows_with_credits() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "statement",
            json!({ "account": 4000, "from": "2024-01-01", "until": "2024-12-31" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "opening": { "balance": "0.0000" },
            "lines": [{ "credit": "5000.0000", "balance": "5000.0000" }],
        }),
    );
}

/// reports a year by month.
#[tokio::test]
async fn reports_a_year_by_month() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("year_report", json!({ "year": 2024 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "months": [
                { "month": 1, "income": "0.0000", "expense": "1200.0000", "result": "-1200.0000" },
                { "result": "800.0000", "result_so_far": "-400.0000" },
                {
                    "month": 3,
                    "income": "5000.0000",
                    "expense": "4245.9550",
                    "result_so_far": "354.0450",
                },
                { "month": 4, "result": "0.0000" },
                {},
                {},
                {},
                {},
                {},
                {},
                {},
                { "month": 12, "result_so_far": "354.0450" },
            ],
        }),
    );
}

/// knows what is there.
#[tokio::test]
async fn knows_what_is_there() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("cash_position", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "amount": "21684.0450" }));
}

/// reads the postings table.
#[tokio::test]
async fn reads_the_postings_table() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server.read("schema://postings").await.expect("an answer");
    let text = found;
    assert!(text.contains("entry_id"), "{text}");
}

/// reads an account.
#[tokio::test]
async fn reads_an_account() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server.read("ledger://accounts/2100").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({ "account": { "kind": "liability", "parent": null, "balance": "1330.0000" } }),
    );
}

/// has no account of that number.
#[tokio::test]
async fn has_no_account_of_that_number() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let error = server.read("ledger://accounts/8888").await.expect_err("an error");
    assert_eq!(
        error.data.as_ref().map(| data | & data["type"]), Some(&
        json!("RECORD_NOT_FOUND")), "{error:?}"
    );
}

/// asks for a review of a month.
#[tokio::test]
async fn asks_for_a_review_of_a_month() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server
        .prompt(
            "month_review",
            json!({ "period": "2024-03", "focus": "costs" }),
        )
        .await
        .expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("- expense Wages: 3000.0000 EUR"), "{text}");
}

/// asks to explain an entry.
#[tokio::test]
async fn asks_to_explain_an_entry() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server
        .prompt("explain_entry", json!({ "id": "7" }))
        .await
        .expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("- Cash: debit 0.0000, credit 45.9550 EUR"), "{text}");
}
