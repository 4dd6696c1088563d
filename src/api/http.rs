//! HTTP by reqwest, TLS by rustls.

use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use zeroize::Zeroizing;

use super::client::Proxy;
use super::early::{self, EarlyLayer};
use super::error::{ApiError, Method, NetworkError, NetworkErrorKind};
use super::path::Holds;
use super::tls;
use super::transport::{Request, Response, Transport, TransportError};
use crate::domain::ServerText;
use crate::secret::AccessToken;

/// Whether TLS is needed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Plain http to this machine: no trust store is read, no proxy is asked.
    Loopback,
    Network,
    /// One address of each kind: no proxy is asked.
    Both,
}

#[derive(Debug, Clone)]
pub struct Http {
    setup: Arc<Setup>,
    client: reqwest::Client,
    /// Takes the place of `client` once a server has asked for HTTP/1.1.
    http1: Arc<OnceLock<reqwest::Client>>,
    /// How many bytes of bodies are held by requests in flight.
    in_flight: Arc<AtomicUsize>,
}

/// What a client is made of.
#[derive(Debug)]
struct Setup {
    reach: Reach,
    cacert: Option<PathBuf>,
    trust: String,
    proxy: Option<Proxy>,
}

/// The versions of HTTP that a client offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Versions {
    All,
    Http1,
}

/// The most that is held of all bodies that are read at the same time: lists of several types are in flight together.
/// Unit: bytes.
const MAX_IN_FLIGHT: usize = 96 << 20;

impl Setup {
    /// Builds a client. The platform's trust store is read here, not earlier.
    fn client(&self, versions: Versions) -> Result<reqwest::Client, ApiError> {
        // The library would read the environment for itself; which proxy counts is decided with all other settings.
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("zpakey/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .tls_info(true)
            .connector_layer(EarlyLayer::default())
            .no_proxy();
        if versions == Versions::Http1 {
            builder = builder.http1_only();
        }
        let cacert = self.cacert.as_deref();
        builder = match self.reach {
            Reach::Loopback => {
                // No TLS is spoken, but what was asked for is wrong all the same.
                cacert.map(super::ca_file::certificates_in).transpose()?;
                builder.tls_certs_only([])
            }
            Reach::Both | Reach::Network => {
                let mut config = tls::configure(cacert, &self.trust)?;
                if versions == Versions::Http1 {
                    config.alpn_protocols = vec![b"http/1.1".to_vec()];
                }
                builder.tls_backend_preconfigured(config)
            }
        };
        if let Some(proxy) = &self.proxy {
            let failed = |_| ApiError::Setup("the address of the proxy cannot be used".to_owned());
            let except =
                proxy.except.as_deref().and_then(|list| reqwest::NoProxy::from_string(&no_proxy_list(list)));
            let connector = reqwest::Proxy::all(proxy.address.whole().as_str()).map_err(failed)?;
            builder = builder.proxy(connector.no_proxy(except));
        }
        builder.build().map_err(|error| ApiError::Setup(innermost(&error)))
    }
}

/// Bytes of a body that is being read, counted among those of all requests in flight.
struct Reading<'a> {
    in_flight: &'a AtomicUsize,
    counted: usize,
}

impl Reading<'_> {
    /// Counts more bytes. Returns false if all requests in flight together hold too much.
    fn count(&mut self, more: usize) -> bool {
        self.counted = self.counted.saturating_add(more);
        self.in_flight.fetch_add(more, Ordering::Relaxed).saturating_add(more) <= MAX_IN_FLIGHT
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(self.counted, Ordering::Relaxed);
    }
}

/// Why a try brought no answer.
enum SendFailure {
    /// As the caller is to know it.
    Final(TransportError),
    /// The server refuses HTTP/2 for this request.
    Http1Required(NetworkError),
}

impl From<SendFailure> for TransportError {
    fn from(failure: SendFailure) -> Self {
        match failure {
            SendFailure::Final(error) => error,
            SendFailure::Http1Required(cause) => Self::Unknown(cause),
        }
    }
}

