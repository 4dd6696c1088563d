//! `create` at a real terminal: it asks for what is missing, and prints the command that asks nothing.

use serde_json::json;
use snapbox::str;

use crate::support::{Run, Tenant, Terminal, assert_is};

/// An arrow key.
const DOWN: &str = "\x1b[B";

/// Creates a key by answering questions alone, and returns what was on the screen.
fn create_by_questions(run: Run) -> Terminal {
    let mut terminal = run.terminal();
    terminal.expect("  exporter");
    terminal.press(DOWN);
    terminal.press("\r");
    terminal.expect("Name of the key: ");
    terminal.type_line("branch de");
    terminal.expect("Branch US");
    terminal.press(DOWN);
    terminal.press("\r");
    terminal.expect("? Enrollment certificate");
    terminal.expect("Root");
    terminal.press("\r");
    terminal.expect("Maximum uses: ");
    terminal.type_line("7");
    terminal.expect("? Create branch de in \"Branch US\"? [Y/n] ");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    terminal
}

/// Finds the command that makes the same without questions.
fn printed_command(screen: &str) -> &str {
    let mut lines = screen.lines().skip_while(|line| *line != "the same without questions:");
    lines.nth(1).unwrap_or_default().trim()
}

#[test]
fn create_asks_for_what_is_missing_and_prints_the_command_in_full() {
    let tenant = Tenant::standard();
    let terminal = create_by_questions(tenant.zpakey("create --ip-acl 192.0.2.0/24"));
    assert_eq!(
        printed_command(&terminal.screen()),
        "zpakey create 'branch de' --ip-acl 192.0.2.0/24 --type service-edge --group 'Branch US' --max-usage 7 --cert 'Service Edge'"
    );
    let key = tenant.key("branch de").unwrap();
    assert_eq!(key["association_type"], "SERVICE_EDGE_GRP");
    assert_eq!(key["zcomponentId"], "72058304855047752");
    assert_eq!(key["maxUsage"], "7");
}

#[test]
fn the_printed_command_makes_the_same_key_without_a_terminal() {
    let asked = Tenant::standard();
    let screen = create_by_questions(asked.zpakey("create --ip-acl 192.0.2.0/24")).screen();
    let fresh = Tenant::standard();
    let script = printed_command(&screen).replacen("zpakey", "\"$ZPAKEY\"", 1);
    fresh.zpakey(["-c", &script]).through("/bin/sh").run().code(0);
    let without_time = |tenant: &Tenant| {
        let mut key = tenant.key("branch de").unwrap();
        for field in ["creationTime", "modifiedTime"] {
            key.as_object_mut().unwrap().remove(field);
        }
        key
    };
    assert_eq!(without_time(&asked), without_time(&fresh));
}

#[test]
fn create_asks_again_after_a_name_that_cannot_be() {
    let mut terminal = Tenant::standard().zpakey("create --type connector --group id:1").terminal();
    terminal.expect("? Name of the key: ");
    terminal.type_line("a/b");
    let said = terminal.expect("? Name of the key: ");
    terminal.end_input();
    assert_eq!(terminal.exit_code(), 11);
    assert!(said.contains("warning: "), "{said}");
}

#[test]
fn create_asks_again_after_a_limit_that_is_no_number() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("create demo --type connector --group 'AWS us-east-1' --cert Connector");
    let mut terminal = run.terminal();
    for answer in ["", "0", "-1", "ten"] {
        terminal.expect("? Maximum uses: ");
        terminal.type_line(answer);
    }
    terminal.expect("? Maximum uses: ");
    terminal.type_line("10");
    terminal.expect("[Y/n] ");
    terminal.type_line("yes");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(terminal.screen().matches("warning: expected a positive integer").count(), 4);
    assert_eq!(tenant.key("demo").unwrap()["maxUsage"], "10");
}

#[test]
fn create_asks_for_the_certificate_where_the_type_has_no_default() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("create np --type np-assistant --group 77 --max-usage 3");
    let mut terminal = run.terminal();
    terminal.expect("Service Edge");
    terminal.press(&format!("{DOWN}{DOWN}\r"));
    terminal.expect("[Y/n] ");
    terminal.press("\r");
    terminal.exit_code();
    assert_eq!(
        printed_command(&terminal.screen()),
        "zpakey create np --type np-assistant --group 77 --max-usage 3 --cert Connector"
    );
}

