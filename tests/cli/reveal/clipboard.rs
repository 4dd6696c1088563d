//! `reveal --copy`: the clipboard has the key value for a while, by stand-ins for the desktop's programs, and by a terminal.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    thread,
    time::{Duration, Instant},
};

use base64::prelude::{BASE64_STANDARD, Engine};
use rustix::process::Signal;

use super::{tenant, text};
use crate::support::{Arguments, Run, Tenant};

/// Stores what it reads in place of the clipboard, then serves it for a while in the background as the real ones do.
const COPIES: &str = "env > \"$HOME/environment\"; cat > \"$HOME/clipboard\"; sleep 8 &";
const PASTES: &str = "cat \"$HOME/clipboard\"";
/// As `wl-copy` and `xsel`, which have an option that clears.
const COPIES_OR_CLEARS: &str = "case \"$*\" in *--clear) : > \"$HOME/clipboard\" ;; *) env > \"$HOME/environment\"; cat > \"$HOME/clipboard\"; sleep 8 & esac";

/// Makes a program that tests find first.
fn program(tenant: &Tenant, name: &str, script: &str) {
    let directory = tenant.home().path().join("bin");
    fs::create_dir_all(&directory).unwrap();
    let text = format!("#!/bin/sh\necho \"{name} $*\" >> \"$HOME/calls\"\n{script}\n");
    // Another test's fork may hold a file that is being written, which could not be run then.
    let (new, path) = (directory.join("new"), directory.join(name));
    fs::write(&new, text).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(&new, path).unwrap();
}

fn wayland(tenant: &Tenant) {
    program(tenant, "wl-copy", COPIES_OR_CLEARS);
    program(tenant, "wl-paste", PASTES);
}

/// The program, which finds the stand-ins; at a desktop with both kinds of display.
fn zpakey(tenant: &Tenant, arguments: impl Arguments) -> Run {
    let bin = tenant.home().path().join("bin");
    let run = tenant.zpakey(arguments).env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    run.env("WAYLAND_DISPLAY", "wayland-9").env("DISPLAY", ":9")
}

fn read(tenant: &Tenant, name: &str) -> String {
    fs::read_to_string(tenant.home().path().join(name)).unwrap_or_default()
}

fn clipboard(tenant: &Tenant) -> String {
    read(tenant, "clipboard")
}

#[test]
fn a_program_gets_it_by_standard_input_and_the_clipboard_is_cleared_after_the_wait() {
    let cases: [(&[(&str, &str)], &str); 5] = [
        (
            &[("wl-copy", COPIES_OR_CLEARS), ("wl-paste", PASTES)],
            "wl-copy --type text/plain\nwl-paste --no-newline\nwl-copy --clear\n",
        ),
        (
            &[(
                "xclip",
                "case $3 in -out) cat \"$HOME/clipboard\" ;; *) env > \"$HOME/environment\"; cat > \"$HOME/clipboard\"; sleep 8 & esac",
            )],
            "xclip -selection clipboard -in\nxclip -selection clipboard -out\nxclip -selection clipboard -in\n",
        ),
        (
            &[(
                "xsel",
                "case $2 in --output) cat \"$HOME/clipboard\" ;; --clear) : > \"$HOME/clipboard\" ;; *) env > \"$HOME/environment\"; cat > \"$HOME/clipboard\"; sleep 8 & esac",
            )],
            "xsel --clipboard --input\nxsel --clipboard --output\nxsel --clipboard --clear\n",
        ),
        (&[("pbcopy", COPIES), ("pbpaste", PASTES)], "pbcopy \npbpaste \npbcopy \n"),
        // It cannot be read back, so it is overwritten.
        (&[("clip.exe", COPIES)], "clip.exe \nclip.exe \n"),
    ];
    let running = cases.map(|(programs, calls)| {
        let tenant = tenant();
        for (name, script) in programs {
            program(&tenant, name, script);
        }
        let run = zpakey(&tenant, "reveal prod --copy --clear-after 3s").start();
        (tenant, run, programs[0].0, calls)
    });
    let copied = running.each_ref().map(|(tenant, run, ..)| {
        run.stderr_until("cleared in 3 s");
        clipboard(tenant)
    });
    for ((tenant, run, name, calls), copied) in running.into_iter().zip(copied) {
        assert!(copied == text(&tenant), "{name}: {} bytes are on the clipboard", copied.len());
        let said =
            format!("by {name}\nthe clipboard is cleared in 3 s, or by Ctrl-C\n✓ cleared the clipboard\n");
        run.finish().code(0).stdout_is("").has_no_secret().stderr_has(&said);
        assert_eq!(clipboard(&tenant), "", "{name}");
        assert_eq!(read(&tenant, "calls"), calls);
        let environment = read(&tenant, "environment");
        assert!(environment.contains("HOME=") && !environment.contains("CLIENT_SECRET"), "{environment}");
    }
}

