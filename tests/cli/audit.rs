//! `zpakey audit`: what it reads, what it finds, and how it ends.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod keys_file;
mod memory;
mod reports;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Finished, Home, Tenant, valid_sarif};

const AWS: &str = "72058304855047746";

/// So many days ago, as the API writes times.
fn ago(days: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    (now - days * 86_400).to_string()
}

fn key(name: &str, made: u64, used: u64, most: u64) -> Value {
    json!({
        "name": name, "zcomponentId": AWS, "usageCount": used, "maxUsage": most, "ipAcl": ["192.0.2.0/24"],
        "creationTime": ago(made), "modifiedTime": ago(made),
    })
}

/// Connectors that enrolled so many days ago with a key.
fn connectors(key: &str, days: &[u64]) -> Vec<Value> {
    let one = |(number, days): (usize, &u64)| json!({"name": format!("ac-{key}-{number}"), "provisioningKeyId": key, "creationTime": ago(*days)});
    days.iter().enumerate().map(one).collect()
}

fn tenant(keys: &[Value], connectors: &[Value]) -> Tenant {
    Tenant::seeded(json!({"keys": keys, "connectors": connectors}))
}

/// Days of enrolments of machines that come and go.
const COMING: [u64; 6] = [2, 3, 8, 16, 23, 30];

/// An autoscaled key that is used up, and one that only its switch holds back.
fn sick() -> Tenant {
    tenant(
        &[key("build-runners", 90, 6, 6), {
            let mut off = key("off", 40, 2, 9);
            off["enabled"] = false.into();
            off
        }],
        &connectors("38101", &COMING),
    )
}

#[track_caller]
fn rules(finished: &Finished) -> Vec<(String, String)> {
    let answer = finished.json();
    let findings = answer["findings"].as_array().expect("findings");
    let text = |one: &Value, field: &str| one[field].as_str().expect("a text").to_owned();
    findings.iter().map(|one| (text(one, "rule"), text(one, "severity"))).collect()
}

#[test]
fn the_worst_is_first_with_evidence_and_the_command() {
    let answer = sick().zpakey("audit").run().code(0).has_no_secret().json();
    assert_eq!((&answer["complete"], &answer["tenant"]), (&json!(true), &json!("216199618143191040")));
    assert_eq!(answer["population"]["keys"], 2);
    assert_eq!(
        answer["findings"][0],
        json!({
            "finding_id": "ZPK001/CONNECTOR_GRP/38101", "rule": "ZPK001", "severity": "critical",
            "title": "An autoscaled key is used up, and no other key of its group can enrol",
            "subject": "build-runners (38101)",
            "key": {
                "id": "38101", "name": "build-runners", "association_type": "CONNECTOR_GRP", "status": "exhausted",
                "zcomponent_id": AWS, "zcomponent_name": "AWS us-east-1",
            },
            "evidence": "all 6 uses are used up, no other key of AWS us-east-1 can enrol, and the last enrolment was 2 days ago",
            "command": "zpakey update build-runners --add-uses 3", "accepted": false, "acceptance": null,
        })
    );
    assert_eq!(answer["findings"][1]["rule"], "ZPK044");
    assert_eq!(answer["findings"].as_array().expect("findings").len(), 2);
}

#[test]
fn the_command_of_a_finding_ends_it() {
    let tenant = sick();
    let answer = tenant.zpakey("audit").run().code(0).json();
    for finding in answer["findings"].as_array().expect("findings") {
        let command = finding["command"].as_str().expect("a command");
        let line = command.strip_prefix("zpakey ").expect("a command of zpakey");
        tenant.zpakey(format!("{line} --yes")).run().code(0);
    }
    let after = tenant.zpakey("audit --fail-on low").run().code(0).json();
    assert_eq!(after["findings"], json!([]));
}