#[test]
fn with_no_input_create_asks_nothing_and_names_what_is_missing() {
    let tenant = Tenant::standard();
    let mut terminal = tenant.zpakey("create --type connector --no-input").terminal();
    assert_eq!(terminal.exit_code(), 2);
    assert_is(
        &terminal.steady_screen(),
        str![[r#"
error: cannot create without: NAME, --group, --max-usage
  --group: 3 App Connector groups exist: "AWS us-east-1", "CI us-east-1", "DR Frankfurt"
hint: set group and max_usage once in the profile: [profiles.NAME.defaults.connector]

"#]],
    );
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn without_a_terminal_a_missing_certificate_is_named_with_all_else() {
    let mut terminal = Tenant::standard().zpakey("create --type np-assistant --no-input").terminal();
    assert_eq!(terminal.exit_code(), 2);
    let first = "error: cannot create without: NAME, --group, --cert, --max-usage\n";
    assert!(terminal.screen().starts_with(first), "{}", terminal.screen());
    assert!(terminal.screen().ends_with("[profiles.NAME.defaults.np-assistant]\n"), "{}", terminal.screen());
}

/// A tenant with sixty groups, as a company with many sites has them.
fn sixty_sites() -> Tenant {
    let cities = ["Oslo", "Tokyo", "Paris", "Quito"].into_iter().cycle();
    let groups: Vec<_> = (0..60)
        .zip(cities)
        .map(
            |(site, city)| json!({"id": (1000 + site).to_string(), "name": format!("Site {site:02} {city}")}),
        )
        .collect();
    Tenant::seeded(json!({"connector_groups": groups}))
}

#[test]
fn typing_in_a_list_of_groups_filters_it_and_the_last_question_names_the_group() {
    for typed in ["59 qui", "Site 59"] {
        let tenant = sixty_sites();
        let mut terminal =
            tenant.zpakey("create n1 --type connector --max-usage 3 --cert Connector").terminal();
        terminal.expect("Site 00 Oslo");
        terminal.press(typed);
        terminal.expect("> Site 59 Quito");
        terminal.press("\r");
        terminal.expect("? Create n1 in \"Site 59 Quito\"? [Y/n] ");
        terminal.press("\r");
        assert_eq!(terminal.exit_code(), 0);
        assert_eq!(tenant.key("n1").unwrap()["zcomponentId"], "1059");
    }
}

#[test]
fn no_to_the_last_question_creates_nothing() {
    let tenant = sixty_sites();
    let mut terminal = tenant.zpakey("create n1 --type connector --max-usage 3 --cert Connector").terminal();
    terminal.expect("Site 00 Oslo");
    terminal.press("\r");
    terminal.expect("? Create n1 in \"Site 00 Oslo\"? [Y/n] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn groups_of_one_name_are_told_apart_by_their_ids_in_the_list() {
    let tenant = Tenant::seeded(json!({"connector_groups": [
        {"id": "71", "name": "Branch"}, {"id": "72", "name": "Branch"}
    ]}));
    let mut terminal = tenant.zpakey("create n1 --type connector --max-usage 3 --cert Connector").terminal();
    terminal.expect("Branch (72)");
    terminal.press(DOWN);
    terminal.expect("> Branch (72)");
    terminal.press("\r");
    terminal.expect("? Create n1 in id:72? [Y/n] ");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(tenant.key("n1").unwrap()["zcomponentId"], "72");
}

#[test]
fn no_choice_is_wider_than_the_terminal() {
    let tenant = Tenant::standard();
    let mut terminal = tenant.zpakey("create n1").window(40, 24).terminal();
    let screen = terminal.expect("  exporter");
    terminal.press("\x1b");
    terminal.exit_code();
    assert!(screen.contains("  site-controller · "), "{screen}");
    for line in screen.lines().filter(|line| line.starts_with("> ") || line.starts_with("  ")) {
        assert!(line.chars().count() <= 40, "{line}");
    }
}

#[test]
fn the_list_of_certificates_marks_the_default_and_the_last_question_tells_what_is_made() {
    let tenant = Tenant::standard();
    let mut terminal = tenant.zpakey("create n1 --type service-edge").terminal();
    terminal.expect("Branch US");
    terminal.press("\r");
    terminal.expect("> Service Edge (default for this type)");
    let others = terminal.expect("type to filter");
    assert!(others.contains("  Connector") && !others.contains("default"), "{others}");
    terminal.press("\r");
    terminal.expect("? Maximum uses: ");
    terminal.type_line("7");
    terminal.expect("service-edge · certificate Service Edge · 7 uses · tenant 216199618143191040 (from the environment)\n");
    terminal.expect("? Create n1 in \"Branch EMEA\"? [Y/n] ");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_name_that_exists_is_told_before_the_other_questions() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("create --type connector").terminal();
    terminal.expect("? Name of the key: ");
    terminal.type_line("prod");
    terminal.expect("warning: prod (38101) exists already among the connector keys");
    terminal.expect("? Name of the key: ");
    terminal.type_line("prod-2");
    terminal.expect("App Connector group");
    terminal.press("\x1b");
    assert_eq!(terminal.exit_code(), 11);
    let mut terminal = tenant.zpakey("create prod --type connector").terminal();
    assert_eq!(terminal.exit_code(), 8);
    let screen = terminal.screen();
    assert!(screen.contains("--if-exists skip") && !screen.contains('?'), "{screen}");
    // Who says what to do with it is asked on.
    let mut terminal = tenant.zpakey("create prod --type connector --if-exists update").terminal();
    terminal.expect("App Connector group");
    terminal.press("\x1b");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}
