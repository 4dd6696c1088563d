//! A state directory that is not there, goes away, or is something else: what is kept for the next run is gone without,
//! and the sandbox, whose tenant lives there, says so.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::{Contents, Options};

use crate::support::{Home, Tenant};

/// A tenant that takes a while for each answer: time to take a directory away.
fn slow() -> Tenant {
    let contents = Contents::Seed(json!({"keys": [{"name": "prod"}]}));
    Tenant::with(Options { delay: Duration::from_millis(300), contents, ..Options::default() })
}

fn sign_ins(tenant: &Tenant) -> usize {
    tenant.requests().iter().filter(|request| request.path == "/oauth2/v1/token").count()
}

/// Runs a list, and does something to the directory where the state is once the list was asked for.
fn list_while(tenant: &Tenant, change: impl FnOnce(&Path)) {
    tenant.clear_requests();
    let running = tenant.zpakey("list -q --type connector").start();
    let limit = Instant::now() + Duration::from_secs(20);
    while tenant.calls().is_empty() {
        assert!(Instant::now() < limit, "no request arrived");
        thread::sleep(Duration::from_millis(2));
    }
    change(&tenant.home().path().join("state"));
    running.finish().code(0).stdout_is("38101\n").stderr_is("");
}

#[test]
fn a_directory_that_goes_away_during_a_run_is_made_anew_by_the_next() {
    let tenant = slow();
    list_while(&tenant, |state| fs::remove_dir_all(state).unwrap());
    list_while(&tenant, |_| ());
    assert_eq!(sign_ins(&tenant), 1, "the token had gone with the directory");
    list_while(&tenant, |_| ());
    assert_eq!(sign_ins(&tenant), 0, "it is kept again");
}

#[test]
fn a_directory_that_becomes_a_file_during_a_run_is_left_alone() {
    let tenant = slow();
    list_while(&tenant, |state| {
        fs::remove_dir_all(state).unwrap();
        fs::write(state, "mine").unwrap();
    });
    list_while(&tenant, |state| assert_eq!(fs::read_to_string(state).unwrap(), "mine"));
    assert_eq!(sign_ins(&tenant), 1);
}

#[test]
fn a_cache_that_goes_away_during_a_run_is_made_anew() {
    let tenant = slow();
    tenant.zpakey("list -q").run().code(0);
    let cache = tenant.home().path().join("cache");
    list_while(&tenant, |_| fs::remove_dir_all(&cache).unwrap());
    assert!(cache.is_dir());
}

#[test]
fn a_sandbox_whose_directory_is_a_file_says_so_and_leaves_it_alone() {
    let home = Home::new();
    fs::write(home.path().join("state"), "mine").unwrap();
    for command in ["list", "create demo --type connector --group id:1 --max-usage 1", "doctor --online"] {
        let finished = home.sandboxed(format!("{command} -o table")).run().code(2);
        finished.stdout_is("").stderr_is(str![[r"
sandbox tenant, nothing real is touched
error: the sandbox: cannot create `[HOME]/state/zpakey`: Not a directory (os error 20)
hint: set XDG_STATE_HOME to a directory that you can write
hint: zpakey sandbox run -- CMD keeps its tenant in memory

"]]);
    }
    assert_eq!(fs::read_to_string(home.path().join("state")).unwrap(), "mine");
}

#[test]
fn a_sandbox_whose_file_is_a_directory_says_so() {
    let home = Home::new();
    let file = home.path().join("state/zpakey/sandbox.json");
    fs::create_dir_all(&file).unwrap();
    home.sandboxed("list -o table").run().code(2).stdout_is("").stderr_is(str![[r"
sandbox tenant, nothing real is touched
error: the sandbox: cannot read `[HOME]/state/zpakey/sandbox.json`: Is a directory (os error 21)
hint: set XDG_STATE_HOME to a directory that you can write
hint: zpakey sandbox run -- CMD keeps its tenant in memory

"]]);
    assert!(file.is_dir());
}

#[test]
fn a_served_sandbox_whose_directory_went_away_says_so_and_changes_nothing() {
    let home = Home::new();
    let serve = home.zpakey("sandbox serve --state place/tenant.json").start();
    let variables = serve.stdout_until("ZPA_CLIENT_SECRET=");
    let served = |line: &str| {
        variables.lines().fold(home.zpakey(line), |run, line| {
            let (name, value) = line.trim_start_matches("export ").split_once('=').unwrap();
            run.env(name, value.trim_matches('\''))
        })
    };
    let create = "create demo --type connector --group 'AWS us-east-1' --max-usage 1 -o table";
    served("list -q").run().code(0).stdout_is("");
    fs::remove_dir_all(home.work().join("place")).unwrap();
    // A 500 would be tried again, and leave open what had happened.
    served(create).run().code(5).stdout_is("").stderr_is(str![[r#"
error: creating the key: the API answered 424 sandbox.error: cannot lock `place/tenant.json.lock`: No such file or directory (os error 2)

"#]]);
    fs::create_dir(home.work().join("place")).unwrap();
    served(&format!("{create} -q")).run().code(0).stdout_is("38101\n");
    serve.interrupt();
    serve.finish().code(130);
}
