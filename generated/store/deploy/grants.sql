-- What the server `store` may do in its database, and no more: mcpgen found it out from the
-- statements of store.yaml, by asking the database. Run it there after the migrations, as the owner
-- of the tables.
-- Everybody may CONNECT to a database and has USAGE on the schema public, unless that was taken
-- away. The role gets its password by `ALTER ROLE "store" PASSWORD '…'`.

DO $$ BEGIN CREATE ROLE "store" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

-- Reading

-- add_address, get_order, list_customers, place_order
GRANT SELECT (id, customer_id, line1, line2, postcode, city, country) ON addresses TO "store";

-- add_to_cart, clean_carts, get_cart
GRANT SELECT (customer_id, variant_id, quantity, added_at) ON cart_items TO "store";

-- product, list_products, search_products
GRANT SELECT (id, slug, name, brand, status, tags, category, price_from, in_stock, reviews, rating) ON catalogue TO "store";

-- categories, category_tree, create_product, list_products, reprice_category, sales_by_category,
-- top_products
GRANT SELECT (id, parent_id, slug, name, return_window) ON categories TO "store";

-- delay_letter, reviews, add_to_segments, create_customer, customer_ranking, delete_customer,
-- get_customer, get_order, latest_orders, list_customers, place_order, update_customer
GRANT SELECT (id, email, name, phone, birthday, active, segments, preferences, last_seen_from, created_at) ON customers TO "store";

-- delay_letter, cancel_order, expire_orders, get_order, place_order
GRANT SELECT (order_id, line, variant_id, quantity, unit_price, line_total) ON order_items TO "store";

-- delay_letter, cancel_order, claim_next_order, customer_ranking, deliver_orders, expire_orders,
-- get_customer, get_order, latest_orders, list_orders, place_order, refund_order, revenue_by_day,
-- ship_order, take_payment
GRANT SELECT (id, number, customer_id, ship_to, status, currency, promotion, discount, total, placed_at, placed_from, packer, shipped_at, delivered_at, note) ON orders TO "store";

-- cancel_order, get_order, place_order, refund_order, take_payment
GRANT SELECT (id, order_id, kind, method, amount, paid_at) ON payments TO "store";

-- price_history
GRANT SELECT (id, variant_id, old_price, new_price, changed_at) ON price_changes TO "store";

-- delay_letter, review_digest, product, reviews, add_to_cart, add_variant, category_tree,
-- clean_carts, create_product, delete_draft, find_variants, get_cart, get_order, get_product,
-- low_stock, place_order, products_by_attribute, reprice_category, review_summary, search_products,
-- top_products, update_product, write_review
GRANT SELECT (id, category_id, slug, name, description, brand, status, tags, attributes, season, released_on, updated_at, search) ON products TO "store";

-- add_promotion, place_order, running_promotions
GRANT SELECT (code, percent_off, runs) ON promotions TO "store";

-- review_digest, reviews, publish_reviews, review_summary, write_review
GRANT SELECT (product_id, customer_id, rating, title, body, published, written_at) ON reviews TO "store";

-- low_stock, sales_by_category, top_products, write_review
GRANT SELECT (order_id, day, product_id, category_id, sku, quantity, line_total) ON sales TO "store";

-- cancel_order, create_product, expire_orders, find_variants, get_product, low_stock, place_order,
-- restock
GRANT SELECT (variant_id, on_hand, reorder_level) ON stock_levels TO "store";

-- delay_letter, add_to_cart, add_variant, clean_carts, create_product, find_variants, get_cart,
-- get_order, get_product, low_stock, place_order, price_history, reprice_category, restock
GRANT SELECT (id, product_id, sku, name, price, weight_g, options) ON variants TO "store";

-- Writing

-- add_address
GRANT SELECT (kind, is_default) ON addresses TO "store";

-- add_address
GRANT INSERT (customer_id, kind, line1, line2, postcode, city, country, is_default) ON addresses TO "store";

-- add_address
GRANT UPDATE (is_default) ON addresses TO "store";

-- audit
GRANT INSERT ("time", client, address, transport, session, method, name, arguments, outcome, error_type, "rows", bytes, duration_ms, request_id, trace_id) ON audit_log TO "store";

-- add_to_cart
GRANT INSERT (customer_id, variant_id, quantity) ON cart_items TO "store";

-- add_to_cart
GRANT UPDATE (quantity) ON cart_items TO "store";

-- clean_carts
GRANT DELETE ON cart_items TO "store";

-- create_customer
GRANT INSERT (email, name, phone, birthday, segments, preferences) ON customers TO "store";

-- add_to_segments, update_customer
GRANT UPDATE (id, name, phone, active, segments, preferences) ON customers TO "store";

-- delete_customer
GRANT DELETE ON customers TO "store";

-- place_order
GRANT INSERT (order_id, line, variant_id, quantity, unit_price) ON order_items TO "store";

-- place_order
GRANT INSERT (customer_id, ship_to, promotion, placed_from, note) ON orders TO "store";

-- cancel_order, claim_next_order, deliver_orders, expire_orders, place_order, refund_order,
-- ship_order, take_payment
GRANT UPDATE (status, discount, total, packer, shipped_at, delivered_at, note) ON orders TO "store";

-- cancel_order, place_order, refund_order, take_payment
GRANT INSERT (order_id, kind, method, amount, reason) ON payments TO "store";

-- create_product
GRANT SELECT (created_at) ON products TO "store";

-- create_product
GRANT INSERT (category_id, slug, name, description, brand, tags, season) ON products TO "store";

-- update_product
GRANT UPDATE (id, name, description, status, tags, released_on) ON products TO "store";

-- delete_draft
GRANT DELETE ON products TO "store";

-- add_promotion
GRANT INSERT (code, percent_off, runs) ON promotions TO "store";

-- publish_reviews, write_review
GRANT SELECT (id) ON reviews TO "store";

-- write_review
GRANT INSERT (product_id, customer_id, rating, title, body) ON reviews TO "store";

-- publish_reviews, write_review
GRANT UPDATE (rating, title, body, published, written_at) ON reviews TO "store";

-- write_review
GRANT SELECT (customer_id) ON sales TO "store";

-- create_product, restock
GRANT INSERT (variant_id, on_hand) ON stock_levels TO "store";

-- cancel_order, expire_orders, place_order, restock
GRANT UPDATE (on_hand, counted_at) ON stock_levels TO "store";

-- add_variant
GRANT SELECT (cost) ON variants TO "store";

-- add_variant, create_product
GRANT INSERT (product_id, sku, name, price, cost, weight_g, options) ON variants TO "store";

-- reprice_category
GRANT UPDATE (price) ON variants TO "store";
