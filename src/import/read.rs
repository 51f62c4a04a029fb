//! Tools that read: list, get, search.

use crate::database::facts::SqlType;
use crate::ir::Engine;
use crate::sql::quote;

use super::Others;
use super::param::{self, Param};
use super::subject::{Field, Read, Subject};
use super::tool::{Shape, Tool};
use super::words::{Names, article, prose};

/// Most optional clauses of a list: every combination of them is checked.
const MOST_FILTERS: usize = 5;

/// Most columns that a search looks at.
const MOST_SEARCHED: usize = 6;

/// Most columns that a list can be sorted by.
const MOST_SORTED: usize = 3;

/// Every row, filtered by what points elsewhere, by choices, and by a range.
pub(super) fn list(subject: &Subject, others: &Others) -> Tool {
    let shown = subject.listed();
    let many = prose(&subject.many);
    let mut names = Names::with(["sort", "cursor", "page_size", "limit", "offset"]);
    let filters = filters(subject, others, &mut names);
    let mut tool = Tool::new("list", &subject.many, &format!("List {many}"));
    tool.description = format!("List {many}");
    let by: Vec<String> = filters.iter().map(|filter| prose(&filter.about)).collect();
    if !by.is_empty() {
        tool.description.push_str(&format!(", filtered by {}", listed_words(&by, "and")));
    }
    tool.description.push('.');
    tool.about(subject);
    let mut sql = format!("{}\nFROM {}", select(&shown), subject.from);
    if !filters.is_empty() {
        sql.push_str("\nWHERE TRUE");
    }
    for filter in filters {
        for (param, condition) in filter.params {
            sql.push_str(&format!("\n  [[AND {condition}]]"));
            tool.params.push(param.key("optional", "true"));
        }
    }
    walk(subject, &shown, &mut tool, &mut sql);
    tool.sql(sql, Shape::Many, shown, subject);
    tool
}

/// One row by its key.
pub(super) fn get(subject: &Subject) -> Tool {
    let one = prose(&subject.one);
    let mut tool = Tool::new("get", &subject.one, &format!("Get {} {one}", article(&one)));
    let key: Vec<String> = subject.key().iter().map(|field| field.name.clone()).collect();
    tool.description = format!("One {one} by its {}.", listed_words(&key, "and"));
    tool.about(subject);
    tool.params = key_params(subject);
    let shown: Vec<&Field> = subject.read().collect();
    let sql = format!("{}\nFROM {}\nWHERE {}", select(&shown), subject.from, by_key(subject));
    tool.sql(sql, Shape::One, shown, subject);
    tool.not_found(subject);
    tool
}

/// Rows that hold a text; none where nothing is text.
pub(super) fn search(subject: &Subject) -> Option<Tool> {
    let many = prose(&subject.many);
    let mut tool = Tool::new("search", &subject.many, &format!("Search {many}"));
    let shown = subject.listed();
    let text =
        Param::new("text").key("type", "string").key("minLength", "1").key("maxLength", "200");
    if let Some((condition, order)) = full_text(subject) {
        tool.description = format!("Find {many} by words, best match first.");
        tool.about(subject);
        tool.params.push(text.described("Words to look for."));
        tool.params.push(limit());
        let sql = format!(
            "{}\nFROM {}\nWHERE {condition}\nORDER BY {order}\nLIMIT :limit",
            select(&shown),
            subject.from
        );
        tool.sql(sql, Shape::Many, shown, subject);
        return Some(tool);
    }
    let searched: Vec<&Field> = texts(subject).collect();
    if searched.is_empty() || subject.aside.module {
        return None;
    }
    let columns: Vec<String> = searched.iter().map(|field| prose(&field.name)).collect();
    let columns = listed_words(&columns, "or");
    tool.description = format!("Find {many} by a part of their {columns}.");
    tool.about(subject);
    tool.params.push(text.described("What to look for; upper and lower case are alike."));
    let holds: Vec<String> = searched.iter().map(|field| holds(subject.engine, field)).collect();
    let condition = holds.join("\n   OR ");
    let mut sql = format!("{}\nFROM {}\nWHERE {condition}", select(&shown), subject.from);
    walk(subject, &shown, &mut tool, &mut sql);
    tool.sql(sql, Shape::Many, shown, subject);
    Some(tool)
}

