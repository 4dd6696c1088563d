//! A program that prints the secret.

use std::{
    thread,
    time::{Duration, Instant},
};

use snapbox::str;

use super::{SECRET, assert_signs_in, list, service, set_secret};
use crate::support::{ApiClient, Service};

#[test]
fn what_it_prints_is_the_secret() {
    let service = service();
    for words in [format!("'printf', '%s', '{SECRET}'"), format!("'echo', '{SECRET}'")] {
        set_secret(&service, &format!("{{ cmd = [{words}] }}"));
        assert_signs_in(&service);
    }
}

#[test]
fn no_shell_reads_its_words() {
    let service = Service::start(ApiClient::one_api("$HOME; *"));
    set_secret(&service, "{ cmd = ['echo', '$HOME;', '*'] }");
    assert_signs_in(&service);
}

#[test]
fn it_has_no_input_and_its_messages_are_seen() {
    let service = service();
    let script = format!("cat; echo unlocking >&2; echo {SECRET}");
    set_secret(&service, &format!("{{ cmd = ['sh', '-c', '{script}'] }}"));
    let run = service.home().zpakey("list --type connector -o table").stdin("not the secret").run();
    run.code(0).stderr_has("unlocking\n");
    assert_eq!(service.refusals(), [""; 0]);
}

#[test]
fn one_that_fails() {
    let service = service();
    set_secret(&service, &format!("{{ cmd = ['sh', '-c', 'echo {SECRET}; exit 7'] }}"));
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): `sh` ended with exit status: 7, and no secret was taken from it
hint: run it by hand: it must print the secret and end with 0

"#]]);
    set_secret(&service, &format!("{{ cmd = ['sh', '-c', 'echo {SECRET}; kill -9 $$'] }}"));
    list(&service).code(3).stderr_has("`sh` ended with signal: 9 (SIGKILL)");
    assert_eq!(service.received(), []);
}

#[test]
fn one_that_is_not_there() {
    let service = service();
    set_secret(&service, "{ cmd = ['no-such-program', 'read'] }");
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): `no-such-program` is not there
hint: run it by hand: it must print the secret and end with 0

"#]]);
}

#[test]
fn one_that_cannot_be_run() {
    let service = service();
    service.home().write("data", "s3cret");
    set_secret(&service, "{ cmd = ['./data'] }");
    list(&service).code(3).stderr_has("`./data` could not be run: Permission denied");
}

#[test]
fn one_that_prints_nothing_or_no_text() {
    let service = service();
    set_secret(&service, "{ cmd = ['true'] }");
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): `true` printed nothing
hint: run it by hand: it must print the secret and end with 0

"#]]);
    set_secret(&service, "{ cmd = ['echo'] }");
    list(&service).code(3).stderr_has("`echo` printed nothing");
    set_secret(&service, r"{ cmd = ['printf', '\377\376'] }");
    list(&service).code(3).stderr_has("`printf` printed something that is not text");
}

#[test]
fn one_without_a_name() {
    let service = service();
    set_secret(&service, "{ cmd = [] }");
    list(&service).code(2).stderr_is(str![[r#"
error: [HOME]/config/zpakey/config.toml: profile "prod": client_secret: cmd names no program

"#]]);
    set_secret(&service, "{ cmd = 'op read s3cret' }");
    list(&service).code(2).stderr_is(str![[r#"
error: [HOME]/config/zpakey/config.toml line 4, column 17: that does not parse as the TOML of a profile file

"#]]);
}

#[test]
fn one_that_takes_longer_than_10_seconds_is_ended() {
    let service = service();
    set_secret(&service, "{ cmd = ['sleep', '60'] }");
    let begun = Instant::now();
    // That it has ended: nobody holds the streams any more.
    list(&service).code(3).stderr_is(str![[r#"
error: could not get the client secret (profile "prod"): `sleep` did not give the secret within 10 s
hint: run it by hand: it must print the secret and end with 0

"#]]);
    let took = begun.elapsed();
    assert!((10..30).contains(&took.as_secs()), "{took:?}");
}

#[test]
fn ctrl_c_ends_the_program_and_what_it_waits_for_at_once() {
    let service = service();
    set_secret(&service, "{ cmd = ['sh', '-c', 'touch started; exec sleep 60'] }");
    let running = service.home().zpakey("list --type connector").start();
    while !service.home().has("started") {
        thread::sleep(Duration::from_millis(5));
    }
    let begun = Instant::now();
    running.interrupt();
    // That the other has ended, too: nobody holds the streams any more.
    running.finish().code(130).stdout_is("").stderr_is("");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(service.received(), []);
}
