//! `zpakey schema`.

/// Print the JSON Schema of all answers
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  $ zpakey schema
  $ zpakey schema | jq '.\"$defs\".key.required'")]
pub struct SchemaArgs {}
