//! Private keys in the forms that people have. What is unambiguous signs in; for the rest the error has the command that
//! converts it, and the command is run here.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use base64::prelude::{BASE64_STANDARD, Engine};
use snapbox::str;

use super::{assert_signed_in, key_service, write_key};
use crate::support::{
    Finished, Service,
    certificates::{Authority, SIGNING_KEY},
    openssl,
};

const FILE: &str =
    "list --type connector -o table --token-cache off --client-id acme-client --private-key-file";

/// The lines of PEM between the first and the last, as one.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn der(pem: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(bare(pem)).unwrap()
}

/// The two kinds of PEM that sign, with their names.
fn kinds() -> [(&'static str, &'static str); 2] {
    [("PKCS#8", &SIGNING_KEY.pkcs8_pem), ("PKCS#1", &SIGNING_KEY.pkcs1_pem)]
}

/// Writes bytes into a file that its owner alone reads.
fn write_bytes(service: &Service, name: &str, bytes: &[u8]) {
    let file = service.home().work().join(name);
    fs::write(&file, bytes).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Runs with a key in a file; nothing of the key may be shown.
#[track_caller]
fn with_file(service: &Service, name: &str) -> Finished {
    service.without_credential(format!("{FILE} {name}")).run()
}

/// Takes the command out of the first hint, and runs it.
#[track_caller]
fn run_hint(service: &Service, said: &Finished, change: impl Fn(&str) -> String) {
    let hint = said.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap();
    let (command, _) = hint.split_once("   ").unwrap();
    let command = change(command);
    service.home().zpakey(["-c", command.as_str()]).through("/bin/sh").run().code(0);
}

fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap();
    found.status.success()
}

#[test]
#[expect(clippy::print_stdout, reason = "the form that failed is named")]
fn text_forms_sign_in_from_a_variable_a_file_a_profile_and_a_program() {
    for (kind, pem) in kinds() {
        let lines = pem.trim_end();
        let base64 = BASE64_STANDARD.encode(pem);
        let wrapped: Vec<&str> =
            base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        for (form, text) in [
            ("one line with \\n", lines.replace('\n', "\\n")),
            ("one line with \\r\\n", format!("{}\\r\\n", lines.replace('\n', "\\r\\n"))),
            ("one line with blanks", lines.replace('\n', " ")),
            ("one line without anything", lines.replace('\n', "")),
            ("in quotes", format!("\"{}\"", lines.replace('\n', "\\n"))),
            ("base64 of PEM", base64.clone()),
            ("base64 of PEM over lines", wrapped.join("\n")),
            ("base64 without padding", base64.trim_end_matches('=').to_owned()),
            ("base64 alone", bare(pem)),
            ("with a byte order mark", format!("\u{feff}{pem}")),
            ("with the line ends of another system", pem.replace('\n', "\r\n")),
        ] {
            let service = key_service();
            let signed_in = |run: Finished| {
                run.code(0).lacks(&bare(pem)[..40]);
                assert_signed_in(&service);
                service.forget();
                let _ = fs::remove_dir_all(service.home().path().join("state"));
            };
            println!("{kind}, {form}");
            let list = || service.zpakey("list --type connector -o table");
            signed_in(list().env("ZSCALER_PRIVATE_KEY", &text).run());
            write_key(service.home(), "key", &text);
            signed_in(with_file(&service, "key"));
            signed_in(list().env("ZSCALER_PRIVATE_KEY", "key").run());
            for toml in [
                format!("'''{text}'''"),
                "'file:../../work/key'".to_owned(),
                "{ cmd = ['cat', 'key'] }".to_owned(),
            ] {
                service.home().write_profiles(&format!(
                    "active = 'prod'\n[profiles.prod]\nclient_id = 'acme-client'\nprivate_key = {toml}\n{}",
                    service.profile_lines()
                ));
                signed_in(service.home().zpakey("list --type connector -o table").run());
            }
        }
    }
}

#[test]
fn der_signs_in_from_a_file() {
    let service = key_service();
    for (_, pem) in kinds() {
        service.forget();
        write_bytes(&service, "key.der", &der(pem));
        with_file(&service, "key.der").code(0);
        assert_signed_in(&service);
    }
    let status = service.without_credential(
        "auth status --vanity-domain acme --client-id acme-client --private-key-file key.der -o json",
    );
    assert_eq!(status.run().code(0).json()["private_key"], "set");
    // A warning if others can read it.
    fs::set_permissions(service.home().work().join("key.der"), fs::Permissions::from_mode(0o644)).unwrap();
    service.forget();
    with_file(&service, "key.der").code(0).stderr_has("key.der holds a secret and other users can read it");
    assert_signed_in(&service);
}

