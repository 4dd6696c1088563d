//! Many runs, one after the other and at once, and who signs in for them.

use std::{
    fs::File,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use super::{LIST, SECRET, directory, service, token_file, token_files};
use crate::support::{ApiClient, Home, Running, Service, Tenant};

fn tenant(delay: Duration) -> Tenant {
    let contents = Contents::Seed(json!({"keys": [{"name": "demo"}]}));
    Tenant::with(Options { delay, contents, ..Options::default() })
}

fn sign_ins(tenant: &Tenant) -> usize {
    tenant.requests().iter().filter(|request| request.path == "/oauth2/v1/token").count()
}

/// Twenty real processes at the same moment.
fn twenty(tenant: &Tenant) {
    let running: Vec<Running> = (0..20).map(|_| tenant.zpakey("get demo --type connector").start()).collect();
    for run in running {
        run.finish().code(0);
    }
}

#[test]
fn ten_in_a_row_sign_in_once() {
    let tenant = tenant(Duration::ZERO);
    for _ in 0..10 {
        tenant.zpakey("get demo").run().code(0);
    }
    assert_eq!(sign_ins(&tenant), 1);
}

#[test]
fn twenty_at_once_sign_in_once() {
    // So long that all of them want a token before the first has one.
    let tenant = tenant(Duration::from_millis(200));
    twenty(&tenant);
    assert_eq!((sign_ins(&tenant), tenant.calls().len()), (1, 20));
}

#[test]
fn twenty_at_once_whose_token_was_ended_sign_in_once_more() {
    let tenant = tenant(Duration::from_millis(200));
    tenant.zpakey("get demo --type connector").run().code(0);
    tenant.clear_requests();
    tenant.set_faults(&json!({"request": 1, "action": "token_expired"}));
    twenty(&tenant);
    assert_eq!(sign_ins(&tenant), 1);
    let refused = tenant.requests().iter().filter(|request| request.status == Some(401)).count();
    assert!((1..=20).contains(&refused), "{refused}");
    assert_eq!(tenant.calls().len(), 20 + refused);
}

#[test]
fn a_token_that_was_ended_is_renewed_once_and_the_new_one_is_kept() {
    for client in [ApiClient::one_api(SECRET), ApiClient::legacy(SECRET)] {
        let service = Service::start(client);
        service.zpakey(LIST).run().code(0);
        let file = token_file(service.home());
        service.end_tokens();
        service.forget();
        service.zpakey(LIST).run().code(0);
        assert_eq!((service.sign_ins(), service.calls(), service.refusals().len()), (1, 2, 1));
        assert_eq!(token_file(service.home()), file);
        service.forget();
        service.zpakey(LIST).run().code(0);
        assert_eq!((service.sign_ins(), service.calls()), (0, 1));
    }
}

#[test]
fn a_token_is_not_used_in_its_last_minute() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    let file = token_file(service.home());
    for (left, sign_ins) in [(90, 1), (55, 2), (-10, 3)] {
        let mut kept: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        kept["tokens"][0]["expires_at"] = json!(jiff::Timestamp::now().as_second() + left);
        std::fs::write(&file, kept.to_string()).unwrap();
        service.zpakey(LIST).run().code(0);
        assert_eq!(service.sign_ins(), sign_ins, "{left} s left");
    }
    service.zpakey(LIST).run().code(0);
    assert_eq!(service.sign_ins(), 3);
}

#[test]
fn a_permission_that_is_missing_costs_a_kept_token_one_sign_in_and_no_more() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    service.forget();
    let refused = crate::support::Answer::new(401, json!({"id": "access.denied", "reason": "Access denied"}));
    service.tell("/provisioningKey/", [refused]);
    service.zpakey("get id:1 --type connector").run().code(3);
    assert_eq!((service.sign_ins(), service.calls()), (1, 2));
}

/// Holds the lock of those that sign in, as a process does that was stopped.
fn hold_lock(token_file: &Path) -> File {
    let lock = token_file.with_extension("lock");
    let held = File::options().write(true).create_new(true).mode(0o600).open(lock).unwrap();
    held.lock().unwrap();
    held
}

#[test]
fn a_lock_that_is_never_given_back_holds_nobody_up_for_ever() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    let file = token_file(service.home());
    std::fs::remove_file(&file).unwrap();
    let _held = hold_lock(&file);
    let begun = Instant::now();
    let run = service.zpakey(format!("{LIST} --timeout 3s")).run().code(0);
    run.stderr_has("for another run of zpakey that is signing in, then going on without its lock");
    // Half of the limit is for the lock, the other half for signing in.
    assert!((1_400..10_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert_eq!((service.sign_ins(), token_files(service.home()).len()), (2, 1));
    // Whoever finds a token needs no lock.
    let begun = Instant::now();
    service.zpakey(LIST).run().code(0);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(service.sign_ins(), 2);
}

#[test]
fn a_process_that_stopped_while_it_signed_in_holds_nobody_up_for_ever() {
    let tenant = tenant(Duration::ZERO);
    tenant.set_faults(&json!({"contains": "/oauth2/", "nth": 1, "action": {"hang_before": 60_000}}));
    let hung = tenant.zpakey("get demo --timeout 60s").start();
    while tenant.requests().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    tenant.zpakey("get demo --timeout 3s").run().code(0);
    assert_eq!(sign_ins(&tenant), 2);
    hung.interrupt();
    hung.finish().code(130);
    assert_eq!(token_files(tenant.home()).len(), 1);
}

#[test]
fn ctrl_c_while_it_waits_for_the_lock_ends_it_at_once() {
    let service = service();
    std::fs::create_dir_all(directory(service.home())).unwrap();
    service.zpakey(LIST).run().code(0);
    let file = token_file(service.home());
    std::fs::remove_file(&file).unwrap();
    let _held = hold_lock(&file);
    let running = service.zpakey(LIST).start();
    thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    running.interrupt();
    running.finish().code(130);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(service.sign_ins(), 1);
}

#[test]
fn where_nothing_can_be_kept_each_run_signs_in_and_says_nothing_of_it() {
    let service = service();
    let home: &Home = service.home();
    std::fs::write(home.path().join("state"), "a file where a directory should be").unwrap();
    for state in [home.path().join("state"), "/proc/self/nothing".into(), "/dev/null".into()] {
        service.forget();
        for _ in 0..2 {
            let run = service.zpakey(format!("{LIST} -q")).env("XDG_STATE_HOME", state.display().to_string());
            run.run().code(0).stderr_is("");
        }
        assert_eq!(service.sign_ins(), 2);
    }
    // Two requests of one run share a token all the same.
    service.forget();
    service.zpakey("list").env("XDG_STATE_HOME", "/dev/null").run().code(0);
    assert_eq!((service.sign_ins(), service.calls()), (1, 2));
}
