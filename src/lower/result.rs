//! What a statement answers: columns, forms and what is added to them.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::database::facts::StatementFacts;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Answer, Echo, EchoSource, Engine, Ident, Param, ResultShape, Row, RowUse, Shown};
use crate::spec::document::{self, Form, Returns, ReturnsShape};

use super::claims;
use super::column::columns;
use super::content;
use super::context::{At, Context, name_help};
use super::param::TypeNames;
use super::sensitive;
use super::statement::Parsed;

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
    let mut result = ResultShape {
        member,
        answer: answer?,
        count: shape.count,
        echo: echo?,
        shown: Shown::Json,
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
    if let Some(shown) =
        content::shown(context, shape, &result, place == Place::Tool { paged: true }, &at)
    {
        result.shown = shown;
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
                (Form::InsertedId, shape.inserted_id.as_deref()),
            ];
            let given: Vec<_> = forms.into_iter().filter(|(_, name)| name.is_some()).collect();
            match given.as_slice() {
                [(form, name)] => Some((*form, *name, Some(shape))),
                [] => {
                    let span = context.key(at);
                    context.report(
                        Diagnostic::new(Code::MissingKey, span, "`returns` has no form")
                            .help("add one of `one`, `optional`, `many`, `scalar`, `affected` and `inserted_id`, with a name: `many: rows`"),
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
        Form::InsertedId => "inserted_id",
    }
}

fn default_member(form: Form) -> &'static str {
    match form {
        Form::One | Form::Optional => "row",
        Form::Many => "rows",
        Form::Scalar => "value",
        Form::Affected => "affected",
        Form::InsertedId => "id",
    }
}

fn form_fits(context: &mut Context, answering: &Answering, form: Form, written: bool, at: &At) {
    let columns = answering.facts.columns.len();
    let (message, help) = match form {
        _ if columns == 0 && answering.facts.effect.reads_only() => (
            "this statement reads, and returns no column".to_owned(),
            "select at least one".to_owned(),
        ),
        Form::One | Form::Optional | Form::Many | Form::Scalar if columns == 0 => (
            format!("`{}` needs rows, and this statement returns none", form_key(form)),
            match answering.parsed.engine {
                Engine::Sqlite | Engine::Postgres => {
                    "add `RETURNING …` to the statement, or write `returns: affected`".to_owned()
                }
                Engine::Mysql => {
                    "write `returns: affected` or `returns: inserted_id`, or read the row in a step behind it"
                        .to_owned()
                }
            },
        ),
        Form::Scalar if columns > 1 => (
            format!("`scalar` is one value, and this statement returns {columns} columns"),
            "select one column, or write `returns: one`".to_owned(),
        ),
        Form::Affected if answering.facts.effect.reads_only() => (
            "this statement changes no row, so none is `affected`".to_owned(),
            "write `returns: many`".to_owned(),
        ),
        Form::InsertedId if answering.parsed.engine != Engine::Mysql => (
            format!("{} has no `inserted_id`", answering.parsed.engine.title()),
            "add `RETURNING id` to the statement, and write `returns: one`".to_owned(),
        ),
        Form::InsertedId if !answering.facts.effect.inserts || columns > 0 => (
            "this statement is no plain INSERT, so no row has a new number".to_owned(),
            "write `returns: affected`".to_owned(),
        ),
        Form::One
        | Form::Optional
        | Form::Many
        | Form::Scalar
        | Form::Affected
        | Form::InsertedId => return,
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
        ("rows_as", shape.rows_as.is_some()),
        ("content", shape.content.is_some()),
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
        Form::Affected | Form::InsertedId => {
            for key in ["row", "columns"] {
                let present =
                    if key == "row" { shape.row.is_some() } else { !shape.columns.is_empty() };
                if present {
                    let span = context.key(&at.key(key));
                    context.report(
                        Diagnostic::new(
                            Code::InvalidReturns,
                            span,
                            format!("`{}` has no `{key}`", form_key(form)),
                        )
                        .help(format!("remove `{key}`")),
                    );
                }
            }
            Some(if form == Form::Affected { Answer::Affected } else { Answer::InsertedId })
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
        content::no_shared_blocks(context, shape, at);
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
    let mut columns = columns(context, answering, &shape.columns, &at.key("columns"))?;
    content::mark_blocks(context, shape, &mut columns, at)?;
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
        if let Some(param) = found {
            sensitive::kept_from(context, param, "`echo` repeats", at);
            claims::refuse(context, param, "no result repeats it", at);
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
