//! What a command finds around it: the proxy, the trust store, the keyring, the shell.

use std::fs;

use super::{found, one, with_status};
use crate::support::{Home, Run, Tenant};

#[test]
fn the_proxy_that_counts_is_named_without_its_password() {
    let proxy = |run: Run| one(&run.run().lacks("s3cret"), "proxy");
    let home = Home::new();
    assert_eq!(proxy(home.zpakey("doctor")), ("ok".into(), "none".into()));
    let url = "http://me:s3cret@proxy.example.net:3128";
    let with = |name: &str| home.zpakey("doctor").env(name, url);
    assert_eq!(
        proxy(with("HTTPS_PROXY").env("NO_PROXY", "127.0.0.1,.lan")),
        (
            "ok".into(),
            "http://proxy.example.net:3128 (HTTPS_PROXY); not for what NO_PROXY lists: 127.0.0.1,.lan".into()
        )
    );
    let of_sdk = home.zpakey("doctor").env("ZSCALER_CLIENT_PROXY_HOST", "proxy.example.net");
    let of_sdk = of_sdk.env("ZSCALER_CLIENT_PROXY_PORT", "3128").env("ZSCALER_CLIENT_PROXY_USERNAME", "me");
    let of_sdk = of_sdk.env("ZSCALER_CLIENT_PROXY_PASSWORD", "s3cret");
    assert_eq!(proxy(of_sdk).1, "http://proxy.example.net:3128 (ZSCALER_CLIENT_PROXY_HOST)");
    // The legacy API's names count for the legacy API.
    let legacy = |line: &str| {
        let run = home.zpakey(line).env("ZPA_CLIENT_PROXY_HOST", "old.example.net");
        run.env("ZPA_CLIENT_PROXY_PORT", "81").env("ZPA_CLIENT_PROXY_PASSWORD", "s3cret")
    };
    assert_eq!(proxy(legacy("doctor --auth legacy")).1, "http://old.example.net:81 (ZPA_CLIENT_PROXY_HOST)");
    assert_eq!(proxy(legacy("doctor --auth oneapi")).1, "none");
    let both = legacy("doctor --auth legacy").env("HTTPS_PROXY", url);
    assert_eq!(proxy(both).1, "http://proxy.example.net:3128 (HTTPS_PROXY)");
    assert_eq!(proxy(with("ZPAKEY_PROXY")).1, "http://proxy.example.net:3128 (ZPAKEY_PROXY)");
    assert_eq!(proxy(home.zpakey("doctor --proxy none").env("HTTPS_PROXY", url)).1, "none");
    assert_eq!(
        proxy(home.sandboxed("doctor").env("HTTPS_PROXY", url)).1,
        "http://proxy.example.net:3128 (HTTPS_PROXY); not asked, since the API is on this machine"
    );
    let run =
        home.sandboxed("doctor").env("HTTPS_PROXY", "ftp://me:s3cret@proxy").run().code(2).lacks("s3cret");
    assert_eq!(found(&run, "proxy")[0]["code"], "invalid_config");
}

/// A CA file, as an authority's tool writes it.
fn authority(tenant: &Tenant) -> String {
    fs::read_to_string(tenant.access().ca_cert.as_deref().unwrap()).unwrap()
}

#[test]
fn the_trust_store_is_named_and_its_certificates_are_counted() {
    use zpakey::sandbox::{Options, Tls};
    let tenant = Tenant::with(Options { tls: Tls::Proxy, ..Options::default() });
    let home = Home::new();
    home.write("two.pem", &authority(&tenant).repeat(2));
    let trust = |run: Run| one(&run.run(), "trust");
    assert_eq!(trust(home.zpakey("doctor")), ("ok".into(), "system store".into()));
    assert_eq!(
        trust(home.zpakey("doctor --cacert two.pem").env("SSL_CERT_FILE", "two.pem")),
        (
            "ok".into(),
            "two.pem (SSL_CERT_FILE), and two.pem (--cacert); two.pem has 2 certificates; \
             two.pem has 2 certificates"
                .into()
        )
    );
}

