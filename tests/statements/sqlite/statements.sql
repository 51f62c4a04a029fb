-- pass
SELECT b.title, a.name FROM books AS b JOIN authors AS a ON a.id = b.author_id WHERE a.name = :name;

-- pass
SELECT * FROM books WHERE author_id IN (:authors) ORDER BY title COLLATE NOCASE LIMIT :limit OFFSET :offset;

-- pass
SELECT title FROM books WHERE title LIKE '%' || :part || '%' ESCAPE '\' ORDER BY length(title) DESC, 1;

-- pass
SELECT a.id, a.name, count(*) AS books, coalesce(avg(b.price), 0) AS average, coalesce(sum(b.pages), 0) AS pages, max(b.title) AS last
FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id
GROUP BY a.id HAVING count(*) >= :least;

-- pass
SELECT sum(genre = 'novel') AS novels, sum(price > :limit) AS dear, total(price) AS worth FROM books;

-- pass
SELECT title, row_number() OVER w AS place, rank() OVER w AS rank, lag(title) OVER w AS before, sum(price) OVER w AS running
FROM books WINDOW w AS (PARTITION BY author_id ORDER BY price DESC);

-- pass
SELECT title, avg(pages) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS around FROM books;

-- pass
SELECT title, count(*) FILTER (WHERE price > 10) OVER (PARTITION BY genre) AS dear FROM books;

-- pass
WITH RECURSIVE tree (id, name, depth) AS (
    SELECT id, name, 0 FROM folders WHERE parent_id IS :root
    UNION ALL
    SELECT f.id, f.name, tree.depth + 1 FROM folders AS f JOIN tree ON f.parent_id = tree.id
)
SELECT id, name, depth FROM tree ORDER BY depth, name;

-- pass
WITH late AS MATERIALIZED (SELECT book_id, member_id FROM loans WHERE returned IS NULL AND since < date('now', :ago)),
     twice AS NOT MATERIALIZED (SELECT member_id FROM late GROUP BY member_id HAVING count(*) > 1)
SELECT email FROM members WHERE id IN twice;

-- pass
SELECT id FROM books WHERE id IN (SELECT book_id FROM loans) AND id NOT IN (1, 2, :other);

-- pass
SELECT title FROM books EXCEPT SELECT title FROM shelf WHERE loans > 0;

-- pass
SELECT id, title FROM books UNION ALL SELECT id, name FROM authors ORDER BY 2 LIMIT 10;

-- pass
SELECT name AS name FROM authors INTERSECT SELECT name FROM folders;

-- pass
VALUES (1, 'one'), (2, 'two');

-- pass
SELECT id, title, author, loans FROM shelf WHERE author = :author;

-- pass
SELECT CAST(label AS TEXT) AS label FROM labels;

-- pass
-- param more: string/json
SELECT CAST(e.key AS INTEGER) AS place, json_each.type FROM books, json_each(books.tags) AS e, json_each(:more) WHERE books.id = :id;

-- refuse: untyped-column
SELECT e.value FROM books, json_each(books.tags) AS e WHERE books.id = :id;

-- pass
-- param tag: string
SELECT b.id FROM books AS b WHERE EXISTS (SELECT 1 FROM json_each(b.tags) AS t WHERE t.value = :tag);

-- pass
SELECT json_group_array(json_object('id', id, 'title', title)) AS books, json_array_length(:tags) AS tags FROM books;

-- pass
SELECT id, CAST(settings ->> '$.theme' AS TEXT) AS theme, settings -> '$.colors' AS colors FROM members;

-- refuse: untyped-column
SELECT id, settings ->> '$.theme' AS theme FROM members;

-- refuse: untyped-column
SELECT id, settings FROM members;

-- refuse: untyped-column
SELECT note FROM authors;

-- refuse: untyped-column
SELECT label FROM labels;

-- pass
UPDATE books SET tags = json_insert(tags, '$[#]', :tag) WHERE id = :id RETURNING tags;

-- pass
UPDATE members SET settings = jsonb_set(settings, '$.theme', :theme) WHERE id = :id;

