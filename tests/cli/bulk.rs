//! Many keys in one command: pace, order, and an end in the middle.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod interrupted;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use crate::support::{Tenant, Terminal};

const KEYS: &str = "v1/associationType/CONNECTOR_GRP/provisioningKey";

/// A tenant with App Connector keys `k001`, `k002`, …, from id 38101 on.
fn tenant(keys: usize, options: Options) -> Tenant {
    let keys: Vec<Value> = (1..=keys).map(|number| json!({"name": format!("k{number:03}")})).collect();
    Tenant::with(Options { contents: Contents::Seed(json!({"keys": keys})), ..options })
}

fn ids(count: usize) -> String {
    (0..count).map(|index| format!("id:{}", 38101 + index)).collect::<Vec<_>>().join(" ")
}

fn statuses(tenant: &Tenant, status: u16) -> usize {
    tenant.requests().iter().filter(|request| request.status == Some(status)).count()
}

/// How many keys have a limit of so many uses.
fn with_max_usage(tenant: &Tenant, limit: &str) -> usize {
    let state = tenant.state();
    let keys = state["keys"].as_array().unwrap();
    keys.iter().filter(|key| key["maxUsage"] == limit).count()
}

/// How long it took from the arrival of the first write to the answer to the last.
fn time_of_writes(tenant: &Tenant) -> Duration {
    let writes = tenant.requests().into_iter().filter(|request| request.method == "PUT");
    let (arrived, answered): (Vec<_>, Vec<_>) =
        writes.map(|write| (write.arrived, write.answered.unwrap())).unzip();
    answered.into_iter().max().unwrap() - arrived.into_iter().min().unwrap()
}

#[test]
fn two_hundred_updates_use_the_rate_limit_and_never_pass_it() {
    update_two_hundred(1.25);
}

#[test]
#[ignore = "needs the machine for itself: `.ci/run` gives it that"]
fn two_hundred_updates_use_the_whole_rate_limit() {
    update_two_hundred(1.05);
}

/// Updates 200 keys, and holds the time of the writes against the least that the limit lets through.
fn update_two_hundred(tolerance: f64) {
    // A window is a second here; the first 10 writes are free, and each further window lets 10 through.
    let optimum = Duration::from_secs(19);
    let options = Options { enforce_limits: true, time_scale: 10, ..Options::default() };
    let tenant = tenant(200, options);
    let names: Vec<String> = (1..=200).map(|number| format!("k{number:03}")).collect();
    // A busy machine only makes a run longer, so the fastest one counts.
    let mut fastest = Duration::MAX;
    for limit in ["77", "78", "79"] {
        tenant.clear_requests();
        let run = tenant.zpakey(format!("update - --max-usage {limit} --type connector"));
        let updated = run.stdin(names.join("\n")).run().code(0).json();
        assert_eq!(updated.as_array().unwrap().len(), 200);
        assert_eq!(with_max_usage(&tenant, limit), 200);
        assert_eq!(statuses(&tenant, 429), 0);
        fastest = fastest.min(time_of_writes(&tenant));
        if fastest < optimum.mul_f64(tolerance) {
            break;
        }
    }
    assert!(fastest < optimum.mul_f64(tolerance), "{fastest:?}");
    assert!(fastest > optimum.mul_f64(0.95), "{fastest:?} is faster than the limit lets through");
}

#[test]
fn keys_are_read_one_by_one_written_in_order_and_looked_at_together() {
    let tenant = tenant(3, Options::default());
    tenant.zpakey("update k003 k001 k002 --max-usage 77 --type connector").run().code(0);
    assert_eq!(
        tenant.writes(),
        [format!("PUT {KEYS}/38103"), format!("PUT {KEYS}/38101"), format!("PUT {KEYS}/38102")]
    );
    let reads: Vec<_> = tenant.calls().into_iter().filter(|call| call.starts_with("GET ")).collect();
    assert_eq!(
        reads,
        [
            format!("GET {KEYS}"),
            format!("GET {KEYS}/38103"),
            format!("GET {KEYS}/38101"),
            format!("GET {KEYS}/38102"),
            format!("GET {KEYS}"),
        ]
    );
}

