//! `auth login`, `logout` and `token`, without a terminal; `status` and what needs a terminal are below.

mod keyring;
mod status;
mod terminal;

use std::os::unix::fs::PermissionsExt as _;

use snapbox::str;
use zpakey::sandbox::{Options, Tls};

use crate::support::{Run, Tenant};

/// The program in the tenant's home, told where the tenant is and nothing else.
fn away(tenant: &Tenant, arguments: &str) -> Run {
    let access = tenant.access();
    tenant
        .home()
        .zpakey(arguments)
        .env("ZPAKEY_API_URL", access.api_url.clone())
        .env("ZPAKEY_TOKEN_URL", access.token_url.clone())
}

/// The options that name the sandbox's API client; its secret is on standard input.
fn client(tenant: &Tenant) -> String {
    let access = tenant.access();
    format!("--client-id {} --customer-id {} --client-secret-file -", access.client_id, access.customer_id)
}

/// Signs in as the profile `lab`, with the secret in a file.
fn sign_in(tenant: &Tenant) {
    let line = format!("auth login --profile lab --keep file {}", client(tenant));
    away(tenant, &line).stdin(tenant.access().client_secret.clone()).run().code(0);
}

fn profiles(tenant: &Tenant) -> String {
    let text = std::fs::read_to_string(tenant.home().profile_file()).unwrap_or_default();
    text.replace(&tenant.access().api_url, "[API]")
}

// login

