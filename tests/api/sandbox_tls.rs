//! The emulator's HTTPS, and its proxy for the Zscaler hosts.

use std::{fs, io::Read, path::Path};

use reqwest::{Certificate, Client, Proxy, Version};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use zpakey::sandbox::{Fault, Options, Sandbox, Tls};

use super::sandbox::{Answer, KEYS, client, post_form};

async fn start(tls: Tls) -> Sandbox {
    let started = Sandbox::start(Options { tls, ..Options::default() }).await;
    started.unwrap_or_else(|error| panic!("{error}"))
}

/// A client that trusts the authority of a sandbox and nothing else.
fn trusting(sandbox: &Sandbox) -> reqwest::Result<Client> {
    let pem = sandbox.access().ca_cert.as_deref().and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let proxy = sandbox.access().proxy_url.clone().unwrap_or_default();
    let certificate = Certificate::from_pem(&pem)?;
    Client::builder().tls_certs_only([certificate]).proxy(Proxy::https(proxy)?).build()
}

fn secret(sandbox: &Sandbox) -> [(&str, &str); 4] {
    let access = sandbox.access();
    [
        ("grant_type", "client_credentials"),
        ("client_id", access.client_id.as_str()),
        ("client_secret", access.client_secret.as_str()),
        ("audience", "https://api.zscaler.com"),
    ]
}

#[tokio::test]
async fn the_proxy_takes_the_zscaler_hosts_for_itself() {
    let sandbox = start(Tls::Proxy).await;
    let http = trusting(&sandbox).unwrap();
    let customer = &sandbox.access().customer_id;
    for (token_host, api_host) in [
        ("https://acme.zslogin.net", "https://api.zsapi.net"),
        ("https://acme.zsloginbeta.net", "https://api.beta.zsapi.net"),
        ("https://acme.zidentitygov.us", "https://api.zscalergov.us"),
    ] {
        let answer = post_form(&http, &format!("{token_host}/oauth2/v1/token"), &secret(&sandbox)).await;
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        let url = format!("{api_host}/zpa/mgmtconfig/v1/admin/customers/{customer}/{KEYS}");
        let answer = Answer::of(http.get(url).bearer_auth(&token).send().await.unwrap()).await;
        assert_eq!((answer.status, answer.json()["totalCount"].as_str()), (200, Some("0")));
    }
    let answer = post_form(&http, "https://config.private.zscaler.com/signin", &secret(&sandbox)[1..3]).await;
    assert_eq!(answer.json()["expires_in"], "3600");
    let dev = "https://authn1.dev.zpath.net/authn/v1/oauth/token?grant_type=CLIENT_CREDENTIALS";
    assert_eq!(post_form(&http, dev, &secret(&sandbox)[1..3]).await.status, 200);
    assert_eq!(post_form(&http, "https://api.zsapi.net/sandbox/enroll", &[]).await.status, 404);
    assert_eq!(sandbox.requests()[0].path, "/oauth2/v1/token");
}

