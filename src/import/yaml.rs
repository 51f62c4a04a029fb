//! YAML as a person would write it: plain where that is safe, quoted where it is not.

/// A value of a flow mapping or list, or a key.
pub(super) fn scalar(text: &str) -> String {
    if plain(text) { text.to_owned() } else { quoted(text) }
}

/// The value of a key that has a line to itself, where more may stand without quotes.
pub(super) fn text(text: &str) -> String {
    let ends = text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.ends_with([':', ' ']);
    let plain = ends && text.contains(' ') && text.chars().all(printable);
    let marks = [": ", " #"].iter().any(|mark| text.contains(mark));
    if plain && !marks { text.to_owned() } else { scalar(text) }
}

/// A text in double quotes. JSON's escapes are YAML's; what YAML does not print is escaped as well.
pub(super) fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.chars().fold(String::new(), |mut all, c| {
        if printable(c) {
            all.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                all.push_str(&format!("\\u{unit:04x}"));
            }
        }
        all
    })
}

fn printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether every reader takes a text for itself when it stands in a flow mapping without quotes.
fn plain(text: &str) -> bool {
    const WORDS: &[&str] =
        &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let last = text.chars().next_back().is_some_and(|c| !matches!(c, ' ' | ':'));
    let inner = text.chars().all(|c| {
        c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '(' | ')' | ';' | '+')
    });
    first && last && inner && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// A statement under a key at an indentation: on the key's line where it is short, else as a block.
pub(super) fn statement(indent: usize, sql: &str) -> String {
    let pad = " ".repeat(indent);
    let one_line = !sql.contains('\n')
        && !sql.contains(": ")
        && !sql.contains(" #")
        && !sql.ends_with(':')
        && sql.chars().all(printable)
        && sql.len() < 90;
    if one_line {
        return format!("{pad}sql: {sql}\n");
    }
    let lines = sql.lines().map(|line| format!("{pad}  {line}\n"));
    std::iter::once(format!("{pad}sql: |\n")).chain(lines).collect()
}

/// Text of others in one line: what does not print is a space, and what is long is cut.
pub(super) fn line(text: &str) -> String {
    const LONGEST: usize = 300;
    let clean: String = text.chars().map(|c| if printable(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST).collect();
    format!("{} …", cut.trim_end())
}

/// A comment of the spec at an indentation, wrapped.
pub(super) fn comment(indent: usize, text: &str) -> String {
    const WIDTH: usize = 96;
    let pad = format!("{}#", " ".repeat(indent));
    let mut all = String::new();
    let mut current = pad.clone();
    for word in line(text).split(' ') {
        if current.len() > pad.len() && current.chars().count() + word.chars().count() >= WIDTH {
            all.push_str(&current);
            all.push('\n');
            current.clone_from(&pad);
        }
        current.push(' ');
        current.push_str(word);
    }
    all.push_str(&current);
    all.push('\n');
    all
}
