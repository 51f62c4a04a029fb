INSERT INTO accounts (number, name, kind, parent, currency, lowest, active, opened_on) VALUES
    (1000, 'Cash and banks', 'asset', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (1010, 'Cash', 'asset', 1000, 'EUR', 0, TRUE, '2024-01-01'),
    (1020, 'Bank', 'asset', 1000, 'EUR', -5000, TRUE, '2024-01-01'),
    (1030, 'Bank in dollars', 'asset', 1000, 'USD', 0, TRUE, '2024-03-01'),
    (1200, 'Receivables', 'asset', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (2000, 'Payables', 'liability', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (2100, 'Value added tax', 'liability', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (3000, 'Capital', 'equity', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (3100, 'Capital in dollars', 'equity', NULL, 'USD', NULL, TRUE, '2024-03-01'),
    (4000, 'Sales of goods', 'income', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (4100, 'Consulting', 'income', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (5000, 'Rent', 'expense', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (5100, 'Wages', 'expense', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (5200, 'Office', 'expense', NULL, 'EUR', NULL, TRUE, '2024-01-01'),
    (5900, 'Fax machines', 'expense', NULL, 'EUR', NULL, FALSE, '2024-01-01');

INSERT INTO periods (id, code, starts_on, ends_on) VALUES
    (1, '2024-01', '2024-01-01', '2024-01-31'),
    (2, '2024-02', '2024-02-01', '2024-02-29'),
    (3, '2024-03', '2024-03-01', '2024-03-31'),
    (4, '2024-04', '2024-04-01', '2024-04-30'),
    (5, '2024-05', '2024-05-01', '2024-05-31');

INSERT INTO budgets (account, year, month, amount, note) VALUES
    (4000, 2024, 3, 4500, NULL),
    (5000, 2024, 3, 1200, 'as the contract says'),
    (5200, 2024, 3, 100, NULL);

INSERT INTO entries (id, period_id, entry_date, description, reference, metadata, created_at) VALUES
    (1, 1, '2024-01-02', 'Opening', NULL, '{}', '2024-01-02 09:00:00'),
    (2, 1, '2024-01-05', 'Cash from the bank', NULL, '{}', '2024-01-05 10:00:00'),
    (3, 1, '2024-01-31', 'Rent of January', 'RENT-01', '{"cost_centre": "head office"}', '2024-01-31 08:00:00'),
    (4, 2, '2024-02-10', 'Invoice to Acme', 'INV-2024-001', '{"customer": "Acme", "cost_centre": "north"}', '2024-02-10 09:30:00'),
    (5, 2, '2024-02-20', 'Acme paid', NULL, '{"customer": "Acme"}', '2024-02-20 11:00:00'),
    (6, 2, '2024-02-29', 'Rent of February', 'RENT-02', '{"cost_centre": "head office"}', '2024-02-29 08:00:00'),
    (7, 3, '2024-03-04', 'Paper', NULL, '{"cost_centre": "north", "tags": ["office", "paper"]}', '2024-03-04 12:15:00'),
    (8, 3, '2024-03-15', 'Invoice to Globex', 'INV-2024-002', '{"customer": "Globex", "cost_centre": "south"}', '2024-03-15 09:30:00'),
    (9, 3, '2024-03-29', 'Rent of March', 'RENT-03', '{"cost_centre": "head office"}', '2024-03-29 08:00:00'),
    (10, 3, '2024-03-29', 'Wages of March', NULL, '{}', '2024-03-29 08:05:00'),
    (11, 3, '2024-03-01', 'Opening in dollars', NULL, '{}', '2024-03-01 09:00:00'),
    (12, 4, '2024-04-02', 'Chairs', NULL, '{"cost_centre": "north"}', '2024-04-02 10:00:00'),
    (13, 4, '2024-04-05', 'Not finished', NULL, '{}', '2024-04-05 17:59:00');

INSERT INTO postings (id, entry_id, line, account, debit, credit, memo) VALUES
    (1, 1, 1, 1020, 20000, 0, NULL),
    (2, 1, 2, 3000, 0, 20000, NULL),
    (3, 2, 1, 1010, 500, 0, NULL),
    (4, 2, 2, 1020, 0, 500, NULL),
    (5, 3, 1, 5000, 1200, 0, NULL),
    (6, 3, 2, 1020, 0, 1200, NULL),
    (7, 4, 1, 1200, 2380, 0, NULL),
    (8, 4, 2, 4100, 0, 2000, 'ten days'),
    (9, 4, 3, 2100, 0, 380, '19 %'),
    (10, 5, 1, 1020, 2380, 0, NULL),
    (11, 5, 2, 1200, 0, 2380, NULL),
    (12, 6, 1, 5000, 1200, 0, NULL),
    (13, 6, 2, 1020, 0, 1200, NULL),
    (14, 7, 1, 5200, 45.9550, 0, NULL),
    (15, 7, 2, 1010, 0, 45.9550, NULL),
    (16, 8, 1, 1200, 5950, 0, NULL),
    (17, 8, 2, 4000, 0, 5000, NULL),
    (18, 8, 3, 2100, 0, 950, '19 %'),
    (19, 9, 1, 5000, 1200, 0, NULL),
    (20, 9, 2, 1020, 0, 1200, NULL),
    (21, 10, 1, 5100, 3000, 0, NULL),
    (22, 10, 2, 1020, 0, 3000, NULL),
    (23, 11, 1, 1030, 1000, 0, NULL),
    (24, 11, 2, 3100, 0, 1000, NULL),
    (25, 12, 1, 5200, 800, 0, NULL),
    (26, 12, 2, 2000, 0, 800, NULL),
    (27, 13, 1, 5200, 100, 0, NULL);

-- Everything but the last two is posted; then January and February are closed.
UPDATE entries SET status = 'posted', posted_at = created_at WHERE id <= 11;
UPDATE periods SET closed_at = '2024-03-05 18:00:00' WHERE id <= 2;
