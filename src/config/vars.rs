//! Every setting: its option, its variables, its key in a profile, and how its text is read. Documented here once; help,
//! README and the error messages take their words from here.
//!
//! A new setting is a `static` here and its entry in [`SETTINGS`], in the order of the documentation; if it has an
//! option, a field of `GlobalArgs` in `cli.rs`, too. `settings.get(&vars::NAME)` is its value, read and checked.
//!
//! # Source
//! The vendor's names are those of its Go SDK, Terraform provider and two Python SDKs. The older of the two reads
//! `ZSCALER_CUSTOMER_ID` and `ZSCALER_MICROTENANT_ID`, the newer one (`zscaler-oneapi-sdk-python` 1.0.0)
//! `ZSCALER_CUSTOMER_ID`, `ZSCALER_TOKEN_URL` and `ZSCALER_CERT_FILE_PATH`, the file of a private key.

use std::path::PathBuf;
use std::time::Duration;

use super::credential::ApiFlavor;
use super::secret_source::SecretSource;
use super::setting::{AnySetting, Description, Role, Setting, Vendor};
use super::values::{self, ColorChoice, MicrotenantChoice, ProxyChoice, RateLimit, RevealPolicy, TokenCache};
use crate::domain::{CustomerId, Endpoint};
use crate::host::{Env, UNREAD_VARIABLES};
use crate::output::Format;
use crate::secret::AccessToken;

use Role::{Credential, Look, Run, Tenant};
use Vendor::{Both, Legacy, OneApi};

pub static CLIENT_ID: Setting<String> = Setting::of(
    Description {
        option: Some("--client-id"),
        vendor: &[("ZSCALER_CLIENT_ID", OneApi), ("ZPA_CLIENT_ID", Legacy)],
        profile_key: Some("client_id"),
        ..Description::of(Credential, "ZPAKEY_CLIENT_ID", "id of the API client")
    },
    values::client_id,
);

pub static CLIENT_SECRET: Setting<SecretSource> = Setting::of(
    Description {
        option: Some("--client-secret-file"),
        vendor: &[("ZSCALER_CLIENT_SECRET", OneApi), ("ZPA_CLIENT_SECRET", Legacy)],
        profile_key: Some("client_secret"),
        is_secret: true,
        ..Description::of(Credential, "ZPAKEY_CLIENT_SECRET", "secret of the API client")
    },
    values::client_secret,
);

pub static PRIVATE_KEY: Setting<SecretSource> = Setting::of(
    Description {
        option: Some("--private-key-file"),
        vendor: &[("ZSCALER_PRIVATE_KEY", OneApi), ("ZSCALER_CERT_FILE_PATH", OneApi)],
        profile_key: Some("private_key"),
        is_secret: true,
        ..Description::of(
            Credential,
            "ZPAKEY_PRIVATE_KEY",
            "private key of the API client, as PEM, or the path of a file with it",
        )
    },
    values::private_key,
);

pub static VANITY_DOMAIN: Setting<String> = Setting::of(
    Description {
        option: Some("--vanity-domain"),
        vendor: &[("ZSCALER_VANITY_DOMAIN", OneApi)],
        profile_key: Some("vanity_domain"),
        ..Description::of(Credential, "ZPAKEY_VANITY_DOMAIN", "the \"acme\" in acme.zslogin.net")
    },
    values::vanity_domain,
);

pub static CLOUD: Setting<String> = Setting::of(
    Description {
        option: Some("--cloud"),
        vendor: &[("ZSCALER_CLOUD", OneApi), ("ZPA_CLOUD", Legacy)],
        profile_key: Some("cloud"),
        ..Description::of(Credential, "ZPAKEY_CLOUD", "the Zscaler cloud; production where unset")
    },
    values::text,
);

pub static AUTH: Setting<ApiFlavor> = Setting::of_words(
    Description {
        option: Some("--auth"),
        profile_key: Some("auth"),
        ..Description::of(Credential, "ZPAKEY_AUTH", "the way to sign in: oneapi or legacy")
    },
    values::way_to_sign_in,
    values::ways_to_sign_in,
);

