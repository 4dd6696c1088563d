//! The HTTPS proxy: it takes connections to the Zscaler hosts for itself, and refuses all others.
//!
//! It never connects to anything.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::hosts;

/// What a client that wants another host is told.
pub(super) const REFUSAL: &str =
    "The sandbox answers for the hosts of the Zscaler Private Access API only, and forwards nothing.\n";

/// A request for a connection is short.
const LONGEST_HEAD: usize = 8 << 10;

/// Reads a request for a connection; `Some` is a Zscaler host, to which the client now speaks TLS.
pub(super) async fn accept(mut stream: TcpStream) -> Option<(TcpStream, String)> {
    let head = read_head(&mut stream).await?;
    let mut words = head.split_whitespace();
    let (Some("CONNECT"), Some(target)) = (words.next(), words.next()) else { return None };
    let (host, port) = target.rsplit_once(':')?;
    if port == "443" && hosts::is_zscaler(host) {
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.ok()?;
        return Some((stream, host.to_ascii_lowercase()));
    }
    let answer = format!(
        "HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{REFUSAL}",
        REFUSAL.len(),
    );
    stream.write_all(answer.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()?;
    None
}

/// The client waits for an answer before it says more, so nothing is read beyond the end of the head.
async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD || stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    String::from_utf8(head).ok()
}
