//! What a statement answers: columns, forms and what is added to them.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::database::facts::{ResultColumn, SqlType, StatementFacts};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Answer, Column, Echo, EchoSource, Ident, JsonShape, Kind, Param, ResultShape, Row, RowUse,
};
use crate::spec::document::{self, Form, Returns, ReturnsShape};

use super::bind::spelled;
use super::context::{At, Context, name_help};
use super::param::{TypeNames, text_format};
use super::statement::Parsed;
use super::template;

/// Where a result stands, which decides what may be added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A tool of one statement.
    Tool {
        /// Whether it has `page`, which adds `next_cursor` and needs `many`.
        paged: bool,
    },
    /// A step, a query of a prompt, or a resource: the answer alone.
    Inner,
}

/// One statement and what is known of it.
pub(super) struct Answering<'s> {
    pub(super) parsed: &'s Parsed,
    pub(super) facts: &'s StatementFacts,
    /// Place of the tool, step, resource or query that holds the statement.
    pub(super) owner: &'s At,
}

/// Lowers `returns`. `member` names the answer where the spec does not.
pub(super) fn shape(
    context: &mut Context,
    answering: &Answering,
    written: Option<&Returns>,
    member: Option<&Ident>,
    params: &[Param],
    place: Place,
    names: &mut TypeNames,
) -> Option<ResultShape> {
    let before = context.diagnostics.len();
    let at = answering.owner.key("returns");
    let (form, named, shape) = form(context, answering, written, &at)?;
    let named = named.and_then(|name| context.ident(name, &at.key(form_key(form))));
    let member = match (member, named) {
        (Some(member), _) => member.clone(),
        (None, Some(named)) => named,
        (None, None) => Ident::new(default_member(form)).expect("a name"),
    };
    form_fits(context, answering, form, written.is_some(), &at);
    if place == (Place::Tool { paged: true }) && form != Form::Many {
        let span = context.key(&answering.owner.key("page"));
        context.report(
            Diagnostic::new(Code::InvalidPage, span, "pages need `returns: many`")
                .help("write `returns: { many: rows }`, or remove `page`"),
        );
    }
    let empty = ReturnsShape::default();
    let shape = shape.unwrap_or(&empty);
    only_for_many(context, shape, form, place, &at);
    let answer = if context.diagnostics.len() == before {
        answer(context, answering, form, shape, &member, &at, names)
    } else {
        // What the columns are is still worth checking; the form is reported already.
        let declared = declared(context, shape);
        columns(context, answering, &declared, &declared_at(shape, &at));
        None
    };
    let echo = echoes(context, shape, params, &at, names);
    members(context, &member, shape, place, &at);
    let result = ResultShape {
        member,
        answer: answer?,
        count: shape.count,
        echo: echo?,
        text: shape.text.clone(),
        max_rows: shape.max_rows,
        max_bytes: shape.max_bytes,
    };
    if (result.max_rows.is_some() || result.max_bytes.is_some())
        && place == (Place::Tool { paged: true })
    {
        let key = if result.max_rows.is_some() { "max_rows" } else { "max_bytes" };
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidPage,
                span,
                format!("`{key}` is for results without pages"),
            )
            .help("remove it: `page` has a `maximum`"),
        );
    }
    if let Some(text) = &result.text {
        let paged = place == Place::Tool { paged: true };
        let variables = sample_members(&result, paged);
        let mut sparse = variables.clone();
        sparse.insert(result.member.wire().to_owned(), sparse_answer(&result.answer));
        template::check(context, &at.key("text"), text, [&variables, &sparse]);
    }
    (context.diagnostics.len() == before).then_some(result)
}

