//! `zpakey diff`.

use std::path::PathBuf;

use clap::Args;

use crate::commands::shared::desired::{
    DesiredSource, Planned, StoredPlan, counted, item_view, plan_view, read_plan,
};
use crate::commands::shared::file_template::with_profile;
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, RunCommand};
use crate::context::{Context, quoted};
use crate::domain::desired::{Allowed, DesiredFile, guards};
use crate::error::{CommandError, CommandResult};
use crate::host::{Existing, PrivateFile};
use crate::output::{Answer, DesiredItemView, Notice, RecordKind, Records};

/// Show what a file of keys would change
///
/// Reads one list of keys for each type, and sends nothing that writes. A key is known by its type and name, so that a rotation
/// changes nothing; what an entry does not say of its key is not managed. `zpakey export --to keys` writes such a file,
/// `zpakey schema --file` its JSON Schema.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey diff keys.yaml
  $ zpakey diff keys.yaml --exit-code -o markdown
  $ zpakey diff keys.yaml --out-file plan.json && zpakey apply plan.json")]
pub struct DiffArgs {
    /// A file of keys in YAML, JSON or TOML; {profile} stands for the profile; `-` reads standard input
    #[arg(value_name = "FILE|-", value_parser = parse_source)]
    file: DesiredSource,
    /// Exit with 7 if the tenant is not as the file says
    #[arg(long)]
    exit_code: bool,
    /// Write the plan into a new private file (0600), for `zpakey apply`: it is refused once the keys have changed, or after 24 h;
    /// {profile} stands for the profile
    #[arg(long, alias = "out", value_name = "PLAN")]
    out_file: Option<PathBuf>,
    /// Replace the file of --out-file where it exists
    #[arg(long, requires = "out_file")]
    force: bool,
}

#[expect(clippy::unnecessary_wraps, reason = "clap wants a result")]
fn parse_source(text: &str) -> Result<DesiredSource, String> {
    Ok(DesiredSource::of(text))
}

impl RunCommand for DiffArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<DesiredItemView>())
    }

    fn reads_input(&self) -> bool {
        self.file.is_input()
    }

    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn before_each(&self, ctx: &Context) -> CommandResult<Vec<String>> {
        let has_profile = |path: &PathBuf| path.to_string_lossy().contains("{profile}");
        if !self.out_file.as_ref().is_none_or(has_profile) {
            let hint = "--out-file '{profile}.plan.json' gives each its own";
            return Err(CommandError::usage("plans of several tenants cannot go into one --out-file", hint));
        }
        for source in self.file.of_tenants(ctx) {
            source.parse(&source.text(ctx).await?)?;
        }
        Ok(Vec::new())
    }

    async fn run(mut self, ctx: &Context) -> CommandResult<CommandOutput> {
        let profile = &ctx.settings.profile_name;
        self.file = self.file.of_profile(profile);
        self.out_file = self.out_file.map(|path| with_profile(path, profile));
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        let out = self.out_file.as_deref().map(|path| PrivateFile::prepare(path, existing)).transpose()?;
        let read = self.file.parse(&self.file.text(ctx).await?)?;
        let planned = read_plan(ctx, &read.file).await?;
        let tenant = ctx.customer().unwrap_or_else(|| "unknown".to_owned());
        if let Some(out) = out {
            let stored = StoredPlan::of(tenant.clone(), &self.file.path(), &read.document, &planned);
            let written = out.commit(|writer| writer.write_all(stored.text().as_bytes()))?;
            ctx.say(&Notice::Success(format!("wrote {}", quoted(&written.path.display().to_string()))));
        }
        Ok(self.answer(ctx, &tenant, &read.file, &planned))
    }
}

impl DiffArgs {
    fn answer(&self, ctx: &Context, tenant: &str, file: &DesiredFile, planned: &Planned) -> CommandOutput {
        let Planned { state, plan, .. } = planned;
        let views: Vec<DesiredItemView> =
            plan.items.iter().map(|item| item_view(item, file, &self.file.path())).collect();
        let found = guards(file, state, plan, &Allowed::default());
        let whole = plan_view(tenant.to_owned(), file, &self.file.origin(), plan, &found, views.clone());
        let records = Records::many(views).within(whole).sarif_run(format!("zpakey-diff/{tenant}/"));
        let mut output = CommandOutput::with(Answer::Records(records));
        let footer = &mut output.report.footer;
        let entries = file.keys.len();
        let noun = if entries == 1 { "key" } else { "keys" };
        let label = ctx.list_label();
        let separator = ctx.reporter.separator();
        footer.push(Notice::Note(match counted(plan) {
            said if plan.is_empty() && said.is_empty() => {
                format!("no differences{separator}{entries} {noun}{separator}{label}")
            }
            said => format!("{said}{separator}{entries} {noun} in the file{separator}{label}"),
        }));
        for guard in &found {
            let switches: Vec<String> = guard.switches.iter().map(|one| format!("--allow {one}")).collect();
            footer.push(Notice::Warning(format!("apply would stop: {}; {}", guard.why, switches.join(" "))));
        }
        if plan.done().next().is_some() && !self.file.is_input() {
            let what =
                self.out_file.as_deref().map_or_else(|| self.file.path(), |path| path.display().to_string());
            footer.push(Notice::Next(ctx.command(&format!("apply {}", quoted(&what)))));
        }
        if self.exit_code && !plan.is_empty() {
            output.outcome = CommandOutcome::Findings(None);
        }
        output
    }
}
