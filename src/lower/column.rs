//! Columns of a result: their names, their types, and what the spec says of them.

use indexmap::IndexMap;

use crate::database::facts::{ResultColumn, SqlType};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Column, Engine, Ident, JsonShape, Kind, Type, WireForm};
use crate::spec::document;
use crate::sql;

use super::bind::spelled;
use super::context::{At, Context, name_help};
use super::kind::text_format;
use super::mask;
use super::result::Answering;

/// The columns of a statement: what the database said, and what the spec says where it is silent.
/// `at` is the place that declares them, by name.
pub(super) fn columns(
    context: &mut Context,
    answering: &Answering,
    declared: &IndexMap<String, document::Column>,
    at: &At,
) -> Option<Vec<Column>> {
    let before = context.diagnostics.len();
    let known: Vec<&str> = answering.facts.columns.iter().map(|c| c.name.as_str()).collect();
    for name in declared.keys().filter(|name| !known.contains(&name.as_str())) {
        let span = context.key(&at.key(name));
        context.report(
            Diagnostic::new(
                Code::UnknownName,
                span,
                format!("the statement returns no column `{name}`"),
            )
            .help(name_help(name, &known, "column")),
        );
    }
    let columns: Vec<Option<Column>> = answering
        .facts
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            if known[..index].contains(&column.name.as_str()) {
                let span = statement_span(context, answering);
                context.report(
                    Diagnostic::new(
                        Code::NameCollision,
                        span,
                        format!("two columns of the result are called `{}`", column.name),
                    )
                    .help(if starred(&answering.parsed.text) {
                        "name the columns instead of `*`, and give one another name: `AS other_name`"
                    } else {
                        "give one another name: `AS other_name`"
                    }),
                );
                return None;
            }
            let at = at.key(&column.name);
            self::column(context, answering, column, declared.get(&column.name), &at)
        })
        .collect();
    let columns: Option<Vec<Column>> = columns.into_iter().collect();
    if let Some(columns) = &columns {
        let span = statement_span(context, answering);
        context.distinct(columns.iter().map(|column| (&column.ident, span)));
    }
    columns.filter(|_| context.diagnostics.len() == before)
}

/// Whether a `*` stands for columns: behind SELECT, a comma, or the dot of a table.
fn starred(text: &str) -> bool {
    text.match_indices('*').any(|(at, _)| {
        let before = text[..at].trim_end().to_ascii_lowercase();
        before.ends_with([',', '.']) || before.ends_with("select")
    })
}

pub(super) fn statement_span(context: &Context, answering: &Answering) -> crate::source::Span {
    let text = &answering.parsed.text;
    let start = text.len() - text.trim_start().len();
    let first_line = text.trim_start().lines().next().unwrap_or_default().len();
    answering.parsed.span(context.loaded, start..start + first_line)
}

/// A column that SQLite named after its expression, as its author wrote it: with `:name` for `?1`.
pub(super) fn author_words(name: &str, answering: &Answering) -> String {
    let bindings = answering.parsed.template.names();
    let mut words = name.to_owned();
    for (at, binding) in bindings.iter().enumerate().rev() {
        words = words.replace(&format!("?{}", at + 1), &format!(":{binding}"));
    }
    words
}

/// Where a result column gets its name in the statement; its first line where that cannot be said.
pub(super) fn column_span(
    context: &Context,
    answering: &Answering,
    column: &ResultColumn,
) -> crate::source::Span {
    let text = &answering.parsed.text;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |at: &usize| {
        !text[..*at].ends_with(is_word) && !text[at + column.name.len()..].starts_with(is_word)
    };
    let found = text.match_indices(column.name.as_str()).map(|(at, _)| at).filter(whole);
    let named = found.clone().find(|at| {
        let before = text[..*at].trim_end_matches('"').trim_end();
        let word = before.rsplit(|c: char| !is_word(c)).next().unwrap_or_default();
        word.eq_ignore_ascii_case("as")
    });
    match named.or_else(|| found.into_iter().next()) {
        Some(at) => answering.parsed.span(context.loaded, at..at + column.name.len()),
        None => statement_span(context, answering),
    }
}

