//! Constraints of a type: whether they fit it, and one another.

use serde_json::{Number, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Clamp, Constraint, Kind, Scalar, TextFormat, Type};
use crate::spec::document;

use super::context::{At, Context};
use super::param::one_line;

/// The constraints that are written, each one that its kind takes.
pub(super) fn constraints(
    context: &mut Context,
    written: &document::Param,
    kind: &Kind,
    at: &At,
) -> Vec<Constraint> {
    let ty = Type { kind: kind.clone(), constraints: Vec::new() };
    let resolved = ty.resolved().clone();
    let mut all: Vec<Constraint> = Vec::new();
    if let Some(format) = written.format.as_deref() {
        let rule = TextFormat::ALL.into_iter().find(|rule| rule.name() == format);
        match (&kind, rule) {
            (Kind::Named(_), _) => {
                let span = context.key(&at.key("format"));
                context.report(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        span,
                        "a named type brings its own format",
                    )
                    .help("remove `format`, or declare a type of its own under `types`"),
                );
            }
            (_, Some(rule)) => all.push(Constraint::Format(rule)),
            (_, None) if format == "int32" => {
                all.push(Constraint::Minimum(Scalar::Integer(i32::MIN.into())));
                all.push(Constraint::Maximum(Scalar::Integer(i32::MAX.into())));
            }
            (_, None) => {}
        }
    }
    if let Some(pattern) = &written.pattern {
        if let Err(error) = regex::Regex::new(pattern) {
            let span = context.value(&at.key("pattern"));
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, "the pattern cannot be compiled")
                    .label(one_line(&error))
                    .help("use what the `regex` crate takes: no look-around, no back-references"),
            );
        } else {
            all.push(Constraint::Pattern(pattern.clone()));
        }
    }
    all.extend(written.min_length.map(Constraint::MinLength));
    all.extend(written.max_length.map(Constraint::MaxLength));
    type OfBound = fn(Scalar) -> Constraint;
    let bounds: [(&str, &Option<Number>, OfBound); 5] = [
        ("minimum", &written.minimum, Constraint::Minimum),
        ("maximum", &written.maximum, Constraint::Maximum),
        ("exclusiveMinimum", &written.exclusive_minimum, Constraint::ExclusiveMinimum),
        ("exclusiveMaximum", &written.exclusive_maximum, Constraint::ExclusiveMaximum),
        ("multipleOf", &written.multiple_of, Constraint::MultipleOf),
    ];
    for (key, bound, constraint) in bounds {
        if let Some(bound) = bound
            && let Some(scalar) = scalar(context, bound, &resolved, &at.key(key))
        {
            // A bound that `int32` brought gives way to a tighter one.
            let constraint = constraint(scalar);
            let own = all.iter().position(|other| other.keyword() == constraint.keyword());
            match own {
                Some(own) if !tightens(&constraint, &all[own]) => {
                    let span = context.value(&at.key(key));
                    context.report(
                        Diagnostic::new(
                            Code::InvalidConstraint,
                            span,
                            "`format: int32` is as tight already",
                        )
                        .help("remove the bound, or make it tighter"),
                    );
                }
                Some(own) => all[own] = constraint,
                None => all.push(constraint),
            }
        }
    }
    if let Some(values) = &written.choices
        && matches!(
            resolved,
            Kind::Integer
                | Kind::Unsigned
                | Kind::Number
                | Kind::Boolean
                | Kind::Array(_)
                | Kind::Object(_)
        )
        && !matches!(kind, Kind::Named(_))
    {
        let document::Choices::Plain(values) = values else {
            let span = context.key(&at.key("enum"));
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, "only strings have titles")
                    .help("list the values alone, or write `type: string`"),
            );
            return all;
        };
        let scalars: Vec<Option<Scalar>> = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let at = at.key("enum").item(index);
                match value {
                    Value::Number(number) => scalar(context, number, &resolved, &at),
                    _ => {
                        let span = context.value(&at);
                        context.report(
                            Diagnostic::new(
                                Code::InvalidConstraint,
                                span,
                                "this value does not fit the type",
                            )
                            .help("list numbers here, or write `type: string`"),
                        );
                        None
                    }
                }
            })
            .collect();
        all.extend(scalars.into_iter().collect::<Option<Vec<_>>>().map(Constraint::OneOf));
    }
    all.extend(written.constant.clone().map(Constraint::Const));
    all.extend(written.min_items.map(Constraint::MinItems));
    all.extend(written.max_items.map(Constraint::MaxItems));
    if written.unique_items == Some(true) {
        all.push(Constraint::UniqueItems);
    }
    all.retain(|constraint| {
        let fits = constraint.applies_to(&resolved);
        if !fits {
            let span = context.key(&at.key(constraint.keyword()));
            let written_type = written.kind.as_deref().unwrap_or_default();
            let with_format =
                written.format.as_ref().map(|f| format!(" with `format: {f}`")).unwrap_or_default();
            context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!(
                        "`{}` says nothing about `type: {written_type}`{with_format}",
                        constraint.keyword()
                    ),
                )
                .help(format!("remove `{}`", constraint.keyword())),
            );
        }
        fits
    });
    all
}

