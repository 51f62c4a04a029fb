//! Tools that write: create, update, delete.

use crate::database::facts::Flavour;
use crate::ir::Engine;

use super::param::{self, Default, Param};
use super::read::{by_key, columns, key_params, listed_words, select, wrapped};
use super::subject::{Field, Subject};
use super::tool::{Shape, Tool, a, returns};
use super::words::{Names, prose};

/// Most optional clauses of a statement.
const MOST_CLAUSES: usize = 16;

/// From so many on, a client is not told which params an update has to have one of.
const MANY: usize = 8;

/// Adds a row; or why that cannot be done.
pub(super) fn create(subject: &Subject) -> Result<Tool, String> {
    let one = prose(&subject.one);
    let without = subject.fields.iter().find(|field| {
        let column = field.column;
        !field.written
            && !column.generated
            && !column.nullable
            && column.default.is_none()
            && !subject.aside.fixed.contains(&column.name)
    });
    let lost = subject.table.columns.len() > subject.fields.len();
    if let Some(field) = without {
        let name = &field.column.name;
        return Err(format!("There is no create_{}: `{name}` must have a value.", subject.one));
    }
    if lost {
        return Err(format!(
            "There is no create_{}: a column has no name that can be written.",
            subject.one
        ));
    }
    let mut tool = Tool::new("create", &subject.one, &format!("Create {}", a(&one)));
    tool.description = format!("Add {}.", a(&one));
    tool.about(subject);
    let mut names = Vec::new();
    let mut values = Vec::new();
    let given: Vec<&Field> =
        subject.fields.iter().filter(|f| f.written && !subject.numbered(f)).collect();
    for field in &given {
        let default = param::default(subject, field);
        let param = Param::new(&field.name).typed(field);
        let comment = field.column.comment.clone().unwrap_or_default();
        let null = |param: Param| {
            if field.column.nullable { param.key("nullable", "true") } else { param }
        };
        let (param, value) = match default {
            Default::Required => (param, format!(":{}", field.name)),
            Default::Null => {
                (param.key("nullable", "true").key("default", "null"), format!(":{}", field.name))
            }
            Default::Value(value) => {
                (null(param).key("default", value), format!(":{}", field.name))
            }
            Default::Expression(sql) => {
                // Inside of a function the column no longer says what it takes.
                let param = match field.column.max_length.filter(|_| field.column.choices.is_none())
                {
                    Some(most) => param.key("maxLength", most.to_string()),
                    None => param.choices(field),
                };
                let value = format!("COALESCE(:{}, {sql})", field.name);
                (param.key("nullable", "true").key("default", "null"), value)
            }
        };
        tool.params.push(param.described(&comment));
        names.push(field.sql.clone());
        values.push(value);
    }
    let insert = match (names.is_empty(), subject.engine) {
        (true, Engine::Mysql) => format!("INSERT INTO {} () VALUES ()", subject.from),
        (true, _) => format!("INSERT INTO {} DEFAULT VALUES", subject.from),
        (false, _) => {
            let into = wrapped(&format!("INSERT INTO {} (", subject.from), &names, ")");
            format!("{into}\n{}", wrapped("VALUES (", &values, ")"))
        }
    };
    let shown: Vec<&Field> = subject.read().collect();
    if returning(subject) {
        let sql = format!("{insert}\n{}", columns("RETURNING ", &shown));
        tool.sql(sql, Shape::One, shown, subject);
        return Ok(tool);
    }
    // MySQL does not return rows: they are read back by their key, where that is known.
    let mut steps = Names::with(tool.params.iter().map(|param| param.name.as_str()));
    let inserted = steps.unique("inserted");
    let key = subject.key();
    let numbered = key.iter().any(|field| subject.numbered(field));
    let known = key.iter().all(|field| {
        given.iter().any(|given| given.name == field.name)
            && !matches!(param::default(subject, field), Default::Expression(_))
    });
    let condition = match key.as_slice() {
        [field] if numbered => format!("{} = :{inserted}.id", field.sql),
        [_, ..] if known => by_key(subject),
        _ => {
            tool.affected(&insert, "created");
            return Ok(tool);
        }
    };
    let form = if numbered { "inserted_id" } else { "affected" };
    tool.step(&inserted, &insert, form);
    read_back(subject, &mut tool, &mut steps, &condition);
    Ok(tool)
}

