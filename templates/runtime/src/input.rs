//! Reading arguments: one answer names a problem of each param that has one.
//!
//! Models send `"5"` for 5 and a JSON string for an object. What converts
//! without loss is taken, the rest is refused with the param's name, what came
//! and what was expected:
//!
//! | expected | taken as well |
//! |---|---|
//! | integer | `5.0`, `"5"` |
//! | number | `"1.5"` |
//! | boolean | `"true"`, `"false"` |
//! | string | a whole number: its digits |
//! | one of an enum's strings | the same in other case |
//! | array, object | a string that holds its JSON |
//!
//! Space around a value in a string is passed over, except in text itself.

#[cfg(any(feature = "checks", feature = "number-checks"))]
use std::fmt::Display;

use serde_json::{Map, Value};

use super::failure::{Failure, Kind};

/// Arguments as they come: names and values.
pub type Arguments = Map<String, Value>;

/// One thing that is wrong with the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(String);

/// What is wrong with the arguments; at least one thing.
pub type Problems = Vec<Problem>;

/// A value that was read, or what is wrong with it.
pub type Read<T> = Result<T, Problems>;

/// Most problems that one answer names.
const MOST: usize = 20;

/// Problems as a client sees them.
pub fn refuse(problems: Problems) -> Failure {
    let more = problems.len().saturating_sub(MOST);
    let mut sentences: Vec<String> =
        problems.into_iter().take(MOST).map(|problem| problem.0).collect();
    if more > 0 {
        sentences.push(format!("There are {more} more problems."));
    }
    Failure::new(Kind::InvalidArguments, sentences.join(" "))
}

/// What to do with what is not declared.
#[cfg(any(feature = "ignore-unknown", feature = "refuse-unknown"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Refuse it by name.
    #[cfg(feature = "refuse-unknown")]
    Refuse,
    /// Drop it.
    #[cfg(feature = "ignore-unknown")]
    Ignore,
}

/// The members of an object while they are read.
#[cfg(any(feature = "ignore-unknown", feature = "refuse-unknown"))]
pub struct Fields {
    path: String,
    object: Arguments,
    unknown: Unknown,
    #[cfg(feature = "refuse-unknown")]
    known: Vec<&'static str>,
    problems: Problems,
}

#[cfg(any(feature = "ignore-unknown", feature = "refuse-unknown"))]
impl Fields {
    /// The arguments of a call.
    pub fn of(arguments: Arguments, unknown: Unknown) -> Self {
        Self {
            path: String::new(),
            object: arguments,
            unknown,
            #[cfg(feature = "refuse-unknown")]
            known: Vec::new(),
            problems: Vec::new(),
        }
    }

