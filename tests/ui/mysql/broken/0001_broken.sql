CREATE TABLE items (id INT PRIMARY KEY);
CREATE INDEX items_name ON items (name);
