WITH RECURSIVE roots AS (
    SELECT id, slug AS root FROM categories WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, r.root FROM categories AS c JOIN roots AS r ON r.id = c.parent_id
), monthly AS (
    SELECT to_char(s.day, 'YYYY-MM') AS month, r.root::text AS category, s.order_id, s.quantity, s.line_total
    FROM sales AS s JOIN roots AS r ON r.id = s.category_id
    WHERE s.day >= :from [[AND s.day <= :until]]
)
SELECT month,
       category,
       count(DISTINCT order_id) AS orders,
       sum(quantity) AS sold,
       sum(line_total) AS revenue,
       grouping(month, category) AS level
FROM monthly
GROUP BY ROLLUP (month, category)
ORDER BY grouping(month), month, grouping(category), category
