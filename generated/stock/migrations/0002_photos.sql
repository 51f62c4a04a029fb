-- One photo a product at most.
CREATE TABLE photos (
    product_id INTEGER PRIMARY KEY REFERENCES products (id) ON DELETE CASCADE,
    image BLOB NOT NULL,
    taken_on DATE
);