pub static ACCESS_TOKEN: Setting<AccessToken> = Setting::of(
    Description {
        is_secret: true,
        ..Description::of(Credential, "ZPAKEY_ACCESS_TOKEN", "a bearer token; no signing in")
    },
    values::access_token,
);

pub static CUSTOMER_ID: Setting<CustomerId> = Setting::of(
    Description {
        option: Some("--customer-id"),
        vendor: &[("ZPA_CUSTOMER_ID", Both), ("ZSCALER_CUSTOMER_ID", Both)],
        profile_key: Some("customer_id"),
        ..Description::of(Tenant, "ZPAKEY_CUSTOMER_ID", "id of the ZPA customer")
    },
    values::customer,
);

pub static MICROTENANT: Setting<MicrotenantChoice> = Setting::of(
    Description {
        option: Some("--microtenant"),
        vendor: &[("ZPA_MICROTENANT_ID", Both), ("ZSCALER_MICROTENANT_ID", Both)],
        profile_key: Some("microtenant"),
        ..Description::of(Tenant, "ZPAKEY_MICROTENANT", "name or id of the microtenant")
    },
    values::microtenant,
);

pub static API_URL: Setting<Endpoint> = Setting::of(
    Description {
        profile_key: Some("api_url"),
        ..Description::of(Tenant, "ZPAKEY_API_URL", "replaces the API's base address")
    },
    values::address,
);

pub static TOKEN_URL: Setting<Endpoint> = Setting::of(
    Description {
        vendor: &[("ZSCALER_TOKEN_URL", OneApi)],
        profile_key: Some("token_url"),
        ..Description::of(Tenant, "ZPAKEY_TOKEN_URL", "replaces the token endpoint's address")
    },
    values::address,
);

pub static PROFILE: Setting<String> = Setting::of(
    Description {
        option: Some("--profile"),
        ..Description::of(Run, "ZPAKEY_PROFILE", "name of the profile")
    },
    values::text,
);

pub static SANDBOX: Setting<bool> = Setting::of(
    Description {
        option: Some("--sandbox"),
        ..Description::of(Run, "ZPAKEY_SANDBOX", "use the embedded sandbox tenant")
    },
    values::switch,
);

pub static OUTPUT: Setting<Format> = Setting::of_words(
    Description {
        option: Some("--output"),
        profile_key: Some("output"),
        ..Description::of(Look, "ZPAKEY_OUTPUT", "format of the answer")
    },
    values::format,
    values::formats,
);

pub static COLUMNS: Setting<Vec<String>> = Setting::of(
    Description {
        option: Some("--columns"),
        profile_key: Some("columns"),
        ..Description::of(Look, "ZPAKEY_COLUMNS", "fields of tables and CSV, by their JSON names")
    },
    values::list,
);

pub static COLOR: Setting<ColorChoice> = Setting::of_words(
    Description {
        option: Some("--color"),
        profile_key: Some("color"),
        ..Description::of(Look, "ZPAKEY_COLOR", "auto, always or never")
    },
    values::color,
    values::colors,
);

pub static NO_INPUT: Setting<bool> = Setting::of(
    Description { option: Some("--no-input"), ..Description::of(Run, "ZPAKEY_NO_INPUT", "never ask") },
    values::switch,
);

pub static TIMEOUT: Setting<Duration> = Setting::of(
    Description {
        option: Some("--timeout"),
        profile_key: Some("timeout"),
        ..Description::of(Run, "ZPAKEY_TIMEOUT", "limit of one request")
    },
    values::positive_time,
);

pub static MAX_WAIT: Setting<Duration> = Setting::of(
    Description {
        option: Some("--max-wait"),
        profile_key: Some("max_wait"),
        ..Description::of(Run, "ZPAKEY_MAX_WAIT", "limit of forced waits, for each request")
    },
    values::time,
);

pub static DEADLINE: Setting<Duration> = Setting::of(
    Description {
        option: Some("--deadline"),
        profile_key: Some("deadline"),
        ..Description::of(Run, "ZPAKEY_DEADLINE", "limit of the whole command")
    },
    values::time,
);

