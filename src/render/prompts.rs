//! A module for each prompt, and which of them a name means.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{doc, id, sentence, text_literal};
use super::{claims, masks, print, statement, tools, types};
use crate::ir::{Content, Message, Prompt, Role, UnknownRule};

/// `prompts/NAME.rs`.
pub(super) fn module(prompt: &Prompt, timeout: Duration) -> String {
    let statements = prompt.queries.iter().map(|query| {
        let name = format!("{}_SQL", query.ident.shouting());
        let docs = format!("The statement of `{}`.", query.ident.wire());
        statement::item(&name, &docs, &query.statement)
    });
    let templated: Vec<&str> = prompt.messages.iter().filter_map(template).collect();
    let texts = prompt.messages.iter().enumerate().filter_map(|(n, message)| {
        let text = text_literal(template(message)?);
        let name = format_ident!("MESSAGE_{}", n + 1);
        let docs = doc(&format!("Message {}.", n + 1));
        Some(quote!(#docs static #name: template::Template = template::Template::new(#text);))
    });
    let timeout = (!prompt.queries.is_empty()).then(|| {
        let duration = tools::duration(timeout);
        quote! {
            #[doc = " How long the statements may take."]
            const TIMEOUT: Duration = #duration;
        }
    });
    let params = tools::params_struct(
        &prompt.params,
        &[],
        UnknownRule::Refuse,
        "What the prompt takes.",
        types::Fields::Variables,
    );
    let rows = prompt.queries.iter().map(|query| {
        statement::own_row(&query.result.answer, &format!("A row of `{}`.", query.ident.wire()))
    });
    let variables = (!templated.is_empty() && !prompt.queries.is_empty()).then(|| {
        let fields = prompt.queries.iter().map(|query| {
            let name = statement::local(&query.ident);
            let wire = query.ident.wire();
            let rename = (name != wire).then(|| quote!(#[serde(rename = #wire)]));
            let ty = statement::answer_type(&query.result.answer);
            let docs = doc(&format!("What `{wire}` answered."));
            quote!(#docs #rename #name: #ty)
        });
        quote! {
            #[doc = " What the messages can name."]
            #[derive(Debug, Serialize)]
            struct Variables<'a> {
                #[doc = " The arguments."]
                #[serde(flatten)]
                params: &'a Params,
                #(#fields,)*
            }
        }
    });
    let forms = tools::forms(&prompt.ask);
    let get = get(prompt, !templated.is_empty());
    let items = quote! {
        #(#statements)*
        #(#texts)*
        #forms
        #timeout
        #params
        #(#rows)*
        #variables
        #get
    };
    print::file(&format!("The prompt `{}`.", prompt.ident.wire()), items)
}

fn template(message: &Message) -> Option<&str> {
    match &message.content {
        Content::Template(text) => Some(text),
        Content::Image { .. } | Content::Resource(_) => None,
    }
}

fn get(prompt: &Prompt, templated: bool) -> TokenStream {
    let documented = prompt.description.as_deref().or(prompt.title.as_deref());
    let docs = doc(&sentence(documented.unwrap_or(prompt.ident.wire())));
    let asks = !prompt.queries.is_empty();
    let fetched = prompt.queries.iter().map(|query| {
        let name = statement::local(&query.ident);
        let sql = format_ident!("{}_SQL", query.ident.shouting());
        let statement = statement::query(&quote!(#sql), &query.statement);
        let fetch = statement::fetch(&query.result.answer, &statement);
        match masks::hide(&query.result.answer, &quote!(#name)) {
            None => quote!(let #name = #fetch.await?;),
            Some(hidden) => quote!(let mut #name = #fetch.await?; #hidden),
        }
    });
    let looks = masks::looks(&prompt.masks());
    let members = prompt.queries.iter().map(|query| {
        let name = statement::local(&query.ident);
        quote!(#name)
    });
    let fetching = asks.then(|| {
        quote! {
            #looks
            let mut session = shared.database.read(TIMEOUT).await?;
            #(#fetched)*
        }
    });
    let variables = match (templated, asks) {
        (true, true) => quote!(let variables = Variables { params: &params, #(#members),* };),
        (true, false) => quote!(let variables = &params;),
        (false, _) => quote!(),
    };
    let borrowed = if asks { quote!(&variables) } else { quote!(variables) };
    let messages = prompt.messages.iter().enumerate().map(|(n, message)| {
        let role = match message.role {
            Role::User => quote!(rmcp::model::Role::User),
            Role::Assistant => quote!(rmcp::model::Role::Assistant),
        };
        match &message.content {
            Content::Template(_) => {
                let name = format_ident!("MESSAGE_{}", n + 1);
                quote!(PromptMessage::new_text(#role, #name.render(#borrowed)?))
            }
            Content::Image { file, mime_type } => {
                let path = format!("../../files/{}", file.name);
                quote!(PromptMessage::new(#role, answer::image(include_bytes!(#path), #mime_type)))
            }
            Content::Resource(ident) => {
                let name = id(ident.snake());
                quote!(PromptMessage::new(#role, ContentBlock::resource(crate::resources::#name::contents())))
            }
        }
    });
    let description = prompt.description.as_ref().map(|text| quote!(.with_description(#text)));
    let shared = if asks { quote!(shared) } else { quote!(_shared) };
    let uses_params =
        templated || prompt.queries.iter().any(|query| !query.statement.binds.is_empty());
    let params = if uses_params { quote!(params) } else { quote!(_params) };
    let (read, caller) = (claims::read(&prompt.params), claims::param(prompt.takes_caller()));
    quote! {
        #docs
        pub async fn get(#shared: &Shared, #caller arguments: input::Arguments) -> Result<GetPromptResult, Failure> {
            let #params = #read;
            #fetching
            #variables
            let messages = Vec::from([#(#messages),*]);
            Ok(GetPromptResult::new(messages)#description)
        }
    }
}

/// `prompts/mod.rs`.
pub(super) fn index(prompts: &[Prompt]) -> String {
    let modules = prompts.iter().map(|prompt| {
        let name = id(prompt.ident.snake());
        quote!(pub mod #name;)
    });
    let arms = prompts.iter().map(|prompt| {
        let name = id(prompt.ident.snake());
        let wire = prompt.ident.wire();
        let caller = claims::argument(prompt.takes_caller());
        quote!(#wire => self::#name::get(shared, #caller arguments).await)
    });
    let caller = claims::param(prompts.iter().any(Prompt::takes_caller));
    let forms =
        tools::forms_by_name(prompts.iter().map(|prompt| (&prompt.ident, prompt.ask.as_slice())));
    print::file(
        "The prompts, and which of them a name means.",
        quote! {
            #(#modules)*

            #forms

            #[doc = " Gets a prompt; none when there is no prompt of this name."]
            pub async fn get(
                shared: &Shared,
                #caller
                name: &str,
                arguments: crate::runtime::input::Arguments,
            ) -> Option<Result<GetPromptResult, Failure>> {
                Some(match name {
                    #(#arms,)*
                    _ => return None,
                })
            }
        },
    )
}
