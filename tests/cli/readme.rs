//! The README's transcripts are what the program prints: each `console` block is run at a terminal.

use std::fmt::Write as _;

use crate::support::{Home, steady};

/// A command of a block, and what stands below it.
struct Exchange {
    command: String,
    shown: String,
}

fn blocks(text: &str) -> Vec<Vec<Exchange>> {
    let inside = text.split("```console\n").skip(1);
    inside.map(|rest| exchanges(rest.split("```").next().unwrap_or_default())).collect()
}

fn exchanges(block: &str) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            all.push(Exchange { command: command.to_owned(), shown: String::new() });
        } else if let Some(last) = all.last_mut() {
            let _ = writeln!(last.shown, "{line}");
        }
    }
    all
}

#[test]
fn the_transcripts_are_what_the_program_prints() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks = blocks(&readme);
    assert!(blocks.iter().flatten().count() >= 10, "the README lost its examples");
    for block in &blocks {
        let home = Home::new();
        for Exchange { command, shown } in block {
            let script = format!("zpakey() {{ \"$ZPAKEY\" \"$@\"; }}; {command}");
            let mut terminal =
                home.zpakey(["-c", script.as_str()]).through("/bin/sh").window(200, 60).terminal();
            terminal.exit_code();
            assert_eq!(terminal.steady_screen(), steady(shown, home.path()), "$ {command}");
        }
    }
}
