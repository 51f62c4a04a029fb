//! A name from a spec together with its forms in Rust.

/// A name as clients see it, and as Rust takes it.
///
/// The forms are valid Rust identifiers; keywords get a trailing underscore.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident {
    wire: String,
    snake: String,
    pascal: String,
}

/// Why a name cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentProblem {
    /// It holds no letter.
    NoLetter,
    /// It starts with a digit, or holds a character that is not allowed.
    Character(char),
    /// Its type's name would hide one that generated code needs.
    Reserved,
}

/// Strict and reserved keywords of Rust 2024, and the words that cannot be raw.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that generated code uses bare, with the modules that it imports them from. No type of a
/// spec may have one ([`Ident::as_type`]).
pub const BARE_NAMES: &[(&str, &str)] = &[
    ("Arc", "std::sync"),
    ("CallToolResult", "rmcp::model"),
    ("ContentBlock", "rmcp::model"),
    ("Duration", "std::time"),
    ("Failure", "crate::runtime::failure"),
    ("GetPromptResult", "rmcp::model"),
    ("LazyLock", "std::sync"),
    ("PromptMessage", "rmcp::model"),
    ("ReadResourceResult", "rmcp::model"),
    ("Regex", "regex"),
    ("ResourceContents", "rmcp::model"),
    ("Row", "crate::runtime::database"),
    ("Serialize", "serde"),
    ("Shared", "crate::server"),
];

/// Type names that generated code uses without an import.
const TYPE_NAMES: &[&str] = &[
    "Box",
    "Default",
    "Err",
    "None",
    "Ok",
    "Option",
    "Output",
    "Pages",
    "Params",
    "Result",
    "Some",
    "String",
    "Variables",
    "Vec",
];

impl Ident {
    /// Makes the forms of a name of letters, digits, `_`, `-` and `.`.
    ///
    /// # Errors
    /// The first thing that is wrong with the name.
    pub fn new(wire: &str) -> Result<Self, IdentProblem> {
        if let Some(bad) =
            wire.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        {
            return Err(IdentProblem::Character(bad));
        }
        if let Some(first) = wire.chars().next().filter(char::is_ascii_digit) {
            return Err(IdentProblem::Character(first));
        }
        if !wire.chars().any(|c| c.is_ascii_alphabetic()) {
            return Err(IdentProblem::NoLetter);
        }
        Ok(Self::of_words(wire, &words(wire)))
    }

    /// Makes a name out of any text, for things whose name is prose: test cases, enum values.
    ///
    /// # Errors
    /// [`IdentProblem::NoLetter`] when the text holds no ASCII letter or digit.
    pub fn of_prose(text: &str) -> Result<Self, IdentProblem> {
        let mut words = words(text);
        if words.is_empty() {
            return Err(IdentProblem::NoLetter);
        }
        if words[0].starts_with(|c: char| c.is_ascii_digit()) {
            words.insert(0, "n".to_owned());
        }
        Ok(Self::of_words(text, &words))
    }

    /// The same name, refused where its type's name would hide one that generated code needs.
    ///
    /// # Errors
    /// [`IdentProblem::Reserved`].
    pub fn as_type(self) -> Result<Self, IdentProblem> {
        let bare = BARE_NAMES.iter().map(|(name, _)| name);
        let reserved = TYPE_NAMES.iter().chain(bare).any(|name| *name == self.pascal);
        if reserved { Err(IdentProblem::Reserved) } else { Ok(self) }
    }

    /// The name as clients see it.
    #[must_use]
    pub fn wire(&self) -> &str {
        &self.wire
    }

    /// `query_users`: for modules, functions, fields and variables.
    #[must_use]
    pub fn snake(&self) -> &str {
        &self.snake
    }

    /// `QueryUsers`: for types and variants.
    #[must_use]
    pub fn pascal(&self) -> &str {
        &self.pascal
    }

    /// `QUERY_USERS`: for constants.
    #[must_use]
    pub fn shouting(&self) -> String {
        self.snake.trim_end_matches('_').to_ascii_uppercase()
    }

    /// The same name on the wire, with a type name that says where it belongs:
    /// `FiltersRole` for `role` under `filters`.
    #[must_use]
    pub fn under(&self, parent: &Self) -> Self {
        Self { pascal: format!("{}{}", parent.pascal, self.pascal), ..self.clone() }
    }

    /// A name for text that has no letter or digit of its own: `Value3`.
    #[must_use]
    pub fn of_nothing(wire: &str, n: usize) -> Self {
        Self { wire: wire.to_owned(), snake: format!("value_{n}"), pascal: format!("Value{n}") }
    }

    /// The value of `sort` that sorts by this column downwards: `-created_at`, `CreatedAtDescending`.
    #[must_use]
    pub fn descending(&self) -> Self {
        Self {
            wire: format!("-{}", self.wire),
            snake: format!("{}_descending", self.snake.trim_end_matches('_')),
            pascal: format!("{}Descending", self.pascal.trim_end_matches('_')),
        }
    }

    /// The same name on the wire, with a number behind its Rust forms.
    #[must_use]
    pub fn numbered(&self, n: usize) -> Self {
        let snake = format!("{}_{n}", self.snake.trim_end_matches('_'));
        let pascal = format!("{}{n}", self.pascal.trim_end_matches('_'));
        Self { wire: self.wire.clone(), snake, pascal }
    }

    fn of_words(wire: &str, words: &[String]) -> Self {
        let mut snake = words.join("_");
        if KEYWORDS.contains(&snake.as_str()) {
            snake.push('_');
        }
        let mut pascal: String = words
            .iter()
            .map(|word| {
                let (first, rest) = word.split_at(1);
                first.to_ascii_uppercase() + rest
            })
            .collect();
        // The one keyword that has the form of a type's name.
        if pascal == "Self" {
            pascal.push('_');
        }
        Self { wire: wire.to_owned(), snake, pascal }
    }
}

/// Lower-case words of a name: `userID2` → `user`, `id2`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    let characters: Vec<char> = text.chars().collect();
    for (at, &c) in characters.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            previous = ' ';
            continue;
        }
        let next_is_lower = characters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let starts = !previous.is_ascii_alphanumeric()
            || (c.is_ascii_uppercase() && (!previous.is_ascii_uppercase() || next_is_lower));
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (wire, snake, pascal) in [
            ("query_users", "query_users", "QueryUsers"),
            ("userID", "user_id", "UserId"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("a.b-c", "a_b_c", "ABC"),
            ("type", "type_", "Type"),
            ("_x", "x", "X"),
            ("n2", "n2", "N2"),
        ] {
            let ident = Ident::new(wire).expect(wire);
            assert_eq!((ident.snake(), ident.pascal()), (snake, pascal), "{wire}");
        }
    }

    #[test]
    fn refusals() {
        assert_eq!(Ident::new("2nd"), Err(IdentProblem::Character('2')));
        assert_eq!(Ident::new("a b"), Err(IdentProblem::Character(' ')));
        assert_eq!(Ident::new("naïve"), Err(IdentProblem::Character('ï')));
        assert_eq!(Ident::new("_"), Err(IdentProblem::NoLetter));
        assert_eq!(Ident::new("option").and_then(Ident::as_type), Err(IdentProblem::Reserved));
    }

    #[test]
    fn prose() {
        let ident = Ident::of_prose("Refuses 2 users: \"ada\"").expect("has letters");
        assert_eq!(ident.snake(), "refuses_2_users_ada");
        assert_eq!(Ident::of_prose("42").expect("has digits").pascal(), "N42");
        assert_eq!(Ident::of_prose("→"), Err(IdentProblem::NoLetter));
    }
}
