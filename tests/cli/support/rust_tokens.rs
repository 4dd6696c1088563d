//! Rust code as tokens, as far as a check of names needs it.

/// A name, `::`, or another character of code. Comments are left out, and a literal is one `"`.
#[derive(Clone, Debug)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// Returns the text of a token; nothing after the last one.
pub fn text_at(tokens: &[Token], index: usize) -> &str {
    tokens.get(index).map_or("", |token| token.text.as_str())
}

pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads Rust code.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, token) = token_at(rest, first);
        if let Some(token) = token {
            found.push(Token { text: token, line });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// Returns how long what starts here is, and what it is as a token.
fn token_at(rest: &str, first: char) -> (usize, Option<String>) {
    let to = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    let literal = Some("\"".to_owned());
    if rest.starts_with("//") {
        return (to("\n", 0), None);
    }
    if rest.starts_with("/*") {
        return (block_comment_length(rest), None);
    }
    if let Some(length) = text_literal_length(rest) {
        return (length, literal);
    }
    if first == '\'' {
        return quote_length(rest).map_or((1, None), |length| (length, literal));
    }
    if rest.starts_with("r#") {
        return (2, None);
    }
    if is_name_part(first) {
        let name: String = rest.chars().take_while(|c| is_name_part(*c)).collect();
        return (name.len(), Some(name));
    }
    if rest.starts_with("::") {
        return (2, Some("::".to_owned()));
    }
    (first.len_utf8(), (!first.is_whitespace()).then(|| first.to_string()))
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Returns the length of the text or byte text that starts here, raw or not.
fn text_literal_length(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let hashes = rest.strip_prefix(prefix).map(|rest| rest.trim_start_matches('#'));
        hashes.is_some_and(|rest| rest.starts_with('"'))
    })?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if prefix.ends_with('r') {
        let body = prefix.len() + hashes + 1;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(rest[body..].find(&end).map_or(rest.len(), |at| body + at + end.len()));
    }
    if hashes > 0 {
        return None;
    }
    let mut escaped = false;
    for (at, c) in after.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(prefix.len() + at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// Returns the length of the character that starts here; a lifetime is none.
fn quote_length(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first != '\\' {
        let (at, close) = characters.next()?;
        return (close == '\'').then_some(at + 1);
    }
    characters.next()?;
    characters.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}
