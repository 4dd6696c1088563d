//! HTTP by reqwest, TLS by rustls.

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use zeroize::Zeroizing;

use super::client::Proxy;
use super::error::{ApiError, Method, NetworkError, NetworkErrorKind};
use super::tls;
use super::transport::{Request, Response, Transport, TransportError};
use crate::secret::{AccessToken, ProxyAddress};

/// Whether TLS is needed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Plain http to this machine: no trust store is read, no proxy is asked.
    Loopback,
    /// The network.
    Network,
    /// One address of each kind: no proxy is asked.
    Both,
}

/// The real transport.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    proxy: Option<ProxyAddress>,
    trust: String,
}

impl Http {
    /// Sets the client up. The platform's trust store is read here, not earlier.
    pub(super) fn new(
        reach: Reach,
        cacert: Option<&Path>,
        trust: String,
        proxy: Option<&Proxy>,
    ) -> Result<Self, ApiError> {
        // The library would read the environment for itself; which proxy counts is decided with all other settings.
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("zpakey/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .tls_info(true)
            .no_proxy();
        builder = match reach {
            Reach::Loopback => {
                // No TLS is spoken, but what was asked for is wrong all the same.
                cacert.map(tls::certificates_in).transpose()?;
                builder.tls_certs_only([])
            }
            Reach::Both | Reach::Network => {
                builder.tls_backend_preconfigured(tls::configure(cacert, &trust)?)
            }
        };
        let proxy = proxy.filter(|_| reach == Reach::Network);
        if let Some(proxy) = proxy {
            let failed = |_| ApiError::Setup("the address of the proxy cannot be used".to_owned());
            let except = proxy.except.as_deref().and_then(reqwest::NoProxy::from_string);
            let connector = reqwest::Proxy::all(proxy.address.whole().as_str()).map_err(failed)?;
            builder = builder.proxy(connector.no_proxy(except));
        }
        let client = builder.build().map_err(|error| ApiError::Setup(innermost(&error)))?;
        Ok(Self { client, proxy: proxy.map(|proxy| proxy.address.clone()), trust })
    }

    fn network_error(&self, request: &Request, error: &reqwest::Error) -> NetworkError {
        let host = host_of(request);
        let mut details = Vec::new();
        let (kind, why) = match tls::refused(error) {
            Some(refused) => {
                details.push(format!("issuer: \"{}\"; trust: {}", refused.issuer, self.trust));
                (NetworkErrorKind::Untrusted, refused.why.clone())
            }
            None if error.is_timeout() => (NetworkErrorKind::Timeout, "no answer in time".to_owned()),
            None => {
                let why = innermost(error);
                match why.strip_prefix("tunnel error: ") {
                    Some(why) => of_proxy(why),
                    None => (kind_of(&why), why),
                }
            }
        };
        let mut why = why;
        if let Some(proxy) = &self.proxy {
            why = proxy.conceal(&why);
            details.push(format!("proxy: {}", proxy.shown()));
        }
        NetworkError { host, kind, why, details }
    }

    fn classify(&self, request: &Request, error: &reqwest::Error) -> TransportError {
        let described = self.network_error(request, error);
        if error.is_connect() || error.is_builder() {
            TransportError::NotSent(described)
        } else {
            TransportError::Unknown(described)
        }
    }
}

impl Transport for Http {
    async fn send(
        &self,
        request: &Request,
        token: Option<&AccessToken>,
        limit: Duration,
    ) -> Result<Response, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut outgoing = self
            .client
            .request(method, &request.target.url)
            .timeout(limit)
            .header(reqwest::header::ACCEPT, "application/json");
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(&token.authorization()).map_err(|_| {
                TransportError::NotSent(NetworkError {
                    host: host_of(request),
                    kind: NetworkErrorKind::Network,
                    why: "the access token has characters that no header may have".to_owned(),
                    details: Vec::new(),
                })
            })?;
            value.set_sensitive(true);
            outgoing = outgoing.header(AUTHORIZATION, value);
        }
        if let Some(body) = &request.body {
            outgoing = outgoing.header(CONTENT_TYPE, body.media_type).body(body.bytes.to_vec());
        }
        let mut answer = outgoing.send().await.map_err(|error| self.classify(request, &error))?;
        let connection = answer.extensions().get::<reqwest::tls::TlsInfo>();
        let headers = answer.headers();
        let mut response = Response {
            status: answer.status().as_u16(),
            retry_after: text(headers, RETRY_AFTER.as_str()),
            request_id: text(headers, "x-transaction-id").or_else(|| text(headers, "x-oneapi-request-id")),
            date: text(headers, DATE.as_str())
                .and_then(|date| Timestamp::try_from(httpdate::parse_http_date(&date).ok()?).ok()),
            issuer: connection.and_then(reqwest::tls::TlsInfo::peer_certificate).map(tls::issuer_of),
            location_host: text(headers, "location").and_then(|location| host_in(request, &location)),
            body: Zeroizing::new(Vec::with_capacity(capacity(&answer))),
        };
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => response.body.extend_from_slice(&chunk),
                Ok(None) => return Ok(response),
                Err(error) => return Err(TransportError::Unknown(self.network_error(request, &error))),
            }
        }
    }
}

/// Reserves what the server announces, within reason, so that the body is not copied while it grows.
fn capacity(answer: &reqwest::Response) -> usize {
    let announced = answer.content_length().and_then(|length| usize::try_from(length).ok());
    announced.unwrap_or(0).min(4 << 20)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(|text| text.chars().take(200).collect())
}

fn host_of(request: &Request) -> String {
    let url = url::Url::parse(&request.target.url).ok();
    let host = url.as_ref().and_then(|url| url.host_str().map(|host| (host.to_owned(), url.port())));
    match host {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => host,
        None => "the API".to_owned(),
    }
}

/// Returns the host that a redirect points to, and nothing of its path and query, which may quote what was sent.
fn host_in(request: &Request, location: &str) -> Option<String> {
    let url = url::Url::parse(&request.target.url).ok()?.join(location).ok()?;
    url.host_str().map(str::to_owned)
}

fn kind_of(why: &str) -> NetworkErrorKind {
    let speaks_of_tls =
        ["certificate", "TLS", "tls", "corrupt message"].iter().any(|word| why.contains(word));
    if speaks_of_tls { NetworkErrorKind::Tls } else { NetworkErrorKind::Network }
}

/// Puts what the library says of a proxy into words.
fn of_proxy(why: &str) -> (NetworkErrorKind, String) {
    let (kind, why) = match why {
        "proxy authorization required" => {
            (NetworkErrorKind::Proxy, "the proxy asks for other credentials (407)")
        }
        "unsuccessful" => (NetworkErrorKind::Network, "the proxy refused to lead there"),
        "unexpected end of file" => (NetworkErrorKind::Network, "the proxy closed the connection"),
        why => return (NetworkErrorKind::Network, format!("the proxy failed: {why}")),
    };
    (kind, why.to_owned())
}

/// The outer messages repeat the address, query and all; the innermost says what happened.
fn innermost(error: &reqwest::Error) -> String {
    let mut message = String::from("the connection broke");
    let mut source = error.source();
    while let Some(inner) = source {
        message = inner.to_string();
        source = inner.source();
    }
    message
}
