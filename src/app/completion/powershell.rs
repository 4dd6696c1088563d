//! PowerShell. It puts a candidate into the command line as it is, too, and the library's adapter quotes nothing.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap_complete::env::EnvCompleter;

pub(super) struct Powershell;

/// Writes a candidate so that it means itself; `None` if it has a character that ends a quote.
fn quoted(candidate: &str) -> Option<String> {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=".contains(character);
    if candidate.chars().all(is_plain) {
        return Some(candidate.to_owned());
    }
    let ends_it =
        |character: char| character.is_control() || "'\u{2018}\u{2019}\u{201a}\u{201b}".contains(character);
    (!candidate.contains(ends_it)).then(|| format!("'{candidate}'"))
}

impl EnvCompleter for Powershell {
    fn name(&self) -> &'static str {
        clap_complete::env::Powershell.name()
    }

    fn is(&self, name: &str) -> bool {
        clap_complete::env::Powershell.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<()> {
        clap_complete::env::Powershell.write_registration(var, name, bin, completer, buf)
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
            let Some(text) = candidate.get_value().to_str().and_then(quoted) else { continue };
            let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
            match help.lines().next() {
                Some(help) => writeln!(buf, "{text}\t{help}")?,
                None => writeln!(buf, "{text}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_powershell_would_expand_is_quoted() {
        for (candidate, expected) in [
            ("build-runners", Some("build-runners")),
            ("--group=AWS us-east-1", Some("'--group=AWS us-east-1'")),
            ("$(touch x)", Some("'$(touch x)'")),
            ("it's", None),
            ("it\u{2019}s", None),
            ("a\tb", None),
        ] {
            assert_eq!(quoted(candidate).as_deref(), expected, "{candidate:?}");
        }
    }
}
