//! The role of a server, and what it may do.

use std::collections::BTreeSet;

use quote::quote;

use crate::ir::{Backend, Engine, Grant, Grants, Plan, Server, Tool};
use crate::sql::quote::text;

use super::tests::{Given, NAMES, Sample, arguments};
use super::{print, types};

/// Most characters of a line of a comment.
const WIDTH: usize = 100;

/// The SQL that makes the role and grants what it needs; nothing where that is not known.
#[must_use]
pub fn sql(server: &Server, role: &str) -> Option<String> {
    let grants = server.database.grants.as_ref()?;
    let (name, spec) = (server.name.wire(), &server.spec);
    let intro = format!(
        "What the server `{name}` may do in its database, and no more: mcpgen found it out from the \
         statements of {spec}, by asking the database. Run it there after the migrations, as the owner \
         of the tables."
    );
    let (role, make, more) = match server.database.engine {
        Engine::Postgres | Engine::Sqlite => {
            let role = format!("\"{}\"", role.replace('"', "\"\""));
            let make = format!(
                "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            );
            let more = format!(
                "Everybody may CONNECT to a database and has USAGE on the schema public, unless that was \
                 taken away. The role gets its password by `ALTER ROLE {role} PASSWORD '…'`."
            );
            (role, make, more)
        }
        Engine::Mysql => {
            let role = format!("{}@'%'", text(role));
            let make = format!("CREATE USER IF NOT EXISTS {role} ACCOUNT LOCK;");
            let more = format!(
                "The user is let in by `ALTER USER {role} IDENTIFIED BY '…' ACCOUNT UNLOCK`."
            );
            (role, make, more)
        }
    };
    let mut lines = comment(intro.split(' ').map(str::to_owned));
    lines.extend(comment(more.split(' ').map(str::to_owned)));
    lines.extend([String::new(), make]);
    for (title, grants) in [("Reading", &grants.reading), ("Writing", &grants.writing)] {
        if !grants.is_empty() {
            lines.extend([String::new(), format!("-- {title}")]);
        }
        for Grant { text, places } in grants {
            lines.push(String::new());
            lines.extend(comment(names(places)));
            lines.push(format!("GRANT {text} TO {role};"));
        }
    }
    if server.database.engine == Engine::Mysql
        && [&grants.reading, &grants.writing].iter().all(|them| them.is_empty())
    {
        // Nobody may name a database in which nothing is allowed.
        lines.extend([String::new(), format!("GRANT REFERENCES ON * TO {role};")]);
    }
    lines.extend(unseen(grants));
    Some(lines.join("\n") + "\n")
}

/// What was not looked into, in a comment.
fn unseen(grants: &Grants) -> Vec<String> {
    if grants.unseen.is_empty() {
        return Vec::new();
    }
    let intro = "These run with the rights of the role, and what they need is not known: grant it by hand, \
                 or let them run with the rights of their owner, SECURITY DEFINER.";
    let mut lines = vec![String::new()];
    lines.extend(comment(intro.split(' ').map(str::to_owned)));
    for (what, places) in &grants.unseen {
        lines.push("--".to_owned());
        lines.extend(comment(std::iter::once(format!("{what}:")).chain(names(places))));
    }
    lines
}

/// What the places belong to, with commas between them.
fn names(places: &BTreeSet<String>) -> impl Iterator<Item = String> {
    let mut names: Vec<&str> = places.iter().filter_map(|place| place.split('/').nth(1)).collect();
    names.dedup();
    let last = names.len().saturating_sub(1);
    let word = move |(at, name): (usize, &str)| {
        if at == last { name.to_owned() } else { format!("{name},") }
    };
    names.into_iter().enumerate().map(word).collect::<Vec<_>>().into_iter()
}

/// Words as lines of a comment.
fn comment(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines = vec!["--".to_owned()];
    for word in words {
        // Names of triggers may hold anything.
        let word = word.replace(char::is_control, " ");
        let last = lines.last_mut().expect("a line");
        if last.len() > 2 && last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("-- {word}"));
        } else {
            last.push(' ');
            last.push_str(&word);
        }
    }
    lines
}

/// The test that each grant is needed: nothing where no call is certain to be refused without one.
pub(super) fn tests(server: &Server) -> Option<String> {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let grants = server.database.grants.as_ref()?;
    let refused = grants.reading.iter().chain(&grants.writing).filter_map(|grant| {
        let (tool, sample) = server.tools.iter().find_map(|tool| {
            let mut places = grant.places.iter().filter_map(|place| place.split_once('/'));
            let needed = places.any(|(kind, rest)| {
                kind == "tools" && rest.split('/').next() == Some(tool.ident.wire())
            });
            Some((tool, needed.then(|| certain(server, tool, grant))??))
        })?;
        let (grant, tool) = (grant.text.as_str(), tool.ident.wire());
        let arguments = types::json_value(&sample.arguments);
        Some(quote!((#grant, #tool, #arguments)))
    });
    let refused: Vec<_> = refused.collect();
    if refused.is_empty() {
        return None;
    }
    let count = proc_macro2::Literal::usize_unsuffixed(refused.len());
    Some(print::file_with(
        "What the server needs to be allowed to do: no more than it is.",
        quote! {
            #[doc = " With one grant less, a call that needs it is refused, and the client hears no more than that."]
            #[tokio::test]
            async fn each_grant_is_needed() {
                let #fixture = Fixture::new(crate::SEED).await #otherwise;
                let calls: [(&str, &str, Value); #count] = [#(#refused),*];
                for (grant, tool, arguments) in calls {
                    server.scratch.revoke(grant).await;
                    let result = server.call(tool, arguments).await;
                    let (kind, message) = support::error(&result).expect("an error");
                    assert_eq!(kind, "PERMISSION_DENIED", "{tool} without {grant}: {message}");
                    assert_eq!(message, "The database does not allow this.");
                    server.scratch.grant(grant).await;
                }
            }
        },
        NAMES,
    ))
}

/// Arguments with which a tool is certain to need a grant: whatever they are, where there is one
/// statement without clauses; for several, and for what is looked at row by row, those of a case that
/// comes to a good end.
fn certain(server: &Server, tool: &Tool, grant: &Grant) -> Option<Sample> {
    let sample = arguments(server, tool)?;
    let Backend::Sql(plan) = &tool.backend;
    let (templates, one): (Vec<_>, bool) = match plan {
        Plan::Single { statement, .. } => (vec![&statement.template], true),
        Plan::Sorted { orders, .. } => {
            (orders.iter().map(|order| &order.statement.template).collect(), true)
        }
        Plan::Paged { orders, .. } => {
            (orders.iter().map(|order| &order.first.template).collect(), true)
        }
        Plan::Steps(steps) => (steps.iter().map(|step| &step.statement.template).collect(), false),
    };
    let succeeds = sample.case.as_ref().is_some_and(|case| {
        // Its own seed is not there.
        server.tests.cases.iter().any(|found| found.ident == *case && found.seed.is_none())
    });
    let plain = templates.iter().all(|template| template.clauses() == 0);
    let first = one && !grant.text.contains(" ON SEQUENCE ");
    (plain && (first || succeeds)).then_some(sample)
}
