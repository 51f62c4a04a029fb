-- Posted lines; effect is what a line adds to the balance of its account, on the side where it grows.
CREATE VIEW ledger_lines AS
SELECT p.id, p.entry_id, p.line, e.entry_date, e.description, e.reference, e.period_id,
       p.account, a.name AS account_name, a.kind, a.currency,
       p.debit, p.credit, p.memo,
       CASE WHEN a.kind IN ('asset', 'expense') THEN p.amount ELSE -p.amount END AS effect
FROM postings AS p
JOIN entries AS e ON e.id = p.entry_id
JOIN accounts AS a ON a.number = p.account
WHERE e.status = 'posted';

-- Accounts with all that was ever posted.
CREATE VIEW balances AS
SELECT a.number, a.name, a.kind, a.parent, a.currency, a.active,
       COALESCE(SUM(l.debit), 0) AS debit,
       COALESCE(SUM(l.credit), 0) AS credit,
       COALESCE(SUM(l.effect), 0) AS balance
FROM accounts AS a
LEFT JOIN ledger_lines AS l ON l.account = a.number
GROUP BY a.number, a.name, a.kind, a.parent, a.currency, a.active;

-- Entries with their period and total.
CREATE VIEW journal AS
SELECT e.id, e.entry_date, m.code AS period, e.description, e.reference, e.status,
       e.reverses_id, e.metadata, e.posted_at,
       COALESCE(t.line_count, 0) AS line_count,
       COALESCE(t.total, 0) AS total
FROM entries AS e
JOIN periods AS m ON m.id = e.period_id
LEFT JOIN (
    SELECT entry_id, COUNT(*) AS line_count, SUM(debit) AS total FROM postings GROUP BY entry_id
) AS t ON t.entry_id = e.id;
