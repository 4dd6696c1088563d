//! Several lineages: each with its own outcome, and an end between two writes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use super::{is_stopped, now};
use crate::support::Tenant;

/// Lineages `a`, `b` and `c`, each with a predecessor whose time has come: 38102, 38104, 38106.
fn lineages() -> Value {
    let keys: Vec<Value> = ["a", "b", "c"]
        .iter()
        .enumerate()
        .flat_map(|(at, name)| {
            let old = format!("{name}.old-{}.202011231504", 38102 + 2 * at);
            [json!({"name": name, "usageCount": 1}), json!({"name": old, "maxUsage": 50, "usageCount": 47})]
        })
        .collect();
    json!({ "keys": keys })
}

#[test]
fn all_that_is_due_is_retired() {
    let mut seed = lineages();
    let keys = seed["keys"].as_array_mut().unwrap();
    keys.extend([
        json!({"name": "later", "usageCount": 1}),
        json!({"name": "later.old-38108.209911231504"}),
        json!({"name": "held", "usageCount": 1}),
        json!({"name": "held.old-38110.hold"}),
        json!({"name": "gone.old-38111.202011231504"}),
    ]);
    let tenant = Tenant::seeded(seed);
    let answer = tenant.zpakey("retire --all-due --yes").run().code(0).json();
    let names: Vec<&Value> = answer.as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(tenant.writes().len(), 3);
    for id in ["38102", "38104", "38106"] {
        assert!(is_stopped(&tenant, id, "47"), "{id}");
    }
    tenant.zpakey("retire --all-due --yes").run().code(0).stdout_is("[]\n").stderr_is("nothing is due\n");
}

#[test]
fn all_that_is_due_is_waited_for_once_and_listed_once() {
    let tenant = Tenant::seeded(lineages());
    let begun = Instant::now();
    let run = tenant.zpakey("retire --all-due --yes --type connector").run().code(0);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let waits = "making sure that no other writer undoes it\n";
    assert_eq!(run.stderr.matches(waits).count(), 1);
    // Each lineage: its keys, the connectors, the successor, then the pair and the read-back; and one list at each end.
    assert_eq!(tenant.calls().len(), 1 + 3 * 6 + 1, "{:#?}", tenant.calls());
}

#[test]
fn one_that_another_writer_lets_enrol_again_is_retired_again() {
    let tenant = Tenant::seeded(lineages());
    let acts = [json!({"unblock": "38104"}), json!({"set_max_usage": "38104", "to": 50})];
    let list = "*/CONNECTOR_GRP/provisioningKey";
    // The lists: one that finds what is due, one for each lineage; each lineage reads two keys, one of them twice.
    tenant.set_faults(&json!([{"method": "GET", "path": list, "nth": 14, "before": acts}]));
    let run = tenant.zpakey("retire a b c --yes --type connector").run().code(0);
    let told = "another writer let 38104 enrol again meanwhile; it was stopped again";
    assert_eq!(run.json()[1]["warnings"], json!([told]));
    assert_eq!(tenant.writes().len(), 4);
    assert!(is_stopped(&tenant, "38104", "47"));
}

#[test]
fn a_successor_that_is_stopped_meanwhile_keeps_its_predecessor_from_being_retired_again() {
    let tenant = Tenant::seeded(lineages());
    let acts =
        [json!({"unblock": "38104"}), json!({"set_max_usage": "38104", "to": 50}), json!({"block": "b"})];
    let list = "*/CONNECTOR_GRP/provisioningKey";
    tenant.set_faults(&json!([{"method": "GET", "path": list, "nth": 14, "before": acts}]));
    let run = tenant.zpakey("retire a b c --yes --type connector -o json").run().code(6);
    assert_eq!(run.error()["failures"][0]["key"], "b");
    assert_eq!(tenant.writes().len(), 3);
    assert_eq!(tenant.key("38104").unwrap()["enabled"], true);
}

#[test]
fn a_successor_that_is_stopped_meanwhile_is_not_called_done() {
    for act in
        [json!({"block": "38103"}), json!({"rename": "38103", "to": "mine"}), json!({"delete": "38103"})]
    {
        let tenant = Tenant::seeded(lineages());
        let list = "*/CONNECTOR_GRP/provisioningKey";
        tenant.set_faults(&json!([{"method": "GET", "path": list, "nth": 14, "before": act}]));
        let run = tenant.zpakey("retire a b c --yes --type connector -o json").run().code(6);
        assert_eq!(run.json().as_array().unwrap().len(), 2, "{act}");
        let failure = &run.error()["failures"][0];
        let message = failure["message"].as_str().unwrap();
        assert_eq!(failure["key"], "b");
        let told =
            "38103, which took over, cannot enrol any more or lost its name, and 38104 cannot enrol either";
        assert!(message.contains(told), "{act}: {message}");
    }
}

