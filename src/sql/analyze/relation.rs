//! Relations, and which columns they have.

use std::collections::BTreeMap;

use sqlparser::ast::{
    Expr, GroupByExpr, GroupByWithModifier, Join, JoinConstraint, JoinOperator, OrderByKind, Query,
    Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor,
    TableWithJoins,
};

use crate::database::facts::{ColumnRef, SqlType, Table};
use crate::ir::Engine;

use super::{Analyzer, Known, expression, last_name};

/// A column of a relation.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name; none for an expression without an alias.
    pub(super) name: Option<String>,
    pub(super) known: Known,
    /// The table's column that it passes on.
    pub(super) origin: Option<ColumnRef>,
}

impl Column {
    pub(super) fn known_name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }
}

/// What stands in FROM.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<Column>,
    /// Whether its columns are all known; a name that is not among them may still exist.
    whole: bool,
    /// Its columns that a join names as those of what stands before it: `*` has them once.
    shared: Vec<String>,
}

impl Relation {
    pub(super) fn of_table(name: &str, table: &Table) -> Self {
        let columns = table
            .columns
            .iter()
            .map(|column| Column {
                name: Some(column.name.clone()),
                known: Known {
                    kind: column.kind.clone(),
                    nullable: column.nullable || table.view,
                    null: false,
                },
                origin: Some(ColumnRef { table: name.to_owned(), column: column.name.clone() }),
            })
            .collect();
        Self { name: Some(name.to_owned()), columns, whole: true, shared: Vec::new() }
    }

    pub(super) fn unknown(name: Option<String>) -> Self {
        Self { name, columns: Vec::new(), whole: false, shared: Vec::new() }
    }

    /// The table's column behind a name.
    pub(super) fn origin(&self, column: &str) -> Option<ColumnRef> {
        self.columns.iter().find(|other| other.is(column)).and_then(|column| column.origin.clone())
    }

    /// The type of a column.
    pub(super) fn kind(&self, column: &str) -> Option<SqlType> {
        self.columns.iter().find(|other| other.is(column))?.known.kind.clone()
    }

    fn null_extend(&mut self) {
        for column in &mut self.columns {
            column.known.nullable = true;
        }
    }
}

impl Column {
    fn is(&self, name: &str) -> bool {
        self.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

/// What names mean at a place in a statement.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) relations: Vec<Relation>,
    ctes: BTreeMap<String, Vec<Column>>,
    /// Whether a join made one column of two (USING, NATURAL): where it stands in `*` differs
    /// between engines.
    merged: bool,
    outer: Option<Box<Scope>>,
}

impl Scope {
    /// A scope inside of this one: it sees the same names, behind its own.
    pub(super) fn child(&self) -> Self {
        Self {
            relations: Vec::new(),
            ctes: self.ctes.clone(),
            merged: false,
            outer: Some(Box::new(self.clone())),
        }
    }

    /// The relation of a name.
    pub(super) fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations
            .iter()
            .find(|own| own.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    }

    /// The column behind a name, `table` named or not.
    pub(super) fn column(&self, table: Option<&str>, name: &str) -> Option<Column> {
        let fits = |relation: &&Relation| {
            table.is_none_or(|table| {
                relation.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(table))
            })
        };
        let mut relations = self.relations.iter().filter(fits).peekable();
        let anything = relations.peek().is_some();
        let found = relations
            .clone()
            .find_map(|relation| relation.columns.iter().find(|column| column.is(name)).cloned());
        if found.is_some() {
            return found;
        }
        if is_rowid(name) && anything {
            return None;
        }
        // A relation whose columns are not known may have it; then nothing is known.
        if relations.any(|relation| !relation.whole) {
            return None;
        }
        self.outer.as_ref().and_then(|outer| outer.column(table, name))
    }
}

/// Whether a name is that of SQLite's number of a row, where no column has it.
pub(super) fn is_rowid(name: &str) -> bool {
    ["rowid", "oid", "_rowid_"].iter().any(|alias| alias.eq_ignore_ascii_case(name))
}

/// How deep subqueries are followed.
const DEEPEST: usize = 24;

