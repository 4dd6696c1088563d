//! Blocks of base64 in any text: on one line or wrapped, in either alphabet, with `+`, `/`, `=` and the line breaks written
//! as escapes or not.

use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use zeroize::Zeroizing;

/// At least one part of a block is this long without an interruption: every so many bytes one is looked at. Unit: bytes.
const STRIDE: usize = 16;
/// The shortest key value in base64. Unit: characters.
const SHORTEST: usize = 68;
/// A shorter line is not one of a wrapped block, but for the last. Unit: characters.
const SHORTEST_LINE: usize = 40;

/// What may stand within a block, and what it stands for; `None` is nothing. Each begins with a character that base64 does
/// not have.
const WITHIN: [(&[u8], Option<u8>); 38] = [
    (br"\r", None),
    (br"\n", None),
    (br"\u000a", None),
    (br"\u000d", None),
    (b"=\r\n", None),
    (b"=\n", None),
    (b"%0D", None),
    (b"%0d", None),
    (b"%0A", None),
    (b"%0a", None),
    (b"=0D", None),
    (b"=0A", None),
    (b"&#13;", None),
    (b"&#10;", None),
    (b"&#xA;", None),
    (b"&#xa;", None),
    (br"\/", Some(b'/')),
    (br"\u002b", Some(b'+')),
    (br"\u002B", Some(b'+')),
    (br"\u002f", Some(b'/')),
    (br"\u002F", Some(b'/')),
    (br"\u003d", Some(b'=')),
    (br"\u003D", Some(b'=')),
    (b"%2B", Some(b'+')),
    (b"%2b", Some(b'+')),
    (b"%2F", Some(b'/')),
    (b"%2f", Some(b'/')),
    (b"%3D", Some(b'=')),
    (b"%3d", Some(b'=')),
    (b"=2B", Some(b'+')),
    (b"=2F", Some(b'/')),
    (b"=3D", Some(b'=')),
    (b"&#43;", Some(b'+')),
    (b"&#47;", Some(b'/')),
    (b"&#x2B;", Some(b'+')),
    (b"&#x2F;", Some(b'/')),
    (b"&#61;", Some(b'=')),
    (b"&#x3D;", Some(b'=')),
];

/// A block without what is not of it.
pub(super) struct Block {
    /// Where it is in the text.
    pub(super) range: Range<usize>,
    characters: Zeroizing<Vec<u8>>,
    /// For each part: its first character, and where that stands in the text.
    parts: Vec<(usize, usize)>,
}

/// Returns the blocks of a text that are long enough to hold a key value.
pub(super) fn blocks(text: &[u8]) -> impl Iterator<Item = Block> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (block, next) = next_block(text, from)?;
        from = next;
        Some(block)
    })
}

/// Finds the next block at or after `from`, and where to go on.
fn next_block(text: &[u8], mut from: usize) -> Option<(Block, usize)> {
    // A run of `STRIDE` characters has one at a multiple of it, and goes on for half of it to one side at least.
    let is_in = |at: usize| text.get(at).is_some_and(|byte| is_of_base64(*byte));
    let mut at = from.next_multiple_of(STRIDE);
    loop {
        text.get(at)?;
        let half = STRIDE / 2;
        if !is_in(at) || !(is_in(at + half - 1) || is_in(at.wrapping_sub(half))) {
            at += STRIDE;
            continue;
        }
        let run = run_around(text, from, at);
        if run.len() < STRIDE {
            at = run.end.next_multiple_of(STRIDE);
            continue;
        }
        let block = block_around(text, from, run);
        let next = block.range.end;
        if block.characters.len() >= SHORTEST {
            return Some((block, next));
        }
        from = next;
        at = next.next_multiple_of(STRIDE);
    }
}

fn run_around(text: &[u8], from: usize, at: usize) -> Range<usize> {
    let before = text.get(from..at).unwrap_or_default().iter().rev();
    let start = at - before.take_while(|byte| is_of_base64(**byte)).count();
    start..at + run_at(text, at)
}

fn run_at(text: &[u8], at: usize) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| is_of_base64(**byte)).count()
}

/// Joins a run with what goes before it and after it.
fn block_around(text: &[u8], from: usize, run: Range<usize>) -> Block {
    let mut start = run.start;
    while let Some(earlier) = part_before(text, from, start) {
        start = earlier;
    }
    let mut block = Block { range: start..start, characters: Zeroizing::new(Vec::new()), parts: Vec::new() };
    block.characters.reserve_exact(run.len().max(1024));
    let (mut at, mut line) = (start, 0);
    loop {
        let length = run_at(text, at);
        block.push(at, text.get(at..at + length).unwrap_or_default());
        at += length;
        line += length;
        let Some((meant, length)) = between(text, at, line) else { break };
        if matches!(text.get(at), Some(b'\n' | b'\r')) {
            line = 0;
        }
        block.push(at, meant.as_slice());
        at += length;
    }
    block.range = start..at;
    block
}

/// Returns what stands between two parts of a block here: what it means, and its length.
fn between(text: &[u8], at: usize, line: usize) -> Option<(Option<u8>, usize)> {
    let rest = text.get(at..)?;
    if let Some((token, meant)) = escape_at(text, at) {
        return Some((*meant, token.len()));
    }
    if rest.first() == Some(&b'=') {
        return Some((Some(b'='), 1));
    }
    let length = line_break(rest).filter(|_| line >= SHORTEST_LINE)?;
    text.get(at + length).is_some_and(|byte| is_of_base64(*byte)).then_some((None, length))
}