#[test]
fn an_encrypted_key_gets_the_command_that_removes_the_passphrase() {
    let service = key_service();
    write_key(service.home(), "good.pem", &SIGNING_KEY.pkcs8_pem);
    let work = service.home().work();
    for (line, name) in [
        ("pkcs8 -topk8 -in good.pem -out key.pem -passout pass:x", "key.pem"),
        ("pkcs8 -topk8 -in good.pem -outform DER -out key.der -passout pass:x", "key.der"),
        ("rsa -aes256 -traditional -in good.pem -out key.pem -passout pass:x", "key.pem"),
    ] {
        if openssl(line, &work).is_none() {
            return;
        }
        fs::set_permissions(work.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        let said = with_file(&service, name).code(2).stderr_is(str![[r#"
error: the private key is encrypted, and zpakey asks for no passphrase (--private-key-file)
hint: (umask 077; openssl pkey -in key.pem -out plain.pem)   removes the passphrase

"#]]);
        assert_eq!(service.received(), []);
        run_hint(&service, &said, |command| {
            command.replace("-in key.pem", &format!("-passin pass:x -in {name}"))
        });
        // What it writes can be used as it is: its owner alone reads it.
        with_file(&service, "plain.pem").code(0);
        assert_signed_in(&service);
        service.forget();
        fs::remove_file(work.join("plain.pem")).unwrap();
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn a_key_of_openssh_gets_the_command_that_converts_it() {
    let service = key_service();
    write_key(service.home(), "key.pem", &SIGNING_KEY.pkcs1_pem);
    if !has("ssh-keygen") {
        println!("skipped: there is no ssh-keygen");
        return;
    }
    // Rewritten in the format of OpenSSH, as ssh-keygen makes its own.
    let script = "ssh-keygen -q -p -P '' -N '' -f key.pem && grep -q 'BEGIN OPENSSH' key.pem";
    service.home().zpakey(["-c", script]).through("/bin/sh").run().code(0);
    let text = service.home().read("key.pem");
    for form in [text.clone(), text.replace('\n', "\\n"), BASE64_STANDARD.encode(&text), bare(&text)] {
        let run = service.zpakey("list --type connector -o table").env("ZSCALER_PRIVATE_KEY", form);
        run.run().code(2).stderr_has("in the format of OpenSSH").lacks(&bare(&text)[60..100]);
    }
    let said = with_file(&service, "key.pem").code(2).stderr_is(str![[r#"
error: the private key is in the format of OpenSSH, not PKCS#1 or PKCS#8 (--private-key-file)
hint: cp key.pem plain.pem && ssh-keygen -p -N '' -m PKCS8 -f plain.pem   converts a copy and removes its passphrase

"#]]);
    assert_eq!(service.received(), []);
    run_hint(&service, &said, |command| command.replace("-p -N", "-q -p -P '' -N"));
    with_file(&service, "plain.pem").code(0);
    assert_signed_in(&service);
}

#[test]
fn a_pkcs12_container_gets_the_command_that_takes_the_key_out() {
    let service = key_service();
    write_key(service.home(), "good.pem", &SIGNING_KEY.pkcs8_pem);
    let work = service.home().work();
    let make = "req -x509 -key good.pem -out cert.pem -days 2 -subj /CN=acme";
    let Some(_) = openssl(make, &work) else { return };
    openssl("pkcs12 -export -in cert.pem -inkey good.pem -out key.p12 -passout pass:x", &work).unwrap();
    fs::set_permissions(work.join("key.p12"), fs::Permissions::from_mode(0o600)).unwrap();
    let said = with_file(&service, "key.p12").code(2).stderr_is(str![[r#"
error: that is a PKCS#12 container (.p12, .pfx), not a private key alone (--private-key-file)
hint: (umask 077; openssl pkcs12 -in key.p12 -nocerts -nodes -out plain.pem)   takes the private key out

"#]]);
    run_hint(&service, &said, |command| command.replace("-in key.p12", "-in key.p12 -passin pass:x"));
    with_file(&service, "plain.pem").code(0);
    assert_signed_in(&service);
}

#[test]
fn der_that_is_no_private_key_is_told_apart() {
    let service = key_service();
    for (pem, words) in [
        (&SIGNING_KEY.public_key_pem, "that is a public key or a certificate"),
        (&Authority::new("Acme").pem(), "that is a public key or a certificate"),
        (&crate::support::certificates::elliptic_key_pem(), "is no RSA key"),
    ] {
        write_bytes(&service, "key.der", &der(pem));
        with_file(&service, "key.der").code(2).stderr_has(words);
        let run = service.zpakey("list --type connector -o table").env("ZSCALER_PRIVATE_KEY", bare(pem));
        // A short one could be a path.
        if bare(pem).len() > 100 {
            run.run().code(2).stderr_has(words);
        }
    }
    write_bytes(&service, "key.der", &der(&SIGNING_KEY.pkcs8_pem)[..600]);
    with_file(&service, "key.der").code(2).stderr_has("the private key cannot be read");
    write_bytes(&service, "key.der", &[0xff; 600]);
    with_file(&service, "key.der").code(3).stderr_has("it is not text in UTF-8");
    let utf16: Vec<u8> =
        format!("\u{feff}{}", SIGNING_KEY.pkcs8_pem).encode_utf16().flat_map(u16::to_le_bytes).collect();
    write_bytes(&service, "key.pem", &utf16);
    with_file(&service, "key.pem").code(3).stderr_is(str![[r#"
error: could not get the private key (--private-key-file): could not read key.pem: it is text in UTF-16: iconv -f UTF-16 -t UTF-8 converts it

"#]]);
    assert_eq!(service.received(), []);
}
