//! The clear form of a key value: where one begins and ends.
//!
//! # Source
//! Recorded answers have `3|api.private.zscaler.com|`, 384 characters of base64, `-` and 18 digits. Older clouds have
//! shorter ones, with padding and without the number.

use std::ops::Range;

/// A key value in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) host: Range<usize>,
    /// Whether what follows may be an encoding of more of it.
    pub(super) may_go_on: bool,
}

/// What a search at a bar came to.
pub(super) enum AtBar {
    Value(Value),
    /// A version and a part of a host, then what may be an encoding.
    Begun,
    Other,
}

/// Unit: bytes.
const SHORTEST_BLOB: usize = 40;
const HOST: Range<usize> = 4..254;
/// The number behind the blob. Unit: digits.
const NUMBER: Range<usize> = 6..21;
const MOST_PADDING: usize = 2;

/// Looks for a key value whose first bar is at `bar`. What stands before its version is not looked at: scripts glue names
/// to it.
pub(super) fn at_bar(text: &[u8], bar: usize) -> AtBar {
    let Some(start) = bar.checked_sub(1) else { return AtBar::Other };
    if !text.get(start).is_some_and(u8::is_ascii_digit) {
        return AtBar::Other;
    }
    let host = bar + 1..bar + 1 + run(text, bar + 1, HOST.end, is_of_host);
    if text.get(host.end) != Some(&b'|') {
        return if may_be_encoding(text, host.end) { AtBar::Begun } else { AtBar::Other };
    }
    let Some(name) = text.get(host.clone()).filter(|name| is_host(name)) else { return AtBar::Other };
    let blob = host.end + 1..host.end + 1 + run(text, host.end + 1, usize::MAX, is_of_blob);
    if blob.len() < SHORTEST_BLOB {
        return if may_be_encoding(text, blob.end) { AtBar::Begun } else { AtBar::Other };
    }
    let padding = run(text, blob.end, MOST_PADDING, |byte| byte == b'=');
    let end = blob.end + padding;
    let digits = match text.get(end) {
        Some(b'-') => run(text, end + 1, NUMBER.end - 1, |byte| byte.is_ascii_digit()),
        _ => 0,
    };
    let end = if NUMBER.contains(&digits) { end + 1 + digits } else { end };
    let is_known = is_of_known_cloud(name);
    // A row of a table that has a host and a hash looks like this.
    let is_cell = !is_known && text.get(end) == Some(&b'|');
    if is_cell || text.get(blob.clone()).is_none_or(is_hexadecimal) {
        return AtBar::Other;
    }
    let may_go_on = may_be_encoding(text, end) || may_be_encoding(text, blob.end);
    AtBar::Value(Value { range: start..end, host, may_go_on })
}

fn run(text: &[u8], from: usize, most: usize, is_in: impl Fn(u8) -> bool) -> usize {
    text.iter().skip(from).take(most).take_while(|byte| is_in(**byte)).count()
}

const fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

const fn is_of_blob(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// True if a name has at least two labels, and the last is one of letters.
fn is_host(name: &[u8]) -> bool {
    let is_label = |label: &[u8]| !label.is_empty() && !label.starts_with(b"-") && !label.ends_with(b"-");
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    HOST.contains(&name.len())
        && name.contains(&b'.')
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic)
        && name.split(|byte| *byte == b'.').all(is_label)
}

/// True if a text is the digits of a hash.
fn is_hexadecimal(blob: &[u8]) -> bool {
    blob.iter().all(u8::is_ascii_hexdigit)
}

/// The domains below which the known clouds' enrolment hosts are.
///
/// # Source
/// `api.private.zscaler.com` and `enrollment.zpatwo.net` were seen; the others are the domains of the legacy API's clouds.
pub const CLOUD_DOMAINS: [&str; 9] = [
    "private.zscaler.com",
    "zpatwo.net",
    "zpabeta.net",
    "zpagov.net",
    "zpagov.us",
    "zpapreview.net",
    "qa.zpath.net",
    "qa2.zpath.net",
    "dev.zpath.net",
];

fn is_of_known_cloud(host: &[u8]) -> bool {
    let host = host.to_ascii_lowercase();
    CLOUD_DOMAINS.iter().any(|domain| {
        host.strip_suffix(domain.as_bytes()).is_some_and(|rest| rest.ends_with(b".") || rest.is_empty())
    })
}

/// True if what stands here may be an encoding of characters that a key value has, or of nothing.
fn may_be_encoding(text: &[u8], at: usize) -> bool {
    match text.get(at..) {
        Some([b'\\' | b'%' | b'&', _, ..] | [b'=', b'\n' | b'\r', ..]) => true,
        // Quoted-printable.
        Some([b'=', high, low, ..]) => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        let bar = text.find('|')?;
        match at_bar(text.as_bytes(), bar) {
            AtBar::Value(value) => Some(text[value.range].to_owned()),
            AtBar::Begun | AtBar::Other => None,
        }
    }

    #[test]
    fn a_value_ends_where_it_ends() {
        let blob = "Ab+/".repeat(96);
        let value = format!("3|api.private.zscaler.com|{blob}-216199618143303600");
        let old = format!("1|enrollment.zpatwo.net|{blob}==");
        for whole in [&value, &old] {
            for (before, after) in
                [("", ""), ("KEY=\"", "\""), ("x1", " "), ("", "-x"), ("", "|"), ("", "\\n")]
            {
                assert_eq!(
                    found(&format!("{before}{whole}{after}")).as_ref(),
                    Some(whole),
                    "{before}…{after}"
                );
            }
        }
        // Any host, where no known cloud is.
        let other = format!("3|keys.example.org|{blob}");
        assert_eq!(found(&other).as_ref(), Some(&other));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let blob = "Ab+/".repeat(20);
        for text in [
            format!("3|api.private.zscaler.com|{hash}"),
            format!("3|keys.example.org|{blob}|"),
            format!("x|keys.example.org|{blob}"),
            format!("3|keys|{blob}"),
            format!("3|10.0.0.1|{blob}"),
            format!("3|-keys.example.org|{blob}"),
            "3|api.private.zscaler.com|AbCd".to_owned(),
            "3|api.private.zscaler.com".to_owned(),
            "|".to_owned(),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }
}
