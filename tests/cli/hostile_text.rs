//! Names, reasons and addresses that a server sends and that would deceive: whoever reads them at a terminal, a CI
//! runner that obeys lines, a spreadsheet, a shell.

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Answer, ApiClient, Finished, Run, Service, Tenant};

/// A name that begins a line of its own, which a runner of GitHub would obey; as the service writes it.
const FORGED: &str = "prod&#10;::stop-commands::x&#13;::set-env name=PATH::/tmp&#x2028;error: forged";

fn forged() -> Tenant {
    Tenant::seeded(json!({
        "connector_groups": [{"id": "1", "name": "g\n::error::group"}],
        "keys": [
            {"id": "61001", "name": FORGED, "zcomponentId": "1", "enabled": false},
            {"id": "61002", "name": FORGED.replace("stop", "go"), "zcomponentId": "1", "usageCount": 3},
            {"id": "61003", "name": "sealed\n::warning::x", "zcomponentId": "1", "exportable": false},
        ],
        "connectors": [{"name": "c\n::notice::x", "provisioningKeyId": "61002"}],
    }))
}

/// No line of a stream begins with what a name has after its line break.
#[track_caller]
fn assert_no_forged_line(run: &Finished, arguments: &str) {
    for line in run.stderr.split(['\n', '\r', '\u{2028}']).chain(run.stdout.lines()) {
        let begins = ["::", "error: forged"].iter().any(|start| line.trim_start().starts_with(start));
        assert!(!begins, "{arguments}\n--- stderr\n{}\n--- stdout\n{}", run.stderr, run.stdout);
    }
}

#[test]
fn no_name_begins_a_line_of_its_own_in_any_message() {
    for arguments in [
        "list -o table",
        "list --group nowhere",
        "list --all-types -o wide -vv",
        "get id:61001 -o table",
        "get id:61001 id:61002 --connectors -o table",
        "get prod -o table",
        "get prode -o table",
        "update id:61001 --add-uses 1 -o table",
        "update id:61001 id:61002 --disable -o table",
        "update id:61001 --max-usage 99 --dry-run -o table",
        "delete id:61001 --dry-run -o table",
        "delete id:61002 --yes -o table",
        "delete id:61001 -o table",
        "reveal id:61001 -o table",
        "reveal id:61003 --yes -o table",
        "exec id:61001 --stdin -- true",
        "rotate id:61001 --no-deliver --dry-run -o table",
        "rotate id:61001 --no-deliver --settle 0s --yes -o table",
        "rotate id:61001 --compromised --no-deliver --settle 0s --yes -o table",
        "retire id:61001 --yes -o table",
        "disable id:61002 --yes -o table",
        "enable id:61001 --yes -o table",
        "status -o table",
        "wait id:61001 --used 1 --wait-timeout 0s -o table",
        "create x --type connector --group nowhere --max-usage 1 -o table",
        "create x --type connector -o table",
        "create x --type connector --group id:1 --max-usage 1 -o table",
        "log -o table",
        "log --key id:61001",
    ] {
        for options in ["", "--field name", "--verbose"] {
            let tenant = forged();
            if arguments.starts_with("log") {
                tenant.zpakey("update id:61001 --add-uses 1").run().code(0);
            }
            let line = match arguments.split_once(" -- ") {
                Some((own, program)) => format!("{own} {options} -- {program}"),
                None => format!("{arguments} {options}"),
            };
            assert_no_forged_line(&tenant.zpakey(line).run(), arguments);
        }
    }
}

#[test]
fn an_entry_of_an_ip_acl_begins_no_line_of_its_own() {
    let tenant = Tenant::seeded(json!({
        "keys": [{"id": "61001", "name": "prod", "ipAcl": ["10.0.0.0/8\n::error::x\u{202e}"]}],
    }));
    tenant.set_faults(&json!({"method": "PUT", "action": {"status": 204}}));
    for arguments in [
        "update id:61001 --no-ip-acl --yes -o table",
        "update id:61001 --ip-acl 192.0.2.0/24 --yes -o table",
        "update id:61001 --add-ip 192.0.2.0/24 --dry-run -o table",
        "get id:61001 -o table",
        "list -o wide",
        "rotate id:61001 --no-deliver --ip-acl 192.0.2.0/24 --dry-run -o table",
        "rotate id:61001 --no-deliver --settle 0s --yes -o table",
    ] {
        let run = tenant.zpakey(arguments).run();
        assert_no_forged_line(&run, arguments);
        assert!(![run.stderr, run.stdout].concat().contains('\u{202e}'), "{arguments}");
    }
    let error = tenant.zpakey("update id:61001 --no-ip-acl --yes -o json").run().code(6).error();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(r"ip_acl is 10.0.0.0/8\n::error::x\u{202e}, not any"), "{message}");
}

