//! Forms that ask a person for params.

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Form, Kind, Param};
use crate::spec::document;

use super::claims;
use super::context::{At, Context, name_help};
use super::names::binding_name;
use super::sensitive;

/// Lowers the forms of a tool or a prompt. `params` are all of its params.
pub(super) fn forms(
    context: &mut Context,
    written: &IndexMap<String, document::Asking>,
    params: &[Param],
    at: &At,
) -> Vec<Form> {
    let known: Vec<&str> = params.iter().map(|param| param.ident.wire()).collect();
    let mut asked: Vec<&str> = Vec::new();
    let mut forms = Vec::new();
    for (name, form) in written {
        let at = at.key(name);
        binding_name(context, name, &at);
        if form.message.trim().is_empty() {
            let span = context.value(&at.key("message"));
            context.report(
                Diagnostic::new(Code::InvalidValue, span, "the form asks nothing")
                    .help("write what the person reads: `message: Who are you?`"),
            );
        }
        let mut fields = Vec::new();
        for (index, name) in form.params.iter().enumerate() {
            let span = context.value(&at.key("params").item(index));
            let Some(param) = params.iter().find(|param| param.ident.wire() == name) else {
                context.report(
                    Diagnostic::new(Code::UnknownName, span, format!("there is no param `{name}`"))
                        .help(name_help(name, &known, "param")),
                );
                continue;
            };
            if asked.contains(&name.as_str()) {
                context.report(
                    Diagnostic::new(Code::Exclusive, span, format!("`{name}` is asked for twice"))
                        .help("remove one"),
                );
            }
            claims::refuse(context, param, "no form asks for it", &at.key("params").item(index));
            if !fits_a_form(param) {
                context.report(
                    Diagnostic::new(
                        Code::InvalidValue,
                        span,
                        format!("a form cannot ask for `{name}`"),
                    )
                    .help("forms hold texts, numbers, booleans, enums and lists of enums, without null"),
                );
            }
            // The protocol wants no secret in a form.
            sensitive::kept_from(context, param, "a form asks for", &at.key("params").item(index));
            asked.push(name);
            fields.push(param.clone());
        }
        forms.push(Form {
            name: name.clone(),
            message: form.message.trim_end().to_owned(),
            params: fields,
        });
    }
    forms
}

/// What the protocol lets a form hold.
fn fits_a_form(param: &Param) -> bool {
    let plain = match param.ty.resolved() {
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
        | Kind::Json
        | Kind::Choice(_) => true,
        Kind::Array(item) => matches!(item.resolved(), Kind::Choice(_)),
        Kind::Bytes | Kind::Object(_) | Kind::Named(_) => false,
    };
    plain && !param.nullable
}