impl Http {
    /// Sets the client up. The platform's trust store is read here, not earlier.
    pub(super) fn new(
        reach: Reach,
        cacert: Option<&Path>,
        trust: String,
        proxy: Option<&Proxy>,
    ) -> Result<Self, ApiError> {
        let proxy = proxy.filter(|_| reach == Reach::Network).cloned();
        let setup = Setup { reach, cacert: cacert.map(Path::to_owned), trust, proxy };
        let client = setup.client(Versions::All)?;
        Ok(Self { setup: Arc::new(setup), client, http1: Arc::default(), in_flight: Arc::default() })
    }

    fn network_error(&self, request: &Request, error: &reqwest::Error) -> NetworkError {
        let host = host_of(request);
        let mut details = Vec::new();
        let (kind, why) = match tls::refused(error) {
            Some(refused) => {
                details.push(format!("issuer: \"{}\"; trust: {}", refused.issuer, self.setup.trust));
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
        if let Some(proxy) =
            self.setup.proxy.as_ref().filter(|proxy| !proxy.is_bypassed_for(&request.target.url))
        {
            why = proxy.address.conceal(&why);
            details.push(format!("proxy: {}", proxy.address.shown()));
        }
        NetworkError { host, kind, why, details }
    }

    fn classify(&self, request: &Request, error: &reqwest::Error) -> SendFailure {
        let described = self.network_error(request, error);
        if error.is_connect() || error.is_builder() {
            SendFailure::Final(TransportError::NotSent(described))
        } else if requires_http1(error) {
            SendFailure::Http1Required(described)
        } else {
            SendFailure::Final(TransportError::Unknown(described))
        }
    }

    /// Sends the request with one client, and reads the answer up to its bound.
    async fn exchange(
        &self,
        client: &reqwest::Client,
        request: &Request,
        token: Option<&AccessToken>,
        limit: Duration,
    ) -> Result<Response, SendFailure> {
        let outgoing = outgoing(client, request, token, limit).map_err(SendFailure::Final)?;
        let sent = early::using(origin_of(&request.target.url), outgoing.send()).await;
        let mut answer = sent.map_err(|error| self.classify(request, &error))?;
        let mut response = head(request, &answer);
        let most = if response.is_success() { request.target.holds } else { Holds::Object }.max_len();
        let mut reading = Reading { in_flight: &self.in_flight, counted: 0 };
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => {
                    let len = response.body.len().saturating_add(chunk.len());
                    if !reading.count(chunk.len()) || len > most {
                        // The connection is closed, so that the rest is not read either.
                        response.body = Zeroizing::default();
                        response.cut_at = Some(len.min(most));
                        return Ok(response);
                    }
                    response.body.extend_from_slice(&chunk);
                }
                Ok(None) => return Ok(response),
                Err(error) => {
                    let described = self.network_error(request, &error);
                    return Err(if requires_http1(&error) {
                        SendFailure::Http1Required(described)
                    } else {
                        SendFailure::Final(TransportError::Unknown(described))
                    });
                }
            }
        }
    }
}

impl Proxy {
    /// True if `NO_PROXY` lists the host of an address.
    fn is_bypassed_for(&self, url: &str) -> bool {
        let url = url::Url::parse(url).ok();
        let host = url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let list = self.except.as_deref().map(no_proxy_list).unwrap_or_default().to_ascii_lowercase();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
        list.split(',').filter(|entry| !entry.is_empty()).any(|entry| {
            let domain = entry.trim_start_matches('.');
            let is_below =
                host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            let network = entry.parse::<ipnet::IpNet>();
            entry == "*"
                || is_below
                || address.is_some_and(|address| network.is_ok_and(|network| network.contains(&address)))
        })
    }
}

/// Rewrites `NO_PROXY` as curl reads it, with blanks between entries and dots at their ends, into the list that the
/// HTTP library takes.
fn no_proxy_list(list: &str) -> String {
    let entries = list.split(|letter: char| letter == ',' || letter.is_whitespace());
    let entries: Vec<&str> =
        entries.map(|entry| entry.trim_end_matches('.')).filter(|entry| !entry.is_empty()).collect();
    entries.join(",")
}

