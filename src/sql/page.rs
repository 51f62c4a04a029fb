//! `sort` and `page` wrap a statement; neither touches its text.
//!
//! Keyset pagination in the form `a <= x AND (a < x OR id < y)`: of the forms
//! that were measured it is the only one that is fast on every engine. First
//! and next pages are separate statements, so that each gets a plan of its own.

use crate::ir::Engine;

use super::{Binding, Piece, Template};

/// A statement in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortForm {
    /// The value of `sort`: `created_at` or `-created_at`.
    pub choice: String,
    /// The statement.
    pub template: Template,
}

/// A statement page by page, in every order that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageForms {
    /// One for each value of `sort`, or a single one.
    pub orders: Vec<PageForm>,
}

/// A statement page by page in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageForm {
    /// The value of `sort`; none without `sort`.
    pub choice: Option<String>,
    /// The first page. Binds `$limit`.
    pub first: Template,
    /// A page after a cursor. Binds `$limit` and `$cursor.COLUMN`.
    pub next: Template,
    /// The columns of the cursor: the sort column and the keys.
    pub columns: Vec<String>,
}

impl PageForms {
    /// Every template.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.orders.iter().flat_map(|order| [&order.first, &order.next])
    }
}

/// The statement in each order of `sort`: every column up and down.
#[must_use]
pub fn sort_forms(author: &Template, sort: &[String], engine: Engine) -> Vec<SortForm> {
    choices(sort)
        .map(|(choice, column, descending)| {
            let mut wrapped = Wrapped::around(author, engine);
            let order = wrapped.ordered(column, descending);
            wrapped.text(&format!("\nORDER BY {order}"));
            SortForm { choice, template: wrapped.template }
        })
        .collect()
}

/// The statement page by page. The keys run in the direction of the sort column.
#[must_use]
pub fn page_forms(
    author: &Template,
    sort: &[String],
    keys: &[String],
    engine: Engine,
) -> PageForms {
    let page = |choice: Option<String>, columns: Vec<String>, descending: bool| {
        let mut first = Wrapped::around(author, engine);
        first.order(&columns, descending);
        let mut next = Wrapped::around(author, engine);
        next.text("\nWHERE ");
        next.after(&columns, descending);
        next.order(&columns, descending);
        PageForm { choice, first: first.template, next: next.template, columns }
    };
    if sort.is_empty() {
        return PageForms { orders: vec![page(None, keys.to_vec(), false)] };
    }
    let orders = choices(sort).map(|(choice, column, descending)| {
        let mut columns = vec![column.clone()];
        columns.extend(keys.iter().filter(|key| *key != column).cloned());
        page(Some(choice), columns, descending)
    });
    PageForms { orders: orders.collect() }
}

fn choices(sort: &[String]) -> impl Iterator<Item = (String, &String, bool)> {
    sort.iter()
        .flat_map(|column| [(column.clone(), column, false), (format!("-{column}"), column, true)])
}

struct Wrapped {
    template: Template,
    engine: Engine,
}

impl Wrapped {
    fn around(author: &Template, engine: Engine) -> Self {
        let mut wrapped = Self { template: Template { pieces: Vec::new() }, engine };
        wrapped.text("SELECT * FROM (\n");
        wrapped.template.pieces.extend(author.pieces.iter().cloned());
        wrapped.text("\n) AS page");
        wrapped
    }

    fn quoted(&self, column: &str) -> String {
        match self.engine {
            Engine::Sqlite | Engine::Postgres => format!("\"{}\"", column.replace('"', "\"\"")),
            Engine::Mysql => format!("`{}`", column.replace('`', "``")),
        }
    }

    fn ordered(&self, column: &str, descending: bool) -> String {
        let quoted = self.quoted(column);
        if descending { format!("{quoted} DESC") } else { quoted }
    }

    fn text(&mut self, text: &str) {
        self.template.pieces.push(Piece::Text { text: text.to_owned(), at: 0..0 });
    }

    fn bind(&mut self, path: &[&str]) {
        let path = path.iter().map(|&part| part.to_owned()).collect();
        self.template.pieces.push(Piece::Bind(Binding { path, list: false, at: 0..0 }));
    }

    fn order(&mut self, columns: &[String], descending: bool) {
        let columns: Vec<String> =
            columns.iter().map(|column| self.ordered(column, descending)).collect();
        self.text(&format!("\nORDER BY {}\nLIMIT ", columns.join(", ")));
        self.bind(&["$limit"]);
    }

    /// `a <= x AND (a < x OR (b <= y AND (b < y OR c < z)))`.
    fn after(&mut self, columns: &[String], descending: bool) {
        let compare = if descending { "<" } else { ">" };
        let Some((first, rest)) = columns.split_first() else { return };
        let column = self.quoted(first);
        if rest.is_empty() {
            self.text(&format!("{column} {compare} "));
            self.bind(&["$cursor", first]);
            return;
        }
        self.text(&format!("{column} {compare}= "));
        self.bind(&["$cursor", first]);
        self.text(&format!(" AND ({column} {compare} "));
        self.bind(&["$cursor", first]);
        self.text(" OR (");
        self.after(rest, descending);
        self.text("))");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Style, scan};

    #[test]
    fn pages() {
        let author = scan("SELECT id, name FROM t WHERE a = :a", Engine::Sqlite).expect("valid");
        let style = Style::of(Engine::Sqlite);
        let forms = page_forms(&author, &["name".to_owned()], &["id".to_owned()], Engine::Sqlite);
        let down = &forms.orders[1];
        assert_eq!(down.choice.as_deref(), Some("-name"));
        let next = down.next.render(0, &style);
        assert_eq!(
            next.sql,
            "SELECT * FROM (\nSELECT id, name FROM t WHERE a = ?1\n) AS page\nWHERE \"name\" <= ?2 AND (\"name\" < ?2 OR (\"id\" < ?3))\nORDER BY \"name\" DESC, \"id\" DESC\nLIMIT ?4"
        );
        assert_eq!(next.bindings, ["a", "$cursor.name", "$cursor.id", "$limit"]);
        let alone = page_forms(&author, &[], &["id".to_owned()], Engine::Mysql);
        let first = alone.orders[0].first.render(0, &Style::of(Engine::Mysql)).sql;
        assert!(first.ends_with("ORDER BY `id`\nLIMIT ?"));
    }

    #[test]
    fn sorts() {
        let author = scan("SELECT 1 AS \"a\"", Engine::Postgres).expect("valid");
        let forms = sort_forms(&author, &["a".to_owned()], Engine::Postgres);
        assert_eq!(forms[1].choice, "-a");
        assert!(
            forms[1]
                .template
                .render(0, &Style::of(Engine::Postgres))
                .sql
                .ends_with(") AS page\nORDER BY \"a\" DESC")
        );
    }
}
