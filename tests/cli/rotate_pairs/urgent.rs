//! Two processes of which one or both replace a key that leaked: whatever they say, it cannot enrol afterwards.

use std::{thread, time::Duration};

use serde_json::json;
use zpakey::sandbox::{Contents, Options, Quirks};

use super::Rotator;
use super::slow_network::Seed;
use crate::support::{Finished, Tenant};

const LINES: [[&str; 2]; 3] =
    [["--compromised", "--compromised"], ["--compromised", ""], ["--compromised", "--retire now"]];

/// Runs one pair; a sentence if something is not as it was said.
fn meet(number: u64) -> Option<String> {
    let contents = Contents::Seed(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 1}]}));
    let mut quirks = Quirks::default();
    if number % 2 == 1 {
        quirks.set("names=free").unwrap();
    }
    let tenant = Tenant::with(Options { contents, quirks, ..Options::default() });
    let mut seed = Seed(number + 7000);
    let lines = LINES[usize::try_from(number).unwrap() % LINES.len()];
    let rotators = [(); 2].map(|()| Rotator::new(&tenant, seed.next()));
    let start = |at: usize| rotators[at].run_with(&tenant, lines[at]).start();
    let first = start(0);
    thread::sleep(Duration::from_millis(seed.below(400)));
    let second = start(1);
    let done = [first.finish(), second.finish()];
    let each = |done: &Finished| format!("exit code {}\n{}{}\n", done.code, done.stdout, done.stderr);
    let told = done.iter().map(each).collect::<Vec<_>>().concat();
    let keys = tenant.state()["keys"].clone();
    let fail = |what: &str| Some(format!("pair {number} {lines:?}: {what}\n{told}{keys:#}"));
    if done.iter().any(|done| ![0, 6].contains(&done.code)) {
        return fail("an exit code that is neither 0 nor 6");
    }
    let all = keys.as_array().unwrap();
    let leaked = all.iter().find(|key| key["id"] == "38101").unwrap();
    let replaced = (0..2).any(|at| lines[at] == "--compromised" && done[at].code == 0);
    if replaced && leaked["enabled"] == json!(true) {
        return fail("the leaked key can enrol, and its replacement is said to be done");
    }
    if done.iter().all(|done| done.code == 0) {
        let named: Vec<_> = all.iter().filter(|key| key["name"] == "prod").collect();
        if named.len() != 1 || named[0]["enabled"] != json!(true) {
            return fail("not one key that can enrol has the name");
        }
        let texts = rotators.iter().filter_map(Rotator::text);
        if !texts.map(|text| tenant.enroll(&text)).any(|id| id.ok().as_deref() == named[0]["id"].as_str()) {
            return fail("nobody was handed the key that has the name");
        }
    }
    None
}

fn meet_all(numbers: std::ops::Range<u64>) {
    let problems: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4_u64)
            .map(|worker| {
                let mine = numbers.clone().filter(move |number| number % 4 == worker);
                scope.spawn(move || mine.filter_map(meet).collect::<Vec<_>>())
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let first = problems.first().map_or("", String::as_str);
    assert!(problems.is_empty(), "{} pairs: {first}", problems.len());
}

#[test]
fn a_leaked_key_that_two_processes_replace_at_once_cannot_enrol_afterwards() {
    meet_all(0..8);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn a_leaked_key_that_two_processes_replace_at_once_cannot_enrol_afterwards_200_times() {
    meet_all(0..200);
}
