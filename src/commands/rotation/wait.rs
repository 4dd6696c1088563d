//! `zpakey wait`: until something enrolled with a key.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::commands::shared::input::{KeyArg, TypeArgs, parse_age, parse_key, parse_uses};
use crate::commands::shared::lookup::{find_key, typed};
use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::domain::rotation::{called, can_enrol};
use crate::domain::{KeyRef, ProvisioningKey};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Answer, KeyView, Notice, RecordKind, Records};

/// The shortest time between two reads. Unit: seconds.
///
/// One read a second is half of what the API allows an organisation and address (20 in 10 s); what else runs from there
/// keeps the other half.
const SHORTEST: u64 = 1;

/// Wait until connectors enrolled with a key
///
/// Ends when the key's count of uses has risen by N (`+N`, counted from now) or has reached N. Exits with 12 where it
/// has not in time.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey wait build-runners --used +1 --wait-timeout 15m
  $ zpakey wait build-runners --used 12 && zpakey retire build-runners --yes")]
pub struct WaitArgs {
    /// A key's name or id; `id:` and `name:` force one
    #[arg(value_name = "KEY", value_parser = parse_key)]
    key: KeyArg,
    #[command(flatten)]
    types: TypeArgs,
    /// Wait for N more enrolments, or for N in all
    #[arg(long, value_name = "+N|N")]
    used: UsageGoal,
    /// Give up after this time: 30s, 15m, 2h
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = parse_age)]
    wait_timeout: Duration,
    /// Look this often; at least 1s
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = parse_every)]
    every: Duration,
}

#[derive(Debug, Clone, Copy)]
enum UsageGoal {
    More(u64),
    Total(u64),
}

impl FromStr for UsageGoal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A number is also read with a plus of its own.
        match text.strip_prefix('+') {
            Some(more) if more.starts_with('+') => Err("one `+` is enough".to_owned()),
            Some(more) => parse_uses(more).map(Self::More),
            None => parse_uses(text).map(Self::Total),
        }
    }
}

fn parse_every(text: &str) -> Result<Duration, String> {
    let time = parse_age(text)?;
    if time < Duration::from_secs(SHORTEST) {
        return Err(format!(
            "{SHORTEST}s is the shortest: the API allows 20 reads in 10 s to all that you run"
        ));
    }
    Ok(time)
}
impl RunCommand for WaitArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<KeyView>())
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

async fn run(ctx: &Context, args: WaitArgs) -> CommandResult<CommandOutput> {
    let KeyArg::Named(selector) = &args.key else {
        return Err(CommandError::usage("wait reads no names from standard input", ""));
    };
    let found = find_key(ctx, &KeyRef::from(selector.clone()), &args.types.resolve(ctx)).await?;
    let home = ctx.client().await?.beside(&found);
    // A list may lag behind; `+N` counts from what the key itself says now.
    let mut key = home.key(found.association_type, &found.id).await?;
    let wanted = match args.used {
        UsageGoal::More(more) => key.usage.count.0.saturating_add(more),
        UsageGoal::Total(total) => total,
    };
    warn(ctx, &key, wanted);
    let begun = ctx.clock.monotonic();
    let left = || args.wait_timeout.saturating_sub(ctx.clock.monotonic().saturating_sub(begun));
    if key.usage.count.0 < wanted {
        let text = format!(
            "waiting for {} ({}) to be used {} ({} so far), polling every {}, up to {}",
            key.name,
            key.id,
            times(wanted),
            key.usage.count.0,
            told(args.every),
            told(args.wait_timeout)
        );
        ctx.reporter.show(&text, true);
    }
    while key.usage.count.0 < wanted {
        if left().is_zero() {
            ctx.reporter.shown();
            return Err(timed_out(ctx, &key, wanted, args.wait_timeout));
        }
        // The read that follows says that the deadline has passed.
        let deadline = home.left_of_deadline().unwrap_or(Duration::MAX);
        sleep(ctx, args.every.min(left()).min(deadline), |ctx| show(ctx, &key, wanted, left())).await;
        key = home.key(key.association_type, &key.id).await?;
    }
    ctx.reporter.shown();
    ctx.say(&Notice::Success(format!("{} was used {}", called(&key), times(key.usage.count.0))));
    Ok(CommandOutput::with(Answer::Records(Records::one(KeyView::from(&key)))))
}

/// Says so where nothing can enrol with the key as it is: waiting will hardly help.
fn warn(ctx: &Context, key: &ProvisioningKey, wanted: u64) {
    let why = match (can_enrol(key), key.enabled) {
        _ if key.usage.count.0 >= wanted => return,
        (false, false) => "it is disabled".to_owned(),
        (false, true) => format!("all its {} are spent", uses(key.usage.max.0)),
        (true, _) if wanted > key.usage.max.0 => format!("it allows {} only", uses(key.usage.max.0)),
        (true, _) => return,
    };
    ctx.say(&Notice::Warning(format!("{} ({}) cannot be used {}: {why}", key.name, key.id, times(wanted))));
}

/// Sleeps, and tells each second what is left.
async fn sleep(ctx: &Context, time: Duration, show: impl Fn(&Context)) {
    let begun = ctx.clock.monotonic();
    loop {
        let left = time.saturating_sub(ctx.clock.monotonic().saturating_sub(begun));
        if left.is_zero() {
            return;
        }
        show(ctx);
        ctx.clock.sleep(left.min(Duration::from_secs(1))).await;
    }
}

fn show(ctx: &Context, key: &ProvisioningKey, wanted: u64, left: Duration) {
    let dot = ctx.reporter.separator();
    let begun = u64::from(left.subsec_nanos() > 0);
    let left = told(Duration::from_secs(left.as_secs().saturating_add(begun)));
    let text = format!("{}: {} of {}{dot}{left} left", key.name, key.usage.count.0, uses(wanted));
    ctx.reporter.show(&text, false);
}

fn timed_out(ctx: &Context, key: &ProvisioningKey, wanted: u64, time: Duration) -> CommandError {
    let message = format!(
        "{} ({}) was used {} in all, not {}, after {}",
        key.name,
        key.id,
        times(key.usage.count.0),
        wanted,
        told(time)
    );
    let on = ctx.command(&format!("wait {} --used {wanted}", typed(ctx, key)));
    CommandError::new(ErrorKind::WaitTimeout, message).hint(format!("{on}      waits on")).retryable()
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn uses(count: u64) -> String {
    if count == 1 { "1 use".to_owned() } else { format!("{count} uses") }
}

/// Writes a duration as it is typed.
fn told(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        _ if seconds.is_multiple_of(3_600) => format!("{} h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ if seconds > 60 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_number_or_one_with_a_plus() {
        assert!(matches!("+3".parse(), Ok(UsageGoal::More(3))));
        assert!(matches!("12".parse(), Ok(UsageGoal::Total(12))));
        for bad in ["", "+", "0", "+0", "-1", "++1", "x", "1.5"] {
            assert!(bad.parse::<UsageGoal>().is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_told_in_their_largest_whole_unit() {
        let [half, one, more, quarter, two] =
            [30, 60, 90, 900, 7_200].map(|seconds| told(Duration::from_secs(seconds)));
        assert_eq!([half, one, more, quarter, two], ["30 s", "1 min", "1 min 30 s", "15 min", "2 h"]);
        assert_eq!(told(Duration::from_millis(250)), "250 ms");
    }
}
