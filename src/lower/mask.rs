//! Columns that callers see a part of, or nothing.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Column, Kind, Mask, MaskKind, ResultShape, WireForm};
use crate::spec::document::{self, MaskUnless};

use super::auth;
use super::context::{At, Context};

/// Puts a mask on a column; `at` is the place of the column.
pub(super) fn mask(
    context: &mut Context,
    written: Option<&document::Column>,
    column: &mut Column,
    at: &At,
) {
    let Some(written) = written.and_then(|column| column.mask.as_ref()) else { return };
    let at = at.key("mask");
    let (kind, unless) = match written {
        document::Mask::Always(kind) => (*kind, None),
        document::Mask::Unless(MaskUnless { kind, unless }) => (*kind, Some(unless)),
    };
    let kind = match kind {
        document::MaskKind::Email => MaskKind::Email,
        document::MaskKind::Last4 => MaskKind::Last4,
        document::MaskKind::Hash => MaskKind::Hash,
        document::MaskKind::Null => MaskKind::Null,
    };
    let text = matches!(column.kind, Kind::Text | Kind::Uuid)
        && !matches!(column.form, Some(WireForm::Interval));
    if kind != MaskKind::Null && !text {
        let span = context.value(&at);
        let name = column.ident.wire();
        let message = format!("`{name}` is no text, and this mask makes one of it");
        context.report(
            Diagnostic::new(Code::InvalidConstraint, span, message)
                .help("write `mask: null`, or cast the column to text in the statement"),
        );
    }
    if let Some(unless) = unless {
        let at = at.key("unless");
        if context.loaded.document.auth.is_none() {
            let span = context.key(&at);
            context.report(
                Diagnostic::new(Code::Exclusive, span, "`unless` needs `auth`").help(
                    "say under `auth` how callers are known, or mask it for all: `mask: email`",
                ),
            );
        } else if unless.is_empty() {
            let span = context.value(&at);
            context.report(
                Diagnostic::new(Code::InvalidValue, span, "`unless` names no scope")
                    .help("name the scopes of those who see the value"),
            );
        } else {
            auth::known(context, unless, &at);
        }
    }
    // A caller for whom the mask falls may see a value, and another one never does.
    column.nullable |= kind == MaskKind::Null;
    column.mask = Some(Box::new(Mask { kind, unless: unless.cloned().unwrap_or_default() }));
}

/// Orders and pages go by values that callers see: a cursor holds them.
pub(super) fn not_paged(
    context: &mut Context,
    result: &ResultShape,
    names: impl Iterator<Item = (At, String)>,
) {
    let Some(row) = result.answer.row() else { return };
    for (at, name) in names {
        let column = row.row.columns.iter().find(|column| column.ident.wire() == name);
        if column.is_some_and(|column| column.mask.is_some()) {
            let span = context.value(&at);
            let message = format!("`{name}` is masked, and a cursor or an order would show it");
            context.report(
                Diagnostic::new(Code::InvalidPage, span, message)
                    .help("go by another column, or remove its mask"),
            );
        }
    }
}

/// A mask belongs to structured content: what is a block is shown as it is.
pub(super) fn not_a_block(context: &mut Context, column: &Column, at: &At) {
    if column.mask.is_some() {
        let span = context.key(&at.key(column.ident.wire()).key("mask"));
        let message =
            format!("`{}` is a block of the answer, which has no mask", column.ident.wire());
        context.report(
            Diagnostic::new(Code::Exclusive, span, message).help("remove `mask`, or the block"),
        );
    }
}
