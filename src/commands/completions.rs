//! `zpakey completions`.

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  $ zpakey completions bash > zpakey.bash
  $ zpakey completions fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl CompletionsArgs {
    /// Returns the committed script; a test holds it against the arguments.
    pub(super) const fn script(&self) -> &'static str {
        match self.shell {
            Shell::Bash => include_str!("../../completions/zpakey.bash"),
            Shell::Elvish => include_str!("../../completions/zpakey.elv"),
            Shell::Fish => include_str!("../../completions/zpakey.fish"),
            Shell::Powershell => include_str!("../../completions/_zpakey.ps1"),
            Shell::Zsh => include_str!("../../completions/_zpakey"),
        }
    }
}