/// A value that the column's CHECK takes and an enum has not.
pub(super) fn missing_choice(
    context: &Context,
    kind: &Kind,
    column: &ResultColumn,
) -> Option<String> {
    let kind = match kind {
        Kind::Named(named) => named.ty.resolved(),
        other => other,
    };
    let (Kind::Choice(choice), Some(origin)) = (kind, &column.origin) else { return None };
    let table = context.facts.tables.get(&origin.table)?;
    let checked =
        table.columns.iter().find(|other| other.name == origin.column)?.choices.as_ref()?;
    let has =
        |value: &&String| choice.choices.iter().any(|known| known.ident.wire() == value.as_str());
    checked.iter().find(|value| !has(value)).cloned()
}

pub(super) fn column(
    context: &mut Context,
    answering: &Answering,
    column: &ResultColumn,
    declared: Option<&document::Column>,
    at: &At,
) -> Option<Column> {
    let ident = match Ident::new(&column.name) {
        Ok(ident) if column.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => ident,
        Ok(_) | Err(_) => {
            let written = author_words(&column.name, answering);
            let span = match answering.parsed.text.find(&written) {
                Some(at) => answering.parsed.span(context.loaded, at..at + written.len()),
                None => statement_span(context, answering),
            };
            context.report(
                Diagnostic::new(
                    Code::InvalidName,
                    span,
                    format!("the result column `{written}` needs a plain name"),
                )
                .help("name it in the statement: `… AS name`"),
            );
            return None;
        }
    };
    let declared_kind: Option<(Kind, Option<JsonShape>)> = match declared
        .and_then(|declared| declared.kind.as_deref())
    {
        Some(kind) => {
            let format = declared.and_then(|declared| declared.format.as_deref());
            Some(declared_kind(context, kind, format, at)?)
        }
        None => {
            if declared.is_some_and(|declared| declared.format.is_some()) {
                let span = context.key(&at.key("format"));
                context.report(
                    Diagnostic::new(Code::MissingKey, span, "`format` needs a `type` beside it")
                        .help("add `type: string`"),
                );
                return None;
            }
            None
        }
    };
    if let (Some((kind, json)), Some(actual)) = (&declared_kind, &column.kind)
        && !agrees(kind, *json, actual)
    {
        let span = context.value(&at.key("type"));
        context.report(
            Diagnostic::new(
                Code::ColumnMismatch,
                span,
                format!("the database says that `{}` is {}", column.name, noun(actual)),
            )
            .help(format!("write {}, or leave it out", spelled(actual))),
        );
        return None;
    }
    if let Some((kind, _)) = &declared_kind
        && let Some(missing) = missing_choice(context, kind, column)
    {
        let span = context.value(&at.key("type"));
        let message = format!("`{}` can hold `{missing}`, which this enum has not", column.name);
        context.report(
            Diagnostic::new(Code::ColumnMismatch, span, message)
                .help("add the value to the enum, or write `type: string`"),
        );
        return None;
    }
    let form = column.kind.as_ref().and_then(form_of);
    // A list stays the list that it is in the database.
    let declared_kind = declared_kind.filter(|_| !matches!(column.kind, Some(SqlType::Array(_))));
    let found = column.kind.as_ref().map(|kind| match kind {
        SqlType::Composite => (Kind::Json, Some(JsonShape::Record)),
        kind => (kind_of(kind), None),
    });
    let Some((kind, json)) = declared_kind.or(found) else {
        untyped(context, answering, column);
        return None;
    };
    let mut column = Column {
        ident,
        kind,
        form,
        json,
        nullable: declared.and_then(|declared| declared.nullable).unwrap_or(column.nullable),
        description: declared.and_then(|declared| declared.description.clone()),
        mask: None,
        block: false,
    };
    mask::mask(context, declared, &mut column, at);
    Some(column)
}

