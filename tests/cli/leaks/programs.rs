//! Programs that zpakey runs: what they print of a secret, and what they get of ours.

use std::time::{Duration, Instant};

use serde_json::json;
use zpakey::sandbox::SECRET_MARKER;

use super::searcher::Searcher;
use crate::support::{ApiClient, Run, Service, Tenant};

/// Ways in which a hook prints what it is handed, each with a word of what it prints besides.
const HOOKS: [(&str, &str); 21] = [
    ("as it is", "echo begin; cat"),
    ("on standard error", "echo begin; cat >&2"),
    ("on both", "echo begin; tee /dev/stderr"),
    ("with a trace", "set -x; TEXT=$(cat); echo begin \"$TEXT\""),
    ("in base64", "echo begin; base64 -w 0"),
    ("in base64 over lines", "echo begin; base64"),
    (
        "in base64 over lines that come one by one",
        "echo begin; base64 | while read -r line; do echo \"$line\"; sleep 0.02; done",
    ),
    ("in base64 with a user", "printf begin; { printf key:; cat; } | base64 -w 0"),
    ("in base32", "echo begin; base32 -w 0"),
    ("in base32 over lines", "echo begin; base32"),
    (
        "in base32 with a user, without padding",
        "printf 'begin '; { printf key:; cat; } | base32 -w 0 | tr -d =",
    ),
    ("in base64 twice", "echo begin; base64 -w 0 | base64 -w 0"),
    ("in base64 twice over lines", "echo begin; base64 | base64"),
    ("in hex", "echo begin; od -An -v -tx1 | tr -d ' \\n'"),
    ("in hex over lines", "echo begin; od -An -v -tx1 -w32"),
    ("percent-encoded", "echo begin; sed 's/|/%7C/g; s/+/%2B/g; s,/,%2F,g; s/=/%3D/g'"),
    ("in base64 for addresses", "echo begin; base64 -w 0 | tr +/ -_ | tr -d ="),
    ("percent-encoded, every byte", "echo begin; od -An -v -tx1 | tr -d '\\n' | tr ' ' %"),
    (
        "as JSON, every character",
        "printf 'begin \"'; od -An -v -tx1 | tr -d '\\n' | sed 's/ /\\\\u00/g'; echo '\"'",
    ),
    ("as HTML, every character", "echo begin; od -An -v -tu1 -w1 | sed 's/ *//; s/.*/\\&#&;/' | tr -d '\\n'"),
    ("as HTML and JSON", "printf begin; sed 's/|/\\&#124;/g; s,/,\\\\/,g'"),
];

fn rotate(tenant: &Tenant, hook: &str) -> Run {
    tenant.zpakey(["rotate", "prod", "--exec", hook, "--settle", "0s", "--yes", "--type", "connector"])
}

#[test]
fn a_hook_that_prints_what_it_is_handed_puts_no_key_into_the_log() {
    for (way, hook) in HOOKS {
        let tenant = Tenant::with_keys(["prod"]);
        let run = rotate(&tenant, hook).run().code(0);
        let found = Searcher::new(SECRET_MARKER).find(run.stderr.as_bytes()).map(str::to_owned);
        assert_eq!(found, None, "{way}\n{}", run.stderr);
        let run = run.stderr_has("[redacted]").stderr_has("begin");
        assert_eq!(run.stderr.matches("delivered by --exec").count(), 1, "{way}");
    }
}

#[test]
fn a_key_that_a_hook_prints_in_two_halves_is_not_in_the_log() {
    let tenant = Tenant::with_keys(["prod"]);
    let hook = "TEXT=$(cat); printf 'the %.50s' \"$TEXT\"; sleep 0.4; printf '%s end\\n' \"${TEXT#??????????????????????????????????????????????????}\"";
    rotate(&tenant, hook)
        .run()
        .code(0)
        .has_no_secret()
        .stderr_has("the [redacted]")
        .stderr_has("[redacted] end\n");
}

#[test]
fn a_hook_keeps_the_order_of_its_lines_and_its_exit_code() {
    let tenant = Tenant::with_keys(["prod"]);
    let hook = "cat >/dev/null; echo one; echo two >&2; echo three; echo four >&2; exit 3";
    rotate(&tenant, hook).run().code(6).stderr_has("one\ntwo\nthree\nfour\n").stderr_has("exit status: 3");
}

