//! From a valid server to files.
//!
//! Rust that holds anything from a spec is made of tokens; Rust that no spec
//! changes is copied from `templates/runtime`; everything else is a template.

mod access;
mod access_tests;
mod audited;
mod bind;
mod cache;
mod cache_tests;
mod claims;
mod claims_tests;
mod completions;
mod content;
mod descriptors;
pub mod grants;
mod handlers;
mod json;
mod limits;
mod limits_tests;
mod main;
mod masks;
mod print;
mod prompts;
mod publish;
mod resilience;
mod resources;
mod runtime;
mod sensitive;
mod server;
mod slice;
mod statement;
mod tenant_tests;
mod tests;
mod text;
mod tools;
mod types;

use crate::ir::{Content, EmbeddedFile, ResourceContent, Server};
use crate::tree::FileTree;

/// The files of a server's crate. Cannot fail: a server is valid by construction.
#[must_use]
pub fn render(server: &Server) -> FileTree {
    let mut files = FileTree::default();
    let mut rust = rust(server);
    let engine = server.database.engine.name();
    rust.extend(runtime::files(engine, rust.clone().iter().map(|(_, text)| text.as_str())));
    let manifest = text::manifest(server, rust.iter().map(|(_, text)| text.as_str()));
    files.add("Cargo.toml", manifest);
    files.add("README.md", text::readme(server));
    for (path, text) in text::deployment(server) {
        files.add(path, text);
    }
    if let Some(sql) = grants::sql(server, server.name.wire()) {
        files.add("deploy/grants.sql", sql);
    }
    for (path, text) in rust {
        files.add(format!("src/{path}"), text);
    }
    for migration in &server.database.migrations {
        files.add(format!("migrations/{}", migration.name), migration.sql.clone());
    }
    descriptors::add(server, &mut files);
    publish::add(server, &mut files);
    tests::add(server, &mut files);
    for file in embedded(server) {
        let path = format!("files/{}", file.name);
        // Two resources may serve one file.
        if files.get(&path).is_none() {
            files.add(path, file.bytes.clone());
        }
    }
    files
}

/// The crate's own Rust files, by path within `src`.
fn rust(server: &Server) -> Vec<(String, String)> {
    let timeout = server.database.statement_timeout;
    let mut files = vec![
        ("lib.rs".to_owned(), self::server::lib(server)),
        ("main.rs".to_owned(), self::main::main(server)),
        ("server.rs".to_owned(), self::server::server(server)),
    ];
    if let Some(auth) = &server.auth {
        files.push(("access.rs".to_owned(), access::module(server, auth)));
    }
    if let Some(text) = audited::module(server) {
        files.push(("audited.rs".to_owned(), text));
    }
    if server.caches() {
        files.push(("caches.rs".to_owned(), cache::module(server)));
    }
    if server.is_limited() {
        files.push(("limits.rs".to_owned(), limits::module(server)));
    }
    if !server.types.is_empty() {
        files.push(("types.rs".to_owned(), self::server::named_types(server)));
    }
    if !server.rows.is_empty() {
        files.push(("rows.rs".to_owned(), self::server::rows(server)));
    }
    if completions::any(server) {
        files.push(("completions.rs".to_owned(), completions::module(server, timeout)));
    }
    if !server.tools.is_empty() {
        files.push(("tools/mod.rs".to_owned(), tools::index(&server.tools)));
    }
    for tool in &server.tools {
        files
            .push((format!("tools/{}.rs", tool.ident.snake()), tools::module(tool, server.shared)));
    }
    if !server.resources.is_empty() {
        files.push(("resources/mod.rs".to_owned(), resources::index(&server.resources)));
    }
    for resource in &server.resources {
        let path = format!("resources/{}.rs", resource.ident.snake());
        files.push((path, resources::module(resource, timeout)));
    }
    if !server.prompts.is_empty() {
        files.push(("prompts/mod.rs".to_owned(), prompts::index(&server.prompts)));
    }
    for prompt in &server.prompts {
        files.push((
            format!("prompts/{}.rs", prompt.ident.snake()),
            prompts::module(prompt, timeout),
        ));
    }
    files
}

/// Every file that is copied into the crate.
fn embedded(server: &Server) -> impl Iterator<Item = &EmbeddedFile> {
    let resources = server.resources.iter().filter_map(|resource| match &resource.content {
        ResourceContent::File(file) => Some(file),
        ResourceContent::Text(_)
        | ResourceContent::Rows { .. }
        | ResourceContent::Blob { .. }
        | ResourceContent::Table(_) => None,
    });
    let images = server.prompts.iter().flat_map(|prompt| &prompt.messages).filter_map(|message| {
        match &message.content {
            Content::Image { file, .. } => Some(file),
            Content::Template(_) | Content::Resource(_) => None,
        }
    });
    resources.chain(images)
}
