//! `zpakey get`.

use clap::Args;

use crate::api::Client;
use crate::commands::shared::audit_memory;
use crate::commands::shared::batch::Batch;
use crate::commands::shared::input::KeyArgs;
use crate::commands::shared::lineages::{lineages, role_among};
use crate::commands::shared::lookup::find_keys;
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::{AssociationType, Enrolled, ProvisioningKey};
use crate::error::{CommandError, CommandResult};
use crate::output::{Answer, EnrolledView, KeyView, Notice, RecordKind, Records};

/// Show keys, by name or id
///
/// The answer never holds a key value; `zpakey reveal` shows that.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey get build-runners
  $ zpakey get build-runners --field remaining
  $ zpakey get build-runners --connectors
  $ zpakey list -q | zpakey get - -o csv")]
pub struct GetArgs {
    #[command(flatten)]
    keys: KeyArgs,
    /// List the connectors or service edges that enrolled with the keys instead
    #[arg(long)]
    connectors: bool,
}
impl RunCommand for GetArgs {
    fn nature(&self) -> Nature {
        let kind =
            if self.connectors { RecordKind::of::<EnrolledView>() } else { RecordKind::of::<KeyView>() };
        Nature::Records(kind)
    }

    fn reads_input(&self) -> bool {
        self.keys.read_input()
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: GetArgs) -> CommandResult<CommandOutput> {
    let named = args.keys.read(ctx).await?;
    let mut lookup = find_keys(ctx, &named.refs, &args.keys.types.resolve(ctx)).await?;
    let outcomes = std::mem::take(&mut lookup.outcomes);
    let mut batch = Batch::new(named.plurality, outcomes.len());
    let mut keys = Vec::new();
    for (key, outcome) in named.refs.iter().zip(outcomes) {
        match outcome {
            Ok(found) if keys.iter().any(|known: &ProvisioningKey| known.is_same_key(&found)) => {}
            Ok(found) => keys.push(found),
            Err(error) => batch.failed(key.selector.text(), error)?,
        }
    }
    if !args.connectors {
        let lineages = lineages(lookup.all());
        let memory = audit_memory::recall(ctx);
        let shown = |key| {
            let intent = memory.as_ref().and_then(|memory| memory.intent(key));
            KeyView::with_role(key, role_among(&lineages, key)).meant_for(intent)
        };
        return Ok(batch.finish(keys.iter().map(shown)));
    }
    let members = members(ctx.client().await?, &keys).await?;
    if members.is_empty() && !keys.is_empty() {
        ctx.say(&Notice::Note("nothing that exists today enrolled with it".to_owned()));
    }
    let views = members.iter().map(|(key, enrolled)| EnrolledView::new(enrolled, Some(key)));
    Ok(batch.conclude(CommandOutput::with(Answer::Records(Records::many(views)))))
}

/// Reads what enrolled with the keys: one list for each of their types, in flight together.
async fn members<'a>(
    client: &Client,
    keys: &'a [ProvisioningKey],
) -> CommandResult<Vec<(&'a ProvisioningKey, Enrolled)>> {
    let mut kinds: Vec<AssociationType> = keys.iter().map(|key| key.association_type).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let lists = kinds.iter().map(|kind| async { (*kind, client.enrolled(*kind).await) });
    let mut members = Vec::new();
    for (kind, enrolled) in futures_util::future::join_all(lists).await {
        let Some(enrolled) = enrolled? else {
            let message =
                format!("what enrols with {kind} keys cannot be listed: no call of the API is known for it");
            return Err(CommandError::usage(message, ""));
        };
        for one in enrolled {
            if let Some(key) = keys.iter().find(|key| one.key_id.as_ref() == Some(&key.id)) {
                members.push((key, one));
            }
        }
    }
    Ok(members)
}
