//! `zpakey create --from`: many keys from a file or standard input.
//!
//! What is wrong with an input is in `wrong.rs`, how keys go from one tenant to another in `copy.rs`, what becomes of
//! those that fail in `failing.rs`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod copy;
mod failing;
mod forms;
mod wrong;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Finished, Run, Tenant};

const CONNECTORS: &str = "v1/associationType/CONNECTOR_GRP/provisioningKey";
const EDGES: &str = "v1/associationType/SERVICE_EDGE_GRP/provisioningKey";

/// Runs `create --from -` with these entries.
fn create(tenant: &Tenant, options: &str, entries: &Value) -> Run {
    tenant.zpakey(format!("create --from - {options}")).stdin(entries.to_string())
}

/// The bodies of the requests with this method to a path with this in it.
fn bodies(tenant: &Tenant, method: &str, part: &str) -> Vec<Value> {
    let requests = tenant.requests().into_iter();
    let requests = requests.filter(|request| request.method == method && request.path.contains(part));
    requests.map(|request| serde_json::from_str(&request.body).unwrap()).collect()
}

/// The values of a field of the answer.
fn column(finished: &Finished, field: &str) -> Vec<Value> {
    finished.json().as_array().unwrap().iter().map(|key| key[field].clone()).collect()
}

/// Three keys of two types that name all they need.
fn three() -> Value {
    json!([
        {"name": "c", "association_type": "connector", "zcomponent_name": "AWS us-east-1", "max_usage": 10},
        {"name": "a", "association_type": "SERVICE_EDGE_GRP", "zcomponent_id": "72058304855047751", "max_usage": 2,
         "enrollment_cert_name": "Client", "enabled": false, "ip_acl": ["192.0.2.0/24"], "ui_config": "blue"},
        {"name": "b", "association_type": "CONNECTOR_GRP", "zcomponent_name": "CI us-east-1", "max_usage": 5,
         "enrollment_cert_id": "16559"},
    ])
}

