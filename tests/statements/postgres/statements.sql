-- pass
SELECT id, title, status, priority, labels, facts, due, spent, updated_at FROM tickets WHERE id = :id;

-- pass
SELECT * FROM agents WHERE email = :email LIMIT 1;

-- pass
SELECT "fullName", lower(email) AS email FROM agents WHERE "fullName" ILIKE '%' || :part || '%';

-- pass
SELECT t.id, t.title, a."fullName" FROM tickets t LEFT JOIN agents a ON a.id = t.agent_id
ORDER BY t.priority DESC NULLS LAST, t.id LIMIT :limit OFFSET :offset;

-- pass
SELECT * FROM open_tickets WHERE id = ANY (:ids::bigint[]);

-- pass
SELECT id FROM tickets WHERE id IN (:ids) AND status NOT IN ('closed');

-- pass
SELECT id FROM tickets WHERE labels && :labels AND NOT labels @> ARRAY['spam'];

-- pass
SELECT id, labels[1], labels[2:3] AS some, array_length(labels, 1) AS many FROM tickets;

-- pass
SELECT id, unnest(labels) AS label FROM tickets;

-- pass
SELECT label, count(*) FROM tickets, unnest(labels) WITH ORDINALITY AS l (label, at) GROUP BY label HAVING count(*) > :least;

-- pass
SELECT facts ->> 'source' AS source, facts #>> '{a,b}' AS deep, facts @> '{"vip": true}' AS vip, facts ? 'vip' AS has
FROM tickets WHERE facts ?| ARRAY['a', 'b'] OR facts ->> :key = :value;

-- pass
SELECT jsonb_build_object('id', id, 'labels', to_jsonb(labels)) AS ticket FROM tickets;

-- pass
SELECT id, jsonb_path_query_array(facts, '$.steps[*] ? (@.done == true)') AS done FROM tickets;

-- pass
SELECT t.id, e.key, e.value FROM tickets t CROSS JOIN LATERAL jsonb_each_text(t.facts) AS e;

-- pass
SELECT x.a, x.b FROM jsonb_to_recordset(:rows::jsonb) AS x (a integer, b text);

-- pass
SELECT status, count(*) FILTER (WHERE due < CURRENT_DATE) AS late, avg(priority) AS middle, string_agg(title, ', ' ORDER BY id) AS titles
FROM tickets GROUP BY status;

-- pass
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY priority) AS middle, mode() WITHIN GROUP (ORDER BY status) AS most FROM tickets;

-- pass
SELECT agent_id, status, count(*), GROUPING(agent_id, status) AS level FROM tickets GROUP BY ROLLUP (agent_id, status);

-- pass
SELECT coalesce(status::text, 'all') AS status, count(*) FROM tickets GROUP BY CUBE (coalesce(status::text, 'all'));

-- pass
SELECT id, row_number() OVER (PARTITION BY status ORDER BY priority) AS place, lag(id) OVER w AS before,
    sum(priority) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving
FROM tickets WINDOW w AS (ORDER BY id);

-- pass
SELECT id, sum(priority) OVER (ORDER BY id GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES) AS s FROM tickets;

-- pass
SELECT DISTINCT ON (agent_id) agent_id, id, title FROM tickets ORDER BY agent_id, updated_at DESC;

-- pass
WITH RECURSIVE below AS (
    SELECT id, name, 0 AS depth FROM teams WHERE id = :root
    UNION ALL
    SELECT t.id, t.name, b.depth + 1 FROM teams t JOIN below b ON t.parent_id = b.id
)
SELECT * FROM below ORDER BY depth;

-- pass
WITH RECURSIVE up (id, parent_id) AS (
    SELECT id, parent_id FROM teams WHERE id = :id
    UNION SELECT t.id, t.parent_id FROM teams t JOIN up ON up.parent_id = t.id
) SEARCH DEPTH FIRST BY id SET path
SELECT id FROM up;

-- pass
WITH late AS MATERIALIZED (SELECT id FROM tickets WHERE due < :day), n AS NOT MATERIALIZED (SELECT count(*) AS n FROM late)
SELECT n FROM n;

-- pass
SELECT a.id, l.title FROM agents a LEFT JOIN LATERAL (
    SELECT title FROM tickets t WHERE t.agent_id = a.id ORDER BY t.id DESC LIMIT 1
) l ON TRUE;

-- pass
SELECT id FROM tickets WHERE status = 'open' UNION ALL SELECT id FROM archive.tickets EXCEPT SELECT id FROM open_tickets;

