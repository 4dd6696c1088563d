//! `--out-file`: what is there is looked at before anything is sent.

use std::fs;

use serde_json::json;

use super::{begins, fingerprint, rotate, shown, tenant};
use crate::support::Tenant;

/// Asserts that the rotation is refused before anything is written.
#[track_caller]
fn is_refused(tenant: &Tenant, rest: &str, message: &str) {
    let error = rotate(tenant, rest).code(2).error();
    begins(&error, message);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_file_that_holds_something_else_is_not_replaced_without_force() {
    let tenant = tenant();
    tenant.home().write("key", "mine");
    is_refused(&tenant, "prod --out-file key", "key exists");
    assert_eq!(tenant.home().read("key"), "mine");
    rotate(&tenant, "prod --out-file key --force").code(0);
    assert_eq!(tenant.home().read("key").len(), 429);
}

#[test]
fn a_file_that_holds_the_key_that_is_replaced_is_replaced() {
    let tenant = tenant();
    tenant.zpakey("reveal prod --out-file key").run().code(0);
    rotate(&tenant, "prod --out-file key").code(0);
    assert_eq!(shown(&tenant, "prod")["fingerprint"], json!(fingerprint(&tenant.home().read("key"))));
}

#[test]
fn a_file_that_holds_another_lineages_key_is_not_replaced() {
    let tenant = Tenant::with_keys(["prod", "other"]);
    tenant.zpakey("reveal other --out-file key").run().code(0);
    is_refused(&tenant, "prod --out-file key", "key exists");
}

#[test]
fn a_link_a_directory_and_a_place_that_is_not_there_are_refused() {
    let tenant = tenant();
    std::os::unix::fs::symlink("elsewhere", tenant.home().work().join("link")).unwrap();
    fs::create_dir(tenant.home().work().join("directory")).unwrap();
    is_refused(&tenant, "prod --out-file link", "link is a symbolic link, which is not followed");
    is_refused(&tenant, "prod --out-file directory", "directory is not a regular file");
    is_refused(&tenant, "prod --out-file absent/key", "could not write absent/key");
    is_refused(&tenant, "prod --out-file -", "--out-file - is not standard output");
}

#[test]
fn several_keys_need_a_file_each() {
    let tenant = Tenant::with_keys(["a", "b"]);
    is_refused(&tenant, "a b --out-file key", "several keys cannot go into one --out-file");
    is_refused(&tenant, "a b --reveal", "--reveal shows one key value, and several were named");
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn a_file_that_holds_the_successor_already_counts_as_delivered() {
    let tenant = tenant();
    // Handed over, but not renamed.
    rotate(&tenant, "prod --out-file key --exec false").code(6);
    let before = fs::metadata(tenant.home().work().join("key")).unwrap().modified().unwrap();
    let text = tenant.home().read("key");
    rotate(&tenant, "prod --out-file key").code(0).stderr_has("✓ key holds 38102 already (sha256:");
    assert_eq!(tenant.home().read("key"), text);
    assert_eq!(fs::metadata(tenant.home().work().join("key")).unwrap().modified().unwrap(), before);
}

#[test]
fn no_destination_at_all_is_refused_before_anything_is_sent() {
    let tenant = tenant();
    let error = tenant.zpakey("rotate prod").run().code(2).error();
    begins(&error, "cannot rotate without: --out-file FILE, --exec CMD, --reveal or --no-deliver, --yes");
    let error = tenant.zpakey("rotate prod --yes").run().code(2).error();
    begins(&error, "cannot rotate without: --out-file FILE, --exec CMD, --reveal or --no-deliver");
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn without_a_terminal_it_wants_a_yes_before_anything_is_sent() {
    let tenant = tenant();
    let error = tenant.zpakey("rotate prod --out-file key").run().code(11).error();
    assert_eq!(error["code"], "confirmation_required");
    assert_eq!(tenant.calls(), [""; 0]);
}