#[test]
fn the_keys_of_a_file_are_made_in_its_order() {
    let tenant = Tenant::standard();
    tenant.home().write("keys.json", &three().to_string());
    let run = tenant.zpakey("create --from keys.json").run().code(0).has_no_secret();
    assert_eq!(column(&run, "name"), ["c", "a", "b"]);
    assert_eq!(column(&run, "zcomponent_name"), ["AWS us-east-1", "Branch EMEA", "CI us-east-1"]);
    assert_eq!(column(&run, "enrollment_cert_name"), ["Connector", "Client", "Client"]);
    run.stderr_is(str![[r#"
✓ created c (38101) in tenant 216199618143191040 (from the environment)
✓ created a (38102) in tenant 216199618143191040 (from the environment)
✓ created b (38103) in tenant 216199618143191040 (from the environment)
next: zpakey reveal NAME --out-file FILE

"#]]);
    assert_eq!(
        tenant.writes(),
        [format!("POST {CONNECTORS}"), format!("POST {EDGES}"), format!("POST {CONNECTORS}")]
    );
}

#[test]
fn every_field_is_in_the_request() {
    let tenant = Tenant::standard();
    create(&tenant, "", &three()).run().code(0);
    assert_eq!(
        bodies(&tenant, "POST", "SERVICE_EDGE_GRP"),
        [json!({
            "name": "a", "maxUsage": "2", "enrollmentCertId": "16559", "zcomponentId": "72058304855047751",
            "enabled": false, "exportable": true, "ipAcl": ["192.0.2.0/24"], "uiConfig": "blue",
        })]
    );
}

#[test]
fn nothing_is_asked_twice_and_all_is_looked_up_before_the_first_key_is_made() {
    let tenant = Tenant::standard();
    create(&tenant, "", &three()).run().code(0);
    let calls = tenant.calls();
    let (mut reads, writes) = calls.split_at(5);
    let mut sorted = reads.to_vec();
    sorted.sort();
    reads = &sorted;
    assert_eq!(
        reads,
        [
            "GET v1/appConnectorGroup".to_owned(),
            format!("GET {CONNECTORS}"),
            format!("GET {EDGES}"),
            "GET v1/serviceEdgeGroup".to_owned(),
            "GET v2/enrollmentCert".to_owned(),
        ]
    );
    assert!(writes.iter().all(|call| call.starts_with("POST ")), "{writes:?}");
}

#[test]
fn one_object_and_one_object_a_line_are_taken_too_and_answered_with_a_list() {
    let tenant = Tenant::standard();
    let one = |name: &str| json!({"name": name, "zcomponent_name": "AWS us-east-1"}).to_string();
    let run = |input: String| {
        tenant.zpakey("create --from - --type connector --max-usage 1").stdin(input).run().code(0)
    };
    assert_eq!(column(&run(one("a")), "name"), ["a"]);
    assert_eq!(column(&run(format!("{}\n{}\n", one("b"), one("c"))), "name"), ["b", "c"]);
}

#[test]
fn options_fill_in_what_an_entry_lacks_and_the_profiles_defaults_what_they_lack() {
    let tenant = Tenant::standard();
    tenant.home().write_profiles(
        "[profiles.default.defaults.connector]\ngroup = \"DR Frankfurt\"\ncert = \"Client\"\nmax_usage = 50\n\
         [profiles.default.defaults.service-edge]\ngroup = \"Branch US\"\n",
    );
    let entries = json!([
        {"name": "own", "zcomponent_name": "CI us-east-1", "enrollment_cert_name": "Connector", "max_usage": 3,
         "enabled": true, "ip_acl": ["192.0.2.1"], "ui_config": "own"},
        {"name": "other", "association_type": "service-edge"},
        {"name": "bare"},
    ]);
    let options = "--type connector --max-usage 7 --disabled --ip-acl 192.0.2.2 --ui-config typed";
    let run = create(&tenant, options, &entries).run().code(0);
    assert_eq!(column(&run, "association_type"), ["CONNECTOR_GRP", "SERVICE_EDGE_GRP", "CONNECTOR_GRP"]);
    assert_eq!(column(&run, "zcomponent_name"), ["CI us-east-1", "Branch US", "DR Frankfurt"]);
    assert_eq!(column(&run, "enrollment_cert_name"), ["Connector", "Service Edge", "Client"]);
    assert_eq!(column(&run, "max_usage"), [3, 7, 7]);
    assert_eq!(column(&run, "enabled"), [true, false, false]);
    assert_eq!(column(&run, "ip_acl"), [json!(["192.0.2.1"]), json!(["192.0.2.2"]), json!(["192.0.2.2"])]);
    assert_eq!(column(&run, "ui_config"), ["own", "typed", "typed"]);
    let run = create(&tenant, "--type connector", &json!([{"name": "plain"}])).run().code(0);
    assert_eq!(column(&run, "max_usage"), [50]);
}

#[test]
fn what_is_null_or_empty_is_filled_in_too() {
    let tenant = Tenant::standard();
    let entries = json!([{"name": "a", "association_type": null, "zcomponent_id": "", "zcomponent_name": "",
        "enrollment_cert_id": null, "max_usage": null, "enabled": null, "ip_acl": [], "ui_config": null}]);
    let options =
        ["--type", "connector", "--group", "CI us-east-1", "--max-usage", "7", "--ip-acl", "192.0.2.2"];
    let line: Vec<&str> = ["create", "--from", "-"].into_iter().chain(options).collect();
    let run = tenant.zpakey(line).stdin(entries.to_string()).run().code(0);
    assert_eq!(column(&run, "zcomponent_name"), ["CI us-east-1"]);
    assert_eq!(column(&run, "ip_acl"), [json!(["192.0.2.2"])]);
}

#[test]
fn an_option_that_no_entry_leaves_room_for_is_a_warning() {
    let tenant = Tenant::standard();
    let entries = json!([
        {"name": "a", "association_type": "connector", "zcomponent_name": "CI us-east-1", "max_usage": 1,
         "enabled": true},
        {"name": "b", "association_type": "connector", "zcomponent_id": "72058304855047747", "enabled": true},
    ]);
    let options = "--type exporter --group Lab --max-usage 9 --disabled -q";
    create(&tenant, options, &entries).run().code(0).stdout_is("38101\n38102\n").stderr_is(str![[r#"
warning: --type is not used: every entry has its own association_type
warning: --group is not used: every entry has its own zcomponent_name or zcomponent_id
warning: --disabled is not used: every entry has its own enabled

"#]]);
}

#[test]
fn an_empty_array_is_an_empty_answer() {
    let tenant = Tenant::standard();
    for options in ["", "--dry-run"] {
        create(&tenant, options, &json!([]))
            .run()
            .code(0)
            .stdout_is("[]\n")
            .stderr_is("standard input has no entries; there is nothing to create\n");
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_dry_run_shows_each_request_and_sends_none() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "b", "maxUsage": 1, "zcomponentId": "72058304855047747"}]}));
    let plans = create(&tenant, "--dry-run --if-exists update", &three()).run().code(0).json();
    let plans: Vec<_> =
        plans.as_array().unwrap().iter().map(|plan| (&plan["method"], &plan["body"])).collect();
    assert_eq!(plans.iter().map(|(method, _)| *method).collect::<Vec<_>>(), ["POST", "POST", "PUT"]);
    assert_eq!(plans[1].1["name"], "a");
    assert_eq!(plans[2].1["maxUsage"], "5");
    create(&tenant, "--dry-run --if-exists skip -o table", &three())
        .run()
        .code(0)
        .stderr_is("b (38101) exists already; nothing would be sent\n")
        .stdout_is(str![[r#"
would create  POST /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey
  name  - → c
  zcomponent_id  - → 72058304855047746
  enrollment_cert_id  - → 16560
  max_usage  - → 10
  enabled  - → true
  exportable  - → true
  ip_acl  - → -
would create  POST /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/SERVICE_EDGE_GRP/provisioningKey
  name  - → a
  zcomponent_id  - → 72058304855047751
  enrollment_cert_id  - → 16559
  max_usage  - → 2
  enabled  - → false
  exportable  - → true
  ip_acl  - → 192.0.2.0/24

"#]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_type_without_a_known_list_of_groups_takes_ids() {
    let tenant = Tenant::standard();
    let entry = |group: Value| {
        let mut entry = json!({"name": "a", "association_type": "NP_ASSISTANT_GRP", "max_usage": 1,
            "enrollment_cert_name": "Client"});
        entry.as_object_mut().unwrap().extend(group.as_object().unwrap().clone());
        json!([entry])
    };
    let by_name = entry(json!({"zcomponent_name": "VPN Frankfurt"}));
    create(&tenant, "-o table", &by_name).run().code(2).stderr_is(str![[r#"
error: 1 of 1 entries of standard input cannot be used; nothing was created
  entry 1 (a): an id is needed for np-assistant: no list of Network Connector groups is known

"#]]);
    assert!(tenant.writes().is_empty());
    let by_both = entry(json!({"zcomponent_name": "VPN Frankfurt", "zcomponent_id": "72058304855047761"}));
    create(&tenant, "", &by_both).run().code(0);
    assert_eq!(bodies(&tenant, "POST", "NP_ASSISTANT_GRP")[0]["zcomponentId"], "72058304855047761");
}

#[test]
fn a_disabled_group_is_warned_of_once() {
    let groups = json!([{"id": "720001", "name": "Lab", "enabled": false}]);
    let tenant = Tenant::seeded(json!({"connector_groups": groups}));
    let entries = json!([{"name": "a"}, {"name": "b"}]);
    create(&tenant, "--type connector --group Lab --max-usage 1 -q", &entries)
        .run()
        .code(0)
        .stderr_is("warning: App Connector group \"Lab\" is disabled\n");
}

#[test]
fn names_that_the_portal_does_not_edit_are_warned_of_together() {
    let tenant = Tenant::standard();
    let entries = json!([{"name": "a b"}, {"name": "plain"}, {"name": "c d"}]);
    create(&tenant, "--type connector --group id:72058304855047746 --max-usage 1 -q", &entries)
        .run()
        .code(0)
        .stderr_is(str![[r#"
warning: the ZPA portal edits keys only whose names are of letters, digits, `.`, `-` and `_`: a b, c d

"#]]);
}

#[test]
fn at_a_terminal_it_asks_nothing() {
    let tenant = Tenant::standard();
    tenant.home().write("keys.json", r#"[{"name": "a"}]"#);
    let mut terminal = tenant.zpakey("create --from keys.json --type connector").terminal();
    assert_eq!(terminal.exit_code(), 2);
    assert!(!terminal.screen().contains('?'), "{}", terminal.screen());
    assert!(terminal.screen().contains("lacks zcomponent_name, max_usage"), "{}", terminal.screen());
}

#[test]
fn each_key_is_made_in_the_microtenant_that_is_named() {
    let tenant = Tenant::seeded(json!({
        "microtenants": [{"id": "7", "name": "Subsidiary"}],
        "connector_groups": [{"id": "72058304855047799", "name": "Theirs", "microtenantId": "7"}],
        "keys": [{"name": "a", "maxUsage": 5}],
    }));
    let entries = json!([{"name": "a", "microtenant_id": "9"}, {"name": "b", "microtenant_id": null}]);
    let options = "--type connector --group Theirs --max-usage 1 --microtenant 7";
    let run = create(&tenant, options, &entries).run().code(0);
    assert_eq!(column(&run, "microtenant_id"), ["7", "7"]);
}
