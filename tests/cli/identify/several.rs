//! Several values: in several files, in one, and in what is not plain text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use snapbox::str;

use super::{tenant, text};

#[test]
fn each_file_has_its_own_answer() {
    let tenant = tenant();
    for name in ["prod", "edge"] {
        tenant.home().write(name, &text(&tenant, name));
    }
    let found = tenant.zpakey("identify prod edge").run().code(0).has_no_secret().json();
    let told: Vec<_> =
        found.as_array().into_iter().flatten().map(|one| (&one["path"], &one["name"])).collect();
    assert_eq!(told, [(&json!("prod"), &json!("prod")), (&json!("edge"), &json!("edge"))]);
    // Whatever the number of files, one list a type.
    assert_eq!(tenant.requests().iter().filter(|call| call.path.contains("provisioningKey")).count(), 2);
}

#[test]
fn values_in_any_encoding_are_found_in_one_file() {
    let tenant = tenant();
    let encoded = BASE64_STANDARD.encode(text(&tenant, "prod"));
    let escaped = text(&tenant, "spent").replace('|', "\\u007c");
    tenant.home().write("secret.yaml", &format!("data:\n  a: {encoded}\n  b: \"{escaped}\"\n"));
    let run = tenant.zpakey("identify secret.yaml --columns name,path,line,encodings -o csv").run().code(0);
    run.has_no_secret().stdout_is(str![[r#"
name,path,line,encodings
prod,secret.yaml,2,base64
spent,secret.yaml,3,json

"#]]);
}

#[test]
fn a_value_of_no_key_fails_alone() {
    let tenant = tenant();
    let unknown = format!("3|api.private.zscaler.com|{}-123456789012345678", "Ab1+".repeat(96));
    tenant.home().write("two", &format!("{}\n{unknown}\n", text(&tenant, "prod")));
    let run = tenant.zpakey("identify two").run().code(6);
    assert_eq!(run.json()[0]["name"], "prod");
    let error = run.error();
    assert_eq!(error["failures"][0]["key"], "two (line 2)");
    assert_eq!(error["failures"][0]["code"], "not_found");
}
