//! CA files in the forms that portals and other systems export. What is unambiguous is trusted; for the rest the error
//! has the command that converts it, and the command is run here.

use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine};
use snapbox::str;

use super::{LIST, of_a_company};
use crate::support::{Finished, Service, certificates::Authority, openssl};

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64_STANDARD.decode(body).unwrap()
}

fn write(service: &Service, name: &str, bytes: &[u8]) {
    fs::write(service.home().work().join(name), bytes).unwrap();
}

fn with_file(service: &Service, name: &str) -> Finished {
    service.zpakey(format!("{LIST} --token-cache off --cacert {name}")).run()
}

/// Asserts that nothing was sent, and that the command of the hint makes a file that can be used.
#[track_caller]
fn assert_converted(service: &Service, said: &Finished) {
    assert_eq!(service.received(), []);
    let hint = said.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap();
    let (command, _) = hint.split_once("   ").unwrap();
    let command = command.replace("-nokeys", "-nokeys -passin pass:x");
    fs::remove_file(service.home().work().join("ca.pem")).unwrap();
    service.home().zpakey(["-c", command.as_str()]).through("/bin/sh").run().code(0);
    with_file(service, "ca.pem").code(0);
}

#[test]
fn a_certificate_is_trusted_as_portals_and_other_systems_export_it() {
    let service = of_a_company();
    let pem = service.home().read("ca.pem");
    write(&service, "ca.cer", &der(&pem));
    with_file(&service, "ca.cer").code(0);
    // Several of them, one after the other.
    write(&service, "both.cer", &[der(&Authority::new("Another").pem()), der(&pem)].concat());
    with_file(&service, "both.cer").code(0);
    // "Base-64 encoded X.509", with the line ends of Windows and a byte order mark.
    write(&service, "base64.cer", format!("\u{feff}{}", pem.replace('\n', "\r\n")).as_bytes());
    with_file(&service, "base64.cer").code(0);
    // In one line, as a variable had it.
    for (name, mark) in [("escaped.pem", "\\n"), ("blanks.pem", " ")] {
        write(&service, name, pem.trim_end().replace('\n', mark).as_bytes());
        with_file(&service, name).code(0);
    }
    // As a portal shows it.
    let body: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    write(&service, "bare.cer", body.join("\n").as_bytes());
    with_file(&service, "bare.cer").code(0);
    let doctor = service.zpakey("doctor -o table --cacert both.cer").run();
    assert!(doctor.stdout.contains("both.cer has 2 certificates"), "{}", doctor.stdout);
}

#[test]
fn der_that_is_not_a_certificate_or_goes_on_after_it_is_refused() {
    let service = of_a_company();
    let certificate = der(&service.home().read("ca.pem"));
    for bytes in [&certificate[..100], &[certificate.clone(), vec![0x30]].concat(), &[0xff; 100]] {
        write(&service, "ca.cer", bytes);
        with_file(&service, "ca.cer").code(2).stderr_is(str![[r#"
error: could not use the CA file ca.cer: it holds no certificate

"#]]);
    }
    assert_eq!(service.received(), []);
}

#[test]
fn a_pkcs7_container_gets_the_command_that_converts_it() {
    let service = of_a_company();
    let work = service.home().work();
    let Some(_) = openssl("crl2pkcs7 -nocrl -certfile ca.pem -out ca.p7b", &work) else { return };
    assert_converted(
        &service,
        &with_file(&service, "ca.p7b").code(2).stderr_is(str![[r#"
error: could not use the CA file ca.p7b: it is a PKCS#7 container (.p7b)
hint: openssl pkcs7 -in ca.p7b -print_certs -out ca.pem   writes it as PEM into ca.pem

"#]]),
    );
    let service = of_a_company();
    let work = service.home().work();
    openssl("crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out ca.p7b", &work).unwrap();
    assert_converted(
        &service,
        &with_file(&service, "ca.p7b").code(2).stderr_is(str![[r#"
error: could not use the CA file ca.p7b: it is a PKCS#7 container (.p7b)
hint: openssl pkcs7 -inform DER -in ca.p7b -print_certs -out ca.pem   writes it as PEM into ca.pem

"#]]),
    );
}

#[test]
fn a_pkcs12_container_gets_the_command_that_converts_it() {
    let service = of_a_company();
    let line = "pkcs12 -export -nokeys -in ca.pem -out ca.pfx -passout pass:x";
    let Some(_) = openssl(line, &service.home().work()) else { return };
    assert_converted(
        &service,
        &with_file(&service, "ca.pfx").code(2).stderr_is(str![[r#"
error: could not use the CA file ca.pfx: it is a PKCS#12 container (.p12, .pfx)
hint: openssl pkcs12 -in ca.pfx -nokeys -out ca.pem   writes it as PEM into ca.pem

"#]]),
    );
}

#[test]
fn a_certificate_with_the_trust_settings_of_openssl_gets_the_command_that_converts_it() {
    let service = of_a_company();
    let line = "x509 -in ca.pem -trustout -addtrust serverAuth -out trusted.pem";
    let Some(_) = openssl(line, &service.home().work()) else { return };
    assert_converted(
        &service,
        &with_file(&service, "trusted.pem").code(2).stderr_is(str![[r#"
error: could not use the CA file trusted.pem: it is in the trusted format of openssl
hint: openssl x509 -in trusted.pem -out ca.pem   writes it as PEM into ca.pem

"#]]),
    );
}

#[test]
fn a_certificate_in_utf16_gets_the_command_that_converts_it() {
    let service = of_a_company();
    let text = format!("\u{feff}{}", service.home().read("ca.pem"));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    write(&service, "the ca.pem", &bytes);
    assert_converted(
        &service,
        &with_file(&service, "'the ca.pem'").code(2).stderr_is(str![[r#"
error: could not use the CA file the ca.pem: it is text in UTF-16
hint: iconv -f UTF-16 -t UTF-8 'the ca.pem' > ca.pem   writes it as PEM into ca.pem

"#]]),
    );
}
