//! The file of findings that someone answers for.

use std::io::ErrorKind as IoErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::audit::{Acceptance, AuditRule, ParseRuleError};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::read_text;

/// The file that is read where none is named.
const USUAL: &str = "zpakey-accept.toml";
const FORM: &str =
    "each [[accept]] has tenant, rule, key, reason, owner and until, such as until = 2027-03-31";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    #[serde(default)]
    accept: Vec<toml::Spanned<EntryText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryText {
    tenant: String,
    rule: String,
    key: String,
    reason: String,
    owner: String,
    until: Day,
}

/// A day, as TOML has it or as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Day {
    Date(toml::value::Datetime),
    Text(String),
}

/// The acceptances and the file that has them.
#[derive(Debug, Default)]
pub(crate) struct AcceptFile {
    pub(crate) path: PathBuf,
    pub(crate) entries: Vec<Acceptance>,
}

impl AcceptFile {
    /// Reads the file that was named, or the usual one in the working directory if there is one.
    pub(crate) fn read(named: Option<&Path>) -> CommandResult<Self> {
        let path = named.unwrap_or_else(|| Path::new(USUAL));
        let text = match read_text(path) {
            Ok(Some((text, _))) => text,
            Ok(None) if named.is_none() => return Ok(Self::default()),
            Ok(None) => {
                return Err(CommandError::unreadable_file(path, &IoErrorKind::NotFound.into()));
            }
            Err(error) => return Err(CommandError::unreadable_file(path, &error)),
        };
        let entries = parsed(&text).map_err(|(at, why)| {
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            CommandError::new(ErrorKind::Usage, format!("{} line {line}: {why}", path.display())).hint(FORM)
        })?;
        Ok(Self { path: path.to_owned(), entries })
    }
}

/// Reads the entries; an error is where it is, in bytes, and why.
fn parsed(text: &str) -> Result<Vec<Acceptance>, (usize, String)> {
    let file: FileText = toml::from_str(text).map_err(|error| {
        (error.span().map_or(0, |span| span.start), error.message().lines().collect::<Vec<_>>().join(" "))
    })?;
    file.accept
        .into_iter()
        .map(|entry| {
            let at = entry.span().start;
            entry.into_inner().read().map_err(|why| (at, why))
        })
        .collect()
}

impl EntryText {
    fn read(self) -> Result<Acceptance, String> {
        let rule: AuditRule =
            self.rule.parse().map_err(|error: ParseRuleError| format!("rule is {error}"))?;
        let until = match &self.until {
            Day::Date(date) => date.to_string(),
            Day::Text(text) => text.clone(),
        };
        let until: Date = until.parse().map_err(|_| "until is a day, such as 2027-03-31".to_owned())?;
        for (name, text) in
            [("tenant", &self.tenant), ("key", &self.key), ("reason", &self.reason), ("owner", &self.owner)]
        {
            if text.trim().is_empty() {
                return Err(format!("{name} is empty"));
            }
        }
        let Self { tenant, key, reason, owner, .. } = self;
        Ok(Acceptance { tenant, rule, key, reason, owner, until })
    }
}
