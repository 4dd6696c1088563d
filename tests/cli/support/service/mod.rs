//! A server that plays the token endpoint and the API of both front doors, and checks every field of a sign-in.
//!
//! The emulator takes a sign-in that is good enough; this one takes the exact one and nothing else. Its API has no
//! keys. What it answers can be told, so that it plays everybody who may stand in its place, too.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

pub mod exchange;
pub mod grant;

use std::{
    io::{BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use zpakey::sandbox::SECRET_MARKER;

pub use self::{
    exchange::{Answer, Received},
    grant::ApiClient,
};
use super::{arguments::Arguments, certificates::Identity, home::Home, run::Run};

const CUSTOMER: &str = "216199618143191040";

/// The server, with a home whose programs know the way to it.
pub struct Service {
    home: Home,
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
}

struct Shared {
    client: ApiClient,
    state: Mutex<State>,
}

struct State {
    received: Vec<Received>,
    refusals: Vec<String>,
    /// What is answered instead, to a path that contains this: the next one first, and the last one always.
    told: Vec<(String, Vec<Answer>)>,
    lifetime: Value,
    /// The tokens that are good, which is only the API's to say.
    good: Vec<String>,
    issued: usize,
    has_ended: bool,
}

impl Service {
    pub fn start(client: ApiClient) -> Self {
        Self::listen(client, None)
    }

    /// The same over TLS, with this certificate.
    pub fn over_tls(client: ApiClient, identity: &Identity) -> Self {
        Self::listen(client, Some(identity.server_config()))
    }

    /// The same over TLS, set up in another way.
    pub fn with_tls(client: ApiClient, config: Arc<ServerConfig>) -> Self {
        Self::listen(client, Some(config))
    }

    fn listen(client: ApiClient, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            received: Vec::new(),
            refusals: Vec::new(),
            told: Vec::new(),
            lifetime: json!(3600),
            good: Vec::new(),
            issued: 0,
            has_ended: false,
        };
        let shared = Arc::new(Shared { client, state: Mutex::new(state) });
        let scheme = if tls.is_some() { "https" } else { "http" };
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if accepting.state.lock().unwrap().has_ended {
                    return;
                }
                let (shared, tls) = (Arc::clone(&accepting), tls.clone());
                thread::spawn(move || match tls {
                    None => shared.serve(stream),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        shared.serve(StreamOwned::new(connection, stream));
                    }
                });
            }
        });
        Self { home: Home::new(), address, scheme, shared }
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The part of each address before the path.
    pub fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address.port())
    }

    /// The program with the variables that lead here, and with the client's secret where it has one.
    pub fn zpakey(&self, arguments: impl Arguments) -> Run {
        let client = &self.shared.client;
        let run = self.without_credential(arguments);
        match client {
            ApiClient::OneApiSecret { id, secret } => {
                run.env("ZSCALER_CLIENT_ID", id).env("ZSCALER_CLIENT_SECRET", secret)
            }
            ApiClient::OneApiKey { id, .. } => run.env("ZSCALER_CLIENT_ID", id),
            ApiClient::Legacy { id, secret } => run.env("ZPA_CLIENT_ID", id).env("ZPA_CLIENT_SECRET", secret),
        }
    }

    /// The program with the variables that lead here, and nothing to sign in with.
    pub fn without_credential(&self, arguments: impl Arguments) -> Run {
        let run = Run::new(&self.home, arguments)
            .env("ZPAKEY_API_URL", self.url())
            .env("ZPAKEY_RATE_LIMIT", "off")
            .env("ZPA_CUSTOMER_ID", CUSTOMER);
        match &self.shared.client {
            ApiClient::Legacy { .. } => run.env("ZSCALER_USE_LEGACY_CLIENT", "true"),
            ApiClient::OneApiSecret { .. } | ApiClient::OneApiKey { .. } => {
                run.env("ZPAKEY_TOKEN_URL", format!("{}{}", self.url(), self.shared.client.path()))
            }
        }
    }

    /// The lines of a profile that leads here, without a credential.
    pub fn profile_lines(&self) -> String {
        let door = match &self.shared.client {
            ApiClient::Legacy { .. } => "auth = 'legacy'\n".to_owned(),
            ApiClient::OneApiSecret { .. } | ApiClient::OneApiKey { .. } => {
                format!("token_url = '{}{}'\n", self.url(), self.shared.client.path())
            }
        };
        format!("api_url = '{}'\ncustomer_id = '{CUSTOMER}'\nrate_limit = 'off'\n{door}", self.url())
    }

    /// From now on, requests whose path contains `part` get these answers: one each, and the last one for all that
    /// follow.
    pub fn tell(&self, part: &str, answers: impl IntoIterator<Item = Answer>) {
        let answers: Vec<Answer> = answers.into_iter().collect();
        assert!(!answers.is_empty(), "nothing to tell");
        let mut state = self.shared.state.lock().unwrap();
        state.told.retain(|(known, _)| known != part);
        state.told.push((part.to_owned(), answers));
    }

    /// From now on, the service itself answers.
    pub fn tell_nothing(&self) {
        self.shared.state.lock().unwrap().told.clear();
    }

    /// What `expires_in` of the next tokens is; `null` leaves it out.
    pub fn set_lifetime(&self, expires_in: Value) {
        self.shared.state.lock().unwrap().lifetime = expires_in;
    }

    /// No token that was given is good any more.
    pub fn end_tokens(&self) {
        self.shared.state.lock().unwrap().good.clear();
    }

    /// What arrived, in order.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state.lock().unwrap().received.clone()
    }

    /// How often somebody signed in, or tried to.
    pub fn sign_ins(&self) -> usize {
        let path = self.shared.client.path();
        self.received().iter().filter(|request| request.path() == path).count()
    }

    /// How many requests for something else arrived.
    pub fn calls(&self) -> usize {
        self.received().len() - self.sign_ins()
    }

    /// Why sign-ins and calls were refused.
    pub fn refusals(&self) -> Vec<String> {
        self.shared.state.lock().unwrap().refusals.clone()
    }

    pub fn forget(&self) {
        let mut state = self.shared.state.lock().unwrap();
        state.received.clear();
        state.refusals.clear();
    }
}

