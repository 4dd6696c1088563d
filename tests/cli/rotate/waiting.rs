//! `--wait-enroll`: until something enrolled with the new key.

use serde_json::json;

use super::{are, begins, keys, rotate, tenant};

#[test]
fn it_goes_on_once_enough_enrolled_with_the_new_key() {
    let tenant = tenant();
    let line = "rotate prod --no-deliver --settle 0s --yes --retire now --wait-enroll 2";
    let running = tenant.zpakey(line).start();
    running.stderr_until("waiting for enrolments: 0 of 2");
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]));
    tenant.zpakey("sandbox enroll id:38102 --ip 192.0.2.7 --count 2").run().code(0);
    let done = running.finish().code(0);
    assert_eq!((&done.json()["proof"], &done.json()["state"]), (&json!("used"), &json!("retired")));
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", false), ("prod", true)]));
}

#[test]
fn where_too_few_enrol_in_time_the_predecessor_is_not_retired() {
    let tenant = tenant();
    let done = rotate(&tenant, "prod --out-file key --retire now --wait-enroll 2 --wait-timeout 0s").code(12);
    let error = done.error();
    assert_eq!(error["code"], "wait_timeout");
    begins(&error, "0 of 2 enrolled with the new key of prod in time");
    assert_eq!(error["hints"], json!(["zpakey retire prod      once the new key has been used"]));
    // What was done is the answer all the same.
    assert_eq!((&done.json()["id"], &done.json()["state"]), (&json!("38102"), &json!("swapped")));
    assert_eq!(keys(&tenant), are(&[("prod.old-38101.TIME", true), ("prod", true)]));
}

#[test]
fn a_host_that_enrolled_before_the_new_key_had_its_name_is_told_of() {
    let tenant = tenant();
    // The hook plays a host that boots at once; it signs in by itself.
    let hook = r#"ZPAKEY_CLIENT_ID="$ID" ZPAKEY_CLIENT_SECRET="$SECRET" "$BIN" sandbox enroll id:38102 --ip 192.0.2.7"#;
    let line = ["rotate", "prod", "--exec", hook, "--settle", "0s", "--yes", "--wait-enroll", "1"];
    let access = tenant.access();
    let run = tenant.zpakey(line).env("BIN", env!("CARGO_BIN_EXE_zpakey"));
    let run = run.env("ID", &access.client_id).env("SECRET", &access.client_secret);
    run.run().code(0).stderr_has(
        "warning: 1 host is named after prod.next-…: they enrolled before the new key had its name\n",
    );
}