    #[cfg(feature = "members")]
    fn take(&mut self, name: &'static str) -> Option<Value> {
        #[cfg(feature = "refuse-unknown")]
        self.known.push(name);
        self.object.remove(name)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    #[cfg(feature = "members")]
    fn read<T>(
        &mut self,
        name: &'static str,
        value: Value,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<T> {
        let path = self.path_of(name);
        match read(Input { path, value }) {
            Ok(value) => Some(value),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// A member that must be there.
    #[cfg(feature = "required")]
    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<T> {
        match self.take(name) {
            None | Some(Value::Null) => {
                let path = self.path_of(name);
                self.problems.push(Problem(format!("`{path}` is required.")));
                None
            }
            Some(value) => self.read(name, value, read),
        }
    }

    /// A member that may be absent; null counts as absent.
    #[cfg(feature = "optional")]
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<Option<T>> {
        match self.take(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => self.read(name, value, read).map(Some),
        }
    }

    /// A member with a value for when it is absent; null counts as absent.
    #[cfg(feature = "default-value")]
    pub fn or<T>(
        &mut self,
        name: &'static str,
        default: Value,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<T> {
        let value = self.take(name).filter(|value| !value.is_null()).unwrap_or(default);
        self.read(name, value, read)
    }

    /// A member with a value for when it is absent, which may be null.
    #[cfg(feature = "nullable-default")]
    pub fn nullable_or<T>(
        &mut self,
        name: &'static str,
        default: Value,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<Option<T>> {
        match self.take(name).unwrap_or(default) {
            Value::Null => Some(None),
            value => self.read(name, value, read).map(Some),
        }
    }

    /// A member that must be there and may be null.
    #[cfg(feature = "required-nullable")]
    pub fn required_nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<Option<T>> {
        match self.take(name) {
            None => {
                let path = self.path_of(name);
                self.problems.push(Problem(format!("`{path}` is required; it may be null.")));
                None
            }
            Some(Value::Null) => Some(None),
            Some(value) => self.read(name, value, read).map(Some),
        }
    }

    /// A member that may be absent, or null, which is not the same.
    #[cfg(feature = "optional-nullable")]
    pub fn optional_nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<Option<Option<T>>> {
        match self.take(name) {
            None => Some(None),
            Some(Value::Null) => Some(Some(None)),
            Some(value) => self.read(name, value, read).map(|value| Some(Some(value))),
        }
    }

    /// Adds a problem of several members together.
    #[cfg(feature = "require")]
    fn problem(&mut self, message: String) {
        self.problems.push(Problem(message));
    }

    /// Exactly one of the members is given. `given` says which of them are.
    #[cfg(feature = "require-one-of")]
    pub fn one_of(&mut self, names: &[&str], given: &[bool]) {
        let count = given.iter().filter(|given| **given).count();
        if count != 1 {
            self.problem(format!("Give exactly one of {}; {count} were given.", list(names)));
        }
    }

    /// At least one of the members is given.
    #[cfg(feature = "require-any-of")]
    pub fn any_of(&mut self, names: &[&str], given: &[bool]) {
        if !given.contains(&true) {
            self.problem(format!("Give at least one of {}.", list(names)));
        }
    }

    /// All of the members are given, or none.
    #[cfg(feature = "require-all-or-none")]
    pub fn all_or_none(&mut self, names: &[&str], given: &[bool]) {
        if given.contains(&true) && given.contains(&false) {
            self.problem(format!("Give all of {}, or none of them.", list(names)));
        }
    }

    /// None or one of the members is given.
    #[cfg(feature = "require-at-most-one")]
    pub fn at_most_one(&mut self, names: &[&str], given: &[bool]) {
        let count = given.iter().filter(|given| **given).count();
        if count > 1 {
            self.problem(format!("Give at most one of {}; {count} were given.", list(names)));
        }
    }

    /// What was read, unless something is wrong.
    pub fn finish<T>(mut self, make: impl FnOnce() -> Option<T>) -> Read<T> {
        match self.unknown {
            #[cfg(feature = "refuse-unknown")]
            Unknown::Refuse => {
                let names = std::mem::take(&mut self.object);
                let known = if self.known.is_empty() {
                    "it takes no arguments".to_owned()
                } else {
                    format!("known are {}", list(&self.known))
                };
                for (at, (name, _)) in names.into_iter().enumerate() {
                    let path = self.path_of(&shorten(&name));
                    let known = if at == 0 { format!("; {known}") } else { String::new() };
                    self.problems.push(Problem(format!("`{path}` is not known{known}.")));
                }
            }
            #[cfg(feature = "ignore-unknown")]
            Unknown::Ignore => self.object.clear(),
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        make().ok_or_else(|| vec![Problem("The arguments cannot be read.".to_owned())])
    }
}

/// One value, with the way to it.
#[cfg(feature = "given")]
pub struct Input {
    path: String,
    value: Value,
}

/// A value that is read and being checked.
pub struct Checked<T> {
    /// The way to the value, as messages name it: `filters.ids[2]`.
    pub path: String,
    /// The value.
    pub value: T,
}

#[cfg(feature = "given")]
impl Input {
    /// A value of this name.
    #[cfg(feature = "claims")]
    pub(super) fn of(name: &str, value: Value) -> Self {
        Self { path: name.to_owned(), value }
    }

    #[cfg(feature = "typed")]
    fn expected<T>(&self, what: &str) -> Read<T> {
        Err(vec![Problem(format!("`{}` must be {what}, not {}.", self.path, shown(&self.value)))])
    }

    #[cfg(feature = "typed")]
    fn checked<T>(self, value: T) -> Read<Checked<T>> {
        Ok(Checked { path: self.path, value })
    }

    /// A value that no message shows: what is wrong with it is said by the whole of its rule.
    #[cfg(feature = "sensitive")]
    pub fn sensitive<T>(self, rule: &str, read: impl FnOnce(Self) -> Read<T>) -> Read<T> {
        let path = self.path.clone();
        read(self).map_err(|_| vec![Problem(format!("`{path}` must be {rule}."))])
    }

    /// An object with something sensitive in it: what is none may be the value that belongs there.
    #[cfg(feature = "sensitive-within")]
    pub fn sensitive_within<T>(self, rule: &str, read: impl FnOnce(Self) -> Read<T>) -> Read<T> {
        match unwrapped(&self.value) {
            Value::Object(_) => read(self),
            _ => Err(vec![Problem(format!("`{}` must be {rule}.", self.path))]),
        }
    }

    /// Text.
    #[cfg(feature = "text")]
    pub fn text(self) -> Read<Checked<String>> {
        match &self.value {
            // SQLite's functions stop at a NUL character.
            Value::String(text) if text.contains('\0') => self.expected("a string without NUL"),
            Value::String(text) => {
                let text = text.clone();
                self.checked(text)
            }
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                let digits = number.to_string();
                self.checked(digits)
            }
            _ => self.expected("a string"),
        }
    }

    /// A whole number of 64 bits.
    #[cfg(feature = "integer")]
    pub fn integer(self) -> Read<Checked<i64>> {
        let whole = match &self.value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match whole {
            Some(value) => self.checked(value),
            None => self.expected("an integer"),
        }
    }

    /// A whole number of 64 bits without a sign.
    #[cfg(feature = "unsigned")]
    pub fn unsigned(self) -> Read<Checked<u64>> {
        let whole = match &self.value {
            Value::Number(number) => number.as_u64().or_else(|| {
                let float = number.as_f64().and_then(whole)?;
                u64::try_from(float).ok()
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match whole {
            Some(value) => self.checked(value),
            None => self.expected("an integer that is not negative"),
        }
    }

    /// A finite number.
    #[cfg(feature = "number")]
    pub fn number(self) -> Read<Checked<f64>> {
        let number = match &self.value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number.filter(|number: &f64| number.is_finite()) {
            Some(value) => self.checked(value),
            None => self.expected("a number"),
        }
    }

    /// True or false.
    #[cfg(feature = "boolean")]
    pub fn boolean(self) -> Read<Checked<bool>> {
        let value = match &self.value {
            Value::Bool(value) => Some(*value),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match value {
            Some(value) => self.checked(value),
            None => self.expected("true or false"),
        }
    }

    /// Text in a format that has a type of its own. `parse` says what the text means.
    #[cfg(feature = "parsed")]
    pub fn parsed<T>(self, what: &str, parse: impl FnOnce(&str) -> Option<T>) -> Read<Checked<T>> {
        match self.value.as_str().and_then(|text| parse(text.trim())) {
            Some(value) => self.checked(value),
            None => self.expected(what),
        }
    }

    /// One of a few strings.
    #[cfg(feature = "choice")]
    pub fn choice<T: Copy>(self, values: &[(&str, T)]) -> Read<Checked<T>> {
        let text = self.value.as_str().map(str::trim);
        let found = text.and_then(|text| {
            let exact = values.iter().find(|(name, _)| *name == text);
            exact.or_else(|| values.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)))
        });
        match found {
            Some((_, value)) => {
                let value = *value;
                self.checked(value)
            }
            None => {
                let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
                self.expected(&format!("one of {}", list(&names)))
            }
        }
    }

    /// A list, each item read by `read`.
    #[cfg(feature = "array")]
    pub fn array<T>(self, read: impl Fn(Input) -> Read<T>) -> Read<Checked<Vec<T>>> {
        let Value::Array(items) = unwrapped(&self.value) else { return self.expected("a list") };
        let mut values = Vec::with_capacity(items.len());
        let mut problems = Vec::new();
        for (index, value) in items.into_iter().enumerate() {
            match read(Input { path: format!("{}[{index}]", self.path), value }) {
                Ok(value) => values.push(value),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() { self.checked(values) } else { Err(problems) }
    }

    /// An object, its members read by `read`.
    #[cfg(feature = "object")]
    pub fn object<T>(
        self,
        unknown: Unknown,
        read: impl FnOnce(Fields) -> Read<T>,
    ) -> Read<Checked<T>> {
        let Value::Object(object) = unwrapped(&self.value) else {
            return self.expected("an object");
        };
        let fields = Fields { path: self.path.clone(), ..Fields::of(object, unknown) };
        let value = read(fields)?;
        self.checked(value)
    }
}

#[cfg(feature = "checks")]
impl<T> Checked<T> {
    fn must(self, holds: bool, rule: impl Display) -> Read<Self> {
        if holds { Ok(self) } else { Err(vec![Problem(format!("`{}` must {rule}.", self.path))]) }
    }
}

#[cfg(feature = "text-checks")]
impl Checked<String> {
    /// Fewest characters.
    #[cfg(feature = "min-length")]
    pub fn min_length(self, least: usize) -> Read<Self> {
        let length = self.value.chars().count();
        self.must(length >= least, format_args!("have at least {least} characters, not {length}"))
    }

    /// Most characters.
    #[cfg(feature = "max-length")]
    pub fn max_length(self, most: usize) -> Read<Self> {
        let length = self.value.chars().count();
        self.must(length <= most, format_args!("have at most {most} characters, not {length}"))
    }

    /// A regular expression is found in the text.
    #[cfg(feature = "pattern")]
    pub fn pattern(self, pattern: &regex::Regex) -> Read<Self> {
        let holds = pattern.is_match(&self.value);
        self.must(holds, format_args!("match the pattern {}", pattern.as_str()))
    }

    /// The text has a format.
    #[cfg(feature = "text-format")]
    pub fn format(self, what: &str, holds: fn(&str) -> bool) -> Read<Self> {
        let holds = holds(&self.value);
        self.must(holds, format_args!("be {what}"))
    }
}

#[cfg(feature = "number-checks")]
impl<T: PartialOrd + Copy + Display> Checked<T> {
    /// Least value.
    #[cfg(feature = "minimum")]
    pub fn minimum(self, least: T) -> Read<Self> {
        let value = self.value;
        self.must(value >= least, format_args!("be at least {least}, not {value}"))
    }

    /// Greatest value.
    #[cfg(feature = "maximum")]
    pub fn maximum(self, greatest: T) -> Read<Self> {
        let value = self.value;
        self.must(value <= greatest, format_args!("be at most {greatest}, not {value}"))
    }

    /// The value is greater.
    #[cfg(feature = "exclusive-minimum")]
    pub fn exclusive_minimum(self, bound: T) -> Read<Self> {
        let value = self.value;
        self.must(value > bound, format_args!("be greater than {bound}, not {value}"))
    }

    /// The value is less.
    #[cfg(feature = "exclusive-maximum")]
    pub fn exclusive_maximum(self, bound: T) -> Read<Self> {
        let value = self.value;
        self.must(value < bound, format_args!("be less than {bound}, not {value}"))
    }

    /// One of a few numbers.
    #[cfg(feature = "one-of")]
    pub fn one_of(self, values: &[T]) -> Read<Self> {
        let names: Vec<String> = values.iter().map(ToString::to_string).collect();
        let holds = values.contains(&self.value);
        self.must(holds, format_args!("be one of {}", names.join(", ")))
    }

    /// Pulls a lesser value up.
    #[cfg(feature = "clamp-minimum")]
    pub fn clamp_minimum(mut self, least: T) -> Self {
        if self.value < least {
            self.value = least;
        }
        self
    }

    /// Pulls a greater value down.
    #[cfg(feature = "clamp-maximum")]
    pub fn clamp_maximum(mut self, greatest: T) -> Self {
        if self.value > greatest {
            self.value = greatest;
        }
        self
    }
}

#[cfg(feature = "multiple-of-integer")]
impl Checked<i64> {
    /// The value is a multiple.
    pub fn multiple_of(self, factor: i64) -> Read<Self> {
        let value = self.value;
        self.must(value % factor == 0, format_args!("be a multiple of {factor}, not {value}"))
    }
}

#[cfg(feature = "multiple-of-number")]
impl Checked<f64> {
    /// The value is a multiple, as far as floating point tells.
    pub fn multiple_of_number(self, factor: f64) -> Read<Self> {
        let value = self.value;
        let quotient = value / factor;
        // What the division itself rounds, and no more.
        let holds =
            (quotient - quotient.round()).abs() <= 4.0 * f64::EPSILON * quotient.abs().max(1.0);
        self.must(holds, format_args!("be a multiple of {factor}, not {value}"))
    }
}

#[cfg(feature = "const")]
impl<T> Checked<T> {
    /// This value and no other.
    pub fn constant<U: Display + ?Sized>(self, value: &U) -> Read<Self>
    where
        T: PartialEq<U>,
    {
        let holds = self.value == *value;
        self.must(holds, format_args!("be {value}"))
    }
}

#[cfg(feature = "array-checks")]
impl<T> Checked<Vec<T>> {
    /// Fewest items.
    #[cfg(feature = "min-items")]
    pub fn min_items(self, least: usize) -> Read<Self> {
        let length = self.value.len();
        self.must(length >= least, format_args!("have at least {least} items, not {length}"))
    }

    /// Most items.
    #[cfg(feature = "max-items")]
    pub fn max_items(self, most: usize) -> Read<Self> {
        let length = self.value.len();
        self.must(length <= most, format_args!("have at most {most} items, not {length}"))
    }

    /// No item twice.
    #[cfg(feature = "unique-items")]
    pub fn unique_items(self) -> Read<Self>
    where
        T: PartialEq,
    {
        let twice = (1..self.value.len()).any(|n| self.value[..n].contains(&self.value[n]));
        self.must(!twice, "not have an item twice")
    }
}

/// A float without a fraction, as the integer that it is.
#[cfg(any(feature = "integer", feature = "unsigned"))]
fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a float stands for several integers.
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and fits")]
    exact.then_some(number as i64)
}

/// The value, or the JSON that a string holds.
#[cfg(feature = "nested")]
fn unwrapped(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        other => other.clone(),
    }
}

/// "`a`, `b` and `c`".
#[cfg(feature = "lists")]
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// What came, in a few words: never a long value.
#[cfg(feature = "typed")]
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("\"{}\"", shorten(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The first characters of a text.
#[cfg(feature = "shown")]
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.chars().take(LONGEST).filter(|c| !c.is_control()).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
