//! `zpakey identify`: which key a text belongs to, and what is wrong with either.

mod form;
mod several;
mod unknown;

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

/// A tenant with keys in each state that matters to somebody who wants to enrol.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": "216199618143300001", "name": "Branches"}],
        "keys": [
            {"name": "prod", "maxUsage": 10, "usageCount": 3},
            {"name": "off", "maxUsage": 10, "usageCount": 3, "enabled": false},
            {"name": "spent", "maxUsage": 10, "usageCount": 10},
            {"name": "old", "maxUsage": 10, "usageCount": 10, "enabled": false},
            {"name": "edge", "association_type": "SERVICE_EDGE_GRP"},
            {"name": "branch", "microtenantId": "216199618143300001"},
            {"name": "web", "association_type": "EXPORTER_GRP", "zcomponentId": "72058304855047763"},
        ],
    }))
}

/// The text of a key, as the API tells it; the calls that this takes are forgotten.
fn text(tenant: &Tenant, name: &str) -> String {
    let run = tenant.zpakey(format!("reveal {name} --yes --raw --all-types")).run();
    tenant.clear_requests();
    run.code(0).stdout
}

/// Sets the mode of the file with the text.
fn set_mode(tenant: &Tenant, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = tenant.home().work().join("provision_key");
    let set = std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode));
    assert!(set.is_ok(), "{set:?}");
}

