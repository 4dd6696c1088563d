//! Texts of secrets. All are derived and none is stored, so the tenant's file holds no secret.

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine};
use sha2::{Digest, Sha256};

use super::SECRET_MARKER;

/// The blob of a key text is this many blocks of marker and derived characters.
const BLOCKS: u32 = 8;
const BLOCK_LENGTH: usize = 48;

/// The number after the blob has a sequence of its own: it is not an id of a key, a group or a customer.
const SERIAL_BASE: u64 = 216_199_618_143_303_600;
const SERIAL_SPAN: u64 = 100_000_000;

/// Derives the text that connectors enrol with.
///
/// Each block repeats the marker, so that a part of the text is found as surely as the whole.
pub(super) fn key_text(customer_id: &str, key_id: &str) -> String {
    let mut text = String::from("3|api.private.zscaler.com|");
    for block in 0..BLOCKS {
        let digest = Sha256::digest(format!("sandbox key text {customer_id} {key_id} {block}"));
        text.push_str(SECRET_MARKER);
        text.extend(BASE64_STANDARD_NO_PAD.encode(digest).chars().take(BLOCK_LENGTH - SECRET_MARKER.len()));
    }
    let serial = key_id.parse::<u64>().unwrap_or_default() % SERIAL_SPAN;
    format!("{text}-{}", SERIAL_BASE + serial)
}

/// Encodes a part of a token.
pub(super) fn token_part(json: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json)
}

/// Decodes a part of a token.
pub(super) fn decode_token_part(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

/// Derives the signature of a token.
pub(super) fn signature(customer_id: &str, signed: &str) -> String {
    let digest = Sha256::digest(format!("sandbox token {customer_id} {signed}"));
    format!("{SECRET_MARKER}{}", BASE64_URL_SAFE_NO_PAD.encode(digest))
}

/// Makes the fingerprint of an enrolled host; it is not a secret.
pub(super) fn fingerprint(serial: usize) -> String {
    BASE64_STANDARD.encode(Sha256::digest(format!("sandbox host {serial}")))
}

/// Makes a text in the form of a UUID, the same one for the same request of a run.
pub(super) fn uuid(purpose: &str, ordinal: u64) -> String {
    let digest = Sha256::digest(format!("sandbox {purpose} {ordinal}"));
    let digits: Vec<String> = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let digits = digits.concat();
    let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [group(0, 8), group(8, 12), group(12, 16), group(16, 20), group(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_text_has_the_recorded_shape() {
        let text = key_text("216199618143191040", "38101");
        assert_eq!(text.len(), 429);
        let (head, number) = text.rsplit_once('-').unwrap();
        let blob = head.strip_prefix("3|api.private.zscaler.com|").unwrap();
        assert_eq!(blob.len(), 384);
        assert!(blob.chars().all(|c| c.is_ascii_alphanumeric() || "+/".contains(c)));
        assert_eq!(number.len(), 18);
        assert_ne!(text, key_text("216199618143191040", "38102"));
    }
}
