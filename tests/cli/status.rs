//! `zpakey status`: each state of a lineage, as a tree for people and as JSON.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]
#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod overview;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

/// Long ago, and long from now, in seconds and as a due time.
const OLD: &str = "1600000000";
const PAST: &str = "202011231504";
const FUTURE: &str = "209911231504";

/// A key that was made and changed long ago.
fn key(name: &str, used: u64) -> Value {
    json!({"name": name, "maxUsage": 50, "usageCount": used, "creationTime": OLD, "modifiedTime": OLD})
}

fn stopped(name: &str, used: u64) -> Value {
    let mut key = key(name, used);
    key["enabled"] = json!(false);
    key["maxUsage"] = json!(used.max(1));
    key
}

fn tenant(keys: impl Into<Value>) -> Tenant {
    Tenant::seeded(json!({ "keys": keys.into() }))
}

fn carried(keys: impl Into<Value>, id: &str) -> Tenant {
    let keys = keys.into();
    let connector = |name: &str, status: &str| json!({"name": name, "provisioningKeyId": id, "controlChannelStatus": status});
    Tenant::seeded(json!({"keys": keys, "connectors": [
        connector("fra-ac-01", "ZPN_STATUS_AUTHENTICATED"), connector("fra-ac-02", "ZPN_STATUS_DISCONNECTED"),
    ]}))
}