#[test]
fn no_reason_of_a_refusal_begins_a_line_of_its_own() {
    let tenant = Tenant::with_keys(["prod"]);
    for body in [
        json!({"id": "a\n::error::x", "reason": "R\r\n::stop-commands::x\u{2028}error: forged"}),
        json!({"errors": ["a\n::error::x"]}),
        json!("plain\n::error::x"),
    ] {
        tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "action": {"status": 400, "body": body}}]));
        for arguments in
            ["get prod -o table", "list", "update prod --disable", "rotate prod --no-deliver --yes -o table"]
        {
            assert_no_forged_line(&tenant.zpakey(arguments).run().code(5), arguments);
        }
    }
}

#[test]
fn a_word_that_is_passed_on_to_a_wrong_command_line_begins_no_line() {
    let wrong = |word: &'static str| {
        [
            vec!["get".to_owned(), "--frobnicate".to_owned(), word.to_owned()],
            vec!["list".to_owned(), "--type".to_owned(), word.to_owned()],
            vec!["list".to_owned(), format!("--type={word}"), "-o".to_owned(), "json".to_owned()],
            vec!["update".to_owned(), "prod".to_owned(), "--max-usage".to_owned(), word.to_owned()],
            vec![word.to_owned()],
        ]
    };
    let words = ["x\n::stop-commands::x\u{202e}", "\n::error::x", "x\r\n\r\n::error::x\n", "\n", "\u{2028}"];
    for arguments in words.into_iter().flat_map(wrong) {
        let run = Tenant::standard().zpakey(arguments.clone()).run().code(2);
        assert_no_forged_line(&run, &format!("{arguments:?}"));
        assert!(!run.stderr.contains('\u{202e}'), "{}", run.stderr);
    }
}

#[test]
fn a_question_shows_a_forged_name_in_one_line() {
    // It is the name of a file, too.
    let forged = FORGED.replace("/tmp", "tmp");
    let old = |id: u32| format!("{forged}.old-{id}.202011231504");
    let tenant = Tenant::seeded(json!({
        "connector_groups": [{"id": "1", "name": "g\n::error::group"}],
        "keys": [
            {"id": "61001", "name": forged, "zcomponentId": "1", "usageCount": 3},
            {"id": "61002", "name": old(61002), "zcomponentId": "1", "usageCount": 3},
            {"id": "61003", "name": "sealed\n::warning::x", "zcomponentId": "1"},
            {"id": "61004", "name": old(61004), "zcomponentId": "1", "enabled": false, "modifiedTime": "1600000000"},
        ],
        "connectors": [{"name": "c\n::notice::x", "provisioningKeyId": "61001"}],
    }));
    for arguments in [
        "delete id:61001 --force-referenced",
        "delete id:61002 id:61003",
        "reveal id:61001",
        "update id:61001 --no-export",
        "update id:61001 --max-usage 1",
        "update id:61004 --enable",
        "rotate id:61001 --no-deliver",
        "rotate id:61001 --out-file {name}.key",
        "rotate id:61001 --compromised --no-deliver",
        "disable id:61001",
        "retire id:61002 --unproven",
        "purge id:61004",
    ] {
        let mut terminal = tenant.zpakey(format!("{arguments} --color never")).terminal();
        terminal.expect("? ");
        terminal.end_input();
        assert_ne!(terminal.exit_code(), 0, "{arguments}\n{}", terminal.screen());
        for line in terminal.screen().lines() {
            let begins = ["::", "error: forged"].iter().any(|start| line.trim_start().starts_with(start));
            assert!(!begins, "{arguments}\n{}", terminal.screen());
        }
    }
}

/// Names with each kind of character that is not to reach a terminal, C1 and bidi among them.
const ODD: [&str; 6] = ["a\u{1b}[2Jb", "a\u{9b}2Jb", "a\u{202e}b", "a\u{3164}b", "a\u{fe0f}b", "a\u{34f}b"];

fn odd() -> Tenant {
    Tenant::with_keys(ODD)
}

fn is_harmful(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\r'))
        || matches!(character, '\u{202e}' | '\u{3164}' | '\u{fe0f}' | '\u{34f}')
}

