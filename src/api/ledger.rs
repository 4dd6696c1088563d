//! What all processes of one user on one machine have sent to one customer, in a file, so that together they keep to
//! the budget.
//!
//! Each request is an entry, with the time of day of its answer, or of its beginning and the number of its process
//! while it is in flight. Every process applies its own limits to all entries. Whatever is wrong with the file costs
//! the sharing and nothing else: each process has its own window as well, and what the server refuses is sent again.
//!
//! Nothing here waits: a file that another process has at this moment is left for a later look, and one that is never
//! given back (its process was stopped) is done without.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::Method;
use crate::host::{Clock, PrivateDir, SharedFile, is_running};

/// The form of the file.
const VERSION: u32 = 1;
/// How many entries of a lane are kept. A budget that is larger is shared up to that.
const MOST: usize = 1000;
/// When a file that another process has is looked at again: that one needs it for some microseconds.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(2);
/// How long the file is waited for before a request goes without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The file of one customer at one address.
pub(super) struct Ledger {
    directory: PrivateDir,
    name: String,
    window: Micros,
    timeout: Micros,
    memory: Mutex<Memory>,
}

/// Unit: microseconds; a point in time since the Unix epoch, UTC.
type Micros = i64;

/// What this process has to remember.
#[derive(Default)]
struct Memory {
    /// Since when others have had the file whenever it was looked at.
    busy_since: Option<Duration>,
    /// Answers that came while others had the file.
    unnoted: Vec<(Ticket, Micros)>,
    /// Requests that never left this machine, given back while others had the file.
    withdrawn: Vec<Ticket>,
}

/// A request's place in the file; none is there where the file could not be had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    method: Method,
    id: u64,
}

#[derive(Serialize, Deserialize)]
struct LedgerPage {
    version: u32,
    reads: Vec<LedgerEntry>,
    writes: Vec<LedgerEntry>,
}

#[derive(Serialize, Deserialize)]
struct LedgerEntry {
    id: u64,
    /// The process that waits for the answer; none once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    /// When the answer came, or when the request began.
    at: Micros,
}

/// What opening the file came to.
enum Opened {
    Ours(SharedFile, LedgerPage),
    Busy,
    Unusable,
}

impl Ledger {
    /// Names the file of a customer at an address. The window and the longest that a request may take are those of
    /// this process; they are applied to the others' requests too.
    pub(super) fn new(
        directory: PrivateDir,
        identity: [&str; 2],
        window: Duration,
        timeout: Duration,
    ) -> Self {
        let name = format!("{}.json", PrivateDir::name_of(&identity));
        let (window, timeout) = (micros(window), micros(timeout));
        Self { directory, name, window, timeout, memory: Mutex::default() }
    }

    /// Takes a place among the requests of all processes, or says how long to wait before asking again. There is one
    /// where the file cannot be had.
    pub(super) fn take(&self, method: Method, size: usize, clock: &dyn Clock) -> Result<Ticket, Duration> {
        let ticket = Ticket { method, id: fastrand::u64(..) };
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now(clock);
        let (file, mut page) = match self.open(&mut memory, now) {
            Opened::Ours(file, page) => (file, page),
            Opened::Busy => {
                let monotonic = clock.monotonic();
                let since = *memory.busy_since.get_or_insert(monotonic);
                let waited = monotonic.saturating_sub(since);
                return if waited < PATIENCE { Err(LOOK_AGAIN) } else { Ok(ticket) };
            }
            Opened::Unusable => return Ok(ticket),
        };
        let lane = page.lane(method);
        let outcome = if lane.len() < size {
            lane.push(LedgerEntry { id: ticket.id, pid: Some(std::process::id()), at: now });
            Ok(ticket)
        } else {
            Err(self.wait(lane, size, now))
        };
        // Also where there is no place: that a process is gone, and when this was seen, holds for the others too.
        page.save(file);
        outcome
    }

    /// Returns how long other processes have held the file, and how long it is waited for in all.
    pub(super) fn busy_for(&self, clock: &dyn Clock) -> Option<(Duration, Duration)> {
        let since = self.memory.lock().unwrap_or_else(PoisonError::into_inner).busy_since?;
        Some((clock.monotonic().saturating_sub(since), PATIENCE))
    }

