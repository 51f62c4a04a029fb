//! `audited.rs`: what is written of calls; and what the rest of a crate does for it.

use proc_macro2::TokenStream;
use quote::quote;

use super::handlers::refused;
use super::print::{self, id};
use super::statement;
use crate::database::facts::Effect;
use crate::ir::{Audit, AuditSink, Backend, Param, Plan, Resource, Server, Tool, Written};

/// `audited.rs`, of a server with `audit`; nothing where there are no rules for its lines.
pub(super) fn module(server: &Server) -> Option<String> {
    let audit = server.audit.as_ref()?;
    let changing = changing(server, audit);
    let required = (!changing.is_empty()).then(|| {
        let names = changing.iter().map(|tool| tool.ident.wire());
        let item = quote! {
            #[doc = " Whether a tool changes anything."]
            fn changes(tool: &str) -> bool {
                matches!(tool, #(#names)|*)
            }
        };
        (quote!(required: changes,), item)
    });
    let arguments = audit.arguments.then(|| {
        let of = |method: &str, name: &str, params: &[Param], paged: bool| {
            let mut written = audit.members(params);
            // It holds values of the last row.
            if paged {
                written
                    .iter_mut()
                    .filter(|(name, _)| *name == "cursor")
                    .for_each(|it| it.1 = Written::Redacted);
            }
            let members = members(&written);
            quote!((#method, #name) => &[#(#members),*])
        };
        let tools = server.tools.iter().filter(|tool| !tool.params.is_empty()).map(|tool| {
            let Backend::Sql(plan) = &tool.backend;
            let paged = matches!(plan, Plan::Paged { .. });
            of("tools/call", tool.ident.wire(), &tool.params, paged)
        });
        let prompts = server
            .prompts
            .iter()
            .filter(|prompt| !prompt.params.is_empty())
            .map(|prompt| of("prompts/get", prompt.ident.wire(), &prompt.params, false));
        let arms = tools.chain(prompts);
        let item = quote! {
            #[doc = " What is written of the arguments of a tool or a prompt."]
            fn written(method: &str, name: &str) -> Members {
                match (method, name) {
                    #(#arms,)*
                    _ => &[],
                }
            }
        };
        (quote!(arguments: written,), item)
    });
    let hidden: Vec<_> =
        server.resources.iter().filter(|resource| audit.hides_uri(resource)).collect();
    let uris = (!hidden.is_empty()).then(|| {
        let meant = |resource: &Resource| {
            let module = id(resource.ident.snake());
            let uri = quote!(crate::resources::#module::URI);
            let text = resource.uri_text();
            match resource.templated() {
                false => quote!(uri == #uri),
                true => {
                    quote!(uri == #text || crate::runtime::uri::matched(#uri, uri).is_some())
                }
            }
        };
        let conditions = hidden.iter().map(|resource| {
            let (meant, text) = (meant(resource), resource.uri_text());
            quote!(if #meant { return Some(#text); })
        });
        let shown = server.resources.iter().filter(|resource| !audit.hides_uri(resource));
        let shown = shown.map(meant);
        // Completions are of prompts, too.
        let prompts = server.prompts.iter().map(|prompt| {
            let name = prompt.ident.wire();
            quote!(uri == #name)
        });
        let shown = shown.chain(prompts).reduce(|all, one| quote!(#all || #one));
        let shown = shown.map(|shown| quote!(if #shown { return None; }));
        let item = quote! {
            #[doc = " The name of a resource whose URI holds what is not written. One that is of no resource may"]
            #[doc = " hold it as well."]
            fn named(uri: &str) -> Option<&'static str> {
                #(#conditions)*
                #shown
                Some("[redacted]")
            }
        };
        (quote!(uris: named,), item)
    });
    let table = match &audit.sink {
        AuditSink::Table(statement) => {
            let item = statement::item("SQL", "The statement that keeps a line.", statement);
            Some((quote!(table: SQL,), item))
        }
        AuditSink::Stderr | AuditSink::File => None,
    };
    let parts = [required, arguments, uris, table];
    let (fields, items): (Vec<TokenStream>, Vec<TokenStream>) = parts.into_iter().flatten().unzip();
    if fields.is_empty() {
        return None;
    }
    Some(print::file_with(
        "What is written of calls.",
        quote! {
            #[doc = " What lines say."]
            pub static RULES: Rules = Rules { #(#fields)* };

            #(#items)*
        },
        &[
            ("Members", "crate::runtime::audit"),
            ("Rules", "crate::runtime::audit"),
            ("Shown", "crate::runtime::audit"),
        ],
    ))
}

fn members(members: &[(&str, Written)]) -> Vec<TokenStream> {
    let of = |(name, shown): &(&str, Written)| {
        let shown = match shown {
            Written::Whole => quote!(Shown::Whole),
            Written::Redacted => quote!(Shown::Redacted),
            Written::Members(inner) => {
                let inner = self::members(inner);
                quote!(Shown::Members(&[#(#inner),*]))
            }
        };
        quote!((#name, #shown))
    };
    members.iter().map(of).collect()
}

/// The tools that do not run unless their lines will be kept.
fn changing<'s>(server: &'s Server, audit: &Audit) -> Vec<&'s Tool> {
    let changes = |tool: &&Tool| {
        let Backend::Sql(plan) = &tool.backend;
        plan.effect() != Effect::default()
    };
    server.tools.iter().filter(|tool| audit.required && changes(tool)).collect()
}

/// What `server.rs` needs to know.
#[derive(Clone, Copy)]
pub(super) struct Audited {
    /// Lines say what calls were given.
    arguments: bool,
    /// Some tools do not run unless their lines will be kept.
    required: bool,
    /// Callers are known.
    auth: bool,
}

impl Audited {
    pub(super) fn of(server: &Server) -> Option<Self> {
        server.audit.as_ref().map(|audit| Self {
            arguments: audit.arguments,
            required: !changing(server, audit).is_empty(),
            auth: server.auth.is_some(),
        })
    }
}

/// An answer with its line around it. `own` is the caller that a server is for.
pub(super) fn audited(
    has: Option<Audited>,
    own: &TokenStream,
    (method, name): (&TokenStream, &TokenStream),
    given: bool,
    answer: TokenStream,
) -> TokenStream {
    let Some(audited) = has else { return answer };
    let client = match audited.auth {
        true => quote!(auth::caller(&context, &#own).client()),
        false => quote!(None),
    };
    let given =
        (given && audited.arguments).then(|| quote!(entry.given(request.arguments.as_ref());));
    quote! {
        let entry = self.0.audit.begin(&context, #client, #method, #name);
        #given
        entry.of(async { #answer }).await
    }
}

/// Says what a request was given once a person has filled in the rest.
pub(super) fn given_again(has: Option<Audited>) -> Option<TokenStream> {
    has.filter(|audited| audited.arguments)
        .map(|_| quote!(entry.given(request.arguments.as_ref());))
}

/// Refuses a call of a tool whose line would not be kept.
pub(super) fn assured(has: Option<Audited>) -> Option<TokenStream> {
    let refused = refused(&quote!(failure));
    has.filter(|audited| audited.required)
        .map(|_| quote!(if let Err(failure) = entry.assured() { #refused }))
}

/// How `main.rs` begins to write lines, and the arguments that say where to.
pub(super) struct Started {
    pub(super) names: Option<TokenStream>,
    pub(super) arguments: Option<TokenStream>,
    pub(super) starts: TokenStream,
}

pub(super) fn started(audit: &Audit, krate: &proc_macro2::Ident) -> Started {
    match &audit.sink {
        AuditSink::Stderr => Started {
            names: None,
            arguments: None,
            starts: quote!(audit.write_to(std::io::stderr());),
        },
        AuditSink::Table(_) => Started {
            names: None,
            arguments: None,
            starts: quote!(audit.insert_into(Arc::clone(&database));),
        },
        AuditSink::File => Started {
            names: Some(quote!(audit_file, audit_file_bytes, audit_files,)),
            arguments: Some(quote! {
                #[doc = " The file that has a line for each call."]
                #[arg(long, env = "AUDIT_FILE")]
                audit_file: std::path::PathBuf,
                #[doc = " How large the file may become before it is moved aside, in bytes."]
                #[arg(long, env = "AUDIT_FILE_BYTES", default_value_t = 100 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1..))]
                audit_file_bytes: u64,
                #[doc = " How many files that were moved aside are kept."]
                #[arg(long, env = "AUDIT_FILES", default_value_t = 10)]
                audit_files: u32,
            }),
            starts: quote! {
                let lines = #krate::runtime::audit_file::Rotated::open(audit_file, audit_file_bytes, audit_files)?;
                audit.write_to(lines);
            },
        },
    }
}

/// Where lines go, for people.
pub(super) fn for_people(audit: &Audit) -> &'static str {
    match audit.sink {
        AuditSink::Stderr => "standard error, as JSON",
        AuditSink::File => "the file of `AUDIT_FILE`, as JSON",
        AuditSink::Table(_) => "a table of the database",
    }
}

/// Whether lines go to a file.
pub(super) fn in_file(server: &Server) -> bool {
    server.audit.as_ref().is_some_and(|audit| matches!(audit.sink, AuditSink::File))
}
