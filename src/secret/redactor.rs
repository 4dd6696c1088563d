//! The redactor: it knows the secrets of this process and takes them out of messages, in whatever encoding.
//!
//! It is one for the whole process, since secrets are made on any thread: a token is read from the cache on a thread
//! that may block. Each is learnt by the functions of [`super`] that make secrets, so that no command has to think of
//! it. A text without a known secret passes as it is, except for what has the shape of a secret.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::known::{Class, KnownSecrets};
use super::{expose, redact_shapes};

/// A longer line is passed on in pieces. Unit: bytes.
const LONGEST_LINE: usize = 64 * 1024;
/// What stands in place of a secret.
const REDACTED: &[u8] = b"[redacted]";

/// The redactor of this process. It is never dropped: what a hook left running may still print.
static PROCESS: LazyLock<Redactor> = LazyLock::new(Redactor::default);

/// Knows secrets, and takes them out of texts.
#[derive(Clone, Default)]
pub struct Redactor(Arc<Mutex<KnownSecrets>>);

/// Takes the secrets out of a stream that comes in pieces, a line at a time.
pub struct LineRedactor {
    redactor: Redactor,
    /// The line that has not ended yet.
    pending: Zeroizing<Vec<u8>>,
    /// How much of it was passed on already. Unit: bytes.
    passed: usize,
}

/// Passes on what is written without the secrets in it, a line at a time, so that one that is written in pieces is
/// seen. What is left without a line break is passed on when this is dropped.
pub struct RedactingWriter<W: Write> {
    lines: LineRedactor,
    writer: W,
}

/// Tells the redactor of this process of a secret.
pub(super) fn learn(secret: &SecretString, class: Class) {
    PROCESS.known().learn(expose(secret), class);
}

/// Takes the secrets of this process out of a text, and whatever has the shape of one.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    PROCESS.redact(text)
}

impl Redactor {
    /// Returns the redactor of this process, which knows each secret from where it is made.
    #[must_use]
    pub fn of_process() -> Self {
        PROCESS.clone()
    }

    /// Learns a secret that signs in.
    pub fn learn(&self, secret: &str) {
        self.known().learn(secret, Class::Credential);
    }

    /// Takes the secrets out of a text, and whatever has the shape of one.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.known().find(text.as_bytes());
        if found.is_empty() {
            return redact_shapes(text);
        }
        let clean = replaced(text.as_bytes(), 0, &found);
        Cow::Owned(redact_shapes(&String::from_utf8_lossy(&clean)).into_owned())
    }

    /// Puts the redactor in front of a writer.
    pub fn over<W: Write>(self, writer: W) -> RedactingWriter<W> {
        RedactingWriter { lines: self.lines(), writer }
    }

    /// Starts with a stream.
    #[must_use]
    pub fn lines(self) -> LineRedactor {
        LineRedactor { redactor: self, pending: Zeroizing::new(Vec::new()), passed: 0 }
    }

    fn known(&self) -> MutexGuard<'_, KnownSecrets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LineRedactor {
    /// Takes what comes next, and returns what can be passed on: whole lines, or of a line that is too long what no
    /// secret can be cut by.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.pending.extend_from_slice(bytes);
        match memchr::memrchr(b'\n', &self.pending) {
            Some(at) => self.take(at + 1),
            None if self.pending.len() > LONGEST_LINE => self.take(self.end_of_piece()),
            None => Vec::new(),
        }
    }

    /// Returns what of a line without end can be passed on by now, such as a prompt: all but what may be the beginning
    /// of a secret. The line is remembered, so that a secret in it is seen once it is whole.
    pub fn settle(&mut self) -> Vec<u8> {
        let known = self.redactor.known();
        let found = known.find(&self.pending);
        let end = known.begun(&self.pending);
        drop(known);
        let end = not_within_character(&self.pending, end.max(found.last().map_or(0, |(_, end)| *end)));
        if end <= self.passed {
            return Vec::new();
        }
        let clean = self.clean(end, &found);
        self.passed = end;
        clean
    }

    /// Returns what is left.
    pub fn finish(&mut self) -> Vec<u8> {
        self.take(self.pending.len())
    }

    /// Returns the beginning without secrets, and forgets it.
    fn take(&mut self, end: usize) -> Vec<u8> {
        let found = self.redactor.known().find(self.pending.get(..end).unwrap_or_default());
        let clean = if end > self.passed { self.clean(end, &found) } else { Vec::new() };
        self.passed = self.passed.saturating_sub(end);
        // A buffer that was shortened in place would keep a copy of what it had.
        self.pending = Zeroizing::new(self.pending.get(end..).unwrap_or_default().to_vec());
        clean
    }

    /// Returns what is new up to here, without what was found.
    fn clean(&self, end: usize, found: &[(usize, usize)]) -> Vec<u8> {
        let text = self.pending.get(..end).unwrap_or_default();
        let clean = replaced(text, self.passed, found);
        let clean = String::from_utf8_lossy(&clean);
        // What is cut off at the end of a text is redacted with all that follows, but for the line's own end.
        let (line, end) = clean.strip_suffix('\n').map_or((clean.as_ref(), ""), |line| (line, "\n"));
        format!("{}{end}", redact_shapes(line)).into_bytes()
    }

    fn end_of_piece(&self) -> usize {
        let known = self.redactor.known();
        let kept = known.longest().min(LONGEST_LINE / 2);
        let cut = not_within_character(&self.pending, self.pending.len().saturating_sub(kept));
        let across = known.find(&self.pending).into_iter().find(|(start, end)| *start < cut && cut < *end);
        across.map_or(cut, |(_, end)| end)
    }
}

