//! Answers as HTTP responses: whole, cut or slow, and compressed when asked for.

use std::{
    io::{self, Write},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use futures_util::{StreamExt, stream};

use super::call::Reply;

/// How the body of an answer goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    /// It ends after so many bytes, and takes the connection with it.
    Cut(usize),
    /// It comes byte by byte, with this time between them.
    Drip(Duration),
}

/// Makes the response of an answer.
pub(super) fn respond(answer: &Reply, delivery: Delivery, accepts_gzip: bool) -> Response {
    let mut headers = HeaderMap::new();
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    let compressed = if accepts_gzip && !answer.body.is_empty() { gzip(&answer.body).ok() } else { None };
    if compressed.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let bytes = Bytes::from(compressed.unwrap_or_else(|| answer.body.clone().into_bytes()));
    let body = match delivery {
        Delivery::Whole => Body::from(bytes),
        Delivery::Cut(after) => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len().max(after + 1)));
            cut(&bytes, after)
        }
        Delivery::Drip(pause) => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            drip(bytes, pause)
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = headers;
    response
}

fn gzip(body: &str) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.as_bytes())?;
    encoder.finish()
}

/// A body that ends too early.
fn cut(body: &Bytes, after: usize) -> Body {
    let start = stream::iter([Ok(body.slice(..after.min(body.len())))]);
    let end = stream::once(async {
        // A pause, in which what was written so far goes out.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(start.chain(end))
}

fn drip(body: Bytes, pause: Duration) -> Body {
    Body::from_stream(stream::iter(body).then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, io::Error>(Bytes::from(vec![byte]))
    }))
}
