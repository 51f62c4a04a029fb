-- pass
SELECT id, title FROM books WHERE isbn = :isbn;

-- pass
SELECT * FROM books WHERE branch IN (SELECT id FROM branches WHERE code = :code) ORDER BY title LIMIT :count OFFSET :skipped;

-- pass
SELECT title FROM books ORDER BY id LIMIT :skipped, :count;

-- pass
SELECT b.title, m.name FROM loans l JOIN books b ON b.id = l.book LEFT JOIN members m ON m.id = l.member WHERE l.due < :day;

-- pass
SELECT b.title, n.name FROM branches n RIGHT JOIN books b ON (n.id = b.branch AND n.opened >= :since);

-- pass
SELECT STRAIGHT_JOIN b.id FROM books b INNER JOIN loans l ON l.book = b.id WHERE l.taken BETWEEN :low AND :high;

-- pass
SELECT b.id, l.id AS loan FROM (books b, branches n) LEFT JOIN loans l ON l.book = b.id WHERE n.id = b.branch;

-- pass
SELECT id FROM books FORCE INDEX (PRIMARY) WHERE id > :last LIMIT 10;

-- pass
SELECT SQL_NO_CACHE DISTINCT kind FROM members;

-- pass
SELECT COUNT(*), COUNT(DISTINCT member), SUM(fine), AVG(fine), MAX(taken) FROM loans WHERE member = :member;

-- pass
SELECT branch, COUNT(*) AS books FROM books GROUP BY branch WITH ROLLUP;

-- pass
SELECT kind, COUNT(*) AS n FROM members GROUP BY kind HAVING n > :least ORDER BY n DESC, kind ASC;

-- pass
SELECT GROUP_CONCAT(DISTINCT title ORDER BY title DESC SEPARATOR '; ') AS titles FROM books WHERE branch = :branch;

-- pass
SELECT member, taken, ROW_NUMBER() OVER (PARTITION BY member ORDER BY taken) AS nth, SUM(fine) OVER w AS so_far FROM loans WINDOW w AS (PARTITION BY member ORDER BY taken ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW);

-- pass
SELECT id, LAG(due, 1) OVER (ORDER BY id) AS before_it, NTILE(4) OVER (ORDER BY id) AS quarter, PERCENT_RANK() OVER (ORDER BY fine) AS share FROM loans;

-- pass
SELECT COUNT(*) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE NO OTHERS) AS n FROM loans;

-- pass
WITH late AS (SELECT member, COUNT(*) AS n FROM loans WHERE returned > due GROUP BY member) SELECT m.name, late.n FROM late JOIN members m ON m.id = late.member WHERE late.n >= :least;

-- pass
WITH RECURSIVE up AS (SELECT id, parent, name, 1 AS depth FROM branches WHERE id = :id UNION ALL SELECT b.id, b.parent, b.name, up.depth + 1 FROM branches b JOIN up ON b.id = up.parent) SELECT id, name, depth FROM up;

-- pass
WITH RECURSIVE days AS (SELECT CAST(:first AS DATE) AS day UNION ALL SELECT day + INTERVAL 1 DAY FROM days WHERE day < :last) SELECT days.day, COUNT(l.id) AS loans FROM days LEFT JOIN loans l ON l.taken = days.day GROUP BY days.day;

-- pass
SELECT name FROM members UNION SELECT name FROM branches ORDER BY name LIMIT 20;

-- pass
(SELECT id FROM books WHERE price > :price) EXCEPT (SELECT book FROM loans);

-- pass
SELECT member FROM loans INTERSECT ALL SELECT id FROM members WHERE active;

-- pass
SELECT id, title FROM books WHERE MATCH (title, notes) AGAINST (:words IN BOOLEAN MODE);

-- pass
SELECT id, MATCH (title, notes) AGAINST (:words) AS score FROM books WHERE MATCH (title, notes) AGAINST (:words) ORDER BY score DESC;

-- pass
SELECT title FROM books WHERE title LIKE CONCAT('%', :part, '%') ESCAPE '|';

-- pass
SELECT title FROM books WHERE title REGEXP :pattern OR title NOT RLIKE '^a' OR title SOUNDS LIKE :word;

-- pass
SELECT title FROM books WHERE title = BINARY :title OR title COLLATE utf8mb4_bin = :other;

