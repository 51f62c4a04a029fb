//! What a statement does.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use sqlparser::tokenizer::{Token, Tokenizer};
use sqlx::postgres::PgTypeInfo;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::ir::Engine;
use crate::sql::Rendered;
use crate::sql::analyze::dialect;

use super::super::command::Command;
use super::super::facts::Effect;
use super::Postgres;

/// What may do anything.
pub(super) const ANYTHING: Effect =
    Effect { inserts: true, updates: true, deletes: true, locks: false };

impl Postgres {
    /// What a statement does: its plan says what is written, and the catalog which of the functions
    /// in it, or in a view behind it, may do more.
    pub(super) async fn effect(
        &mut self,
        rendered: &Rendered,
        parameters: &[PgTypeInfo],
        command: Command,
    ) -> Effect {
        if command == Command::Call {
            return ANYTHING;
        }
        let called = self.calls(&rendered.sql);
        let Ok(plan) = self.plan(rendered, parameters).await else {
            // A plan cannot be had where constants are folded into an error. The statement's own
            // word then counts; a CTE and ON CONFLICT may do more than it says.
            let plain = !rendered.sql.to_ascii_lowercase().contains("with");
            return match command {
                Command::Select | Command::SelectForUpdate | Command::Update | Command::Delete
                    if plain =>
                {
                    union(command.effect(), called)
                }
                _ => ANYTHING,
            };
        };
        // Of MERGE the plan says no more than that it writes.
        let effect = union(union(planned(&plan), command.effect()), called);
        // What views call stands in the plan alone; so do the defaults of a row that is inserted.
        if effect.reads_only() { self.called(&plan) } else { effect }
    }

    /// The plan for no values in particular, with every expression in it.
    async fn plan(
        &mut self,
        rendered: &Rendered,
        parameters: &[PgTypeInfo],
    ) -> Result<String, sqlx::Error> {
        let types: Vec<&str> = parameters
            .iter()
            .filter_map(|info| Some(self.catalog.types.get(&info.oid()?.0)?.shown.as_str()))
            .collect();
        let list = |items: &[&str]| {
            if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) }
        };
        let nulls = vec!["NULL"; types.len()];
        let prepare = format!("PREPARE mcpgen_asks {} AS {}", list(&types), rendered.sql);
        let explain = format!(
            "EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) EXECUTE mcpgen_asks {}",
            list(&nulls)
        );
        let connection = &mut self.connection;
        connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await?;
        let planned = connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(explain))).await;
        connection.execute(sqlx::raw_sql("DEALLOCATE mcpgen_asks")).await?;
        planned?.try_get_unchecked(0)
    }

    /// What the functions may do that a statement calls by itself, outside of strings and comments.
    fn calls(&self, sql: &str) -> Effect {
        let Some(names) = names_of_calls(sql) else { return self.called(sql) };
        let volatile = &self.catalog.volatile;
        names.iter().filter_map(|name| volatile.get(name).copied()).fold(Effect::default(), union)
    }

    /// Whether a statement calls what may be a function of the schema and not the server's own of the
    /// same name.
    pub(super) fn shadowed(&self, sql: &str) -> bool {
        let shadowing = &self.catalog.shadowing;
        names_of_calls(sql).is_none_or(|names| names.iter().any(|name| shadowing.contains(name)))
    }

    /// What the functions may do that a plan calls.
    fn called(&self, plan: &str) -> Effect {
        // In a plan's JSON the quotes of a name are escaped.
        static CALL: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r#"(?:\\?"((?:[^"\\]|"")+)\\?"|([\pL_][\pL\pN_$]*))\s*\("#)
                .expect("a pattern")
        });
        let volatile = &self.catalog.volatile;
        let effect = |found: Captures<'_>| match (found.get(1), found.get(2)) {
            (Some(quoted), _) => volatile.get(&quoted.as_str().replace("\"\"", "\"")).copied(),
            (_, Some(word)) => volatile.get(&word.as_str().to_lowercase()).copied(),
            (None, None) => None,
        };
        CALL.captures_iter(plan).filter_map(effect).fold(Effect::default(), union)
    }
}

/// The names before parentheses; `None` where the text cannot be taken apart.
pub(super) fn names_of_calls(sql: &str) -> Option<Vec<String>> {
    let tokens = Tokenizer::new(dialect(Engine::Postgres), sql).tokenize().ok()?;
    let tokens: Vec<&Token> =
        tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let name = |pair: &[&Token]| match pair {
        [Token::Word(word), Token::LParen] if word.quote_style.is_none() => {
            Some(word.value.to_lowercase())
        }
        [Token::Word(word), Token::LParen] => Some(word.value.clone()),
        _ => None,
    };
    Some(tokens.windows(2).filter_map(name).collect())
}

fn planned(plan: &str) -> Effect {
    let has = |operation: &str| plan.contains(&format!("\"Operation\": \"{operation}\""));
    Effect {
        inserts: has("Insert") || has("Merge"),
        updates: has("Update")
            || has("Merge")
            || plan.contains("\"Conflict Resolution\": \"UPDATE\""),
        deletes: has("Delete") || has("Merge"),
        locks: plan.contains("\"Node Type\": \"LockRows\""),
    }
}

pub(super) fn union(a: Effect, b: Effect) -> Effect {
    Effect {
        inserts: a.inserts || b.inserts,
        updates: a.updates || b.updates,
        deletes: a.deletes || b.deletes,
        locks: a.locks || b.locks,
    }
}
