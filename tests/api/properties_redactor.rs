//! What holds for any secret, any encoding and any pieces: nothing of it passes the redactor.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests fails by panicking, as the tests do"
)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine};
use proptest::prelude::*;
use zpakey::secret::Redactor;

use super::properties::config;

/// How many ways there are to write a secret.
const ENCODINGS: usize = 18;

/// Writes a secret in one of the ways; returns what must not be there any more, besides.
fn encoded(secret: &str, way: usize) -> (String, String) {
    let bare = |quoted: &str| quoted[1..quoted.len() - 1].to_owned();
    let json = || bare(&serde_json::to_string(secret).unwrap());
    let each = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect::<String>();
    let entities =
        |write: &dyn Fn(u32) -> String| secret.chars().map(|one| write(one.into())).collect::<String>();
    let base64 = |offset: usize, engine: &dyn Fn(&[u8]) -> String| {
        let whole = engine(format!("{}{secret}zz", &"abc"[..offset]).as_bytes());
        // What depends on the secret alone: of the last characters some bits are of what follows.
        let inner = whole[(offset * 8).div_ceil(6)..(offset + secret.len()) * 8 / 6].to_owned();
        (whole, inner)
    };
    let standard = |bytes: &[u8]| BASE64_STANDARD_NO_PAD.encode(bytes);
    let url_safe = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let whole = match way {
        0 => secret.to_owned(),
        1 => json(),
        2 => json().replace('/', r"\/"),
        3 => secret.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect::<Vec<_>>().concat(),
        4 => bare(&format!("{secret:?}")),
        5 => url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        6 => each(&|byte| format!("%{byte:02x}")),
        7 => each(&|byte| format!("{byte:02x}")),
        8 => each(&|byte| format!("{byte:02X}")),
        9..12 => return base64(way - 9, &standard),
        12..15 => return base64(way - 12, &url_safe),
        15 => html_escape::encode_quoted_attribute(secret).into_owned(),
        16 => entities(&|code| format!("&#{code};")),
        17 => entities(&|code| format!("&#x{code:X};")),
        _ => unreachable!(),
    };
    (whole.clone(), whole)
}

/// What arrived so far.
#[derive(Clone, Default)]
struct Pad(Arc<Mutex<Vec<u8>>>);

impl Write for Pad {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pad {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

fn knowing(secrets: &[String]) -> Redactor {
    let redactor = Redactor::default();
    for secret in secrets {
        redactor.learn(secret);
    }
    redactor
}

/// Writes bytes in pieces that end at these places.
fn write_in_pieces(redactor: &Redactor, bytes: &[u8], ends: &[usize]) -> String {
    let pad = Pad::default();
    let mut writer = redactor.clone().over(pad.clone());
    let mut ends: Vec<usize> = ends.iter().map(|end| end % (bytes.len() + 1)).chain([bytes.len()]).collect();
    ends.sort_unstable();
    let mut from = 0;
    for end in ends {
        writer.write_all(&bytes[from..end]).unwrap();
        writer.flush().unwrap();
        from = end;
    }
    drop(writer);
    pad.text()
}

fn any_secret() -> impl Strategy<Value = String> {
    prop_oneof!["[!-~]{12,40}", "[A-Za-z0-9+/=_-]{12,60}", "\\PC{12,30}", "[a-z]{6} [a-z\"\\\\/%]{8}"]
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn no_secret_passes_the_redactor_however_it_is_encoded_and_written(
        secrets in prop::collection::vec(any_secret(), 1..4),
        way in 0..ENCODINGS,
        around in ("[ a-z=:{,\"]{0,20}", "[ a-z=:},\"]{0,20}"),
        ends in prop::collection::vec(any::<usize>(), 0..6),
        lines in any::<bool>(),
    ) {
        let redactor = knowing(&secrets);
        let (before, after) = around;
        let end = if lines { "\n" } else { "" };
        let mut text = String::new();
        let mut forbidden = Vec::new();
        for secret in &secrets {
            let (written, must_go) = encoded(secret, way);
            text.extend([before.as_str(), &written, &after, end]);
            forbidden.extend([must_go, secret.clone()]);
        }
        let shown = write_in_pieces(&redactor, text.as_bytes(), &ends);
        for look in &forbidden {
            prop_assert!(!shown.contains(look.as_str()), "way {way}: {look:?} in {shown:?}");
        }
        prop_assert!(shown.contains("[redacted]"));
        prop_assert_eq!(shown.matches('\n').count(), text.matches('\n').count());
        // In one piece or in many, it is the same.
        prop_assert_eq!(write_in_pieces(&redactor, text.as_bytes(), &[]), shown);
    }

    #[test]
    fn what_has_no_secret_passes_as_it_is(text in "[a-z \n]{0,80}", secret in "[A-Z0-9]{8,20}", ends in prop::collection::vec(any::<usize>(), 0..4)) {
        let redactor = knowing(&[secret]);
        prop_assert_eq!(write_in_pieces(&redactor, text.as_bytes(), &ends), text);
    }

    #[test]
    fn any_bytes_are_survived(
        bytes in prop_oneof![any::<Vec<u8>>(), "[\\\\u%{}0-9a-fD8 \n]{0,60}".prop_map(String::into_bytes)],
        secret in any::<String>(),
        ends in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let redactor = knowing(&[secret]);
        let _ = write_in_pieces(&redactor, &bytes, &ends);
    }
}

#[test]
fn a_stream_without_lines_is_passed_on_while_it_comes() {
    let redactor = Redactor::default();
    redactor.learn(&"x".repeat(20_000));
    let pad = Pad::default();
    let mut writer = redactor.clone().over(pad.clone());
    let mut written = 0;
    for _ in 0..100 {
        writer.write_all(&[b'a'; 10_000]).unwrap();
        written += 10_000;
        let waiting = written - pad.0.lock().unwrap().len();
        assert!(waiting <= 110_000, "{waiting} bytes are kept");
    }
}

#[test]
fn secrets_without_end_are_no_memory_without_end() {
    let redactor = Redactor::default();
    for number in 0..3_000 {
        redactor.learn(&format!("token-number-{number}"));
    }
    assert_eq!(redactor.redact("token-number-1 token-number-2999"), "token-number-1 [redacted]");
}
