//! `zpakey auth token`.

use clap::Args;

use crate::commands::CommandOutput;
use crate::commands::shared::ask::{Danger, Question, consent};
use crate::commands::shared::destination::{OutFileArgs, note_unsynchronised};
use crate::context::{Context, quoted};
use crate::error::CommandResult;
use crate::output::{Answer, Notice, Records, Secret, Time, TokenView, time_left};

/// Print a bearer token, for use with curl
#[derive(Debug, Args)]
#[command(mut_arg("out_file", |option| option.help("Write the token into a new private file (0600) instead of showing it")))]
pub(super) struct TokenArgs {
    #[command(flatten)]
    destination: OutFileArgs,
}

pub(super) async fn run(ctx: &Context, args: TokenArgs) -> CommandResult<CommandOutput> {
    let file = args.destination.prepare()?;
    // What is missing is said before anyone is asked.
    ctx.connection()?;
    if file.is_none() {
        consent(ctx, question(ctx)).await?;
    }
    let (token, expires_at) = ctx.client().await?.access_token().await?;
    let left = expires_at.map(|end| end.duration_since(ctx.clock.now()).as_secs());
    let valid = left.map_or_else(String::new, |seconds| format!(", valid {}", time_left(seconds)));
    if let Some(file) = file {
        let mode = file.mode();
        let written = file.commit(|writer| token.write_to(writer))?;
        note_unsynchronised(ctx, &written);
        let path = quoted(&written.path.display().to_string());
        ctx.say(&Notice::Success(format!("wrote {path} ({mode:04o}{valid})")));
        return Ok(CommandOutput::nothing());
    }
    let view = TokenView { token_type: "Bearer", expires_at: expires_at.map(Time) };
    Ok(CommandOutput::with(Answer::Records(Records::revealed(view, Secret::Token(token)))))
}

fn question(ctx: &Context) -> Question {
    Question {
        about: format!(
            "Anyone who has a bearer token acts as this API client until it expires.\n  {}",
            ctx.tenant_label()
        ),
        ask: format!("Print a bearer token to {}?", ctx.stdout_label()),
        danger: Danger::Confirm,
        refusal: "will not print a token".to_owned(),
        hints: vec![
            format!(
                "{} writes it to a private file without printing it",
                ctx.command("auth token --out-file FILE")
            ),
            "--yes prints it; into a pipe, never into a build log".to_owned(),
        ],
    }
}
