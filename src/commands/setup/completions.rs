//! `zpakey completions`.

use clap::ValueEnum as _;

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::error::CommandResult;

/// Print a shell's completion of commands, options and names
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:
  $ zpakey completions bash
  $ zpakey completions zsh --static > _zpakey",
    after_long_help = "Examples:
  $ zpakey completions bash
  $ zpakey completions zsh --static > _zpakey

A shell has it from the next start on, where this line is in the file:

  bash        ~/.bashrc
              source <(zpakey completions bash)
  zsh         ~/.zshrc, after compinit
              source <(zpakey completions zsh)
  fish        ~/.config/fish/config.fish
              zpakey completions fish | source
  elvish      ~/.config/elvish/rc.elv
              eval (zpakey completions elvish | slurp)
  powershell  $PROFILE
              zpakey completions powershell | Out-String | Invoke-Expression

At each Tab the shell then asks the zpakey on the PATH. It completes the names of keys, groups, certificates,
microtenants and profiles, without a network: commands remember the names that they see in
$XDG_CACHE_HOME/zpakey/names, by default ~/.cache/zpakey/names, and no secret with them. They do not where CI is
set, or the token cache is off."
)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
    /// Print a script that sends no requests and completes no names, as packages install it
    #[arg(id = "static", long)]
    pub whole: bool,
}

impl RunCommand for CompletionsArgs {
    fn nature(&self) -> Nature {
        Nature::Local
    }

    async fn run(self, _: &Context) -> CommandResult<CommandOutput> {
        Ok(CommandOutput::nothing())
    }
}

/// The shells that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[expect(missing_docs, reason = "what stands at a variant is help, and these say all by their names")]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
    Zsh,
}

impl Shell {
    /// Returns the shell of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }
}
