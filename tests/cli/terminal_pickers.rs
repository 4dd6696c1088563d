//! Lists to choose from at a real terminal, and a KEY that was left out.

use serde_json::{Value, json};

use crate::support::{Tenant, Terminal};

/// An arrow key.
const DOWN: &str = "\x1b[B";
const ESCAPE: &str = "\x1b";

/// Forty keys in three cities.
fn tenant() -> Tenant {
    let keys: Vec<Value> = (0..40)
        .zip(["oslo", "tokyo", "quito"].into_iter().cycle())
        .map(|(at, city)| json!({"name": format!("edge {at:02} in {city}"), "maxUsage": 5}))
        .collect();
    Tenant::seeded(json!({ "keys": keys }))
}

/// Picks `edge 21 in oslo` by two words of its name, in another order.
fn pick(terminal: &mut Terminal) {
    terminal.expect("? Key");
    terminal.expect("edge 00 in oslo");
    terminal.press("oslo 21");
    terminal.expect("> edge 21 in oslo (38122)");
    terminal.press("\r");
}

#[test]
fn a_key_that_was_left_out_is_picked() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("get --field id").terminal();
    pick(&mut terminal);
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().ends_with("\n38122\n"), "{}", terminal.screen());
}

#[test]
fn each_command_for_keys_has_it_picked_and_asks_what_it_asks_anyway() {
    for (command, question) in [
        ("reveal", "? Print the secret of "),
        ("rotate --no-deliver", "? Rotate? [y/N] "),
        ("delete", "? Delete edge 21 in oslo? [y/N] "),
        ("disable", "? Disable it? [y/N] "),
    ] {
        let tenant = tenant();
        let mut terminal = tenant.zpakey(command).terminal();
        pick(&mut terminal);
        let about = terminal.expect(question);
        assert!(about.contains("38122"), "{about}");
        terminal.type_line("n");
        assert_eq!(terminal.exit_code(), 11);
        assert_eq!(tenant.writes(), [""; 0]);
    }
    let tenant = tenant();
    let mut terminal = tenant.zpakey("update --max-usage 9").terminal();
    pick(&mut terminal);
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(tenant.key("edge 21 in oslo").unwrap()["maxUsage"], "9");
}

#[test]
fn a_printed_command_names_the_key_that_was_picked() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("reveal").terminal();
    pick(&mut terminal);
    terminal.expect("? Print the secret of ");
    tenant.zpakey("delete id:38122 --yes").run().code(0);
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 4, "{}", terminal.screen());
    assert!(terminal.screen().contains("38122"), "{}", terminal.screen());
}

#[test]
fn types_that_were_typed_are_the_ones_that_are_listed() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a", "associationType": "CONNECTOR_GRP"}, {"name": "b", "associationType": "SERVICE_EDGE_GRP"}
    ]}));
    let mut terminal = tenant.zpakey("get --type service-edge --field name").terminal();
    terminal.expect("> b (");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.screen().contains("a ("), "{}", terminal.screen());
}

#[test]
fn esc_picks_no_key() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("delete").terminal();
    terminal.expect("> edge 00 in oslo");
    terminal.press(ESCAPE);
    assert_eq!(terminal.exit_code(), 11);
    assert!(terminal.screen().ends_with("error: cancelled; nothing was changed\n"), "{}", terminal.screen());
}

#[test]
fn where_no_one_can_be_asked_a_missing_key_is_wrong_usage() {
    let tenant = tenant();
    for command in ["get", "reveal", "update --max-usage 9", "rotate", "delete", "disable"] {
        let piped = tenant.zpakey(command).run().code(2);
        let message = piped.error()["message"].as_str().unwrap().to_owned();
        assert!(
            message.contains("required arguments were not provided") && message.contains("<KEY>"),
            "{message}"
        );
        let mut terminal = tenant.zpakey(format!("{command} --no-input")).terminal();
        assert_eq!(terminal.exit_code(), 2);
        assert!(terminal.screen().contains("  <KEY>"), "{}", terminal.screen());
    }
    // Something else is missing or wrong, too.
    let mut terminal = tenant.zpakey("get --nonsense").terminal();
    assert_eq!(terminal.exit_code(), 2);
}

