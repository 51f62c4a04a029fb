//! The handlers of `server.rs`: what a server answers to each method of the protocol.

use proc_macro2::TokenStream;
use quote::quote;

use super::audited::{self, Audited, audited};
use super::claims::{self, Takes};
use super::print::id;
use super::{completions, limits};
use crate::ir::{ClientCache, Server};

/// What a server has.
#[derive(Clone, Copy)]
pub(super) struct Has {
    pub(super) icons: bool,
    pub(super) tools: bool,
    pub(super) confirms: bool,
    pub(super) tools_ask: bool,
    pub(super) prompts_ask: bool,
    pub(super) resources: bool,
    pub(super) watches: bool,
    pub(super) logs: bool,
    pub(super) auth: bool,
    pub(super) metrics: bool,
    pub(super) audit: Option<Audited>,
    pub(super) rates: bool,
    pub(super) counts_by_address: bool,
    pub(super) otlp: bool,
    pub(super) prompts: bool,
    pub(super) completions: bool,
    pub(super) progress: bool,
    pub(super) takes: Takes,
}

pub(super) fn handler(server: &Server, has: Has) -> TokenStream {
    let instructions = server.instructions.as_ref().map(|text| {
        let text = text.trim_end();
        quote!(.with_instructions(#text))
    });
    let capability = |there: bool, name: &str| {
        let name = id(name);
        there.then(|| quote!(.#name()))
    };
    let tools_on = capability(has.tools, "enable_tools");
    let resources_on = capability(has.resources, "enable_resources");
    let subscribe_on = capability(has.watches, "enable_resources_subscribe");
    let logging_on = capability(has.logs, "enable_logging");
    let deprecated = has.logs.then(deprecated);
    let prompts_on = capability(has.prompts, "enable_prompts");
    let completions_on = capability(has.completions, "enable_completions");
    let methods = [
        (has.tools, "tools/call"),
        (has.resources, "resources/read"),
        (has.watches, "resources/subscribe"),
        (has.watches, "resources/unsubscribe"),
        (has.watches, "subscriptions/listen"),
        (has.prompts, "prompts/get"),
        (has.completions, "completion/complete"),
        (has.logs, "logging/setLevel"),
    ];
    let methods = methods.into_iter().filter(|(there, _)| *there).map(|(_, method)| method);
    let methods: Vec<&str> = methods.collect();
    let known = any_of(&methods);
    // Each era of the protocol has methods of its own to subscribe.
    let not_found = quote!(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None));
    let of_handshake: Vec<&str> = [
        (has.watches, "resources/subscribe"),
        (has.watches, "resources/unsubscribe"),
        (has.logs, "logging/setLevel"),
    ]
    .into_iter()
    .filter_map(|(there, method)| there.then_some(method))
    .collect();
    let of_handshake = any_of(&of_handshake)
        .map(|pattern| quote!(#pattern if answer::is_stateless(&context) => #not_found,));
    let without = has.watches.then(|| {
        quote! {
            method @ "subscriptions/listen" if !answer::is_stateless(&context) => #not_found,
        }
    });
    let context = id(if of_handshake.is_some() { "context" } else { "_context" });
    let known = known.map(|pattern| {
        quote! {
            #pattern => {
                ErrorData::invalid_params(format!("the params of {method} cannot be read"), None)
            }
        }
    });
    let fresh = client_cache(&server.client_cache);
    let tools = has.tools.then(|| tools_handlers(has, &fresh));
    let resources = has.resources.then(|| resources_handlers(has, &fresh));
    let watches = has.watches.then(|| watch_handlers(has));
    let prompts = has.prompts.then(|| prompts_handlers(has, &fresh));
    let logs = has.logs.then(|| log_handler(has));
    let completions =
        has.completions.then(|| completion_handler(has, completions::any_contextual(server)));
    let unread = quote! {
        // A known method comes here when its params cannot be read.
        Err(match request.method.as_str() {
            #of_handshake
            #without
            #known
            method => #not_found,
        })
    };
    let (context, unread) = match has.audit {
        None => (context, unread),
        Some(_) => {
            let subject = quote! {
                audit::subject(&request.method, request.params.as_ref()).unwrap_or_default()
            };
            let own = own(has.watches, has.logs);
            let called = (&quote!(&request.method), &subject);
            let line = audited(has.audit, &own, called, false, quote!(answer));
            let line = quote! {
                let answer = { #unread };
                if !audit::is_call(&request.method) {
                    return answer;
                }
                #line
            };
            (id("context"), line)
        }
    };
    quote! {
        impl ServerHandler for Server {
            #deprecated
            fn get_info(&self) -> ServerConfig {
                let capabilities = ServerCapabilities::builder()
                    #tools_on #resources_on #subscribe_on #prompts_on #completions_on #logging_on
                    .build();
                ServerConfig::new(capabilities)
                    .with_server_info(self.0.implementation.clone()) #instructions
            }

            async fn discover(
                &self,
                _context: RequestContext<RoleServer>,
            ) -> Result<DiscoverResult, ErrorData> {
                let revisions = self.supported_protocol_versions().into_owned();
                Ok(DiscoverResult::from_server_info(revisions, self.get_info()) #fresh)
            }

            #tools
            #resources
            #watches
            #prompts
            #completions
            #logs

            async fn on_custom_request(
                &self,
                request: CustomRequest,
                #context: RequestContext<RoleServer>,
            ) -> Result<CustomResult, ErrorData> {
                #unread
            }
        }
    }
}

/// A pattern that takes any of these methods, where there are some.
fn any_of(methods: &[&str]) -> Option<TokenStream> {
    match methods {
        [] => None,
        [method] => Some(quote!(method @ #method)),
        methods => Some(quote!(method @ (#(#methods)|*))),
    }
}

/// How long clients may keep a result.
pub(super) fn client_cache(cache: &ClientCache) -> TokenStream {
    let ttl = u64::try_from(cache.ttl.as_millis()).unwrap_or(u64::MAX);
    let ttl = proc_macro2::Literal::u64_unsuffixed(ttl);
    let scope = id(if cache.public { "Public" } else { "Private" });
    quote!(.with_ttl_ms(#ttl).with_cache_scope(CacheScope::#scope))
}

/// What a request is answered with, and counted.
fn counted(has: Has, method: &str, answer: TokenStream) -> TokenStream {
    if !has.metrics {
        return answer;
    }
    quote!(self.0.metrics.answered(#method, async { #answer }).await)
}

/// An answer within a span.
fn traced(has: Has, method: &str, name: &TokenStream, answer: &str) -> Option<TokenStream> {
    let answer = id(answer);
    has.otlp.then(|| quote!(let #answer = telemetry::request(&context, #method, #name, #answer);))
}

/// Asks for what is missing of a request before it is looked at. `refused` is what becomes of it when
/// the person gives no answer.
fn filled(forms: &TokenStream, refused: &TokenStream) -> TokenStream {
    quote! {
        let mut request = request;
        let answers = (request.input_responses.as_ref(), request.request_state.as_deref());
        let filled = ask::fill(
            #forms(&request.name), &request.name, &mut request.arguments, answers, &self.0.signer, &context,
        );
        match filled.await? {
            ask::Filled::Whole => {}
            ask::Filled::Asked(mut result) => {
                answer::sign(&mut result.meta, &context, &self.0.identity);
                return Ok(result.into());
            }
            ask::Filled::Refused(failure) => return #refused,
        }
    }
}

/// Answers a call of a tool with a failure, before it runs.
pub(super) fn refused(failure: &TokenStream) -> TokenStream {
    quote! {
        let mut result = #failure.into_result();
        answer::sign(&mut result.meta, &context, &self.0.identity);
        return Ok(result.into());
    }
}

fn tools_handlers(has: Has, fresh: &TokenStream) -> TokenStream {
    let filled = has
        .tools_ask
        .then(|| filled(&quote!(crate::tools::forms), &quote!(Ok(failure.into_result().into()))));
    let asker = claims::given(has.takes.questions);
    let asked = has.confirms.then(|| {
        quote! {
            if let Some(question) = crate::tools::question(#asker &request.name, request.arguments.as_ref()) {
                let asked = self.0.confirmations.ask(&self.0.signer, question, &request, &context);
                if let Some(mut response) = asked.await? {
                    if let Some(meta) = confirm::meta(&mut response) {
                        answer::sign(meta, &context, &self.0.identity);
                    }
                    return Ok(response);
                }
            }
        }
    });
    let call = if has.progress { quote!(progress::told(&context, call)) } else { quote!(call) };
    let (seen, list) = visible(has, "tools", &quote!(access::tool(&it.name)));
    let refused = refused(&quote!(Failure::from(missing)));
    let allowed = caller(has).map(|caller| {
        quote! {
            #caller
            if let Err(missing) = caller.has(access::tool(&request.name)) {
                #refused
            }
        }
    });
    let told = has.logs.then(|| {
        let level = level(has);
        quote!(let run = #level.told(&context, &request.name, run);)
    });
    let admitted = limits::admitted_call(has);
    let traced = traced(has, "tools/call", &quote!(&request.name), "run");
    let for_caller = claims::given(has.takes.tools);
    let begins = has.metrics.then(|| quote!(execution.begins();));
    let assured = audited::assured(has.audit);
    let given_again = filled.as_ref().and_then(|_| audited::given_again(has.audit));
    let answer = quote! {
        #allowed
        #admitted
        #filled
        #given_again
        #asked
        #assured
        #begins
        let arguments = request.arguments.unwrap_or_default();
        let Some(call) = crate::tools::call(&self.0, #for_caller &request.name, arguments) else {
            return Err(answer::unknown("tool", &request.name));
        };
        let run = async { #call.await.unwrap_or_else(Failure::into_result) };
        #told
        #traced
        let mut result = handle::request(&context, "tools/call", &request.name, run).await?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    };
    let answered = if has.metrics {
        quote! {
            let execution = self.0.metrics.execution(&request.name);
            execution.of(async { #answer }).await
        }
    } else {
        answer
    };
    let own = own(has.watches, has.logs);
    let called = (&quote!("tools/call"), &quote!(&request.name));
    let answered = audited(has.audit, &own, called, true, answered);
    quote! {
        async fn list_tools(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListToolsResult, ErrorData> {
            #seen
            let (tools, next) = listing::page("tools", #list, request)?;
            let mut result = ListToolsResult::with_all_items(tools) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        fn get_tool(&self, name: &str) -> Option<Tool> {
            self.0.descriptors.tools.iter().find(|tool| tool.name == name).cloned()
        }

        async fn call_tool(
            &self,
            request: CallToolRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<CallToolResponse, ErrorData> {
            #answered
        }
    }
}

fn resources_handlers(has: Has, fresh: &TokenStream) -> TokenStream {
    let (seen, list) = visible(has, "resources", &quote!(access::resource(&it.uri)));
    let needs = quote!(access::resource(&it.uri_template));
    let (templates_seen, templates_list) = visible(has, "resource_templates", &needs);
    let allowed = allowed(has, &quote!(access::resource(&request.uri)));
    let admitted = limits::admitted(has, "resources/read");
    let for_caller = claims::given(has.takes.resources);
    let traced = traced(has, "resources/read", &quote!(&request.uri), "read");
    let answer = quote! {
        #allowed
        #admitted
        let read = crate::resources::read(&self.0, #for_caller &request.uri);
        #traced
        let read = handle::request(&context, "resources/read", &request.uri, read).await?;
        let mut result = read.map_err(|failure| answer::not_read(failure, &request.uri))?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    };
    let answered = counted(has, "resources/read", answer);
    let own = own(has.watches, has.logs);
    let called = (&quote!("resources/read"), &quote!(&request.uri));
    let answered = audited(has.audit, &own, called, false, answered);
    quote! {
        async fn list_resources(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListResourcesResult, ErrorData> {
            #seen
            let (resources, next) = listing::page("resources", #list, request)?;
            let mut result = ListResourcesResult::with_all_items(resources) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        async fn list_resource_templates(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListResourceTemplatesResult, ErrorData> {
            #templates_seen
            let (templates, next) =
                listing::page("resource templates", #templates_list, request)?;
            let mut result = ListResourceTemplatesResult::with_all_items(templates) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        async fn read_resource(
            &self,
            request: ReadResourceRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<ReadResourceResponse, ErrorData> {
            #answered
        }
    }
}

/// The caller that a server is for, which stands behind what each client has of its own.
pub(super) fn own(watches: bool, logs: bool) -> TokenStream {
    let index = syn::Index::from(1 + usize::from(watches) + usize::from(logs));
    quote!(self.#index)
}

/// The caller of a request, where callers are known.
fn caller(has: Has) -> Option<TokenStream> {
    let own = own(has.watches, has.logs);
    has.auth.then(|| quote!(let caller = auth::caller(&context, &#own);))
}

/// Refuses a request whose caller may not use what it is about.
fn allowed(has: Has, needs: &TokenStream) -> Option<TokenStream> {
    let caller = caller(has)?;
    Some(quote! {
        #caller
        caller.has(#needs)?;
    })
}

/// Those of a list that the caller may use.
fn visible(has: Has, list: &str, needs: &TokenStream) -> (Option<TokenStream>, TokenStream) {
    let name = id(list);
    let all = quote!(&self.0.descriptors.#name);
    match caller(has) {
        Some(caller) => {
            let seen = quote! {
                #caller
                let #name = caller.visible(#all, |it| #needs);
            };
            (Some(seen), quote!(&#name))
        }
        None => (None, all),
    }
}

/// The level of the client's log messages, which stands behind what it is subscribed to.
fn level(has: Has) -> TokenStream {
    if has.watches { quote!(self.2) } else { quote!(self.1) }
}

fn deprecated() -> TokenStream {
    quote!(#[expect(deprecated, reason = "clients have log messages up to 2026-07-28")])
}

fn log_handler(has: Has) -> TokenStream {
    let (deprecated, level) = (deprecated(), level(has));
    quote! {
        #deprecated
        async fn set_level(
            &self,
            request: rmcp::model::SetLevelRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            #level.set(request.level, &context)
        }
    }
}

fn watch_handlers(has: Has) -> TokenStream {
    let allowed = allowed(has, &quote!(access::resource(&request.uri)));
    // Over HTTP the front has looked at what is asked for.
    let granted = match has.auth {
        true => {
            let own = own(has.watches, has.logs);
            quote! {
                let mut granted = self.1.granted(requested);
                if let (Some(own), Some(uris)) = (&#own, &mut granted.resource_subscriptions) {
                    uris.retain(|uri| own.has(access::resource(uri)).is_ok());
                }
                Some(granted)
            }
        }
        false => quote!(Some(self.1.granted(requested))),
    };
    quote! {
        fn accepted_subscription_filter(
            &self,
            requested: &SubscriptionFilter,
        ) -> Option<SubscriptionFilter> {
            #granted
        }

        async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
            self.1.listen(&context).await
        }

        async fn subscribe(
            &self,
            request: SubscribeRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            #allowed
            self.1.subscribe(&request.uri, &context).await
        }

        async fn unsubscribe(
            &self,
            request: UnsubscribeRequestParams,
            _context: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            self.1.unsubscribe(&request.uri);
            Ok(())
        }
    }
}

fn prompts_handlers(has: Has, fresh: &TokenStream) -> TokenStream {
    let for_caller = claims::given(has.takes.prompts);
    let traced = traced(has, "prompts/get", &quote!(&request.name), "get");
    let filled = has
        .prompts_ask
        .then(|| filled(&quote!(crate::prompts::forms), &quote!(Err(failure.into()))));
    let (seen, list) = visible(has, "prompts", &quote!(access::prompt(&it.name)));
    let allowed = allowed(has, &quote!(access::prompt(&request.name)));
    let given_again = filled.as_ref().and_then(|_| audited::given_again(has.audit));
    let admitted = limits::admitted(has, "prompts/get");
    let answer = quote! {
        #allowed
        #admitted
        #filled
        #given_again
        let arguments = request.arguments.unwrap_or_default();
        let get = crate::prompts::get(&self.0, #for_caller &request.name, arguments);
        #traced
        let got = handle::request(&context, "prompts/get", &request.name, get).await?;
        let mut result = got.ok_or_else(|| answer::unknown("prompt", &request.name))??;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    };
    let answered = counted(has, "prompts/get", answer);
    let own = own(has.watches, has.logs);
    let called = (&quote!("prompts/get"), &quote!(&request.name));
    let answered = audited(has.audit, &own, called, true, answered);
    quote! {
        async fn list_prompts(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListPromptsResult, ErrorData> {
            #seen
            let (prompts, next) = listing::page("prompts", #list, request)?;
            let mut result = ListPromptsResult::with_all_items(prompts) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        async fn get_prompt(
            &self,
            request: GetPromptRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<GetPromptResponse, ErrorData> {
            #answered
        }
    }
}

fn completion_handler(has: Has, contextual: bool) -> TokenStream {
    let allowed = caller(has).map(|caller| {
        quote! {
            #caller
            caller.has(match owner {
                Owner::Prompt(name) => access::needs("prompts/get", name),
                Owner::Resource(uri) => access::needs("resources/read", uri),
            })?;
        }
    });
    let for_caller = claims::given(has.takes.completions);
    let admitted = limits::admitted(has, "completion/complete");
    let traced = traced(has, "completion/complete", &quote!(&argument.name), "values");
    let others = contextual.then(|| {
        quote! {
            let others = request.context.and_then(|context| context.arguments).unwrap_or_default();
            // Some clients send what was not typed yet as an empty text.
            let others = others.into_iter().filter(|(_, value)| !value.is_empty());
            let others = others.map(|(name, value)| (name, value.into())).collect();
        }
    });
    let others_given = contextual.then(|| quote!(, others));
    let answer = quote! {
        use crate::completions::{Owner, complete};
        let owner = match &request.r#ref {
            Reference::Prompt(prompt) => Owner::Prompt(&prompt.name),
            Reference::Resource(resource) => Owner::Resource(&resource.uri),
            _ => return Ok(CompleteResult::default()),
        };
        #allowed
        #admitted
        let argument = &request.argument;
        #others
        let values = complete(&self.0, #for_caller owner, &argument.name, &argument.value #others_given);
        #traced
        let values = handle::request(&context, "completion/complete", &argument.name, values);
        let values = values.await??;
        let mut result = answer::completed(values)?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    };
    let answered = counted(has, "completion/complete", answer);
    let own = own(has.watches, has.logs);
    let called = (
        &quote!("completion/complete"),
        &quote!(match &request.r#ref {
            Reference::Prompt(prompt) => &prompt.name,
            Reference::Resource(resource) => &resource.uri,
            _ => "",
        }),
    );
    let answered = audited(has.audit, &own, called, false, answered);
    quote! {
        async fn complete(
            &self,
            request: CompleteRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<CompleteResult, ErrorData> {
            #answered
        }
    }
}
