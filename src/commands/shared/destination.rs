//! Where a key value is handed over without being shown.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::commands::shared::file_template::{FileFields, FileTemplate};
use crate::context::{Context, Recipient, quoted};
use crate::domain::{Fingerprint, ProvisioningKey};
use crate::error::CommandError;
use crate::host::{Existing, PrivateFile, PrivateFileError, WrittenFile, unsupported_mode};
use crate::kind::Classified;
use crate::output::Notice;
use crate::secret::KeySecret;

/// A private file as the destination of a key value.
#[derive(Debug, Args)]
pub(crate) struct OutFileArgs {
    /// Write the key value into a new private file (0600) instead of showing it; {name}, {id} and {group} stand for the
    /// key's own
    #[arg(long, value_name = "FILE", group = "destination_file")]
    pub(crate) out_file: Option<PathBuf>,
    /// Give the file of --out-file this mode, in octal; only the owner may write it
    #[arg(long, value_name = "MODE", requires = "out_file", value_parser = parse_mode)]
    mode: Option<u32>,
    /// Replace the file where it exists
    #[arg(long, requires = "destination_file")]
    pub(crate) force: bool,
}

fn parse_mode(text: &str) -> Result<u32, String> {
    let is_octal = (3..=4).contains(&text.len()) && text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    match u32::from_str_radix(text, 8) {
        Ok(mode) if is_octal && mode <= 0o777 && mode & 0o022 != 0 => {
            Err("others than the owner could write the file".to_owned())
        }
        Ok(mode) if is_octal && mode <= 0o777 => {
            unsupported_mode(mode).map_or(Ok(mode), |why| Err(why.to_owned()))
        }
        Ok(_) | Err(_) => Err("three octal digits are expected, as in 0640".to_owned()),
    }
}

impl OutFileArgs {
    /// Opens the file beside its destination, so that one that cannot be written is found out before anything is
    /// sent.
    pub(crate) fn prepare(&self) -> Result<Option<PrivateFile>, CommandError> {
        self.refuse_stdout()?;
        self.out_file.as_deref().map(|path| self.open(path)).transpose()
    }

    /// Returns the template, if each key has a file of its own.
    pub(crate) fn template(&self) -> Option<FileTemplate> {
        self.out_file.as_deref().and_then(FileTemplate::of)
    }

    /// Opens the file of each key beside its destination, all before the first is written.
    pub(crate) fn prepare_each<'a>(
        &self,
        template: &FileTemplate,
        keys: impl IntoIterator<Item = FileFields<'a>>,
    ) -> Result<Vec<PrivateFile>, CommandError> {
        template.paths(keys)?.iter().map(|path| self.open(path)).collect()
    }

    /// As [`OutFileArgs::prepare`], for a key of which this is known.
    pub(crate) fn prepare_for(&self, fields: FileFields<'_>) -> Result<Option<PrivateFile>, CommandError> {
        match self.template() {
            Some(template) => self.open(&template.path(fields)?).map(Some),
            None => self.prepare(),
        }
    }

    fn open(&self, path: &Path) -> Result<PrivateFile, CommandError> {
        let file = PrivateFile::prepare(path, self.existing())?;
        Ok(match self.mode {
            Some(mode) => file.with_mode(mode),
            None => file,
        })
    }

    fn refuse_stdout(&self) -> Result<(), CommandError> {
        if self.out_file.as_deref() == Some(Path::new("-")) {
            let hint = "`reveal --yes --raw` prints the bytes; ./- is a file of that name";
            return Err(CommandError::usage("--out-file - is not standard output", hint));
        }
        Ok(())
    }

    pub(crate) const fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Keep }
    }
}

/// What is written after a key value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terminator {
    /// Nothing: the file has the exact bytes.
    Exact,
    /// The end of its line.
    Line,
}

/// Writes the text into the file and says so, with its fingerprint. It is logged.
pub(crate) fn hand_over(
    ctx: &Context,
    file: PrivateFile,
    key: &ProvisioningKey,
    secret: &KeySecret,
) -> Result<(), PrivateFileError> {
    hand_over_as(ctx, file, key, secret, Terminator::Exact)
}

/// As [`hand_over`], with what is written after the text.
pub(crate) fn hand_over_as(
    ctx: &Context,
    file: PrivateFile,
    key: &ProvisioningKey,
    secret: &KeySecret,
    end: Terminator,
) -> Result<(), PrivateFileError> {
    let (mode, path) = (file.mode(), file.path().to_owned());
    let after: &[u8] = match end {
        Terminator::Exact => b"",
        Terminator::Line => b"\n",
    };
    let written = file.commit(|writer| secret.write_to(writer).and_then(|()| writer.write_all(after)));
    let to = Recipient::File(Some(&path));
    ctx.audit_log.handed_over(key.into(), to, written.as_ref().err().map(Classified::kind));
    let written = written?;
    note_unsynchronised(ctx, &written);
    let fingerprint = Fingerprint::from_digest(secret.digest().0);
    ctx.say(&Notice::Success(format!(
        "wrote {} ({mode:04o}, {} bytes, {fingerprint})",
        quoted(&written.path.display().to_string()),
        secret.len() + after.len()
    )));
    Ok(())
}

/// Says that a file might not outlast a loss of power: its file system does not confirm that it is on the disk.
pub(crate) fn note_unsynchronised(ctx: &Context, written: &WrittenFile) {
    if !written.is_synchronised {
        ctx.say(&Notice::Warning(format!(
            "the file system of {} cannot confirm that the file is on the disk; it was written without",
            quoted(&written.path.display().to_string())
        )));
    }
}
