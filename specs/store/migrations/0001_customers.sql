-- Who buys, and where it goes.
-- PostgreSQL 12 has gen_random_uuid() in an extension only.
DO $$
BEGIN
    IF to_regproc('gen_random_uuid') IS NULL THEN
        CREATE EXTENSION IF NOT EXISTS pgcrypto;
    END IF;
END
$$;

CREATE DOMAIN email_address AS text
    CHECK (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' AND length(VALUE) <= 254);
CREATE DOMAIN country_code AS text CHECK (VALUE ~ '^[A-Z]{2}$');
CREATE TYPE address_kind AS ENUM ('shipping', 'billing');

CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email email_address NOT NULL,
    name varchar(120) NOT NULL CHECK (length(name) >= 2),
    phone varchar(30),
    birthday date CHECK (birthday > DATE '1900-01-01'),
    active boolean NOT NULL DEFAULT true,
    segments text[] NOT NULL DEFAULT '{}',
    preferences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(preferences) = 'object'),
    last_seen_from inet,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE customers IS 'Everyone who has an account.';
COMMENT ON COLUMN customers.segments IS 'Groups for campaigns, such as vip or newsletter.';
COMMENT ON COLUMN customers.preferences IS 'What the customer chose: language, currency, and so on.';

-- One account an address of mail, however it is written.
CREATE UNIQUE INDEX customers_email ON customers (lower(email));
CREATE INDEX customers_segments ON customers USING gin (segments);

CREATE TABLE addresses (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    kind address_kind NOT NULL DEFAULT 'shipping',
    line1 varchar(200) NOT NULL,
    line2 varchar(200),
    postcode varchar(20) NOT NULL,
    city varchar(100) NOT NULL,
    country country_code NOT NULL,
    is_default boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE addresses IS 'Where goods or invoices go.';

CREATE INDEX addresses_customer ON addresses (customer_id);
-- One default of each kind.
CREATE UNIQUE INDEX addresses_default ON addresses (customer_id, kind) WHERE is_default;
