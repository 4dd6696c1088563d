//! Servers that quote what they were sent, in whatever encoding.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::BufReader,
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::json;
use zpakey::sandbox::SECRET_MARKER;

use super::searcher::Searcher;
use crate::support::{Answer, ApiClient, Finished, Received, Service, certificates::SIGNING_KEY};

/// A header or a secret, as a server may write it into what it says.
fn quotings(text: &str) -> Vec<(&'static str, String)> {
    let hex = |byte: u8| format!("{byte:02x}");
    let entity = |character: char| format!("&#{};", u32::from(character));
    vec![
        ("as it is", text.to_owned()),
        ("in base64", BASE64_STANDARD.encode(text)),
        ("in base64 at another offset", BASE64_STANDARD.encode(format!("x{text}"))),
        ("in base64 for addresses", BASE64_URL_SAFE_NO_PAD.encode(text)),
        ("in hex", text.bytes().map(hex).collect()),
        ("in hex with capitals", text.bytes().map(hex).collect::<String>().to_uppercase()),
        ("percent-encoded", url::form_urlencoded::byte_serialize(text.as_bytes()).collect()),
        ("as JSON", serde_json::to_string(text).unwrap()),
        ("as JSON twice", serde_json::to_string(&serde_json::to_string(text).unwrap()).unwrap()),
        ("as HTML", html_escape::encode_quoted_attribute(text).into_owned()),
        ("as HTML in numbers", text.chars().map(entity).collect()),
        ("near the end of what is kept", format!("{}{text}", "x".repeat(270))),
    ]
}

fn assert_clean(run: &Finished, way: &str) {
    let found =
        Searcher::new(SECRET_MARKER).and("p<s&w\"o'rd").find(run.stderr.as_bytes()).map(str::to_owned);
    assert_eq!(found, None, "{way}\n{}", run.stderr);
    // Nor the beginning of what was cut.
    assert!(!run.stderr.contains(&SECRET_MARKER[..7]), "{way}\n{}", run.stderr);
    assert!(run.stderr.contains("[redacted]"), "{way}\n{}", run.stderr);
}

#[test]
fn a_token_from_the_cache_that_the_api_quotes_is_redacted() {
    let service = Service::start(ApiClient::one_api("s3cret"));
    service.zpakey("list --type connector").run().code(0);
    // As the second run of the program takes it out of the cache, on a thread that may block.
    let header = format!("Bearer {SECRET_MARKER}-token-1");
    for (way, quoted) in quotings(&header) {
        service.tell("/mgmtconfig/", [Answer::new(400, json!({"id": "bad.request", "reason": quoted}))]);
        for form in ["table", "json"] {
            assert_clean(&service.zpakey(format!("list --type connector -o {form}")).run().code(5), way);
        }
        service.tell_nothing();
    }
    assert_eq!(service.sign_ins(), 1);
}

#[test]
fn a_client_secret_that_the_token_endpoint_quotes_is_redacted() {
    let secret = format!("p<s&w\"o'rd-{SECRET_MARKER}");
    let service = Service::start(ApiClient::one_api(&secret));
    for (way, quoted) in quotings(&secret) {
        for body in [
            json!({"error": "invalid_client", "error_description": quoted}).to_string(),
            // In a shape that is not known, and in none.
            json!({"errors": [{"detail": quoted}]}).to_string(),
            format!("no client has {quoted}"),
        ] {
            service.tell("/oauth2/", [Answer::new(401, body)]);
            for form in ["table", "json"] {
                assert_clean(&service.zpakey(format!("list --type connector -o {form}")).run().code(3), way);
            }
            service.tell_nothing();
        }
    }
}

/// A token endpoint that refuses everybody and quotes the assertion that it was sent, in one of the ways. Returns its
/// address, and where the assertion is to be found.
fn quoting_endpoint(way: usize) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://127.0.0.1:{}/oauth2/v1/token", listener.local_addr().unwrap().port());
    let seen = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&seen);
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = Received::read(&mut BufReader::new(&stream)).unwrap();
        let fields = url::form_urlencoded::parse(request.body.as_bytes());
        let assertion = fields.into_owned().find(|(name, _)| name == "client_assertion").unwrap().1;
        let quoted = quotings(&assertion).remove(way).1;
        *noted.lock().unwrap() = assertion;
        let body = json!({"error": "invalid_client", "error_description": quoted});
        Answer::new(401, body).write(&mut stream).unwrap();
    });
    (url, seen)
}

#[test]
fn an_assertion_that_the_token_endpoint_quotes_is_redacted() {
    let service = Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem));
    for (number, (way, _)) in quotings("x").into_iter().enumerate() {
        let (url, seen) = quoting_endpoint(number);
        let run = service.zpakey("list --type connector -o table").env("ZPAKEY_TOKEN_URL", url);
        let run = run.env("ZSCALER_PRIVATE_KEY", &SIGNING_KEY.pkcs8_pem).run().code(3);
        let assertion = seen.lock().unwrap().clone();
        // Any part of what was signed and of the signature would do.
        for part in [&assertion[4..40], &assertion[assertion.len() - 60..]] {
            let found = Searcher::new(part).find(run.stderr.as_bytes()).map(str::to_owned);
            assert_eq!(found, None, "{way}\n{}", run.stderr);
        }
        run.stderr_has("[redacted]");
    }
}
