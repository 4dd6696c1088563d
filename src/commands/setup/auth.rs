//! `zpakey auth`: signing in once, seeing as whom, and forgetting it again.

mod login;
mod logout;
mod questions;
mod status;
mod token;

use clap::{Args, Subcommand};

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::config::Purpose;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{RecordKind, SecretForm, SignInView, TokenView};

/// Sign in, see as whom, and sign out
#[derive(Debug, Args)]
pub struct AuthArgs {
    #[command(subcommand)]
    action: AuthAction,
}

#[derive(Debug, Subcommand)]
enum AuthAction {
    /// Set up a profile: the credential is tried before anything is saved
    ///
    /// Asks for what no option gives. Without a terminal the options must give all of it, the secret by
    /// --client-secret-file or the key by --private-key-file.
    #[command(after_help = "Examples:
  $ zpakey auth login
  $ zpakey auth login --profile prod --keep file
  $ op read op://zpa/prod/secret | zpakey auth login --profile prod --client-secret-file - --keep file")]
    Login(login::LoginArgs),
    /// Show as whom, where each value came from, and whether it can be used; exit 3 where it cannot
    #[command(after_help = "Examples:
  $ zpakey auth status
  $ zpakey auth status --all -o json")]
    Status(status::AuthStatusArgs),
    /// Forget the secret that login kept, and tokens
    #[command(after_help = "Examples:
  $ zpakey auth logout
  $ zpakey auth logout --profile lab --yes")]
    Logout,
    /// Print a bearer token, for use with curl
    ///
    /// Asks first, as reveal does, also where the token goes into a pipe. Without a terminal to ask on it refuses,
    /// unless --yes is given.
    #[command(after_help = "Examples:
  $ zpakey auth token --out-file token
  $ zpakey auth token --yes | tr -d '\\n' | wc -c")]
    Token(token::TokenArgs),
}
impl RunCommand for AuthArgs {
    fn nature(&self) -> Nature {
        match self.action {
            AuthAction::Login(_) | AuthAction::Logout => Nature::Plain,
            AuthAction::Status(_) => Nature::Records(RecordKind::of::<SignInView>()),
            AuthAction::Token(_) => Nature::Bare(RecordKind::of::<TokenView>()),
        }
    }

    fn needs_tenant(&self) -> bool {
        matches!(self.action, AuthAction::Token(_))
    }

    fn secret_form(&self) -> SecretForm {
        SecretForm::Line
    }

    fn purpose(&self) -> Purpose {
        match self.action {
            AuthAction::Login(_) => Purpose::SetUp,
            AuthAction::Status(_) | AuthAction::Logout | AuthAction::Token(_) => Purpose::Use,
        }
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: AuthArgs) -> CommandResult<CommandOutput> {
    match args.action {
        AuthAction::Login(args) => login::run(ctx, args).await,
        AuthAction::Status(args) => status::run(ctx, args).await,
        AuthAction::Logout => logout::run(ctx).await,
        AuthAction::Token(args) => token::run(ctx, args).await,
    }
}
