//! The tests of a crate: discovery, each tool, the spec's cases, faults, transports.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{self, doc, id, sentence, text_literal};
use super::{completions, grants, runtime, slice, types};
use crate::ir::{
    Action, Ask, Backend, Case, Edge, Engine, Expect, Ident, Identity, Plan, Reply, Server, Tool,
    UnknownRule,
};
use crate::tree::FileTree;

const SUPPORT: &str = include_str!("../../templates/tests/support.rs");
const SQLITE: &str = include_str!("../../templates/tests/scratch/sqlite.rs");
const POSTGRES: &str = include_str!("../../templates/tests/scratch/postgres.rs");
const MYSQL: &str = include_str!("../../templates/tests/scratch/mysql.rs");

/// What in the tests asks for a part of `support.rs`.
const NEEDLES: &[(&str, &[&str])] = &[
    ("another", &["Fixture::with_another("]),
    ("cancel", &["Reply::Cancel"]),
    ("callers", &[".called_by("]),
    ("claiming", &[".claiming("]),
    ("call-replies", &[".call_replying("]),
    ("decline", &["Reply::Decline"]),
    ("detoured", &["Fixture::detoured("]),
    ("denied", &[".scratch.revoke("]),
    ("error", &["support::error(", ".takes(", ".refuses("]),
    ("forms", &["Reply::Forms("]),
    ("get", &["support::get("]),
    ("detoured", &["Fixture::detoured("]),
    ("full", &["Fixture::full("]),
    ("limited", &["Fixture::limited("]),
    ("lost", &[".take_away()"]),
    ("post", &["support::post("]),
    ("prompt-replies", &[".prompt_replying("]),
    ("prompts", &[".prompt("]),
    ("protocol", &["support::protocol(", ".read(", ".prompt(", ".prompt_replying("]),
    ("refuses", &[".refuses("]),
    ("replies", &[".call_replying(", ".prompt_replying("]),
    ("resources", &[".read("]),
    ("subsets", &["support::assert_subset("]),
    ("tenants", &["scratch.text("]),
    ("takes", &[".takes("]),
    ("text", &["support::text("]),
    ("tools", &[".call(", ".call_replying(", ".try_call(", ".takes(", ".refuses("]),
    ("unsupported", &["Reply::Unsupported"]),
    ("watches", &["support::Watcher"]),
];

/// How a test gets its server: where the database is a server, there may be none for tests.
pub(super) struct Given {
    pub(super) fixture: TokenStream,
    answers: TokenStream,
    pub(super) otherwise: TokenStream,
}

impl Given {
    pub(super) fn of(server: &Server) -> Self {
        match server.database.engine {
            Engine::Sqlite if !server.shared => {
                Self { fixture: quote!(server), answers: quote!(answers), otherwise: quote!() }
            }
            Engine::Sqlite | Engine::Postgres | Engine::Mysql => Self {
                fixture: quote!(Some(server)),
                answers: quote!(Some(answers)),
                otherwise: quote!(else { return }),
            },
        }
    }
}

/// Adds `tests/`.
pub(super) fn add(server: &Server, files: &mut FileTree) {
    let denied = grants::tests(server);
    let mut rust: Vec<(String, String)> = vec![
        ("main.rs".to_owned(), main(server, denied.is_some(), tenants(server).is_some())),
        ("discovery.rs".to_owned(), discovery(server)),
        ("transports.rs".to_owned(), transports(server)),
    ];
    if let Some(auth) = &server.auth {
        rust.push(("access.rs".to_owned(), super::access_tests::module(server, auth)));
    }
    if server.caches() {
        rust.push(("caches.rs".to_owned(), super::cache_tests::module(server)));
    }
    if !server.claims().is_empty() {
        rust.push(("claims.rs".to_owned(), super::claims_tests::module(server)));
    }
    rust.extend(tenants(server).map(|text| ("tenants.rs".to_owned(), text)));
    if server.is_limited() {
        rust.push(("limits.rs".to_owned(), super::limits_tests::module(server)));
    }
    if !server.tests.cases.is_empty() {
        rust.push(("cases.rs".to_owned(), cases(server)));
    }
    if !server.tools.is_empty() {
        rust.push(("tools/mod.rs".to_owned(), tools_index(&server.tools)));
    }
    for tool in &server.tools {
        rust.push((format!("tools/{}.rs", tool.ident.snake()), tool_tests(server, tool)));
    }
    rust.extend(denied.map(|text| ("grants.rs".to_owned(), text)));
    let mut features = runtime::found(NEEDLES, rust.iter().map(|(_, text)| text.as_str()));
    if server.database.engine != Engine::Sqlite || server.shared {
        features.insert("servers");
    }
    if server.shared {
        features.insert("shared");
    }
    if server.counts_requests() {
        features.insert("rates");
    }
    if super::audited::in_file(server) {
        features.insert("audit-file");
    }
    if server.counts_calls() {
        features.insert("most");
    }
    if !server.database.migrations.is_empty() {
        features.insert("migrations");
    }
    if server.elicits() {
        features.insert("confirm");
    }
    if server.auth.is_some() {
        features.insert("auth");
    }
    if !server.claims().is_empty() {
        features.insert("claims");
    }
    if server.database.grants.is_some() {
        features.insert("grants");
    }
    let scratch = match server.database.engine {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
        Engine::Mysql => MYSQL,
    };
    rust.push(("scratch.rs".to_owned(), slice::slice(scratch, &features)));
    rust.push(("support.rs".to_owned(), slice::slice(SUPPORT, &features)));
    for (path, text) in rust {
        files.add(format!("tests/server/{path}"), text);
    }
    if let Some(seed) = &server.tests.seed {
        files.add("tests/seeds/seed.sql", seed.clone());
    }
    for case in &server.tests.cases {
        if let Some(seed) = &case.seed {
            files.add(format!("tests/seeds/{}.sql", case_seed(case)), seed.clone());
        }
    }
}

