//! What people type for what zpakey calls otherwise: the error says what to type instead.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Home, Tenant};

/// What is typed, and what is suggested first; null if nothing is.
const TYPED: &[(&str, &str)] = &[
    ("login", "auth login"),
    ("logout", "auth logout"),
    ("whoami", "auth status"),
    ("show prod", "get"),
    ("describe prod", "get"),
    ("edit prod", "update"),
    ("new prod", "create"),
    ("add prod", "create"),
    ("remove prod", "delete"),
    ("renew prod", "rotate"),
    ("revoke prod", "disable"),
    ("auth whoami", "auth status"),
    ("profile add lab", "auth login"),
    ("profile switch lab", "profile use"),
    ("list --json", "-o json"),
    ("list --format yaml", "-o yaml"),
    ("list --format=csv", "-o csv"),
    ("list --format", "-o FORMAT"),
    ("create --name prod", "create prod"),
    ("get --name prod", "get prod"),
    ("get --id 38101", "get id:38101"),
    ("create prod --usage 5", "--max-usage"),
    ("create prod --max 5", "--max-usage"),
    ("create prod --limit 5", "--max-usage"),
    ("create prod --certificate Connector", "--cert"),
    ("reveal prod -o k.txt", "--out-file"),
    ("create prod -o k.txt", "--out-file"),
    ("rotate prod -o k.txt", "--out-file"),
    ("rotate prod -o keys/prod.key", "--out-file"),
    ("reveal prod --file k.txt", "--out-file"),
    ("delete prod --assume-yes", "--yes"),
    // By similarity.
    ("lisst", "list"),
    ("rotat prod", "rotate"),
    ("list --colour never", "--color"),
    ("create prod --max-usages 5", "--max-usage"),
    ("list --type conector", "connector"),
];

#[test]
fn what_is_typed_for_something_else_leads_to_it() {
    let home = Home::new();
    for (line, meant) in TYPED {
        let error = home.zpakey(format!("{line} -o json")).run().code(2).stdout_is("").error();
        let error = if line.contains("-o ") { home.zpakey(*line).run().code(2).error() } else { error };
        assert_eq!(error["suggestions"][0], *meant, "{line}: {error}");
        let hint = error["hints"][0].as_str().unwrap();
        assert!(hint.contains(meant), "{line}: {hint}");
    }
}

#[test]
fn what_there_is_not_is_said() {
    let home = Home::new();
    for (line, hint) in [
        ("create prod --description x", "has no description"),
        ("create prod --expires 5d", "rotate KEY --if-older-than 90d"),
        ("create prod --ttl 5d", "do not expire"),
    ] {
        let error = home.zpakey(line).run().code(2).error();
        assert_eq!(error["suggestions"], Value::Null, "{line}");
        assert!(error["hints"][0].as_str().unwrap().contains(hint), "{line}: {error}");
    }
}

#[test]
fn what_is_less_similar_is_not_suggested() {
    let home = Home::new();
    for line in ["foo", "xyz", "list --grip x", "list --type gateway", "list --colors-of-things x"] {
        let error = home.zpakey(line).run().code(2).error();
        assert_eq!(error["suggestions"], Value::Null, "{line}");
        assert!(!error.to_string().contains("did you mean"), "{line}");
    }
}

#[test]
fn an_option_of_another_command_is_not_suggested() {
    // `list` has no limit of uses, so `--limit` does not mean one there.
    let error = Home::new().zpakey("get prod --limit 5").run().code(2).error();
    assert!(!error.to_string().contains("--max-usage"), "{error}");
}

