//! The sweep over panics: the program breaks at each effect that it has on its machine, one after the other. What is
//! searched is all that it wrote until then, and no half file is left.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{fs, path::Path};

use serde_json::json;
use zpakey::sandbox::SECRET_MARKER;

use super::{
    InAnswer, InFile, Nowhere, Seen, Shows, assert_no_leaks,
    here::{Bomb, run_breaking},
    searcher::Searcher,
    sweep, tenant,
};
use crate::support::Tenant;

/// What is broken; `--ask` puts a person who agrees at the terminal.
const COMMANDS: [(&str, Shows); 12] = [
    ("create new --type connector --group 'AWS us-east-1' --max-usage 3 -vv", Nowhere),
    ("create new --type connector --group 'AWS us-east-1' --max-usage 3 --no-export --reveal", InAnswer),
    ("create new --type connector --group 'AWS us-east-1' --max-usage 3 --out-file {file}", InFile),
    ("list -vv", Nowhere),
    ("update demo --add-uses 1 -vv", Nowhere),
    ("update demo edge --disable", Nowhere),
    ("delete spare-0 --yes", Nowhere),
    ("reveal demo --yes -vv", InAnswer),
    ("reveal demo --ask", InAnswer),
    ("reveal demo --out-file {file} -vv", InFile),
    ("auth token --yes", InAnswer),
    ("doctor --online", Nowhere),
];

/// A run that has more effects than this goes on for ever.
const MOST_EFFECTS: usize = 400;

/// Returns the files below a directory that are on their way to another name.
fn half_files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(half_files(&path));
        } else if name.starts_with(".zpakey-") || name.starts_with(".tmp") {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Breaks a command at each of its effects, until there is none left; tells how many there were.
fn break_everywhere(line: &str, shows: Shows, key_text: &str) -> (Seen, usize) {
    let searcher = Searcher::new(SECRET_MARKER);
    let mut seen = Seen::default();
    for number in 1..MOST_EFFECTS {
        let tenant = tenant(1);
        // Not all is well: what is said of it is an effect, too.
        tenant.set_faults(&json!([{"nth": 2, "contains": "/mgmtconfig/", "action": {"status": 500}}]));
        let variables = [
            ("ZPAKEY_CONFIG_FILE", format!("{}/given-profiles.toml", tenant.home().work().display())),
            ("GIVEN_TO_KEYRING", tenant.access().client_secret.clone()),
        ];
        let profile = "active = 'prod'\n[profiles.prod]\nclient_id = 'zpakey-sandbox-client'\nclient_secret = 'keyring:'\n";
        tenant.home().write("given-profiles.toml", profile);
        let file = tenant.home().work().join("asked-for-0");
        let bomb = Bomb::at(number);
        let written =
            run_breaking(&tenant, &line.replace("{file}", file.to_str().unwrap()), &variables, &bomb);
        let title = format!("effect {number} of zpakey {line}");
        seen.look(&searcher, &written, shows, &title);
        seen.search_files(&searcher, tenant.home().path(), &title);
        let half = half_files(tenant.home().path());
        assert!(half.is_empty(), "{title}: {half:?}");
        if let Ok(text) = fs::read_to_string(&file) {
            assert!(shows == InFile && text.len() == key_text.len(), "{title}: a file that is not whole");
        }
        if !bomb.is_over() {
            assert_eq!(written.code, 0, "zpakey {line}\n{}", String::from_utf8_lossy(&written.stderr));
            return (seen, number - 1);
        }
    }
    panic!("zpakey {line} has no end");
}

fn break_all<'a>(commands: impl IntoIterator<Item = &'a (&'static str, Shows)>) -> Seen {
    let example: Tenant = tenant(0);
    let text = super::key_text(&example);
    let commands: Vec<_> = commands.into_iter().collect();
    let seen = sweep(&commands, |(line, shows)| {
        let (seen, effects) = break_everywhere(line, *shows, &text);
        // The clock, both streams: a command that has fewer was not broken where it matters.
        assert!(effects >= 5, "{effects} effects of zpakey {line}");
        seen
    });
    assert_no_leaks(&seen);
    assert!(seen.codes.get(&0) >= Some(&commands.len()), "{:?}", seen.codes);
    seen
}

#[test]
fn a_program_that_breaks_at_any_effect_leaks_nothing_and_leaves_no_half_file() {
    // One that shows a value, one that writes it to a file, and one that only asks.
    let few = COMMANDS.iter().filter(|(line, _)| {
        ["reveal demo --ask", "reveal demo --out-file {file} -vv", "list -vv"].contains(line)
    });
    let seen = break_all(few);
    assert!(seen.shown >= 1 && seen.files >= 1, "{} shown, {} files", seen.shown, seen.files);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn each_command_that_breaks_at_any_effect_leaks_nothing_and_leaves_no_half_file() {
    let seen = break_all(&COMMANDS);
    let broken = seen.codes.get(&1).copied().unwrap_or_default();
    assert!(broken >= 150, "{:?}", seen.codes);
    assert!(seen.shown >= 4 && seen.files >= 2, "{} shown, {} files", seen.shown, seen.files);
}