/// Goes from page to page where a key allows it, else by numbers of rows.
fn walk(subject: &Subject, shown: &[&Field], tool: &mut Tool, sql: &mut String) {
    if subject.paged() {
        tool.keys = subject.key().iter().map(|field| field.name.clone()).collect();
        if tool.name.starts_with("list_") {
            tool.sort = sorted(subject);
        }
        return;
    }
    // A key puts rows in one order, even where no page can go on behind its values.
    let key = subject.key();
    let whole = !key.is_empty() && key.iter().all(|field| field.comparable());
    let some = || shown.iter().filter(|field| field.ordered()).take(MOST_SORTED).copied();
    let order = if whole { key } else { some().collect() };
    let mut order: Vec<&str> = order.iter().map(|field| field.sql.as_str()).collect();
    // Of rows whose key is NULL none is before the other.
    let named =
        subject.table.columns.iter().any(|column| column.name.eq_ignore_ascii_case("rowid"));
    if whole && subject.engine == Engine::Sqlite && !named && !subject.aside.without_rowid {
        order.push("rowid");
    }
    if !order.is_empty() {
        sql.push_str(&format!("\nORDER BY {}", order.join(", ")));
    }
    sql.push_str("\nLIMIT :limit OFFSET :offset");
    tool.params.push(limit());
    let offset = Param::new("offset").key("type", "integer").key("minimum", "0");
    tool.params.push(offset.key("default", "0").described("How many rows to pass over."));
}

fn limit() -> Param {
    let limit = Param::new("limit").key("type", "integer").key("minimum", "1");
    limit.key("clamp", "{ maximum: 200 }").key("default", "50")
}

/// What a list can be sorted by: the key, a name, a time. One order needs no choice.
fn sorted(subject: &Subject) -> Vec<String> {
    let key = subject.key();
    let first = key.first().copied();
    let can = |field: &&&Field| {
        field.ordered() && !field.column.nullable && first.is_none_or(|key| key.name != field.name)
    };
    let all = subject.listed();
    let short = |field: &&&Field| {
        field.kind() == Some(&SqlType::Text)
            && field.column.choices.is_none()
            && field.column.max_length.is_none_or(|most| most <= 255)
    };
    let name = all.iter().filter(can).find(short);
    let time = all
        .iter()
        .filter(can)
        .find(|field| matches!(field.kind(), Some(SqlType::Date | SqlType::DateTime)));
    let columns = first.into_iter().chain(name.copied()).chain(time.copied());
    let columns: Vec<String> = columns.take(MOST_SORTED).map(|field| field.name.clone()).collect();
    if columns.len() > 1 { columns } else { Vec::new() }
}

struct Filter {
    about: String,
    params: Vec<(Param, String)>,
}

