//! Which proxy is used, and that its password is in no message.

use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use crate::support::{
    ApiClient, Run, Service,
    certificates::{Authority, Validity},
    tunnel::Tunnel,
};

/// A server over TLS that the program trusts.
fn service() -> Service {
    let authority = Authority::new("Acme CA");
    let service =
        Service::over_tls(ApiClient::one_api("s"), &authority.identity(&["localhost"], Validity::Now));
    service.home().write("ca.pem", &authority.pem());
    service
}

fn list(service: &Service, options: &str) -> Run {
    service.zpakey(format!("list -o table --cacert ca.pem {options}"))
}

fn port(service: &Service) -> String {
    format!("localhost:{}", service.address().port())
}

#[test]
fn each_source_of_a_proxy_is_used_in_its_turn() {
    let service = service();
    for name in ["ZPAKEY_PROXY", "HTTPS_PROXY", "https_proxy", "ZSCALER_HTTP_PROXY", "ALL_PROXY", "all_proxy"]
    {
        let tunnel = Tunnel::start(None);
        list(&service, "--token-cache off").env(name, format!("http://{}", tunnel.address())).run().code(0);
        assert!(
            tunnel.asked().iter().all(|host| *host == port(&service)) && !tunnel.asked().is_empty(),
            "{name}"
        );
    }
    let (typed, other) = (Tunnel::start(None), Tunnel::start(None));
    list(&service, &format!("--proxy {}", typed.address()))
        .env("HTTPS_PROXY", format!("http://{}", other.address()))
        .run()
        .code(0);
    assert!(!typed.asked().is_empty() && other.asked().is_empty());
}

#[test]
fn none_and_no_proxy_lead_past_it() {
    let service = service();
    let tunnel = Tunnel::start(None);
    let address = format!("http://{}", tunnel.address());
    list(&service, "--proxy none").env("HTTPS_PROXY", address.clone()).run().code(0);
    for name in ["NO_PROXY", "no_proxy"] {
        list(&service, "")
            .env("HTTPS_PROXY", address.clone())
            .env(name, "example.net,localhost")
            .run()
            .code(0);
    }
    assert_eq!(tunnel.asked(), [""; 0]);
    list(&service, "").env("HTTPS_PROXY", address).env("NO_PROXY", "example.net").run().code(0);
    assert!(!tunnel.asked().is_empty());
}

#[test]
fn a_proxy_never_sees_what_is_for_this_machine() {
    let service = Service::start(ApiClient::one_api("s"));
    let tunnel = Tunnel::start(None);
    service.zpakey("list").env("HTTPS_PROXY", format!("http://{}", tunnel.address())).run().code(0);
    assert_eq!(tunnel.asked(), [""; 0]);
}

#[test]
fn a_password_is_sent_to_the_proxy_and_shown_to_nobody() {
    let service = service();
    let password = format!("{SECRET_MARKER}@:/");
    let tunnel = Tunnel::start(Some(&format!("me:{password}")));
    let encoded = password.replace('@', "%40").replace(':', "%3A").replace('/', "%2F");
    let with = |credentials: &str| format!("http://{credentials}{}", tunnel.address());
    let run = list(&service, "-vv").env("ZPAKEY_PROXY", with(&format!("me:{encoded}@")));
    run.run().code(0).has_no_secret();
    // Refused, unreachable, and a name that does not resolve.
    let wrong = format!("me:{SECRET_MARKER}-wrong@");
    let refused = list(&service, "-vv --max-wait 0s").env("ZPAKEY_PROXY", with(&wrong)).run();
    let refused = refused.code(10).has_no_secret();
    assert!(refused.stderr.contains("the proxy asks for other credentials"), "{}", refused.stderr);
    for address in ["127.0.0.1:1", "proxy.invalid:8080"] {
        let run =
            list(&service, "-vv --max-wait 0s").env("ZPAKEY_PROXY", format!("http://me:{encoded}@{address}"));
        run.run().code(10).has_no_secret().stderr_has(&format!("proxy: http://{address}"));
    }
    // Nor in what is no address, nor in what tells of the settings.
    list(&service, "").env("ZPAKEY_PROXY", format!("ftp://me:{encoded}@proxy")).run().code(2).has_no_secret();
    let home = service.home();
    home.write_profiles(&format!("[profiles.lab]\nproxy = 'http://me:{encoded}@proxy:8080'\n"));
    for line in ["profile show lab", "profile show lab -o table", "profile list", "auth status --profile lab"]
    {
        let run = home.zpakey(line).run().has_no_secret();
        assert!(run.stdout.contains("profile") || run.stdout.contains("proxy"), "{line}");
    }
}

#[test]
fn a_password_that_is_typed_is_refused_without_being_repeated() {
    let service = service();
    let run = list(&service, &format!("--proxy http://me:{SECRET_MARKER}@127.0.0.1:1")).run();
    run.code(2).has_no_secret().stderr_is(str![[r#"
error: --proxy takes no password: a command line can be read by every process
hint: put the address with the password into ZPAKEY_PROXY, or into a profile

"#]]);
    assert!(service.received().is_empty());
}

#[test]
fn what_is_no_address_of_a_proxy_is_refused_and_not_quoted() {
    let service = service();
    list(&service, "").env("HTTPS_PROXY", "ftp://s3cret").run().code(2).lacks("s3cret").stderr_is(str![[
        r#"
error: HTTPS_PROXY: not the address of a proxy, such as http://proxy.example.net:8080, and not none

"#
    ]]);
    assert!(service.received().is_empty());
}
