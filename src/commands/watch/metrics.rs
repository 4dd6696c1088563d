//! `zpakey metrics`: the state of keys for Prometheus.

mod families;

use std::path::PathBuf;

use clap::Args;

use self::families::{Families, Measured};
use crate::commands::shared::audit_memory;
use crate::commands::shared::input::TypeArgs;
use crate::commands::shared::inventory::{Asked, look};
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, RunCommand};
use crate::config::vars;
use crate::context::Context;
use crate::domain::audit::{AuditRule, MAX_JUMP, audit};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{NewFile, publish};
use crate::output::{Answer, Exposition, Notice};

/// Print the state of keys as metrics of Prometheus
///
/// Reads what `audit` reads. With --out-file it replaces the file at once, readable by all, as the textfile collector of the
/// node exporter wants it. Of a tenant that cannot be read, `zpakey_collect_success` is 0 and the exit code 6; what was not read
/// has no series. Names and groups are labels of `zpakey_key_info` only. Rules for alerts are in `examples/prometheus`.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "the text is help, where backticks would show")]
#[command(after_help = "Examples:
  $ zpakey metrics
  $ zpakey metrics --out-file zpakey.prom
  $ zpakey metrics --openmetrics")]
pub struct MetricsArgs {
    /// Replace this file, whose name the collector wants to end in .prom
    #[arg(long, value_name = "FILE")]
    out_file: Option<PathBuf>,
    /// Print OpenMetrics 1.0, which Prometheus scrapes; the textfile collector does not read it
    #[arg(long)]
    openmetrics: bool,
    #[command(flatten)]
    types: TypeArgs,
}

impl RunCommand for MetricsArgs {
    fn nature(&self) -> Nature {
        Nature::Plain
    }

    fn needs_tenant(&self) -> bool {
        true
    }

    fn reach(&self) -> Reach {
        Reach::Together
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        let measure = async |tenant: &Context| Ok(measure(tenant, &self.types).await);
        let tenants = ctx.in_each_tenant(measure, |_| {}).await;
        let total = tenants.len();
        let mut families = Families::new();
        let mut failures = Vec::new();
        for tenant in &tenants {
            match &tenant.result {
                Ok(measured) => {
                    families.add(&tenant.label, measured);
                    failures.extend(measured.failure.as_ref().map(|error| tenant.diagnosed(error)));
                }
                Err(error) => {
                    families.add_failed(&tenant.label, ctx.clock.now());
                    failures.push(tenant.diagnosed(error));
                }
            }
        }
        let form = if self.openmetrics { Exposition::OpenMetrics } else { Exposition::Text };
        let text = families.text(form);
        let mut output = match self.out_file {
            Some(path) => {
                let written = format!("wrote {}", ctx.shortened(&path));
                publish(&NewFile { path, text })?;
                let mut output = CommandOutput::nothing();
                output.report.footer.push(Notice::Success(written));
                output
            }
            None => CommandOutput::with(Answer::Text(text)),
        };
        if !failures.is_empty() {
            output.outcome = CommandOutcome::TenantsFailed { total, failures };
        }
        Ok(output)
    }
}

/// Reads a tenant. A failure is part of what was measured: the time that it took, too.
async fn measure(ctx: &Context, types: &TypeArgs) -> Measured {
    let begun = ctx.clock.monotonic();
    let asked = Asked {
        policy: ctx.settings.policy.clone(),
        memory: audit_memory::recall(ctx),
        leaks: Vec::new(),
        max_jump: MAX_JUMP,
        expected: Vec::new(),
        is_wide: false,
    };
    let looked = look(ctx, &types.resolve(ctx), asked).await;
    let took = ctx.clock.monotonic().saturating_sub(begun);
    let cloud = ctx
        .settings
        .get(&vars::CLOUD)
        .map_or_else(|| "PRODUCTION".to_owned(), |found| found.value.to_uppercase());
    let measured =
        Measured { cloud, at: ctx.clock.now(), took, inventory: None, findings: None, failure: None };
    let looked = match looked {
        Ok(looked) => looked,
        Err(error) => return Measured { failure: Some(error), ..measured },
    };
    // A part of the lists would count too few findings.
    let is_whole = looked.blind_spots.is_empty();
    let findings = is_whole.then(|| audit(&looked.inventory, &AuditRule::ALL));
    let failure = (!is_whole).then(|| {
        let message = "not all could be read";
        CommandError::new(ErrorKind::Partial, message).details(looked.blind_spots).retryable()
    });
    Measured { inventory: Some(looked.inventory), findings, failure, ..measured }
}
