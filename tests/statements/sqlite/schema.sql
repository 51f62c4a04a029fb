-- A library: books, copies, members, loans.
CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    born DATE,
    note
);

CREATE TABLE books (
    id INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors (id),
    title TEXT NOT NULL UNIQUE,
    genre TEXT CHECK (genre IN ('novel', 'essay', 'verse')),
    price REAL,
    fee DECIMAL(8, 2),
    pages INT,
    tags JSON NOT NULL DEFAULT '[]',
    cover BLOB,
    added_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE members (
    id TEXT PRIMARY KEY NOT NULL,
    email VARCHAR(200) NOT NULL UNIQUE,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    settings JSONB
) WITHOUT ROWID;

CREATE TABLE loans (
    book_id INTEGER NOT NULL REFERENCES books (id),
    member_id TEXT NOT NULL REFERENCES members (id),
    since DATE NOT NULL,
    returned DATE,
    renewals INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (book_id, member_id, since)
);

CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES folders (id),
    name TEXT NOT NULL
);

CREATE VIRTUAL TABLE search USING fts5 (title, body, book_id UNINDEXED);

CREATE VIEW shelf AS
SELECT b.id, b.title, a.name AS author, count(l.book_id) AS loans
FROM books AS b JOIN authors AS a ON a.id = b.author_id LEFT JOIN loans AS l ON l.book_id = b.id
GROUP BY b.id;

CREATE VIEW labels (label) AS SELECT pages FROM books UNION ALL SELECT title FROM books;

CREATE VIEW broken AS SELECT gone FROM authors;
