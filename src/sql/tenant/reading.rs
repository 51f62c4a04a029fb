//! Queries: what is read is bound.

use std::ops::Range;

use sqlparser::ast::{
    Expr, JoinConstraint, JoinOperator, ObjectName, Query, Select, SetExpr, TableAlias,
    TableFactor, TableWithJoins,
};

use super::Prover;
use super::scope::{Condition, Relation, Scope, What};

/// Functions of the engines that stand in FROM and read no table.
const FUNCTIONS: &[&str] = &[
    "generate_series",
    "json_array_elements",
    "json_array_elements_text",
    "json_each",
    "json_each_text",
    "json_object_keys",
    "json_table",
    "json_to_record",
    "json_to_recordset",
    "json_tree",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "jsonb_each",
    "jsonb_each_text",
    "jsonb_object_keys",
    "jsonb_to_record",
    "jsonb_to_recordset",
    "regexp_split_to_table",
    "string_to_table",
    "unnest",
];

/// A FROM while it is read.
#[derive(Default)]
pub(super) struct From<'e> {
    pub(super) conditions: Vec<Condition<'e>>,
    /// Conditions of joins, which may hold queries.
    ons: Vec<&'e Expr>,
}

impl Prover<'_> {
    pub(super) fn query(&mut self, query: &Query, outer: &Scope) {
        let mut scope = outer.child();
        if let Some(with) = &query.with {
            for cte in &with.cte_tables {
                let name = &cte.alias.name.value;
                if self.rules.tables.keys().any(|table| table.eq_ignore_ascii_case(name)) {
                    self.refuse(
                        format!("`{name}` is a table and the name of a query beside it"),
                        "give the query in WITH another name",
                    );
                }
                scope.ctes.push(name.clone());
            }
            for cte in &with.cte_tables {
                self.query(&cte.query, &scope);
            }
        }
        self.body(&query.body, &scope);
        // What stands behind the body sees its tables, which are not known here.
        let apart = scope.apart();
        let Query { order_by, limit_clause, fetch, for_clause, pipe_operators, .. } = query;
        self.inner(order_by, &apart);
        self.inner(limit_clause, &apart);
        self.inner(fetch, &apart);
        self.inner(for_clause, &apart);
        self.inner(pipe_operators, &apart);
    }

    fn body(&mut self, body: &SetExpr, scope: &Scope) {
        match body {
            SetExpr::Select(select) => self.select(select, scope),
            SetExpr::Query(query) => self.query(query, scope),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, scope);
                self.body(right, scope);
            }
            SetExpr::Values(values) => self.inner(values, scope),
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => self.statement(statement, scope),
            SetExpr::Table(_) => {
                self.refuse("TABLE reads the rows of every tenant", "write SELECT with a condition")
            }
        }
    }

    fn select(&mut self, select: &Select, outer: &Scope) {
        let mut scope = outer.child();
        let mut from = From::default();
        for table in &select.from {
            self.joined(table, &mut scope, &mut from);
        }
        if let Some(selection) = &select.selection {
            let reach = 0..scope.relations.len();
            from.conditions.push(Condition { expression: selection, reach });
        }
        self.all_bound(&scope, &from);
        let rest = Select { from: Vec::new(), ..select.clone() };
        self.inner(&rest, &scope);
    }

    /// Every table of a scope is bound, and so is what the conditions of joins read.
    pub(super) fn all_bound(&mut self, scope: &Scope, from: &From) {
        let bound = self.bound(scope, &from.conditions);
        for (relation, _) in scope
            .relations
            .iter()
            .zip(bound)
            .filter(|(relation, bound)| relation.what == What::Tenant && !bound)
        {
            let (column, param, name) = (self.rules.column, self.rules.param, &relation.name);
            let alias = relation.aliased.then_some(name.as_str());
            let shown = if relation.table == *name {
                format!("`{name}`")
            } else {
                format!("`{}` as `{name}`", relation.table)
            };
            self.refuse_table(
                (&relation.table, alias),
                format!("{shown} is not bound to the caller's tenant here"),
                format!("add `AND {name}.{column} = :{param}` where it always holds: in WHERE, or in its JOIN"),
            );
        }
        for on in &from.ons {
            self.inner(*on, scope);
        }
    }

    /// A table and what is joined to it; the range of its relations.
    pub(super) fn joined<'e>(
        &mut self,
        table: &'e TableWithJoins,
        scope: &mut Scope,
        from: &mut From<'e>,
    ) -> Range<usize> {
        let start = scope.relations.len();
        self.factor(&table.relation, scope, from);
        for join in &table.joins {
            let middle = scope.relations.len();
            self.factor(&join.relation, scope, from);
            let end = scope.relations.len();
            let (constraint, reach) = match &join.join_operator {
                JoinOperator::Join(constraint)
                | JoinOperator::Inner(constraint)
                | JoinOperator::CrossJoin(constraint)
                | JoinOperator::StraightJoin(constraint) => (constraint, start..end),
                // The other side is seen also where the condition does not hold.
                JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                    (constraint, middle..end)
                }
                JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
                    (constraint, start..middle)
                }
                JoinOperator::FullOuter(constraint) => (constraint, start..start),
                _ => {
                    self.refuse(
                        "mcpgen does not know this kind of join",
                        "write JOIN or LEFT JOIN",
                    );
                    continue;
                }
            };
            // USING and NATURAL say nothing that is relied on.
            if let JoinConstraint::On(expression) = constraint {
                from.conditions.push(Condition { expression, reach });
                from.ons.push(expression);
            }
        }
        start..scope.relations.len()
    }

    fn factor<'e>(&mut self, factor: &'e TableFactor, scope: &mut Scope, from: &mut From<'e>) {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                self.met += 1;
                let relation = self.relation(name, alias.as_ref(), scope);
                scope.relations.push(relation);
            }
            TableFactor::Table { name, alias, args: Some(args), .. } => {
                self.met += 1;
                self.function(name, alias.as_ref(), scope);
                self.inner(&args.args, &scope.apart());
            }
            TableFactor::Function { name, alias, args, .. } => {
                self.function(name, alias.as_ref(), scope);
                self.inner(args, &scope.apart());
            }
            TableFactor::Derived { lateral, subquery, alias, .. } => {
                let seen = match (lateral, &scope.outer) {
                    (true, _) => scope.clone(),
                    (false, Some(outer)) => Scope { ctes: scope.ctes.clone(), ..(**outer).clone() },
                    (false, None) => scope.apart(),
                };
                self.query(subquery, &seen);
                scope.relations.push(opaque(alias.as_ref()));
            }
            TableFactor::UNNEST { alias, array_exprs, .. } => {
                self.inner(array_exprs, &scope.apart());
                scope.relations.push(opaque(alias.as_ref()));
            }
            TableFactor::JsonTable { alias, json_expr, .. } => {
                self.inner(json_expr, &scope.apart());
                scope.relations.push(opaque(alias.as_ref()));
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.joined(table_with_joins, scope, from);
            }
            _ => {
                self.refuse(
                    "mcpgen does not know what this reads",
                    "write tables, joins and queries",
                );
            }
        }
    }

    fn function(&mut self, name: &ObjectName, alias: Option<&TableAlias>, scope: &mut Scope) {
        let text = name.to_string();
        if !FUNCTIONS.contains(&text.to_lowercase().as_str()) {
            self.refuse(
                format!("what the function `{text}` reads is not seen"),
                "write what it does as a query",
            );
        }
        let mut relation = opaque(alias);
        if alias.is_none() {
            relation.name = text;
        }
        scope.relations.push(relation);
    }

    /// The table or the CTE of a name.
    pub(super) fn relation(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        scope: &Scope,
    ) -> Relation {
        let last = name.0.last().and_then(|part| part.as_ident());
        let table = last.map(|ident| ident.value.clone()).unwrap_or_default();
        let own = alias.map_or_else(|| table.clone(), |alias| alias.name.value.clone());
        let mut relation =
            Relation { name: own, table, aliased: alias.is_some(), what: What::Opaque };
        let shown = relation.table.clone();
        let found = self.table(name).map(|table| (self.has_column(table), table.view));
        let alias_name = alias.map(|alias| alias.name.value.as_str());
        match found {
            None if name.0.len() == 1 && scope.ctes.contains(&relation.table) => {}
            None => self.refuse_table(
                (&shown, alias_name),
                format!("mcpgen does not know what `{shown}` holds"),
                "read tables and views of the schema, by their names as they are declared",
            ),
            Some((true, _)) => {
                relation.what = What::Tenant;
                if alias.is_some_and(|alias| !alias.columns.is_empty()) {
                    self.refuse_table(
                        (&shown, alias_name),
                        format!("the columns of `{shown}` get other names here"),
                        "name them where they are read, with AS",
                    );
                }
            }
            Some((false, true)) => self.refuse_table(
                (&shown, alias_name),
                format!("the view `{shown}` has no `{}`, so it cannot be bound", self.rules.column),
                format!("show `{}` in the view, or read its tables", self.rules.column),
            ),
            Some((false, false)) => relation.what = What::Plain,
        }
        relation
    }
}

/// A relation whose columns are not known here.
fn opaque(alias: Option<&TableAlias>) -> Relation {
    let name = alias.map(|alias| alias.name.value.clone()).unwrap_or_default();
    Relation { table: name.clone(), name, aliased: false, what: What::Opaque }
}
