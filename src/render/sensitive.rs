//! What is said of a sensitive value that is not what it must be: the whole of its rule, and nothing of
//! the value.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::json;

use super::types;
use crate::ir::{Constraint, Kind, TextFormat, Tool, Type};

/// What a value of the type must be, behind "must be".
pub(super) fn rule(ty: &Type) -> String {
    let kind = match ty.resolved() {
        Kind::Text => "a string",
        Kind::Integer => "an integer",
        Kind::Unsigned => "an integer that is not negative",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Date => "a date like 2024-02-29",
        Kind::Time => "a time like 12:30:00",
        Kind::DateTime => "a date and time like 2024-02-29T12:30:00Z",
        Kind::Uuid => "a UUID",
        Kind::Decimal => "a decimal number in a string, like \"12.50\"",
        Kind::Bytes => "bytes in base64",
        Kind::Json => "a string that holds JSON",
        Kind::Choice(_) => "one of the values that the schema names",
        Kind::Array(_) => "a list as the schema has it",
        Kind::Object(_) | Kind::Named(_) => "an object as the schema has it",
    };
    let constraints = ty.all_constraints();
    let more = constraints.iter().map(|constraint| match constraint {
        Constraint::Format(format) => match format {
            TextFormat::Email => "that is an email address".to_owned(),
            TextFormat::Uri => "that is a URI".to_owned(),
            TextFormat::Hostname => "that is a host name".to_owned(),
            TextFormat::Ipv4 => "that is an IPv4 address".to_owned(),
            TextFormat::Ipv6 => "that is an IPv6 address".to_owned(),
            TextFormat::Duration => "that is a length of time like P1DT12H".to_owned(),
        },
        Constraint::Pattern(pattern) => format!("that matches the pattern {pattern}"),
        Constraint::MinLength(n) => format!("of at least {n} characters"),
        Constraint::MaxLength(n) => format!("of at most {n} characters"),
        Constraint::Minimum(bound) => format!("of at least {bound}"),
        Constraint::Maximum(bound) => format!("of at most {bound}"),
        Constraint::ExclusiveMinimum(bound) => format!("greater than {bound}"),
        Constraint::ExclusiveMaximum(bound) => format!("less than {bound}"),
        Constraint::MultipleOf(factor) => format!("that is a multiple of {factor}"),
        Constraint::MinItems(n) => format!("of at least {n} items"),
        Constraint::MaxItems(n) => format!("of at most {n} items"),
        Constraint::OneOf(_) | Constraint::Const(_) => "that the schema names".to_owned(),
        Constraint::UniqueItems => "without an item twice".to_owned(),
    });
    let more: Vec<String> = more.collect();
    match more.is_empty() {
        true => kind.to_owned(),
        false => format!("{kind} {}", more.join(", ")),
    }
}

/// The test that no message repeats a sensitive value; nothing where the tool has none.
pub(super) fn test(
    tool: &Tool,
    fixture: &TokenStream,
    otherwise: &TokenStream,
) -> Option<TokenStream> {
    let sample = crate::ir::sample_arguments(tool)?;
    let name = tool.ident.wire();
    let calls =
        tool.params.iter().filter(|param| param.is_argument() && param.holds_sensitive()).map(
            |param| {
                // Of the wrong type for the param, and what its messages would show.
                let wrong = match param.ty.resolved() {
                    Kind::Text => json!(7391.5173),
                    _ => json!("unseen 7391.5173"),
                };
                let mut arguments = sample.clone();
                arguments.insert(param.ident.wire().to_owned(), wrong);
                let (arguments, param) = (types::json_value(&arguments.into()), param.ident.wire());
                quote! {
                    server.refuses(#name, #arguments, #param).await;
                    let result = server.call(#name, #arguments).await;
                    assert!(!format!("{result:?}").contains("7391.5173"), "{result:?}");
                }
            },
        );
    let calls: Vec<TokenStream> = calls.collect();
    (!calls.is_empty()).then(|| {
        quote! {
            #[doc = " No message repeats a sensitive value."]
            #[tokio::test]
            async fn sensitive_values_are_not_repeated() {
                let #fixture = Fixture::new(crate::SEED).await #otherwise;
                #(#calls)*
            }
        }
    })
}
