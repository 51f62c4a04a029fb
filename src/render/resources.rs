//! A module for each resource, and which of them a URI means.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use super::print::{doc, id, sentence, text_literal};
use super::{print, server, statement, tools, types};
use crate::ir::{Resource, ResourceContent, ResultShape, Statement, UnknownRule, UriPart};

/// `resources/NAME.rs`.
pub(super) fn module(resource: &Resource, timeout: Duration) -> String {
    let uri = resource.uri_text();
    let place = if resource.templated() {
        let parts = resource.uri.iter().map(|part| match part {
            UriPart::Literal(text) => quote!(uri::Part::Text(#text)),
            UriPart::Param(ident) => {
                let wire = ident.wire();
                quote!(uri::Part::Param(#wire))
            }
        });
        let docs = doc(&format!("The parts of `{uri}`."));
        quote!(#docs pub const URI: &[uri::Part] = &[#(#parts),*];)
    } else {
        quote! {
            #[doc = " The URI."]
            pub const URI: &str = #uri;
        }
    };
    let mime_type = &resource.mime_type;
    let mime = quote! {
        #[doc = " The MIME type."]
        pub const MIME_TYPE: &str = #mime_type;
    };
    let content = content(resource, timeout);
    print::file(&format!("The resource `{uri}`."), quote!(#place #mime #content))
}

fn content(resource: &Resource, timeout: Duration) -> TokenStream {
    let description = doc(&sentence(resource.description.as_deref().unwrap_or(&resource.name)));
    match &resource.content {
        ResourceContent::Text(text) => {
            let text = text_literal(text);
            fixed(&description, &quote!(#text), true)
        }
        ResourceContent::File(file) => {
            let path = format!("../../files/{}", file.name);
            let content =
                if file.text { quote!(include_str!(#path)) } else { quote!(include_bytes!(#path)) };
            fixed(&description, &content, file.text)
        }
        ResourceContent::Table(_) => {
            let path = format!("../../descriptors/tables/{}.json", resource.ident.snake());
            fixed(&description, &quote!(include_str!(#path)), true)
        }
        ResourceContent::Rows { statement, result } => {
            rows(resource, statement, result, timeout, &description)
        }
        ResourceContent::Blob { statement, column, nullable } => {
            let column = proc_macro2::Literal::usize_unsuffixed(*column);
            let fetch = if *nullable {
                quote! {
                    let bytes = session
                        .one(statement, |row| decode::optional(row, #column, decode::bytes))
                        .await?
                        .ok_or_else(Failure::not_found)?;
                }
            } else {
                quote!(let bytes = session.one(statement, |row| decode::bytes(row, #column)).await?;)
            };
            let answer = quote!(Ok(answer::resource_blob(uri, MIME_TYPE, &bytes.0)));
            read(resource, statement, timeout, &quote!(), &description, &quote!(#fetch #answer))
        }
    }
}

fn fixed(description: &TokenStream, content: &TokenStream, text: bool) -> TokenStream {
    let (ty, answer) = if text {
        (quote!(&str), quote!(answer::resource_text))
    } else {
        (quote!(&[u8]), quote!(answer::resource_blob))
    };
    quote! {
        #[doc = " The content."]
        const CONTENT: #ty = #content;

        #description
        pub fn contents() -> ResourceContents {
            #answer(URI, MIME_TYPE, CONTENT)
        }
    }
}

fn rows(
    resource: &Resource,
    statement: &Statement,
    result: &ResultShape,
    timeout: Duration,
    description: &TokenStream,
) -> TokenStream {
    let (fields, definitions) = tools::members(result, false);
    let output = quote! {
        #[doc = " What the resource holds."]
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub struct Output { #fields }

        #definitions
    };
    let fetched = tools::fetched(result);
    let made = tools::made(result, &quote!());
    let body = quote! {
        #fetched
        let output = #made;
        answer::resource_json(uri, MIME_TYPE, &output)
    };
    read(resource, statement, timeout, &output, description, &body)
}

/// The params of the URI, and the function that reads them and asks the database.
fn read(
    resource: &Resource,
    statement: &Statement,
    timeout: Duration,
    definitions: &TokenStream,
    description: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let sql = statement::item("SQL", "The statement.", statement);
    let query = statement::query(&quote!(SQL), statement);
    let timeout = tools::duration(timeout);
    let (params, arguments, reading, uri) = if resource.templated() {
        (
            tools::params_struct(
                &resource.params,
                &[],
                UnknownRule::Refuse,
                "The placeholders of the URI.",
                types::Fields::Plain,
            ),
            quote!(shared: &Shared, uri: &str, arguments: input::Arguments),
            quote!(let params = Params::read(arguments).map_err(input::refuse)?;),
            quote!(),
        )
    } else {
        (quote!(), quote!(shared: &Shared), quote!(), quote!(let uri = URI;))
    };
    quote! {
        #sql

        #[doc = " How long the statement may take."]
        const TIMEOUT: Duration = #timeout;

        #params

        #definitions

        #description
        pub async fn contents(#arguments) -> Result<ResourceContents, Failure> {
            #uri
            #reading
            let statement = #query;
            let mut session = shared.database.read(TIMEOUT).await?;
            #body
        }
    }
}

/// `resources/mod.rs`.
pub(super) fn index(resources: &[Resource]) -> String {
    let modules = resources.iter().map(|resource| {
        let name = id(resource.ident.snake());
        quote!(pub mod #name;)
    });
    let asks = |resource: &Resource| {
        matches!(resource.content, ResourceContent::Rows { .. } | ResourceContent::Blob { .. })
    };
    let fixed = resources.iter().filter(|resource| !resource.templated()).map(|resource| {
        let name = id(resource.ident.snake());
        let call = if asks(resource) {
            quote!(self::#name::contents(shared).await?)
        } else {
            quote!(self::#name::contents())
        };
        let fresh = server::client_cache(&resource.client_cache);
        quote!(self::#name::URI => ReadResourceResult::new(vec![#call]) #fresh)
    });
    let fixed: Vec<TokenStream> = fixed.collect();
    let templated = resources.iter().filter(|resource| resource.templated()).map(|resource| {
        let name = id(resource.ident.snake());
        let fresh = server::client_cache(&resource.client_cache);
        quote! {
            if let Some(arguments) = crate::runtime::uri::matched(self::#name::URI, uri) {
                let contents = self::#name::contents(shared, uri, arguments).await?;
                ReadResourceResult::new(vec![contents]) #fresh
            } else
        }
    });
    let templated: Vec<TokenStream> = templated.collect();
    let unknown = quote!(return Err(crate::runtime::answer::no_resource()));
    let other =
        if templated.is_empty() { quote!(#unknown) } else { quote!(#(#templated)* { #unknown; }) };
    let contents =
        if fixed.is_empty() { other } else { quote!(match uri { #(#fixed,)* _ => #other }) };
    let shared = if resources.iter().any(asks) { quote!(shared) } else { quote!(_shared) };
    print::file_with(
        "The resources, and which of them a URI means.",
        quote! {
            #(#modules)*

            #[doc = " Reads a resource."]
            pub async fn read(#shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
                Ok(#contents)
            }
        },
        &[("CacheScope", "rmcp::model")],
    )
}
