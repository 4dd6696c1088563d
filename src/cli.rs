//! The command line as typed: no logic.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, Parser};

use crate::commands::Command;
use crate::config::Setting;
use crate::output::Format;

/// Create, get, list, update, rotate, delete and reveal Zscaler Private Access provisioning keys
#[derive(Debug, Parser)]
#[command(
    name = "zpakey",
    version,
    disable_help_subcommand = true,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  $ zpakey --sandbox create demo --type connector --group \"AWS us-east-1\" --max-usage 10
  $ zpakey --sandbox list
  $ zpakey --sandbox reveal demo --yes | jq -r .provisioning_key

`zpakey help TOPIC` tells about environment, exit-codes, output, security."
)]
pub struct Cli {
    /// Options that every command shares.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command shares.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[expect(clippy::doc_markdown, reason = "the text is help, where backticks would show")]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]
    #[arg(short, long, global = true, value_name = "FORMAT", ignore_case = true, value_parser = formats())]
    pub output: Option<String>,
    /// Print ids only, one a line, and no messages but warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]
    #[arg(long, global = true, value_name = "NAMES", hide_short_help = true)]
    pub columns: Option<String>,
    /// Leave the header of tables and CSV out
    #[arg(long, global = true, hide_short_help = true)]
    pub no_header: bool,
    /// Print one field, bare
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "columns")]
    pub field: Option<String>,
    /// Use colours: auto, always, never [env: ZPAKEY_COLOR]
    #[arg(long, global = true, value_name = "WHEN", hide_short_help = true, value_parser = ["auto", "always", "never"])]
    pub color: Option<String>,
    /// Use this profile [env: ZPAKEY_PROFILE]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]
    #[arg(long, global = true, conflicts_with = "profile")]
    pub sandbox: bool,
    /// Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]
    #[arg(long, global = true, value_name = "ID", hide_short_help = true)]
    pub customer_id: Option<String>,
    /// Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]
    #[arg(long, global = true, value_name = "NAME|ID", hide_short_help = true)]
    pub microtenant: Option<String>,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]
    #[arg(long, global = true, hide_short_help = true)]
    pub no_input: bool,
    /// Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]
    #[arg(long, global = true, value_name = "ID", hide_short_help = true)]
    pub client_id: Option<String>,
    /// Read the API client's secret from a file, or from standard input with `-`; the secret itself may be in a
    /// variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]
    #[arg(long, global = true, value_name = "FILE|-", hide_short_help = true)]
    pub client_secret_file: Option<PathBuf>,
    /// Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env:
    /// ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        hide_short_help = true,
        conflicts_with = "client_secret_file"
    )]
    pub private_key_file: Option<PathBuf>,
    /// The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    pub vanity_domain: Option<String>,
    /// The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    pub cloud: Option<String>,
    /// The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]
    #[arg(long, global = true, value_name = "WAY", hide_short_help = true, ignore_case = true, value_parser = ["oneapi", "legacy"])]
    pub auth: Option<String>,
    /// Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]
    #[arg(long, global = true, value_name = "TIME", hide_short_help = true)]
    pub timeout: Option<String>,
    /// Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]
    #[arg(long, global = true, value_name = "TIME", hide_short_help = true)]
    pub max_wait: Option<String>,
    /// Limit the whole command to this time [env: ZPAKEY_DEADLINE]
    #[arg(long, global = true, value_name = "TIME", hide_short_help = true)]
    pub deadline: Option<String>,
    /// Trust this CA besides the platform's [env: ZPAKEY_CACERT]
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub cacert: Option<String>,
    /// Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy,
    /// ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]
    #[arg(long, global = true, value_name = "URL|none", hide_short_help = true)]
    pub proxy: Option<String>,
    /// Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]
    #[arg(long, global = true, value_name = "WHERE", hide_short_help = true, ignore_case = true, value_parser = ["auto", "file", "keyring", "off"])]
    pub token_cache: Option<String>,
    /// Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]
    #[arg(long, global = true, value_name = "LIMIT", hide_short_help = true)]
    pub rate_limit: Option<String>,
    /// Say each request: method, path, status, time; no bodies, no headers
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str))
}

impl GlobalArgs {
    /// Returns what was typed, by setting.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<Setting, String> {
        let typed = |is_on: bool| is_on.then(|| "true".to_owned());
        let pairs = [
            (Setting::Output, self.output.clone()),
            (Setting::Columns, self.columns.clone()),
            (Setting::Color, self.color.clone()),
            (Setting::Profile, self.profile.clone()),
            (Setting::Sandbox, typed(self.sandbox)),
            (Setting::CustomerId, self.customer_id.clone()),
            (Setting::Microtenant, self.microtenant.clone()),
            (Setting::NoInput, typed(self.no_input)),
            (Setting::ClientId, self.client_id.clone()),
            (Setting::VanityDomain, self.vanity_domain.clone()),
            (Setting::Cloud, self.cloud.clone()),
            (Setting::Auth, self.auth.clone()),
            (Setting::Timeout, self.timeout.clone()),
            (Setting::MaxWait, self.max_wait.clone()),
            (Setting::Deadline, self.deadline.clone()),
            (Setting::Cacert, self.cacert.clone()),
            (Setting::Proxy, self.proxy.clone()),
            (Setting::TokenCache, self.token_cache.clone()),
            (Setting::RateLimit, self.rate_limit.clone()),
        ];
        pairs.into_iter().filter_map(|(setting, text)| Some((setting, text?))).collect()
    }
}
