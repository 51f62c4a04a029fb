use std::collections::BTreeMap;

use super::{Rules, prove};
use crate::database::facts::{Index, Table, TableColumn};
use crate::ir::Engine;

const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mysql];

fn table(columns: &[&str], view: bool) -> Table {
    let column = |name: &&str| TableColumn { name: (*name).to_owned(), ..TableColumn::default() };
    Table { columns: columns.iter().map(column).collect(), view, ..Table::default() }
}

fn tables() -> BTreeMap<String, Table> {
    let mut tickets = table(&["id", "tenant_id", "subject", "agent_id"], false);
    tickets.primary_key = vec!["id".to_owned()];
    tickets.columns[0].numbered = true;
    let unique = |columns: &[&str]| Index {
        name: columns.join("_"),
        columns: columns.iter().map(|column| Some((*column).to_owned())).collect(),
        unique: true,
    };
    tickets.indexes.push(unique(&["tenant_id", "subject"]));
    let mut comments = table(&["id", "tenant_id", "ticket_id", "body"], false);
    comments.primary_key = vec!["id".to_owned()];
    comments.indexes.push(unique(&["body"]));
    [
        ("tickets", tickets),
        ("comments", comments),
        ("plans", table(&["id", "name", "price"], false)),
        ("open_tickets", table(&["id", "tenant_id", "subject"], true)),
        ("ticket_counts", table(&["agent_id", "count"], true)),
    ]
    .into_iter()
    .map(|(name, table)| (name.to_owned(), table))
    .collect()
}

/// What is not proven of a statement in which `:t` is the claim and `:o` another param.
fn unproven(sql: &str, engine: Engine) -> Vec<String> {
    let mark = if engine == Engine::Postgres { "$" } else { "?" };
    let sql = sql.replace(":t", &format!("{mark}1")).replace(":o", &format!("{mark}2"));
    let tables = tables();
    let rules =
        Rules { engine, tables: &tables, column: "tenant_id", claims: &[1], param: "tenant" };
    prove(&sql, &rules).into_iter().map(|unproven| unproven.message).collect()
}

