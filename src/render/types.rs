//! Rust types of params and columns, and how they are read.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::claims;
use super::print::{doc, id, sentence, text_literal};
use crate::ir::{
    Choice, ChoiceType, Constraint, Ident, Kind, NamedType, ObjectType, Param, Presence, Scalar,
    TextFormat, Type, UnknownRule,
};

/// The Rust type of a value of a param.
pub(super) fn rust_type(ty: &Type) -> TokenStream {
    kind_type(&ty.kind)
}

/// The Rust type of a kind.
pub(super) fn kind_type(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Text | Kind::Uuid | Kind::Json => quote!(String),
        Kind::Integer => quote!(i64),
        Kind::Unsigned => quote!(u64),
        Kind::Number => quote!(f64),
        Kind::Boolean => quote!(bool),
        Kind::Date => quote!(chrono::NaiveDate),
        Kind::Time => quote!(chrono::NaiveTime),
        Kind::DateTime => quote!(chrono::DateTime<chrono::Utc>),
        Kind::Decimal => quote!(value::Decimal),
        Kind::Bytes => quote!(value::Bytes),
        Kind::Choice(choice) => {
            let name = id(choice.ident.pascal());
            quote!(#name)
        }
        Kind::Array(item) => {
            let item = rust_type(item);
            quote!(Vec<#item>)
        }
        Kind::Object(object) => {
            let name = id(object.ident.pascal());
            quote!(#name)
        }
        Kind::Named(named) => named_type(named),
    }
}

/// A named type: its own where it has one, otherwise what it stands for. Within `types.rs` itself
/// the prefix is cut off again.
fn named_type(named: &NamedType) -> TokenStream {
    match &named.ty.kind {
        Kind::Choice(choice) => {
            let name = id(choice.ident.pascal());
            quote!(types::#name)
        }
        Kind::Object(object) => {
            let name = id(object.ident.pascal());
            quote!(types::#name)
        }
        Kind::Array(item) => {
            let item = in_types(rust_type(item), item);
            quote!(Vec<#item>)
        }
        other => kind_type(other),
    }
}

/// A type that stands in `types.rs`, seen from elsewhere.
fn in_types(tokens: TokenStream, ty: &Type) -> TokenStream {
    match &ty.kind {
        Kind::Choice(_) | Kind::Object(_) => quote!(types::#tokens),
        Kind::Array(item) => {
            let item = in_types(rust_type(item), item);
            quote!(Vec<#item>)
        }
        _ => tokens,
    }
}

/// Whether values of the type are `Copy`.
pub(super) fn is_copy(ty: &Type) -> bool {
    match ty.resolved() {
        Kind::Integer
        | Kind::Unsigned
        | Kind::Number
        | Kind::Boolean
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::Choice(_) => true,
        Kind::Text
        | Kind::Uuid
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Json
        | Kind::Array(_)
        | Kind::Object(_)
        | Kind::Named(_) => false,
    }
}

/// How many `Option`s stand around the value: one for "not given", one for null.
pub(super) fn layers(param: &Param) -> usize {
    usize::from(param.optional()) + usize::from(param.nullable)
}

/// The Rust type of a param's field.
pub(super) fn field_type(param: &Param) -> TokenStream {
    let inner = rust_type(&param.ty);
    (0..layers(param)).fold(inner, |inner, _| quote!(Option<#inner>))
}

/// What a struct of params is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    /// It is only read.
    Plain,
    /// It goes back to the client; what was not given is left out.
    Echo,
    /// It is what a cursor is good for, and templates may name its members; what changes from page
    /// to page is left out.
    Question,
    /// Templates name its members, or answers are kept by it; what was not given is null.
    Variables,
}

/// The fields of a struct of params.
pub(super) fn fields(params: &[Param], form: Fields) -> TokenStream {
    let fields = params.iter().map(|param| {
        let docs = doc(&field_doc(param));
        let wire = param.ident.wire();
        let serde = match form {
            Fields::Plain => quote!(),
            Fields::Question if matches!(wire, "cursor" | "page_size") => quote!(#[serde(skip)]),
            Fields::Echo => serde_attributes(&param.ident, param.optional()),
            Fields::Question | Fields::Variables => serde_attributes(&param.ident, false),
        };
        let name = id(param.ident.snake());
        let ty = field_type(param);
        quote!(#docs #serde pub #name: #ty)
    });
    quote!(#(#fields,)*)
}

/// What serde must know about a field: its name on the wire, and that absence is absence.
pub(super) fn serde_attributes(ident: &Ident, optional: bool) -> TokenStream {
    let wire = ident.wire();
    match (wire != ident.snake(), optional) {
        (false, false) => quote!(),
        (true, false) => quote!(#[serde(rename = #wire)]),
        (false, true) => quote!(#[serde(skip_serializing_if = "Option::is_none")]),
        (true, true) => quote!(#[serde(rename = #wire, skip_serializing_if = "Option::is_none")]),
    }
}

fn field_doc(param: &Param) -> String {
    let named = match &param.ty.kind {
        Kind::Named(named) => named.description.as_deref().or(named.title.as_deref()),
        _ => None,
    };
    let text = param.description.as_deref().or(param.title.as_deref()).or(named);
    text.map_or_else(
        || match &param.claim {
            Some(claim) => format!("The caller's claim `{claim}`."),
            None => format!("`{}`.", param.ident.wire()),
        },
        sentence,
    )
}

/// How the fields are read: `let email = fields.required(…);` for each, and `Self { … }`.
pub(super) fn reading(params: &[Param], home: Home) -> (TokenStream, TokenStream) {
    let claims = claims::lines(params);
    let lines = params.iter().filter(|param| param.is_argument()).map(|param| {
        let name = super::statement::local(&param.ident);
        let wire = param.ident.wire();
        let read = read_closure(param, home);
        match (&param.presence, param.nullable) {
            (Presence::Required, false) => quote!(let #name = fields.required(#wire, #read);),
            (Presence::Required, true) => {
                quote!(let #name = fields.required_nullable(#wire, #read);)
            }
            (Presence::Optional, false) => quote!(let #name = fields.optional(#wire, #read);),
            (Presence::Optional, true) => {
                quote!(let #name = fields.optional_nullable(#wire, #read);)
            }
            (Presence::Default(default), false) => {
                let default = json_value(default);
                quote!(let #name = fields.or(#wire, #default, #read);)
            }
            (Presence::Default(default), true) => {
                let default = json_value(default);
                quote!(let #name = fields.nullable_or(#wire, #default, #read);)
            }
        }
    });
    let members = params.iter().map(|param| {
        if !param.is_argument() {
            return claims::member(param);
        }
        let (field, name) = (id(param.ident.snake()), super::statement::local(&param.ident));
        quote!(#field: #name?)
    });
    (quote!(#claims #(#lines)*), quote!(Self { #(#members,)* }))
}

/// Where reading code stands: in a tool's module, or among the named types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// A module of a tool, a resource or a prompt.
    Module,
    /// `types.rs`.
    Types,
}

pub(super) fn read_closure(param: &Param, home: Home) -> TokenStream {
    let clamp = param.clamp.as_ref().map(|clamp| {
        let integer = matches!(param.ty.resolved(), Kind::Integer | Kind::Unsigned);
        let minimum = clamp.minimum.map(|bound| {
            let bound = scalar(bound, integer);
            quote!(.clamp_minimum(#bound))
        });
        let maximum = clamp.maximum.map(|bound| {
            let bound = scalar(bound, integer);
            quote!(.clamp_maximum(#bound))
        });
        quote!(#minimum #maximum)
    });
    let base = base_read(&param.ty, home);
    let checks = param.ty.constraints.iter().map(|check| constraint(check, &param.ty));
    let read = quote!(|input| Ok(#base? #clamp #(#checks?)* .value));
    let rule = || super::sensitive::rule(&param.ty);
    let whole = param.sensitive || !matches!(param.ty.resolved(), Kind::Object(_));
    match (param.holds_sensitive(), whole) {
        (false, _) => read,
        (true, true) => {
            let rule = rule();
            quote!(|input| input.sensitive(#rule, #read))
        }
        // Its properties speak for themselves.
        (true, false) => {
            let rule = rule();
            quote!(|input| input.sensitive_within(#rule, #read))
        }
    }
}

/// The way from `input` to a checked value, without `?` at its end.
fn base_read(ty: &Type, home: Home) -> TokenStream {
    match &ty.kind {
        Kind::Text => quote!(input.text()),
        Kind::Integer => quote!(input.integer()),
        Kind::Unsigned => quote!(input.unsigned()),
        Kind::Number => quote!(input.number()),
        Kind::Boolean => quote!(input.boolean()),
        Kind::Date => quote!(input.parsed("a date like 2024-02-29", format::date)),
        Kind::Time => quote!(input.parsed("a time like 12:30:00", format::time)),
        Kind::DateTime => {
            quote!(input.parsed("a date and time like 2024-02-29T12:30:00Z", format::date_time))
        }
        Kind::Uuid => quote!(input.parsed("a UUID", format::uuid)),
        Kind::Decimal => {
            quote!(input.parsed("a decimal number in a string, like \"12.50\"", format::decimal))
        }
        Kind::Bytes => quote!(input.parsed("bytes in base64", format::bytes)),
        Kind::Json => quote!(input.parsed("a string that holds JSON", format::json)),
        Kind::Choice(choice) => {
            let name = id(choice.ident.pascal());
            quote!(input.choice(&#name::ALL))
        }
        Kind::Array(item) => {
            let base = base_read(item, home);
            let checks = item.constraints.iter().map(|check| constraint(check, item));
            quote!(input.array(|input| Ok(#base? #(#checks?)* .value)))
        }
        Kind::Object(object) => {
            let name = id(object.ident.pascal());
            let unknown = unknown(object.unknown);
            quote!(input.object(#unknown, #name::read))
        }
        Kind::Named(named) => {
            let reader = id(named.ident.snake());
            match home {
                Home::Module => quote!(types::#reader(input)),
                Home::Types => quote!(#reader(input)),
            }
        }
    }
}

/// What to do with members that are not declared.
pub(super) fn unknown(rule: UnknownRule) -> TokenStream {
    match rule {
        UnknownRule::Refuse => quote!(input::Unknown::Refuse),
        UnknownRule::Ignore => quote!(input::Unknown::Ignore),
    }
}

/// One check, without the `?` behind it.
fn constraint(constraint: &Constraint, ty: &Type) -> TokenStream {
    let integer = matches!(ty.resolved(), Kind::Integer | Kind::Unsigned);
    let size = |n: &u64| {
        let literal = proc_macro2::Literal::u64_unsuffixed(*n);
        quote!(#literal)
    };
    match constraint {
        Constraint::Format(format) => {
            let (what, check) = match format {
                TextFormat::Email => ("an email address", quote!(format::email)),
                TextFormat::Uri => ("a URI", quote!(format::uri)),
                TextFormat::Hostname => ("a host name", quote!(format::hostname)),
                TextFormat::Ipv4 => ("an IPv4 address", quote!(format::ipv4)),
                TextFormat::Ipv6 => ("an IPv6 address", quote!(format::ipv6)),
                TextFormat::Duration => ("a length of time like P1DT12H", quote!(format::duration)),
            };
            quote!(.format(#what, #check))
        }
        Constraint::Pattern(pattern) => {
            let pattern = text_literal(pattern);
            quote!(.pattern({
                static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(#pattern).expect("mcpgen compiled this pattern")
                });
                &PATTERN
            }))
        }
        Constraint::MinLength(n) => {
            let n = size(n);
            quote!(.min_length(#n))
        }
        Constraint::MaxLength(n) => {
            let n = size(n);
            quote!(.max_length(#n))
        }
        Constraint::Minimum(bound) => {
            let bound = scalar(*bound, integer);
            quote!(.minimum(#bound))
        }
        Constraint::Maximum(bound) => {
            let bound = scalar(*bound, integer);
            quote!(.maximum(#bound))
        }
        Constraint::ExclusiveMinimum(bound) => {
            let bound = scalar(*bound, integer);
            quote!(.exclusive_minimum(#bound))
        }
        Constraint::ExclusiveMaximum(bound) => {
            let bound = scalar(*bound, integer);
            quote!(.exclusive_maximum(#bound))
        }
        Constraint::MultipleOf(factor) => {
            let factor = scalar(*factor, integer);
            if integer {
                quote!(.multiple_of(#factor))
            } else {
                quote!(.multiple_of_number(#factor))
            }
        }
        Constraint::OneOf(values) => {
            let values = values.iter().map(|value| scalar(*value, integer));
            quote!(.one_of(&[#(#values),*]))
        }
        Constraint::Const(value) => {
            let value = match value {
                Value::String(text) => quote!(#text),
                Value::Bool(value) => quote!(&#value),
                Value::Number(number) => {
                    let bound = number.as_i64().map_or_else(
                        || Scalar::Number(number.as_f64().unwrap_or_default()),
                        Scalar::Integer,
                    );
                    let bound = scalar(bound, integer);
                    quote!(&#bound)
                }
                // `lower` takes no other constants.
                Value::Null | Value::Array(_) | Value::Object(_) => quote!(""),
            };
            quote!(.constant(#value))
        }
        Constraint::MinItems(n) => {
            let n = size(n);
            quote!(.min_items(#n))
        }
        Constraint::MaxItems(n) => {
            let n = size(n);
            quote!(.max_items(#n))
        }
        Constraint::UniqueItems => quote!(.unique_items()),
    }
}

/// A number as the type of the value that it is compared with.
fn scalar(value: Scalar, integer: bool) -> TokenStream {
    match value {
        Scalar::Integer(value) if integer => {
            let literal = proc_macro2::Literal::i64_unsuffixed(value);
            quote!(#literal)
        }
        other => {
            let literal = proc_macro2::Literal::f64_unsuffixed(other.as_f64());
            quote!(#literal)
        }
    }
}

/// A JSON value as an expression of a `serde_json::Value`; `print` lays it out.
pub(super) fn json_value(value: &Value) -> TokenStream {
    let marked = super::json::marked(value);
    quote!(json!(#marked))
}

/// The enums and structs that a list of params needs, those of named types left out.
pub(super) fn definitions(params: &[Param], home: Home) -> TokenStream {
    let all = params.iter().map(|param| definition(&param.ty, field_doc(param), home));
    quote!(#(#all)*)
}

/// The enum or struct of a type, with those inside of it.
pub(super) fn definition(ty: &Type, docs: String, home: Home) -> TokenStream {
    match &ty.kind {
        Kind::Choice(choice) => choice_definition(choice, &docs),
        Kind::Array(item) => definition(item, docs, home),
        Kind::Object(object) => {
            let own = object_definition(object, &docs, home);
            let inner = definitions(&object.properties, home);
            quote!(#own #inner)
        }
        Kind::Text
        | Kind::Integer
        | Kind::Unsigned
        | Kind::Number
        | Kind::Boolean
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Json
        | Kind::Named(_) => quote!(),
    }
}

fn choice_definition(choice: &ChoiceType, docs: &str) -> TokenStream {
    let docs = doc(docs);
    let name = id(choice.ident.pascal());
    let count = proc_macro2::Literal::usize_unsuffixed(choice.choices.len());
    let variant = |choice: &Choice| id(choice.ident.pascal());
    let variants = choice.choices.iter().map(|choice| {
        let wire = choice.ident.wire();
        let docs = doc(&match &choice.title {
            Some(title) => format!("`{wire}`: {title}."),
            None => format!("`{wire}`."),
        });
        let variant = variant(choice);
        quote!(#docs #[serde(rename = #wire)] #variant)
    });
    let pairs = choice.choices.iter().map(|choice| {
        let wire = choice.ident.wire();
        let variant = variant(choice);
        quote!((#wire, Self::#variant))
    });
    let texts = choice.choices.iter().map(|choice| {
        let wire = choice.ident.wire();
        let variant = variant(choice);
        quote!(Self::#variant => #wire)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub enum #name { #(#variants,)* }

        impl #name {
            #[doc = " Every value, by the name that clients use."]
            pub const ALL: [(&'static str, Self); #count] = [#(#pairs),*];

            #[doc = " The name that clients use."]
            pub fn as_str(self) -> &'static str {
                match self { #(#texts,)* }
            }
        }
    }
}

fn object_definition(object: &ObjectType, docs: &str, home: Home) -> TokenStream {
    let docs = doc(docs);
    let name = id(object.ident.pascal());
    let derives = derives(true);
    let members = fields(&object.properties, Fields::Echo);
    let (lines, made) = reading(&object.properties, home);
    quote! {
        #docs
        #derives
        pub struct #name { #members }

        impl #name {
            #[doc = " Reads the members of an object."]
            pub fn read(mut fields: input::Fields) -> input::Read<Self> {
                #lines
                fields.finish(|| Some(#made))
            }
        }
    }
}

/// What a struct of values derives.
pub(super) fn derives(serialize: bool) -> TokenStream {
    if serialize {
        quote!(#[derive(Debug, Clone, PartialEq, Serialize)])
    } else {
        quote!(#[derive(Debug, Clone, PartialEq)])
    }
}

/// `types.rs`: the named types, and how each is read.
pub(super) fn named_types(named: &[std::sync::Arc<NamedType>]) -> TokenStream {
    let all = named.iter().map(|named| {
        let docs = named
            .description
            .as_deref()
            .or(named.title.as_deref())
            .map_or_else(|| format!("`{}`.", named.ident.wire()), sentence);
        let own = definition(&named.ty, docs, Home::Types);
        let reader = id(named.ident.snake());
        let reader_doc = doc(&format!("Reads the type `{}`.", named.ident.wire()));
        let ty = kind_type(&named.ty.kind);
        let base = base_read(&named.ty, Home::Types);
        let checks: Vec<TokenStream> =
            named.ty.constraints.iter().map(|check| constraint(check, &named.ty)).collect();
        let body = checks.iter().fold(base, |read, check| quote!(#read? #check));
        quote! {
            #own

            #reader_doc
            pub fn #reader(input: input::Input) -> input::Read<input::Checked<#ty>> { #body }
        }
    });
    quote!(#(#all)*)
}
