//! Collects what a program writes while it runs.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    io::Read,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

/// The bytes that were written so far, by a stream that is read on a thread of its own.
#[derive(Clone, Default)]
pub struct Collector {
    shared: Arc<(Mutex<Written>, Condvar)>,
}

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    ended: bool,
}

impl Collector {
    pub fn start(mut stream: impl Read + Send + 'static) -> Self {
        let collector = Self::default();
        let shared = Arc::clone(&collector.shared);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                // A pseudo-terminal whose last process has ended answers with an error instead of an end.
                let length = stream.read(&mut buffer).unwrap_or(0);
                let mut written = shared.0.lock().unwrap();
                written.bytes.extend(buffer.iter().take(length));
                written.ended = length == 0;
                shared.1.notify_all();
                if length == 0 {
                    return;
                }
            }
        });
        collector
    }

    /// Returns what was written so far.
    pub fn so_far(&self) -> Vec<u8> {
        self.shared.0.lock().unwrap().bytes.clone()
    }

    /// Waits until `look` finds in what was written what it looks for; nothing where it does not in time, or
    /// the stream ends before.
    pub fn wait_for<T>(&self, limit: Duration, look: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        self.wait(limit, |written| match look(&written.bytes) {
            Some(found) => Some(Some(found)),
            None if written.ended => Some(None),
            None => None,
        })
        .flatten()
    }

    /// Waits for the end of the stream and returns all of it; nothing where it does not end in time.
    pub fn wait_for_end(&self, limit: Duration) -> Option<Vec<u8>> {
        self.wait(limit, |written| written.ended.then(|| written.bytes.clone()))
    }

    fn wait<T>(&self, limit: Duration, look: impl Fn(&Written) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut written = self.shared.0.lock().unwrap();
        loop {
            if let Some(found) = look(&written) {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            written = self.shared.1.wait_timeout(written, left).unwrap().0;
        }
    }
}