/// Moves a place to the start of the character that it is in the middle of.
fn not_within_character(text: &[u8], mut place: usize) -> usize {
    let is_inner = |place: usize| text.get(place).is_some_and(|byte| (0x80..0xc0).contains(byte));
    if place == text.len() {
        // The last character may not be whole yet.
        let start =
            (1..=3).find(|back| text.get(text.len().saturating_sub(*back)).is_some_and(|byte| *byte >= 0xc0));
        if let Some(start) = start.map(|back| text.len() - back)
            && std::str::from_utf8(text.get(start..).unwrap_or_default()).is_err()
        {
            return start;
        }
        return place;
    }
    while place > 0 && is_inner(place) {
        place -= 1;
    }
    place
}

/// Returns a text from a place on, with what was found replaced.
fn replaced(text: &[u8], mut from: usize, found: &[(usize, usize)]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    for (start, end) in found.iter().filter(|(start, _)| *start < text.len()) {
        if *end <= from {
            continue;
        }
        clean.extend_from_slice(text.get(from..*start).unwrap_or_default());
        clean.extend_from_slice(REDACTED);
        from = *end;
    }
    clean.extend_from_slice(text.get(from..).unwrap_or_default());
    clean
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let clean = self.lines.push(bytes);
        self.writer.write_all(&clean)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        let rest = self.lines.finish();
        if !rest.is_empty() {
            // There is no one to tell.
            let _ = self.writer.write_all(&rest).and_then(|()| self.writer.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use super::*;
    use crate::secret::known::MOST_PARTS;
    use crate::secret::{AccessToken, KeySecret, PrivateKey, ProxyAddress, SecretText};

    const SECRET: &str = r#"p@ss/"w\ord|1é"#;

    fn knowing(secret: &str) -> Redactor {
        let redactor = Redactor::default();
        redactor.learn(secret);
        redactor
    }

    /// What arrives where a text is written in pieces.
    fn written(redactor: &Redactor, pieces: &[&str]) -> String {
        #[derive(Clone, Default)]
        struct SharedBuffer(Arc<Mutex<Vec<u8>>>);
        impl Write for SharedBuffer {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let pad = SharedBuffer::default();
        let mut writer = redactor.clone().over(pad.clone());
        for piece in pieces {
            writer.write_all(piece.as_bytes()).unwrap();
            writer.flush().unwrap();
        }
        drop(writer);
        let bytes = pad.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_secret_is_taken_out_in_every_encoding() {
        let redactor = knowing(SECRET);
        let json = serde_json::to_string(SECRET).unwrap();
        let json = json.trim_matches('"');
        let percent: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        let units = SECRET.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        let all_escaped = units.collect::<Vec<_>>().concat();
        for look in [
            SECRET,
            json,
            &json.replace('/', r"\/"),
            &percent,
            &percent.to_ascii_lowercase().replace("%c3%a9", "%C3%a9"),
            &all_escaped,
            format!("{SECRET:?}").trim_matches('"'),
            "p@ss/&quot;w\\ord|1é",
            "p&#64;ss&#x2F;&#34;w&#92;ord&#124;1&#xE9;",
            "704073732f22775c6f72647c31c3a9",
            "704073732F22775C6F72647C31C3A9",
            "p@ss/\"w\\o\n  rd|1é",
        ] {
            assert_eq!(redactor.redact(&format!("<{look}>")), "<[redacted]>", "{look}");
        }
    }

    #[test]
    fn a_secret_is_taken_out_of_base64_wherever_it_starts() {
        let redactor = knowing("not-a-real-secret");
        // The same secret with nothing, `x` and `xy` before it, and `:z` after it.
        for encoded in
            ["bm90LWEtcmVhbC1zZWNyZXQ6eg==", "eG5vdC1hLXJlYWwtc2VjcmV0Ono=", "eHlub3QtYS1yZWFsLXNlY3JldDp6"]
        {
            let clean = redactor.redact(encoded).into_owned();
            assert!(clean.contains("[redacted]") && clean.len() < 18, "{clean}");
        }
    }

    #[test]
    fn a_secret_is_taken_out_of_base32_and_of_base64_in_base64_wherever_it_starts() {
        let redactor = knowing("not-a-real-secret");
        for encoded in [
            "NZXXILLBFVZGKYLMFVZWKY3SMV2DU6Q=",
            "PBXG65BNMEWXEZLBNQWXGZLDOJSXIOT2",
            "PB4W433UFVQS24TFMFWC243FMNZGK5B2PI======",
            "PB4XU3TPOQWWCLLSMVQWYLLTMVRXEZLUHJ5A====",
            "O54HS6TON52C2YJNOJSWC3BNONSWG4TFOQ5HU===",
            "Ym05MExXRXRjbVZoYkMxelpXTnlaWFE2ZWc9PQ==",
            "YWJtOTBMV0V0Y21WaGJDMXpaV055WlhRNmVnPT0=",
            "YWJibTkwTFdFdGNtVmhiQzF6WldOeVpYUTZlZz09",
            "ZUc1dmRDMWhMWEpsWVd3dGMyVmpjbVYwT25vPQ==",
            "YWVHNXZkQzFoTFhKbFlXd3RjMlZqY21WME9ubz0=",
            "YWJlRzV2ZEMxaExYSmxZV3d0YzJWamNtVjBPbm89",
            "ZUhsdWIzUXRZUzF5WldGc0xYTmxZM0psZERwNg==",
            "YWVIbHViM1F0WVMxeVpXRnNMWE5sWTNKbGREcDY=",
            "YWJlSGx1YjNRdFlTMXlaV0ZzTFhObFkzSmxkRHA2",
        ] {
            let clean = redactor.redact(encoded).into_owned();
            assert!(clean.contains("[redacted]") && clean.len() < 30, "{encoded}: {clean}");
            let clean = redactor.redact(encoded.trim_end_matches('=')).into_owned();
            assert!(clean.contains("[redacted]") && clean.len() < 30, "{encoded}: {clean}");
        }
    }

    #[test]
    fn where_nothing_is_known_a_text_passes_as_it_is_but_for_what_has_the_shape_of_a_secret() {
        let redactor = Redactor::default();
        assert!(matches!(redactor.redact("deleted prod"), Cow::Borrowed("deleted prod")));
        assert_eq!(redactor.redact("got 3|host.example|blob= back"), "got [redacted] back");
    }

    #[test]
    fn a_secret_that_any_thread_makes_is_known_on_every_thread() {
        type Make = fn(String);
        let makers: [(&str, Make); 6] = [
            ("key", |text| {
                let json = format!("\"3|host.example|{text}\"");
                drop(serde_json::from_str::<KeySecret>(&json).unwrap());
            }),
            ("token", |text| drop(serde_json::from_str::<AccessToken>(&format!("\"{text}\"")).unwrap())),
            ("cached", |text| drop(AccessToken::new(text))),
            ("secret", |text| drop(SecretText::new(&text))),
            ("pem", |text| {
                let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----");
                drop(PrivateKey::new(pem));
            }),
            ("proxy", |text| drop(format!("http://me:{text}@proxy").parse::<ProxyAddress>().unwrap())),
        ];
        for (name, make) in makers {
            let secret = format!("{name}-of-another-thread");
            assert_eq!(redact(&secret), secret);
            let made = secret.clone();
            std::thread::spawn(move || make(made)).join().unwrap();
            assert_eq!(redact(&format!("<{secret}>")), "<[redacted]>");
            assert_eq!(Redactor::of_process().redact(&secret), "[redacted]");
        }
    }

    #[test]
    fn a_piece_of_a_secret_is_taken_out_as_base64_and_hex_write_it_over_lines() {
        let letters = (0..380_u32).map(|number| char::from_u32(65 + number * 7 % 26).unwrap());
        let blob: String = "Zq81".chars().chain(letters).collect();
        let redactor = knowing(&blob);
        for line in [&blob[100..160], &hex_of(&blob)[120..180], &"eyJhbGci".repeat(8)] {
            let clean = redactor.redact(line).into_owned();
            assert_eq!(clean.contains("[redacted]"), !line.starts_with("eyJ"), "{clean}");
            assert!(clean.len() < 45 || line.starts_with("eyJ"), "{clean}");
        }
        // As a whole, of which a line is too short.
        assert_eq!(redactor.redact(&blob[100..115]), &blob[100..115]);
    }

    #[test]
    fn another_token_with_the_same_header_goes_as_a_whole() {
        let header = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImFiYyJ9";
        let redactor = knowing(&format!("{header}.payload-of-ours.signature"));
        let other = format!("told {header}.payload-of-another.signature end\n");
        assert_eq!(redactor.redact(&other), "told [redacted] end\n");
        assert_eq!(written(&redactor, &[&other]), "told [redacted] end\n");
    }

    fn hex_of(text: &str) -> String {
        text.bytes().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"))
    }

    #[test]
    fn the_texts_of_many_keys_do_not_push_out_the_token() {
        let redactor = knowing("token-of-this-run");
        for number in 0..2 * MOST_PARTS {
            redactor.known().learn(&format!("3|host|text-{number:05}"), Class::KeyText);
        }
        assert_eq!(
            redactor.redact("token-of-this-run text-00000 text-01023"),
            "[redacted] text-00000 [redacted]"
        );
    }

    #[test]
    fn a_prompt_is_passed_on_and_a_secret_that_goes_on_after_it_is_seen() {
        let redactor = knowing("not-a-real-secret");
        let mut lines = redactor.lines();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert_eq!(text(lines.push(b"Password: ")), "");
        assert_eq!(text(lines.settle()), "Password: ");
        assert_eq!(text(lines.settle()), "");
        lines.push(b"got not-a-re");
        // What may be the beginning of a secret waits for the rest.
        assert_eq!(text(lines.settle()), "got ");
        assert_eq!(text(lines.push(b"al-secret!\nnext \xc3")), "[redacted]!\n");
        assert_eq!(text(lines.settle()), "next ");
        assert_eq!(text(lines.push(b"\xa9 not-a")), "");
        assert_eq!(text(lines.finish()), "\u{e9} not-a");
    }

    #[test]
    fn what_is_short_is_not_looked_for_and_what_is_old_is_forgotten() {
        assert_eq!(knowing("default").redact("profile default"), "profile default");
        let redactor = Redactor::default();
        for number in 0..=MOST_PARTS {
            redactor.learn(&format!("secret-{number:04}"));
        }
        assert_eq!(
            redactor.redact("secret-0000 secret-0001 secret-0512"),
            "secret-0000 [redacted] [redacted]"
        );
    }

    #[test]
    fn each_line_of_a_private_key_is_known_however_its_lines_are_broken() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n";
        for written in
            [key.to_owned(), key.replace('\n', "\\n"), key.replace('\n', " "), key.replace('\n', "\r\n")]
        {
            let redactor = knowing(&written);
            assert_eq!(
                redactor.redact("at BgkqhkiG9w0B, MIIEvQIBADAN"),
                "at [redacted], [redacted]",
                "{written}"
            );
            assert_eq!(redactor.redact("PRIVATE KEY-----"), "PRIVATE KEY-----");
        }
        for password in ["-+-----BEGIN0;", "-----BEGIN x-----", "a-----BEGIN b"] {
            assert_eq!(knowing(password).redact(&format!("<{password}>")), "<[redacted]>");
        }
    }

    #[test]
    fn a_secret_that_is_written_in_pieces_is_seen() {
        let redactor = knowing("not-a-real-secret");
        assert_eq!(
            written(&redactor, &["a not-a-", "real-sec", "ret b\nc not-a-real"]),
            "a [redacted] b\nc not-a-real"
        );
        assert_eq!(written(&redactor, &["-----BEGIN PRIVATE KEY-----\nMIIE\n"]), "[redacted]\n");
    }

    #[test]
    fn a_line_without_end_is_passed_on_and_no_secret_is_cut_by_that() {
        let redactor = knowing("not-a-real-secret");
        let filler = "é".repeat(LONGEST_LINE / 2 - 50);
        let line = format!("{filler}{}", "not-a-real-secret.".repeat(40));
        let pieces: Vec<&str> = line.split_inclusive('t').collect();
        assert_eq!(written(&redactor, &pieces), format!("{filler}{}", "[redacted].".repeat(40)));
    }
}