pub(super) fn scalar(
    context: &mut Context,
    number: &Number,
    kind: &Kind,
    at: &At,
) -> Option<Scalar> {
    let whole = number.as_i64().map(Scalar::Integer);
    let scalar = match kind {
        Kind::Integer => whole,
        Kind::Unsigned => whole.filter(|bound| bound.as_f64() >= 0.0),
        _ => number.as_f64().filter(|number| number.is_finite()).map(Scalar::Number),
    };
    if scalar.is_none() {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("`{number}` is not a 64-bit integer"),
            )
            .help("write a whole number, or `type: number`"),
        );
    }
    scalar
}

/// Bounds that contradict each other, or that a named type has tighter already.
pub(super) fn ranges(context: &mut Context, ty: &Type, at: &At) {
    let all = ty.all_constraints();
    let number = |keyword: &str| {
        ty.constraints.iter().chain(all.iter().copied()).find_map(|constraint| match constraint {
            Constraint::Minimum(n)
            | Constraint::Maximum(n)
            | Constraint::ExclusiveMinimum(n)
            | Constraint::ExclusiveMaximum(n)
                if constraint.keyword() == keyword =>
            {
                Some(n.as_f64())
            }
            #[expect(clippy::cast_precision_loss, reason = "lengths are compared, not stored")]
            Constraint::MinLength(n)
            | Constraint::MaxLength(n)
            | Constraint::MinItems(n)
            | Constraint::MaxItems(n)
                if constraint.keyword() == keyword =>
            {
                Some(*n as f64)
            }
            _ => None,
        })
    };
    let pairs = [
        ("minLength", "maxLength", false),
        ("minItems", "maxItems", false),
        ("minimum", "maximum", false),
        ("exclusiveMinimum", "maximum", true),
        ("minimum", "exclusiveMaximum", true),
        ("exclusiveMinimum", "exclusiveMaximum", true),
    ];
    let mut problems = Vec::new();
    for (low, high, strict) in pairs {
        if let (Some(least), Some(greatest)) = (number(low), number(high))
            && (least > greatest || (strict && least >= greatest))
        {
            problems.push(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    context.value(&at.key(low)),
                    format!("no value is left between `{low}: {least}` and `{high}: {greatest}`"),
                )
                .help("mend one of the two"),
            );
        }
    }
    for constraint in &ty.constraints {
        if let Constraint::MultipleOf(factor) = constraint
            && factor.as_f64() <= 0.0
        {
            problems.push(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    context.value(&at.key("multipleOf")),
                    "`multipleOf` must be greater than 0",
                )
                .help("write a positive number"),
            );
        }
        if let Kind::Named(named) = &ty.kind {
            let inner = named.ty.all_constraints();
            let same = inner.iter().find(|other| other.keyword() == constraint.keyword());
            if same.is_some_and(|other| !tightens(constraint, other)) {
                problems.push(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        context.key(&at.key(constraint.keyword())),
                        format!(
                            "`{}` has a `{}` that is as tight",
                            named.ident.wire(),
                            constraint.keyword()
                        ),
                    )
                    .help("remove it here, or make it tighter"),
                );
            }
        }
    }
    for problem in problems {
        context.report(problem);
    }
}