/// Reports a column whose type nobody knows, at its expression, with what to type there.
fn untyped(context: &mut Context, answering: &Answering, column: &ResultColumn) {
    /// The longest expression that is repeated in a message.
    const LONGEST: usize = 80;
    let (parsed, columns) = (answering.parsed, &answering.facts.columns);
    // Elsewhere the server says what a column is, so that its name is enough.
    let at = columns
        .iter()
        .position(|other| std::ptr::eq(other, column))
        .filter(|_| parsed.engine == Engine::Sqlite);
    let written = at.and_then(|at| sql::expression(&parsed.text, parsed.engine, at, columns.len()));
    let span = match &written {
        Some(range) => parsed.span(context.loaded, range.clone()),
        None => column_span(context, answering, column),
    };
    let shown = written.map(|range| &parsed.text[range]);
    let shown = shown.filter(|text| text.len() <= LONGEST && !text.contains(['\n', '`']));
    let what = shown.unwrap_or(&column.name);
    let name = &column.name;
    let message = match &column.unread {
        Some(ty) => format!("the result column `{what}` is of the type `{ty}`, which is not read"),
        None => format!("the type of the result column `{what}` is not known"),
    };
    let value = shown.unwrap_or("…");
    let help = match parsed.engine {
        Engine::Sqlite => format!(
            "declare it: `returns: {{ …, columns: {{ {name}: {{ type: integer }} }} }}`, or write `CAST({value} AS INTEGER) AS {name}`"
        ),
        Engine::Postgres => match &column.unread {
            Some(ty) if ty.ends_with("[]") => {
                format!("make JSON of it, `to_jsonb(…) AS {name}`, or cast it: `…::text AS {name}`")
            }
            _ => format!("cast it to a type that is: `…::text AS {name}`"),
        },
        Engine::Mysql if column.unread.is_some() => {
            format!("make text of it: `ST_AsText(…) AS {name}`")
        }
        Engine::Mysql => format!("cast it to a type that is: `CAST(… AS CHAR) AS {name}`"),
    };
    context.report(Diagnostic::new(Code::UntypedColumn, span, message).help(help));
}

/// The kind that a spec declares for a column.
pub(super) fn declared_kind(
    context: &mut Context,
    name: &str,
    format: Option<&str>,
    at: &At,
) -> Option<(Kind, Option<JsonShape>)> {
    let plain = match name {
        "string" => None,
        "integer" => Some((Kind::Integer, None)),
        "number" => Some((Kind::Number, None)),
        "boolean" => Some((Kind::Boolean, None)),
        "array" => Some((Kind::Json, Some(JsonShape::Array))),
        "object" => Some((Kind::Json, Some(JsonShape::Object))),
        named => {
            let named = context.named_type(named, &at.key("type"))?;
            let kind = match named.ty.resolved() {
                Kind::Choice(_) => Kind::Named(named),
                Kind::Array(_) => return Some((Kind::Json, Some(JsonShape::Array))),
                Kind::Object(_) => return Some((Kind::Json, Some(JsonShape::Object))),
                other => other.clone(),
            };
            Some((kind, None))
        }
    };
    match (plain, format) {
        (None, None) => Some((Kind::Text, None)),
        (None, Some(format)) => match text_format(format) {
            Some(kind) => Some((kind, None)),
            None => {
                let span = context.value(&at.key("format"));
                context.report(
                    Diagnostic::new(Code::InvalidValue, span, format!("a column has no format `{format}`"))
                        .help("remove it, or use one of `date`, `time`, `date-time`, `uuid`, `decimal`, `byte` and `json`"),
                );
                None
            }
        },
        (Some(kind), None) => Some(kind),
        (Some(kind), Some("int32" | "int64")) if name == "integer" => Some(kind),
        (Some(_), Some(_)) => {
            let span = context.key(&at.key("format"));
            context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!("`type: {name}` takes no such `format`"),
                )
                .help("remove `format`, or write `type: string`"),
            );
            None
        }
    }
}

