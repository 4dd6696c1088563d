//! Whatever ends a question, the terminal is as it was: echo, line mode, and a cursor that can be seen.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    thread,
    time::{Duration, Instant},
};

use rustix::{
    fs::OFlags,
    process::{Pid, Signal, kill_process},
    termios::{InputModes, tcgetattr},
};

use crate::support::{Tenant, Terminal};

/// The key that leaves a picker.
const ESCAPE: &str = "\x1b";
/// What hides the cursor, and what shows it.
const HIDE: &str = "\x1b[?25l";
const SHOW: &str = "\x1b[?25h";

/// Runs a command at a terminal between two `stty -a` that must say the same, and returns the screen. What the
/// shell says after Ctrl-C is kept by `noflsh`: the kernel may flush it with what was typed.
fn terminal_is_kept(tenant: &Tenant, command: &str, person: impl FnOnce(&mut Terminal)) -> String {
    let script = format!(
        "trap : INT; stty noflsh; stty -a > before; \"$ZPAKEY\" {command}; echo \"code $?\"; stty -a > after"
    );
    let mut terminal = tenant.zpakey(["-c", &script]).through("/bin/sh").terminal();
    person(&mut terminal);
    assert_eq!(terminal.exit_code(), 0);
    let (before, after) = (tenant.home().read("before"), tenant.home().read("after"));
    assert!(before.contains(" echo "), "{before}");
    assert_eq!(before, after);
    assert_cursor_is_shown(&terminal);
    terminal.screen()
}

#[track_caller]
fn assert_cursor_is_shown(terminal: &Terminal) {
    let raw = terminal.raw();
    assert!(raw.rfind(HIDE) <= raw.rfind(SHOW), "the cursor stays hidden: {raw:?}");
}

#[test]
fn after_an_answer_the_terminal_is_as_it_was() {
    let screen = terminal_is_kept(&Tenant::with_keys(["prod"]), "reveal prod", |terminal| {
        terminal.expect("[y/N] ");
        terminal.type_line("n");
    });
    assert!(screen.ends_with("code 11\n"), "{screen}");
}

#[test]
fn after_ctrl_c_at_a_question_the_terminal_is_as_it_was() {
    let screen = terminal_is_kept(&Tenant::with_keys(["prod"]), "reveal prod", |terminal| {
        terminal.expect("[y/N] ");
        terminal.interrupt();
    });
    assert!(screen.ends_with("code 130\n"), "{screen}");
}

#[test]
fn after_ctrl_c_in_a_picker_the_terminal_is_as_it_was() {
    let screen = terminal_is_kept(&Tenant::standard(), "create", |terminal| {
        terminal.expect("  exporter");
        terminal.interrupt();
    });
    assert!(screen.ends_with("code 130\n"), "{screen}");
    assert!(!screen.contains("error:") && screen.contains("\ncancelled\n"), "{screen}");
}

#[test]
fn after_a_choice_in_a_picker_the_terminal_is_as_it_was() {
    let screen = terminal_is_kept(&Tenant::standard(), "create", |terminal| {
        terminal.expect("  exporter");
        terminal.press("\r");
        terminal.expect("Name of the key: ");
        terminal.end_input();
    });
    assert!(screen.ends_with("code 11\n"), "{screen}");
}

#[test]
fn a_program_that_is_terminated_in_a_picker_leaves_the_terminal_as_it_was() {
    let tenant = Tenant::standard();
    let script = "tty > tty; stty -a > before; sh -c 'echo $$ > pid; exec \"$ZPAKEY\" create'; \
                  echo \"code $?\"; stty -a > after";
    let mut terminal = tenant.zpakey(["-c", script]).through("/bin/sh").terminal();
    terminal.expect("  exporter");
    wait_for_single_keys(tenant.home().read("tty").trim());
    let pid = tenant.home().read("pid").trim().parse().ok().and_then(Pid::from_raw).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().ends_with("code 143\n"), "{}", terminal.screen());
    assert_eq!(tenant.home().read("before"), tenant.home().read("after"));
    assert_cursor_is_shown(&terminal);
}

/// Waits until the picker has switched the terminal to single keys, which it does after it has drawn itself.
fn wait_for_single_keys(path: &str) {
    let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap_or_default();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let tty = opened.unwrap_or_else(|error| panic!("{path}: {error}"));
    let limit = Instant::now() + Duration::from_secs(20);
    while tcgetattr(&tty).is_ok_and(|state| state.input_modes.contains(InputModes::ICRNL)) {
        assert!(Instant::now() < limit, "the picker reads no keys");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn escape_leaves_a_picker_and_makes_nothing() {
    let tenant = Tenant::standard();
    let mut terminal = tenant.zpakey("create").terminal();
    terminal.expect("  exporter");
    terminal.press(ESCAPE);
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}