impl Analyzer<'_> {
    pub(super) fn query(&mut self, query: &Query, outer: &Scope) -> Option<Vec<Column>> {
        if depth(outer) > DEEPEST {
            return None;
        }
        let mut scope = outer.child();
        if let Some(with) = &query.with {
            if with.recursive {
                // Each sees all of them, also those behind it: a table of the same name is hidden.
                for cte in &with.cte_tables {
                    scope.ctes.insert(cte.alias.name.value.to_ascii_lowercase(), Vec::new());
                }
            }
            for cte in &with.cte_tables {
                let name = cte.alias.name.value.clone();
                let columns = if with.recursive {
                    self.recursive(&cte.query, &scope, &name, &cte.alias)
                } else {
                    self.query(&cte.query, &scope)
                };
                let columns = renamed(columns.unwrap_or_default(), &cte.alias);
                scope.ctes.insert(name.to_ascii_lowercase(), columns);
            }
        }
        let order: Vec<&Expr> = match query.order_by.as_ref().map(|order| &order.kind) {
            Some(OrderByKind::Expressions(order)) => order.iter().map(|by| &by.expr).collect(),
            Some(OrderByKind::All(_)) | None => Vec::new(),
        };
        let columns = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, &scope, &order),
            body => self.body(body, &scope),
        };
        let limit = query.limit_clause.as_ref();
        if let Some(sqlparser::ast::LimitClause::LimitOffset { limit, offset, .. }) = limit {
            for expression in limit.iter().chain(offset.iter().map(|offset| &offset.value)) {
                self.counted(expression, &scope);
            }
        }
        if let Some(sqlparser::ast::LimitClause::OffsetCommaLimit { offset, limit }) = limit {
            self.counted(offset, &scope);
            self.counted(limit, &scope);
        }
        columns
    }

    /// A recursive relation: its first term says the types, and nothing is certain to be there.
    fn recursive(
        &mut self,
        query: &Query,
        scope: &Scope,
        name: &str,
        alias: &TableAlias,
    ) -> Option<Vec<Column>> {
        let SetExpr::SetOperation { left, right, .. } = query.body.as_ref() else {
            return self.query(query, scope);
        };
        self.analysis.compound = true;
        let mut columns = self.body(left, scope)?;
        for column in &mut columns {
            column.known.nullable = true;
            column.origin = None;
        }
        let mut inner = scope.clone();
        inner.ctes.insert(name.to_ascii_lowercase(), renamed(columns.clone(), alias));
        let second = self.body(right, &inner);
        for (index, column) in columns.iter_mut().enumerate() {
            let other = second.as_ref().and_then(|second| second.get(index));
            if other.is_none_or(|other| other.known.kind != column.known.kind) {
                column.known.kind = None;
            }
        }
        Some(columns)
    }

    fn body(&mut self, body: &SetExpr, scope: &Scope) -> Option<Vec<Column>> {
        match body {
            SetExpr::Select(select) => self.select(select, scope, &[]),
            SetExpr::Query(query) => self.query(query, scope),
            SetExpr::SetOperation { left, right, .. } => {
                self.analysis.compound = true;
                let sides = [left.as_ref(), right.as_ref()];
                let [left, right] = sides.map(|side| self.body(side, scope));
                self.set_operation(sides, [left.as_deref(), right.as_deref()]);
                let (left, right) = (left?, right?);
                (left.len() == right.len()).then(|| left.into_iter().zip(right).map(both).collect())
            }
            SetExpr::Values(values) => {
                let mut rows: Vec<Vec<Column>> = Vec::new();
                for row in &values.rows {
                    let row = row.content.iter().map(|e| self.expression(e, scope));
                    let row = row.map(|known| Column { name: None, known, origin: None });
                    rows.push(row.collect());
                }
                for at in 0..rows.first().map_or(0, Vec::len) {
                    let values: Vec<&Expr> =
                        values.rows.iter().filter_map(|row| row.content.get(at)).collect();
                    let known: Vec<Known> = rows
                        .iter()
                        .filter_map(|row| row.get(at).map(|column| column.known.clone()))
                        .collect();
                    self.alike(&values, &known);
                }
                let mut rows = rows.into_iter();
                let mut first = rows.next()?;
                // SQLite's own names for them.
                for (at, column) in first.iter_mut().enumerate() {
                    column.name = Some(format!("column{}", at + 1));
                }
                Some(rows.fold(first, |all, row| all.into_iter().zip(row).map(both).collect()))
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement) => self.statement(statement, scope),
            SetExpr::Merge(_) | SetExpr::Table(_) => None,
        }
    }

    fn select(&mut self, select: &Select, outer: &Scope, order: &[&Expr]) -> Option<Vec<Column>> {
        let mut scope = outer.child();
        let known = self.from(&select.from, &mut scope).is_some();
        if !known {
            // Bindings are still worth a look; columns are not certain.
            scope.relations.iter_mut().for_each(Relation::null_extend);
        }
        if super_grouped(&select.group_by) {
            // Rows that sum up others have NULL where they were grouped.
            scope.relations.iter_mut().for_each(Relation::null_extend);
        }
        // SQLite knows the names of the result there as well.
        let early = self.engine != Engine::Sqlite;
        if early {
            self.condition(select.selection.as_ref(), &scope);
        }
        let by: &[Expr] = match &select.group_by {
            GroupByExpr::Expressions(expressions, _) => expressions,
            GroupByExpr::All(_) => &[],
        };
        let grouped = !by.is_empty() || matches!(select.group_by, GroupByExpr::All(_));
        // Without GROUP BY an aggregate over no rows gives one row, in which every plain column
        // is NULL.
        let empty_aggregate = !grouped
            && (select.projection.iter().any(aggregates)
                || select
                    .having
                    .iter()
                    .chain(order.iter().copied())
                    .any(expression::holds_aggregate));
        let mut columns = self.projection(&select.projection, &scope, empty_aggregate);
        if super_grouped(&select.group_by) && !grouped_by_columns(&select.group_by, &scope) {
            // What is grouped by an expression is NULL as a whole in such a row, whatever it is of.
            let one_each = columns.as_ref().is_some_and(|all| all.len() == select.projection.len());
            for (column, item) in columns.iter_mut().flatten().zip(&select.projection) {
                column.known.nullable |= !(one_each && aggregate(item));
            }
        }
        // What comes behind knows the columns of the result as well.
        let answered = columns.clone().unwrap_or_default();
        scope.relations.push(Relation {
            name: None,
            columns: answered,
            whole: true,
            shared: Vec::new(),
        });
        if !early {
            self.condition(select.selection.as_ref(), &scope);
        }
        for expression in by.iter().chain(order.iter().copied()) {
            self.expression(expression, &scope);
        }
        self.condition(select.having.as_ref(), &scope);
        columns.filter(|_| known)
    }

    pub(super) fn projection(
        &mut self,
        items: &[SelectItem],
        scope: &Scope,
        empty_aggregate: bool,
    ) -> Option<Vec<Column>> {
        let mut columns = Vec::new();
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expression) => {
                    let name = match expression {
                        Expr::Identifier(ident) => Some(ident.value.clone()),
                        Expr::CompoundIdentifier(parts) => {
                            parts.last().map(|part| part.value.clone())
                        }
                        _ => None,
                    };
                    columns.push(self.projected(expression, name, scope, empty_aggregate));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    columns.push(self.projected(
                        expr,
                        Some(alias.value.clone()),
                        scope,
                        empty_aggregate,
                    ));
                }
                // Elsewhere the columns that are one come first, whatever table they are of.
                SelectItem::Wildcard(_) if scope.merged && self.engine != Engine::Sqlite => {
                    return None;
                }
                SelectItem::Wildcard(_) => {
                    for relation in &scope.relations {
                        self.whole(relation)?;
                        let once = |column: &Column| {
                            !relation.shared.iter().any(|shared| column.is(shared))
                        };
                        columns.extend(starred(relation, empty_aggregate).filter(once));
                    }
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => {
                    let name = last_name(name);
                    let relation = scope.relations.iter().find(|relation| {
                        relation.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&name))
                    })?;
                    self.whole(relation)?;
                    columns.extend(starred(relation, empty_aggregate));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _)
                | SelectItem::ExprWithAliases { .. } => return None,
            }
        }
        if empty_aggregate {
            for column in columns.iter_mut().filter(|column| column.origin.is_some()) {
                column.known.nullable = true;
            }
        }
        Some(columns)
    }

    /// Whether all columns of a relation are known. MySQL names an expression without an alias by
    /// its text.
    fn whole(&self, relation: &Relation) -> Option<()> {
        let named = || relation.columns.iter().all(|column| column.name.is_some());
        (relation.whole && (self.engine == Engine::Mysql || named())).then_some(())
    }

    fn projected(
        &mut self,
        value: &Expr,
        name: Option<String>,
        scope: &Scope,
        empty_aggregate: bool,
    ) -> Column {
        let mut known = self.expression(value, scope);
        // Only aggregates and constants are certain in the row that stands for no rows.
        if empty_aggregate && !expression::constant_or_aggregate(value) {
            known.nullable = true;
        }
        let origin = expression::column(value, scope).and_then(|column| column.origin);
        Column { name, known, origin }
    }

    /// `start` is where the left side of the joins begins among the relations.
    pub(super) fn joined(
        &mut self,
        table: &TableWithJoins,
        scope: &mut Scope,
        start: usize,
    ) -> Option<()> {
        self.factor(&table.relation, scope)?;
        for join in &table.joins {
            let before = scope.relations.len();
            self.factor(&join.relation, scope)?;
            let constraint = self.join(join, scope, start, before)?;
            if self.engine == Engine::Sqlite {
                share(constraint, &mut scope.relations[start..], before - start)?;
            }
            if let Some(JoinConstraint::On(condition)) = constraint {
                self.condition(Some(condition), scope);
            }
        }
        Some(())
    }

    fn join<'j>(
        &mut self,
        join: &'j Join,
        scope: &mut Scope,
        start: usize,
        before: usize,
    ) -> Option<Option<&'j JoinConstraint>> {
        let (left, right, constraint) = match &join.join_operator {
            JoinOperator::Join(c) | JoinOperator::Inner(c) | JoinOperator::CrossJoin(c) => {
                (false, false, c)
            }
            JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => (false, true, c),
            JoinOperator::Right(c) | JoinOperator::RightOuter(c) => (true, false, c),
            JoinOperator::FullOuter(c) => (true, true, c),
            JoinOperator::StraightJoin(c) => (false, false, c),
            // A join that the parser knows and none of the engines has.
            _ => return None,
        };
        if left {
            scope.relations[start..before].iter_mut().for_each(Relation::null_extend);
        }
        if right {
            scope.relations[before..].iter_mut().for_each(Relation::null_extend);
        }
        scope.merged |= matches!(constraint, JoinConstraint::Using(_) | JoinConstraint::Natural);
        Some(Some(constraint))
    }

    /// What is known of a table that a function makes.
    fn table_of_function(&self, name: &str) -> Relation {
        let json = ["json_each", "json_tree"].iter().any(|known| known.eq_ignore_ascii_case(name));
        if self.engine != Engine::Sqlite || !json {
            return Relation::unknown(Some(name.to_owned()));
        }
        // Source: <https://www.sqlite.org/json1.html#jeach>.
        let columns = [
            ("key", None),
            ("value", None),
            ("type", Some(SqlType::Text)),
            ("atom", None),
            ("id", Some(SqlType::Integer)),
            ("parent", Some(SqlType::Integer)),
            ("fullkey", Some(SqlType::Text)),
            ("path", Some(SqlType::Text)),
        ];
        let columns = columns.map(|(name, kind)| Column {
            name: Some(name.to_owned()),
            known: Known { kind, ..Known::nothing() },
            origin: None,
        });
        Relation {
            name: Some(name.to_owned()),
            columns: columns.into(),
            whole: true,
            shared: Vec::new(),
        }
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope) -> Option<()> {
        match factor {
            TableFactor::Table { name, alias, args, .. } => {
                let table = last_name(name);
                let mut relation = if let Some(args) = args {
                    for argument in &args.args {
                        if let Some(value) = expression::argument(argument) {
                            self.expression(value, scope);
                        }
                    }
                    self.table_of_function(&table)
                } else if let Some(columns) = scope
                    .ctes
                    .get(&table.to_ascii_lowercase())
                    // A name with its schema is a table's, also where a CTE has the same.
                    .filter(|_| name.0.len() == 1)
                {
                    let whole = !columns.is_empty();
                    Relation {
                        name: Some(table.clone()),
                        columns: columns.clone(),
                        whole,
                        shared: Vec::new(),
                    }
                } else {
                    self.table(name).unwrap_or_else(|| Relation::unknown(Some(table.clone())))
                };
                if let Some(alias) = alias {
                    relation.name = Some(alias.name.value.clone());
                    relation.columns = renamed(relation.columns, alias);
                }
                scope.relations.push(relation);
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let columns = self.query(subquery, scope);
                let name = alias.as_ref().map(|alias| alias.name.value.clone());
                let relation = match columns {
                    Some(columns) => {
                        let columns = match alias {
                            Some(alias) => renamed(columns, alias),
                            None => columns,
                        };
                        Relation { name, columns, whole: true, shared: Vec::new() }
                    }
                    None => Relation::unknown(name),
                };
                scope.relations.push(relation);
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                let start = scope.relations.len();
                self.joined(table_with_joins, scope, start)?;
            }
            // Functions and the like: what they return is not known.
            TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. }
            | TableFactor::JsonTable { alias, .. } => {
                let name = alias.as_ref().map(|alias| alias.name.value.clone());
                scope.relations.push(Relation::unknown(name));
            }
            _ => return None,
        }
        Some(())
    }
}

