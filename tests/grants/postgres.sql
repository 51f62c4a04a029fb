-- What the server `shop` may do in its database, and no more: mcpgen found it out from the
-- statements of postgres.yaml, by asking the database. Run it there after the migrations, as the
-- owner of the tables.
-- Everybody may CONNECT to a database and has USAGE on the schema public, unless that was taken
-- away. The role gets its password by `ALTER ROLE "shop" PASSWORD '…'`.

DO $$ BEGIN CREATE ROLE "shop" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

-- Reading

-- kept
GRANT EXECUTE ON ROUTINE kept(integer) TO "shop";

-- old_items
GRANT USAGE ON SCHEMA archive TO "shop";

-- old_items
GRANT SELECT (name) ON archive."Old items" TO "shop";

-- notes
GRANT SELECT (at) ON changes TO "shop";

-- add_item, count_items, delete_item, find_items, take
GRANT SELECT (id, name, price) ON items TO "shop";

-- margins
GRANT SELECT (name) ON margins TO "shop";

-- notes
GRANT SELECT (id, body) ON notes TO "shop";

-- Writing

-- tidy
GRANT EXECUTE ON ROUTINE tidy(integer) TO "shop";

-- take
GRANT SELECT (left_over) ON items TO "shop";

-- add_item
GRANT INSERT (name, price) ON items TO "shop";

-- add_item, take
GRANT UPDATE (price, left_over) ON items TO "shop";

-- delete_item
GRANT DELETE ON items TO "shop";

-- add_note
GRANT INSERT (item_id, body) ON notes TO "shop";

-- add_note
GRANT USAGE ON SEQUENCE notes_id_seq TO "shop";

-- These run with the rights of the role, and what they need is not known: grant it by hand, or let
-- them run with the rights of their owner, SECURITY DEFINER.
--
-- function nextval: next_item
--
-- function tidy: tidy
--
-- function worth: worth
--
-- trigger items_change of items: add_item, take
