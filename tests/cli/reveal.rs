//! `zpakey reveal` in a pipe: leave, forms, and files.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]
#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod clipboard;
mod files;
mod host;
mod never;
mod several;

use std::os::unix::fs::symlink;

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use crate::support::Tenant;

/// A tenant with a key that can be revealed and one that cannot.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [{"name": "prod"}, {"name": "vault-only", "exportable": false}]}))
}

/// Says that a test cannot be run here.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn skipped(why: &str) {
    println!("skipped: {why}");
}

/// The text of the key `prod`, as the API tells it.
fn text(tenant: &Tenant) -> String {
    let answer = tenant.zpakey("reveal prod --yes").run().code(0).json();
    answer["provisioning_key"].as_str().expect("a text").to_owned()
}

#[test]
fn with_leave_the_text_is_a_field_of_the_answer() {
    tenant().zpakey("reveal prod --yes").run().code(0).stderr_is("").stdout_is(str![[r#"
{"id":"38101","name":"prod","association_type":"CONNECTOR_GRP","provisioning_key":"[KEY TEXT]","fingerprint":"sha256:7feea2862102"}

"#]]);
}

#[test]
fn the_fingerprint_is_that_of_get() {
    let tenant = tenant();
    let revealed = tenant.zpakey("reveal prod --yes --field fingerprint").run().code(0).stdout;
    let shown = tenant.zpakey("get prod --field fingerprint").run().code(0).stdout;
    assert_eq!(revealed, shown);
    assert!(shown.starts_with("sha256:"));
}

#[test]
fn without_leave_nothing_is_revealed() {
    let tenant = tenant();
    for line in ["reveal prod -o table", "reveal prod -o table --no-input", "reveal prod --raw -o table"] {
        tenant.zpakey(line).run().code(11).stdout_is("").has_no_secret().stderr_is(str![[r#"
error: will not reveal a secret without confirmation, and there is no terminal to ask on
hint: zpakey reveal prod --out-file FILE writes it to a private file without printing it
hint: --yes prints it; into a pipe, never into a build log

"#]]);
    }
    tenant.zpakey("reveal prod").stdin("y\n").run().code(11).has_no_secret();
}

#[test]
fn neither_ci_nor_any_variable_is_leave() {
    let tenant = tenant();
    let run = tenant.zpakey("reveal prod").env("CI", "true").env("ZPAKEY_YES", "1").env("YES", "1");
    run.run().code(11).has_no_secret();
}

#[test]
fn raw_is_the_exact_bytes_without_a_newline() {
    let tenant = tenant();
    let text = text(&tenant);
    assert!(text.starts_with("3|api.private.zscaler.com|") && text.contains(SECRET_MARKER));
    let raw = tenant.zpakey("reveal prod --yes --raw").run().code(0).stdout;
    assert!(raw == text, "{} bytes instead of {}", raw.len(), text.len());
    let raw = tenant.zpakey("reveal prod --yes --raw -o json").run().code(0).stdout;
    assert!(raw == text, "{} bytes instead of {}", raw.len(), text.len());
}

#[test]
fn a_table_and_a_field_are_the_bare_text() {
    let tenant = tenant();
    let line = format!("{}\n", text(&tenant));
    for form in ["-o table", "--field provisioning_key", "-o csv --columns provisioning_key --no-header"] {
        let shown = tenant.zpakey(format!("reveal prod --yes {form}")).run().code(0).stdout;
        assert!(shown == line, "{form}: {} bytes instead of {}", shown.len(), line.len());
    }
}

#[test]
fn the_other_forms_hold_all_fields() {
    let tenant = tenant();
    tenant.zpakey("reveal prod --yes -o yaml").run().code(0).stdout_is(str![[r#"
id: "38101"
name: prod
association_type: CONNECTOR_GRP
provisioning_key: [KEY TEXT]
fingerprint: sha256:7feea2862102

"#]]);
    tenant.zpakey("reveal prod --yes -o csv").run().code(0).stdout_is(str![[r#"
id,name,association_type,provisioning_key,fingerprint
38101,prod,CONNECTOR_GRP,[KEY TEXT],sha256:7feea2862102

"#]]);
    let lines = tenant.zpakey("reveal prod --yes -o ndjson").run().code(0).json_lines();
    assert_eq!(lines.len(), 1);
}

#[test]
fn quiet_is_the_id_alone() {
    tenant().zpakey("reveal prod --yes -q").run().code(0).stdout_is("38101\n").has_no_secret();
}

#[test]
fn a_private_file_needs_no_leave_and_shows_nothing() {
    let tenant = tenant();
    let run =
        tenant.zpakey("reveal prod --out-file provision_key").run().code(0).stdout_is("").has_no_secret();
    run.stderr_is(str![[r#"
✓ wrote provision_key (0600, 429 bytes, sha256:7feea2862102)

"#]]);
    let written = tenant.home().read("provision_key");
    assert!(written == text(&tenant), "{} bytes", written.len());
    assert_eq!(tenant.home().mode("provision_key"), 0o600);
}

#[test]
fn a_file_that_exists_is_kept_unless_forced() {
    let tenant = tenant();
    tenant.home().write("provision_key", "old");
    tenant.zpakey("reveal prod --out-file provision_key -o table").run().code(2).stderr_is(str![[r#"
error: provision_key exists
hint: --force replaces it

"#]]);
    assert!(tenant.requests().is_empty());
    assert_eq!(tenant.home().read("provision_key"), "old");
    tenant.zpakey("reveal prod --out-file provision_key --force").run().code(0);
    assert!(tenant.home().read("provision_key").starts_with("3|"));
    assert_eq!(tenant.home().mode("provision_key"), 0o600);
}

#[test]
fn no_link_is_followed_even_if_forced() {
    let tenant = tenant();
    symlink("elsewhere", tenant.home().work().join("provision_key")).unwrap();
    tenant.zpakey("reveal prod --out-file provision_key --force -o table").run().code(2).stderr_is(str![[
        r#"
error: provision_key is a symbolic link, which is not followed
hint: name the file that it points to

"#
    ]]);
    assert!(!tenant.home().has("elsewhere"));
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_directory_that_is_missing_is_found_out_before_anything_is_sent() {
    let tenant = tenant();
    tenant.zpakey("reveal prod --out-file no/provision_key -o table").run().code(2).stderr_is(str![[r#"
error: could not write no/provision_key
  No such file or directory (os error 2)

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_sealed_key_is_told_before_anybody_is_asked() {
    let tenant = tenant();
    for line in ["reveal vault-only", "reveal vault-only --yes", "reveal vault-only --out-file f"] {
        let error = tenant.zpakey(line).run().code(8).error();
        assert_eq!(error["code"], "not_exportable");
    }
    assert!(!tenant.home().has("f"));
    tenant.zpakey("reveal vault-only --yes -o table").run().code(8).stderr_is(str![[r#"
error: viewing of vault-only (38102) is switched off; Zscaler never returns its value again
hint: use the copy you saved, or replace it: zpakey rotate vault-only --out-file provision_key

"#]]);
}

#[test]
fn no_file_is_left_where_the_text_could_not_be_read() {
    let tenant = tenant();
    for key in ["prod", "id:38101"] {
        tenant.set_faults(&json!({"contains": "/provisioningKey", "action": "unreadable"}));
        tenant.zpakey(format!("reveal {key} --out-file provision_key")).run().code(5).has_no_secret();
    }
    assert_eq!(tenant.home().files().iter().filter(|file| file.starts_with("work/")).count(), 0);
}

#[test]
fn json_in_a_file_comes_with_a_word_about_it() {
    let tenant = tenant();
    let shell = "\"$ZPAKEY\" reveal prod --yes > key.json";
    let run = tenant.zpakey(["-c", shell]).through("/bin/sh").run().code(0);
    run.stderr_is(str![[r#"
the file got JSON, not the bare key: --raw writes its exact bytes, --out-file FILE into a private file

"#]]);
    assert!(tenant.home().read("key.json").starts_with("{\"id\":\"38101\""));
    let raw = "\"$ZPAKEY\" reveal prod --yes --raw > key";
    tenant.zpakey(["-c", raw]).through("/bin/sh").run().code(0).stderr_is("");
}

#[test]
fn a_name_is_resolved_as_everywhere() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "branch"}, {"association_type": "SERVICE_EDGE_GRP", "name": "branch"},
    ]}));
    tenant.zpakey("reveal branch --yes").run().code(8).has_no_secret();
    let key = tenant.zpakey("reveal branch --yes --type service-edge").run().code(0).json();
    assert_eq!(key["id"], "38102");
    tenant.zpakey("reveal brunch --yes").run().code(4);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    let tenant = tenant();
    for line in [
        "reveal",
        "reveal prod other",
        "reveal prod --raw --out-file f",
        "reveal prod --force",
        "reveal prod --field remaining",
    ] {
        let code = tenant.zpakey(line).stdin("prod\n").run().code(2).error()["code"].clone();
        assert_eq!(code, "usage", "{line}");
    }
    assert!(tenant.requests().is_empty());
}
