//! Every setting: its option, its variables, its key in a profile. Documented here once; help, README and the
//! error messages take their words from here.

use crate::host::Env;

/// A setting that an option, a variable or a profile may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// The format of the answer.
    Output,
    /// The columns of tables and CSV.
    Columns,
    Color,
    Profile,
    /// Whether the embedded sandbox is used.
    Sandbox,
    CustomerId,
    Microtenant,
    /// Whether no one may be asked.
    NoInput,
    /// The limit of one request.
    Timeout,
    /// The limit of waits that the server forces.
    MaxWait,
    /// The limit of the whole command.
    Deadline,
    /// A certificate authority that is trusted in addition to the platform's.
    Cacert,
    Proxy,
    /// Where tokens are kept between runs.
    TokenCache,
    /// The client's own budget of requests.
    RateLimit,
    /// Whether reveals and writes are logged on this machine.
    AuditLog,
    ClientId,
    ClientSecret,
    /// The API client's private key.
    PrivateKey,
    /// The organisation's `ZIdentity` domain.
    VanityDomain,
    Cloud,
    /// The way to sign in.
    Auth,
    /// A token instead of signing in.
    AccessToken,
    ApiUrl,
    TokenUrl,
}

/// Whose credential a vendor's variable belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// `OneAPI` only.
    OneApi,
    Legacy,
    Both,
}

/// What is known about a setting.
#[derive(Debug)]
pub struct Description {
    pub setting: Setting,
    pub option: Option<&'static str>,
    pub variable: &'static str,
    /// The variables that the vendor's tools read, in order.
    pub vendor: &'static [(&'static str, Vendor)],
    /// The key in a profile.
    pub profile_key: Option<&'static str>,
    /// What it is, in a few words.
    pub meaning: &'static str,
}

use Setting as S;
use Vendor::{Both, Legacy, OneApi};

const fn row(
    setting: Setting,
    option: Option<&'static str>,
    variable: &'static str,
    vendor: &'static [(&'static str, Vendor)],
    profile_key: Option<&'static str>,
    meaning: &'static str,
) -> Description {
    Description { setting, option, variable, vendor, profile_key, meaning }
}

