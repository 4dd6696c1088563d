//! What a Terraform apply leaves after a rotation that it was not told of, recognised and mended.

#![expect(clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use serde_json::{Value, json};
use zpakey::sandbox::Contents;

use super::{shell, state_of};
use crate::support::Tenant;

const ROTATE: &str = "--no-deliver --settle 0s --yes";

/// A tenant whose key `build` (38101) was rotated (38102) and then written by Terraform, which knew the old id only.
fn wrecked(is_logged: bool) -> Tenant {
    let seed = json!({
        "keys": [{"name": "build", "maxUsage": 50, "usageCount": 3, "creationTime": "1600000000"}],
        "connectors": [{"name": "fra-01", "provisioningKeyId": "38101"}],
        "quirks": {"names": "free"},
    });
    let tenant =
        Tenant::with(zpakey::sandbox::Options { contents: Contents::Seed(seed), ..Default::default() });
    let log = if is_logged { "on" } else { "off" };
    tenant.zpakey(format!("rotate build {ROTATE}")).env("ZPAKEY_AUDIT_LOG", log).run().code(0);
    terraform_applies(&tenant);
    tenant
}

/// What an apply does: it writes the name of the id in its state.
fn terraform_applies(tenant: &Tenant) {
    let rename = json!({"rename": "38101", "to": "build"});
    tenant.set_faults(
        &json!([{"method": "GET", "contains": "/CONNECTOR_GRP/provisioningKey", "nth": 1, "before": rename}]),
    );
    tenant.zpakey("list").run().code(0);
    assert_eq!(tenant.key("38101").unwrap()["name"], "build");
}

/// Runs the last command of a remedy word for word, and returns the lineage as it stands then.
fn mended(tenant: &Tenant, remedy: &Value) -> Value {
    let command = remedy.as_array().unwrap().last().unwrap().as_str().unwrap();
    shell(tenant, command).run().code(0);
    tenant.zpakey("status build").run().code(0).json()
}

#[test]
fn two_keys_of_one_name_are_a_warning_with_what_mends_it() {
    let tenant = wrecked(false);
    let before = tenant.key("38101").unwrap()["modifiedTime"].as_str().unwrap().parse::<i64>().unwrap();
    let run = tenant.zpakey("status build").run().code(0).has_no_secret();
    let run = run.stderr_has("two keys are called build; a Terraform apply most likely renamed one of them");
    let status = run.json();
    assert_eq!(status["state"], "ambiguous");
    let remarks = status["remarks"].to_string();
    for part in [
        "38101 and 38102 are both called build",
        "Terraform most likely gave the predecessor its name back",
        "38101 can enrol, 3 of 50 used, 1 connector carries it, value sha256:",
        "38102 can enrol, 0 of 50 used, no connectors carry it, value sha256:",
        "38101 is the elder, so most likely the predecessor",
    ] {
        assert!(remarks.contains(part), "{part}\n{remarks}");
    }
    let remedy = status["remedy"].clone();
    let due = jiff::Timestamp::from_second(before + 59).unwrap().strftime("%Y%m%d%H%M").to_string();
    assert_eq!(
        remedy,
        json!([
            "address=$(terraform state list -id=38101)",
            "terraform state rm \"$address\"",
            "terraform import \"$address\" 38102",
            format!("zpakey update id:38101 --name=build.old-38101.{due}"),
        ])
    );
    assert_eq!(status["remedy_otherwise"], json!([]));
    let after = mended(&tenant, &remedy);
    assert_eq!((&after["state"], &after["id"]), (&json!("swapped"), &json!("38102")));
    assert_eq!(after["remedy"], json!([]));
}

