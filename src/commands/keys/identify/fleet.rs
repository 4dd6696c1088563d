//! Which of several tenants has the key of a value.

use super::reading::HeldValue;
use super::said::Defect;
use super::{IdentifyArgs, identified as identified_in, read_all};
use crate::commands::shared::batch::Batch;
use crate::commands::{CommandOutcome, CommandOutput};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Answer, IdentificationView, Notice, Records, TenantLabel};

/// A value with its place among all, its key, and what is to be warned of.
type Identified = (usize, IdentificationView, Vec<String>);

/// Finds the key of each value among those of all tenants.
pub(super) async fn identified(
    ctx: &Context,
    args: &IdentifyArgs,
    values: Vec<(HeldValue, Option<Defect>)>,
    mut batch: Batch,
) -> CommandResult<CommandOutput> {
    let tenants = ctx.in_each_tenant(async |tenant| look(tenant, args, &values).await, |_| {}).await;
    let total = tenants.len();
    let mut known: Vec<Option<(TenantLabel, IdentificationView)>> = values.iter().map(|_| None).collect();
    let (mut warnings, mut failures) = (Vec::new(), Vec::new());
    for tenant in tenants {
        let found = match tenant.result {
            Ok(found) => found,
            Err(ref error) => {
                failures.push(tenant.diagnosed(error));
                continue;
            }
        };
        for (at, view, said) in found {
            if let Some(place @ None) = known.get_mut(at) {
                *place = Some((tenant.label.clone(), view));
                warnings.extend(said);
            }
        }
    }
    for ((value, _), known) in values.iter().zip(&known) {
        // A tenant that was not read may have its key.
        if known.is_none() && failures.is_empty() {
            let message = format!(
                "no provisioning key of {total} tenants has the value in {} ({})",
                value.from, value.text.fingerprint
            );
            batch.failed(&value.from, CommandError::new(ErrorKind::NotFound, message))?;
        }
    }
    let has_findings = !warnings.is_empty();
    let views = known.into_iter().flatten();
    let mut output = batch.conclude(CommandOutput::with(Answer::Records(Records::of_tenants(views))));
    output.report.footer.extend(warnings.into_iter().map(Notice::Warning));
    if !failures.is_empty() {
        output.outcome = CommandOutcome::TenantsFailed { total, failures };
    } else if args.fail_if_any && has_findings && matches!(output.outcome, CommandOutcome::Done) {
        output.outcome = CommandOutcome::Findings(None);
    }
    Ok(output)
}

/// Returns those of the values that are of keys of one tenant.
async fn look(
    tenant: &Context,
    args: &IdentifyArgs,
    values: &[(HeldValue, Option<Defect>)],
) -> CommandResult<Vec<Identified>> {
    let keys = read_all(tenant, args).await?;
    let is_known = |value: &HeldValue| {
        keys.keys.iter().any(|key| key.fingerprint.is_some_and(|own| value.readings.contains(&own)))
    };
    let known = values.iter().enumerate().filter(|(_, (value, _))| is_known(value));
    let found = known.filter_map(|(at, (value, readable))| {
        let found = identified_in(tenant, args, value.clone(), readable.clone(), Some(&keys));
        found.ok().map(|(view, said)| (at, view, said))
    });
    Ok(found.collect())
}
