-- 150 more people, so that limits and pages have something to cut.
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 150)
INSERT INTO users (email, name, role, active, created_at)
SELECT printf('person%03d@example.com', n), printf('Person %03d', n), 'user', TRUE,
       datetime('2023-01-01', '+' || n || ' hours')
FROM numbers;
