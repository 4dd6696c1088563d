//! A KEY that was left out, for a command that needs one: at a terminal it is picked from a list.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind as ParseErrorKind};
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use crate::cli::Cli;
use crate::commands::{Command, pick_key};
use crate::context::Context;
use crate::domain::AssociationType;
use crate::error::{CommandError, CommandResult};

/// The commands that have it picked.
const COMMANDS: [&str; 6] = ["get", "reveal", "update", "rotate", "delete", "disable"];
/// Stands for the KEY until it is picked. It is never looked up.
const PLACEHOLDER: &str = "id:0";

/// A command line that lacks nothing but its KEY.
pub(super) struct MissingKey {
    arguments: Vec<OsString>,
    /// What clap says of it, for where no one can be asked.
    pub(super) error: clap::Error,
    /// The types that were typed; empty if none was.
    kinds: Vec<AssociationType>,
}

impl MissingKey {
    /// Looks at what keeps arguments from being parsed; `Err` with the same error if it is something else.
    pub(super) fn find(
        error: clap::Error,
        arguments: &[OsString],
    ) -> Result<(Cli, String, Self), clap::Error> {
        let is_key = |text: &String| text.starts_with("<KEY>");
        let lacks_key = error.kind() == ParseErrorKind::MissingRequiredArgument
            && matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::Strings(all)) if all.iter().all(is_key));
        if !lacks_key {
            return Err(error);
        }
        match parse(arguments, PLACEHOLDER) {
            Ok((cli, matches)) => match matches.subcommand() {
                Some((word, own)) if COMMANDS.contains(&word) => {
                    let missing = Self { arguments: arguments.to_vec(), error, kinds: kinds(own) };
                    Ok((cli, word.to_owned(), missing))
                }
                Some(_) | None => Err(error),
            },
            Err(_) => Err(error),
        }
    }

    /// Has a key picked for a command that nothing else is wrong with, and returns the command line that names it.
    pub(super) async fn pick_for(
        &self,
        command: &Command,
        ctx: &Context,
    ) -> CommandResult<(Cli, Vec<OsString>)> {
        command.check_before_key(ctx)?;
        let kinds = if self.kinds.is_empty() { &ctx.settings.types } else { &self.kinds };
        let key = format!("id:{}", pick_key(ctx, kinds).await?);
        let (cli, _) =
            parse(&self.arguments, &key).map_err(|error| CommandError::usage(error.to_string(), ""))?;
        Ok((cli, with_key(&self.arguments, &key)))
    }
}

fn kinds(matches: &ArgMatches) -> Vec<AssociationType> {
    if matches.get_flag("all_types") {
        return AssociationType::ALL.to_vec();
    }
    matches.get_many("kinds").into_iter().flatten().copied().collect()
}

fn with_key(arguments: &[OsString], key: &str) -> Vec<OsString> {
    arguments.iter().cloned().chain([key.into()]).collect()
}

fn parse(arguments: &[OsString], key: &str) -> Result<(Cli, ArgMatches), clap::Error> {
    let matches = Cli::command().try_get_matches_from(with_key(arguments, key))?;
    Ok((Cli::from_arg_matches(&matches)?, matches))
}
