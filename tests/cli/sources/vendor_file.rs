//! `~/.zscaler/zscaler.yaml`, as the vendor's SDKs read it.

use std::{fs, os::unix::fs::PermissionsExt};

use snapbox::str;

use super::{SECRET, service, set_profile, write_private};
use crate::support::{ApiClient, Finished, Run, Service, certificates::SIGNING_KEY};

const FILE: &str = ".zscaler/zscaler.yaml";

fn list(service: &Service) -> Run {
    // The customer is the file's to say, and the addresses stand apart.
    service.without_credential("list --type connector -o table").env_remove("ZPA_CUSTOMER_ID")
}

fn lines(secret: &str) -> String {
    format!(
        "zscaler:\n  client:\n    clientId: acme-client\n    clientSecret: {secret}\n    vanityDomain: acme\n    \
         cloud: beta\n    customerId: 216199618143191040\n    cache:\n      enabled: true\n  testing:\n    \
         disableHttpsCheck: false\n"
    )
}

#[track_caller]
fn assert_signed_in(service: &Service, run: Finished) {
    run.code(0);
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 1, 1));
}

#[test]
fn the_root_of_oneapi_with_an_id_that_is_a_number() {
    let service = service();
    write_private(service.home(), FILE, &lines(&format!("'{SECRET}'")));
    assert_signed_in(&service, list(&service).run());
}

#[test]
fn a_private_key_as_text_and_by_its_path() {
    let service = Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem));
    write_private(service.home(), "key.pem", &SIGNING_KEY.pkcs8_pem);
    let path = service.home().path().join("key.pem").display().to_string();
    let block = format!("      {}\n", SIGNING_KEY.pkcs8_pem.trim_end().replace('\n', "\n      "));
    for key in [format!("|\n{block}"), format!("{path}\n")] {
        service.forget();
        let text = format!(
            "zscaler:\n  client:\n    clientId: acme-client\n    customerId: '216199618143191040'\n    privateKey: {key}"
        );
        write_private(service.home(), FILE, &text);
        assert_signed_in(&service, list(&service).env("ZPAKEY_TOKEN_CACHE", "off").run());
    }
}

#[test]
fn the_root_of_the_legacy_api_is_taken_where_it_is_the_only_one_or_asked_for() {
    let service = Service::start(ApiClient::legacy(SECRET));
    let legacy = format!(
        "zpa:\n  client: {{clientId: 216196257331281920-acme, clientSecret: '{SECRET}', customerId: 216199618143191040}}\n"
    );
    write_private(service.home(), FILE, &legacy);
    assert_signed_in(&service, list(&service).env_remove("ZSCALER_USE_LEGACY_CLIENT").run());
    service.forget();
    let both = format!("{}{legacy}", lines("another"));
    write_private(service.home(), FILE, &both);
    assert_signed_in(&service, list(&service).env("ZPAKEY_TOKEN_CACHE", "off").run());
}

#[test]
fn a_broken_one_is_placed_and_quotes_nothing() {
    let service = service();
    for (text, place) in [
        ("zscaler:\n  client:\n    clientSecret: 's3cret\n", "line "),
        ("zscaler: {client: {clientSecret: s3cret\n", "line "),
        ("zscaler:\n\tclient: s3cret\n", "line "),
        ("s3cret: [\n", "line "),
    ] {
        write_private(service.home(), FILE, text);
        let run = list(&service).run().code(2).lacks("s3cret");
        run.stderr_has(place).stderr_has("zscaler.yaml").stderr_has("that is not the YAML");
    }
    write_private(service.home(), FILE, "zscaler:\n  client:\n    clientSecret: 's3cret\n");
    list(&service).run().code(2).stderr_is(str![[r#"
error: [HOME]/.zscaler/zscaler.yaml line 3, column 19: that is not the YAML that the vendor's SDKs read

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn one_of_another_shape_gives_nothing() {
    let service = service();
    for text in [
        "",
        "[]\n",
        "s3cret\n",
        "zscaler: s3cret\n",
        "zscaler: {client: [s3cret]}\n",
        "zscaler: {client: {clientId: {s3cret: 1}, clientSecret: [s3cret]}}\n",
    ] {
        write_private(service.home(), FILE, text);
        list(&service).run().code(3).lacks("s3cret").stderr_has("error: not signed in");
    }
}

#[test]
fn one_with_a_secret_that_others_can_read_is_used_with_a_warning() {
    let service = service();
    write_private(service.home(), FILE, &lines(SECRET));
    let file = service.home().path().join(FILE);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    list(&service).run().code(0).lacks(SECRET).stderr_has(
        "warning: ~/.zscaler/zscaler.yaml holds a secret and other users can read it: chmod 600 ",
    );
    // Without a secret anybody may read it.
    fs::write(&file, "zscaler: {client: {clientId: a, privateKey: /nowhere/key.pem, customerId: 42}}\n")
        .unwrap();
    list(&service).run().code(3).lacks("warning").stderr_has("could not read /nowhere/key.pem");
}

#[test]
fn it_is_not_read_where_a_profile_is_named_or_another_source_gives_a_credential() {
    let service = service();
    // A file that would be an error if it were read.
    write_private(service.home(), FILE, "s3cret: [\n");
    set_profile(&service, &format!("client_id = 'acme-client'\nclient_secret = '{SECRET}'\n"));
    let off = |line: &str| service.home().zpakey(format!("list --type connector --token-cache off {line}"));
    off("--profile prod").run().code(0);
    off("").run().code(0);
    service.home().write("secret", SECRET);
    service.zpakey("list --type connector --token-cache off").run().code(0);
    let typed = "list --type connector --token-cache off --client-id acme-client --client-secret-file secret";
    service.without_credential(typed).run().code(0);
    let given =
        service.without_credential("list --type connector -o table").env("ZPAKEY_ACCESS_TOKEN", "given");
    given.run().code(3).stderr_has("ZPAKEY_ACCESS_TOKEN");
    service.home().sandboxed("list").run().code(0);
    assert_eq!((service.sign_ins(), service.refusals()), (4, vec!["the token is not good".to_owned()]));
    // A named profile without a credential does not fall back to it.
    service.home().write_profiles("[profiles.lab]\ncloud = 'beta'\n");
    off("--profile lab -o table").run().code(3).stderr_has("error: not signed in");
    off("").run().code(2).lacks("s3cret").stderr_has("zscaler.yaml");
}

#[test]
fn the_one_in_the_current_directory_is_not_read() {
    let service = service();
    write_private(service.home(), "work/zscaler.yaml", &lines(&format!("'{SECRET}'")));
    write_private(service.home(), "work/.zscaler/zscaler.yaml", &lines(&format!("'{SECRET}'")));
    list(&service).run().code(3).stderr_has("error: not signed in");
    assert_eq!(service.received(), []);
}

#[test]
fn messages_name_it() {
    let service = service();
    write_private(service.home(), FILE, &lines("s3cret"));
    list(&service).run().code(3).lacks("s3cret").stderr_is(str![[r#"
error: Zscaler rejected the credential (400 invalid_request)
  credential: from ~/.zscaler/zscaler.yaml
  client id acme…nt
  token endpoint http://localhost:[PORT]/oauth2/v1/token
  client_secret is another
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}
