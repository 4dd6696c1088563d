//! Private keys that cannot be used: each is told apart, and what to do about it is said. Nothing is sent.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use base64::prelude::{BASE64_STANDARD, Engine};
use snapbox::str;

use crate::support::{
    Finished,
    certificates::{Authority, SIGNING_KEY, another_signing_key, elliptic_key_pem, pem},
};

/// A run with this text as the key, in a file that its owner alone reads.
#[track_caller]
fn run(text: &str) -> Finished {
    let service = super::key_service();
    super::write_key(service.home(), "key.pem", text);
    let line = "list --type connector -o table --client-id acme-client --private-key-file key.pem";
    let run = service.without_credential(line).run();
    assert_eq!(service.received(), []);
    for line in text.lines().filter(|line| line.len() > 40 && !line.starts_with('-')) {
        assert!(!run.stderr.contains(line), "the key is quoted\n{}", run.stderr);
    }
    run
}

/// What `openssl` prints; nothing where it is not installed.
fn openssl(arguments: &str) -> Option<String> {
    crate::support::openssl(arguments, Path::new("."))
}

#[test]
fn an_encrypted_one() {
    let body = pem("ENCRYPTED PRIVATE KEY", SIGNING_KEY.pkcs8_pem.as_bytes());
    run(&body).code(2).stderr_is(str![[r#"
error: the private key is encrypted, and zpakey asks for no passphrase (--private-key-file)
hint: (umask 077; openssl pkey -in key.pem -out plain.pem)   removes the passphrase

"#]]);
}

#[test]
fn an_encrypted_one_of_the_old_form() {
    let head = "-----BEGIN RSA PRIVATE KEY-----\n";
    let encrypted = format!("{head}Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n");
    run(&SIGNING_KEY.pkcs1_pem.replace(head, &encrypted)).code(2).stderr_is(str![[r#"
error: the private key is encrypted, and zpakey asks for no passphrase (--private-key-file)
hint: (umask 077; openssl pkey -in key.pem -out plain.pem)   removes the passphrase

"#]]);
}

#[test]
fn encrypted_ones_as_openssl_writes_them() {
    for line in
        ["genpkey -algorithm RSA -aes256 -pass pass:x", "genrsa -aes256 -passout pass:x -traditional 2048"]
    {
        let Some(text) = openssl(line) else { return };
        assert!(text.contains("ENCRYPTED"));
        run(&text).code(2).stderr_has("the private key is encrypted");
    }
}

#[test]
fn a_json_web_key() {
    run("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}").code(2).stderr_is(str![[r#"
error: the private key is a JSON Web Key, not PEM (--private-key-file)
hint: python3 -c 'import sys; from jwcrypto.jwk import JWK; sys.stdout.buffer.write(JWK.from_json(sys.stdin.read()).export_to_pem(True, None))' < key.jwk > key.pem

"#]]);
}

#[test]
fn a_public_key() {
    run(&SIGNING_KEY.public_key_pem).code(2).stderr_is(str![[r#"
error: that is a public key or a certificate; the private key is needed (--private-key-file)
hint: ZIdentity has the public half; the private one stayed where the pair was made

"#]]);
}

#[test]
fn a_certificate() {
    run(&Authority::new("Acme").pem()).code(2).stderr_has("that is a public key or a certificate");
}

#[test]
fn a_key_on_an_elliptic_curve() {
    run(&elliptic_key_pem()).code(2).stderr_is(str![[r#"
error: the private key is no RSA key, and Zscaler accepts RS256 only (--private-key-file)
hint: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem   makes one; register its public half in ZIdentity

"#]]);
    let Some(text) = openssl("ecparam -name prime256v1 -genkey -noout") else { return };
    assert!(text.contains("BEGIN EC PRIVATE KEY"));
    run(&text).code(2).stderr_has("the private key is no RSA key");
}

#[test]
fn a_key_of_1024_bits() {
    let Some(text) = openssl("genrsa 1024") else { return };
    run(&text).code(2).stderr_is(str![[r#"
error: the private key has less than 2048 bits, which is refused (--private-key-file)
hint: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem   makes one; register its public half in ZIdentity

"#]]);
    let Some(text) = openssl("genrsa -traditional 1024") else { return };
    run(&text).code(2).stderr_has("has less than 2048 bits");
}

#[test]
fn a_key_of_4096_bits_is_good() {
    let Some(text) = openssl("genrsa 4096") else { return };
    let service = super::key_service();
    super::write_key(service.home(), "key.pem", &text);
    let line = "list --type connector -o table --client-id acme-client --private-key-file key.pem";
    service.without_credential(line).run().code(3).stderr_has("the signature is not the client's");
}

#[test]
fn a_key_that_is_cut_short() {
    for whole in [&SIGNING_KEY.pkcs8_pem, &SIGNING_KEY.pkcs1_pem] {
        let lines: Vec<&str> = whole.lines().collect();
        let (first, last) = (&lines[..lines.len() / 2], lines[lines.len() - 1]);
        // Without its end, and with a piece of its middle missing.
        for text in [format!("{}\n", first.join("\n")), format!("{}\n{last}\n", first.join("\n"))] {
            run(&text).code(2).stderr_has("the private key cannot be read");
        }
    }
    run("-----BEGIN PRIVATE KEY-----\nMIIEvQ\n").code(2).stderr_is(str![[r#"
error: the private key cannot be read: it is not a whole PEM of a PKCS#1 or PKCS#8 key (--private-key-file)
hint: its first line is BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY between dashes, its last one END

"#]]);
}

#[test]
fn a_key_whose_der_ends_early() {
    let body: String = SIGNING_KEY.pkcs8_pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(body).unwrap();
    for length in [10, 100, der.len() - 1] {
        let text = pem("PRIVATE KEY", &der[..length]);
        run(&text).code(2).stderr_has("the private key cannot be read");
    }
}

#[test]
fn something_else() {
    run("a secret").code(2).stderr_has("the private key cannot be read");
    run("PRIVATE KEY").code(2).stderr_has("the private key cannot be read");
}

#[test]
fn a_file_that_is_empty() {
    run("").code(3).stderr_is(str![[r#"
error: could not get the private key (--private-key-file): key.pem holds nothing

"#]]);
    run("\n \n").code(3).stderr_has("holds nothing");
}

#[test]
fn a_file_that_is_not_there() {
    let service = super::key_service();
    let line = "list --type connector -o table --client-id acme-client --private-key-file nowhere.pem";
    service.without_credential(line).run().code(3).stderr_is(str![[r#"
error: could not get the private key (--private-key-file): could not read nowhere.pem: there is no such file

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_path_in_a_variable_that_leads_nowhere() {
    let service = super::key_service();
    let run = service.zpakey("list --type connector -o table").env("ZSCALER_PRIVATE_KEY", "nowhere.pem");
    run.run().code(3).stderr_is(str![[r#"
error: could not get the private key (ZSCALER_PRIVATE_KEY): could not read nowhere.pem: there is no such file

"#]]);
}

#[test]
fn a_file_that_others_can_read_is_used_with_a_warning() {
    let service = super::key_service();
    for mode in [0o644, 0o604] {
        service.home().write("key.pem", &SIGNING_KEY.pkcs8_pem);
        let file = service.home().work().join("key.pem");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let line = "list --type connector -o table --token-cache off --client-id acme-client --private-key-file key.pem";
        service.without_credential(line).run().code(0).stderr_is(str![[r#"
warning: key.pem holds a secret and other users can read it: chmod 600 key.pem
no keys · tenant 216199618143191040
next: zpakey --client-id acme-client --private-key-file key.pem create

"#]]);
    }
}

#[test]
fn a_key_and_a_secret_from_one_source() {
    let service = super::key_service();
    let both = service.zpakey("list --type connector -o table").env("ZSCALER_CLIENT_SECRET", "s3cret");
    both.env("ZSCALER_PRIVATE_KEY", another_signing_key()).run().code(2).lacks("s3cret").stderr_is(str![[r#"
error: there are a client secret (ZSCALER_CLIENT_SECRET) and a private key (ZSCALER_PRIVATE_KEY); which one is meant is not guessed
hint: unset one of the two; a private key needs no secret

"#]]);
    let line = "list -o table --client-id a --client-secret-file s --private-key-file k";
    service.without_credential(line).run().code(2).stderr_has("cannot be used with");
    let profile = format!(
        "active = 'prod'\n[profiles.prod]\nclient_id = 'acme-client'\nclient_secret = 's3cret'\nprivate_key = 'key.pem'\n{}",
        service.profile_lines()
    );
    service.home().write_profiles(&profile);
    service.home().zpakey("list -o table").run().code(2).lacks("s3cret").stderr_is(str![[r#"
error: there are a client secret (profile "prod") and a private key (profile "prod"); which one is meant is not guessed
hint: unset one of the two; a private key needs no secret

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_key_with_the_legacy_api() {
    let service = super::key_service();
    super::write_key(service.home(), "key.pem", &SIGNING_KEY.pkcs8_pem);
    let line = "list -o table --auth legacy --client-id acme-client --private-key-file key.pem";
    service.without_credential(line).run().code(2).stderr_is(str![[r#"
error: --private-key-file gives a private key, but the legacy API signs in with a client secret only
hint: a private key belongs to an API client of OneAPI: --auth oneapi

"#]]);
    let profile = format!(
        "active = 'prod'\n[profiles.prod]\nauth = 'legacy'\nclient_id = 'acme-client'\nprivate_key = 'key.pem'\n{}",
        service.profile_lines()
    );
    service.home().write_profiles(&profile);
    service.home().zpakey("list -o table").run().code(2).stderr_is(str![[r#"
error: profile "prod" gives a private key, but the legacy API signs in with a client secret only
hint: a private key belongs to an API client of OneAPI: --auth oneapi

"#]]);
    assert_eq!(service.received(), []);
}