/// Every setting, in the order of the documentation.
///
/// # Source
/// The vendor's names are those of its Go SDK, Terraform provider and two Python SDKs. The older of the two reads
/// `ZSCALER_CUSTOMER_ID` and `ZSCALER_MICROTENANT_ID`, the newer one (`zscaler-oneapi-sdk-python` 1.0.0)
/// `ZSCALER_CUSTOMER_ID`, `ZSCALER_TOKEN_URL` and `ZSCALER_CERT_FILE_PATH`, the file of a private key.
pub const SETTINGS: [Description; 25] = [
    row(
        S::ClientId,
        Some("--client-id"),
        "ZPAKEY_CLIENT_ID",
        &[("ZSCALER_CLIENT_ID", OneApi), ("ZPA_CLIENT_ID", Legacy)],
        Some("client_id"),
        "id of the API client",
    ),
    row(
        S::ClientSecret,
        Some("--client-secret-file"),
        "ZPAKEY_CLIENT_SECRET",
        &[("ZSCALER_CLIENT_SECRET", OneApi), ("ZPA_CLIENT_SECRET", Legacy)],
        Some("client_secret"),
        "secret of the API client",
    ),
    row(
        S::PrivateKey,
        Some("--private-key-file"),
        "ZPAKEY_PRIVATE_KEY",
        &[("ZSCALER_PRIVATE_KEY", OneApi), ("ZSCALER_CERT_FILE_PATH", OneApi)],
        Some("private_key"),
        "private key of the API client, as PEM, or the path of a file with it",
    ),
    row(
        S::VanityDomain,
        Some("--vanity-domain"),
        "ZPAKEY_VANITY_DOMAIN",
        &[("ZSCALER_VANITY_DOMAIN", OneApi)],
        Some("vanity_domain"),
        "the \"acme\" in acme.zslogin.net",
    ),
    row(
        S::Cloud,
        Some("--cloud"),
        "ZPAKEY_CLOUD",
        &[("ZSCALER_CLOUD", OneApi), ("ZPA_CLOUD", Legacy)],
        Some("cloud"),
        "the Zscaler cloud; production where unset",
    ),
    row(S::Auth, Some("--auth"), "ZPAKEY_AUTH", &[], Some("auth"), "the way to sign in: oneapi or legacy"),
    row(S::AccessToken, None, "ZPAKEY_ACCESS_TOKEN", &[], None, "a bearer token; no signing in"),
    row(
        S::CustomerId,
        Some("--customer-id"),
        "ZPAKEY_CUSTOMER_ID",
        &[("ZPA_CUSTOMER_ID", Both), ("ZSCALER_CUSTOMER_ID", Both)],
        Some("customer_id"),
        "id of the ZPA customer",
    ),
    row(
        S::Microtenant,
        Some("--microtenant"),
        "ZPAKEY_MICROTENANT",
        &[("ZPA_MICROTENANT_ID", Both), ("ZSCALER_MICROTENANT_ID", Both)],
        Some("microtenant"),
        "name or id of the microtenant",
    ),
    row(S::ApiUrl, None, "ZPAKEY_API_URL", &[], Some("api_url"), "replaces the API's base address"),
    row(
        S::TokenUrl,
        None,
        "ZPAKEY_TOKEN_URL",
        &[("ZSCALER_TOKEN_URL", OneApi)],
        Some("token_url"),
        "replaces the token endpoint's address",
    ),
    row(S::Profile, Some("--profile"), "ZPAKEY_PROFILE", &[], None, "name of the profile"),
    row(S::Sandbox, Some("--sandbox"), "ZPAKEY_SANDBOX", &[], None, "use the embedded sandbox tenant"),
    row(S::Output, Some("--output"), "ZPAKEY_OUTPUT", &[], Some("output"), "format of the answer"),
    row(
        S::Columns,
        Some("--columns"),
        "ZPAKEY_COLUMNS",
        &[],
        Some("columns"),
        "fields of tables and CSV, by their JSON names",
    ),
    row(S::Color, Some("--color"), "ZPAKEY_COLOR", &[], Some("color"), "auto, always or never"),
    row(S::NoInput, Some("--no-input"), "ZPAKEY_NO_INPUT", &[], None, "never ask"),
    row(S::Timeout, Some("--timeout"), "ZPAKEY_TIMEOUT", &[], Some("timeout"), "limit of one request"),
    row(
        S::MaxWait,
        Some("--max-wait"),
        "ZPAKEY_MAX_WAIT",
        &[],
        Some("max_wait"),
        "limit of forced waits, for each request",
    ),
    row(
        S::Deadline,
        Some("--deadline"),
        "ZPAKEY_DEADLINE",
        &[],
        Some("deadline"),
        "limit of the whole command",
    ),
    row(
        S::Cacert,
        Some("--cacert"),
        "ZPAKEY_CACERT",
        &[],
        Some("cacert"),
        "a CA file that is trusted besides the platform's",
    ),
    row(
        S::Proxy,
        Some("--proxy"),
        "ZPAKEY_PROXY",
        &[
            ("HTTPS_PROXY", Both),
            ("https_proxy", Both),
            ("ZSCALER_HTTP_PROXY", Both),
            ("ALL_PROXY", Both),
            ("all_proxy", Both),
        ],
        Some("proxy"),
        "address of the proxy, or none",
    ),
    row(
        S::TokenCache,
        Some("--token-cache"),
        "ZPAKEY_TOKEN_CACHE",
        &[],
        Some("token_cache"),
        "where tokens are kept between runs: auto, file, keyring or off",
    ),
    row(
        S::RateLimit,
        Some("--rate-limit"),
        "ZPAKEY_RATE_LIMIT",
        &[],
        Some("rate_limit"),
        "READS/WRITES/SECONDS, or off",
    ),
    row(
        S::AuditLog,
        None,
        "ZPAKEY_AUDIT_LOG",
        &[],
        Some("audit_log"),
        "log reveals and writes on this machine; true unless CI is set",
    ),
];

