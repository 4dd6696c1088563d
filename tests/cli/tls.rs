//! Whom zpakey trusts: the platform's store, a CA besides it, and nobody else.

use std::net::TcpListener;

use clap::CommandFactory as _;
use snapbox::str;
use zpakey::{
    cli::Cli,
    config::vars::{OTHER_VARIABLES, SETTINGS},
};

use crate::support::{
    ApiClient, Run, Service,
    certificates::{Authority, Identity, Validity},
};

/// A server with this certificate, and a file with what a user would trust.
fn service(identity: &Identity, trusted: &str) -> Service {
    let service = Service::over_tls(ApiClient::one_api("s"), identity);
    service.home().write("ca.pem", trusted);
    service
}

fn list(service: &Service, options: &str) -> Run {
    service.zpakey(format!("list -o table {options}"))
}

#[test]
fn a_server_that_signed_itself_is_refused_with_its_issuer_and_accepted_where_it_is_trusted() {
    let identity = Identity::self_signed(&["localhost"], Validity::Now);
    let service = service(&identity, &identity.pem);
    list(&service, "").run().code(10).stdout_is(str![]).stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: its issuer is not trusted: it signed itself
  issuer: "Acme Self"; trust: system store
hint: add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)

"#]]);
    assert_eq!(service.received().len(), 0);
    list(&service, "--cacert ca.pem").run().code(0);
    list(&service, "").env("ZPAKEY_CACERT", "ca.pem").run().code(0);
}

#[test]
fn a_server_of_a_companys_authority_is_refused_with_its_issuer_and_accepted_where_it_is_trusted() {
    let authority = Authority::new("Acme Corp TLS Inspection CA");
    let identity = authority.identity(&["localhost"], Validity::Now);
    let service = service(&identity, &authority.pem());
    list(&service, "").run().code(10).stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: its issuer is not trusted
  issuer: "Acme Corp TLS Inspection CA"; trust: system store
hint: add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)

"#]]);
    list(&service, "--cacert ca.pem").run().code(0);
    let file = service.home().work().join("ca.pem").display().to_string();
    list(&service, "").env("SSL_CERT_FILE", file).run().code(0);
}

#[test]
fn another_authority_of_the_same_name_is_not_trusted() {
    let identity = Authority::new("Acme CA").identity(&["localhost"], Validity::Now);
    let service = service(&identity, &Authority::new("Acme CA").pem());
    list(&service, "--cacert ca.pem").run().code(10).stderr_has("trust: system store, and ca.pem (--cacert)");
    assert_eq!(service.received().len(), 0);
}

#[test]
fn a_certificate_for_another_name_or_another_time_is_refused_however_it_is_trusted() {
    let authority = Authority::new("Acme CA");
    for (identity, trusted, why) in [
        (authority.identity(&["example.net"], Validity::Now), authority.pem(), "it is for another name"),
        (authority.identity(&["localhost"], Validity::Past), authority.pem(), "it has expired"),
        (authority.identity(&["localhost"], Validity::Future), authority.pem(), "it is not valid yet"),
    ] {
        let service = service(&identity, &trusted);
        list(&service, "--cacert ca.pem").run().code(10).stderr_has(why).lacks("--cacert /path");
        assert_eq!(service.received().len(), 0);
    }
    // The same for a certificate that is trusted to the letter.
    for (identity, why) in [
        (
            Identity::self_signed(&["example.net"], Validity::Now),
            "presented a certificate that is not trusted",
        ),
        (
            Identity::self_signed(&["localhost"], Validity::Past),
            "presented a certificate that is not trusted",
        ),
    ] {
        let service = service(&identity, &identity.pem);
        list(&service, "--cacert ca.pem").run().code(10).stderr_has(why);
        assert_eq!(service.received().len(), 0);
    }
}

#[test]
fn a_port_that_speaks_no_tls_is_said() {
    let service = Service::start(ApiClient::one_api("s"));
    let https = service.url().replace("http://", "https://");
    let run = list(&service, "").env("ZPAKEY_API_URL", https.clone());
    let run = run.env("ZPAKEY_TOKEN_URL", format!("{https}/oauth2/v1/token")).run();
    run.code(10).stderr_has("speaks no TLS").lacks("--cacert");
}

#[test]
fn a_port_where_nobody_listens_is_a_network_error() -> std::io::Result<()> {
    let service = Service::start(ApiClient::one_api("s"));
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let run = list(&service, "--max-wait 0s")
        .env("ZPAKEY_TOKEN_URL", format!("https://{free}/oauth2/v1/token"))
        .run();
    run.code(10).stderr_has("error: could not reach 127.0.0.1:");
    Ok(())
}

#[test]
fn a_ca_file_that_cannot_be_used_is_refused_before_anything_is_sent() {
    let service = Service::start(ApiClient::one_api("s"));
    service.home().write("none.pem", "no certificate\n");
    service.home().write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n");
    for (file, why) in [
        ("absent.pem", "could not use the CA file absent.pem: No such file"),
        ("none.pem", "could not use the CA file none.pem: it holds no certificate"),
        ("cut.pem", "could not use the CA file cut.pem: what it holds is no certificate"),
    ] {
        list(&service, &format!("--cacert {file}")).run().code(2).stderr_has(why);
    }
    assert_eq!(service.received().len(), 0);
}

#[test]
fn nothing_switches_verification_off() {
    let mut names: Vec<String> = SETTINGS.iter().map(|row| row.variable.to_owned()).collect();
    names.extend(SETTINGS.iter().flat_map(|row| row.vendor.iter().map(|(name, _)| (*name).to_owned())));
    names.extend(SETTINGS.iter().filter_map(|row| row.profile_key.map(str::to_owned)));
    names.extend(OTHER_VARIABLES.iter().map(|(name, _)| (*name).to_owned()));
    let mut waiting = vec![Cli::command()];
    while let Some(command) = waiting.pop() {
        names.extend(command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)));
        waiting.extend(command.get_subcommands().cloned());
    }
    assert!(names.len() > 60, "{names:?}");
    for name in names {
        let name = name.to_lowercase();
        for word in ["insecure", "verif", "unsafe", "skip-tls", "no-check", "disable", "trust-all"] {
            // `--disable` and `--disabled` are about keys.
            assert!(!name.contains(word) || name.starts_with("disable"), "{name}");
        }
    }
}
