//! `rotate --terraform` and `--tfstate`: what binds the address to the new key.

use serde_json::{Value, json};

use super::{blocks, parsed, state_of};
use crate::support::Tenant;

const ROTATE: &str = "--no-deliver --settle 0s --yes";

#[test]
fn an_address_gets_the_two_things_to_paste() {
    let tenant = Tenant::with_keys(["build"]);
    let address = "module.site[\"eu\"].zpa_provisioning_key.build";
    let line = format!("rotate build --terraform '{address}' {ROTATE}");
    let run = tenant.zpakey(line).run().code(0).has_no_secret();
    let rebind = run.json()["terraform"].clone();
    let state_rm = format!("terraform state rm '{address}'");
    let import = format!("import {{\n  to = {address}\n  id = \"38102\"\n}}\n");
    assert_eq!(rebind, json!({"address": address, "state_rm": state_rm, "import": import}));
    let body = parsed(&import);
    assert_eq!(blocks(&body, "import").len(), 1);
    // The lines stand alone, ready to paste.
    assert!(run.stderr.contains(&format!("\n{state_rm}\n{import}")), "{}", run.stderr);
}

#[test]
fn a_state_tells_the_address_index_keys_included() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": "other"}]}));
    tenant.home().write("given.tfstate", &state_of(&[("38101", Some(json!("a b")))]));
    let run =
        tenant.zpakey(format!("rotate build --tfstate given.tfstate {ROTATE}")).run().code(0).has_no_secret();
    assert_eq!(run.json()["terraform"]["address"], "zpa_provisioning_key.held[\"a b\"]");
    // Standard input, a key of several, and a key that the state does not have.
    let state = state_of(&[("38103", Some(json!(0)))]);
    let run = tenant.zpakey(format!("rotate build other --tfstate - {ROTATE}")).stdin(state).run().code(0);
    let views = run.json();
    let found: Vec<&Value> = views.as_array().unwrap().iter().map(|view| &view["terraform"]).collect();
    assert_eq!(found[0], &Value::Null);
    run.stderr_has("the state has neither 38104 nor what it replaced");
    let bound =
        tenant.zpakey(format!("rotate other --tfstate - {ROTATE}")).stdin(state_of(&[("38102", None)])).run();
    assert_eq!(bound.code(0).json()["terraform"]["address"], "zpa_provisioning_key.held");
}

#[test]
fn a_state_that_cannot_be_read_stops_before_anything_is_sent() {
    let tenant = Tenant::with_keys(["build"]);
    tenant.zpakey(format!("rotate build --tfstate - {ROTATE}")).stdin("{\"version\": 3}").run().code(2);
    for wrong in ["build", "aws_instance.x", "'zpa_provisioning_key.a b'", "'3|host|blob'"] {
        let run = tenant.zpakey(format!("rotate build --terraform {wrong} {ROTATE}")).run().code(2);
        run.lacks("blob");
    }
    tenant.zpakey(format!("rotate build x --terraform zpa_provisioning_key.a {ROTATE}")).run().code(2);
    tenant.zpakey(format!("rotate - --tfstate - {ROTATE}")).stdin("build\n").run().code(2);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_rollback_binds_the_address_to_the_old_key_again() {
    let tenant = Tenant::with_keys(["build"]);
    tenant.zpakey(format!("rotate build {ROTATE}")).run().code(0);
    let state = state_of(&[("38102", None)]);
    let run =
        tenant.zpakey(format!("rotate build --rollback --tfstate - {ROTATE}")).stdin(state).run().code(0);
    assert!(run.json()["terraform"]["import"].as_str().unwrap().contains("id = \"38101\""));
}

#[test]
fn a_profile_that_has_terraform_is_told_what_to_do() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": "quiet"}]}));
    let run = tenant.zpakey(format!("rotate quiet {ROTATE}")).run().code(0);
    assert_eq!(run.lacks("terraform state").json()["terraform"], Value::Null);
    let run = tenant.zpakey(format!("rotate build {ROTATE}")).env("ZPAKEY_TERRAFORM", "true").run().code(0);
    run.stderr_has("if Terraform has this key, its next apply renames 38101 back")
        .stderr_has("address=$(terraform state list -id=38101)\nterraform state rm \"$address\"\nterraform import \"$address\" 38104\n");
    let home = tenant.home();
    home.write_profiles("active = 'lab'\n[profiles.lab]\nterraform = 'perhaps'\n");
    tenant.zpakey("list").run().code(2).stderr_has("terraform");
}

#[test]
fn a_key_of_a_microtenant_is_imported_with_the_providers_variable() {
    let tenant = Tenant::seeded(super::nine_keys());
    let line =
        format!("--microtenant Subsidiary rotate subsidiary --terraform zpa_provisioning_key.s {ROTATE}");
    let run = tenant.zpakey(line).run().code(0);
    let import = run.json()["terraform"]["import"].as_str().unwrap().to_owned();
    assert!(import.contains(&format!("# while ZPA_MICROTENANT_ID is {}", super::SUBTENANT)), "{import}");
}