-- pass
SELECT title, rank, highlight(search, 0, '<b>', '</b>') AS marked, bm25(search, 2.0) AS score, snippet(search, 1, '', '', '…', 8) AS part
FROM search WHERE search MATCH :query ORDER BY rank LIMIT 20;

-- refuse: untyped-column
-- param query: string
SELECT title FROM search(:query);

-- pass
INSERT INTO search (title, body, book_id) SELECT title, :body, id FROM books WHERE id = :id;

-- pass
INSERT INTO search (search) VALUES ('optimize');

-- pass
DELETE FROM search WHERE rowid = :row;

-- pass
INSERT INTO authors (name, born) VALUES (:name, :born) RETURNING id, name, born;

-- pass
INSERT INTO members (id, email) VALUES (:id, :email)
ON CONFLICT (email) DO UPDATE SET active = excluded.active, id = members.id WHERE members.active IS NOT excluded.active
RETURNING id, active;

-- pass
INSERT INTO loans AS l (book_id, member_id, since) VALUES (:book, :member, CURRENT_DATE)
ON CONFLICT (book_id, member_id, since) WHERE renewals > 0 DO UPDATE SET renewals = l.renewals + 1
ON CONFLICT DO NOTHING
RETURNING renewals;

-- pass
INSERT INTO members (id, email) SELECT lower(hex(randomblob(8))), :email WHERE TRUE ON CONFLICT (email) DO NOTHING;

-- refuse: sql-error
INSERT INTO members (id, email) VALUES (:id, :email) ON CONFLICT (active) DO NOTHING;

-- pass
INSERT OR IGNORE INTO authors (id, name) VALUES (:id, :name);

-- pass
INSERT OR REPLACE INTO folders (id, parent_id, name) VALUES (:id, :parent, :name);

-- pass
REPLACE INTO folders (id, name) VALUES (:id, :name) RETURNING *;

-- pass
INSERT INTO folders DEFAULT VALUES;

-- pass
INSERT INTO folders VALUES (NULL, :parent, :name), (NULL, :parent, upper(:name));

-- pass
UPDATE books SET (title, price) = (:title, :price), pages = coalesce(:pages, pages) WHERE id = :id;

-- pass
UPDATE books SET price = price * (1 + :percent / 100.0) FROM authors AS a WHERE a.id = books.author_id AND a.name = :author RETURNING books.id, price;

-- pass
UPDATE OR IGNORE members SET email = trim(:email) WHERE id = :id;

-- pass
UPDATE loans SET returned = date('now') WHERE (book_id, member_id) = (:book, :member) AND returned ISNULL;

-- pass
DELETE FROM loans WHERE returned NOTNULL AND returned < :before RETURNING book_id, member_id;

-- pass
DELETE FROM loans WHERE rowid IN (SELECT rowid FROM loans WHERE returned NOT NULL ORDER BY since LIMIT :most);

-- pass
WITH old AS (SELECT id FROM books WHERE added_at < :before) DELETE FROM books WHERE id IN old;

-- pass
SELECT rowid AS number, * FROM books AS b INDEXED BY sqlite_autoindex_books_1 WHERE title = :title;

-- pass
SELECT id, name FROM authors NOT INDEXED WHERE +id = :id;

-- pass
SELECT * FROM loans JOIN (SELECT id AS book_id, title FROM books) USING (book_id);

-- pass
SELECT title, name FROM books NATURAL LEFT JOIN (SELECT id AS author_id, name FROM authors);

-- refuse: name-collision
SELECT * FROM folders AS f JOIN folders AS p ON p.id = f.parent_id;

-- pass
SELECT a.name, b.title FROM authors AS a FULL OUTER JOIN books AS b ON a.id = b.author_id RIGHT JOIN loans AS l ON l.book_id = b.id;

-- pass
SELECT a.name FROM authors AS a CROSS JOIN books AS b ON b.author_id = a.id WHERE b.genre = :genre;

-- pass
SELECT a.name AS author FROM authors AS a WHERE author GLOB :pattern AND a.note IS NULL;

-- pass
SELECT title FROM books WHERE genre IS NOT :genre AND author_id = :author;