fn right(engines: &[Engine], statements: &[&str]) {
    let mut refused = Vec::new();
    for engine in engines {
        for sql in statements {
            let found = unproven(sql, *engine);
            if !found.is_empty() {
                refused.push(format!("{engine:?}: {sql}: {found:?}"));
            }
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

fn wrong(engines: &[Engine], statements: &[&str]) {
    let mut passed = Vec::new();
    for engine in engines {
        for sql in statements {
            if unproven(sql, *engine).is_empty() {
                passed.push(format!("{engine:?}: {sql}"));
            }
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn what_is_bound_is_proven() {
    right(
        &ALL,
        &[
            "SELECT * FROM tickets WHERE tenant_id = :t",
            "SELECT * FROM tickets WHERE :t = tenant_id",
            "SELECT * FROM tickets WHERE (id = :o AND (tenant_id = :t))",
            "SELECT * FROM tickets t WHERE t.id = :o AND t.tenant_id = :t",
            "SELECT * FROM tickets AS t WHERE TENANT_ID = :t AND NOT FALSE",
            "SELECT * FROM plans",
            "SELECT 1",
            "SELECT * FROM open_tickets WHERE tenant_id = :t",
            "SELECT * FROM tickets t JOIN comments c ON c.ticket_id = t.id AND c.tenant_id = t.tenant_id WHERE t.tenant_id = :t",
            "SELECT * FROM tickets t JOIN comments c ON c.tenant_id = :t AND t.tenant_id = c.tenant_id",
            "SELECT * FROM tickets t LEFT JOIN comments c ON c.ticket_id = t.id AND c.tenant_id = t.tenant_id WHERE t.tenant_id = :t",
            "SELECT * FROM tickets t LEFT JOIN comments c ON c.ticket_id = t.id WHERE t.tenant_id = :t AND c.tenant_id = :t",
            "SELECT * FROM tickets t RIGHT JOIN comments c ON t.tenant_id = c.tenant_id WHERE c.tenant_id = :t",
            "SELECT * FROM tickets t, comments c WHERE t.tenant_id = :t AND c.tenant_id = t.tenant_id",
            "SELECT t.*, p.name FROM tickets t CROSS JOIN plans p WHERE t.tenant_id = :t AND p.id = :o",
            "SELECT (SELECT COUNT(*) FROM comments c WHERE c.tenant_id = t.tenant_id AND c.ticket_id = t.id) AS n FROM tickets t WHERE t.tenant_id = :t",
            "SELECT * FROM tickets t WHERE t.tenant_id = :t AND EXISTS (SELECT 1 FROM comments c WHERE c.ticket_id = t.id AND c.tenant_id = :t)",
            "SELECT * FROM tickets WHERE tenant_id = :t AND id IN (SELECT ticket_id FROM comments WHERE tenant_id = :t)",
            "WITH mine AS (SELECT * FROM tickets WHERE tenant_id = :t) SELECT * FROM mine JOIN plans ON plans.id = mine.id",
            "SELECT * FROM (SELECT * FROM tickets WHERE tenant_id = :t) AS page ORDER BY id LIMIT 5",
            "SELECT id FROM tickets WHERE tenant_id = :t UNION ALL SELECT id FROM comments WHERE tenant_id = :t",
            "WITH RECURSIVE tree AS (SELECT id FROM tickets WHERE tenant_id = :t UNION ALL SELECT t.id FROM tickets t JOIN tree ON t.agent_id = tree.id WHERE t.tenant_id = :t) SELECT * FROM tree",
            "SELECT agent_id, COUNT(*) FROM tickets WHERE tenant_id = :t GROUP BY agent_id HAVING COUNT(*) > 1 ORDER BY 2",
            "SELECT id, ROW_NUMBER() OVER (PARTITION BY agent_id ORDER BY id) AS n FROM tickets WHERE tenant_id = :t",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o), (:t, 'a')",
            "INSERT INTO tickets (subject, tenant_id) SELECT name, :t FROM plans",
            "INSERT INTO tickets (subject, tenant_id) SELECT body, :t FROM comments WHERE tenant_id = :t UNION ALL SELECT name, :t FROM plans",
            "INSERT INTO plans (name) VALUES (:o)",
            "UPDATE tickets SET subject = :o WHERE id = 1 AND tenant_id = :t",
            "UPDATE tickets SET subject = :o, tenant_id = :t WHERE tenant_id = :t",
            "DELETE FROM tickets WHERE id = :o AND tenant_id = :t",
            "DELETE FROM comments WHERE tenant_id = :t AND ticket_id IN (SELECT id FROM tickets WHERE tenant_id = :t)",
        ],
    );
    right(
        &[Engine::Sqlite, Engine::Postgres],
        &[
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) RETURNING id",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) ON CONFLICT DO NOTHING",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) ON CONFLICT (tenant_id, subject) DO UPDATE SET agent_id = 1",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET subject = excluded.subject WHERE tickets.tenant_id = :t",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET subject = 'a' WHERE tickets.tenant_id = excluded.tenant_id AND tickets.id > 1",
            "UPDATE tickets SET subject = c.body FROM comments c WHERE c.ticket_id = tickets.id AND c.tenant_id = :t AND tickets.tenant_id = c.tenant_id RETURNING tickets.id",
        ],
    );
    right(
        &[Engine::Postgres],
        &[
            "DELETE FROM tickets t USING comments c WHERE c.ticket_id = t.id AND c.tenant_id = :t AND t.tenant_id = :t",
            "WITH gone AS (DELETE FROM tickets WHERE tenant_id = :t RETURNING *) SELECT * FROM gone",
            "SELECT * FROM tickets t, LATERAL (SELECT * FROM comments c WHERE c.tenant_id = t.tenant_id LIMIT 1) AS c WHERE t.tenant_id = :t",
            "SELECT t.id, s FROM tickets t CROSS JOIN generate_series(1, 3) AS s WHERE t.tenant_id = :t FOR UPDATE OF t",
        ],
    );
    right(
        &[Engine::Mysql],
        &[
            "INSERT INTO tickets SET tenant_id = :t, subject = :o",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) ON DUPLICATE KEY UPDATE agent_id = 1",
            "UPDATE tickets t JOIN comments c ON c.ticket_id = t.id AND c.tenant_id = t.tenant_id SET t.subject = :o WHERE t.tenant_id = :t",
            "DELETE t FROM tickets t JOIN comments c ON c.tenant_id = t.tenant_id WHERE t.tenant_id = :t",
        ],
    );
}

#[test]
fn what_is_not_bound_is_refused() {
    wrong(
        &ALL,
        &[
            "SELECT * FROM tickets",
            "SELECT * FROM tickets WHERE tenant_id = :o",
            "SELECT * FROM tickets WHERE tenant_id = 'acme'",
            "SELECT * FROM tickets WHERE tenant_id = :t OR id = :o",
            "SELECT * FROM tickets WHERE (tenant_id = :t OR TRUE) AND id = :o",
            "SELECT * FROM tickets WHERE NOT tenant_id = :t",
            "SELECT * FROM tickets WHERE NOT (tenant_id <> :t AND id = :o)",
            "SELECT * FROM tickets WHERE tenant_id <> :t",
            "SELECT * FROM tickets WHERE tenant_id >= :t",
            "SELECT * FROM tickets WHERE tenant_id LIKE :t",
            "SELECT * FROM tickets WHERE tenant_id IN (:t, :o)",
            "SELECT * FROM tickets WHERE tenant_id BETWEEN :t AND :o",
            "SELECT * FROM tickets WHERE tenant_id = tenant_id",
            "SELECT * FROM tickets WHERE :t = :t",
            "SELECT * FROM tickets WHERE COALESCE(tenant_id, :t) = :t",
            "SELECT * FROM tickets WHERE tenant_id = COALESCE(:t, tenant_id)",
            "SELECT * FROM tickets WHERE LOWER(tenant_id) = :t",
            "SELECT * FROM tickets WHERE CASE WHEN id = :o THEN TRUE ELSE tenant_id = :t END",
            "SELECT * FROM tickets WHERE (tenant_id = :t) = (id = :o)",
            "SELECT * FROM tickets WHERE (tenant_id = :t) IS NOT NULL",
            "SELECT * FROM tickets WHERE id = (SELECT 1 WHERE tenant_id = :t) OR TRUE",
            "SELECT * FROM tickets HAVING tenant_id = :t",
            "SELECT tenant_id = :t FROM tickets",
            "SELECT * FROM tickets ORDER BY tenant_id = :t",
            "SELECT * FROM tickets a, tickets b WHERE a.tenant_id = :t",
            "SELECT * FROM tickets a JOIN tickets b ON a.tenant_id = b.tenant_id",
            "SELECT * FROM tickets t JOIN comments c ON c.ticket_id = t.id WHERE t.tenant_id = :t",
            "SELECT * FROM tickets t LEFT JOIN comments c ON c.ticket_id = t.id AND t.tenant_id = :t AND c.tenant_id = :t",
            "SELECT * FROM tickets t LEFT JOIN comments c ON c.ticket_id = t.id WHERE t.tenant_id = :t",
            "SELECT * FROM tickets t RIGHT JOIN comments c ON t.tenant_id = :t AND c.tenant_id = :t",
            "SELECT * FROM tickets t JOIN comments c USING (tenant_id)",
            "SELECT * FROM tickets t JOIN comments c USING (id) WHERE t.tenant_id = :t",
            "SELECT * FROM tickets NATURAL JOIN comments",
            "SELECT * FROM tickets t WHERE t.tenant_id = :t AND EXISTS (SELECT 1 FROM comments c WHERE c.ticket_id = t.id)",
            "SELECT * FROM tickets t WHERE EXISTS (SELECT 1 FROM comments c WHERE c.tenant_id = :t AND t.tenant_id = :t)",
            "SELECT (SELECT COUNT(*) FROM comments) FROM tickets WHERE tenant_id = :t",
            "SELECT * FROM tickets WHERE tenant_id = :t AND id IN (SELECT ticket_id FROM comments)",
            "SELECT id FROM tickets WHERE tenant_id = :t UNION SELECT id FROM comments",
            "SELECT id FROM tickets WHERE tenant_id = :t EXCEPT SELECT id FROM comments",
            "SELECT * FROM plans WHERE id = (SELECT MAX(id) FROM tickets)",
            "SELECT * FROM plans ORDER BY (SELECT COUNT(*) FROM tickets)",
            "SELECT * FROM plans LIMIT (SELECT COUNT(*) FROM tickets)",
            "SELECT * FROM plans GROUP BY id HAVING COUNT(*) > (SELECT COUNT(*) FROM tickets)",
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM tickets) THEN 1 END FROM plans",
            "SELECT SUM(id) OVER (ORDER BY (SELECT MAX(id) FROM tickets)) FROM plans",
            "SELECT * FROM (SELECT * FROM tickets) AS t WHERE t.tenant_id = :t",
            "SELECT * FROM (SELECT :t AS tenant_id) AS t JOIN tickets ON TRUE WHERE t.tenant_id = :t",
            "WITH t AS (SELECT * FROM tickets) SELECT * FROM t WHERE tenant_id = :t",
            "WITH tickets AS (SELECT * FROM tickets) SELECT * FROM tickets WHERE tenant_id = :t",
            "WITH RECURSIVE t AS (SELECT id, tenant_id FROM tickets WHERE tenant_id = :t UNION ALL SELECT c.id, c.tenant_id FROM tickets c JOIN t ON c.agent_id = t.id) SELECT * FROM t",
            "SELECT * FROM ticket_counts",
            "SELECT * FROM nowhere WHERE tenant_id = :t",
            "SELECT * FROM information_schema.tables",
            "SELECT * FROM tickets AS t (tenant_id, id, subject, agent_id) WHERE t.tenant_id = :t",
            "SELECT * FROM plans p JOIN tickets t ON p.tenant_id = :t",
            "SELECT * FROM tickets t WHERE EXISTS (SELECT 1 FROM plans t WHERE t.tenant_id = :t)",
            "INSERT INTO tickets (subject) VALUES (:o)",
            "INSERT INTO tickets VALUES (1, :t, 'a', 1)",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, 'a'), (:o, 'b')",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:o, :t)",
            "INSERT INTO tickets (tenant_id, subject) SELECT * FROM plans",
            "INSERT INTO tickets (tenant_id, subject) SELECT :t, body FROM comments",
            "INSERT INTO tickets (tenant_id, subject) SELECT tenant_id, body FROM comments WHERE tenant_id = :t UNION ALL SELECT :o, 'a'",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, (SELECT MAX(body) FROM comments))",
            "INSERT INTO plans (name) SELECT subject FROM tickets",
            "UPDATE tickets SET subject = :o WHERE id = 1",
            "UPDATE tickets SET tenant_id = :o WHERE tenant_id = :t",
            "UPDATE tickets SET tenant_id = NULL WHERE tenant_id = :t",
            "UPDATE tickets SET subject = (SELECT MAX(body) FROM comments) WHERE tenant_id = :t",
            "UPDATE tickets SET subject = 'a' WHERE tenant_id = :t OR agent_id = 1",
            "UPDATE plans SET name = (SELECT MAX(subject) FROM tickets)",
            "DELETE FROM tickets",
            "DELETE FROM tickets WHERE id = :o",
            "DELETE FROM plans WHERE id IN (SELECT id FROM tickets)",
            "DROP TABLE tickets",
        ],
    );
    wrong(
        &[Engine::Sqlite, Engine::Postgres],
        &[
            "SELECT * FROM tickets t FULL JOIN comments c ON t.tenant_id = :t AND c.tenant_id = :t",
            "INSERT INTO tickets (tenant_id) VALUES (:t) RETURNING (SELECT COUNT(*) FROM comments)",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET subject = 'a'",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET subject = 'a' WHERE tickets.id = excluded.id",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET subject = 'a' WHERE excluded.tenant_id = :t",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET subject = 'a' WHERE tickets.tenant_id = tickets.tenant_id",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id) DO UPDATE SET tenant_id = :o WHERE tickets.tenant_id = :t",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) ON CONFLICT (tenant_id, subject) DO UPDATE SET subject = (SELECT MAX(body) FROM comments)",
            "UPDATE tickets SET subject = c.body FROM comments c WHERE c.ticket_id = tickets.id AND tickets.tenant_id = :t",
            "UPDATE tickets SET (subject, tenant_id) = ('a', :o) WHERE tenant_id = :t",
            "UPDATE tickets SET (subject, tenant_id) = (SELECT 'a', 'b') WHERE tenant_id = :t",
            "UPDATE tickets SET subject = 'a' WHERE tenant_id = :t RETURNING (SELECT COUNT(*) FROM comments)",
            "INSERT INTO tickets DEFAULT VALUES",
        ],
    );
    wrong(
        &[Engine::Sqlite],
        &[
            "SELECT * FROM tickets WHERE tenant_id IS :t",
            "SELECT * FROM tickets WHERE tenant_id GLOB :t",
            "SELECT * FROM tickets WHERE rowid = :o",
            "SELECT * FROM main.tickets",
            "SELECT * FROM \"TICKETS\" WHERE id = :o",
            "SELECT * FROM sqlite_master",
            "SELECT * FROM pragma_table_info('tickets')",
            "SELECT * FROM tickets WHERE tenant_id = :t COLLATE NOCASE",
            "INSERT OR REPLACE INTO tickets (id, tenant_id) VALUES (:o, :t)",
            "REPLACE INTO tickets (id, tenant_id) VALUES (:o, :t)",
            "UPDATE OR REPLACE tickets SET subject = :o WHERE tenant_id = :t",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT DO UPDATE SET subject = 'a'",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (tenant_id, subject) DO NOTHING ON CONFLICT (id) DO UPDATE SET subject = 'a'",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON CONFLICT (id, coalesce(tenant_id, 1)) DO UPDATE SET subject = 'a'",
            "SELECT * FROM plans WHERE id IN tickets",
            "SELECT * FROM tickets WHERE tenant_id = :t /* /* */ OR TRUE -- */",
            "SELECT * FROM tickets WHERE :o < tenant_id = :t",
            "SELECT * FROM tickets WHERE :o LIKE tenant_id = :t",
            "SELECT * FROM tickets WHERE tenant_id = :t IS NOT TRUE",
        ],
    );
    wrong(
        &[Engine::Postgres],
        &[
            "SELECT * FROM tickets WHERE tenant_id IS NOT DISTINCT FROM :t",
            "SELECT * FROM tickets WHERE tenant_id = ANY (ARRAY[:t])",
            "SELECT * FROM tickets WHERE \"TENANT_ID\" = :t",
            "SELECT * FROM tickets WHERE tenant_id::varchar(1) = :t",
            "SELECT * FROM tickets WHERE tenant_id = :t::varchar(1)",
            "SELECT * FROM public.tickets",
            "TABLE tickets",
            "SELECT query_to_xml('SELECT * FROM tickets', TRUE, FALSE, '')",
            "SELECT pg_catalog.TABLE_TO_XML('tickets', TRUE, FALSE, '') FROM plans",
            "SELECT * FROM tickets WHERE subject = 'a\\' OR TRUE --' AND tenant_id = :t",
            "SELECT * FROM ONLY tickets",
            "SELECT * FROM (TABLE tickets) AS t",
            "SELECT * FROM pg_catalog.pg_class",
            "SELECT * FROM all_tickets()",
            "WITH \"Tickets\" AS (SELECT 1 AS tenant_id) SELECT * FROM tickets",
            "SELECT * FROM tickets t, LATERAL (SELECT * FROM comments c WHERE c.ticket_id = t.id) AS c WHERE t.tenant_id = :t",
            "SELECT * FROM (tickets t JOIN plans p ON p.id = t.id) AS x WHERE x.tenant_id = :t",
            "DELETE FROM tickets USING comments c WHERE c.tenant_id = :t",
            "WITH gone AS (DELETE FROM tickets RETURNING *) SELECT * FROM gone WHERE tenant_id = :t",
            "MERGE INTO tickets t USING plans p ON t.id = p.id WHEN MATCHED THEN DELETE",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) ON CONFLICT ON CONSTRAINT tickets_pkey DO UPDATE SET subject = 'a'",
            "SELECT * FROM tickets \"T\", (SELECT :t AS tenant_id) t WHERE t.tenant_id = :t",
        ],
    );
    wrong(
        &[Engine::Mysql],
        &[
            "SELECT * FROM tickets WHERE tenant_id <=> :t",
            "SELECT * FROM tickets WHERE TRUE || FALSE AND tenant_id = :t",
            "SELECT * FROM tickets WHERE TRUE XOR FALSE AND tenant_id = :t",
            "SELECT * FROM tickets WHERE tenant_id = :t || TRUE",
            "SELECT * FROM tickets WHERE tenant_id = :t --1 OR TRUE",
            "SELECT * FROM tickets WHERE tenant_id = :t /* /* */ OR TRUE -- */",
            "SELECT * FROM tickets WHERE tenant_id = :t # all\n OR TRUE",
            "SELECT * FROM tickets WHERE subject = 'a\\' AND tenant_id = :t OR subject = ' OR TRUE",
            "REPLACE INTO tickets (id, tenant_id) VALUES (:o, :t)",
            "INSERT INTO tickets (id, tenant_id) VALUES (:o, :t) ON DUPLICATE KEY UPDATE subject = 'a'",
            "INSERT INTO comments (tenant_id, body) VALUES (:t, :o) ON DUPLICATE KEY UPDATE body = 'a'",
            "INSERT INTO tickets (tenant_id, subject) VALUES (:t, :o) ON DUPLICATE KEY UPDATE tenant_id = :o",
            "INSERT INTO tickets SET subject = :o",
            "INSERT INTO tickets SET tenant_id = :o, subject = :t",
            "UPDATE tickets t JOIN comments c ON c.ticket_id = t.id SET c.body = :o WHERE t.tenant_id = :t",
            "UPDATE tickets t LEFT JOIN comments c ON c.tenant_id = t.tenant_id SET t.tenant_id = c.tenant_id WHERE t.tenant_id = :t",
            "DELETE t, c FROM tickets t JOIN comments c ON c.ticket_id = t.id WHERE t.tenant_id = :t",
            "CALL close_all(:t)",
        ],
    );
}