pub static CACERT: Setting<PathBuf> = Setting::of(
    Description {
        option: Some("--cacert"),
        profile_key: Some("cacert"),
        ..Description::of(Run, "ZPAKEY_CACERT", "a CA file that is trusted in addition to the platform's")
    },
    values::path,
);

pub static PROXY: Setting<ProxyChoice> = Setting::of(
    Description {
        option: Some("--proxy"),
        vendor: &[
            ("HTTPS_PROXY", Both),
            ("https_proxy", Both),
            ("ZSCALER_HTTP_PROXY", Both),
            ("ALL_PROXY", Both),
            ("all_proxy", Both),
        ],
        profile_key: Some("proxy"),
        is_secret: true,
        ..Description::of(Run, "ZPAKEY_PROXY", "address of the proxy, or none")
    },
    values::proxy,
);

pub static TOKEN_CACHE: Setting<TokenCache> = Setting::of_words(
    Description {
        option: Some("--token-cache"),
        profile_key: Some("token_cache"),
        ..Description::of(
            Run,
            "ZPAKEY_TOKEN_CACHE",
            "where tokens are kept between runs: auto, file, keyring or off",
        )
    },
    values::token_cache,
    values::token_caches,
);

pub static RATE_LIMIT: Setting<RateLimit> = Setting::of(
    Description {
        option: Some("--rate-limit"),
        profile_key: Some("rate_limit"),
        ..Description::of(Run, "ZPAKEY_RATE_LIMIT", "READS/WRITES/SECONDS, or off")
    },
    values::rate_limit,
);

pub static REVEAL: Setting<RevealPolicy> = Setting::of_words(
    Description {
        profile_key: Some("reveal"),
        ..Description::of(Run, "ZPAKEY_REVEAL", "never keeps key values from standard output")
    },
    values::reveal_policy,
    values::reveal_policies,
);

pub static AUDIT_LOG: Setting<bool> = Setting::of(
    Description {
        profile_key: Some("audit_log"),
        ..Description::of(
            Run,
            "ZPAKEY_AUDIT_LOG",
            "log reveals and writes on this machine; true unless CI is set",
        )
    },
    values::switch,
);

pub static TERRAFORM: Setting<bool> = Setting::of(
    Description {
        profile_key: Some("terraform"),
        ..Description::of(
            Run,
            "ZPAKEY_TERRAFORM",
            "Terraform has keys of this tenant, too: rotate and status say what that takes",
        )
    },
    values::switch,
);

/// Every setting, in the order of the documentation.
pub static SETTINGS: &[&dyn AnySetting] = &[
    &CLIENT_ID,
    &CLIENT_SECRET,
    &PRIVATE_KEY,
    &VANITY_DOMAIN,
    &CLOUD,
    &AUTH,
    &ACCESS_TOKEN,
    &CUSTOMER_ID,
    &MICROTENANT,
    &API_URL,
    &TOKEN_URL,
    &PROFILE,
    &SANDBOX,
    &OUTPUT,
    &COLUMNS,
    &COLOR,
    &NO_INPUT,
    &TIMEOUT,
    &MAX_WAIT,
    &DEADLINE,
    &CACERT,
    &PROXY,
    &TOKEN_CACHE,
    &RATE_LIMIT,
    &REVEAL,
    &AUDIT_LOG,
    &TERRAFORM,
];

/// The variable of `--client-secret-file`.
pub const CLIENT_SECRET_FILE: &str = "ZPAKEY_CLIENT_SECRET_FILE";

/// The proxy's host, port, user name and password for the vendor's SDKs.
///
/// # Source
/// The vendor's Go SDK and Terraform provider, for `OneAPI`.
pub const SDK_PROXY: [&str; 4] = [
    "ZSCALER_CLIENT_PROXY_HOST",
    "ZSCALER_CLIENT_PROXY_PORT",
    "ZSCALER_CLIENT_PROXY_USERNAME",
    "ZSCALER_CLIENT_PROXY_PASSWORD",
];

/// The same for the legacy API.
pub const LEGACY_SDK_PROXY: [&str; 4] = [
    "ZPA_CLIENT_PROXY_HOST",
    "ZPA_CLIENT_PROXY_PORT",
    "ZPA_CLIENT_PROXY_USERNAME",
    "ZPA_CLIENT_PROXY_PASSWORD",
];

