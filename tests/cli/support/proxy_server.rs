//! An HTTP proxy that may ask who comes, and leads every connection to one place.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::{self, BufReader, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use base64::prelude::{BASE64_STANDARD, Engine};

use super::service::exchange::Received;

/// The proxy.
pub struct ProxyServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: SocketAddr,
    /// Who may pass, as `user:password`; anybody where there is nobody.
    guests: Option<String>,
    /// What everybody is answered instead.
    told: Option<&'static str>,
    seen: Mutex<Vec<String>>,
    has_ended: Mutex<bool>,
}

impl ProxyServer {
    /// Leads everybody there.
    pub fn to(upstream: SocketAddr) -> Self {
        Self::start(upstream, None, None)
    }

    /// Leads those there who say that they are this, as `user:password`.
    pub fn asking(upstream: SocketAddr, guests: &str) -> Self {
        Self::start(upstream, Some(guests.to_owned()), None)
    }

    /// Answers everybody with these lines.
    pub fn telling(told: &'static str) -> Self {
        Self::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 9)), None, Some(told))
    }

    fn start(upstream: SocketAddr, guests: Option<String>, told: Option<&'static str>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared =
            Arc::new(Shared { upstream, guests, told, seen: Mutex::default(), has_ended: Mutex::default() });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if *accepting.has_ended.lock().unwrap() {
                    return;
                }
                let shared = Arc::clone(&accepting);
                // That a connection broke is the client's to tell.
                thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self { address, shared }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address, without anybody's name.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its address with a name and a password, as they stand in an address.
    pub fn url_for(&self, guest: &str) -> String {
        format!("http://{guest}@{}", self.address)
    }

    /// What was asked for, in order: `acme.zslogin.net:443 by user:password`.
    pub fn seen(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().clone()
    }
}

impl Drop for ProxyServer {
    fn drop(&mut self) {
        *self.shared.has_ended.lock().unwrap() = true;
        // The listener waits for somebody.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let Some(request) = Received::read(&mut reader) else { return Ok(()) };
        let guest = request.header("proxy-authorization").map(|text| {
            let encoded = text.strip_prefix("Basic ").unwrap_or("").to_owned();
            String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap_or_default()).unwrap_or_default()
        });
        let by = guest.as_ref().map_or_else(String::new, |guest| format!(" by {guest}"));
        let method = if request.method == "CONNECT" { String::new() } else { format!("{} ", request.method) };
        self.seen.lock().unwrap().push(format!("{method}{}{by}", request.target));
        let mut stream = reader.into_inner();
        if let Some(told) = self.told {
            return stream.write_all(told.as_bytes());
        }
        if self.guests.is_some() && guest != self.guests {
            let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                           proxy-authenticate: Basic realm=\"acme\"\r\ncontent-length: 0\r\n\r\n";
            return stream.write_all(refusal.as_bytes());
        }
        let upstream = TcpStream::connect(self.upstream)?;
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        let (there, back) = (upstream.try_clone()?, stream.try_clone()?);
        let away = thread::spawn(move || pump(stream, there));
        pump(upstream, back);
        let _ = away.join();
        Ok(())
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if to.write_all(buffer.get(..length).unwrap()).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