#[test]
fn what_was_copied_meanwhile_is_left_alone() {
    let tenant = tenant();
    wayland(&tenant);
    let run = zpakey(&tenant, "reveal prod --copy --clear-after 2s").start();
    run.stderr_until("cleared in 2 s");
    fs::write(tenant.home().path().join("clipboard"), "another text").unwrap();
    run.finish().code(0).stderr_has("the clipboard holds something else by now and was left as it is");
    assert_eq!(clipboard(&tenant), "another text");
    assert!(!read(&tenant, "calls").contains("--clear"));
}

#[test]
fn a_clipboard_that_cannot_be_read_is_cleared() {
    let tenant = tenant();
    program(&tenant, "wl-copy", COPIES_OR_CLEARS);
    program(&tenant, "wl-paste", "exit 1");
    zpakey(&tenant, "reveal prod --copy --clear-after 10ms").run().code(0).stderr_has("✓ cleared");
    assert_eq!(clipboard(&tenant), "");
}

#[test]
fn each_signal_clears_it_at_once() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let tenant = tenant();
        wayland(&tenant);
        let run = zpakey(&tenant, "reveal prod --copy --clear-after 1h").hearing_hang_ups().start();
        run.stderr_until("cleared in 3600 s");
        assert!(clipboard(&tenant).starts_with("3|"));
        run.signal(signal);
        // A closed terminal sends it twice.
        run.signal(signal);
        run.stderr_until("✓ cleared the clipboard");
        assert_eq!(clipboard(&tenant), "", "{signal:?}");
        assert_eq!(run.fatal_signal(), Some(signal));
    }
}

#[test]
fn the_next_way_is_taken_where_one_fails_or_never_ends() {
    let tenant = tenant();
    program(&tenant, "wl-copy", "exit 1");
    program(&tenant, "xclip", "exec sleep 20");
    program(&tenant, "xsel", COPIES_OR_CLEARS);
    let run = zpakey(&tenant, "reveal prod --copy --clear-after 10ms").run().code(0);
    run.stderr_has("by xsel").has_no_secret();
    assert_eq!(clipboard(&tenant), "");
}