/// Variables that are read in addition to those of [`SETTINGS`], on any system.
pub const OTHER_VARIABLES: [(&str, &str); 20] = [
    (
        CLIENT_SECRET_FILE,
        "a file with the client secret, as `--client-secret-file`; ZPAKEY_CLIENT_SECRET counts before it",
    ),
    ("ZPAKEY_CONFIG_FILE", "the profile file, in place of zpakey/config.toml"),
    (
        super::PROFILE_INDEX,
        "the place of one profile among those of `--profile`, sorted and counted from 0; of all, if it is absent",
    ),
    ("ZSCALER_USE_LEGACY_CLIENT", "true signs in by the legacy API, as `--auth legacy`"),
    ("ZSCALER_PROFILE", "the profile of ~/.zscaler/config, a file of the vendor's SDK, by default `default`"),
    (
        SDK_PROXY[0],
        "the vendor's proxy, with ZSCALER_CLIENT_PROXY_PORT, _USERNAME and _PASSWORD; if nothing else names one",
    ),
    (
        LEGACY_SDK_PROXY[0],
        "the same for `--auth legacy`, with ZPA_CLIENT_PROXY_PORT, _USERNAME and _PASSWORD",
    ),
    ("NO_PROXY", "hosts that are reached without the proxy, separated by commas (also no_proxy)"),
    ("SSL_CERT_FILE", "the trust store, in place of the platform's (also SSL_CERT_DIR)"),
    ("CI", "not empty: there are no prompts, and no token, names or log are kept between runs, unless told"),
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

/// Lists the variables of [`OTHER_VARIABLES`] that this system reads.
pub fn other_variables() -> impl Iterator<Item = (&'static str, &'static str)> {
    OTHER_VARIABLES.into_iter().filter(|(name, _)| !UNREAD_VARIABLES.contains(name))
}

/// Lists what is known about each setting, in the order of the documentation.
pub fn descriptions() -> impl Iterator<Item = &'static Description> {
    SETTINGS.iter().map(|setting| setting.description())
}

/// Lists the variables that hold a secret of ours and that no program that we run gets: `exec`, hooks, `cmd`,
/// `sandbox run`. Addresses, ids and limits are not among them, since such a program may run zpakey; the address of our
/// proxy is, if it has a password. The proxies that all programs read, such as `HTTPS_PROXY`, are not ours.
pub fn own_secrets(env: &Env) -> impl Iterator<Item = &'static str> {
    let proxy = &PROXY.description;
    let has_password = env.get(proxy.variable).is_some_and(|text| text.contains('@'));
    let own_proxy = has_password.then_some(proxy.variable);
    let of_sdks = [SDK_PROXY, LEGACY_SDK_PROXY].into_iter().flat_map(|[host, .., password]| {
        let host = env.get(host).filter(|text| text.contains('@')).map(|_| host);
        host.into_iter().chain([password])
    });
    let rows = descriptions().filter(move |row| row.is_secret && *row != proxy);
    rows.flat_map(Description::variables).chain(own_proxy).chain(of_sdks)
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
            "ZPA_CLIENT_PROXY_PASSWORD",
        ];
        assert_eq!(names, expected);
        let names: Vec<_> = own_secrets(&proxy("http://proxy:8080")).collect();
        assert_eq!(names, [&expected[..7], &expected[8..]].concat());
        let env = Env::from_iter([("ZSCALER_CLIENT_PROXY_HOST", "me:word@proxy")]);
        assert!(own_secrets(&env).any(|name| name == "ZSCALER_CLIENT_PROXY_HOST"));
    }

    #[test]
    fn every_setting_is_known_by_a_variable_of_its_own() {
        let mut variables: Vec<_> = descriptions().map(|row| row.variable).collect();
        variables.sort_unstable();
        variables.dedup();
        assert_eq!(variables.len(), SETTINGS.len());
        assert!(variables.iter().all(|name| name.starts_with("ZPAKEY_")));
    }
}