#[test]
fn a_list_that_lags_behind_an_update_is_not_believed() {
    let tenant = tenant(2, Options::default());
    let list = json!({"totalPages": "1", "totalCount": "2", "list": [
        {"id": "38101", "name": "k001", "maxUsage": "10", "usageCount": "0", "zcomponentId": "72058304855047746",
         "enabled": true, "exportable": true, "enrollmentCertId": "16560"},
        {"id": "38102", "name": "k002", "maxUsage": "10", "usageCount": "0", "zcomponentId": "72058304855047746",
         "enabled": true, "exportable": true, "enrollmentCertId": "16560"},
    ]});
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/provisioningKey", "nth": 4, "action": {"status": 200, "body": list}}
    ]));
    let updated = tenant.zpakey("update k001 k002 --max-usage 77 --type connector").run().code(0).json();
    assert_eq!([&updated[0]["max_usage"], &updated[1]["max_usage"]], [77, 77]);
    // Each is read by itself, both in flight together.
    let mut reads = tenant.calls().split_off(tenant.calls().len() - 2);
    reads.sort();
    assert_eq!(reads, [format!("GET {KEYS}/38101"), format!("GET {KEYS}/38102")]);
}

#[test]
fn each_key_has_its_own_outcome() {
    let tenant = tenant(3, Options::default());
    tenant.set_faults(
        &json!([{"method": "PUT", "contains": "38102", "action": {"status": 400, "body": {"id": "x.y"}}}]),
    );
    let done = tenant.zpakey("update k001 k002 k003 --max-usage 77 -o json").run().code(6);
    assert_eq!([&done.json()[0]["name"], &done.json()[1]["name"]], ["k001", "k003"]);
    let error = done.error();
    assert_eq!(error["message"], "1 of 3 keys failed");
    assert!(error["failures"][0]["key"] == "k002", "{error}");
    assert_eq!(with_max_usage(&tenant, "77"), 2);
}

#[test]
fn a_key_that_is_as_wanted_is_not_written() {
    let tenant = tenant(3, Options::default());
    tenant.zpakey("update k002 --max-usage 77").run().code(0);
    tenant.clear_requests();
    let done = tenant.zpakey("update k001 k002 k003 --max-usage 77").run().code(0);
    assert_eq!(done.json().as_array().unwrap().len(), 3);
    assert_eq!(tenant.writes(), [format!("PUT {KEYS}/38101"), format!("PUT {KEYS}/38103")]);
}

/// How long a command on six keys takes whose answers take 100 ms each.
fn time_of_six(arguments: &str) -> Duration {
    let tenant = tenant(6, Options { delay: Duration::from_millis(100), ..Options::default() });
    let begun = Instant::now();
    tenant.zpakey(format!("{arguments} {}", ids(6))).run().code(0);
    begun.elapsed()
}

#[test]
fn several_writes_at_once_take_the_time_of_one() {
    let one_by_one = time_of_six("delete --yes --type connector");
    // A sign-in, a list, and six deletions.
    assert!(one_by_one >= Duration::from_millis(800), "{one_by_one:?}");
    let together = time_of_six("delete --yes --type connector --parallel 6");
    assert!(together + Duration::from_millis(300) < one_by_one, "{together:?} and {one_by_one:?}");
}

#[test]
fn updates_at_once_take_the_time_of_one() {
    // Each is a read and the write behind it, and nothing of another key lies between the two.
    let one_by_one = time_of_six("update --max-usage 77 --type connector");
    assert!(one_by_one >= Duration::from_millis(1500), "{one_by_one:?}");
    let together = time_of_six("update --max-usage 78 --type connector --parallel 6");
    assert!(together + Duration::from_millis(600) < one_by_one, "{together:?} and {one_by_one:?}");
}