    /// Notes that the answer came, or that no one waits for it any more.
    pub(super) fn note(&self, ticket: Ticket, clock: &dyn Clock) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        // Of the microsecond that has begun, the end counts.
        let now = now(clock).saturating_add(1);
        memory.unnoted.retain(|(_, at)| at.saturating_add(self.window) > now);
        memory.unnoted.push((ticket, now));
        // What is noted too late does no harm: the end of this process, too, says that no one waits.
        if let Opened::Ours(file, page) = self.open(&mut memory, now) {
            page.save(file);
        }
    }

    /// Takes a request out again that never left this machine.
    pub(super) fn give_back(&self, ticket: Ticket, clock: &dyn Clock) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        match self.open(&mut memory, now(clock)) {
            Opened::Ours(file, mut page) => {
                page.withdraw(ticket);
                page.save(file);
            }
            Opened::Busy => memory.withdrawn.push(ticket),
            Opened::Unusable => {}
        }
    }

    /// Opens the file and brings it up to date; what is not of its form counts as empty.
    fn open(&self, memory: &mut Memory, now: Micros) -> Opened {
        let file = match self.directory.share(&self.name) {
            Ok(Some(file)) => file,
            Ok(None) => return Opened::Busy,
            Err(_) => return Opened::Unusable,
        };
        memory.busy_since = None;
        let Ok(bytes) = file.read() else { return Opened::Unusable };
        let page = serde_json::from_slice(&bytes).ok().filter(|page: &LedgerPage| page.version == VERSION);
        let mut page = page.unwrap_or(LedgerPage { version: VERSION, reads: Vec::new(), writes: Vec::new() });
        for (ticket, at) in memory.unnoted.drain(..) {
            page.note(ticket, at);
        }
        for ticket in memory.withdrawn.drain(..) {
            page.withdraw(ticket);
        }
        for lane in [&mut page.reads, &mut page.writes] {
            self.settle(lane, now);
        }
        Opened::Ours(file, page)
    }

    /// Brings a lane up to date: who is answered, who is gone, and whose time is over.
    fn settle(&self, lane: &mut Vec<LedgerEntry>, now: Micros) {
        for entry in lane.iter_mut() {
            // Where the clock was set back, "just now" is late enough and ends within a window.
            entry.at = entry.at.min(now.saturating_add(1));
            let Some(pid) = entry.pid else { continue };
            let end = entry.at.saturating_add(self.timeout);
            if end <= now {
                // A request in flight does not take longer: its process is stopped, or another one has its number.
                *entry = LedgerEntry { pid: None, at: end, ..*entry };
            } else if !is_running(pid) {
                *entry = LedgerEntry { pid: None, at: now, ..*entry };
            }
        }
        lane.retain(|entry| entry.pid.is_some() || entry.at.saturating_add(self.window) > now);
        let surplus = lane.len().saturating_sub(MOST);
        lane.drain(..surplus);
    }

    /// Returns when a full lane has a place, at the earliest.
    fn wait(&self, lane: &[LedgerEntry], size: usize, now: Micros) -> Duration {
        let mut answered: Vec<Micros> =
            lane.iter().filter(|entry| entry.pid.is_none()).map(|entry| entry.at).collect();
        answered.sort_unstable();
        // Others may have a larger budget; then more than one place has to become free. What is still in flight keeps
        // its place for a whole window from now, at least.
        let at = answered.get(lane.len() - size).copied().unwrap_or(now);
        let left = at.saturating_add(self.window).saturating_sub(now);
        Duration::from_micros(left.try_into().unwrap_or(0)).max(Duration::from_millis(1))
    }
}

impl LedgerPage {
    fn lane(&mut self, method: Method) -> &mut Vec<LedgerEntry> {
        if method.is_read() { &mut self.reads } else { &mut self.writes }
    }

    fn note(&mut self, ticket: Ticket, at: Micros) {
        let lane = self.lane(ticket.method);
        // One that was sent without a place, or whose place was lost, counts all the same.
        lane.retain(|entry| entry.id != ticket.id);
        lane.push(LedgerEntry { id: ticket.id, pid: None, at });
    }

    fn withdraw(&mut self, ticket: Ticket) {
        self.lane(ticket.method).retain(|entry| entry.id != ticket.id);
    }

    fn save(&self, file: SharedFile) {
        // What cannot be kept is not shared.
        if let Ok(bytes) = serde_json::to_vec(self) {
            let _ = file.rewrite(&bytes);
        }
    }
}

fn now(clock: &dyn Clock) -> Micros {
    clock.now().as_microsecond()
}

fn micros(duration: Duration) -> Micros {
    Micros::try_from(duration.as_micros()).unwrap_or(Micros::MAX)
}

#[cfg(test)]
mod tests;
