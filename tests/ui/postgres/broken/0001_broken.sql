CREATE TABLE items (id int PRIMARY KEY);
CREATE INDEX items_name ON items (name);
