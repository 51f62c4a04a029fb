-- A column twice.
ALTER TABLE items ADD COLUMN id TEXT;
