//! The command line as typed: no logic.

pub mod help;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{ArgAction, Args, Parser};

use crate::commands::Command;
use crate::config::{
    ApiFlavor, ColorChoice, ConfigError, MicrotenantChoice, Options, ProxyChoice, RateLimit, Setting, Shard,
    TokenCache, WrongValue, vars,
};
use crate::domain::CustomerId;
use crate::output::Format;

/// Manage the provisioning keys of Zscaler Private Access (ZPA)
#[derive(Debug, Parser)]
#[command(
    name = "zpakey",
    version,
    disable_help_subcommand = true,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = "Examples:
  $ zpakey --sandbox create demo --type connector --group \"AWS us-east-1\" --max-usage 10
  $ zpakey --sandbox list
  $ zpakey --sandbox reveal demo --yes | jq -r .provisioning_key"
)]
pub struct Cli {
    /// Options that every command shares.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const TENANT: &str = "Tenant";
const QUESTIONS: &str = "Questions";
const SIGNING_IN: &str = "Signing in";
const NETWORK: &str = "Network and waiting";

/// Options that every command shares.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[expect(clippy::doc_markdown, reason = "the text is help, where backticks would show")]
#[command(next_help_heading = "Output")]
pub struct GlobalArgs {
    /// Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]
    #[arg(short, long, global = true, value_name = "FORMAT", ignore_case = true, value_parser = of(&vars::OUTPUT))]
    pub output: Option<Format>,
    /// Print ids only, one a line, and no messages but warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]
    #[arg(long, global = true, value_name = "NAMES")]
    pub columns: Option<String>,
    /// Leave the header of tables and CSV out
    #[arg(long, global = true)]
    pub no_header: bool,
    /// Print one field, bare
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "columns")]
    pub field: Option<String>,
    /// Use colours: auto, always, never [env: ZPAKEY_COLOR]
    #[arg(long, global = true, value_name = "WHEN", value_parser = of(&vars::COLOR))]
    pub color: Option<ColorChoice>,
    /// Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern
    /// on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]
    #[arg(help_heading = TENANT, long, global = true, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Use the I-th of N parts of the profiles, from 1 on
    #[arg(help_heading = TENANT, long, global = true, value_name = "I/N", requires = "profile")]
    pub shard: Option<Shard>,
    /// Ask at most so many tenants at a time; by default 16
    #[arg(help_heading = TENANT, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub parallel_tenants: Option<u16>,
    /// Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]
    #[arg(help_heading = TENANT, long, global = true, conflicts_with = "profile")]
    pub sandbox: bool,
    /// Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]
    #[arg(help_heading = TENANT, long, global = true, value_name = "ID", value_parser = of(&vars::CUSTOMER_ID))]
    pub customer_id: Option<CustomerId>,
    /// Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]
    #[arg(help_heading = TENANT, long, global = true, value_name = "NAME|ID", value_parser = of(&vars::MICROTENANT))]
    pub microtenant: Option<MicrotenantChoice>,
    /// Answer every question with yes
    #[arg(help_heading = QUESTIONS, short, long, global = true)]
    pub yes: bool,
    /// Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]
    #[arg(help_heading = QUESTIONS, long, global = true)]
    pub no_input: bool,
    /// Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]
    #[arg(help_heading = SIGNING_IN, long, global = true, value_name = "ID", value_parser = of(&vars::CLIENT_ID))]
    pub client_id: Option<String>,
    /// Read the API client's secret from a file, or from standard input with `-`; the secret itself may be in a
    /// variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]
    #[arg(help_heading = SIGNING_IN, long, global = true, value_name = "FILE|-")]
    pub client_secret_file: Option<PathBuf>,
    /// Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env:
    /// ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]
    #[arg(help_heading = SIGNING_IN,
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "client_secret_file"
    )]
    pub private_key_file: Option<PathBuf>,
    /// The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]
    #[arg(help_heading = SIGNING_IN, long, global = true, value_name = "NAME", value_parser = of(&vars::VANITY_DOMAIN))]
    pub vanity_domain: Option<String>,
    /// The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]
    #[arg(help_heading = SIGNING_IN, long, global = true, value_name = "NAME")]
    pub cloud: Option<String>,
    /// The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]
    #[arg(help_heading = SIGNING_IN, long, global = true, value_name = "WAY", ignore_case = true, value_parser = of(&vars::AUTH))]
    pub auth: Option<ApiFlavor>,
    /// Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]
    #[arg(help_heading = NETWORK, long, global = true, value_name = "TIME", value_parser = of(&vars::TIMEOUT))]
    pub timeout: Option<Duration>,
    /// Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]
    #[arg(help_heading = NETWORK, long, global = true, value_name = "TIME", value_parser = of(&vars::MAX_WAIT))]
    pub max_wait: Option<Duration>,
    /// Limit the whole command to this time [env: ZPAKEY_DEADLINE]
    #[arg(help_heading = NETWORK, long, global = true, value_name = "TIME", value_parser = of(&vars::DEADLINE))]
    pub deadline: Option<Duration>,
    /// Trust this CA in addition to the platform's [env: ZPAKEY_CACERT]
    #[arg(help_heading = NETWORK, long, global = true, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy,
    /// ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]
    #[arg(help_heading = NETWORK, long, global = true, value_name = "URL|none", value_parser = of(&vars::PROXY))]
    pub proxy: Option<ProxyChoice>,
    /// Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]
    #[arg(help_heading = SIGNING_IN, long, global = true, value_name = "WHERE", ignore_case = true, value_parser = of(&vars::TOKEN_CACHE))]
    pub token_cache: Option<TokenCache>,
    /// Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]
    #[arg(help_heading = NETWORK, long, global = true, value_name = "LIMIT", value_parser = of(&vars::RATE_LIMIT))]
    pub rate_limit: Option<RateLimit>,
    /// Say each request: method, path, status, time; no bodies, no headers
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// Reads an option as its setting is read, wherever that stands.
const fn of<T>(setting: &'static Setting<T>) -> OptionParser<T> {
    OptionParser(setting)
}

