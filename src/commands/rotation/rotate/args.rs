//! The arguments of `zpakey rotate`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::commands::shared::ci::CiArgs;
use crate::commands::shared::input::{
    KeyArg, Since, TypeArgs, parse_age, parse_key, parse_since, parse_uses, spelled,
};
use crate::commands::shared::rotation::DeliveryArgs;
use crate::commands::shared::terraform::rebind::{Address, Holder, parse_address};
use crate::commands::shared::terraform::state::{StateSource, parse_source};
use crate::context::Context;
use crate::domain::rotation::{Condition, RetireWhen, Urgency, WaitEnroll};
use crate::domain::{IpAclEntry, Selector};
use crate::error::{CommandError, CommandResult};
use crate::output::RotationAction;

/// What options are about, in their help.
const STOPPING: &str = "When the old key is stopped";
const STARTING: &str = "Whether a rotation starts; one that is under way is finished in any case";
const URGENT: &str = "When a key leaked, or a rotation is to be taken back";
const TERRAFORM: &str = "If Terraform has the key, too";
const HANDING_OVER: &str = "Where the new key value goes";

/// How long a predecessor may enrol after its successor took over, where nothing else is said.
const GRACE: Duration = Duration::from_secs(24 * 3_600);

/// Replace a key with a new one without downtime
///
/// Makes a successor, hands its value over, gives it the key's name, and stops the predecessor once its grace is over.
/// Interrupted at any moment, the same command goes on, from any machine: the state is in the keys' names. Running
/// connectors are never touched.
///
/// What another writer restricts meanwhile stays, and is reported. What no run can rule out: a write has no condition, so a
/// change that falls between another program's read and its write (one request) is lost; and a form that is open in the
/// portal, or a Terraform apply, writes back what it read minutes before, which a run notices only until its last look.
/// After such a write `zpakey status NAME` tells what stands.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(after_help = "Examples:
  $ zpakey rotate build-runners --out-file provision_key --yes
  $ zpakey rotate build-runners --rollback --out-file provision_key --yes
  $ zpakey rotate build-runners --exec 'vault kv put -mount=secret zpa/build-runners key=-' --if-used-above 80% --yes
  $ zpakey rotate build-runners --compromised --out-file provision_key --yes
  $ zpakey rotate --due --if-older-than 365d --out-file 'keys/{name}.key' --yes")]
