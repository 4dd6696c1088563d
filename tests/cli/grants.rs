//! The three ways to sign in, field by field, against a server that takes the exact request and nothing else.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod api_answers;
mod checks;
mod key_forms;
mod lifetimes;
mod token_answers;
mod wrong_keys;

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;

use crate::support::{ApiClient, Home, Received, Service, Tenant, certificates::SIGNING_KEY};

/// A secret with every character that a form has to encode, and some that it has not.
const SECRET: &str = "a:b#c,d.e+f/g=h%i&j k~l\"m-n_o*p?q@r;s'tü";

/// Writes a key into a file that its owner alone reads.
fn write_key(home: &Home, name: &str, pem: &str) {
    home.write(name, pem);
    fs::set_permissions(home.work().join(name), fs::Permissions::from_mode(0o600)).unwrap();
}

/// A server that knows a client with a key.
fn key_service() -> Service {
    Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem))
}

/// Asserts that a command signed in once by the book and asked once.
#[track_caller]
fn assert_signed_in(service: &Service) {
    assert_eq!(service.refusals(), [""; 0]);
    assert_eq!((service.sign_ins(), service.calls()), (1, 1));
}

fn body_of_sign_in(service: &Service) -> String {
    service.received().first().map(|request: &Received| request.body.clone()).unwrap_or_default()
}

#[test]
fn oneapi_takes_a_client_secret() {
    let service = Service::start(ApiClient::one_api(SECRET));
    service.zpakey("list --type connector").run().code(0).stdout_has("[]");
    assert_signed_in(&service);
    assert_eq!(
        body_of_sign_in(&service),
        "grant_type=client_credentials&client_id=acme-client&client_secret=\
         a%3Ab%23c%2Cd.e%2Bf%2Fg%3Dh%25i%26j+k%7El%22m-n_o*p%3Fq%40r%3Bs%27t%C3%BC\
         &audience=https%3A%2F%2Fapi.zscaler.com"
    );
}

#[test]
fn the_legacy_api_takes_a_client_secret() {
    let service = Service::start(ApiClient::legacy(SECRET));
    service.zpakey("list --type connector").run().code(0).stdout_has("[]");
    assert_signed_in(&service);
    assert_eq!(
        body_of_sign_in(&service),
        "client_id=216196257331281920-acme&client_secret=\
         a%3Ab%23c%2Cd.e%2Bf%2Fg%3Dh%25i%26j+k%7El%22m-n_o*p%3Fq%40r%3Bs%27t%C3%BC"
    );
}

#[test]
fn oneapi_takes_a_private_key_in_either_form_from_a_file() {
    let service = key_service();
    for pem in [&SIGNING_KEY.pkcs8_pem, &SIGNING_KEY.pkcs1_pem] {
        service.forget();
        write_key(service.home(), "key.pem", pem);
        let line =
            "list --type connector --token-cache off --client-id acme-client --private-key-file key.pem";
        service.without_credential(line).run().code(0).stdout_has("[]");
        assert_signed_in(&service);
    }
}

#[test]
fn oneapi_takes_a_private_key_in_either_form_from_a_variable() {
    let service = key_service();
    for pem in [&SIGNING_KEY.pkcs8_pem, &SIGNING_KEY.pkcs1_pem] {
        for name in ["ZPAKEY_PRIVATE_KEY", "ZSCALER_PRIVATE_KEY"] {
            service.forget();
            service.zpakey("list --type connector --token-cache off").env(name, pem).run().code(0);
            assert_signed_in(&service);
        }
    }
}

#[test]
fn a_variable_may_hold_the_path_of_the_key() {
    let service = key_service();
    write_key(service.home(), "key.pem", &SIGNING_KEY.pkcs8_pem);
    for path in ["key.pem".to_owned(), service.home().work().join("key.pem").display().to_string()] {
        service.forget();
        let run = service.zpakey("list --type connector --token-cache off").env("ZSCALER_PRIVATE_KEY", path);
        run.run().code(0);
        assert_signed_in(&service);
    }
}

#[test]
fn a_key_may_have_the_line_ends_of_another_system_and_of_a_variable() {
    let service = key_service();
    let pem = &SIGNING_KEY.pkcs8_pem;
    for text in [pem.replace('\n', "\r\n"), pem.trim_end().replace('\n', "\\n"), format!("\n\n{pem}\n\n")] {
        service.forget();
        let run = service.zpakey("list --type connector --token-cache off").env("ZSCALER_PRIVATE_KEY", text);
        run.run().code(0);
        assert_signed_in(&service);
    }
}

#[test]
fn a_key_may_stand_among_other_things_in_its_file() {
    let service = key_service();
    let certificate = crate::support::certificates::Authority::new("Acme").pem();
    let (key, public) = (&SIGNING_KEY.pkcs8_pem, &SIGNING_KEY.public_key_pem);
    let bag = "Bag Attributes\n    friendlyName: zpakey\nKey Attributes: <No Attributes>\n";
    for text in [format!("{certificate}{key}"), format!("{key}{certificate}"), format!("{public}{bag}{key}")]
    {
        service.forget();
        write_key(service.home(), "all.pem", &text);
        service
            .zpakey(
                "list --type connector --token-cache off --client-id acme-client --private-key-file all.pem",
            )
            .env_remove("ZSCALER_CLIENT_ID")
            .run()
            .code(0);
        assert_signed_in(&service);
    }
}

#[test]
fn the_emulator_takes_both_forms_of_a_key_too() {
    let tenant = Tenant::seeded(json!({"public_key_pem": SIGNING_KEY.public_key_pem}));
    for pem in [&SIGNING_KEY.pkcs8_pem, &SIGNING_KEY.pkcs1_pem] {
        tenant.clear_requests();
        let run = tenant.zpakey("list --type connector --token-cache off").env("ZSCALER_PRIVATE_KEY", pem);
        run.env_remove("ZSCALER_CLIENT_SECRET").run().code(0);
        let sign_in = tenant.requests().remove(0);
        assert_eq!(
            (sign_in.status, sign_in.body.as_str()),
            (
                Some(200),
                "grant_type=client_credentials&client_id=zpakey-sandbox-client&client_assertion=removed\
                 &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
                 &audience=https%3A%2F%2Fapi.zscaler.com"
            )
        );
    }
}

#[test]
fn a_key_that_the_service_does_not_know_is_rejected() {
    let other = crate::support::certificates::another_signing_key();
    let service = key_service();
    let run =
        service.zpakey("list --type connector -o table").env("ZSCALER_PRIVATE_KEY", other).run().code(3);
    run.stderr_has("the signature is not the client's");
    assert_eq!((service.sign_ins(), service.calls()), (1, 0));
}
