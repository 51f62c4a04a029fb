//! Templates: every variable must exist.

use minijinja::{Environment, UndefinedBehavior};
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};

use super::context::{At, Context, name_help};
use super::param::one_line;

/// When an answer is the least that it can be.
pub(super) const NO_ROW: &str = "there is no row";

/// Reports what a template cannot render. `variables` are those it may use, with values of the
/// kinds that they will have: once with all that can be there, once with the least; `least` says
/// when that is.
pub(super) fn check(
    context: &mut Context,
    at: &At,
    source: &str,
    [variables, sparse]: [&Map<String, Value>; 2],
    least: &str,
) {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let template = match environment.template_from_str(source) {
        Ok(template) => template,
        Err(error) => {
            report(context, at, source, &error, "the template cannot be read");
            return;
        }
    };
    let known: Vec<&str> = variables.keys().map(String::as_str).collect();
    let mut unknown: Vec<String> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !known.contains(&name.as_str()) && !is_global(&environment, name))
        .collect();
    unknown.sort();
    for name in &unknown {
        let range = find_name(source, name).unwrap_or(0..source.len());
        let span = context.text(at, range);
        context.report(
            Diagnostic::new(Code::Template, span, format!("the template has no variable `{name}`"))
                .help(name_help(name, &known, "variable")),
        );
    }
    if !unknown.is_empty() {
        return;
    }
    // Only rendering tells whether a row has the column that is asked for.
    let render = |variables: &Map<String, Value>| {
        template.render(minijinja::value::Value::from(minijinja::value::Serde(variables)))
    };
    if let Err(error) = render(variables) {
        report(context, at, source, &error, "the template cannot be rendered");
    } else if let Err(error) = render(sparse) {
        let what = format!("the template cannot be rendered when {least}");
        report(context, at, source, &error, &what);
    }
}

fn is_global(environment: &Environment, name: &str) -> bool {
    environment.globals().any(|(global, _)| global == name)
}

fn report(context: &mut Context, at: &At, source: &str, error: &minijinja::Error, what: &str) {
    let range = error
        .range()
        .filter(|range| !range.is_empty())
        .unwrap_or_else(|| line_range(source, error.line().unwrap_or(1)));
    let span = context.text(at, range);
    let detail = error.detail().map_or_else(|| one_line(&error.kind()), str::to_owned);
    context.report(
        Diagnostic::new(Code::Template, span, what)
            .label(detail)
            .help("templates are Jinja: `{{ name }}`, `{% for row in rows %} … {% endfor %}`"),
    );
}

fn line_range(source: &str, line: usize) -> std::ops::Range<usize> {
    let start =
        source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let length = source[start..].lines().next().map_or(0, str::len);
    start..start + length
}

/// Where a whole word stands.
fn find_name(source: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    source.match_indices(name).map(|(start, _)| start..start + name.len()).find(|range| {
        !source[..range.start].ends_with(word) && !source[range.end..].starts_with(word)
    })
}

/// The variables that a template uses, with the way into them as far as it is written: `card.number`.
pub(super) fn paths(source: &str) -> std::collections::HashSet<String> {
    Environment::new()
        .template_from_str(source)
        .map(|template| template.undeclared_variables(true))
        .unwrap_or_default()
}

/// The names that a template uses; empty for one that cannot be read.
pub(super) fn variables(source: &str) -> std::collections::HashSet<String> {
    Environment::new()
        .template_from_str(source)
        .map(|template| template.undeclared_variables(false))
        .unwrap_or_default()
}
