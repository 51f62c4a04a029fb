CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    subject TEXT NOT NULL
);

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    body TEXT NOT NULL
);

CREATE VIEW busy AS SELECT ticket_id, COUNT(*) AS comments FROM comments GROUP BY ticket_id;
