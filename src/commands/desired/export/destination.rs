//! Where an export goes: standard output, one file, or a file for each part.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::context::{Context, quoted};
use crate::error::{CommandError, CommandResult};
use crate::host::{Existing, NewFile, write_together};
use crate::output::Notice;

const RESOURCES: &str = "zpa_provisioning_keys.tf";
const DATA: &str = "zpa_provisioning_key_data.tf";
const IMPORTS: &str = "zpa_provisioning_key_imports.tf";

#[derive(Debug, Args)]
pub(super) struct DestinationArgs {
    /// Write the files `zpa_provisioning_keys.tf`, `zpa_provisioning_key_data.tf` and `zpa_provisioning_key_imports.tf` here
    #[arg(long, value_name = "DIR", conflicts_with = "out_file")]
    dir: Option<PathBuf>,
    /// Write one file; `-` is standard output, which is the default
    #[arg(long, value_name = "FILE|-")]
    out_file: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

/// A part of an export, which has a file of its own in `--dir`.
pub(super) struct Part {
    file: &'static str,
    text: String,
}

impl Part {
    pub(super) const fn whole(text: String) -> Self {
        Self { file: "", text }
    }

    pub(super) const fn resources(text: String) -> Self {
        Self { file: RESOURCES, text }
    }

    pub(super) const fn data(text: String) -> Self {
        Self { file: DATA, text }
    }

    pub(super) const fn imports(text: String) -> Self {
        Self { file: IMPORTS, text }
    }
}

impl DestinationArgs {
    /// Refuses what cannot be written, before anything is read. `has_parts` is `None` if there is nothing to write.
    pub(super) fn check(&self, has_parts: Option<bool>) -> CommandResult<()> {
        if has_parts.is_none() && (self.dir.is_some() || self.out_file.is_some()) {
            return Err(CommandError::usage("--dir and --out-file need --to", ""));
        }
        if self.dir.is_some() && has_parts == Some(false) {
            return Err(CommandError::usage(
                "--dir is for --to terraform",
                "--out-file FILE writes one file",
            ));
        }
        if self.force && self.dir.is_none() && self.file().is_none() {
            return Err(CommandError::usage("--force needs --dir or --out-file", ""));
        }
        Ok(())
    }

    fn file(&self) -> Option<&Path> {
        self.out_file.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// Writes the parts; returns what goes to standard output.
    pub(super) fn write(&self, ctx: &Context, parts: Vec<Part>) -> CommandResult<Option<String>> {
        let mut parts: Vec<Part> = parts.into_iter().filter(|part| !part.text.is_empty()).collect();
        if let Some(directory) = &self.dir {
            std::fs::create_dir_all(directory).map_err(|error| {
                CommandError::usage(format!("could not make {}", directory.display()), "").caused_by(&error)
            })?;
            let file = |part: Part| NewFile { path: directory.join(part.file), text: part.text };
            return self.write_files(ctx, &parts.into_iter().map(file).collect::<Vec<_>>()).map(|()| None);
        }
        // In one file, what is referred to stands behind what refers to it; Terraform does not mind the order.
        let texts: Vec<String> = parts.drain(..).map(|part| part.text).collect();
        let text = texts.join("\n");
        match self.file() {
            Some(path) => self.write_files(ctx, &[NewFile { path: path.to_owned(), text }]).map(|()| None),
            None => Ok(Some(text)),
        }
    }

    fn write_files(&self, ctx: &Context, files: &[NewFile]) -> CommandResult<()> {
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        write_together(files, existing)?;
        for file in files {
            ctx.say(&Notice::Success(format!("wrote {}", quoted(&file.path.display().to_string()))));
        }
        Ok(())
    }
}
