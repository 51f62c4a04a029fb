WITH stock AS (
    SELECT p.id, COALESCE(SUM(m.quantity), 0) AS in_stock
    FROM products AS p
    LEFT JOIN movements AS m ON m.product_id = p.id
    GROUP BY p.id
), sold AS (
    SELECT product_id, -SUM(quantity) AS sold
    FROM movements
    WHERE kind = 'sale' AND moved_at >= :since
    GROUP BY product_id
)
SELECT p.sku,
       p.name,
       s.name AS supplier,
       stock.in_stock,
       p.reorder_level,
       COALESCE(sold.sold, 0) AS sold,
       ((p.reorder_level - stock.in_stock) / p.reorder_quantity + 1) * p.reorder_quantity AS to_order,
       RANK() OVER (PARTITION BY p.supplier_id ORDER BY COALESCE(sold.sold, 0) DESC) AS rank_at_supplier
FROM products AS p
JOIN suppliers AS s ON s.id = p.supplier_id
JOIN stock ON stock.id = p.id
LEFT JOIN sold ON sold.product_id = p.id
WHERE NOT p.discontinued
  AND stock.in_stock <= p.reorder_level
  [[AND s.name = :supplier]]
ORDER BY s.name, rank_at_supplier, p.sku
