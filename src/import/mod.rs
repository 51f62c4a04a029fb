//! Writes a spec for a database that is there.
//!
//! Facts in, text out: nothing here talks to a database or to the disk.

mod param;
mod read;
mod subject;
mod tool;
mod words;
mod write;
mod yaml;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::database::live::Live;
use crate::diagnostic::closest;
use crate::ir::Engine;

use subject::Subject;
use tool::Tool;
use words::Names;

/// What an author wants.
#[derive(Debug, Clone, Copy)]
pub struct Wishes<'w> {
    /// Name of the server and of the spec's file.
    pub name: &'w str,
    /// Names of tables; all of them where it is empty.
    pub tables: &'w [String],
    /// Whether there are tools that write.
    pub write: bool,
}

/// A spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub spec: String,
    /// The first migration, where the schema is the spec's own.
    pub migration: Option<String>,
    /// How many tables there are tools for.
    pub tables: usize,
    /// How many tools there are.
    pub tools: usize,
}

/// What is wrong with what an author wants, and what to do.
pub type Problem = (String, String);

/// Writes the spec.
///
/// # Errors
/// Tables that are not there, or that nothing can be read of.
pub fn spec(live: &Live, wishes: Wishes) -> Result<Written, Vec<Problem>> {
    let (keys, mut left_out) = chosen(live, wishes.tables)?;
    let named = named(live, &keys);
    let mut subjects: Vec<(&str, Subject)> = Vec::new();
    for (key, (one, many)) in &named {
        match Subject::new(live, key, one.clone(), many.clone()) {
            Some(subject) => subjects.push((key, subject)),
            None => left_out.push(format!("`{key}` is left out: none of its columns can be read.")),
        }
    }
    if subjects.is_empty() {
        let message = format!("the database `{}` has no table that can be read", live.name);
        let help = "create tables in it first, or name another database; of PostgreSQL all schemas are read that the user may use";
        return Err(vec![(message, help.to_owned())]);
    }
    let others =
        Others(subjects.iter().map(|(key, subject)| (*key, words::prose(&subject.one))).collect());
    let mut rows = String::new();
    let mut body = String::new();
    let mut count = 0;
    for (_, subject) in &subjects {
        let mut remarks = subject.remarks.clone();
        let tools = tools(subject, &others, wishes.write, &mut remarks);
        body.push_str(&format!("\n  # {}\n", words::capital(&words::prose(&subject.many))));
        for remark in &remarks {
            body.push_str(&yaml::comment(2, remark));
        }
        for tool in &tools {
            body.push('\n');
            body.push_str(&tool.text());
        }
        count += tools.len();
        rows.push_str(&row(subject, &tools));
    }
    let mut text = head(live, wishes, &left_out);
    if !rows.is_empty() {
        text.push_str("\nrows:\n");
        text.push_str(&rows);
    }
    text.push_str("\ntools:");
    text.push_str(&body);
    Ok(Written { spec: text, migration: live.schema.clone(), tables: subjects.len(), tools: count })
}

/// What the tables are called that there are tools for.
struct Others<'s>(BTreeMap<&'s str, String>);

impl Others<'_> {
    /// What a row of a table is called.
    fn one(&self, table: &str) -> Option<String> {
        self.0.get(table).cloned()
    }
}

/// The tables that are wanted, and what is left out without having been named.
fn chosen<'l>(
    live: &'l Live,
    wanted: &[String],
) -> Result<(Vec<&'l str>, Vec<String>), Vec<Problem>> {
    let tables = &live.facts.tables;
    if wanted.is_empty() {
        let seen = tables.keys().filter(|key| !subject::aside(live, key).hidden);
        return Ok((seen.map(String::as_str).collect(), live.unread.clone()));
    }
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut problems = Vec::new();
    for name in wanted {
        let exact = tables.keys().find(|key| *key == name);
        let same = || {
            tables.keys().filter(|key| {
                let own = subject::aside(live, key).name;
                key.eq_ignore_ascii_case(name) || own.eq_ignore_ascii_case(name)
            })
        };
        let same: Vec<&String> = exact.map_or_else(|| same().collect(), |key| vec![key]);
        match same.as_slice() {
            [key] => {
                found.insert(key);
            }
            [] => {
                let all: Vec<&str> = tables.keys().map(String::as_str).collect();
                let help = match closest(name, all.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if all.len() > 40 => {
                        format!("there are {} tables; leave out --tables to get all", all.len())
                    }
                    None if all.is_empty() => {
                        "create tables in it first, or name another database".to_owned()
                    }
                    None => format!(
                        "there are {}",
                        all.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ")
                    ),
                };
                problems
                    .push((format!("the database `{}` has no table `{name}`", live.name), help));
            }
            several => {
                let several: Vec<String> = several.iter().map(|key| format!("`{key}`")).collect();
                let help = format!("name one of {}", several.join(", "));
                problems.push((format!("more than one table is called `{name}`"), help));
            }
        }
    }
    if problems.is_empty() { Ok((found.into_iter().collect(), Vec::new())) } else { Err(problems) }
}