fn filters(subject: &Subject, others: &Others, names: &mut Names) -> Vec<Filter> {
    let mut filters: Vec<Filter> = Vec::new();
    let mut room = MOST_FILTERS;
    let mut seen: Vec<&str> = Vec::new();
    let keys = subject.table.foreign_keys.iter().flat_map(|key| {
        key.columns.iter().zip(&key.references).map(move |(column, other)| (key, column, other))
    });
    for (key, column, other) in keys {
        let field = subject.position(column).map(|at| &subject.fields[at]);
        let Some(field) = field.filter(|field| field.comparable()) else { continue };
        if room == 0 || seen.contains(&column.as_str()) {
            continue;
        }
        seen.push(column);
        room -= 1;
        let meaning = match others.one(&key.table) {
            Some(one) if column == other => format!("Only those of the {one} with this {other}."),
            Some(one) => {
                format!("Only those whose {column} is this {other} of {} {one}.", article(&one))
            }
            None => format!("Only those with this {}.", prose(&field.name)),
        };
        filters.push(equal(field, names, &meaning));
    }
    let alone = subject.key.len() == 1;
    for (at, field) in subject.fields.iter().enumerate() {
        let is_key = alone && subject.key.contains(&at);
        let few = field.kind() == Some(&SqlType::Boolean) || param::choices(field).is_some();
        if room > 0 && few && !is_key && field.comparable() && !seen.contains(&&*field.column.name)
        {
            room -= 1;
            filters.push(equal(
                field,
                names,
                &format!("Only those with this {}.", prose(&field.name)),
            ));
        }
    }
    let times = [SqlType::Date, SqlType::DateTime];
    let amounts = [SqlType::Decimal, SqlType::Real];
    for (kinds, least, most) in [
        (&times[..], "Not before this.", "Not after this."),
        (&amounts[..], "At least this.", "At most this."),
    ] {
        let found = subject.fields.iter().find(|field| {
            field.comparable() && field.kind().is_some_and(|kind| kinds.contains(kind))
        });
        let Some(field) = found.filter(|_| room >= 2) else { continue };
        room -= 2;
        filters.push(range(subject.engine, field, names, least, most));
    }
    filters
}

fn equal(field: &Field, names: &mut Names, meaning: &str) -> Filter {
    let name = names.unique(&field.name);
    let condition = format!("{} = :{name}", field.sql);
    let param = Param::new(&name).typed(field).choices(field).described(meaning);
    Filter { about: field.name.clone(), params: vec![(param, condition)] }
}

fn range(engine: Engine, field: &Field, names: &mut Names, least: &str, most: &str) -> Filter {
    let ends = [("from", ">=", least), ("to", "<=", most)];
    let params = ends.map(|(end, operator, meaning)| {
        let name = names.unique(&format!("{}_{end}", field.name));
        let (column, value) = in_order(engine, field, format!(":{name}"));
        let condition = format!("{column} {operator} {value}");
        (Param::new(&name).typed(field).described(meaning), condition)
    });
    Filter { about: field.name.clone(), params: params.into() }
}

/// A column and a value of its type, as they are compared by what they mean. SQLite compares texts
/// letter by letter, however a moment is written in them, and numbers that a view computes with no
/// text at all.
fn in_order(engine: Engine, field: &Field, value: String) -> (String, String) {
    let column = field.sql.clone();
    match field.kind() {
        Some(SqlType::DateTime) if engine == Engine::Sqlite => {
            (format!("julianday({column}, 'auto')"), format!("julianday({value})"))
        }
        Some(SqlType::Date) if engine == Engine::Sqlite => (format!("date({column})"), value),
        Some(SqlType::Decimal) if engine == Engine::Sqlite => {
            (column, format!("CAST({value} AS NUMERIC)"))
        }
        _ => (column, value),
    }
}

impl Field<'_> {
    /// Whether lists can be filtered by it.
    fn comparable(&self) -> bool {
        self.read == Read::Plain
            && self.column.declared != "xml"
            && self.kind().is_some_and(|kind| {
                !matches!(
                    kind,
                    SqlType::Blob
                        | SqlType::Json
                        | SqlType::Array(_)
                        | SqlType::Composite
                        | SqlType::Range
                        | SqlType::Interval
                )
            })
    }
}

/// Columns of text that are not there to be matched as a whole.
fn texts<'s, 'l>(subject: &'s Subject<'l>) -> impl Iterator<Item = &'s Field<'l>> {
    let points =
        |column: &String| subject.table.foreign_keys.iter().any(|key| key.columns.contains(column));
    let is_text = move |field: &&Field| {
        field.read == Read::Plain
            && field.kind() == Some(&SqlType::Text)
            && field.column.choices.is_none()
            && !points(&field.column.name)
    };
    subject.fields.iter().filter(is_text).take(MOST_SEARCHED)
}

