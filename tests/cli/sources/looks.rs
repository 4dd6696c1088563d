//! Secrets and tokens as people paste them: in quotes, not expanded, masked, with a byte order mark, as JSON. What no
//! secret looks like is refused before anything is sent; what one may look like is sent, and named if it is rejected.

use snapbox::str;

use super::{SECRET, service, set_secret, write_private};
use crate::support::{Finished, Service, certificates::SIGNING_KEY};

/// The program with this secret in a variable.
fn with_secret(service: &Service, secret: &str) -> Finished {
    let run = service.zpakey("list --type connector -o table").env("ZSCALER_CLIENT_SECRET", secret);
    run.run().lacks("s3cret").lacks("S3CRET")
}

fn with_token(service: &Service, token: &str) -> Finished {
    let run = service.without_credential("list --type connector -o table").env("ZPAKEY_ACCESS_TOKEN", token);
    run.run().lacks("s3cret").lacks("S3CRET")
}

#[test]
fn a_client_secret_that_cannot_be_one_is_refused_before_anything_is_sent() {
    let service = service();
    let pem = SIGNING_KEY.pkcs8_pem.as_str();
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for (secret, words) in [
        ("${S3CRET}", "is a placeholder that was not replaced with its value"),
        ("$(S3CRET)", "is a placeholder"),
        ("$(op read op://zpa/s3cret)", "is a placeholder"),
        ("${{ secrets.S3CRET }}", "is a placeholder"),
        ("{{ s3cret }}", "is a placeholder"),
        ("%S3CRET%", "is a placeholder"),
        ("$env:S3CRET", "is a placeholder"),
        ("***", "is a mask, not the value that it hides"),
        ("••••••••", "is a mask"),
        ("[MASKED]", "is a mask"),
        ("(sensitive value)", "is a mask"),
        (r#"{"client_secret": "s3cret"}"#, "is JSON"),
        (r#"["s3cret"]"#, "is JSON"),
        ("s3cret\nof#acme", "has several lines"),
        ("s3cret\tof#acme", "has control characters"),
        ("Bearer s3cret", "begins with the word Bearer"),
        ("Authorization: Bearer s3cret", "begins with the word Bearer"),
        (pem, "is a private key or a certificate"),
        (bare.as_str(), "is a private key or a certificate"),
    ] {
        with_secret(&service, secret).code(2).stderr_has(words).stderr_has("(ZSCALER_CLIENT_SECRET)");
    }
    assert_eq!(service.received(), []);
    with_secret(&service, "${S3CRET}").code(2).stderr_is(str![[r#"
error: could not get the client secret (ZSCALER_CLIENT_SECRET): it is a placeholder that was not replaced with its value
hint: it was not sent; set the value itself, as Zscaler showed it once

"#]]);
    with_secret(&service, pem).code(2).stderr_is(str![[r#"
error: could not get the client secret (ZSCALER_CLIENT_SECRET): it is a private key or a certificate
hint: a private key goes into ZPAKEY_PRIVATE_KEY, private_key of a profile, or --private-key-file

"#]]);
}

#[test]
fn it_is_refused_from_wherever_it_comes() {
    let service = service();
    write_private(service.home(), "keys/zpa", "%S3CRET%\r\n");
    service.home().write("typed", "***\n");
    let typed = "list --type connector -o table --client-id acme-client --client-secret-file typed";
    service.without_credential(typed).run().code(2).stderr_has("is a mask");
    for toml in ["'${S3CRET}'", "'file:~/keys/zpa'", "{ cmd = ['echo', '$(S3CRET)'] }"] {
        set_secret(&service, toml);
        super::list(&service).code(2).lacks("S3CRET").stderr_has("is a placeholder");
        let status = service.home().zpakey("auth status -o json").run().code(3).lacks("S3CRET").json();
        assert_eq!(status["usable"], false, "{toml}");
        let doctor = service.home().zpakey("doctor --online -o table").run().lacks("S3CRET");
        assert!(doctor.stdout.contains("is a placeholder"), "{}", doctor.stdout);
    }
    assert_eq!(service.received(), []);
}

#[test]
fn a_secret_that_may_be_one_is_sent_and_the_rejection_says_what_it_looks_like() {
    let service = service();
    for (secret, words) in [
        ("\"s3cret-x\"", "it is in quotes, which would be part of it"),
        ("'s3cret-x'", "it is in quotes"),
        ("“s3cret-x”", "it is in quotes"),
        (" s3cret-x", "it begins or ends with whitespace"),
        ("s3cret-x ", "it begins or ends with whitespace"),
        ("$S3CRET", "it looks like a variable that was not replaced"),
        ("***s3cret", "it begins like a mask"),
        ("ZSCALER_CLIENT_SECRET=s3cret", "it looks like NAME=value"),
        ("export client_secret=s3cret", "it looks like NAME=value"),
        ("op://zpa/s3cret", "it looks like the place where a secret is"),
        ("env:S3CRET", "it looks like the place where a secret is"),
        ("eyJs3cret.eyJs3cret.s3cret", "it looks like an access token"),
        ("<your secret>", "it looks like a placeholder of an example or a template"),
        ("changeme", "it looks like a placeholder"),
        ("YOUR_CLIENT_SECRET", "it looks like a placeholder"),
        ("xxxxxxxx", "it looks like a placeholder"),
        ("REDACTED", "it looks like a placeholder"),
        ("@secret.txt", "it looks like @FILE, which only curl reads"),
        ("@/run/secrets/zpa", "it looks like @FILE"),
    ] {
        service.forget();
        let run = with_secret(&service, secret).code(3);
        run.stderr_has(&format!("hint: look at the client secret: {words}"))
            .stderr_has("may have been replaced");
        assert_eq!((service.sign_ins(), service.calls()), (1, 0), "{words}");
        let sent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let body = service.received().remove(0).body;
        assert!(body.contains(&format!("client_secret={sent}&")), "what was given is what is sent");
    }
    // Nothing is made of a wrong secret that looks like one.
    for secret in ["s3cret-x", "s3cret.changeme", "@s3cret", "<s3cret>x", "xxxs3cret"] {
        let stderr = with_secret(&service, secret).code(3).stderr;
        assert!(!stderr.contains("look at the client secret"), "{stderr}");
    }
}

#[test]
fn a_byte_order_mark_and_the_line_break_of_an_editor_are_no_part_of_a_secret() {
    let service = service();
    write_private(service.home(), "keys/zpa", &format!("\u{feff}{SECRET}\r\n"));
    set_secret(&service, "'file:~/keys/zpa'");
    super::assert_signs_in(&service);
    with_secret(&service, &format!("\u{feff}{SECRET}")).code(0);
    service.home().write("typed", &format!("\u{feff}{SECRET}\n"));
    let typed = "list --type connector --client-id acme-client --client-secret-file typed --token-cache off";
    service.without_credential(typed).run().code(0);
    assert_eq!(service.refusals(), [""; 0]);
}

#[test]
fn a_token_that_cannot_be_one_is_refused_before_anything_is_sent() {
    let service = service();
    for (token, words) in [
        (r#"{"access_token":"s3cret","token_type":"Bearer","expires_in":3600}"#, "it is JSON"),
        ("\"s3cret\"", "it is in quotes"),
        ("Bearer s3cret", "it begins with the word Bearer"),
        ("${S3CRET}", "it is a placeholder"),
        ("$(S3CRET)", "it is a placeholder"),
        ("%S3CRET%", "it is a placeholder"),
        ("$S3CRET", "it looks like a variable"),
        ("***", "it is a mask"),
        (" s3cret", "it begins or ends with whitespace"),
        ("s3cret s3cret", "it has characters that no bearer token has"),
        ("s3cret\ns3cret", "it has several lines"),
        ("access_token=s3cret", "it looks like NAME=value"),
        ("s3crét", "it has characters that no bearer token has"),
    ] {
        with_token(&service, token)
            .code(2)
            .stderr_has(&format!("ZPAKEY_ACCESS_TOKEN is not a token: {words}"));
    }
    assert_eq!(service.received(), []);
    let answer = r#"{"access_token":"s3cret","token_type":"Bearer","expires_in":3600}"#;
    with_token(&service, answer).code(2).stderr_is(str![[r#"
error: ZPAKEY_ACCESS_TOKEN is not a token: it is JSON
hint: only the value of access_token belongs there: jq -r .access_token takes it out

"#]]);
    // What an editor adds is taken off.
    with_token(&service, "\u{feff}given\r\n").code(3).stderr_has("401");
    assert_eq!(service.received().len(), 1);
    assert_eq!(service.received().remove(0).header("authorization").as_deref(), Some("Bearer given"));
}

#[test]
fn a_client_id_that_was_not_replaced_or_is_in_quotes_is_refused_without_being_quoted() {
    let service = service();
    for (id, words) in [
        ("${S3CRET}", "ZSCALER_CLIENT_ID is not a client id: it is a placeholder"),
        ("\"s3cret\"", "ZSCALER_CLIENT_ID is not a client id: it is in quotes"),
        ("s3cret ", "ZSCALER_CLIENT_ID is not a client id: it begins or ends with whitespace"),
        ("***", "ZSCALER_CLIENT_ID is not a client id: it is a mask"),
        ("$S3CRET", "ZSCALER_CLIENT_ID is not a client id: it looks like a variable"),
        ("<client-id>", "ZSCALER_CLIENT_ID is not a client id: it looks like a placeholder"),
    ] {
        let run = service.zpakey("list --type connector -o table").env("ZSCALER_CLIENT_ID", id).run();
        run.code(2).lacks("s3cret").lacks("S3CRET").stderr_has(words);
    }
    assert_eq!(service.received(), []);
}
