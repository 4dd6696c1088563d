//! Certificates that are refused although their authority is trusted, and what is no TLS.

use std::{io::Write, net::TcpListener, thread};

use snapbox::str;

use super::{LIST, assert_refused, list, service};
use crate::support::{
    ApiClient, Service,
    certificates::{Authority, Identity, Validity},
};

/// A run that trusts the server's authority, and what it says. Whether the server is its own makes no difference.
#[track_caller]
fn both(names: &[&str], validity: Validity, check: impl Fn(crate::support::Finished)) {
    let authority = Authority::new("Acme CA");
    let signed = service(&authority.identity(names, validity));
    signed.home().write("ca.pem", &authority.pem());
    check(assert_refused(&signed, list(&signed).env("ZPAKEY_CACERT", "ca.pem")));
    let own = service(&Identity::self_signed(names, validity));
    check(assert_refused(&own, list(&own).env("ZPAKEY_CACERT", "server.pem")));
    let in_store = own.home().work().join("server.pem").display().to_string();
    check(assert_refused(&own, list(&own).env("SSL_CERT_FILE", in_store)));
}

#[test]
fn one_that_has_expired() {
    both(&["localhost"], Validity::Past, |run| {
        run.stderr_has("presented a certificate that is not trusted: it has expired");
    });
}

#[test]
fn one_that_is_not_valid_yet() {
    both(&["localhost"], Validity::Future, |run| {
        run.stderr_has("it is not valid yet; is this machine's clock right?");
    });
}

#[test]
fn one_for_another_name() {
    for names in [&["acme.example"][..], &["127.0.0.1"], &[]] {
        both(names, Validity::Now, |run| {
            run.stderr_has("it is for another name");
        });
    }
}

#[test]
fn each_in_whole() {
    let authority = Authority::new("Acme CA");
    let signed = service(&authority.identity(&["acme.example"], Validity::Now));
    signed.home().write("ca.pem", &authority.pem());
    assert_refused(&signed, list(&signed).env("ZPAKEY_CACERT", "ca.pem")).stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: it is for another name
  issuer: "Acme CA"; trust: system store, and ca.pem (ZPAKEY_CACERT)

"#]]);
    let old = service(&Identity::self_signed(&["localhost"], Validity::Past));
    assert_refused(&old, list(&old).env("ZPAKEY_CACERT", "server.pem")).stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: it has expired
  issuer: "Acme Self"; trust: system store, and server.pem (ZPAKEY_CACERT)

"#]]);
}

#[test]
fn one_of_another_authority_of_the_same_name() {
    let signed = service(&Authority::new("Acme CA").identity(&["localhost"], Validity::Now));
    signed.home().write("ca.pem", &Authority::new("Acme CA").pem());
    let run = assert_refused(&signed, list(&signed).env("ZPAKEY_CACERT", "ca.pem"));
    run.stderr_has("issuer: \"Acme CA\"").stderr_is(str![[r#"
error: localhost:[PORT] presented a certificate that is not trusted: its issuer is not trusted: it has the name of one that is, and is another
  issuer: "Acme CA"; trust: system store, and ca.pem (ZPAKEY_CACERT)
hint: add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)

"#]]);
}

#[test]
fn one_that_only_looks_like_the_trusted_one() {
    let (ours, theirs) = (
        Identity::self_signed(&["localhost"], Validity::Now),
        Identity::self_signed(&["localhost"], Validity::Now),
    );
    let service = service(&theirs);
    service.home().write("ours.pem", &ours.pem);
    assert_refused(&service, list(&service).env("ZPAKEY_CACERT", "ours.pem"));
}

#[test]
fn a_server_whose_key_is_not_the_certificates() {
    // The certificate is trusted to the letter, and whoever shows it must have its key all the same.
    let ours = Identity::self_signed(&["localhost"], Validity::Now);
    let other_key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let config = Identity::of_pem(ours.pem.clone(), other_key).careless_server_config();
    let service = Service::with_tls(ApiClient::one_api("s3cret-of-acme"), config);
    service.home().write("server.pem", &ours.pem);
    assert_refused(&service, list(&service).env("ZPAKEY_CACERT", "server.pem"));
}

#[test]
fn the_name_of_an_issuer_harms_no_terminal() {
    let service = service(
        &Authority::new("Acme \u{1b}[31mCA\u{202e}\nhint: x").identity(&["localhost"], Validity::Now),
    );
    let run = assert_refused(&service, list(&service));
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains('\u{202e}'), "{}", run.stderr);
    assert!(!run.stderr.contains("\nhint: x"), "{}", run.stderr);
}

#[test]
fn what_is_not_trusted_is_asked_once_and_the_log_says_so() {
    let own = service(&Identity::self_signed(&["localhost"], Validity::Now));
    let run = own.zpakey(format!("{LIST} -v")).run().code(10);
    let tries = run.stderr.lines().filter(|line| line.starts_with("POST /oauth2/v1/token ")).count();
    assert_eq!(tries, 1, "{}", run.stderr);
}

#[test]
fn a_port_that_speaks_no_tls() {
    let plain = Service::start(ApiClient::one_api("s3cret-of-acme"));
    let https = plain.url().replace("http://", "https://");
    let run = list(&plain)
        .env("ZPAKEY_API_URL", &https)
        .env("ZPAKEY_TOKEN_URL", format!("{https}/oauth2/v1/token"))
        .run()
        .code(10)
        .lacks("s3cret");
    run.stderr_is(str![[r#"
error: could not reach localhost:[PORT]: tls handshake eof
hint: what answers there speaks no TLS: a proxy, or another service on that port

"#]]);
}

#[test]
fn a_port_that_says_something_else_or_nothing() {
    for words in ["220 mail.acme.example ESMTP\r\n", "SSH-2.0-OpenSSH_9.2\r\n", ""] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut stream = stream;
                let _ = stream.write_all(words.as_bytes());
            }
        });
        let plain = Service::start(ApiClient::one_api("s3cret-of-acme"));
        let run = list(&plain)
            .env("ZPAKEY_API_URL", format!("https://localhost:{}", address.port()))
            .env("ZPAKEY_TOKEN_URL", format!("https://localhost:{}/oauth2/v1/token", address.port()))
            .env("ZPAKEY_MAX_WAIT", "0s");
        run.run().code(10).lacks("s3cret");
        assert_eq!(plain.received(), []);
    }
}

#[test]
fn a_port_where_nobody_listens_is_no_matter_of_trust() {
    let service = Service::start(ApiClient::one_api("s3cret-of-acme"));
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = list(&service).env("ZPAKEY_TOKEN_URL", format!("https://{free}/oauth2/v1/token"));
    let run = run.env("ZPAKEY_MAX_WAIT", "0s").run().code(10).lacks("--cacert");
    run.stderr_has("error: could not reach 127.0.0.1:");
}
