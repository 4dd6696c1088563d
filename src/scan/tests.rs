//! Values in every nesting of two encodings, and hostile input.

use std::io::Write as _;

use ::base64::Engine as _;
use ::base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::finder::find;
use crate::secret::KeyDigest;

const MOST: u64 = 8 << 20;

/// How a text is encoded, by code that shares nothing with the finder.
#[derive(Debug, Clone, Copy)]
enum Coat {
    Clear,
    Json,
    JsonSlash,
    JsonOfGo,
    Percent,
    Html,
    HtmlHex,
    QuotedPrintable,
    Base64(usize),
    Base64Url,
    Wrapped(usize),
    WrappedByCrLf,
    Utf16Little,
    Utf16Big,
    GzipInBase64,
}

const COATS: [Coat; 17] = [
    Coat::Clear,
    Coat::Json,
    Coat::JsonSlash,
    Coat::JsonOfGo,
    Coat::Percent,
    Coat::Html,
    Coat::HtmlHex,
    Coat::QuotedPrintable,
    Coat::Base64(0),
    Coat::Base64(1),
    Coat::Base64(2),
    Coat::Base64Url,
    Coat::Wrapped(64),
    Coat::Wrapped(76),
    Coat::WrappedByCrLf,
    Coat::Utf16Little,
    Coat::Utf16Big,
];

fn escaped(text: &[u8], is_escaped: impl Fn(u8) -> bool, write: impl Fn(u8) -> String) -> Vec<u8> {
    text.iter()
        .flat_map(|byte| if is_escaped(*byte) { write(*byte).into_bytes() } else { vec![*byte] })
        .collect()
}

fn wrapped(text: &[u8], width: usize, end: &str) -> Vec<u8> {
    text.chunks(width).collect::<Vec<_>>().join(end.as_bytes())
}

fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let (mut encoded, mut column) = (Vec::new(), 0);
    for byte in text {
        let token = match byte {
            b'\n' => vec![b'\n'],
            b' '..=b'<' | b'>'..=b'~' => vec![*byte],
            other => format!("={other:02X}").into_bytes(),
        };
        if column + token.len() > 75 && token != b"\n" {
            encoded.extend(b"=\r\n");
            column = 0;
        }
        column = if token == b"\n" { 0 } else { column + token.len() };
        encoded.extend(token);
    }
    encoded
}

impl Coat {
    const fn is_utf16(self) -> bool {
        matches!(self, Self::Utf16Little | Self::Utf16Big)
    }

    fn over(self, text: &[u8]) -> Vec<u8> {
        let json = |byte: u8| matches!(byte, b'|' | b'"' | b'\\' | 0..=31);
        let four = |byte: u8| format!("\\u{byte:04x}");
        match self {
            Self::Clear => text.to_vec(),
            Self::Json => escaped(text, json, four),
            Self::JsonSlash => escaped(
                text,
                |byte| json(byte) || byte == b'/',
                |byte| match byte {
                    b'/' => "\\/".to_owned(),
                    b'\n' => "\\n".to_owned(),
                    b'\r' => "\\r".to_owned(),
                    other => four(other),
                },
            ),
            Self::JsonOfGo => escaped(
                text,
                |byte| json(byte) || b"<>&+=".contains(&byte),
                |byte| match byte {
                    b'\\' => "\\\\".to_owned(),
                    b'\n' => "\\n".to_owned(),
                    b'\r' => "\\r".to_owned(),
                    other => four(other),
                },
            ),
            Self::Percent => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
                escaped(text, |byte| !plain(byte), |byte| format!("%{byte:02X}"))
            }
            Self::Html => escaped(text, |byte| b"|&<>\"'".contains(&byte), |byte| format!("&#{byte};")),
            Self::HtmlHex => escaped(text, |byte| b"|&<>\"'".contains(&byte), |byte| format!("&#x{byte:x};")),
            Self::QuotedPrintable => quoted_printable(text),
            Self::Base64(offset) => BASE64_STANDARD.encode([&b"xy"[..offset], text].concat()).into_bytes(),
            Self::Base64Url => BASE64_URL_SAFE_NO_PAD.encode(text).into_bytes(),
            Self::Wrapped(width) => wrapped(BASE64_STANDARD.encode(text).as_bytes(), width, "\n"),
            Self::WrappedByCrLf => wrapped(BASE64_STANDARD.encode(text).as_bytes(), 76, "\r\n"),
            Self::Utf16Little => text.iter().flat_map(|byte| [*byte, 0]).collect(),
            Self::Utf16Big => text.iter().flat_map(|byte| [0, *byte]).collect(),
            Self::GzipInBase64 => {
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                packer.write_all(text).unwrap();
                BASE64_STANDARD.encode(packer.finish().unwrap()).into_bytes()
            }
        }
    }
}

fn value() -> impl Strategy<Value = String> {
    let hosts = ["api.private.zscaler.com", "enrollment.zpatwo.net", "api.zpagov.us", "keys.example.org"];
    let letters = "[A-Za-z0-9+/]{384}";
    let old = "[A-Za-z0-9+/]{86}==";
    (0..10_u8, prop::sample::select(hosts.to_vec()), prop_oneof![letters, old], 100_000_u64..u64::MAX)
        .prop_map(|(version, host, blob, number)| match blob.len() {
            384 => format!("{version}|{host}|{blob}-{number}"),
            _ => format!("{version}|{host}|{blob}"),
        })
}

/// Text and bytes without a value in it.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ -~\n]{0,300}".prop_map(String::into_bytes),
        "([a-z]{1,9} ){0,40}\n".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..300),
    ]
}

fn coat() -> impl Strategy<Value = Coat> {
    prop_oneof![prop::sample::select(COATS.to_vec()), Just(Coat::GzipInBase64)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_in_any_two_encodings_is_found_and_nothing_else_is(
        value in value(),
        inner in coat(),
        outer in coat(),
        (before, after) in (noise(), noise()),
        context in prop::bool::ANY,
    ) {
        // A text of Windows is not made one again.
        prop_assume!(!(inner.is_utf16() && outer.is_utf16()));
        // What stands around a value in its innermost text.
        let text = if context { format!("KEY=\"{value}\"\n") } else { value.clone() };
        let encoded = outer.over(&inner.over(text.as_bytes()));
        // A space, a line or a quote is around what is encoded.
        let all = [before.as_slice(), b" \n\"", &encoded, b"\"\n ", &after].concat();
        let hits = find(&all, MOST);
        let wanted = KeyDigest::of(value.as_bytes());
        prop_assert_eq!(hits.len(), 1, "{:?} over {:?} {:?}", outer, inner, hits.iter().map(|h| (h.start, h.encodings.clone())).collect::<Vec<_>>());
        let is_it = hits.iter().any(|hit| hit.digests.iter().any(|digest| digest.0 == wanted.0));
        prop_assert!(is_it, "{:?} over {:?}: another value", outer, inner);
        let start = hits.first().map_or(0, |hit| hit.start);
        let place = before.len()..before.len() + encoded.len() + 4;
        prop_assert!(place.contains(&start), "{:?} over {:?}: {} is not in {:?}", outer, inner, start, place);
    }

    #[test]
    fn noise_has_none(text in prop::collection::vec(noise(), 0..20)) {
        prop_assert_eq!(find(&text.concat(), MOST).len(), 0);
    }

    #[test]
    fn noise_in_any_two_encodings_has_none(text in prop::collection::vec(noise(), 0..5), inner in coat(), outer in coat()) {
        prop_assert_eq!(find(&outer.over(&inner.over(&text.concat())), MOST).len(), 0);
    }
}