#[test]
fn without_a_key_the_pair_is_shown_too_and_people_can_copy_the_commands() {
    let tenant = wrecked(false);
    let all = tenant.zpakey("status").run().code(0).json();
    assert_eq!(all[0]["remedy"].as_array().unwrap().len(), 4);
    let shown = tenant.zpakey("status build -o table").run().code(0).stdout;
    assert!(shown.contains("\n  run: terraform import \"$address\" 38102\n"), "{shown}");
    let by_id = tenant.zpakey("status id:38101").run().code(0).json();
    assert_eq!(by_id["remedy"], all[0]["remedy"]);
    // Other commands still cannot tell which is meant.
    tenant.zpakey("reveal build --yes").run().code(8);
}

#[test]
fn the_log_tells_which_is_the_predecessor_and_the_date_that_it_had() {
    let tenant = wrecked(true);
    let named = tenant.zpakey("log -o json").run().code(0).stdout;
    let date = named.split("build.old-38101.").nth(1).unwrap().get(..12).unwrap().to_owned();
    let status = tenant.zpakey("status build").run().code(0).json();
    assert!(status["remarks"].to_string().contains("38101 is the predecessor, by the log of this machine"));
    let remedy = status["remedy"].clone();
    assert_eq!(remedy[3], format!("zpakey update id:38101 --name=build.old-38101.{date}"));
    let after = mended(&tenant, &remedy);
    let old = after["keys"].as_array().unwrap().iter().find(|key| key["id"] == "38101").unwrap();
    assert_eq!(old["name"], format!("build.old-38101.{date}"));
}

#[test]
fn what_was_delivered_is_told_where_the_log_knows_it() {
    let tenant = wrecked(false);
    tenant.zpakey("reveal id:38102 --out-file new-key").run().code(0);
    let status = tenant.zpakey("status build").run().code(0).has_no_secret().json();
    let remarks = status["remarks"].to_string();
    assert!(remarks.contains("delivered to ") && remarks.contains("/work/new-key"), "{remarks}");
}

#[test]
fn a_state_names_the_address_and_the_predecessor() {
    let tenant = wrecked(false);
    tenant.home().write("given.tfstate", &state_of(&[("38101", Some(json!("eu")))]));
    let status = tenant.zpakey("status build --tfstate given.tfstate").run().code(0).has_no_secret().json();
    assert!(status["remarks"].to_string().contains("38101 is the predecessor: Terraform's state has it"));
    let address = "'zpa_provisioning_key.held[\"eu\"]'";
    assert_eq!(status["remedy"][0], format!("terraform state rm {address}"));
    assert_eq!(status["remedy"][1], format!("terraform import {address} 38102"));
    // The younger one in the state outweighs its age.
    tenant.home().write("given.tfstate", &state_of(&[("38102", None)]));
    let status = tenant.zpakey("status build --tfstate given.tfstate").run().code(0).json();
    assert!(
        status["remedy"][2].as_str().unwrap().starts_with("zpakey update id:38102 --name=build.old-38102.")
    );
}

