//! The sweep over every kind of credential: private keys, secrets from every place, tokens from outside, and the
//! password of a proxy. The commands are fewer than in the sweep over commands, and so are the formats: what is
//! crossed here is each kind of credential with each way to fail that it has.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::{Arc, LazyLock},
};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, SECRET_MARKER, Tls};

use super::{
    InAnswer, Nowhere, Seen, Shows, assert_no_leaks, here::run_here_with, searcher::Searcher, sweep,
};
use crate::support::{
    ProxyServer, Tenant,
    certificates::{SIGNING_KEY, elliptic_key_pem},
};

/// What each kind of credential is tried with.
const COMMANDS: [(&str, Shows); 9] = [
    ("list", Nowhere),
    ("get demo", Nowhere),
    ("create new-{n} --type connector --group 'AWS us-east-1' --max-usage 3", Nowhere),
    ("delete demo --dry-run", Nowhere),
    ("reveal demo --yes", InAnswer),
    ("auth status", Nowhere),
    ("auth token --yes", InAnswer),
    ("profile list", Nowhere),
    ("doctor --online", Nowhere),
];

const FORMATS: [&str; 4] = ["-o table -vvv", "-o json -v", "-o yaml", "-q"];

/// The format of an ordinary run of the tests: the one that says most on standard error.
const FEW_FORMATS: [&str; 1] = ["-o table -vvv"];

/// A proxy's password, as it is; it has what an address must encode.
const PASSWORD: &str = "NotARealSecret@proxy/1";
const ENCODED_PASSWORD: &str = "NotARealSecret%40proxy%2F1";

