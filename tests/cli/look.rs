//! How an answer looks where the surroundings decide: colours, symbols, formats, switches.

use serde_json::json;
use snapbox::str;

use crate::support::{Home, Run, Tenant};

// Colours and symbols.

fn colours(run: Run) -> (bool, bool) {
    let run = run.run();
    (run.stdout.contains('\u{1b}'), run.stderr.contains('\u{1b}'))
}

#[test]
fn colours_are_for_terminals_unless_told_otherwise() {
    let home = Home::new();
    let failing = |options: &str| home.zpakey(format!("list -o table {options}"));
    assert_eq!(colours(failing("")), (false, false));
    assert_eq!(colours(failing("--color always")), (false, true));
    assert_eq!(colours(failing("").env("CLICOLOR_FORCE", "1")), (false, true));
    assert_eq!(colours(failing("").env("CLICOLOR_FORCE", "0")), (false, false));
    assert_eq!(colours(failing("").env("ZPAKEY_COLOR", "always")), (false, true));
    assert_eq!(colours(failing("--color never").env("CLICOLOR_FORCE", "1")), (false, false));
    assert_eq!(colours(failing("").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")), (false, false));
    assert_eq!(colours(failing("").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "")), (false, true));
    assert_eq!(colours(failing("--color always").env("NO_COLOR", "1")), (false, true));
}

#[test]
fn a_terminal_has_colours_unless_it_is_dumb_or_told_so() {
    let home = Home::new();
    let at_terminal = |run: Run| {
        let mut terminal = run.terminal();
        terminal.exit_code();
        terminal.raw().contains("\u{1b}[1;31merror:")
    };
    assert!(at_terminal(home.zpakey("list")));
    assert!(!at_terminal(home.zpakey("list").env("TERM", "dumb")));
    assert!(!at_terminal(home.zpakey("list").env("NO_COLOR", "1")));
    assert!(!at_terminal(home.zpakey("list --color never")));
}

#[test]
fn symbols_have_ascii_twins_where_the_locale_is_not_utf_8() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "full", "maxUsage": 1, "usageCount": 1},
        {"name": "nearly", "maxUsage": 50, "usageCount": 47},
    ]}));
    let list = tenant.zpakey("list -o table --columns name,status").env("LC_ALL", "C").run().code(0);
    assert!(list.stdout.is_ascii() && list.stderr.is_ascii(), "{}{}", list.stdout, list.stderr);
    list.stdout_is(str![[r"
NAME    STATUS
full    exhausted
nearly  ! 3 left

"]])
        .stderr_is(str![[r"
2 keys, 1 exhausted, 1 nearly exhausted, tenant 216199618143191040

"]]);
    let create = "create demo --type connector --group 'AWS us-east-1' --max-usage 1 -o table";
    let created = tenant.zpakey(create).env("LC_ALL", "C").run().code(0);
    assert!(created.stdout.is_ascii() && created.stderr.is_ascii(), "{}{}", created.stdout, created.stderr);
}

// Formats and switches.

#[test]
fn a_format_from_the_environment_counts_where_none_is_typed() {
    let tenant = Tenant::with_keys(["demo"]);
    let get = |options: &str| {
        tenant.zpakey(format!("get demo --columns name,enabled {options}")).env("ZPAKEY_OUTPUT", "CSV").run()
    };
    get("").code(0).stdout_is(str![[r"
name,enabled
demo,true

"]]);
    get("-o ndjson").code(0).stdout_is(str![[r#"
{"name":"demo","enabled":true}

"#]]);
}

#[test]
fn a_format_that_does_not_exist_is_refused_before_anything_is_sent() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("list").env("ZPAKEY_OUTPUT", "xml").run();
    run.code(2).stdout_is(str![]).stderr_is(str![[r#"
{"error":{"code":"invalid_config","exit_code":2,"message":"ZPAKEY_OUTPUT is \"xml\": not a format; they are auto, table, wide, json, ndjson, yaml, csv, markdown, sarif, junit","retryable":false,"hints":[]}}

"#]]);
    assert_eq!(tenant.requests(), []);
}

#[test]
fn a_format_from_the_environment_leaves_plain_answers_alone() {
    let home = Home::new();
    home.zpakey("sandbox path").env("ZPAKEY_OUTPUT", "json").run().code(0).stdout_is(str![[r"
[HOME]/state/zpakey/sandbox.json

"]]);
}

#[test]
fn switches_take_eight_words_in_any_case() {
    for word in ["1", "true", "YES", "On"] {
        Home::new().zpakey("list -o csv").env("ZPAKEY_SANDBOX", word).run().code(0).stderr_has("sandbox");
    }
    for word in ["0", "false", "NO", "Off", ""] {
        Home::new().zpakey("list -o csv").env("ZPAKEY_SANDBOX", word).run().code(3);
    }
}

#[test]
fn a_switch_that_is_neither_yes_nor_no_is_refused() {
    Home::new().zpakey("list -o table").env("ZPAKEY_SANDBOX", "maybe").run().code(2).stderr_is(str![[r#"
error: ZPAKEY_SANDBOX is "maybe": neither 1/true/yes/on nor 0/false/no/off

"#]]);
}
