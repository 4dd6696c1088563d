//! `zpakey metrics`: what it prints, and the file of the textfile collector.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::support::{Fleet, Tenant};

fn seed() -> Value {
    json!({
        "keys": [
            {"name": "build \"x\"", "usageCount": 6, "maxUsage": 6, "creationTime": "1700000000"},
            {"name": "shop.old-38102.209911231504", "usageCount": 2, "enabled": false},
        ],
        "connectors": [{"name": "ac-1", "provisioningKeyId": "38101"}, {"name": "ac-2", "provisioningKeyId": "38101"}],
    })
}

/// The lines of a metric.
fn series<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines()
        .filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])))
        .collect()
}

#[test]
fn each_key_has_its_series() {
    let text = Tenant::seeded(seed()).zpakey("metrics").run().code(0).stderr_is("").has_no_secret().stdout;
    let of = |name: &str| series(&text, name);
    let first = r#"tenant="216199618143191040",type="connector",key_id="38101""#;
    let second = r#"tenant="216199618143191040",type="connector",key_id="38102""#;
    assert_eq!(
        of("zpakey_key_enrollments_total"),
        [
            format!("zpakey_key_enrollments_total{{{first}}} 6"),
            format!("zpakey_key_enrollments_total{{{second}}} 2")
        ]
    );
    assert_eq!(of("zpakey_key_enrollments_max")[0], format!("zpakey_key_enrollments_max{{{first}}} 6"));
    let can = of("zpakey_key_can_enroll");
    assert!(can.len() == 2 && can.iter().all(|line| line.ends_with(" 0")), "{can:?}");
    assert_eq!(
        of("zpakey_key_created_timestamp_seconds")[0],
        format!("zpakey_key_created_timestamp_seconds{{{first}}} 1700000000")
    );
    assert!(of("zpakey_key_components").iter().any(|line| line.contains("38101") && line.ends_with(" 2")));
    let info = of("zpakey_key_info");
    assert!(info[0].contains(r#"name="build \"x\"",lineage="build \"x\"",role="current""#), "{info:?}");
    assert!(info[1].contains(r#"lineage="shop",role="retired""#) && info[1].ends_with("} 1"), "{info:?}");
    assert_eq!(
        of("zpakey_tenant_keys"),
        [
            r#"zpakey_tenant_keys{tenant="216199618143191040",type="connector"} 2"#,
            r#"zpakey_tenant_keys{tenant="216199618143191040",type="service-edge"} 0"#,
        ]
    );
    assert_eq!(of("zpakey_tenant_keys_max").len(), 2);
    assert!(!of("zpakey_certificate_not_after_timestamp_seconds").is_empty());
    assert_eq!(of("zpakey_audit_findings").len(), 5);
    assert_eq!(of("zpakey_collect_success"), [r#"zpakey_collect_success{tenant="216199618143191040"} 1"#]);
    assert_eq!(
        of("zpakey_build_info"),
        [format!("zpakey_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))]
    );
    assert!(!text.contains("# EOF"));
}

#[test]
fn open_metrics_have_their_own_names_and_end() {
    let text = Tenant::seeded(seed()).zpakey("metrics --openmetrics").run().code(0).stdout;
    assert!(text.contains("# TYPE zpakey_key_enrollments counter\nzpakey_key_enrollments_total{"), "{text}");
    assert!(text.contains("# TYPE zpakey_key info\nzpakey_key_info{"), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[test]
fn a_file_is_replaced_at_once_and_can_be_read_by_all() {
    let tenant = Tenant::seeded(seed());
    tenant.home().write("keys.prom", "old\n");
    let script = "umask 077; exec $ZPAKEY metrics --out-file keys.prom";
    tenant.zpakey(["-c", script]).through("/bin/sh").run().code(0).stdout_is("");
    let file = tenant.home().work().join("keys.prom");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o644);
    assert!(tenant.home().read("keys.prom").starts_with("# HELP zpakey_key_enrollments_total "));
    let left: Vec<_> =
        std::fs::read_dir(tenant.home().work()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["keys.prom"]);
    tenant.zpakey("metrics --out-file /nowhere/keys.prom").run().code(2);
}

#[test]
fn of_a_tenant_that_cannot_be_read_only_that_is_told() {
    let fleet = Fleet::new([("eu", seed()), ("us", seed())]);
    fleet.write_profiles("[profiles.none]\n");
    fleet.tenant("eu").set_faults(&json!([{"path": "/oauth2/", "action": {"status": 401}}]));
    let finished = fleet.zpakey("metrics --profile * --out-file keys.prom").run().code(6).has_no_secret();
    let text = fleet.home().read("keys.prom");
    assert_eq!(
        series(&text, "zpakey_collect_success"),
        [
            r#"zpakey_collect_success{tenant="1001"} 0"#,
            r#"zpakey_collect_success{tenant="1002"} 1"#,
            r#"zpakey_collect_success{tenant="none"} 0"#,
        ]
    );
    assert!(!text.contains(r#"_total{tenant="1001""#) && text.contains(r#"_total{tenant="1002""#), "{text}");
    assert!(
        finished.stderr.contains("failed: eu: ") && finished.stderr.contains("error: 2 of 3 tenants failed"),
        "{}",
        finished.stderr
    );
}

#[test]
fn what_was_read_of_a_tenant_stands_and_findings_are_not_counted_from_a_part() {
    let tenant = Tenant::seeded(seed());
    tenant.set_faults(&json!([{"path": "*/enrollmentCert", "action": {"status": 403}}]));
    let text = tenant.zpakey("metrics").run().code(6).stdout;
    assert_eq!(
        series(&text, "zpakey_collect_success"),
        [r#"zpakey_collect_success{tenant="216199618143191040"} 0"#]
    );
    assert_eq!(
        (series(&text, "zpakey_audit_findings").len(), series(&text, "zpakey_tenant_keys").len()),
        (0, 2)
    );
}

#[test]
fn two_profiles_of_one_tenant_do_not_repeat_a_series() {
    let fleet = Fleet::new([("eu", seed())]);
    let access = fleet.tenant("eu").access();
    fleet.write_profiles(&format!(
        "[profiles.twin]\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '1001'\napi_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.client_secret, access.api_url, access.token_url
    ));
    let text = fleet.zpakey("metrics --profile *").run().code(0).stdout;
    assert_eq!(series(&text, "zpakey_key_enrollments_total").len(), 2);
    assert_eq!(
        (series(&text, "zpakey_collect_success").len(), series(&text, "zpakey_tenant_info").len()),
        (1, 2)
    );
}
