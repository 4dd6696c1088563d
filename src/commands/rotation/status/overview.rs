//! The tenant at a glance: what `status` shows above the rotations.

use futures_util::future::{join, join_all};

use crate::api::Client;
use crate::commands::shared::accept_file::AcceptFile;
use crate::commands::shared::audit_findings::{command, subject};
use crate::commands::shared::audit_memory;
use crate::commands::shared::groups_of_keys::{KnownGroup, with_groups_of_keys};
use crate::commands::shared::lookup::{Readable, why_unreadable};
use crate::config::vars;
use crate::context::{Context, Verbosity};
use crate::domain::audit::{AuditRule, Inventory, MAX_JUMP, Severity, TypeInventory, accept, audit};
use crate::domain::{AssociationType, Enrolled, ProvisioningKey};
use crate::error::{CommandError, CommandResult};
use crate::output::{
    Destination, Format, GroupView, LineageView, NextCommand, OverviewFinding, OverviewView, TypeUsage,
};

/// True if the answer is for people, who read the overview; a script has it by `--overview`. Of several tenants it would be
/// pages, and more requests.
pub(super) fn is_for_people(ctx: &Context) -> bool {
    let stdout = match ctx.terminals.stdout_width {
        Some(_) => Destination::Terminal,
        None => Destination::Elsewhere,
    };
    let format = ctx.settings.get(&vars::OUTPUT).map_or(Format::Auto, |found| found.value);
    let is_table = matches!(format.resolve(stdout), Format::Table | Format::Wide);
    is_table && !ctx.reporter.has_subject() && ctx.reporter.verbosity() > Verbosity::Warnings
}

/// Sums up a tenant from the keys and one list of groups for each type, in flight together. What may not be read is added
/// to the warnings.
pub(super) async fn overview(
    ctx: &Context,
    readable: &Readable,
    lineages: &[LineageView],
    known: &[(AssociationType, Option<&[Enrolled]>)],
    warnings: &mut Vec<String>,
) -> CommandResult<OverviewView> {
    let client = ctx.client().await?;
    let lists = readable.kinds.iter().map(|kind| async { (*kind, client.groups(*kind).await) });
    let ((lists, enrolled), (certs, schedule)) = join(
        join(join_all(lists), enrolled_of_all(client, readable, known)),
        join(client.certs(), client.deletion_schedule()),
    )
    .await;
    let (mut groups, mut without_keys) = (Vec::new(), Vec::new());
    let mut types = Vec::new();
    for ((kind, listed), enrolled) in lists.into_iter().zip(enrolled) {
        types.push(TypeInventory {
            kind,
            keys: readable.keys.iter().filter(|key| key.association_type == kind).cloned().collect(),
            keys_are_whole: readable.is_whole(kind),
            groups: listed.as_ref().ok().cloned().flatten(),
            enrolled,
        });
        let listed = match listed {
            Ok(listed) => listed.unwrap_or_default(),
            Err(error) => {
                let what = format!("listing the {}s", kind.group_noun());
                let why = why_unreadable(&error);
                let why = why.ok_or_else(|| CommandError::from(error).doing(what.clone()))?;
                warnings.push(format!("{what}: {why}; only those with keys are shown"));
                Vec::new()
            }
        };
        let keys = || readable.keys.iter().filter(|key| key.association_type == kind);
        let mut all = with_groups_of_keys(listed, keys());
        all.sort_by_cached_key(|known| known.group.name.raw().to_lowercase());
        for KnownGroup { group, is_listed } in all {
            let own: Vec<&ProvisioningKey> = keys().filter(|key| key.group.id == group.id).collect();
            if own.is_empty() {
                without_keys.push(group.name);
                continue;
            }
            let view = GroupView::new(&group, kind, &own, None);
            groups.push(if is_listed { view } else { view.known_from_keys() });
        }
    }
    let inventory = Inventory {
        now: client.server_time(),
        types,
        certs: certs.ok(),
        policy: ctx.settings.policy.clone(),
        schedule: schedule.ok(),
        memory: audit_memory::recall(ctx),
        leaks: Vec::new(),
        max_jump: MAX_JUMP,
        expected: Vec::new(),
        desired: None,
    };
    let is_whole = |one: &TypeInventory| {
        let is_known = one.kind.most_keys().is_none() || (one.groups.is_some() && one.enrolled.is_some());
        one.keys_are_whole && is_known
    };
    let findings_complete = inventory.certs.is_some() && inventory.types.iter().all(is_whole);
    let findings = findings(ctx, &inventory, warnings);
    let command = next(ctx, readable, &findings, lineages);
    let is_begun =
        |view: &&LineageView| matches!(view.next_action(), Some(NextCommand::Rotate | NextCommand::Retire));
    Ok(OverviewView {
        tenant: ctx.tenant_label().trim_start_matches("tenant ").to_owned(),
        types: readable.kinds.iter().map(|kind| usage(*kind, readable)).collect(),
        groups,
        groups_without_keys: without_keys,
        rotations_under_way: lineages.iter().filter(is_begun).count(),
        due: lineages.iter().filter(|view| view.is_due()).count(),
        findings,
        findings_complete,
        command,
    })
}

fn usage(kind: AssociationType, readable: &Readable) -> TypeUsage {
    let keys = readable.keys.iter().filter(|key| key.association_type == kind).count();
    TypeUsage { association_type: kind, keys, limit: kind.most_keys() }
}

/// Reads what enrolled with keys of each type, unless that is known. What may not be read is not known.
async fn enrolled_of_all(
    client: &Client,
    readable: &Readable,
    known: &[(AssociationType, Option<&[Enrolled]>)],
) -> Vec<Option<Vec<Enrolled>>> {
    let of = async |kind: &AssociationType| match known.iter().find(|(of, _)| of == kind) {
        Some((_, enrolled)) => enrolled.map(<[Enrolled]>::to_vec),
        None => client.enrolled(*kind).await.ok().flatten(),
    };
    join_all(readable.kinds.iter().map(of)).await
}

/// Lists what an audit finds that is more than to know, without what someone answers for.
fn findings(ctx: &Context, inventory: &Inventory, warnings: &mut Vec<String>) -> Vec<OverviewFinding> {
    let file = AcceptFile::read(None).unwrap_or_else(|error| {
        warnings.push(format!("what findings are accepted is not known: {error}"));
        AcceptFile::default()
    });
    let tenant = ctx.customer().unwrap_or_default();
    let all = audit(inventory, &AuditRule::ALL);
    let accepted = accept(&all, &file.entries, &tenant, &AuditRule::ALL, inventory.now);
    all.iter()
        .zip(accepted.of)
        .filter(|(finding, accepted)| accepted.is_none() && finding.severity > Severity::Info)
        .map(|(finding, _)| OverviewFinding {
            finding_id: finding.id(),
            rule: finding.rule,
            severity: finding.severity,
            subject: subject(finding),
            evidence: finding.evidence.clone(),
            command: command(ctx, finding),
        })
        .collect()
}

/// Returns the command that comes next: that of a rotation whose time has come, else that of the worst finding, else the
/// first key.
fn next(
    ctx: &Context,
    readable: &Readable,
    findings: &[OverviewFinding],
    lineages: &[LineageView],
) -> Option<String> {
    if let Some(due) = lineages.iter().find(|view| view.is_due()) {
        return due.command().map(ToOwned::to_owned);
    }
    if readable.keys.is_empty() {
        return Some(ctx.command("create"));
    }
    let mut worst = findings.iter().filter(|one| one.severity >= Severity::Medium);
    worst.find_map(|one| one.command.clone())
}