/// That a column holds `:text` somewhere, whatever it is made of: `%` and `_` are themselves.
fn holds(engine: Engine, field: &Field) -> String {
    let column = &field.sql;
    match engine {
        Engine::Sqlite => format!("instr(lower({column}), lower(:text)) > 0"),
        Engine::Postgres => {
            let declared = field.column.declared.split('(').next().unwrap_or_default();
            let cast = match declared {
                "text" | "character varying" | "character" | "citext" => "",
                _ => "::text",
            };
            format!("strpos(lower({column}{cast}), lower(:text)) > 0")
        }
        Engine::Mysql => format!("LOCATE(:text, {column}) > 0"),
    }
}

/// How words are searched, and how matches are ordered, where there is an index of words.
fn full_text(subject: &Subject) -> Option<(String, String)> {
    let index = subject.aside.full_text.as_ref()?;
    let columns: Vec<String> =
        index.columns.iter().map(|column| quote::name(subject.engine, column)).collect();
    Some(match subject.engine {
        Engine::Sqlite => {
            let words =
                format!("{} MATCH '\"' || replace(:text, '\"', '\"\"') || '\"'", subject.from);
            (words, "rank".to_owned())
        }
        Engine::Postgres => {
            let column = columns.first()?;
            let language = index.language.as_deref().map(quote::text);
            let language = language.map(|language| format!("{language}, ")).unwrap_or_default();
            let query = format!("websearch_to_tsquery({language}:text)");
            (format!("{column} @@ {query}"), format!("ts_rank({column}, {query}) DESC"))
        }
        Engine::Mysql => {
            let by =
                format!("MATCH ({}) AGAINST (:text IN NATURAL LANGUAGE MODE)", columns.join(", "));
            (by.clone(), format!("{by} DESC"))
        }
    })
}

/// `SELECT` with its columns, wrapped.
pub(super) fn select(fields: &[&Field]) -> String {
    columns("SELECT ", fields)
}

/// A word with the columns that are read behind it, wrapped.
pub(super) fn columns(word: &str, fields: &[&Field]) -> String {
    wrapped(word, &fields.iter().map(|field| field.selected()).collect::<Vec<_>>(), "")
}

/// A list that is wrapped under its first item.
pub(super) fn wrapped(before: &str, items: &[String], after: &str) -> String {
    const WIDTH: usize = 92;
    let margin = " ".repeat(before.len());
    let mut all = before.to_owned();
    let mut width = before.len();
    for (at, item) in items.iter().enumerate() {
        let last = at + 1 == items.len();
        let length = item.chars().count() + usize::from(!last);
        if at > 0 {
            if width + 1 + length > WIDTH {
                all.push('\n');
                all.push_str(&margin);
                width = margin.len();
            } else {
                all.push(' ');
                width += 1;
            }
        }
        all.push_str(item);
        if !last {
            all.push(',');
        }
        width += length;
    }
    all.push_str(after);
    all
}

/// The condition that finds one row.
pub(super) fn by_key(subject: &Subject) -> String {
    let parts =
        subject.key().iter().map(|f| format!("{} = :{}", f.sql, f.name)).collect::<Vec<_>>();
    parts.join(" AND ")
}

/// The params of the key.
pub(super) fn key_params(subject: &Subject) -> Vec<Param> {
    let comment = |field: &Field| field.column.comment.clone().unwrap_or_default();
    let param = |field: &Field| Param::new(&field.name).typed(field).described(&comment(field));
    subject.key().into_iter().map(param).collect()
}

/// `a, b and c`.
pub(super) fn listed_words(words: &[String], and: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} {and} {last}", front.join(", ")),
    }
}