-- pass
SELECT id, JSON_VALUE(settings, '$.lang') AS lang, JSON_EXTRACT(settings, :path) AS part FROM members;

-- pass
SELECT id FROM members WHERE JSON_CONTAINS(settings, :wanted, '$.tags') AND JSON_VALID(settings);

-- pass
SELECT JSON_OBJECT('id', id, 'title', title) AS book, JSON_ARRAY(id, price) AS pair FROM books;

-- pass
SELECT branch, JSON_ARRAYAGG(title) AS titles FROM books GROUP BY branch;

-- pass
SELECT m.id, t.tag FROM members m, JSON_TABLE(m.settings, '$.tags[*]' COLUMNS (tag VARCHAR(40) PATH '$')) AS t WHERE t.tag = 'news';

-- pass
SELECT id, IF(price > :limit, 'dear', 'cheap') AS class, IFNULL(notes, '') AS notes, NULLIF(pages, 0) AS pages FROM books;

-- pass
SELECT CASE WHEN returned IS NULL AND due < CURDATE() THEN 'late' WHEN returned IS NULL THEN 'out' ELSE 'back' END AS state FROM loans WHERE id = :id;

-- pass
SELECT CASE kind WHEN :kind THEN 1 ELSE 0 END AS same FROM members;

-- pass
SELECT DATE_FORMAT(taken, '%Y-%m') AS month, TIMESTAMPDIFF(DAY, taken, due) AS days, DATEDIFF(due, :today) AS rest FROM loans;

-- pass
SELECT id FROM loans WHERE due < NOW() - INTERVAL :days DAY OR taken > DATE_SUB(CURDATE(), INTERVAL 1 YEAR_MONTH);

-- pass
SELECT EXTRACT(YEAR FROM joined) AS year, YEAR(joined) AS same, UNIX_TIMESTAMP(joined) AS seconds, FROM_UNIXTIME(:moment) AS moment FROM members;

-- pass
SELECT {d '2024-01-31'} AS day, TIMESTAMP'2024-01-31 10:00:00' AS moment, TIME'10:00:00' AS hour;

-- pass
SELECT TRIM(LEADING FROM name) AS a, TRIM(BOTH 'x' FROM name) AS b, SUBSTRING(name FROM 2 FOR 3) AS c, POSITION('a' IN name) AS d FROM members;

-- pass
SELECT CAST(price AS CHAR) AS a, CAST(:n AS UNSIGNED) AS b, CONVERT(name USING utf8mb4) AS c, CONVERT(:d, DECIMAL(10, 2)) AS d FROM books JOIN members ON members.id = books.id;

-- pass
SELECT id FROM books WHERE pages MOD 2 = 0 AND pages DIV 10 > 3 AND bits & 1 AND !(pages XOR price) AND price <=> :price;

-- pass
SELECT pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages + pages AS much FROM books;

-- pass
SELECT id FROM books WHERE price * pages > :worth AND 0 + title = :number;

-- pass
SELECT FIND_IN_SET('blocked', flags) AS at, FIELD(kind, 'staff', 'adult') AS rank_of, ELT(:n, 'a', 'b') AS word, INTERVAL(id, 1, 10) AS step FROM members;

-- pass
SELECT INET_ATON('10.0.0.1') AS n, HEX(secret) AS hex, MD5(name) AS md5, SHA2(:text, 256) AS sha, UUID() AS id FROM members;

-- pass
SELECT id, secret, bits, opens, weight FROM members JOIN books USING (id);

-- pass
SELECT name FROM members m WHERE EXISTS (SELECT 1 FROM loans l WHERE l.member = m.id AND l.due < :day) AND m.id NOT IN (SELECT member FROM loans WHERE fine > 0);

-- pass
SELECT name, (SELECT COUNT(*) FROM loans l WHERE l.member = m.id) AS loans, (SELECT title FROM open_loans o WHERE o.member = m.id LIMIT 1) AS one FROM members m;

-- pass
SELECT id FROM books WHERE price > ALL (SELECT price FROM books WHERE branch = :branch) OR price = ANY (SELECT credit FROM members);

-- pass
SELECT t.branch FROM (SELECT branch, COUNT(*) FROM books WHERE price >= :price GROUP BY branch) AS t;

-- pass
SELECT id FROM loans WHERE (book, member) = (:book, :member) OR (book, member) IN ((1, 2), (3, 4));

