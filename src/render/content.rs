//! What a tool answers beside structured content: a text, a table or blocks.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{doc, id, text_literal};
use crate::ir::{Answer, Block, BlockKind, Bytes, ResultShape, Role, Shown, Table};

/// Items that the answer needs, and the expression of the answer to `output`.
pub(super) fn answer(result: &ResultShape) -> (TokenStream, TokenStream) {
    match &result.shown {
        Shown::Json => (quote!(), quote!(answer::json(&output))),
        Shown::Template(text) => {
            let text = text_literal(text);
            let item = quote! {
                #[doc = " The text of the answer."]
                static TEXT: template::Template = template::Template::new(#text);
            };
            (item, quote!(answer::rendered(&output, &TEXT)))
        }
        Shown::Table(table) => (quote!(), self::table(result, *table)),
        Shown::Blocks(blocks) => {
            (self::blocks(result, blocks), quote!(answer::blocks(&output, blocks(&output))))
        }
    }
}

fn table(result: &ResultShape, table: Table) -> TokenStream {
    let member = result.member.wire();
    let columns = result.answer.row().into_iter().flat_map(|row| &row.row.columns);
    let columns = columns.map(|column| column.ident.wire());
    let writer = match table {
        Table::Markdown => quote!(table::markdown),
        Table::Csv => quote!(table::csv),
    };
    quote!(answer::table(&output, #member, &[#(#columns),*], #writer))
}

/// The templates of the blocks, and the function that makes the blocks.
fn blocks(result: &ResultShape, blocks: &[Block]) -> TokenStream {
    let mut maker = Maker { items: quote!(), number: 0 };
    let member = id(result.member.snake());
    // Blocks that are always there begin the list; what follows is added to it.
    let mut first: Vec<TokenStream> = Vec::new();
    let mut lines: Vec<TokenStream> = Vec::new();
    let mut rest = blocks;
    while let Some(block) = rest.first() {
        let by_row = !matches!(block.kind, BlockKind::Text(_));
        let end = rest.iter().position(|other| matches!(other.kind, BlockKind::Text(_)) == by_row);
        let (group, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        let place = if by_row { quote!(row) } else { quote!(output) };
        let made: Vec<Made> = group
            .iter()
            .map(|block| {
                maker.block(block, &place, matches!(result.answer, Answer::One(_)), &member)
            })
            .collect();
        let plain = made.iter().all(|made| made.condition.is_none());
        if (!by_row || matches!(result.answer, Answer::One(_))) && plain && lines.is_empty() {
            first.extend(made.into_iter().map(|made| made.expression));
            continue;
        }
        let pushes = made.into_iter().map(Made::push);
        lines.push(match &result.answer {
            Answer::Many(_) if by_row => quote!(for row in &output.#member { #(#pushes)* }),
            Answer::Optional(_) if by_row => {
                quote!(if let Some(row) = &output.#member { #(#pushes)* })
            }
            _ => quote!(#(#pushes)*),
        });
    }
    let items = maker.items;
    let body = match (first.is_empty(), lines.is_empty()) {
        (_, true) => quote!(Ok(Vec::from([#(#first),*]))),
        (true, false) => quote!(let mut blocks = Vec::new(); #(#lines)* Ok(blocks)),
        (false, false) => quote!(let mut blocks = Vec::from([#(#first),*]); #(#lines)* Ok(blocks)),
    };
    quote! {
        #items

        #[doc = " What stands in the place of the text."]
        fn blocks(output: &Output) -> Result<Vec<ContentBlock>, Failure> { #body }
    }
}

/// The expression of a block, and where it is there if it is not always.
struct Made {
    condition: Option<TokenStream>,
    expression: TokenStream,
}

impl Made {
    fn push(self) -> TokenStream {
        let expression = self.expression;
        match self.condition {
            None => quote!(blocks.push(#expression);),
            Some(condition) => quote!(if #condition { blocks.push(#expression); }),
        }
    }
}

struct Maker {
    items: TokenStream,
    /// How many blocks there were.
    number: usize,
}

impl Maker {
    /// `place` is what the templates of the block render; a single row is a member of the output.
    fn block(
        &mut self,
        block: &Block,
        place: &TokenStream,
        single: bool,
        member: &proc_macro2::Ident,
    ) -> Made {
        self.number += 1;
        let by_row = !matches!(block.kind, BlockKind::Text(_));
        let own = quote!(output.#member);
        let (row, reference) = match (by_row, single) {
            (true, true) => (own.clone(), quote!(&#own)),
            _ => (place.clone(), place.clone()),
        };
        let mut text = |what: &str, text: &str| self.text(what, text, &reference);
        let condition = block.kind.bytes().filter(|bytes| bytes.nullable).map(|bytes| {
            let column = id(bytes.column.snake());
            quote!(let Some(bytes) = &#row.#column)
        });
        let data = |bytes: &Bytes| {
            let column = id(bytes.column.snake());
            if bytes.nullable { quote!(&bytes.0) } else { quote!(&#row.#column.0) }
        };
        let expression = match &block.kind {
            BlockKind::Text(source) => {
                let source = text("TEXT", source).owned;
                quote!(ContentBlock::text(#source))
            }
            BlockKind::Image(bytes) => {
                let (data, mime) = (data(bytes), text("MIME_TYPE", &bytes.mime_type).borrowed);
                quote!(answer::image(#data, #mime))
            }
            BlockKind::Audio(bytes) => {
                let (data, mime) = (data(bytes), text("MIME_TYPE", &bytes.mime_type).borrowed);
                quote!(answer::audio(#data, #mime))
            }
            BlockKind::TextResource { uri, mime_type, text: source } => {
                let uri = text("URI", uri).borrowed;
                let mime = text("MIME_TYPE", mime_type).borrowed;
                let source = text("TEXT", source).owned;
                quote!(ContentBlock::resource(answer::resource_text(#uri, #mime, #source)))
            }
            BlockKind::BlobResource { uri, bytes } => {
                let uri = text("URI", uri).borrowed;
                let (data, mime) = (data(bytes), text("MIME_TYPE", &bytes.mime_type).borrowed);
                quote!(ContentBlock::resource(answer::resource_blob(#uri, #mime, #data)))
            }
            BlockKind::Link { uri, name, title, description, mime_type } => {
                let (uri, name) = (text("URI", uri).owned, text("NAME", name).owned);
                let mut with = |what: &str, source: &Option<String>| {
                    source.as_ref().map(|source| {
                        let setter = format_ident!("with_{}", what.to_ascii_lowercase());
                        let source = text(what, source).owned;
                        quote!(.#setter(#source))
                    })
                };
                let title = with("TITLE", title);
                let description = with("DESCRIPTION", description);
                let mime = with("MIME_TYPE", mime_type);
                quote!(ContentBlock::resource_link(
                    rmcp::model::Resource::new(#uri, #name) #title #description #mime
                ))
            }
        };
        Made { condition, expression: annotated(block, &expression) }
    }

    /// A text that is a template of its own where it holds anything but text.
    fn text(&mut self, what: &str, text: &str, place: &TokenStream) -> Rendered {
        let literal = text_literal(text);
        if !["{{", "{%", "{#"].iter().any(|sign| text.contains(sign)) {
            return Rendered { owned: literal.clone(), borrowed: literal };
        }
        let name = format_ident!("BLOCK_{}_{what}", self.number);
        let words = what.to_ascii_lowercase().replace('_', " ");
        let words = if what == "URI" { "URI".to_owned() } else { words };
        let docs = doc(&format!("Block {}: its {words}.", self.number));
        self.items.extend(
            quote!(#docs static #name: template::Template = template::Template::new(#literal);),
        );
        let owned = quote!(#name.render(#place)?);
        Rendered { borrowed: quote!(&#owned), owned }
    }
}

/// The expressions of a text: as something that becomes a `String`, and as a `&str`.
struct Rendered {
    owned: TokenStream,
    borrowed: TokenStream,
}

fn annotated(block: &Block, expression: &TokenStream) -> TokenStream {
    if block.audience.is_empty() && block.priority.is_none() {
        return expression.clone();
    }
    let audience = block.audience.iter().map(|role| match role {
        Role::User => quote!(rmcp::model::Role::User),
        Role::Assistant => quote!(rmcp::model::Role::Assistant),
    });
    let priority = match block.priority {
        Some(priority) => {
            let priority = proc_macro2::Literal::f64_unsuffixed(priority);
            quote!(Some(#priority))
        }
        None => quote!(None),
    };
    quote!(answer::annotated(#expression, &[#(#audience),*], #priority))
}