#[test]
fn a_list_that_is_not_whole_leaves_it_open_whether_more_is_due() {
    let tenant = Tenant::seeded(lineages());
    let edges = "SERVICE_EDGE_GRP/provisioningKey";
    let refused = json!({"status": 403, "body": {"id": "access.denied"}});
    tenant.set_faults(&json!({"contains": edges, "action": refused}));
    let run = tenant.zpakey("retire --all-due --yes -o json").run().code(6);
    assert_eq!((run.json().as_array().unwrap().len(), &run.error()["code"]), (3, &json!("partial")));
    let again = tenant.zpakey("retire --all-due --yes -o json").run().code(6);
    assert_eq!(again.stdout, "[]\n");
    again.lacks("nothing is due");
    let text = tenant.zpakey("retire --all-due --yes -o table").run().code(6);
    text.stderr_has("hint: zpakey doctor --online tells which types this credential may read\n");
    tenant.zpakey("doctor --online -o table").run().stdout_has("service-edge");
    let short = json!({"status": 200, "body": {"totalPages": "1", "totalCount": "7", "list": []}});
    tenant.set_faults(&json!({"contains": edges, "action": short}));
    let run =
        tenant.zpakey("retire --all-due --yes -o table").run().code(6).stderr_has("incomplete: 0 of 7\n");
    run.stderr_has("hint: run it again: the API did not send all keys that it counts\n").lacks("doctor");
    tenant.zpakey("purge --all-due --yes").run().code(6);
}

#[test]
fn what_is_not_proven_is_skipped_and_the_rest_retired() {
    let mut seed = lineages();
    seed["keys"][2]["usageCount"] = json!(0);
    seed["connectors"] = json!([{"name": "fra", "provisioningKeyId": "38104", "creationTime": now()}]);
    let tenant = Tenant::seeded(seed);
    let run = tenant.zpakey("retire --all-due --yes").run().code(6);
    assert_eq!(run.json().as_array().unwrap().len(), 2);
    let failure = &run.error()["failures"][0];
    assert_eq!((&failure["key"], &failure["code"]), (&json!("b"), &json!("rotation_incomplete")));
    let message = failure["message"].as_str().unwrap();
    assert!(
        message.starts_with("not retired: b (previous, 38104) · its successor 38103 has enrolled nothing"),
        "{message}"
    );
    assert!(!is_stopped(&tenant, "38104", "47"));
}

#[test]
fn one_that_fails_leaves_the_others() {
    let tenant = Tenant::seeded(lineages());
    let run = tenant.zpakey("retire a nothing id:38103 c --yes").run().code(6);
    let answer = run.json();
    assert_eq!((&answer[0]["name"], &answer[1]["name"]), (&json!("a"), &json!("c")));
    let failures = &run.error()["failures"];
    assert_eq!((&failures[0]["key"], &failures[0]["code"]), (&json!("nothing"), &json!("not_found")));
    assert_eq!((&failures[1]["key"], &failures[1]["code"]), (&json!("b"), &json!("conflict")));
    assert_eq!(tenant.writes().len(), 2);
}

#[test]
fn names_are_read_from_standard_input() {
    let tenant = Tenant::seeded(lineages());
    let run = tenant.zpakey("retire - --yes -q").stdin("a\nb\n").run().code(0);
    run.stdout_is("38102\n38104\n");
}

#[test]
fn a_dry_run_lists_the_requests_of_all() {
    let tenant = Tenant::seeded(lineages());
    let plans = tenant.zpakey("retire --all-due -n").run().code(0).json();
    assert_eq!(plans.as_array().unwrap().len(), 3);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_terminal_asks_once_for_all_and_lists_them() {
    let tenant = Tenant::seeded(lineages());
    let mut terminal = tenant.zpakey("retire --all-due").terminal();
    let list = terminal.expect("? Retire all 3? [y/N] ");
    for id in ["38102", "38104", "38106"] {
        assert!(list.contains(&format!("(previous, {id}) from enrolling")), "{list}");
    }
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(terminal.screen().matches("[y/N]").count(), 1);
    assert!(["38102", "38104", "38106"].iter().all(|id| is_stopped(&tenant, id, "47")));
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn a_no_for_all_changes_nothing() {
    let tenant = Tenant::seeded(lineages());
    let mut terminal = tenant.zpakey("retire --all-due").terminal();
    terminal.expect("? Retire all 3? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert!(terminal.screen().ends_with("error: cancelled; nothing was changed\n"), "{}", terminal.screen());
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn what_changed_while_the_question_for_all_was_open_is_asked_anew() {
    let tenant = Tenant::seeded(lineages());
    let mut terminal = tenant.zpakey("retire --all-due").terminal();
    terminal.expect("? Retire all 3? [y/N] ");
    tenant.zpakey("update id:38103 --add-uses 1 --yes").run().code(0);
    terminal.type_line("y");
    terminal.expect("? Retire 38104? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 6);
    assert!(is_stopped(&tenant, "38102", "47") && is_stopped(&tenant, "38106", "47"));
    assert_eq!(tenant.writes().len(), 3);
}

#[test]
fn ctrl_c_ends_before_the_next_write_and_names_what_does_the_rest() {
    let seed = Contents::Seed(lineages());
    let tenant =
        Tenant::with(Options { contents: seed, delay: Duration::from_millis(150), ..Options::default() });
    let running = tenant.zpakey("retire a b c --yes -o json --type connector").start();
    let deadline = Instant::now() + Duration::from_secs(20);
    while tenant.writes().is_empty() {
        assert!(Instant::now() < deadline, "{:?}", tenant.calls());
        std::thread::sleep(Duration::from_millis(2));
    }
    running.interrupt();
    let done = running.finish().code(130);
    assert_eq!(done.json()[0]["name"], "a");
    let error = done.error();
    assert_eq!(error["message"], "interrupted: 1 of 3 keys retired, 2 not started");
    assert_eq!(error["hints"][0], "the rest: zpakey retire b c --yes -o json --type connector");
    assert!(is_stopped(&tenant, "38102", "47"));
    assert_eq!(tenant.writes().len(), 1);
}
