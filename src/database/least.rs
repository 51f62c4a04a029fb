//! The least that a statement must be allowed to do.
//!
//! Nobody says it better than the server: a role of mcpgen's own may do nothing at first, is given
//! what it is refused, and then loses again whatever the statement runs without.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Engine;
use crate::sql::{Rendered, Style};

use super::Request;
use super::facts::{Facts, StatementFacts, Table};
use super::rights::{Action, Needs, Right};
use super::server::{PATIENCE, Server, in_time};
use super::words::mentioned;

/// What came of a statement under the role.
pub(super) enum Attempt {
    /// It may run; the plan of it, where there is one.
    Allowed(String),
    /// It may not, in the server's words.
    Denied(String),
    /// The server does not say.
    Unknown,
}

/// What there is beside tables.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// Schemas and routines, by the names that refusals call them.
    pub(super) others: Vec<(String, Right)>,
    /// Routines that run with the rights of who calls them, by name.
    pub(super) routines: Vec<String>,
    /// Triggers that do: the table, what fires them, and the name.
    pub(super) triggers: Vec<(String, Vec<Action>, String)>,
    /// Sequences that need no right of their own: those of identity columns.
    pub(super) identities: BTreeSet<String>,
}

/// Finds out what each statement needs. What the server does not say stays unknown.
pub(super) async fn find<S: Server>(
    server: &mut S,
    requests: &[Request<'_>],
    facts: &mut Facts,
) -> Result<(), String> {
    let surroundings = server.surroundings().await?;
    let all = every(&facts.tables, &surroundings);
    // Where any column will do, one is taken that is needed anyway: those that change something and
    // say of what they change come first.
    let mut order: Vec<&Request> = requests.iter().collect();
    order.sort_by_key(|request| {
        facts.statements.get(&request.place).is_none_or(|facts| !facts.effect.updates)
    });
    let mut known = BTreeSet::new();
    for request in order {
        let Some(statement) = facts.statements.get_mut(&request.place) else { continue };
        let mut search =
            Search { server: &mut *server, all: &all, known: &known, kept: BTreeSet::new() };
        let plan = search.statement(request, statement).await?;
        let kept = std::mem::take(&mut search.kept);
        server.disallow(&kept).await?;
        let Some(plan) = plan else { continue };
        let unseen = surroundings.unseen(request, &kept);
        let numbers = surroundings.numbers(&plan);
        let mut needs: Needs = kept.iter().cloned().chain(numbers).collect();
        needs.unseen = unseen;
        statement.needs = Some(needs);
        known.extend(kept);
    }
    Ok(())
}

/// Every right that there is, by the name of what it is about. Columns of the primary key come last.
fn every(tables: &BTreeMap<String, Table>, surroundings: &Surroundings) -> Vec<(String, Right)> {
    let mut all = Vec::new();
    for (on, table) in tables {
        let name = on.rsplit('.').next().unwrap_or(on);
        let mut columns: Vec<&String> = table.columns.iter().map(|column| &column.name).collect();
        columns.sort_by_key(|column| table.primary_key.contains(column));
        for action in [Action::Select, Action::Insert, Action::Update] {
            if action == Action::Update {
                // Who locks rows must be allowed to update a column, and that is not the key.
                columns.reverse();
            }
            let right = |column: &&String| {
                let column = Some((*column).clone());
                (name.to_owned(), Right { on: on.clone(), action, column })
            };
            all.extend(columns.iter().map(right));
        }
        all.push((name.to_owned(), Right::whole(Action::Delete, on)));
    }
    all.extend(surroundings.others.iter().cloned());
    all
}

struct Search<'a, S> {
    server: &'a mut S,
    all: &'a [(String, Right)],
    /// What other statements need.
    known: &'a BTreeSet<Right>,
    /// What this one needs, and the role has.
    kept: BTreeSet<Right>,
}

