//! Types and nullability of expressions.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, DateTimeField, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentClause, FunctionArguments, Query, SelectItem, SetExpr, UnaryOperator, Value,
    Visit, Visitor, WindowType,
};

use crate::database::declared_type;
use crate::database::facts::SqlType;
use crate::ir::Engine;

use super::function::Call;
use super::relation::{Column, Scope, is_rowid};
use super::{Analyzer, Known, hint};

/// The number of a placeholder: 3 for `?3` and `$3`.
pub(in crate::sql) fn placeholder(expression: &Expr) -> Option<usize> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(text) => text.strip_prefix(['?', '$'])?.parse().ok(),
            _ => None,
        },
        Expr::Nested(inner) => placeholder(inner),
        _ => None,
    }
}

/// The column that an expression is, unchanged.
pub(super) fn column(expression: &Expr, scope: &Scope) -> Option<Column> {
    match expression {
        Expr::Identifier(ident) => scope.column(None, &ident.value),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [.., table, name] => scope.column(Some(&table.value), &name.value),
            _ => None,
        },
        Expr::Nested(inner) => column(inner, scope),
        Expr::Collate { expr, .. } => column(expr, scope),
        _ => None,
    }
}

pub(super) fn argument(argument: &FunctionArg) -> Option<&Expr> {
    match argument {
        FunctionArg::Named { arg, .. }
        | FunctionArg::ExprNamed { arg, .. }
        | FunctionArg::Unnamed(arg) => match arg {
            FunctionArgExpr::Expr(expression) => Some(expression),
            _ => None,
        },
    }
}

pub(super) fn arguments(function: &Function) -> Vec<&Expr> {
    match &function.args {
        FunctionArguments::List(list) => list.args.iter().filter_map(argument).collect(),
        FunctionArguments::None | FunctionArguments::Subquery(_) => Vec::new(),
    }
}

pub(super) fn name(function: &Function) -> String {
    super::last_name(&function.name).to_ascii_lowercase()
}

/// Whether a function is an aggregate over all rows, not one over a window.
pub(super) fn is_aggregate(function: &Function) -> bool {
    if function.over.is_some() {
        return false;
    }
    match name(function).as_str() {
        "count" | "sum" | "total" | "avg" | "group_concat" | "string_agg" | "json_group_array"
        | "json_group_object" | "jsonb_group_array" | "jsonb_group_object" | "bit_and"
        | "bit_or" | "bit_xor" | "std" | "stddev" | "stddev_pop" | "stddev_samp" | "var_pop"
        | "var_samp" | "variance" | "json_arrayagg" | "json_objectagg" => true,
        // With several arguments they compare values of one row.
        "min" | "max" => arguments(function).len() == 1,
        _ => false,
    }
}

/// Whether an expression holds an aggregate of its own statement, not one of a subquery.
pub(super) fn holds_aggregate(expression: &Expr) -> bool {
    struct Search {
        depth: usize,
    }
    impl Visitor for Search {
        type Break = ();

        fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
            self.depth += 1;
            ControlFlow::Continue(())
        }

        fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
            self.depth -= 1;
            ControlFlow::Continue(())
        }

        fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
            match expression {
                Expr::Function(function) if self.depth == 0 && is_aggregate(function) => {
                    ControlFlow::Break(())
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }
    expression.visit(&mut Search { depth: 0 }).is_break()
}

/// Whether the value does not depend on a plain column, which is NULL where there is no row.
pub(super) fn constant_or_aggregate(expression: &Expr) -> bool {
    match expression {
        Expr::Function(function) if is_aggregate(function) => true,
        Expr::Function(function) => arguments(function).into_iter().all(constant_or_aggregate),
        Expr::Value(_) => true,
        Expr::Nested(inner)
        | Expr::Cast { expr: inner, .. }
        | Expr::UnaryOp { expr: inner, .. } => constant_or_aggregate(inner),
        Expr::BinaryOp { left, right, .. } => {
            constant_or_aggregate(left) && constant_or_aggregate(right)
        }
        _ => false,
    }
}