/// Notes the columns that USING and NATURAL make one of. What they are then is said of the first.
fn share(
    constraint: Option<&JoinConstraint>,
    relations: &mut [Relation],
    before: usize,
) -> Option<()> {
    let (left, right) = relations.split_at_mut(before);
    let names: Vec<String> = match constraint {
        Some(JoinConstraint::Using(names)) => names.iter().map(last_name).collect(),
        Some(JoinConstraint::Natural) => {
            left.iter().chain(right.iter()).all(|relation| relation.whole).then_some(())?;
            let known = |name: &String| {
                left.iter().any(|relation| relation.columns.iter().any(|column| column.is(name)))
            };
            let all = right.iter().flat_map(|relation| &relation.columns);
            all.filter_map(|column| column.name.clone()).filter(known).collect()
        }
        _ => return Some(()),
    };
    for name in names {
        let kind = right.iter().find_map(|relation| relation.kind(&name));
        // Of an outer join it is the one of either side that is there.
        let same = |column: &&mut Column| column.is(&name) && column.known.kind != kind;
        for column in left.iter_mut().flat_map(|relation| &mut relation.columns).filter(same) {
            column.known.kind = None;
        }
        for relation in right.iter_mut() {
            relation.shared.push(name.clone());
        }
    }
    Some(())
}

