-- What the server `shop` may do in its database, and no more: mcpgen found it out from the
-- statements of mysql.yaml, by asking the database. Run it there after the migrations, as the owner
-- of the tables.
-- The user is let in by `ALTER USER 'shop'@'%' IDENTIFIED BY '…' ACCOUNT UNLOCK`.

CREATE USER IF NOT EXISTS 'shop'@'%' ACCOUNT LOCK;

-- Reading

-- kept
GRANT EXECUTE ON FUNCTION kept TO 'shop'@'%';

-- worth
GRANT EXECUTE ON FUNCTION worth TO 'shop'@'%';

-- notes
GRANT SELECT (at) ON changes TO 'shop'@'%';

-- add_item, count_items, delete_item, find_items, take
GRANT SELECT (id, name, price) ON items TO 'shop'@'%';

-- keys
GRANT SELECT (margin) ON `key` TO 'shop'@'%';

-- margins
GRANT SELECT (name) ON margins TO 'shop'@'%';

-- notes
GRANT SELECT (id, body) ON notes TO 'shop'@'%';

-- Writing

-- tidy
GRANT EXECUTE ON PROCEDURE tidy TO 'shop'@'%';

-- take
GRANT SELECT (left_over) ON items TO 'shop'@'%';

-- add_item, replace_item
GRANT INSERT (name, price) ON items TO 'shop'@'%';

-- add_item, take
GRANT UPDATE (name, price, left_over) ON items TO 'shop'@'%';

-- delete_item, replace_item
GRANT DELETE ON items TO 'shop'@'%';

-- These run with the rights of the role, and what they need is not known: grant it by hand, or let
-- them run with the rights of their owner, SECURITY DEFINER.
--
-- function worth: worth
