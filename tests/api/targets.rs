//! The bodies of the fuzz targets: what holds for any bytes. `fuzz/` runs them for as long as one likes, and
//! `properties_fuzz.rs` with some hundred inputs in every test.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::Value;
use zpakey::api::fuzzing::read_answer;
use zpakey::sandbox::{Contents, Fault, Options, Sandbox};
use zpakey::secret::{KeyDigest, ParsedKeyText, Redactor, redact_shapes};

/// Any body is an answer or an error, and what would be sent back for a key is that key. Returns how many keys it has.
pub fn wire(body: &[u8]) -> usize {
    read_answer(body)
}

/// How many ways there are to write a secret here.
pub const WAYS: u8 = 8;

/// The bytes are how long the secret is, how it is written, in which pieces, the secret, and what is around it. Nothing of
/// it passes, whatever the pieces are. Returns whether the secret was long and varied enough.
pub fn redactor(data: &[u8]) -> bool {
    let [length, way, piece, rest @ ..] = data else { return false };
    let (secret, around) = rest.split_at(usize::from(*length).min(rest.len()));
    let (Ok(secret), Ok(around)) = (std::str::from_utf8(secret), std::str::from_utf8(around)) else {
        return false;
    };
    let redactor = Redactor::default();
    redactor.learn(secret);
    let middle = around.char_indices().nth(around.chars().count() / 2).map_or(0, |(at, _)| at);
    let (before, after) = around.split_at(middle);
    let written = encoded(secret, way % WAYS);
    let text = [before, &written, after].concat();
    let whole = written_in_pieces(&redactor, text.as_bytes(), text.len().max(1));
    let pieces = written_in_pieces(&redactor, text.as_bytes(), usize::from(*piece) + 1);
    let mut different: Vec<u8> = secret.bytes().collect();
    different.sort_unstable();
    different.dedup();
    let is_secret =
        secret.bytes().all(|byte| byte.is_ascii_graphic()) && secret.len() >= 12 && different.len() >= 8;
    for shown in [whole, pieces] {
        assert!(!(is_secret && shown.contains(&written)), "way {way}: {written} is in {shown}");
    }
    is_secret
}

fn encoded(secret: &str, way: u8) -> String {
    let each = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect::<String>();
    // Trimmed, a quote that ends the secret would go, too.
    let json = || {
        let quoted = serde_json::to_string(secret).unwrap_or_default();
        quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
    };
    match way {
        0 => secret.to_owned(),
        1 => json(),
        2 => each(&|byte| format!("%{byte:02X}")),
        3 => each(&|byte| format!("{byte:02x}")),
        4 => secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat(),
        5 => BASE64_STANDARD.encode(secret),
        6 => BASE64_URL_SAFE_NO_PAD.encode(secret),
        _ => secret.chars().map(|letter| format!("&#{};", u32::from(letter))).collect::<Vec<_>>().concat(),
    }
}

fn written_in_pieces(redactor: &Redactor, bytes: &[u8], length: usize) -> String {
    #[derive(Clone, Default)]
    struct Pad(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Pad {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().map_err(|_| std::io::Error::other("poisoned"))?.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let pad = Pad::default();
    let mut writer = redactor.clone().over(pad.clone());
    for piece in bytes.chunks(length) {
        let _ = writer.write_all(piece).and_then(|()| writer.flush());
    }
    drop(writer);
    pad.0.lock().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Any file is a key value or not; one without a flaw is hashed as it is, and no shape of a secret is left after the shapes
/// were redacted. Returns whether it was a key value.
pub fn finder(data: &[u8]) -> bool {
    if let Ok(text) = std::str::from_utf8(data) {
        let once = redact_shapes(text);
        assert_eq!(redact_shapes(&once), once, "redacting twice changes more");
    }
    let Ok(held) = ParsedKeyText::read(data) else { return false };
    assert!(held.length > 0 && held.length <= data.len(), "{} of {}", held.length, data.len());
    if held.blemishes.is_empty() {
        let line = data.strip_suffix(b"\n").unwrap_or(data);
        assert_eq!(held.digest.0, KeyDigest::of(line).0, "a text without a flaw is hashed as it is");
    }
    true
}

/// Any JSON is a seed, faults, or an error. Returns whether it was a seed.
pub fn seeds(data: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return false };
    let _ = Fault::parse(&value);
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return false;
    };
    let options = Options { contents: Contents::Seed(value), ..Options::default() };
    runtime.block_on(async {
        let Ok(sandbox) = Sandbox::start(options).await else { return false };
        assert!(sandbox.tenant().is_object(), "a tenant is an object");
        sandbox.stop().await;
        true
    })
}
