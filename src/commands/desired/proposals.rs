//! `zpakey proposals`.

use clap::Args;

use crate::commands::shared::proposals::{Proposals, proposal_view};
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::config::Purpose;
use crate::context::Context;
use crate::domain::{ParseProposalIdError, ProposalId, ProposalState};
use crate::error::CommandResult;
use crate::output::{Answer, Notice, ProposalView, RecordKind, Records};

/// List what agents proposed, and reject it
///
/// Agents that `zpakey mcp` serves propose what they may not do themselves. A person carries a proposal out: `zpakey apply
/// proposal:ID` shows it and asks at the terminal. It can be carried out once, within 24 hours, and only while the key is as it
/// was.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey proposals
  $ zpakey proposals --all -o json")]
pub struct ProposalsArgs {
    /// Only this proposal
    #[arg(value_name = "ID", value_parser = parse_id)]
    id: Option<ProposalId>,
    /// End the proposal: it cannot be carried out any more
    #[arg(long, requires = "id")]
    reject: bool,
    /// Also those that are no longer open
    #[arg(short, long, conflicts_with = "id")]
    all: bool,
}

fn parse_id(text: &str) -> Result<ProposalId, ParseProposalIdError> {
    text.strip_prefix("proposal:").unwrap_or(text).parse()
}

impl RunCommand for ProposalsArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<ProposalView>())
    }

    fn needs_tenant(&self) -> bool {
        false
    }

    fn purpose(&self) -> Purpose {
        Purpose::SetUp
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, &self)
    }
}

fn run(ctx: &Context, args: &ProposalsArgs) -> CommandResult<CommandOutput> {
    let proposals = Proposals::of(ctx.dirs.as_ref(), ctx.clock.now())?;
    let command = |id: &ProposalId| ctx.command(&format!("apply proposal:{id}"));
    if let Some(id) = &args.id {
        let proposal = proposals.read(id)?;
        if args.reject {
            let _lock = proposals.take(id, &proposal)?;
            proposals.end(id, ProposalState::Rejected, None)?;
            ctx.say(&Notice::Success(format!("rejected proposal {id}")));
        }
        let view = proposal_view(id, &proposal, proposals.state(id, &proposal), command(id))?;
        return Ok(CommandOutput::with(Answer::Records(Records::one(view))));
    }
    let mut views = Vec::new();
    for (id, proposal, state, code) in proposals.all() {
        if args.all || matches!(state, ProposalState::Open | ProposalState::Applying) {
            views.push(proposal_view(&id, &proposal, (state, code), command(&id))?);
        }
    }
    let next = views.iter().find_map(|view| view.command.clone());
    let is_empty = views.is_empty();
    let mut output = CommandOutput::with(Answer::Records(Records::many(views)));
    let footer = &mut output.report.footer;
    if is_empty {
        footer.push(Notice::Note("no open proposals".to_owned()));
    }
    footer.extend(next.map(Notice::Next));
    Ok(output)
}
