//! What is told of requests and waits while they last.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::error::Method;
use crate::api::lock::LockKind;
use crate::domain::ServerText;

/// Hears what the client does, so that someone can be told.
pub trait Observer: Send + Sync {
    /// A wait begins that is long enough to wonder about.
    fn waiting(&self, wait: &Wait);
    /// A wait that was told of goes on for so long.
    fn still_waiting(&self, _wait: &Wait, _left: Duration) {}
    /// A wait that was told of is over.
    fn waited(&self) {}
    /// True if [`Observer::still_sending`] is to be called.
    fn watches_requests(&self) -> bool {
        false
    }
    /// A request is not answered yet; called again and again.
    fn still_sending(&self) {}
    /// A request that was told of has ended.
    fn sent(&self) {}
    /// A try ended.
    fn answered(&self, exchange: &Exchange);
}

/// A wait that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// How long.
    pub duration: Duration,
    /// Why.
    pub reason: WaitReason,
    /// Which try failed, from 1.
    pub attempt: u32,
}

/// Why the client waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitReason {
    /// The client's own budget is used up.
    Budget,
    /// The API said how long.
    Told(String),
    /// The API or the network failed; back-off.
    BackOff(String),
    /// An answer was lost, and the list may show later what came of it.
    Looking,
    /// Another process of this user holds a lock.
    Lock(LockKind),
}

/// One try, for the log: no query, no header, no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The status, or what happened instead.
    pub outcome: Result<u16, String>,
    /// How long it took.
    pub took: Duration,
    /// Which try, from 1.
    pub attempt: u32,
    /// The answer's request id.
    pub request_id: Option<ServerText>,
    /// The server's time.
    pub date: Option<Timestamp>,
    /// Who issued the server's certificate; `None` if there is none.
    pub issuer: Option<ServerText>,
}

/// Who waits for an answer wonders after this time.
const NOTICEABLE: Duration = Duration::from_millis(300);
/// How often it is told that a request is still under way.
const TICK: Duration = Duration::from_millis(100);

/// Waits for a request, and tells the observer if that takes long. By the time of the machine and not by the client's clock:
/// nothing but what is shown depends on it.
pub(in crate::api) async fn watched<F: Future>(observer: &dyn Observer, request: F) -> F::Output {
    if !observer.watches_requests() {
        return request.await;
    }
    tokio::pin!(request);
    let mut pause = NOTICEABLE;
    loop {
        tokio::select! {
            biased;
            answer = &mut request => {
                observer.sent();
                return answer;
            }
            () = tokio::time::sleep(pause) => observer.still_sending(),
        }
        pause = TICK;
    }
}
