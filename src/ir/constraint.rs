//! Constraints on a value: which kinds take them, their JSON Schema, and values at their edge.
//!
//! To add one: a variant here; the compiler lists every place that must know it.

use serde_json::{Map, Number, Value, json};

use super::Kind;

/// A number that a spec gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
}

impl Scalar {
    /// The number as JSON.
    #[must_use]
    pub fn to_json(self) -> Value {
        match self {
            Self::Integer(value) => json!(value),
            Self::Number(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        }
    }

    /// The number as a float, for comparisons.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "bounds are compared, not stored")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Number(value) => value,
        }
    }

    /// The number, if it is whole.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Number(_) => None,
        }
    }

    /// The number next to it, one whole step or a thousandth away.
    #[must_use]
    pub fn step(self, direction: i64) -> Self {
        match self {
            Self::Integer(value) => Self::Integer(value.saturating_add(direction)),
            Self::Number(value) => {
                let step = (value.abs() * 0.001).max(0.001);
                Self::Number(if direction < 0 { value - step } else { value + step })
            }
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
        }
    }
}

/// A format of text that stays a `String` in Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextFormat {
    /// `local@domain`, as HTML's e-mail input takes it.
    Email,
    /// An absolute URI, RFC 3986.
    Uri,
    /// A host name, RFC 1123.
    Hostname,
    /// An IPv4 address, dotted.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A length of time, ISO 8601: `P1DT12H`.
    Duration,
}

impl TextFormat {
    /// Every format.
    pub const ALL: [Self; 6] =
        [Self::Email, Self::Uri, Self::Hostname, Self::Ipv4, Self::Ipv6, Self::Duration];

    /// The name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Uri => "uri",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Duration => "duration",
        }
    }

    /// A value that has the format.
    #[must_use]
    pub fn sample(self) -> &'static str {
        match self {
            Self::Email => "someone@example.com",
            Self::Uri => "https://example.com/",
            Self::Hostname => "example.com",
            Self::Ipv4 => "192.0.2.1",
            Self::Ipv6 => "2001:db8::1",
            Self::Duration => "P1DT12H",
        }
    }
}

/// What a value must keep to.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint {
    /// One of the formats.
    Format(TextFormat),
    /// Found in the text (a regular expression that the `regex` crate takes).
    Pattern(String),
    /// Fewest characters.
    MinLength(u64),
    /// Most characters.
    MaxLength(u64),
    /// Least value.
    Minimum(Scalar),
    /// Greatest value.
    Maximum(Scalar),
    /// The value is greater.
    ExclusiveMinimum(Scalar),
    /// The value is less.
    ExclusiveMaximum(Scalar),
    /// The value is a multiple; greater than 0.
    MultipleOf(Scalar),
    /// One of these numbers.
    OneOf(Vec<Scalar>),
    /// This value and no other: text, a number or a boolean.
    Const(Value),
    /// Fewest items.
    MinItems(u64),
    /// Most items.
    MaxItems(u64),
    /// No item twice.
    UniqueItems,
}

