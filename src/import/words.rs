//! Names of tools, params and results out of names of tables and columns.

use std::collections::BTreeSet;

use crate::ir::Ident;

/// The longest name, with room for what is put in front of it and behind.
const LONGEST: usize = 52;

/// Names that are taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    pub(super) fn with<'n>(taken: impl IntoIterator<Item = &'n str>) -> Self {
        Self(taken.into_iter().map(same).collect())
    }

    /// The name, or the name with the first number that is free.
    pub(super) fn unique(&mut self, name: &str) -> String {
        let numbered = (2..).map(|n| format!("{name}_{n}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| !self.0.contains(&same(name))).unwrap_or_default();
        self.0.insert(same(&free));
        free
    }

    pub(super) fn free(&self, name: &str) -> bool {
        !self.0.contains(&same(name))
    }

    pub(super) fn take(&mut self, name: &str) {
        self.0.insert(same(name));
    }
}

/// Names that differ in these alone become one in Rust: `user_id` and `userID`.
fn same(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// The lower-case words of a name: `InvoiceLine` is `invoice_line`. What has no letter that a name
/// may have is called after what it is.
pub(super) fn snake(name: &str, what: &str) -> String {
    match Ident::of_prose(name) {
        Ok(ident) => shortened(ident.snake()),
        Err(_) => what.to_owned(),
    }
}

/// A column's name as it is, where params and results can have it, else its words.
pub(super) fn wire(column: &str) -> String {
    let plain = column.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && column.len() <= LONGEST && Ident::new(column).is_ok() {
        column.to_owned()
    } else {
        snake(column, "column")
    }
}

fn shortened(name: &str) -> String {
    let short: String = name.chars().take(LONGEST).collect();
    short.trim_end_matches('_').to_owned()
}

/// Words that are one and many alike.
const ALIKE: &[&str] = &[
    "data",
    "equipment",
    "information",
    "media",
    "metadata",
    "news",
    "series",
    "species",
    "staff",
];

/// Words whose last letters follow no rule.
const IRREGULAR: &[(&str, &str)] =
    &[("child", "children"), ("cookie", "cookies"), ("movie", "movies"), ("person", "people")];

/// What one row of a table is called, and what many are: `films` are `film` and `films`.
pub(super) fn one_and_many(name: &str) -> (String, String) {
    let at = name.rfind('_').map_or(0, |at| at + 1);
    let (front, last) = name.split_at(at);
    if ALIKE.contains(&last) {
        return (name.to_owned(), name.to_owned());
    }
    let known = IRREGULAR.iter().find(|(one, many)| *one == last || *many == last);
    let (one, many) = match known {
        Some((one, many)) => ((*one).to_owned(), (*many).to_owned()),
        None => {
            let one = singular(last);
            let many = plural(&one);
            (one, many)
        }
    };
    (format!("{front}{one}"), format!("{front}{many}"))
}

fn singular(word: &str) -> String {
    let without = |ending: &str| word.strip_suffix(ending).filter(|rest| rest.len() > 1);
    if let Some(rest) = without("ies") {
        return format!("{rest}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "tuses", "buses"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    if ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    without("s").unwrap_or(word).to_owned()
}

fn plural(word: &str) -> String {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    if !word.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return word.to_owned();
    }
    match word.strip_suffix('y') {
        Some(rest) if !rest.is_empty() && !rest.ends_with(vowel) => return format!("{rest}ies"),
        _ => {}
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending));
    if hisses { format!("{word}es") } else { format!("{word}s") }
}

/// Words for people: `film_actor` is `film actor`.
pub(super) fn prose(name: &str) -> String {
    name.replace('_', " ")
}

/// A sentence's first letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a film`, `an actor`.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u'])
        && !word.starts_with("us")
        && !word.starts_with("uni")
    {
        "an"
    } else {
        "a"
    }
}
