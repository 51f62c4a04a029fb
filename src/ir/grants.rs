//! What the role of a server must be allowed to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::facts::{Facts, StatementFacts, Table};
use crate::database::rights::{Right, phrases};

use super::{Engine, Tool};

/// Everything that a server's statements need, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants {
    /// What statements need that only read.
    pub reading: Vec<Grant>,
    /// What the others need beside it.
    pub writing: Vec<Grant>,
    /// What runs with the rights of the role and was not looked into, by what it is, with the
    /// statements behind it.
    pub unseen: BTreeMap<String, BTreeSet<String>>,
}

/// One statement that grants something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What stands between GRANT and TO: `SELECT (id, name) ON customers`.
    pub text: String,
    /// Places of the statements that need it: `tools/get_customer`.
    pub places: BTreeSet<String>,
}

impl Grants {
    /// What the enabled tools, the resources and the prompts need; nothing where the database could
    /// not be asked, or has no roles.
    #[must_use]
    pub fn of(engine: Engine, facts: &Facts, tools: &[Tool]) -> Option<Self> {
        if engine == Engine::Sqlite {
            return None;
        }
        let enabled = |place: &str| match place.strip_prefix("tools/") {
            Some(rest) => {
                tools.iter().any(|tool| rest.split('/').next() == Some(tool.ident.wire()))
            }
            None => true,
        };
        let (mut reading, mut writing) = (BTreeMap::new(), BTreeMap::new());
        let mut unseen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (place, StatementFacts { effect, needs, .. }) in &facts.statements {
            // A lock says the same of every statement, whether or not it is there for clients.
            let needs = needs.as_ref()?;
            if !enabled(place) {
                continue;
            }
            let all = if effect.reads_only() { &mut reading } else { &mut writing };
            for right in needs.each() {
                let places: &mut BTreeSet<String> = all.entry(right).or_default();
                places.insert(place.clone());
            }
            for what in &needs.unseen {
                unseen.entry(what.clone()).or_default().insert(place.clone());
            }
        }
        // Who writes may read as well, by the same grant.
        for (right, places) in &mut reading {
            places.extend(writing.remove(right).unwrap_or_default());
        }
        let grants = |rights| grants(engine, &facts.tables, rights);
        Some(Self { reading: grants(reading), writing: grants(writing), unseen })
    }
}

fn grants(
    engine: Engine,
    tables: &BTreeMap<String, Table>,
    rights: BTreeMap<Right, BTreeSet<String>>,
) -> Vec<Grant> {
    let position = |right: &Right| {
        let columns = &tables.get(&right.on)?.columns;
        columns.iter().position(|column| Some(&column.name) == right.column.as_ref())
    };
    let mut ordered: Vec<(&Right, &BTreeSet<String>)> = rights.iter().collect();
    ordered.sort_by_key(|(right, _)| (right.on.as_str(), right.action, position(right)));
    let phrases = phrases(engine, ordered.iter().map(|(right, _)| *right));
    let mut groups = ordered.chunk_by(|(a, _), (b, _)| (&a.on, a.action) == (&b.on, b.action));
    let grant = |(action, on): (String, String)| {
        let group = groups.next().unwrap_or_default();
        let places = group.iter().flat_map(|(_, places)| places.iter().cloned());
        Grant { text: format!("{action} ON {on}"), places: places.collect() }
    };
    phrases.into_iter().map(grant).collect()
}