#[test]
fn a_text_on_standard_input_is_told_from_all_others() {
    let tenant = tenant();
    let text = text(&tenant, "prod");
    let run = tenant.zpakey("identify - -o table").stdin(format!("{text}\n")).run().code(0).has_no_secret();
    run.stderr_is("").stdout_is(str![[r#"
Name         prod
Id           38101
Type         connector
Group        AWS us-east-1
Used         3 of 10
Status       active
Key          sha256:7feea2862102 · 429 bytes · host api.private.zscaler.com · cloud production

"#]]);
}

#[test]
fn a_text_in_a_file_is_told_from_all_others() {
    let tenant = tenant();
    tenant.home().write("provision_key", &text(&tenant, "edge"));
    set_mode(&tenant, 0o600);
    let run = tenant.zpakey("identify provision_key").run().code(0).has_no_secret().stderr_is("");
    run.stdout_is(str![[r#"
{"id":"38105","name":"edge","association_type":"SERVICE_EDGE_GRP","enabled":true,"max_usage":10,"usage_count":0,"remaining":10,"status":"active","zcomponent_id":"72058304855047751","zcomponent_name":"Branch EMEA","microtenant_id":null,"microtenant_name":null,"fingerprint":"sha256:c1f17069aaba","length":429,"host":"api.private.zscaler.com","cloud":"production","path":"provision_key","members":[],"line":null,"encodings":[],"findings":[]}

"#]]);
    assert_eq!(
        tenant.calls().iter().map(|call| call.split('?').next().unwrap_or_default()).collect::<Vec<_>>(),
        [
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey"
        ]
    );
}

#[test]
fn a_pipe_serves_as_a_file() {
    let tenant = tenant();
    tenant.home().write("provision_key", &text(&tenant, "prod"));
    let script = "cat provision_key | \"$ZPAKEY\" identify /dev/stdin --field name";
    tenant.zpakey(["-c", script]).through("/bin/sh").run().code(0).stdout_is("prod\n");
}

#[test]
fn the_text_itself_is_sent_nowhere() {
    let tenant = tenant();
    let text = text(&tenant, "prod");
    tenant.zpakey("identify -").stdin(text.clone()).run().code(0);
    for request in tenant.requests() {
        let sent = format!("{} {:?} {:?}", request.path, request.query, request.body);
        assert!(!sent.contains(&text[30..60]), "{}", request.path);
    }
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_key_of_a_microtenant_is_found_from_anywhere() {
    let tenant = tenant();
    let text = text(&tenant, "branch");
    let run = tenant.zpakey("identify - --columns name,microtenant_id -o csv").stdin(text).run().code(0);
    run.stdout_is("name,microtenant_id\nbranch,216199618143300001\n");
}

#[test]
fn the_state_of_the_key_is_warned_of() {
    let tenant = tenant();
    for (name, word, warning) in [
        ("prod", json!([]), ""),
        (
            "off",
            json!(["disabled"]),
            "warning: off is switched off and enrols nothing; zpakey update off --enable\n",
        ),
        (
            "spent",
            json!(["exhausted"]),
            "warning: spent has no uses left and enrols nothing; zpakey update spent --add-uses N\n",
        ),
        (
            "old",
            json!(["retired"]),
            "warning: old was retired: it is switched off, and none of its uses is left\n",
        ),
    ] {
        let run = tenant.zpakey("identify -").stdin(text(&tenant, name)).run().code(0).stderr_is(warning);
        assert_eq!(run.json()["findings"], word);
        assert_eq!(run.json()["name"], name);
    }
}

#[test]
fn a_file_with_a_key_that_others_can_read_is_warned_of() {
    let tenant = tenant();
    tenant.home().write("provision_key", &text(&tenant, "prod"));
    let file = tenant.home().work().join("provision_key");
    let warning =
        "warning: provision_key holds a secret and other users can read it: chmod 600 provision_key\n";
    for line in ["identify provision_key", "identify provision_key --offline"] {
        set_mode(&tenant, 0o644);
        let run = tenant.zpakey(line).run().code(0).stderr_is(warning).has_no_secret();
        assert_eq!(run.json()["findings"], serde_json::json!(["readable_by_others"]));
        tenant.zpakey(format!("{line} --fail-if-any")).run().code(7);
        let directory = tenant.home().work();
        let line_of_file = line.replace("provision_key", file.to_str().unwrap());
        let of_systemd =
            tenant.zpakey(&line_of_file).env("CREDENTIALS_DIRECTORY", directory.to_str().unwrap());
        of_systemd.run().code(0).stderr_is("");
        // The command of the warning mends it.
        set_mode(&tenant, 0o600);
        tenant.zpakey(format!("{line} --fail-if-any")).run().code(0).stderr_is("");
    }
}

#[test]
fn findings_fail_only_where_that_was_asked_for() {
    let tenant = tenant();
    let (good, spent) = (text(&tenant, "prod"), text(&tenant, "spent"));
    tenant.zpakey("identify - --fail-if-any -q").stdin(good.clone()).run().code(0).stdout_is("38101\n");
    tenant.zpakey("identify - --fail-if-any -q").stdin(spent).run().code(7).stdout_is("38103\n");
    tenant.zpakey("identify - --fail-if-any -q").stdin(format!("\"{good}\"")).run().code(7);
}

#[test]
fn at_a_terminal_the_text_is_asked_for_and_not_shown() {
    let tenant = tenant();
    let text = text(&tenant, "prod");
    let mut terminal = tenant.zpakey("identify - --field name").terminal();
    terminal.expect("? The key value (not shown) ");
    terminal.type_line(&text);
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(terminal.screen(), "? The key value (not shown) \nprod\n");
}

#[test]
fn a_key_value_where_a_key_is_named_leads_here() {
    let tenant = tenant();
    let text = text(&tenant, "prod");
    let run = tenant.zpakey(["get", &text]).run().code(2).has_no_secret();
    run.stderr_has("`zpakey identify -` tells which one has that text");
}

#[test]
fn a_key_value_in_place_of_a_file_is_refused_and_not_quoted() {
    let tenant = tenant();
    let text = text(&tenant, "prod");
    tenant.zpakey(["identify", &text, "-o", "table"]).run().code(2).has_no_secret().stderr_is(str![[r#"
error: FILE looks like a key value, which is a secret
hint: a command line can be read by every process; `zpakey identify -` reads standard input

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn the_secret_of_the_client_and_the_key_cannot_both_come_by_standard_input() {
    let tenant = tenant();
    let run = tenant.zpakey("identify - --client-id x --client-secret-file -").stdin("x").run().code(2);
    run.stderr_has("standard input cannot give both");
    let secret = tenant.access().client_secret.clone();
    tenant.home().write("provision_key", &text(&tenant, "prod"));
    let id = tenant.access().client_id.clone();
    let words =
        ["identify", "provision_key", "--client-id", &id, "--client-secret-file", "-", "--field", "name"];
    tenant.zpakey(words).stdin(secret).run().code(0).stdout_is("prod\n");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let tenant = tenant();
    tenant.zpakey("identify nothing -o table").run().code(2).stderr_is(str![[r#"
error: could not read nothing
  No such file or directory (os error 2)

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_key_that_was_handed_over_is_told_by_what_was_written() {
    let tenant = tenant();
    tenant.zpakey("reveal prod --out-file a").run().code(0);
    tenant.zpakey(["-c", "\"$ZPAKEY\" reveal prod --yes > b; chmod 600 b"]).through("/bin/sh").run().code(0);
    tenant.zpakey("identify a --field name").run().code(0).stdout_is("prod\n").stderr_is("");
    let json = tenant.zpakey("identify b").run().code(0);
    assert_eq!(json.json()["findings"].as_array().expect("a list"), &[json!("surrounded")]);
    json.stderr_is("warning: b has more than the key value, which is to stand alone\n");
}
