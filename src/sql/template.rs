//! A statement with its bindings and optional clauses taken apart.

use std::ops::Range;

/// A statement as its author wrote it, in pieces.
///
/// Joined, the pieces give the author's text back with each binding replaced
/// by the engine's placeholder: nothing else in the text is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Text, bindings and optional clauses in order. Clauses do not nest.
    pub pieces: Vec<Piece>,
}

/// A part of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that is sent as it stands. `at` is its range in the author's text.
    Text {
        /// The text.
        text: String,
        /// Byte range in the author's text; empty for text that mcpgen added.
        at: Range<usize>,
    },
    /// A bound value.
    Bind(Binding),
    /// An optional clause, `[[ … ]]`.
    Clause(Clause),
}

/// A bound value: `:limit`, `:filters.role`, `:giver.id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The name in parts: `["filters", "role"]`.
    pub path: Vec<String>,
    /// Whether it stands for a list: `IN (:ids)`. The parentheses belong to the
    /// text pieces around it; the expansion replaces the placeholder alone.
    pub list: bool,
    /// Byte range in the author's text, with the colon.
    pub at: Range<usize>,
}

impl Binding {
    /// The dotted name: `filters.role`.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }
}

/// An optional clause: there when each of its params was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Text and bindings, at least one binding.
    pub pieces: Vec<Piece>,
    /// Byte range in the author's text, with the brackets.
    pub at: Range<usize>,
}

/// One variant of a statement in an engine's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub sql: String,
    /// Dotted names by placeholder, of all variants: the first is `?1`. A name that stands twice
    /// has one number, and a name has the same number in every variant.
    pub bindings: Vec<String>,
    /// The highest number in this variant, which is what SQLite counts as its parameters.
    pub highest: usize,
    /// Starts of the rendered pieces, with where they come from in the author's text.
    origins: Vec<(usize, Range<usize>)>,
}

impl Rendered {
    /// The place in the author's text behind a byte of the rendered text; text that mcpgen added
    /// gives the nearest place before it.
    #[must_use]
    pub fn author_offset(&self, offset: usize) -> usize {
        let mut last = 0;
        for (start, origin) in &self.origins {
            if *start > offset {
                break;
            }
            last = if origin.is_empty() {
                last
            } else {
                (origin.start + (offset - start)).min(origin.end)
            };
        }
        last
    }
}

/// Clauses up to which every combination is checked; beyond it none, each, each pair and all.
const ALL_COMBINATIONS: usize = 6;

impl Template {
    /// How many optional clauses there are.
    #[must_use]
    pub fn clauses(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Clause(_))).count()
    }

    /// Dotted names of what is bound, each once, in the order of the text.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut add = |piece: &Piece| {
            if let Piece::Bind(binding) = piece
                && !names.contains(&binding.name())
            {
                names.push(binding.name());
            }
        };
        for piece in &self.pieces {
            match piece {
                Piece::Text { .. } | Piece::Bind(_) => add(piece),
                Piece::Clause(clause) => clause.pieces.iter().for_each(&mut add),
            }
        }
        names
    }

    /// The variants that are checked against the schema: bit n says that clause n is there.
    #[must_use]
    pub fn masks(&self) -> Vec<u64> {
        let clauses = self.clauses();
        if clauses <= ALL_COMBINATIONS {
            return (0..1_u64 << clauses).collect();
        }
        let all = (1_u64 << clauses) - 1;
        let alone = (0..clauses).map(|n| 1 << n);
        let pairs = (0..clauses).flat_map(|a| (a + 1..clauses).map(move |b| 1 << a | 1 << b));
        std::iter::once(0).chain(alone).chain(pairs).chain(std::iter::once(all)).collect()
    }

    /// The variant with every clause.
    #[must_use]
    pub fn full(&self) -> u64 {
        (1_u64 << self.clauses()) - 1
    }

    /// A variant in SQLite's words: placeholders are `?1`, `?2`, and a list is spread by
    /// `json_each`.
    #[must_use]
    pub fn render(&self, mask: u64) -> Rendered {
        let mut rendered = Rendered {
            sql: String::new(),
            bindings: self.names(),
            highest: 0,
            origins: Vec::new(),
        };
        let mut clause = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Text { .. } | Piece::Bind(_) => write(piece, &mut rendered),
                Piece::Clause(inner) => {
                    if mask & (1 << clause) != 0 {
                        inner.pieces.iter().for_each(|piece| write(piece, &mut rendered));
                    }
                    clause += 1;
                }
            }
        }
        rendered
    }
}

/// A placeholder in SQLite's words. A list is bound as JSON and spread by `json_each`.
#[must_use]
pub fn placeholder(number: usize, list: bool) -> String {
    if list { format!("SELECT value FROM json_each(?{number})") } else { format!("?{number}") }
}

fn write(piece: &Piece, rendered: &mut Rendered) {
    let start = rendered.sql.len();
    match piece {
        Piece::Text { text, at } => {
            rendered.origins.push((start, at.clone()));
            rendered.sql.push_str(text);
        }
        Piece::Bind(binding) => {
            rendered.origins.push((start, binding.at.clone()));
            let name = binding.name();
            let known = rendered.bindings.iter().position(|other| *other == name);
            let number = known.map_or(0, |index| index + 1);
            rendered.highest = rendered.highest.max(number);
            rendered.sql.push_str(&placeholder(number, binding.list));
        }
        // Clauses do not nest; the scanner refuses it.
        Piece::Clause(_) => {}
    }
}
