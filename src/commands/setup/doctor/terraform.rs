//! Pairs of keys that a Terraform apply left.

use super::{Finding, to_look_after};
use crate::api::KeyListing;
use crate::commands::shared::lineages::lineages;
use crate::commands::shared::terraform::rebind::Holder;
use crate::commands::shared::terraform::wreck::{remedy, wrecks};
use crate::context::Context;
use crate::domain::ProvisioningKey;
use crate::domain::rotation::State;
use crate::output::Check;

/// Says which keys have one name, and the commands that mend it. There is no finding if there are none.
pub(super) fn check(ctx: &Context, listings: &[KeyListing]) -> Vec<Finding> {
    let holder = Holder::of_profile(ctx);
    let keys = listings.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()).flatten().cloned();
    let keys: Vec<ProvisioningKey> = keys.collect();
    let mut findings = Vec::new();
    // A late request leaves the second kind, too: that is told only if there is a Terraform.
    let displaced = lineages(&keys).into_iter().filter(|one| one.lineage.state() == State::Displaced);
    for found in wrecks(&keys).into_iter().chain(displaced.filter(|_| ctx.settings.has_terraform())) {
        let Some(remedy) = remedy(ctx, &found.lineage, None, &holder) else { continue };
        let mut told = remedy.remarks.into_iter();
        let view = to_look_after(Check::Terraform, &told.next().unwrap_or_default());
        let view = told.fold(view, |view, line| view.detail(&line));
        let run = |command: String| format!("run: {command}");
        let mut lines: Vec<String> = remedy.commands.into_iter().map(run).collect();
        if !remedy.otherwise.is_empty() {
            lines.push("or, if it is the other way round:".to_owned());
            lines.extend(remedy.otherwise.into_iter().map(run));
        }
        findings.push(lines.iter().fold(view, |view, line| view.detail(line)).into());
    }
    findings
}
