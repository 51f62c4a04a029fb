//! A module for each resource, and which of them a URI means.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use super::print::{doc, id, sentence, text_literal};
use super::{claims, handlers, masks, print, statement, tools, types};
use crate::ir::{Resource, ResourceContent, ResultShape, Statement, UnknownRule, UriPart, Watch};

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
    let watch = resource.watch.as_ref().map(|watch| self::watch(resource, watch));
    print::file(&format!("The resource `{uri}`."), quote!(#place #mime #content #watch))
}

/// How changes are seen.
fn watch(resource: &Resource, watch: &Watch) -> TokenStream {
    let templated = resource.templated();
    let read = quote!(Params::read(arguments).map_err(input::refuse)?);
    let arguments = templated.then(|| quote!(arguments: input::Arguments));
    match watch {
        Watch::Channel(name) => {
            let (read, params) = if templated {
                (quote!(let params = #read;), quote!(&params))
            } else {
                (quote!(), quote!(&()))
            };
            quote! {
                #[doc = " The channel that the database notifies when the resource has changed."]
                pub const CHANNEL: &str = #name;

                #[doc = " How changes are seen."]
                pub fn watch(#arguments) -> Result<watch::Watch, Failure> {
                    #read
                    watch::Watch::channel(CHANNEL, #params)
                }
            }
        }
        Watch::Poll { statement, every } => {
            let sql = statement::item(
                "WATCH",
                "The statement whose answer changes with the resource.",
                statement,
            );
            let query = statement::query(&quote!(WATCH), statement);
            let every = tools::duration(*every);
            let bound = !statement.binds.is_empty();
            let read = match (templated, bound) {
                (false, _) => quote!(),
                (true, false) => quote!(#read;),
                (true, true) => quote!(let params = #read;),
            };
            let again = if bound {
                quote!(let (database, params) = (Arc::clone(&database), params.clone());)
            } else {
                quote!(let database = Arc::clone(&database);)
            };
            quote! {
                #sql

                #[doc = " How often it is asked while a client is subscribed."]
                const EVERY: Duration = #every;

                #[doc = " How changes are seen."]
                pub fn watch(
                    database: &Arc<crate::runtime::database::Database>,
                    #arguments
                ) -> Result<watch::Watch, Failure> {
                    #read
                    let database = Arc::clone(database);
                    Ok(watch::Watch::poll(EVERY, move || {
                        #again
                        async move {
                            let statement = #query;
                            database.read(TIMEOUT).await?.digest(statement).await
                        }
                    }))
                }
            }
        }
    }
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
    let fetched = tools::fetched(result, false);
    let made = tools::made(result, &quote!());
    let member = id(result.member.snake());
    let hidden = masks::hide(&result.answer, &quote!(output.#member));
    let looks = masks::looks(&resource.masks());
    let name = if hidden.is_some() { quote!(mut output) } else { quote!(output) };
    let body = quote! {
        #fetched
        let #name = #made;
        #looks
        #hidden
        answer::resource_json(uri, MIME_TYPE, &output)
    };
    read(resource, statement, timeout, &output, description, &body)
}

/// What a resource without placeholders takes: of its reader, and nothing else.
fn claims(resource: &Resource) -> TokenStream {
    let derives = types::derives(false);
    let fields = types::fields(&resource.params, types::Fields::Plain);
    let definitions = types::definitions(&resource.params, types::Home::Module);
    let (lines, made) = types::reading(&resource.params, types::Home::Module);
    quote! {
        #[doc = " What the reader's token or key says."]
        #derives
        pub struct Params { #fields }

        impl Params {
            #[doc = " Reads it."]
            pub fn read(caller: &auth::Caller) -> Result<Self, Failure> {
                #lines
                Ok(#made)
            }
        }

        #definitions
    }
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
    let (read, caller) = (claims::read(&resource.params), claims::param(resource.takes_caller()));
    let (params, arguments, reading, uri) = if resource.templated() {
        (
            tools::params_struct(
                &resource.params,
                &[],
                UnknownRule::Refuse,
                "The placeholders of the URI.",
                // A payload names them.
                if matches!(resource.watch, Some(Watch::Channel(_))) {
                    types::Fields::Echo
                } else {
                    types::Fields::Plain
                },
            ),
            quote!(shared: &Shared, #caller uri: &str, arguments: input::Arguments),
            quote!(let params = #read;),
            quote!(),
        )
    } else if resource.reads_claims() {
        (
            claims(resource),
            quote!(shared: &Shared, #caller),
            quote!(let params = Params::read(caller)?;),
            quote!(let uri = URI;),
        )
    } else {
        (quote!(), quote!(shared: &Shared, #caller), quote!(), quote!(let uri = URI;))
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
            let caller = resource.takes_caller().then(|| quote!(, caller));
            quote!(self::#name::contents(shared #caller).await?)
        } else {
            quote!(self::#name::contents())
        };
        let fresh = handlers::client_cache(&resource.client_cache);
        quote!(self::#name::URI => ReadResourceResult::new(vec![#call]) #fresh)
    });
    let fixed: Vec<TokenStream> = fixed.collect();
    let templated = resources.iter().filter(|resource| resource.templated()).map(|resource| {
        let name = id(resource.ident.snake());
        let fresh = handlers::client_cache(&resource.client_cache);
        let caller = claims::argument(resource.takes_caller());
        quote! {
            if let Some(arguments) = crate::runtime::uri::matched(self::#name::URI, uri) {
                let contents = self::#name::contents(shared, #caller uri, arguments).await?;
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
    let caller = claims::param(resources.iter().any(Resource::takes_caller));
    let watches = resources.iter().any(|resource| resource.watch.is_some());
    let watched = watches.then(|| watched(resources));
    print::file_with(
        "The resources, and which of them a URI means.",
        quote! {
            #(#modules)*

            #[doc = " Reads a resource."]
            pub async fn read(#shared: &Shared, #caller uri: &str) -> Result<ReadResourceResult, Failure> {
                Ok(#contents)
            }

            #watched
        },
        &[("CacheScope", "rmcp::model"), ("Database", "crate::runtime::database")],
    )
}

/// How changes of the resource behind a URI are seen: of the same one that is read.
fn watched(resources: &[Resource]) -> TokenStream {
    let mut channels: Vec<&str> = Vec::new();
    let mut polls = false;
    for resource in resources {
        match &resource.watch {
            Some(Watch::Channel(name)) if !channels.contains(&name.as_str()) => channels.push(name),
            Some(Watch::Channel(_)) | None => {}
            Some(Watch::Poll { .. }) => polls = true,
        }
    }
    let channels = (!channels.is_empty()).then(|| {
        quote! {
            #[doc = " The channels that are listened to."]
            pub const CHANNELS: &[&str] = &[#(#channels),*];
        }
    });
    let seen = |resource: &Resource, arguments: TokenStream| {
        let name = id(resource.ident.snake());
        match &resource.watch {
            None => quote!(Err(watch::unwatched())),
            Some(Watch::Channel(_)) => quote!(self::#name::watch(#arguments)),
            Some(Watch::Poll { .. }) => quote!(self::#name::watch(database, #arguments)),
        }
    };
    let templates =
        resources.iter().any(|resource| resource.templated() && resource.watch.is_some());
    // What is fixed comes before the templates that it could be one of.
    let (watched, unwatched): (Vec<&Resource>, Vec<&Resource>) = resources
        .iter()
        .filter(|resource| !resource.templated())
        .partition(|resource| resource.watch.is_some());
    let pattern = |resource: &&Resource| {
        let name = id(resource.ident.snake());
        quote!(self::#name::URI)
    };
    let fixed = watched.iter().map(|resource| {
        let (pattern, seen) = (pattern(resource), seen(resource, quote!()));
        quote!(#pattern => #seen)
    });
    let mut fixed: Vec<TokenStream> = fixed.collect();
    if templates && !unwatched.is_empty() {
        let patterns = unwatched.iter().map(pattern);
        fixed.push(quote!(#(#patterns)|* => Err(watch::unwatched())));
    }
    let last =
        resources.iter().rposition(|resource| resource.templated() && resource.watch.is_some());
    let templated = resources.iter().take(last.map_or(0, |last| last + 1));
    let templated = templated.filter(|resource| resource.templated()).map(|resource| {
        let name = id(resource.ident.snake());
        let seen = seen(resource, quote!(arguments));
        let (pattern, test) = match &resource.watch {
            Some(_) => (quote!(let Some(arguments) =), quote!()),
            None => (quote!(), quote!(.is_some())),
        };
        quote! {
            if #pattern crate::runtime::uri::matched(self::#name::URI, uri) #test { #seen } else
        }
    });
    let other = quote!(#(#templated)* { Err(watch::unwatched()) });
    let seen = if fixed.is_empty() { other } else { quote!(match uri { #(#fixed,)* _ => #other }) };
    let database = if polls { quote!(database) } else { quote!(_database) };
    quote! {
        #channels

        #[doc = " How changes of the resource behind a URI are seen."]
        pub fn watch(#database: &Arc<Database>, uri: &str) -> Result<watch::Watch, Failure> {
            #seen
        }
    }
}
