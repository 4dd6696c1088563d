//! What is written for each key.

use serde_json::{Value, json};
use snapbox::str;

use super::{AWS, SUBTENANT, attribute, blocks, exported, nine_keys, parsed};
use crate::support::Tenant;

#[test]
fn a_key_is_a_resource_a_data_source_for_each_reference_and_an_import() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "Build Runners", "ipAcl": ["192.0.2.7", "10.0.0.1/32"], "enabled": false, "usageCount": "3"},
    ]}));
    exported(&tenant, "");
    tenant.zpakey("export --to terraform").run().code(0).stderr_is("").stdout_is(str![[r#"
# 1 provisioning key of tenant 216199618143191040, written by zpakey export
# terraform >= 1.5, provider zscaler/zpa >= 4.4.0
# applying this puts the text of each key, a secret, into Terraform's state

resource "zpa_provisioning_key" "build_runners" {
  name               = "Build Runners"
  association_type   = "CONNECTOR_GRP"
  enabled            = false # Terraform cannot disable a key, and does not enable this one
  max_usage          = "10"
  enrollment_cert_id = data.zpa_enrollment_cert.connector.id
  zcomponent_id      = data.zpa_app_connector_group.aws_us_east_1.id
  ip_acl             = ["10.0.0.1/32", "192.0.2.7"]

  lifecycle {
    prevent_destroy = true
  }
}

data "zpa_app_connector_group" "aws_us_east_1" {
  id = "72058304855047746" # AWS us-east-1
}

data "zpa_enrollment_cert" "connector" {
  name = "Connector"
}

import {
  to = zpa_provisioning_key.build_runners
  id = "38101"
}

"#]]);
}

#[test]
fn what_the_api_has_is_written_and_nothing_else() {
    let tenant = Tenant::seeded(nine_keys());
    let text = exported(&tenant, "--all-microtenants");
    let body = parsed(&text);
    let resources = blocks(&body, "resource");
    let mut names: Vec<Value> = resources.iter().filter_map(|(_, block)| attribute(block, "name")).collect();
    names.sort_by_key(ToString::to_string);
    let mut expected: Vec<Value> =
        nine_keys()["keys"].as_array().unwrap().iter().map(|key| key["name"].clone()).collect();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(names, expected);
    let allowed = [
        "name",
        "association_type",
        "enabled",
        "max_usage",
        "enrollment_cert_id",
        "zcomponent_id",
        "app_connector_group_id",
        "ip_acl",
        "ui_config",
        "microtenant_id",
    ];
    let always = ["name", "association_type", "max_usage", "enrollment_cert_id", "zcomponent_id"];
    for (label, block) in &resources {
        let found: Vec<&str> = block.body.attributes().map(|attribute| attribute.key.as_str()).collect();
        assert!(found.iter().all(|name| allowed.contains(name)), "{label}: {found:?}");
        assert!(always.iter().all(|name| found.contains(name)), "{label}: {found:?}");
    }
    let of = |label: &str, name: &str| {
        let (_, block) = resources.iter().find(|(known, _)| known == label).unwrap();
        attribute(block, name)
    };
    let acl = json!(["10.0.0.0/8", "10.0.0.1/32", "192.0.2.7"]);
    assert_eq!((of("acl_one", "ip_acl"), of("acl_two", "ip_acl")), (Some(acl.clone()), Some(acl)));
    assert_eq!(of("portal", "ui_config"), Some(json!("{\"tab\": \"${x}\"}")));
    assert_eq!((of("stopped", "enabled"), of("portal", "enabled")), (Some(json!(false)), None));
    assert_eq!(of("second_group", "app_connector_group_id"), Some(json!(AWS)));
    assert_eq!(of("used_up", "max_usage"), Some(json!("2")));
    assert_eq!(
        (of("subsidiary", "microtenant_id"), of("portal", "microtenant_id")),
        (Some(json!(SUBTENANT)), None)
    );
    assert_eq!(of("key_20261127", "name"), Some(json!("20261127")));
    // No attribute that drifts is named, not even in a comment.
    for drifting in ["usage_count", "zcomponent_name", "provisioning_key =", "app_connector_group_name"] {
        assert!(!text.contains(drifting), "{drifting}");
    }
    assert_eq!(blocks(&body, "import").len(), 9);
    assert!(!text.contains("terraform {"), "a block of its own would clash with the user's");
}

#[test]
fn it_is_the_same_on_repeat_and_in_whatever_order_the_api_lists() {
    let (tenant, mut reversed) = (Tenant::seeded(nine_keys()), nine_keys());
    let keys = reversed["keys"].as_array_mut().unwrap();
    for (at, key) in keys.iter_mut().enumerate() {
        key["id"] = json!((38101 + at).to_string());
    }
    keys.reverse();
    let first = exported(&tenant, "--all-microtenants");
    assert_eq!(first, exported(&tenant, "--all-microtenants"));
    assert_eq!(first, exported(&Tenant::seeded(reversed), "--all-microtenants"));
}

#[test]
fn labels_that_would_collide_get_ids_between_types_too() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod"}, {"name": "other"},
        {"association_type": "SERVICE_EDGE_GRP", "name": "Prod"},
    ]}));
    let labels = |arguments: &str| -> Vec<String> {
        let text = exported(&tenant, arguments);
        blocks(&parsed(&text), "resource").into_iter().map(|(label, _)| label).collect()
    };
    assert_eq!(labels(""), ["other", "prod_38101", "prod_38103"]);
    assert_eq!(labels("--labels id"), ["key_38102", "key_38101", "key_38103"]);
}

