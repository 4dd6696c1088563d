//! The question at a terminal.

use super::*;

fn asking(answer: &str, meanwhile: impl FnOnce(&Tenant)) -> (Tenant, i32, String) {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9}]));
    write(&tenant, "- {name: a, type: connector, uses: 10}\n");
    let mut terminal = tenant.zpakey("apply keys.yaml").terminal();
    terminal.expect("? Apply? [y/N] ");
    meanwhile(&tenant);
    terminal.type_line(answer);
    let code = terminal.exit_code();
    let screen = terminal.screen();
    (tenant, code, screen)
}

#[test]
fn the_plan_is_shown_and_only_yes_applies_it() {
    let (tenant, code, screen) = asking("n", |_| {});
    assert_eq!((code, tenant.writes().len()), (11, 0));
    assert!(screen.contains("~ update    connector a (38101)  max_usage 9 → 10"), "{screen}");
    let (tenant, code, _) = asking("y", |_| {});
    assert_eq!((code, tenant.writes().len()), (0, 1));
}

#[test]
fn who_gets_a_new_key_is_shown_before_the_question() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9, "creationTime": ago(94)}]));
    write(
        &tenant,
        "- {name: a, type: connector, rotate: {every: 90d, deliver: box}}\n\
         deliver: {box: {exec: [sh, -c, \"cat > 'got it'\"]}}\n",
    );
    let mut terminal = tenant.zpakey("apply keys.yaml").terminal();
    terminal.expect("? Apply? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    let screen = terminal.screen();
    assert!(screen.contains("rotate    connector a (38101)  (94 d old, every 90d); to box"), "{screen}");
    assert!(screen.contains("box, of the file, is `sh -c 'cat > "), "{screen}");
}

#[test]
fn what_was_agreed_to_is_what_is_done() {
    let (tenant, code, screen) = asking("y", |tenant| {
        tenant.zpakey("update a --max-usage 12").run().code(0);
        tenant.clear_requests();
    });
    assert_eq!((code, tenant.writes().len()), (8, 0), "{screen}");
    assert!(screen.contains("a (38101) was changed since"), "{screen}");
}

#[test]
fn without_a_terminal_nothing_is_asked_and_nothing_done() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9}]));
    write(&tenant, "- {name: a, type: connector, uses: 10}\n");
    assert_eq!(tenant.zpakey("apply keys.yaml").run().code(11).error()["code"], "confirmation_required");
    assert_eq!(tenant.writes(), [""; 0]);
    // Nothing to do needs no leave.
    write(&tenant, "- {name: a, type: connector, uses: 9}\n");
    tenant.zpakey("apply keys.yaml").run().code(0);
}