/// The form, the name that it is given, and what else is written.
fn form<'w>(
    context: &mut Context,
    answering: &Answering,
    written: Option<&'w Returns>,
    at: &At,
) -> Option<(Form, Option<&'w str>, Option<&'w ReturnsShape>)> {
    match written {
        None if answering.facts.columns.is_empty() => Some((Form::Affected, None, None)),
        None => Some((Form::Many, None, None)),
        Some(Returns::Form(form)) => Some((*form, None, None)),
        Some(Returns::Shape(shape)) => {
            let forms = [
                (Form::One, shape.one.as_deref()),
                (Form::Optional, shape.optional.as_deref()),
                (Form::Many, shape.many.as_deref()),
                (Form::Scalar, shape.scalar.as_deref()),
                (Form::Affected, shape.affected.as_deref()),
            ];
            let given: Vec<_> = forms.into_iter().filter(|(_, name)| name.is_some()).collect();
            match given.as_slice() {
                [(form, name)] => Some((*form, *name, Some(shape))),
                [] => {
                    let span = context.key(at);
                    context.report(
                        Diagnostic::new(Code::MissingKey, span, "`returns` has no form")
                            .help("add one of `one`, `optional`, `many`, `scalar` and `affected`, with a name: `many: rows`"),
                    );
                    None
                }
                [(first, _), (second, _), ..] => {
                    let span = context.key(&at.key(form_key(*second)));
                    let first_span = context.key(&at.key(form_key(*first)));
                    context.report(
                        Diagnostic::new(
                            Code::Exclusive,
                            span,
                            format!(
                                "`returns` is both `{}` and `{}`",
                                form_key(*first),
                                form_key(*second)
                            ),
                        )
                        .also(first_span, "the first one")
                        .help("keep one of them"),
                    );
                    None
                }
            }
        }
    }
}

fn form_key(form: Form) -> &'static str {
    match form {
        Form::One => "one",
        Form::Optional => "optional",
        Form::Many => "many",
        Form::Scalar => "scalar",
        Form::Affected => "affected",
    }
}

fn default_member(form: Form) -> &'static str {
    match form {
        Form::One | Form::Optional => "row",
        Form::Many => "rows",
        Form::Scalar => "value",
        Form::Affected => "affected",
    }
}

fn form_fits(context: &mut Context, answering: &Answering, form: Form, written: bool, at: &At) {
    let columns = answering.facts.columns.len();
    let (message, help) = match form {
        Form::One | Form::Optional | Form::Many | Form::Scalar if columns == 0 => (
            format!("`{}` needs rows, and this statement returns none", form_key(form)),
            "add `RETURNING …` to the statement, or write `returns: affected`".to_owned(),
        ),
        Form::Scalar if columns > 1 => (
            format!("`scalar` is one value, and this statement returns {columns} columns"),
            "select one column, or write `returns: one`".to_owned(),
        ),
        Form::Affected if answering.facts.effect.reads_only() => (
            "this statement changes no row, so none is `affected`".to_owned(),
            "write `returns: many`".to_owned(),
        ),
        Form::One | Form::Optional | Form::Many | Form::Scalar | Form::Affected => return,
    };
    let span = if written { context.value(at) } else { context.key(answering.owner) };
    context.report(Diagnostic::new(Code::InvalidReturns, span, message).help(help));
}

fn only_for_many(context: &mut Context, shape: &ReturnsShape, form: Form, place: Place, at: &At) {
    let many = [
        ("count", shape.count),
        ("max_rows", shape.max_rows.is_some()),
        ("max_bytes", shape.max_bytes.is_some()),
    ];
    for (key, _) in many.into_iter().filter(|(_, present)| *present && form != Form::Many) {
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(Code::InvalidReturns, span, format!("`{key}` goes with `many` only"))
                .help(format!("remove `{key}`")),
        );
    }
    if place != Place::Inner {
        return;
    }
    let whole = [
        ("count", shape.count),
        ("echo", !shape.echo.is_empty()),
        ("text", shape.text.is_some()),
        ("max_rows", shape.max_rows.is_some()),
        ("max_bytes", shape.max_bytes.is_some()),
    ];
    for (key, _) in whole.into_iter().filter(|(_, present)| *present) {
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidReturns,
                span,
                format!("`{key}` belongs to the result of a tool with one statement"),
            )
            .help(format!("remove `{key}`")),
        );
    }
}

