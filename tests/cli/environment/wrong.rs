//! A value that is wrong, in each place where it may stand: it is refused before anything is sent, by every command but
//! those that put it right.

use snapbox::str;

use zpakey::sandbox::{Options, Tls};

use crate::support::{Home, Tenant};

/// A setting's key in a profile, its option, its variable, a wrong text, and what is said of it.
const WRONG: [(&str, &str, &str, &str, &str); 11] = [
    (
        "timeout",
        "--timeout",
        "ZPAKEY_TIMEOUT",
        "soon",
        "not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w",
    ),
    ("timeout", "--timeout", "ZPAKEY_TIMEOUT", "0s", "more than 0 is needed"),
    (
        "max_wait",
        "--max-wait",
        "ZPAKEY_MAX_WAIT",
        "7",
        "not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w",
    ),
    (
        "deadline",
        "--deadline",
        "ZPAKEY_DEADLINE",
        "1 hr ago",
        "not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w",
    ),
    (
        "rate_limit",
        "--rate-limit",
        "ZPAKEY_RATE_LIMIT",
        "20/10",
        "not READS/WRITES/SECONDS such as 20/10/10, and not off",
    ),
    ("token_cache", "--token-cache", "ZPAKEY_TOKEN_CACHE", "disk", "not auto, file, keyring or off"),
    ("auth", "--auth", "ZPAKEY_AUTH", "saml", "neither oneapi nor legacy"),
    ("color", "--color", "ZPAKEY_COLOR", "red", "not auto, always or never"),
    (
        "output",
        "--output",
        "ZPAKEY_OUTPUT",
        "toml",
        "not a format; they are auto, table, wide, json, ndjson, yaml, csv, markdown, sarif, junit",
    ),
    ("customer_id", "--customer-id", "ZPAKEY_CUSTOMER_ID", "12a", "an id is 1 to 32 digits"),
    (
        "vanity_domain",
        "--vanity-domain",
        "ZPAKEY_VANITY_DOMAIN",
        "a.b.c",
        "not a vanity domain: the \"acme\" in acme.zslogin.net",
    ),
];

/// The tenant's home with a profile `lab` that leads to the tenant and has one line more.
fn tenant_with(line: &str) -> Tenant {
    let tenant = Tenant::with_keys(["demo"]);
    let access = tenant.access();
    let profile = [
        ("client_id", &access.client_id),
        ("client_secret", &access.client_secret),
        ("customer_id", &access.customer_id),
        ("api_url", &access.api_url),
        ("token_url", &access.token_url),
    ];
    let key = line.split(' ').next().unwrap_or_default();
    let others = profile.iter().filter(|(name, _)| *name != key);
    let lines: Vec<String> = others.map(|(name, value)| format!("{name} = \"{value}\"")).collect();
    tenant.home().write_profiles(&format!("[profiles.lab]\n{}\n{line}\n", lines.join("\n")));
    tenant
}

/// What is said of a wrong value. One that stands beside the client secret is not quoted: the two may have been swapped.
fn said(name: &str, text: &str, why: &str) -> String {
    let is_quoted = !["customer_id", "vanity_domain"].iter().any(|key| name.to_lowercase().ends_with(key));
    if is_quoted { format!("{name} is \"{text}\": {why}") } else { format!("{name}: {why}") }
}

#[test]
fn a_wrong_variable_is_named_with_what_was_expected() {
    let tenant = Tenant::with_keys(["demo"]);
    for (_, _, variable, text, why) in WRONG {
        for line in ["list", "delete demo --yes", "auth status"] {
            let run = tenant.zpakey(line).env(variable, text).run().code(2).stdout_is("");
            assert_eq!(run.error()["message"], said(variable, text, why), "{line}");
        }
    }
    assert_eq!(tenant.requests().len(), 0);
}

#[test]
fn a_wrong_key_of_a_profile_is_named_with_its_profile() {
    for (key, _, _, text, why) in WRONG {
        let tenant = tenant_with(&format!("{key} = \"{text}\""));
        let list = tenant.home().zpakey("list --profile lab").env("ZPAKEY_OUTPUT", "table");
        let error = format!("error: {}\n", said(&format!("profile \"lab\": {key}"), text, why));
        assert_eq!(list.run().code(2).stdout_is("").stderr, error);
        assert_eq!(tenant.requests().len(), 0, "{key}");
    }
}