/// What a row of each table is called, and what its rows are; no two alike.
fn named<'l>(live: &'l Live, keys: &[&'l str]) -> Vec<(&'l str, (String, String))> {
    let plain = |key: &str| words::snake(&subject::aside(live, key).name, "table");
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for key in keys {
        *uses.entry(words::one_and_many(&plain(key)).0).or_default() += 1;
    }
    let mut names = Names::default();
    let name = |key: &&'l str| {
        let aside = subject::aside(live, key);
        let plain = plain(key);
        // The schema's name is in front where the table's own is that of another one.
        let shared = uses.get(&words::one_and_many(&plain).0).is_some_and(|count| *count > 1);
        let whole = match aside.schema.filter(|_| shared) {
            Some(schema) => words::snake(&format!("{schema}_{}", aside.name), "table"),
            None => plain,
        };
        let numbered = (2..).map(|n| format!("{whole}_{n}"));
        let mut candidates = std::iter::once(whole.clone()).chain(numbered);
        let free = candidates.find_map(|name| {
            let (one, many) = words::one_and_many(&name);
            (names.free(&one) && names.free(&many)).then_some((one, many))
        });
        let (one, many) = free.unwrap_or_default();
        names.take(&one);
        names.take(&many);
        (*key, (one, many))
    };
    keys.iter().map(name).collect()
}

fn tools(subject: &Subject, others: &Others, write: bool, remarks: &mut Vec<String>) -> Vec<Tool> {
    let mut tools = Vec::new();
    // An index of words is there to be searched, and its rows are those of another table.
    let index = subject.aside.module && subject.aside.full_text.is_some();
    if !index && !subject.listed().is_empty() {
        tools.push(read::list(subject, others));
    }
    if !subject.key.is_empty() {
        tools.push(read::get(subject));
    }
    if !subject.listed().is_empty() {
        tools.extend(read::search(subject));
    }
    if !write || !subject.writable() {
        return tools;
    }
    if let Some(why) = &subject.aside.unwritten {
        remarks.push(format!("Rows are not written: {why}."));
        return tools;
    }
    match write::create(subject, others) {
        Ok(tool) => tools.push(tool),
        Err(why) => remarks.push(why),
    }
    if subject.key.is_empty() {
        remarks.push("Rows are neither changed nor deleted: no key finds one of them.".to_owned());
        return tools;
    }
    tools.extend(write::update(subject, others));
    tools.push(write::delete(subject));
    tools
}

/// The shape that tools of a table share, where one of them uses it.
fn row(subject: &Subject, tools: &[Tool]) -> String {
    let Some(name) = tool::row(subject) else { return String::new() };
    if !tools.iter().any(|tool| tool.uses(&name)) {
        return String::new();
    }
    let columns = subject.read().filter_map(tool::declared);
    let lines: String = columns.map(|column| format!("    {column}\n")).collect();
    format!("  {name}:\n{lines}")
}

/// Everything above the tools.
fn head(live: &Live, wishes: Wishes, left_out: &[String]) -> String {
    let mut text = "# yaml-language-server: $schema=mcpgen.schema.json\n#\n".to_owned();
    let title = words::capital(&words::prose(&wishes.name.replace('-', " ")));
    let database = yaml::line(&live.name);
    let engine = live.engine.title();
    text.push_str(&yaml::comment(0, &format!(
        "Written by `mcpgen init --from` for the {engine} database {database}. It is yours now: take tools away that nobody needs, and say in descriptions what the schema does not say."
    )));
    for reason in left_out {
        text.push_str("#\n");
        text.push_str(&yaml::comment(0, reason));
    }
    let does = if wishes.write { "Reads and writes" } else { "Reads" };
    text.push_str(&format!("mcpgen: 1\n\nserver:\n  name: {}\n", yaml::scalar(wishes.name)));
    text.push_str(&format!("  title: {}\n  version: 0.1.0\n", yaml::scalar(&title)));
    let description = format!("{does} the tables of the database {database}.");
    text.push_str(&format!("  description: {}\n", yaml::scalar(&description)));
    text.push_str(&format!("\ndatabase:\n  engine: {}\n", live.engine.name()));
    match live.engine {
        Engine::Sqlite => text.push_str(&format!("  migrations: {}/migrations\n", wishes.name)),
        Engine::Postgres | Engine::Mysql => {
            text.push_str(
                "  schema: live                         # others migrate it; mcpgen only asks\n",
            );
        }
    }
    text
}
