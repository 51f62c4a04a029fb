//! Statements: their text as constants, what is bound to them, how their rows are read.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::{doc, id, sentence, text_literal};
use super::types;
use crate::ir::{
    Answer, Bind, BindFrom, Column, Ident, JsonShape, Kind, Param, Row, RowUse, Statement, Type,
};
use crate::sql::{Piece, Template, placeholder};

/// The item that holds a statement: `const SQL: &str`, or the parts of its variants.
pub(super) fn item(name: &str, docs: &str, template: &Template) -> TokenStream {
    let docs = doc(docs);
    let name = id(name);
    let text = text(template);
    if template.clauses() == 0 {
        quote!(#docs const #name: &str = #text;)
    } else {
        quote!(#docs static #name: sql::Variants = #text;)
    }
}

/// The expression of a statement's text, or of its parts.
pub(super) fn text(template: &Template) -> TokenStream {
    if template.clauses() == 0 {
        return text_literal(template.render(0).sql.trim());
    }
    let names = template.names();
    let number = |name: &str| names.iter().position(|known| known == name).map_or(0, |at| at + 1);
    let piece = |piece: &Piece| match piece {
        Piece::Text { text, .. } => text.clone(),
        Piece::Bind(bind) => placeholder(number(&bind.name()), bind.list),
        // Clauses do not nest.
        Piece::Clause(_) => String::new(),
    };
    // Neighbours that are always there are one part.
    let mut parts: Vec<(Option<u32>, String)> = Vec::new();
    let mut clause = 0;
    for item in &template.pieces {
        match item {
            Piece::Text { .. } | Piece::Bind(_) => match parts.last_mut() {
                Some((None, text)) => text.push_str(&piece(item)),
                _ => parts.push((None, piece(item))),
            },
            Piece::Clause(inner) => {
                parts.push((Some(clause), inner.pieces.iter().map(piece).collect()));
                clause += 1;
            }
        }
    }
    if let Some((None, last)) = parts.last_mut() {
        last.truncate(last.trim_end().len());
    }
    // Space between two clauses reads better in front of the second. It may go there when space
    // follows the clauses anyway.
    for at in 1..parts.len() {
        let between = parts[at - 1].0.is_some()
            && parts[at].0.is_none()
            && parts.get(at + 1).is_some_and(|(clause, _)| clause.is_some());
        let follows = parts[at + 1..]
            .iter()
            .find(|(clause, text)| clause.is_none() && !text.trim().is_empty());
        let apart = follows.is_none_or(|(_, text)| text.starts_with(char::is_whitespace));
        if between && apart && parts[at].1.trim().is_empty() {
            let space = std::mem::take(&mut parts[at].1);
            parts[at + 1].1.insert_str(0, &space);
        }
    }
    let parts = parts.iter().filter(|(_, text)| !text.is_empty()).map(|(clause, text)| {
        let text = text_literal(text);
        match clause {
            None => quote!(sql::Part::Text(#text)),
            Some(n) => {
                let n = proc_macro2::Literal::u32_unsuffixed(*n);
                quote!(sql::Part::Clause(#n, #text))
            }
        }
    });
    quote!(sql::Variants::new(&[#(#parts),*]))
}

/// `sqlx::query(TEXT)` with everything bound. `text` is the expression of the item; `params` names
/// the struct of the params.
pub(super) fn query(text: &TokenStream, statement: &Statement) -> TokenStream {
    let query = unbound(text, statement);
    let binds = statement.binds.iter().map(bound);
    quote!(#query #(.bind(#binds))*)
}

/// `sqlx::query(TEXT)` in the variant that the params ask for.
pub(super) fn unbound(text: &TokenStream, statement: &Statement) -> TokenStream {
    if statement.template.clauses() == 0 {
        return quote!(sqlx::query(#text));
    }
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
    quote!(sqlx::query(#text.with(&[#(#given),*])))
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
fn bound(bind: &Bind) -> TokenStream {
    match &bind.from {
        BindFrom::Param { path } => match path.split_first() {
            Some((first, rest)) => {
                let field = id(first.ident.snake());
                value_of(&quote!(params.#field), first, rest).0
            }
            None => unreachable!("a binding names a param"),
        },
        BindFrom::Step { step, column } => of_step(step, column),
        BindFrom::Prefix => quote!(prefix),
        BindFrom::PageLimit => quote!(params.page_size + 1),
        // The caller binds the whole position of a cursor.
        BindFrom::Cursor(_) => unreachable!("a cursor is bound by its position"),
    }
}

/// A variable named after something of the spec, beside those that every handler has.
pub(super) fn local(ident: &Ident) -> proc_macro2::Ident {
    match ident.snake() {
        taken @ ("arguments" | "fields" | "input" | "order" | "output" | "params" | "position"
        | "prefix" | "question" | "session" | "shared" | "size" | "statement"
        | "truncated" | "end" | "uri") => id(&format!("{taken}_")),
        free => id(free),
    }
}

/// The value of a param or of a property of one, and whether it is an `Option`.
fn value_of(place: &TokenStream, param: &Param, rest: &[Param]) -> (TokenStream, bool) {
    let name = id(param.ident.snake());
    let layers = types::layers(param);
    let flat = match layers {
        2 if types::is_copy(&param.ty) => quote!(#place.flatten()),
        2 => quote!(#place.as_ref().and_then(Option::as_ref)),
        _ => quote!(#place.as_ref()),
    };
    if let Some((next, rest)) = rest.split_first() {
        let field = id(next.ident.snake());
        if layers == 0 {
            return value_of(&quote!(#place.#field), next, rest);
        }
        let (inner, optional) = value_of(&quote!(#name.#field), next, rest);
        let chain = if optional { quote!(and_then) } else { quote!(map) };
        return (quote!(#flat.#chain(|#name| #inner)), true);
    }
    // A param of JSON is a text already; a column of JSON is a value.
    let kind = match param.ty.resolved() {
        Kind::Json => &Kind::Text,
        kind => kind,
    };
    if layers == 0 {
        return (bindable(place, kind), false);
    }
    // One layer of `Option` is left, whatever there was; of two it holds a reference or a copy.
    let option = if layers == 2 { flat } else { quote!(#place) };
    let borrowed = layers == 2 && !types::is_copy(&param.ty);
    (optional(&option, borrowed, &name, kind, &types::rust_type(&param.ty)), true)
}

/// A value that is there, as sqlx binds it.
fn bindable(place: &TokenStream, kind: &Kind) -> TokenStream {
    match kind {
        Kind::Integer | Kind::Number | Kind::Boolean => quote!(#place),
        Kind::Text | Kind::Uuid | Kind::Choice(_) => quote!(#place.as_str()),
        Kind::Date | Kind::Time => quote!(#place.to_string()),
        Kind::DateTime => quote!(value::moment_text(#place)),
        Kind::Decimal => quote!(#place.0.as_str()),
        Kind::Bytes => quote!(#place.0.as_slice()),
        // Moments stand in a list as they stand in the database.
        Kind::Array(item) if matches!(item.resolved(), Kind::DateTime) => {
            quote!(value::moments_text(&#place)?)
        }
        Kind::Json | Kind::Array(_) | Kind::Object(_) => quote!(value::json_text(&#place)?),
        Kind::Named(_) => unreachable!("the kind is resolved"),
    }
}

/// A value that may be absent, as sqlx binds it. `borrowed` says that the option holds a reference;
/// `name` is what the value is called where it is there.
fn optional(
    option: &TokenStream,
    borrowed: bool,
    name: &proc_macro2::Ident,
    kind: &Kind,
    ty: &TokenStream,
) -> TokenStream {
    let reference = if borrowed { option.clone() } else { quote!(#option.as_ref()) };
    match kind {
        Kind::Integer | Kind::Number | Kind::Boolean => option.clone(),
        Kind::Text | Kind::Uuid if !borrowed => quote!(#option.as_deref()),
        Kind::Choice(_) => quote!(#option.map(#ty::as_str)),
        Kind::DateTime => quote!(#option.map(value::moment_text)),
        Kind::Date | Kind::Time => quote!(#option.map(|#name| #name.to_string())),
        Kind::Array(item) if matches!(item.resolved(), Kind::DateTime) => {
            quote!(#reference.map(|#name| value::moments_text(#name)).transpose()?)
        }
        Kind::Json | Kind::Array(_) | Kind::Object(_) => {
            quote!(#reference.map(value::json_text).transpose()?)
        }
        Kind::Text | Kind::Uuid | Kind::Decimal | Kind::Bytes => {
            let inner = bindable(&quote!(#name), kind);
            quote!(#reference.map(|#name| #inner))
        }
        Kind::Named(_) => unreachable!("the kind is resolved"),
    }
}

fn of_step(step: &Ident, column: &Column) -> TokenStream {
    let step = local(step);
    let field = id(column.ident.snake());
    let place = quote!(#step.#field);
    let kind = resolved(&column.kind);
    if column.nullable {
        optional(&place, false, &field, kind, &types::kind_type(&column.kind))
    } else {
        bindable(&place, kind)
    }
}

fn resolved(kind: &Kind) -> &Kind {
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
        let rename = types::serde_attributes(&column.ident, false);
        let ty = column_type(column);
        quote!(#docs #rename pub #field: #ty)
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
    let (documented, arguments) = match own_positions {
        Some(_) => (doc("Reads a row of the statement."), quote!(row: &SqliteRow)),
        None => (
            doc("Reads a row whose columns stand at these positions of the result."),
            quote!(row: &SqliteRow, at: [usize; #count]),
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
        }

        #(#choices)*
    }
}

/// The Rust type of a column.
pub(super) fn column_type(column: &Column) -> TokenStream {
    let inner = match &column.kind {
        Kind::Json => quote!(serde_json::Value),
        kind => types::kind_type(kind),
    };
    if column.nullable { quote!(Option<#inner>) } else { inner }
}

/// The expression that reads a column, without `?`.
pub(super) fn decode(column: &Column, at: &TokenStream) -> TokenStream {
    let function = match resolved(&column.kind) {
        Kind::Text => quote!(decode::text),
        Kind::Integer => quote!(decode::integer),
        Kind::Number => quote!(decode::number),
        Kind::Boolean => quote!(decode::boolean),
        Kind::Date => quote!(decode::date),
        Kind::Time => quote!(decode::time),
        Kind::DateTime => quote!(decode::date_time),
        Kind::Uuid => quote!(decode::uuid),
        Kind::Decimal => quote!(decode::decimal),
        Kind::Bytes => quote!(decode::bytes),
        Kind::Json | Kind::Array(_) | Kind::Object(_) => match column.json {
            None => quote!(decode::json),
            Some(JsonShape::Array) => quote!(decode::json_array),
            Some(JsonShape::Object) => quote!(decode::json_object),
        },
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
        Answer::Affected => quote!(u64),
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
    }
}