pub struct RotateArgs {
    #[command(flatten)]
    pub(super) keys: RotateKeys,
    /// Spread three looks for other rotations of the same key over this time, and look once more half of it after the
    /// last change; 0s waits for neither
    #[arg(long, value_name = "TIME", default_value = "6s", hide_short_help = true, value_parser = parse_age)]
    pub(super) settle: Duration,
    /// Show what would be done, and send nothing that writes
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) delivery: DeliveryArgs,
    #[command(flatten)]
    pub(super) ci: CiArgs,
    #[command(flatten)]
    pub(super) successor: SuccessorArgs,
    /// Stop the old key after the grace, in this run, or not at all
    #[arg(help_heading = STOPPING, long, value_enum, value_name = "WHEN", default_value_t = Retire::AfterGrace)]
    retire: Retire,
    /// Let the old key enrol for this time after the new one took over; by default 24h
    #[arg(help_heading = STOPPING, long, value_name = "TIME", value_parser = parse_age)]
    grace: Option<Duration>,
    /// Retire a key whose grace is over although nothing shows that its successor is used
    #[arg(help_heading = STOPPING, long)]
    pub(super) unproven: bool,
    /// Switch viewing of the new key off once --out-file holds it; done for the successor of a sealed key in any case
    #[arg(help_heading = HANDING_OVER, long)]
    pub(super) seal: bool,
    /// Wait until N connectors or service edges enrolled with the new key
    #[arg(help_heading = STOPPING, long, value_name = "N", value_parser = parse_uses)]
    pub(super) wait_enroll: Option<u64>,
    /// With --wait-enroll: wait this long
    #[arg(help_heading = STOPPING, long, value_name = "TIME", requires = "wait_enroll", default_value = "20m", value_parser = parse_age)]
    wait_timeout: Duration,
    /// Rotate only a key that was made longer ago than this, and that connectors enrolled with in 90 days (for cron)
    #[arg(help_heading = STARTING, long, value_name = "TIME", value_parser = parse_age)]
    if_older_than: Option<Duration>,
    /// Rotate only a key of whose uses more than this share is spent (for cron)
    #[arg(help_heading = STARTING, long, value_name = "PERCENT", value_parser = parse_share)]
    if_used_above: Option<u8>,
    /// With --if-older-than: also a key that no connector enrolled with in 90 days
    #[arg(help_heading = STARTING, long, requires = "if_older_than")]
    pub(super) idle: bool,
    /// Rotate all keys that are due: older than `max_age` of the profile's policy or --if-older-than, or used above
    /// --if-used-above; and finish what was begun
    #[arg(help_heading = STARTING, long, conflicts_with_all = ["keys", "compromised", "rollback", "terraform"])]
    pub(super) due: bool,
    /// With --due: in each of the tenants of --profile; {profile} in --out-file stands for its profile
    #[arg(help_heading = STARTING, long, requires = "due", conflicts_with_all = ["reveal", "tfstate"])]
    pub(super) each: bool,
    /// The key leaked: no grace, the old key is stopped as soon as the new one is handed over
    #[arg(help_heading = URGENT, long, conflicts_with_all = ["retire", "grace", "if_older_than", "if_used_above"])]
    pub(super) compromised: bool,
    /// With --compromised: stop the old key before anything else; nothing can enrol until the new one is handed over
    #[arg(help_heading = URGENT, long, alias = "block-first", requires = "compromised")]
    disable_first: bool,
    /// With --compromised: hand over the successor that an interrupted run made, although the leak may have shown it;
    /// by default it is set aside, and stopped together with the old key
    #[arg(help_heading = URGENT, long, requires = "compromised")]
    pub(super) keep_successor: bool,
    /// With --compromised: list what enrolled with the old key since this long ago or since a date; by default all
    #[arg(help_heading = URGENT, long, value_name = "TIME|DATE", requires = "compromised", value_parser = parse_since)]
    pub(super) since: Option<Since>,
    /// The key's address in Terraform: say what binds it to the new key
    #[arg(help_heading = TERRAFORM, long, value_name = "ADDRESS", value_parser = parse_address)]
    terraform: Option<Address>,
    /// A Terraform state (version 4; `-` reads standard input) that tells the address
    #[arg(help_heading = TERRAFORM, long, value_name = "FILE|-", value_parser = parse_source, conflicts_with = "terraform")]
    tfstate: Option<StateSource>,
    /// Take back a rotation whose old key can still enrol: hand its value over again, give the names back, delete the
    /// new key where it was not used
    #[arg(help_heading = URGENT, long, conflicts_with_all = ["max_usage", "group", "cert", "ip_acl", "no_ip_acl", "retire", "grace", "unproven", "seal", "wait_enroll", "if_older_than", "if_used_above", "compromised"])]
    pub(super) rollback: bool,
}

/// Which keys are meant, unless it is those that are due.
#[derive(Debug, Args)]
pub(super) struct RotateKeys {
    /// A key's name or id; `id:` and `name:` force one, `-` reads from standard input what `list` writes
    #[arg(value_name = "KEY", required_unless_present = "due", value_parser = parse_key)]
    pub(super) keys: Vec<KeyArg>,
    #[command(flatten)]
    pub(super) types: TypeArgs,
}

impl RotateKeys {
    /// Tells whether `-` is among the keys.
    pub(super) fn read_input(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, KeyArg::Input))
    }
}

/// How the new key differs from the old one.
#[derive(Debug, Args)]
#[command(next_help_heading = "How the new key differs from the old one")]
pub(super) struct SuccessorArgs {
    /// Maximum uses of the new key
    #[arg(long, value_name = "N", value_parser = parse_uses)]
    pub(super) max_usage: Option<u64>,
    /// The group that connectors (or service edges) join, by name or id
    #[arg(long, alias = "zcomponent-id", value_name = "NAME|ID")]
    pub(super) group: Option<Selector>,
    /// The enrollment certificate, by name or id
    #[arg(long, alias = "enrollment-cert-id", value_name = "NAME|ID")]
    pub(super) cert: Option<Selector>,
    /// Allow enrolment from these addresses or prefixes only; repeats
    #[arg(long, value_name = "CIDR", value_delimiter = ',', conflicts_with = "no_ip_acl")]
    ip_acl: Vec<IpAclEntry>,
    /// Allow enrolment from any source
    #[arg(long)]
    no_ip_acl: bool,
}