/// Sends bytes to the proxy and reads what it says.
async fn say(sandbox: &Sandbox, words: &str) -> std::io::Result<String> {
    let address = sandbox.access().proxy_url.as_deref().unwrap_or_default().replace("http://", "");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(words.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn the_proxy_refuses_every_other_host() {
    let sandbox = start(Tls::Proxy).await;
    for target in ["example.com:443", "127.0.0.1:443", "api.zsapi.net:80", "api.zsapi.net.example.com:443"] {
        let answer = say(&sandbox, &format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n")).await;
        let answer = answer.unwrap();
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{target}: {answer}");
        assert!(answer.ends_with("forwards nothing.\n"));
    }
    let plain = "GET http://example.com/ HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\n\r\n";
    assert!(say(&sandbox, plain).await.unwrap().starts_with("HTTP/1.1 403 Forbidden\r\n"));
    assert_eq!(say(&sandbox, "CONNECT nonsense\r\n\r\n").await.unwrap(), "");
    assert_eq!(say(&sandbox, "CALL me HTTP/1.1\r\n\r\n").await.unwrap(), "");
    let refused = trusting(&sandbox).unwrap().get("https://example.com/").send().await;
    assert!(refused.is_err());
    assert_eq!(sandbox.requests(), []);
}

#[tokio::test]
async fn its_own_address_can_be_https() {
    let sandbox = start(Tls::On).await;
    let access = sandbox.access();
    assert!(access.api_url.starts_with("https://127.0.0.1:"));
    let http = trusting(&sandbox).unwrap();
    let direct = {
        let pem = fs::read(access.ca_cert.as_ref().unwrap()).unwrap();
        let certificate = Certificate::from_pem(&pem).unwrap();
        Client::builder().tls_certs_only([certificate]).no_proxy().build().unwrap()
    };
    assert_eq!(post_form(&direct, &access.token_url, &secret(&sandbox)).await.status, 200);
    let through = post_form(&http, "https://acme.zslogin.net/oauth2/v1/token", &secret(&sandbox)).await;
    assert_eq!(through.status, 200);
    let untrusting = client().post(&access.token_url).send().await;
    assert!(untrusting.is_err());
    let plain = client().get(access.api_url.replace("https", "http")).send().await;
    assert!(plain.is_err());
}

#[tokio::test]
async fn https_is_http_2_unless_the_client_speaks_http_1_only() {
    let sandbox = start(Tls::On).await;
    let access = sandbox.access();
    let certificate = Certificate::from_pem(&fs::read(access.ca_cert.as_ref().unwrap()).unwrap()).unwrap();
    let proxy = Proxy::custom({
        let proxy = access.proxy_url.clone();
        move |url| proxy.clone().filter(|_| url.host_str() == Some("api.zsapi.net"))
    });
    let builder = || Client::builder().tls_certs_only([certificate.clone()]).proxy(proxy.clone());
    let (second, first) = (builder().build().unwrap(), builder().http1_only().build().unwrap());
    for base in [access.api_url.as_str(), "https://api.zsapi.net"] {
        let url = format!("{base}/zpa/mgmtconfig/v1/admin/customers/1/{KEYS}");
        for (http, version) in [(&second, Version::HTTP_2), (&first, Version::HTTP_11)] {
            let answer = http.get(&url).send().await.unwrap();
            assert_eq!((answer.version(), answer.status().as_u16()), (version, 401), "{base}");
            answer.bytes().await.unwrap();
        }
    }
    assert_eq!(sandbox.connections(), 4);
}

#[tokio::test]
async fn each_connection_is_counted_and_each_request_tells_its_own() {
    let sandbox = start(Tls::Off).await;
    let url = format!("{}/nothing", sandbox.access().api_url);
    assert_eq!(sandbox.connections(), 0);
    let http = client();
    for _ in 0..2 {
        http.get(&url).send().await.unwrap().bytes().await.unwrap();
    }
    client().get(&url).send().await.unwrap();
    let _silent = TcpStream::connect(url.trim_start_matches("http://").trim_end_matches("/nothing")).await;
    let used: Vec<u64> = sandbox.requests().iter().map(|request| request.connection).collect();
    assert_eq!(used, [1, 1, 2]);
    while sandbox.connections() < 3 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_tls_connection_can_be_reset_too() {
    let sandbox = start(Tls::On).await;
    sandbox.set_faults(Fault::parse(&json!({"request": 1, "action": "reset_before"})).unwrap());
    let http = trusting(&sandbox).unwrap();
    let url = "https://api.zsapi.net/zpa/mgmtconfig/v1/admin/customers/1/x";
    assert!(http.get(url).send().await.is_err());
    assert_eq!(http.get(url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_certificate_lives_as_long_as_the_sandbox_and_no_key_is_written() {
    let sandbox = start(Tls::Proxy).await;
    let path = sandbox.access().ca_cert.clone().unwrap();
    let mut pem = String::new();
    fs::File::open(&path).unwrap().read_to_string(&mut pem).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(!pem.contains("PRIVATE"));
    let other = start(Tls::Proxy).await;
    assert_ne!(fs::read_to_string(other.access().ca_cert.as_ref().unwrap()).unwrap(), pem);
    sandbox.stop().await;
    assert!(!Path::new(&path).exists());
}

#[tokio::test]
async fn the_environment_leads_other_programs_to_the_proxy() {
    let sandbox = start(Tls::Proxy).await;
    let environment = sandbox.access().environment();
    let value =
        |name: &str| environment.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str());
    let proxy = sandbox.access().proxy_url.as_deref();
    assert_eq!((value("HTTPS_PROXY"), value("https_proxy"), value("HTTP_PROXY")), (proxy, proxy, proxy));
    assert_eq!(value("NO_PROXY"), Some("127.0.0.1,localhost"));
    assert_eq!(value("SSL_CERT_FILE"), value("REQUESTS_CA_BUNDLE"));
    assert!(fs::exists(value("SSL_CERT_FILE").unwrap()).unwrap());
    let plain = start(Tls::Off).await;
    assert!(plain.access().environment().iter().all(|(name, _)| !name.to_uppercase().contains("PROXY")));
    assert_eq!((&plain.access().proxy_url, &plain.access().ca_cert), (&None, &None));
}
