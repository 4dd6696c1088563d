//! Opens a file of keys, and tells its form.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::check::check;
use super::decode::decode;
use super::document::KeyDocument;
use super::node::{FileForm, Node};
use crate::commands::shared::file_template::with_profile;
use crate::context::Context;
use crate::domain::desired::DesiredFile;
use crate::error::{CommandError, CommandResult};
use crate::host::{no_such_file, read_text};

/// A file of keys, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DesiredSource(PathBuf);

/// A file of keys as it was read.
pub(crate) struct ReadDocument {
    pub(crate) document: KeyDocument,
    pub(crate) file: DesiredFile,
}

impl DesiredSource {
    pub(crate) fn of(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the file of a profile: its name stands for `{profile}`.
    pub(crate) fn of_profile(&self, profile: &str) -> Self {
        Self(with_profile(self.0.clone(), profile))
    }

    /// Returns the files of the tenants that were asked for, each once.
    pub(crate) fn of_tenants(&self, ctx: &Context) -> Vec<Self> {
        let profiles = ctx.fleet().map(|fleet| fleet.profiles.as_slice()).unwrap_or_default();
        let mut sources: Vec<Self> = profiles.iter().map(|profile| self.of_profile(profile)).collect();
        sources.dedup();
        sources
    }

    pub(crate) fn is_input(&self) -> bool {
        self.0 == Path::new("-")
    }

    /// Returns its name in messages.
    pub(crate) fn origin(&self) -> String {
        if self.is_input() { "standard input".to_owned() } else { self.0.display().to_string() }
    }

    /// Returns the path as it was typed.
    pub(crate) fn path(&self) -> String {
        self.0.display().to_string()
    }

    /// Reads the text. Someone may have put a key value into it.
    pub(crate) async fn text(&self, ctx: &Context) -> CommandResult<Zeroizing<String>> {
        if self.is_input() {
            return Ok(Zeroizing::new(ctx.read_input().await?));
        }
        // On a thread of its own: it may be a pipe that no one writes to.
        let here = self.0.clone();
        let read = tokio::task::spawn_blocking(move || read_text(&here)).await?;
        let read = read.and_then(|found| found.ok_or_else(no_such_file));
        Ok(read.map_err(|error| CommandError::unreadable_file(&self.0, &error))?.0)
    }

    fn form(&self, text: &str) -> FileForm {
        let extension = self.0.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "json" => FileForm::Json,
            "toml" => FileForm::Toml,
            "yaml" | "yml" => FileForm::Yaml,
            _ if text.trim_start().starts_with('{') => FileForm::Json,
            _ => FileForm::Yaml,
        }
    }

    /// Reads a text as a file of keys.
    ///
    /// # Errors
    /// All that is wrong with it, with line and column.
    pub(crate) fn parse(&self, text: &str) -> CommandResult<ReadDocument> {
        read_document(text, self.form(text), &self.origin())
    }
}

pub(super) fn read_document(text: &str, form: FileForm, origin: &str) -> CommandResult<ReadDocument> {
    let place = |line: usize, column: usize| format!("{origin}, line {line}, column {column}");
    if text.trim().is_empty() {
        return Err(CommandError::usage(format!("{origin} is empty"), "")
            .hint("a file begins with `version: 1`; `zpakey export --to keys` writes one"));
    }
    let root = Node::parse(text, form).map_err(|error| {
        CommandError::usage(format!("{}: {}", place(error.place.line, error.place.column), error.why), "")
    })?;
    let document: KeyDocument = decode(&root).map_err(|error| {
        let at = error.place.map_or_else(|| origin.to_owned(), |at| place(at.line, at.column));
        CommandError::usage(format!("{at}: {}", error.why), "")
            .hint("`zpakey schema --file` prints the JSON Schema of these files")
    })?;
    let file = check(&document, &root).map_err(|problems| match problems.as_slice() {
        [(at, why)] => CommandError::usage(format!("{}: {why}", place(at.line, at.column)), ""),
        several => {
            let lines =
                several.iter().map(|(at, why)| format!("line {}, column {}: {why}", at.line, at.column));
            CommandError::usage(format!("{origin} has {} mistakes", several.len()), "").details(lines)
        }
    })?;
    Ok(ReadDocument { document, file })
}
