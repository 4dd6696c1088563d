//! A terminal in front of pipes: what a person reads with `less`, `watch` and a script that reads standard error.

use serde_json::Value;

use crate::support::Tenant;

#[test]
fn watch_shows_what_a_pipe_gets_and_a_table_with_text_errors_if_one_is_asked_for() {
    let tenant = Tenant::with_keys(["prod"]);
    // `watch` pipes both streams, and runs its command by a shell.
    let watched = |line: &str| tenant.zpakey(["-c", &format!("\"$ZPAKEY\" {line}")]).through("/bin/sh").run();
    assert_eq!(watched("list").code(0).json()[0]["name"], "prod");
    assert_eq!(watched("get gone").code(4).error()["code"], "not_found");
    watched("list -o table").code(0).stdout_has("NAME  ").stdout_has("\nprod  ");
    watched("get gone -o table").code(4).stderr_has("error: no provisioning key named \"gone\"\n");
    watched("list -o wide --type nothing").code(2).stderr_has("error: invalid value 'nothing'");
}

#[test]
fn before_a_pipe_a_person_reads_text_and_the_pipe_gets_json() {
    let tenant = Tenant::with_keys(["prod"]);
    let at_terminal = |script: &str| {
        let mut terminal = tenant.zpakey(["-c", script]).through("/bin/sh").terminal();
        assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
        terminal.screen()
    };
    // As `| less` has it: standard output is a pipe, standard error the terminal.
    let screen = at_terminal("\"$ZPAKEY\" get gone | cat > out");
    // A slow machine may show that it waits before that.
    assert!(screen.contains("error: no provisioning key named \"gone\"\n"), "{screen}");
    assert!(!screen.contains('{') && tenant.home().read("out").is_empty(), "{screen}");
    let screen = at_terminal("\"$ZPAKEY\" list | cat > out");
    assert!(screen.ends_with("1 key · tenant 216199618143191040\n") && !screen.contains('{'), "{screen}");
    let out: Value = serde_json::from_str(&tenant.home().read("out")).unwrap();
    assert_eq!(out[0]["name"], "prod");
    // As `2>&1 | less` and `$(… 2>&1)` have it: the program that reads both is told in JSON.
    let screen = at_terminal("\"$ZPAKEY\" get gone 2>&1 | cat");
    assert!(screen.contains(r#"{"error":{"code":"not_found""#), "{screen}");
}
