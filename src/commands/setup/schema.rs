//! `zpakey schema`.

use crate::commands::shared::desired::file_schema;
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::error::CommandResult;

/// Print the JSON Schema of all answers, or of a file of keys
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  $ zpakey schema
  $ zpakey schema --file > zpakey-keys.schema.json
  $ zpakey schema | jq '.\"$defs\".key.required'")]
pub struct SchemaArgs {
    /// Print that of the files that `zpakey diff` and `zpakey apply` read, for editors
    #[arg(long)]
    file: bool,
}

impl RunCommand for SchemaArgs {
    fn nature(&self) -> Nature {
        Nature::Local
    }

    fn offline_output(&self) -> Option<String> {
        Some(if self.file { file_schema() } else { crate::output::SCHEMA.to_owned() })
    }

    async fn run(self, _: &Context) -> CommandResult<CommandOutput> {
        Ok(CommandOutput::nothing())
    }
}
