CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('new', 'used')),
    price REAL,
    made_on DATE,
    owner_id INTEGER REFERENCES owners (id)
);

CREATE TABLE owners (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
