//! Statements: their text as constants, what is bound to them, how their rows are read.

use proc_macro2::TokenStream;
use quote::quote;

use super::bind::{self, Way};
use super::print::{doc, id, sentence, text_literal};
use super::types;
use crate::ir::{
    Answer, Bind, BindFrom, Column, Engine, Ident, JsonShape, Kind, Param, Row, RowUse, Statement,
    Type, WireForm,
};
use crate::sql::{Part, Piece};

/// The item that holds a statement: `const SQL: &str`, or the parts of its variants.
pub(super) fn item(name: &str, docs: &str, statement: &Statement) -> TokenStream {
    let docs = doc(docs);
    let name = id(name);
    let text = text(statement);
    if in_parts(statement) {
        quote!(#docs static #name: sql::Variants = #text;)
    } else {
        quote!(#docs const #name: &str = #text;)
    }
}

/// Whether a statement's text is put together of parts at run time.
pub(super) fn in_parts(statement: &Statement) -> bool {
    statement.template.clauses() > 0 || has_lists(statement)
}

/// Whether the text depends on how long lists are: in MySQL each value has a placeholder.
fn has_lists(statement: &Statement) -> bool {
    statement.style.engine == Engine::Mysql && statement.binds.iter().any(|bind| bind.list)
}

/// The expression of a statement's text, or of its parts.
pub(super) fn text(statement: &Statement) -> TokenStream {
    let Statement { template, style, .. } = statement;
    if !in_parts(statement) {
        return text_literal(template.render(0, style).sql.trim());
    }
    let mut parts = template.parts(style);
    if let Some(Part::Text { clause: None, text }) = parts.last_mut() {
        text.truncate(text.trim_end().len());
    }
    // Space between two clauses reads better in front of the second. It may go there when space
    // follows the clauses anyway.
    for at in 1..parts.len() {
        let clause_at =
            |at: usize| matches!(&parts.get(at), Some(Part::Text { clause: Some(_), .. }));
        let follows = parts[at + 1..].iter().find_map(|part| match part {
            Part::Text { clause: None, text } if !text.trim().is_empty() => Some(text),
            _ => None,
        });
        let lists = parts[at + 1..].iter().any(|part| matches!(part, Part::List { .. }));
        let apart = !lists && follows.is_none_or(|text| text.starts_with(char::is_whitespace));
        let between = clause_at(at - 1) && clause_at(at + 1) && apart;
        if let Part::Text { clause: None, text } = &mut parts[at]
            && between
            && text.trim().is_empty()
        {
            let space = std::mem::take(text);
            if let Part::Text { text, .. } = &mut parts[at + 1] {
                text.insert_str(0, &space);
            }
        }
    }
    let shown =
        parts.iter().filter(|part| !matches!(part, Part::Text { text, .. } if text.is_empty()));
    let parts = shown.map(|part| match part {
        Part::Text { clause: None, text } => {
            let text = text_literal(text);
            quote!(sql::Part::Text(#text))
        }
        Part::Text { clause: Some(n), text } => {
            let (n, text) = (proc_macro2::Literal::u32_unsuffixed(*n), text_literal(text));
            quote!(sql::Part::Clause(#n, #text))
        }
        Part::List { clause: None, number } => {
            let number = proc_macro2::Literal::u32_unsuffixed(*number);
            quote!(sql::Part::List(#number))
        }
        Part::List { clause: Some(n), number } => {
            let n = proc_macro2::Literal::u32_unsuffixed(*n);
            let number = proc_macro2::Literal::u32_unsuffixed(*number);
            quote!(sql::Part::ClauseList(#n, #number))
        }
    });
    quote!(sql::Variants::new(&[#(#parts),*]))
}

/// `sqlx::query(TEXT)` with everything bound. `text` is the expression of the item; `params` names
/// the struct of the params.
pub(super) fn query(text: &TokenStream, statement: &Statement) -> TokenStream {
    query_of(text, statement, &|_| true)
}

/// The same without what the caller binds himself: the values of a cursor and the size of a page,
/// which stand behind everything else.
pub(super) fn page_query(text: &TokenStream, statement: &Statement) -> TokenStream {
    let own = |from: &BindFrom| !matches!(from, BindFrom::Cursor(_) | BindFrom::PageLimit);
    query_of(text, statement, &own)
}

fn query_of(
    text: &TokenStream,
    statement: &Statement,
    own: &dyn Fn(&BindFrom) -> bool,
) -> TokenStream {
    let engine = statement.style.engine;
    let clauses = clauses(statement);
    let lists = list_lengths(statement);
    let query = |given: &TokenStream| match (in_parts(statement), has_lists(statement)) {
        (false, _) => quote!(sqlx::query(#text)),
        (true, false) => quote!(sqlx::query(#text.with(#given))),
        (true, true) => quote!(sqlx::query(#text.with_lists(#given, &[#(#lists),*]))),
    };
    if engine != Engine::Mysql {
        let query = query(&quote!(&[#(#clauses),*]));
        let binds =
            statement.binds.iter().filter(|bind| own(&bind.from)).map(|bind| bound(bind, engine));
        return quote!(#query #(.bind(#binds))*);
    }
    // MySQL's placeholders have no numbers: each is bound where it stands, if its clause is there.
    let occurrences: Vec<(&Bind, Option<usize>)> = statement
        .template
        .occurrences()
        .into_iter()
        .filter_map(|(binding, clause)| {
            let name = binding.name();
            let bind = statement.binds.iter().find(|bind| bind.name == name)?;
            own(&bind.from).then_some((bind, clause))
        })
        .collect();
    let simple = occurrences.iter().all(|(bind, clause)| clause.is_none() && !bind.list);
    if simple {
        let query = query(&quote!(&[#(#clauses),*]));
        let binds = occurrences.iter().map(|(bind, _)| bound(bind, engine));
        return quote!(#query #(.bind(#binds))*);
    }
    let (given, let_given) = if clauses.is_empty() {
        (quote!(&[]), quote!())
    } else {
        (quote!(&given), quote!(let given = [#(#clauses),*];))
    };
    let query = query(&given);
    let lines = occurrences.iter().map(|(bind, clause)| {
        let value = bound(bind, engine);
        let line = if bind.list {
            quote!(statement = sql::bind_list(statement, #value);)
        } else {
            quote!(statement = statement.bind(#value);)
        };
        match clause {
            None => line,
            Some(n) => {
                let n = proc_macro2::Literal::usize_unsuffixed(*n);
                quote!(if given[#n] { #line })
            }
        }
    });
    quote!({
        #let_given
        let mut statement = #query;
        #(#lines)*
        statement
    })
}

/// How long each list of the statement is, in the order of the text.
fn list_lengths(statement: &Statement) -> Vec<TokenStream> {
    let lists = statement.template.occurrences().into_iter().filter(|(binding, _)| binding.list);
    lists
        .filter_map(|(binding, _)| {
            let name = binding.name();
            let bind = statement.binds.iter().find(|bind| bind.name == name)?;
            let BindFrom::Param { path } = &bind.from else { return None };
            let (first, rest) = path.split_first()?;
            let field = id(first.ident.snake());
            let (list, optional) = place_of(&quote!(params.#field), first, rest);
            Some(if optional { quote!(#list.map_or(0, Vec::len)) } else { quote!(#list.len()) })
        })
        .collect()
}

/// The place of a param or of a property of one, by reference where it is optional.
fn place_of(place: &TokenStream, param: &Param, rest: &[Param]) -> (TokenStream, bool) {
    let name = id(param.ident.snake());
    let layers = types::layers(param);
    let reference = match layers {
        0 => place.clone(),
        1 => quote!(#place.as_ref()),
        _ => quote!(#place.as_ref().and_then(Option::as_ref)),
    };
    let Some((next, rest)) = rest.split_first() else { return (reference, layers > 0) };
    let field = id(next.ident.snake());
    if layers == 0 {
        return place_of(&quote!(#place.#field), next, rest);
    }
    let (inner, optional) = place_of(&quote!(#name.#field), next, rest);
    if optional {
        (quote!(#reference.and_then(|#name| #inner)), true)
    } else {
        (quote!(#reference.map(|#name| &#inner)), true)
    }
}

/// Whether each clause is there, in order.
fn clauses(statement: &Statement) -> Vec<TokenStream> {
    let clauses = statement.template.pieces.iter().filter_map(|piece| match piece {
        Piece::Clause(clause) => Some(clause),
        Piece::Text { .. } | Piece::Bind(_) => None,
    });
    let given = clauses.map(|clause| {
        let mut conditions: Vec<TokenStream> = Vec::new();
        for piece in &clause.pieces {
            let Piece::Bind(binding) = piece else { continue };
            let bind = statement.binds.iter().find(|bind| bind.name == binding.name());
            if let Some(BindFrom::Param { path }) = bind.map(|bind| &bind.from)
                && let Some(condition) = is_given(path)
                && !conditions.iter().any(|known| known.to_string() == condition.to_string())
            {
                conditions.push(condition);
            }
        }
        if conditions.is_empty() { quote!(true) } else { quote!(#(#conditions)&&*) }
    });
    given.collect()
}

/// Whether a param was given; none for one that always has a value.
fn is_given(path: &[Param]) -> Option<TokenStream> {
    let (first, rest) = path.split_first()?;
    let field = id(first.ident.snake());
    given_in(&quote!(params.#field), first, rest)
}

/// Whether a param was given, as a condition on its place.
fn given_in(place: &TokenStream, param: &Param, rest: &[Param]) -> Option<TokenStream> {
    let inner = match rest.split_first() {
        None => None,
        Some((next, rest)) => {
            let name = id(param.ident.snake());
            let field = id(next.ident.snake());
            let base = if types::layers(param) == 0 { place.clone() } else { quote!(#name) };
            given_in(&quote!(#base.#field), next, rest)
        }
    };
    let name = id(param.ident.snake());
    match (types::layers(param), inner) {
        (0, inner) => inner,
        // Nullable and always there: what is inside of it is there when it is not null.
        (_, None) if !param.optional() => None,
        (_, None) => Some(quote!(#place.is_some())),
        (1, Some(inner)) => Some(quote!(#place.as_ref().is_some_and(|#name| #inner))),
        (_, Some(inner)) => {
            Some(quote!(#place.as_ref().and_then(Option::as_ref).is_some_and(|#name| #inner)))
        }
    }
}

/// The expression that is bound.
fn bound(bind: &Bind, engine: Engine) -> TokenStream {
    match &bind.from {
        BindFrom::Param { path } => match path.split_first() {
            Some((first, rest)) => {
                let field = id(first.ident.snake());
                let way = Way { engine, wire: bind.wire.as_deref(), list: bind.list };
                bind::value_of(&quote!(params.#field), first, rest, way).0
            }
            None => unreachable!("a binding names a param"),
        },
        BindFrom::Step { step, column } => {
            bind::of_step(step, column, Way { engine, wire: bind.wire.as_deref(), list: false })
        }
        BindFrom::InsertedId { step } => {
            let step = local(step);
            quote!(#step)
        }
        BindFrom::Prefix => quote!(prefix),
        BindFrom::PageLimit => quote!(params.page_size + 1),
        // The caller binds the whole position of a cursor.
        BindFrom::Cursor(_) => unreachable!("a cursor is bound by its position"),
    }
}

/// A variable named after something of the spec, beside those that every handler has.
pub(super) fn local(ident: &Ident) -> proc_macro2::Ident {
    match ident.snake() {
        taken @ ("arguments" | "caller" | "fields" | "input" | "order" | "output" | "params"
        | "position" | "prefix" | "question" | "session" | "shared" | "size"
        | "statement" | "truncated" | "end" | "uri") => id(&format!("{taken}_")),
        free => id(free),
    }
}

pub(super) fn resolved(kind: &Kind) -> &Kind {
    match kind {
        Kind::Named(named) => named.ty.resolved(),
        other => other,
    }
}

/// The struct of a row with its decoding. A row of its own knows its positions; a shared one is
/// told them.
pub(super) fn row(row: &Row, own_positions: Option<&[usize]>, docs: &str) -> TokenStream {
    let docs = doc(docs);
    let name = id(row.ident.pascal());
    let fields = row.columns.iter().map(|column| {
        let text = column
            .description
            .as_deref()
            .map_or_else(|| format!("Column `{}`.", column.ident.wire()), sentence);
        let docs = doc(&text);
        let field = id(column.ident.snake());
        let serde = match column.block {
            true => quote!(#[serde(skip)]),
            false => types::serde_attributes(&column.ident, false),
        };
        let ty = column_type(column);
        quote!(#docs #serde pub #field: #ty)
    });
    let choices = row.columns.iter().map(|column| match &column.kind {
        Kind::Choice(_) => types::definition(
            &Type { kind: column.kind.clone(), constraints: Vec::new() },
            format!("Values of `{}`.", column.ident.wire()),
            types::Home::Module,
        ),
        _ => quote!(),
    });
    let count = proc_macro2::Literal::usize_unsuffixed(row.columns.len());
    let decoded = row.columns.iter().enumerate().map(|(n, column)| {
        let field = id(column.ident.snake());
        let at = match own_positions {
            Some(positions) => {
                let literal = proc_macro2::Literal::usize_unsuffixed(positions[n]);
                quote!(#literal)
            }
            None => {
                let n = proc_macro2::Literal::usize_unsuffixed(n);
                quote!(at[#n])
            }
        };
        let value = decode(column, &at);
        quote!(#field: #value?)
    });
    let mask = super::masks::of_row(row);
    let (documented, arguments) = match own_positions {
        Some(_) => (doc("Reads a row of the statement."), quote!(row: &Row)),
        None => (
            doc("Reads a row whose columns stand at these positions of the result."),
            quote!(row: &Row, at: [usize; #count]),
        ),
    };
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub struct #name { #(#fields,)* }

        impl #name {
            #documented
            pub fn decode(#arguments) -> Result<Self, sqlx::Error> {
                Ok(Self { #(#decoded,)* })
            }

            #mask
        }

        #(#choices)*
    }
}

/// The Rust type of a column.
pub(super) fn column_type(column: &Column) -> TokenStream {
    let inner = match &column.kind {
        Kind::Json => quote!(serde_json::Value),
        Kind::Array(item) => {
            let item = match &item.kind {
                Kind::Json => quote!(serde_json::Value),
                kind => types::kind_type(kind),
            };
            quote!(Vec<Option<#item>>)
        }
        kind => types::kind_type(kind),
    };
    if column.nullable { quote!(Option<#inner>) } else { inner }
}

/// The expression that reads a column, without `?`.
pub(super) fn decode(column: &Column, at: &TokenStream) -> TokenStream {
    let function = match resolved(&column.kind) {
        Kind::Array(item) => {
            let reader = id(scalar_reader(&item.kind, column.form));
            return if column.nullable {
                quote!(decode::optional(row, #at, |row, at| decode::array(row, at, decode::#reader)))
            } else {
                quote!(decode::array(row, #at, decode::#reader))
            };
        }
        Kind::Json | Kind::Object(_) => match column.json {
            None => quote!(decode::json),
            Some(JsonShape::Array) => quote!(decode::json_array),
            Some(JsonShape::Object) => quote!(decode::json_object),
            Some(JsonShape::Record) => quote!(decode::composite),
        },
        kind @ (Kind::Text
        | Kind::Integer
        | Kind::Unsigned
        | Kind::Number
        | Kind::Boolean
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Decimal
        | Kind::Bytes) => {
            let reader = id(scalar_reader(kind, column.form));
            quote!(decode::#reader)
        }
        Kind::Choice(_) => {
            let ty = types::kind_type(&column.kind);
            return if column.nullable {
                quote!(decode::optional(row, #at, |row, at| decode::choice(row, at, &#ty::ALL)))
            } else {
                quote!(decode::choice(row, #at, &#ty::ALL))
            };
        }
        Kind::Named(_) => unreachable!("the kind is resolved"),
    };
    if column.nullable {
        quote!(decode::optional(row, #at, #function))
    } else {
        quote!(#function(row, #at))
    }
}

/// The function that reads a value of a kind.
fn scalar_reader(kind: &Kind, form: Option<WireForm>) -> &'static str {
    match (kind, form) {
        (_, Some(WireForm::Interval)) => "interval",
        (_, Some(WireForm::Inet)) => "inet",
        (_, Some(WireForm::MacAddress)) => "mac_address",
        (_, Some(WireForm::Bits)) => "bits",
        (_, Some(WireForm::Range)) => "range",
        (Kind::Integer, None) => "integer",
        (Kind::Unsigned, None) => "unsigned",
        (Kind::Number, None) => "number",
        (Kind::Boolean, None) => "boolean",
        (Kind::Date, None) => "date",
        (Kind::Time, None) => "time",
        (Kind::DateTime, None) => "date_time",
        (Kind::Uuid, None) => "uuid",
        (Kind::Decimal, None) => "decimal",
        (Kind::Bytes, None) => "bytes",
        (Kind::Json, None) => "json",
        (
            Kind::Text | Kind::Choice(_) | Kind::Array(_) | Kind::Object(_) | Kind::Named(_),
            None,
        ) => "text",
    }
}

/// The closure or function that reads a row.
pub(super) fn row_reader(row: &RowUse) -> TokenStream {
    let name = id(row.row.ident.pascal());
    if row.shared {
        let positions = row.positions.iter().map(|at| proc_macro2::Literal::usize_unsuffixed(*at));
        quote!(|row| rows::#name::decode(row, [#(#positions),*]))
    } else {
        quote!(#name::decode)
    }
}

/// The Rust type of a row.
pub(super) fn row_type(row: &RowUse) -> TokenStream {
    let name = id(row.row.ident.pascal());
    if row.shared { quote!(rows::#name) } else { quote!(#name) }
}

/// The Rust type of an answer.
pub(super) fn answer_type(answer: &Answer) -> TokenStream {
    match answer {
        Answer::One(row) => row_type(row),
        Answer::Optional(row) => {
            let row = row_type(row);
            quote!(Option<#row>)
        }
        Answer::Many(row) => {
            let row = row_type(row);
            quote!(Vec<#row>)
        }
        Answer::Scalar(column) => column_type(column),
        Answer::Affected | Answer::InsertedId => quote!(u64),
    }
}

/// The definition of an answer's own row; nothing for shared rows and values.
pub(super) fn own_row(answer: &Answer, docs: &str) -> TokenStream {
    match answer.row() {
        Some(of) if !of.shared => row(&of.row, Some(&of.positions), docs),
        Some(_) | None => match answer {
            Answer::Scalar(column) if matches!(column.kind, Kind::Choice(_)) => types::definition(
                &Type { kind: column.kind.clone(), constraints: Vec::new() },
                format!("Values of `{}`.", column.ident.wire()),
                types::Home::Module,
            ),
            _ => quote!(),
        },
    }
}

/// `session.one(query, decode)` for an answer that is not bounded, without `.await`.
pub(super) fn fetch(answer: &Answer, query: &TokenStream) -> TokenStream {
    match answer {
        Answer::One(row) => {
            let reader = row_reader(row);
            quote!(session.one(#query, #reader))
        }
        Answer::Optional(row) => {
            let reader = row_reader(row);
            quote!(session.optional(#query, #reader))
        }
        Answer::Many(row) => {
            let reader = row_reader(row);
            quote!(session.many(#query, #reader))
        }
        Answer::Scalar(column) => {
            let decoded = decode(column, &quote!(0));
            quote!(session.one(#query, |row| #decoded))
        }
        Answer::Affected => quote!(session.affected(#query)),
        Answer::InsertedId => quote!(session.last_insert_id(#query)),
    }
}
