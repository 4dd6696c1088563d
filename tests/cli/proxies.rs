//! Proxies: which one is asked and for what, and that nobody learns its password.

mod choice;

use snapbox::str;

use crate::support::{
    ApiClient, Finished, Home, ProxyServer, Run, Service,
    certificates::{Authority, Validity},
};

/// The hosts of the production cloud, as the proxy hears of them.
const TOKEN_HOST: &str = "acme.zslogin.net:443";
const API_HOST: &str = "api.zsapi.net:443";

/// A service behind the names of the production cloud, which only a proxy leads to.
fn service() -> Service {
    let authority = Authority::new("Acme CA");
    let identity = authority.identity(&["acme.zslogin.net", "api.zsapi.net"], Validity::Now);
    let service = Service::over_tls(ApiClient::one_api("s3cret-of-acme"), &identity);
    service.home().write("ca.pem", &authority.pem());
    service
}

/// The program that goes to the vendor's hosts, quickly.
fn zpakey(service: &Service, line: &str) -> Run {
    service
        .zpakey(format!("list --type connector {line}"))
        .env("ZPAKEY_OUTPUT", "table")
        .env("ZPAKEY_MAX_WAIT", "0s")
        .env_remove("ZPAKEY_API_URL")
        .env_remove("ZPAKEY_TOKEN_URL")
        .env("ZSCALER_VANITY_DOMAIN", "acme")
        .env("ZPAKEY_CACERT", "ca.pem")
        .env("ZPAKEY_TOKEN_CACHE", "off")
}

/// Asserts that a password, or a piece of a header with it, was not written.
#[track_caller]
fn assert_kept_back(run: &Finished) {
    // `me:p@ss/w0rd` in base64, and pieces of it.
    for look in ["p@ss", "w0rd", "p%40ss", "bWU6cEBzcy93MHJk", "cEBzcy93MHJk", "BzcykHcw"] {
        let found = run.stdout.contains(look) || run.stderr.contains(look);
        assert!(!found, "{look} was written\n{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn a_proxy_is_asked_for_both_hosts() {
    let service = service();
    let proxy = ProxyServer::to(service.address());
    zpakey(&service, "").env("ZPAKEY_PROXY", proxy.url()).run().code(0);
    assert_eq!(proxy.seen(), [TOKEN_HOST, API_HOST]);
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 1, 1));
}

#[test]
fn a_proxy_that_asks_who_comes_is_told() {
    let service = service();
    let proxy = ProxyServer::asking(service.address(), "me:p@ss/w0rd");
    let run = zpakey(&service, "-vvv").env("ZPAKEY_PROXY", proxy.url_for("me:p%40ss%2Fw0rd")).run().code(0);
    assert_kept_back(&run);
    let by = |host: &str| format!("{host} by me:p@ss/w0rd");
    assert_eq!(proxy.seen(), [by(TOKEN_HOST), by(API_HOST)]);
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 1, 1));
}

#[test]
fn the_proxy_of_the_vendors_sdks_is_taken_with_its_password_as_it_is() {
    let service = service();
    let proxy = ProxyServer::asking(service.address(), "me:p@ss/w0rd");
    let (host, port) = (proxy.address().ip().to_string(), proxy.address().port().to_string());
    let with = |line: &str, password: &str| {
        let run = zpakey(&service, line).env("ZSCALER_CLIENT_PROXY_HOST", &*host);
        let run = run.env("ZSCALER_CLIENT_PROXY_PORT", &*port).env("ZSCALER_CLIENT_PROXY_USERNAME", "me");
        run.env("ZSCALER_CLIENT_PROXY_PASSWORD", password)
    };
    assert_kept_back(&with("-vvv", "p@ss/w0rd").run().code(0));
    let by = |host: &str| format!("{host} by me:p@ss/w0rd");
    assert_eq!(proxy.seen(), [by(TOKEN_HOST), by(API_HOST)]);
    let run = with("--token-cache off -o json", "p@ss/w0rd!").run().code(10);
    assert_kept_back(&run);
    // Each other source comes before it.
    let other = ProxyServer::to(service.address());
    for name in ["ZPAKEY_PROXY", "HTTPS_PROXY", "all_proxy"] {
        with("", "p@ss/w0rd").env(name, other.url()).run().code(0);
    }
    with(&format!("--proxy {}", other.url()), "p@ss/w0rd").run().code(0);
    assert_eq!(proxy.seen().len(), 3);
    let run = with("", "p@ss/w0rd").env("ZSCALER_CLIENT_PROXY_PORT", "many").run().code(2);
    assert_kept_back(&run);
    run.stderr_has("ZSCALER_CLIENT_PROXY_PORT").lacks("ZSCALER_CLIENT_PROXY_HOST");
}

