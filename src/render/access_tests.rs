//! `tests/server/access.rs`: nobody uses or sees what asks for more than he has.

use proc_macro2::TokenStream;
use quote::quote;

use super::print;
use super::tests::Given;
use crate::ir::{Access, Auth, Server};

/// The tests of a server with `auth`.
pub(super) fn module(server: &Server, auth: &Auth) -> String {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let needs = |access: &Access| match access {
        Access::Public => quote!(None),
        Access::Scopes(scopes) => quote!(Some(&[#(#scopes),*])),
    };
    let list = |name: &str, docs: &str, things: Vec<(String, &Access)>| {
        let name = super::print::id(name);
        let things = things.iter().map(|(thing, access)| {
            let needs = needs(access);
            quote!((#thing, #needs))
        });
        let things: Vec<TokenStream> = things.collect();
        (!things.is_empty()).then(|| {
            quote! {
                #[doc = #docs]
                const #name: &[(&str, Needs)] = &[#(#things),*];
            }
        })
    };
    let tools = server.tools.iter().map(|tool| (tool.ident.wire().to_owned(), &tool.access));
    let tools = list("TOOLS", " What each tool asks for.", tools.collect());
    let of = |templated: bool| {
        let some = server.resources.iter().filter(move |it| it.templated() == templated);
        some.map(|resource| (resource.uri_text(), &resource.access)).collect()
    };
    let resources = list("RESOURCES", " What each resource asks for.", of(false));
    let templates = list("TEMPLATES", " What each resource template asks for.", of(true));
    let prompts = server.prompts.iter();
    let prompts = prompts.map(|prompt| (prompt.ident.wire().to_owned(), &prompt.access));
    let prompts = list("PROMPTS", " What each prompt asks for.", prompts.collect());

    // Beside nobody and whoever has nothing: whoever has one scope, and whoever lacks one.
    let names: Vec<&str> = auth.scopes.iter().map(|scope| scope.name.as_str()).collect();
    let includes = auth.scopes.iter().map(|scope| {
        let (name, others) = (&scope.name, &scope.includes);
        quote!((#name, &[#(#others),*]))
    });
    let look = |list: &str, method: TokenStream, key: TokenStream| {
        let list = super::print::id(list);
        quote! {
            let listed = server.client.#method().await.expect("a list");
            let listed: Vec<String> = listed.into_iter().map(|it| it.#key.to_string()).collect();
            let allowed: Vec<&str> =
                #list.iter().filter(|(_, needs)| may(held, *needs)).map(|(name, _)| *name).collect();
            assert_eq!(listed, allowed, "{held:?}");
        }
    };
    let sees_tools = tools.is_some().then(|| look("TOOLS", quote!(list_all_tools), quote!(name)));
    let sees_resources =
        resources.is_some().then(|| look("RESOURCES", quote!(list_all_resources), quote!(uri)));
    let sees_templates = templates
        .is_some()
        .then(|| look("TEMPLATES", quote!(list_all_resource_templates), quote!(uri_template)));
    let sees_prompts =
        prompts.is_some().then(|| look("PROMPTS", quote!(list_all_prompts), quote!(name)));
    let calls = tools.is_some().then(|| {
        quote! {
            for (name, needs) in TOOLS {
                let result = server.call(name, json!({})).await;
                let kind = support::error(&result).map(|(kind, _)| kind);
                let refused = matches!(
                    kind.as_deref(),
                    Some("PERMISSION_DENIED" | "UNAUTHENTICATED")
                );
                assert_eq!(refused, !may(held, *needs), "{name} for {held:?}: {kind:?}");
            }
        }
    });
    let asked = |list: &str, ask: TokenStream| {
        let list = super::print::id(list);
        quote! {
            for (name, needs) in #list {
                let kind = #ask.err().and_then(|error| Some(error.data?["type"].clone()));
                let refused = kind.is_some_and(|kind| {
                    kind == "PERMISSION_DENIED" || kind == "UNAUTHENTICATED"
                });
                assert_eq!(refused, !may(held, *needs), "{name} for {held:?}");
            }
        }
    };
    let reads = resources.is_some().then(|| asked("RESOURCES", quote!(server.read(name).await)));
    let reads_templates =
        templates.is_some().then(|| asked("TEMPLATES", quote!(server.read(name).await)));
    let gets =
        prompts.is_some().then(|| asked("PROMPTS", quote!(server.prompt(name, json!({})).await)));
    print::file_with(
        "Nobody uses or sees what asks for more than he has.",
        quote! {
            #[doc = " Scopes, all of them; none: nothing is asked for, not even a name."]
            type Needs = Option<&'static [&'static str]>;

            #tools
            #resources
            #templates
            #prompts

            #[doc = " Every scope, and what else whoever has it has."]
            const SCOPES: &[(&str, &[&str])] = &[#(#includes),*];

            #[doc = " Whether whoever holds these scopes may use what needs those; none is nobody."]
            fn may(held: Option<&[&str]>, needs: Needs) -> bool {
                let Some(needs) = needs else { return true };
                let Some(held) = held else { return false };
                needs.iter().all(|needed| {
                    let gives = |(name, others): &(&str, &[&str])| {
                        held.contains(name) && (name == needed || others.contains(needed))
                    };
                    SCOPES.iter().any(gives)
                })
            }

            #[doc = " Everybody from nobody to whoever lacks one scope."]
            fn callers() -> Vec<Option<Vec<&'static str>>> {
                let all = [#(#names),*];
                let mut callers = vec![None, Some(Vec::new())];
                for scope in all {
                    callers.push(Some(vec![scope]));
                    callers.push(Some(all.into_iter().filter(|other| *other != scope).collect()));
                }
                callers
            }

            #[doc = " Lists show what the caller may use, and nothing else can be used."]
            #[tokio::test]
            async fn scopes_are_asked_for() {
                for caller in callers() {
                    let held = caller.as_deref();
                    let #fixture = Fixture::new(&[]).await #otherwise;
                    let server = server.called_by(held).await;
                    #sees_tools
                    #sees_resources
                    #sees_templates
                    #sees_prompts
                    #calls
                    #reads
                    #reads_templates
                    #gets
                }
            }
        },
        super::tests::NAMES,
    )
}
