//! Finds a secret in what was written, however it was encoded on the way.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine};

/// Knows how a secret may look.
pub struct Searcher {
    /// What it looks like, and what to call that. The name is told, the look never.
    looks: Vec<(String, String)>,
}

impl Searcher {
    /// Looks for a secret. A part that every secret has is enough: whatever encodes the whole encodes the part.
    pub fn new(secret: &str) -> Self {
        let mut looks = vec![
            (secret.to_owned(), "as it is".to_owned()),
            (secret.chars().rev().collect(), "backwards".to_owned()),
        ];
        looks.extend(looks_of(secret.as_bytes()));
        Self { looks }
    }

    /// Looks for any of these as well.
    pub fn and(mut self, secret: &str) -> Self {
        self.looks.extend(Self::new(secret).looks);
        self
    }

    /// Looks for any line of a private key, as it stands in PEM and as the bytes that it means.
    pub fn and_key(mut self, pem: &str) -> Self {
        let lines: Vec<&str> =
            pem.lines().filter(|line| line.len() == 64 && !line.starts_with('-')).collect();
        assert!(lines.len() > 20, "no key");
        for (number, line) in lines.into_iter().enumerate() {
            self.looks.push((line.to_owned(), "a line of the key".to_owned()));
            // Whatever encodes the key encodes all of its lines.
            if number % 6 == 0 {
                self = self.and(line);
                self.looks.extend(looks_of(&BASE64_STANDARD_NO_PAD.decode(line).unwrap()));
            }
        }
        self
    }

    /// Tells in which form the secret is there; nothing where it is not.
    pub fn find(&self, written: &[u8]) -> Option<&str> {
        let text = String::from_utf8_lossy(written);
        let percent_decoded = percent_decode(written);
        // A line that was broken, or wrapped in a table's column, still shows the secret.
        let joined: String =
            percent_decoded.chars().filter(|c| !c.is_whitespace() && !"\"\\|│".contains(*c)).collect();
        let found = self.looks.iter().find(|(look, _)| {
            [text.as_ref(), percent_decoded.as_str(), joined.as_str()].iter().any(|view| view.contains(look))
        });
        found.map(|(_, name)| name.as_str())
    }
}

/// How bytes look that are not shown as a text.
fn looks_of(bytes: &[u8]) -> Vec<(String, String)> {
    let mut looks = vec![
        (each(bytes, "", |text, byte| write!(text, "{byte:02x}")), "in hex".to_owned()),
        (each(bytes, "", |text, byte| write!(text, "{byte:02X}")), "in HEX".to_owned()),
        // As a program prints bytes that it was not told are a text.
        (each(bytes, ",", |text, byte| write!(text, "{byte}")), "as numbers".to_owned()),
    ];
    for offset in 0..3 {
        for (engine, name) in [(&BASE64_STANDARD_NO_PAD, "base64"), (&BASE64_URL_SAFE_NO_PAD, "base64url")] {
            looks.push((inner_base64(engine, offset, bytes), format!("in {name} at offset {offset}")));
        }
        let once = inner_base64(&BASE64_STANDARD_NO_PAD, offset, bytes);
        for again in 0..3 {
            let twice = inner_base64(&BASE64_STANDARD_NO_PAD, again, once.as_bytes());
            looks.push((twice, format!("in base64 twice at offsets {offset} and {again}")));
        }
    }
    looks.extend((0..5).map(|offset| (inner_base32(offset, bytes), format!("in base32 at offset {offset}"))));
    looks
}

/// The characters of base32 that depend on these bytes alone, where so many bytes of a group stand before them.
fn inner_base32(offset: usize, bytes: &[u8]) -> String {
    let bits = each(bytes, "", |text, byte| write!(text, "{byte:08b}"));
    let skipped = (5 - offset * 8 % 5) % 5;
    let digits = bits.as_bytes().get(skipped..).unwrap_or_default().chunks_exact(5);
    let value = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 2).unwrap();
    digits
        .map(value)
        .map(|value| if value < 26 { b'A' + value } else { b'2' + value - 26 })
        .map(char::from)
        .collect()
}

fn each(bytes: &[u8], separator: &str, write: impl Fn(&mut String, &u8) -> std::fmt::Result) -> String {
    let mut parts = Vec::new();
    for byte in bytes {
        let mut part = String::new();
        let _ = write(&mut part, byte);
        parts.push(part);
    }
    parts.join(separator)
}

/// The characters of base64 that depend on these bytes alone, where so many bytes of a group stand before them.
fn inner_base64(engine: &impl Engine, offset: usize, bytes: &[u8]) -> String {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    let whole_characters = padded.len() * 8 / 6;
    let first = (offset * 8).div_ceil(6);
    engine.encode(&padded).chars().take(whole_characters).skip(first).collect()
}

