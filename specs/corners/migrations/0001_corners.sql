-- A table with a column of each kind that SQLite can hold, and names that are words of Rust.
CREATE TABLE things (
    id INTEGER PRIMARY KEY,
    type VARCHAR(20) NOT NULL,
    self TEXT NOT NULL DEFAULT 'me',
    amount DECIMAL NOT NULL DEFAULT '0',
    ratio REAL,
    ready BOOLEAN,
    day DATE,
    hour TIME,
    moment DATETIME,
    token UUID,
    payload BLOB,
    extra JSON
);