impl<S: Server> Search<'_, S> {
    /// What every variant of a statement needs; the plan of the fullest, or nothing where the server
    /// does not say.
    async fn statement(
        &mut self,
        request: &Request<'_>,
        facts: &StatementFacts,
    ) -> Result<Option<String>, String> {
        let author = request.templates.first().expect("at least the author's own form");
        let style = Style::of(S::ENGINE);
        let full = author.full();
        // The fullest says most, so that little is left to be found in the others.
        let others = author.masks().into_iter().filter(|mask| *mask != full);
        let mut fullest = None;
        for mask in std::iter::once(full).chain(others) {
            let variant = author.render(mask, &style);
            let Some(plan) = self.variant(&variant, facts).await? else { return Ok(None) };
            fullest.get_or_insert(plan);
        }
        Ok(fullest)
    }

    /// A procedure may run for as long as it likes.
    async fn attempt(
        &mut self,
        variant: &Rendered,
        facts: &StatementFacts,
    ) -> Result<Attempt, String> {
        in_time::<S, _>(PATIENCE, self.server.attempt(variant, facts)).await
    }

    async fn variant(
        &mut self,
        variant: &Rendered,
        facts: &StatementFacts,
    ) -> Result<Option<String>, String> {
        let mut given: Vec<&Right> = Vec::new();
        let plan = loop {
            let message = match self.attempt(variant, facts).await? {
                Attempt::Allowed(plan) => break Some(plan),
                Attempt::Unknown => break None,
                Attempt::Denied(message) => message,
            };
            let asked = self.all.iter().filter(|(name, _)| mentioned(name, &message).is_some());
            let more: Vec<&Right> = asked
                .map(|(_, right)| right)
                .filter(|right| !self.kept.contains(right) && !given.contains(right))
                .collect();
            if more.is_empty() {
                break None;
            }
            self.server.allow(&more, true).await?;
            given.extend(more);
        };
        if plan.is_none() {
            self.server.allow(&given, false).await?;
            return Ok(None);
        }
        let mut groups = groups(&variant.sql, given, self.known);
        while let Some(mut group) = groups.pop() {
            self.server.allow(&group, false).await?;
            match self.attempt(variant, facts).await? {
                Attempt::Allowed(_) => continue,
                Attempt::Denied(_) | Attempt::Unknown => self.server.allow(&group, true).await?,
            }
            if group.len() == 1 {
                self.kept.extend(group.into_iter().cloned());
            } else {
                let second = group.split_off(group.len() / 2);
                groups.push(second);
                groups.push(group);
            }
        }
        Ok(plan)
    }
}

/// Functions of PostgreSQL that look at the rights to a sequence when they are called.
const OF_SEQUENCES: &[&str] = &["nextval", "setval", "currval", "lastval"];

/// Rights in groups that are likely to be of no use as a whole; the last is tried first. Within a
/// group, what is known to be needed anyway is tried last.
fn groups<'r>(sql: &str, given: Vec<&'r Right>, known: &BTreeSet<Right>) -> Vec<Vec<&'r Right>> {
    let lower = sql.to_lowercase();
    let named = |right: &Right| {
        right.column.as_ref().is_some_and(|name| mentioned(&name.to_lowercase(), &lower).is_some())
    };
    let mut groups: BTreeMap<(bool, Action, usize), Vec<&Right>> = BTreeMap::new();
    for (at, right) in given.into_iter().enumerate() {
        // What is read and named is most likely needed, and tried by itself.
        let alone = right.action == Action::Select && named(right);
        let key = (!alone, right.action, if alone { at } else { 0 });
        groups.entry(key).or_default().push(right);
    }
    let mut groups: Vec<Vec<&Right>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_by_key(|right| known.contains(right));
    }
    groups
}

impl Surroundings {
    /// Sequences that a plan takes numbers from.
    fn numbers(&self, plan: &str) -> Vec<Right> {
        let calls = plan.split("nextval('").skip(1);
        let names = calls.filter_map(|rest| Some(rest.split_once("'::regclass")?.0));
        names
            .filter(|name| !self.identities.contains(*name))
            .map(|name| Right::whole(Action::Number, name))
            .collect()
    }

    /// What runs with the rights of the role and was not looked into.
    fn unseen(&self, request: &Request<'_>, rights: &BTreeSet<Right>) -> BTreeSet<String> {
        let author = request.templates.first().expect("at least the author's own form");
        let sql = author.render(author.full(), &Style::of(Engine::Sqlite)).sql;
        let named = |name: &&str| mentioned(name, &sql).is_some();
        let own = self.routines.iter().map(String::as_str);
        let routines = own.chain(OF_SEQUENCES.iter().copied()).filter(named);
        let fired = self.triggers.iter().filter(|(table, actions, _)| {
            rights.iter().any(|right| right.on == *table && actions.contains(&right.action))
        });
        let routines = routines.map(|name| format!("function {name}"));
        routines.chain(fired.map(|(table, _, name)| format!("trigger {name} of {table}"))).collect()
    }
}
