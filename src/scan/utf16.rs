//! Runs of UTF-16 in any bytes, of either byte order: registry exports, PowerShell, scripts that Windows saved.

use std::ops::Range;

use zeroize::Zeroizing;

/// The shortest key value has this length. Unit: characters.
const SHORTEST: usize = 48;
/// Every so many bytes it is looked whether a run is there. Unit: bytes.
const STRIDE: usize = 64;
/// So many bytes tell that a run is there. Unit: bytes.
const TELLING: usize = 8;

/// A run of characters of ASCII.
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// Returns the runs of a text.
pub(super) fn runs(text: &[u8]) -> impl Iterator<Item = Run> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from;
            text.get(at..at + TELLING)?;
            from = at + STRIDE;
            if let Some(range) = around(text, at) {
                from = from.max(range.end);
                if range.len() >= 2 * SHORTEST {
                    let run = text.get(range.clone()).unwrap_or_default();
                    let characters = run.iter().copied().filter(|byte| *byte != 0);
                    return Some(Run { start: range.start, bytes: Zeroizing::new(characters.collect()) });
                }
            }
        }
    })
}

/// Returns the run around a place: characters and zeros that take turns. The byte order does not matter, and a character of
/// ASCII that happens to stand beside a run is taken for one of it.
fn around(text: &[u8], at: usize) -> Option<Range<usize>> {
    let telling = text.get(at..at + TELLING)?;
    let takes_turns = |pair: &[u8]| matches!(pair, [0, other] | [other, 0] if is_character(*other));
    if !telling.windows(2).all(takes_turns) {
        return None;
    }
    let after = text.get(at..)?.windows(2).take_while(|pair| takes_turns(pair)).count();
    let before = text.get(..=at)?.windows(2).rev().take_while(|pair| takes_turns(pair)).count();
    Some(at - before..at + after + 1)
}

const fn is_character(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_either_byte_order_are_found_at_any_offset() {
        let plain = "a key value, or a text that is as long as the shortest one is";
        let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for encoded in [little, big] {
            for before in 0..STRIDE {
                let text = [vec![0xff; before], encoded.clone(), vec![0xff; 70]].concat();
                let found: Vec<Run> = runs(&text).collect();
                let [run] = found.as_slice() else { panic!("{before}: {} runs", found.len()) };
                assert!(run.start.abs_diff(before) <= 1, "{before}: {}", run.start);
                assert_eq!(run.bytes.as_slice(), plain.as_bytes());
            }
        }
    }

    #[test]
    fn ordinary_text_and_zeros_have_none() {
        assert_eq!(runs(&[0; 4096]).count(), 0);
        assert_eq!(runs("text ".repeat(1000).as_bytes()).count(), 0);
    }
}
