//! What is said where a server is published.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Publish;
use crate::spec::document;

use super::context::{At, Context};

/// The longest title and description that the MCP registry takes.
const LONGEST: usize = 100;

pub(super) fn publish(context: &mut Context, server: &document::Server) -> Option<Publish> {
    let written = server.publish.as_ref()?;
    let at = At::root().key("server");
    described(context, server, &at);
    let at = at.key("publish");
    let part = |part: &str| {
        let ends = |c: char| c.is_ascii_alphanumeric();
        part.starts_with(ends)
            && part.ends_with(ends)
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if written.namespace.split('.').count() < 2 || !written.namespace.split('.').all(part) {
        let message = format!("`{}` is no domain that is written backwards", written.namespace);
        refuse(
            context,
            &at.key("namespace"),
            message,
            "write `io.github.NAME`, or your domain: `com.example`",
        );
    }
    if written.author.trim().is_empty() {
        refuse(
            context,
            &at.key("author"),
            "nobody publishes it".to_owned(),
            "name a person or an organisation",
        );
    }
    for (key, url) in [("repository", &written.repository), ("url", &written.url)] {
        let Some(url) = url else { continue };
        let rest = url.strip_prefix("https://").unwrap_or_default();
        let fits = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.chars().all(|c| c.is_ascii_graphic() && !r#"<>"{}|\^`"#.contains(c));
        if !fits {
            let message = format!("`{url}` is no `https:` URL");
            refuse(context, &at.key(key), message, "write it whole: `https://example.com/mcp`");
        }
    }
    if let Some(image) = &written.image {
        let last = image.rsplit('/').next().unwrap_or_default();
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/.-_:".contains(c);
        if !image.contains('/') || last.contains(':') || !image.chars().all(known) {
            let message = format!("`{image}` is no name of an image without a tag");
            refuse(
                context,
                &at.key("image"),
                message,
                "write the registry and the name: `ghcr.io/acme/users`",
            );
        }
    }
    Some(Publish {
        namespace: written.namespace.clone(),
        author: written.author.clone(),
        repository: written.repository.clone(),
        image: written.image.clone(),
        url: written.url.clone(),
    })
}

/// Registries show a title and a description, and have room for so much.
fn described(context: &mut Context, server: &document::Server, at: &At) {
    if server.description.as_deref().is_none_or(|text| text.trim().is_empty())
        && !context.misspelt(at, "description")
    {
        let span = context.key(&at.key("publish"));
        context.report(
            Diagnostic::new(Code::MissingKey, span, "a server that is published has a description")
                .help("say under `server` in one sentence what it is for: `description: …`"),
        );
    }
    for (key, text) in [("title", &server.title), ("description", &server.description)] {
        let length = text.as_deref().map_or(0, |text| text.trim().chars().count());
        if length > LONGEST {
            let message =
                format!("the MCP registry takes {LONGEST} characters here, and these are {length}");
            refuse(context, &at.key(key), message, "say it shorter");
        }
    }
}

fn refuse(context: &mut Context, at: &At, message: String, help: &str) {
    let span = context.value(at);
    context.report(Diagnostic::new(Code::InvalidValue, span, message).help(help));
}
