//! Questions before something that cannot be taken back: a letter, the key's name, or the number of keys.

use serde_json::json;
use snapbox::str;

use crate::support::{Tenant, assert_is};

fn used_key() -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "old-lab", "maxUsage": 5, "usageCount": 3}]}))
}

#[test]
fn an_unused_key_is_deleted_after_a_yes() {
    let tenant = Tenant::with_keys(["fresh"]);
    let mut terminal = tenant.zpakey("delete fresh").terminal();
    terminal.expect("[y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
Delete fresh (38101) for good: connector · AWS us-east-1 · 0 of 10 used · no connectors carry it · tenant
  216199618143191040 (from the environment)
? Delete fresh? [y/N] y
✓ deleted fresh (38101)

"]],
    );
    assert_eq!(tenant.key("fresh"), None);
}

#[test]
fn an_unused_key_stays_after_a_no() {
    let tenant = Tenant::with_keys(["fresh"]);
    let mut terminal = tenant.zpakey("delete fresh").terminal();
    terminal.expect("[y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_with_uses_is_deleted_when_its_name_is_typed() {
    let tenant = used_key();
    let mut terminal = tenant.zpakey("delete old-lab").terminal();
    terminal.expect("? Type old-lab to delete it: ");
    terminal.type_line("old-lab");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
Delete old-lab (38101) for good: connector · AWS us-east-1 · 3 of 5 used · no connectors carry it · tenant
  216199618143191040 (from the environment)
? Type old-lab to delete it: old-lab
✓ deleted old-lab (38101)

"]],
    );
    assert_eq!(tenant.writes(), ["DELETE v1/associationType/CONNECTOR_GRP/provisioningKey/38101"]);
}

#[test]
fn another_name_than_the_keys_deletes_nothing() {
    for answer in ["old-la", "Old-Lab", "y", "yes", ""] {
        let tenant = used_key();
        let mut terminal = tenant.zpakey("delete old-lab").terminal();
        terminal.expect("? Type old-lab to delete it: ");
        terminal.type_line(answer);
        assert_eq!(terminal.exit_code(), 11, "{answer}");
        assert_eq!(tenant.writes(), [""; 0], "{answer}");
    }
}

#[test]
fn several_keys_are_deleted_when_their_number_is_typed() {
    let tenant = Tenant::with_keys(["a", "b", "c"]);
    let mut terminal = tenant.zpakey("delete a b c").terminal();
    terminal.expect("? Type 3 to delete them: ");
    terminal.type_line("3");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
Delete 3 keys for good, in tenant 216199618143191040 (from the environment):
  a (38101) · connector · AWS us-east-1 · 0 of 10 used · no connectors carry it
  b (38102) · connector · AWS us-east-1 · 0 of 10 used · no connectors carry it
  c (38103) · connector · AWS us-east-1 · 0 of 10 used · no connectors carry it
? Type 3 to delete them: 3
✓ deleted a (38101)
✓ deleted b (38102)
✓ deleted c (38103)

"]],
    );
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn another_number_deletes_none_of_several_keys() {
    let tenant = Tenant::with_keys(["a", "b", "c"]);
    let mut terminal = tenant.zpakey("delete a b c").terminal();
    terminal.expect("? Type 3 to delete them: ");
    terminal.type_line("2");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn viewing_is_switched_off_when_the_name_is_typed() {
    let tenant = Tenant::with_keys(["vault"]);
    let mut terminal = tenant.zpakey("update vault --no-export").terminal();
    terminal.expect("? Type vault to switch viewing off: ");
    terminal.type_line("vault");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(tenant.key("vault").unwrap()["exportable"], false);
}

#[test]
fn viewing_stays_on_when_another_name_is_typed() {
    let tenant = Tenant::with_keys(["vault"]);
    let mut terminal = tenant.zpakey("update vault --no-export").terminal();
    terminal.expect("? Type vault to switch viewing off: ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 11);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
Switch viewing of vault (38101) off for good, in tenant 216199618143191040 (from the environment).
  Zscaler never returns the value again; save it first: zpakey reveal vault --out-file FILE
? Type vault to switch viewing off: y
error: cancelled; nothing was changed

"]],
    );
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn what_enrolls_while_the_question_is_open_keeps_the_key() {
    for (uses, answer) in [(0, "y"), (3, "old-lab")] {
        let tenant =
            Tenant::seeded(json!({"keys": [{"name": "old-lab", "maxUsage": 5, "usageCount": uses}]}));
        let mut terminal = tenant.zpakey("delete old-lab").terminal();
        terminal.expect("? ");
        let text = tenant.zpakey("reveal old-lab --yes --raw").run().code(0).stdout;
        tenant.enroll(&text).unwrap();
        terminal.type_line(answer);
        assert_eq!(terminal.exit_code(), 8);
        assert!(terminal.screen().contains("enrolled with old-lab"), "{}", terminal.screen());
        assert!(tenant.key("old-lab").is_some());
    }
}

#[test]
fn a_key_that_is_renamed_while_the_question_is_open_is_not_deleted() {
    let tenant = Tenant::with_keys(["fresh"]);
    let mut terminal = tenant.zpakey("delete fresh").terminal();
    terminal.expect("[y/N] ");
    tenant.zpakey("update fresh --name kept").run().code(0);
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 8);
    assert!(terminal.screen().contains("fresh (38101) is called kept now"), "{}", terminal.screen());
    assert!(tenant.key("kept").is_some());
}
