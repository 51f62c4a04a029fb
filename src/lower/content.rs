//! What an answer shows beside its structured content, and icons.

use base64::Engine as _;
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Block, BlockKind, Bytes, Column, Icon, Kind, ResultShape, Role, RowUse, Shown, Table,
};
use crate::spec::document::{self, ReturnsShape, RowsAs};

use super::context::{At, Context, name_help};
use super::mask;
use super::resource::mime_of;
use super::sample::{sample_members, sample_row, sparse_answer};
use super::template;

/// The largest icon that is embedded: it is part of every list that clients ask for.
const LARGEST_ICON: usize = 32 * 1024;

/// What stands in the place of a result's text. `result` is complete but for that.
pub(super) fn shown(
    context: &mut Context,
    shape: &ReturnsShape,
    result: &ResultShape,
    paged: bool,
    at: &At,
) -> Option<Shown> {
    let given = [
        ("text", shape.text.is_some()),
        ("rows_as", shape.rows_as.is_some()),
        ("content", shape.content.is_some()),
    ];
    let given: Vec<&str> =
        given.into_iter().filter(|(_, there)| *there).map(|(key, _)| key).collect();
    if let [first, second, ..] = given.as_slice() {
        let (span, first_span) = (context.key(&at.key(second)), context.key(&at.key(first)));
        context.report(
            Diagnostic::new(Code::Exclusive, span, format!("`{first}` is the text already"))
                .also(first_span, "the first one")
                .help("keep one of them"),
        );
        return None;
    }
    let key = given.first()?;
    let with_rows = result.answer.row().is_some();
    if !with_rows && *key != "text" {
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidReturns,
                span,
                format!("`{key}` goes with `one`, `optional` and `many`"),
            )
            .help("write `text: …`, or return rows"),
        );
        return None;
    }
    let members = sample_members(result, paged);
    let mut sparse = members.clone();
    sparse.insert(result.member.wire().to_owned(), sparse_answer(&result.answer));
    if let Some(text) = &shape.text {
        template::check(context, &at.key("text"), text, [&members, &sparse], template::NO_ROW);
        return Some(Shown::Template(text.clone()));
    }
    if let Some(rows_as) = shape.rows_as {
        return Some(match rows_as {
            RowsAs::Json => Shown::Json,
            RowsAs::Markdown => Shown::Table(Table::Markdown),
            RowsAs::Csv => Shown::Table(Table::Csv),
        });
    }
    let row = result.answer.row()?;
    let blocks = shape.content.iter().flatten().enumerate();
    let blocks: Vec<Option<Block>> = blocks
        .map(|(n, written)| {
            let at = at.key("content").item(n);
            let maker = Maker { row, members: [&members, &sparse], columns: sample_row(row), at };
            maker.block(context, written)
        })
        .collect();
    blocks.into_iter().collect::<Option<Vec<_>>>().map(Shown::Blocks)
}

/// The columns that blocks of a result hold the bytes of, with the places that name them.
pub(super) fn bytes_columns<'s>(shape: &'s ReturnsShape, at: &At) -> Vec<(&'s str, At)> {
    let blocks = shape.content.iter().flatten().enumerate();
    blocks
        .flat_map(|(n, block)| {
            let at = at.key("content").item(n);
            let blob = block.resource.as_ref().and_then(|resource| resource.blob.as_deref());
            [
                (block.image.as_deref(), at.key("image")),
                (block.audio.as_deref(), at.key("audio")),
                (blob, at.key("resource").key("blob")),
            ]
        })
        .filter_map(|(name, at)| Some((name?, at)))
        .collect()
}

