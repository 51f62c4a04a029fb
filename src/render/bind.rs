//! Values as drivers bind them: from the field of a param, or from the column of an earlier step.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::id;
use super::{statement, types};
use crate::ir::{Column, Engine, Ident, Kind, Param};

/// How a value goes to the database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'w> {
    /// The engine.
    pub(super) engine: Engine,
    /// The database's name of the type, where it says one.
    pub(super) wire: Option<&'w str>,
    /// Whether each value of a list has a placeholder of its own.
    pub(super) list: bool,
}

/// An expression that is bound.
struct Bound {
    expression: TokenStream,
    /// Whether it is a `Result`.
    fallible: bool,
}

impl Bound {
    fn plain(expression: TokenStream) -> Self {
        Self { expression, fallible: false }
    }

    fn fallible(expression: TokenStream) -> Self {
        Self { expression, fallible: true }
    }

    fn done(self) -> TokenStream {
        let expression = self.expression;
        if self.fallible { quote!(#expression?) } else { expression }
    }
}

/// The value of a param or of a property of one, and whether it is an `Option`.
pub(super) fn value_of(
    place: &TokenStream,
    param: &Param,
    rest: &[Param],
    way: Way,
) -> (TokenStream, bool) {
    let (bound, optional) = reached(place, param, rest, way);
    (bound.done(), optional)
}

fn reached(place: &TokenStream, param: &Param, rest: &[Param], way: Way) -> (Bound, bool) {
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
            return reached(&quote!(#place.#field), next, rest, way);
        }
        let (inner, optional) = reached(&quote!(#name.#field), next, rest, way);
        let value = inner.expression;
        let bound = match (optional, inner.fallible) {
            (false, false) => Bound::plain(quote!(#flat.map(|#name| #value))),
            (true, false) => Bound::plain(quote!(#flat.and_then(|#name| #value))),
            (false, true) => Bound::fallible(quote!(#flat.map(|#name| #value).transpose())),
            (true, true) => {
                Bound::fallible(quote!(#flat.map(|#name| #value).transpose().map(Option::flatten)))
            }
        };
        return (bound, true);
    }
    // A param of JSON is a text already; a column of JSON is a value.
    let kind = match param.ty.resolved() {
        Kind::Json => &Kind::Text,
        kind => kind,
    };
    if layers == 0 {
        return (bindable(place, kind, way), false);
    }
    // One layer of `Option` is left, whatever there was; of two it holds a reference or a copy.
    let option = if layers == 2 { flat } else { quote!(#place) };
    let borrowed = layers == 2 && !types::is_copy(&param.ty);
    (optional(&option, borrowed, &name, kind, &types::rust_type(&param.ty), way), true)
}

/// The value of an earlier step's column.
pub(super) fn of_step(step: &Ident, column: &Column, way: Way) -> TokenStream {
    let step = statement::local(step);
    let field = id(column.ident.snake());
    let place = quote!(#step.#field);
    let kind = statement::resolved(&column.kind);
    let bound = if column.nullable {
        optional(&place, false, &field, kind, &types::kind_type(&column.kind), way)
    } else {
        bindable(&place, kind, way)
    };
    bound.done()
}

/// What a value becomes on its way.
enum Form {
    /// It is bound as it is.
    Same,
    /// A text that is there already.
    Borrowed,
    /// An expression of `item`.
    Made(fn(&TokenStream) -> TokenStream),
    /// An expression of `item` that is a `Result`.
    Tried(fn(&TokenStream) -> TokenStream),
}

/// What a value that is no list of the database becomes.
fn form(kind: &Kind, way: Way) -> Form {
    match (way.engine, kind) {
        (_, Kind::Text | Kind::Uuid | Kind::Choice(_)) => Form::Borrowed,
        (_, Kind::Bytes) => Form::Made(|item| quote!(#item.0.as_slice())),
        (Engine::Postgres, _) => postgres_form(kind, way.wire.unwrap_or("text")),
        (_, Kind::Integer | Kind::Unsigned | Kind::Number | Kind::Boolean) => Form::Same,
        (Engine::Mysql, Kind::Date | Kind::Time) => Form::Same,
        // With a zone it would travel as a TIMESTAMP, and be NULL before 1970 and after 2038.
        (Engine::Mysql, Kind::DateTime) => Form::Made(|item| quote!(#item.naive_utc())),
        (Engine::Mysql, Kind::Decimal) => Form::Tried(|item| quote!(value::big_decimal(&#item.0))),
        (_, Kind::Decimal) => Form::Made(|item| quote!(#item.0.as_str())),
        (_, Kind::Date | Kind::Time) => Form::Made(|item| quote!(#item.to_string())),
        (_, Kind::DateTime) => Form::Made(|item| quote!(value::moment_text(#item))),
        // Moments stand in a list as they stand in the database.
        (Engine::Sqlite, Kind::Array(item)) if matches!(item.resolved(), Kind::DateTime) => {
            Form::Tried(|item| quote!(value::moments_text(&#item)))
        }
        (_, Kind::Json | Kind::Array(_) | Kind::Object(_)) => {
            Form::Tried(|item| quote!(value::json_text(&#item)))
        }
        (_, Kind::Named(_)) => unreachable!("the kind is resolved"),
    }
}

/// What a value becomes for one of PostgreSQL's types: itself for the types that are bound as they
/// are, otherwise a text that the placeholder casts.
fn postgres_form(kind: &Kind, wire: &str) -> Form {
    match (kind, wire) {
        (Kind::Integer, "smallint") => Form::Tried(|item| quote!(value::int2(#item))),
        (Kind::Integer, "integer") => Form::Tried(|item| quote!(value::int4(#item))),
        (Kind::Integer, "bigint") | (Kind::Number, "double precision") => Form::Same,
        (Kind::Integer, "double precision") => Form::Made(|item| quote!(#item as f64)),
        (Kind::Integer, "real") => Form::Made(|item| quote!(#item as f32)),
        (Kind::Number, "real") => Form::Tried(|item| quote!(value::float4(#item))),
        (Kind::Boolean, "boolean") => Form::Same,
        (Kind::Decimal, _) => Form::Made(|item| quote!(#item.0.as_str())),
        (Kind::DateTime, _) => Form::Made(|item| quote!(value::moment_text(#item))),
        (Kind::Json | Kind::Array(_) | Kind::Object(_), _) => {
            Form::Tried(|item| quote!(value::json_text(&#item)))
        }
        _ => Form::Made(|item| quote!(#item.to_string())),
    }
}

/// A value that is there, as sqlx binds it.
fn bindable(place: &TokenStream, kind: &Kind, way: Way) -> Bound {
    if let Some(list) = list(&quote!(#place), kind, way) {
        return list;
    }
    match form(kind, way) {
        Form::Same => Bound::plain(quote!(#place)),
        Form::Borrowed => Bound::plain(quote!(#place.as_str())),
        Form::Made(made) => Bound::plain(made(place)),
        Form::Tried(tried) => Bound::fallible(tried(place)),
    }
}

/// A list that stays a list: MySQL's values one by one, or an array of PostgreSQL's. `place` is a
/// place or a reference.
fn list(place: &TokenStream, kind: &Kind, way: Way) -> Option<Bound> {
    let Kind::Array(item) = kind else { return None };
    let item = item.resolved();
    let copy = matches!(
        item,
        Kind::Integer
            | Kind::Unsigned
            | Kind::Number
            | Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::DateTime
    );
    let value = quote!(item);
    let each = if copy { quote!(&item) } else { quote!(item) };
    if way.list && way.engine == Engine::Mysql {
        return Some(Bound::plain(match form(item, Way { list: false, ..way }) {
            Form::Same if copy => quote!(#place.iter().copied()),
            Form::Same => quote!(#place.iter()),
            Form::Borrowed if matches!(item, Kind::Choice(_)) => {
                quote!(#place.iter().map(|item| item.as_str()))
            }
            Form::Borrowed => quote!(#place.iter().map(String::as_str)),
            Form::Made(made) => {
                let made = made(&value);
                quote!(#place.iter().map(|#each| #made))
            }
            Form::Tried(tried) => {
                let tried = tried(&value);
                quote!(#place.iter().map(|#each| #tried).collect::<Result<Vec<_>, _>>()?)
            }
        }));
    }
    let wire = way.wire.filter(|_| way.engine == Engine::Postgres)?.strip_suffix("[]")?;
    let array = match (item, wire) {
        (Kind::Integer, "smallint") => return Some(Bound::fallible(quote!(value::int2s(&#place)))),
        (Kind::Integer, "integer") => return Some(Bound::fallible(quote!(value::int4s(&#place)))),
        (Kind::Integer, "bigint")
        | (Kind::Number, "double precision")
        | (Kind::Boolean, "boolean")
        | (Kind::Text | Kind::Uuid | Kind::Json, _) => quote!(#place.as_slice()),
        _ => {
            let made = match form(item, Way { wire: Some(wire), ..way }) {
                Form::Same => value,
                Form::Borrowed => quote!(item.as_str()),
                Form::Made(made) => made(&value),
                Form::Tried(tried) => {
                    let tried = tried(&value);
                    let list =
                        quote!(#place.iter().map(|#each| #tried).collect::<Result<Vec<_>, _>>());
                    return Some(Bound::fallible(list));
                }
            };
            quote!(#place.iter().map(|#each| #made).collect::<Vec<_>>())
        }
    };
    Some(Bound::plain(array))
}

/// A value that may be absent, as sqlx binds it. `borrowed` says that the option holds a reference;
/// `name` is what the value is called where it is there.
fn optional(
    option: &TokenStream,
    borrowed: bool,
    name: &proc_macro2::Ident,
    kind: &Kind,
    ty: &TokenStream,
    way: Way,
) -> Bound {
    let reference = if borrowed { option.clone() } else { quote!(#option.as_ref()) };
    let value = quote!(#name);
    if way.list && way.engine == Engine::Mysql && matches!(kind, Kind::Array(_)) {
        let empty = list(&quote!(#reference.map_or(&[][..], Vec::as_slice)), kind, way);
        return empty.unwrap_or_else(|| Bound::plain(quote!()));
    }
    if let Some(list) = list(&value, kind, way) {
        let whole = quote!(#name.as_slice()).to_string() == list.expression.to_string();
        let made = applied(name, &list.expression);
        return match list.fallible {
            true => Bound::fallible(quote!(#reference.map(#made).transpose())),
            false if whole && !borrowed => Bound::plain(quote!(#option.as_deref())),
            false => Bound::plain(quote!(#reference.map(#made))),
        };
    }
    let copy = matches!(
        kind,
        Kind::Integer
            | Kind::Unsigned
            | Kind::Number
            | Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::DateTime
            | Kind::Choice(_)
    );
    let source = if copy { option.clone() } else { reference.clone() };
    match (form(kind, way), kind) {
        (Form::Same, _) => Bound::plain(option.clone()),
        (Form::Borrowed, Kind::Choice(_)) => Bound::plain(quote!(#option.map(#ty::as_str))),
        (Form::Borrowed, _) if !borrowed => Bound::plain(quote!(#option.as_deref())),
        (Form::Borrowed, _) => Bound::plain(quote!(#reference.map(|#name| #name.as_str()))),
        (Form::Made(_), Kind::DateTime) if way.engine != Engine::Mysql => {
            Bound::plain(quote!(#source.map(value::moment_text)))
        }
        (Form::Made(made), _) => {
            let made = applied(name, &made(&value));
            Bound::plain(quote!(#source.map(#made)))
        }
        (Form::Tried(_), Kind::Json | Kind::Object(_)) => {
            Bound::fallible(quote!(#reference.map(value::json_text).transpose()))
        }
        (Form::Tried(_), Kind::Array(item))
            if !matches!((item.resolved(), way.engine), (Kind::DateTime, Engine::Sqlite)) =>
        {
            Bound::fallible(quote!(#reference.map(value::json_text).transpose()))
        }
        (Form::Tried(_), Kind::Array(_)) => {
            Bound::fallible(quote!(#reference.map(|#name| value::moments_text(#name)).transpose()))
        }
        (Form::Tried(tried), _) => {
            let tried = applied(name, &tried(&value));
            Bound::fallible(quote!(#source.map(#tried).transpose()))
        }
    }
}

/// What `map` takes: a function by its name where nothing else is done with the value.
fn applied(name: &proc_macro2::Ident, expression: &TokenStream) -> TokenStream {
    if let Ok(syn::Expr::Call(call)) = syn::parse2(expression.clone())
        && let syn::Expr::Path(function) = call.func.as_ref()
        && call.args.len() == 1
        && matches!(&call.args[0], syn::Expr::Path(argument) if argument.path.is_ident(name))
    {
        return quote!(#function);
    }
    quote!(|#name| #expression)
}