#[test]
fn a_proxys_password_may_stand_in_a_profile() {
    let service = service();
    let proxy = ProxyServer::asking(service.address(), "me:p@ss/w0rd");
    service.home().write_profiles(&format!(
        "active = 'prod'\n[profiles.prod]\nclient_id = 'acme-client'\nclient_secret = 's3cret-of-acme'\n\
         vanity_domain = 'acme'\ncustomer_id = '216199618143191040'\ncacert = 'ca.pem'\nproxy = '{}'\n",
        proxy.url_for("me:p%40ss%2Fw0rd")
    ));
    let run = service.home().zpakey("list --type connector -vvv").run().code(0);
    assert_kept_back(&run);
    assert_eq!(proxy.seen().len(), 2);
}

#[test]
fn a_wrong_password_is_said_without_it() {
    let service = service();
    let proxy = ProxyServer::asking(service.address(), "me:another");
    for line in ["", "-vvv", "-o json"] {
        let run =
            zpakey(&service, line).env("ZPAKEY_PROXY", proxy.url_for("me:p%40ss%2Fw0rd")).run().code(10);
        assert_kept_back(&run);
    }
    let run = zpakey(&service, "").env("ZPAKEY_PROXY", proxy.url_for("me:p%40ss%2Fw0rd")).run();
    run.code(10).stderr_is(str![[r#"
error: could not reach acme.zslogin.net: the proxy asks for other credentials (407)
  proxy: http://127.0.0.1:[PORT]
hint: user name and password stand in its address, percent-encoded: ZPAKEY_PROXY=http://USER:PASSWORD@HOST:PORT

"#]]);
    assert_eq!(service.received(), []);
}

#[test]
fn a_proxy_that_asks_who_comes_is_asked_once() {
    let service = service();
    let proxy = ProxyServer::asking(service.address(), "me:p@ss/w0rd");
    let run = zpakey(&service, "--max-wait 1m").env("ZPAKEY_PROXY", proxy.url()).run().code(10);
    run.stderr_is(str![[r#"
error: could not reach acme.zslogin.net: the proxy asks for other credentials (407)
  proxy: http://127.0.0.1:[PORT]
hint: user name and password stand in its address, percent-encoded: ZPAKEY_PROXY=http://USER:PASSWORD@HOST:PORT

"#]]);
    assert_eq!(proxy.seen(), [TOKEN_HOST]);
}

#[test]
fn a_proxy_that_is_not_there() {
    let service = service();
    for line in ["", "-vvv", "-o json"] {
        let run = zpakey(&service, line).env("ZPAKEY_PROXY", "http://me:p%40ss%2Fw0rd@127.0.0.1:9").run();
        assert_kept_back(&run.code(10));
    }
    let run = zpakey(&service, "").env("ZPAKEY_PROXY", "http://me:p%40ss%2Fw0rd@127.0.0.1:9").run();
    run.code(10).stderr_is(str![[r#"
error: could not reach acme.zslogin.net: Connection refused (os error 111)
  proxy: http://127.0.0.1:[PORT]
  gave up: another try would pass 0 s (--max-wait)

"#]]);
}

#[test]
fn a_proxy_whose_name_does_not_resolve() {
    let service = service();
    // A label that is too long for any name is looked up nowhere.
    let host = format!("{}.invalid", "proxy".repeat(13));
    for line in ["", "-vvv", "-o json"] {
        let address = format!("http://me:p%40ss%2Fw0rd@{host}:8080");
        let run = zpakey(&service, line).env("ZPAKEY_PROXY", address).run().code(10);
        assert_kept_back(&run);
        run.stderr_has(&format!("proxy: http://{host}:8080")).stderr_has("failed to lookup address");
    }
}

#[test]
fn a_proxy_that_refuses_or_speaks_something_else() {
    let service = service();
    for told in [
        "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://login.acme.example/?p=p@ss\r\ncontent-length: 0\r\n\r\n",
        "220 mail.acme.example ESMTP p@ss\r\n",
        "",
    ] {
        let proxy = ProxyServer::telling(told);
        let run =
            zpakey(&service, "-vvv").env("ZPAKEY_PROXY", proxy.url_for("me:p%40ss%2Fw0rd")).run().code(10);
        assert_kept_back(&run);
        run.stderr_has("could not reach acme.zslogin.net").stderr_has("proxy: http://127.0.0.1:");
    }
    let proxy = ProxyServer::telling("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    zpakey(&service, "").env("ZPAKEY_PROXY", proxy.url()).run().code(10).stderr_is(str![[r#"
error: could not reach acme.zslogin.net: the proxy refused to lead there
  proxy: http://127.0.0.1:[PORT]
  gave up: another try would pass 0 s (--max-wait)

"#]]);
}

#[test]
fn who_is_not_trusted_behind_a_proxy_is_named_with_it() {
    let service = service();
    let proxy = ProxyServer::to(service.address());
    let run = zpakey(&service, "").env("ZPAKEY_PROXY", proxy.url_for("me:p%40ss%2Fw0rd"));
    let run = run.env_remove("ZPAKEY_CACERT").run().code(10);
    assert_kept_back(&run);
    run.stderr_is(str![[r#"
error: acme.zslogin.net presented a certificate that is not trusted: its issuer is not trusted
  issuer: "Acme CA"; trust: system store
  proxy: http://127.0.0.1:[PORT]
hint: add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)

"#]]);
}

#[test]
fn a_password_that_is_typed_is_refused() {
    let service = service();
    for line in [
        "--proxy http://me:p%40ss%2Fw0rd@proxy.example:8080",
        "--proxy me:p%40ss%2Fw0rd@proxy.example:8080",
        "--proxy=https://me:p%40ss%2Fw0rd@proxy.example",
        "--proxy http://me:p%40ss%2Fw0rd@proxy.example:8080 -o json",
        "--proxy http://:p%40ss%2Fw0rd@proxy.example:8080 -vvv",
    ] {
        assert_kept_back(&zpakey(&service, line).run().code(2));
    }
    zpakey(&service, "--proxy http://me:p%40ss%2Fw0rd@proxy.example:8080").run().code(2).stderr_is(str![[
        r#"
error: --proxy takes no password: a command line can be read by every process
hint: put the address with the password into ZPAKEY_PROXY, or into a profile

"#
    ]]);
}

#[test]
fn what_is_no_address_of_a_proxy_is_refused_and_not_quoted() {
    let service = service();
    for address in [
        "ftp://me:p%40ss%2Fw0rd@proxy.example",
        "socks5://me:p%40ss%2Fw0rd@proxy.example:1080",
        "http://me:p%40ss%2Fw0rd@",
        "http://me:p%40ss%2Fw0rd@proxy.example/path",
        "http://me:p%40ss%2Fw0rd@proxy.example:port",
        "://me:p%40ss%2Fw0rd",
    ] {
        for name in ["ZPAKEY_PROXY", "HTTPS_PROXY"] {
            assert_kept_back(&zpakey(&service, "-vvv").env(name, address).run().code(2));
        }
        assert_kept_back(&zpakey(&service, &format!("--proxy {address}")).run().code(2));
    }
    let socks = zpakey(&service, "").env("ALL_PROXY", "socks5://127.0.0.1:1080").run();
    socks.code(2).stderr_is(str![[r#"
error: ALL_PROXY: not the address of a proxy, such as http://proxy.example.net:8080, and not none
hint: SOCKS proxies are not supported; `--proxy none` goes without a proxy

"#]]);
}

#[test]
fn what_tells_of_settings_does_not_tell_a_proxys_password() {
    let service = service();
    let proxy = "http://me:p%40ss%2Fw0rd@proxy.example:8080";
    service.home().write_profiles(&format!("active = 'lab'\n[profiles.lab]\nproxy = '{proxy}'\n"));
    for line in ["profile show lab", "profile show lab -o table", "profile list", "auth status", "doctor"] {
        for quiet in ["", "-vvv"] {
            let run = service.home().zpakey(format!("{line} {quiet}")).run();
            assert!(!run.stdout.is_empty(), "{line}");
            assert_kept_back(&run);
            assert_kept_back(&service.home().zpakey(line).env("ZPAKEY_PROXY", proxy).run());
        }
    }
}

#[test]
fn a_password_that_is_not_percent_encoded_is_named_and_not_shown() {
    for password in ["pa#ssw0rd", "pa/ssw0rd", "pa?ssw0rd"] {
        let address = format!("http://user:{password}@proxy.example:8080");
        let run = Home::new().zpakey("list -o table").env("ZPAKEY_PROXY", address);
        let run = with_credential(run).run().code(2);
        assert!(run.stderr.contains("# is %23") && !run.stderr.contains("ssw0rd"), "{}", run.stderr);
    }
}

#[test]
fn an_error_names_no_proxy_that_no_proxy_excepts_with_blanks_and_a_trailing_dot() {
    for (except, is_named) in [("a.example localhost.", false), ("localhost", false), ("a.example", true)] {
        let run = Home::new().zpakey("list -o table --max-wait 0s");
        let run = run.env("HTTPS_PROXY", "http://127.0.0.1:9").env("NO_PROXY", except);
        let run =
            run.env("ZPAKEY_API_URL", "https://localhost:9").env("ZPAKEY_TOKEN_URL", "https://localhost:9");
        let run = with_credential(run).run();
        assert_ne!(run.code, 0);
        assert_eq!(run.stderr.contains("proxy: http://127.0.0.1:9"), is_named, "{except}: {}", run.stderr);
    }
}

fn with_credential(run: Run) -> Run {
    run.env("ZSCALER_CLIENT_ID", "x")
        .env("ZSCALER_CLIENT_SECRET", "not-a-real-one")
        .env("ZSCALER_VANITY_DOMAIN", "acme")
        .env("ZPA_CUSTOMER_ID", "42")
}
