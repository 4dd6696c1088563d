//! The slice of the sweep that runs as processes, and what only a process has: a command line that every other
//! process can read.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{fs, thread, time::Duration};

use serde_json::json;
use zpakey::sandbox::SECRET_MARKER;

use super::{
    ASKING, InAnswer, LOOKS, Nowhere, Seen, Written, assert_no_leaks, given, given_keys, given_name,
    given_state, key_text, modes, searcher::Searcher, sweep, tenant, with_options,
};
use crate::support::{Home, Tenant};

#[test]
fn no_process_leaks_a_secret() {
    let example = tenant(0);
    let modes = modes(&key_text(&example), &example.access().client_secret);
    let modes: Vec<_> =
        modes.iter().filter(|mode| ["well", "quoting everywhere"].contains(&mode.name.as_str())).collect();
    let seen = sweep(&ASKING, |(line, shows)| {
        let searcher = Searcher::new(SECRET_MARKER);
        let mut seen = Seen::default();
        for mode in &modes {
            let tenant = tenant(if line.contains("spare") { LOOKS } else { 0 });
            tenant.set_faults(&mode.faults);
            let line = line.replace("{n}", "0").replace("{file}", "asked-for-0");
            let line = line.replace("{given}", &given(&tenant)).replace("{state}", &given_state(&tenant));
            let line = line.replace("{named}", &given_name(&tenant)).replace("{keys}", &given_keys(&tenant));
            let run = tenant.zpakey(with_options(&line, "-vv --max-wait 0s")).run();
            let code = u8::try_from(run.code).unwrap();
            let written = Written { code, stdout: run.stdout.into_bytes(), stderr: run.stderr.into_bytes() };
            seen.look(&searcher, &written, *shows, &format!("{}: zpakey {line}", mode.name));
            seen.search_files(&searcher, tenant.home().path(), &line);
        }
        seen
    });
    assert_no_leaks(&seen);
    assert_eq!((seen.runs, seen.shown, seen.files), (162, 6, 6));
}

/// Returns the command line, or the environment, of each process that runs in this home, but for the test's own.
pub(super) fn of_processes(home: &Home, part: &str) -> Vec<Vec<u8>> {
    let work = home.work();
    let numbers = fs::read_dir("/proc").unwrap().filter_map(Result::ok).map(|entry| entry.path());
    numbers
        .filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|directory| directory == work))
        .filter_map(|process| fs::read(process.join(part)).ok())
        .collect()
}

/// Waits until the tenant was asked for keys.
fn until_asked(tenant: &Tenant) {
    while tenant.calls().is_empty() {
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn the_command_line_of_a_running_process_has_no_secret() {
    let searcher = Searcher::new(SECRET_MARKER);
    let tenant = tenant(0);
    tenant.home().write("secret", &tenant.access().client_secret.clone());
    tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "action": {"hang_before": 60_000}}]));
    for line in
        ["reveal demo --yes", "get demo --client-id zpakey-sandbox-client --client-secret-file secret"]
    {
        tenant.clear_requests();
        let running = tenant.zpakey(line).start();
        until_asked(&tenant);
        let lines = of_processes(tenant.home(), "cmdline");
        assert!(!lines.is_empty(), "the process was not seen");
        assert!(lines.iter().all(|line| searcher.find(line).is_none()), "zpakey {line}");
        running.interrupt();
        running.finish().code(130);
    }
}

#[test]
fn a_program_that_gets_a_file_or_standard_input_has_no_secret_in_its_environment() {
    let searcher = Searcher::new(SECRET_MARKER);
    let script = "echo seen; cat /proc/$$/environ /proc/$$/cmdline";
    for hand in [&["--file", "KEY"][..], &["--stdin"]] {
        let words = [&["exec", "demo"], hand, &["--", "/bin/sh", "-c", script]].concat();
        let run = tenant(0).zpakey(words).run().code(0).stdout_has("seen");
        assert!(searcher.find(run.stdout.as_bytes()).is_none(), "{hand:?}");
    }
}

#[test]
fn a_text_that_is_to_be_identified_is_not_quoted_whatever_is_wrong_with_it() {
    let tenant = tenant(0);
    let text = key_text(&tenant);
    let mut seen = Seen::default();
    for input in [
        format!("\"{text}\""),
        format!("{text}\r\n\n"),
        format!("{{\"provisioning_key\":\"{text}\"}}"),
        format!("{text}\n{text}"),
        format!("x{text}"),
        text[..200].to_owned(),
        text[30..].to_owned(),
        text.replace("-216", "-217"),
        text.replace('|', " "),
    ] {
        for line in ["identify -", "identify - --offline", "identify - --all-types"] {
            for format in ["table", "json"] {
                let run = tenant.zpakey(format!("{line} -o {format} -vv")).stdin(input.clone()).run();
                let written =
                    Written { code: 0, stdout: run.stdout.into_bytes(), stderr: run.stderr.into_bytes() };
                seen.look(&Searcher::new(SECRET_MARKER), &written, Nowhere, line);
            }
        }
    }
    seen.search_files(&Searcher::new(SECRET_MARKER), tenant.home().path(), "files");
    assert_no_leaks(&seen);
    assert_eq!(seen.runs, 54);
}