/// The variable of `--client-secret-file`.
pub const CLIENT_SECRET_FILE: &str = "ZPAKEY_CLIENT_SECRET_FILE";

/// The proxy's host, port, user name and password for the vendor's SDKs.
///
/// # Source
/// The vendor's Go SDK and Terraform provider, for `OneAPI`. `ZPA_CLIENT_PROXY_*`, the legacy API's names, are not read.
pub const SDK_PROXY: [&str; 4] = [
    "ZSCALER_CLIENT_PROXY_HOST",
    "ZSCALER_CLIENT_PROXY_PORT",
    "ZSCALER_CLIENT_PROXY_USERNAME",
    "ZSCALER_CLIENT_PROXY_PASSWORD",
];

/// Variables that are read in addition to those of [`SETTINGS`].
pub const OTHER_VARIABLES: [(&str, &str); 18] = [
    (
        CLIENT_SECRET_FILE,
        "a file with the client secret, as `--client-secret-file`; ZPAKEY_CLIENT_SECRET counts before it",
    ),
    ("ZPAKEY_CONFIG_FILE", "the profile file, in place of zpakey/config.toml"),
    ("ZSCALER_USE_LEGACY_CLIENT", "true signs in by the legacy API, as `--auth legacy`"),
    ("ZSCALER_PROFILE", "the profile of ~/.zscaler/config, a file of the vendor's SDK, by default `default`"),
    (
        SDK_PROXY[0],
        "the vendor's proxy, with ZSCALER_CLIENT_PROXY_PORT, _USERNAME and _PASSWORD; if nothing else names one",
    ),
    ("NO_PROXY", "hosts that are reached without the proxy, separated by commas (also no_proxy)"),
    ("SSL_CERT_FILE", "the trust store, in place of the platform's (also SSL_CERT_DIR)"),
    ("CI", "not empty: nobody is asked, and no token, names or log are kept between runs, unless told"),
    ("GITHUB_ACTIONS", "true on the runners of GitHub: without it `--ci github` is refused"),
    ("DBUS_SESSION_BUS_ADDRESS", "the session bus through which the system keyring is reached"),
    ("NO_COLOR", "not empty: no colours"),
    ("CLICOLOR_FORCE", "not empty and not 0: colours everywhere"),
    ("TERM", "dumb: no colours"),
    ("XDG_CONFIG_HOME", "where zpakey/config.toml is, by default ~/.config"),
    (
        "XDG_STATE_HOME",
        "where tokens, the log, the shared budget and the sandbox's tenant are, by default ~/.local/state",
    ),
    ("XDG_CACHE_HOME", "where names for completion are, by default ~/.cache"),
    (
        "XDG_RUNTIME_DIR",
        "where `exec --file` puts its file, by default a directory in memory, else where the state is, else TMPDIR",
    ),
    ("CREDENTIALS_DIRECTORY", "set by systemd: no warning that others can read a secret below it"),
];

/// Lists the variables that hold a secret of ours and that no program that we run gets: `exec`, hooks, `cmd`,
/// `sandbox run`. Addresses, ids and limits are not among them, since such a program may run zpakey; the address of our
/// proxy is, if it has a password. The proxies that all programs read, such as `HTTPS_PROXY`, are not ours.
pub fn own_secrets(env: &Env) -> impl Iterator<Item = &'static str> {
    let has_password = env.get(Setting::Proxy.description().variable).is_some_and(|text| text.contains('@'));
    let rows = SETTINGS.iter().filter(|row| row.setting.is_secret());
    let secrets = rows.filter(move |row| row.setting != S::Proxy || has_password).flat_map(|row| {
        let vendor: &[_] = if row.setting == S::Proxy { &[] } else { row.vendor };
        [row.variable].into_iter().chain(vendor.iter().map(|(name, _)| *name))
    });
    let [host, .., password] = SDK_PROXY;
    let host = env.get(host).filter(|text| text.contains('@')).map(|_| host);
    secrets.chain(host).chain([password])
}