impl Transport for Http {
    fn open_early(&self, url: &str, limit: Duration) {
        // A proxy that refuses these credentials is not asked twice: it may lock the account.
        if self.setup.proxy.as_ref().is_some_and(|proxy| !proxy.is_bypassed_for(url)) {
            return;
        }
        let origin = origin_of(url);
        let client = self.http1.get().unwrap_or(&self.client);
        let request = client.head(&origin).timeout(limit).send();
        // What keeps it from being opened is told by the request that needs it.
        tokio::spawn(early::opening(origin, async { drop(request.await) }));
    }

    async fn send(
        &self,
        request: &Request,
        token: Option<&AccessToken>,
        limit: Duration,
    ) -> Result<Response, TransportError> {
        let begun = Instant::now();
        let cause = match self.http1.get() {
            Some(client) => return Ok(self.exchange(client, request, token, limit).await?),
            None => match self.exchange(&self.client, request, token, limit).await {
                Err(SendFailure::Http1Required(cause)) => cause,
                Ok(response) => return Ok(response),
                Err(failure) => return Err(failure.into()),
            },
        };
        // Sticky: a server that refuses HTTP/2 once refuses it for the next request too.
        let client = match self.setup.client(Versions::Http1) {
            Ok(client) => self.http1.get_or_init(|| client),
            Err(_) => return Err(TransportError::Unknown(cause)),
        };
        // A write is never sent twice here: its caller looks first. A sign-in has no token yet and changes nothing.
        if !request.method.is_read() && token.is_some() {
            return Err(TransportError::Unknown(cause));
        }
        Ok(self.exchange(client, request, token, limit.saturating_sub(begun.elapsed())).await?)
    }
}

/// Makes the request, signed if there is a token.
fn outgoing(
    client: &reqwest::Client,
    request: &Request,
    token: Option<&AccessToken>,
    limit: Duration,
) -> Result<reqwest::RequestBuilder, TransportError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut outgoing = client
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
    Ok(outgoing)
}

/// Reads what comes before the body.
fn head(request: &Request, answer: &reqwest::Response) -> Response {
    let connection = answer.extensions().get::<reqwest::tls::TlsInfo>();
    let headers = answer.headers();
    Response {
        status: answer.status().as_u16(),
        retry_after: text(headers, RETRY_AFTER.as_str()),
        request_id: text(headers, "x-transaction-id")
            .or_else(|| text(headers, "x-oneapi-request-id"))
            .map(ServerText::from),
        date: text(headers, DATE.as_str())
            .and_then(|date| Timestamp::try_from(httpdate::parse_http_date(&date).ok()?).ok()),
        issuer: connection.and_then(reqwest::tls::TlsInfo::peer_certificate).map(tls::issuer_of),
        redirect_host: headers.get(LOCATION).and_then(|to| redirect_host(request, to.to_str().ok()?)),
        cut_at: None,
        body: Zeroizing::new(Vec::with_capacity(capacity(answer))),
    }
}

/// Returns the host that a redirect leads to, if it is another one. Path and query are not kept: a page to log in at
/// has tokens there.
fn redirect_host(request: &Request, location: &str) -> Option<ServerText> {
    let from = url::Url::parse(&request.target.url).ok()?;
    let to = from.join(location).ok()?;
    let host = to.host_str()?;
    (Some(host) != from.host_str()).then(|| host.chars().take(253).collect::<String>().into())
}

/// Tells whether the server refuses HTTP/2 for this request, as one does that stands behind a proxy which inspects TLS.
fn requires_http1(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            return error.reason() == Some(h2::Reason::HTTP_1_1_REQUIRED);
        }
        next = error.source();
    }
    false
}

/// Reserves what the server announces, within reason, so that the body is not copied while it grows.
fn capacity(answer: &reqwest::Response) -> usize {
    let announced = answer.content_length().and_then(|length| usize::try_from(length).ok());
    announced.unwrap_or(0).min(1 << 20)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(|text| text.chars().take(200).collect())
}

/// Returns scheme, host and port.
fn origin_of(url: &str) -> String {
    url::Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
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
