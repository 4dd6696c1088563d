//! Accepts connections: plain HTTP, HTTPS, and those to the proxy, all on one port.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{authority::Authority, line::ClientConnection, options::Tls, proxy};

/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause before another try when the port cannot be listened on.
const PAUSE: Duration = Duration::from_millis(5);

/// How many connections wait to be accepted.
const BACKLOG: u32 = 1024;

/// Keeps a port that no one listens on: it refuses connections, and no one else gets it.
fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Asks the reception to refuse connections.
#[derive(Clone, Debug)]
pub(super) struct Refusals {
    asking: mpsc::UnboundedSender<RefusalWindow>,
    is_refusing: Arc<AtomicBool>,
}

/// Counts the connections that were accepted.
#[derive(Clone, Debug, Default)]
pub(super) struct AcceptedCount(Arc<AtomicU64>);

impl AcceptedCount {
    /// How many there were so far.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts one more, and returns its number, from 1.
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

#[derive(Debug)]
struct RefusalWindow {
    time: Duration,
    begun: oneshot::Sender<()>,
}

impl Refusals {
    /// Closes the port for a time; it is closed when this returns.
    pub(super) async fn begin(&self, time: Duration) {
        let (begun, has_begun) = oneshot::channel();
        if self.asking.send(RefusalWindow { time, begun }).is_ok() {
            // A reception that has ended refuses too.
            let _ = has_begun.await;
        }
    }

    /// Whether connections that are still open are to be refused as well.
    pub(super) fn is_refusing(&self) -> bool {
        self.is_refusing.load(Ordering::Acquire)
    }
}

/// Accepts connections and hands them on.
#[derive(Debug)]
pub(super) struct Reception {
    address: SocketAddr,
    listener: Option<TcpListener>,
    lines: mpsc::Sender<ClientConnection>,
    refusals: mpsc::UnboundedReceiver<RefusalWindow>,
    is_refusing: Arc<AtomicBool>,
    greeter: Option<Arc<Greeter>>,
    greetings: Mutex<JoinSet<()>>,
    accepted: AcceptedCount,
}

#[derive(Debug)]
struct Greeter {
    authority: Authority,
    tls: Tls,
}

impl Reception {
    /// Takes a port on the loopback interface.
    pub(super) async fn open(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    /// With an authority, clients are asked by their first byte what they speak.
    pub(super) fn new(
        listener: TcpListener,
        address: SocketAddr,
        lines: mpsc::Sender<ClientConnection>,
        authority: Option<Authority>,
        tls: Tls,
        accepted: AcceptedCount,
    ) -> (Self, Refusals) {
        let (asking, refusals) = mpsc::unbounded_channel();
        let is_refusing = Arc::new(AtomicBool::new(false));
        let asking = Refusals { asking, is_refusing: Arc::clone(&is_refusing) };
        let greeter = authority.map(|authority| Arc::new(Greeter { authority, tls }));
        let greetings = Mutex::new(JoinSet::new());
        let listener = Some(listener);
        (Self { address, listener, lines, refusals, is_refusing, greeter, greetings, accepted }, asking)
    }

    pub(super) async fn run(mut self) {
        loop {
            let listener = self.listen().await;
            tokio::select! {
                accepted = listener.accept() => {
                    self.listener = Some(listener);
                    match accepted {
                        Ok((stream, _)) => self.receive(stream).await,
                        Err(_) => sleep(PAUSE).await,
                    }
                }
                Some(refusal) = self.refusals.recv() => {
                    self.is_refusing.store(true, Ordering::Release);
                    drop(listener);
                    let held = hold(self.address);
                    // Who asked may have gone.
                    let _ = refusal.begun.send(());
                    sleep(refusal.time).await;
                    self.listener = held.and_then(|held| held.listen(BACKLOG)).ok();
                    self.is_refusing.store(false, Ordering::Release);
                }
            }
        }
    }

    async fn listen(&mut self) -> TcpListener {
        loop {
            if let Some(listener) = self.listener.take() {
                return listener;
            }
            match TcpListener::bind(self.address).await {
                Ok(listener) => return listener,
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    async fn receive(&self, stream: TcpStream) {
        // Small answers would wait for acknowledgements of the ones before.
        let _ = stream.set_nodelay(true);
        let number = self.accepted.next();
        let Some(greeter) = &self.greeter else {
            // The server has ended when no one takes it.
            let _ = self.lines.send(ClientConnection::plain(stream).numbered(number)).await;
            return;
        };
        let (greeter, lines) = (Arc::clone(greeter), self.lines.clone());
        let mut greetings = super::server::lock(&self.greetings);
        while greetings.try_join_next().is_some() {}
        greetings.spawn(async move {
            if let Ok(Some(line)) = timeout(PATIENCE, greeter.greet(stream)).await {
                let _ = lines.send(line.numbered(number)).await;
            }
        });
    }
}

impl Greeter {
    /// Finds out what a client speaks: TLS begins with 22, `CONNECT` with a letter that no other method has.
    async fn greet(&self, stream: TcpStream) -> Option<ClientConnection> {
        let mut first = [0];
        stream.peek(&mut first).await.ok()?;
        match first {
            [22] if self.tls == Tls::On => {
                let acceptor = self.authority.acceptor(&["127.0.0.1", "localhost"]).ok()?;
                acceptor.accept(stream).await.ok().map(ClientConnection::tls)
            }
            [b'C'] => {
                let (stream, host) = proxy::accept(stream).await?;
                let acceptor = self.authority.acceptor(&[host.as_str()]).ok()?;
                acceptor.accept(stream).await.ok().map(ClientConnection::tunnel)
            }
            [22 | 0] => None,
            _ if self.tls == Tls::On => None,
            _ => Some(ClientConnection::plain(stream)),
        }
    }
}
