//! A server that offers HTTP/2 and refuses each request over it, as one does behind a proxy that inspects TLS.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::{BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::support::{
    Answer, Home, Received, Run,
    certificates::{Identity, Validity},
};

type Stream = StreamOwned<ServerConnection, TcpStream>;

/// HTTP/2's number for `HTTP_1_1_REQUIRED`.
const HTTP_1_1_REQUIRED: u8 = 13;

/// The server, and what arrived: over HTTP/2 without a path, over HTTP/1.1 with one.
struct Server {
    home: Home,
    port: u16,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let identity = Identity::self_signed(&["localhost"], Validity::Now);
        let home = Home::new();
        home.write("server.pem", &identity.pem);
        let mut config = ServerConfig::clone(&identity.server_config());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let config = Arc::new(config);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&log);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (config, log) = (Arc::clone(&config), Arc::clone(&shared));
                thread::spawn(move || {
                    serve(StreamOwned::new(ServerConnection::new(config).unwrap(), stream), &log);
                });
            }
        });
        Self { home, port, log }
    }

    fn zpakey(&self, line: &str) -> Run {
        let url = format!("https://localhost:{}", self.port);
        self.home
            .zpakey(format!("{line} --cacert server.pem --max-wait 5s"))
            .env("ZPAKEY_API_URL", &url)
            .env("ZPAKEY_TOKEN_URL", format!("{url}/oauth2/v1/token"))
            .env("ZPAKEY_RATE_LIMIT", "off")
            .env("ZPA_CUSTOMER_ID", "216199618143191040")
            .env("ZSCALER_CLIENT_ID", "acme-client")
            .env("ZSCALER_CLIENT_SECRET", "s3cret")
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

fn serve(mut stream: Stream, log: &Mutex<Vec<String>>) {
    while stream.conn.is_handshaking() {
        if stream.conn.complete_io(&mut stream.sock).is_err() {
            return;
        }
    }
    if stream.conn.alpn_protocol() == Some(b"h2") {
        let _ = refuse_http2(&mut stream, log);
    } else {
        answer_http1(stream, log);
    }
}

/// Resets each request's stream.
fn refuse_http2(stream: &mut Stream, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    const HEADERS: u8 = 1;
    let mut preface = [0; 24];
    stream.read_exact(&mut preface)?;
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0])?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let [a, b, c, kind, _, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload)?;
        if kind == HEADERS {
            log.lock().unwrap().push("HTTP/2".to_owned());
            let mut reset = vec![0, 0, 4, 3, 0];
            reset.extend(id);
            reset.extend([0, 0, 0, HTTP_1_1_REQUIRED]);
            stream.write_all(&reset)?;
            stream.flush()?;
        }
    }
}

fn answer_http1(stream: Stream, log: &Mutex<Vec<String>>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = Received::read(&mut stream) {
        log.lock().unwrap().push(format!("HTTP/1.1 {} {}", request.method, last_of(request.path())));
        let body: Value = match (request.method.as_str(), last_of(request.path())) {
            ("POST", "token") => json!({"access_token": "a.b.c", "expires_in": 3600}),
            (_, "provisioningKey") => json!({"totalPages": "1", "totalCount": "0", "list": []}),
            _ => json!({}),
        };
        if Answer::new(200, body).write(stream.get_mut()).is_err() {
            return;
        }
    }
}

fn last_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[test]
fn a_server_that_requires_http1_is_asked_once_more_over_it_and_then_always() {
    let server = Server::start();
    server.zpakey("list --type connector -o json").run().code(0).stdout_is("[]\n");
    let log = server.log();
    // Two connections may be opened at once: one for the token, one for the API.
    let refused = log.iter().filter(|line| *line == "HTTP/2").count();
    assert!((1..=2).contains(&refused), "{log:?}");
    let answered: Vec<&String> = log.iter().filter(|line| *line != "HTTP/2").collect();
    assert_eq!(answered, ["HTTP/1.1 POST token", "HTTP/1.1 GET provisioningKey"]);
}
