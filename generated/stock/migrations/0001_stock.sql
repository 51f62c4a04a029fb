-- Suppliers, what they deliver, and every unit that came in or went out.
CREATE TABLE suppliers (
    id INTEGER PRIMARY KEY,
    name VARCHAR(120) NOT NULL UNIQUE,
    email TEXT,
    lead_time_days INTEGER NOT NULL DEFAULT 7 CHECK (lead_time_days >= 0)
);

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    sku VARCHAR(20) NOT NULL UNIQUE,
    name VARCHAR(200) NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('tools', 'garden', 'paint', 'other')),
    -- Exact, as text: a float would round it.
    price TEXT NOT NULL,
    supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
    reorder_level INTEGER NOT NULL DEFAULT 0 CHECK (reorder_level >= 0),
    reorder_quantity INTEGER NOT NULL DEFAULT 1 CHECK (reorder_quantity > 0),
    attributes TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(attributes)),
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    added_on DATE NOT NULL DEFAULT CURRENT_DATE,
    discontinued BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE INDEX products_category ON products (category, name);

CREATE TABLE movements (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id),
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'sale', 'return', 'correction')),
    -- Positive for what came in, negative for what went out.
    quantity INTEGER NOT NULL CHECK (quantity <> 0),
    moved_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    note TEXT
);

CREATE INDEX movements_product ON movements (product_id, moved_at);
