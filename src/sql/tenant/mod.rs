//! The proof that a statement stays with one tenant.
//!
//! Every table with the tenant's column must be bound wherever a statement names it: a condition that
//! is always there, and that every row must meet, says that the column is the caller's claim, or that of
//! another table that is bound. What is written has the claim in the column. The proof is one-sided: what
//! it cannot follow does not build, however right it may be. Whatever the parser found and this walk did
//! not meet is a refusal as well, so that no corner of the syntax is passed over.

mod reading;
mod scope;
mod writing;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, ObjectName, Query, Statement, Visit, Visitor, visit_expressions,
    visit_relations,
};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::analyze::{dialect, parse, placeholder};
use crate::database::facts::Table;
use crate::ir::Engine;

use scope::Scope;

/// What a statement is held against.
#[derive(Debug)]
pub struct Rules<'r> {
    /// The engine whose words it is in.
    pub engine: Engine,
    /// Tables and views by name.
    pub tables: &'r BTreeMap<String, Table>,
    /// The column that says whose a row is.
    pub column: &'r str,
    /// Numbers of the placeholders that are the caller's claim.
    pub claims: &'r [usize],
    /// How the claim is bound, for help: `tenant`.
    pub param: &'r str,
}

/// Something that could not be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The table as the statement writes it, and its alias; none where it is no single table.
    pub table: Option<(String, Option<String>)>,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: String,
}

/// Everything in a statement, with numbered placeholders, that is not proven to stay with the tenant.
#[must_use]
pub fn prove(sql: &str, rules: &Rules) -> Vec<Unproven> {
    let Some(statement) = parse(sql, rules.engine) else {
        return vec![Unproven {
            table: None,
            message: "mcpgen cannot read this statement, so nobody knows whose rows it meets"
                .to_owned(),
            help: "write it in simpler words".to_owned(),
        }];
    };
    let mut prover = Prover { rules, met: 0, unproven: Vec::new() };
    prover.operators(&statement);
    prover.conflicts(sql);
    prover.hidden(&statement);
    prover.statement(&statement, &Scope::default());
    let mut named = 0;
    let _: ControlFlow<()> = visit_relations(&statement, |_| {
        named += 1;
        ControlFlow::Continue(())
    });
    if named != prover.met && prover.unproven.is_empty() {
        prover.refuse(
            "mcpgen cannot follow every table of this statement",
            "name each table once, in FROM, JOIN, INSERT, UPDATE or DELETE",
        );
    }
    prover.unproven
}

struct Prover<'r> {
    rules: &'r Rules<'r>,
    /// How many names of tables were met.
    met: usize,
    unproven: Vec<Unproven>,
}