-- pass
(SELECT id FROM tickets ORDER BY id LIMIT 1) UNION (SELECT id FROM archive.tickets ORDER BY id DESC LIMIT 1);

-- pass
VALUES (1, 'one'), (2, :two::text);

-- pass
TABLE teams;

-- pass
SELECT d::date AS day, count(t.id) AS due FROM generate_series(:first::date, :last::date, '1 day') AS d
LEFT JOIN tickets t ON t.due = d GROUP BY d;

-- pass
SELECT id, ts_rank(words, q) AS rank, ts_headline('english', title, q) AS found
FROM tickets, websearch_to_tsquery('english', :search) AS q WHERE words @@ q ORDER BY rank DESC;

-- pass
SELECT date_trunc('month', updated_at) AS month, extract(dow FROM due) AS day, age(due) AS age, updated_at AT TIME ZONE 'UTC' AS moment
FROM tickets WHERE updated_at > now() - make_interval(days => :days);

-- pass
SELECT id FROM tickets WHERE (priority, id) > (:priority, :id) ORDER BY priority, id FETCH FIRST 10 ROWS WITH TIES;

-- pass
SELECT id FROM tickets WHERE title SIMILAR TO '(a|b)%' OR title ~* :pattern OR title LIKE 'x!%' ESCAPE '!';

-- pass
SELECT id FROM tickets WHERE status = 'open' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1;

-- pass
SELECT t.id FROM tickets t JOIN agents a ON a.id = t.agent_id FOR NO KEY UPDATE OF t NOWAIT;

-- pass
SELECT id, CASE WHEN due IS NULL THEN 'never' WHEN due < CURRENT_DATE THEN 'late' ELSE 'fine' END AS state FROM tickets;

-- pass
SELECT EXISTS (SELECT 1 FROM agents WHERE email = :email) AS known, load_of(:agent) AS load;

-- pass
SELECT id FROM tickets WHERE agent_id IS NOT DISTINCT FROM :agent AND due BETWEEN SYMMETRIC :one AND :other;

-- pass
SELECT id, away, (away).first AS begins FROM agents WHERE away IS NOT NULL;

-- pass
SELECT agent_id, during, lower(during) AS begins, address, mask FROM shifts WHERE during && tstzrange(:first, :last, '[)') AND during @> now();

-- pass
SELECT desk::text AS desk, paid::numeric AS paid, off::text AS off FROM shifts;

-- pass
SELECT overlay(title PLACING 'x' FROM 1 FOR 2) AS a, substring(title FROM '^.') AS b, position('x' IN title) AS c, trim(BOTH ' ' FROM title) AS d,
    E'it\'s' AS e, $a$a :b$$$a$ AS f, U&'\0041' AS g, format('%s-%s', id, title) AS h
FROM tickets;

-- pass
SELECT id /* :no */, title -- :neither
FROM tickets WHERE title <> ':nor' AND id = :id;

-- pass
SELECT greatest(priority, :least) AS most, nullif(title, '') AS title, num_nulls(due, body) AS holes FROM tickets;

-- pass
SELECT count(DISTINCT agent_id), bool_or(due IS NULL), array_agg(DISTINCT priority), jsonb_object_agg(id, title) FROM tickets;

-- pass
SELECT ARRAY(SELECT id FROM tickets ORDER BY id) AS ids, ARRAY[[1, 2], [3, 4]] AS square, (ARRAY[1, 2, 3])[:at] AS one;

-- pass
SELECT t AS whole, (SELECT a FROM agents a LIMIT 1) AS agent FROM teams t;

-- pass
SELECT * FROM teams TABLESAMPLE SYSTEM (10) WHERE id % 2 = 0;

-- pass
SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) AS r (n, word);

-- pass
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema;

-- pass
SELECT * FROM teams t JOIN (SELECT team_id AS id, count(*) AS agents FROM agents GROUP BY 1) a USING (id);

-- pass
SELECT xmlelement(name ticket, xmlattributes(id), title) AS xml FROM tickets;

-- pass
SELECT nextval(pg_get_serial_sequence('tickets', 'id')) AS id;

-- pass
SELECT id, title FROM close_all(:priority);

-- pass
INSERT INTO tickets (title, body, priority, labels, facts, due) VALUES (:title, :body, :priority, :labels, :facts, :due) RETURNING id, status;

-- pass
INSERT INTO agents (email, "fullName", team_id, rate) VALUES (:email, :name, (SELECT id FROM teams WHERE name = :team), DEFAULT) RETURNING id;

