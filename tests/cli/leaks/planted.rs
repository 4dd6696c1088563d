//! Leaks that are put where one could be: a sweep that does not find them proves nothing.

use std::{fs, process::Stdio, thread, time::Duration};

use base64::prelude::{BASE64_STANDARD, Engine};
use zpakey::sandbox::SECRET_MARKER;

use super::{InAnswer, Nowhere, Seen, Written, processes::of_processes, searcher::Searcher};
use crate::support::Home;

fn seen_in_streams(stdout: &str, stderr: &str) -> Vec<String> {
    let mut seen = Seen::default();
    let written = Written { code: 0, stdout: stdout.into(), stderr: stderr.into() };
    seen.look(&Searcher::new(SECRET_MARKER), &written, Nowhere, "planted");
    seen.leaks
}

#[test]
fn a_leak_in_a_stream_is_found() {
    let secret = format!("3|host|{SECRET_MARKER}-1");
    assert_eq!(seen_in_streams("", "fine"), [""; 0]);
    assert_eq!(seen_in_streams(&secret, ""), ["planted: stdout, as it is"]);
    assert_eq!(seen_in_streams("", &format!("error: {secret}\n")), ["planted: stderr, as it is"]);
    let encoded = BASE64_STANDARD.encode(&secret);
    assert_eq!(seen_in_streams("", &encoded), ["planted: stderr, in base64 at offset 1"]);
    // Two messages, with a half each.
    let (one, other) = secret.split_at(12);
    assert_eq!(seen_in_streams("", &format!("{one}\n{other}\n")), ["planted: stderr, as it is"]);
}

#[test]
fn what_an_answer_may_show_standard_error_may_not() {
    let mut seen = Seen::default();
    let both = SECRET_MARKER.as_bytes().to_vec();
    let written = Written { code: 0, stdout: both.clone(), stderr: both };
    seen.look(&Searcher::new(SECRET_MARKER), &written, InAnswer, "planted");
    assert_eq!((seen.shown, seen.leaks), (1, vec!["planted: stderr, as it is".to_owned()]));
}

#[test]
fn a_leak_in_a_file_is_found_wherever_it_is() {
    let searcher = Searcher::new(SECRET_MARKER);
    for name in [
        "state/zpakey/log/log.jsonl",
        "state/zpakey/tokens/x.json",
        "state/zpakey/sandbox.json",
        "cache/zpakey/names/x.json",
        "config/zpakey/config.toml",
        "tmp/.zpakey-x",
        "work/.zpakey-x",
    ] {
        let home = Home::new();
        let file = home.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, format!("{{\"name\":\"{SECRET_MARKER}\"}}")).unwrap();
        let mut seen = Seen::default();
        seen.search_files(&searcher, home.path(), "planted");
        assert_eq!(seen.leaks, [format!("planted: {}, as it is", file.display())]);
    }
}

#[test]
fn a_leak_in_a_processs_command_line_or_environment_is_found() {
    let searcher = Searcher::new(SECRET_MARKER);
    for (argument, variable, part) in [(SECRET_MARKER, "x", "cmdline"), ("x", SECRET_MARKER, "environ")] {
        let home = Home::new();
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 60; :", argument])
            .env("PLANTED", variable)
            .current_dir(home.work())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        // Until the program has taken the place of the test's own.
        let mut found = Vec::new();
        for _ in 0..1_000 {
            found = of_processes(&home, part);
            if found.iter().any(|bytes| bytes.windows(5).any(|text| text == b"sleep" || text == b"PLANT")) {
                break;
            }
            thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found.iter().any(|bytes| searcher.find(bytes).is_some()), "{part}");
    }
}