impl Prover<'_> {
    fn refuse(&mut self, message: impl Into<String>, help: impl Into<String>) {
        let found = Unproven { table: None, message: message.into(), help: help.into() };
        if !self.unproven.contains(&found) {
            self.unproven.push(found);
        }
    }

    fn refuse_table(
        &mut self,
        (name, alias): (&str, Option<&str>),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let table = Some((name.to_owned(), alias.map(str::to_owned)));
        let found = Unproven { table, message: message.into(), help: help.into() };
        if !self.unproven.contains(&found) {
            self.unproven.push(found);
        }
    }

    /// In MySQL `||` is OR, and XOR binds weaker than the parser believes.
    fn operators(&mut self, statement: &Statement) {
        if self.rules.engine != Engine::Mysql {
            return;
        }
        let mut odd = false;
        let _: ControlFlow<()> = visit_expressions(statement, |expression| {
            if let Expr::BinaryOp { op, .. } = expression {
                odd |= matches!(
                    op,
                    BinaryOperator::StringConcat | BinaryOperator::Xor | BinaryOperator::PGOverlap
                );
            }
            ControlFlow::Continue(())
        });
        if odd {
            self.refuse(
                "`||`, `&&` and XOR mean one thing to MySQL and another to others",
                "write OR, AND and `<>`, and CONCAT for texts",
            );
        }
    }

    /// Functions of the engines that run a query out of a text, or read a table by its name.
    fn hidden(&mut self, statement: &Statement) {
        const HIDDEN: &[&str] = &[
            "cursor_to_xml",
            "database_to_xml",
            "dblink",
            "load_file",
            "pg_read_",
            "query_to_xml",
            "schema_to_xml",
            "table_to_xml",
            "ts_rewrite",
            "ts_stat",
        ];
        let mut hidden = Vec::new();
        let _: ControlFlow<()> = visit_expressions(statement, |expression| {
            if let Expr::Function(function) = expression
                && let Some(ident) = function.name.0.last().and_then(|part| part.as_ident())
                && HIDDEN.iter().any(|name| ident.value.to_lowercase().starts_with(name))
            {
                hidden.push(ident.value.clone());
            }
            ControlFlow::Continue(())
        });
        for name in hidden {
            self.refuse(
                format!("what the function `{name}` reads is not seen"),
                "write what it reads as a query",
            );
        }
    }

    /// Of several ON CONFLICT in SQLite the parser is given the first.
    fn conflicts(&mut self, sql: &str) {
        if self.rules.engine != Engine::Sqlite {
            return;
        }
        let tokens = Tokenizer::new(dialect(self.rules.engine), sql).tokenize();
        let words = tokens.iter().flatten().filter_map(|token| match token {
            Token::Word(word) => Some(word.keyword),
            _ => None,
        });
        if words.filter(|keyword| *keyword == Keyword::CONFLICT).count() > 1 {
            self.refuse(
                "mcpgen cannot follow a statement with several ON CONFLICT",
                "keep one of them, and call what it is about by other names",
            );
        }
    }

    fn statement(&mut self, statement: &Statement, outer: &Scope) {
        match statement {
            Statement::Query(query) => self.query(query, outer),
            Statement::Insert(insert) => self.insert(insert, outer),
            Statement::Update(update) => self.update(update, outer),
            Statement::Delete(delete) => self.delete(delete, outer),
            Statement::Merge(_) => self.refuse(
                "what MERGE writes is not proven to stay with the tenant",
                "write INSERT … ON CONFLICT, or UPDATE and INSERT as steps",
            ),
            Statement::Call(_) => self.refuse(
                "what a procedure reads and writes is not seen",
                "write its statements as steps",
            ),
            _ => self.refuse(
                "this statement is not proven to stay with the tenant",
                "write SELECT, INSERT, UPDATE or DELETE",
            ),
        }
    }

    /// Every query inside of a part of a statement.
    fn inner(&mut self, part: &impl Visit, scope: &Scope) {
        struct Outermost {
            depth: usize,
            found: Vec<Query>,
        }
        impl Visitor for Outermost {
            type Break = ();

            fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
                if self.depth == 0 {
                    self.found.push(query.clone());
                }
                self.depth += 1;
                ControlFlow::Continue(())
            }

            fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
                self.depth -= 1;
                ControlFlow::Continue(())
            }
        }
        let mut outermost = Outermost { depth: 0, found: Vec::new() };
        let _: ControlFlow<()> = part.visit(&mut outermost);
        for query in &outermost.found {
            self.query(query, scope);
        }
    }

    /// Whether a value is the caller's claim and nothing else.
    fn is_claim(&self, value: &Expr) -> bool {
        placeholder(value).is_some_and(|number| self.rules.claims.contains(&number))
    }

    /// The table of a name, as the engine finds it.
    fn table(&self, name: &ObjectName) -> Option<&Table> {
        let sqlite = self.rules.engine == Engine::Sqlite;
        let parts: Vec<String> = name
            .0
            .iter()
            .filter_map(|part| part.as_ident().map(|ident| self.folded(ident)))
            .collect();
        if let [.., "pg_catalog" | "information_schema" | "mysql", _] =
            parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
        {
            return None;
        }
        let find = |wanted: &str| {
            self.rules.tables.get(wanted).or_else(|| {
                let mut tables = self.rules.tables.iter();
                let same = |other: &str| sqlite && other.eq_ignore_ascii_case(wanted);
                tables.find(|(other, _)| same(other)).map(|(_, table)| table)
            })
        };
        find(&parts.join(".")).or_else(|| find(parts.last()?))
    }

    /// A name as the engine compares it.
    fn folded(&self, ident: &sqlparser::ast::Ident) -> String {
        match (self.rules.engine, ident.quote_style) {
            (Engine::Postgres, None) => ident.value.to_lowercase(),
            _ => ident.value.clone(),
        }
    }

    /// Whether a name is that of the tenant's column.
    fn is_column(&self, ident: &sqlparser::ast::Ident) -> bool {
        match self.rules.engine {
            Engine::Postgres => self.folded(ident) == self.rules.column,
            Engine::Sqlite | Engine::Mysql => ident.value.eq_ignore_ascii_case(self.rules.column),
        }
    }

    /// Whether a table has the tenant's column.
    fn has_column(&self, table: &Table) -> bool {
        table.columns.iter().any(|column| match self.rules.engine {
            Engine::Postgres => column.name == self.rules.column,
            Engine::Sqlite | Engine::Mysql => column.name.eq_ignore_ascii_case(self.rules.column),
        })
    }
}

#[cfg(test)]
mod tests;