/// When the old key is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Retire {
    /// By `zpakey retire`, or the next rotation, once the grace is over
    AfterGrace,
    /// In this run
    Now,
    /// Not by itself
    Never,
}

/// Reads a share of a key's uses.
fn parse_share(text: &str) -> Result<u8, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
    number.filter(|share| *share <= 100).ok_or_else(|| "a share such as 80% is expected".to_owned())
}

impl SuccessorArgs {
    pub(super) fn ip_acl(&self) -> Option<Vec<IpAclEntry>> {
        (self.no_ip_acl || !self.ip_acl.is_empty()).then(|| self.ip_acl.clone())
    }
}

impl RotateArgs {
    /// Tells what is done to the lineages.
    pub(super) const fn action(&self) -> RotationAction {
        if self.rollback { RotationAction::Rollback } else { RotationAction::Rotate }
    }

    /// Refuses what cannot be meant.
    pub(super) fn check(&self) -> Result<(), CommandError> {
        if self.grace.is_some() && self.retire != Retire::AfterGrace {
            return Err(CommandError::usage(
                "--grace goes with --retire after-grace, which is the default",
                "",
            ));
        }
        if self.terraform.is_some() && (self.keys.keys.len() > 1 || self.keys.read_input()) {
            return Err(CommandError::usage(
                "--terraform is the address of one key",
                "--tfstate FILE tells those of several",
            ));
        }
        if self.keys.read_input() && self.tfstate.as_ref().is_some_and(StateSource::is_input) {
            return Err(CommandError::usage("standard input has the keys or the state, not both", ""));
        }
        Ok(())
    }

    /// Tells whether standard input has keys or a state.
    pub(super) fn reads_input(&self) -> bool {
        self.keys.read_input() || self.tfstate.as_ref().is_some_and(StateSource::is_input)
    }

    /// Reads what is known of Terraform's hold on the keys.
    pub(super) async fn holder(&self, ctx: &Context) -> CommandResult<Holder> {
        match (&self.terraform, &self.tfstate) {
            (Some(address), _) => Ok(Holder::Address(address.clone())),
            (None, Some(source)) => Ok(Holder::State(source.read(ctx).await?)),
            (None, None) => Ok(Holder::of_profile(ctx)),
        }
    }

    pub(super) fn retire_when(&self) -> RetireWhen {
        match self.retire {
            Retire::AfterGrace => RetireWhen::AfterGrace(self.grace.unwrap_or(GRACE)),
            Retire::Now => RetireWhen::Now,
            Retire::Never => RetireWhen::Never,
        }
    }

    /// Tells how urgent it is; nothing if it was planned.
    pub(super) const fn urgency(&self) -> Option<Urgency> {
        match (self.compromised, self.disable_first) {
            (false, _) => None,
            (true, false) => Some(Urgency::Compromised),
            (true, true) => Some(Urgency::DisableFirst),
        }
    }

    pub(super) fn wait(&self) -> Option<WaitEnroll> {
        self.wait_enroll.map(|count| WaitEnroll { count, timeout: self.wait_timeout })
    }

    /// Returns when a rotation starts: if any of them holds. With --due the profile's policy sets the age.
    pub(super) fn conditions(&self, ctx: &Context) -> Vec<Condition> {
        let policy = || ctx.settings.policy.max_age.filter(|_| self.due).map(Duration::from_secs);
        let age = self.if_older_than.or_else(policy).map(Condition::OlderThan);
        age.into_iter().chain(self.if_used_above.map(Condition::UsedAbove)).collect()
    }

    /// Says what `--wait-enroll` waits for.
    pub(super) fn awaited(&self) -> String {
        let count = self.wait_enroll.unwrap_or_default();
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} enrolment{plural} with the new key, at most {}", spelled(self.wait_timeout))
    }
}
