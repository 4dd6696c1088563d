//! Rotations that a file asks for.

use super::*;

const ROTATED: &str = "- {name: prod, type: connector, rotate: {every: 90d, deliver: box}}\n\
                       deliver: {box: {exec: [sh, -c, \"cat > got\"]}}\n";

fn old_key() -> Value {
    json!([{"name": "prod", "maxUsage": 50, "usageCount": 0, "creationTime": ago(94), "modifiedTime": ago(94)}])
}

fn names(tenant: &Tenant) -> Vec<String> {
    let state = tenant.state();
    let all = state["keys"].as_array().unwrap().iter();
    all.map(|key| {
        let name = key["name"].as_str().unwrap();
        name.rsplit_once('.').filter(|(_, time)| time.len() == 12).map_or(name, |(rest, _)| rest).to_owned()
    })
    .collect()
}

#[test]
fn a_key_that_is_due_is_rotated_handed_over_and_kept_for_its_grace() {
    let tenant = tenant(&old_key());
    write(&tenant, ROTATED);
    assert_eq!(items(&diff(&tenant).code(7)), ["rotate prod: 94 d old, every 90d"]);
    apply(&tenant, "").code(0).has_no_secret().stderr_has("delivered by delivery box");
    assert_eq!(names(&tenant), ["prod.old-38101", "prod"]);
    let now = tenant.zpakey("reveal prod --yes --raw").run().code(0).stdout;
    assert_eq!(tenant.home().read("got").trim(), now.trim());
    // The file stays as it is, and so do both keys.
    diff(&tenant).code(0);
    tenant.clear_requests();
    apply(&tenant, "").code(0);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn once_the_grace_is_over_the_predecessor_is_retired() {
    let tenant = tenant(&json!([
        {"name": "prod.old-38101.202011231504", "maxUsage": 50, "usageCount": 0, "creationTime": ago(94)},
        {"name": "prod", "maxUsage": 50, "usageCount": 0, "creationTime": ago(2)},
    ]));
    write(&tenant, ROTATED);
    assert_eq!(items(&diff(&tenant).code(7)), ["rotate prod: the grace of 38101 is over"]);
    apply(&tenant, "").code(0);
    let old = tenant.key("38101").unwrap();
    assert_eq!((&old["enabled"], &old["maxUsage"]), (&json!(false), &json!("1")));
    assert!(!tenant.home().has("got"));
    diff(&tenant).code(0);
}

#[test]
fn a_changed_group_rotates_into_it() {
    let tenant = tenant(&json!([{"name": "prod", "maxUsage": 50, "usageCount": 0}]));
    let entry = |more: &str| format!("- {{name: prod, type: connector, group: CI us-east-1{more}}}\n");
    write(&tenant, &entry(""));
    let told = items(&apply(&tenant, "").code(6));
    assert!(told[0].starts_with("blocked prod: group AWS us-east-1, not CI us-east-1"), "{told:?}");
    assert_eq!(tenant.writes(), [""; 0]);
    write(
        &tenant,
        &format!("{}deliver: {{f: {{out_file: '{{name}}.key'}}}}\n", entry(", rotate: {deliver: f}")),
    );
    assert_eq!(items(&apply(&tenant, "").code(0)), ["rotate prod: group AWS us-east-1 to CI us-east-1"]);
    let new = tenant.key("prod").unwrap();
    assert_ne!(new["id"], "38101");
    assert_ne!(new["zcomponentId"], AWS);
    assert_eq!(tenant.home().mode("prod.key"), 0o600);
    diff(&tenant).code(0);
}

#[test]
fn the_profiles_delivery_wins_over_the_files() {
    let tenant = tenant(&old_key());
    write(&tenant, ROTATED);
    tenant
        .home()
        .write_profiles("active = 'here'\n[profiles.here.deliver.box]\nout_file = 'from-the-profile'\n");
    apply(&tenant, "").code(0);
    assert!(tenant.home().has("from-the-profile") && !tenant.home().has("got"));
}

#[test]
fn a_delivery_that_is_not_there_blocks_and_one_that_fails_leaves_the_old_key() {
    let tenant = tenant(&old_key());
    write(
        &tenant,
        "- {name: prod, type: connector, rotate: {every: 90d, deliver: boxx}}\ndeliver: {box: {out_file: x}}\n",
    );
    let told = items(&apply(&tenant, "").code(6));
    assert_eq!(told, ["blocked prod: no delivery is called \"boxx\"; did you mean \"box\"?"]);
    write(
        &tenant,
        "- {name: prod, type: connector, rotate: {every: 90d, deliver: box}}\ndeliver: {box: {exec: ['false']}}\n",
    );
    apply(&tenant, "").code(6);
    assert_eq!(names(&tenant), ["prod", "prod.next-38101"]);
    // The same command goes on once the delivery works.
    write(&tenant, ROTATED);
    assert_eq!(items(&diff(&tenant).code(7)), ["rotate prod: a rotation is under way"]);
    apply(&tenant, "").code(0);
    assert_eq!(names(&tenant), ["prod.old-38101", "prod"]);
}

#[test]
fn a_profile_with_a_wrong_delivery_is_told() {
    let home = crate::support::Home::new();
    home.write_profiles("active = 'here'\n[profiles.here.deliver.box]\nexec = []\n");
    home.zpakey("list").run().code(2).stderr_has("deliver.box: `exec` names no program");
}

#[test]
fn what_a_rotation_met_is_told() {
    let tenant = tenant(&old_key());
    write(&tenant, ROTATED);
    // A machine enrols with the new key before that has its name.
    tenant.set_faults(&json!([
        {"method": "PUT", "contains": "provisioningKey/38101", "nth": 1, "before": {"enroll": "prod.next-38101"}},
    ]));
    let run = apply(&tenant, "").code(0).has_no_secret();
    run.stderr_has(
        "warning: 1 host is named after prod.next-…: they enrolled before the new key had its name",
    );
    assert_eq!(names(&tenant), ["prod.old-38101", "prod"]);
}