#[test]
fn a_program_that_gives_the_secret_is_told_none_and_zpakeys_own_environment_gets_none() {
    let searcher = Searcher::new(SECRET_MARKER);
    let tenant = tenant(0);
    let access = tenant.access();
    tenant.home().write("given-secret", &access.client_secret.clone());
    tenant.home().write_profiles(&format!(
        "active = 'prod'\n[profiles.prod]\nclient_id = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n\
         client_secret = {{ cmd = ['sh', '-c', 'until test -e go; do sleep 0.01; done; cat given-secret'] }}\n",
        access.client_id, access.customer_id, access.api_url, access.token_url
    ));
    tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "action": {"hang_before": 60_000}}]));
    let running = tenant.home().zpakey("reveal demo --yes").start();
    let look = |least: usize| {
        for part in ["cmdline", "environ"] {
            let found = of_processes(tenant.home(), part);
            assert!(found.len() >= least, "{part} of {} processes", found.len());
            assert!(found.iter().all(|bytes| searcher.find(bytes).is_none()), "{part}");
        }
    };
    // zpakey and the shell, while the program is asked.
    while of_processes(tenant.home(), "cmdline").len() < 2 {
        thread::sleep(Duration::from_millis(1));
    }
    look(2);
    tenant.home().write("go", "");
    until_asked(&tenant);
    // zpakey, which has the secret and a token now.
    look(1);
    running.interrupt();
    running.finish().code(130);
}

#[test]
fn a_running_process_leaves_no_core_dump() {
    let tenant = tenant(0);
    tenant.set_faults(&json!([{"contains": "/mgmtconfig/", "action": {"hang_before": 60_000}}]));
    let running = tenant.zpakey("reveal demo --yes").start();
    until_asked(&tenant);
    let limits = of_processes(tenant.home(), "limits");
    let limits = limits.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect::<Vec<_>>();
    let core =
        limits.iter().flat_map(|text| text.lines()).find(|line| line.starts_with("Max core file size"));
    assert_eq!(core.unwrap().split_whitespace().skip(4).collect::<Vec<_>>(), ["0", "0", "bytes"]);
    running.interrupt();
    running.finish().code(130);
}

#[test]
fn a_program_that_the_sandbox_runs_gets_no_secret_in_a_command_line() {
    let home = Home::new();
    let script = "tr '\\0' ' ' </proc/$$/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline";
    let run = home.zpakey(["sandbox", "run", "--", "/bin/sh", "-c", script]).run().code(0);
    run.stdout_has("sandbox run").has_no_secret();
}

#[test]
fn the_served_sandbox_shows_its_client_secret_in_its_answer_and_nowhere_else() {
    let searcher = Searcher::new(SECRET_MARKER);
    let home = Home::new();
    let served = home.zpakey("sandbox serve -vv").start();
    served.stderr_until("Ctrl-C ends it");
    served.interrupt();
    let run = served.finish().code(130).stdout_has(SECRET_MARKER);
    let written = Written { code: 0, stdout: run.stdout.into_bytes(), stderr: run.stderr.into_bytes() };
    let mut seen = Seen::default();
    seen.look(&searcher, &written, InAnswer, "sandbox serve");
    seen.search_files(&searcher, home.path(), "sandbox serve");
    assert_no_leaks(&seen);
    assert_eq!(seen.shown, 1);
}

#[test]
fn a_key_on_standard_input_is_not_quoted() {
    let tenant = tenant(0);
    let text = key_text(&tenant);
    let mut seen = Seen::default();
    for line in ["get -", "delete - --yes", "update - --disable", "reveal - --yes"] {
        for input in
            [text.clone(), format!("[\"{text}\"]"), format!("[\"{text}\""), format!("{{\"id\":\"{text}\"}}")]
        {
            for format in ["table", "json"] {
                let run = tenant.zpakey(format!("{line} -o {format} -vv")).stdin(input.clone()).run().code(2);
                let written =
                    Written { code: 2, stdout: run.stdout.into_bytes(), stderr: run.stderr.into_bytes() };
                seen.look(&Searcher::new(SECRET_MARKER), &written, Nowhere, line);
            }
        }
    }
    assert_no_leaks(&seen);
    assert_eq!(seen.runs, 32);
}
