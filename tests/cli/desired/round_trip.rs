//! `export --to keys` writes a file of which there is no difference, and another tenant can be made from it.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

fn any_key() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        "[a-z]{1,6}",
        Just("007".to_owned()),
        Just("true".to_owned()),
        Just("a: b".to_owned()),
        Just("- x".to_owned()),
        Just("#x".to_owned()),
        Just("id:7".to_owned()),
        Just("é ü".to_owned()),
        Just("x & 'y' \"z\"".to_owned()),
        Just("null".to_owned()),
        Just("1e3".to_owned()),
        Just("a.old-7".to_owned()),
    ];
    let acl = prop_oneof![
        Just(json!([])),
        Just(json!(["192.0.2.0/24"])),
        Just(json!(["2001:db8::/32", "192.0.2.7"]))
    ];
    let ui = proptest::option::of(prop_oneof![Just("blue".to_owned()), Just("a: |\n  b".to_owned())]);
    (names, 0_u64..12, 1_u64..12, any::<bool>(), 0..2_usize, acl, ui, 0..9).prop_map(
        |(name, used, max, enabled, kind, acl, ui, managed)| {
            let kind = ["CONNECTOR_GRP", "SERVICE_EDGE_GRP"][kind];
            json!({
                "name": name, "association_type": kind, "usageCount": used, "maxUsage": max, "enabled": enabled,
                "ipAcl": acl, "uiConfig": ui, "zscalerManaged": managed == 0,
            })
        },
    )
}

/// Names are unique in each type.
fn any_keys() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(any_key(), 0..8).prop_map(|mut keys| {
        let place = |key: &Value| (key["name"].to_string(), key["association_type"].to_string());
        keys.sort_by_key(place);
        keys.dedup_by_key(|key| place(key));
        keys
    })
}

#[test]
fn what_is_exported_does_not_differ_and_makes_the_same_tenant() {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(12) });
    runner
        .run(&any_keys(), |keys| {
            let tenant = tenant(&keys.iter().cloned().collect());
            tenant.zpakey("export --to keys --out-file keys.yaml").run().code(0).has_no_secret();
            let told = diff(&tenant);
            prop_assert_eq!(told.code, 0, "{}\n{}", tenant.home().read("keys.yaml"), told.stdout);
            // Elsewhere: the same groups and certificates, and no keys. What is closed is not made there.
            let text = tenant.home().read("keys.yaml");
            let open: String = text
                .lines()
                .filter(|line| !line.starts_with("tenant:"))
                .fold(String::new(), |all, line| all + line + "\n");
            // zpakey makes no such name, though a tenant may have it.
            if text.contains('&') {
                return Ok(());
            }
            let other = Tenant::standard();
            other.home().write("keys.yaml", &open);
            let made = apply(&other, "");
            prop_assert_eq!(made.code, 0, "{}\n{}", open, made.stderr);
            let entries = |tenant: &Tenant| -> Vec<Value> {
                let keys = tenant.zpakey("list --all-types").run().code(0).json();
                let shown = |key: &Value| {
                    json!([
                        key["name"],
                        key["association_type"],
                        key["max_usage"],
                        key["enabled"],
                        key["zcomponent_name"],
                        key["ip_acl"],
                        key["ui_config"]
                    ])
                };
                let able = |key: &&Value| {
                    key["remaining"] != 0 && key["zscaler_managed"] == false && key["name"] != "a.old-7"
                };
                keys.as_array().unwrap().iter().filter(able).map(shown).collect()
            };
            prop_assert_eq!(entries(&other), entries(&tenant));
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_export_reads_well() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "build", "maxUsage": 50, "usageCount": 12, "ipAcl": ["192.0.2.0/24"]},
        {"name": "spent", "maxUsage": 3, "usageCount": 3},
        {"name": "build.old-38103.202911231504", "maxUsage": 3, "usageCount": 1},
    ]}));
    let run = tenant.zpakey("export --to keys").run().code(0);
    run.stdout_is(snapbox::str![[r#"
version: 1
tenant: "216199618143191040"
keys:
- name: build
  type: connector
  group: AWS us-east-1
  uses: 50
  ip_acl:
  - 192.0.2.0/24
- name: spent
  type: connector
  group: AWS us-east-1
  uses: closed

"#]]);
}