pub(super) fn kind_of(kind: &SqlType) -> Kind {
    match kind {
        SqlType::Integer => Kind::Integer,
        SqlType::Unsigned => Kind::Unsigned,
        SqlType::Real => Kind::Number,
        SqlType::Decimal => Kind::Decimal,
        SqlType::Text
        | SqlType::Interval
        | SqlType::Inet
        | SqlType::MacAddress
        | SqlType::Bits
        | SqlType::Range => Kind::Text,
        SqlType::Array(item) => {
            Kind::Array(Box::new(Type { kind: kind_of(item), constraints: Vec::new() }))
        }
        SqlType::Boolean => Kind::Boolean,
        SqlType::Blob => Kind::Bytes,
        SqlType::Date => Kind::Date,
        SqlType::Time => Kind::Time,
        SqlType::DateTime => Kind::DateTime,
        SqlType::Uuid => Kind::Uuid,
        SqlType::Json | SqlType::Composite => Kind::Json,
    }
}

/// How the database sends what is text in JSON.
fn form_of(kind: &SqlType) -> Option<WireForm> {
    match kind {
        SqlType::Interval => Some(WireForm::Interval),
        SqlType::Inet => Some(WireForm::Inet),
        SqlType::MacAddress => Some(WireForm::MacAddress),
        SqlType::Bits => Some(WireForm::Bits),
        SqlType::Range => Some(WireForm::Range),
        SqlType::Array(item) => form_of(item),
        SqlType::Integer
        | SqlType::Unsigned
        | SqlType::Real
        | SqlType::Decimal
        | SqlType::Text
        | SqlType::Boolean
        | SqlType::Blob
        | SqlType::Date
        | SqlType::Time
        | SqlType::DateTime
        | SqlType::Uuid
        | SqlType::Json
        | SqlType::Composite => None,
    }
}

/// Whether values of a database type can be read as the declared kind.
pub(super) fn agrees(kind: &Kind, json: Option<JsonShape>, actual: &SqlType) -> bool {
    if json == Some(JsonShape::Array) && matches!(actual, SqlType::Array(_)) {
        return true;
    }
    if json.is_some() {
        return matches!(actual, SqlType::Json | SqlType::Text);
    }
    match kind {
        Kind::Text => !matches!(
            actual,
            SqlType::Integer
                | SqlType::Unsigned
                | SqlType::Real
                | SqlType::Boolean
                | SqlType::Blob
                | SqlType::Array(_)
                | SqlType::Composite
        ),
        Kind::Integer => matches!(actual, SqlType::Integer | SqlType::Boolean | SqlType::Decimal),
        Kind::Unsigned => matches!(actual, SqlType::Unsigned),
        Kind::Number => matches!(actual, SqlType::Real | SqlType::Integer | SqlType::Decimal),
        Kind::Boolean => matches!(actual, SqlType::Boolean | SqlType::Integer),
        Kind::Date => matches!(actual, SqlType::Date | SqlType::Text),
        Kind::Time => matches!(actual, SqlType::Time | SqlType::Text),
        Kind::DateTime => matches!(actual, SqlType::DateTime | SqlType::Text),
        Kind::Uuid => matches!(actual, SqlType::Uuid | SqlType::Text),
        Kind::Decimal => matches!(actual, SqlType::Decimal | SqlType::Text | SqlType::Integer),
        Kind::Bytes => *actual == SqlType::Blob,
        Kind::Json => matches!(actual, SqlType::Json | SqlType::Text),
        Kind::Choice(_) => *actual == SqlType::Text,
        Kind::Named(named) => agrees(named.ty.resolved(), None, actual),
        Kind::Array(_) | Kind::Object(_) => matches!(actual, SqlType::Json | SqlType::Text),
    }
}

pub(super) fn noun(kind: &SqlType) -> &'static str {
    match kind {
        SqlType::Integer => "an integer",
        SqlType::Unsigned => "an integer without a sign",
        SqlType::Interval => "an interval",
        SqlType::Inet => "a network address",
        SqlType::MacAddress => "a hardware address",
        SqlType::Bits => "a string of bits",
        SqlType::Range => "a range",
        SqlType::Composite => "a row",
        SqlType::Array(_) => "a list",
        SqlType::Real => "a floating point number",
        SqlType::Decimal => "a decimal",
        SqlType::Text => "text",
        SqlType::Boolean => "a boolean",
        SqlType::Blob => "a blob",
        SqlType::Date => "a date",
        SqlType::Time => "a time",
        SqlType::DateTime => "a date-time",
        SqlType::Uuid => "a uuid",
        SqlType::Json => "JSON",
    }
}
