-- The chart of accounts, the periods in which entries fall, and budgets.
CREATE TABLE accounts (
    number INT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    kind ENUM('asset', 'liability', 'equity', 'income', 'expense') NOT NULL,
    parent INT UNSIGNED COMMENT 'The account that it is a part of.',
    currency CHAR(3) NOT NULL DEFAULT 'EUR' COMMENT 'As in ISO 4217.',
    lowest DECIMAL(19, 4) COMMENT 'A transfer leaves this balance at least; null: any.',
    active BOOLEAN NOT NULL DEFAULT TRUE,
    opened_on DATE NOT NULL,
    UNIQUE KEY accounts_name (name),
    KEY accounts_kind (kind, number),
    CONSTRAINT accounts_parent FOREIGN KEY (parent) REFERENCES accounts (number),
    CONSTRAINT accounts_number CHECK (number BETWEEN 1000 AND 9999),
    CONSTRAINT accounts_currency CHECK (CHAR_LENGTH(currency) = 3)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci COMMENT = 'The chart of accounts.';

CREATE TABLE periods (
    id SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    code CHAR(7) NOT NULL COMMENT 'YYYY-MM',
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    closed_at TIMESTAMP NULL DEFAULT NULL COMMENT 'Nothing is posted from then on.',
    UNIQUE KEY periods_code (code),
    KEY periods_days (starts_on, ends_on),
    CONSTRAINT periods_order CHECK (starts_on <= ends_on)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci COMMENT = 'Months of the books.';

CREATE TABLE budgets (
    account INT UNSIGNED NOT NULL,
    year SMALLINT UNSIGNED NOT NULL,
    month TINYINT UNSIGNED NOT NULL,
    amount DECIMAL(19, 4) NOT NULL,
    note TEXT,
    PRIMARY KEY (account, year, month),
    CONSTRAINT budgets_account FOREIGN KEY (account) REFERENCES accounts (number),
    CONSTRAINT budgets_month CHECK (month BETWEEN 1 AND 12),
    CONSTRAINT budgets_amount CHECK (amount >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci COMMENT = 'What is planned for an account and month.';
