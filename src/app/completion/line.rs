//! A command line as a shell hands it over: words with their quotes, which the engine knows nothing of.

use std::ffi::{OsStr, OsString};

/// How the word that is completed was begun, where bash keeps what stands before the cursor.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// What of the word bash leaves as it is, without quotes: a part that ends with `=` or `:`.
    pub(super) kept: String,
    /// The quote that is open at the cursor.
    pub(super) quote: Option<char>,
    /// Whether the word begins with a `~` that bash expands.
    pub(super) has_tilde: bool,
}

/// Reads what the bash part hands over: the line up to the cursor, and what of it bash replaces.
pub(super) fn of_bash(arguments: &[OsString]) -> Option<(Vec<OsString>, Typed)> {
    let [line, replaced] = arguments else { return None };
    let (line, replaced) = (line.to_str()?, replaced.to_str()?);
    let words = split(line);
    let last = line.get(words.last()?.start..)?;
    let kept = unquoted(last.strip_suffix(replaced)?);
    let typed = Typed { kept: kept.text, quote: kept.quote, has_tilde: last.starts_with('~') };
    Some((words.into_iter().map(|word| word.text.into()).collect(), typed))
}

/// Returns a word as the program would get it; one that is no UTF-8 as it is.
pub(super) fn without_quotes(word: impl AsRef<OsStr>) -> OsString {
    let word = word.as_ref();
    word.to_str().map_or_else(|| word.to_owned(), |word| unquoted(word).text.into())
}

/// A word without its quotes.
struct ShellWord {
    start: usize,
    text: String,
    quote: Option<char>,
}

fn unquoted(text: &str) -> ShellWord {
    let (text, quote, _) = read(text, |_| false);
    ShellWord { start: 0, text, quote }
}

/// Splits at blanks that are not quoted. The last word is the one at the end of the line, which may be empty.
fn split(line: &str) -> Vec<ShellWord> {
    let mut words = Vec::new();
    let mut start = line.len() - line.trim_start().len();
    loop {
        let rest = line.get(start..).unwrap_or_default();
        let (text, quote, length) = read(rest, char::is_whitespace);
        words.push(ShellWord { start, text, quote });
        let rest = rest.get(length..).unwrap_or_default();
        if rest.is_empty() {
            return words;
        }
        start = line.len() - rest.trim_start().len();
    }
}

/// Reads one word as POSIX shells do, up to its end; returns it without quotes, the quote that is open at the end, and
/// its length.
fn read(text: &str, ends: impl Fn(char) -> bool) -> (String, Option<char>, usize) {
    let mut word = String::new();
    let mut quote = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some('"'), '\\') => match characters.peek() {
                Some((_, next)) if "$`\"\\".contains(*next) => {
                    word.extend(characters.next().map(|(_, next)| next));
                }
                _ => word.push('\\'),
            },
            (None, '\\') => word.extend(characters.next().map(|(_, next)| next)),
            (None, '\'' | '"') => quote = Some(character),
            (None, _) if ends(character) => return (word, None, at),
            (_, _) => word.push(character),
        }
    }
    (word, quote, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bash(line: &str, replaced: &str) -> Option<(Vec<String>, Typed)> {
        let (words, typed) = of_bash(&[line.into(), replaced.into()])?;
        Some((words.into_iter().map(|word| word.into_string().unwrap()).collect(), typed))
    }

    fn kept(text: &str, quote: Option<char>) -> Typed {
        Typed { kept: text.to_owned(), quote, has_tilde: false }
    }

    #[test]
    fn quotes_and_what_bash_keeps_are_told_apart() {
        for (line, replaced, last, expected) in [
            ("zpakey get", "get", "get", kept("", None)),
            ("zpakey get ", "", "", kept("", None)),
            (r"zpakey get AWS\ us", r"AWS\ us", "AWS us", kept("", None)),
            ("zpakey get \"AWS us", "AWS us", "AWS us", kept("", Some('"'))),
            ("zpakey get 'AWS us", "AWS us", "AWS us", kept("", Some('\''))),
            ("zpakey list --group=AW", "AW", "--group=AW", kept("--group=", None)),
            ("zpakey list --group=\"AW", "AW", "--group=AW", kept("--group=", Some('"'))),
            ("zpakey list --group=", "", "--group=", kept("--group=", None)),
            ("zpakey get id:3", "3", "id:3", kept("id:", None)),
            ("zpakey get a@b", "@b", "a@b", kept("a", None)),
            ("zpakey get \"a\\\"b", "a\\\"b", "a\"b", kept("", Some('"'))),
        ] {
            let (words, typed) = bash(line, replaced).unwrap();
            assert_eq!((words.last().map(String::as_str), typed), (Some(last), expected), "{line}");
        }
        assert!(bash("zpakey get ~/x", "~/x").unwrap().1.has_tilde);
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        let (words, _) = bash("  zpakey --profile 'my lab'  get \"a b\"c ''  x", "x").unwrap();
        assert_eq!(words, ["zpakey", "--profile", "my lab", "get", "a bc", "", "x"]);
    }

    #[test]
    fn what_cannot_be_is_not_answered() {
        assert!(bash("zpakey get bu", "else").is_none());
        assert!(of_bash(&["zpakey".into()]).is_none());
    }

    #[test]
    fn a_backslash_at_the_end_quotes_nothing() {
        assert_eq!(without_quotes(r"AWS\"), "AWS");
        assert_eq!(without_quotes(r#""a\b$"#), r"a\b$");
    }
}