#[test]
fn people_read_a_block_for_each_finding() {
    sick()
        .zpakey("audit -o table")
        .run()
        .code(0)
        .has_no_secret()
        .stdout_is(str![[r#"
critical  ZPK001  build-runners (38101)
          all 6 uses are used up, no other key of AWS us-east-1 can enrol, and the last enrolment was [AGE]
          zpakey update build-runners --add-uses 3

high      ZPK044  off (38102)
          it is disabled and has 7 uses left: whatever enables it, as Terraform does on every apply, opens it
          zpakey disable off

"#]])
        .stderr_has("2 findings (1 critical, 1 high) · 2 keys of 2 types read, complete")
        .stderr_has("next: zpakey update build-runners --add-uses 3");
}

#[test]
fn it_sends_one_list_of_each_and_writes_nothing_whatever_the_number_of_keys() {
    let keys: Vec<Value> = (0..30).map(|number| key(&format!("key-{number}"), 90, 1, 1)).collect();
    let tenant = tenant(&keys, &connectors("38101", &[3]));
    tenant.zpakey("audit").run().code(0);
    let mut calls = tenant.calls();
    calls.sort_unstable();
    assert_eq!(
        calls,
        [
            "GET v1/appConnectorGroup",
            "GET v1/assistantSchedule",
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
            "GET v1/connector",
            "GET v1/serviceEdge",
            "GET v1/serviceEdgeGroup",
            "GET v2/enrollmentCert",
        ]
    );
}

#[test]
fn fail_on_counts_this_severity_and_worse_ones() {
    let tenant = tenant(&[key("idle", 300, 2, 4)], &connectors("38101", &[299, 299]));
    for (line, code) in [
        ("audit", 0),
        ("audit --fail-on medium", 0),
        ("audit --fail-on low", 7),
        ("audit --fail-on INFO", 7),
        ("audit --fail-on low --skip zpk006", 0),
        ("audit --fail-on low --only ZPK006", 7),
        ("audit --fail-on low --only ZPK004 --only ZPK005", 0),
    ] {
        tenant.zpakey(line).run().code(code);
    }
}

#[test]
fn a_wrong_rule_or_severity_is_refused_before_anything_is_sent() {
    let tenant = sick();
    for (line, said) in [
        ("audit --only ZPK999", "not a rule; they are ZPK001"),
        ("audit --skip 13", "not a rule"),
        ("audit --fail-on huge", "not a severity; they are critical, high"),
        ("audit --only ZPK001 --skip ZPK002", "cannot be used with"),
        ("audit --explain ZPK001 --fail-on low", "cannot be used with"),
    ] {
        tenant.zpakey(line).run().code(2).stderr_has(said);
    }
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn a_rule_is_explained_without_a_configuration() {
    Home::new().zpakey("audit --explain zpk013").run().code(0).stdout_is(str![[r#"
ZPK013 Machines come and go in a group, and no key can enrol into it
Severity: high

The next machine is refused.

It is wrong if the fleet was rebuilt several times within two months and has its final size, or is about to be taken down.
To accept it for one key, put into zpakey-accept.toml:

[[accept]]
tenant = "CUSTOMER_ID"
rule = "ZPK013"
key = "NAME_OR_ID"
reason = "WHY"
owner = "WHO"
until = 2027-12-31

To leave it out for all: zpakey audit --skip ZPK013

"#]]);
}

#[test]
fn what_cannot_be_read_is_a_blind_spot_and_never_no_findings() {
    for (part, what) in [
        ("/connector", "the connectors were not read"),
        ("/appConnectorGroup", "the App Connector groups were not read"),
        ("/enrollmentCert", "the enrollment certificates were not read"),
        ("SERVICE_EDGE_GRP", "not all keys could be read: service-edge"),
    ] {
        let tenant = tenant(&[key("done", 90, 3, 3)], &connectors("38101", &[89, 89, 89]));
        tenant.set_faults(&json!([
            {"method": "GET", "contains": part, "action": {"status": 403, "body": {"id": "forbidden"}}},
        ]));
        let finished = tenant.zpakey("audit").run().code(6).stderr_has("the audit is incomplete");
        let answer = finished.json();
        assert_eq!((&answer["complete"], &answer["findings"]), (&json!(false), &json!([])), "{part}");
        let spots = answer["blind_spots"].to_string();
        assert!(spots.contains(what), "{part}: {spots}");
        tenant
            .zpakey("audit --allow-incomplete -o table")
            .run()
            .code(0)
            .stderr_has("no findings in what was read · 1 key of")
            .stderr_has("incomplete");
    }
}

#[test]
fn findings_win_over_a_blind_spot() {
    let tenant = sick();
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/enrollmentCert", "action": {"status": 403, "body": {"id": "forbidden"}}},
    ]));
    tenant.zpakey("audit --fail-on critical").run().code(7);
    tenant.zpakey("audit --fail-on critical --skip ZPK001").run().code(6);
}

/// As the README says: as many uses as machines, the limit lowered to what is used, and then a rotation.
#[test]
fn a_static_fleet_as_the_readme_sets_it_up_has_no_finding_above_info() {
    let tenant = tenant(&[], &[]);
    tenant
        .zpakey("create edge --type connector --group 'AWS us-east-1' --max-usage 3 --ip-acl 192.0.2.0/24")
        .run()
        .code(0);
    let enroll = |count: u32| {
        tenant.zpakey(format!("sandbox enroll edge --count {count}")).run().code(0);
    };
    enroll(3);
    tenant.zpakey("audit --fail-on info").run().code(0);
    tenant.zpakey("rotate edge --out-file provision_key --settle 0s --yes").run().code(0);
    tenant.zpakey("audit --fail-on low").run().code(0);
    enroll(1);
    tenant.zpakey("retire edge --grace 0s --yes").run().code(0);
    tenant.zpakey("audit --fail-on low").run().code(0);
}

#[test]
fn healthy_fleets_have_no_finding_above_info() {
    let mut old = key("edge.old-38101.202601010000", 400, 3, 3);
    old["enabled"] = false.into();
    let fleets = [
        ("static", vec![key("edge", 400, 3, 3)], connectors("38101", &[399, 399, 398])),
        ("rotated", vec![old, key("edge", 90, 0, 3)], connectors("38101", &[399, 399, 398])),
        ("autoscaled", vec![key("edge", 90, 6, 20)], connectors("38101", &COMING)),
    ];
    for (what, keys, connectors) in fleets {
        let finished = tenant(&keys, &connectors).zpakey("audit").run().code(0);
        assert_eq!(rules(&finished), [], "{what}");
    }
}

#[test]
fn other_formats_have_the_findings_only() {
    let tenant = sick();
    let lines = tenant.zpakey("audit -o ndjson").run().code(0).json_lines();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["rule"], "ZPK001");
    tenant.zpakey("audit -o csv --columns severity,finding_id").run().code(0).stdout_is(
        "severity,finding_id\ncritical,ZPK001/CONNECTOR_GRP/38101\nhigh,ZPK044/CONNECTOR_GRP/38102\n",
    );
    let columns = tenant.zpakey("audit -o json --columns rule").run().code(0).json();
    assert_eq!(columns, json!([{"rule": "ZPK001"}, {"rule": "ZPK044"}]));
    let yaml = tenant.zpakey("audit -o yaml").run().code(0).stdout;
    assert!(yaml.starts_with("complete: true\n"), "{yaml}");
}

#[test]
fn sarif_names_tenant_rule_and_key_and_keeps_its_fingerprints() {
    let tenant = sick();
    let log = valid_sarif(&tenant.zpakey("audit -o sarif").run().code(0).has_no_secret());
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "zpakey-audit/216199618143191040/");
    let result = &run["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("ZPK001"), &json!("error")));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "zpakey/216199618143191040/connector.yaml");
    assert_eq!(place["region"]["startLine"], 1);
    let prints = result["partialFingerprints"].as_object().expect("fingerprints");
    assert_eq!(prints.keys().collect::<Vec<_>>(), ["primaryLocationLineHash", "zpakeyFinding/v1"]);
    let rule = |id: &str| {
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        rules.iter().find(|rule| rule["id"] == id).expect("the rule")["properties"].clone()
    };
    assert_eq!(rule("ZPK001"), json!({"tags": ["availability"]}));
    assert_eq!(rule("ZPK044"), json!({"security-severity": "7.5", "tags": ["security"]}));
    let again = tenant.zpakey("audit -o sarif").run().code(0).json();
    assert_eq!(again["runs"][0]["results"], run["results"]);
}

#[test]
fn the_policy_of_the_profile_counts_and_is_told() {
    let tenant = tenant(&[key("edge", 100, 1, 4), key("edge-2", 100, 1, 4)], &[]);
    let policy = "max_age = '90d'\nip_acl = 'required'\nkeys_per_group = 1\n\
                  frameworks = { 'PCI-8.6.3' = ['zpk007'] }\n";
    tenant.zpakey("audit --fail-on low").run().code(0);
    tenant
        .home()
        .write_profiles(&format!("active = 'prod'\n[profiles.prod]\n[profiles.prod.policy]\n{policy}"));
    let finished = tenant.zpakey("audit --fail-on low").run().code(7);
    let expected = [("ZPK007", "medium"), ("ZPK007", "medium"), ("ZPK012", "low")];
    assert_eq!(rules(&finished), expected.map(|(rule, severity)| (rule.to_owned(), severity.to_owned())));
    assert_eq!(
        finished.json()["policy"],
        json!({
            "max_age_seconds": 7_776_000, "ip_acl_required": true, "max_headroom": null, "min_remaining": null,
            "keys_per_group": 1, "frameworks": {"PCI-8.6.3": ["ZPK007"]},
        })
    );
    let shown = tenant.zpakey("profile show prod -o json").run().code(0).json();
    assert_eq!(
        shown["policy"],
        json!({"max_age_seconds": 7_776_000, "ip_acl": "required", "keys_per_group": 1})
    );
}

#[test]
fn a_wrong_policy_is_refused_with_its_key() {
    let tenant = sick();
    for (line, said) in [
        ("max_age = 'long'", "policy.max_age"),
        ("ip_acl = 'maybe'", "policy.ip_acl"),
        ("frameworks = { X = ['ZPK999'] }", "policy.frameworks.X"),
        ("max_ages = '1d'", "unknown field `max_ages`"),
    ] {
        tenant.home().write_profiles(&format!("[profiles.prod]\n[profiles.prod.policy]\n{line}\n"));
        tenant.zpakey("audit --profile prod").run().code(2).stderr_has(said);
    }
    assert_eq!(tenant.calls(), [""; 0]);
}