#[test]
fn where_every_way_fails_each_is_told_and_the_log_has_it() {
    let tenant = tenant();
    program(&tenant, "wl-copy", "exit 1");
    program(&tenant, "pbcopy", "exit 3");
    let run = zpakey(&tenant, "reveal prod --copy -o table").run().code(2).stdout_is("").has_no_secret();
    run.stderr_is(snapbox::str![[r#"
error: could not copy the key value to the clipboard
  wl-copy: exit status: 1
  pbcopy: exit status: 3

"#]]);
    let entry = tenant.zpakey("log -o json").run().code(0).json()[0].clone();
    assert_eq!(
        (&entry["destination"], &entry["outcome"], &entry["code"]),
        (&"clipboard".into(), &"failed".into(), &"io".into())
    );
}

#[test]
fn a_clipboard_that_cannot_be_cleared_is_an_error() {
    let tenant = tenant();
    program(&tenant, "wl-copy", "case $1 in --clear) exit 4 ;; *) cat > \"$HOME/clipboard\" ;; esac");
    program(&tenant, "wl-paste", PASTES);
    let run = zpakey(&tenant, "reveal prod --copy --clear-after 10ms -o table").run().code(6);
    run.stderr_has("error: the key value may still be on the clipboard").has_no_secret();
}

#[test]
fn it_is_logged_as_such() {
    let tenant = tenant();
    wayland(&tenant);
    zpakey(&tenant, "reveal prod --copy --clear-after 10ms").run().code(0);
    let entries = tenant.zpakey("log -o json").run().code(0).json();
    assert_eq!((&entries[0]["action"], &entries[0]["destination"]), (&"reveal".into(), &"clipboard".into()));
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let tenant = tenant();
    wayland(&tenant);
    for line in [
        "reveal prod vault-only --copy",
        "reveal prod --copy --raw",
        "reveal prod --copy --out-file f",
        "reveal prod --copy --connector-file",
        "reveal prod --clear-after 10s",
        "reveal prod --copy --clear-after 0s",
    ] {
        assert_eq!(zpakey(&tenant, line).run().code(2).error()["code"], "usage", "{line}");
    }
    zpakey(&tenant, "reveal prod --copy").env("ZPAKEY_REVEAL", "never").run().code(2).stderr_has("forbidden");
    let without = zpakey(&tenant, "reveal prod --copy -o table").env("PATH", "/nowhere").run().code(2);
    without.stderr_is(snapbox::str![[r#"
error: there is no clipboard: no wl-copy, xclip, xsel, pbcopy or clip.exe, and no terminal
hint: zpakey reveal KEY --out-file FILE writes it to a private file

"#]]);
    assert!(tenant.requests().is_empty());
    zpakey(&tenant, "reveal vault-only --copy").run().code(8);
    assert_eq!(read(&tenant, "calls"), "");
}

/// What a terminal is sent to set its clipboard to a text.
fn osc52(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))
}

#[test]
fn a_terminal_is_told_by_osc_52_and_told_again_to_clear() {
    let tenant = tenant();
    let mut terminal =
        tenant.zpakey("reveal prod --copy --clear-after 1s").env("PATH", "/usr/bin:/bin").terminal();
    terminal.expect(
        "sent the key value of prod (38101, sha256:7feea2862102) to the terminal's clipboard (OSC 52)",
    );
    terminal.expect("cleared in 1 s");
    terminal.expect("told the terminal to clear its clipboard");
    assert_eq!(terminal.exit_code(), 0);
    let raw = terminal.raw();
    let (set, cleared) = (raw.find(&osc52(&text(&tenant))), raw.find(&(osc52(" ") + &osc52(""))));
    assert!(set.is_some() && set < cleared, "{}", terminal.screen());
    assert!(!terminal.screen().contains("3|"), "{}", terminal.screen());
}

#[test]
fn over_ssh_the_terminal_is_told_first_and_ctrl_c_clears_it() {
    let tenant = tenant();
    wayland(&tenant);
    let run = zpakey(&tenant, "reveal prod --copy").env("SSH_TTY", "/dev/pts/9").env("TMUX", "/tmp/tmux,1,0");
    let mut terminal = run.terminal();
    terminal.expect("(OSC 52 through tmux)");
    terminal.expect("or by Ctrl-C");
    terminal.interrupt();
    terminal.expect("told the terminal to clear its clipboard");
    assert_eq!(terminal.exit_code(), 130);
    let in_tmux = |text: &str| format!("\x1bPtmux;\x1b{}\x1b\\", osc52(text));
    let raw = terminal.raw();
    assert!(
        raw.contains(&in_tmux(&text(&tenant))) && raw.contains(&(in_tmux(" ") + &in_tmux(""))),
        "{}",
        terminal.screen()
    );
    assert_eq!(read(&tenant, "calls"), "");
}

#[test]
fn at_a_terminal_ctrl_c_reaches_zpakey_and_not_what_serves_the_clipboard() {
    let tenant = tenant();
    program(
        &tenant,
        "wl-copy",
        "case $1 in --clear) : > \"$HOME/clipboard\" ;; *) cat > \"$HOME/clipboard\"; { trap 'touch \"$HOME/hit\"' INT; sleep 3; } & esac",
    );
    program(&tenant, "wl-paste", PASTES);
    let mut terminal = zpakey(&tenant, "reveal prod --copy").terminal();
    terminal.expect("cleared in 29 s");
    terminal.interrupt();
    terminal.expect("✓ cleared the clipboard");
    assert_eq!(terminal.exit_code(), 130);
    assert_eq!(clipboard(&tenant), "");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(500) {
        assert!(!tenant.home().path().join("hit").exists());
        thread::sleep(Duration::from_millis(50));
    }
}
