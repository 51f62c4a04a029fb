-- What customers say, and views that tools read.
CREATE TABLE reviews (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    title varchar(120) NOT NULL,
    body text NOT NULL DEFAULT '',
    published boolean NOT NULL DEFAULT true,
    written_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (product_id, customer_id)
);

-- A sale is an order that is paid and was not taken back.
CREATE VIEW sales AS
SELECT o.id AS order_id,
       o.customer_id,
       (o.placed_at AT TIME ZONE 'UTC')::date AS day,
       p.id AS product_id,
       p.category_id,
       v.sku,
       i.quantity,
       i.line_total
FROM orders AS o
JOIN order_items AS i ON i.order_id = o.id
JOIN variants AS v ON v.id = i.variant_id
JOIN products AS p ON p.id = v.product_id
WHERE o.status IN ('paid', 'packing', 'shipped', 'delivered');
COMMENT ON VIEW sales IS 'Lines of orders that count as sold, before discounts.';

-- What the shop shows of each product.
CREATE VIEW catalogue AS
SELECT p.id, p.slug, p.name, p.brand, p.status, p.tags,
       c.slug AS category,
       prices.price_from,
       prices.in_stock,
       ratings.reviews,
       ratings.rating
FROM products AS p
JOIN categories AS c ON c.id = p.category_id
CROSS JOIN LATERAL (
    SELECT min(v.price)::numeric(12, 2) AS price_from,
           coalesce(sum(s.on_hand), 0) AS in_stock
    FROM variants AS v LEFT JOIN stock_levels AS s ON s.variant_id = v.id
    WHERE v.product_id = p.id
) AS prices
CROSS JOIN LATERAL (
    SELECT count(*) AS reviews, round(avg(r.rating), 2) AS rating
    FROM reviews AS r
    WHERE r.product_id = p.id AND r.published
) AS ratings;
COMMENT ON VIEW catalogue IS 'Products with their lowest price, stock and rating.';