/// Whether rows are added that sum up others: ROLLUP, CUBE, GROUPING SETS, WITH ROLLUP.
fn super_grouped(by: &GroupByExpr) -> bool {
    match by {
        GroupByExpr::All(modifiers) => !modifiers.is_empty(),
        GroupByExpr::Expressions(expressions, modifiers) => {
            !modifiers.is_empty()
                || expressions.iter().any(|expression| {
                    matches!(expression, Expr::Rollup(_) | Expr::Cube(_) | Expr::GroupingSets(_))
                })
        }
    }
}

/// Whether all that rows are grouped by are columns, as they are.
fn grouped_by_columns(by: &GroupByExpr, scope: &Scope) -> bool {
    let plain = |value: &Expr| match value {
        Expr::Rollup(sets) | Expr::Cube(sets) | Expr::GroupingSets(sets) => {
            sets.iter().flatten().all(|value| expression::column(value, scope).is_some())
        }
        value => expression::column(value, scope).is_some(),
    };
    let GroupByExpr::Expressions(expressions, modifiers) = by else { return false };
    expressions.iter().all(plain)
        && modifiers.iter().all(|modifier| match modifier {
            GroupByWithModifier::GroupingSets(sets) => plain(sets),
            _ => true,
        })
}

fn depth(scope: &Scope) -> usize {
    let mut depth = 0;
    let mut scope = scope;
    while let Some(outer) = &scope.outer {
        depth += 1;
        scope = outer;
    }
    depth
}