/// Marks the columns that are blocks: they are no part of the structured content.
pub(super) fn mark_blocks(
    context: &mut Context,
    shape: &ReturnsShape,
    columns: &mut [Column],
    at: &At,
) -> Option<()> {
    let mut whole = true;
    let columns_at = at.key("columns");
    let known: Vec<String> = columns.iter().map(|column| column.ident.wire().to_owned()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for (name, at) in bytes_columns(shape, at) {
        let span = context.value(&at);
        let found = columns.iter_mut().find(|column| column.ident.wire() == name);
        let diagnostic = match found {
            Some(column) if matches!(column.kind, Kind::Bytes) => {
                column.block = true;
                mask::not_a_block(context, column, &columns_at);
                continue;
            }
            Some(_) => {
                let message = format!("the column `{name}` holds no bytes");
                Diagnostic::new(Code::ColumnMismatch, span, message)
                    .help("select a BLOB column, or say under `columns` that it is `type: string` with `format: byte`")
            }
            None => {
                let message = format!("the statement returns no column `{name}`");
                Diagnostic::new(Code::UnknownName, span, message)
                    .help(name_help(name, &known, "column"))
            }
        };
        context.report(diagnostic);
        whole = false;
    }
    whole.then_some(())
}

/// Reports columns of a shared row that are blocks: such a row is sent whole, bytes and all.
pub(super) fn no_shared_blocks(context: &mut Context, shape: &ReturnsShape, at: &At) {
    for (name, at) in bytes_columns(shape, at) {
        let span = context.value(&at);
        context.report(
            Diagnostic::new(
                Code::InvalidReturns,
                span,
                format!("a shared row is sent whole, so `{name}` would be sent twice"),
            )
            .help("leave out `row`, and say what the database cannot under `columns`"),
        );
    }
}

/// Makes the blocks of one result.
struct Maker<'m> {
    row: &'m RowUse,
    members: [&'m Map<String, Value>; 2],
    columns: Map<String, Value>,
    at: At,
}

impl Maker<'_> {
    fn block(&self, context: &mut Context, written: &document::Block) -> Option<Block> {
        let before = context.diagnostics.len();
        let kinds = [
            ("text", written.text.is_some()),
            ("image", written.image.is_some()),
            ("audio", written.audio.is_some()),
            ("resource", written.resource.is_some()),
            ("link", written.link.is_some()),
        ];
        let kinds: Vec<&str> =
            kinds.into_iter().filter(|(_, there)| *there).map(|(key, _)| key).collect();
        let [key] = kinds.as_slice() else {
            let span = context.value(&self.at);
            context.report(
                Diagnostic::new(Code::Exclusive, span, "a block is of one kind")
                    .help("write one of `text`, `image`, `audio`, `resource` and `link`"),
            );
            return None;
        };
        let bytes = matches!(*key, "image" | "audio");
        if written.mime_type.is_some() != bytes {
            let (span, message, help) = if bytes {
                let example = if *key == "image" { "image/png" } else { "audio/wav" };
                let message = format!("clients must know what kind of `{key}` it is");
                (context.key(&self.at.key(key)), message, format!("add `mime_type: {example}`"))
            } else {
                let message = "`mime_type` goes with `image` and `audio`".to_owned();
                (context.key(&self.at.key("mime_type")), message, "remove it".to_owned())
            };
            let code = if bytes { Code::MissingKey } else { Code::Exclusive };
            context.report(Diagnostic::new(code, span, message).help(help));
            return None;
        }
        let kind = match *key {
            "text" => {
                let text = written.text.as_ref()?;
                template::check(
                    context,
                    &self.at.key("text"),
                    text,
                    self.members,
                    template::NO_ROW,
                );
                BlockKind::Text(text.clone())
            }
            "image" => {
                let mime = self.mime_type(context, written.mime_type.as_deref()?, &self.at)?;
                BlockKind::Image(self.bytes(written.image.as_deref()?, mime)?)
            }
            "audio" => {
                let mime = self.mime_type(context, written.mime_type.as_deref()?, &self.at)?;
                BlockKind::Audio(self.bytes(written.audio.as_deref()?, mime)?)
            }
            "resource" => self.resource(context, written.resource.as_ref()?)?,
            _ => self.link(context, written.link.as_ref()?)?,
        };
        let (audience, priority) = annotations(written.annotations.as_ref());
        (context.diagnostics.len() == before).then_some(Block { kind, audience, priority })
    }

    /// A template with the columns of a row.
    fn template(&self, context: &mut Context, text: &str, at: &At) -> String {
        template::check(context, at, text, [&self.columns, &self.columns], template::NO_ROW);
        text.to_owned()
    }

    fn mime_type(&self, context: &mut Context, text: &str, at: &At) -> Option<String> {
        let at = at.key("mime_type");
        if text.contains('{') {
            return Some(self.template(context, text, &at));
        }
        super::resource::known_mime_type(context, text, &at).then(|| text.to_owned())
    }

    /// The bytes of a column. What is wrong with it has been reported.
    fn bytes(&self, name: &str, mime_type: String) -> Option<Bytes> {
        let column = self.row.row.columns.iter().find(|column| column.ident.wire() == name)?;
        let (column, nullable) = (column.ident.clone(), column.nullable);
        Some(Bytes { column, nullable, mime_type })
    }

    fn resource(
        &self,
        context: &mut Context,
        written: &document::BlockResource,
    ) -> Option<BlockKind> {
        let at = self.at.key("resource");
        let uri = self.template(context, &written.uri, &at.key("uri"));
        let mime_type = match &written.mime_type {
            Some(text) => self.mime_type(context, text, &at)?,
            None if written.blob.is_some() => "application/octet-stream".to_owned(),
            None => "text/plain".to_owned(),
        };
        match (&written.text, &written.blob) {
            (Some(text), None) => {
                let text = self.template(context, text, &at.key("text"));
                Some(BlockKind::TextResource { uri, mime_type, text })
            }
            (None, Some(column)) => {
                Some(BlockKind::BlobResource { uri, bytes: self.bytes(column, mime_type)? })
            }
            (None, None) | (Some(_), Some(_)) => {
                let span = context.value(&at);
                context.report(
                    Diagnostic::new(Code::Exclusive, span, "a resource holds one thing")
                        .help("write either `text: …` or `blob: COLUMN`"),
                );
                None
            }
        }
    }

    fn link(&self, context: &mut Context, written: &document::BlockLink) -> Option<BlockKind> {
        let at = self.at.key("link");
        let mut template = |text: &Option<String>, key: &str| {
            text.as_ref().map(|text| self.template(context, text, &at.key(key)))
        };
        let (title, description) =
            (template(&written.title, "title"), template(&written.description, "description"));
        Some(BlockKind::Link {
            uri: self.template(context, &written.uri, &at.key("uri")),
            name: self.template(context, &written.name, &at.key("name")),
            title,
            description,
            mime_type: match &written.mime_type {
                Some(text) => Some(self.mime_type(context, text, &at)?),
                None => None,
            },
        })
    }
}

