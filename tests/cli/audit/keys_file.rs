//! `audit --file`: whether the tenant is as a file of keys says, and what the file says of limits and intents.

use super::*;

/// A file in which the keys begin in line 3.
fn write(tenant: &Tenant, entries: &str) {
    tenant.home().write("keys.yaml", &format!("version: 1\nkeys:\n{entries}"));
}

/// The findings of ZPK055: severity, what they are about, what was seen, and the command.
#[track_caller]
fn drift(finished: &Finished) -> Vec<[String; 4]> {
    let answer = finished.json();
    let all = answer["findings"].as_array().expect("findings");
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    let shown = |one: &Value| ["severity", "subject", "evidence", "command"].map(|field| text(one, field));
    all.iter().map(shown).collect()
}

const ONLY: &str = "audit --only ZPK055 --file keys.yaml";

fn changed() -> Tenant {
    let mut open = key("open", 30, 2, 9);
    open["ipAcl"] = json!([]);
    let keys =
        [open, key("shut", 30, 2, 9), key("limit", 30, 2, 9), key("same", 30, 2, 9), key("other", 30, 2, 9)];
    let tenant = tenant(&keys, &[]);
    write(
        &tenant,
        "- {name: open, type: connector, uses: 9, ip_acl: [192.0.2.0/24], group: CI us-east-1}\n\
         - {name: shut, type: connector, uses: closed}\n\
         - {name: limit, type: connector, uses: 7}\n\
         - {name: same, type: connector, uses: {keep: 5}, ip_acl: [192.0.2.0/24]}\n\
         - {name: gone, type: connector, uses: 7, group: AWS us-east-1}\n",
    );
    tenant
}

#[test]
fn what_differs_is_a_finding_of_its_key_with_the_command_that_ends_it() {
    let tenant = changed();
    let finished = tenant.zpakey(ONLY).run().code(0).has_no_secret();
    let expected = [
        [
            "high",
            "open (38101)",
            "ip_acl is any, and the file says 192.0.2.0/24; group AWS us-east-1, not CI us-east-1: a key's group cannot be changed; with `rotate.deliver` it is rotated into it",
            "zpakey apply keys.yaml",
        ],
        [
            "high",
            "shut (38102)",
            "it can enrol, and the file closes it (uses: closed)",
            "zpakey apply keys.yaml",
        ],
        ["medium", "limit (38103)", "max_usage is 9, and the file says 7", "zpakey apply keys.yaml"],
        ["medium", "gone", "the file has it, and it is missing", "zpakey apply keys.yaml"],
        ["info", "other (38105)", "it is not in the file", "zpakey diff keys.yaml"],
    ];
    assert_eq!(drift(&finished), expected.map(|one| one.map(str::to_owned)));
    assert_eq!(tenant.writes(), [""; 0]);
    tenant.zpakey(format!("{ONLY} --fail-on high")).run().code(7);
    // Without a file the rule is off.
    assert_eq!(drift(&tenant.zpakey("audit --only ZPK055").run().code(0)), [[""; 4]; 0]);
}

#[test]
fn the_command_of_the_finding_ends_it() {
    let tenant = tenant(&[key("a", 30, 2, 9)], &[]);
    write(&tenant, "- {name: a, type: connector, uses: 12}\n");
    assert_eq!(drift(&tenant.zpakey(ONLY).run().code(0)).len(), 1);
    tenant.zpakey("apply keys.yaml --yes").run().code(0);
    let finished = tenant.zpakey(format!("{ONLY} --fail-on info")).run().code(0);
    assert_eq!(drift(&finished), [[""; 4]; 0]);
}

#[test]
fn it_sends_what_an_audit_sends_and_no_more() {
    let tenant = changed();
    let sent = |line: &str| {
        tenant.clear_requests();
        tenant.zpakey(line).run().code(0);
        let mut calls = tenant.calls();
        calls.sort_unstable();
        calls
    };
    assert_eq!(sent("audit --file keys.yaml"), sent("audit"));
}

#[test]
fn sarif_points_to_the_entry_in_the_file() {
    let tenant = changed();
    let log = valid_sarif(&tenant.zpakey("audit --file keys.yaml -o sarif").run().code(0).has_no_secret());
    let results = log["runs"][0]["results"].as_array().expect("results");
    let places: Vec<String> = results
        .iter()
        .map(|one| {
            let place = &one["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a path");
            format!("{} {uri}:{}", one["ruleId"].as_str().expect("a rule"), place["region"]["startLine"])
        })
        .collect();
    assert_eq!(
        places,
        [
            "ZPK055 keys.yaml:3",
            "ZPK055 keys.yaml:4",
            "ZPK055 keys.yaml:5",
            "ZPK055 keys.yaml:7",
            "ZPK008 keys.yaml:3",
            "ZPK055 zpakey/216199618143191040/connector.yaml:1",
        ]
    );
    // Two findings of one line stay two.
    let print = |one: &Value| one["partialFingerprints"]["primaryLocationLineHash"].clone();
    assert_ne!(print(&results[0]), print(&results[4]));
}