#[test]
fn a_prompt_of_a_hook_is_seen_while_the_hook_waits() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal =
        rotate(&tenant, "cat >/dev/null; printf 'Touch the token: '; sleep 2; echo touched").terminal();
    terminal.expect("Touch the token: ");
    let seen = Instant::now();
    terminal.expect("touched");
    assert!(seen.elapsed() > Duration::from_millis(1_500), "the prompt came with the rest of its line");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_hook_that_prints_much_is_not_slowed_down() {
    let tenant = Tenant::with_keys(["prod"]);
    let begun = Instant::now();
    let run = rotate(&tenant, "cat >/dev/null; seq 1 100000").run().code(0);
    assert!(run.stderr.contains("\n99999\n100000\n"));
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn what_a_hook_left_running_does_not_hold_the_rotation_up() {
    let tenant = Tenant::with_keys(["prod"]);
    let begun = Instant::now();
    rotate(&tenant, "cat >/dev/null; sleep 30 & echo started").run().code(0).stderr_has("started\n");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_program_that_gives_the_secret_and_prints_it_besides_puts_none_into_the_log() {
    let secret = format!("{SECRET_MARKER}-of-a-program");
    let service = Service::start(ApiClient::one_api(&secret));
    let profile = |script: &str| {
        service.home().write_profiles(&format!(
            "active = 'prod'\n[profiles.prod]\nclient_id = '{}'\n{}client_secret = {{ cmd = ['sh', '-c', '{script}'] }}\n",
            ApiClient::one_api("").id(),
            service.profile_lines(),
        ));
    };
    for (script, code) in [
        (format!("echo unlocking {secret} >&2; echo {secret}"), 0),
        (format!("set -x; echo {secret}"), 0),
        (format!("echo {secret}; echo {secret} | base64 >&2; exit 7"), 3),
    ] {
        profile(&script);
        let run = service.home().zpakey("list --type connector").run().code(code);
        let found = Searcher::new(SECRET_MARKER).find(run.stderr.as_bytes()).map(str::to_owned);
        assert_eq!(found, None, "{script}\n{}", run.stderr);
        run.stderr_has("[redacted]");
    }
}

/// Ways in which a program that gives the secret prints it besides; `$S` is the secret.
const TRACES: [(&str, &str); 10] = [
    ("as it is", "echo \"$S\""),
    ("in base64", "printf %s \"$S\" | base64 -w 0"),
    ("in base64 for addresses", "printf %s \"$S\" | base64 -w 0 | tr +/ -_ | tr -d ="),
    ("in base32", "printf %s \"$S\" | base32"),
    ("in base64 twice", "printf %s \"$S\" | base64 | base64"),
    ("in a header", "printf acme-client:%s \"$S\" | base64 -w 0"),
    ("in hex", "printf %s \"$S\" | od -An -v -tx1 | tr -d ' \\n'"),
    ("percent-encoded", "printf %s \"$S\" | od -An -v -tx1 | tr -d '\\n' | tr ' ' %"),
    ("as JSON", "printf %s \"$S\" | od -An -v -tx1 | tr -d '\\n' | sed 's/ /\\\\u00/g'"),
    ("as HTML", "printf %s \"$S\" | od -An -v -tu1 -w1 | sed 's/ *//; s/.*/\\&#&;/' | tr -d '\\n'"),
];

#[test]
fn a_program_that_gives_the_secret_may_print_it_in_any_encoding() {
    let secret = format!("{SECRET_MARKER}-of-a-program");
    let service = Service::start(ApiClient::one_api(&secret));
    for (way, trace) in TRACES {
        service
            .home()
            .write("give", &format!("S={secret}; {{ echo begin; {trace}; echo; }} >&2; echo \"$S\"\n"));
        service.home().write_profiles(&format!(
            "active = 'prod'\n[profiles.prod]\nclient_id = '{}'\n{}client_secret = {{ cmd = ['sh', 'give'] }}\n",
            ApiClient::one_api("").id(),
            service.profile_lines(),
        ));
        let run = service.home().zpakey("list --type connector").run().code(0);
        let found = Searcher::new(SECRET_MARKER).find(run.stderr.as_bytes()).map(str::to_owned);
        assert_eq!(found, None, "{way}\n{}", run.stderr);
        run.stderr_has("begin\n").stderr_has("[redacted]");
    }
}

/// The environment of this tenant's programs, with a secret of ours in each variable that may hold one.
fn with_all_secrets(run: Run) -> Run {
    let secret = || format!("{SECRET_MARKER}-here");
    run.env("ACME_SECRET", secret())
        .env("ZPAKEY_PROXY", format!("http://me:{SECRET_MARKER}@proxy.example:8080"))
        .env("ZPAKEY_RATE_LIMIT", "off")
        .env("ZPAKEY_CUSTOMER_ID", "216199618143191040")
}

const OURS: [&str; 7] = [
    "ACME_SECRET",
    "CLIENT_SECRET",
    "PRIVATE_KEY",
    "ACCESS_TOKEN",
    "ZPAKEY_PROXY",
    "proxy.example",
    SECRET_MARKER,
];

#[test]
fn no_program_that_is_run_gets_our_credentials() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.home().write_profiles("[profiles.other]\nclient_id = 'x'\nclient_secret = 'env:ACME_SECRET'\n");
    let programs: [&[&str]; 3] = [
        &["exec", "prod", "--file", "KEY", "--", "sh", "-c", "env > seen"],
        &["rotate", "prod", "--exec", "cat >/dev/null; env > seen", "--settle", "0s", "--yes"],
        &["sandbox", "run", "--", "sh", "-c", "env | grep -v '^Z[A-Z]*_CLIENT_SECRET=' > seen"],
    ];
    for arguments in programs {
        let words: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        with_all_secrets(tenant.zpakey(words)).run().code(0);
        let seen = tenant.home().read("seen");
        for ours in OURS {
            assert!(!seen.contains(ours), "{arguments:?}: {ours}\n{seen}");
        }
        // What leads a program to the tenant stays, except past the sandbox.
        assert!(seen.contains("ZPAKEY_API_URL=") && seen.contains("RATE_LIMIT="), "{arguments:?}\n{seen}");
    }
    // A sandbox is another tenant: what names this one is gone.
    let seen = tenant.home().read("seen");
    assert!(!seen.contains("ZPAKEY_CUSTOMER_ID=") && !seen.contains(&tenant.access().api_url), "{seen}");
}

#[test]
fn a_program_that_gives_the_secret_gets_none_of_ours() {
    let secret = "s3cret-of-a-program";
    let service = Service::start(ApiClient::one_api(secret));
    service.home().write_profiles(&format!(
        "active = 'prod'\n[profiles.prod]\nclient_id = '{}'\n{}client_secret = {{ cmd = ['sh', '-c', 'env > seen; echo {secret}'] }}\n\
         [profiles.other]\nclient_secret = 'env:ACME_SECRET'\n",
        ApiClient::one_api("").id(),
        service.profile_lines(),
    ));
    let run = service.home().zpakey("list --type connector --profile prod");
    run.env("ACME_SECRET", SECRET_MARKER).env("ZPAKEY_CLIENT_SECRET", SECRET_MARKER).run().code(0);
    let seen = service.home().read("seen");
    assert!(
        !seen.contains("ACME_SECRET") && !seen.contains(SECRET_MARKER) && seen.contains("HOME="),
        "{seen}"
    );
}

#[test]
fn the_program_of_exec_keeps_its_own_streams() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant
        .zpakey(["exec", "prod", "--file", "KEY", "--", "sh", "-c", "test -t 1 && test -t 2 && echo all"])
        .terminal();
    terminal.expect("all");
    assert_eq!(terminal.exit_code(), 0);
    // It was asked for with the text, and may print it.
    let run =
        tenant.zpakey(["exec", "prod", "--env", "KEY", "--", "sh", "-c", "echo $KEY >&2"]).run().code(0);
    assert!(run.stderr.contains(SECRET_MARKER));
    assert_eq!(tenant.key("prod").map(|key| key.get("enabled").cloned()), Some(Some(json!(true))));
}

#[test]
fn what_a_hook_prints_without_a_newline_ends_before_our_next_message() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod"}]}));
    let hook = ["--exec", "cat >/dev/null; printf unfinished >&2"];
    let line = "rotate prod --compromised --settle 0s --yes -o json".split(' ').chain(hook);
    let run = tenant.zpakey(line.collect::<Vec<_>>()).run().code(0);
    assert!(run.stderr.lines().any(|line| line == "unfinished"), "{}", run.stderr);
}