/// Whom something is for, and how much it matters.
pub(super) fn annotations(
    written: Option<&document::ContentAnnotations>,
) -> (Vec<Role>, Option<f64>) {
    let Some(written) = written else { return (Vec::new(), None) };
    let audience = written.audience.iter().flatten().map(|audience| match audience {
        document::Audience::User => Role::User,
        document::Audience::Assistant => Role::Assistant,
    });
    (audience.collect(), written.priority)
}

/// Icons of the server, a tool, a resource or a prompt. `at` is the place of their owner.
pub(super) fn icons(context: &mut Context, written: &[document::Icon], at: &At) -> Vec<Icon> {
    let icons = written.iter().enumerate();
    icons.filter_map(|(n, written)| icon(context, written, &at.key("icons").item(n))).collect()
}

fn icon(context: &mut Context, written: &document::Icon, at: &At) -> Option<Icon> {
    let before = context.diagnostics.len();
    let (src, mime_type) = match (&written.src, &written.file) {
        (Some(src), None) => {
            if !src.starts_with("https://") && !src.starts_with("data:") {
                let span = context.value(&at.key("src"));
                context.report(
                    Diagnostic::new(
                        Code::InvalidValue,
                        span,
                        "clients take icons from `https:` and `data:` URIs alone",
                    )
                    .help("write such a URI, or `file: icon.png` to embed a file"),
                );
            }
            (src.clone(), written.mime_type.clone())
        }
        (None, Some(path)) => embedded(context, written, path, at)?,
        (None, None) | (Some(_), Some(_)) => {
            let span = context.value(at);
            context.report(
                Diagnostic::new(Code::Exclusive, span, "an icon is in one place")
                    .help("write either `src: https://…` or `file: icon.png`"),
            );
            return None;
        }
    };
    if let Some(mime_type) = &written.mime_type {
        super::resource::known_mime_type(context, mime_type, &at.key("mime_type"));
    }
    for (n, size) in written.sizes.iter().enumerate() {
        let number = |text: &str| text.parse::<u32>().is_ok_and(|number| number > 0);
        let fits = size.split_once('x').is_some_and(|(w, h)| number(w) && number(h));
        if !fits && size != "any" {
            let span = context.value(&at.key("sizes").item(n));
            context.report(
                Diagnostic::new(Code::InvalidValue, span, format!("`{size}` is no size"))
                    .help("write `48x48`, or `any` for what can be scaled"),
            );
        }
    }
    let theme = written.theme.map(|theme| match theme {
        document::Theme::Light => "light",
        document::Theme::Dark => "dark",
    });
    let icon = Icon { src, mime_type, sizes: written.sizes.clone(), theme };
    (context.diagnostics.len() == before).then_some(icon)
}

/// A file as a `data:` URI, and its MIME type.
fn embedded(
    context: &mut Context,
    written: &document::Icon,
    path: &str,
    at: &At,
) -> Option<(String, Option<String>)> {
    // A missing file has been reported where files are read.
    let bytes = context.files.bytes(path)?;
    let mime_type = mime_of(path);
    let span = context.value(&at.key("file"));
    let known = ["image/png", "image/jpeg", "image/svg+xml", "image/webp"];
    let diagnostic = if !known.contains(&mime_type) {
        Diagnostic::new(Code::InvalidValue, span, format!("`{path}` is no icon that clients show"))
            .help("use a `.png`, `.jpg`, `.svg` or `.webp` file")
    } else if bytes.len() > LARGEST_ICON {
        let message = format!("`{path}` is larger than {} KiB", LARGEST_ICON / 1024);
        Diagnostic::new(Code::TooLarge, span, message)
            .help("make it smaller: each list that a client asks for holds it")
    } else if written.mime_type.is_some() {
        let span = context.key(&at.key("mime_type"));
        Diagnostic::new(Code::Exclusive, span, format!("`{path}` is {mime_type} by its ending"))
            .help("remove `mime_type`")
    } else {
        let data = base64::engine::general_purpose::STANDARD.encode(bytes);
        return Some((format!("data:{mime_type};base64,{data}"), Some(mime_type.to_owned())));
    };
    context.report(diagnostic);
    None
}
