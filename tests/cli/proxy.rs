//! `zpakey sandbox run` for programs that cannot be told another address: the HTTPS proxy for the vendor's hosts.
//! curl stands for such a program.

use crate::support::{Finished, Home};

fn run(script: &str) -> Finished {
    Home::new().zpakey(["sandbox", "run", "--", "sh", "-c", script]).run()
}

#[test]
fn the_vendors_host_is_reached_through_the_proxy_with_the_authority_of_the_run() {
    let done = run(concat!(
        r#"curl -sS -x "$HTTPS_PROXY" --cacert "$SSL_CERT_FILE" -d "client_id=$ZPA_CLIENT_ID" "#,
        r#"--data-urlencode "client_secret=$ZPA_CLIENT_SECRET" https://config.private.zscaler.com/signin"#
    ));
    assert_eq!(done.code(0).json()["expires_in"], "3600");
}

#[test]
fn any_other_host_is_refused() {
    run(r#"curl -sS -x "$HTTPS_PROXY" --cacert "$SSL_CERT_FILE" https://zpakey.invalid/"#)
        .code(56)
        .stderr_has("403");
}

#[test]
fn without_the_authority_the_certificate_is_not_trusted() {
    run(r#"env -u SSL_CERT_FILE -u CURL_CA_BUNDLE curl -sS -x "$HTTPS_PROXY" https://config.private.zscaler.com/signin"#)
        .code(60);
}

#[test]
fn zpakey_itself_speaks_https_to_a_sandbox_that_does() {
    let script = r#"test "${ZPAKEY_API_URL#https:}" != "$ZPAKEY_API_URL" && "$ZPAKEY" list"#;
    let home = Home::new();
    let program = ["-c", r#""$ZPAKEY" sandbox run --tls -- sh -c "$0""#, script];
    home.zpakey(program).through("/bin/sh").run().code(0).stdout_has("[]");
}

#[test]
fn the_authority_of_the_run_is_gone_afterwards() {
    let done = run(r#"test -s "$SSL_CERT_FILE" && echo "$SSL_CERT_FILE""#).code(0);
    assert!(!std::path::Path::new(done.stdout.trim()).exists());
}
