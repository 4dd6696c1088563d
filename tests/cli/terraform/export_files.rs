//! Where an export goes, and which keys it has.

use std::fs;

use serde_json::json;

use super::{assert_formatted, blocks, exported, has, nine_keys, parsed};
use crate::support::Tenant;

const FILES: [&str; 3] =
    ["zpa_provisioning_keys.tf", "zpa_provisioning_key_data.tf", "zpa_provisioning_key_imports.tf"];

#[test]
fn a_directory_gets_three_files_with_what_standard_output_would_have() {
    let tenant = Tenant::seeded(nine_keys());
    let whole = exported(&tenant, "--all-microtenants");
    tenant
        .zpakey("export --to terraform --all-microtenants --dir new/tf")
        .run()
        .code(0)
        .stdout_is("")
        .has_no_secret();
    let texts = FILES.map(|file| tenant.home().read(&format!("new/tf/{file}")));
    assert_eq!(texts.join("\n"), whole);
    for file in FILES {
        assert_formatted(tenant.home(), &format!("new/tf/{file}"));
        assert_eq!(tenant.home().mode(&format!("new/tf/{file}")) & 0o111, 0);
    }
    // Without references there is no file of data sources.
    tenant.zpakey("export --to terraform --references literal --dir literal").run().code(0);
    assert!(
        !tenant.home().has("literal/zpa_provisioning_key_data.tf")
            && tenant.home().has("literal/zpa_provisioning_keys.tf")
    );
}

#[test]
fn files_that_exist_are_kept_without_force_and_all_are_written_or_none() {
    let tenant = Tenant::with_keys(["a"]);
    let work = tenant.home().work();
    let [first, second, third] = FILES;
    fs::write(work.join(third), "mine").unwrap();
    tenant.clear_requests();
    let run = tenant.zpakey("export --to terraform --dir .").run().code(2);
    run.stderr_has("exists").stderr_has("--force");
    assert!(!has(&work.join(first)) && !has(&work.join(second)));
    assert_eq!(tenant.home().read(third), "mine");
    // A link is not followed, with --force neither.
    fs::remove_file(work.join(third)).unwrap();
    std::os::unix::fs::symlink("elsewhere", work.join(third)).unwrap();
    tenant.zpakey("export --to terraform --dir . --force").run().code(2).stderr_has("symbolic link");
    assert!(!has(&work.join(first)) && !has(&work.join("elsewhere")));
    fs::remove_file(work.join(third)).unwrap();
    fs::write(work.join(first), "old").unwrap();
    tenant.zpakey("export --to terraform --dir . --force").run().code(0);
    assert!(tenant.home().read(first).starts_with("# 1 provisioning key of"));
    assert_eq!(fs::read_dir(&work).unwrap().count(), 3);
}

#[test]
fn one_file_and_standard_output_have_all_of_it() {
    let tenant = Tenant::with_keys(["a"]);
    let whole = exported(&tenant, "");
    assert_eq!(tenant.zpakey("export --to terraform --out-file -").run().code(0).stdout, whole);
    tenant.zpakey("export --to terraform --out-file keys.tf").run().code(0).stdout_is("");
    assert_eq!(tenant.home().read("keys.tf"), whole);
    tenant.zpakey("export --to terraform --out-file keys.tf").run().code(2).stderr_has("--force");
    tenant.zpakey("export --to terraform --out-file keys.tf --force").run().code(0);
    tenant
        .zpakey("export --to terraform --out-file missing/keys.tf")
        .run()
        .code(2)
        .stderr_has("missing/keys.tf");
    for wrong in ["--dir . --out-file x", "--force", "--to json --dir ."] {
        let line = if wrong.contains("--to") {
            format!("export {wrong}")
        } else {
            format!("export --to terraform {wrong}")
        };
        tenant.clear_requests();
        tenant.zpakey(line).run().code(2);
        assert!(tenant.requests().is_empty(), "{wrong}");
    }
}

#[test]
fn keys_are_named_or_filtered_as_list_does() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod-a", "maxUsage": 5, "usageCount": 5},
        {"name": "prod-b"}, {"name": "lab"},
        {"name": "edge", "association_type": "SERVICE_EDGE_GRP"},
    ]}));
    let labels = |arguments: &str| -> Vec<String> {
        let text = exported(&tenant, arguments);
        blocks(&parsed(&text), "resource").into_iter().map(|(label, _)| label).collect()
    };
    assert_eq!(labels("--name prod-*"), ["prod_a", "prod_b"]);
    assert_eq!(labels("--type service-edge"), ["edge"]);
    assert_eq!(labels("--status exhausted"), ["prod_a"]);
    assert_eq!(labels("--group 'Branch EMEA'"), ["edge"]);
    let named = tenant.zpakey("export lab prod-b lab --to terraform").run().code(0).stdout;
    assert_eq!(blocks(&parsed(&named), "resource").len(), 2);
    let piped = tenant.zpakey("export - --to terraform").stdin("lab\nedge\n").run().code(0).stdout;
    assert_eq!(blocks(&parsed(&piped), "resource").len(), 2);
    tenant.zpakey("export lab --unused --to terraform").run().code(2).stderr_has("exclude each other");
    tenant.zpakey("export absent --to terraform").run().code(4).stdout_is("");
    tenant.zpakey("export --group nowhere --to terraform").run().code(4).stdout_is("");
    tenant.zpakey("export --name nothing --to terraform").run().code(0).stderr_has("no keys to export");
}

#[test]
fn a_list_that_is_incomplete_writes_nothing() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/SERVICE_EDGE_GRP/provisioningKey", "action": {"status": 400, "body": {"id": "x.y"}}},
    ]));
    tenant.zpakey("export --to terraform").run().code(0).stderr_has("service-edge keys could not be read");
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/SERVICE_EDGE_GRP/provisioningKey", "action": {"status": 500, "body": "x"}},
    ]));
    tenant.zpakey("export --to terraform --dir out --max-wait 1s").run().code(6).stdout_is("");
    assert!(!tenant.home().has("out"));
}

#[test]
fn it_sends_one_list_for_each_type_and_one_for_certificates() {
    let tenant = Tenant::seeded(nine_keys());
    exported(&tenant, "");
    tenant.clear_requests();
    exported(&tenant, "");
    let mut calls = tenant.calls();
    calls.sort_unstable();
    assert_eq!(
        calls,
        [
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
            "GET v2/enrollmentCert",
        ]
    );
}