#[test]
fn where_it_cannot_be_told_both_ways_are_given() {
    let time = "1700000000";
    let key = json!({"name": "build", "creationTime": time, "modifiedTime": time});
    let tenant = Tenant::seeded(json!({"keys": [key, key]}));
    let status = tenant.zpakey("status build").run().code(0).json();
    assert!(status["remarks"].to_string().contains("which of them replaced the other cannot be told"));
    let commands = |name: &str| {
        status[name].as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(commands("remedy").contains("import \\\"$address\\\" 38102"), "{}", commands("remedy"));
    assert!(commands("remedy_otherwise").contains("import \\\"$address\\\" 38101"));
    let after = mended(&tenant, &status["remedy_otherwise"]);
    assert_eq!(after["id"], "38101");
}

#[test]
fn keys_that_only_share_a_name_are_still_a_conflict() {
    let twins = |extra: Value| {
        let mut other = json!({"name": "build"});
        other.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        Tenant::seeded(json!({"keys": [{"name": "build"}, other]}))
    };
    for (tenant, more) in [
        (twins(json!({"zcomponentId": "72058304855047747"})), "another group"),
        (Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": "build"}, {"name": "build"}]})), "three"),
        (twins(json!({"association_type": "SERVICE_EDGE_GRP"})), "another type"),
    ] {
        let run = tenant.zpakey("status build").run();
        assert_eq!(run.code, 8, "{more}");
    }
}

#[test]
fn with_unique_names_a_state_or_the_profile_tells_that_applies_will_fail() {
    let tenant = Tenant::with_keys(["build", "rest"]);
    tenant.zpakey(format!("rotate build {ROTATE}")).run().code(0);
    tenant.home().write("given.tfstate", &state_of(&[("38101", None)]));
    let status = tenant.zpakey("status build --tfstate given.tfstate").run().code(0).json();
    let remarks = status["remarks"].to_string();
    let would = "its next apply names it build again, and fails if names are unique, until it is re-bound";
    assert!(
        remarks.contains(&format!("Terraform has 38101 at zpa_provisioning_key.held: {would}")),
        "{remarks}"
    );
    let address = "zpa_provisioning_key.held";
    assert_eq!(
        status["remedy"],
        json!([format!("terraform state rm {address}"), format!("terraform import {address} 38103")])
    );
    // Once it is re-bound, there is nothing to say.
    tenant.home().write("given.tfstate", &state_of(&[("38103", None)]));
    let status = tenant.zpakey("status build --tfstate given.tfstate").run().code(0).json();
    assert_eq!((&status["remedy"], &status["remarks"]), (&json!([]), &json!([])));
    let status = tenant.zpakey("status build").env("ZPAKEY_TERRAFORM", "1").run().code(0).json();
    assert!(status["remarks"].to_string().contains("if Terraform still has 38101"), "{status}");
    assert_eq!(status["remedy"][0], "address=$(terraform state list -id=38101)");
    let status = tenant.zpakey("status build").run().code(0).json();
    assert_eq!((&status["remedy"], &status["remarks"]), (&json!([]), &json!([])));
}

#[test]
fn a_predecessor_that_holds_the_name_again_and_cannot_enrol_is_one_if_terraform_has_it() {
    let tenant = Tenant::with_keys(["build"]);
    tenant.zpakey(format!("rotate build {ROTATE}")).run().code(0);
    tenant.zpakey("disable id:38101 --yes").run().code(0);
    terraform_applies(&tenant);
    let status = tenant.zpakey("status build").run().code(0).json();
    assert_eq!((&status["state"], &status["remedy"]), (&json!("displaced"), &json!([])));
    tenant.home().write("given.tfstate", &state_of(&[("38101", None)]));
    let status = tenant.zpakey("status build --tfstate given.tfstate").run().code(0).json();
    let remarks = status["remarks"].to_string();
    assert!(
        remarks.contains("38101 cannot enrol") && remarks.contains("by the log of this machine"),
        "{remarks}"
    );
    let profile = tenant.zpakey("doctor --online").env("ZPAKEY_TERRAFORM", "on").run().code(0);
    profile.stdout_has("terraform import");
    let after = mended(&tenant, &status["remedy"]);
    assert_eq!((&after["state"], &after["id"]), (&json!("retired"), &json!("38102")));
}

#[test]
fn doctor_finds_them_too() {
    let tenant = wrecked(false);
    let findings = tenant.zpakey("doctor --online").run().code(0).has_no_secret().json();
    let all = findings.as_array().unwrap();
    let found: Vec<&Value> = all.iter().filter(|finding| finding["check"] == "terraform").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["status"], "warning");
    let details = found[0]["details"].to_string();
    assert!(details.contains("run: terraform import \\\"$address\\\" 38102"), "{details}");
    let command = found[0]["details"].as_array().unwrap().last().unwrap().as_str().unwrap();
    shell(&tenant, command.strip_prefix("run: ").unwrap()).run().code(0);
    let healthy = tenant.zpakey("doctor --online").run().code(0).json();
    assert!(healthy.as_array().unwrap().iter().all(|finding| finding["check"] != "terraform"));
}
