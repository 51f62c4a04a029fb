//! `tests/server/claims.rs`: what tokens say is no argument, and nobody goes without it.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::tests::{Given, NAMES};
use super::{print, types};
use crate::ir::{
    Param, Presence, Resource, Server, UnknownRule, UriPart, sample, sample_arguments,
};

/// The tests of a server that asks for claims.
pub(super) fn module(server: &Server) -> String {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let all = types::json_value(&server.tests.claims.clone().into());
    let tools = server.tools.iter().filter(|tool| tool.reads_claims()).map(|tool| {
        let name = tool.ident.wire();
        let arguments = types::json_value(&sample_arguments(tool).unwrap_or_default().into());
        let claims = claims(&tool.params);
        let refuses = tool.unknown == UnknownRule::Refuse;
        quote!((#name, #arguments, #claims, #refuses))
    });
    let tools: Vec<TokenStream> = tools.collect();
    let prompts = server.prompts.iter().filter(|prompt| prompt.reads_claims()).map(|prompt| {
        let name = prompt.ident.wire();
        let arguments = types::json_value(&texts(&prompt.params).into());
        let claims = claims(&prompt.params);
        quote!((#name, #arguments, #claims))
    });
    let prompts: Vec<TokenStream> = prompts.collect();
    let resources = server.resources.iter().filter(|it| it.reads_claims()).map(|resource| {
        let (uri, claims) = (uri(resource), claims(&resource.params));
        quote!((#uri, #claims))
    });
    let resources: Vec<TokenStream> = resources.collect();
    let list = |name: &str, ty: TokenStream, docs: &str, things: &[TokenStream]| {
        let name = print::id(name);
        let count = proc_macro2::Literal::usize_unsuffixed(things.len());
        (!things.is_empty()).then(|| {
            quote! {
                #[doc = #docs]
                fn #name() -> [#ty; #count] { [#(#things),*] }
            }
        })
    };
    let tool = quote!((&'static str, Value, Claims, bool));
    let docs = " Tools, arguments that they take, and whether they refuse others.";
    let tool_list = list("tools", tool, docs, &tools);
    let prompt = quote!((&'static str, Value, Claims));
    let prompt_list = list("prompts", prompt, " Prompts, with arguments.", &prompts);
    let resource = quote!((&'static str, Claims));
    let resource_list = list("resources", resource, " Resources.", &resources);
    let tools_hide = tool_list.is_some().then(|| {
        quote! {
            let listed = server.client.list_all_tools().await.expect("a list");
            for (name, arguments, claims, refuses) in tools() {
                let tool = listed.iter().find(|tool| tool.name == name).expect("it is listed");
                for (param, _) in claims {
                    assert_eq!(tool.input_schema["properties"].get(*param), None, "{name}");
                    if refuses {
                        server.refuses(name, with(&arguments, param), param).await;
                    }
                }
            }
        }
    });
    let prompts_hide = prompt_list.is_some().then(|| {
        quote! {
            let listed = server.client.list_all_prompts().await.expect("a list");
            for (name, arguments, claims) in prompts() {
                let prompt = listed.iter().find(|prompt| prompt.name == name).expect("it is listed");
                for (param, _) in claims {
                    let mut told = prompt.arguments.iter().flatten();
                    assert!(told.all(|argument| argument.name != *param), "{name}");
                    let refused = server.prompt(name, with(&arguments, param)).await;
                    let error = refused.expect_err("an argument that there is none of");
                    assert_eq!(error.data.expect("data")["type"], "INVALID_ARGUMENTS", "{name}");
                }
            }
        }
    });
    let hidden = (tools_hide.is_some() || prompts_hide.is_some()).then(|| {
        quote! {
            #[doc = " Arguments with a value of the client's own for a claim."]
            fn with(arguments: &Value, param: &str) -> Value {
                let mut arguments = arguments.clone();
                arguments[param] = "another".into();
                arguments
            }

            #[doc = " Clients are told of no claim, and cannot give one."]
            #[tokio::test]
            async fn claims_are_no_arguments() {
                let #fixture = Fixture::new(&[]).await #otherwise;
                #tools_hide
                #prompts_hide
            }
        }
    });
    let tools_deny = tool_list.is_some().then(|| {
        quote! {
            for (name, arguments, claims, _) in tools() {
                for (param, claim) in claims {
                    server = server.claiming(&["*"], without(claim)).await;
                    let result = server.call(name, with(&arguments, param)).await;
                    let (kind, message) = support::error(&result).expect("an error");
                    assert_eq!(kind, "PERMISSION_DENIED", "{name}: {message}");
                    assert!(message.contains(claim), "{name}: {message}");
                }
            }
        }
    });
    let denied = |asked: TokenStream| {
        quote! {
            for (param, claim) in claims {
                server = server.claiming(&["*"], without(claim)).await;
                let error = #asked.await.expect_err("a caller without the claim");
                assert_eq!(error.data.expect("data")["type"], "PERMISSION_DENIED", "{param}");
                assert!(error.message.contains(claim), "{}", error.message);
            }
        }
    };
    let prompts_deny = prompt_list.is_some().then(|| {
        let denied = denied(quote!(server.prompt(name, with(&arguments, param))));
        quote!(for (name, arguments, claims) in prompts() { #denied })
    });
    let resources_deny = resource_list.is_some().then(|| {
        let denied = denied(quote!(server.read(uri)));
        quote!(for (uri, claims) in resources() { #denied })
    });
    let fixture = match fixture.to_string().as_str() {
        "server" => quote!(mut server),
        _ => quote!(Some(mut server)),
    };
    print::file_with(
        "What callers' tokens say is no argument, and whoever's token does not say it is refused.",
        quote! {
            #[doc = " Params, and the claims that they are."]
            type Claims = &'static [(&'static str, &'static str)];

            #tool_list
            #prompt_list
            #resource_list

            #[doc = " What the token of a caller says, but for one claim."]
            fn without(claim: &str) -> Value {
                let mut said = #all;
                said.as_object_mut().expect("an object").remove(claim).expect("it is there");
                said
            }

            #hidden

            #[doc = " Whoever lacks a claim is refused, and giving it as an argument is of no use."]
            #[tokio::test]
            async fn claims_are_asked_for() {
                let #fixture = Fixture::new(&[]).await #otherwise;
                #tools_deny
                #prompts_deny
                #resources_deny
            }
        },
        NAMES,
    )
}

fn claims(params: &[Param]) -> TokenStream {
    let pairs = params.iter().filter_map(|param| {
        let (name, claim) = (param.ident.wire(), param.claim.as_ref()?);
        Some(quote!((#name, #claim)))
    });
    quote!(&[#(#pairs),*])
}

/// Arguments that are required, as prompts and URIs have them: texts.
pub(super) fn texts(params: &[Param]) -> Map<String, Value> {
    let required = params
        .iter()
        .filter(|param| param.is_argument() && matches!(param.presence, Presence::Required));
    required
        .filter_map(|param| {
            let sample = sample(param)?;
            let text = sample.as_str().map_or_else(|| sample.to_string(), str::to_owned);
            Some((param.ident.wire().to_owned(), text.into()))
        })
        .collect()
}

/// A URI of a resource.
pub(super) fn uri(resource: &Resource) -> String {
    let texts = texts(&resource.params);
    let encoded = |text: &str| -> String {
        let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let part = |part: &UriPart| match part {
        UriPart::Literal(text) => text.clone(),
        UriPart::Param(ident) => {
            encoded(texts.get(ident.wire()).and_then(Value::as_str).unwrap_or_default())
        }
    };
    resource.uri.iter().map(part).collect()
}
