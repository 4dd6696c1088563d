//! The journal of what arrived.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use tokio::sync::Notify;
use url::form_urlencoded;

use super::{
    call::Reply,
    server::{Server, lock},
};

/// A request that arrived at the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without the question mark; empty when there was none.
    pub query: String,
    /// Whether the request had an `Authorization` header.
    pub has_authorization: bool,
    /// The headers as sent, names in small letters, without `authorization`; `host` is that of HTTP/2, too.
    pub headers: Vec<(String, String)>,
    /// The body as sent; in the body of a sign-in the secret values are replaced by `removed`.
    pub body: String,
    /// The status that was answered; `None` while there is no answer, and when there was none.
    pub status: Option<u16>,
    /// Whether the sandbox does not know the path, and answered with an empty page or 404.
    pub unknown: bool,
    /// Which connection it came by, of those that were accepted, from 1.
    pub connection: u64,
    /// When it had arrived, whole.
    pub arrived: Instant,
    /// When its answer was ready; `None` while there is no answer, and when there was none.
    pub answered: Option<Instant>,
    pub(super) ordinal: u64,
}

/// Removes the values of a sign-in's form that are secret.
pub(super) fn without_secrets(form: &str) -> String {
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(form.as_bytes()) {
        let secret = matches!(name.as_ref(), "client_secret" | "client_assertion");
        kept.append_pair(&name, if secret { "removed" } else { &value });
    }
    kept.finish()
}

/// How many requests are remembered at most.
const MOST_ENTRIES: usize = 20_000;

#[derive(Debug, Default)]
pub(super) struct RequestJournal {
    entries: Mutex<Vec<Recorded>>,
    /// Method and path of what nothing is known of, each once.
    unknown: Mutex<Vec<String>>,
    /// Rings when there is another one.
    more_unknown: Notify,
}

/// Tells of each request that the sandbox knows nothing of, when it comes for the first time: `GET /path`.
#[derive(Debug)]
pub struct UnknownPaths {
    server: Arc<Server>,
    told: usize,
}

impl UnknownPaths {
    pub(super) const fn new(server: Arc<Server>) -> Self {
        Self { server, told: 0 }
    }

    /// Waits for the next method and path.
    pub async fn next(&mut self) -> String {
        let journal = &self.server.journal;
        loop {
            let rung = journal.more_unknown.notified();
            if let Some(path) = journal.unknown_paths().get(self.told) {
                self.told += 1;
                return path.clone();
            }
            rung.await;
        }
    }
}

impl RequestJournal {
    pub(super) fn add(&self, entry: Recorded) {
        let mut entries = lock(&self.entries);
        // A sandbox that is served for days does not grow without end.
        if entries.len() >= MOST_ENTRIES {
            entries.drain(..MOST_ENTRIES / 2);
        }
        entries.push(entry);
    }

    pub(super) fn answered(&self, ordinal: u64, answer: &Reply) {
        let mut entries = lock(&self.entries);
        let Some(entry) = entries.iter_mut().rev().find(|entry| entry.ordinal == ordinal) else { return };
        entry.status = Some(answer.status);
        entry.answered = Some(Instant::now());
        entry.unknown = answer.is_unknown;
        let mut unknown = lock(&self.unknown);
        let request = format!("{} {}", entry.method, entry.path);
        if answer.is_unknown && !unknown.contains(&request) {
            unknown.push(request);
            self.more_unknown.notify_waiters();
        }
    }

    pub(super) fn unknown_paths(&self) -> Vec<String> {
        lock(&self.unknown).clone()
    }

    pub(super) fn all(&self) -> Vec<Recorded> {
        lock(&self.entries).clone()
    }

    pub(super) fn clear(&self) {
        lock(&self.entries).clear();
    }
}
