//! The same places, for a private key; its path alone is enough.

use super::{assert_signs_in, list, set_profile, write_private};
use crate::support::{ApiClient, Service, certificates::SIGNING_KEY};

fn service() -> Service {
    Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem))
}

fn set_key(service: &Service, toml: &str) {
    set_profile(service, &format!("client_id = 'acme-client'\nprivate_key = {toml}\n"));
}

#[test]
fn a_file_by_its_path_alone_or_with_the_word() {
    let service = service();
    write_private(service.home(), "config/zpakey/key.pem", &SIGNING_KEY.pkcs8_pem);
    write_private(service.home(), "keys/zpa.pem", &SIGNING_KEY.pkcs1_pem);
    let absolute = service.home().path().join("keys/zpa.pem").display().to_string();
    for place in ["key.pem", "file:key.pem", "~/keys/zpa.pem", "file:~/keys/zpa.pem", &absolute] {
        set_key(&service, &format!("'{place}'"));
        assert_signs_in(&service);
    }
}

#[test]
fn the_key_itself() {
    let service = service();
    set_key(&service, &format!("'''\n{}'''", SIGNING_KEY.pkcs8_pem));
    assert_signs_in(&service);
}

#[test]
fn a_program_that_prints_it() {
    let service = service();
    write_private(service.home(), "key.pem", &SIGNING_KEY.pkcs8_pem);
    set_key(&service, "{ cmd = ['cat', '../key.pem'] }");
    assert_signs_in(&service);
}

#[test]
fn a_variable_with_the_key() {
    let service = service();
    set_key(&service, "'env:ACME_KEY'");
    let run = service.home().zpakey("list --type connector").env("ACME_KEY", &SIGNING_KEY.pkcs8_pem).run();
    run.code(0);
    assert_eq!(service.refusals(), [""; 0]);
}

#[test]
fn a_wrong_key_is_told_by_the_profile_that_names_it() {
    let service = service();
    write_private(service.home(), "config/zpakey/key.pem", &SIGNING_KEY.public_key_pem);
    set_key(&service, "'key.pem'");
    list(&service).code(2).stderr_has("the private key is needed (profile \"prod\")");
}