/// The file of a case's own seed. `seed` alone is the common one.
fn case_seed(case: &Case) -> String {
    format!("case_{}", case.ident.snake().trim_end_matches('_'))
}

/// The tests that try to cross tenants.
fn tenants(server: &Server) -> Option<String> {
    super::tenant_tests::module(server, server.database.tenant.as_ref()?)
}

fn main(server: &Server, denied: bool, crossed: bool) -> String {
    let krate = id(server.name.snake());
    let binary = format!("CARGO_BIN_EXE_{}", server.name.wire());
    let access = server.auth.as_ref().map(|_| {
        quote!(
            mod access;
        )
    });
    let caches = server.caches().then(|| {
        quote!(
            mod caches;
        )
    });
    let cases = (!server.tests.cases.is_empty()).then(|| {
        quote!(
            mod cases;
        )
    });
    let has_claims = !server.claims().is_empty();
    let claims = has_claims.then(|| {
        quote!(
            mod claims;
        )
    });
    let said = has_claims.then(|| {
        let said = text_literal(&serde_json::Value::from(server.tests.claims.clone()).to_string());
        quote! {
            #[doc = " What the token of a caller says in tests."]
            const CLAIMS: &str = #said;
        }
    });
    let grants = denied.then(|| {
        quote!(
            mod grants;
        )
    });
    let tenants = crossed.then(|| {
        quote!(
            mod tenants;
        )
    });
    let limits = server.is_limited().then(|| {
        quote!(
            mod limits;
        )
    });
    let tools = (!server.tools.is_empty()).then(|| {
        quote!(
            mod tools;
        )
    });
    let seed = if server.tests.seed.is_some() {
        quote!(&[include_str!("../seeds/seed.sql")])
    } else {
        quote!(&[])
    };
    print::file(
        "The tests of the server: in memory, over standard input and output, and over HTTP.",
        quote! {
            use #krate as subject;

            #access
            #caches
            #cases
            #claims
            mod discovery;
            #grants
            #limits
            mod scratch;
            mod support;
            #tenants
            #tools
            mod transports;

            #[doc = " The server's binary."]
            const BINARY: &str = env!(#binary);

            #[doc = " SQL that runs before each test."]
            const SEED: &[&str] = #seed;

            #said
        },
    )
}

fn discovery(server: &Server) -> String {
    let Given { fixture, answers, otherwise } = Given::of(server);
    let name = server.name.wire();
    let version = &server.version;
    let listed = |there: bool, list: &str, method: &str, docs: &str| {
        let (test, method) = (format_ident!("{list}_are_listed"), id(method));
        let path = format!("../../descriptors/{list}.json");
        there.then(|| {
            let docs = doc(docs);
            quote! {
                #docs
                #[tokio::test]
                async fn #test() {
                    let #fixture = Fixture::new(&[]).await #otherwise;
                    let listed = server.client.#method().await.expect("a list");
                    let listed = serde_json::to_string(&listed).expect("JSON");
                    let listed: Value = serde_json::from_str(&listed).expect("JSON");
                    let described: Value = serde_json::from_str(include_str!(#path)).expect("JSON");
                    assert_eq!(listed, described);
                }
            }
        })
    };
    let has_resources = !server.resources.is_empty();
    let tools = listed(
        !server.tools.is_empty(),
        "tools",
        "list_all_tools",
        "Clients are told what `descriptors/tools.json` says.",
    );
    let resources = listed(
        has_resources,
        "resources",
        "list_all_resources",
        "Clients are told what `descriptors/resources.json` says.",
    );
    let templates = listed(
        has_resources,
        "resource_templates",
        "list_all_resource_templates",
        "Clients are told what `descriptors/resource_templates.json` says.",
    );
    let prompts = listed(
        !server.prompts.is_empty(),
        "prompts",
        "list_all_prompts",
        "Clients are told what `descriptors/prompts.json` says.",
    );
    let schemas = (!server.tools.is_empty()).then(|| {
        let names = server.tools.iter().map(|tool| tool.ident.wire());
        let count = proc_macro2::Literal::usize_unsuffixed(server.tools.len());
        quote! {
            #[doc = " The tools, in the order of the spec, with schemas that are valid and have an object at the root."]
            #[tokio::test]
            async fn tools_have_sound_schemas() {
                let tools: Vec<Value> = serde_json::from_str(crate::support::TOOLS).expect("JSON");
                let names: [&str; #count] = [#(#names),*];
                assert_eq!(tools.iter().map(|tool| tool["name"].as_str()).collect::<Vec<_>>(), names.map(Some));
                for tool in &tools {
                    for member in ["inputSchema", "outputSchema"] {
                        assert_eq!(tool[member]["type"], "object", "{}", tool["name"]);
                        assert!(jsonschema::draft202012::meta::is_valid(&tool[member]), "{}", tool["name"]);
                    }
                }
            }
        }
    });
    let unknown_tool = (!server.tools.is_empty()).then(|| {
        quote! {
            #[doc = " A tool that is not there is an error of the protocol."]
            #[tokio::test]
            async fn an_unknown_tool_is_refused() {
                let #fixture = Fixture::new(&[]).await #otherwise;
                let result = server.try_call("no_such_tool", json!({})).await;
                let error = support::protocol(result).expect_err("there is no such tool");
                assert_eq!(error.code.0, -32602);
                assert!(error.message.contains("no_such_tool"), "{}", error.message);
            }
        }
    });
    let unknown_resource = has_resources.then(|| {
        quote! {
            #[doc = " A resource that is not there is an error of the protocol."]
            #[tokio::test]
            async fn an_unknown_resource_is_refused() {
                let #fixture = Fixture::new(&[]).await #otherwise;
                let error = server.read("nothing://here").await.expect_err("there is no such resource");
                assert!(matches!(error.code.0, -32002 | -32602), "{error:?}");
                assert_eq!(error.data.as_ref().map(|data| &data["uri"]), Some(&json!("nothing://here")));
            }
        }
    });
    let unknown_prompt = (!server.prompts.is_empty()).then(|| {
        quote! {
            #[doc = " A prompt that is not there is an error of the protocol."]
            #[tokio::test]
            async fn an_unknown_prompt_is_refused() {
                let #fixture = Fixture::new(&[]).await #otherwise;
                let error = server.prompt("no_such_prompt", json!({})).await.expect_err("there is no such prompt");
                assert_eq!(error.code.0, -32602);
            }
        }
    });
    let completed =
        completions::any(server).then(|| completions::tests(server, &fixture, &otherwise));
    let malformed = server.tools.first().map(|tool| {
        let call = serde_json::json!({
            "jsonrpc": "2.0", "id": 2, "method": "tools/call",
            "params": { "name": tool.ident.wire(), "arguments": "a text" },
        })
        .to_string();
        quote! {
            #[doc = " Arguments that are no object are refused, and the server goes on."]
            #[tokio::test]
            async fn malformed_arguments_are_refused() {
                let #answers = support::raw(&[
                    INITIALIZE,
                    INITIALIZED,
                    #call,
                    r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#,
                ])
                .await #otherwise;
                assert!(answers[1]["error"]["code"].is_i64(), "{}", answers[1]);
                assert!(answers[2]["result"]["tools"].is_array(), "{}", answers[2]);
            }
        }
    });
    let unwatched = server.watches().then(|| {
        let listen = serde_json::json!({
            "jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen",
            "params": {
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
                    "io.modelcontextprotocol/clientCapabilities": {},
                },
                "notifications": {
                    "resourceSubscriptions": ["nothing://here"], "toolsListChanged": true,
                },
            },
        })
        .to_string();
        quote! {
            #[doc = " Nobody is subscribed to what is not there, nor told of lists, which never change."]
            #[tokio::test]
            async fn what_is_not_watched_cannot_be_subscribed_to() {
                let #answers = support::raw(&[
                    INITIALIZE,
                    INITIALIZED,
                    r#"{"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"nothing://here"}}"#,
                ])
                .await #otherwise;
                assert!(answers[1]["error"]["code"].is_i64(), "{}", answers[1]);
                let #answers = support::raw(&[#listen]).await #otherwise;
                assert_eq!(answers[0]["method"], "notifications/subscriptions/acknowledged");
                assert_eq!(answers[0]["params"]["notifications"], json!({}));
            }
        }
    });
    let progress = server.tools.iter().find_map(|tool| {
        let Backend::Sql(Plan::Steps(steps)) = &tool.backend else { return None };
        let sample = crate::ir::sample_arguments(tool)?;
        Some((tool, steps.len(), sample))
    });
    let progress = progress.map(|(tool, steps, sample)| {
        let (name, arguments) = (tool.ident.wire(), types::json_value(&sample.into()));
        let steps = proc_macro2::Literal::usize_unsuffixed(steps);
        let unlogged = server.logging.then(|| {
            quote! {
                let told = told.iter().filter(|told| told["method"] != "notifications/message");
                let told: Vec<&Value> = told.collect();
            }
        });
        quote! {
            #[doc = " A client that asks for progress hears of each step, as far as the call gets."]
            #[tokio::test]
            async fn steps_are_told() {
                let call = json!({
                    "jsonrpc": "2.0", "id": 2, "method": "tools/call",
                    "params": { "name": #name, "arguments": #arguments, "_meta": { "progressToken": 7 } },
                });
                let #answers = support::raw(&[INITIALIZE, INITIALIZED, &call.to_string()]).await #otherwise;
                let (result, told) = answers[1..].split_last().expect("an answer");
                #unlogged
                for (index, told) in told.iter().enumerate() {
                    assert_eq!(told["method"], "notifications/progress");
                    assert_eq!(told["params"]["progressToken"], 7);
                    assert_eq!(told["params"]["progress"].as_f64(), Some((index + 1) as f64));
                }
                assert!(result["result"].is_object(), "{result}");
                if result["result"]["isError"] != true {
                    assert_eq!(told.len(), #steps);
                }
            }
        }
    });
    let lists = [
        ("tools/list", !server.tools.is_empty()),
        ("resources/list", has_resources),
        ("resources/templates/list", has_resources),
        ("prompts/list", !server.prompts.is_empty()),
    ];
    let lists = lists.into_iter().filter(|(_, there)| *there).map(|(method, _)| method);
    let logged = logged(server);
    let lines = (malformed.is_some() || unwatched.is_some() || logged.is_some()).then(|| {
        quote! {
            const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;
            const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        }
    });
    print::file_with(
        "What clients are told, and what they hear when they ask for something else.",
        quote! {
            #lines

            #[doc = " Name and version are those of the spec."]
            #[tokio::test]
            async fn the_server_says_who_it_is() {
                let #fixture = Fixture::new(&[]).await #otherwise;
                let info = server.client.peer_info().and_then(|info| info.server_info.clone());
                let info = info.expect("the server said who it is");
                assert_eq!((info.name.as_str(), info.version.as_str()), (#name, #version));
            }

            #[doc = " Every revision of the protocol is spoken."]
            #[tokio::test]
            async fn every_revision_is_spoken() {
                for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
                    let initialize = json!({
                        "jsonrpc": "2.0", "id": 1, "method": "initialize",
                        "params": {
                            "protocolVersion": revision, "capabilities": {},
                            "clientInfo": { "name": "test", "version": "1" },
                        },
                    });
                    let #answers = support::raw(&[&initialize.to_string()]).await #otherwise;
                    assert_eq!(answers[0]["result"]["protocolVersion"], revision);
                }
                let discover = json!({
                    "jsonrpc": "2.0", "id": 1, "method": "server/discover",
                    "params": { "_meta": support::stateless() },
                });
                let #answers = support::raw(&[&discover.to_string()]).await #otherwise;
                let revisions = answers[0]["result"]["supportedVersions"].as_array().expect("a list");
                assert!(revisions.contains(&json!("2026-07-28")), "{revisions:?}");
            }

            #[doc = " What is told says who says it and how long it holds; there is no cursor but ours."]
            #[tokio::test]
            async fn lists_say_how_long_they_hold() {
                for method in ["server/discover", #(#lists),*] {
                    let ask = |cursor: Option<&str>| json!({
                        "jsonrpc": "2.0", "id": 1, "method": method,
                        "params": { "cursor": cursor, "_meta": support::stateless() },
                    }).to_string();
                    let #answers = support::raw(&[&ask(None), &ask(Some("1"))]).await #otherwise;
                    let result = &answers[0]["result"];
                    let told = &result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"];
                    assert_eq!(told, #name, "{method}: {result}");
                    assert!(result["ttlMs"].is_u64() && result["cacheScope"].is_string(), "{method}: {result}");
                    assert_eq!(result["resultType"], "complete", "{method}");
                    if method != "server/discover" {
                        assert_eq!(answers[1]["error"]["code"], -32602, "{method}: {}", answers[1]);
                    }
                }
            }

            #tools
            #schemas
            #resources
            #templates
            #prompts
            #unknown_tool
            #unknown_resource
            #unwatched
            #unknown_prompt
            #completed
            #malformed
            #progress
            #logged
        },
        NAMES,
    )
}

/// What tests use bare.
pub(super) const NAMES: &[(&str, &str)] =
    &[("Fixture", "crate::support"), ("Value", "serde_json"), ("support", "crate")];

/// Clients hear of a call what they asked for.
fn logged(server: &Server) -> Option<TokenStream> {
    let Given { answers, otherwise, .. } = Given::of(server);
    // What asks a person has another answer first.
    let plain = server.tools.iter().filter(|tool| tool.confirm.is_none() && tool.ask.is_empty());
    let (tool, sample) = plain
        .filter(|_| server.logging)
        .find_map(|tool| Some((tool, crate::ir::sample_arguments(tool)?)))?;
    let (name, arguments) = (tool.ident.wire(), types::json_value(&sample.into()));
    Some(quote! {
        #[doc = " A client hears of a call what it asked for, in both eras of the protocol."]
        #[tokio::test]
        async fn calls_are_told_of() {
            let call = |meta: Value| json!({
                "jsonrpc": "2.0", "id": 2, "method": "tools/call",
                "params": { "name": #name, "arguments": #arguments, "_meta": meta },
            }).to_string();
            let level = |level: &str, meta: Value| json!({
                "jsonrpc": "2.0", "id": 3, "method": "logging/setLevel",
                "params": { "level": level, "_meta": meta },
            }).to_string();
            let levels = |answers: &[Value]| -> Vec<Value> {
                let told = answers.iter().filter(|told| told["method"] == "notifications/message");
                told.map(|told| told["params"]["level"].clone()).collect()
            };

            for (asked, least) in [("debug", 2), ("info", 1), ("emergency", 0)] {
                let lines = [INITIALIZE, INITIALIZED, &level(asked, json!({})), &call(json!({}))];
                let #answers = support::raw(&lines).await #otherwise;
                let told = levels(&answers);
                assert!(told.len() >= least && told.is_empty() == (least == 0), "{asked}: {told:?}");

                let mut meta = support::stateless();
                meta["io.modelcontextprotocol/logLevel"] = asked.into();
                let #answers = support::raw(&[&call(meta)]).await #otherwise;
                assert_eq!(levels(&answers), told, "{asked}");
            }
            let lines = [call(support::stateless()), level("debug", support::stateless())];
            let lines = [lines[0].as_str(), lines[1].as_str()];
            let #answers = support::raw(&lines).await #otherwise;
            assert!(levels(&answers).is_empty(), "{answers:?}");
            let refused = |answer: &&Value| answer["error"]["code"] == -32601;
            assert_eq!(answers.iter().filter(refused).count(), 1, "{answers:?}");
        }
    })
}

/// A value that comes in a header as well, and is refused where the two differ.
fn headers(server: &Server) -> Option<TokenStream> {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let (tool, param, header) = server.tools.iter().find_map(|tool| {
        let found = tool.params.iter().find_map(|param| Some((param, param.header.as_ref()?)));
        found.map(|(param, header)| (tool, param, header))
    })?;
    let mut sample = crate::ir::sample_arguments(tool)?;
    let value = crate::ir::sample(param)?;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    sample.insert(param.ident.wire().to_owned(), value);
    let arguments = types::json_value(&sample.into());
    let name = tool.ident.wire();
    let head = format!(
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {name}\r\n"
    );
    let right = format!("{head}Mcp-Param-{header}: {text}\r\n");
    let wrong = format!("{head}Mcp-Param-{header}: {text}x\r\n");
    Some(quote! {
        #[doc = " A value that comes in a header as well must be the same there."]
        #[tokio::test]
        async fn headers_are_compared() {
            let #fixture = Fixture::over_http(crate::SEED).await #otherwise;
            let address = server.address.clone().expect("an address");
            let body = json!({
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": { "name": #name, "arguments": #arguments, "_meta": support::stateless() },
            });
            for (head, status) in [(#right, 200), (#wrong, 400), (#head, 400)] {
                let (found, answer) = support::post(&address, head, &body.to_string()).await;
                assert_eq!(found, status, "{head}: {answer}");
                assert_eq!(answer.contains("-32020"), status == 400, "{head}: {answer}");
            }
            server.stop().await;
        }
    })
}

/// What the server counts is what its client did.
fn counted(server: &Server, tool: &Tool, sample: &Sample) -> Option<TokenStream> {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let (name, arguments) = (tool.ident.wire(), types::json_value(&sample.arguments));
    let lines = format!("mcp_tool_executions_total{{tool_name=\"{name}\"");
    server.observability.metrics.then(|| {
        quote! {
            #[doc = " What is counted is what this client did, and no name of its own making."]
            #[tokio::test]
            async fn calls_are_counted() {
                let #fixture = Fixture::over_http(crate::SEED).await #otherwise;
                let address = server.address.clone().expect("an address");
                for _ in 0..3 {
                    server.call(#name, #arguments).await;
                }
                server.try_call("no_such_tool", json!({})).await.expect_err("there is none");
                let (status, metrics) = support::get(&address, "/metrics").await;
                let lines = metrics.lines().filter(|line| line.starts_with(#lines));
                let counts = lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok());
                assert_eq!((status, counts.sum()), (200, 3), "{metrics}");
                assert!(!metrics.contains("no_such_tool"), "{metrics}");
                server.stop().await;
            }
        }
    })
}

/// A server whose database can be taken away. A database server is not taken away from others: the way
/// to it is.
pub(super) fn detoured(server: &Server, seeds: &TokenStream) -> TokenStream {
    match server.database.engine {
        Engine::Sqlite if server.shared => {
            quote!(let Some(mut server) = Fixture::new(#seeds).await else { return };)
        }
        Engine::Sqlite => quote!(let mut server = Fixture::new(#seeds).await;),
        Engine::Postgres | Engine::Mysql => {
            quote!(let Some(mut server) = Fixture::detoured(#seeds).await else { return };)
        }
    }
}

fn transports(server: &Server) -> String {
    let Given { fixture, answers, otherwise } = Given::of(server);
    let headers = headers(server);
    let call = server.tools.iter().find_map(|tool| Some((tool, arguments(server, tool)?)));
    let used = |call: Option<&(&Tool, Sample)>| match call {
        Some((tool, sample)) => {
            let name = tool.ident.wire();
            let arguments = types::json_value(&sample.arguments);
            quote!(server.call(#name, #arguments).await;)
        }
        None => quote!(),
    };
    // What is meant for a burst is not called more often than that.
    let often = |(tool, _): &&(&Tool, Sample)| server.rates_of(tool).all(|rate| rate.burst >= 4);
    let often = call.as_ref().filter(often);
    let used = used(often);
    let counted = often.and_then(|(tool, sample)| counted(server, tool, sample));
    let detoured = detoured(server, &quote!(crate::SEED));
    let lost = call.as_ref().map(|(tool, sample)| {
        let name = tool.ident.wire();
        let arguments = types::json_value(&sample.arguments);
        quote! {
            #[doc = " A database that is lost is named, and found again when it is back."]
            #[tokio::test]
            async fn a_lost_database_is_named_and_found_again() {
                #detoured
                server.scratch.take_away().await;
                let result = server.call(#name, #arguments).await;
                let (kind, message) = support::error(&result).expect("an error");
                assert_eq!(kind, "CONNECTION_ERROR");
                assert!(message.contains("connection"), "{message}");
                server.scratch.put_back().await;
                let result = server.call(#name, #arguments).await;
                let kind = support::error(&result).map(|(kind, _)| kind);
                assert_ne!(kind.as_deref(), Some("CONNECTION_ERROR"));
            }
        }
    });
    let list = if server.tools.is_empty() && server.resources.is_empty() {
        quote!(server.client.list_all_prompts().await.expect("a list");)
    } else if server.tools.is_empty() {
        quote!(server.client.list_all_resources().await.expect("a list");)
    } else {
        quote! {
            let tools = server.client.list_all_tools().await.expect("a list");
            assert!(!tools.is_empty());
        }
    };
    print::file_with(
        "The real binary, and what happens when its database goes away.",
        quote! {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            use tokio::net::TcpStream;

            #[doc = " Lists and calls over standard input and output."]
            #[tokio::test]
            async fn over_stdio() {
                let #fixture = Fixture::over_stdio(crate::SEED).await #otherwise;
                #list
                #used
                server.stop().await;
            }

            #[doc = " Lists and calls over HTTP."]
            #[tokio::test]
            async fn over_http() {
                let #fixture = Fixture::over_http(crate::SEED).await #otherwise;
                #list
                #used
                server.stop().await;
            }

            #[doc = " Requests of other origins and for other hosts are refused; what is asked of its health is answered."]
            #[tokio::test]
            async fn http_is_guarded() {
                let #fixture = Fixture::over_http(&[]).await #otherwise;
                let address = server.address.clone().expect("an address");
                let ask = |method: &'static str, path: &'static str, host: String, more: &'static str| {
                    let address = address.clone();
                    async move {
                        let mut stream = TcpStream::connect(&address).await.expect("a connection");
                        let request = format!(
                            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
                        );
                        stream.write_all(request.as_bytes()).await.expect("the server reads");
                        let mut answer = String::new();
                        let read = stream.read_to_string(&mut answer);
                        tokio::time::timeout(Duration::from_secs(10), read).await.expect("an answer in time").expect("an answer");
                        answer.split(' ').nth(1).unwrap_or_default().to_owned()
                    }
                };
                for path in ["/health", "/livez", "/readyz"] {
                    assert_eq!(ask("GET", path, address.clone(), "").await, "200", "{path}");
                }
                assert_eq!(ask("POST", "/mcp", address.clone(), "Origin: http://evil.example\r\n").await, "403");
                assert_eq!(ask("POST", "/mcp", address.clone(), "Origin: http://localhost:6274\r\n").await, "400");
                assert_eq!(ask("POST", "/mcp", "evil.example".to_owned(), "").await, "403");
                assert_eq!(ask("GET", "/elsewhere", address.clone(), "").await, "404");
                server.stop().await;
            }

            #[doc = " What is no request is answered as JSON-RPC, over HTTP and over lines."]
            #[tokio::test]
            async fn what_is_no_request_is_answered() {
                let #fixture = Fixture::over_http(&[]).await #otherwise;
                let address = server.address.clone().expect("an address");
                let unknown = json!({
                    "jsonrpc": "2.0", "id": 1, "method": "no/such",
                    "params": { "_meta": support::stateless() },
                });
                let stateless = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: no/such\r\n";
                for (head, body, status, code) in [
                    ("", "{", 400, -32700),
                    ("", "{}", 400, -32600),
                    ("", r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, 200, -32601),
                    (stateless, &unknown.to_string(), 404, -32601),
                ] {
                    let (found, answer) = support::post(&address, head, body).await;
                    let answer: Value = serde_json::from_str(&answer).expect("JSON");
                    assert_eq!((found, &answer["error"]["code"]), (status, &json!(code)), "{body}: {answer}");
                }
                server.stop().await;
                let lines = [r#"{"id":"#, r#"{"id":1}"#, r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#];
                let #answers = support::raw(&lines).await #otherwise;
                assert_eq!(answers[0]["error"]["code"], -32700);
                assert_eq!(answers[1]["error"]["code"], -32600);
                assert!(answers[2]["result"].is_object(), "{}", answers[2]);
            }

            #headers

            #counted

            #lost
        },
        NAMES,
    )
}

fn tools_index(tools: &[Tool]) -> String {
    let modules = tools.iter().map(|tool| {
        let name = id(tool.ident.snake());
        quote!(mod #name;)
    });
    print::file("Each tool at the edges of what it takes.", quote!(#(#modules)*))
}

/// Arguments for a tool, and whether they are known to work.
pub(super) struct Sample {
    pub(super) arguments: serde_json::Value,
    /// The case that they come from.
    pub(super) case: Option<Ident>,
}

/// Arguments of a case that succeeds, or what the schema takes.
pub(super) fn arguments(server: &Server, tool: &Tool) -> Option<Sample> {
    let from_case = server.tests.cases.iter().find_map(|case| match case.actions.as_slice() {
        [Action { ask: Ask::Call { tool: called, with, reply }, expect }]
            if called.wire() == tool.ident.wire()
                && expect.error.is_none()
                && !matches!(reply, Some(Reply::Forms(_))) =>
        {
            Some(Sample { arguments: with.clone(), case: Some(case.ident.clone()) })
        }
        _ => None,
    });
    from_case.or_else(|| {
        let arguments = crate::ir::sample_arguments(tool)?;
        Some(Sample { arguments: arguments.into(), case: None })
    })
}

/// The seeds of a case. `up` is the way from the file to the folder of the tests.
pub(super) fn seeds(server: &Server, case: Option<&Ident>, up: &str) -> TokenStream {
    match own_seed(server, case) {
        None => quote!(crate::SEED),
        Some(name) => {
            let path = format!("{up}seeds/{name}.sql");
            quote!(&[crate::SEED, &[include_str!(#path)]].concat())
        }
    }
}

/// The file of the seed that a case has for itself, without its folder and ending.
pub(super) fn own_seed(server: &Server, case: Option<&Ident>) -> Option<String> {
    let case = server.tests.cases.iter().find(|it| Some(&it.ident) == case)?;
    case.seed.as_ref().map(|_| case_seed(case))
}

fn tool_tests(server: &Server, tool: &Tool) -> String {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let name = tool.ident.wire();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut tests: Vec<TokenStream> = Vec::new();
    if let Some(sample) = arguments(server, tool) {
        let arguments = types::json_value(&sample.arguments);
        let seeds = seeds(server, sample.case.as_ref(), "../../");
        let succeeded = sample
            .case
            .is_some()
            .then(|| quote!(assert_ne!(result.is_error, Some(true), "{result:?}");));
        let result = if succeeded.is_some() { quote!(let result =) } else { quote!() };
        tests.push(quote! {
            #[doc = " The answer is what the output schema says."]
            #[tokio::test]
            async fn the_answer_conforms() {
                let #fixture = Fixture::new(#seeds).await #otherwise;
                #result server.call(#name, #arguments).await;
                #succeeded
            }
        });
        if tool.unknown == UnknownRule::Refuse {
            let mut with = sample.arguments.clone();
            if let Some(with) = with.as_object_mut() {
                with.insert("not_a_param".to_owned(), serde_json::json!(1));
            }
            let arguments = types::json_value(&with);
            tests.push(quote! {
                #[doc = " An argument that is not declared is refused by name."]
                #[tokio::test]
                async fn an_unknown_argument_is_refused() {
                    let #fixture = Fixture::new(crate::SEED).await #otherwise;
                    server.refuses(#name, #arguments, "not_a_param").await;
                }
            });
        }
    }
    tests.extend(super::sensitive::test(tool, &fixture, &otherwise));
    if let Backend::Sql(Plan::Paged { result, .. }) = &tool.backend {
        tests.extend(pages(server, tool, result.member.wire()));
    }
    let paged = matches!(&tool.backend, Backend::Sql(Plan::Paged { .. }));
    let edges = crate::ir::edges(tool)
        .into_iter()
        // No cursor but a signed one is taken, however long it is.
        .filter(|edge| !(paged && edge.valid && edge.param == "cursor"));
    let grouped = grouped(edges.collect());
    let calls = |(param, _): &(String, &str), edges: &[Edge]| {
        let calls = edges.iter().map(|edge| {
            let arguments = types::json_value(&edge.arguments);
            if edge.valid {
                quote!(server.takes(#name, #arguments).await;)
            } else {
                quote!(server.refuses(#name, #arguments, #param).await;)
            }
        });
        quote!(#(#calls)*)
    };
    if server.database.engine == Engine::Sqlite {
        for (group, edges) in &grouped {
            let (param, keyword) = group;
            let test = test_name(&mut taken, param, keyword);
            let docs = doc(&format!("`{param}` at the edge of its `{keyword}`."));
            let calls = calls(group, edges);
            tests.push(quote! {
                #docs
                #[tokio::test]
                async fn #test() {
                    let #fixture = Fixture::new(crate::SEED).await #otherwise;
                    #calls
                }
            });
        }
    } else if !grouped.is_empty() {
        // A database on a server takes its time to be made: there is one for all edges of a tool.
        let calls = grouped.iter().map(|(group, edges)| calls(group, edges));
        tests.push(quote! {
            #[doc = " Each argument at the edges of what it takes."]
            #[tokio::test]
            async fn arguments_at_their_edges() {
                let #fixture = Fixture::new(crate::SEED).await #otherwise;
                #(#calls)*
            }
        });
    }
    let title = format!("`{name}`: its answer, and its arguments at their edges.");
    print::file_with(&sentence(&title), quote!(#(#tests)*), NAMES)
}

/// Walks through a paged tool, and shows a cursor that someone changed.
fn pages(server: &Server, tool: &Tool, member: &str) -> Option<TokenStream> {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let name = tool.ident.wire();
    // With as few arguments as can be there are more rows than a case asks for.
    let sample = crate::ir::sample_arguments(tool)?;
    let with = |more: &[(&str, serde_json::Value)]| {
        let mut arguments = sample.clone();
        arguments.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        types::json_value(&arguments.into())
    };
    let whole = with(&[]);
    let one = with(&[("page_size", serde_json::json!(1))]);
    Some(quote! {
        #[doc = " Pages follow each other without a gap, and a cursor that was changed is refused: as far as the"]
        #[doc = " seed has more than one row."]
        #[tokio::test]
        async fn pages_follow_each_other() {
            let #fixture = Fixture::new(crate::SEED).await #otherwise;
            let rows = |result: &rmcp::model::CallToolResult| {
                let structured = result.structured_content.clone().unwrap_or_default();
                (structured[#member].as_array().cloned().unwrap_or_default(), structured["next_cursor"].clone())
            };
            let (whole, _) = rows(&server.call(#name, #whole).await);
            if whole.len() < 2 {
                return;
            }
            let mut walked = Vec::new();
            let mut arguments = #one;
            while walked.len() < whole.len() {
                let (page, next) = rows(&server.call(#name, arguments.clone()).await);
                assert_eq!(page.len(), 1);
                walked.extend(page);
                arguments["cursor"] = next;
            }
            assert_eq!(walked, whole);
            let mut arguments = #one;
            let (_, next) = rows(&server.call(#name, arguments.clone()).await);
            let cursor = next.as_str().expect("there are more pages");
            arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
            server.refuses(#name, arguments, "cursor").await;
        }
    })
}

fn grouped(edges: Vec<Edge>) -> Vec<((String, &'static str), Vec<Edge>)> {
    let mut order: Vec<(String, &'static str)> = Vec::new();
    let mut groups: BTreeMap<(String, &'static str), Vec<Edge>> = BTreeMap::new();
    for edge in edges {
        let key = (edge.param.clone(), edge.keyword);
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        groups.entry(key).or_default().push(edge);
    }
    order.into_iter().map(|key| (key.clone(), groups.remove(&key).unwrap_or_default())).collect()
}

fn test_name(taken: &mut BTreeSet<String>, param: &str, keyword: &str) -> proc_macro2::Ident {
    let wanted = Ident::of_prose(&format!("{param} {keyword}"))
        .map_or_else(|_| "edge".to_owned(), |ident| ident.snake().to_owned());
    let mut name = wanted.clone();
    let mut n = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{n}");
        n += 1;
    }
    id(&name)
}

fn cases(server: &Server) -> String {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let tests = server.tests.cases.iter().map(|case| {
        let name = id(case.ident.snake());
        let docs = doc(&sentence(&case.name));
        let seeds = seeds(server, Some(&case.ident), "../");
        let actions = case.actions.iter().map(action);
        let watches = !case.updates.is_empty();
        let inner = if watches {
            let uris = case.updates.iter().map(|(uri, _)| uri);
            let told = case.updates.iter().filter(|(_, told)| *told).map(|(uri, _)| uri);
            quote! {
                let mut watcher =
                    support::Watcher::new(&server.scratch, way, &[#(#uris),*]).await;
                #(#actions)*
                watcher.hears(&[#(#told),*]).await;
                watcher.leaves().await;
            }
        } else {
            quote!(#(#actions)*)
        };
        let caller = case.caller.as_ref().map(|caller| {
            let caller = match caller {
                Identity::Nobody => quote!(called_by(None)),
                Identity::Known { scopes, claims: None } => {
                    quote!(called_by(Some(&[#(#scopes),*])))
                }
                Identity::Known { scopes, claims: Some(claims) } => {
                    let claims = types::json_value(&claims.clone().into());
                    quote!(claiming(&[#(#scopes),*], #claims))
                }
            };
            quote!(let server = server.#caller.await;)
        });
        let body = quote! {
            let #fixture = Fixture::new(#seeds).await #otherwise;
            #caller
            #inner
        };
        // Clients are told of changes in two ways, and both must come to the same.
        let body = if watches {
            quote!(for way in [support::Way::Subscribe, support::Way::Listen] { #body })
        } else {
            body
        };
        // Clients are asked in two ways, and both must come to the same.
        let asks = case.actions.iter().any(|action| match &action.ask {
            Ask::Call { reply, .. } | Ask::Prompt { reply, .. } => reply.is_some(),
            Ask::Read { .. } => false,
        });
        let body = if asks { quote!(for era in &support::eras() { #body }) } else { body };
        quote! {
            #docs
            #[tokio::test]
            async fn #name() { #body }
        }
    });
    print::file_with("The cases of the spec.", quote!(#(#tests)*), NAMES)
}

fn action(action: &Action) -> TokenStream {
    let Expect { subset, text, content, error } = &action.expect;
    match &action.ask {
        Ask::Call { tool, with, reply } => {
            let name = tool.wire();
            let with = types::json_value(with);
            let checked = match error {
                Some((kind, message)) => {
                    let message = message
                        .as_ref()
                        .map(|part| quote!(assert!(message.contains(#part), "{message}");));
                    let bound =
                        if message.is_some() { quote!((kind, message)) } else { quote!((kind, _)) };
                    quote! {
                        let #bound = support::error(&result).expect("an error");
                        assert_eq!(kind, #kind);
                        #message
                    }
                }
                None => {
                    let subset = subset.as_ref().map(|subset| {
                        let subset = types::json_value(subset);
                        quote! {
                            let structured = result.structured_content.as_ref().expect("structured content");
                            support::assert_subset(structured, &#subset);
                        }
                    });
                    quote! {
                        assert_ne!(result.is_error, Some(true), "{result:?}");
                        #subset
                    }
                }
            };
            let text = text.as_ref().map(|part| {
                let part = text_literal(part);
                quote! {
                    let text = support::text(&result);
                    assert!(text.contains(#part), "{text}");
                }
            });
            let content = content.as_ref().map(|blocks| {
                let blocks = types::json_value(blocks);
                quote! {
                    let content = serde_json::to_value(&result.content).expect("JSON");
                    support::assert_subset(&content, &#blocks);
                }
            });
            let called = match reply {
                None => quote!(server.call(#name, #with)),
                Some(said) => {
                    let said = replying(said);
                    quote!(server.call_replying(#said, era, #name, #with))
                }
            };
            quote! {
                let result = #called.await;
                #checked
                #text
                #content
            }
        }
        Ask::Read { uri } => {
            let asked = quote!(server.read(#uri).await);
            outside_tools(
                &asked,
                &quote!(serde_json::from_str(&found).expect("JSON")),
                &quote!(found),
                &action.expect,
            )
        }
        Ask::Prompt { prompt, with, reply } => {
            let name = prompt.wire();
            let with = types::json_value(with);
            let asked = match reply {
                None => quote!(server.prompt(#name, #with).await),
                Some(said) => {
                    let said = replying(said);
                    quote!(server.prompt_replying(#said, era, #name, #with).await)
                }
            };
            outside_tools(
                &asked,
                &quote!(serde_json::to_value(&found).expect("JSON")),
                &quote!(serde_json::to_string(&found.messages).expect("JSON")),
                &action.expect,
            )
        }
    }
}

/// What a client says when it is to ask a person.
fn replying(reply: &Reply) -> TokenStream {
    match reply {
        Reply::Accept => quote!(support::Reply::Accept),
        Reply::Decline => quote!(support::Reply::Decline),
        Reply::Cancel => quote!(support::Reply::Cancel),
        Reply::Unsupported => quote!(support::Reply::Unsupported),
        Reply::Forms(answers) => {
            let answers = types::json_value(answers);
            quote!(support::Reply::Forms(#answers))
        }
    }
}

/// What is read and got: errors are the protocol's.
fn outside_tools(
    asked: &TokenStream,
    json: &TokenStream,
    as_text: &TokenStream,
    expect: &Expect,
) -> TokenStream {
    if let Some((kind, message)) = &expect.error {
        let message = message
            .as_ref()
            .map(|part| quote!(assert!(error.message.contains(#part), "{}", error.message);));
        return quote! {
            let error = #asked.expect_err("an error");
            assert_eq!(error.data.as_ref().map(|data| &data["type"]), Some(&json!(#kind)), "{error:?}");
            #message
        };
    }
    let subset = expect.subset.as_ref().map(|subset| {
        let subset = types::json_value(subset);
        quote! {
            let value: Value = #json;
            support::assert_subset(&value, &#subset);
        }
    });
    let text = expect.text.as_ref().map(|part| {
        // Within JSON, a part of a text is escaped like the text.
        quote! {
            let text = #as_text;
            assert!(text.contains(#part), "{text}");
        }
    });
    quote! {
        let found = #asked.expect("an answer");
        #subset
        #text
    }
}