/// How each front door refuses a token.
///
/// # Source
/// Recorded for `OneAPI`; for the legacy API the vendor's page on response codes.
fn unauthorized(client: &ApiClient) -> Answer {
    let body = match client {
        ApiClient::Legacy { .. } => json!({"id": "access.denied", "reason": "Access denied"}),
        ApiClient::OneApiSecret { .. } | ApiClient::OneApiKey { .. } => {
            json!({"detail": "unauthorized", "type": "", "title": "", "status": ""})
        }
    };
    Answer::new(401, body)
}

impl Drop for Service {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap().has_ended = true;
        // The listener waits for somebody.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, stream: impl Read + Write) {
        let mut stream = BufReader::new(stream);
        while let Some(request) = Received::read(&mut stream) {
            let answer = self.answer(&request);
            if answer.write(stream.get_mut()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, request: &Received) -> Answer {
        let mut state = self.state.lock().unwrap();
        state.received.push(request.clone());
        let mut told = state.told.iter_mut();
        if let Some((_, answers)) = told.find(|(part, _)| request.target.contains(part.as_str())) {
            return if answers.len() > 1 { answers.remove(0) } else { answers.first().unwrap().clone() };
        }
        if request.path() == self.client.path() {
            return self.token(&mut state, request);
        }
        match self.check_call(&state.good, request) {
            Ok(()) => Answer::new(200, json!({"totalPages": "0", "totalCount": "0", "list": []})),
            Err(why) => {
                state.refusals.push(why);
                unauthorized(&self.client)
            }
        }
    }

    fn token(&self, state: &mut State, request: &Received) -> Answer {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        if let Err(why) = grant::check(&self.client, request, now) {
            let answer = Answer::new(400, json!({"id": "invalid_request", "reason": why}));
            state.refusals.push(why);
            return answer;
        }
        state.issued += 1;
        let token = format!("{SECRET_MARKER}-token-{}", state.issued);
        state.good.push(token.clone());
        let body = if state.lifetime.is_null() {
            json!({"access_token": token, "token_type": "Bearer"})
        } else {
            json!({"access_token": token, "token_type": "Bearer", "expires_in": state.lifetime})
        };
        Answer::new(200, body)
    }

    fn check_call(&self, good: &[String], request: &Received) -> Result<(), String> {
        let prefix = format!("{}v1/admin/customers/{CUSTOMER}/", self.client.prefix());
        if !request.path().starts_with(&prefix) {
            return Err(format!("{} is below no customer", request.path()));
        }
        if request.header("accept").as_deref() != Some("application/json") {
            return Err("accept is not application/json".to_owned());
        }
        let authorization = request.header("authorization").unwrap_or_default();
        let token = authorization.strip_prefix("Bearer ").ok_or("there is no bearer token")?;
        if good.iter().any(|known| known == token) { Ok(()) } else { Err("the token is not good".to_owned()) }
    }
}
