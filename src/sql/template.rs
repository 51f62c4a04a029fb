//! A statement with its bindings and optional clauses taken apart.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::ir::Engine;

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

/// How placeholders are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The engine.
    pub engine: Engine,
    /// PostgreSQL's types of bindings, by dotted name, where a value travels as text and is cast
    /// by the server: `uuid`, `numeric`, `text[]`'s like.
    pub casts: BTreeMap<String, String>,
}

impl Style {
    /// An engine's placeholders without casts.
    #[must_use]
    pub fn of(engine: Engine) -> Self {
        Self { engine, casts: BTreeMap::new() }
    }

    /// A placeholder that stands for one value, or for a whole list.
    fn placeholder(&self, number: usize, name: &str) -> String {
        match self.engine {
            Engine::Sqlite => format!("?{number}"),
            Engine::Mysql => "?".to_owned(),
            Engine::Postgres => match self.casts.get(name) {
                None => format!("${number}"),
                Some(ty) if ty.ends_with("[]") => format!("${number}::text[]::{ty}"),
                Some(ty) => format!("${number}::text::{ty}"),
            },
        }
    }
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
    /// How many placeholders there are in this variant, which is what MySQL counts.
    pub count: usize,
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

    /// A part of the text that SQLite gives back, with `:name` for `?1`.
    #[must_use]
    pub fn in_author_words(&self, text: &str) -> String {
        let bindings = self.bindings.iter().enumerate().rev();
        bindings.fold(text.to_owned(), |text, (at, name)| {
            text.replace(&format!("?{}", at + 1), &format!(":{name}"))
        })
    }

    /// The place in the author's text behind a part of the rendered text that mcpgen did not write.
    #[must_use]
    pub fn author_range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.author_offset(range.start);
        start..start + range.len()
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

    /// A variant in an engine's words.
    #[must_use]
    pub fn render(&self, mask: u64, style: &Style) -> Rendered {
        self.written(mask, style, false)
    }

    /// A variant whose placeholders have numbers in every engine, SQLite's where the engine has
    /// none: to be read and not run.
    #[must_use]
    pub fn numbered(&self, mask: u64, style: &Style) -> Rendered {
        self.written(mask, style, true)
    }

    fn written(&self, mask: u64, style: &Style, numbered: bool) -> Rendered {
        let mut rendered = Rendered {
            sql: String::new(),
            bindings: self.names(),
            highest: 0,
            count: 0,
            origins: Vec::new(),
        };
        let mut clause = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Text { .. } | Piece::Bind(_) => write(piece, &mut rendered, style, numbered),
                Piece::Clause(inner) => {
                    if mask & (1 << clause) != 0 {
                        for piece in &inner.pieces {
                            write(piece, &mut rendered, style, numbered);
                        }
                    }
                    clause += 1;
                }
            }
        }
        rendered
    }

    /// The text in parts that are always there or belong to a clause. Neighbours that are always
    /// there are one part.
    #[must_use]
    pub fn parts(&self, style: &Style) -> Vec<Part> {
        let names = self.names();
        let mut parts: Vec<Part> = Vec::new();
        let mut lists = 0;
        let mut clause = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Text { .. } | Piece::Bind(_) => {
                    add_part(piece, None, &names, style, &mut parts, &mut lists);
                }
                Piece::Clause(inner) => {
                    // A clause begins a part, also behind another part of the same clause.
                    parts.push(Part::Text { clause: Some(clause), text: String::new() });
                    for piece in &inner.pieces {
                        add_part(piece, Some(clause), &names, style, &mut parts, &mut lists);
                    }
                    clause += 1;
                }
            }
        }
        parts.retain(|part| !matches!(part, Part::Text { text, .. } if text.is_empty()));
        parts
    }

    /// Every place that binds a value, in the order of the text, with the number of its clause.
    #[must_use]
    pub fn occurrences(&self) -> Vec<(&Binding, Option<usize>)> {
        let mut all = Vec::new();
        let mut clause = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Text { .. } => {}
                Piece::Bind(binding) => all.push((binding, None)),
                Piece::Clause(inner) => {
                    all.extend(inner.pieces.iter().filter_map(|piece| match piece {
                        Piece::Bind(binding) => Some((binding, Some(clause))),
                        Piece::Text { .. } | Piece::Clause(_) => None,
                    }));
                    clause += 1;
                }
            }
        }
        all
    }
}

/// A part of a statement's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text with its placeholders.
    Text {
        /// The clause that it belongs to; none where it is always there.
        clause: Option<u32>,
        /// The text.
        text: String,
    },
    /// The placeholders of a list, as many as it has values. Only MySQL has them.
    List {
        /// The clause that it belongs to; none where it is always there.
        clause: Option<u32>,
        /// Its number among the lists of the statement.
        number: u32,
    },
}

fn add_part(
    piece: &Piece,
    clause: Option<u32>,
    names: &[String],
    style: &Style,
    parts: &mut Vec<Part>,
    lists: &mut u32,
) {
    if let Piece::Bind(Binding { list: true, .. }) = piece
        && style.engine == Engine::Mysql
    {
        parts.push(Part::List { clause, number: *lists });
        *lists += 1;
        return;
    }
    if !matches!(parts.last(), Some(Part::Text { clause: last, .. }) if *last == clause) {
        parts.push(Part::Text { clause, text: String::new() });
    }
    let Some(Part::Text { text, .. }) = parts.last_mut() else { return };
    match piece {
        Piece::Text { text: more, .. } => text.push_str(more),
        Piece::Bind(binding) => {
            let name = binding.name();
            let number = names.iter().position(|known| *known == name).map_or(0, |at| at + 1);
            push_placeholder(text, binding, number, style);
        }
        // Clauses do not nest.
        Piece::Clause(_) => {}
    }
}

/// Writes a placeholder behind a text. A list in `IN (:ids)` takes the engine's own form.
fn push_placeholder(text: &mut String, binding: &Binding, number: usize, style: &Style) {
    static IN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\b(not\s+)?in\s*\(\s*$").expect("a pattern"));
    let placeholder = style.placeholder(number, &binding.name());
    match style.engine {
        // The list is bound as JSON.
        Engine::Sqlite if binding.list => {
            text.push_str(&format!("SELECT value FROM json_each({placeholder})"));
        }
        Engine::Postgres if binding.list => {
            if let Some(found) = IN.captures(text) {
                let operator = if found.get(1).is_some() { "<> ALL (" } else { "= ANY (" };
                let start = found.get(0).map_or(text.len(), |found| found.start());
                text.truncate(start);
                text.push_str(operator);
            }
            text.push_str(&placeholder);
        }
        Engine::Sqlite | Engine::Postgres | Engine::Mysql => text.push_str(&placeholder),
    }
}

fn write(piece: &Piece, rendered: &mut Rendered, style: &Style, numbered: bool) {
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
            rendered.count += 1;
            if numbered && style.engine == Engine::Mysql {
                let style = Style::of(Engine::Sqlite);
                push_placeholder(&mut rendered.sql, binding, number, &style);
            } else {
                push_placeholder(&mut rendered.sql, binding, number, style);
            }
        }
        // Clauses do not nest; the scanner refuses it.
        Piece::Clause(_) => {}
    }
}