/// Changes what is given of a row; none where nothing but the key can be changed.
pub(super) fn update(subject: &Subject) -> Option<Tool> {
    let one = prose(&subject.one);
    let changed: Vec<&Field> = subject
        .fields
        .iter()
        .enumerate()
        .filter(|(at, field)| field.written && !field.column.numbered && !subject.key.contains(at))
        .map(|(_, field)| field)
        .collect();
    if changed.is_empty() {
        return None;
    }
    let mut tool = Tool::new("update", &subject.one, &format!("Update {}", a(&one)));
    tool.description = format!("Change {}.", a(&one));
    tool.params = key_params(subject);
    let where_key = by_key(subject);
    let statement =
        |sets: String| format!("UPDATE {}\nSET {sets}\nWHERE {where_key}", subject.from);
    let param = |field: &Field| {
        let param = Param::new(&field.name).typed(field);
        if field.column.nullable { param.key("nullable", "true") } else { param }
    };
    let described = |param: Param, field: &Field| {
        param.described(field.column.comment.as_deref().unwrap_or_default())
    };
    let mut statements = Vec::new();
    if let [only] = changed.as_slice() {
        tool.params.push(described(param(only), only));
        statements.push(statement(format!("{} = :{}", only.sql, only.name)));
    } else {
        tool.description = format!("Change what is given of {}.", a(&one));
        let (base, clauses) = base(subject, &changed);
        for field in &changed {
            let coalesced = clauses.iter().all(|clause| clause.name != field.name);
            let param = if coalesced {
                Param::new(&field.name)
                    .typed(field)
                    .choices(field)
                    .key("nullable", "true")
                    .key("default", "null")
            } else {
                param(field).key("optional", "true")
            };
            tool.params.push(described(param, field));
        }
        for part in clauses.chunks(MOST_CLAUSES) {
            let clause = |field: &&Field| format!("[[, {} = :{}]]", field.sql, field.name);
            let clauses: Vec<String> = part.iter().map(clause).collect();
            statements.push(statement(set(&base, &clauses)));
        }
        if clauses.len() == changed.len() && changed.len() <= MANY {
            tool.any_of = changed.iter().map(|field| field.name.clone()).collect();
        }
    }
    tool.about(subject);
    tool.not_found(subject);
    let shown: Vec<&Field> = subject.read().collect();
    match statements.as_slice() {
        [only] if subject.engine != Engine::Mysql => {
            let sql = format!("{only}\n{}", columns("RETURNING ", &shown));
            tool.sql(sql, Shape::One, shown, subject);
        }
        all => {
            let mut steps = Names::with(tool.params.iter().map(|param| param.name.as_str()));
            for sql in all {
                let name = steps.unique("changed");
                tool.step(&name, sql, "affected");
            }
            read_back(subject, &mut tool, &mut steps, &where_key);
        }
    }
    Some(tool)
}

/// The assignment that is always there, so that each clause can begin with a comma, and the columns
/// that have a clause.
fn base<'s, 'l>(subject: &Subject, changed: &[&'s Field<'l>]) -> (String, Vec<&'s Field<'l>>) {
    let key = subject
        .key()
        .into_iter()
        .find(|field| !subject.aside.fixed.contains(&field.column.name) && !field.column.generated);
    if let Some(key) = key {
        return (format!("{0} = {0}", key.sql), changed.to_vec());
    }
    // Only the database may write the key. A column that cannot be NULL takes its place.
    let at = changed.iter().position(|field| !field.column.nullable).unwrap_or(0);
    let first = changed[at];
    let base = format!("{0} = COALESCE(:{1}, {0})", first.sql, first.name);
    let others = changed.iter().enumerate().filter(|(other, _)| *other != at);
    (base, others.map(|(_, field)| *field).collect())
}

fn set(base: &str, clauses: &[String]) -> String {
    const WIDTH: usize = 88;
    let mut all = base.to_owned();
    let mut width = base.len();
    for clause in clauses {
        if width + clause.len() > WIDTH {
            all.push_str("\n   ");
            width = 3;
        }
        all.push(' ');
        all.push_str(clause);
        width += clause.len() + 1;
    }
    all
}

/// Deletes a row.
pub(super) fn delete(subject: &Subject) -> Tool {
    let one = prose(&subject.one);
    let mut tool = Tool::new("delete", &subject.one, &format!("Delete {}", a(&one)));
    let key: Vec<String> = subject.key().iter().map(|field| field.name.clone()).collect();
    tool.description = format!("Delete {} by its {}.", a(&one), listed_words(&key, "and"));
    tool.params = key_params(subject);
    tool.not_found(subject);
    let sql = format!("DELETE FROM {} WHERE {}", subject.from, by_key(subject));
    let shown = subject.key();
    if returning(subject) {
        let sql = format!(
            "DELETE FROM {}\nWHERE {}\n{}",
            subject.from,
            by_key(subject),
            columns("RETURNING ", &shown)
        );
        tool.sql(sql, Shape::One, shown, subject);
        return tool;
    }
    let mut steps = Names::with(tool.params.iter().map(|param| param.name.as_str()));
    let found = steps.unique("found");
    let look =
        format!("{}\nFROM {}\nWHERE {}\nFOR UPDATE", select(&shown), subject.from, by_key(subject));
    tool.step(&found, &look, &returns(Shape::One, &found, &shown, subject));
    tool.step(&steps.unique("deleted"), &sql, "affected");
    tool
}

/// A last step that answers with the row.
fn read_back(subject: &Subject, tool: &mut Tool, steps: &mut Names, condition: &str) {
    let shown: Vec<&Field> = subject.read().collect();
    let name = steps.unique(&subject.one);
    let sql = format!("{}\nFROM {}\nWHERE {condition}", select(&shown), subject.from);
    tool.step(&name, &sql, &returns(Shape::One, &name, &shown, subject));
}

/// Whether INSERT and DELETE answer with rows. MariaDB's do, and its UPDATE does not.
fn returning(subject: &Subject) -> bool {
    subject.flavour != Some(Flavour::Mysql)
}
