//! Answers as HTTP responses, whole or cut.

use std::io;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::{StreamExt, stream};

use super::call::Answer;

/// Makes the response of an answer; with `cut_after` it ends after so many bytes of its body.
pub(super) fn respond(answer: &Answer, cut_after: Option<usize>) -> Response {
    let mut headers = HeaderMap::new();
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    let body = match cut_after {
        None => Body::from(answer.body.clone()),
        Some(bytes) => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(answer.body.len().max(bytes + 1)));
            cut(answer.body.as_bytes(), bytes)
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = headers;
    response
}

/// A body that ends too early, and takes the connection with it.
fn cut(body: &[u8], bytes: usize) -> Body {
    let start = Bytes::copy_from_slice(body.get(..bytes).unwrap_or(body));
    let start = stream::iter([Ok(start)]);
    let end = stream::once(async {
        // A pause, in which what was written so far goes out.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(start.chain(end))
}
