//! `tests/server/tenants.rs`: nobody reads or changes what is another tenant's.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::claims_tests::{texts, uri};
use super::tests::{Given, NAMES};
use super::{print, types};
use crate::database::facts::Effect;
use crate::ir::{
    Ask, Backend, CompletionFrom, Engine, Identity, Param, Server, Tenant, sample_arguments,
};
use crate::sql::quote as written;

/// The tests of a server whose tenants share a database.
pub(super) fn module(server: &Server, tenant: &Tenant) -> Option<String> {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let own = server.tests.claims.get(&tenant.claim)?;
    let mut other = server.tests.claims.clone();
    other.insert(tenant.claim.clone(), server.tests.other_tenant.clone()?);
    let other = types::json_value(&other.into());
    let engine = server.database.engine;
    let rows =
        tenant.tables.iter().map(|(table, columns)| all_rows(tenant, table, columns, own, engine));
    let rows: Vec<String> = rows.collect();
    let gone = tenant.tables.iter().map(|(table, _)| {
        let (table, condition) = (path(engine, table), of(tenant, own, engine));
        format!("DELETE FROM {table} WHERE {condition};")
    });
    let gone = gone.collect::<Vec<_>>().join("\n");
    let gone = print::text_literal(&gone);

    let calls: Vec<TokenStream> = calls(server, tenant);
    let count = proc_macro2::Literal::usize_unsuffixed(calls.len());
    let called = (!calls.is_empty()).then(|| {
        quote! {
            #[doc = " Calls that are good for the first tenant, and whether they only read."]
            fn calls() -> [(&'static str, Value, bool); #count] { [#(#calls),*] }

            #[doc = " What a tool answers, without what differs from call to call."]
            fn answer(result: &rmcp::model::CallToolResult) -> Value {
                let mut answer = result.structured_content.clone().unwrap_or_default();
                if let Some(answer) = answer.as_object_mut() {
                    answer.remove("request_id");
                    if let Some(next) = answer.get_mut("next_cursor") {
                        *next = next.is_string().into();
                    }
                }
                answer
            }

            #[doc = " A tool answers another tenant as if the first one's rows were not there, and leaves them as"]
            #[doc = " they are."]
            #[tokio::test]
            async fn tools_stay_with_their_tenant() {
                for (tool, arguments, reads) in calls() {
                    let #fixture = Fixture::new(crate::SEED).await #otherwise;
                    let server = server.claiming(&["*"], other()).await;
                    let before = rows(&server.scratch).await;
                    let result = server.call(tool, arguments.clone()).await;
                    assert_eq!(rows(&server.scratch).await, before, "{tool} {arguments}");
                    if reads {
                        let #fixture = Fixture::new(&[crate::SEED, &[GONE]].concat()).await #otherwise;
                        let server = server.claiming(&["*"], other()).await;
                        let alone = server.call(tool, arguments.clone()).await;
                        assert_eq!(answer(&result), answer(&alone), "{tool} {arguments}");
                    }
                }
            }
        }
    });

    let takes = |params: &[Param]| params.iter().any(|it| it.claim.as_ref() == Some(&tenant.claim));
    let mut asked: Vec<TokenStream> = Vec::new();
    let claimed = server.resources.iter().filter(|it| takes(&it.params));
    let mut uris: Vec<String> = claimed.map(uri).collect();
    for ask in asks(server) {
        if let Ask::Read { uri } = ask
            && !uris.contains(uri)
        {
            uris.push(uri.clone());
        }
    }
    asked.extend(uris.iter().map(|uri| {
        quote! {
            let read = server.read(#uri).await.map_err(|error| error.message);
            found.push(json!([#uri, read.as_ref().ok(), read.as_ref().err()]));
        }
    }));
    for prompt in server.prompts.iter().filter(|it| takes(&it.params)) {
        let name = prompt.ident.wire();
        let mut with: Vec<Value> = vec![texts(&prompt.params).into()];
        for ask in asks(server) {
            if let Ask::Prompt { prompt: of, with: arguments, reply: None } = ask
                && of == &prompt.ident
                && !with.contains(arguments)
            {
                with.push(arguments.clone());
            }
        }
        asked.extend(with.iter().map(|with| {
            let with = types::json_value(with);
            quote! {
                let got = server.prompt(#name, #with).await.map_err(|error| error.message);
                let messages = got.as_ref().map(|got| &got.messages);
                found.push(json!([#name, messages.ok(), got.as_ref().err()]));
            }
        }));
    }
    let prompts =
        server.prompts.iter().map(|it| ("prompt", it.ident.wire().to_owned(), &it.completions));
    let resources = server.resources.iter().map(|it| ("resource", it.uri_text(), &it.completions));
    for (kind, name, completions) in prompts.chain(resources) {
        for completion in completions {
            let CompletionFrom::Sql { others, .. } = &completion.from else { continue };
            if takes(others) {
                let (simple, param) =
                    (format_ident!("complete_{kind}_simple"), completion.param.wire());
                asked.push(quote! {
                    let values = server.client.#simple(#name, #param, "").await.expect("values");
                    found.push(json!([#name, values]));
                });
            }
        }
    }
    let shown = (!asked.is_empty()).then(|| {
        quote! {
            #[doc = " What another tenant reads, gets and completes."]
            async fn shown(server: &Fixture) -> Vec<Value> {
                let mut found = Vec::new();
                #(#asked)*
                found
            }

            #[doc = " Resources, prompts and completions are for another tenant as if the first one's rows were"]
            #[doc = " not there."]
            #[tokio::test]
            async fn what_is_read_stays_with_its_tenant() {
                let #fixture = Fixture::new(crate::SEED).await #otherwise;
                let server = server.claiming(&["*"], other()).await;
                let found = shown(&server).await;
                let #fixture = Fixture::new(&[crate::SEED, &[GONE]].concat()).await #otherwise;
                let server = server.claiming(&["*"], other()).await;
                assert_eq!(found, shown(&server).await);
            }
        }
    });
    if called.is_none() && shown.is_none() {
        return None;
    }
    // Without a row of the first tenant nothing is shown.
    let seeded = server.tests.seed.is_some().then(|| {
        quote! {
            #[doc = " The seed has rows of the first tenant: without them the other tests show nothing."]
            #[tokio::test]
            async fn there_is_something_to_cross_to() {
                let #fixture = Fixture::new(crate::SEED).await #otherwise;
                let before = rows(&server.scratch).await;
                let #fixture = Fixture::new(&[crate::SEED, &[GONE]].concat()).await #otherwise;
                assert_ne!(rows(&server.scratch).await, before, "name a tenant of the seed: `tests.tenants`");
            }
        }
    });
    let rows_used = called.is_some() || seeded.is_some();
    let rows = rows_used.then(|| {
        quote! {
            #[doc = " Everything that the first tenant has."]
            async fn rows(scratch: &crate::scratch::Scratch) -> Vec<Option<String>> {
                let mut rows = Vec::new();
                for sql in [#(#rows),*] {
                    rows.push(scratch.text(sql).await);
                }
                rows
            }
        }
    });
    Some(print::file_with(
        "Nobody reads or changes what is another tenant's.",
        quote! {
            #[doc = " Takes the rows of the first tenant away."]
            const GONE: &str = #gone;

            #[doc = " What the token of somebody of another tenant says."]
            fn other() -> Value { #other }

            #rows
            #seeded
            #called
            #shown
        },
        NAMES,
    ))
}

/// What cases ask for as the caller of all cases.
fn asks(server: &Server) -> impl Iterator<Item = &Ask> {
    let cases =
        server.tests.cases.iter().filter(|case| {
            matches!(&case.caller, None | Some(Identity::Known { claims: None, .. }))
        });
    cases.flat_map(|case| &case.actions).map(|action| &action.ask)
}

/// Calls of tools that are a tenant's: those of cases, and one that the schema takes.
fn calls(server: &Server, tenant: &Tenant) -> Vec<TokenStream> {
    let mut calls = Vec::new();
    for tool in &server.tools {
        if !tool.params.iter().any(|param| param.claim.as_ref() == Some(&tenant.claim)) {
            continue;
        }
        let Backend::Sql(plan) = &tool.backend;
        let (name, reads) = (tool.ident.wire(), plan.effect() == Effect::default());
        let mut with: Vec<Value> = sample_arguments(tool).into_iter().map(Value::from).collect();
        for ask in asks(server) {
            if let Ask::Call { tool: called, with: arguments, .. } = ask
                && *called == tool.ident
                && !with.contains(arguments)
            {
                with.push(arguments.clone());
            }
        }
        calls.extend(with.iter().map(|with| {
            let with = types::json_value(with);
            quote!((#name, #with, #reads))
        }));
    }
    calls
}

/// A table's name, with its schema.
fn path(engine: Engine, table: &str) -> String {
    table.split('.').map(|part| written::name(engine, part)).collect::<Vec<_>>().join(".")
}

/// The condition for rows of a tenant.
fn of(tenant: &Tenant, own: &Value, engine: Engine) -> String {
    let column = written::name(engine, &tenant.column);
    let value = match own.as_str() {
        Some(text) if engine == Engine::Mysql => written::text(&text.replace('\\', "\\\\")),
        Some(text) => written::text(text),
        None => own.to_string(),
    };
    format!("{column} = {value}")
}

/// A statement that puts all that is in a tenant's rows into one text.
fn all_rows(
    tenant: &Tenant,
    table: &str,
    columns: &[String],
    own: &Value,
    engine: Engine,
) -> String {
    let condition = of(tenant, own, engine);
    let table = path(engine, table);
    let columns: Vec<String> = columns.iter().map(|name| written::name(engine, name)).collect();
    match engine {
        Engine::Sqlite => {
            let row: Vec<String> = columns.iter().map(|name| format!("quote({name})")).collect();
            let (row, order) = (row.join(" || ' ' || "), columns.join(", "));
            format!(
                "SELECT group_concat({row}, char(10)) FROM (SELECT * FROM {table} WHERE {condition} ORDER BY {order})"
            )
        }
        Engine::Postgres => format!(
            "SELECT string_agg(found::text, chr(10) ORDER BY found::text) FROM {table} AS found WHERE {condition}"
        ),
        Engine::Mysql => {
            let row: Vec<String> = columns.iter().map(|name| format!("QUOTE({name})")).collect();
            let row = row.join(", ");
            format!(
                "SELECT CONCAT(COUNT(*), ' ', COALESCE(BIT_XOR(CRC32(CONCAT_WS(' ', {row}))), 0)) FROM {table} WHERE {condition}"
            )
        }
    }
}
