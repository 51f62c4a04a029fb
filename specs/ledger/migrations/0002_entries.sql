-- The journal: an entry, and its postings on two accounts or more.
CREATE TABLE entries (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    period_id SMALLINT UNSIGNED NOT NULL,
    entry_date DATE NOT NULL,
    description VARCHAR(200) NOT NULL,
    reference VARCHAR(40) COMMENT 'Number of the voucher.',
    status ENUM('draft', 'posted') NOT NULL DEFAULT 'draft',
    reverses_id BIGINT UNSIGNED COMMENT 'The entry that this one takes back.',
    metadata JSON NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    posted_at DATETIME(6),
    UNIQUE KEY entries_reference (reference),
    UNIQUE KEY entries_reverses (reverses_id),
    KEY entries_date (entry_date, id),
    CONSTRAINT entries_period FOREIGN KEY (period_id) REFERENCES periods (id),
    CONSTRAINT entries_reversed FOREIGN KEY (reverses_id) REFERENCES entries (id),
    CONSTRAINT entries_posted CHECK ((status = 'posted') = (posted_at IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci COMMENT = 'The journal.';

CREATE TABLE postings (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    entry_id BIGINT UNSIGNED NOT NULL,
    line SMALLINT UNSIGNED NOT NULL,
    account INT UNSIGNED NOT NULL,
    debit DECIMAL(19, 4) NOT NULL DEFAULT 0,
    credit DECIMAL(19, 4) NOT NULL DEFAULT 0,
    amount DECIMAL(19, 4) GENERATED ALWAYS AS (debit - credit) STORED COMMENT 'Positive for a debit.',
    memo VARCHAR(200),
    UNIQUE KEY postings_line (entry_id, line),
    KEY postings_account (account, entry_id),
    CONSTRAINT postings_entry FOREIGN KEY (entry_id) REFERENCES entries (id) ON DELETE CASCADE,
    CONSTRAINT postings_accounts FOREIGN KEY (account) REFERENCES accounts (number),
    CONSTRAINT postings_one_side CHECK ((debit > 0 AND credit = 0) OR (debit = 0 AND credit > 0))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci COMMENT = 'Lines of entries: a debit or a credit.';
