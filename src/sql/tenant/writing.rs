//! Statements that write: what is written is the tenant's, and stays so.

use sqlparser::ast::{
    Assignment, AssignmentTarget, ConflictTarget, Delete, Expr, FromTable, Ident, Insert,
    ObjectName, OnConflictAction, OnInsert, SelectItem, SetExpr, SqliteOnConflict, TableObject,
    Update, UpdateTableFromKind,
};

use super::Prover;
use super::reading::From;
use super::scope::{Condition, Place, Relation, Scope, What};

/// A table as a statement names it.
type Shown<'s> = (&'s str, Option<&'s str>);

impl Prover<'_> {
    pub(super) fn insert(&mut self, insert: &Insert, outer: &Scope) {
        let TableObject::TableName(name) = &insert.table else {
            self.refuse("mcpgen does not know what this writes", "write INSERT INTO a table");
            return;
        };
        self.met += 1;
        let mut target = self.relation(name, None, &outer.apart());
        let table = target.table.clone();
        let shown: Shown = (&table, None);
        if let Some(alias) = &insert.table_alias {
            target.name = alias.alias.value.clone();
        }
        if let Some(source) = &insert.source {
            self.query(source, outer);
        }
        let tenant = target.what == What::Tenant;
        if tenant {
            self.puts_claim(insert, shown);
            if insert.replace_into || insert.or == Some(SqliteOnConflict::Replace) {
                self.refuse_table(
                    shown,
                    format!("a row of `{table}` that is replaced may be another tenant's"),
                    "write INSERT … ON CONFLICT … DO UPDATE, with a condition on the tenant",
                );
            }
        }
        let what = target.what;
        let mut scope = outer.child();
        scope.relations.push(target);
        // The row that could not be inserted has a name of its own.
        let excluded = Relation {
            name: "excluded".to_owned(),
            table: "excluded".to_owned(),
            aliased: false,
            what,
        };
        scope.relations.push(excluded);
        match &insert.on {
            Some(OnInsert::OnConflict(on)) => {
                if let OnConflictAction::DoUpdate(update) = &on.action
                    && tenant
                {
                    let targeted = match &on.conflict_target {
                        Some(ConflictTarget::Columns(columns)) => {
                            columns.iter().any(|column| self.is_column(column))
                        }
                        Some(ConflictTarget::OnConstraint(_)) | None => false,
                    };
                    let conditions: Vec<Condition> = update
                        .selection
                        .iter()
                        .map(|expression| Condition { expression, reach: 0..1 })
                        .collect();
                    if !targeted && !self.conflict_bound(&scope, &conditions) {
                        let column = self.rules.column;
                        self.refuse_table(
                            shown,
                            format!("the row of `{table}` in conflict may be another tenant's"),
                            format!(
                                "name `{column}` in ON CONFLICT (…), or add `WHERE {table}.{column} = :{}` behind SET",
                                self.rules.param
                            ),
                        );
                    }
                    self.keeps(&update.assignments, &scope, shown);
                }
            }
            Some(OnInsert::DuplicateKeyUpdate(assignments)) if tenant => {
                if !self.unique_within_tenants(name, &insert.columns) {
                    self.refuse_table(
                        shown,
                        format!("the row of `{table}` that is updated may be another tenant's"),
                        format!("have `{}` in every unique key of the table, or write UPDATE and INSERT as steps", self.rules.column),
                    );
                }
                self.keeps(assignments, &scope, shown);
            }
            Some(_) | None => {}
        }
        let rest = Insert { source: None, ..insert.clone() };
        self.inner(&rest, &scope);
    }

    /// Whether a condition of DO UPDATE keeps to rows of the tenant; `excluded` is one.
    fn conflict_bound(&self, scope: &Scope, conditions: &[Condition]) -> bool {
        if self.bound(scope, conditions).first() == Some(&true) {
            return true;
        }
        let parts = conditions.iter().map(|condition| condition.expression);
        parts.flat_map(conjuncts).any(|part| match part {
            Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::Eq, right } => {
                let places = [left, right].map(|side| self.place(side, scope));
                matches!(
                    places,
                    [Some(Place::Here(0)), Some(Place::Here(1))]
                        | [Some(Place::Here(1)), Some(Place::Here(0))]
                )
            }
            _ => false,
        })
    }

    /// Every new row has the claim in the column.
    fn puts_claim(&mut self, insert: &Insert, shown: Shown) {
        let (column, param) = (self.rules.column, self.rules.param);
        let own = |name: &ObjectName| last(name).is_some_and(|ident| self.is_column(ident));
        let put = match (&insert.source, insert.columns.iter().position(own)) {
            (Some(source), Some(at)) => self.puts(&source.body, at),
            (Some(_), None) => false,
            (None, _) => insert.assignments.iter().any(|assignment| {
                matches!(&assignment.target, AssignmentTarget::ColumnName(name) if own(name))
                    && self.is_claim(&assignment.value)
            }),
        };
        if !put {
            self.refuse_table(
                shown,
                format!("a new row of `{}` is not the caller's tenant's", shown.0),
                format!("name `{column}` among the columns, and give it `:{param}` in each row"),
            );
        }
    }

    /// Whether each row of a source has the claim at a place.
    fn puts(&self, body: &SetExpr, at: usize) -> bool {
        match body {
            SetExpr::Values(values) => {
                let claimed =
                    |row: &Vec<Expr>| row.get(at).is_some_and(|value| self.is_claim(value));
                !values.rows.is_empty() && values.rows.iter().all(|row| claimed(&row.content))
            }
            SetExpr::Select(select) => {
                let items: Option<Vec<&Expr>> = select
                    .projection
                    .iter()
                    .take(at + 1)
                    .map(|item| match item {
                        SelectItem::UnnamedExpr(value)
                        | SelectItem::ExprWithAlias { expr: value, .. } => Some(value),
                        _ => None,
                    })
                    .collect();
                items.is_some_and(|items| items.get(at).is_some_and(|value| self.is_claim(value)))
            }
            SetExpr::Query(query) => self.puts(&query.body, at),
            SetExpr::SetOperation { left, right, .. } => {
                self.puts(left, at) && self.puts(right, at)
            }
            _ => false,
        }
    }

    /// Whether rows that are equal in a unique key are always one tenant's.
    fn unique_within_tenants(&self, name: &ObjectName, inserted: &[ObjectName]) -> bool {
        let Some(table) = self.table(name) else { return false };
        let own = |column: &String| column.eq_ignore_ascii_case(self.rules.column);
        let given = |column: &str| {
            inserted.iter().filter_map(last).any(|ident| ident.value.eq_ignore_ascii_case(column))
        };
        // A number that the database gives is nobody's yet.
        let numbered = |key: &[String]| match key {
            [column] => {
                let mut columns = table.columns.iter();
                columns.any(|it| it.name == *column && it.numbered) && !given(column)
            }
            _ => false,
        };
        let key = &table.primary_key;
        let primary = key.is_empty() || key.iter().any(own) || numbered(key);
        let indexes = table.indexes.iter().filter(|index| index.unique);
        primary
            && indexes.into_iter().all(|index| {
                let columns: Option<Vec<String>> = index.columns.iter().cloned().collect();
                columns.is_some_and(|columns| columns.iter().any(own) || numbered(&columns))
            })
    }

    /// What is assigned leaves the column as it is.
    fn keeps(&mut self, assignments: &[Assignment], scope: &Scope, shown: Shown) {
        for Assignment { target, value } in assignments {
            let own = |name: &ObjectName| last(name).is_some_and(|ident| self.is_column(ident));
            let same = |value: &Expr| {
                self.is_claim(value)
                    || matches!(self.place(value, scope), Some(Place::Here(1)) if
                        scope.relations.get(1).is_some_and(|other| other.name == "excluded"))
            };
            let kept = match (target, value) {
                (AssignmentTarget::ColumnName(name), value) => !own(name) || same(value),
                (AssignmentTarget::Tuple(names), Expr::Tuple(values)) => {
                    names.len() == values.len()
                        && names.iter().zip(values).all(|(name, value)| !own(name) || same(value))
                }
                (AssignmentTarget::Tuple(names), _) => !names.iter().any(own),
            };
            if !kept {
                let column = self.rules.column;
                self.refuse_table(
                    shown,
                    format!("`{column}` becomes something other than the caller's tenant"),
                    format!("leave `{column}` out of SET"),
                );
            }
        }
    }

    pub(super) fn update(&mut self, update: &Update, outer: &Scope) {
        let mut scope = outer.child();
        let mut from = From::default();
        self.joined(&update.table, &mut scope, &mut from);
        if let Some(
            UpdateTableFromKind::AfterSet(tables) | UpdateTableFromKind::BeforeSet(tables),
        ) = &update.from
        {
            for table in tables {
                self.joined(table, &mut scope, &mut from);
            }
        }
        self.filtered(update.selection.as_ref(), &scope, from);
        let tenant = scope.relations.iter().find(|relation| relation.what == What::Tenant);
        if let Some(tenant) = tenant.cloned() {
            let shown = (tenant.table.as_str(), None);
            self.keeps(&update.assignments, &scope, shown);
            if update.or == Some(SqliteOnConflict::Replace) {
                self.refuse_table(
                    shown,
                    format!("a row of `{}` that is replaced may be another tenant's", tenant.table),
                    "write UPDATE without OR REPLACE",
                );
            }
        }
        self.inner(&update.assignments, &scope);
        self.inner(&update.selection, &scope);
        self.inner(&update.returning, &scope);
        self.inner(&update.order_by, &scope);
        self.inner(&update.limit, &scope);
    }

    pub(super) fn delete(&mut self, delete: &Delete, outer: &Scope) {
        let mut scope = outer.child();
        let mut from = From::default();
        let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
        for table in tables.iter().chain(delete.using.iter().flatten()) {
            self.joined(table, &mut scope, &mut from);
        }
        self.filtered(delete.selection.as_ref(), &scope, from);
        self.inner(&delete.selection, &scope);
        self.inner(&delete.returning, &scope);
        self.inner(&delete.order_by, &scope);
        self.inner(&delete.limit, &scope);
    }

    /// Every table is bound by the joins and by WHERE.
    fn filtered<'e>(&mut self, selection: Option<&'e Expr>, scope: &Scope, mut from: From<'e>) {
        if let Some(expression) = selection {
            let reach = 0..scope.relations.len();
            from.conditions.push(Condition { expression, reach });
        }
        self.all_bound(scope, &from);
    }
}

/// The parts of a condition that all hold.
fn conjuncts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Nested(inner) => conjuncts(inner),
        Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::And, right } => {
            [left, right].into_iter().flat_map(|side| conjuncts(side)).collect()
        }
        other => vec![other],
    }
}

/// The last part of a name.
fn last(name: &ObjectName) -> Option<&Ident> {
    name.0.last().and_then(|part| part.as_ident())
}
