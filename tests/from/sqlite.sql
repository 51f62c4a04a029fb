-- Every shape of a table that a spec is written for in another way.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  email TEXT UNIQUE,
  level TEXT NOT NULL DEFAULT 'new' CHECK (level IN ('new', 'it''s fine')),
  referred_by INTEGER REFERENCES customers (id),
  password_hash TEXT NOT NULL,
  since DATE DEFAULT CURRENT_DATE -- the day of the first order
);
CREATE TABLE "order" (
  "select" INTEGER PRIMARY KEY,
  "sort" TEXT NOT NULL,
  "Mixed Case" TEXT,
  cursor INT,
  buyer_id INT NOT NULL REFERENCES customers,
  giver_id INT REFERENCES customers (id)
);
CREATE TABLE order_lines (
  order_id INT NOT NULL REFERENCES "order" ("select"),
  line INT NOT NULL,
  price DECIMAL(10, 2) NOT NULL,
  total NUMERIC GENERATED ALWAYS AS (price * line) STORED,
  photo BLOB,
  PRIMARY KEY (order_id, line)
) WITHOUT ROWID;
CREATE TABLE "Über uns" (a, b TEXT);
CREATE TABLE weights (kilo REAL PRIMARY KEY, note TEXT);
CREATE TABLE lost (id INTEGER PRIMARY KEY, x INT REFERENCES nowhere (id));
CREATE VIRTUAL TABLE notes USING fts5 (title, body);
CREATE VIEW buyers AS SELECT name, count(*) AS orders FROM customers GROUP BY name;
CREATE VIEW broken AS SELECT * FROM nowhere;
CREATE TABLE labels (code TEXT PRIMARY KEY, said TEXT);
CREATE VIEW sales AS
SELECT order_id, count(*) AS lines, sum(price) AS amount, 1.0 * sum(total) / count(*) AS mean
FROM order_lines GROUP BY order_id;
CREATE UNIQUE INDEX label_said ON labels (said);
CREATE TRIGGER label_kept BEFORE DELETE ON labels WHEN old.code = 'kept'
BEGIN SELECT raise(ABORT, 'it is kept'); END;
