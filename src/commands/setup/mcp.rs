//! `zpakey mcp`: the arguments; `app/agent_server.rs` serves.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::{AgentAction, AgentLimits, ParseAgentActionError};
use crate::error::{CommandError, CommandResult, ErrorKind};

/// The clients whose configuration is known.
const CLIENTS: [&str; 4] = ["claude", "vscode", "cursor", "codex"];

/// Serve agents over MCP; they never see a key value
///
/// An agent can list, look, audit and wait. What it may write is what --allow names, in groups of --groups, up to --max-uses a
/// key and --max-writes; it never deletes. Key values go to deliveries that stand in the profile, by name. The profile's table
/// `mcp` sets the same; options then only narrow it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey mcp --print-config claude
  $ zpakey --sandbox mcp --allow create,disable --groups 'CI *' --print-config vscode")]
pub struct McpArgs {
    /// Let it do this: create, rotate, update, disable, enable, retire; repeats, or separated by commas
    #[arg(long, value_name = "ACTION", value_delimiter = ',', value_parser = parse_action)]
    allow: Vec<AgentAction>,
    /// Only in groups whose names match this pattern of * and ?; repeats
    #[arg(long, value_name = "GLOB", value_parser = glob::Pattern::new)]
    groups: Vec<glob::Pattern>,
    /// The most uses that it may give a key
    #[arg(long, value_name = "N")]
    max_uses: Option<u64>,
    /// The most writes within an hour, such as 20/h [default: 20/h]
    #[arg(long, value_name = "N/h", value_parser = parse_rate)]
    max_writes: Option<u32>,
    /// Print the lines that register the server with this client, and serve nothing
    #[arg(long, value_name = "CLIENT", value_parser = PossibleValuesParser::new(CLIENTS))]
    print_config: Option<String>,
}

fn parse_action(text: &str) -> Result<AgentAction, String> {
    text.parse().map_err(|error: ParseAgentActionError| error.to_string())
}

fn parse_rate(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix("/h").unwrap_or(text);
    number.parse().map_err(|_| "a number of writes an hour is expected, such as 20/h".to_owned())
}

impl McpArgs {
    /// Returns the client whose configuration is wanted.
    pub fn client(&self) -> Option<&str> {
        self.print_config.as_deref()
    }

    /// Returns what is allowed, within what the profile allows if it says so.
    pub fn limits(&self, profile: Option<&AgentLimits>) -> AgentLimits {
        let typed = AgentLimits {
            allowed: self.allow.iter().copied().collect(),
            groups: if self.groups.is_empty() { Vec::new() } else { vec![self.groups.clone()] },
            max_uses: self.max_uses,
            max_writes: self.max_writes,
        };
        match profile {
            None => typed,
            // Options that were left out narrow nothing.
            Some(profile) if self.allow.is_empty() => {
                let allowed = profile.allowed.clone();
                profile.clone().narrowed_by(AgentLimits { allowed, ..typed })
            }
            Some(profile) => profile.clone().narrowed_by(typed),
        }
    }
}

impl RunCommand for McpArgs {
    fn nature(&self) -> Nature {
        Nature::Plain
    }

    fn needs_tenant(&self) -> bool {
        false
    }

    async fn run(self, _: &Context) -> CommandResult<CommandOutput> {
        Err(CommandError::new(ErrorKind::Internal, "the server is started elsewhere"))
    }
}
