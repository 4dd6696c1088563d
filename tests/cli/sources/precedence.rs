//! Which source counts: an option, a profile that was named, the environment, the active profile, the vendor's file.
//! A credential comes from one of them, whole.

use snapbox::str;

use super::{set_profile, write_private};
use crate::support::{ApiClient, Run, Service};

/// A server that refuses everybody, and so tells who came. Each source has a client of its own.
fn service() -> Service {
    let service = Service::start(ApiClient::one_api("nobody's"));
    service.home().write("secret", "s3cret-of-option");
    service
}

fn with_profile(service: &Service) {
    set_profile(service, "client_id = 'of-profile'\nclient_secret = 's3cret-of-profile'\n");
}

fn with_vendor_file(service: &Service) {
    let text = "zscaler: {client: {clientId: of-vendor-file, clientSecret: s3cret-of-vendor-file}}\n";
    write_private(service.home(), ".zscaler/zscaler.yaml", text);
}

/// The program with the addresses in its environment, and nothing to sign in with.
fn bare(service: &Service, line: &str) -> Run {
    service.without_credential(format!("list --type connector -o table {line}"))
}

fn of_environment(run: Run) -> Run {
    run.env("ZSCALER_CLIENT_ID", "of-environment").env("ZSCALER_CLIENT_SECRET", "s3cret-of-environment")
}

/// Who signed in.
#[track_caller]
fn who(service: &Service, run: Run) -> String {
    service.forget();
    run.run().code(3).lacks("s3cret");
    let received = service.received();
    assert_eq!(received.len(), 1);
    let fields: Vec<&str> = received.first().unwrap().body.split('&').collect();
    let of = |name: &str| fields.iter().find_map(|field| field.strip_prefix(name)).unwrap().to_owned();
    let (id, secret) = (of("client_id="), of("client_secret="));
    assert_eq!(secret, format!("s3cret-{id}"), "a credential is whole");
    id
}

#[test]
fn each_source_comes_before_the_next() {
    let service = service();
    with_vendor_file(&service);
    assert_eq!(who(&service, bare(&service, "")), "of-vendor-file");
    with_profile(&service);
    assert_eq!(who(&service, bare(&service, "")), "of-profile");
    assert_eq!(who(&service, of_environment(bare(&service, ""))), "of-environment");
    assert_eq!(who(&service, of_environment(bare(&service, "--profile prod"))), "of-profile");
    let named = of_environment(bare(&service, "")).env("ZPAKEY_PROFILE", "prod");
    assert_eq!(who(&service, named), "of-profile");
    let typed = "--client-id of-option --client-secret-file secret";
    assert_eq!(who(&service, of_environment(bare(&service, typed))), "of-option");
    assert_eq!(who(&service, bare(&service, typed)), "of-option");
}

#[test]
fn zpakeys_own_variables_come_before_the_vendors() {
    let service = service();
    let run = of_environment(bare(&service, "")).env("ZPAKEY_CLIENT_ID", "of-own");
    assert_eq!(who(&service, run.env("ZPAKEY_CLIENT_SECRET", "s3cret-of-own")), "of-own");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let service = service();
    with_profile(&service);
    let run = bare(&service, "").env("ZSCALER_CLIENT_ID", "").env("ZSCALER_CLIENT_SECRET", "");
    assert_eq!(who(&service, run.env("ZPAKEY_PROFILE", "").env("ZPAKEY_ACCESS_TOKEN", "")), "of-profile");
    let run = of_environment(bare(&service, "")).env("ZPAKEY_CLIENT_ID", "").env("ZPAKEY_PRIVATE_KEY", "");
    assert_eq!(who(&service, run), "of-environment");
}