#[test]
fn at_a_terminal_every_format_escapes_what_would_deceive() {
    let tenant = odd();
    for format in ["table", "wide", "json", "ndjson", "yaml", "csv"] {
        let mut terminal =
            tenant.zpakey(format!("list --color never -o {format}")).window(250, 40).terminal();
        assert_eq!(terminal.exit_code(), 0);
        let raw = terminal.raw();
        assert!(!raw.contains(is_harmful), "{format}: {raw:?}");
        assert!(raw.contains("202e"), "{format}: {raw:?}");
    }
    let error = json!({"status": 400, "body": {"id": "x", "reason": ODD.concat()}});
    tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "action": error}]));
    for format in ["table", "json"] {
        let mut terminal = tenant.zpakey(format!("list --color never -o {format}")).terminal();
        assert_eq!(terminal.exit_code(), 5);
        let raw = terminal.raw();
        assert!(!raw.contains(is_harmful) && raw.contains("202e"), "{format}: {raw:?}");
    }
}

#[test]
fn in_a_pipe_json_is_escaped_and_reads_as_the_same_and_yaml_and_csv_carry_the_data() {
    let tenant = odd();
    let names = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut expected = ODD.map(str::to_owned);
    expected.sort_unstable();
    let json = tenant.zpakey("list -o json").run().code(0);
    assert!(!json.stdout.contains(is_harmful), "{:?}", json.stdout);
    let mut read = names(&json.json());
    read.sort_unstable();
    assert_eq!(read, expected);
    let csv = tenant.zpakey("list -o csv --columns name --no-header").run().code(0);
    let mut lines: Vec<&str> = csv.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, expected);
    let yaml = tenant.zpakey("list -o yaml --columns name").run().code(0);
    for name in ["a\u{3164}b", "a\u{34f}b"] {
        assert!(yaml.stdout.contains(name), "{:?}", yaml.stdout);
    }
}

#[test]
fn names_that_look_alike_are_told_apart() {
    let tenant = Tenant::with_keys(["prod", "pr\u{3164}od", "pr\u{115f}od", "prod\u{fe0f}", "pr\u{34f}od"]);
    tenant.zpakey("list -o table --columns name").run().code(0).stdout_is(str![[r#"
NAME
prod
prod\u{fe0f}
pr\u{34f}od
pr\u{115f}od
pr\u{3164}od

"#]]);
}

#[test]
fn a_spreadsheet_runs_no_cell() {
    let names = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "plain", "'=x"];
    let tenant = Tenant::with_keys(names);
    let csv = tenant.zpakey("list -o csv --columns name --no-header --sort id").run().code(0);
    assert_eq!(csv.stdout, "'=HYPERLINK(1)\n'+1\n'-1\n'@SUM(1)\nplain\n''=x\n");
    // Data stays data where no spreadsheet reads it.
    let json = tenant.zpakey("list -o json --sort id").run().code(0).json();
    assert_eq!(json[0]["name"], "=HYPERLINK(1)");
}

#[test]
fn a_key_that_is_named_like_an_option_is_named_by_its_id_in_printed_commands() {
    for name in ["--all-due", "--yes", "-", "61777", "id:5", "x\ny"] {
        let tenant = Tenant::seeded(json!({"keys": [{"id": "61001", "name": name, "exportable": false}]}));
        let run = tenant.zpakey("reveal id:61001 --yes -o table").run().code(8);
        run.stderr_has("zpakey rotate id:61001 --out-file provision_key");
    }
    // A lineage has a name and no id.
    let tenant = Tenant::seeded(json!({"keys": [
        {"id": "61001", "name": "--all-due"},
        {"id": "61002", "name": "--all-due.old-61002.202011231504"},
    ]}));
    let status = tenant.zpakey("status -o table").run().code(0);
    assert!(!status.stdout.contains("retire --all-due"), "{}", status.stdout);
    let hint = "retire name:--all-due";
    assert!(status.stdout.contains(hint) || status.stdout.contains("retire id:"), "{}", status.stdout);
    tenant.zpakey("retire name:--all-due --yes").run().code(0);
    assert_eq!(tenant.key("61002").unwrap()["enabled"], json!(false));
}

#[test]
fn digits_from_standard_input_mean_the_id_and_not_another_keys_name() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"id": "61001", "name": "61002"},
        {"id": "61002", "name": "prod"},
        {"id": "61003", "name": "spare"},
    ]}));
    // Typed, it is not guessed.
    tenant.zpakey("delete 61002 --yes").run().code(8);
    tenant.zpakey("delete - --yes").stdin("61002\n").run().code(0);
    assert!(tenant.key("61001").is_some() && tenant.key("prod").is_none());
    // Where no key has that id, a key of that name may be meant.
    tenant.zpakey("update - --disable").stdin("61002\n").run().code(0);
    assert_eq!(tenant.key("61001").unwrap()["enabled"], json!(false));
}

