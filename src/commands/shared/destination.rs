//! Where a key value is handed over without being shown.

use std::path::PathBuf;

use clap::Args;

use crate::context::{Context, Recipient, quoted};
use crate::domain::{Fingerprint, ProvisioningKey};
use crate::error::CommandError;
use crate::host::{Existing, PrivateFile, PrivateFileError, WrittenFile};
use crate::kind::Classified;
use crate::output::Notice;
use crate::secret::KeySecret;

/// A private file as the destination of a key value.
#[derive(Debug, Args)]
pub(crate) struct OutFileArgs {
    /// Write the key value into a new private file (0600) instead of showing it
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
        Ok(mode) if is_octal && mode <= 0o777 => Ok(mode),
        Ok(_) | Err(_) => Err("three octal digits are expected, as in 0640".to_owned()),
    }
}

impl OutFileArgs {
    /// Opens the file beside its destination, so that one that cannot be written is found out before anything is
    /// sent.
    pub(crate) fn prepare(&self) -> Result<Option<PrivateFile>, CommandError> {
        if self.out_file.as_deref() == Some(std::path::Path::new("-")) {
            let hint = "`reveal --yes --raw` prints the bytes; ./- is a file of that name";
            return Err(CommandError::usage("--out-file - is not standard output", hint));
        }
        let prepare = |path: &PathBuf| PrivateFile::prepare(path, self.existing());
        let file = self.out_file.as_ref().map(prepare).transpose()?;
        Ok(match self.mode {
            Some(mode) => file.map(|file| file.with_mode(mode)),
            None => file,
        })
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
    let mode = file.mode();
    let after: &[u8] = match end {
        Terminator::Exact => b"",
        Terminator::Line => b"\n",
    };
    let written = file.commit(|writer| secret.write_to(writer).and_then(|()| writer.write_all(after)));
    ctx.audit_log.handed_over(key.into(), Recipient::File, written.as_ref().err().map(Classified::kind));
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
