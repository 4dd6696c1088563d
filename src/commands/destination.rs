//! Where a key's text is handed over without being shown.

use std::path::PathBuf;

use clap::Args;

use super::CommandError;
use crate::context::{Context, HandedTo, quoted};
use crate::domain::{Fingerprint, ProvisioningKey};
use crate::host::{Existing, PrivateFile, PrivateFileError};
use crate::output::Notice;
use crate::secret::KeySecret;

/// A private file as the destination of a key's text.
#[derive(Debug, Args)]
pub(super) struct OutFileArgs {
    /// Write the key's text into a new private file (0600) instead of showing it
    #[arg(long, value_name = "FILE")]
    pub(super) out_file: Option<PathBuf>,
    /// Replace the file of --out-file where it exists
    #[arg(long, requires = "out_file")]
    pub(super) force: bool,
}

impl OutFileArgs {
    /// Opens the file beside its destination, so that one that cannot be written is found out before anything is
    /// sent.
    pub(super) fn prepare(&self) -> Result<Option<PrivateFile>, CommandError> {
        if self.out_file.as_deref() == Some(std::path::Path::new("-")) {
            let hint = "`reveal --yes --raw` prints the bytes; ./- is a file of that name";
            return Err(CommandError::usage("--out-file - is not standard output", hint));
        }
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        let prepare = |path: &PathBuf| PrivateFile::prepare(path, existing);
        self.out_file.as_ref().map(prepare).transpose().map_err(CommandError::Destination)
    }
}

/// Writes the text into the file and says so, with its fingerprint. It is logged.
pub(super) fn hand_over(
    ctx: &Context,
    file: PrivateFile,
    key: &ProvisioningKey,
    secret: &KeySecret,
) -> Result<(), PrivateFileError> {
    let written = file.commit(|writer| secret.write_to(writer));
    ctx.trail.handed_over(key.into(), HandedTo::File, written.as_ref().err().map(|error| error as _));
    let path = written?;
    let fingerprint = Fingerprint::from_digest(secret.digest().0);
    ctx.say(&Notice::Success(format!(
        "wrote {} (0600, {} bytes, {fingerprint})",
        quoted(&path.display().to_string()),
        secret.len()
    )));
    Ok(())
}