fn percent_decode(bytes: &[u8]) -> String {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return String::from_utf8_lossy(&decoded).into_owned(),
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = [*high, *low];
                let value =
                    std::str::from_utf8(&digits).ok().and_then(|text| u8::from_str_radix(text, 16).ok());
                decoded.extend(value);
                after
            }
            [byte, after @ ..] => {
                decoded.push(*byte);
                after
            }
        };
    }
}

fn found(planted: &str) -> Option<String> {
    Searcher::new("NotARealSecret").find(planted.as_bytes()).map(str::to_owned)
}

#[test]
fn a_secret_is_found_as_it_is() {
    assert_eq!(found("key: 3|host|xNotARealSecretx-1").as_deref(), Some("as it is"));
    assert_eq!(found("key: 3|host|…-1"), None);
}

#[test]
fn a_secret_is_found_backwards_and_percent_encoded() {
    assert_eq!(found("terceSlaeRAtoN").as_deref(), Some("backwards"));
    assert_eq!(found("?key=%4e%6F%74%41%52%65%61%6c%53%65%63%72%65%74&x").as_deref(), Some("as it is"));
    assert_eq!(found("?key=NotAReal%53ecret").as_deref(), Some("as it is"));
}

#[test]
fn a_secret_is_found_in_hex_and_as_numbers() {
    assert_eq!(found("x4e6f74415265616c536563726574y").as_deref(), Some("in hex"));
    assert_eq!(found("4E6F74415265616C536563726574").as_deref(), Some("in HEX"));
    let debug = format!("{:?}", b"NotARealSecret");
    assert_eq!(found(&debug).as_deref(), Some("as numbers"));
}

#[test]
fn a_secret_is_found_in_base64_wherever_it_starts() {
    for (before, name) in [
        ("", "in base64 at offset 0"),
        ("a", "in base64 at offset 1"),
        ("ab", "in base64 at offset 2"),
        ("abc", "in base64 at offset 0"),
    ] {
        let encoded = BASE64_STANDARD_NO_PAD.encode(format!("{before}NotARealSecretÿ"));
        assert_eq!(found(&format!("Basic {encoded}==")).as_deref(), Some(name), "{before:?}");
    }
}

#[test]
fn a_secret_is_found_in_base32_and_in_base64_twice() {
    // As `base32` and `base64 -w 0 | base64 -w 0` write it.
    for (encoded, name) in [
        ("JZXXIQKSMVQWYU3FMNZGK5A=", "in base32 at offset 0"),
        ("PB4XUTTPORAVEZLBNRJWKY3SMV2A====", "in base32 at offset 3"),
        ("VG05MFFWSmxZV3hUWldOeVpYUT0=", "in base64 twice at offsets 0 and 0"),
        ("YWVIbE9iM1JCVW1WaGJGTmxZM0psZEE9PQ==", "in base64 twice at offsets 2 and 1"),
    ] {
        assert_eq!(found(encoded).as_deref(), Some(name), "{encoded}");
    }
}

#[test]
fn a_secret_is_found_in_the_base64_of_addresses() {
    let searcher = Searcher::new("~~~~???>>>");
    let encoded = BASE64_URL_SAFE_NO_PAD.encode("~~~~???>>>");
    assert_ne!(encoded, BASE64_STANDARD_NO_PAD.encode("~~~~???>>>"));
    assert_eq!(searcher.find(encoded.as_bytes()), Some("in base64url at offset 0"));
}

#[test]
fn a_secret_is_found_where_it_is_split_across_lines() {
    assert_eq!(found("Key  3|host|NotARe\n     alSecretX").as_deref(), Some("as it is"));
    assert_eq!(found("4e6f7441\n5265616c\n536563726574").as_deref(), Some("in hex"));
    assert_eq!(found("\"NotAReal\\\n  Secret\"").as_deref(), Some("as it is"));
}

#[test]
fn any_line_of_a_private_key_is_found_as_it_stands_and_by_its_bytes() {
    let pem = &crate::support::certificates::SIGNING_KEY.pkcs8_pem;
    let searcher = Searcher::new("NotARealSecret").and_key(pem);
    let lines: Vec<&str> = pem.lines().filter(|line| line.len() == 64).collect();
    for line in lines.iter().step_by(6) {
        let bytes = BASE64_STANDARD_NO_PAD.decode(line).unwrap();
        let hex = each(&bytes, "", |text, byte| write!(text, "{byte:02x}"));
        let again = BASE64_STANDARD_NO_PAD.encode(format!("x{line}y"));
        for written in [
            format!("x{line}y"),
            hex,
            format!("{bytes:?}"),
            again,
            format!("{}\n  {}", &line[..30], &line[30..]),
        ] {
            assert!(searcher.find(written.as_bytes()).is_some(), "{written}");
        }
        assert_eq!(searcher.find(&line.as_bytes()[1..]), None);
    }
    assert!(lines.iter().all(|line| searcher.find(line.as_bytes()).is_some()));
}
