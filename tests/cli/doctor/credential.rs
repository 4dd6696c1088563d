//! What would be signed in with, whether it can be had, and where the token is kept.

use std::fs;

use serde_json::{Value, json};

use super::{found, one, set_mode};
use crate::support::{Home, Tenant};

/// A tenant whose profile `lab` has this line for its secret and all else that is needed.
fn tenant_with(secret: &str) -> Tenant {
    let tenant = Tenant::standard();
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "[profiles.lab]\nclient_id = '{}'\n{secret}\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.customer_id, access.api_url, access.token_url
    ));
    tenant
}

#[test]
fn each_part_is_listed_with_where_it_is_from() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("doctor --cloud beta").run().code(0).has_no_secret();
    assert_eq!(
        found(&run, "credential")[0]["details"],
        json!([
            "signs in to: OneAPI",
            "client id: zpakey-sandbox-client (ZSCALER_CLIENT_ID)",
            "client secret: set (ZSCALER_CLIENT_SECRET)",
            "vanity domain: sandbox (ZSCALER_VANITY_DOMAIN)",
            "cloud: beta (--cloud)",
            "customer id: 216199618143191040 (ZPA_CUSTOMER_ID)",
        ])
    );
    let run = tenant.zpakey("doctor").env("ZPAKEY_ACCESS_TOKEN", "t0ken").run().code(0).lacks("t0ken");
    assert_eq!(one(&run, "credential").1, "a token that was given (from the environment)");
    assert_eq!(found(&run, "credential")[0]["details"][1], "token: set (ZPAKEY_ACCESS_TOKEN)");
}

#[test]
fn an_unknown_cloud_and_a_value_that_does_not_parse_are_errors() {
    let tenant = Tenant::standard();
    for (variable, text, said) in [
        ("ZPAKEY_CLOUD", "prod", "there is no cloud named \"prod\" for OneAPI"),
        ("ZPAKEY_VANITY_DOMAIN", "a/b", "ZPAKEY_VANITY_DOMAIN: not a vanity domain"),
        ("ZPAKEY_CUSTOMER_ID", "x", "ZPAKEY_CUSTOMER_ID: an id is 1 to 32 digits"),
    ] {
        let run = tenant.zpakey("doctor").env(variable, text).run().code(2);
        let finding = &found(&run, "credential")[0];
        assert!(finding["message"].as_str().unwrap().starts_with(said), "{finding}");
        assert_eq!(finding["code"], "invalid_config");
    }
    assert_eq!(tenant.requests(), []);
}

#[test]
fn a_secret_that_is_not_where_it_should_be_is_an_error() {
    for (secret, said, code) in [
        (
            "client_secret = 'file:gone'",
            "could not get the client secret (profile \"lab\"): could not read ",
            3,
        ),
        (
            "client_secret = 'env:GONE'",
            "could not get the client secret (profile \"lab\"): GONE is not set",
            3,
        ),
        ("private_key = 'gone.pem'", "could not get the private key (profile \"lab\"): could not read ", 3),
        ("private_key = '''-----BEGIN PRIVATE KEY-----\ns3cret\n'''", "the private key cannot be read", 2),
        ("private_key = '{\"kty\":\"s3cret\"}'", "the private key is a JSON Web Key, not PEM", 2),
    ] {
        let run = tenant_with(secret).zpakey("doctor --profile lab").run().code(code).lacks("s3cret");
        let (status, message) = one(&run, "credential");
        assert_eq!(status, "error");
        assert!(message.starts_with(said), "{message}");
    }
}

#[test]
fn a_program_that_prints_the_secret_is_run_once_and_only_where_the_api_is_asked() {
    let tenant = Tenant::standard();
    let access = tenant.access();
    let home = tenant.home();
    home.write("print", &format!("#!/bin/sh\necho run >> runs\nprintf '%s' '{}'\n", access.client_secret));
    set_mode(&home.work().join("print"), 0o755);
    home.write_profiles(&format!(
        "[profiles.lab]\nclient_id = '{}'\nclient_secret = {{ cmd = ['./print'] }}\ncustomer_id = '{}'\n\
         api_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.customer_id, access.api_url, access.token_url
    ));
    let run = tenant.zpakey("doctor --profile lab").run().code(0);
    assert_eq!(
        one(&run, "credential"),
        (
            "ok".into(),
            "client id zpakey-sandbox-client and its client secret (profile lab); `./print`, which prints it, was not run"
                .into()
        )
    );
    assert_eq!(found(&run, "credential")[0]["hint"], "--online runs it");
    assert!(!home.has("runs"));
    tenant.zpakey("doctor --profile lab --online").run().code(0).has_no_secret();
    assert_eq!(home.read("runs"), "run\n");
}

#[test]
fn the_token_that_is_kept_is_told_with_the_time_it_is_good() {
    let tenant = Tenant::standard();
    let cache = |line: &str| one(&tenant.zpakey(line).run().code(0).has_no_secret(), "token_cache").1;
    assert_eq!(
        cache("doctor"),
        "tokens are kept in ~/state/zpakey/tokens; there is none yet for this credential"
    );
    tenant.zpakey("list").run().code(0);
    assert_eq!(
        cache("doctor"),
        "tokens are kept in ~/state/zpakey/tokens; one is there, good for 23 h 20 min"
    );
    assert_eq!(cache("doctor --token-cache off"), "tokens are not kept: that is switched off");
    let run = tenant.zpakey("doctor").env("CI", "true").run().code(0);
    assert_eq!(one(&run, "token_cache").1, "tokens are not kept: this is a CI job (CI is set)");
    let run = tenant.zpakey("doctor").env("ZPAKEY_ACCESS_TOKEN", "x").run().code(0);
    assert_eq!(one(&run, "token_cache").1, "tokens are not kept: one is given");
}

#[test]
fn a_token_that_has_ended_is_told_as_ended() {
    let tenant = Tenant::standard();
    tenant.zpakey("list").run().code(0);
    let is_token = |file: &String| file.starts_with("state/") && !file.ends_with("lock");
    let file = tenant.home().files().into_iter().find(is_token).unwrap();
    let path = tenant.home().path().join(file);
    let mut kept: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    kept["tokens"][0]["expires_at"] = 1_000_000.into();
    fs::write(&path, kept.to_string()).unwrap();
    let run = tenant.zpakey("doctor").run().code(0);
    assert_eq!(
        one(&run, "token_cache").1,
        "tokens are kept in ~/state/zpakey/tokens; the one there has ended"
    );
}

#[test]
fn without_a_home_directory_it_says_so() {
    let tenant = Tenant::standard();
    let names = ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"];
    let run = names.into_iter().fold(tenant.zpakey("doctor"), crate::support::Run::env_remove).run();
    // A user that the system knows has a home directory all the same.
    assert!(run.code == 0, "{}", run.stdout);
    assert_eq!(one(&run, "credential").0, "ok");
}

#[test]
fn the_hints_lead_to_the_profile_that_is_meant() {
    let home = Home::new();
    home.write_profiles("[profiles.lab]\nclient_id = 'x'\n");
    let run = home.zpakey("doctor --profile lab").run().code(3);
    assert_eq!(found(&run, "credential")[0]["hint"], "`zpakey auth login --profile lab` sets up a profile");
}
