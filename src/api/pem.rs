//! PEM as people have it, which is less than the standard asks for: on one line, with `\n` in place of line breaks, with
//! blanks where an unquoted `echo $KEY` put them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";

/// Decodes base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is between a first and a last line.
pub(super) struct PemBlock<'a> {
    pub(super) label: &'a str,
    /// The rest of the text if the last line is missing.
    pub(super) body: Result<&'a str, &'a str>,
}

/// True if the text has the beginning of a first line.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Writes line breaks where a variable that cannot hold one has the two characters. PEM has no backslash.
pub(super) fn with_line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains("\\n") {
        Cow::Owned(text.replace("\\r", "").replace("\\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Lists the blocks of a text.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = PemBlock<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (label, after) = rest.split_once(BEGIN)?.1.split_once("-----")?;
        let end = format!("-----END {label}-----");
        let body = after.split_once(&end);
        rest = body.map_or(after, |(_, after)| after);
        let body = body.map(|(body, _)| body).ok_or(after);
        Some(PemBlock { label, body })
    })
}

/// Decodes base64, whatever blanks and line breaks it has. Returns `None` if there is none, or something else.
pub(super) fn decoded(base64: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut compact = Zeroizing::new(String::with_capacity(base64.len()));
    compact.extend(base64.chars().filter(|character| !character.is_whitespace()));
    if compact.is_empty() { None } else { BASE64.decode(compact.as_bytes()).map(Zeroizing::new).ok() }
}
