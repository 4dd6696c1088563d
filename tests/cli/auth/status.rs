//! `auth status`: golden for each source.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::fmt::Write as _;

use snapbox::str;

use super::sign_in;
use crate::support::{Home, Run, Tenant};

/// The status as JSON, with a line for each field.
fn status(run: Run, code: i32) -> String {
    let run = run.run().code(code).has_no_secret();
    let mut lines = String::new();
    for (field, value) in run.json().as_object().unwrap() {
        let value = match field.as_str() {
            // They differ from run to run.
            "token_expires_at" | "token_seconds_left" if !value.is_null() => "[TIME]".to_owned(),
            _ => value.to_string(),
        };
        writeln!(lines, "{field}: {value}").unwrap();
    }
    lines
}

#[track_caller]
fn golden(home: &Home, actual: &str, expected: impl snapbox::IntoData) {
    crate::support::assert_is(&crate::support::steady(actual, home.path()), expected);
}

fn credentials(home: &Home) -> Run {
    home.zpakey("auth status").env("ZPA_CUSTOMER_ID", "216")
}

#[test]
fn from_the_vendors_variables() {
    let home = Home::new();
    let run = credentials(&home)
        .env("ZSCALER_CLIENT_ID", "b7c1f0e9")
        .env("ZSCALER_CLIENT_SECRET", "s3cret")
        .env("ZSCALER_VANITY_DOMAIN", "acme");
    golden(
        &home,
        &status(run, 0),
        str![[r#"
profile: null
active: true
usable: null
problem: null
customer_id: "216"
microtenant: null
auth: "oneapi"
method: "client_secret"
client_id: "b7c1f0e9"
client_secret: "set"
private_key: "not_set"
secret_kept_in: "variable ZSCALER_CLIENT_SECRET"
vanity_domain: "acme"
cloud: "production"
api_url: "https://api.zsapi.net"
token_url: "https://acme.zslogin.net/oauth2/v1/token"
proxy: null
token_kept_in: "~/state/zpakey/tokens"
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"the default","client_id":"ZSCALER_CLIENT_ID","client_secret":"ZSCALER_CLIENT_SECRET","cloud":"the default","customer_id":"ZPA_CUSTOMER_ID","vanity_domain":"ZSCALER_VANITY_DOMAIN"}

"#]],
    );
}

#[test]
fn from_the_variables_of_the_legacy_api() {
    let home = Home::new();
    let run = credentials(&home)
        .env("ZSCALER_USE_LEGACY_CLIENT", "true")
        .env("ZPA_CLIENT_ID", "b7c1f0e9")
        .env("ZPA_CLIENT_SECRET", "s3cret")
        .env("ZPA_CLOUD", "GOVUS");
    golden(
        &home,
        &status(run, 0),
        str![[r#"
profile: null
active: true
usable: null
problem: null
customer_id: "216"
microtenant: null
auth: "legacy"
method: "client_secret"
client_id: "b7c1f0e9"
client_secret: "set"
private_key: "not_set"
secret_kept_in: "variable ZPA_CLIENT_SECRET"
vanity_domain: null
cloud: "GOVUS"
api_url: "https://config.zpagov.us"
token_url: "https://config.zpagov.us/signin"
proxy: null
token_kept_in: "~/state/zpakey/tokens"
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"ZSCALER_USE_LEGACY_CLIENT","client_id":"ZPA_CLIENT_ID","client_secret":"ZPA_CLIENT_SECRET","cloud":"ZPA_CLOUD","customer_id":"ZPA_CUSTOMER_ID"}

"#]],
    );
}

#[test]
fn from_options() {
    let home = Home::new();
    home.write("secret", "s3cret\n");
    let line = "auth status --client-id b7c1f0e9 --client-secret-file secret --vanity-domain acme \
                --customer-id 216 --cloud beta --microtenant Branches";
    golden(
        &home,
        &status(home.zpakey(line), 0),
        str![[r#"
profile: null
active: true
usable: null
problem: null
customer_id: "216"
microtenant: "Branches"
auth: "oneapi"
method: "client_secret"
client_id: "b7c1f0e9"
client_secret: "set"
private_key: "not_set"
secret_kept_in: "--client-secret-file"
vanity_domain: "acme"
cloud: "beta"
api_url: "https://api.beta.zsapi.net"
token_url: "https://acme.zsloginbeta.net/oauth2/v1/token"
proxy: null
token_kept_in: "~/state/zpakey/tokens"
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"the default","client_id":"--client-id","client_secret":"--client-secret-file","cloud":"--cloud","customer_id":"--customer-id","microtenant":"--microtenant","vanity_domain":"--vanity-domain"}

"#]],
    );
}

#[test]
fn from_a_token_that_somebody_else_got() {
    let home = Home::new();
    let run = credentials(&home).env("ZPAKEY_ACCESS_TOKEN", "t0ken");
    golden(
        &home,
        &status(run, 0),
        str![[r#"
profile: null
active: true
usable: null
problem: null
customer_id: "216"
microtenant: null
auth: "oneapi"
method: "access_token"
client_id: null
client_secret: "not_set"
private_key: "not_set"
secret_kept_in: null
vanity_domain: null
cloud: "production"
api_url: "https://api.zsapi.net"
token_url: null
proxy: null
token_kept_in: null
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"access_token":"ZPAKEY_ACCESS_TOKEN","auth":"the default","cloud":"the default","customer_id":"ZPA_CUSTOMER_ID"}

"#]],
    );
}

#[test]
fn from_a_profile_that_login_made() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    golden(
        tenant.home(),
        &status(tenant.home().zpakey("auth status"), 0),
        str![[r#"
profile: "lab"
active: true
usable: true
problem: null
customer_id: "216199618143191040"
microtenant: null
auth: "oneapi"
method: "client_secret"
client_id: "zpakey-sandbox-client"
client_secret: "set"
private_key: "not_set"
secret_kept_in: "~/config/zpakey/lab.client_secret"
vanity_domain: null
cloud: "production"
api_url: "http://127.0.0.1:[PORT]"
token_url: "http://127.0.0.1:[PORT]/oauth2/v1/token"
proxy: null
token_kept_in: "~/state/zpakey/tokens"
token_expires_at: [TIME]
token_seconds_left: [TIME]
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"api_url":"profile \"lab\"","auth":"the default","client_id":"profile \"lab\"","client_secret":"profile \"lab\"","cloud":"the default","customer_id":"profile \"lab\"","token_url":"profile \"lab\""}

"#]],
    );
}

#[test]
fn from_the_file_that_the_vendors_sdks_read() {
    let home = Home::new();
    let directory = home.path().join(".zscaler");
    std::fs::create_dir(&directory).unwrap();
    let file = directory.join("zscaler.yaml");
    std::fs::write(&file, "zscaler:\n  client:\n    clientId: b7c1f0e9\n    clientSecret: s3cret\n    vanityDomain: acme\n    customerId: 216\n").unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    golden(
        &home,
        &status(home.zpakey("auth status"), 0),
        str![[r#"
profile: null
active: true
usable: null
problem: null
customer_id: "216"
microtenant: null
auth: "oneapi"
method: "client_secret"
client_id: "b7c1f0e9"
client_secret: "set"
private_key: "not_set"
secret_kept_in: "~/.zscaler/zscaler.yaml"
vanity_domain: "acme"
cloud: "production"
api_url: "https://api.zsapi.net"
token_url: "https://acme.zslogin.net/oauth2/v1/token"
proxy: null
token_kept_in: "~/state/zpakey/tokens"
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"the default","client_id":"~/.zscaler/zscaler.yaml","client_secret":"~/.zscaler/zscaler.yaml","cloud":"the default","customer_id":"~/.zscaler/zscaler.yaml","vanity_domain":"~/.zscaler/zscaler.yaml"}

"#]],
    );
}

#[test]
fn a_private_key_is_set_where_it_can_sign() {
    let home = Home::new();
    let with = |key: &str| {
        credentials(&home)
            .env("ZSCALER_CLIENT_ID", "b7c1f0e9")
            .env("ZSCALER_VANITY_DOMAIN", "acme")
            .env("ZSCALER_PRIVATE_KEY", key)
    };
    golden(
        &home,
        &status(with("-----BEGIN PRIVATE KEY-----\nnot base64\n"), 3),
        str![[r#"
profile: null
active: true
usable: false
problem: "the private key cannot be read: it is not a whole PEM of a PKCS#1 or PKCS#8 key (ZSCALER_PRIVATE_KEY)"
customer_id: "216"
microtenant: null
auth: "oneapi"
method: "private_key"
client_id: "b7c1f0e9"
client_secret: "not_set"
private_key: "not_set"
secret_kept_in: "variable ZSCALER_PRIVATE_KEY"
vanity_domain: "acme"
cloud: "production"
api_url: "https://api.zsapi.net"
token_url: "https://acme.zslogin.net/oauth2/v1/token"
proxy: null
token_kept_in: "~/state/zpakey/tokens"
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"the default","client_id":"ZSCALER_CLIENT_ID","cloud":"the default","customer_id":"ZPA_CUSTOMER_ID","private_key":"ZSCALER_PRIVATE_KEY","vanity_domain":"ZSCALER_VANITY_DOMAIN"}

"#]],
    );
}

#[test]
fn nothing_at_all_is_exit_3_with_what_is_missing() {
    let home = Home::new();
    golden(
        &home,
        &status(home.zpakey("auth status"), 3),
        str![[r#"
profile: null
active: true
usable: false
problem: "missing: client id, client secret or private key, vanity domain, customer id"
customer_id: null
microtenant: null
auth: "oneapi"
method: null
client_id: null
client_secret: "not_set"
private_key: "not_set"
secret_kept_in: null
vanity_domain: null
cloud: "production"
api_url: null
token_url: null
proxy: null
token_kept_in: null
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"the default","cloud":"the default"}

"#]],
    );
}

#[test]
fn the_sandbox_is_always_usable() {
    let home = Home::new();
    golden(
        &home,
        &status(home.sandboxed("auth status"), 0),
        str![[r#"
profile: "sandbox"
active: true
usable: true
problem: null
customer_id: null
microtenant: null
auth: "oneapi"
method: null
client_id: null
client_secret: "not_set"
private_key: "not_set"
secret_kept_in: null
vanity_domain: null
cloud: "production"
api_url: null
token_url: null
proxy: null
token_kept_in: null
token_expires_at: null
token_seconds_left: null
types: ["CONNECTOR_GRP","SERVICE_EDGE_GRP"]
origins: {"auth":"the default","cloud":"the default"}

"#]],
    );
}

#[test]
fn at_a_terminal_it_is_a_card() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let mut terminal = tenant.home().zpakey("auth status").terminal();
    assert_eq!(terminal.exit_code(), 0);
    crate::support::assert_is(
        &terminal.steady_screen(),
        str![[r#"
Profile      lab · active
Tenant       216199618143191040 · profile "lab"
Sign-in      OneAPI, client secret · the default
Client id    zpakey-sandbox-client · profile "lab"
Secret       client secret set · ~/config/zpakey/lab.client_secret
Cloud        production · the default
API          http://127.0.0.1:[PORT] · profile "lab"
Tokens from  http://127.0.0.1:[PORT]/oauth2/v1/token · profile "lab"
Token        valid 23 h 20 min · ~/state/zpakey/tokens
Types        connector service-edge
Usable       yes

"#]],
    );
}

#[test]
fn all_profiles_are_shown_and_no_program_is_run_for_those_that_are_not_used() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let home = tenant.home();
    let file = home.profile_file();
    let text = std::fs::read_to_string(&file).unwrap();
    let more = "[profiles.vault]\nclient_id = 'b7c1'\nvanity_domain = 'acme'\ncustomer_id = '217'\n\
                client_secret = { cmd = ['touch', 'ran'] }\n[profiles.half]\nclient_id = 'c'\ncustomer_id = '218'\n";
    std::fs::write(&file, format!("{text}{more}")).unwrap();
    let run = home.zpakey("auth status --all -o csv --columns profile,active,usable,customer_id,client_secret,secret_kept_in,problem");
    run.run().code(0).stdout_is(str![[r#"
profile,active,usable,customer_id,client_secret,secret_kept_in,problem
lab,true,true,216199618143191040,set,~/config/zpakey/lab.client_secret,
half,false,false,218,not_set,,"missing: client secret or private key, vanity domain"
vault,false,,217,unknown,what `touch` prints,

"#]]);
    assert!(!home.has("ran"));
    // The one that is used is another matter: every command would run it.
    home.zpakey("auth status --profile vault -o table").run().code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "vault"): `touch` printed nothing
hint: run it by hand: it must print the secret and end with 0

"#]]);
    assert!(home.has("ran"));
}

#[test]
fn a_broken_profile_file_is_said() {
    let home = Home::new();
    home.write_profiles("not = [toml");
    home.zpakey("auth status -o table").run().code(2).stdout_is(str![]).stderr_has("does not parse");
}

#[test]
fn the_proxy_is_shown_with_its_source_and_without_its_password() {
    let home = Home::new();
    let run =
        home.zpakey("auth status -o json").env("HTTPS_PROXY", "http://me:s3cret@proxy.example.net:3128");
    let view = run.run().lacks("s3cret").json();
    assert_eq!(view["proxy"], "http://proxy.example.net:3128");
    assert_eq!(view["origins"]["proxy"], "HTTPS_PROXY");
    let run = home.zpakey("auth status -o table").env("ZSCALER_CLIENT_PROXY_HOST", "proxy.example.net");
    run.run().stdout_has("Proxy        http://proxy.example.net");
}