impl Analyzer<'_> {
    /// What is known of an expression. Looks at every binding in it as well.
    pub(super) fn expression(&mut self, expression: &Expr, scope: &Scope) -> Known {
        use SqlType::{Boolean, Text};
        match expression {
            Expr::Identifier(ident) if ident.quote_style.is_none() => {
                match ident.value.to_ascii_lowercase().as_str() {
                    "current_timestamp" => return Known::of(SqlType::DateTime, false),
                    "current_date" => return Known::of(SqlType::Date, false),
                    "current_time" => return Known::of(SqlType::Time, false),
                    _ => {}
                }
                self.named(expression, scope)
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.named(expression, scope),
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => {
                self.expression(inner, scope)
            }
            Expr::Value(value) => self.literal(&value.value),
            Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner) => {
                self.expression(inner, scope);
                Known::of(Boolean, false)
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.comparison(left, right, scope);
                Known::of(Boolean, false)
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, scope),
            Expr::UnaryOp { op, expr } => {
                let known = self.expression(expr, scope);
                match op {
                    UnaryOperator::Not => Known::of(Boolean, known.nullable),
                    UnaryOperator::Plus => known,
                    // Of anything but a number it makes a number, and which one is not known.
                    UnaryOperator::Minus => Known {
                        kind: known.kind.filter(|k| matches!(k, SqlType::Integer | SqlType::Real)),
                        nullable: known.nullable,
                        null: known.null,
                    },
                    _ => Known::nothing(),
                }
            }
            Expr::Between { expr, low, high, .. } => {
                let low = self.comparison(expr, low, scope);
                let high = self.comparison(expr, high, scope);
                Known::of(Boolean, low || high)
            }
            Expr::Like { expr, pattern, .. }
            | Expr::ILike { expr, pattern, .. }
            | Expr::RLike { expr, pattern, .. } => {
                for side in [expr, pattern] {
                    self.expect(side, &Text);
                }
                let value = self.expression(expr, scope);
                let pattern = self.expression(pattern, scope);
                Known::of(Boolean, value.nullable || pattern.nullable)
            }
            Expr::InList { expr, list, .. } => {
                let mut nullable = self.expression(expr, scope).nullable;
                for item in list {
                    nullable |= self.comparison(expr, item, scope);
                }
                Known::of(Boolean, nullable)
            }
            // `a = ANY ($1)` is PostgreSQL's `a IN (:list)`.
            Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => {
                if let Some(number) = placeholder(right)
                    && let Some(origin) = column(left, scope).and_then(|column| column.origin)
                {
                    self.spread(number, origin);
                }
                self.expression(left, scope);
                self.expression(right, scope);
                Known::of(Boolean, true)
            }
            Expr::Extract { expr, .. } => {
                self.expression(expr, scope);
                Known::nothing()
            }
            Expr::Ceil { expr, .. } | Expr::Floor { expr, .. } => {
                let nullable = self.expression(expr, scope).nullable;
                Known::nullable(nullable || self.engine == Engine::Mysql)
            }
            Expr::AtTimeZone { timestamp, .. } => {
                let nullable = self.expression(timestamp, scope).nullable;
                Known::nullable(nullable)
            }
            Expr::Array(array) => {
                for item in &array.elem {
                    self.expression(item, scope);
                }
                Known::nullable(false)
            }
            Expr::Interval(interval) => {
                let pair = interval.leading_field == Some(DateTimeField::Century);
                let number =
                    if pair && self.engine == Engine::Mysql { Text } else { SqlType::Integer };
                self.expect(&interval.value, &number);
                self.expression(&interval.value, scope);
                // In MySQL a moment and an interval are NULL where that is beyond the year 9999.
                Known::nullable(self.engine == Engine::Mysql)
            }
            Expr::TypedString(_) => Known::nullable(false),
            Expr::Prefixed { value, .. } => self.expression(value, scope),
            Expr::Convert { expr, data_type, .. } => {
                let made = data_type
                    .as_ref()
                    .map_or(Some(Text), |data_type| hint::cast_in_mysql(&data_type.to_string()));
                if let Some(kind) = &made {
                    self.expect(expr, kind);
                }
                self.expression(expr, scope);
                Known { kind: made, ..Known::nothing() }
            }
            Expr::Position { expr, r#in } => {
                let mut nullable = false;
                for part in [expr, r#in] {
                    self.expect(part, &Text);
                    nullable |= self.expression(part, scope).nullable;
                }
                Known::of(SqlType::Integer, nullable)
            }
            Expr::InSubquery { expr, subquery, .. } => {
                let known = self.expression(expr, scope);
                let kind = known.kind.clone();
                let columns = self.query(subquery, scope).unwrap_or_default();
                if let [found] = columns.as_slice() {
                    if let (Some(number), Some(origin)) = (placeholder(expr), &found.origin) {
                        self.compared(number, origin.clone());
                    }
                    self.expect_as(expr, &found.known);
                }
                self.set_operation(
                    [&subquery.body; 2],
                    [None, Some(&[Column { name: None, known, origin: None }])],
                );
                if let Some(number) = spread_list(&subquery.body)
                    && let Some(origin) = column(expr, scope).and_then(|column| column.origin)
                {
                    self.spread(number, origin);
                } else if let (Some(number), Some(kind)) = (spread_list(&subquery.body), kind) {
                    let facts = self.analysis.bindings.entry(number).or_default();
                    facts.hint.get_or_insert_with(|| SqlType::Array(Box::new(kind)));
                }
                Known::of(Boolean, true)
            }
            Expr::Exists { subquery, .. } => {
                self.query(subquery, scope);
                Known::of(Boolean, false)
            }
            Expr::Subquery(query) => {
                let columns = self.query(query, scope);
                let one_row = matches!(query.body.as_ref(), SetExpr::Select(select)
                    if select.having.is_none()
                        && query.limit_clause.is_none()
                        && query.fetch.is_none()
                        && matches!(&select.group_by, sqlparser::ast::GroupByExpr::Expressions(by, _) if by.is_empty())
                        && select.projection.iter().any(|item| matches!(item,
                            SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } if holds_aggregate(e))));
                let Some([column]) = columns.as_deref() else { return Known::nothing() };
                Known {
                    kind: column.known.kind.clone(),
                    nullable: column.known.nullable || !one_row,
                    null: false,
                }
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                if let Some(operand) = operand {
                    self.expression(operand, scope);
                }
                let mut results = Vec::new();
                let mut values = Vec::new();
                for branch in conditions {
                    match operand {
                        Some(operand) => {
                            self.comparison(operand, &branch.condition, scope);
                        }
                        None => {
                            self.expect(&branch.condition, &Boolean);
                            self.expression(&branch.condition, scope);
                        }
                    }
                    results.push(self.expression(&branch.result, scope));
                    values.push(&branch.result);
                }
                match else_result {
                    Some(otherwise) => {
                        results.push(self.expression(otherwise, scope));
                        values.push(otherwise.as_ref());
                    }
                    None => results.push(Known::null()),
                }
                self.alike(&values, &results);
                unify(&results, |nullable| nullable.iter().any(|n| *n))
            }
            Expr::Cast { expr, data_type, .. } => {
                let inner = self.expression(expr, scope);
                if self.engine == Engine::Mysql {
                    // It can make NULL of a value.
                    let made = hint::cast_in_mysql(&data_type.to_string());
                    if let Some(kind) = &made {
                        self.expect(expr, kind);
                    }
                    return Known { kind: made, ..Known::nothing() };
                }
                if self.engine == Engine::Postgres {
                    // It says itself what a cast makes. From version 18 on the null of JSON becomes
                    // one of SQL when it is cast to a number or a boolean.
                    let nullable = inner.nullable || inner.kind == Some(SqlType::Json);
                    return Known::nullable(nullable);
                }
                let kind = match declared_type(&data_type.to_string()) {
                    // SQLite casts to a storage class, with NUMERIC for any number; to that one it keeps
                    // what it finds.
                    Some(
                        kind @ (SqlType::Integer
                        | SqlType::Real
                        | SqlType::Text
                        | SqlType::Blob
                        | SqlType::Decimal),
                    ) => Some(kind),
                    _ => None,
                };
                Known { kind, nullable: inner.nullable, null: false }
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let Known { kind, mut nullable, .. } = self.expression(expr, scope);
                for part in substring_from.iter().chain(substring_for) {
                    let part = self.expression(part, scope);
                    // PostgreSQL also takes a pattern, and it may not be found.
                    let place = part.kind == Some(SqlType::Integer);
                    nullable |= part.nullable || self.engine == Engine::Postgres && !place;
                }
                // A part of a blob is a blob.
                let kind = kind.filter(|kind| *kind != SqlType::Blob).map(|_| Text);
                Known { kind, nullable, null: false }
            }
            Expr::Trim { expr, trim_what, .. } => {
                self.expect(expr, &Text);
                let mut nullable = self.expression(expr, scope).nullable;
                if let Some(what) = trim_what {
                    nullable |= self.expression(what, scope).nullable;
                }
                Known::of(Text, nullable)
            }
            Expr::Function(function) => self.function(function, scope),
            Expr::Tuple(items) => {
                for item in items {
                    self.expression(item, scope);
                }
                Known::nothing()
            }
            // Nothing is known of the rest, and saying nothing is always right.
            _ => Known::nothing(),
        }
    }

    /// What is known of a column.
    fn named(&self, expression: &Expr, scope: &Scope) -> Known {
        let last = match expression {
            Expr::Identifier(ident) => Some(ident),
            Expr::CompoundIdentifier(parts) => parts.last(),
            _ => None,
        };
        let rowid = self.engine == Engine::Sqlite && last.is_some_and(|name| is_rowid(&name.value));
        match column(expression, scope) {
            Some(column) => column.known,
            None if rowid => Known::of(SqlType::Integer, true),
            None => Known::nothing(),
        }
    }

    /// Both sides of a comparison; says whether the answer can be NULL.
    fn comparison(&mut self, left: &Expr, right: &Expr, scope: &Scope) -> bool {
        if let (Expr::Tuple(left), Expr::Tuple(right)) = (unnested(left), unnested(right)) {
            let pairs = left.iter().zip(right);
            return pairs
                .fold(false, |any, (left, right)| self.comparison(left, right, scope) || any);
        }
        for (value, other) in [(left, right), (right, left)] {
            if let Some(number) = placeholder(value)
                && let Some(origin) = column(other, scope).and_then(|column| column.origin)
            {
                self.compared(number, origin);
            }
        }
        let known = (self.expression(left, scope), self.expression(right, scope));
        self.expect_as(left, &known.1);
        self.expect_as(right, &known.0);
        // What is computed is a number, whichever it is.
        for (value, other) in [(left, right), (right, left)] {
            if hint::computes(other) {
                self.expect(value, &SqlType::Real);
            }
        }
        known.0.nullable || known.1.nullable
    }

    /// LIMIT and OFFSET take whole numbers.
    pub(super) fn counted(&mut self, value: &Expr, scope: &Scope) {
        self.expect(value, &SqlType::Integer);
        self.expression(value, scope);
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, scope: &Scope) -> Known {
        use BinaryOperator as Op;
        use SqlType::{Boolean, Decimal, Integer, Json, Real, Text, Unsigned};
        let mysql = self.engine == Engine::Mysql;
        if matches!(op, Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq | Op::Spaceship)
        {
            let nullable = self.comparison(left, right, scope);
            return Known::of(Boolean, nullable && *op != Op::Spaceship);
        }
        // Each side is read once: a long sum nests as deep as it is long.
        let a = self.expression(left, scope);
        let b = self.expression(right, scope);
        let nullable = a.nullable || b.nullable;
        match op {
            Op::And | Op::Or | Op::Xor => {
                self.expect(left, &Boolean);
                self.expect(right, &Boolean);
                Known::of(Boolean, nullable)
            }
            // Two bars are OR in MySQL.
            Op::StringConcat => {
                let kind = if mysql { Boolean } else { Text };
                self.expect(left, &kind);
                self.expect(right, &kind);
                Known::of(kind, nullable)
            }
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo | Op::MyIntegerDivide => {
                self.computed(left, right, [&a, &b]);
                // What is true is 1 there.
                let number = |kind: Option<SqlType>| match kind {
                    Some(Boolean) if self.engine == Engine::Sqlite => Some(Integer),
                    kind => kind,
                };
                let (a, b) = (number(a.kind), number(b.kind));
                // Division by zero is NULL; in PostgreSQL it is an error.
                let by_zero = matches!(op, Op::Divide | Op::Modulo | Op::MyIntegerDivide);
                let nullable = nullable || by_zero && self.engine != Engine::Postgres;
                let kind = match (a, b) {
                    (Some(Integer), Some(Integer)) if mysql && *op == Op::Divide => Some(Decimal),
                    (Some(Real), Some(Decimal)) | (Some(Decimal), Some(Real)) if mysql => {
                        Some(Real)
                    }
                    (Some(Integer), Some(Integer)) => Some(Integer),
                    (Some(Unsigned), Some(Integer | Unsigned))
                    | (Some(Integer), Some(Unsigned))
                        if *op != Op::Divide =>
                    {
                        Some(Unsigned)
                    }
                    (Some(Real), Some(Integer | Real)) | (Some(Integer), Some(Real)) => Some(Real),
                    (Some(Decimal), Some(Integer | Real | Decimal))
                    | (Some(Integer | Real), Some(Decimal)) => Some(Decimal),
                    // A text is read as a number.
                    (Some(Text), Some(Text | Integer | Unsigned | Real | Decimal))
                    | (Some(Integer | Unsigned | Real | Decimal), Some(Text))
                        if mysql && *op != Op::MyIntegerDivide =>
                    {
                        Some(Real)
                    }
                    _ => None,
                };
                Known { kind, nullable, null: false }
            }
            Op::BitwiseAnd | Op::BitwiseOr if self.engine == Engine::Sqlite => {
                Known::of(Integer, nullable)
            }
            Op::BitwiseAnd
            | Op::BitwiseOr
            | Op::BitwiseXor
            | Op::PGBitwiseShiftLeft
            | Op::PGBitwiseShiftRight
                if mysql =>
            {
                self.expect(left, &Integer);
                self.expect(right, &Integer);
                Known::of(Unsigned, nullable)
            }
            Op::Arrow => Known::of(Json, true),
            _ => Known::nothing(),
        }
    }

    fn function(&mut self, function: &Function, scope: &Scope) -> Known {
        if let Some(filter) = &function.filter {
            self.expression(filter, scope);
        }
        let known: Vec<Known> = arguments(function)
            .into_iter()
            .map(|argument| self.expression(argument, scope))
            .collect();
        self.called(function, &known);
        self.windowed(function, scope);
        let schema = function.name.0.iter().rev().nth(1).and_then(|part| part.as_ident());
        if schema.is_some_and(|schema| schema.value != "pg_catalog") {
            // Its name may be that of a function that is known, and it is another one.
            return Known::nothing();
        }
        let name = name(function);
        // It counts parts of seconds where it is told to, which a binding can do as well.
        let whole = |value: &&Expr| match value {
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(text) => !text.to_ascii_lowercase().starts_with("subsec"),
                Value::Placeholder(_) => false,
                _ => true,
            },
            _ => false,
        };
        let modifiers = arguments(function).into_iter().skip(1).collect::<Vec<_>>();
        if self.engine == Engine::Sqlite && name == "unixepoch" && !modifiers.iter().all(whole) {
            return Known::of(SqlType::Real, true);
        }
        let call = Call { name: &name, arguments: &known, windowed: function.over.is_some() };
        match self.engine {
            Engine::Sqlite => call.in_sqlite(),
            Engine::Postgres => call.in_postgres(),
            Engine::Mysql => call.in_mysql(),
        }
    }

    /// Bindings in OVER, WITHIN GROUP and in an aggregate's own ORDER BY.
    fn windowed(&mut self, function: &Function, scope: &Scope) {
        if let Some(WindowType::WindowSpec(window)) = &function.over {
            let ordered = window.order_by.iter().map(|order| &order.expr);
            for value in window.partition_by.iter().chain(ordered) {
                self.expression(value, scope);
            }
        }
        let clauses: &[FunctionArgumentClause] = match &function.args {
            FunctionArguments::List(list) => &list.clauses,
            FunctionArguments::None | FunctionArguments::Subquery(_) => &[],
        };
        let inside = clauses.iter().filter_map(|clause| match clause {
            FunctionArgumentClause::OrderBy(order) => Some(order),
            _ => None,
        });
        for order in function.within_group.iter().chain(inside.flatten()) {
            self.expression(&order.expr, scope);
        }
    }

    fn literal(&self, value: &Value) -> Known {
        match value {
            Value::Number(text, _) => {
                let text = text.to_string();
                let kind = if text.parse::<i64>().is_ok() {
                    SqlType::Integer
                } else if self.engine == Engine::Mysql && !text.contains(['e', 'E']) {
                    SqlType::Decimal
                } else {
                    SqlType::Real
                };
                Known::of(kind, false)
            }
            Value::SingleQuotedString(_) => Known::of(SqlType::Text, false),
            // Only MySQL's; elsewhere they quote names.
            Value::DoubleQuotedString(_) | Value::NationalStringLiteral(_) => {
                Known::of(SqlType::Text, false)
            }
            Value::Boolean(_) => Known::of(SqlType::Boolean, false),
            // A number, in MySQL, where one is wanted.
            Value::HexStringLiteral(_) if self.engine == Engine::Sqlite => {
                Known::of(SqlType::Blob, false)
            }
            Value::HexStringLiteral(_) | Value::SingleQuotedByteStringLiteral(_) => {
                Known { nullable: false, ..Known::nothing() }
            }
            Value::Null => Known::null(),
            _ => Known::nothing(),
        }
    }
}

