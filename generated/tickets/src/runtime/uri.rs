//! Placeholders of resource URIs.

/// A part of a URI template.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Text that stands as it is.
    Text(&'static str),
    /// A placeholder.
    Param(&'static str),
}

/// The values of a URI's placeholders as strings, percent-decoded; none when the URI is another
/// one. A placeholder holds no `/`.
pub fn matched(parts: &[Part], uri: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    let mut values = serde_json::Map::new();
    let mut rest = uri;
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => rest = rest.strip_prefix(text)?,
            Part::Param(name) => {
                let end = match parts.get(index + 1) {
                    Some(Part::Text(text)) => rest.find(text)?,
                    Some(Part::Param(_)) | None => rest.len(),
                };
                let (value, behind) = rest.split_at(end);
                if value.is_empty() || value.contains('/') {
                    return None;
                }
                values.insert((*name).to_owned(), decoded(value)?.into());
                rest = behind;
            }
        }
    }
    rest.is_empty().then_some(values)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