impl Setting {
    /// Returns what is known about the setting.
    #[must_use]
    pub fn description(self) -> &'static Description {
        // Every setting has its row (a test holds it); the first row stands in for an impossible gap.
        let [first, ..] = &SETTINGS;
        SETTINGS.iter().find(|row| row.setting == self).unwrap_or(first)
    }

    /// Tells whether the setting says which tenant is acted on and as whom. Such variables are set aside where a
    /// profile was named.
    #[must_use]
    pub const fn names_a_tenant(self) -> bool {
        match self {
            S::CustomerId
            | S::Microtenant
            | S::ClientId
            | S::ClientSecret
            | S::PrivateKey
            | S::VanityDomain
            | S::Cloud
            | S::Auth
            | S::AccessToken
            | S::ApiUrl
            | S::TokenUrl => true,
            S::Output
            | S::Columns
            | S::Color
            | S::Profile
            | S::Sandbox
            | S::NoInput
            | S::Timeout
            | S::MaxWait
            | S::Deadline
            | S::Cacert
            | S::Proxy
            | S::TokenCache
            | S::RateLimit
            | S::AuditLog => false,
        }
    }
}

impl Setting {
    /// Tells whether the setting belongs to a credential: where it is valid, and how it is signed in with.
    #[must_use]
    pub const fn is_part_of_credential(self) -> bool {
        matches!(
            self,
            S::ClientId
                | S::ClientSecret
                | S::PrivateKey
                | S::AccessToken
                | S::VanityDomain
                | S::Cloud
                | S::Auth
        )
    }

    /// Tells whether the setting's text is, or may hold, a secret: it is kept apart from the other settings.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, S::ClientSecret | S::PrivateKey | S::AccessToken | S::Proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_that_hold_a_secret_are_these() {
        let proxy = |address| Env::from_iter([("ZPAKEY_PROXY", address)]);
        let names: Vec<_> = own_secrets(&proxy("http://me:word@proxy:8080")).collect();
        let expected = [
            "ZPAKEY_CLIENT_SECRET",
            "ZSCALER_CLIENT_SECRET",
            "ZPA_CLIENT_SECRET",
            "ZPAKEY_PRIVATE_KEY",
            "ZSCALER_PRIVATE_KEY",
            "ZSCALER_CERT_FILE_PATH",
            "ZPAKEY_ACCESS_TOKEN",
            "ZPAKEY_PROXY",
            "ZSCALER_CLIENT_PROXY_PASSWORD",
        ];
        assert_eq!(names, expected);
        let names: Vec<_> = own_secrets(&proxy("http://proxy:8080")).collect();
        assert_eq!(names, [&expected[..7], &expected[8..]].concat());
        let env = Env::from_iter([("ZSCALER_CLIENT_PROXY_HOST", "me:word@proxy")]);
        assert!(own_secrets(&env).any(|name| name == "ZSCALER_CLIENT_PROXY_HOST"));
    }

    #[test]
    fn every_setting_has_one_row_and_one_variable() {
        let mut settings: Vec<_> = SETTINGS.iter().map(|row| row.setting).collect();
        settings.sort_unstable();
        settings.dedup();
        assert_eq!(settings.len(), SETTINGS.len());
        for row in &SETTINGS {
            assert_eq!(row.setting.description().variable, row.variable);
            assert!(row.variable.starts_with("ZPAKEY_"));
        }
    }
}
