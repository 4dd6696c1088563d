//! `zpakey enable`: a key that was retired or disabled can enrol again.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::json;
use snapbox::str;

use crate::support::Tenant;

const OLD: &str = "build.old-38102.202011231504";

/// `build` (38101), and its retired predecessor (38102).
fn retired(limit: u64) -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "build", "maxUsage": limit, "usageCount": 12},
        {"name": OLD, "maxUsage": 47, "usageCount": 47, "enabled": false},
    ]}))
}

#[test]
fn a_retired_key_gets_the_limit_of_its_successor() {
    let tenant = retired(60);
    let run = tenant.zpakey("enable id:38102").run().code(0).stderr_is(str![[r#"
build.old-38102.202011231504 (38102) belongs to the rotation of build
✓ build (previous, 38102) can enrol again (47 of 60 used)
warning: its time has come: `retire --all-due` or the next rotation of build retires 38102 again, unless it is put on hold: zpakey update id:38102 --name build.old-38102.hold

"#]]);
    let answer = run.json();
    assert_eq!(
        (&answer["name"], &answer["action"], &answer["changed"]),
        (&json!("build"), &json!("enable"), &json!(true))
    );
    assert_eq!((&answer["keys"][0]["role"], &answer["keys"][0]["max_usage"]), (&json!("old"), &json!(60)));
    let key = tenant.key("38102").unwrap();
    assert_eq!((&key["enabled"], &key["maxUsage"]), (&json!(true), &json!("60")));
    tenant.zpakey("sandbox enroll id:38102").run().code(0);
}

#[test]
fn a_limit_that_is_named_is_the_one_it_gets() {
    let tenant = retired(60);
    tenant.zpakey(format!("enable {OLD} --max-usage 48")).run().code(0);
    assert_eq!(tenant.key("38102").unwrap()["maxUsage"], "48");
}

#[test]
fn a_limit_that_leaves_no_use_is_refused() {
    let tenant = retired(40);
    tenant.zpakey("enable id:38102 -o table").run().code(8).stderr_is(str![[r#"
build.old-38102.202011231504 (38102) belongs to the rotation of build
error: the limit would leave build (retired, 38102) no use
hint: zpakey enable id:38102 --max-usage N

"#]]);
    tenant.zpakey("enable id:38102 --max-usage 47").run().code(8);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_second_time_nothing_is_changed() {
    let tenant = retired(60);
    tenant.zpakey("enable id:38102").run().code(0);
    let answer = tenant.zpakey("enable id:38102").run().code(0).json();
    assert_eq!((&answer["changed"], &answer["reason"]), (&json!(false), &json!("already_so")));
    assert_eq!(tenant.writes().len(), 1);
}

#[test]
fn one_that_is_put_on_hold_as_told_stays_restored() {
    let tenant = retired(60);
    let warning =
        tenant.zpakey("enable id:38102").run().code(0).json()["warnings"][0].as_str().unwrap().to_owned();
    let command = warning.rsplit_once(": zpakey ").unwrap().1;
    tenant.zpakey(command).run().code(0);
    tenant.zpakey("retire --all-due --yes").run().code(0).stderr_is("nothing is due\n");
    tenant.zpakey("enable id:38102").run().code(0).lacks("on hold");
}

#[test]
fn a_dry_run_shows_the_request() {
    let tenant = retired(60);
    tenant.zpakey("enable id:38102 -n -o table").run().code(0).stdout_is(str![[r#"
would update  PUT /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey/38102
  enabled  false → true
  max_usage  47 → 60

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn what_is_missing_or_makes_no_sense_is_refused() {
    let tenant = retired(60);
    tenant.zpakey("enable nothing").run().code(4);
    tenant.zpakey("restore").run().code(2);
    tenant.zpakey("enable -").run().code(2);
    tenant.zpakey("enable build --max-usage 0").run().code(2);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn an_api_that_keeps_it_disabled_is_told() {
    let tenant = retired(60);
    tenant.set_faults(&json!({"method": "PUT", "action": {"status": 204}}));
    let error = tenant.zpakey("enable id:38102").run().code(6).error();
    assert_eq!(error["code"], "rotation_incomplete");
}

#[test]
fn the_names_of_before_work() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build", "maxUsage": 50, "usageCount": 12}]}));
    let stopped = tenant.zpakey("block build --yes").run().code(0).stderr_has("zpakey enable build").json();
    assert_eq!(stopped["action"], "disable");
    assert_eq!(tenant.zpakey("restore build").run().code(0).json()["action"], "enable");
    let commands = tenant.zpakey("log --field command").run().code(0).stdout;
    assert_eq!(commands, "enable\ndisable\n");
    let leak = "rotate build --compromised --block-first --out-file key --yes --dry-run -o table";
    let now = leak.replace("block-first", "disable-first");
    assert_eq!(tenant.zpakey(leak).run().code(0).stderr, tenant.zpakey(now).run().code(0).stderr);
    assert_eq!(
        tenant.zpakey("help block").run().code(0).stdout,
        tenant.zpakey("help disable").run().code(0).stdout
    );
}
