-- What the server `ledger` may do in its database, and no more: mcpgen found it out from the
-- statements of ledger.yaml, by asking the database. Run it there after the migrations, as the
-- owner of the tables.
-- The user is let in by `ALTER USER 'ledger'@'%' IDENTIFIED BY '…' ACCOUNT UNLOCK`.

CREATE USER IF NOT EXISTS 'ledger'@'%' ACCOUNT LOCK;

-- Reading

-- explain_entry, account, account_tree, balances_as_of, budget_report, close_account, get_entry,
-- list_accounts, open_account, statement, transfer, trial_balance
GRANT SELECT (number, name, kind, parent, currency, lowest, active, opened_on) ON accounts TO 'ledger'@'%';

-- account, cash_position, get_account
GRANT SELECT (number, name, kind, parent, currency, active, debit, credit, balance) ON balances TO 'ledger'@'%';

-- budget_report, close_account, set_budget
GRANT SELECT (account, year, month, amount, note) ON budgets TO 'ledger'@'%';

-- explain_entry, close_period, delete_drafts, find_entries, label_entry, move_drafts, post_draft,
-- post_entry, reverse_entry, transfer, trial_balance
GRANT SELECT (id, period_id, entry_date, description, status) ON entries TO 'ledger'@'%';

-- draft_entry, get_entry, label_entry, list_entries, post_draft, post_entry, reverse_entry,
-- transfer
GRANT SELECT (id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total) ON journal TO 'ledger'@'%';

-- month_review, account_tree, balances_as_of, budget_report, search_postings, statement, transfer,
-- year_report
GRANT SELECT (id, entry_id, line, entry_date, description, reference, period_id, account, account_name, kind, currency, debit, credit, memo, effect) ON ledger_lines TO 'ledger'@'%';

-- month_review, periods, close_period, delete_drafts, draft_entry, post_entry, reverse_entry,
-- transfer
GRANT SELECT (id, code, starts_on, ends_on, closed_at) ON periods TO 'ledger'@'%';

-- explain_entry, close_account, delete_lines, find_entries, get_entry, move_drafts, reverse_entry,
-- trial_balance
GRANT SELECT (id, entry_id, line, account, debit, credit, amount, memo) ON postings TO 'ledger'@'%';

-- Writing

-- open_account
GRANT INSERT (number, name, kind, parent, currency, lowest, opened_on) ON accounts TO 'ledger'@'%';

-- close_account
GRANT UPDATE (active) ON accounts TO 'ledger'@'%';

-- set_budget
GRANT INSERT (account, year, month, amount, note) ON budgets TO 'ledger'@'%';

-- set_budget
GRANT UPDATE (account, year, month, amount, note) ON budgets TO 'ledger'@'%';

-- label_entry
GRANT SELECT (metadata) ON entries TO 'ledger'@'%';

-- draft_entry, post_entry, reverse_entry, transfer
GRANT INSERT (period_id, entry_date, description, reference, reverses_id, metadata) ON entries TO 'ledger'@'%';

-- label_entry, post_draft, post_entry, reverse_entry, transfer
GRANT UPDATE (status, metadata, posted_at) ON entries TO 'ledger'@'%';

-- delete_drafts
GRANT DELETE ON entries TO 'ledger'@'%';

-- open_period
GRANT INSERT (code, starts_on, ends_on) ON periods TO 'ledger'@'%';

-- close_period
GRANT UPDATE (closed_at) ON periods TO 'ledger'@'%';

-- draft_entry, post_entry, reverse_entry, transfer
GRANT INSERT (entry_id, line, account, debit, credit, memo) ON postings TO 'ledger'@'%';

-- move_drafts
GRANT UPDATE (account) ON postings TO 'ledger'@'%';

-- delete_lines
GRANT DELETE ON postings TO 'ledger'@'%';
