//! `zpakey microtenants`.

use clap::Args;

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::config::MicrotenantChoice;
use crate::context::Context;
use crate::domain::Microtenant;
use crate::error::CommandResult;
use crate::output::{Answer, MicrotenantView, RecordKind, Records};

/// List microtenants
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey microtenants
  $ zpakey microtenants --field name")]
pub struct MicrotenantsArgs {}

impl RunCommand for MicrotenantsArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<MicrotenantView>())
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        // Not the client of the microtenant that the settings name: its name may be what is looked for.
        let mut all = ctx.tenant_wide_client().await?.microtenants().await?;
        all.sort_by_cached_key(|one| (one.name.raw().to_lowercase(), one.id.order()));
        let chosen = ctx.settings.microtenant();
        let is_active = |one: &Microtenant| match &chosen {
            Some(MicrotenantChoice::Id(id)) => one.id == *id,
            Some(MicrotenantChoice::Name(name)) => one.name == *name.as_str(),
            None => false,
        };
        let views = all.iter().map(|one| MicrotenantView::new(one, is_active(one)));
        Ok(CommandOutput::with(Answer::Records(Records::many(views))))
    }
}