-- pass
INSERT INTO counters (name, value) VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value;

-- pass
INSERT INTO teams (name) VALUES (:name) ON CONFLICT ON CONSTRAINT teams_name_key DO NOTHING;

-- pass
INSERT INTO tickets (title, priority) SELECT t, p FROM unnest(:titles::text[], :priorities::int[]) AS x (t, p) RETURNING id;

-- pass
INSERT INTO tickets (id, title) OVERRIDING SYSTEM VALUE SELECT id, title FROM archive.tickets WHERE id = :id;

-- pass
INSERT INTO counters DEFAULT VALUES;

-- pass
INSERT INTO shifts (agent_id, during, desk, address) VALUES (:agent, :during, :desk, :address);

-- pass
UPDATE tickets SET title = coalesce(:title, title), updated_at = now() WHERE id = :id RETURNING id, title;

-- pass
UPDATE tickets AS t SET (agent_id, status) = (SELECT a.id, 'waiting'::status FROM agents a WHERE a.email = :email) WHERE t.id = :id;

-- pass
UPDATE tickets SET priority = x.p FROM (VALUES (1, 2), (2, 3)) AS x (id, p) WHERE tickets.id = x.id RETURNING tickets.id, x.p;

-- pass
UPDATE tickets SET facts = jsonb_set(coalesce(facts, '{}'), '{seen}', to_jsonb(:seen::boolean)), labels = array_append(labels, :label) WHERE id = :id;

-- pass
UPDATE tickets SET labels[1] = :label, facts['seen'] = 'true', spent = spent + :more WHERE id = :id;

-- pass
UPDATE tickets SET status = 'waiting' WHERE id = (SELECT id FROM tickets WHERE status = 'open' ORDER BY priority FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id;

-- pass
DELETE FROM tickets USING agents AS a WHERE a.id = tickets.agent_id AND a.email = :email RETURNING tickets.id;

-- pass
WITH gone AS (DELETE FROM tickets WHERE due < :day RETURNING *)
INSERT INTO archive.tickets (id, title, status, priority, labels, spent, updated_at)
SELECT id, title, status, priority, labels, spent, updated_at FROM gone RETURNING id;

-- pass
MERGE INTO counters c USING (SELECT :name::text AS name) s ON s.name = c.name
WHEN MATCHED THEN UPDATE SET value = c.value + 1
WHEN NOT MATCHED THEN INSERT (name, value) VALUES (s.name, 1);

-- pass
CALL sweep(:keep);

-- refuse: untyped-column
SELECT desk FROM shifts;

-- refuse: untyped-column
SELECT words FROM tickets;

-- refuse: untyped-column
SELECT t FROM tickets t;

-- refuse: untyped-column
SELECT ROW(id, title) AS pair FROM tickets;

-- refuse: untyped-column
SELECT array_agg(ROW(id, title)) AS pairs FROM tickets;

-- refuse: sql-error
SELECT off FROM shifts;

-- refuse: name-collision
SELECT * FROM teams t JOIN agents a ON a.team_id = t.id;

-- refuse: invalid-returns
SELECT FROM tickets;

-- refuse: sql-syntax
SELECT labels[1:n] AS some FROM tickets, generate_series(1, 2) AS n;

-- refuse: sql-syntax
SELECT id FROM tickets WHERE id = $1;

-- refuse: sql-syntax
SELECT id FROM tickets; SELECT id FROM agents;

-- refuse: sql-error
SELECT id, titel FROM tickets;

-- refuse: sql-error
SELECT id FROM tickets WHERE id = 'x' || 1;

-- refuse: sql-error
SELECT lenght(title) FROM tickets;

-- pass
SELECT :anything AS anything;

-- refuse: sql-error
SELECT id FROM tickets WHERE :anything IS NULL;

-- refuse: sql-error
INSERT INTO tickets (title, colour) VALUES (:title, 'red');

-- refuse: sql-syntax
SELECT id, FROM tickets;

-- refuse: invalid-effect
SELECT id INTO TABLE copies FROM tickets;

-- refuse: invalid-effect
TRUNCATE tickets;

-- refuse: invalid-effect
CREATE TABLE other (id integer);

-- refuse: invalid-effect
BEGIN;

-- refuse: invalid-effect
COPY tickets TO STDOUT;

-- refuse: invalid-effect
EXPLAIN SELECT id FROM tickets;

-- refuse: invalid-effect
SET search_path TO archive;