/// Whether a constraint refuses more than another of the same keyword.
pub(super) fn tightens(constraint: &Constraint, other: &Constraint) -> bool {
    match (constraint, other) {
        (Constraint::MinLength(a), Constraint::MinLength(b))
        | (Constraint::MinItems(a), Constraint::MinItems(b)) => a > b,
        (Constraint::MaxLength(a), Constraint::MaxLength(b))
        | (Constraint::MaxItems(a), Constraint::MaxItems(b)) => a < b,
        (Constraint::Minimum(a), Constraint::Minimum(b))
        | (Constraint::ExclusiveMinimum(a), Constraint::ExclusiveMinimum(b)) => {
            a.as_f64() > b.as_f64()
        }
        (Constraint::Maximum(a), Constraint::Maximum(b))
        | (Constraint::ExclusiveMaximum(a), Constraint::ExclusiveMaximum(b)) => {
            a.as_f64() < b.as_f64()
        }
        _ => false,
    }
}

/// Whether a constraint refuses a number.
pub(super) fn refuses(constraint: &Constraint, value: Scalar) -> bool {
    let value = value.as_f64();
    match constraint {
        Constraint::Minimum(bound) => value < bound.as_f64(),
        Constraint::Maximum(bound) => value > bound.as_f64(),
        Constraint::ExclusiveMinimum(bound) => value <= bound.as_f64(),
        Constraint::ExclusiveMaximum(bound) => value >= bound.as_f64(),
        Constraint::MultipleOf(factor) => {
            let quotient = value / factor.as_f64();
            (quotient - quotient.round()).abs() > 1e-9
        }
        Constraint::OneOf(values) => values.iter().all(|known| known.as_f64() != value),
        _ => false,
    }
}

pub(super) fn clamp(
    context: &mut Context,
    written: &document::Param,
    ty: &Type,
    at: &At,
) -> Option<Clamp> {
    let clamp = written.clamp.as_ref()?;
    let at = at.key("clamp");
    if !matches!(ty.resolved(), Kind::Integer | Kind::Unsigned | Kind::Number) {
        let span = context.key(&at);
        context.report(
            Diagnostic::new(Code::InvalidConstraint, span, "only numbers can be clamped")
                .help("remove `clamp`"),
        );
        return None;
    }
    if clamp.minimum.is_none() && clamp.maximum.is_none() {
        let span = context.value(&at);
        context.report(
            Diagnostic::new(Code::MissingKey, span, "`clamp` has neither end")
                .help("write `clamp: { maximum: 100 }`"),
        );
        return None;
    }
    let mut end = |bound: &Option<Number>, key: &str, other: bool| {
        if bound.is_some() && other {
            let span = context.key(&at.key(key));
            context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!("what lies beyond this `{key}` is refused already, so there is nothing to clamp"),
                )
                .help("keep either the bound or `clamp`"),
            );
        }
        bound.as_ref().and_then(|bound| scalar(context, bound, ty.resolved(), &at.key(key)))
    };
    // Who pulls a value in cannot say in the schema that it is refused.
    let all = ty.all_constraints();
    let has = |keywords: &[&str]| all.iter().any(|known| keywords.contains(&known.keyword()));
    let low = has(&["minimum", "exclusiveMinimum", "enum", "const"]);
    let high = has(&["maximum", "exclusiveMaximum", "enum", "const"]);
    let minimum = end(&clamp.minimum, "minimum", low);
    let maximum = end(&clamp.maximum, "maximum", high);
    for (key, bound) in [("minimum", minimum), ("maximum", maximum)] {
        let refusing = bound.and_then(|bound| {
            ty.all_constraints().into_iter().find(|constraint| refuses(constraint, bound))
        });
        if let Some(refusing) = refusing {
            let message =
                format!("a value that is pulled here is refused by `{}`", refusing.keyword());
            let span = context.value(&at.key(key));
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, message)
                    .help("clamp to a value that the param takes"),
            );
        }
    }
    if let (Some(low), Some(high)) = (minimum, maximum)
        && low.as_f64() > high.as_f64()
    {
        let span = context.value(&at);
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("the least value {low} is greater than the greatest {high}"),
            )
            .help("swap them"),
        );
    }
    Some(Clamp { minimum, maximum })
}
