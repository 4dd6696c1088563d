//! `zpakey certs` and `zpakey microtenants`: what keys refer to.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

#[test]
fn certificates_tell_what_they_are_good_for_and_how_many_keys_name_them() {
    let tenant = Tenant::with_keys(["one", "two"]);
    let answer = tenant.zpakey("certs").run().code(0).has_no_secret().json();
    let certs = answer.as_array().expect("an array");
    let connector = certs.iter().find(|cert| cert["name"] == "Connector").expect("the certificate");
    assert_eq!(connector["id"], "16560");
    assert_eq!((&connector["private_key_present"], &connector["keys"]), (&json!(true), &json!(2)));
    assert_eq!(connector["default_for"], json!(["CONNECTOR_GRP"]));
    assert!(connector["expires_at"].is_string(), "{connector}");
    assert!(certs.iter().any(|cert| cert["default_for"] == json!([]) && cert["keys"] == 0), "{answer}");
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

#[test]
fn a_table_of_certificates_is_for_people() {
    Tenant::with_keys(["one"]).zpakey("certs -o table").run().code(0).stdout_is(str![[r#"
NAME              ID     EXPIRES     PRIVATE_KEY  KEYS  DEFAULT_FOR
Client            16559  in 9 years  true            0  -
Connector         16560  in 9 years  true            1  connector
Isolation Client  16562  in 9 years  true            0  -
Root              16558  in 9 years  true            0  -
Service Edge      16561  in 9 years  true            0  service-edge

"#]]);
}

#[test]
fn microtenants_are_listed_with_the_one_that_is_active() {
    let tenant = Tenant::seeded(json!({"microtenants": [{"id": "216199618143191057", "name": "EMEA"}]}));
    let active = |answer: &Value| -> Vec<String> {
        let all = answer.as_array().expect("an array").iter();
        all.filter(|one| one["active"] == true)
            .filter_map(|one| one["name"].as_str().map(str::to_owned))
            .collect()
    };
    let answer = tenant.zpakey("microtenants").run().code(0).json();
    assert_eq!(answer.as_array().map(Vec::len), Some(2), "{answer}");
    assert_eq!(active(&answer), Vec::<String>::new());
    for choice in ["EMEA", "216199618143191057"] {
        let answer = tenant.zpakey(["microtenants", "--microtenant", choice]).run().code(0).json();
        assert_eq!(active(&answer), ["EMEA"]);
    }
    // A name that is not there is what one looks for with this command.
    let answer = tenant.zpakey("microtenants --microtenant APAC").run().code(0).json();
    assert_eq!(active(&answer), Vec::<String>::new());
}
