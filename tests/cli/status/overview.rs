//! `zpakey status` without KEY: the tenant at a glance, for people, and as one object for scripts.

use serde_json::{Value, json};
use snapbox::str;

use super::{PAST, key, tenant};
use crate::support::Tenant;

/// Keys in two groups, one of which nothing can join any more, and a rotation that is due.
fn busy() -> Tenant {
    let mut spent = key("spent", 50);
    spent["zcomponentId"] = json!("72058304855047748");
    tenant(vec![
        key("build", 12),
        key(&format!("build.old-38102.{PAST}"), 47),
        spent,
        json!({"association_type": "SERVICE_EDGE_GRP", "name": "edge", "maxUsage": 5}),
    ])
}

#[test]
fn without_a_key_people_read_the_tenant_at_a_glance() {
    let run = busy().zpakey("status -o table").run().code(0).has_no_secret();
    run.stdout_is(str![[r#"
Tenant       216199618143191040 (from the environment)
Keys         connector 3 of 100 · service-edge 1 of 100
Rotations    1 under way · 1 due
Findings     2 medium · 1 low
             ZPK006 build (38101): 38 uses left, and nothing enrolled for [..] days; [..] that did are gone
             ZPK014 build (previous, 38102): the rotation of build stands still for [..] days: the grace of its predecessor is over, and it can still enrol
Closed       DR Frankfurt (used up)
No key for   CI us-east-1, Branch US

NAME           TYPE          USABLE_KEY  LEFT
AWS us-east-1  connector     build +1      41
DR Frankfurt   connector     -              0
Branch EMEA    service-edge  edge           5

build · connector · rotated; the predecessor can still enrol
├ 38101  current                                12/50  can enrol  no connectors  made [AGE]
└ 38102  previous, due since 23 Nov 2020 15:04  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        due since [TIME] ([AGE])

"#]])
        .stderr_is(str![[r#"
next: zpakey retire build

"#]]);
    // A key that machines still come for is used up, and nothing else can join its group.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let connector =
        |days: u64| json!({"provisioningKeyId": "38101", "creationTime": (now - days * 86_400).to_string()});
    let coming: Vec<Value> = [2, 3, 9, 16].map(connector).into();
    let used_up = Tenant::seeded(json!({"keys": [key("spent", 50)], "connectors": coming}));
    used_up.zpakey("status -o table").run().code(0).stderr_is("next: zpakey update spent --add-uses 2\n");
    Tenant::standard().zpakey("status -o table").run().code(0).stderr_is("next: zpakey create\n");
}

#[test]
fn a_script_has_the_overview_as_an_object_and_the_rotations_as_an_array() {
    let overview = busy().zpakey("status --overview").run().code(0).json();
    assert_eq!(overview["types"][0], json!({"association_type": "CONNECTOR_GRP", "keys": 3, "limit": 100}));
    assert_eq!((&overview["due"], &overview["rotations_under_way"]), (&json!(1), &json!(1)));
    let group = |name: &str| {
        overview["groups"].as_array().unwrap().iter().find(|group| group["name"] == name).unwrap()
    };
    assert_eq!(
        (&group("DR Frankfurt")["usable_keys"], &group("DR Frankfurt")["remaining"]),
        (&json!([]), &json!(0))
    );
    assert_eq!(group("AWS us-east-1")["remaining"], 41);
    assert_eq!(overview["command"], "zpakey retire build");
    let lineages = busy().zpakey("status").run().code(0).json();
    assert_eq!((&lineages[0]["name"], lineages.as_array().unwrap().len()), (&json!("build"), 1));
    assert_eq!(
        busy().zpakey("status --overview --all-types").run().code(0).json()["types"][4]["limit"],
        Value::Null
    );
}

#[test]
fn the_overview_is_one_list_of_each_whatever_the_number_of_keys() {
    let at_rest = tenant(vec![key("rest", 1)]);
    at_rest.zpakey("status -o table").run().code(0);
    let mut calls = at_rest.calls();
    calls.sort();
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
fn findings_are_told_unless_someone_answers_for_them() {
    let edge = |count: u64| {
        let made = "1500000000";
        json!({"name": "edge", "zcomponentId": "72058304855047746", "usageCount": count, "maxUsage": 3, "enabled": false,
               "ipAcl": ["192.0.2.0/24"], "creationTime": made, "modifiedTime": made})
    };
    let open = tenant(vec![edge(1)]);
    let page = |tenant: &Tenant| tenant.zpakey("status -o table").run().code(0).has_no_secret();
    let said = "Findings     1 high\n             ZPK044 edge (38101): it is disabled and has 2 uses left";
    page(&open).stdout_has(said).stderr_has("next: zpakey disable edge");
    let overview = open.zpakey("status --overview").run().code(0).json();
    assert_eq!(overview["findings"][0]["finding_id"], "ZPK044/CONNECTOR_GRP/38101");
    assert_eq!(overview["findings_complete"], true);
    open.home().write(
        "zpakey-accept.toml",
        "[[accept]]\ntenant = '216199618143191040'\nrule = 'ZPK044'\nkey = 'edge'\nreason = 'r'\nowner = 'o'\nuntil = 2999-01-01\n",
    );
    page(&open).lacks("Findings").lacks("next:");
    open.home().write("zpakey-accept.toml", "nonsense");
    page(&open).stdout_has("1 high").stderr_has("what findings are accepted is not known");
    let blind = tenant(vec![edge(3)]);
    blind.set_faults(
        &json!({"contains": "/connector", "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    page(&blind).stdout_has("Findings     not all was read");
}

/// What a key is for decides how one that is used up is shown; `audit` remembers it for what reads no connectors.
#[test]
fn a_finished_static_key_is_closed_and_no_warning() {
    let done = || {
        let made = "1700000000";
        let key = json!({"name": "edge", "zcomponentId": "72058304855047746", "usageCount": 2, "maxUsage": 2,
                         "ipAcl": ["192.0.2.0/24"], "creationTime": made, "modifiedTime": made});
        let one =
            |name: &str| json!({"name": name, "provisioningKeyId": "38101", "creationTime": "1700001000"});
        Tenant::seeded(json!({"keys": [key], "connectors": [one("a"), one("b")]}))
    };
    let tenant = done();
    let intent = |line: &str| {
        let answer = tenant.zpakey(line).run().code(0).json();
        let key = answer.get(0).unwrap_or(&answer).clone();
        (key["status"].clone(), key["intent"].clone(), key["intent_source"].clone())
    };
    assert_eq!(intent("list"), (json!("exhausted"), Value::Null, Value::Null), "not known yet");
    tenant.zpakey("list -o table").run().code(0).stdout_has("exhausted");
    tenant.zpakey("status -o table").run().code(0).lacks("Findings").lacks("next:");
    let lineage = tenant.zpakey("status edge").run().code(0).json();
    assert_eq!(
        (&lineage["keys"][0]["intent"], &lineage["keys"][0]["intent_source"]),
        (&json!("once"), &json!("inferred"))
    );
    assert_eq!(lineage["remarks"], json!([]));
    tenant.zpakey("audit").run().code(0);
    for line in ["list", "get edge"] {
        assert_eq!(intent(line), (json!("exhausted"), json!("once"), json!("remembered")), "{line}");
        tenant.zpakey(format!("{line} -o table")).run().code(0).stdout_has("closed").lacks("exhausted  ");
    }
}

#[test]
fn groups_that_may_not_be_read_leave_those_of_the_keys() {
    let tenant = busy();
    let refusal = json!({"status": 403, "body": {"id": "access.denied"}});
    tenant.set_faults(&json!({"contains": "/appConnectorGroup", "action": refusal}));
    let run = tenant.zpakey("status -o table").run().code(0).stdout_has("DR Frankfurt");
    run.stderr_has(
        "warning: listing the App Connector groups: 403 access.denied; only those with keys are shown",
    );
}

#[test]
fn groups_that_nothing_can_enrol_into_are_named_with_the_reason() {
    let group = |id: &str, name: &str, enabled: bool| json!({"id": id, "name": name, "enabled": enabled});
    let of = |group: &str, mut key: Value| {
        key["zcomponentId"] = json!(group);
        key
    };
    let off = |name: &str| json!({"name": name, "maxUsage": 9, "usageCount": 1, "enabled": false});
    let tenant = Tenant::seeded(json!({
        "connector_groups": [
            group("1", "open", true), group("2", "spent", true), group("3", "off", true), group("4", "both", true),
            group("5", "closed", false), group("6", "rotated", true),
        ],
        "keys": [
            of("1", key("a", 1)), of("1", key("a-spent", 50)), of("2", key("b", 50)), of("3", off("c")),
            of("4", key("d", 50)), of("4", off("d-off")), of("5", key("e", 1)),
            of("6", key("f", 50)), of("6", off("f.old-38109.202011231504")),
        ],
    }));
    let run = tenant.zpakey("status -o table --type connector").run().code(0);
    run.stdout_has(
        "\nClosed       both (used up or disabled), closed (group disabled), off (disabled), rotated (used up) and 1 more \
         groups\n",
    );
    let few = super::tenant(vec![key("b", 50)]);
    few.zpakey("status -o table").run().code(0).stdout_has("\nClosed       AWS us-east-1 (used up)\n");
    super::tenant(vec![key("a", 1)]).zpakey("status -o table").run().code(0).lacks("Closed");
}
