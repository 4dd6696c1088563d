//! `zpakey version`. What the compiler cannot tell comes from `build.rs`.

use jiff::Timestamp;

use crate::commands::{CommandOutput, Nature, RunCommand};
use crate::config::Purpose;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{Answer, RecordKind, Records, VersionView};

/// Show the version, the commit, the target and the features
///
/// Commit and date are unknown (null in JSON) if it was not built in a git checkout.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  $ zpakey version
  $ zpakey version --field commit")]
pub struct VersionArgs {}

impl RunCommand for VersionArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<VersionView>())
    }

    fn needs_tenant(&self) -> bool {
        false
    }

    fn purpose(&self) -> Purpose {
        Purpose::SetUp
    }

    fn runs_without_settings(&self) -> bool {
        true
    }

    async fn run(self, _: &Context) -> CommandResult<CommandOutput> {
        let features = [("keyring", cfg!(feature = "keyring")), ("sandbox", cfg!(feature = "sandbox"))];
        Ok(CommandOutput::with(Answer::Records(Records::one(VersionView {
            version: env!("CARGO_PKG_VERSION"),
            commit: option_env!("ZPAKEY_COMMIT"),
            date: option_env!("ZPAKEY_DATE").and_then(day),
            target: env!("ZPAKEY_TARGET"),
            features: features.into_iter().filter_map(|(name, is_on)| is_on.then_some(name)).collect(),
            rustc: env!("ZPAKEY_RUSTC"),
        }))))
    }
}

/// Writes the day of a time that is given in seconds, in UTC.
fn day(seconds: &str) -> Option<String> {
    let time = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    Some(time.strftime("%Y-%m-%d").to_string())
}