/// Returns the length of a line break with the indentation of the next line.
fn line_break(rest: &[u8]) -> Option<usize> {
    let length = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return None,
    };
    let indented = rest.get(length..)?.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    Some(length + indented)
}

/// Returns where the part of a block begins that comes before `start`.
fn part_before(text: &[u8], from: usize, start: usize) -> Option<usize> {
    let before = text.get(from..start)?;
    // The end of an escape is of base64 as well, so that the part seems to begin with it; but for those that end in `;`.
    let marks = (start.saturating_sub(6)..start).rev().filter(|at| *at >= from);
    let escape = marks
        .take_while(|at| text.get(*at).is_some_and(|byte| !byte.is_ascii_whitespace()))
        .find(|at| escape_at(text, *at).is_some());
    let line_end = || {
        let indented = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let line = before.get(..before.len() - indented)?.strip_suffix(b"\n")?;
        Some(from + line.strip_suffix(b"\r").unwrap_or(line).len())
    };
    let (end, shortest) = match escape {
        Some(at) => (at, 0),
        None => (line_end()?, SHORTEST_LINE),
    };
    let line = text.get(from..end)?.iter().rev().take_while(|byte| is_of_base64(**byte)).count();
    (line >= shortest).then(|| end - line)
}

/// Of which bytes base64 is, in either alphabet.
#[expect(clippy::indexing_slicing, reason = "the compiler makes the table, and checks it")]
static OF_BASE64: [bool; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    let mut table = [false; 256];
    let mut at = 0;
    while at < alphabet.len() {
        table[alphabet[at] as usize] = true;
        at += 1;
    }
    table
};

fn is_of_base64(byte: u8) -> bool {
    OF_BASE64.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Returns the escape that stands here.
fn escape_at(text: &[u8], at: usize) -> Option<&'static (&'static [u8], Option<u8>)> {
    let rest = text.get(at..)?;
    let is_mark = matches!(rest.first(), Some(b'\\' | b'=' | b'%' | b'&'));
    WITHIN.iter().filter(|_| is_mark).find(|(token, _)| rest.starts_with(token))
}

impl Block {
    fn push(&mut self, at: usize, characters: &[u8]) {
        if characters.is_empty() {
            return;
        }
        self.parts.push((self.characters.len(), at));
        self.characters.extend(characters.iter().map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            // Padding within: the characters after it are in step again.
            b'=' => b'A',
            other => *other,
        }));
    }

    /// Decodes the block as if so many of its characters were not of it, 0 to 3: it may be glued to another word.
    pub(super) fn decoded(&self, skipped: usize) -> Zeroizing<Vec<u8>> {
        let rest = self.characters.get(skipped..).unwrap_or_default();
        let whole = match rest.len() % 4 {
            1 => rest.len() - 1,
            _ => rest.len(),
        };
        let mut characters = Zeroizing::new(rest.get(..whole).unwrap_or_default().to_vec());
        // The bits that are left over are not looked at.
        let left = whole % 4;
        if left > 0 {
            characters.extend(std::iter::repeat_n(b'A', 4 - left));
        }
        let mut bytes = Zeroizing::new(BASE64_STANDARD_NO_PAD.decode(&*characters).unwrap_or_default());
        if left > 0 {
            let whole = bytes.len() - (4 - left);
            bytes.truncate(whole);
        }
        bytes
    }

    /// Returns where the characters of a decoded byte begin in the text.
    pub(super) fn place(&self, skipped: usize, index: usize) -> usize {
        let character = skipped + index / 3 * 4 + index % 3;
        let part = self.parts.partition_point(|(first, _)| *first <= character).saturating_sub(1);
        self.parts.get(part).map_or(self.range.start, |(first, at)| at + (character - first))
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    const PLAIN: &[u8] = b"A text that is long enough to be a key value, with some ?>?>?>?> in it, and more of it: 0123456789.";

    fn check(text: &str) {
        let found: Vec<Block> = blocks(text.as_bytes()).collect();
        let is_in = |block: &Block| {
            (0..4).any(|skipped| {
                let decoded = block.decoded(skipped);
                let at = decoded.windows(PLAIN.len()).position(|window| window == PLAIN);
                at.is_some_and(|at| block.range.contains(&block.place(skipped, at)))
            })
        };
        assert!(found.iter().any(is_in), "{text}");
    }

    #[test]
    fn a_block_is_found_however_it_is_written() {
        for offset in 0..3 {
            let plain = [&b"ab"[..offset], PLAIN].concat();
            let encoded = BASE64_STANDARD.encode(&plain);
            let wrapped = |width: usize, between: &str| -> String {
                let lines: Vec<&str> =
                    encoded.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
                lines.join(between)
            };
            check(&encoded);
            check(&format!("x: {encoded}\n"));
            check(&format!("glued{encoded}"));
            for between in ["\n", "\r\n", "\n    ", "\\n", "\\r\\n", "%0A", "=\n"] {
                check(&format!("key:\n  {}\nnext", wrapped(64, between)));
                check(&wrapped(76, between));
            }
            check(&encoded.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"));
            check(&encoded.replace('/', "\\/"));
            check(&encoded.replace('+', "-").replace('/', "_"));
        }
    }

    #[test]
    fn words_and_hashes_are_no_blocks() {
        let text = "The quick brown fox jumps over the lazy dog, again and again.\nand_so_on_without_an_end_to_it\n\
                    9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n";
        assert_eq!(blocks(text.as_bytes()).count(), 0);
    }
}
