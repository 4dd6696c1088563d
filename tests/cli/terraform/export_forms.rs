//! The other forms: what `list` writes, and tasks of Ansible.

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::json;

use super::nine_keys;
use crate::support::Tenant;

#[test]
fn csv_and_json_are_what_list_writes() {
    let tenant = Tenant::seeded(nine_keys());
    for form in ["csv", "json"] {
        let listed = tenant.zpakey(format!("list -o {form}")).run().code(0).stdout;
        let exported = tenant.zpakey(format!("export --to {form}")).run().code(0).has_no_secret().stdout;
        assert_eq!(exported, listed, "{form}");
        tenant.zpakey(format!("export --to {form} --out-file keys.{form}")).run().code(0).stdout_is("");
        assert_eq!(tenant.home().read(&format!("keys.{form}")), listed);
    }
}

#[test]
fn ansible_gets_a_task_for_each_key_that_its_module_can_name() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a {{ b }} \"c\"", "enabled": false, "maxUsage": 7},
        {"name": "edge \u{1F600}", "association_type": "SERVICE_EDGE_GRP", "ipAcl": ["10.0.0.1"]},
        {"name": "np", "association_type": "NP_ASSISTANT_GRP", "zcomponentId": "7205830485504001"},
        {"id": "7002", "name": "prod.old-7002.202011231504"},
    ]}));
    let run = tenant.zpakey("export --to ansible --all-types").run().code(0).has_no_secret();
    let run = run.stderr_has("left out np (").stderr_has("left out prod.old-7002.202011231504 (7002)");
    assert!(run.stdout.contains("    name: !unsafe \"a {{ b }} \\\"c\\\"\"\n"), "{}", run.stdout);
    // A reader without Ansible's tags.
    let plain = run.stdout.replace("!unsafe ", "");
    let read = Yaml::load_from_str(&plain).unwrap();
    let tasks = read[0].as_vec().unwrap();
    assert_eq!(tasks.len(), 2);
    let module = |at: usize| &tasks[at]["zscaler.zpacloud.zpa_provisioning_key"];
    let text = |at: usize, name: &str| module(at)[name].as_str().unwrap();
    assert_eq!(text(0, "name"), "a {{ b }} \"c\"");
    assert_eq!((text(0, "max_usage"), module(0)["enabled"].as_bool()), ("7", Some(false)));
    assert_eq!((text(0, "association_type"), text(0, "state")), ("CONNECTOR_GRP", "present"));
    assert_eq!(text(1, "name"), "edge \u{1F600}");
    assert_eq!(text(1, "zcomponent_id"), "72058304855047751");
    tenant.zpakey("export --to ansible --name nothing").run().code(0).stdout_has("\n---\n[]\n");
}
