//! A rotation at a real terminal.

use snapbox::str;

use super::{are, fingerprint, keys, tenant};
use crate::support::{Tenant, assert_is};

/// The screen without the minute of the predecessor's name.
fn screen(tenant: &Tenant, screen: &str) -> String {
    // A minute may pass between the plan and the renaming.
    let dues = screen.split("prod.old-38101.").skip(1).map(|rest| rest.get(..12).unwrap());
    let text = dues.fold(screen.to_owned(), |text, due| text.replace(due, "[DUE]"));
    // What is shown only as long as it lasts is drawn as often as it takes, and wiped.
    let text = text.replace("checking for concurrent rotations (0 s)", "").replace('\r', "");
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let text = lines.join("\n") + "\n";
    let fingerprint = tenant.key("prod").unwrap()["id"]
        .as_str()
        .map(|_| super::shown(tenant, "prod")["fingerprint"].clone());
    text.replace(fingerprint.unwrap().as_str().unwrap(), "[FINGERPRINT]")
}

#[test]
fn the_plan_is_shown_and_agreed_to() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("rotate prod --out-file key --settle 0s").window(160, 40).terminal();
    terminal.expect("? Rotate? [y/N] ");
    assert_eq!(tenant.writes(), [""; 0]);
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &screen(&tenant, &terminal.steady_screen()),
        str![[r#"
Rotate prod (38101) · connector · AWS us-east-1 · 47 of 50 used · tenant 216199618143191040 (from the environment)
  1  create  a new key: same group, certificate, IP ACL, 50 uses
  2  deliver to key
  3  name    38101 becomes prod.old-38101.[DUE], the new key becomes prod
  4  retire  38101 from [TIME], once the new key has been used: zpakey retire prod
? Rotate? [y/N] y
✓ created prod (next, 38102)
                                                                                                                         ✓ wrote key (0600, [FINGERPRINT])
✓ named: 38102 is prod, 38101 is prod (previous)
both keys can enrol until 38101 is retired
prod  38102  0/50  active  [FINGERPRINT]

"#]],
    );
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]));
}

#[test]
fn several_are_asked_about_once_with_each_plan() {
    let tenant = Tenant::with_keys(["a", "b", "c"]);
    let rotate = |answer: &str| {
        let command = "rotate a b c --no-deliver --settle 0s";
        let mut terminal = tenant.zpakey(command).window(160, 60).terminal();
        let list = terminal.expect("? Rotate all 3? [y/N] ");
        for (name, id) in [("a", "38101"), ("b", "38102"), ("c", "38103")] {
            assert!(list.contains(&format!("Rotate {name} ({id}) ")), "{list}");
            assert!(list.contains(&format!("{id} becomes {name}.old-{id}.")), "{list}");
        }
        terminal.type_line(answer);
        let code = terminal.exit_code();
        assert_eq!(terminal.screen().matches("[y/N]").count(), 1, "{}", terminal.screen());
        code
    };
    assert_eq!(rotate("n"), 11);
    assert_eq!(tenant.writes(), [""; 0]);
    assert_eq!(rotate("y"), 0);
    assert_eq!(tenant.writes().iter().filter(|write| write.starts_with("POST")).count(), 3);
}

#[test]
fn no_means_that_nothing_is_written() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("rotate prod --out-file key").window(160, 40).terminal();
    terminal.expect("? Rotate? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert!(terminal.screen().ends_with("error: cancelled; nothing was changed\n"), "{}", terminal.screen());
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn ctrl_c_at_the_question_ends_it_at_once() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("rotate prod --out-file key").terminal();
    terminal.expect("? Rotate? [y/N] ");
    terminal.interrupt();
    assert_eq!(terminal.exit_code(), 130);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_person_may_agree_to_hand_the_text_to_nobody() {
    let tenant = tenant();
    let mut terminal =
        tenant.zpakey("rotate prod --settle 0s --retire now --max-usage 9").window(160, 40).terminal();
    terminal.expect("? Rotate? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &screen(&tenant, &terminal.steady_screen()),
        str![[r#"
Rotate prod (38101) · connector · AWS us-east-1 · 47 of 50 used · tenant 216199618143191040 (from the environment)
  1  create  a new key: same group, certificate, IP ACL, 9 uses
  2  deliver skipped (run zpakey reveal prod --out-file FILE later)
  3  name    38101 becomes prod.old-38101.[DUE], the new key becomes prod
  4  retire  38101 can enrol no more; what enrolled with it keeps running
? Rotate? [y/N] y
✓ created prod (next, 38102)
                                                                                                                         ✓ named: 38102 is prod, 38101 is prod (previous)
✓ 38101 cannot enrol any more: disabled, 47 of 47 used; undo with: zpakey enable id:38101
prod  38102  0/9  active  [FINGERPRINT]

"#]],
    );
}

#[test]
fn a_rollback_is_asked_for_by_its_name() {
    let tenant = tenant();
    tenant.zpakey("rotate prod --no-deliver --settle 0s --yes").run().code(0);
    let mut terminal = tenant.zpakey("rotate prod --rollback --out-file key").window(160, 40).terminal();
    terminal.expect("? Roll back? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    let text = terminal.steady_screen().replace(&fingerprint(&tenant.home().read("key")), "[FINGERPRINT]");
    assert_is(
        &text,
        str![[r#"
Take back the rotation of prod (38101) · connector · AWS us-east-1 · 47 of 50 used · tenant 216199618143191040 (from the environment)
  1  name    38102 becomes prod.next-38101
  2  name    38101 becomes prod again
  3  deliver 38101 again to key
  4  delete  38102, which nothing enrolled with
? Roll back? [y/N] y
✓ wrote key (0600, [FINGERPRINT])
✓ 38101 is prod again
✓ deleted 38102
prod  38101  47/50  ⚠ 3 left  [FINGERPRINT]

"#]],
    );
}

#[test]
fn the_plan_says_that_a_file_is_replaced() {
    let tenant = tenant();
    tenant.home().write("key", "of something else");
    let plan = |line: &str| tenant.zpakey(format!("rotate prod {line} --dry-run -o table")).run();
    plan("--out-file key --force").code(0).stdout_has("deliver to key, replacing the file that is there\n");
    plan("--out-file new").code(0).stdout_has("deliver to new\n");
    // One that holds the old value needs no --force.
    tenant.zpakey("reveal prod --out-file held").run().code(0);
    plan("--out-file held").code(0).stdout_has("deliver to held, replacing the file that is there\n");
    assert_eq!(tenant.home().read("key"), "of something else");
}
