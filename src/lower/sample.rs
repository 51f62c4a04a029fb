//! Values of the kinds that a result will have, for checking templates.

use serde_json::{Map, Value, json};

use crate::ir::{Answer, Column, EchoSource, JsonShape, Kind, Param, ResultShape, RowUse};

/// The members of a result with values of their kinds, for checking templates.
pub(super) fn sample_members(result: &ResultShape, paged: bool) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert(result.member.wire().to_owned(), sample_answer(&result.answer));
    if result.count {
        members.insert("count".to_owned(), json!(1));
    }
    if result.bounded() {
        members.insert("truncated".to_owned(), json!(false));
    }
    if paged {
        members.insert("next_cursor".to_owned(), Value::Null);
    }
    for echo in &result.echo {
        let value = match &echo.source {
            EchoSource::Param(param) => sample_param(param),
            EchoSource::Params { params, .. } => Value::Object(
                params.iter().map(|p| (p.ident.wire().to_owned(), sample_param(p))).collect(),
            ),
        };
        members.insert(echo.ident.wire().to_owned(), value);
    }
    members
}

fn sample_param(param: &Param) -> Value {
    crate::ir::sample(param).unwrap_or(Value::Null)
}

/// The params with values of their kinds, and with those alone that must be given: as a tool reads
/// them, what was not given is null, and within an object it is not there.
pub(super) fn params(params: &[Param]) -> [Map<String, Value>; 2] {
    let map = |value: fn(&Param) -> Value| {
        params.iter().map(|param| (param.ident.wire().to_owned(), value(param))).collect()
    };
    [map(whole), map(|param| sparse(param).unwrap_or(Value::Null))]
}

fn whole(param: &Param) -> Value {
    match param.ty.resolved() {
        Kind::Object(object) => {
            let members = object.properties.iter();
            Value::Object(members.map(|p| (p.ident.wire().to_owned(), whole(p))).collect())
        }
        _ => sample_param(param),
    }
}

fn sparse(param: &Param) -> Option<Value> {
    if param.optional() {
        return None;
    }
    if param.nullable {
        return Some(Value::Null);
    }
    Some(match param.ty.resolved() {
        Kind::Object(object) => {
            let members = object.properties.iter();
            let given = members.filter_map(|p| Some((p.ident.wire().to_owned(), sparse(p)?)));
            Value::Object(given.collect())
        }
        _ => sample_param(param),
    })
}

/// The least that an answer can be: no row where there may be none.
pub(super) fn sparse_answer(answer: &Answer) -> Value {
    match answer {
        Answer::Optional(_) => Value::Null,
        Answer::Many(_) => json!([]),
        Answer::One(_) | Answer::Scalar(_) | Answer::Affected | Answer::InsertedId => {
            sample_answer(answer)
        }
    }
}

pub(super) fn sample_answer(answer: &Answer) -> Value {
    let object = |row: &RowUse| Value::Object(sample_row(row));
    match answer {
        Answer::One(row) | Answer::Optional(row) => object(row),
        Answer::Many(row) => json!([object(row)]),
        Answer::Scalar(column) => sample_column(column),
        Answer::Affected | Answer::InsertedId => json!(1),
    }
}

/// The columns of a row that are part of the structured content.
pub(super) fn sample_row(row: &RowUse) -> Map<String, Value> {
    let columns = row.row.columns.iter().filter(|column| !column.block);
    columns.map(|column| (column.ident.wire().to_owned(), sample_column(column))).collect()
}

fn sample_column(column: &Column) -> Value {
    match (&column.kind, column.json) {
        (_, Some(JsonShape::Array)) => json!([]),
        (_, Some(JsonShape::Object | JsonShape::Record)) | (Kind::Json, None) => json!({}),
        (Kind::Array(_), _) => json!([]),
        (Kind::Integer | Kind::Unsigned, _) => json!(1),
        (Kind::Number, _) => json!(1.5),
        (Kind::Boolean, _) => json!(true),
        (_, None) => json!("text"),
    }
}