-- pass
SELECT id FROM members WHERE kind IN (:kinds) AND id NOT IN (:skipped);

-- pass
SELECT id, credit FROM members WHERE id = :id FOR UPDATE;

-- pass
SELECT id FROM loans WHERE returned IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- pass
SELECT id FROM members WHERE id = :id LOCK IN SHARE MODE;

-- pass
SELECT id FROM books ORDER BY id OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY;

-- pass
VALUES (1, 'a'), (2, 'b');

-- pass
SELECT `id`, `name` AS `the name` FROM `members` WHERE `name` = "O'Hara" # who
;

-- pass
INSERT INTO members (name, mail, kind, born) VALUES (:name, :mail, :kind, :born);

-- pass
INSERT INTO members SET name = :name, credit = :credit, settings = :settings;

-- pass
INSERT IGNORE INTO counters (name, n) VALUES (:a, 1), (:b, 2);

-- pass
INSERT INTO counters (name, n, seen) VALUES (:name, :n, NOW()) ON DUPLICATE KEY UPDATE n = n + VALUES(n), seen = VALUES(seen);

-- pass
INSERT INTO counters (name, n) SELECT title, COUNT(*) FROM open_loans GROUP BY title ON DUPLICATE KEY UPDATE n = n + 1;

-- pass
INSERT INTO counters (name) SELECT :name FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM counters WHERE name = :name);

-- pass
INSERT INTO loans (book, member, taken, due) VALUES (:book, :member, CURDATE(), CURDATE() + INTERVAL :weeks WEEK) RETURNING id, due;

-- pass
REPLACE INTO counters (name, n) VALUES (:name, :n) RETURNING name, n + 1 AS next;

-- pass
UPDATE members SET credit = credit + :amount, active = NOT active WHERE id = :id LIMIT 1;

-- pass
UPDATE loans l JOIN books b ON b.id = l.book SET l.fine = l.fine + b.price, l.returned = :day WHERE b.isbn = :isbn;

-- pass
UPDATE members, loans SET members.active = 0 WHERE loans.member = members.id AND loans.fine > :most;

-- pass
UPDATE members SET settings = JSON_SET(COALESCE(settings, '{}'), '$.lang', :lang) WHERE id = :id;

-- pass
UPDATE counters SET n = CASE name WHEN :a THEN 1 WHEN :b THEN 2 ELSE n END ORDER BY name LIMIT 5;

-- pass
DELETE FROM loans WHERE returned < :day ORDER BY id LIMIT 100;

-- pass
DELETE l FROM loans l LEFT JOIN members m ON m.id = l.member WHERE m.id IS NULL;

-- pass
DELETE FROM l USING loans l INNER JOIN books b ON b.id = l.book WHERE b.isbn = :isbn;

-- pass
DELETE FROM counters WHERE n < :least ORDER BY n LIMIT 1 RETURNING name, n;

-- pass
CALL close_loan(:loan, :day);

-- refuse: untyped-column
SELECT id, place FROM branches;

-- pass
SELECT id, ST_AsText(place) AS place FROM branches;

-- refuse: name-collision
SELECT * FROM loans l JOIN members m ON m.id = l.member;

-- refuse: sql-error
SELECT titel FROM books;

-- refuse: sql-error
SELECT id FROM book;

-- refuse: sql-error
SELECT no_such_function(id) FROM books;

-- refuse: sql-error
INSERT INTO counters (name, n) VALUES (:name);

-- refuse: sql-syntax
SELECT id FROM books WHERE WHERE id = 1;

-- refuse: sql-syntax
SELECT id FROM books WHERE id = ?;

-- refuse: missing-key
SELECT COALESCE(:a, :b) AS first;

-- refuse: invalid-effect
SHOW TABLES;

-- refuse: invalid-effect
SET NAMES utf8mb4;

-- refuse: invalid-effect
TRUNCATE TABLE counters;

-- refuse: invalid-effect
SELECT id INTO OUTFILE '/tmp/x' FROM books;

-- refuse: invalid-effect
HANDLER books OPEN;

-- refuse: invalid-effect
LOCK TABLES books READ;

-- refuse: sql-syntax
SELECT id FROM books /*M!100000 INTO OUTFILE '/tmp/x' */;

-- refuse: invalid-effect
SELECT load_file /* of the server */ ('/etc/hostname') AS text;
