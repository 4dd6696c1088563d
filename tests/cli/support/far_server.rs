//! A TCP proxy that makes a server far away, and counts the round trips that a client waits for.
//!
//! Each chunk takes a fixed time either way, and a connection a round trip before its first byte. What is counted is not that
//! time but the longest chain of what could depend on each other: a chunk of the client's is behind all that the client
//! had received by then, on any connection, and a chunk of a server's behind all that the server had received on its
//! connection. A machine that is slow can make such a chain longer, and never shorter.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

/// How long a chunk takes, either way.
const DELAY: Duration = Duration::from_millis(60);

/// The longest chain that has reached the client. Unit: ways, of which two are a round trip.
#[derive(Clone, Default)]
pub struct RoundTrips(Arc<Mutex<Chain>>);

#[derive(Default)]
struct Chain {
    ways: u32,
    /// Which run it belongs to. What reaches a client that has ended does not count.
    run: u32,
}

impl RoundTrips {
    /// Counts from zero again, for another run of the client.
    pub fn begin(&self) {
        let mut chain = self.0.lock().unwrap();
        *chain = Chain { ways: 0, run: chain.run + 1 };
    }

    pub fn count(&self) -> f64 {
        f64::from(self.0.lock().unwrap().ways) / 2.0
    }
}

/// The client's end of a connection.
struct ClientEnd {
    trips: RoundTrips,
    run: u32,
    /// The shortest chain behind its first chunk.
    opened: u32,
}

impl ClientEnd {
    fn new(trips: &RoundTrips) -> Self {
        let chain = trips.0.lock().unwrap();
        Self { trips: trips.clone(), run: chain.run, opened: chain.ways + 2 }
    }

    fn ways(&self) -> u32 {
        self.trips.0.lock().unwrap().ways.max(self.opened)
    }

    fn receive(&self, ways: u32) {
        let mut chain = self.trips.0.lock().unwrap();
        if chain.run == self.run {
            chain.ways = chain.ways.max(ways);
        }
    }
}

/// The proxy.
pub struct FarServer {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    has_ended: Arc<AtomicBool>,
}

/// A chunk under way: when it arrives, how long the chain behind it is then, and what it is.
struct Chunk {
    due: Instant,
    ways: u32,
    bytes: Vec<u8>,
}

impl FarServer {
    /// Leads to a server. Proxies of one client share the round trips.
    pub fn to(upstream: SocketAddr, trips: &RoundTrips) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let far = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            has_ended: Arc::default(),
        };
        let (connections, has_ended) = (Arc::clone(&far.connections), Arc::clone(&far.has_ended));
        let trips = trips.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if has_ended.load(Ordering::SeqCst) {
                    return;
                }
                connections.fetch_add(1, Ordering::SeqCst);
                serve(stream, upstream, &trips);
            }
        });
        far
    }

    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for FarServer {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::SeqCst);
        // The listener waits for a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(client: TcpStream, upstream: SocketAddr, trips: &RoundTrips) {
    let end = Arc::new(ClientEnd::new(trips));
    let server = TcpStream::connect(upstream).unwrap();
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let received = Arc::new(AtomicU32::new(0));
    let (at_client, at_server) = (Arc::clone(&end), Arc::clone(&received));
    let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    carry(
        from_client,
        server,
        2 * DELAY,
        move || at_client.ways(),
        move |ways| {
            at_server.fetch_max(ways, Ordering::SeqCst);
        },
    );
    carry(
        from_server,
        client,
        Duration::ZERO,
        move || received.load(Ordering::SeqCst),
        move |ways| {
            end.receive(ways);
        },
    );
}

/// Carries one direction of a connection, whose first chunk takes so much longer.
fn carry(
    mut from: TcpStream,
    mut to: TcpStream,
    first_takes: Duration,
    behind: impl Fn() -> u32 + Send + 'static,
    arrives: impl Fn(u32) + Send + 'static,
) {
    let (sender, receiver) = mpsc::channel::<Chunk>();
    let ready = Instant::now() + first_takes;
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let chunk = Chunk {
                due: Instant::now().max(ready) + DELAY,
                ways: behind() + 1,
                bytes: buffer.get(..length).unwrap().to_vec(),
            };
            if sender.send(chunk).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        for chunk in receiver {
            thread::sleep(chunk.due.saturating_duration_since(Instant::now()));
            arrives(chunk.ways);
            if to.write_all(&chunk.bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