#[test]
fn references_are_ids_data_sources_or_resources() {
    let tenant = Tenant::seeded(json!({
        "certificates": [
            {"id": "16560", "name": "Connector"}, {"id": "16561", "name": "connector"}, {"id": "16562", "name": "R&D"},
        ],
        "keys": [
            {"name": "a", "enrollmentCertId": "16560"},
            {"name": "b", "enrollmentCertId": "16562", "zcomponentId": "72058304855047747"},
            {"association_type": "NP_ASSISTANT_GRP", "name": "c", "zcomponentId": "7205830485504001", "enrollmentCertId": "16562"},
        ],
    }));
    let text = exported(&tenant, "--all-types");
    let body = parsed(&text);
    let data: Vec<(String, Option<Value>, Option<Value>)> = blocks(&body, "data")
        .into_iter()
        .map(|(label, block)| (label, attribute(block, "id"), attribute(block, "name")))
        .collect();
    // Two certificates differ in case only, and the provider does not see it; `&` is dropped by its search.
    let id = |id: &str| Some(json!(id));
    assert_eq!(
        data,
        [
            ("aws_us_east_1".to_owned(), id(AWS), None),
            ("ci_us_east_1".to_owned(), id("72058304855047747"), None),
            ("connector".to_owned(), id("16560"), None),
            ("r_d".to_owned(), id("16562"), None),
        ]
    );
    let resources = blocks(&body, "resource");
    assert_eq!(attribute(resources[2].1, "zcomponent_id"), Some(json!("7205830485504001")));
    let literal = exported(&tenant, "--references literal");
    let body = parsed(&literal);
    assert!(blocks(&body, "data").is_empty());
    assert!(literal.contains("zcomponent_id      = \"72058304855047746\" # AWS us-east-1"), "{literal}");

    let state = json!({"version": 4, "resources": [
        {"mode": "managed", "type": "zpa_app_connector_group", "name": "site",
         "instances": [{"index_key": "aws", "attributes": {"id": AWS}}]},
        {"module": "module.x", "mode": "managed", "type": "zpa_app_connector_group", "name": "ci",
         "instances": [{"attributes": {"id": "72058304855047747"}}]},
    ]});
    tenant.home().write("terraform.tfstate", &state.to_string());
    let text = exported(&tenant, "--references resource --tfstate terraform.tfstate");
    assert!(text.contains("zcomponent_id      = zpa_app_connector_group.site[\"aws\"].id"), "{text}");
    assert!(text.contains("zcomponent_id      = data.zpa_app_connector_group.ci_us_east_1.id"), "{text}");
    assert!(!text.contains("\"aws_us_east_1\""), "{text}");
    tenant
        .zpakey("export --to terraform --references resource --tfstate terraform.tfstate")
        .run()
        .code(0)
        .stderr_has("not a resource of the state's root module: CI us-east-1; a data source stands for it");
    tenant.zpakey("export --to terraform --references resource").run().code(2);
    tenant.zpakey("export --to terraform --tfstate terraform.tfstate").run().code(2);
}