#[test]
fn an_id_of_the_environment_and_a_secret_of_the_active_profile_are_not_joined() {
    let service = service();
    set_profile(&service, "client_secret = 's3cret-of-profile'\n");
    let run = bare(&service, "").env("ZSCALER_CLIENT_ID", "of-environment").run();
    run.code(2).lacks("s3cret").stderr_is(str![[r#"
error: the client id comes from ZSCALER_CLIENT_ID but the client secret from profile "prod"; a credential comes from one source
hint: set both where the id is, or name a profile that has both: --profile NAME

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_secret_of_the_environment_and_an_id_of_the_active_profile_are_not_joined() {
    let service = service();
    set_profile(&service, "client_id = 'of-profile'\n");
    let run = bare(&service, "").env("ZPAKEY_CLIENT_SECRET", "s3cret-of-environment").run();
    run.code(2).lacks("s3cret").stderr_is(str![[r#"
error: the client id comes from profile "prod" but the client secret from ZPAKEY_CLIENT_SECRET; a credential comes from one source
hint: set both where the id is, or name a profile that has both: --profile NAME

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn what_is_typed_is_not_joined_with_the_environment() {
    let service = service();
    let run = bare(&service, "--client-id of-option").env("ZSCALER_CLIENT_SECRET", "s3cret").run();
    run.code(2).lacks("s3cret").stderr_is(str![[r#"
error: the client id comes from --client-id but the client secret from ZSCALER_CLIENT_SECRET; a credential comes from one source
hint: set both where the id is, or name a profile that has both: --profile NAME

"#]]);
    let run = bare(&service, "--client-secret-file secret").env("ZSCALER_CLIENT_ID", "of-environment").run();
    run.code(2).lacks("s3cret").stderr_is(str![[r#"
error: the client id comes from ZSCALER_CLIENT_ID but the client secret from --client-secret-file; a credential comes from one source
hint: set both where the id is, or name a profile that has both: --profile NAME

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn an_id_and_a_private_key_from_two_sources_are_not_joined() {
    let service = service();
    set_profile(&service, "private_key = 'key.pem'\n");
    let run = bare(&service, "").env("ZPAKEY_CLIENT_ID", "of-environment").run();
    run.code(2).stderr_is(str![[r#"
error: the client id comes from ZPAKEY_CLIENT_ID but the private key from profile "prod"; a credential comes from one source
hint: set both where the id is, or name a profile that has both: --profile NAME

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_named_profile_lacks_what_only_the_environment_has() {
    let service = service();
    set_profile(&service, "client_id = 'of-profile'\n");
    let run = of_environment(bare(&service, "--profile prod")).run().code(3).lacks("s3cret");
    run.stderr_has("missing: client secret or private key").stderr_has("ignoring ZSCALER_CLIENT_ID");
    assert_eq!(service.received(), []);
}

#[test]
fn a_profiles_cloud_is_not_joined_with_the_environments_credential() {
    let service = service();
    set_profile(
        &service,
        "client_id = 'of-profile'\nclient_secret = 's3cret-of-profile'\ncloud = 'nowhere'\n",
    );
    let home = service.home();
    let run = home.zpakey("list --type connector -o table").env("ZSCALER_VANITY_DOMAIN", "acme");
    // The addresses are the profile's and stand apart; its cloud would be refused.
    assert_eq!(who(&service, of_environment(run)), "of-environment");
}

#[test]
fn a_customer_may_be_named_apart() {
    let service = service();
    with_profile(&service);
    assert_eq!(who(&service, bare(&service, "--customer-id 42")), "of-profile");
}

#[test]
fn a_key_of_the_other_front_door_is_left_alone() {
    let service = Service::start(ApiClient::legacy("s3cret-of-acme"));
    let run = service.zpakey("list --type connector --token-cache off");
    run.clone().env("ZSCALER_PRIVATE_KEY", "/nowhere/key.pem").run().code(0);
    run.env("ZPAKEY_PRIVATE_KEY", "/nowhere/key.pem").run().code(0);
    assert_eq!((service.refusals(), service.sign_ins()), (vec![], 2));
}
