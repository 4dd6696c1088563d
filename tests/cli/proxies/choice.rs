//! Which proxy counts, and who is reached without one.

use super::{API_HOST, TOKEN_HOST, service, zpakey};
use crate::support::{
    ApiClient, ProxyServer, Service,
    certificates::{Authority, Validity},
};

#[test]
fn each_variable_names_a_proxy() {
    let service = service();
    for name in ["ZPAKEY_PROXY", "HTTPS_PROXY", "https_proxy", "ZSCALER_HTTP_PROXY", "ALL_PROXY", "all_proxy"]
    {
        let proxy = ProxyServer::to(service.address());
        zpakey(&service, "").env(name, proxy.url()).run().code(0);
        assert_eq!(proxy.seen(), [TOKEN_HOST, API_HOST], "{name}");
    }
}

#[test]
fn an_address_needs_no_scheme() {
    let service = service();
    let proxy = ProxyServer::to(service.address());
    zpakey(&service, &format!("--proxy {}", proxy.address())).run().code(0);
    assert_eq!(proxy.seen().len(), 2);
}

#[test]
fn an_option_comes_before_a_named_profile_before_the_environment_before_the_active_profile() {
    let service = service();
    let [typed, own, vendor, profile] = [(); 4].map(|()| ProxyServer::to(service.address()));
    let lines = |active: &str| {
        format!(
            "{active}[profiles.prod]\nclient_id = 'acme-client'\nclient_secret = 's3cret-of-acme'\n\
             vanity_domain = 'acme'\ncustomer_id = '216199618143191040'\nproxy = '{}'\n",
            profile.url()
        )
    };
    let run = |line: &str| {
        zpakey(&service, line).env("ZPAKEY_PROXY", own.url()).env("HTTPS_PROXY", vendor.url()).run().code(0);
        [&typed, &own, &vendor, &profile].map(|proxy| proxy.seen().len())
    };
    service.home().write_profiles(&lines("active = 'prod'\n"));
    assert_eq!(run(&format!("--proxy {}", typed.url())), [2, 0, 0, 0]);
    assert_eq!(run("--profile prod"), [2, 0, 0, 2]);
    assert_eq!(run(""), [2, 2, 0, 2]);
    zpakey(&service, "").env("HTTPS_PROXY", vendor.url()).run().code(0);
    zpakey(&service, "").run().code(0);
    assert_eq!([&typed, &own, &vendor, &profile].map(|proxy| proxy.seen().len()), [2, 2, 2, 4]);
}

/// A service that is reached without a proxy, too, and the proxy.
fn reachable() -> (Service, ProxyServer) {
    let authority = Authority::new("Acme CA");
    let identity = authority.identity(&["localhost"], Validity::Now);
    let service = Service::over_tls(ApiClient::one_api("s3cret-of-acme"), &identity);
    service.home().write("ca.pem", &authority.pem());
    let proxy = ProxyServer::to(service.address());
    (service, proxy)
}

/// How many connections the proxy is asked for where these variables are set besides `HTTPS_PROXY`.
#[track_caller]
fn asked(line: &str, variables: &[(&str, &str)]) -> usize {
    let (service, proxy) = reachable();
    let run = service
        .zpakey(format!("list --type connector --token-cache off --cacert ca.pem {line}"))
        .env("HTTPS_PROXY", proxy.url());
    variables.iter().fold(run, |run, (name, value)| run.env(name, *value)).run().code(0);
    assert_eq!((service.refusals(), service.sign_ins(), service.calls()), (vec![], 1, 1));
    proxy.seen().len()
}

#[test]
fn https_to_this_machine_goes_through_a_proxy_as_any_other() {
    // Both requests go to one host: one connection.
    assert_eq!(asked("", &[]), 1);
}

#[test]
fn hosts_that_no_proxy_lists_are_reached_without_it() {
    for (name, list) in [
        ("NO_PROXY", "localhost"),
        ("no_proxy", "localhost"),
        ("NO_PROXY", "example.com, localhost"),
        ("NO_PROXY", "*"),
        ("NO_PROXY", ".localhost,localhost"),
    ] {
        assert_eq!(asked("", &[(name, list)]), 0, "{name}={list}");
    }
    for list in ["example.com", "ocalhost", "localhost.example.com", ""] {
        assert_eq!(asked("", &[("NO_PROXY", list)]), 1, "{list}");
    }
}

#[test]
fn a_domain_that_no_proxy_lists_is_left_out_with_all_below_it() {
    let service = service();
    let proxy = ProxyServer::to(service.address());
    let run = zpakey(&service, "").env("HTTPS_PROXY", proxy.url()).env("NO_PROXY", "zsapi.net,.example.com");
    // Its host is not reached without a proxy here, and that is how one sees it.
    run.run().code(10).stderr_has("api.zsapi.net");
    assert_eq!(proxy.seen(), [TOKEN_HOST]);
}

#[test]
fn none_switches_proxies_off() {
    assert_eq!(asked("--proxy none", &[]), 0);
    assert_eq!(asked("--proxy NONE", &[("ZPAKEY_PROXY", "http://127.0.0.1:9")]), 0);
    assert_eq!(asked("", &[("ZPAKEY_PROXY", "none")]), 0);
}

#[test]
fn the_proxy_for_plain_http_is_not_asked() {
    let (service, proxy) = reachable();
    let run = service
        .zpakey("list --type connector --token-cache off --cacert ca.pem")
        .env("HTTP_PROXY", proxy.url())
        .env("http_proxy", proxy.url());
    run.run().code(0);
    assert_eq!(proxy.seen(), [""; 0]);
}

#[test]
fn plain_http_to_this_machine_never_goes_through_a_proxy() {
    let service = Service::start(ApiClient::one_api("s3cret-of-acme"));
    let proxy = ProxyServer::to(service.address());
    let names =
        ["ZPAKEY_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"];
    let run = service.zpakey("list --type connector --token-cache off");
    let run = names.iter().fold(run, |run, name| run.env(name, proxy.url()));
    run.clone().run().code(0);
    service.zpakey(format!("list --type connector --token-cache off --proxy {}", proxy.url())).run().code(0);
    let home = service.home();
    names.iter().fold(home.sandboxed("list"), |run, name| run.env(name, proxy.url())).run().code(0);
    assert_eq!((service.sign_ins(), proxy.seen().len()), (2, 0));
}

#[test]
fn the_sandbox_does_not_mind_a_proxy_that_is_none() {
    let home = crate::support::Home::new();
    home.sandboxed("list").env("ALL_PROXY", "socks5://127.0.0.1:1080").run().code(0);
}
