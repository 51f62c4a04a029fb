CREATE TYPE state AS ENUM ('draft', 'sold');
CREATE TABLE items (
    id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name  varchar(40) NOT NULL,
    price numeric(10, 2),
    stock smallint NOT NULL DEFAULT 0,
    state state NOT NULL DEFAULT 'draft',
    place point,
    words tsvector,
    tags  text[] NOT NULL DEFAULT '{}'
);