#[test]
fn a_wrong_option_is_refused_by_every_command() {
    let home = Home::new();
    for line in [
        "list",
        "profile list",
        "profile show",
        "auth login",
        "auth status",
        "doctor",
        "log",
        "schema",
        "completions bash",
        "help output",
        "sandbox path",
    ] {
        for (key, option, _, text, why) in WRONG {
            let run = home.zpakey([line.split(' ').collect::<Vec<_>>(), vec![option, text]].concat()).run();
            let run = run.code(2).stdout_is("");
            if ["customer_id", "vanity_domain"].contains(&key) {
                run.stderr_has(&format!("{option}: {}", why.replace('"', "\\\"")))
                    .lacks(&format!("'{text}'"));
            } else {
                run.stderr_has(&format!("invalid value '{text}' for '{option}"));
            }
        }
    }
    home.zpakey("profile list --timeout abc -o table").run().code(2).stderr_is(str![[r#"
error: invalid value 'abc' for '--timeout <TIME>': not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w

"#]]);
}

#[test]
fn an_option_that_may_hold_a_secret_is_not_quoted() {
    let home = Home::new();
    for option in ["--proxy=http://me:s3cret/word@proxy", "--client-id={\"clientSecret\":\"s3cret\"}"] {
        home.zpakey(["list", option]).run().code(2).lacks("s3cret").stderr_has("--");
    }
    let run = home.zpakey(["list", "--proxy", "http://me:s3cret@proxy:8080", "-o", "table"]).run();
    run.code(2).lacks("s3cret").stderr_has("--proxy takes no password");
}

#[test]
fn a_wrong_value_that_does_not_count_is_no_matter() {
    let tenant = Tenant::with_keys(["demo"]);
    let run = |line: &str| tenant.zpakey(line).env("ZPAKEY_TIMEOUT", "soon").run();
    run("list --timeout 20s").code(0).lacks("ZPAKEY_TIMEOUT");
    let lab = tenant_with("timeout = \"5s\"");
    let named = lab.home().zpakey("list --profile lab -o csv --columns name").env("ZPAKEY_TIMEOUT", "soon");
    named.run().code(0).lacks("ZPAKEY_TIMEOUT").stdout_is("name\ndemo\n");
}

#[test]
fn commands_about_profiles_say_what_is_wrong_and_go_on() {
    let tenant = tenant_with("timeout = \"soon\"");
    let home = tenant.home();
    let says = "profile \"lab\": timeout is \"soon\": not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w; it is not used";
    for line in ["profile list", "profile show lab", "profile use lab", "log"] {
        home.zpakey(line).run().code(0).stderr_has(says);
    }
    let run = home.zpakey("profile list -o table").env("ZPAKEY_MAX_WAIT", "long").run().code(0);
    run.stderr_has(
        "ZPAKEY_MAX_WAIT is \"long\": not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w; it is not used",
    );
    home.zpakey("profile remove lab --yes")
        .env("ZPAKEY_MAX_WAIT", "long")
        .run()
        .code(0)
        .stderr_has("removed");
}

#[test]
fn login_writes_anew_what_a_profile_says_wrong_of_the_tenant() {
    let tenant = tenant_with("customer_id = \"12a\"");
    let access = tenant.access();
    let line = format!(
        "auth login --profile lab --keep file --client-id {} --client-secret-file - --customer-id {}",
        access.client_id, access.customer_id
    );
    let without = line.split(" --customer-id").next().unwrap_or_default().to_owned();
    let run = |line: &str| tenant.home().zpakey(line).stdin(access.client_secret.clone());
    let says = "profile \"lab\": customer_id: an id is 1 to 32 digits; it is not used";
    run(&without).run().code(2).stderr_has(says).stderr_has("--customer-id");
    run(&line).env("ZPAKEY_TIMEOUT", "soon").run().code(2).stderr_has("ZPAKEY_TIMEOUT is");
    assert_eq!(tenant.requests().len(), 0);
    run(&line).run().code(0);
    tenant.home().zpakey("list -q").run().code(0);
}

#[test]
fn doctor_tells_each_wrong_value_as_a_finding() {
    let tenant = Tenant::with_keys(["demo"]);
    let failing = |variable: &str, text: &str| {
        let checks = tenant.zpakey("doctor -o json").env(variable, text).run().code(2).json();
        let checks = checks.as_array().cloned().unwrap_or_default();
        let failing = checks.iter().find(|check| check["status"] == "error").cloned().unwrap_or_default();
        (failing["check"].as_str().unwrap_or_default().to_owned(), failing["message"].to_string())
    };
    for (variable, text, check) in [
        ("ZPAKEY_TIMEOUT", "soon", "config"),
        ("ZPAKEY_AUDIT_LOG", "maybe", "config"),
        ("ZPAKEY_CUSTOMER_ID", "12a", "credential"),
        ("ZPAKEY_API_URL", "http://api.example.net", "credential"),
        ("ZPAKEY_ACCESS_TOKEN", "a b", "credential"),
    ] {
        let (name, message) = failing(variable, text);
        assert_eq!(name, check, "{variable}");
        assert!(message.contains(variable), "{message}");
    }
}

#[test]
fn a_secret_in_the_place_of_another_value_is_not_quoted() {
    let home = Home::new();
    let secret = "Kq8sVw2zRt7-xY";
    for (variable, line) in [
        ("ZPA_CUSTOMER_ID", "list"),
        ("ZSCALER_VANITY_DOMAIN", "list"),
        ("ZPA_CUSTOMER_ID", "profile list"),
        ("ZPA_CUSTOMER_ID", "doctor"),
    ] {
        let text = if variable == "ZSCALER_VANITY_DOMAIN" { "Kq8s/Vw2zRt7-xY" } else { secret };
        let run = home.zpakey(line).env(variable, text).run();
        assert!(format!("{}{}", run.stdout, run.stderr).contains(variable));
        run.lacks("Vw2zRt7");
    }
    for option in ["--customer-id", "--vanity-domain"] {
        home.zpakey(["list", option, "Kq8s/Vw2zRt7-xY"]).run().code(2).lacks("Vw2zRt7").stderr_has(option);
    }
}

#[test]
fn what_a_profile_says_wrong_of_an_address_is_not_shown() {
    let tenant = tenant_with("api_url = \"https://me:s3cret@api.example.net\"");
    for line in ["profile list", "profile show lab", "profile show lab -o table"] {
        let run = tenant.home().zpakey(line).run().code(0).lacks("s3cret");
        run.stderr_has("api_url").stderr_has("it is not used");
    }
}

#[test]
fn a_wrong_look_does_not_keep_a_profile_from_being_mended() {
    let tenant = tenant_with("color = \"red\"");
    let home = tenant.home();
    let active = std::fs::read_to_string(home.profile_file()).unwrap();
    home.write_profiles(&format!("active = \"lab\"\n[profiles.other]\n\n{active}"));
    home.zpakey("list").run().code(2).stderr_has("color is");
    for line in ["profile list", "profile show", "profile use other", "profile remove lab --yes"] {
        home.zpakey(line).run().code(0);
    }
    home.zpakey("profile list").env("ZPAKEY_OUTPUT", "toml").run().code(0).stderr_has("ZPAKEY_OUTPUT is");
    home.zpakey("log").env("ZPAKEY_SANDBOX", "maybe").run().code(0).stderr_has("ZPAKEY_SANDBOX");
}

#[test]
fn a_credential_that_is_refused_is_not_taken_for_one_that_is_missing() {
    let tenant = tenant_with("timeout = \"5s\"");
    let file = std::fs::read_to_string(tenant.home().profile_file()).unwrap();
    tenant.home().write_profiles(&format!("active = \"lab\"\n{file}"));
    let run = |name: &str, text: &str| {
        let run = tenant.home().zpakey("list").env("ZSCALER_CLIENT_SECRET", "a-secret-of-16-chars");
        run.env(name, text).run().code(2)
    };
    run("ZSCALER_CLIENT_ID", "changeme").stderr_has("ZSCALER_CLIENT_ID is not a client id");
    for placeholder in ["changeme", "REDACTED", "<your token>"] {
        run("ZPAKEY_ACCESS_TOKEN", placeholder).stderr_has("ZPAKEY_ACCESS_TOKEN is not a token");
    }
    assert_eq!(tenant.requests().len(), 0);
}

#[test]
fn no_request_of_doctor_goes_past_a_wrong_proxy() {
    let tenant = Tenant::with(Options { tls: Tls::On, ..Options::default() });
    let run = |proxy: &str| tenant.zpakey("doctor --online").env("HTTPS_PROXY", proxy).run();
    let before = tenant.requests().len();
    run("socks5://127.0.0.1:9").code(2).stdout_has("SOCKS");
    assert_eq!(tenant.requests().len(), before);
    run("").code(0);
    assert!(tenant.requests().len() > before);
}
