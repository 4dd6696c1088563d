//! Signing in at a real terminal.

use std::{thread, time::Duration};

use snapbox::str;

use super::{away, client, profiles, sign_in};
use crate::support::{Tenant, Terminal, assert_is};

/// An arrow key.
const DOWN: &str = "\x1b[B";

/// Answers the questions up to the secret.
fn up_to_the_secret(tenant: &Tenant) -> Terminal {
    let mut terminal = away(tenant, "auth login").window(100, 40).terminal();
    terminal.expect("? Profile name [default] ");
    terminal.type_line("sandbox");
    terminal.expect("that name is the sandbox's");
    terminal.expect("? Profile name [default] ");
    terminal.type_line("prod");
    terminal.expect("? Sign in through");
    terminal.expect("legacy ZPA API");
    terminal.press("\r");
    terminal.expect("? ZPA customer id ");
    terminal.type_line("acme");
    terminal.expect("? ZPA customer id ");
    terminal.type_line(&tenant.access().customer_id.clone());
    terminal.expect("? Client id ");
    terminal.type_line(&tenant.access().client_id.clone());
    terminal.expect("? Authenticate with");
    terminal.expect("private key file");
    terminal.press("\r");
    terminal.expect("? Client secret (not shown) ");
    terminal
}

#[test]
fn login_asks_for_all_it_needs_and_never_shows_the_secret() {
    let tenant = Tenant::with_keys(["one"]);
    let mut terminal = up_to_the_secret(&tenant);
    terminal.type_line(&tenant.access().client_secret.clone());
    terminal.expect("? Keep the secret in");
    terminal.expect("nowhere");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    let screen = terminal.raw();
    assert!(!screen.contains(zpakey::sandbox::SECRET_MARKER), "the secret was on the screen");
    let last: Vec<&str> = screen.lines().rev().take(2).collect();
    assert!(last.iter().any(|line| line.contains("profile \"prod\" saved and active")), "{last:?}");
    assert!(
        profiles(&tenant).contains("client_secret = \"file:prod.client_secret\""),
        "{}",
        profiles(&tenant)
    );
    tenant.home().zpakey("list -q").run().code(0).stdout_is(str![[r#"
38101

"#]]);
}

#[test]
fn ctrl_c_at_the_secret_gives_the_echo_back_and_saves_nothing() {
    let tenant = Tenant::standard();
    let script = "trap : INT; \"$ZPAKEY\" auth login --profile lab --auth oneapi --client-id x --customer-id 216; echo code $?; stty -a | grep -o -- '-*echo '";
    let mut terminal = tenant
        .home()
        .zpakey(["-c", script])
        .through("/bin/sh")
        .env("ZPAKEY_API_URL", tenant.access().api_url.clone())
        .env("ZPAKEY_TOKEN_URL", tenant.access().token_url.clone())
        .terminal();
    terminal.expect("? Authenticate with");
    terminal.expect("private key file");
    terminal.press("\r");
    terminal.expect("? Client secret (not shown) ");
    terminal.interrupt();
    terminal.expect("code 130");
    let modes = terminal.expect("echo ");
    assert!(!modes.ends_with('-'), "the echo is off: {modes}");
    terminal.exit_code();
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn the_end_of_input_at_the_secret_is_no_answer() {
    let tenant = Tenant::standard();
    let mut terminal = up_to_the_secret(&tenant);
    terminal.end_input();
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.home().files(), [""; 0]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_wrong_secret_saves_nothing() {
    let tenant = Tenant::standard();
    let mut terminal = up_to_the_secret(&tenant);
    terminal.type_line("wr0ng");
    terminal.expect("? ZPA customer id [");
    terminal.press("\x1b");
    assert_eq!(terminal.exit_code(), 11);
    assert!(!terminal.raw().contains("wr0ng"));
    assert_eq!(tenant.home().files(), [""; 0]);
}

#[test]
fn a_credential_that_is_refused_is_asked_for_again_with_what_was_answered() {
    let tenant = Tenant::standard();
    let mut terminal = up_to_the_secret(&tenant);
    terminal.type_line("wr0ng");
    let said = terminal.expect("? ZPA customer id [216199618143191040] ");
    assert!(
        said.contains("error: Zscaler rejected the credential")
            && said.contains("credential: typed at the prompt"),
        "{said}"
    );
    terminal.type_line("");
    terminal.expect("? Client id [zpakey-sandbox-client] ");
    terminal.type_line("");
    terminal.expect("private key file");
    terminal.press("\r");
    terminal.expect("? Client secret (not shown) ");
    terminal.type_line(&tenant.access().client_secret.clone());
    terminal.expect("nowhere");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.raw().contains("wr0ng") && !terminal.raw().contains(zpakey::sandbox::SECRET_MARKER));
    assert!(
        profiles(&tenant).contains("client_secret = \"file:prod.client_secret\""),
        "{}",
        profiles(&tenant)
    );
}

#[test]
fn the_cloud_and_the_private_key_are_offered_again() {
    let tenant = Tenant::standard();
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem();
    tenant.home().write("key.pem", &key);
    // The host of a cloud would be asked for keys only by a credential that is good, and only by way of this proxy.
    let line = "auth login --profile lab --auth oneapi --client-id x --proxy http://127.0.0.1:9";
    let run = tenant.home().zpakey(line).env("ZPAKEY_TOKEN_URL", tenant.access().token_url.clone());
    let mut terminal = run.env("NO_PROXY", "127.0.0.1").window(100, 50).terminal();
    terminal.expect("? Cloud");
    terminal.press("gov");
    terminal.expect("? Cloud gov ");
    terminal.press("\r");
    terminal.expect("? ZPA customer id ");
    terminal.type_line("216");
    terminal.expect("? Authenticate with");
    terminal.expect("private key file");
    terminal.press(DOWN);
    terminal.press("\r");
    terminal.expect("? Private key file (PEM) ");
    terminal.type_line("key.pem");
    terminal.expect("error: Zscaler rejected the credential");
    terminal.expect("? Cloud");
    terminal.expect("> gov");
    terminal.expect("production");
    terminal.press("\r");
    terminal.expect("? ZPA customer id [216] ");
    terminal.type_line("");
    terminal.expect("> private key file");
    terminal.expect("client secret");
    terminal.press("\r");
    terminal
        .expect(&format!("? Private key file (PEM) [{}] ", tenant.home().work().join("key.pem").display()));
    terminal.type_line("");
    terminal.expect("error: Zscaler rejected the credential");
    terminal.expect("> gov");
    terminal.expect("production");
    terminal.press("\x1b");
    assert_eq!(terminal.exit_code(), 11);
}

/// The variables of a tenant, as Terraform's users have them set.
fn with_variables(tenant: &Tenant, line: &str) -> Terminal {
    let access = tenant.access();
    away(tenant, line)
        .env("ZSCALER_CLIENT_ID", access.client_id.clone())
        .env("ZSCALER_CLIENT_SECRET", access.client_secret.clone())
        .env("ZPA_CUSTOMER_ID", access.customer_id.clone())
        .env("ZSCALER_CLOUD", "beta")
        .window(120, 50)
        .terminal()
}

#[test]
fn what_variables_give_is_offered_and_said_to_outrank_the_profile() {
    let tenant = Tenant::standard();
    let mut terminal = with_variables(&tenant, "auth login");
    terminal.expect("? Profile name [default] ");
    terminal.type_line("lab");
    terminal.expect("? Sign in through");
    terminal.press("\r");
    terminal.expect("ZIdentity admin portal, Integration > API Clients");
    terminal.expect("customer id: ZPA admin portal");
    terminal.expect("? ZPA customer id [216199618143191040, from ZPA_CUSTOMER_ID] ");
    terminal.type_line("");
    terminal.expect("? Client id [zpakey-sandbox-client, from ZSCALER_CLIENT_ID] ");
    terminal.type_line("");
    terminal.expect("private key file");
    terminal.press("\r");
    terminal.expect("? Client secret (not shown) [from ZSCALER_CLIENT_SECRET] ");
    terminal.type_line("");
    terminal.expect("nowhere");
    terminal.press("\r");
    terminal.expect("profile \"lab\" saved and active; the client secret is kept in ");
    terminal.expect("ZSCALER_CLIENT_SECRET, ZSCALER_CLOUD are set and count before profile lab: unset them, or name the profile");
    terminal.expect("next: zpakey --profile lab list");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.raw().contains(zpakey::sandbox::SECRET_MARKER));
    tenant.home().zpakey("list --profile lab -q").run().code(0);
}

#[test]
fn login_and_list_of_profiles_agree_with_status_on_what_is_active() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let active = |line: &str, name: &str, variable: Option<&str>| {
        let mut run = tenant.home().zpakey(line);
        if let Some(id) = variable {
            run = run
                .env("ZSCALER_CLIENT_ID", id)
                .env("ZSCALER_CLIENT_SECRET", "x")
                .env("ZPA_CUSTOMER_ID", "1");
        }
        let views = run.run().json();
        let active = views.as_array().unwrap().iter().filter(|view| view["active"] == true);
        active.map(|view| view[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(active("profile list", "name", None), ["lab"]);
    assert_eq!(active("auth status --all", "profile", None), ["lab"]);
    // The environment is what is used; no profile is.
    assert!(active("profile list", "name", Some("other")).is_empty());
    assert_eq!(active("auth status --all", "profile", Some("other")), [serde_json::Value::Null]);
}

#[test]
fn what_the_profile_had_is_offered_again() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let mut terminal = tenant.home().zpakey("auth login").window(100, 40).terminal();
    terminal.expect("? Profile name [lab] ");
    terminal.type_line("");
    terminal.expect("? Sign in through");
    terminal.expect("legacy ZPA API");
    terminal.press("\r");
    terminal.expect("? ZPA customer id [216199618143191040] ");
    terminal.type_line("");
    terminal.expect("? Client id [zpakey-sandbox-client] ");
    terminal.type_line("");
    terminal.expect("private key file");
    terminal.press("\r");
    terminal.expect("? Client secret (not shown) ");
    terminal.type_line(&tenant.access().client_secret.clone());
    terminal.expect("nowhere");
    terminal.press(DOWN);
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(profiles(&tenant).contains("client_secret = \"env:ZPAKEY_SECRET_LAB\""), "{}", profiles(&tenant));
}

#[test]
fn a_private_key_that_cannot_sign_is_said_and_asked_for_again() {
    let tenant = Tenant::standard();
    tenant.home().write("bad.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    let mut terminal =
        away(&tenant, "auth login --profile lab --auth oneapi --client-id x --customer-id 216").terminal();
    terminal.expect("private key file");
    terminal.press(DOWN);
    terminal.press("\r");
    terminal.expect("? Private key file (PEM) ");
    terminal.type_line("bad.pem");
    terminal.expect("the private key is encrypted");
    terminal.expect("? Private key file (PEM) ");
    terminal.type_line("absent.pem");
    terminal.expect("absent.pem does not exist");
    // What is typed before a question is discarded, Ctrl-C too.
    terminal.expect("? Private key file (PEM) ");
    terminal.interrupt();
    assert_eq!(terminal.exit_code(), 130);
}

#[test]
fn a_token_is_asked_for_with_the_tenant_and_the_profile() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let ask = |answer: &str| {
        let mut terminal = tenant.home().zpakey("auth token").terminal();
        let question = terminal.expect("? Print a bearer token to this terminal? [y/N] ");
        terminal.type_line(answer);
        let code = terminal.exit_code();
        (question, code, terminal.raw().contains("eyJ"))
    };
    let (question, code, shown) = ask("y");
    assert_is(
        &question,
        str![[r#"
Anyone who has a bearer token acts as this API client until it expires.
  tenant 216199618143191040 (profile lab)

"#]],
    );
    assert_eq!((code, shown), (0, true));
    let (_, code, shown) = ask("n");
    assert_eq!((code, shown), (11, false));
}

#[test]
fn signing_out_is_asked_for() {
    let tenant = Tenant::standard();
    sign_in(&tenant);
    let mut terminal = tenant.home().zpakey("auth logout").terminal();
    let question = terminal.expect("? Sign out? [y/N] ");
    assert!(question.contains("tenant 216199618143191040 (profile lab)"), "{question}");
    terminal.type_line("");
    assert_eq!(terminal.exit_code(), 11);
    assert!(tenant.home().files().contains(&"config/zpakey/lab.client_secret".to_owned()));
    let mut terminal = tenant.home().zpakey("auth logout").terminal();
    terminal.expect("? Sign out? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(tenant.home().files(), ["config/zpakey/config.toml"]);
}

#[test]
fn options_answer_their_questions() {
    let tenant = Tenant::standard();
    let line = format!("auth login --profile lab --auth oneapi --keep file {}", client(&tenant));
    // The secret comes from a file, so nothing is left to ask.
    tenant.home().write("secret", &tenant.access().client_secret.clone());
    let mut terminal =
        away(&tenant, &line.replace("--client-secret-file -", "--client-secret-file secret")).terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.screen().contains('?'), "{}", terminal.screen());
}

#[test]
fn ctrl_z_at_the_secret_neither_stops_the_program_nor_shows_what_follows() {
    let tenant = Tenant::standard();
    let mut terminal = up_to_the_secret(&tenant);
    let secret = tenant.access().client_secret.clone();
    let (first, rest) = secret.split_at(4);
    terminal.press(&format!("{first}\x1a"));
    // A shell with job control would have the terminal by now, and its own modes.
    thread::sleep(Duration::from_millis(100));
    terminal.press(&format!("{rest}\x1a\r"));
    terminal.expect("nowhere");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
    let raw = terminal.raw();
    assert!(!raw.contains(zpakey::sandbox::SECRET_MARKER) && !raw.contains(rest), "it was shown");
    tenant.home().zpakey("list").run().code(0);
}

#[test]
fn ctrl_z_under_a_shell_with_job_control_leaves_the_question_and_its_hidden_answer() {
    let tenant = Tenant::standard();
    let access = tenant.access();
    let mut terminal = tenant
        .home()
        .zpakey(["--norc", "--noprofile", "-i"])
        .through("bash")
        .env("ZPAKEY_API_URL", access.api_url.clone())
        .env("ZPAKEY_TOKEN_URL", access.token_url.clone())
        .env("PS1", "ready$ ")
        .terminal();
    terminal.expect("ready$ ");
    terminal.type_line("\"$ZPAKEY\" auth login --profile lab --auth oneapi --client-id x --customer-id 216");
    terminal.expect("? Authenticate with");
    terminal.expect("private key file");
    terminal.press("\r");
    terminal.expect("? Client secret (not shown) ");
    terminal.press("\x1a");
    thread::sleep(Duration::from_millis(200));
    terminal.press("never-shown\x1b");
    terminal.expect("error: cancelled; nothing was changed");
    terminal.expect("ready$ ");
    terminal.type_line("stty -a | grep -o -- '-*echo '; exit");
    let after = terminal.expect("echo \n");
    assert!(!after.ends_with('-'), "{after}");
    terminal.exit_code();
    assert!(
        !terminal.raw().contains("never-shown") && !terminal.raw().contains("Stopped"),
        "{}",
        terminal.screen()
    );
}