#[test]
fn a_finding_of_the_file_is_accepted_by_the_name_of_its_entry() {
    let tenant = changed();
    let entry = "[[accept]]\ntenant = '216199618143191040'\nrule = 'ZPK055'\nkey = 'gone'\n\
                 reason = 'comes on Monday'\nowner = 'network'\nuntil = 2999-01-01\n";
    tenant.home().write("zpakey-accept.toml", entry);
    let answer = tenant.zpakey(ONLY).run().code(0).json();
    let accepted =
        answer["findings"].as_array().expect("findings").iter().find(|one| one["accepted"] == true);
    assert_eq!(accepted.expect("one")["finding_id"], "ZPK055/CONNECTOR_GRP/entry/gone");
}

#[test]
fn an_intent_of_the_file_counts_before_what_is_inferred_and_is_remembered() {
    // All uses were within two days of its creation, and few are left: that matters only if machines come and go.
    let tenant = tenant(&[key("edge", 60, 3, 4)], &connectors("38101", &[59, 59, 59]));
    let intent = |field: &str| tenant.zpakey("get edge").run().code(0).json()[field].clone();
    assert_eq!(rules(&tenant.zpakey("audit").run().code(0)), []);
    assert_eq!((intent("intent"), intent("intent_source")), (json!("once"), json!("remembered")));
    write(&tenant, "- {name: edge, type: connector, intent: autoscaled}\n");
    let told = rules(&tenant.zpakey("audit --file keys.yaml --skip ZPK055").run().code(0));
    assert_eq!(told, [("ZPK002".to_owned(), "high".to_owned())]);
    assert_eq!((intent("intent"), intent("intent_source")), (json!("autoscaled"), json!("file")));
}

#[test]
fn the_policy_of_the_file_counts_before_the_profiles() {
    let tenant = tenant(&[key("edge", 100, 1, 4)], &[]);
    tenant.home().write_profiles(
        "active = 'prod'\n[profiles.prod.policy]\nmax_age = '365d'\nip_acl = 'required'\nkeys_per_group = 3\n",
    );
    write(&tenant, "- {name: edge, type: connector}\npolicy: {max_age: 90d, min_remaining: 4}\n");
    let finished = tenant.zpakey("audit --file keys.yaml").run().code(0);
    assert_eq!(rules(&finished), [("ZPK007".to_owned(), "medium".to_owned())]);
    assert_eq!(
        finished.json()["policy"],
        json!({
            "max_age_seconds": 7_776_000, "ip_acl_required": true, "max_headroom": null, "min_remaining": 4,
            "keys_per_group": 3, "frameworks": {},
        })
    );
}

#[test]
fn types_of_the_file_are_read_too_and_those_that_are_named_narrow_it() {
    let tenant = tenant(&[key("a", 30, 2, 9)], &[]);
    write(
        &tenant,
        "- {name: a, type: connector, uses: 12}\n\
         - {name: b, type: np-assistant, uses: 3, group: 'id:7', cert: Connector}\n",
    );
    assert_eq!(drift(&tenant.zpakey(ONLY).run().code(0)).len(), 2);
    assert_eq!(drift(&tenant.zpakey(format!("{ONLY} --type connector")).run().code(0)).len(), 1);
}

#[test]
fn keys_that_may_not_have_been_read_are_not_said_to_be_missing() {
    let tenant = changed();
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "CONNECTOR_GRP", "action": {"status": 403, "body": {"id": "forbidden"}}},
    ]));
    let finished = tenant.zpakey(format!("{ONLY} --type connector --type service-edge")).run().code(6);
    assert_eq!(drift(&finished), [[""; 4]; 0]);
}

#[test]
fn a_wrong_file_is_refused_before_anything_is_sent() {
    let tenant = changed();
    write(&tenant, "- {name: a, type: connector, usage: 3}\n");
    tenant.zpakey(ONLY).run().code(2).stderr_has("keys.yaml, line 3, column").stderr_has("uses");
    tenant.home().write("keys.yaml", "version: 1\ntenant: '7'\nkeys: []\n");
    tenant.zpakey(ONLY).run().code(2).stderr_has("the file is for tenant 7");
    tenant.zpakey("audit --file nowhere.yaml").run().code(2).stderr_has("nowhere.yaml");
    tenant
        .zpakey("audit --file - --scan-report -")
        .stdin("version: 1\n")
        .run()
        .code(2)
        .stderr_has("--file and --scan-report cannot both read standard input");
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn a_file_on_standard_input_has_no_place_and_its_commands_leave_the_name_open() {
    let tenant = tenant(&[key("a", 30, 2, 9)], &[]);
    let run = |more: &str| {
        let run = tenant.zpakey(format!("audit --only ZPK055 --file - {more}"));
        run.stdin("version: 1\nkeys: [{name: a, type: connector, uses: 12}]\n").run().code(0)
    };
    assert_eq!(drift(&run(""))[0][3], "zpakey apply FILE");
    let log = valid_sarif(&run("-o sarif"));
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "zpakey/216199618143191040/connector.yaml");
}
