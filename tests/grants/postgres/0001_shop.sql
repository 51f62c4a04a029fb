CREATE TABLE items (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(40) NOT NULL UNIQUE,
    price numeric(10, 2) NOT NULL DEFAULT 0,
    left_over integer NOT NULL DEFAULT 0,
    secret text
);
CREATE TABLE notes (id serial PRIMARY KEY, item_id integer REFERENCES items (id) ON DELETE CASCADE, body text NOT NULL);
CREATE TABLE hidden (item_id integer PRIMARY KEY, margin numeric(10, 2));
CREATE VIEW margins AS SELECT i.name, h.margin FROM items i JOIN hidden h ON h.item_id = i.id;

CREATE SCHEMA archive;
CREATE TABLE archive."Old items" (id integer PRIMARY KEY, name text NOT NULL);

CREATE TABLE changes (item_id integer, at timestamptz DEFAULT now());
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (item_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER items_change AFTER UPDATE ON items FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE FUNCTION worth(item integer) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT margin FROM hidden WHERE item_id = item
$$;
CREATE FUNCTION kept(item integer) RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN (SELECT margin FROM hidden WHERE item_id = item);
END
$$;
REVOKE EXECUTE ON FUNCTION kept(integer) FROM PUBLIC;

CREATE PROCEDURE tidy(fewest integer) LANGUAGE sql AS $$ DELETE FROM items WHERE left_over < fewest $$;
REVOKE EXECUTE ON PROCEDURE tidy(integer) FROM PUBLIC;