struct OptionParser<T: 'static>(&'static Setting<T>);

impl<T> Clone for OptionParser<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<T: Clone + Send + Sync> TypedValueParser for OptionParser<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        text: &OsStr,
    ) -> Result<T, clap::Error> {
        let words = self.0.words();
        if !words.is_empty() {
            PossibleValuesParser::new(words).parse_ref(command, argument, text)?;
        }
        let typed = StringValueParser::new().parse_ref(command, argument, text)?;
        match self.0.read(&typed) {
            Ok(value) => Ok(value),
            Err(WrongValue::Text { why, .. }) => {
                (move |_: &str| Err(why.clone())).parse_ref(command, argument, text)
            }
            // The text may be a secret, and clap would quote it.
            Err(wrong) => {
                let option = self.0.description.option.unwrap_or_default();
                let message = format!("{option}{wrong}\n");
                Err(clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command))
            }
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let words = self.0.words();
        if words.is_empty() { None } else { Some(Box::new(words.into_iter().map(PossibleValue::new))) }
    }
}

impl GlobalArgs {
    /// Returns what was typed of the settings, but for secrets, which may have to be read first.
    pub fn options(&self) -> Result<Options, ConfigError> {
        if let Some(ProxyChoice::At(address)) = &self.proxy
            && address.has_password()
        {
            return Err(ConfigError::ProxyPasswordTyped);
        }
        let mut options = Options::default();
        let columns = self.columns.as_deref().and_then(|text| vars::COLUMNS.read(text).ok());
        options.put(&vars::OUTPUT, self.output);
        options.put(&vars::COLUMNS, columns);
        options.put(&vars::COLOR, self.color);
        options.put(&vars::PROFILE, self.profile.first().cloned());
        options.put(&vars::SANDBOX, self.sandbox.then_some(true));
        options.put(&vars::CUSTOMER_ID, self.customer_id.clone());
        options.put(&vars::MICROTENANT, self.microtenant.clone());
        options.put(&vars::NO_INPUT, self.no_input.then_some(true));
        options.put(&vars::CLIENT_ID, self.client_id.clone());
        options.put(&vars::VANITY_DOMAIN, self.vanity_domain.clone());
        options.put(&vars::CLOUD, self.cloud.clone());
        options.put(&vars::AUTH, self.auth);
        options.put(&vars::TIMEOUT, self.timeout);
        options.put(&vars::MAX_WAIT, self.max_wait);
        options.put(&vars::DEADLINE, self.deadline);
        options.put(&vars::CACERT, self.cacert.clone());
        options.put(&vars::PROXY, self.proxy.clone());
        options.put(&vars::TOKEN_CACHE, self.token_cache);
        options.put(&vars::RATE_LIMIT, self.rate_limit);
        Ok(options)
    }
}