-- pass
SELECT title FROM books WHERE genre IS NOT DISTINCT FROM :genre AND NOT title LIKE 'a%' OR title NOT GLOB 'b*';

-- pass
SELECT pages & 255 AS low, pages | 1 AS odd, pages << 2 AS more, ~pages AS inverse, pages % 10 AS digit, -price AS owed FROM books;

-- pass
SELECT iif(price > 10, 'dear', 'cheap') AS class, CASE genre WHEN 'novel' THEN 1 WHEN 'essay' THEN 2 END AS number, nullif(pages, 0) AS pages FROM books;

-- pass
SELECT CASE WHEN price IS NULL THEN 0 ELSE price END AS price, round(fee, 1) AS fee, CAST(fee AS NUMERIC) AS exact, max(pages, 100) AS most FROM books;

-- pass
SELECT date(added_at, 'start of month') AS month, strftime('%Y', added_at) AS year, unixepoch(added_at) AS seconds, julianday('now') - julianday(added_at) AS days, time(added_at) AS hour FROM books;

-- pass
SELECT datetime(added_at, '+1 day') AS next, unixepoch('now', 'subsec') AS exact, timediff('now', added_at) AS age FROM books;

-- pass
SELECT upper(title) AS big, substr(title, 1, 3) AS head, printf('%05d', id) AS number, instr(title, :what) AS place, replace(title, ' ', '_') AS slug, title || ' (' || pages || ')' AS label FROM books;

-- pass
SELECT group_concat(title, ', ' ORDER BY title) AS titles, group_concat(DISTINCT genre) AS genres FROM books;

-- refuse: sql-error
SELECT group_concat(titel) FROM books;

-- pass
SELECT cover, hex(cover) AS hex, length(cover) AS bytes, x'00ff' AS mark, 0xff AS number, NULL AS empty, typeof(note) AS class FROM books, authors;

-- pass
SELECT [b].[title], `b`.`id`, "b"."price" FROM [books] AS [b];

-- pass
SELECT (SELECT count(*) FROM loans AS l WHERE l.book_id = b.id) AS loans, EXISTS (SELECT 1 FROM loans WHERE book_id = b.id) AS lent FROM books AS b;

-- pass
SELECT name, type FROM sqlite_master WHERE type = 'table';

-- pass
SELECT count(*) FROM books WHERE (price, pages) > (:price, :pages) AND author_id BETWEEN :low AND :high;

-- pass
SELECT title FROM books WHERE title = :title -- the end
;

-- pass
/* a comment with 'a quote and a ? */ SELECT DISTINCT genre FROM books WHERE title <> '?; :no' AND genre IN (:genres);

-- refuse: sql-error
SELECT titel FROM books;

-- refuse: sql-error
SELECT title FROM book;

-- refuse: sql-error
SELECT soundx(title) FROM books;

-- refuse: sql-error
SELECT ceil(price) FROM books;

-- refuse: sql-error
SELECT title FROM books WHERE genre = "novel";

-- refuse: sql-error
SELECT gone FROM broken;

-- refuse: sql-error
SELECT id FROM books, authors;

-- refuse: sql-error
SELECT substr(title) FROM books;

-- refuse: sql-error
INSERT INTO books (title, price) VALUES (:title);

-- refuse: sql-syntax
SELECT title FROM books WHERE;

-- refuse: sql-syntax
SELECT title FROM books WHERE id = ?;

-- refuse: sql-syntax
SELECT title FROM books WHERE id = $1 OR id = @id;

-- refuse: sql-syntax
SELECT title FROM books FOR UPDATE;

-- refuse: invalid-effect
DROP TABLE books;

-- refuse: invalid-effect
CREATE TEMP TABLE t AS SELECT 1;

-- refuse: invalid-effect
PRAGMA foreign_keys = OFF;

-- refuse: invalid-effect
SELECT load_extension(title) FROM books;

-- refuse: invalid-effect
BEGIN IMMEDIATE;

-- refuse: invalid-effect
ATTACH 'other.db' AS other;

-- refuse: invalid-effect
VACUUM;

-- refuse: missing-key
SELECT :anything AS anything;

-- refuse: column-mismatch
-- param id: string
UPDATE books SET author_id = :id;
