//! The tools, and which of them a call means.

use crate::runtime::answer;
use crate::server::Shared;

pub mod open_account;
pub mod list_accounts;
pub mod get_account;
pub mod close_account;
pub mod account_tree;
pub mod post_entry;
pub mod draft_entry;
pub mod post_draft;
pub mod transfer;
pub mod reverse_entry;
pub mod get_entry;
pub mod find_entries;
pub mod list_entries;
pub mod label_entry;
pub mod move_drafts;
pub mod delete_drafts;
pub mod delete_lines;
pub mod search_postings;
pub mod open_period;
pub mod close_period;
pub mod set_budget;
pub mod budget_report;
pub mod balances_as_of;
pub mod trial_balance;
pub mod statement;
pub mod year_report;
pub mod cash_position;

/// The call of a tool; none when there is no tool of this name.
pub fn call<'c>(
    shared: &'c Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<answer::Call<'c>> {
    Some(
        match name {
            "open_account" => self::open_account::call(shared, arguments),
            "list_accounts" => self::list_accounts::call(shared, arguments),
            "get_account" => self::get_account::call(shared, arguments),
            "close_account" => self::close_account::call(shared, arguments),
            "account_tree" => self::account_tree::call(shared, arguments),
            "post_entry" => self::post_entry::call(shared, arguments),
            "draft_entry" => self::draft_entry::call(shared, arguments),
            "post_draft" => self::post_draft::call(shared, arguments),
            "transfer" => self::transfer::call(shared, arguments),
            "reverse_entry" => self::reverse_entry::call(shared, arguments),
            "get_entry" => self::get_entry::call(shared, arguments),
            "find_entries" => self::find_entries::call(shared, arguments),
            "list_entries" => self::list_entries::call(shared, arguments),
            "label_entry" => self::label_entry::call(shared, arguments),
            "move_drafts" => self::move_drafts::call(shared, arguments),
            "delete_drafts" => self::delete_drafts::call(shared, arguments),
            "delete_lines" => self::delete_lines::call(shared, arguments),
            "search_postings" => self::search_postings::call(shared, arguments),
            "open_period" => self::open_period::call(shared, arguments),
            "close_period" => self::close_period::call(shared, arguments),
            "set_budget" => self::set_budget::call(shared, arguments),
            "budget_report" => self::budget_report::call(shared, arguments),
            "balances_as_of" => self::balances_as_of::call(shared, arguments),
            "trial_balance" => self::trial_balance::call(shared, arguments),
            "statement" => self::statement::call(shared, arguments),
            "year_report" => self::year_report::call(shared, arguments),
            "cash_position" => self::cash_position::call(shared, arguments),
            _ => return None,
        },
    )
}
