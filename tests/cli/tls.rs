//! Whom zpakey trusts: the platform's store, and a CA file besides it. Who is not trusted is named.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod always_on;
mod ca_forms;
mod refused;

use std::fs;

use snapbox::str;

use crate::support::{
    ApiClient, Finished, Run, Service,
    certificates::{Authority, Identity, Validity},
    openssl,
};

const LIST: &str = "list --type connector -o table";

fn service(identity: &Identity) -> Service {
    let service = Service::over_tls(ApiClient::one_api("s3cret-of-acme"), identity);
    service.home().write("server.pem", &identity.pem);
    service
}

/// A server with a certificate of a company's authority, which is in `ca.pem`.
fn of_a_company() -> Service {
    let authority = Authority::new("Acme Corp TLS Inspection CA");
    let service = service(&authority.identity(&["localhost"], Validity::Now));
    service.home().write("ca.pem", &authority.pem());
    service
}

/// A server whose certificate, in `server.pem`, is its own authority.
fn of_its_own() -> Service {
    service(&Identity::self_signed(&["localhost"], Validity::Now))
}

fn list(service: &Service) -> Run {
    service.zpakey(LIST).env("ZPAKEY_TOKEN_CACHE", "off")
}

#[track_caller]
fn assert_refused(service: &Service, run: Run) -> Finished {
    let run = run.run().code(10).has_no_secret().lacks("s3cret");
    assert_eq!(service.received(), [], "something was sent");
    run
}

/// Asserts that a server is trusted with this file in each of the ways to name one.
#[track_caller]
fn assert_accepted(service: &Service, file: &str) {
    let home = service.home();
    let path = home.work().join(file).display().to_string();
    service.zpakey(format!("{LIST} --token-cache off --cacert {file}")).run().code(0);
    service.zpakey(format!("{LIST} --token-cache off --cacert '{path}'")).run().code(0);
    list(service).env("ZPAKEY_CACERT", &path).run().code(0);
    list(service).env("SSL_CERT_FILE", &path).run().code(0);
    fs::create_dir_all(home.path().join("authorities")).unwrap();
    fs::copy(&path, home.path().join("authorities/one.pem")).unwrap();
    list(service).env("SSL_CERT_DIR", home.path().join("authorities").display().to_string()).run().code(0);
    home.write_profiles(&format!(
        "active = 'prod'\n[profiles.prod]\ncacert = '{path}'\ntoken_cache = 'off'\nclient_id = 'acme-client'\n\
         client_secret = 's3cret-of-acme'\n{}",
        service.profile_lines()
    ));
    home.zpakey(LIST).run().code(0);
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 6, 6));
}

#[test]
fn a_companys_authority_is_refused_by_name() {
    let service = of_a_company();
    assert_refused(&service, list(&service)).stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: its issuer is not trusted
  issuer: "Acme Corp TLS Inspection CA"; trust: system store
hint: add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)

"#]]);
}

#[test]
fn a_companys_authority_is_accepted_from_a_file() {
    assert_accepted(&of_a_company(), "ca.pem");
}

#[test]
fn a_certificate_that_is_its_own_authority_is_refused_by_name() {
    let service = of_its_own();
    assert_refused(&service, list(&service)).stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: its issuer is not trusted: it signed itself
  issuer: "Acme Self"; trust: system store
hint: add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)

"#]]);
}

#[test]
fn a_certificate_that_is_its_own_authority_is_accepted_from_a_file() {
    assert_accepted(&of_its_own(), "server.pem");
}

#[test]
fn a_certificate_as_openssl_makes_it_is_refused_and_accepted_alike() {
    let directory = tempfile::tempdir().unwrap();
    let line = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
                -addext subjectAltName=DNS:localhost";
    if openssl(line, directory.path()).is_none() {
        return;
    }
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    let service = service(&Identity::of_pem(read("cert.pem"), read("key.pem")));
    assert_refused(&service, list(&service)).stderr_has("issuer: \"localhost\"");
    assert_accepted(&service, "server.pem");
}

#[test]
fn a_ca_file_is_trusted_besides_the_platforms_store_and_not_in_its_place() {
    let (company, own) = (of_a_company(), of_its_own());
    let path = |service: &Service, name: &str| service.home().work().join(name).display().to_string();
    let (ca, server) = (path(&company, "ca.pem"), path(&own, "server.pem"));
    for service in [&company, &own] {
        list(service).env("SSL_CERT_FILE", &ca).env("ZPAKEY_CACERT", &server).run().code(0);
        list(service).env("SSL_CERT_FILE", &server).env("ZPAKEY_CACERT", &ca).run().code(0);
    }
}

#[test]
fn a_ca_file_may_hold_several() {
    let company = of_a_company();
    let other = Authority::new("Another CA").pem();
    let all = format!("# ours\n{other}{}", company.home().read("ca.pem"));
    company.home().write("ca.pem", &all);
    assert_accepted(&company, "ca.pem");
}

#[test]
fn tls_1_2_and_1_3_are_spoken() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let identity = Identity::self_signed(&["localhost"], Validity::Now);
        let service =
            Service::with_tls(ApiClient::one_api("s3cret-of-acme"), identity.server_config_of(&[version]));
        service.home().write("server.pem", &identity.pem);
        list(&service).env("ZPAKEY_CACERT", "server.pem").run().code(0);
    }
}

#[test]
fn a_ca_file_that_cannot_be_used_is_refused_before_anything_is_sent() {
    let service = of_a_company();
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    service.home().write("key.pem", &key);
    service.home().write("text.pem", "not a certificate\n");
    service.home().write("cut.pem", &service.home().read("ca.pem")[..200]);
    service.home().write("odd.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    service.home().write("empty.pem", "");
    for name in ["key.pem", "text.pem", "cut.pem", "odd.pem", "empty.pem", "nowhere.pem", "/"] {
        let run = service.zpakey(format!("{LIST} --cacert {name}")).run().code(2);
        run.stderr_has(&format!("could not use the CA file {name}: "));
    }
    service.zpakey(format!("{LIST} --cacert nowhere.pem")).run().code(2).stderr_is(str![[r#"
error: could not use the CA file nowhere.pem: No such file or directory (os error 2)

"#]]);
    service.zpakey(format!("{LIST} --cacert key.pem")).run().code(2).stderr_is(str![[r#"
error: could not use the CA file key.pem: it holds no certificate

"#]]);
    service.zpakey(format!("{LIST} --cacert cut.pem")).run().code(2).stderr_is(str![[r#"
error: could not use the CA file cut.pem: it is no PEM

"#]]);
    service.zpakey(format!("{LIST} --cacert odd.pem")).run().code(2).stderr_is(str![[r#"
error: could not use the CA file odd.pem: what it holds is not a certificate

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_trust_store_that_cannot_be_used_is_named() {
    let service = of_a_company();
    service.home().write("empty.pem", "");
    list(&service).env("SSL_CERT_FILE", "empty.pem").run().code(10).stderr_is(str![[r#"
error: could not set up TLS: no certificate of an authority could be read from empty.pem (SSL_CERT_FILE)

"#]]);
    list(&service).env("SSL_CERT_FILE", "nowhere.pem").run().code(10).stderr_is(str![[r#"
error: could not set up TLS: no certificate of an authority could be read from nowhere.pem (SSL_CERT_FILE)

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn empty_variables_of_the_trust_store_count_as_unset() {
    let service = of_a_company();
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        let run = list(&service).env(name, "").env("ZPAKEY_CACERT", "");
        assert_refused(&service, run).stderr_has("trust: system store");
    }
}
