//! What is kept for completion between runs: names, privately, where that is wanted, and as they are now.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::PathBuf,
};

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use super::{candidates, question, seed, tenant};
use crate::support::{Home, Run, Tenant, assert_is};

/// The files of names.
fn files(home: &Home) -> Vec<PathBuf> {
    let Ok(directory) = fs::read_dir(home.path().join("cache/zpakey/names")) else { return Vec::new() };
    directory.map(|entry| entry.unwrap().path()).collect()
}

fn offered(tenant: &Tenant, line: &str) -> Vec<String> {
    candidates(tenant.zpakey(question(line)))
}

#[test]
fn names_ids_and_types_are_kept_and_nothing_else() {
    let tenant = tenant();
    let [file] = files(tenant.home()).try_into().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains(SECRET_MARKER));
    assert_is(
        &text,
        str![[
            r#"{"version":1,"keys":{"CONNECTOR_GRP":[{"name":"AWS canary","id":"38103"},{"name":"build-runners","id":"38101"}],"SERVICE_EDGE_GRP":[{"name":"branch-edges","id":"38102"}]},"groups":{"CONNECTOR_GRP":[{"name":"AWS us-east-1","id":"1"}],"SERVICE_EDGE_GRP":[{"name":"Branch EMEA","id":"3"}]},"certs":[{"name":"Connector","id":"16560"},{"name":"Service Edge","id":"16561"}],"microtenants":[{"name":"Subsidiary","id":"7"}]}"#
        ]],
    );
}

#[test]
fn only_the_owner_reads_them() {
    let tenant = tenant();
    let [file] = files(tenant.home()).try_into().unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_ci_job_keeps_none() {
    let tenant = Tenant::seeded(seed());
    tenant.zpakey("list").env("CI", "true").run().code(0);
    assert!(files(tenant.home()).is_empty());
}

#[test]
fn none_are_kept_where_no_token_is_nor_of_a_sandbox_for_one_program() {
    let tenant = Tenant::seeded(seed());
    tenant.zpakey("list --token-cache off").run().code(0);
    tenant.home().zpakey(["sandbox", "run", "--", env!("CARGO_BIN_EXE_zpakey"), "list"]).run().code(0);
    assert!(files(tenant.home()).is_empty());
}

#[test]
fn filters_do_not_lose_names_and_a_type_does_not_lose_the_others() {
    let tenant = Tenant::seeded(seed());
    tenant.zpakey("list --name 'nothing*'").run().code(0);
    assert_eq!(offered(&tenant, "get bu"), ["build-runners"]);
    tenant.zpakey("list --type service-edge").run().code(0);
    assert_eq!(offered(&tenant, "get b"), ["build-runners", "branch-edges"]);
}

#[test]
fn a_key_that_was_not_found_still_shows_those_that_are() {
    let tenant = Tenant::seeded(seed());
    tenant.zpakey("get absent").run().code(4);
    assert_eq!(offered(&tenant, "get bu"), ["build-runners"]);
}

#[test]
fn made_renamed_and_deleted_keys_are_followed() {
    let tenant = tenant();
    tenant.zpakey("create bulk --type connector --group unused --max-usage 1").run().code(0);
    assert_eq!(offered(&tenant, "get bu"), ["build-runners", "bulk"]);
    assert_eq!(offered(&tenant, "list --group u"), ["unused"]);
    tenant.zpakey("update id:38104 --type connector --name burst").run().code(0);
    assert_eq!(offered(&tenant, "get bu"), ["build-runners", "burst"]);
    tenant.zpakey("delete id:38104 --type connector --yes").run().code(0);
    assert_eq!(offered(&tenant, "get bu"), ["build-runners"]);
    // One that lives in a microtenant is renamed where it lives, and here too.
    tenant.zpakey("update id:38103 --type connector --name Azure").run().code(0);
    assert_eq!(offered(&tenant, "get A"), ["Azure"]);
}

#[test]
fn a_key_alone_does_not_look_like_all() {
    let tenant = Tenant::seeded(seed());
    tenant.zpakey("update id:38101 --type connector --max-usage 9").run().code(0);
    assert!(files(tenant.home()).is_empty());
}

#[test]
fn a_list_of_all_microtenants_is_not_what_one_of_them_sees() {
    let tenant = Tenant::seeded(seed());
    let seen = |run: Run| run.env("ZPAKEY_MICROTENANT", "7");
    seen(tenant.zpakey("list --all-microtenants")).run().code(0);
    assert!(files(tenant.home()).is_empty());
}

#[test]
fn a_file_that_says_the_same_is_left_alone() {
    let tenant = tenant();
    let [file] = files(tenant.home()).try_into().unwrap();
    let inode = || fs::metadata(&file).unwrap().ino();
    let before = inode();
    tenant.zpakey("list").run().code(0);
    tenant.zpakey("get build-runners").run().code(0);
    assert_eq!(inode(), before);
    tenant.zpakey("delete build-runners --yes").run().code(0);
    assert_ne!(inode(), before);
}

#[test]
fn a_key_value_that_was_taken_for_a_name_is_not_kept() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "3|api.private.zscaler.com|abc"}, {"name": "demo"}]}));
    tenant.zpakey("list").run().code(0);
    let [file] = files(tenant.home()).try_into().unwrap();
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains("demo") && !text.contains("api.private"), "{text}");
}

#[test]
fn the_sandboxs_names_go_with_its_tenant() {
    let home = Home::new();
    home.sandboxed("create demo --type connector --group 'AWS us-east-1' --max-usage 1").run().code(0);
    assert_eq!(candidates(home.zpakey(question("--sandbox get d"))), ["demo"]);
    home.zpakey("sandbox reset").run().code(0);
    assert_eq!(candidates(home.zpakey(question("--sandbox get d"))), [""; 0]);
}

#[test]
fn a_directory_that_cannot_be_written_is_no_failure() {
    let tenant = Tenant::seeded(seed());
    fs::write(tenant.home().path().join("cache"), "no directory").unwrap();
    tenant.zpakey("list -o csv --columns name --type service-edge").run().code(0).stdout_is(str![[r#"
name
branch-edges

"#]]);
}