#[test]
fn the_text_is_one_error_and_a_hint() {
    let home = Home::new();
    home.zpakey("login -o table").run().code(2).stdout_is("").stderr_is(str![[r#"
error: unrecognized subcommand 'login'
hint: zpakey auth login

"#]]);
    home.zpakey("--sandbox whoami -o table").run().code(2).stderr_is(str![[r#"
error: unrecognized subcommand 'whoami'
hint: zpakey --sandbox auth status

"#]]);
    home.zpakey("list --type connector,exporter -o table").run().code(2).stderr_is(str![[r#"
error: invalid value 'connector,exporter' for '--type <TYPE>'
  possible values: connector, service-edge, np-assistant, site-controller, exporter
hint: repeat the option: --type connector --type exporter

"#]]);
    let create = "create x --type connector,exporter --group g --max-usage 1 -o table";
    home.zpakey(create).run().code(2).stderr_is(str![[r#"
error: invalid value 'connector,exporter' for '--type <TYPE>'
  possible values: connector, service-edge, np-assistant, site-controller, exporter
hint: a key has one type: give one, and run the command again for the next

"#]]);
    home.zpakey("--type connector list -o table").run().code(2).stderr_is(str![[r#"
error: unexpected argument '--type' found
hint: --type stands behind its command: zpakey list --type

"#]]);
    home.zpakey("update -o table").run().code(2).stderr_is(str![[r#"
error: the following required arguments were not provided
  <KEY>...
hint: usage: zpakey update [OPTIONS] <KEY>...

"#]]);
}

#[test]
fn a_negative_number_is_the_options_value() {
    for line in ["create prod --max-usage -1", "update prod --add-uses -1", "enable prod --max-usage -5"] {
        let error = Home::new().zpakey(line).run().code(2).error();
        let message = error["message"].as_str().unwrap();
        assert!(message.ends_with("expected a positive integer"), "{line}: {message}");
        assert_eq!(error["hints"], json!([]), "{line}");
    }
}

#[test]
fn a_name_of_several_words_is_quoted() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "site 59 oslo"}, {"name": "a"}]}));
    let error = tenant.zpakey(["get", "site", "59", "oslo"]).run().code(4).error();
    assert_eq!(error["suggestions"], json!(["site 59 oslo"]));
    assert_eq!(
        error["hints"],
        json!(["did you mean 'site 59 oslo' (38101)? a name with blanks needs quotes"])
    );
    let error = tenant.zpakey(["delete", "site", "59", "oslo", "--yes"]).run().code(4).error();
    assert_eq!(error["suggestions"], json!(["site 59 oslo"]));
    assert!(tenant.key("a").is_some());
    // Several keys of which one is there are several keys.
    tenant.zpakey(["get", "a", "oslo"]).run().code(6);
    // Commands of one key.
    for line in ["wait site 59 oslo", "create site 59 oslo --type connector", "exec site 59 oslo -- true"] {
        let error = tenant.zpakey(line).run().code(2).error();
        assert_eq!(error["hints"][0], "a name with blanks needs quotes: 'site 59 oslo'", "{line}: {error}");
    }
    for line in ["version x", "wait a --yes b", "auth status x"] {
        tenant.zpakey(line).run().code(2).lacks("needs quotes");
    }
}

#[test]
fn a_group_and_a_certificate_that_are_nearly_named_get_a_did_you_mean() {
    let tenant = Tenant::standard();
    let create = "create x --type connector --max-usage 1";
    for (line, meant) in [
        (format!("{create} --group 'AWS us-east-2'"), "AWS us-east-1"),
        (format!("{create} --group 'DR Frankfrut'"), "DR Frankfurt"),
        (format!("{create} --group 'AWS us-east-1' --cert Conector"), "Connector"),
        ("list --group 'CI us-eats-1'".to_owned(), "CI us-east-1"),
    ] {
        let error = tenant.zpakey(&line).run().code(4).error();
        assert_eq!(error["hints"][0], format!("did you mean \"{meant}\"?"), "{line}: {error}");
        assert_eq!(error["suggestions"][0], meant, "{line}: {error}");
    }
    let error = tenant.zpakey(format!("{create} --group Nowhere")).run().code(4).error();
    assert!(!error.to_string().contains("did you mean"), "{error}");
}
