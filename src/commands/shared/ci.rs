//! `--ci`: what a CI runner is told before a key value is written.

use clap::{Args, ValueEnum};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::secret::KeySecret;

/// Which runner is told of a key value.
#[derive(Debug, Args)]
pub(crate) struct CiArgs {
    /// Tell this CI runner, on standard error, to mask the key value in its log, before it is written anywhere
    #[arg(long, value_enum, value_name = "RUNNER", hide_short_help = true)]
    ci: Option<CiSystem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CiSystem {
    /// GitHub Actions, and what follows its workflow commands
    #[value(name = "github")]
    GitHub,
}

impl CiArgs {
    /// Refuses it where no text is handed over, with a hint that says what would.
    pub(crate) fn check_use(&self, hands_over: bool, hint: &str) -> Result<(), CommandError> {
        if self.ci.is_some() && !hands_over {
            return Err(CommandError::usage("--ci is for a command that hands the key value over", hint));
        }
        Ok(())
    }

    /// Writes the option as it is typed.
    pub(crate) fn word(&self) -> Option<&'static str> {
        self.ci.map(|CiSystem::GitHub| "--ci github")
    }

    /// Refuses to write a key value to where no runner takes it out again, before anything is sent.
    pub(crate) fn check(&self, ctx: &Context) -> Result<(), CommandError> {
        let why = match self.ci {
            Some(CiSystem::GitHub) if ctx.env.get("GITHUB_ACTIONS") != Some("true") => {
                "GITHUB_ACTIONS is not true"
            }
            Some(CiSystem::GitHub) if ctx.terminals.stderr => "standard error is a terminal",
            Some(CiSystem::GitHub) | None => return Ok(()),
        };
        let hint = "leave --ci out: it writes the key value to standard error, for a runner to mask";
        Err(CommandError::usage(format!("--ci github: no runner reads along, {why}"), hint))
    }

    /// Tells the runner to mask a key value.
    ///
    /// # Errors
    /// That the runner could not be told; the text is not to be written then.
    ///
    /// # Secrets
    /// The text goes to standard error, where the runner reads it and takes it out of its log.
    pub(crate) fn mask(&self, ctx: &Context, secret: &KeySecret) -> CommandResult<()> {
        match self.ci {
            None => Ok(()),
            Some(CiSystem::GitHub) => ctx.write_unredacted(&secret.mask_for_github()).map_err(|error| {
                let doing = "the runner could not be told to mask the key value, which is not written";
                CommandError::io(doing, &error)
            }),
        }
    }
}
