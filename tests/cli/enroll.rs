//! `zpakey sandbox enroll`: machines that enrol, in the lasting tenant and in one that is served.

use serde_json::json;

use crate::support::{Home, Tenant};

const CREATE: &str = "create demo --type connector --group 'AWS us-east-1' --max-usage 3";

#[test]
fn machines_enrol_in_the_lasting_tenant_and_appear() {
    let home = Home::new();
    home.sandboxed(CREATE).run().code(0);
    home.zpakey("sandbox enroll demo --count 2").run().code(0).stderr_has("enrolled with key 38101");
    let key = home.sandboxed("get demo").run().code(0).json();
    assert_eq!((&key["usage_count"], &key["status"]), (&json!(2), &json!("nearly_exhausted")));
    let machines = home.sandboxed("get demo --connectors").run().code(0).json();
    assert_eq!(machines.as_array().unwrap().len(), 2);
    assert_eq!(machines[0]["control_channel_status"], "ZPN_STATUS_AUTHENTICATED");
    assert!(machines[0]["name"].as_str().unwrap().starts_with("demo-"));
}

#[test]
fn a_served_tenant_is_found_by_its_variables() {
    let tenant = Tenant::standard();
    tenant.zpakey(CREATE).run().code(0);
    tenant.zpakey("sandbox enroll demo").run().code(0);
    assert_eq!(tenant.key("demo").unwrap()["usageCount"], "1");
    tenant.zpakey(format!("{CREATE} --if-exists skip --out-file key")).run().code(0);
    let text = tenant.home().read("key");
    tenant.zpakey("sandbox enroll -").stdin(text).run().code(0).has_no_secret();
    assert_eq!(tenant.key("demo").unwrap()["usageCount"], "2");
}

#[test]
fn a_refusal_says_why() {
    let tenant = Tenant::standard();
    tenant.zpakey(format!("{CREATE} --ip-acl 192.0.2.0/24")).run().code(0);
    for (arguments, why) in [
        ("sandbox enroll demo --ip 198.51.100.1", "does not allow 198.51.100.1"),
        ("sandbox enroll demo --ip 192.0.2.1 --count 4", "demo has 3 uses left; 4 were requested"),
    ] {
        tenant.zpakey(arguments).run().code(8).stderr_has(why);
    }
    tenant.zpakey("update demo --disable").run().code(0);
    tenant.zpakey("sandbox enroll demo --ip 192.0.2.1").run().code(8).stderr_has("is disabled");
    tenant
        .zpakey("sandbox enroll -")
        .stdin("3|api.private.zscaler.com|unknown-1")
        .run()
        .code(8)
        .has_no_secret();
    assert_eq!(tenant.key("demo").unwrap()["usageCount"], "0");
}

#[test]
fn no_other_address_than_this_machines_is_asked_to_play() {
    let tenant = Tenant::standard();
    let elsewhere = tenant.zpakey("sandbox enroll -").env("ZPAKEY_API_URL", "https://zpakey.invalid");
    elsewhere.stdin("3|host|blob-1").run().code(2).stderr_has("only a sandbox plays enrolments");
}