impl Constraint {
    /// The keyword in JSON Schema, which is also the key in a spec.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::Format(_) => "format",
            Self::Pattern(_) => "pattern",
            Self::MinLength(_) => "minLength",
            Self::MaxLength(_) => "maxLength",
            Self::Minimum(_) => "minimum",
            Self::Maximum(_) => "maximum",
            Self::ExclusiveMinimum(_) => "exclusiveMinimum",
            Self::ExclusiveMaximum(_) => "exclusiveMaximum",
            Self::MultipleOf(_) => "multipleOf",
            Self::OneOf(_) => "enum",
            Self::Const(_) => "const",
            Self::MinItems(_) => "minItems",
            Self::MaxItems(_) => "maxItems",
            Self::UniqueItems => "uniqueItems",
        }
    }

    /// Whether a kind takes the constraint. `kind` is resolved: never a named type.
    #[must_use]
    pub fn applies_to(&self, kind: &Kind) -> bool {
        match self {
            Self::Format(_) | Self::Pattern(_) | Self::MinLength(_) | Self::MaxLength(_) => {
                matches!(kind, Kind::Text)
            }
            Self::Minimum(_)
            | Self::Maximum(_)
            | Self::ExclusiveMinimum(_)
            | Self::ExclusiveMaximum(_)
            | Self::MultipleOf(_)
            | Self::OneOf(_) => matches!(kind, Kind::Integer | Kind::Unsigned | Kind::Number),
            Self::Const(_) => {
                matches!(
                    kind,
                    Kind::Text | Kind::Integer | Kind::Unsigned | Kind::Number | Kind::Boolean
                )
            }
            Self::MinItems(_) | Self::MaxItems(_) | Self::UniqueItems => {
                matches!(kind, Kind::Array(_))
            }
        }
    }

    /// Writes its keyword into a schema.
    pub fn write(&self, schema: &mut Map<String, Value>) {
        let value = match self {
            Self::Format(format) => json!(format.name()),
            Self::Pattern(pattern) => json!(pattern),
            Self::MinLength(n) | Self::MaxLength(n) | Self::MinItems(n) | Self::MaxItems(n) => {
                json!(n)
            }
            Self::Minimum(bound)
            | Self::Maximum(bound)
            | Self::ExclusiveMinimum(bound)
            | Self::ExclusiveMaximum(bound)
            | Self::MultipleOf(bound) => bound.to_json(),
            Self::OneOf(values) => values.iter().map(|value| value.to_json()).collect(),
            Self::Const(value) => value.clone(),
            Self::UniqueItems => json!(true),
        };
        schema.insert(self.keyword().to_owned(), value);
    }

    /// Values on either side of the constraint: the last that it takes and the first that it
    /// refuses. `sample` is a value that the whole type takes; other constraints may still refuse
    /// what comes back, so callers check the first against the whole type.
    #[must_use]
    pub fn edge(&self, sample: &Value) -> (Option<Value>, Option<Value>) {
        match self {
            Self::Format(_) => (None, Some(json!("not in the format"))),
            Self::Pattern(pattern) => {
                let refused = ["", "!", "a", "0", "~ ~"].into_iter().find(|text| {
                    regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
                });
                (None, refused.map(Value::from))
            }
            Self::MinLength(n) => {
                (resize(sample, *n), n.checked_sub(1).and_then(|n| resize(sample, n)))
            }
            Self::MaxLength(n) => (resize(sample, *n), resize(sample, n + 1)),
            Self::Minimum(bound) => (Some(bound.to_json()), Some(bound.step(-1).to_json())),
            Self::Maximum(bound) => (Some(bound.to_json()), Some(bound.step(1).to_json())),
            Self::ExclusiveMinimum(bound) => (Some(bound.step(1).to_json()), Some(bound.to_json())),
            Self::ExclusiveMaximum(bound) => {
                (Some(bound.step(-1).to_json()), Some(bound.to_json()))
            }
            Self::MultipleOf(factor) => {
                let outside = match factor {
                    Scalar::Integer(1) => None,
                    Scalar::Integer(factor) => Some(json!(factor + 1)),
                    Scalar::Number(factor) => Some(json!(factor * 1.5)),
                };
                (Some(factor.to_json()), outside)
            }
            Self::OneOf(values) => {
                let last = values.last().copied();
                let above = values.iter().map(|v| v.as_f64()).fold(f64::MIN, f64::max);
                let outside = last.map(|value| match value {
                    #[expect(clippy::cast_possible_truncation, reason = "it came from an i64")]
                    Scalar::Integer(_) => json!((above as i64).saturating_add(1)),
                    Scalar::Number(_) => json!(above + 1.0),
                });
                (last.map(Scalar::to_json), outside)
            }
            Self::Const(value) => {
                let outside = match value {
                    Value::String(text) => json!(format!("{text}!")),
                    Value::Bool(value) => json!(!value),
                    Value::Number(number) => number
                        .as_i64()
                        .map_or_else(|| json!(0.5), |value| json!(value.wrapping_add(1))),
                    Value::Null | Value::Array(_) | Value::Object(_) => return (None, None),
                };
                (Some(value.clone()), Some(outside))
            }
            Self::MinItems(n) => {
                (repeat(sample, *n), n.checked_sub(1).and_then(|n| repeat(sample, n)))
            }
            Self::MaxItems(n) => (repeat(sample, *n), repeat(sample, n + 1)),
            Self::UniqueItems => {
                let twice = sample
                    .as_array()
                    .and_then(|items| items.first())
                    .map(|first| json!([first, first]));
                (None, twice)
            }
        }
    }
}

/// Longest text or list that an edge value is made of: a test is read by people.
const LONGEST: u64 = 100_000;

/// The sample made `n` characters long; an e-mail address keeps being one.
fn resize(sample: &Value, n: u64) -> Option<Value> {
    let text = sample.as_str().filter(|_| n <= LONGEST)?;
    let n = usize::try_from(n).ok()?;
    if let Some((_, domain)) = text.split_once('@') {
        return email(n, domain).map(Value::from);
    }
    let fill = text.chars().last().unwrap_or('a');
    Some(text.chars().chain(std::iter::repeat(fill)).take(n).collect::<String>().into())
}

/// An address of `n` characters whose labels keep to 63 and whose local part keeps to 64.
fn email(n: usize, domain: &str) -> Option<String> {
    let mut rest = n.checked_sub(domain.len() + 1).filter(|rest| *rest > 0)?;
    let local = rest.min(64);
    rest -= local;
    let mut labels = String::new();
    while rest > 0 {
        // A label takes its dot with it; a dot alone cannot stand.
        let take = if rest == 61 { 60 } else { rest.min(61) };
        if take < 2 {
            return None;
        }
        labels.push_str(&"a".repeat(take - 1));
        labels.push('.');
        rest -= take;
    }
    Some(format!("{}@{labels}{domain}", "a".repeat(local)))
}

/// The sample's first item `n` times.
fn repeat(sample: &Value, n: u64) -> Option<Value> {
    let n = usize::try_from(n).ok().filter(|n| *n as u64 <= LONGEST)?;
    let items = sample.as_array()?;
    if n == 0 {
        return Some(json!([]));
    }
    items.first().map(|first| Value::Array(vec![first.clone(); n]))
}