#[test]
fn login_tries_the_credential_and_then_saves_the_profile() {
    let tenant = Tenant::with_keys(["one", "two"]);
    let line = format!("auth login --profile lab --keep file {}", client(&tenant));
    let run = away(&tenant, &line).stdin(tenant.access().client_secret.clone()).run();
    run.code(0).has_no_secret().stdout_is(str![]).stderr_is(str![[r#"
✓ token issued by 127.0.0.1, valid 23 h 20 min
✓ the API answers for tenant 216199618143191040: connector 2 keys, service-edge 0 keys, np-assistant 0 keys, site-controller 0 keys, exporter 0 keys
✓ profile "lab" saved and active; the client secret is kept in ~/config/zpakey/lab.client_secret
next: zpakey list

"#]]);
    assert_eq!(
        profiles(&tenant),
        "active = \"lab\"\n\n[profiles.lab]\nclient_id = \"zpakey-sandbox-client\"\n\
         customer_id = \"216199618143191040\"\napi_url = \"[API]\"\ntoken_url = \"[API]/oauth2/v1/token\"\n\
         client_secret = \"file:lab.client_secret\"\n"
    );
    let kept = tenant.home().path().join("config/zpakey/lab.client_secret");
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    tenant.clear_requests();
    // Nothing but the home is needed from here on, and the token is the one that login got.
    tenant.home().zpakey("list -q").run().code(0).stdout_is(str![[r#"
38101
38102

"#]]);
    assert!(tenant.requests().iter().all(|request| request.has_authorization));
}

#[test]
fn nothing_is_saved_before_the_credential_has_worked() {
    let tenant = Tenant::standard();
    let line = format!("auth login --profile lab --keep file {} -o table", client(&tenant));
    away(&tenant, &line).stdin("wr0ng").run().code(3).lacks("wr0ng").stderr_is(str![[r#"
error: Zscaler rejected the credential (401 invalid_client)
  credential: from the options
  client id zpak…nt
  token endpoint http://127.0.0.1:[PORT]/oauth2/v1/token
  Client authentication failed.
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn a_credential_that_may_read_no_keys_is_not_saved() {
    let tenant = Tenant::standard();
    let body = serde_json::json!({"id": "access.denied", "reason": "Access denied"});
    tenant.set_faults(
        &serde_json::json!([{"contains": "/provisioningKey", "action": {"status": 401, "body": body}}]),
    );
    let line = format!("auth login --profile lab --keep file {}", client(&tenant));
    away(&tenant, &line).stdin(tenant.access().client_secret.clone()).run().code(3);
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn login_keeps_the_types_that_answer_where_the_usual_ones_do_not() {
    let tenant = Tenant::standard();
    let body = serde_json::json!({"id": "authz.featureflag.permission.denied", "reason": "off"});
    tenant.set_faults(&serde_json::json!([
        {"contains": "/SERVICE_EDGE_GRP/", "action": {"status": 401, "body": body}}
    ]));
    sign_in(&tenant);
    assert!(profiles(&tenant).contains("types = [\"connector\"]"), "{}", profiles(&tenant));
}

#[test]
fn without_a_terminal_all_that_is_missing_is_named_and_nothing_is_sent() {
    let tenant = Tenant::standard();
    tenant.home().zpakey("auth login -o table").run().code(2).stdout_is(str![]).stderr_is(str![[r#"
error: cannot sign in without: --vanity-domain, --customer-id, --client-id, --client-secret-file or --private-key-file
hint: at a terminal `zpakey auth login` asks

"#]]);
    tenant.home().zpakey("auth login --auth legacy -o table").run().code(2).stderr_is(str![[r#"
error: cannot sign in without: --customer-id, --client-id, --client-secret-file
hint: at a terminal `zpakey auth login` asks

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn answers_that_make_no_sense_are_refused_before_anything_is_sent() {
    let tenant = Tenant::standard();
    for (option, why) in [
        ("--customer-id acme", "--customer-id: an id is 1 to 32 digits"),
        ("--profile sandbox --client-id x", "the sandbox needs no signing in"),
        ("--profile a/b", "a profile's name has letters, digits, `.`, `-` and `_`"),
        ("--vanity-domain https://acme.zslogin.net/x", "not a vanity domain"),
        ("--cloud nowhere --vanity-domain acme", "there is no cloud named \"nowhere\""),
    ] {
        let line = format!("auth login --keep file {} {option}", client(&tenant));
        // A later option overrules an earlier one only where clap lets it.
        let line = if option.starts_with("--customer-id") {
            format!("auth login --keep file --client-id x --client-secret-file - {option}")
        } else if option.contains("--client-id") {
            format!("auth login --keep file --client-secret-file - {option}")
        } else {
            line
        };
        let run = if option.contains("vanity") {
            tenant.home().zpakey(line.as_str())
        } else {
            away(&tenant, &line)
        };
        run.stdin("s").run().code(2).stderr_has(why);
    }
    assert!(tenant.requests().is_empty());
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn without_a_keyring_and_without_a_word_on_it_nothing_is_sent() {
    let tenant = Tenant::standard();
    let line = format!("auth login --profile lab {} -o table", client(&tenant));
    let run = away(&tenant, &line).stdin(tenant.access().client_secret.clone()).run();
    run.code(2).has_no_secret().stderr_is(str![[r#"
error: could not keep the secret: there is no system keyring here: no D-Bus session bus
hint: --keep file keeps it in a file that only you can read, --keep nowhere does not keep it

"#]]);
    assert!(tenant.requests().is_empty());
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn a_secret_that_is_kept_nowhere_is_brought_in_a_variable_of_its_own() {
    let tenant = Tenant::with_keys(["one"]);
    let secret = tenant.access().client_secret.clone();
    let line = format!("auth login --profile my-lab --keep nowhere {}", client(&tenant));
    let run = away(&tenant, &line).env("CI", "1").stdin(secret.clone()).run();
    run.code(0).stderr_has(
        "warning: the client secret was not saved; set ZPAKEY_SECRET_MY_LAB before using this profile\n",
    );
    assert_eq!(tenant.home().files(), ["config/zpakey/config.toml"]);
    let list = |value: &str| tenant.home().zpakey("list -q").env("ZPAKEY_SECRET_MY_LAB", value).run();
    list(&secret).code(0).stdout_is(str![[r#"
38101

"#]]);
    tenant.home().zpakey("list -o table --token-cache off").run().code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "my-lab"): ZPAKEY_SECRET_MY_LAB is not set, or empty
hint: set ZPAKEY_SECRET_MY_LAB
hint: zpakey auth login --profile my-lab keeps it anew

"#]]);
}

#[test]
fn a_second_login_replaces_the_secret_and_keeps_what_else_is_in_the_file() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let file = tenant.home().profile_file();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        format!("{text}# mine\n[profiles.lab.defaults.connector]\ngroup = \"CI us-east-1\"\n"),
    )
    .unwrap();
    // The profile knows the rest.
    let run = tenant.home().zpakey("auth login --profile lab --keep file --client-secret-file -");
    run.stdin(tenant.access().client_secret.clone()).run().code(0);
    let text = profiles(&tenant);
    assert!(text.contains("# mine\n[profiles.lab.defaults.connector]"), "{text}");
    assert!(text.contains("client_id = \"zpakey-sandbox-client\""), "{text}");
}

#[test]
fn a_profile_file_that_cannot_be_written_is_found_out_before_the_secret_is_kept() {
    let tenant = Tenant::standard();
    let line = format!("auth login --profile lab --keep file {} -o table", client(&tenant));
    let run = away(&tenant, &line).env("ZPAKEY_CONFIG_FILE", "/proc/zpakey/config.toml");
    run.stdin(tenant.access().client_secret.clone())
        .run()
        .code(2)
        .stderr_has("could not write /proc/zpakey/config.toml");
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn the_way_that_was_typed_is_kept_with_the_profile() {
    let tenant = Tenant::with(Options { tls: Tls::On, ..Options::default() });
    let ca = tenant.access().ca_cert.clone().unwrap();
    let line = format!("auth login --cacert {} --keep file {}", ca.display(), client(&tenant));
    away(&tenant, &line).stdin(tenant.access().client_secret.clone()).run().code(0);
    assert!(profiles(&tenant).contains(&format!("cacert = \"{}\"", ca.display())), "{}", profiles(&tenant));
    tenant.home().zpakey("list").run().code(0);
}

#[test]
fn the_authority_of_a_variable_is_kept_and_said() {
    let tenant = Tenant::with(Options { tls: Tls::On, ..Options::default() });
    let ca = tenant.access().ca_cert.clone().unwrap().display().to_string();
    let line = format!("auth login --keep file {}", client(&tenant));
    let login = || away(&tenant, &line).stdin(tenant.access().client_secret.clone());
    let run = login().env("ZPAKEY_CACERT", &ca).run().code(0);
    run.stderr_has("kept in the profile: the CA file ").stderr_has(".pem from ZPAKEY_CACERT\n");
    assert!(profiles(&tenant).contains(&format!("cacert = \"{ca}\"")), "{}", profiles(&tenant));
    // Another shell has no such variable.
    tenant.home().zpakey("list").run().code(0);
    login().run().code(0).lacks("CA file");
    assert!(profiles(&tenant).contains("cacert"), "{}", profiles(&tenant));
}

#[test]
fn the_legacy_api_is_signed_in_to_with_its_own_endpoint() {
    let tenant = Tenant::with_keys(["one"]);
    let line = format!("auth login --auth legacy --keep file {}", client(&tenant));
    away(&tenant, &line).stdin(tenant.access().client_secret.clone()).run().code(0);
    assert!(profiles(&tenant).contains("auth = \"legacy\""), "{}", profiles(&tenant));
    let paths: Vec<String> = tenant.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths.first().map(String::as_str), Some("/signin"));
    tenant.home().zpakey("list -q").run().code(0).stdout_has("38101");
}

#[test]
fn the_sandbox_needs_no_signing_in() {
    let tenant = Tenant::standard();
    tenant.home().sandboxed("auth login -o table").run().code(2).stderr_is(str![[r#"
sandbox tenant, nothing real is touched
error: the sandbox needs no signing in
hint: `zpakey --sandbox list` tries it

"#]]);
}

// logout

#[test]
fn logout_removes_the_secret_and_the_token_and_keeps_the_rest_of_the_profile() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    tenant.home().zpakey("auth logout -o table").run().code(11).stderr_is(str![[r#"
error: will not sign out of profile lab without confirmation, and there is no terminal to ask on
hint: --yes signs out

"#]]);
    tenant.home().zpakey("auth logout --yes").run().code(0).stdout_is(str![]).stderr_is(str![[r#"
✓ signed out of profile lab: removed client secret in ~/config/zpakey/lab.client_secret, its token

"#]]);
    assert_eq!(tenant.home().files(), ["config/zpakey/config.toml"]);
    assert!(!profiles(&tenant).contains("client_secret"), "{}", profiles(&tenant));
    tenant.home().zpakey("list -o table").run().code(3).stderr_is(str![[r#"
error: not signed in
  looked at options, environment, and profile "lab" in ~/config/zpakey/config.toml
  missing: client secret or private key
hint: `zpakey auth login --profile lab` sets up a profile
hint: or say in [profiles.lab] where it is: client_secret = "env:NAME"
hint: `zpakey --sandbox list` tries everything without a tenant

"#]]);
    tenant.home().zpakey("auth logout").run().code(0).stderr_is(str![[r#"
profile lab is signed out already

"#]]);
}

#[test]
fn logout_leaves_what_somebody_else_keeps() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let home = tenant.home();
    home.write("mine", &tenant.access().client_secret.clone());
    let file = home.profile_file();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("file:lab.client_secret", home.work().join("mine").to_str().unwrap())
            .replace("client_secret = \"/", "client_secret = \"file:/"),
    )
    .unwrap();
    home.zpakey("auth logout --yes")
        .run()
        .code(0)
        .stderr_has("left where it is: the client secret in ~/work/mine");
    assert!(home.has("mine"));
}

#[test]
fn without_a_profile_and_a_credential_there_is_nothing_to_sign_out_of() {
    let tenant = Tenant::standard();
    tenant.home().zpakey("auth logout -o table").run().code(2).stderr_is(str![[r#"
error: there is no profile "default" to sign out of
hint: `zpakey profile list` shows the profiles

"#]]);
}

// token

#[test]
fn a_token_is_printed_only_where_it_is_asked_for() {
    let tenant = Tenant::standard();
    tenant.zpakey("auth token").run().code(11).has_no_secret().stdout_is(str![]).stderr_is(str![[r#"
error: will not print a token without confirmation, and there is no terminal to ask on
hint: zpakey auth token --out-file FILE writes it to a private file without printing it
hint: --yes prints it; into a pipe, never into a build log

"#]]);
    assert!(tenant.requests().is_empty());
    let printed = tenant.zpakey("auth token --yes").run().code(0).stderr_is(str![]).stdout;
    assert_eq!(printed.trim_end().split('.').count(), 3);
    assert!(printed.ends_with('\n'));
    // A form that is typed counts; one from the environment does not.
    tenant.zpakey("auth token --yes").env("ZPAKEY_OUTPUT", "json").run().code(0).stdout_is(printed.as_str());
    let json = tenant.zpakey("auth token --yes -o json").run().code(0).json();
    assert_eq!(json["access_token"], printed.trim_end());
    assert_eq!(json["token_type"], "Bearer");
    assert!(json["expires_at"].is_string());
    tenant.zpakey("auth token --yes --field access_token").run().code(0).stdout_is(printed.as_str());
}

#[test]
fn the_token_works_with_curl() {
    let tenant = Tenant::with_keys(["one"]);
    let access = tenant.access();
    let script = format!(
        "curl -s -H \"Authorization: Bearer $(\"$ZPAKEY\" auth token --yes)\" \
         {}/zpa/mgmtconfig/v1/admin/customers/{}/associationType/CONNECTOR_GRP/provisioningKey/38101",
        access.api_url, access.customer_id
    );
    let run = tenant.zpakey(["-c", script.as_str()]).through("/bin/sh").run().code(0);
    assert_eq!(run.json()["name"], "one");
}

#[test]
fn a_token_goes_into_a_private_file_without_being_shown() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("auth token --out-file token").run().code(0).has_no_secret();
    run.stdout_is(str![]).stderr_is(str![[r#"
✓ wrote token (0600, valid 23 h 20 min)

"#]]);
    assert_eq!(tenant.home().mode("token"), 0o600);
    assert_eq!(tenant.home().read("token").split('.').count(), 3);
    tenant.zpakey("auth token --out-file token -o table").run().code(2).stderr_has("--force replaces it");
}

#[test]
fn no_other_answer_has_a_token() {
    let tenant = Tenant::standard();
    tenant.zpakey("list --field access_token -o table").run().code(2).stderr_is(str![[r#"
error: `access_token` is secret and not part of this answer
hint: zpakey auth token

"#]]);
}
