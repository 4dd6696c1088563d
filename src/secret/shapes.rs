//! What has the shape of a secret: the last net under every message.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex_lite::Regex;

/// The shapes of secrets: a key value, a JSON web token, a private key in PEM.
static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"[0-9](?:\||%7[Cc])[^|\s"'<>]+(?:\||%7[Cc])[^\s"'<>]*"#,
        r"|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?",
        r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|$)",
    ))
    .ok()
});

/// Replaces whatever has the shape of a secret: the last net under every message.
#[must_use]
pub fn redact_shapes(text: &str) -> Cow<'_, str> {
    match SHAPES.as_ref() {
        Some(shapes) => shapes.replace_all(text, "[redacted]"),
        None => Cow::Borrowed("[redacted]"),
    }
}

/// Returns where a text has the shape of a secret.
pub(super) fn shapes_in(text: &[u8]) -> Vec<(usize, usize)> {
    let (Some(shapes), Ok(text)) = (SHAPES.as_ref(), std::str::from_utf8(text)) else { return Vec::new() };
    // A key that is cut off goes to the end of the text, but for the line's own end.
    let range = |found: regex_lite::Match<'_>| {
        (found.start(), found.start() + found.as_str().trim_end_matches('\n').len())
    };
    shapes.find_iter(text).map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_redacted_wherever_they_stand() {
        assert_eq!(
            redact_shapes("unexpected '3|api.private.zscaler.com|AbC+/x-12' here"),
            "unexpected '[redacted]' here"
        );
        assert_eq!(redact_shapes("nonce(<3|host|blob>)"), "nonce(<[redacted]>)");
        assert_eq!(redact_shapes("token eyJhbGciOi.eyJleHAi.c2ln end"), "token [redacted] end");
        assert_eq!(redact_shapes("-----BEGIN RSA PRIVATE KEY-----\nMII\n"), "[redacted]");
        assert_eq!(redact_shapes("a|b and 10 | 20"), "a|b and 10 | 20");
    }
}
