//! `zpakey groups`.

use clap::Args;
use futures_util::future::{join, join_all, join3};

use crate::api::{ApiError, Client};
use crate::commands::shared::groups_of_keys::{KnownGroup, with_groups_of_keys};
use crate::commands::shared::input::TypeArgs;
use crate::commands::shared::lookup::read_available;
use crate::commands::shared::pattern::NamePattern;
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::{AssociationType, Enrolled, GroupId, ProvisioningKey, Zcomponent};
use crate::error::{CommandError, CommandResult};
use crate::output::{Answer, GroupView, Notice, RecordKind, Records};

/// List groups with the keys that can enrol into them
///
/// Groups are created in the admin portal or by Terraform.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey groups
  $ zpakey groups 'CI*'
  $ zpakey groups -o json | jq -r '.[] | select(.remaining == 0) | .name'")]
pub struct GroupsArgs {
    /// Only groups of this name: a part of it, or a pattern of * and ?
    #[arg(value_name = "PATTERN")]
    pattern: Option<NamePattern>,
    #[command(flatten)]
    types: TypeArgs,
}

impl RunCommand for GroupsArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<GroupView>())
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        let kinds = self.types.resolve(ctx);
        let client = ctx.client().await?;
        let (readable, directory) =
            join(read_available(client, &kinds), read_directory(client, &kinds)).await;
        let mut readable = readable?;
        let mut warnings = std::mem::take(&mut readable.warnings);
        let mut views = Vec::new();
        // A type that this tenant does not have is left out, as it is by `list`.
        for entry in directory.into_iter().filter(|entry| readable.kinds.contains(&entry.kind)) {
            let enrolled = entry.enrolled.unwrap_or_else(|error| {
                warnings.push(format!(
                    "{} were not read: {}",
                    entry.kind.member_noun(),
                    CommandError::from(error)
                ));
                None
            });
            let keys: Vec<&ProvisioningKey> =
                readable.keys.iter().filter(|key| key.association_type == entry.kind).collect();
            views.extend(views_of_type(entry.kind, entry.groups?, &keys, enrolled.as_deref()));
        }
        let is_kept = |(group, _): &(Zcomponent, GroupView)| {
            self.pattern.as_ref().is_none_or(|pattern| pattern.matches(group.name.raw(), group.id.as_str()))
        };
        views.retain(is_kept);
        views.sort_by_cached_key(|(group, _)| (group.name.raw().to_lowercase(), group.id.order()));
        let count = match views.len() {
            0 => "no groups".to_owned(),
            1 => "1 group".to_owned(),
            count => format!("{count} groups"),
        };
        let views = views.into_iter().map(|(_, view)| view);
        let mut output = CommandOutput::with(Answer::Records(Records::many(views)));
        let line = [count, ctx.list_label()].join(ctx.reporter.glyphs().separator());
        output.report.footer.push(Notice::Note(line));
        output.report.footer.extend(warnings.into_iter().map(Notice::Warning));
        if let Some(error) = readable.gap() {
            output.outcome = CommandOutcome::Failed(error);
        }
        Ok(output)
    }
}

/// What the API has of a type beside its keys.
struct Directory {
    kind: AssociationType,
    /// `None` for the three types of which no such call is known.
    groups: Result<Option<Vec<Zcomponent>>, ApiError>,
    enrolled: Result<Option<Vec<Enrolled>>, ApiError>,
}

async fn read_directory(client: &Client, kinds: &[AssociationType]) -> Vec<Directory> {
    join_all(kinds.iter().map(async |kind| {
        let (kind, groups, enrolled) =
            join3(std::future::ready(*kind), client.groups(*kind), client.enrolled(*kind)).await;
        Directory { kind, groups, enrolled }
    }))
    .await
}

/// Joins groups, keys and what enrolled. A group that only its keys tell of is one as well: there are types whose groups
/// cannot be listed, and a key can name a group that is gone.
fn views_of_type(
    kind: AssociationType,
    groups: Option<Vec<Zcomponent>>,
    keys: &[&ProvisioningKey],
    enrolled: Option<&[Enrolled]>,
) -> Vec<(Zcomponent, GroupView)> {
    let group_of = |one: &Enrolled| -> Option<GroupId> {
        let by_key =
            || keys.iter().find(|key| one.key_id.as_ref() == Some(&key.id)).map(|key| key.group.id.clone());
        one.group_id.clone().or_else(by_key)
    };
    let placed: Option<Vec<(Option<GroupId>, &Enrolled)>> =
        enrolled.map(|all| all.iter().map(|one| (group_of(one), one)).collect());
    let view = |group: &Zcomponent| {
        let own: Vec<&ProvisioningKey> =
            keys.iter().copied().filter(|key| key.group.id == group.id).collect();
        let members: Option<Vec<&Enrolled>> = placed.as_ref().map(|all| {
            all.iter().filter(|(id, _)| id.as_ref() == Some(&group.id)).map(|(_, one)| *one).collect()
        });
        GroupView::new(group, kind, &own, members.as_deref())
    };
    let groups = with_groups_of_keys(groups.unwrap_or_default(), keys.iter().copied()).into_iter();
    let views = groups.map(|KnownGroup { group, is_listed }| {
        let view = view(&group);
        (group, if is_listed { view } else { view.known_from_keys() })
    });
    views.collect()
}
