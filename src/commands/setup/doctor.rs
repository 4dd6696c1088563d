//! `zpakey doctor`: looks at all that a command stands on, in the order in which one thing depends on another.

mod clock;
mod completion;
mod configuration;
mod credential;
mod enrolment;
mod keys;
mod online;
mod reach;
mod terraform;

use clap::Args;

use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::config::{ConfigError, Description, Purpose, vars};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, ErrorKind, diagnose};
use crate::output::{Answer, Check, FindingStatus, FindingView, Notice, RecordKind, Records};

/// Check the configuration, and with --online the API
///
/// Each line is a finding. The exit code is 0 where nothing is wrong, warnings or not, else that of the first error:
/// what comes first explains what follows. Nothing is changed, here or in the tenant.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey doctor
  $ zpakey doctor --online
  $ zpakey doctor --online -o json | jq -r '.[] | select(.status == \"error\") | .check'")]
pub struct DoctorArgs {
    /// Ask the API, too: names of hosts, TLS, clock, signing in, key types, numbers of keys
    #[arg(long)]
    online: bool,
}

struct Finding {
    view: FindingView,
    /// What kind of failure a command would end with because of it.
    kind: Option<ErrorKind>,
}

impl Finding {
    /// Something that keeps commands from their work. What is said of it is what such a command would say.
    fn failed(ctx: &Context, check: Check, error: impl Into<CommandError>) -> Self {
        Self::because_of(ctx, check, &error.into())
    }

    fn because_of(ctx: &Context, check: Check, error: &CommandError) -> Self {
        let said = diagnose(error, &ctx.error_context());
        let view = FindingView::new(check, FindingStatus::Error, &said.message).code(said.kind.code());
        let view = said.details.iter().fold(view, |view, line| view.detail(line));
        let view = match said.hints.first() {
            Some(hint) => view.hint(hint),
            None => view,
        };
        Self { view, kind: Some(said.kind) }
    }

    fn is(&self, status: FindingStatus) -> bool {
        self.view.status() == status
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Machine,
    /// The API, too, and whatever program prints a secret.
    Api,
}

impl DoctorArgs {
    const fn scope(&self) -> Scope {
        if self.online { Scope::Api } else { Scope::Machine }
    }
}

impl From<FindingView> for Finding {
    fn from(view: FindingView) -> Self {
        Self { view, kind: None }
    }
}

fn in_order(check: Check, message: &str) -> FindingView {
    FindingView::new(check, FindingStatus::Ok, message)
}

fn to_look_after(check: Check, message: &str) -> FindingView {
    FindingView::new(check, FindingStatus::Warning, message)
}

fn skipped(check: Check, why: &str) -> FindingView {
    FindingView::new(check, FindingStatus::Skipped, why)
}

/// The checks that ask the API, but for the clock.
const ONLINE: [Check; 5] = [Check::Dns, Check::Tls, Check::Token, Check::Types, Check::Capacity];
impl RunCommand for DoctorArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<FindingView>())
    }

    fn purpose(&self) -> Purpose {
        Purpose::Examine
    }

    fn runs_without_settings(&self) -> bool {
        true
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: DoctorArgs) -> CommandResult<CommandOutput> {
    let wrong_value = if ctx.unusable.is_some() { None } else { wrong_value(ctx).map(CommandError::from) };
    let findings = match ctx.unusable.as_ref().or(wrong_value.as_ref()) {
        Some(error) => without_settings(ctx, args.scope(), error).await,
        None => with_settings(ctx, args.scope()).await,
    };
    let count = |status| findings.iter().filter(|finding| finding.is(status)).count();
    let numbered = |count: usize, noun: &str| match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        more => format!("{more} {noun}s"),
    };
    let mut line = vec![
        numbered(count(FindingStatus::Error), "error"),
        numbered(count(FindingStatus::Warning), "warning"),
    ];
    line.extend(ctx.customer().map(|_| ctx.list_label()));
    let first = findings.iter().find_map(|finding| finding.kind);
    let views = findings.into_iter().map(|finding| finding.view);
    let mut finished = CommandOutput::with(Answer::Records(Records::many(views)));
    finished.report.footer.push(Notice::Note(line.join(ctx.reporter.separator())));
    if first.is_some() {
        finished.outcome = CommandOutcome::Findings(first);
    }
    Ok(finished)
}

/// Returns the value that is wrong, because of which every command would fail.
fn wrong_value(ctx: &Context) -> Option<ConfigError> {
    // What is wrong with the credential or the proxy is a finding of its own.
    let is_elsewhere = |row: &Description| row.names_a_tenant() || *row == vars::PROXY.description;
    let refused = ctx.settings.refused().find(|refused| !is_elsewhere(refused.place.description))?;
    Some(ConfigError::from(refused.clone()))
}

/// Looks at what does not depend on the configuration.
async fn without_settings(ctx: &Context, scope: Scope, error: &CommandError) -> Vec<Finding> {
    const WHY: &str = "the configuration cannot be used";
    let mut findings = Vec::new();
    let permissions = configuration::permissions(ctx);
    if matches!(error.config(), Some(ConfigError::Distrusted { .. })) {
        findings.push(skipped(Check::Config, "not used while others can write it").into());
        findings.push(Finding::because_of(ctx, Check::Permissions, error));
        findings.extend(permissions);
    } else {
        findings.push(Finding::because_of(ctx, Check::Config, error));
        findings.extend(configuration::or_in_order(permissions));
    }
    let unknown = [Check::Variables, Check::Credential, Check::Clock, Check::Proxy, Check::Trust];
    findings.extend(unknown.map(|check| skipped(check, WHY).into()));
    findings.push(credential::keyring(ctx, None).await);
    findings.push(skipped(Check::TokenCache, WHY).into());
    findings.push(completion::check(ctx));
    if scope == Scope::Api {
        findings.extend(ONLINE.map(|check| skipped(check, WHY).into()));
    }
    findings
}

async fn with_settings(ctx: &Context, scope: Scope) -> Vec<Finding> {
    let mut findings = vec![configuration::config(ctx)];
    findings.extend(configuration::or_in_order(configuration::permissions(ctx)));
    findings.extend(configuration::variables(ctx));
    let (credential, sign_in) = credential::check(ctx, scope).await;
    findings.push(credential);
    let clock_at = findings.len();
    findings.push(reach::proxy(ctx));
    findings.push(reach::trust(ctx));
    findings.push(credential::keyring(ctx, credential::need_of_keyring(ctx)).await);
    findings.push(
        credential::token_cache(ctx, sign_in.as_ref().and_then(|(_, sign_in)| sign_in.token_key())).await,
    );
    findings.push(completion::check(ctx));
    if scope == Scope::Machine {
        let clock = skipped(Check::Clock, "--online compares it with the server's");
        findings.insert(clock_at, clock.into());
        return findings;
    }
    let is_wrong = |check: &Finding| check.is(FindingStatus::Error);
    let earlier = findings.iter().any(is_wrong);
    let (clock, rest) = online::check(ctx, sign_in, earlier).await;
    findings.insert(clock_at, clock);
    findings.extend(rest);
    findings
}
