//! Connections that can be broken on purpose: a server made of handlers alone always answers.

use std::{
    future, io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::mpsc,
};
use tokio_rustls::server::TlsStream;

/// Breaks the connection that a request came by.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker(Arc<AtomicBool>);

impl Breaker {
    /// Makes the next write fail, so that the connection is reset without an answer.
    pub(super) fn trip(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_tripped(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Takes the `date` header out of answers: the HTTP server adds one to each.
#[derive(Clone, Debug, Default)]
pub(super) struct DateFilter(Arc<AtomicBool>);

impl DateFilter {
    const START: &[u8] = b"\r\ndate: ";

    /// Says whether the next answer goes out without the header.
    pub(super) fn set(&self, is_on: bool) {
        self.0.store(is_on, Ordering::Release);
    }

    /// How much of the bytes to leave out, or else to write before the header.
    fn split(&self, bytes: &[u8]) -> Result<usize, usize> {
        let all = Err(bytes.len());
        if !self.0.load(Ordering::Acquire) {
            return all;
        }
        let find = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|window| window == part);
        if let Some(value) = bytes.strip_prefix(Self::START) {
            return find(value, b"\r\n").map_or(all, |length| Ok(Self::START.len() + length));
        }
        if bytes.starts_with(b"HTTP/1.") { find(bytes, Self::START).map_or(all, Err) } else { all }
    }
}

/// The connection that a request came by, as its handler sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct ConnectionOrigin {
    pub(super) breaker: Breaker,
    pub(super) date_filter: DateFilter,
    /// Which one it is of those that were accepted, from 1.
    pub(super) number: u64,
    /// Whether it is one to a Zscaler host, through the proxy.
    pub(super) is_tunnel: bool,
}

/// Hands out connections that were accepted elsewhere.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) incoming: mpsc::Receiver<ClientConnection>,
    pub(super) address: SocketAddr,
}

impl Listener for Connections {
    type Io = ClientConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (ClientConnection, SocketAddr) {
        match self.incoming.recv().await {
            Some(line) => (line, self.address),
            // The reception has ended; what is open goes on.
            None => future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Connected<IncomingStream<'_, Connections>> for ConnectionOrigin {
    fn connect_info(incoming: IncomingStream<'_, Connections>) -> Self {
        incoming.io().origin.clone()
    }
}

#[derive(Debug)]
pub(super) struct ClientConnection {
    stream: Socket,
    origin: ConnectionOrigin,
}

#[derive(Debug)]
enum Socket {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl ClientConnection {
    pub(super) fn plain(stream: TcpStream) -> Self {
        Self { stream: Socket::Plain(stream), origin: ConnectionOrigin::default() }
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>) -> Self {
        Self { stream: Socket::Tls(Box::new(stream)), origin: ConnectionOrigin::default() }
    }

    pub(super) fn numbered(mut self, number: u64) -> Self {
        self.origin.number = number;
        self
    }

    pub(super) fn tunnel(stream: TlsStream<TcpStream>) -> Self {
        let mut line = Self::tls(stream);
        line.origin.is_tunnel = true;
        line
    }

    fn check(&self) -> io::Result<()> {
        if !self.origin.breaker.is_tripped() {
            return Ok(());
        }
        // Without lingering the close is a reset, which a client cannot take for an orderly end.
        let _ = match &self.stream {
            Socket::Plain(stream) => stream.set_zero_linger(),
            Socket::Tls(stream) => stream.get_ref().0.set_zero_linger(),
        };
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for ClientConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Socket::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Socket::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for ClientConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let bytes = match self.origin.date_filter.split(bytes) {
            Ok(left_out) => return Poll::Ready(Ok(left_out)),
            Err(written) => bytes.get(..written).unwrap_or(bytes),
        };
        match &mut self.stream {
            Socket::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Socket::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        match &mut self.stream {
            Socket::Plain(stream) => Pin::new(stream).poll_flush(context),
            Socket::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Socket::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Socket::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}