fn answer(
    context: &mut Context,
    answering: &Answering,
    form: Form,
    shape: &ReturnsShape,
    member: &Ident,
    at: &At,
    names: &mut TypeNames,
) -> Option<Answer> {
    match form {
        Form::Affected => {
            for key in ["row", "columns"] {
                let present =
                    if key == "row" { shape.row.is_some() } else { !shape.columns.is_empty() };
                if present {
                    let span = context.key(&at.key(key));
                    context.report(
                        Diagnostic::new(
                            Code::InvalidReturns,
                            span,
                            format!("`affected` has no `{key}`"),
                        )
                        .help(format!("remove `{key}`")),
                    );
                }
            }
            Some(Answer::Affected)
        }
        Form::Scalar => {
            let declared = declared(context, shape);
            let mut columns = columns(context, answering, &declared, &declared_at(shape, at))?;
            Some(Answer::Scalar(columns.remove(0)))
        }
        Form::One => row(context, answering, shape, member, at, names).map(Answer::One),
        Form::Optional => row(context, answering, shape, member, at, names).map(Answer::Optional),
        Form::Many => row(context, answering, shape, member, at, names).map(Answer::Many),
    }
}

fn row(
    context: &mut Context,
    answering: &Answering,
    shape: &ReturnsShape,
    member: &Ident,
    at: &At,
    names: &mut TypeNames,
) -> Option<RowUse> {
    if let Some(name) = &shape.row {
        if !shape.columns.is_empty() {
            let span = context.key(&at.key("columns"));
            context.report(
                Diagnostic::new(Code::Exclusive, span, "`row` and `columns` do not go together")
                    .help("say it in the row, under `rows`"),
            );
        }
        let row = context.shared_row(name)?;
        let positions = row
            .columns
            .iter()
            .map(|column| {
                answering.facts.columns.iter().position(|other| other.name == column.ident.wire())
            })
            .collect::<Option<Vec<_>>>()?;
        return Some(RowUse { row, shared: true, positions });
    }
    let columns = columns(context, answering, &shape.columns, &at.key("columns"))?;
    let positions = (0..columns.len()).collect();
    let ident = names.unique(&Ident::new(&format!("{}_row", member.wire())).ok()?, None);
    Some(RowUse { row: Arc::new(Row { ident, columns }), shared: false, positions })
}

fn declared(context: &mut Context, shape: &ReturnsShape) -> IndexMap<String, document::Column> {
    match &shape.row {
        Some(row) => {
            // Marks it as used also where the statement itself is broken.
            context.shared_row(row);
            context.loaded.document.rows.get(row).cloned().unwrap_or_default()
        }
        None => shape.columns.clone(),
    }
}

fn declared_at(shape: &ReturnsShape, at: &At) -> At {
    match &shape.row {
        Some(row) => At::root().key("rows").key(row),
        None => at.key("columns"),
    }
}

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
                    .help("give one another name: `AS other_name`"),
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

fn statement_span(context: &Context, answering: &Answering) -> crate::source::Span {
    let text = &answering.parsed.text;
    let start = text.len() - text.trim_start().len();
    let first_line = text.trim_start().lines().next().unwrap_or_default().len();
    answering.parsed.span(context.loaded, start..start + first_line)
}

/// A column that SQLite named after its expression, as its author wrote it: with `:name` for `?1`.
fn author_words(name: &str, answering: &Answering) -> String {
    let bindings = answering.parsed.template.names();
    let mut words = name.to_owned();
    for (at, binding) in bindings.iter().enumerate().rev() {
        words = words.replace(&format!("?{}", at + 1), &format!(":{binding}"));
    }
    words
}