#[test]
fn how_many_at_once_has_bounds() {
    let tenant = tenant(1, Options::default());
    for wrong in ["0", "65", "many"] {
        tenant.zpakey(format!("delete k001 --yes --parallel {wrong}")).run().code(2);
    }
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn a_log_tells_beforehand_how_long_it_takes_and_then_each_wait() {
    let options = Options { enforce_limits: true, time_scale: 5, ..Options::default() };
    let tenant = tenant(25, options);
    let run = tenant.zpakey(format!("update {} --max-usage 77 --type connector", ids(25)));
    let done = run.run().code(0);
    let first = done.stderr.lines().next().unwrap().to_owned();
    assert_eq!(first, "25 keys: about 4 s within the rate limit");
    let waits = done.stderr.lines().filter(|line| line.starts_with("waiting ")).count();
    assert_eq!(waits, 2, "{}", done.stderr);
    assert!(done.stderr.contains("waiting 2 s to stay within the rate limit\n"), "{}", done.stderr);
}

#[test]
fn a_terminal_shows_a_bar_an_estimate_and_a_countdown_that_are_gone_at_the_end() {
    let options = Options { enforce_limits: true, time_scale: 2, ..Options::default() };
    let tenant = tenant(12, options);
    let mut terminal =
        Terminal::spawn(tenant.zpakey(format!("update {} --max-usage 77 --type connector", ids(12))));
    terminal.expect("─ 0 of 12");
    terminal.expect("about 5 s left");
    terminal.expect("10 of 12");
    terminal.expect("waiting 5 s to stay within the rate limit");
    terminal.expect("waiting 3 s to stay within the rate limit");
    terminal.expect("updated k012 (38112)");
    terminal.expect("k012");
    assert_eq!(terminal.exit_code(), 0);
    // A line that was cleared is followed by no text of the bar.
    let raw = terminal.raw();
    let last = raw.rfind(" of 12").unwrap();
    assert!(raw[last..].contains("\u{1b}[2K"), "{raw:?}");
    assert!(!terminal.screen().ends_with("left"), "{}", terminal.screen());
}

#[test]
fn a_quiet_command_and_a_terminal_without_a_cursor_show_no_bar() {
    let tenant = tenant(2, Options::default());
    for run in [
        tenant.zpakey("update k001 k002 --max-usage 77 --quiet"),
        tenant.zpakey("update k001 k002 --max-usage 78").env("TERM", "dumb"),
    ] {
        let mut terminal = Terminal::spawn(run);
        assert_eq!(terminal.exit_code(), 0);
        assert!(!terminal.screen().contains(" of 2"), "{}", terminal.screen());
    }
}

#[test]
fn a_wait_that_is_told_counts_down_at_a_terminal_and_stays_one_line_in_a_log() {
    let tenant = tenant(1, Options::default());
    let faults =
        json!([{"method": "GET", "nth": 1, "action": {"status": 429, "headers": {"retry-after": "3s"}}}]);
    tenant.set_faults(&faults);
    let mut terminal = Terminal::spawn(tenant.zpakey("get k001 --type connector"));
    terminal.expect("warning: rate limited (429); waiting");
    terminal.expect("again in 3 s");
    terminal.expect("again in 2 s");
    terminal.expect("again in 1 s");
    assert_eq!(terminal.exit_code(), 0);
    tenant.set_faults(&faults);
    let done = tenant.zpakey("get k001 --type connector").run().code(0);
    let lines: Vec<_> = done.stderr.lines().collect();
    assert!(
        matches!(lines.as_slice(), [one] if one.starts_with("warning: rate limited (429); waiting ")),
        "{lines:?}"
    );
}

#[test]
fn two_keys_of_two_types_with_one_id_are_two_keys() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"id": "7001", "name": "connector", "maxUsage": 5},
        {"id": "7001", "name": "edge", "association_type": "SERVICE_EDGE_GRP", "maxUsage": 5},
    ]}));
    let names = |line: &str| tenant.zpakey(line).run().code(0).json().as_array().map(Vec::len);
    assert_eq!(names("get connector edge"), Some(2));
    assert_eq!(names("update connector edge --max-usage 4"), Some(2));
    assert_eq!(names("disable connector edge --yes"), Some(2));
    assert_eq!(names("delete connector edge --yes"), Some(2));
    assert_eq!(tenant.state()["keys"], json!([]));
}
