//! bash. It puts a candidate into the command line as it is, so what a candidate means to bash is quoted here: a name
//! comes from a server, and may be `$(reboot)`. The library's adapter quotes nothing and lets bash expand patterns.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap_complete::env::EnvCompleter;

use super::line::Typed;

/// The adapter; `Typed` says how the word that is completed was begun.
#[derive(Default)]
pub(super) struct Bash {
    typed: Typed,
}

/// The part that bash gets. `$2` is what of the word it replaces: without an opening quote, and only what comes after
/// the last `=` or `:`.
const REGISTRATION: &str = r#"_BIN() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(VAR=bash COMPLETER -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -o nosort -F _BIN BIN 2>/dev/null || complete -o bashdefault -F _BIN BIN
"#;

impl Bash {
    pub(super) const fn at(typed: Typed) -> Self {
        Self { typed }
    }

    /// Writes what bash is to put in place of what it replaces; `None` if it could not be undone by bash.
    fn quoted(&self, candidate: &str) -> Option<String> {
        let rest = candidate.strip_prefix(&self.typed.kept)?;
        if rest.chars().any(char::is_control) {
            return None;
        }
        let escaped = |text: &str, needs: &dyn Fn(char) -> bool| {
            text.chars().fold(String::with_capacity(text.len() + 8), |mut written, character| {
                if needs(character) {
                    written.push('\\');
                }
                written.push(character);
                written
            })
        };
        match self.typed.quote {
            Some('\'') => Some(rest.replace('\'', r"'\''")),
            // Within these quotes nothing keeps it from the history.
            Some(_) if rest.contains('!') => None,
            Some(_) => Some(escaped(rest, &|character| "$`\"\\".contains(character))),
            None => {
                let (tilde, rest) = match rest.strip_prefix('~') {
                    Some(after) if self.typed.has_tilde => ("~", after),
                    Some(_) | None => ("", rest),
                };
                let means_something = |character: char| {
                    let plain = character.is_alphanumeric() || "-_./:=@%+,".contains(character);
                    !plain && (character.is_ascii() || character.is_whitespace())
                };
                Some(format!("{tilde}{}", escaped(rest, &means_something)))
            }
        }
    }
}

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == self.name()
    }

    fn write_registration(
        &self,
        var: &str,
        _: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<()> {
        let text = REGISTRATION.replace("COMPLETER", completer).replace("BIN", bin).replace("VAR", var);
        buf.write_all(text.as_bytes())
    }

    fn write_complete(
        &self,
        cmd: &mut clap::Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<()> {
        let index = args.len().saturating_sub(1);
        for candidate in clap_complete::engine::complete(cmd, args, index, current_dir)? {
            if let Some(text) = candidate.get_value().to_str().and_then(|text| self.quoted(text)) {
                writeln!(buf, "{text}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(quote: Option<char>, candidate: &str) -> Option<String> {
        Bash::at(Typed { quote, ..Typed::default() }).quoted(candidate)
    }

    #[test]
    fn what_bash_would_expand_is_escaped_where_no_quote_is_open() {
        for (candidate, expected) in [
            ("build-runners", "build-runners"),
            ("AWS us-east-1", r"AWS\ us-east-1"),
            ("$(touch x)", r"\$\(touch\ x\)"),
            ("`id`;*?[a]{b,c}!", r"\`id\`\;\*\?\[a\]\{b,c\}\!"),
            ("it's \"so\" \\", r#"it\'s\ \"so\"\ \\"#),
            ("Zürich 東京…", r"Zürich\ 東京…"),
            ("~root", r"\~root"),
            ("id:38101", "id:38101"),
        ] {
            assert_eq!(quoted(None, candidate).as_deref(), Some(expected));
        }
    }

    #[test]
    fn an_open_quote_has_rules_of_its_own() {
        assert_eq!(quoted(Some('"'), "a $(b) `c` \"d\" \\").unwrap(), r#"a \$(b) \`c\` \"d\" \\"#);
        assert_eq!(quoted(Some('"'), "hot!"), None);
        assert_eq!(quoted(Some('\''), "it's $x").unwrap(), r"it'\''s $x");
    }

    #[test]
    fn only_what_bash_replaces_is_written() {
        let after = |kept: &str| Bash::at(Typed { kept: kept.to_owned(), ..Typed::default() });
        assert_eq!(after("--group=").quoted("--group=CI us-east-1").unwrap(), r"CI\ us-east-1");
        assert_eq!(after("--group=").quoted("--type"), None);
    }

    #[test]
    fn control_characters_are_no_candidate() {
        assert_eq!(quoted(None, "a\nb"), None);
        assert_eq!(quoted(Some('\''), "a\u{1b}[2J"), None);
    }

    #[test]
    fn a_tilde_that_bash_expands_stays_one() {
        let typed = Typed { has_tilde: true, ..Typed::default() };
        assert_eq!(Bash::at(typed).quoted("~/my file").unwrap(), r"~/my\ file");
    }
}
