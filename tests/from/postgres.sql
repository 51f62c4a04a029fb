-- Every shape of a table that a spec is written for in another way.
CREATE SCHEMA "Other";
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', '{{ x }}');
CREATE DOMAIN zip AS varchar(5);
CREATE TABLE city (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, zip zip);
CREATE TABLE "order" (
  id serial PRIMARY KEY,
  "select" text,
  "sort" int NOT NULL,
  "Mixed Case" varchar(20),
  mood mood NOT NULL DEFAULT 'sad',
  city_id int NOT NULL REFERENCES city,
  return_to int REFERENCES city (id),
  price money,
  place point NOT NULL DEFAULT '(0,0)',
  tags text[] NOT NULL DEFAULT '{}',
  drawing xml,
  words tsvector NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER words BEFORE INSERT OR UPDATE ON "order" FOR EACH ROW
  EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', "select");
COMMENT ON TABLE "order" IS E'It''s "the" order: {{ braces }} [[ clause ]]\nsecond line # no comment';
COMMENT ON COLUMN "order"."select" IS E'say: "hi" \\ back\n- item';
CREATE TABLE "Other"."order" ("Id" int, n int, note text, PRIMARY KEY ("Id", n));
CREATE TABLE nokey (a int, drawing xml);
CREATE TABLE weight (kilo double precision PRIMARY KEY, note text);
CREATE TABLE measure (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE measure_2020 PARTITION OF measure FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE MATERIALIZED VIEW totals AS SELECT city_id, count(*) AS orders FROM "order" GROUP BY city_id;