#[test]
fn a_trust_store_that_is_no_such_thing_is_an_error() {
    let home = Home::new();
    home.write("empty.pem", "");
    for (option, name, value, said) in [
        ("--cacert gone.pem", "X", "", "could not use the CA file gone.pem: No such file"),
        ("--cacert empty.pem", "X", "", "could not use the CA file empty.pem: it holds no certificate"),
        ("", "SSL_CERT_FILE", "gone.pem", "could not use the CA file gone.pem: No such file"),
        ("", "SSL_CERT_DIR", "gone.d", "could not use the CA file gone.d: there is none (SSL_CERT_DIR)"),
    ] {
        let run = home.sandboxed(format!("doctor {option}")).env(name, value).run().code(2);
        let trust = &found(&run, "trust")[0];
        assert!(trust["message"].as_str().unwrap().starts_with(said), "{trust}");
        assert_eq!(trust["code"], "invalid_config");
    }
}

#[test]
fn a_keyring_that_is_not_there_is_wrong_only_where_it_is_needed() {
    let home = Home::new();
    home.write_profiles(
        "[profiles.lab]\nclient_id = 'x'\nclient_secret = 'keyring:'\nvanity_domain = 'a'\ncustomer_id = '42'\n",
    );
    let absent = "there is no system keyring here: no D-Bus session bus";
    assert_eq!(
        one(&home.sandboxed("doctor").run().code(0), "keyring"),
        ("ok".into(), format!("{absent}; nothing needs it"))
    );
    let run = home.zpakey("doctor --profile lab").run().code(3);
    assert_eq!(with_status(&run, "error"), ["credential", "keyring"]);
    let keyring = &found(&run, "keyring")[0];
    assert_eq!(keyring["code"], "missing_credentials");
    assert_eq!(keyring["message"], format!("could not get the client secret (profile \"lab\"): {absent}"));
    let run = Tenant::standard().zpakey("doctor --token-cache keyring").run().code(0);
    assert_eq!(
        one(&run, "keyring"),
        ("warning".into(), format!("{absent}; tokens are not kept between runs"))
    );
}

#[test]
fn completion_is_looked_for_where_the_users_shell_has_it_from() {
    let home = Home::new();
    let shared = home.path().join("share");
    let completion = |shell: &str| {
        let run = home.sandboxed("doctor").env("SHELL", shell);
        let run = run.env("XDG_DATA_DIRS", format!("/nowhere:{}", shared.display())).run().code(0);
        found(&run, "completion")[0].clone()
    };
    let said = |shell: &str| {
        let finding = completion(shell);
        (finding["status"].as_str().unwrap().to_owned(), finding["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(said("/bin/bash"), ("skipped".into(), "not installed for bash".into()));
    assert_eq!(completion("/bin/bash")["hint"], "source <(zpakey completions bash)   in ~/.bashrc");
    fs::write(home.path().join(".bashrc"), "# source <(zpakey completions bash)\n").unwrap();
    assert_eq!(said("/bin/bash").0, "skipped");
    fs::write(home.path().join(".bashrc"), "alias l=ls\nsource <(zpakey completions bash)\n").unwrap();
    assert_eq!(said("/bin/bash"), ("ok".into(), "bash has it from ~/.bashrc".into()));
    assert_eq!(said("/usr/bin/zsh").0, "skipped");
    fs::write(home.path().join(".zshrc"), "eval \"$(zpakey completions zsh)\"\n").unwrap();
    assert_eq!(said("/usr/bin/zsh"), ("ok".into(), "zsh has it from ~/.zshrc".into()));
    let script = home.path().join("config/fish/completions/zpakey.fish");
    assert_eq!(
        completion("fish")["hint"],
        "zpakey completions fish | source   in ~/.config/fish/config.fish"
    );
    fs::create_dir_all(script.parent().unwrap()).unwrap();
    fs::write(&script, "complete -c zpakey\n").unwrap();
    assert_eq!(said("fish"), ("ok".into(), "fish has it from ~/config/fish/completions/zpakey.fish".into()));
    fs::remove_file(home.path().join(".bashrc")).unwrap();
    fs::create_dir_all(shared.join("bash-completion/completions")).unwrap();
    fs::write(shared.join("bash-completion/completions/zpakey"), "").unwrap();
    assert_eq!(
        said("bash"),
        ("ok".into(), "bash has it from ~/share/bash-completion/completions/zpakey".into())
    );
    assert_eq!(said("/bin/dash"), ("skipped".into(), "there is none for dash".into()));
    assert_eq!(said(""), ("skipped".into(), "SHELL names no shell".into()));
}
