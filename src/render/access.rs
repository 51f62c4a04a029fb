//! `access.rs`: who may call what.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::{self, id};
use super::tools::duration;
use crate::ir::{Access, Auth, Resource, Server};

/// `access.rs`, of a server with `auth`.
pub(super) fn module(server: &Server, auth: &Auth) -> String {
    let scopes = auth.scopes.iter().map(|scope| {
        let (name, includes) = (&scope.name, &scope.includes);
        quote!(Scope { name: #name, includes: &[#(#includes),*] })
    });
    let claims = server.claims();
    let claims = (!claims.is_empty()).then(|| quote!(claims: &[#(#claims),*],));
    let api_keys = auth.api_keys.as_ref().map(|variable| quote!(api_keys: #variable,));
    let jwt = auth.jwt.as_ref().map(|jwt| {
        let (issuer, audience, algorithms) = (&jwt.issuer, &jwt.audience, &jwt.algorithms);
        let skew = duration(jwt.skew);
        quote! {
            jwt: auth::Jwt {
                issuer: #issuer,
                audience: #audience,
                algorithms: &[#(#algorithms),*],
                skew: #skew,
            },
        }
    });
    let introspection = auth.introspection.as_ref().map(|asked| {
        let (issuer, url, audience) = (&asked.issuer, &asked.url, &asked.audience);
        let (client_id, client_secret) = (&asked.client_id, &asked.client_secret);
        let cache = duration(asked.cache);
        quote! {
            introspection: auth::Asked {
                issuer: #issuer,
                url: #url,
                client_id: #client_id,
                client_secret: #client_secret,
                audience: #audience,
                cache: #cache,
            },
        }
    });
    let public = accesses(server).any(|access| *access == Access::Public);
    let others = match public {
        true => quote! {
            #[doc = " What is asked for everything else: there are things for anybody."]
            const OTHERS: Needs = Needs::Nothing;
        },
        false => quote! {
            #[doc = " What is asked for everything else: to be known."]
            const OTHERS: Needs = Needs::Scopes(&[]);
        },
    };
    let tools = (!server.tools.is_empty()).then(|| {
        let things = server.tools.iter().map(|tool| (tool.ident.wire(), &tool.access));
        by_name("tool", " What a tool asks of its callers.", things)
    });
    let prompts = (!server.prompts.is_empty()).then(|| {
        let things = server.prompts.iter().map(|prompt| (prompt.ident.wire(), &prompt.access));
        by_name("prompt", " What a prompt asks of its callers.", things)
    });
    let resources = (!server.resources.is_empty()).then(|| resource(&server.resources));
    let arms = [
        (tools.is_some(), quote!("tools/call" => tool(subject),)),
        (
            resources.is_some(),
            quote!("resources/read" | "resources/subscribe" | "resources/unsubscribe" => resource(subject),),
        ),
        (prompts.is_some(), quote!("prompts/get" => prompt(subject),)),
    ];
    let arms = arms.into_iter().filter_map(|(there, arm)| there.then_some(arm));
    print::file_with(
        "Who may call what.",
        quote! {
            #[doc = " How callers are known, and what they may do."]
            pub static RULES: auth::Rules = auth::Rules {
                scopes: &[#(#scopes),*],
                needs,
                #claims
                #api_keys
                #jwt
                #introspection
            };

            #others

            #[doc = " What a method asks of its caller for a name or a URI."]
            pub fn needs(method: &str, subject: &str) -> Needs {
                match method {
                    #(#arms)*
                    _ => OTHERS,
                }
            }

            #tools
            #resources
            #prompts
        },
        &[("Needs", "crate::runtime::auth"), ("Scope", "crate::runtime::auth")],
    )
}

/// What each thing of a server asks of its callers.
pub(super) fn accesses(server: &Server) -> impl Iterator<Item = &Access> {
    let tools = server.tools.iter().map(|tool| &tool.access);
    let resources = server.resources.iter().map(|resource| &resource.access);
    tools.chain(resources).chain(server.prompts.iter().map(|prompt| &prompt.access))
}

fn needs(access: &Access) -> TokenStream {
    match access {
        Access::Public => quote!(Needs::Nothing),
        Access::Scopes(scopes) => quote!(Needs::Scopes(&[#(#scopes),*])),
    }
}

/// A function from a name to what it needs; names with the same needs stand together.
fn by_name<'i>(
    function: &str,
    docs: &str,
    things: impl Iterator<Item = (&'i str, &'i Access)>,
) -> TokenStream {
    let mut groups: Vec<(&Access, Vec<&str>)> = Vec::new();
    for (name, access) in things {
        match groups.iter_mut().find(|(other, _)| *other == access) {
            Some((_, names)) => names.push(name),
            None => groups.push((access, vec![name])),
        }
    }
    let function = id(function);
    let arms = groups.iter().map(|(access, names)| {
        let needs = needs(access);
        quote!(#(#names)|* => #needs,)
    });
    quote! {
        #[doc = #docs]
        pub fn #function(name: &str) -> Needs {
            match name {
                #(#arms)*
                _ => OTHERS,
            }
        }
    }
}

/// A function from a URI, or from the text of a template, to what it needs. What is fixed comes before
/// the templates that it could be one of.
fn resource(resources: &[Resource]) -> TokenStream {
    let uri = |resource: &Resource| {
        let name = id(resource.ident.snake());
        quote!(crate::resources::#name::URI)
    };
    let fixed = resources.iter().filter(|resource| !resource.templated()).map(|resource| {
        let (uri, needs) = (uri(resource), needs(&resource.access));
        quote!(#uri => #needs,)
    });
    let templated = resources.iter().filter(|resource| resource.templated()).map(|resource| {
        let (uri, needs) = (uri(resource), needs(&resource.access));
        quote!(_ if crate::runtime::uri::matched(#uri, uri).is_some() => #needs,)
    });
    quote! {
        #[doc = " What a resource asks of its callers."]
        pub fn resource(uri: &str) -> Needs {
            match uri {
                #(#fixed)*
                #(#templated)*
                _ => OTHERS,
            }
        }
    }
}
