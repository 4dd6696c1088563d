//! `zpakey schema`.

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::error::CommandResult;

/// Print the JSON Schema of all answers
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  $ zpakey schema
  $ zpakey schema | jq '.\"$defs\".key.required'")]
pub struct SchemaArgs {}

impl RunCommand for SchemaArgs {
    fn nature(&self) -> Nature {
        Nature::Local
    }

    fn offline_output(&self) -> Option<String> {
        Some(crate::output::SCHEMA.to_owned())
    }

    async fn run(self, _: &Context) -> CommandResult<CommandOutput> {
        Ok(CommandOutput::nothing())
    }
}
