-- A lending library: what the statements beside this file run on.

CREATE TABLE branches (
    id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    code CHAR(3) NOT NULL UNIQUE,
    name VARCHAR(80) NOT NULL,
    parent INT UNSIGNED NULL,
    place POINT NULL,
    opened DATE NULL
);

CREATE TABLE members (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    mail VARCHAR(190) NULL UNIQUE,
    kind ENUM('adult', 'child', 'staff') NOT NULL DEFAULT 'adult',
    flags SET('blocked', 'postal', 'news') NOT NULL DEFAULT '',
    active TINYINT(1) NOT NULL DEFAULT 1,
    born YEAR NULL,
    credit DECIMAL(10, 2) NOT NULL DEFAULT 0,
    settings JSON NULL,
    secret VARBINARY(64) NULL,
    joined DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE books (
    id INT AUTO_INCREMENT PRIMARY KEY,
    branch INT UNSIGNED NOT NULL,
    isbn VARCHAR(17) NOT NULL UNIQUE,
    title VARCHAR(200) NOT NULL,
    notes TEXT NULL,
    pages SMALLINT UNSIGNED NULL,
    price DECIMAL(8, 2) NULL,
    weight DOUBLE NULL,
    opens TIME NULL,
    bits BIT(8) NOT NULL DEFAULT b'0',
    added TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    FULLTEXT KEY words (title, notes),
    FOREIGN KEY (branch) REFERENCES branches (id)
);

CREATE TABLE loans (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    book INT NOT NULL,
    member BIGINT UNSIGNED NOT NULL,
    taken DATE NOT NULL,
    due DATE NOT NULL,
    returned DATE NULL,
    fine DECIMAL(6, 2) NOT NULL DEFAULT 0,
    KEY by_member (member, taken),
    FOREIGN KEY (book) REFERENCES books (id),
    FOREIGN KEY (member) REFERENCES members (id)
);

CREATE TABLE counters (name VARCHAR(40) PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0, seen DATETIME NULL);

CREATE VIEW open_loans AS
SELECT l.id, l.member, b.title, l.due FROM loans l JOIN books b ON b.id = l.book WHERE l.returned IS NULL;

CREATE PROCEDURE close_loan(loan BIGINT, on_day DATE)
UPDATE loans SET returned = on_day WHERE id = loan;
