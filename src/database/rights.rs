//! What a role is allowed to do, as GRANT has it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ir::Engine;
use crate::sql::quote;

/// What can be done with something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Names in a schema of PostgreSQL are found; it is written as SQL has it.
    Enter,
    /// Columns of a table or a view are read.
    Select,
    /// Rows are inserted that give a value to columns.
    Insert,
    /// Columns are changed, or rows are locked.
    Update,
    /// Rows are deleted.
    Delete,
    /// A sequence gives its next number; it is written as SQL has it.
    Number,
    /// A routine is called; it is written as SQL has it.
    Execute,
}

/// One thing that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// What it is done with: a table by its name in the facts, or else as SQL writes it.
    pub on: String,
    /// What is done.
    pub action: Action,
    /// With which column, where it is one.
    pub column: Option<String>,
}

impl Right {
    /// A right to something as a whole.
    #[must_use]
    pub fn whole(action: Action, on: &str) -> Self {
        Self { on: on.to_owned(), action, column: None }
    }
}

/// What a statement must be allowed to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Columns by what is done with them, by what it is done with; no columns for the whole.
    pub rights: BTreeMap<String, BTreeMap<Action, BTreeSet<String>>>,
    /// Functions and triggers that run with the rights of who calls them, in words. Nobody says what
    /// they need.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unseen: BTreeSet<String>,
}

impl Needs {
    /// The rights one by one.
    pub fn each(&self) -> impl Iterator<Item = Right> {
        self.rights.iter().flat_map(|(on, actions)| {
            actions.iter().flat_map(move |(action, columns)| {
                let right = |column| Right { on: on.clone(), action: *action, column };
                let whole = columns.is_empty().then(|| right(None));
                columns.iter().map(move |column| right(Some(column.clone()))).chain(whole)
            })
        })
    }
}

impl FromIterator<Right> for Needs {
    fn from_iter<T: IntoIterator<Item = Right>>(rights: T) -> Self {
        let mut needs = Self::default();
        for Right { on, action, column } in rights {
            let actions = needs.rights.entry(on).or_default();
            actions.entry(action).or_default().extend(column);
        }
        needs
    }
}

/// What stands between GRANT and TO: `SELECT (id, name)`, and `customers`. Columns stay in the order
/// in which they come.
#[must_use]
pub fn phrases<'r>(
    engine: Engine,
    rights: impl IntoIterator<Item = &'r Right>,
) -> Vec<(String, String)> {
    let mut found: Vec<(Action, &str, Vec<String>)> = Vec::new();
    for right in rights {
        let column = right.column.as_deref().map(|column| quote::name(engine, column));
        let same = |(action, on, _): &&mut (Action, &str, Vec<String>)| {
            *action == right.action && *on == right.on
        };
        match found.iter_mut().find(same) {
            Some((_, _, columns)) => columns.extend(column),
            None => found.push((right.action, &right.on, column.into_iter().collect())),
        }
    }
    let phrase = |(action, on, columns): (Action, &str, Vec<String>)| {
        let columns = columns.join(", ");
        match action {
            Action::Enter => ("USAGE".to_owned(), format!("SCHEMA {on}")),
            Action::Select => (format!("SELECT ({columns})"), table(engine, on)),
            Action::Insert => (format!("INSERT ({columns})"), table(engine, on)),
            Action::Update => (format!("UPDATE ({columns})"), table(engine, on)),
            Action::Delete => ("DELETE".to_owned(), table(engine, on)),
            Action::Number => ("USAGE".to_owned(), format!("SEQUENCE {on}")),
            Action::Execute => ("EXECUTE".to_owned(), on.to_owned()),
        }
    };
    found.into_iter().map(phrase).collect()
}

/// The statements that give rights to a role, or take them; one for each thing, since each takes its
/// time.
pub(super) fn granting(engine: Engine, rights: &[&Right], give: bool, role: &str) -> String {
    let mut actions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (action, on) in phrases(engine, rights.iter().copied()) {
        actions.entry(on).or_default().push(action);
    }
    let (verb, to) = if give { ("GRANT", "TO") } else { ("REVOKE", "FROM") };
    let statement = |(on, actions): (&String, &Vec<String>)| {
        format!("{verb} {} ON {on} {to} {role};\n", actions.join(", "))
    };
    actions.iter().map(statement).collect()
}

/// A table as SQL writes it. What PostgreSQL does not find by its name alone has its schema before it.
fn table(engine: Engine, key: &str) -> String {
    match key.split_once('.') {
        Some((schema, table)) if engine == Engine::Postgres => {
            format!("{}.{}", quote::name(engine, schema), quote::name(engine, table))
        }
        _ => quote::name(engine, key),
    }
}
