//! A network on which every message takes its time, another one each, the same for the same seed.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// The most that a message takes, each way. Unit: milliseconds.
const SLOWEST: u64 = 12;

/// Numbers that look like chance, the same for the same seed: `SplitMix64`.
pub struct Seed(pub u64);

impl Seed {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// Passes on what it gets, later.
pub struct SlowNetwork {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
}

impl SlowNetwork {
    /// Leads to a server on this machine.
    pub fn start(url: &str, seed: u64) -> Self {
        let server: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let seed = Arc::new(Mutex::new(Seed(seed)));
        let ended = Arc::clone(&is_over);
        thread::spawn(move || {
            for client in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(client) = client else { return };
                let Ok(server) = TcpStream::connect(server) else { return };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let seed = Arc::clone(&seed);
                    thread::spawn(move || pass_on(from, to, &seed));
                }
            }
        });
        Self { address, is_over }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for SlowNetwork {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes it, so that it sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, seed: &Mutex<Seed>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let time = seed.lock().unwrap().below(SLOWEST + 1);
        thread::sleep(Duration::from_millis(time));
        if buffer.get(..length).is_none_or(|part| to.write_all(part).is_err()) {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