#[test]
fn what_is_wrong_whichever_key_it_is_is_told_before_the_list_of_keys() {
    let tenant = tenant();
    tenant.home().write("there", "mine");
    for (line, message) in [
        ("update", "error: nothing to update: "),
        ("update --group Oslo", "zpakey rotate NAME --group Oslo"),
        ("update --max-usage 5 --name ' '", "error: invalid name \" \": "),
        ("reveal --out-file there", "error: there exists"),
        ("reveal --out-file -", "error: --out-file - is not standard output"),
        ("reveal --ci github", "error: --ci github: "),
        ("rotate --retire now --grace 1h --no-deliver", "error: --grace goes with --retire after-grace"),
        ("rotate --ci github", "error: --ci is for a command that hands the key value over"),
    ] {
        let mut terminal = tenant.zpakey(line).terminal();
        assert_eq!(terminal.exit_code(), 2, "{line}: {}", terminal.screen());
        assert!(terminal.screen().contains(message), "{line}: {}", terminal.screen());
    }
    for line in ["reveal", "reveal --copy", "rotate --reveal"] {
        let mut terminal = tenant.zpakey(line).env("ZPAKEY_REVEAL", "never").terminal();
        assert_eq!(terminal.exit_code(), 2, "{line}: {}", terminal.screen());
        assert!(terminal.screen().contains("is forbidden by reveal"), "{line}: {}", terminal.screen());
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn no_key_is_picked_for_what_was_agreed_to_beforehand() {
    let tenant = tenant();
    for command in ["get", "reveal", "update --max-usage 9", "rotate --no-deliver", "delete", "disable"] {
        let mut terminal = tenant.zpakey(format!("{command} --yes")).terminal();
        assert_eq!(terminal.exit_code(), 2, "{command}: {}", terminal.screen());
        assert!(terminal.screen().contains("  <KEY>"), "{}", terminal.screen());
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn exec_takes_its_key_from_the_command_line() {
    let mut terminal = tenant().zpakey("exec -- true").terminal();
    assert_eq!(terminal.exit_code(), 2);
}

#[test]
fn a_tenant_without_keys_has_none_to_pick() {
    let tenant = Tenant::seeded(json!({"keys": []}));
    let mut terminal = tenant.zpakey("get").terminal();
    assert_eq!(terminal.exit_code(), 4);
    assert!(terminal.screen().contains(" has no keys\n"), "{}", terminal.screen());
}

/// A tenant whose groups have long names that differ in the middle.
fn racks() -> Tenant {
    let name = |rack| format!("Site Oslo datacenter north wing rack {rack:02} upper floor");
    let groups: Vec<Value> =
        (0..30).map(|rack| json!({"id": (1000 + rack).to_string(), "name": name(rack)})).collect();
    Tenant::seeded(json!({ "connector_groups": groups }))
}

#[test]
fn in_a_narrow_terminal_no_line_wraps_and_no_two_choices_look_the_same() {
    let tenant = racks();
    let mut terminal =
        tenant.zpakey("create n1 --type connector --max-usage 3 --cert Connector").window(36, 12).terminal();
    terminal.expect("30 choices");
    // What is not shown of a name is found all the same.
    terminal.press("wing 17");
    terminal.expect("> Site Oslo datace…k 17 upper floor");
    let screen = terminal.screen();
    let choices: Vec<&str> = screen.lines().filter(|line| line.starts_with(['>', ' ', 'v'])).collect();
    let first: Vec<&&str> = choices.iter().take(9).collect();
    assert_eq!(first.len(), 9, "{screen}");
    for (at, line) in first.iter().enumerate() {
        assert!(line.chars().count() <= 36, "{line}");
        assert!(first.iter().skip(at + 1).all(|other| other.get(2..) != line.get(2..)), "{screen}");
    }
    terminal.press("\r");
    terminal.expect("rack 17 upper floor\"? [Y/n] ");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(tenant.key("n1").unwrap()["zcomponentId"], "1017");
}

#[test]
fn a_long_list_scrolls() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("get --field name").window(100, 12).terminal();
    terminal.expect("> edge 00");
    terminal.expect("40 choices, type to filter");
    for at in 1..=20 {
        terminal.press(DOWN);
        terminal.expect(&format!("> edge {at:02}"));
    }
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().ends_with("\nedge 20 in quito\n"), "{}", terminal.screen());
}

#[test]
fn a_key_that_was_replaced_is_picked_as_that() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "a.old-38101.209911231504"}, {"name": "a"}]}));
    let mut terminal = tenant.zpakey("get --field id").terminal();
    terminal.expect("> a (38102)");
    terminal.expect("  a (previous) (38101)");
    terminal.press(DOWN);
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().ends_with("\n38101\n"), "{}", terminal.screen());
}

#[test]
fn what_matches_nothing_is_said_and_can_be_changed() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("get --field id").terminal();
    terminal.expect("> edge 00 in oslo");
    terminal.expect("type to filter");
    terminal.press("osaka");
    terminal.expect("> no match");
    // Enter takes nothing; what was typed is still there.
    terminal.press("\r");
    terminal.expect("? Key osaka");
    terminal.expect("> no match");
    terminal.press("\x7f\x7f\x7flo 21");
    terminal.expect("> edge 21 in oslo (38122)");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().ends_with("\n38122\n"), "{}", terminal.screen());
}

#[test]
fn letters_that_are_far_apart_find_nothing() {
    let tenant = Tenant::with_keys(["pole with a road", "b", "c"]);
    let mut terminal = tenant.zpakey("get --field name").terminal();
    terminal.expect("> b (38102)");
    terminal.press("prod");
    terminal.expect("> no match");
    terminal.press(ESCAPE);
    assert_eq!(terminal.exit_code(), 11);
}

#[test]
fn at_50_columns_each_key_has_its_id() {
    let names = ["datacenter-frankfurt-01-runners-of-the-second-floor", "datacenter-frankfurt-02-runners"];
    let keys: Vec<Value> = names
        .iter()
        .map(|name| json!({"name": name, "id": format!("21619961814319104{}", name.len())}))
        .collect();
    let tenant = Tenant::seeded(json!({ "keys": keys }));
    let mut terminal = tenant.zpakey("get --field name").window(50, 24).terminal();
    terminal.expect("  datacenter-frankfurt-02");
    terminal.expect(")");
    terminal.press(ESCAPE);
    assert_eq!(terminal.exit_code(), 11);
    let screen = terminal.screen();
    for name in names {
        assert!(screen.contains(&format!("(21619961814319104{})", name.len())), "{screen}");
    }
}

#[test]
fn two_choices_need_no_filter() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let mut terminal = tenant.zpakey("get").terminal();
    terminal.expect("  b (38102)");
    terminal.press(ESCAPE);
    assert_eq!(terminal.exit_code(), 11);
    assert!(!terminal.screen().contains("filter"), "{}", terminal.screen());
}
