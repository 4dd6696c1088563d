//! Names at a terminal: wide characters keep the columns in line, and what would do harm is spelled out.

use serde_json::json;
use snapbox::str;

use crate::support::{Run, Tenant, assert_is};

/// Runs at a terminal to a good end, and returns the screen.
fn screen(run: Run) -> String {
    let mut terminal = run.terminal();
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
    terminal.steady_screen()
}

/// Runs at a terminal to a good end, and returns what was sent to it, colours too.
fn sent(run: Run) -> String {
    let mut terminal = run.terminal();
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
    terminal.raw().replace("\r\n", "\n")
}

#[test]
fn wide_characters_keep_the_columns_in_line() {
    let seed = json!({
        "connector_groups": [{"id": "1", "name": "東京データセンター"}, {"id": "2", "name": "Zürich"}],
        "keys": [{"name": "a", "zcomponentId": "1"}, {"name": "b", "zcomponentId": "2"}]
    });
    assert_is(
        &screen(Tenant::seeded(seed).zpakey("list --columns name,group,used")),
        str![[r"
NAME  GROUP                     USED
a     東京データセンター  ▁▁▁▁▁ 0/10
b     Zürich              ▁▁▁▁▁ 0/10
2 keys · tenant 216199618143191040

"]],
    );
}

#[test]
fn wide_characters_are_cut_at_their_width() {
    let seed = json!({
        "connector_groups": [{"id": "1", "name": "東京データセンター"}],
        "keys": [{"name": "a", "zcomponentId": "1"}]
    });
    let tenant = Tenant::seeded(seed);
    assert_is(
        &screen(tenant.zpakey("list --columns name,group,used").window(22, 24)),
        str![[r"
Name   a
Group  東京データセンター
Used   0/10
1 key · tenant
  216199618143191040

"]],
    );
}

/// Names that clear the screen, turn text round, hide characters, and begin a line of their own.
fn hostile() -> Tenant {
    Tenant::seeded(json!({
        "connector_groups": [{"id": "1", "name": "g\u{1b}]0;title\u{7}\u{1b}[2J"}],
        "keys": [
            {"name": "a\u{1b}[31mred", "zcomponentId": "1"},
            {"name": "b\u{202e}dorp", "zcomponentId": "1"},
            {"name": "c\u{200b}d\nNAME", "zcomponentId": "1"},
            {"name": "e &lt;f&gt; &amp; &#27;[2J", "zcomponentId": "1"}
        ]
    }))
}

#[test]
fn names_from_the_server_are_spelled_out_in_a_list() {
    assert_is(
        &screen(hostile().zpakey("list --columns name,group").window(160, 24)),
        str![[r"
NAME              GROUP
a\u{1b}[31mred    g\u{1b}]0;title\u{7}\u{1b}[2J
b\u{202e}dorp     g\u{1b}]0;title\u{7}\u{1b}[2J
c\u{200b}d\nNAME  g\u{1b}]0;title\u{7}\u{1b}[2J
e <f> & &#27;[2J  g\u{1b}]0;title\u{7}\u{1b}[2J
4 keys · tenant 216199618143191040

"]],
    );
}

#[test]
fn names_from_the_server_are_spelled_out_on_a_card() {
    assert_is(
        &screen(hostile().zpakey("get id:38101")),
        str![[r"
Name         a\u{1b}[31mred
Id           38101
Type         connector
Group        g\u{1b}]0;title\u{7}\u{1b}[2J  (1)
Certificate  Connector (16560)
Used         ▁▁▁▁▁ 0 of 10
Status       active
Created      [TIME] ([AGE])
Key          hidden · sha256:7feea2862102

"]],
    );
}

#[test]
fn nothing_from_the_server_reaches_the_terminal_as_a_control_character() {
    let tenant = hostile();
    for arguments in [
        "list --color never",
        "list --color never -o wide",
        "list --color never --field name",
        "get id:38101 id:38102 id:38103 --color never",
        "update id:38101 id:38102 id:38103 id:38104 --add-uses 1 --color never",
        "delete id:38104 --dry-run --color never",
        "delete id:38101 id:38102 id:38103 id:38104 --yes --color never",
    ] {
        let sent = sent(tenant.zpakey(arguments));
        let harmful = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{200b}'));
        assert!(!sent.contains(harmful), "{arguments}: {sent:?}");
    }
}

#[test]
fn a_question_spells_names_out_too() {
    let tenant = hostile();
    let mut terminal = tenant.zpakey("delete id:38101 --color never").terminal();
    terminal.expect("[y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert!(!terminal.raw().contains('\u{1b}'), "{:?}", terminal.raw());
}

#[test]
fn outside_terminals_names_are_as_they_are() {
    let listed = hostile().zpakey("list --field name").run().code(0);
    assert!(listed.stdout.contains("b\u{202e}dorp\n"), "{:?}", listed.stdout);
    let listed = hostile().zpakey("list -o json").run().code(0).json();
    assert_eq!(listed[3]["name"], "e <f> & &#27;[2J");
}
