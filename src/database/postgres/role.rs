//! A role that statements are tried under. It is made in a transaction that never ends well, so that
//! nothing of it is left however the process ends.

use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::ir::Engine;
use crate::sql::{Rendered, quote};

use super::super::facts::StatementFacts;
use super::super::least::{Attempt, Surroundings};
use super::super::rights::{Action, Right, granting};
use super::super::words::verb;
use super::Postgres;
use super::effect::{ANYTHING, names_of_calls};

/// The code of a refusal for want of rights.
const DENIED: &str = "42501";

/// Goes back to before an attempt that failed. What is prepared outlives that, if it came so far.
const BACK: &str = "ROLLBACK TO SAVEPOINT attempt; DO $$ BEGIN EXECUTE 'DEALLOCATE mcpgen_tries'; \
                    EXCEPTION WHEN invalid_sql_statement_name THEN NULL; END $$";

impl Postgres {
    /// Whether a role could be made.
    pub(super) async fn make_role(&mut self) -> Result<bool, sqlx::Error> {
        let role = &self.role;
        // Who is no superuser may take on only a role that they belong to.
        let make = format!(
            "BEGIN; CREATE ROLE \"{role}\"; GRANT \"{role}\" TO CURRENT_USER; SAVEPOINT attempt"
        );
        match self.connection.execute(sqlx::raw_sql(AssertSqlSafe(make))).await {
            Ok(_) => Ok(true),
            Err(error) if denied(&error) => {
                self.connection.execute("ROLLBACK").await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Gives rights to the role, or takes them, before the next attempt.
    pub(super) fn change_role(&mut self, rights: &[&Right], give: bool) {
        let role = format!("\"{}\"", self.role);
        self.changes.push_str(&granting(Engine::Postgres, rights, give, &role));
    }

    /// The changes that were not made yet. They are made in the transaction itself: what many parts
    /// of one have written is slow to read.
    fn changes(&mut self) -> String {
        match std::mem::take(&mut self.changes) {
            none if none.is_empty() => none,
            some => format!("RELEASE SAVEPOINT attempt; {some}SAVEPOINT attempt; "),
        }
    }

    /// Tries a statement as the role: the plan is made, and rights are looked at, before it runs.
    pub(super) async fn try_statement(
        &mut self,
        variant: &Rendered,
        facts: &StatementFacts,
    ) -> Result<Attempt, sqlx::Error> {
        // No plan can be had of a procedure.
        if facts.effect == ANYTHING && variant.sql[verb(&variant.sql)].eq_ignore_ascii_case("call")
        {
            return self.try_call(&variant.sql).await;
        }
        let types = variant.bindings.iter().map(|name| facts.bindings.get(name)?.wire.as_deref());
        let Some(types) = types.collect::<Option<Vec<&str>>>() else {
            return Ok(Attempt::Unknown);
        };
        let list = |items: Vec<&str>| match items.as_slice() {
            [] => String::new(),
            items => format!("({})", items.join(", ")),
        };
        let values = list(vec!["NULL"; types.len()]);
        // All of it in one message: there are many attempts.
        let attempt = format!(
            "{}SET LOCAL ROLE \"{}\"; PREPARE mcpgen_tries {} AS {}\n; \
             EXPLAIN (VERBOSE, COSTS OFF) EXECUTE mcpgen_tries {values}; \
             ROLLBACK TO SAVEPOINT attempt; DEALLOCATE mcpgen_tries",
            self.changes(),
            self.role,
            list(types),
            variant.sql
        );
        let connection = &mut self.connection;
        let planned = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(attempt))).await;
        if planned.is_err() {
            connection.execute(sqlx::raw_sql(BACK)).await?;
        }
        match planned {
            Ok(rows) => {
                let lines = rows.iter().map(|row| row.try_get_unchecked::<String, _>(0));
                Ok(Attempt::Allowed(lines.collect::<Result<Vec<_>, _>>()?.join("\n")))
            }
            Err(error) if denied(&error) => Ok(Attempt::Denied(super::shown(&error))),
            Err(sqlx::Error::Database(_)) => Ok(Attempt::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Whether the role may call the procedures that a CALL names.
    async fn try_call(&mut self, sql: &str) -> Result<Attempt, sqlx::Error> {
        let names = names_of_calls(sql).unwrap_or_default();
        let names: Vec<String> = names.iter().map(|name| quote::text(name)).collect();
        let denied = format!(
            "{}SELECT proname::text FROM pg_proc WHERE prokind = 'p' AND proname IN ({}) \
             AND NOT has_function_privilege('{}', oid, 'EXECUTE')",
            self.changes(),
            names.join(", "),
            self.role
        );
        let denied = self.connection.fetch_optional(sqlx::raw_sql(AssertSqlSafe(denied))).await?;
        Ok(match denied {
            Some(row) => Attempt::Denied(row.try_get(0)?),
            None => Attempt::Allowed(String::new()),
        })
    }

    pub(super) async fn read_surroundings(&mut self) -> Result<Surroundings, sqlx::Error> {
        let mut found = Surroundings::default();
        for row in self.connection.fetch_all(SCHEMAS).await? {
            let name: String = row.try_get(0)?;
            let shown = quote::name(Engine::Postgres, &name);
            found.others.push((name, Right::whole(Action::Enter, &shown)));
        }
        for row in self.connection.fetch_all(ROUTINES).await? {
            let name: String = row.try_get("name")?;
            let shown: String = row.try_get("shown")?;
            found.others.push((name.clone(), Right::whole(Action::Execute, &shown)));
            if row.try_get("invoked")? {
                found.routines.push(name);
            }
        }
        for row in self.connection.fetch_all(TRIGGERS).await? {
            let kind: i16 = row.try_get("kind")?;
            let fires = [(4, Action::Insert), (8, Action::Delete), (16, Action::Update)];
            let fires = fires.into_iter().filter(|(bit, _)| kind & bit != 0);
            let actions = fires.map(|(_, action)| action).collect();
            found.triggers.push((row.try_get("table")?, actions, row.try_get("name")?));
        }
        for row in self.connection.fetch_all(IDENTITIES).await? {
            found.identities.insert(row.try_get(0)?);
        }
        Ok(found)
    }
}

fn denied(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == DENIED)
}

const SCHEMAS: &str = r#"
SELECT nspname::text FROM pg_namespace
WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%'
"#;

/// What is immutable reads no table. Functions of the server in C are extensions'.
const ROUTINES: &str = r#"
SELECT p.proname::text AS name, 'ROUTINE ' || p.oid::regprocedure AS shown,
       NOT p.prosecdef AND p.provolatile <> 'i' AND p.prorettype <> 'trigger'::regtype
           AND l.lanname NOT IN ('c', 'internal') AS invoked
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'p')
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
"#;

const TRIGGERS: &str = r#"
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END AS "table",
       t.tgname::text AS name, t.tgtype AS kind
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_language l ON l.oid = p.prolang
WHERE NOT t.tgisinternal AND NOT p.prosecdef AND l.lanname NOT IN ('c', 'internal')
"#;

const IDENTITIES: &str = r#"
SELECT c.oid::regclass::text FROM pg_class c
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'
WHERE c.relkind = 'S'
"#;