#[test]
fn at_rest() {
    let tenant = tenant(vec![key("build", 3)]);
    tenant
        .zpakey("status build -o table")
        .run()
        .code(0)
        .stdout_is(str![[r#"
build · connector · no rotation in progress
└ 38101  current  3/50  can enrol  no connectors  made [AGE]

"#]])
        .stderr_is(str![[r#"
connector: 1 of 100 keys

"#]]);
}

#[test]
fn created() {
    let tenant = tenant(vec![key("build", 3), key("build.next-38101", 0)]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotation in progress: new key created, not yet renamed
├ 38101  current        3/50  can enrol  no connectors  made [AGE]
└ 38102  next, pending  0/50  can enrol  no connectors  made [AGE]
  next: zpakey rotate build --out-file FILE
  ⚠ name the same destination as before; or go back: zpakey rotate build --rollback --out-file FILE

"#]]);
}

#[test]
fn half_renamed() {
    let tenant = tenant(vec![key(&format!("build.old-38101.{FUTURE}"), 3), key("build.next-38101", 0)]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotation in progress: no key has the name yet
├ 38102  next, pending                      0/50  can enrol  no connectors  made [AGE]
└ 38101  previous, until 23 Nov 2099 15:04  3/50  can enrol  no connectors  made [AGE]
  next: zpakey rotate build --out-file FILE
  ⚠ name the same destination as before; or go back: zpakey rotate build --rollback --out-file FILE

"#]]);
}

#[test]
fn swapped_within_its_grace() {
    let keys = vec![key("build", 12), key(&format!("build.old-38102.{FUTURE}"), 47)];
    carried(keys, "38102").zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotated; the predecessor can still enrol
├ 38101  current                            12/50  can enrol  no connectors               made [AGE]
└ 38102  previous, until 23 Nov 2099 15:04  47/50  can enrol  2 connectors (1 connected)  made [AGE]
  next: zpakey retire build
        from [TIME] (in [..] years)

"#]]);
}

#[test]
fn swapped_and_over_its_grace() {
    let tenant = tenant(vec![key("build", 12), key(&format!("build.old-38102.{PAST}"), 47)]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotated; the predecessor can still enrol
├ 38101  current                                12/50  can enrol  no connectors  made [AGE]
└ 38102  previous, due since 23 Nov 2020 15:04  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        due since [TIME] ([AGE])

"#]]);
}

#[test]
fn swapped_and_on_hold() {
    let tenant = tenant(vec![key("build", 12), key("build.old-38102.hold", 47)]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotated; the predecessor can still enrol
├ 38101  current            12/50  can enrol  no connectors  made [AGE]
└ 38102  previous, on hold  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        on hold

"#]]);
}

#[test]
fn retired_and_free_to_be_purged() {
    let tenant = tenant(vec![key("build", 12), stopped(&format!("build.old-38102.{PAST}"), 47)]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · no rotation in progress; the predecessor is retired
├ 38101  current  12/50  can enrol          no connectors  made [AGE]
└ 38102  retired  47/47  disabled, used up  no connectors  made [AGE]
  next: zpakey purge build
        due since [TIME] ([AGE])

"#]]);
}

#[test]
fn retired_and_still_carried() {
    let keys = vec![key("build", 12), stopped(&format!("build.old-38102.{PAST}"), 47)];
    let run = carried(keys, "38102").zpakey("status build -o table").run().code(0);
    run.stdout_is(str![[r#"
build · connector · no rotation in progress; the predecessor is retired
├ 38101  current  12/50  can enrol          no connectors               made [AGE]
└ 38102  retired  47/47  disabled, used up  2 connectors (1 connected)  made [AGE]

"#]])
        .stderr_is(str![[r#"
connector: 2 of 100 keys · 1 is retired and cannot be purged: connectors carry it

"#]]);
}

#[test]
fn a_straggler() {
    let tenant = tenant(vec![
        key("build", 12),
        stopped(&format!("build.old-38102.{PAST}"), 47),
        key("build.next-38102", 0),
    ]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · no rotation in progress; the predecessor is retired
├ 38101  current        12/50  can enrol          no connectors  made [AGE]
├ 38103  next, pending   0/50  can enrol          no connectors  made [AGE]
└ 38102  retired        47/47  disabled, used up  no connectors  made [AGE]
  next: zpakey purge build
        due since [TIME] ([AGE])
  ⚠ 38103 is left over from a request that landed late; the next rotation deletes it

"#]]);
}

#[test]
fn a_deleted_successor() {
    let tenant = tenant(vec![key(&format!("build.old-38101.{FUTURE}"), 3)]);
    tenant.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · the successor was deleted; no key has the name
└ 38101  previous, until 23 Nov 2099 15:04  3/50  can enrol  no connectors  made [AGE]
  next: zpakey rotate build
  ⚠ rotating gives the predecessor its name back, and changes nothing else

"#]]);
}

#[test]
fn a_predecessor_that_got_its_name_back() {
    let tenant = Tenant::seeded(json!({
        "keys": [stopped("build", 47), key("build", 12)], "quirks": {"names": "free"},
    }));
    for line in ["status", "status id:38102 --field state"] {
        tenant.zpakey(line).run().code(0).stdout_has("displaced");
    }
    tenant.zpakey("list --field role --sort id").run().code(0).stdout_is("retired\ncurrent\n");
    tenant.zpakey("status id:38102 -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotated; a late request gave the predecessor its name back
├ 38101  retired  47/47  disabled, used up  no connectors  made [AGE]
└ 38102  current  12/50  can enrol          no connectors  made [AGE]
  next: zpakey rotate build
  ⚠ both have one name, and the predecessor cannot enrol; rotating names it as the old one

"#]]);
}

#[test]
fn several_keys_of_one_name() {
    let tenant = Tenant::seeded(json!({
        "keys": [key("build", 1), key("build", 2), stopped(&format!("build.old-38103.{PAST}"), 47)],
        "quirks": {"names": "free"},
    }));
    tenant.zpakey("status -o table").run().code(0).stdout_is(str![[r#"
Tenant       216199618143191040 (from the environment)
Keys         connector 3 of 100 · service-edge 0 of 100
Rotations    none under way
Findings     1 high · 2 medium · 1 low
             ZPK030 build (38101): build (38102) has the same name; a Terraform apply after a rotation does that
             ZPK006 build (38101): 49 uses left, and nothing enrolled for [..] days; [..] that did are gone
             ZPK006 build (38102): 48 uses left, and nothing enrolled for [..] days; [..] that did are gone
No key for   CI us-east-1, DR Frankfurt, Branch EMEA, Branch US

NAME           TYPE       USABLE_KEY  LEFT
AWS us-east-1  connector  build +1      97

build · connector · several keys have the name
├ 38101  current   1/50  can enrol          no connectors  made [AGE]
├ 38102  current   2/50  can enrol          no connectors  made [AGE]
└ 38103  retired  47/47  disabled, used up  no connectors  made [AGE]
  ⚠ 38101 and 38102 are both called build: Terraform most likely gave the predecessor its name back, since its state still has that key
  ⚠ 38101 can enrol, 1 of 50 used, no connectors carry it, value sha256:7feea2862102
  ⚠ 38102 can enrol, 2 of 50 used, no connectors carry it, value sha256:373ebb474dc2
  ⚠ which of them replaced the other cannot be told; if 38101 is the predecessor, run:
  run: address=$(terraform state list -id=38101)
  run: terraform state rm "$address"
  run: terraform import "$address" 38102
  run: zpakey update id:38101 --name=build.old-38101.202009131227
  or, if it is the other way round:
  run: address=$(terraform state list -id=38102)
  run: terraform state rm "$address"
  run: terraform import "$address" 38101
  run: zpakey update id:38102 --name=build.old-38102.202009131227

"#]]);
}

#[test]
fn json_has_the_lineage_with_its_keys() {
    let keys = vec![key("build", 12), key(&format!("build.old-38102.{FUTURE}"), 47)];
    carried(keys, "38102").zpakey("status build").run().code(0).stdout_is(str![[r#"
{"id":"38101","name":"build","association_type":"CONNECTOR_GRP","microtenant_id":null,"state":"swapped","next_action":"retire","due":false,"due_at":"[TIME]","command":"zpakey retire build","remarks":[],"remedy":[],"remedy_otherwise":[],"type_keys":2,"type_limit":100,"type_stuck":0,"keys":[{"id":"38101","name":"build","role":"current","enabled":true,"can_enrol":true,"usage_count":12,"max_usage":50,"references":0,"connected":0,"created_at":"[TIME]","intent":"static","intent_source":"inferred","due_at":null},{"id":"38102","name":"build.old-38102.209911231504","role":"old","enabled":true,"can_enrol":true,"usage_count":47,"max_usage":50,"references":2,"connected":1,"created_at":"[TIME]","intent":"static","intent_source":"inferred","due_at":"[TIME]"}]}

"#]]);
}

#[test]
fn json_tells_the_state_and_what_comes_next() {
    let past = format!("build.old-38102.{PAST}");
    for (keys, state, action, due) in [
        (vec![key("build", 1)], "at_rest", Value::Null, false),
        (vec![key("build", 1), key("build.next-38101", 0)], "created", json!("rotate"), true),
        (vec![key("build.next-38102", 0), key(&past, 1)], "half_renamed", json!("rotate"), true),
        (vec![key("build", 1), key(&past, 1)], "swapped", json!("retire"), true),
        (vec![key("build", 1), key("build.old-38102.hold", 1)], "swapped", json!("retire"), false),
        (vec![key("build", 1), stopped(&past, 1)], "retired", json!("purge"), true),
        (vec![key("other", 1), key(&past, 1)], "successor_deleted", json!("rotate"), true),
    ] {
        let status = tenant(keys).zpakey("status build").run().code(0).json();
        assert_eq!(
            (&status["state"], &status["next_action"], &status["due"]),
            (&json!(state), &action, &json!(due))
        );
    }
}

#[test]
fn without_a_key_only_that_is_shown_of_which_something_is_to_be_done() {
    let tenant = tenant(vec![
        key("rest", 1),
        key("build", 12),
        key(&format!("build.old-38103.{FUTURE}"), 47),
        key("done", 12),
        stopped("done.old-38105.209911231504", 47),
    ]);
    let names = |line: &str| -> Vec<Value> {
        let answer = tenant.zpakey(line).run().code(0).json();
        answer.as_array().into_iter().flatten().map(|one| one["name"].clone()).collect()
    };
    assert_eq!(names("status"), ["build"]);
    assert_eq!(names("status --all"), ["build", "done", "rest"]);
    tenant.zpakey("status -q").run().code(0).stdout_is("38102\n");
}

#[test]
fn where_nothing_is_to_be_done_that_is_said_with_how_full_the_types_are() {
    tenant(vec![key("rest", 1)]).zpakey("status").run().code(0).stdout_is("[]\n").stderr_is(str![[r#"
no rotations in progress
connector: 1 of 100 keys
service-edge: 0 of 100 keys

"#]]);
    tenant(Vec::<Value>::new()).zpakey("status").run().code(0).stdout_is("[]\n");
}

#[test]
fn a_lineage_is_found_by_any_of_its_keys_and_by_its_own_name() {
    let tenant = tenant(vec![key(&format!("build.old-38101.{FUTURE}"), 3), key("build.next-38101", 0)]);
    for name in ["build", "id:38101", "38102", "build.next-38101", "name:build"] {
        assert_eq!(tenant.zpakey(format!("status {name}")).run().code(0).json()["name"], "build", "{name}");
    }
    tenant.zpakey("status buidl").run().code(4);
}

#[test]
fn a_retired_key_that_can_enrol_again_is_reported() {
    // Terraform writes `enabled` and its own limit on every apply.
    let mut revived = key(&format!("build.old-38102.{PAST}"), 47);
    revived["modifiedTime"] = json!("1700000000");
    let tenant = tenant(vec![key("build", 12), revived]);
    tenant.zpakey("status -o table").run().code(0).stdout_is(str![[r#"
Tenant       216199618143191040 (from the environment)
Keys         connector 2 of 100 · service-edge 0 of 100
Rotations    1 under way · 1 due
Findings     1 critical · 1 medium
             ZPK034 build (previous, 38102): it was replaced, can enrol with 3 uses left, and was changed after its time came: its retirement was undone, as Terraform does on every apply
             ZPK006 build (38101): 38 uses left, and nothing enrolled for [..] days; [..] that did are gone
No key for   CI us-east-1, DR Frankfurt, Branch EMEA, Branch US

NAME           TYPE       USABLE_KEY  LEFT
AWS us-east-1  connector  build +1      41

build · connector · rotated; the predecessor can still enrol
├ 38101  current                                12/50  can enrol  no connectors  made [AGE]
└ 38102  previous, due since 23 Nov 2020 15:04  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        due since [TIME] ([AGE])
  ⚠ 38102 can enrol and was changed after its time came: its retirement may have been undone, as Terraform does on every apply, and `enable`

"#]]);
}

#[test]
fn a_retirement_that_is_undone_by_half_is_reported() {
    let mut enabled = stopped(&format!("a.old-38102.{PAST}"), 47);
    enabled["enabled"] = json!(true);
    let mut raised = stopped(&format!("b.old-38104.{PAST}"), 47);
    raised["maxUsage"] = json!("60");
    let tenant = tenant(vec![key("a", 12), enabled, key("b", 12), raised]);
    tenant.zpakey("status -o table").run().code(0).stdout_is(str![[r#"
Tenant       216199618143191040 (from the environment)
Keys         connector 4 of 100 · service-edge 0 of 100
Rotations    2 due
Findings     1 high · 2 medium · 2 low
             ZPK044 b (previous, 38104): it is disabled and has 13 uses left: whatever enables it, as Terraform does on every apply, opens it
             ZPK006 a (38101): 38 uses left, and nothing enrolled for [..] days; [..] that did are gone
             ZPK006 b (38103): 38 uses left, and nothing enrolled for [..] days; [..] that did are gone
No key for   CI us-east-1, DR Frankfurt, Branch EMEA, Branch US

NAME           TYPE       USABLE_KEY  LEFT
AWS us-east-1  connector  a +1          76

a · connector · no rotation in progress; the predecessor is retired
├ 38101  current  12/50  can enrol  no connectors  made [AGE]
└ 38102  retired  47/47  used up    no connectors  made [AGE]
  next: zpakey purge a
        due since [TIME] ([AGE])
  ⚠ 38102 is enabled; its limit alone keeps it from enrolling. Both switches: zpakey disable id:38102

b · connector · no rotation in progress; the predecessor is retired
├ 38103  current  12/50  can enrol  no connectors  made [AGE]
└ 38104  retired  47/60  disabled   no connectors  made [AGE]
  next: zpakey purge b
        due since [TIME] ([AGE])
  ⚠ 38104 is disabled and its limit leaves uses, so one switch alone keeps it from enrolling. Both: zpakey disable id:38104

"#]]);
}

#[test]
fn an_enrolment_after_its_time_does_not_look_like_a_retirement_undone() {
    let mut used = key(&format!("build.old-38102.{PAST}"), 47);
    used["modifiedTime"] = json!("1700000000");
    used["modifiedBy"] = json!("3");
    let status = tenant(vec![key("build", 12), used]).zpakey("status build").run().code(0).json();
    assert_eq!(status["remarks"], json!([]));
}

#[test]
fn connectors_that_may_not_be_read_are_unknown_and_not_none() {
    let keys = vec![key("build", 12), key(&format!("build.old-38102.{FUTURE}"), 47)];
    let tenant = carried(keys, "38102");
    tenant.set_faults(
        &json!({"contains": "/connector", "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    let run = tenant.zpakey("status build -o table").run().code(0);
    run.stdout_has("connectors unknown").stderr_is(str![[r#"
connector: 2 of 100 keys
warning: which connectors enrolled with which key could not be read (403 access.denied)

"#]]);
    assert_eq!(tenant.zpakey("status build").run().json()["keys"][0]["references"], Value::Null);
}

#[test]
fn a_tree_is_drawn_in_ascii_where_nothing_else_can_be_shown() {
    let tenant = tenant(vec![key("build", 12), key("build.old-38102.hold", 47)]);
    tenant.zpakey("status build -o table").env("LC_ALL", "C").run().code(0).stdout_is(str![[r#"
build, connector, rotated; the predecessor can still enrol
|- 38101  current            12/50  can enrol  no connectors  made [AGE]
`- 38102  previous, on hold  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        on hold

"#]]);
}

#[test]
fn a_terminal_shows_the_tree() {
    let tenant = tenant(vec![key("build", 12), key(&format!("build.old-38102.{FUTURE}"), 47)]);
    let mut terminal = tenant.zpakey("status").terminal();
    assert_eq!(terminal.exit_code(), 0);
    crate::support::assert_is(
        &terminal.steady_screen(),
        str![[r#"
Tenant       216199618143191040 (from the environment)
Keys         connector 2 of 100 · service-edge 0 of 100
Rotations    1 under way
Findings     1 medium
             ZPK006 build (38101): 38 uses left, and nothing enrolled for [..] days; [..] that did are gone
No key for   CI us-east-1, DR Frankfurt, Branch EMEA, Branch US

NAME           TYPE       USABLE_KEY  LEFT
AWS us-east-1  connector  build +1      41

build · connector · rotated; the predecessor can still enrol
├ 38101  current                            12/50  can enrol  no connectors  made [AGE]
└ 38102  previous, until 23 Nov 2099 15:04  47/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
        from [TIME] (in [..] years)
next: zpakey disable build

"#]],
    );
}

#[test]
fn csv_and_columns_have_a_line_for_each_lineage() {
    let tenant = tenant(vec![key("build", 12), key(&format!("build.old-38102.{PAST}"), 47)]);
    tenant.zpakey("status -o csv --columns name,state,next,due").run().code(0).stdout_is(str![[r#"
name,state,next_action,due
build,swapped,retire,true

"#]]);
    tenant.zpakey("status build --field command").run().code(0).stdout_is("zpakey retire build\n");
}

#[test]
fn a_status_is_two_lists_for_each_type_at_most() {
    let tenant = tenant(vec![key("build", 12), key(&format!("build.old-38102.{PAST}"), 47)]);
    tenant.zpakey("status --type connector").run().code(0);
    assert_eq!(tenant.calls(), ["GET v1/associationType/CONNECTOR_GRP/provisioningKey", "GET v1/connector"]);
}

#[test]
fn a_list_tells_the_place_of_each_key() {
    let tenant = tenant(vec![
        key("build", 12),
        key(&format!("build.old-38102.{PAST}"), 47),
        key("build.next-38101", 0),
        stopped("build.old-38104.hold", 3),
        key("alone", 1),
    ]);
    let run = tenant.zpakey("list -o csv --columns name,role,due_at").run().code(0);
    run.stdout_is(str![[r#"
name,role,due_at
alone,,
build,current,
build.next-38101,next,
build.old-38102.202011231504,old,[TIME]
build.old-38104.hold,retired,

"#]]);
    tenant.zpakey("list -o table").run().code(0).stderr_is(str![[r#"
5 keys · 1 nearly exhausted · 1 disabled · 1 retirement is due · tenant 216199618143191040

"#]]);
    // A filter does not change what a key is.
    let one = tenant.zpakey("list --name build --field role").run().code(0);
    one.stdout_is("current\n");
    tenant.zpakey("list --sort role --field name --name 'b*'").run().code(0).stdout_is(str![[r#"
build
build.next-38101
build.old-38102.202011231504
build.old-38104.hold

"#]]);
}

#[test]
fn a_key_that_was_set_aside_is_not_said_to_be_due_since_1970() {
    const ASIDE: &str = "build.old-38102.197001010000";
    let able = tenant(vec![key("build", 12), key(ASIDE, 0)]);
    able.zpakey("status build -o table").run().code(0).stdout_is(str![[r#"
build · connector · rotated; the predecessor can still enrol
├ 38101  current    12/50  can enrol  no connectors  made [AGE]
└ 38102  set aside   0/50  can enrol  no connectors  made [AGE]
  next: zpakey retire build
  ⚠ 38102 was made to take over and set aside by a rotation; the 1970 in its name marks that; retiring stops it

"#]]);
    let stopped = tenant(vec![key("build", 12), stopped(ASIDE, 0)]);
    for (tenant, then) in [(&able, "retiring stops it"), (&stopped, "purging deletes it")] {
        let run = tenant.zpakey("status build -o table").run().code(0);
        run.stdout_has(then).lacks("1970-").lacks("undone");
        tenant.zpakey("list -o wide").run().code(0).stdout_has("  set aside");
        // Scripts read the time as it stands in the name.
        let json = tenant.zpakey("get id:38102").run().code(0).json();
        assert_eq!(json["due_at"], "1970-01-01T00:00:00Z");
    }
    let card = able.zpakey("get id:38102 -o table").run().code(0).lacks("1970-");
    card.stdout_has("Role         set aside");
}

#[test]
fn a_key_alone_tells_what_its_own_name_tells() {
    let tenant = tenant(vec![key("build", 12), key(&format!("build.old-38102.{PAST}"), 47)]);
    for (line, role) in [
        ("get build", json!("current")),
        // Only the key is read.
        ("get id:38101", Value::Null),
        ("get id:38102", json!("old")),
    ] {
        assert_eq!(tenant.zpakey(line).run().code(0).json()["role"], role, "{line}");
    }
    let run = tenant.zpakey("get id:38102 -o table").run().code(0);
    run.stdout_has("Role         previous, to be retired from 2020-11-23 15:04 UTC (");
}

#[test]
fn a_list_does_not_count_a_predecessor_that_is_all_there_is() {
    let tenant = tenant(vec![key(&format!("build.old-38101.{PAST}"), 3)]);
    tenant.zpakey("list -o table").run().code(0).lacks("retirement");
}
