//! What the vendor's newest SDK reads: the profiles of `~/.zscaler/config`, and its variables.

use std::{fs, os::unix::fs::PermissionsExt};

use snapbox::str;

use super::{SECRET, service, set_profile, write_private};
use crate::support::{ApiClient, Finished, Run, Service, certificates::SIGNING_KEY};

const FILE: &str = ".zscaler/config";

/// The program with the API's address and nothing else: the token endpoint and the customer are the file's to say.
fn list(service: &Service) -> Run {
    let run = service.without_credential("list --type connector -o table --token-cache off");
    run.env_remove("ZPA_CUSTOMER_ID").env_remove("ZPAKEY_TOKEN_URL")
}

fn profile(service: &Service, name: &str, secret: &str) -> String {
    format!(
        "[{name}]\nclient_id = acme-client\n{secret}\nvanity_domain = acme\ncustomer_id = 216199618143191040\n\
         token_url = {}/oauth2/v1/token\n\n",
        service.url()
    )
}

#[track_caller]
fn assert_signed_in(service: &Service, run: Finished) {
    run.code(0).lacks("s3cret");
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 1, 1));
    service.forget();
}

#[test]
fn the_default_profile_is_read_and_zscaler_profile_names_another() {
    let service = service();
    let text = ["default", "profile lab", "prod"].map(|name| {
        let secret = if name == "default" { SECRET } else { "s3cret-of-another" };
        profile(&service, name, &format!("client_secret = {secret}"))
    });
    write_private(service.home(), FILE, &text.concat());
    assert_signed_in(&service, list(&service).run());
    assert_signed_in(&service, list(&service).env("ZSCALER_PROFILE", "default").run());
    for name in ["lab", "prod"] {
        let run = list(&service).env("ZSCALER_PROFILE", name).run().code(3).lacks("s3cret");
        run.stderr_has(&format!("credential: from ~/.zscaler/config, profile \"{name}\""));
        assert_eq!(service.refusals(), ["client_secret is another"]);
        service.forget();
    }
    list(&service).env("ZSCALER_PROFILE", "nowhere").run().code(4).lacks("s3cret").stderr_is(str![[r#"
error: ZSCALER_PROFILE names the profile "nowhere", which is not in [HOME]/.zscaler/config
  it has default, lab, prod
hint: unset ZSCALER_PROFILE, or name a profile of your own: --profile NAME

"#]]);
    assert_eq!(service.received(), []);
    // An empty variable names none.
    assert_signed_in(&service, list(&service).env("ZSCALER_PROFILE", "").run());
}

#[test]
fn a_private_key_as_text_and_in_a_file() {
    let service = Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem));
    write_private(service.home(), "key.pem", &SIGNING_KEY.pkcs8_pem);
    let path = service.home().path().join("key.pem").display().to_string();
    let lines = SIGNING_KEY.pkcs8_pem.trim_end().replace('\n', "\n    ");
    for secret in [
        format!("private_key = {lines}"),
        format!("private_key = {}", SIGNING_KEY.pkcs8_pem.trim_end().replace('\n', "\\n")),
        format!("cert_file_path = {path}"),
        // As in the SDK, the text comes first.
        format!("private_key = {lines}\ncert_file_path = /nowhere"),
    ] {
        write_private(service.home(), FILE, &profile(&service, "default", &secret));
        assert_signed_in(&service, list(&service).run());
    }
}

#[test]
fn the_sdks_variables_give_a_key_file_and_the_token_endpoint() {
    let service = Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem));
    write_private(service.home(), "key.pem", &SIGNING_KEY.pkcs8_pem);
    let run = || {
        let path = service.home().path().join("key.pem").display().to_string();
        list(&service)
            .env("ZSCALER_CLIENT_ID", "acme-client")
            .env("ZSCALER_CERT_FILE_PATH", path)
            .env("ZSCALER_CUSTOMER_ID", "216199618143191040")
            .env("ZSCALER_TOKEN_URL", format!("{}/oauth2/v1/token", service.url()))
    };
    assert_signed_in(&service, run().run());
    // zpakey's own come first.
    run().env("ZPAKEY_PRIVATE_KEY", "/nowhere").run().code(3).stderr_has("could not read /nowhere");
    run()
        .env("ZPAKEY_TOKEN_URL", "http://localhost:9/oauth2/v1/token")
        .run()
        .code(10)
        .stderr_has("localhost:9");
    run().env("ZSCALER_CLIENT_SECRET", "s3cret").run().code(2).lacks("s3cret").stderr_is(str![[r#"
error: there are a client secret (ZSCALER_CLIENT_SECRET) and a private key (ZSCALER_CERT_FILE_PATH); which one is meant is not guessed
hint: unset one of the two; a private key needs no secret

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn the_sdks_token_endpoint_gets_no_secret_of_a_profile() {
    let (service, elsewhere) = (service(), service());
    set_profile(&service, &format!("client_id = 'acme-client'\nclient_secret = '{SECRET}'\n"));
    let list = service.home().zpakey("list --type connector --token-cache off");
    let list = list.env("ZSCALER_TOKEN_URL", format!("{}/oauth2/v1/token", elsewhere.url()));
    list.clone().run().code(0);
    list.env("ZPAKEY_PROFILE", "prod").run().code(0);
    assert_eq!((service.sign_ins(), service.refusals(), elsewhere.received()), (2, vec![], vec![]));
}

#[test]
fn everything_else_comes_before_it() {
    let service = service();
    // A file that would be an error if it were read.
    write_private(service.home(), FILE, "s3cret\n");
    let addressed =
        |line: &str| service.without_credential(format!("list --type connector --token-cache off {line}"));
    service.home().write("secret", SECRET);
    addressed("--client-id acme-client --client-secret-file secret").run().code(0);
    service.zpakey("list --type connector --token-cache off").run().code(0);
    set_profile(&service, &format!("client_id = 'acme-client'\nclient_secret = '{SECRET}'\n"));
    let home = service.home();
    home.zpakey("list --type connector --token-cache off").run().code(0);
    home.zpakey("list --type connector --token-cache off --profile prod")
        .env("ZSCALER_PROFILE", "lab")
        .run()
        .code(0);
    fs::remove_file(home.profile_file()).unwrap();
    let yaml = format!("zscaler: {{client: {{clientId: acme-client, clientSecret: '{SECRET}'}}}}\n");
    write_private(home, ".zscaler/zscaler.yaml", &yaml);
    addressed("").run().code(0);
    assert_eq!((service.sign_ins(), service.refusals()), (5, vec![]));
    // Without a credential the older file is passed over, and the legacy API has no such profiles.
    write_private(home, ".zscaler/zscaler.yaml", "zscaler: {client: {clientId: '', cloud: beta}}\n");
    addressed("-o table").run().code(2).lacks("s3cret").stderr_has(".zscaler/config line 1");
}

#[test]
fn a_broken_one_is_placed_and_quotes_nothing() {
    let service = service();
    for (text, line) in [("[default]\nclient_id = a\ns3cret\n", 3), ("[default\nclient_secret = s3cret\n", 1)]
    {
        write_private(service.home(), FILE, text);
        let run = list(&service).run().code(2).lacks("s3cret");
        run.stderr_has(&format!("/.zscaler/config line {line}, column 1: that is not the INI"));
    }
    write_private(service.home(), FILE, "");
    fs::write(service.home().path().join(FILE), [0xff, 0xfe, 0x00]).unwrap();
    list(&service).run().code(2).stderr_has("could not read");
    assert_eq!(service.received(), []);
}

#[test]
fn one_with_a_secret_that_others_can_read_is_used_with_a_warning() {
    let service = service();
    let text = profile(&service, "default", &format!("client_secret = {SECRET}"));
    write_private(service.home(), FILE, &text);
    let file = service.home().path().join(FILE);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let run = list(&service).run().code(0).lacks(SECRET);
    run.stderr_has("warning: ~/.zscaler/config holds a secret and other users can read it: chmod 600 ");
}

#[test]
fn status_and_doctor_say_that_a_value_is_from_it_or_that_it_is_not_read() {
    let service = service();
    write_private(
        service.home(),
        FILE,
        &profile(&service, "profile lab", &format!("client_secret = {SECRET}")),
    );
    let run = |line: &str| {
        let run = service.home().zpakey(line).env("ZPAKEY_API_URL", service.url());
        run.env("ZSCALER_PROFILE", "lab").env("ZPAKEY_TOKEN_CACHE", "off")
    };
    let status = run("auth status -o json").run().code(0).lacks("s3cret").json();
    let from = "~/.zscaler/config, profile \"lab\"";
    for field in ["client_id", "client_secret", "vanity_domain", "customer_id", "token_url"] {
        assert_eq!(status["origins"][field], from, "{field}");
    }
    assert_eq!(status["secret_kept_in"], "~/.zscaler/config");
    let doctor = run("doctor -o json").run().lacks("s3cret").stdout.replace("\\\"", "\"");
    assert!(doctor.contains(&format!("the credential is from {from}")), "{doctor}");
    assert!(!doctor.contains("is not read"), "{doctor}");
    let env =
        run("doctor -o json").env("ZSCALER_CLIENT_ID", "acme-client").env("ZSCALER_CLIENT_SECRET", SECRET);
    let doctor = env.run().stdout;
    assert!(
        doctor.contains("~/.zscaler/config is not read: the credential is from the environment"),
        "{doctor}"
    );
    assert!(
        doctor.contains("ZSCALER_PROFILE is not used: it names a profile of ~/.zscaler/config only"),
        "{doctor}"
    );
}

#[test]
fn a_program_in_the_sandbox_meets_neither_the_sdks_profile_nor_its_key() {
    let service = service();
    let run = service.home().zpakey([
        "sandbox",
        "run",
        "--",
        "sh",
        "-c",
        "env | grep '^ZSCALER_' | cut -d= -f1 > seen; env | grep '^ZSCALER_PROFILE=' >> seen",
    ]);
    let run = run
        .env("ZSCALER_PROFILE", "lab")
        .env("ZSCALER_CERT_FILE_PATH", "/k")
        .env("ZSCALER_TOKEN_URL", "https://x.invalid");
    run.run().code(0);
    let seen = service.home().read("seen");
    assert!(!seen.contains("CERT_FILE_PATH") && !seen.contains("TOKEN_URL"), "{seen}");
    assert!(seen.contains("ZSCALER_PROFILE=zpakey-sandbox\n"), "{seen}");
}
