//! `create --from` with what `list` and `reveal` print, of this tenant or another.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use super::{bodies, column};
use crate::support::Tenant;

/// A tenant with keys of both types that say something in every field.
fn source() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "full", "maxUsage": 9, "usageCount": 8, "ipAcl": ["192.0.2.0/24"], "uiConfig": "blue", "enabled": false},
        {"name": "sealed", "exportable": false, "usageCount": 10},
        {"name": "edge", "association_type": "SERVICE_EDGE_GRP", "maxUsage": 3, "enrollmentCertId": "16559"},
    ]}))
}

/// Another tenant: its groups and certificates have the names, and the ids belong to others.
fn target() -> Tenant {
    Tenant::seeded(json!({
        "connector_groups": [{"id": "72058304855047746", "name": "Elsewhere"}, {"id": "820001", "name": "AWS us-east-1"}],
        "service_edge_groups": [{"id": "820002", "name": "Branch EMEA"}],
        "certificates": [{"id": "16560", "name": "Root"}, {"id": "91", "name": "Connector"},
                         {"id": "92", "name": "Service Edge"}, {"id": "93", "name": "Client"}],
    }))
}

#[test]
fn the_list_of_one_tenant_makes_the_same_keys_in_another() {
    let list = source().zpakey("list --sort name -o json").run().code(0).stdout;
    let target = target();
    let run = target.zpakey("create --from -").stdin(list).run().code(0).has_no_secret();
    assert_eq!(column(&run, "name"), ["edge", "full", "sealed"]);
    assert_eq!(column(&run, "zcomponent_id"), ["820002", "820001", "820001"]);
    assert_eq!(column(&run, "enrollment_cert_id"), ["93", "91", "91"]);
    assert_eq!(column(&run, "usage_count"), [0, 0, 0]);
    let full = &bodies(&target, "POST", "CONNECTOR_GRP")[0];
    assert_eq!((&full["enabled"], &full["ipAcl"]), (&json!(false), &json!(["192.0.2.0/24"])));
    assert_eq!((&full["uiConfig"], &full["maxUsage"]), (&json!("blue"), &json!("9")));
}

#[test]
fn a_sealed_key_is_made_with_viewing_on_and_that_is_a_warning() {
    let list = source().zpakey("list --name sealed -o json").run().code(0).stdout;
    let target = target();
    let run = target.zpakey("create --from - -q").stdin(list.clone()).run().code(0);
    run.stderr_is(str![[r#"
warning: viewing stays on although the entry is not exportable, or no one would have the text: sealed; once it is saved: zpakey update NAME --no-export

"#]]);
    assert_eq!(target.key("sealed").unwrap()["exportable"], true);
    // The key is there now, and nothing is made.
    target.zpakey("create --from - -q --if-exists skip").stdin(list).run().code(0).stderr_is("");
}

#[test]
fn a_key_value_in_the_input_is_left_aside_like_all_that_the_server_sets() {
    let source = source();
    let revealed = source.zpakey("reveal full --yes -o json").run().code(0).stdout;
    assert!(revealed.contains("provisioning_key"));
    let target = target();
    let options = "--group 'AWS us-east-1' --max-usage 1 -vv";
    let run = target.zpakey(format!("create --from - {options}")).stdin(revealed).run().code(0);
    let made = run.has_no_secret().json();
    assert_eq!(made[0]["name"], "full");
    assert_eq!(bodies(&target, "POST", "CONNECTOR_GRP")[0].get("provisioningKey"), None);
}

#[test]
fn what_any_format_of_lines_prints_is_taken() {
    let lines = source().zpakey("list --sort name -o ndjson").run().code(0).stdout;
    let run = target().zpakey("create --from -").stdin(lines).run().code(0);
    assert_eq!(column(&run, "name"), ["edge", "full", "sealed"]);
}

#[test]
fn a_group_that_only_the_id_would_find_is_not_taken_for_the_one_that_is_named() {
    let list = json!([{"name": "a", "association_type": "CONNECTOR_GRP", "max_usage": 1,
        "zcomponent_id": "72058304855047746", "zcomponent_name": "CI us-east-1"}]);
    let target = target();
    let run = target.zpakey("create --from - -o table").stdin(list.to_string()).run().code(4);
    run.stderr_has("entry 1 (a): no App Connector group named \"CI us-east-1\"");
    assert!(target.writes().is_empty());
}

#[test]
fn what_a_list_says_brings_an_existing_key_to_it() {
    let source = source();
    let list = source.zpakey("list --name full -o json").run().code(0).stdout;
    source.zpakey("update full --max-usage 20 --enable --no-ip-acl").run().code(0);
    let run = source.zpakey("create --from - --if-exists update").stdin(list.clone()).run().code(0);
    let key: Value = run.json();
    assert_eq!((&key[0]["max_usage"], &key[0]["enabled"]), (&json!(9), &json!(false)));
    assert_eq!(key[0]["ip_acl"], json!(["192.0.2.0/24"]));
    source.clear_requests();
    source.zpakey("create --from - --if-exists update").stdin(list).run().code(0).stderr_is(str![[r#"
full (38101) is already up to date

"#]]);
    assert!(source.writes().is_empty());
}