#[test]
fn digits_from_standard_input_are_no_name_while_the_key_with_that_id_cannot_be_read() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"id": "61001", "name": "61002"},
        {"id": "61002", "name": "prod", "association_type": "SERVICE_EDGE_GRP"},
    ]}));
    let broken = json!({"contains": "/SERVICE_EDGE_GRP/", "action": {"status": 403, "body": {"id": "x", "reason": "no"}}});
    tenant.set_faults(&json!([broken]));
    let run = tenant.zpakey("delete - --yes").stdin("61002\n").run();
    assert_ne!(run.code, 0);
    assert!(tenant.key("61001").is_some() && tenant.writes().is_empty());
}

/// A run against a server that answers each call of the API with this.
fn answered(answer: Answer, arguments: &str) -> Finished {
    let service = Service::start(ApiClient::one_api("s3cret-of-client"));
    service.tell("/mgmtconfig/", [answer]);
    service.zpakey(format!("{arguments} -o table")).run()
}

#[test]
fn the_reason_of_a_refusal_is_shown_in_whatever_shape_it_comes() {
    for (body, reason) in [
        ("name must\n  be unique".to_owned(), "name must be unique"),
        (
            json!({"errors": [{"message": "name is taken"}, "try later"]}).to_string(),
            "name is taken; try later",
        ),
        (json!({"detail": [{"loc": ["name"], "msg": "too long"}]}).to_string(), "too long"),
        (json!({"message": "no such group"}).to_string(), "no such group"),
        (json!({"error": {"message": "nested"}}).to_string(), "nested"),
        (json!({"fault": "quota"}).to_string(), r#"{"fault":"quota"}"#),
        ("told s3cret-of-client".to_owned(), "told [redacted]"),
        ("a\u{1b}[2Jb\u{202e}".to_owned(), "a/u{1b}[2Jb/u{202e}"),
    ] {
        let run = answered(Answer::new(400, body), "list --type connector").code(5);
        run.stderr_has(&format!("the API answered 400: {}", reason.replace("/u", "\\u")));
    }
}

#[test]
fn a_creation_that_is_refused_with_a_reason_gets_no_guess() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({
        "method": "POST", "contains": "/provisioningKey",
        "action": {"status": 400, "body": {"errors": [{"message": "the group is being deleted"}]}},
    }));
    let run = tenant
        .zpakey("create x --type connector --group 'AWS us-east-1' --max-usage 1 -o table")
        .run()
        .code(5);
    run.stderr_has("the API answered 400: the group is being deleted").lacks("OAuth2");
}

#[test]
fn a_block_page_that_the_api_is_redirected_to_is_named_by_its_host() {
    let location = "https://block.proxy.example/why?token=NotARealSecret";
    answered(Answer::page(302, "Blocked").header("location", location), "list --type connector")
        .code(5)
        .lacks("NotARealSecret")
        .stderr_has("it redirects to block.proxy.example, and redirects are not followed")
        .stderr_has("a proxy or a page to log in at stands in between");
}

/// A pseudo-terminal in a CI job, as `docker run -t` gives one.
fn in_ci(tenant: &Tenant, arguments: &str) -> Run {
    tenant.zpakey(format!("{arguments} --color never")).env("CI", "true")
}

#[test]
fn a_terminal_in_a_ci_job_is_asked_nothing() {
    let tenant = Tenant::with_keys(["prod"]);
    for arguments in ["delete prod", "reveal prod", "update prod --no-export", "rotate prod --no-deliver"] {
        let mut terminal = in_ci(&tenant, arguments).terminal();
        assert_eq!(terminal.exit_code(), 11, "{arguments}\n{}", terminal.screen());
        assert!(terminal.screen().contains("CI is set"), "{arguments}\n{}", terminal.screen());
    }
    let mut terminal = in_ci(&tenant, "create").terminal();
    assert_eq!(terminal.exit_code(), 2, "{}", terminal.screen());
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_person_at_a_terminal_with_ci_set_can_say_so() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = in_ci(&tenant, "delete prod").env("ZPAKEY_NO_INPUT", "false").terminal();
    terminal.expect("[y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert!(tenant.key("prod").is_none());
}