/// An expression without the parentheses around it.
fn unnested(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) => unnested(inner),
        _ => expression,
    }
}

/// One value out of several: their common type. A NULL literal has none and takes any.
pub(super) fn unify(all: &[Known], nullable: impl Fn(&[bool]) -> bool) -> Known {
    let nulls: Vec<bool> = all.iter().map(|known| known.nullable).collect();
    let mut typed = all.iter().filter(|known| !known.null).map(|known| known.kind.clone());
    let first = typed.next().flatten();
    let kind = typed.fold(first, |all, kind| common(all?, kind?));
    Known { kind, nullable: nullable(&nulls), null: all.iter().all(|known| known.null) }
}

/// The type that takes the values of two.
fn common(a: SqlType, b: SqlType) -> Option<SqlType> {
    use SqlType::{Boolean, Date, DateTime, Decimal, Integer, Real, Text, Time, Uuid};
    let number = |kind: &SqlType| matches!(kind, Boolean | Integer | Real | Decimal);
    let text = |kind: &SqlType| matches!(kind, Text | Date | DateTime | Time | Uuid);
    match (&a, &b) {
        _ if a == b => Some(a),
        _ if text(&a) && text(&b) => Some(Text),
        // Which digits would be lost between them is not known.
        (Real, Decimal) | (Decimal, Real) => None,
        _ if number(&a) && number(&b) => {
            let wider = [Decimal, Real, Integer].into_iter();
            wider.into_iter().find(|kind| *kind == a || *kind == b)
        }
        _ => None,
    }
}

/// The placeholder of `SELECT value FROM json_each(?1)`, as a list is spread.
fn spread_list(body: &SetExpr) -> Option<usize> {
    let SetExpr::Select(select) = body else { return None };
    let [table] = select.from.as_slice() else { return None };
    let sqlparser::ast::TableFactor::Table { name, args: Some(args), .. } = &table.relation else {
        return None;
    };
    if super::last_name(name) != "json_each" {
        return None;
    }
    args.args.first().and_then(argument).and_then(placeholder)
}
