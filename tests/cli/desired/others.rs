//! Other runs, and people who act meanwhile.

use zpakey::sandbox::{Options, Quirks};

use super::*;

const MANY: &str = "- {name: n1, type: connector, group: AWS us-east-1, uses: 3}\n\
                    - {name: n2, type: connector, group: AWS us-east-1, uses: 3}\n\
                    - {name: a, type: connector, uses: 20}\n\
                    - {name: b, type: connector, uses: closed}\n";

#[test]
fn two_applies_at_once_come_to_what_the_file_says() {
    let tenant =
        tenant(&json!([{"name": "a", "maxUsage": 9}, {"name": "b", "maxUsage": 9, "usageCount": 2}]));
    write(&tenant, MANY);
    let line = "apply keys.yaml --settle 0s --yes --max-wait 5s";
    let (one, other) = (tenant.zpakey(line).start(), tenant.zpakey(line).start());
    for run in [one.finish(), other.finish()] {
        assert!([0, 6].contains(&run.code), "{} {}", run.code, run.stderr);
    }
    apply(&tenant, "").code(0);
    diff(&tenant).code(0);
    let names = tenant.state()["keys"].as_array().unwrap().iter().filter(|key| key["name"] == "n1").count();
    assert_eq!(names, 1);
}

#[test]
fn a_twin_that_another_run_made_is_told_and_not_deleted() {
    let mut quirks = Quirks::default();
    quirks.set("names=free").unwrap();
    let tenant = Tenant::with(Options { quirks, ..Options::default() });
    write(&tenant, "- {name: n1, type: connector, group: AWS us-east-1, uses: 3}\n");
    // The other run has listed what this one has listed.
    tenant.set_faults(&json!([{"method": "POST", "contains": "provisioningKey", "nth": 1, "before": {"create": {"name": "n1"}}}]));
    let run = apply(&tenant, "");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(run.stderr.contains("are called n1: another run made one of them meanwhile"), "{}", run.stderr);
    assert!(tenant.writes().iter().all(|call| !call.starts_with("DELETE")));
}

#[test]
fn a_person_who_blocks_a_key_meanwhile_is_not_overruled() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9, "usageCount": 8}]));
    write(&tenant, "- {name: a, type: connector, uses: {keep: 10}}\n");
    diff(&tenant).code(7);
    tenant.zpakey("disable a --yes").run().code(0);
    let told = items(&apply(&tenant, "").code(6));
    assert!(told[0].starts_with("blocked a: the key was disabled"), "{told:?}");
    assert_eq!(tenant.key("a").unwrap()["enabled"], false);
}