/// Where a result column gets its name in the statement; its first line where that cannot be said.
fn column_span(
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
fn missing_choice(context: &Context, kind: &Kind, column: &ResultColumn) -> Option<String> {
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

fn column(
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
    let declared_kind = match declared.and_then(|declared| declared.kind.as_deref()) {
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
    if let (Some((kind, json)), Some(actual)) = (&declared_kind, column.kind)
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
    let Some((kind, json)) =
        declared_kind.or_else(|| column.kind.map(|kind| (kind_of(kind), None)))
    else {
        let span = column_span(context, answering, column);
        context.report(
            Diagnostic::new(
                Code::UntypedColumn,
                span,
                format!("the type of the result column `{}` is not known", column.name),
            )
            .help(format!(
                "declare it: `returns: {{ …, columns: {{ {}: {{ type: integer }} }} }}`, or write `CAST(… AS INTEGER) AS {}`",
                column.name, column.name
            )),
        );
        return None;
    };
    Some(Column {
        ident,
        kind,
        json,
        nullable: declared.and_then(|declared| declared.nullable).unwrap_or(column.nullable),
        description: declared.and_then(|declared| declared.description.clone()),
    })
}

/// The kind that a spec declares for a column.
fn declared_kind(
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

fn kind_of(kind: SqlType) -> Kind {
    match kind {
        SqlType::Integer => Kind::Integer,
        SqlType::Real => Kind::Number,
        SqlType::Decimal => Kind::Decimal,
        SqlType::Text => Kind::Text,
        SqlType::Boolean => Kind::Boolean,
        SqlType::Blob => Kind::Bytes,
        SqlType::Date => Kind::Date,
        SqlType::Time => Kind::Time,
        SqlType::DateTime => Kind::DateTime,
        SqlType::Uuid => Kind::Uuid,
        SqlType::Json => Kind::Json,
    }
}

/// Whether values of a database type can be read as the declared kind.
fn agrees(kind: &Kind, json: Option<JsonShape>, actual: SqlType) -> bool {
    if json.is_some() {
        return matches!(actual, SqlType::Json | SqlType::Text);
    }
    match kind {
        Kind::Text => {
            !matches!(actual, SqlType::Integer | SqlType::Real | SqlType::Boolean | SqlType::Blob)
        }
        Kind::Integer => matches!(actual, SqlType::Integer | SqlType::Boolean | SqlType::Decimal),
        Kind::Number => matches!(actual, SqlType::Real | SqlType::Integer | SqlType::Decimal),
        Kind::Boolean => matches!(actual, SqlType::Boolean | SqlType::Integer),
        Kind::Date => matches!(actual, SqlType::Date | SqlType::Text),
        Kind::Time => matches!(actual, SqlType::Time | SqlType::Text),
        Kind::DateTime => matches!(actual, SqlType::DateTime | SqlType::Text),
        Kind::Uuid => matches!(actual, SqlType::Uuid | SqlType::Text),
        Kind::Decimal => matches!(actual, SqlType::Decimal | SqlType::Text | SqlType::Integer),
        Kind::Bytes => actual == SqlType::Blob,
        Kind::Json => matches!(actual, SqlType::Json | SqlType::Text),
        Kind::Choice(_) => actual == SqlType::Text,
        Kind::Named(named) => agrees(named.ty.resolved(), None, actual),
        Kind::Array(_) | Kind::Object(_) => matches!(actual, SqlType::Json | SqlType::Text),
    }
}

fn noun(kind: SqlType) -> &'static str {
    match kind {
        SqlType::Integer => "an integer",
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

fn echoes(
    context: &mut Context,
    shape: &ReturnsShape,
    params: &[Param],
    at: &At,
    names: &mut TypeNames,
) -> Option<Vec<Echo>> {
    let known: Vec<&str> = params.iter().map(|param| param.ident.wire()).collect();
    let find = |context: &mut Context, name: &str, at: &At| {
        let found = params.iter().find(|param| param.ident.wire() == name);
        if found.is_none() {
            let span = context.value(at);
            context.report(
                Diagnostic::new(
                    Code::UnknownName,
                    span,
                    format!("there is no param `{name}` to repeat"),
                )
                .help(name_help(name, &known, "param")),
            );
        }
        found.cloned()
    };
    let echoes: Vec<Option<Echo>> = shape
        .echo
        .iter()
        .map(|(name, written)| {
            let at = at.key("echo").key(name);
            let ident = context.key_ident(name, &at)?;
            let source = match written {
                document::Echo::Param(param) => {
                    EchoSource::Param(Box::new(find(context, param, &at)?))
                }
                document::Echo::Params(params) => {
                    let twice = (1..params.len()).find(|n| params[..*n].contains(&params[*n]));
                    if let Some(n) = twice {
                        let span = context.value(&at.item(n));
                        context.report(
                            Diagnostic::new(
                                Code::NameCollision,
                                span,
                                format!("`{}` is repeated twice", params[n]),
                            )
                            .help("remove it"),
                        );
                        return None;
                    }
                    let params: Vec<Option<Param>> = params
                        .iter()
                        .enumerate()
                        .map(|(index, name)| find(context, name, &at.item(index)))
                        .collect();
                    let params = params.into_iter().collect::<Option<Vec<_>>>()?;
                    EchoSource::Params { ident: names.unique(&ident, None), params }
                }
            };
            Some(Echo { ident, source })
        })
        .collect();
    echoes.into_iter().collect()
}

/// No two members of the result have the same name.
fn members(context: &mut Context, member: &Ident, shape: &ReturnsShape, place: Place, at: &At) {
    let own = |present: bool, name: &'static str| {
        present.then(|| (Ident::new(name).expect("a name"), name))
    };
    let added: Vec<(Ident, &str)> = [
        own(shape.count, "count"),
        own(shape.max_rows.is_some() || shape.max_bytes.is_some(), "truncated"),
        own(place == Place::Tool { paged: true }, "next_cursor"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let member_span = context.value(at);
    let mut all = vec![(member.clone(), member_span)];
    all.extend(added.into_iter().map(|(ident, _)| (ident, member_span)));
    for name in shape.echo.keys() {
        if let Ok(ident) = Ident::new(name) {
            let span = context.key(&at.key("echo").key(name));
            all.push((ident, span));
        }
    }
    context.distinct(all.iter().map(|(ident, span)| (ident, *span)));
}

/// The members of a result with values of their kinds, for checking templates.
pub(super) fn sample_members(result: &ResultShape, paged: bool) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert(result.member.wire().to_owned(), sample_answer(&result.answer));
    if result.count {
        members.insert("count".to_owned(), json!(1));
    }
    if result.bounded() {
        members.insert("truncated".to_owned(), json!(false));
    }
    if paged {
        members.insert("next_cursor".to_owned(), Value::Null);
    }
    for echo in &result.echo {
        let value = match &echo.source {
            EchoSource::Param(param) => sample_param(param),
            EchoSource::Params { params, .. } => Value::Object(
                params.iter().map(|p| (p.ident.wire().to_owned(), sample_param(p))).collect(),
            ),
        };
        members.insert(echo.ident.wire().to_owned(), value);
    }
    members
}

fn sample_param(param: &Param) -> Value {
    crate::ir::sample(param).unwrap_or(Value::Null)
}

/// The least that an answer can be: no row where there may be none.
pub(super) fn sparse_answer(answer: &Answer) -> Value {
    match answer {
        Answer::Optional(_) => Value::Null,
        Answer::Many(_) => json!([]),
        Answer::One(_) | Answer::Scalar(_) | Answer::Affected => sample_answer(answer),
    }
}

pub(super) fn sample_answer(answer: &Answer) -> Value {
    let object = |row: &RowUse| {
        let columns = row.row.columns.iter();
        Value::Object(columns.map(|c| (c.ident.wire().to_owned(), sample_column(c))).collect())
    };
    match answer {
        Answer::One(row) | Answer::Optional(row) => object(row),
        Answer::Many(row) => json!([object(row)]),
        Answer::Scalar(column) => sample_column(column),
        Answer::Affected => json!(1),
    }
}

fn sample_column(column: &Column) -> Value {
    match (&column.kind, column.json) {
        (_, Some(JsonShape::Array)) => json!([]),
        (_, Some(JsonShape::Object)) | (Kind::Json, None) => json!({}),
        (Kind::Integer, _) => json!(1),
        (Kind::Number, _) => json!(1.5),
        (Kind::Boolean, _) => json!(true),
        (_, None) => json!("text"),
    }
}
