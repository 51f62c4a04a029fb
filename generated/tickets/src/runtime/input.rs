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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Refuse it by name.
    Refuse,
}

/// The members of an object while they are read.
pub struct Fields {
    path: String,
    object: Arguments,
    unknown: Unknown,
    known: Vec<&'static str>,
    problems: Problems,
}

impl Fields {
    /// The arguments of a call.
    pub fn of(arguments: Arguments, unknown: Unknown) -> Self {
        Self {
            path: String::new(),
            object: arguments,
            unknown,
            known: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.object.remove(name)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

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
    pub fn or<T>(
        &mut self,
        name: &'static str,
        default: Value,
        read: impl FnOnce(Input) -> Read<T>,
    ) -> Option<T> {
        let value = self.take(name).filter(|value| !value.is_null()).unwrap_or(default);
        self.read(name, value, read)
    }

    /// What was read, unless something is wrong.
    pub fn finish<T>(mut self, make: impl FnOnce() -> Option<T>) -> Read<T> {
        match self.unknown {
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
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        make().ok_or_else(|| vec![Problem("The arguments cannot be read.".to_owned())])
    }
}

/// One value, with the way to it.
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

impl Input {
    /// A value of this name.
    pub(super) fn of(name: &str, value: Value) -> Self {
        Self { path: name.to_owned(), value }
    }

    fn expected<T>(&self, what: &str) -> Read<T> {
        Err(vec![Problem(format!("`{}` must be {what}, not {}.", self.path, shown(&self.value)))])
    }

    fn checked<T>(self, value: T) -> Read<Checked<T>> {
        Ok(Checked { path: self.path, value })
    }

    /// Text.
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

    /// One of a few strings.
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
}

impl<T> Checked<T> {
    fn must(self, holds: bool, rule: impl Display) -> Read<Self> {
        if holds { Ok(self) } else { Err(vec![Problem(format!("`{}` must {rule}.", self.path))]) }
    }
}

impl Checked<String> {
    /// Fewest characters.
    pub fn min_length(self, least: usize) -> Read<Self> {
        let length = self.value.chars().count();
        self.must(length >= least, format_args!("have at least {least} characters, not {length}"))
    }

    /// Most characters.
    pub fn max_length(self, most: usize) -> Read<Self> {
        let length = self.value.chars().count();
        self.must(length <= most, format_args!("have at most {most} characters, not {length}"))
    }
}

impl<T: PartialOrd + Copy + Display> Checked<T> {
    /// Least value.
    pub fn minimum(self, least: T) -> Read<Self> {
        let value = self.value;
        self.must(value >= least, format_args!("be at least {least}, not {value}"))
    }

    /// Greatest value.
    pub fn maximum(self, greatest: T) -> Read<Self> {
        let value = self.value;
        self.must(value <= greatest, format_args!("be at most {greatest}, not {value}"))
    }
}

/// A float without a fraction, as the integer that it is.
fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a float stands for several integers.
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and fits")]
    exact.then_some(number as i64)
}

/// "`a`, `b` and `c`".
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// What came, in a few words: never a long value.
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
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.chars().take(LONGEST).filter(|c| !c.is_control()).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
