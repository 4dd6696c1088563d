//! A proxy that asks for a password: it tunnels to this machine, and notes what was asked of it.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::{BufRead, BufReader, Write, copy},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use base64::prelude::{BASE64_STANDARD, Engine};

/// The proxy; it lives as long as the test's process.
pub struct Tunnel {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// A proxy that lets in who has these credentials; everybody where there are none.
    pub fn start(credentials: Option<&str>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let expected = credentials.map(|text| format!("Basic {}", BASE64_STANDARD.encode(text)));
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (noted, expected) = (Arc::clone(&noted), expected.clone());
                thread::spawn(move || serve(stream, expected.as_deref(), &noted));
            }
        });
        Self { address, asked }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The hosts that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, expected: Option<&str>, noted: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    noted.lock().unwrap().push(target.clone());
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let given = headers.iter().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| value.to_owned())
    });
    if expected.is_some() && given.as_deref() != expected {
        let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
        return;
    }
    // A name leads to this machine whatever it is.
    let port: u16 = target.rsplit(':').next().unwrap_or_default().parse().unwrap_or_default();
    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return };
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
    let (mut from_client, mut to_server) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(std::net::Shutdown::Write);
    });
    let _ = copy(&mut server, &mut stream);
    let _ = stream.shutdown(std::net::Shutdown::Both);
}
