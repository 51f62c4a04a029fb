//! A user that statements are tried as, on a connection of its own. It goes with the scratch database.

use std::hash::{BuildHasher as _, RandomState};

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqlSafeStr as _};

use crate::ir::Engine;
use crate::sql::{Rendered, quote};

use super::super::facts::StatementFacts;
use super::super::least::{Attempt, Surroundings};
use super::super::rights::{Action, Right};
use super::super::server::shown;
use super::{Mysql, number, opened, options, run, text};

/// The name of the user of a scratch database: one has at most 32 characters.
fn name_of(database: &str) -> String {
    database.replace("_scratch", "")
}

/// The user of a scratch database, as SQL writes it.
pub(super) fn user_of(database: &str) -> String {
    format!("'{}'@'%'", name_of(database))
}

/// Refusals for want of rights: to the database, a table, a column, a routine, or of any other kind.
const DENIED: &[u16] = &[1044, 1142, 1143, 1227, 1370];

impl Mysql {
    /// Whether a user could be made.
    pub(super) async fn make_user(&mut self, url: &str, database: &str) -> Result<bool, String> {
        let word = RandomState::new().hash_one(database);
        let password = format!("Mcpgen-{word:016x}");
        self.user = user_of(database);
        // To name the database it must have a right there, and this is one that no statement needs.
        let make = format!(
            "CREATE USER {user} IDENTIFIED BY '{password}'; \
             GRANT REFERENCES ON `{database}`.* TO {user}",
            user = self.user
        );
        if let Err(error) = run(&mut self.connection, make).await {
            return if error.contains("denied") { Ok(false) } else { Err(error) };
        }
        let options = options(url)?;
        let options = options.username(&name_of(database)).password(&password).database(database);
        self.other = Some(opened(&options).await?);
        Ok(true)
    }

    /// Tries a statement as the user. What reads is prepared, which looks at every right; what writes
    /// is run, since only then all of them are looked at, and undone.
    pub(super) async fn try_statement(
        &mut self,
        variant: &Rendered,
        facts: &StatementFacts,
    ) -> Result<Attempt, sqlx::Error> {
        let Some(other) = &mut self.other else { return Ok(Attempt::Unknown) };
        let sql = AssertSqlSafe(variant.sql.clone());
        let tried = if facts.effect.reads_only() {
            let prepared = other.prepare(sql.into_sql_str()).await.map(drop);
            other.clear_cached_statements().await?;
            prepared
        } else {
            run_and_undo(other, sql, variant.count).await
        };
        match tried {
            Ok(()) => Ok(Attempt::Allowed(String::new())),
            Err(error) if DENIED.contains(&number(&error)) => Ok(Attempt::Denied(shown(&error))),
            // A view that runs with the rights of its reader hides what it is refused.
            Err(error) if number(&error) == 1356 => Ok(Attempt::Unknown),
            // Rights come first: what is wrong with values is found only behind them.
            Err(sqlx::Error::Database(_)) => Ok(Attempt::Allowed(String::new())),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn read_surroundings(&mut self) -> Result<Surroundings, sqlx::Error> {
        let mut found = Surroundings::default();
        for row in self.connection.fetch_all(ROUTINES).await? {
            let (name, kind) = (text(&row, 0)?, text(&row, 1)?);
            let shown = format!("{kind} {}", quote::name(Engine::Mysql, &name));
            found.others.push((name.clone(), Right::whole(Action::Execute, &shown)));
            if text(&row, 2)? == "INVOKER" {
                found.routines.push(name);
            }
        }
        Ok(found)
    }
}

async fn run_and_undo(
    connection: &mut MySqlConnection,
    sql: AssertSqlSafe<String>,
    bindings: usize,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let nulls = (0..bindings).fold(sqlx::query(sql), |query, _| query.bind(None::<String>));
    let ran = transaction.fetch_all(nulls.persistent(false)).await.map(drop);
    transaction.rollback().await?;
    ran
}

const ROUTINES: &str = "
SELECT routine_name, routine_type, security_type FROM information_schema.routines
WHERE routine_schema = DATABASE()";
