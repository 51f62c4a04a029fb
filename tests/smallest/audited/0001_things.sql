CREATE TABLE things (id INTEGER PRIMARY KEY, payload BLOB);
CREATE TABLE calls (
  id INTEGER PRIMARY KEY, time TEXT NOT NULL, client TEXT, address TEXT, transport TEXT NOT NULL, session TEXT,
  method TEXT, name TEXT, outcome TEXT NOT NULL, error_type TEXT, rows INTEGER, bytes INTEGER,
  duration_ms REAL NOT NULL, request_id TEXT NOT NULL, trace_id TEXT
);