#[test]
fn protection_and_ignored_attributes_are_a_lifecycle() {
    let tenant = Tenant::with_keys(["a"]);
    let protected = "\n  lifecycle {\n    prevent_destroy = true\n  }\n";
    assert!(exported(&tenant, "").contains(protected));
    assert!(!exported(&tenant, "--no-protect").contains("lifecycle"));
    let both = "  lifecycle {\n    prevent_destroy = true\n    ignore_changes  = [max_usage, enabled]\n  }\n";
    let text = exported(&tenant, "--ignore max_usage,enabled,max_usage");
    assert!(text.contains(both), "{text}");
    let text = exported(&tenant, "--no-protect --ignore ip_acl --ignore name");
    assert!(text.contains("  lifecycle {\n    ignore_changes = [ip_acl, name]\n  }\n"), "{text}");
    tenant.zpakey("export --to terraform --ignore usage_count").run().code(2);
}

#[test]
fn keys_that_no_one_may_write_and_those_of_rotations_are_left_out() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"id": "7001", "name": "prod", "maxUsage": 50},
        {"id": "7002", "name": "prod.old-7002.202011231504"},
        {"id": "7003", "name": "prod.next-7001"},
        {"id": "7004", "name": "vendor", "zscalerManaged": true},
        {"id": "7005", "name": "theirs", "readOnly": true},
        {"id": "7006", "name": "site", "association_type": "SITE_CONTROLLER_GRP", "zcomponentId": "7205830485504001"},
    ]}));
    let run = tenant.zpakey("export --to terraform --all-types").run().code(0).has_no_secret();
    let labels = |text: &str| -> Vec<String> {
        blocks(&parsed(text), "resource").into_iter().map(|(label, _)| label).collect()
    };
    assert_eq!(labels(&run.stdout), ["prod"]);
    assert_eq!(blocks(&parsed(&run.stdout), "import").len(), 1);
    for line in [
        "# left out: prod.next-7001 (7003), to replace another key in a rotation",
        "# left out: prod.old-7002.202011231504 (7002), replaced by a rotation",
        "# left out: vendor (7004), managed by Zscaler",
        "# left out: theirs (7005), read-only",
        "# Terraform cannot import keys of this type: SITE_CONTROLLER_GRP\n# resource \"zpa_provisioning_key\" \"site\" {",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
    let run = run
        .stderr_has(
            "left out prod.old-7002.202011231504 (7002): replaced by a rotation; --all-roles writes it",
        )
        .stderr_has("left out vendor (7004): managed by Zscaler")
        .stderr_has("commented out site (7006): Terraform cannot import keys of these types");
    tenant.home().write("exported.tf", &run.stdout);
    super::assert_formatted(tenant.home(), "exported.tf");
    let all = exported(&tenant, "--all-roles");
    assert_eq!(labels(&all), ["prod", "prod_next_7001", "prod_old_7002_202011231504"]);
    // A key that is named is left out no less.
    tenant.zpakey("export 7002 --to terraform").run().code(0).stderr_has("--all-roles writes it");
}

#[test]
fn data_sources_stand_for_keys_that_terraform_only_reads() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a \"b\""},
        {"name": "np", "association_type": "NP_ASSISTANT_GRP", "zcomponentId": "7205830485504001"},
    ]}));
    let text = exported(&tenant, "--as data --all-types");
    let body = parsed(&text);
    assert!(blocks(&body, "resource").is_empty() && blocks(&body, "import").is_empty());
    let (label, block) = blocks(&body, "data").remove(0);
    assert_eq!(label, "a_b");
    assert_eq!(attribute(block, "id"), Some(json!("38101")));
    assert_eq!(attribute(block, "association_type"), Some(json!("CONNECTOR_GRP")));
    assert!(text.contains("# Terraform cannot read keys of this type: NP_ASSISTANT_GRP"), "{text}");
}