/// The columns behind a `*`; NULL in the row that stands for no rows.
fn starred(relation: &Relation, empty_aggregate: bool) -> impl Iterator<Item = Column> {
    relation.columns.iter().cloned().map(move |mut column| {
        column.known.nullable |= empty_aggregate;
        column
    })
}

fn renamed(columns: Vec<Column>, alias: &TableAlias) -> Vec<Column> {
    if alias.columns.is_empty() {
        return columns;
    }
    columns
        .into_iter()
        .zip(&alias.columns)
        .map(|(column, alias)| Column { name: Some(alias.name.value.clone()), ..column })
        .collect()
}

/// A column of a set operation.
fn both((left, right): (Column, Column)) -> Column {
    let known = expression::unify(&[left.known, right.known], |nulls| nulls.contains(&true));
    Column { name: left.name, known, origin: None }
}

/// Whether an item is an aggregate and nothing around it.
fn aggregate(item: &SelectItem) -> bool {
    match item {
        SelectItem::UnnamedExpr(Expr::Function(function))
        | SelectItem::ExprWithAlias { expr: Expr::Function(function), .. } => {
            expression::is_aggregate(function)
        }
        _ => false,
    }
}

fn aggregates(item: &SelectItem) -> bool {
    match item {
        SelectItem::UnnamedExpr(expression)
        | SelectItem::ExprWithAlias { expr: expression, .. } => {
            expression::holds_aggregate(expression)
        }
        SelectItem::ExprWithAliases { .. }
        | SelectItem::QualifiedWildcard(..)
        | SelectItem::Wildcard(_) => false,
    }
}
