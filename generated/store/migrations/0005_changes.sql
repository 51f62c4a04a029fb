-- Who watches a product hears of its changes: by its slug, on the channel `catalogue`. PostgreSQL
-- sends a notification when the transaction commits, and the same one once.
CREATE FUNCTION tell_of_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catalogue', coalesce(NEW.slug, OLD.slug));
    RETURN NULL;
END
$$;

CREATE TRIGGER products_tell AFTER INSERT OR UPDATE OR DELETE ON products
    FOR EACH ROW EXECUTE FUNCTION tell_of_product();

CREATE FUNCTION tell_of_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catalogue', slug) FROM products
    WHERE id = coalesce(NEW.product_id, OLD.product_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER variants_tell AFTER INSERT OR UPDATE OR DELETE ON variants
    FOR EACH ROW EXECUTE FUNCTION tell_of_variant();

CREATE FUNCTION tell_of_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catalogue', p.slug)
    FROM products AS p JOIN variants AS v ON v.product_id = p.id
    WHERE v.id = coalesce(NEW.variant_id, OLD.variant_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER stock_levels_tell AFTER INSERT OR UPDATE OR DELETE ON stock_levels
    FOR EACH ROW EXECUTE FUNCTION tell_of_stock();

-- A product shows its rating, and has a list of reviews. A payload can also name params.
CREATE FUNCTION tell_of_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catalogue', slug), pg_notify('reviews', json_build_object('slug', slug)::text)
    FROM products WHERE id = coalesce(NEW.product_id, OLD.product_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER reviews_tell AFTER INSERT OR UPDATE OR DELETE ON reviews
    FOR EACH ROW EXECUTE FUNCTION tell_of_review();
