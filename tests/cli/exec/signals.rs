//! Signals go on to the program, which ends in its own way.

use rustix::process::Signal;

use super::{is_heard, tenant};

/// Says each interruption as it comes, for about a second; no other program takes part, for it would be interrupted too.
const COUNTING: &str =
    "trap 'echo heard' INT; echo started; i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done; echo done";

#[test]
fn a_signal_is_passed_on_and_the_program_may_clean_up() {
    for (name, signal) in
        [("TERM", Signal::TERM), ("INT", Signal::INT), ("HUP", Signal::HUP), ("USR1", Signal::USR1)]
            .into_iter()
            .filter(|(_, signal)| is_heard(*signal))
    {
        let tenant = tenant();
        let script =
            format!("trap 'echo cleaned; exit 9' {name}; echo started; while :; do sleep 0.05; done");
        let running = tenant.zpakey(["exec", "prod", "--env", "K", "--", "sh", "-c", &script]).start();
        running.stdout_until("started\n");
        running.signal(signal);
        running.finish().code(9).stdout_has("cleaned");
    }
}

#[test]
fn a_program_may_go_on_after_a_signal() {
    let tenant = tenant();
    let script = "trap 'echo heard' USR1; echo started; for i in 1 2 3 4 5 6; do sleep 0.1; done; echo done";
    let running = tenant.zpakey(["exec", "prod", "--env", "K", "--", "sh", "-c", script]).start();
    running.stdout_until("started\n");
    running.signal(Signal::USR1);
    running.finish().code(0).stdout_has("heard\n").stdout_has("done\n");
}

#[test]
fn ctrl_c_at_a_terminal_reaches_the_program_once() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey(["exec", "prod", "--env", "K", "--", "sh", "-c", COUNTING]).terminal();
    terminal.expect("started\n");
    terminal.interrupt();
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(terminal.screen().matches("heard").count(), 1, "{}", terminal.screen());
}

#[test]
fn ctrl_c_reaches_a_program_once_whose_input_is_no_terminal() {
    let tenant = tenant();
    let run = tenant.zpakey(["exec", "prod", "--env", "K", "--", "sh", "-c", COUNTING]);
    let mut terminal = run.stdin_file("/dev/null").terminal();
    terminal.expect("started\n");
    terminal.interrupt();
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(terminal.screen().matches("heard").count(), 1, "{}", terminal.screen());
}

#[test]
fn a_signal_that_is_sent_where_nobody_types_reaches_the_program() {
    let tenant = tenant();
    let script = "trap 'echo heard; exit 5' INT; echo started; while :; do sleep 0.05; done";
    let running = tenant.zpakey(["exec", "prod", "--stdin", "--", "sh", "-c", script]).start();
    running.stdout_until("started\n");
    running.interrupt();
    running.finish().code(5).stdout_has("heard");
}

#[test]
fn what_was_ignored_from_the_start_stays_ignored_as_nohup_has_it() {
    let tenant = tenant();
    let script =
        "trap '' HUP; exec \"$ZPAKEY\" exec prod --env K -- sh -c 'echo started; sleep 0.5; echo done'";
    let running = tenant.zpakey(["-c", script]).through("/bin/sh").start();
    running.stdout_until("started\n");
    running.signal(Signal::HUP);
    running.finish().code(0).stdout_has("done\n");
}