/// How a kind of credential is given: variables, options, and files that it needs.
struct Kind {
    name: &'static str,
    variables: Vec<(&'static str, String)>,
    options: String,
    files: Vec<(&'static str, String)>,
    mode: u32,
}

impl Kind {
    fn new(name: &'static str, variables: &[(&'static str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { name, variables, options: String::new(), files: Vec::new(), mode: 0o600 }
    }

    fn options(self, options: &str) -> Self {
        Self { options: options.to_owned(), ..self }
    }

    fn also(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// Others can read and write its files.
    fn open(self) -> Self {
        Self { mode: 0o666, ..self }
    }

    fn file(mut self, name: &'static str, text: &str) -> Self {
        self.files.push((name, text.to_owned()));
        self
    }

    /// With a profile of these lines besides.
    fn profile(self, lines: &str) -> Self {
        let text =
            format!("active = 'prod'\n[profiles.prod]\nclient_id = 'zpakey-sandbox-client'\n{lines}\n");
        self.also("ZPAKEY_CONFIG_FILE", "{home}/work/given-profiles.toml").file("given-profiles.toml", &text)
    }

    /// Puts its files into a home, and returns its variables and options.
    fn place(&self, tenant: &Tenant) -> (Vec<(&'static str, String)>, String) {
        let home = tenant.home().path().to_str().unwrap();
        for (name, text) in &self.files {
            tenant.home().write(name, &text.replace("{home}", home));
            let file = tenant.home().work().join(name);
            fs::set_permissions(file, fs::Permissions::from_mode(self.mode)).unwrap();
        }
        let variables = self.variables.iter().map(|(name, value)| (*name, value.replace("{home}", home)));
        (variables.collect(), self.options.replace("{home}", home))
    }
}

fn base64_of(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

/// The key on an elliptic curve that is tried.
static ELLIPTIC_KEY: LazyLock<String> = LazyLock::new(elliptic_key_pem);

/// Looks for each secret that is given here.
static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| with_keys(Searcher::new(SECRET_MARKER)));

/// Looks for what no command shows, whatever was asked.
static KEYS: LazyLock<Searcher> = LazyLock::new(|| with_keys(Searcher::new("-----BEGIN")));

fn with_keys(searcher: Searcher) -> Searcher {
    let elliptic = ELLIPTIC_KEY.lines().filter(|line| line.len() == 64);
    // The header of an assertion: whoever has one signs in.
    let assertion = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9";
    let searcher = elliptic.fold(searcher.and(assertion), Searcher::and);
    searcher.and_key(&SIGNING_KEY.pkcs8_pem).and_key(&SIGNING_KEY.pkcs1_pem)
}

/// The same key, as people put it into variables that take one line.
static FLAT_KEY: LazyLock<String> =
    LazyLock::new(|| SIGNING_KEY.pkcs8_pem.lines().filter(|line| !line.starts_with('-')).collect());

const CLIENT: (&str, &str) = ("ZSCALER_CLIENT_ID", "zpakey-sandbox-client");

/// Credentials that sign in.
fn good_kinds(secret: &str) -> Vec<Kind> {
    let (pkcs8, pkcs1) = (SIGNING_KEY.pkcs8_pem.as_str(), SIGNING_KEY.pkcs1_pem.as_str());
    let kind = Kind::new;
    vec![
        kind("key as text", &[CLIENT, ("ZSCALER_PRIVATE_KEY", pkcs8)]),
        kind("key on one line", &[CLIENT, ("ZPAKEY_PRIVATE_KEY", &pkcs1.replace('\n', "\\n"))]),
        kind("key encoded once more", &[CLIENT, ("ZSCALER_PRIVATE_KEY", &base64_of(pkcs8))]),
        kind("key in a file", &[])
            .options("--client-id zpakey-sandbox-client --private-key-file {home}/work/given-key.pem")
            .file("given-key.pem", pkcs1),
        kind("key in a profile", &[]).profile(&format!("private_key = '''\n{pkcs8}'''")),
        kind("key by a program", &[])
            .profile("private_key = { cmd = ['cat', '{home}/work/given-key.pem'] }")
            .file("given-key.pem", pkcs8),
        kind("secret in a file", &[])
            .profile("client_secret = 'file:given-secret'")
            .file("given-secret", secret),
        kind("secret in a variable", &[("GIVEN", secret)]).profile("client_secret = 'env:GIVEN'"),
        kind("secret in a profile", &[]).profile(&format!("client_secret = '{secret}'")),
        kind("secret in an option's file", &[])
            .options("--client-id zpakey-sandbox-client --client-secret-file {home}/work/given-secret")
            .file("given-secret", secret),
        kind(
            "secret of the legacy API",
            &[
                ("ZPAKEY_AUTH", "legacy"),
                ("ZPA_CLIENT_ID", "zpakey-sandbox-client"),
                ("ZPA_CLIENT_SECRET", secret),
            ],
        ),
    ]
}

/// Credentials that cannot be used, each for another reason; nothing of them is quoted.
fn bad_kinds(secret: &str) -> Vec<Kind> {
    let key = SIGNING_KEY.pkcs8_pem.as_str();
    let half = key.lines().take(14).collect::<Vec<_>>().join("\n");
    let kind = |name, key: &str| Kind::new(name, &[CLIENT, ("ZSCALER_PRIVATE_KEY", key)]);
    let typed = |name, key: &str| Kind {
        options: format!("--client-id a '--private-key-file={key}'"),
        ..Kind::new(name, &[])
    };
    let body: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    let labelled =
        |label: &str| format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", body.join("\n"));
    vec![
        kind("key cut short", &half),
        kind("key called encrypted", &labelled("ENCRYPTED PRIVATE KEY")),
        kind("key called public", &labelled("PUBLIC KEY")),
        kind("key called elliptic", &labelled("EC PRIVATE KEY")),
        kind("key called something", &labelled("SECRET THING")),
        kind("key in JSON", &format!("{{\"key\":\"{}\"}}", FLAT_KEY.as_str())),
        kind("elliptic key", &ELLIPTIC_KEY),
        kind("key and secret", key).also("ZSCALER_CLIENT_SECRET", secret),
        kind("key of the legacy API", key)
            .also("ZPAKEY_AUTH", "legacy")
            .options("--private-key-file {home}/work/given-key.pem")
            .file("given-key.pem", key),
        typed("key that is typed", key),
        typed("key that is typed without its lines", &FLAT_KEY),
        Kind::new("key in place of a path", &[CLIENT])
            .profile(&format!("private_key = 'file:{}'", FLAT_KEY.as_str())),
        Kind::new("secret in place of a path", &[CLIENT])
            .profile(&format!("client_secret = 'file:{}'", base64_of(key))),
        Kind::new("secret of another kind", &[]).profile(&format!("client_secret = ['{secret}']")),
        Kind::new("secret under a wrong name", &[]).profile(&format!("client_secrets = '{secret}'")),
        Kind::new("secret from two sources", &[CLIENT]).profile(&format!("client_secret = '{secret}'")),
        Kind::new("secret that others can write", &[]).profile(&format!("client_secret = '{secret}'")).open(),
        Kind::new("secret by a program that fails", &[])
            .profile(&format!("client_secret = {{ cmd = ['sh', '-c', 'echo {secret}; false'] }}")),
        Kind::new("broken profiles", &[]).profile(&format!("client_secret = '{secret}")),
        Kind::new("wrong secret", &[CLIENT, ("ZSCALER_CLIENT_SECRET", &format!("{SECRET_MARKER}-wrong"))]),
        Kind::new("token that is none", &[("ZPAKEY_ACCESS_TOKEN", &format!("{SECRET_MARKER} \n x"))]),
        Kind::new("token that is not good", &[("ZPAKEY_ACCESS_TOKEN", &format!("{SECRET_MARKER}-old"))]),
        Kind::new(
            "address with a password",
            &[
                CLIENT,
                ("ZSCALER_CLIENT_SECRET", secret),
                ("ZPAKEY_API_URL", &format!("https://me:{SECRET_MARKER}@127.0.0.1:9")),
            ],
        ),
    ]
}

/// Ways in which the API and the token endpoint fail. Both may quote what they were sent: the secret, where it was.
fn modes(secret: &str) -> Vec<(&'static str, Value)> {
    let gateway =
        json!({"status": 401, "body": {"detail": "unauthorized", "type": "", "title": "", "status": ""}});
    let words = format!("'{secret}' and eyJhbGciOiJIUzI1NiJ9.{SECRET_MARKER}.c2ln");
    let quoting =
        |status: u16| json!({"status": status, "body": {"id": secret, "reason": words, "params": [secret]}});
    let page = json!({"status": 403, "body": format!("<html>{words}</html>")});
    let api = |action: &Value| json!([{"contains": "/mgmtconfig/", "action": action}]);
    let sign_in = |action: &Value| json!([{"contains": "/oauth2/", "action": action}, {"contains": "/signin", "action": action}]);
    vec![
        ("well", json!([])),
        ("401", api(&gateway)),
        ("quoting", api(&quoting(400))),
        ("sign-in", sign_in(&quoting(401))),
        ("page", sign_in(&page)),
        ("unreadable", sign_in(&json!("unreadable"))),
    ]
}

fn tenant(tls: Tls) -> Tenant {
    let seed = json!({"keys": [{"name": "demo"}], "public_key_pem": SIGNING_KEY.public_key_pem});
    Tenant::with(Options { tls, contents: Contents::Seed(seed), ..Options::default() })
}

/// Runs every command with a kind of credential.
fn every_command(tenant: &Tenant, kind: &Kind, mode: &str, formats: &[&str]) -> Seen {
    let (variables, options) = kind.place(tenant);
    let mut seen = Seen::default();
    for (line, shows) in COMMANDS {
        for (number, format) in formats.iter().enumerate() {
            let line = line.replace("{n}", &number.to_string());
            let title = format!("{}, {mode}: zpakey {line} {format}", kind.name);
            let line = format!("{line} {format} --max-wait 0s {options}");
            let written = run_here_with(tenant, &line, &variables);
            seen.look(&SEARCHER, &written, shows, &title);
            // What an answer shows is a key value or a token, and nothing that was signed in with.
            if shows == InAnswer
                && let Some(form) = KEYS.find(&written.stdout)
            {
                seen.leaks.push(format!("{title}: stdout, {form}"));
            }
        }
    }
    seen.search_files(&SEARCHER, tenant.home().path(), kind.name);
    seen
}

fn client_secret() -> String {
    tenant(Tls::Off).access().client_secret.clone()
}

fn sweep_good_kinds(formats: &[&str]) -> Seen {
    let secret = client_secret();
    let mut all = Vec::new();
    for kind in good_kinds(&secret) {
        let kind = Arc::new(kind);
        let sent = if kind.name.starts_with("key") { "nothing" } else { &secret };
        all.extend(modes(sent).into_iter().map(|mode| (Arc::clone(&kind), mode)));
    }
    let seen = sweep(&all, |(kind, (name, faults))| {
        let tenant = tenant(Tls::Off);
        tenant.set_faults(faults);
        every_command(&tenant, kind, name, formats)
    });
    assert_no_leaks(&seen);
    let codes: Vec<u8> = seen.codes.keys().copied().collect();
    assert_eq!(codes, [0, 3, 5]);
    seen
}

// A sweep that stops exploring fails by these counts, and so does one that would not see a secret.

#[test]
fn no_credential_that_is_good_leaks_whatever_is_answered() {
    let seen = sweep_good_kinds(&FEW_FORMATS);
    assert_eq!((seen.runs, seen.shown, seen.tokens), (594, 44, 33));
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn no_credential_that_is_good_leaks_in_any_format_whatever_is_answered() {
    let seen = sweep_good_kinds(&FORMATS);
    assert_eq!((seen.runs, seen.shown, seen.tokens), (2_376, 165, 33));
}

fn sweep_bad_kinds(formats: &[&str]) -> Seen {
    let kinds = bad_kinds(&client_secret());
    let seen = sweep(&kinds, |kind| every_command(&tenant(Tls::Off), kind, "well", formats));
    assert_no_leaks(&seen);
    let codes: Vec<u8> = seen.codes.keys().copied().collect();
    assert_eq!(codes, [0, 2, 3]);
    seen
}

#[test]
fn no_credential_that_is_bad_leaks() {
    let seen = sweep_bad_kinds(&FEW_FORMATS);
    assert_eq!((seen.runs, seen.shown), (207, 1));
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn no_credential_that_is_bad_leaks_in_any_format() {
    let seen = sweep_bad_kinds(&FORMATS);
    assert_eq!((seen.runs, seen.shown), (828, 4));
}

/// A proxy before a tenant that speaks TLS, or something in its place.
fn proxy_kinds(tenant: &Tenant, proxy: &ProxyServer, rude: &ProxyServer) -> Vec<Kind> {
    let access = tenant.access();
    let authority = access.ca_cert.as_ref().unwrap().display().to_string();
    let guest = format!("me:{ENCODED_PASSWORD}");
    let kind = |name, address: &str| {
        let credential = [CLIENT, ("ZSCALER_CLIENT_SECRET", access.client_secret.as_str())];
        Kind::new(name, &credential)
            .also("ZPAKEY_PROXY", address)
            .also("ZPAKEY_CACERT", &authority)
            .also("ZPAKEY_TOKEN_CACHE", "off")
    };
    vec![
        kind("proxy", &proxy.url_for(&guest)),
        kind("wrong password", &proxy.url_for(&format!("me:{SECRET_MARKER}-wrong"))),
        kind("rude proxy", &rude.url_for(&guest)),
        kind("no proxy there", &format!("http://{guest}@127.0.0.1:9")),
        kind("no proxy of that name", &format!("http://{guest}@{}.invalid:8080", "proxy".repeat(13))),
        kind("no address of a proxy", &format!("ftp://{guest}@127.0.0.1")),
        kind("untrusted", &proxy.url_for(&guest)).also("ZPAKEY_CACERT", ""),
    ]
}

fn sweep_proxies(formats: &[&str]) -> Seen {
    let tenant = tenant(Tls::On);
    let upstream = tenant.access().api_url.trim_start_matches("https://").parse().unwrap();
    let proxy = ProxyServer::asking(upstream, &format!("me:{PASSWORD}"));
    let rude = ProxyServer::telling("HTTP/1.1 403 NotARealSecret\r\nx: NotARealSecret\r\n\r\nNotARealSecret");
    let kinds = proxy_kinds(&tenant, &proxy, &rude);
    let seen = sweep(&kinds, |kind| every_command(&tenant, kind, "well", formats));
    assert_no_leaks(&seen);
    let codes: Vec<u8> = seen.codes.keys().copied().collect();
    assert_eq!(codes, [0, 2, 10]);
    // The proxy was told the password, and another one.
    let told = |guest: &str| proxy.seen().iter().filter(|seen| seen.ends_with(guest)).count();
    assert!(told(&format!("me:{PASSWORD}")) > 5 && told("-wrong") > 1);
    seen
}

#[test]
fn no_password_of_a_proxy_leaks() {
    let seen = sweep_proxies(&FEW_FORMATS);
    assert_eq!((seen.runs, seen.shown), (63, 2));
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn no_password_of_a_proxy_leaks_in_any_format() {
    let seen = sweep_proxies(&FORMATS);
    assert_eq!((seen.runs, seen.shown), (252, 7));
}
