//! A tool, and its text.

use super::param::Param;
use super::subject::{Field, Subject};
use super::words::{article, prose};
use super::yaml;

/// How many rows a statement answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    Many,
}

/// A tool that is going to be written.
pub(super) struct Tool {
    pub(super) name: String,
    title: String,
    pub(super) description: String,
    pub(super) params: Vec<Param>,
    /// Params of which one must be given.
    pub(super) any_of: Vec<String>,
    body: String,
    pub(super) sort: Vec<String>,
    pub(super) keys: Vec<String>,
    returns: String,
    not_found: Option<String>,
}

impl Tool {
    pub(super) fn new(verb: &str, noun: &str, title: &str) -> Self {
        Self {
            name: format!("{verb}_{noun}"),
            title: title.to_owned(),
            description: String::new(),
            params: Vec::new(),
            any_of: Vec::new(),
            body: String::new(),
            sort: Vec::new(),
            keys: Vec::new(),
            returns: String::new(),
            not_found: None,
        }
    }

    /// Adds what the database says of the table.
    pub(super) fn about(&mut self, subject: &Subject) {
        let comment = yaml::line(subject.table.comment.as_deref().unwrap_or_default());
        if !comment.is_empty() {
            let stop = if comment.ends_with(['.', '!', '?', '…']) { "" } else { "." };
            self.description.push_str(&format!(" {}{stop}", super::words::capital(&comment)));
        }
    }

    /// Gives the tool its one statement.
    pub(super) fn sql(
        &mut self,
        sql: impl AsRef<str>,
        shape: Shape,
        fields: Vec<&Field>,
        subject: &Subject,
    ) {
        self.body = yaml::statement(4, sql.as_ref());
        self.returns = returns(shape, member(subject, shape), &fields, subject);
    }

    /// Gives the tool a statement that says how many rows it changed.
    pub(super) fn affected(&mut self, sql: &str, member: &str) {
        self.body = yaml::statement(4, sql);
        self.returns = format!("{{ affected: {member} }}");
    }

    /// Adds a step: its name, its statement, and what it returns.
    pub(super) fn step(&mut self, name: &str, sql: &str, returns: &str) {
        if self.body.is_empty() {
            self.body.push_str("    steps:\n");
        }
        self.body.push_str(&format!("      {}:\n", yaml::scalar(name)));
        self.body.push_str(&yaml::statement(8, sql));
        self.body.push_str(&format!("        returns: {returns}\n"));
    }

    /// Says what to do when there is no such row.
    pub(super) fn not_found(&mut self, subject: &Subject) {
        let find = format!("Find one with list_{}", subject.many);
        self.not_found = Some(format!(
            "{{ message: {}, suggestions: [{find}] }}",
            yaml::scalar(&format!("There is no such {}", prose(&subject.one)))
        ));
    }

    /// Whether it answers with a shape.
    pub(super) fn uses(&self, row: &str) -> bool {
        let shape = format!("row: {row} }}");
        self.returns.ends_with(&shape) || self.body.contains(&shape)
    }

    /// The tool's text under `tools`.
    pub(super) fn text(&self) -> String {
        let mut text = format!("  {}:\n", self.name);
        text.push_str(&format!("    title: {}\n", yaml::text(&self.title)));
        text.push_str(&format!("    description: {}\n", yaml::text(&self.description)));
        if !self.params.is_empty() {
            text.push_str("    params:\n");
        }
        for param in &self.params {
            text.push_str(&format!("      {}\n", param.text()));
        }
        if !self.any_of.is_empty() {
            text.push_str(&format!("    require: {{ any_of: {} }}\n", list(&self.any_of)));
        }
        text.push_str(&self.body);
        if !self.sort.is_empty() {
            text.push_str(&format!("    sort: {}\n", list(&self.sort)));
        }
        if !self.keys.is_empty() {
            text.push_str(&format!("    page: {{ keys: {} }}\n", list(&self.keys)));
        }
        if !self.returns.is_empty() {
            text.push_str(&format!("    returns: {}\n", self.returns));
        }
        if let Some(not_found) = &self.not_found {
            text.push_str(&format!("    errors:\n      RECORD_NOT_FOUND: {not_found}\n"));
        }
        text
    }
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| yaml::scalar(name)).collect();
    format!("[{}]", names.join(", "))
}

/// The result's member; names that results have of their own are not for it.
fn member<'s>(subject: &'s Subject, shape: Shape) -> &'s str {
    let (name, other) = match shape {
        Shape::One => (&subject.one, "row"),
        Shape::Many => (&subject.many, "rows"),
    };
    if matches!(name.as_str(), "count" | "truncated" | "next_cursor") { other } else { name }
}

/// What a statement returns, with what the database cannot say of its columns.
pub(super) fn returns(shape: Shape, member: &str, fields: &[&Field], subject: &Subject) -> String {
    let form = match shape {
        Shape::One => "one",
        Shape::Many => "many",
    };
    let columns: Vec<String> = fields.iter().filter_map(|field| declared(field)).collect();
    let member = yaml::scalar(member);
    if columns.is_empty() {
        return format!("{{ {form}: {member} }}");
    }
    match row(subject).filter(|_| fields.len() == subject.read().count()) {
        Some(row) => format!("{{ {form}: {member}, row: {row} }}"),
        None => format!("{{ {form}: {member}, columns: {{ {} }} }}", columns.join(", ")),
    }
}

/// What a spec has to say of a column.
pub(super) fn declared(field: &Field) -> Option<String> {
    let mut keys = Vec::new();
    let comment = yaml::line(field.column.comment.as_deref().unwrap_or_default());
    if !comment.is_empty() {
        keys.push(format!("description: {}", yaml::scalar(&comment)));
    }
    (!keys.is_empty()).then(|| format!("{}: {{ {} }}", yaml::scalar(&field.name), keys.join(", ")))
}

/// The name of the shape that tools of the table share; none where the spec has nothing to say of it.
pub(super) fn row(subject: &Subject) -> Option<String> {
    let says = subject.read().any(|field| declared(field).is_some());
    says.then(|| {
        let ident = crate::ir::Ident::of_prose(&subject.one).ok()?;
        let name = ident.pascal().to_owned();
        Some(if ident.as_type().is_ok() { name } else { format!("{name}Row") })
    })?
}

/// `a film`.
pub(super) fn a(one: &str) -> String {
    format!("{} {one}", article(one))
}
