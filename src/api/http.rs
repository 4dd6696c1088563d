//! HTTP by reqwest, TLS by rustls.

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use zeroize::Zeroizing;

use super::error::{ApiError, Method, NetworkError, NetworkErrorKind};
use super::transport::{Request, Response, Transport, TransportError};
use crate::secret::AccessToken;

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
}

impl Http {
    /// Sets the client up. The platform's trust store is read here, not earlier.
    pub(super) fn new(reach: Reach, cacert: Option<&Path>) -> Result<Self, ApiError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("zpakey/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        match reach {
            Reach::Loopback => builder = builder.no_proxy().tls_certs_only([]),
            Reach::Both => builder = builder.no_proxy(),
            Reach::Network => {}
        }
        if let Some(path) = cacert {
            let failed = |why: String| ApiError::CaFile { path: path.display().to_string(), why };
            let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
            let certificates =
                reqwest::Certificate::from_pem_bundle(&pem).map_err(|_| failed("it is no PEM".to_owned()))?;
            if certificates.is_empty() {
                return Err(failed("it holds no certificate".to_owned()));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|error| ApiError::Setup(innermost(&error)))?;
        Ok(Self { client })
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
                })
            })?;
            value.set_sensitive(true);
            outgoing = outgoing.header(AUTHORIZATION, value);
        }
        if let Some(body) = &request.body {
            outgoing = outgoing.header(CONTENT_TYPE, body.media_type).body(body.bytes.to_vec());
        }
        let mut answer = outgoing.send().await.map_err(|error| classify(request, &error))?;
        let headers = answer.headers();
        let mut response = Response {
            status: answer.status().as_u16(),
            retry_after: text(headers, RETRY_AFTER.as_str()),
            request_id: text(headers, "x-transaction-id").or_else(|| text(headers, "x-oneapi-request-id")),
            date: text(headers, DATE.as_str())
                .and_then(|date| Timestamp::try_from(httpdate::parse_http_date(&date).ok()?).ok()),
            body: Zeroizing::new(Vec::with_capacity(capacity(&answer))),
        };
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => response.body.extend_from_slice(&chunk),
                Ok(None) => return Ok(response),
                Err(error) => return Err(TransportError::Unknown(network_error(request, &error))),
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

fn classify(request: &Request, error: &reqwest::Error) -> TransportError {
    let described = network_error(request, error);
    if error.is_connect() || error.is_builder() {
        TransportError::NotSent(described)
    } else {
        TransportError::Unknown(described)
    }
}

fn network_error(request: &Request, error: &reqwest::Error) -> NetworkError {
    let why = innermost(error);
    let kind = if error.is_timeout() {
        NetworkErrorKind::Timeout
    } else if ["certificate", "TLS", "tls", "corrupt message"].iter().any(|word| why.contains(word)) {
        NetworkErrorKind::Tls
    } else {
        NetworkErrorKind::Network
    };
    let why = if kind == NetworkErrorKind::Timeout { "no answer in time".to_owned() } else { why };
    NetworkError { host: host_of(request), kind, why }
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
