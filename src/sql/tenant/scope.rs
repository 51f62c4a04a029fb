//! Which tables a place in a statement sees, and which of them are bound.

use sqlparser::ast::{BinaryOperator, Expr};

use super::Prover;

/// What stands in FROM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A table with the tenant's column.
    Tenant,
    /// A table without it.
    Plain,
    /// What has columns that are not known here: a query, a CTE, a function.
    Opaque,
}

/// A relation under the name that columns are reached by.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// Its alias, or else the table's name.
    pub(super) name: String,
    /// The table's name as it is written.
    pub(super) table: String,
    pub(super) aliased: bool,
    pub(super) what: What,
}

/// The relations that a place sees: its own, and those around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) relations: Vec<Relation>,
    pub(super) outer: Option<Box<Scope>>,
    /// Names of CTEs; none of them is that of a table.
    pub(super) ctes: Vec<String>,
}

impl Scope {
    /// A scope inside of this one.
    pub(super) fn child(&self) -> Self {
        Self { relations: Vec::new(), outer: Some(Box::new(self.clone())), ctes: self.ctes.clone() }
    }

    /// A scope that sees no tables, only the same CTEs.
    pub(super) fn apart(&self) -> Self {
        Self { relations: Vec::new(), outer: None, ctes: self.ctes.clone() }
    }
}

/// Whose column an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// That of a table of the scope itself.
    Here(usize),
    /// That of a table around it, which has to be bound there.
    Outer,
}

/// A condition, and the relations whose rows are seen only where it holds.
pub(super) struct Condition<'e> {
    pub(super) expression: &'e Expr,
    pub(super) reach: std::ops::Range<usize>,
}

impl Prover<'_> {
    /// The tenant's column that an expression is, unchanged.
    pub(super) fn place(&self, expression: &Expr, scope: &Scope) -> Option<Place> {
        match expression {
            Expr::Nested(inner) => self.place(inner, scope),
            Expr::Identifier(ident) if self.is_column(ident) => unnamed(scope),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] if self.is_column(column) => named(&table.value, scope),
                _ => None,
            },
            _ => None,
        }
    }

    /// Which relations of a scope are bound by what always holds.
    pub(super) fn bound(&self, scope: &Scope, conditions: &[Condition]) -> Vec<bool> {
        let mut equalities = Vec::new();
        for Condition { expression, reach } in conditions {
            self.equalities(expression, reach, scope, &mut equalities);
        }
        let mut bound = vec![false; scope.relations.len()];
        loop {
            let before = bound.clone();
            for (left, right, reach) in &equalities {
                let holds = |place: &Option<Place>, bound: &[bool]| match place {
                    // The claim itself.
                    None => true,
                    Some(Place::Here(at)) => bound[*at],
                    // What is around is bound there, or the statement is refused there.
                    Some(Place::Outer) => true,
                };
                for (own, other) in [(left, right), (right, left)] {
                    if let Some(Place::Here(at)) = own
                        && reach.contains(at)
                        && holds(other, &bound)
                    {
                        bound[*at] = true;
                    }
                }
            }
            if bound == before {
                return bound;
            }
        }
    }

    /// Equalities among the parts of a condition that all hold: two columns, or one and the claim.
    fn equalities(
        &self,
        expression: &Expr,
        reach: &std::ops::Range<usize>,
        scope: &Scope,
        found: &mut Vec<(Option<Place>, Option<Place>, std::ops::Range<usize>)>,
    ) {
        match expression {
            Expr::Nested(inner) => self.equalities(inner, reach, scope, found),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.equalities(left, reach, scope, found);
                self.equalities(right, reach, scope, found);
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                let sides =
                    [left, right].map(|side| (self.place(side, scope), self.is_claim(side)));
                match sides {
                    [(Some(place), _), (None, true)] | [(None, true), (Some(place), _)] => {
                        found.push((Some(place), None, reach.clone()));
                    }
                    [(Some(one), _), (Some(other), _)] => {
                        found.push((Some(one), Some(other), reach.clone()));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// The relation behind a name; none where two could be meant.
fn named(name: &str, scope: &Scope) -> Option<Place> {
    let fits = |relation: &Relation| relation.name.eq_ignore_ascii_case(name);
    let mut found = scope.relations.iter().enumerate().filter(|(_, relation)| fits(relation));
    match (found.next(), found.next()) {
        (Some((at, relation)), None) => (relation.what == What::Tenant).then_some(Place::Here(at)),
        (Some(_), Some(_)) => None,
        (None, _) => named(name, scope.outer.as_deref()?).map(|_| Place::Outer),
    }
}

/// The one relation that has the tenant's column.
fn unnamed(scope: &Scope) -> Option<Place> {
    let tenants = scope.relations.iter().enumerate();
    let mut tenants = tenants.filter(|(_, relation)| relation.what == What::Tenant);
    match (tenants.next(), tenants.next()) {
        (Some((at, _)), None) => Some(Place::Here(at)),
        (Some(_), Some(_)) => None,
        // One whose columns are not known may have it.
        (None, _) if scope.relations.iter().any(|relation| relation.what == What::Opaque) => None,
        (None, _) => unnamed(scope.outer.as_deref()?).map(|_| Place::Outer),
    }
}
