//! The client's own budget: so many reads and writes in any window, by this process and, where a ledger is given, by
//! all of this user's.
//!
//! A sliding window, not a leaky bucket: a bucket would let twice the number into the server's first window. A
//! request occupies its place until a window after its *answer*: the server's window begins when the first
//! request arrives, and the time of sending is too early.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::error::Method;
use super::ledger::{Ledger, Ticket};
use crate::host::Clock;

/// How long a request that waits for others in flight waits before it looks again.
const IN_FLIGHT: Duration = Duration::from_millis(20);

/// The budget, which may be off.
pub(super) struct Budget {
    window: Duration,
    reads: Option<Lane>,
    writes: Option<Lane>,
    ledger: Option<Ledger>,
}

struct Lane {
    size: usize,
    places: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    next: u64,
    taken: Vec<(u64, Option<Duration>)>,
}

/// A place in the window, taken by a request in flight. Dropping it notes that the answer arrived, or that no one
/// waits for one any more.
pub(super) struct Slot {
    budget: Arc<Budget>,
    method: Method,
    number: Option<u64>,
    ticket: Option<Ticket>,
    clock: Arc<dyn Clock>,
}

impl Slot {
    /// Gives the place back: the request never left this machine, so the server did not count it.
    pub(super) fn give_back(mut self) {
        if let (Some(number), Some(lane)) = (self.number.take(), self.budget.lane(self.method)) {
            lane.lock().taken.retain(|(taken, _)| *taken != number);
        }
        if let (Some(ticket), Some(ledger)) = (self.ticket.take(), &self.budget.ledger) {
            ledger.give_back(ticket, self.clock.as_ref());
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let (Some(number), Some(lane)) = (self.number, self.budget.lane(self.method)) else { return };
        let now = self.clock.monotonic();
        if let Some(entry) = lane.lock().taken.iter_mut().find(|(taken, _)| *taken == number) {
            entry.1 = Some(now);
        }
        if let (Some(ticket), Some(ledger)) = (self.ticket, &self.budget.ledger) {
            ledger.note(ticket, self.clock.as_ref());
        }
    }
}

impl Budget {
    pub(super) fn off() -> Self {
        Self { window: Duration::ZERO, reads: None, writes: None, ledger: None }
    }

    pub(super) fn window(reads: u32, writes: u32, window: Duration) -> Self {
        let lane = |size: u32| {
            Some(Lane {
                size: usize::try_from(size).unwrap_or(usize::MAX),
                places: Mutex::new(Slots::default()),
            })
        };
        Self { window, reads: lane(reads), writes: lane(writes), ledger: None }
    }

    /// Shares it with other processes. The own window stays: it holds where the ledger cannot be had.
    pub(super) fn shared(self, ledger: Option<Ledger>) -> Self {
        Self { ledger, ..self }
    }

    /// Takes a place, or says how long to wait before asking again.
    pub(super) fn take(self: &Arc<Self>, method: Method, clock: &Arc<dyn Clock>) -> Result<Slot, Duration> {
        let place = |number, ticket| Slot {
            budget: Arc::clone(self),
            method,
            number,
            ticket,
            clock: Arc::clone(clock),
        };
        let Some(lane) = self.lane(method) else { return Ok(place(None, None)) };
        let now = clock.monotonic();
        let mut places = lane.lock();
        let is_taken = |answered: Duration| answered.saturating_add(self.window) > now;
        places.taken.retain(|(_, answered)| answered.is_none_or(is_taken));
        if places.taken.len() < lane.size {
            // Nothing is taken here before there is a place among all.
            let take = |ledger: &Ledger| ledger.take(method, lane.size, clock.as_ref());
            let ticket = self.ledger.as_ref().map(take).transpose()?;
            let number = places.next;
            places.next += 1;
            places.taken.push((number, None));
            return Ok(place(Some(number), ticket));
        }
        let first_free = places.taken.iter().filter_map(|(_, answered)| *answered).min();
        Err(first_free.map_or(IN_FLIGHT, |answered| {
            answered.saturating_add(self.window).saturating_sub(now).max(Duration::from_millis(1))
        }))
    }

    /// Returns how long another process has held what is shared, and how long that is waited for in all.
    pub(super) fn busy_for(&self, clock: &dyn Clock) -> Option<(Duration, Duration)> {
        self.ledger.as_ref()?.busy_for(clock)
    }

    fn lane(&self, method: Method) -> Option<&Lane> {
        if method.is_read() { self.reads.as_ref() } else { self.writes.as_ref() }
    }
}

impl Lane {
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;

    use super::super::ledger::LOOK_AGAIN;
    use super::*;
    use crate::host::PrivateDir;

    /// A clock that is set by hand.
    struct Hand(Mutex<Duration>);

    impl Clock for Hand {
        fn now(&self) -> jiff::Timestamp {
            let since = jiff::SignedDuration::try_from(self.monotonic()).unwrap();
            jiff::Timestamp::UNIX_EPOCH + since
        }

        fn monotonic(&self) -> Duration {
            *self.0.lock().unwrap()
        }

        fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }
    }

    fn clock() -> (Arc<Hand>, Arc<dyn Clock>) {
        let hand = Arc::new(Hand(Mutex::new(Duration::ZERO)));
        (Arc::clone(&hand), hand)
    }

    /// Takes a place once no one has the shared file. A child that another test starts has it from its fork until its
    /// exec.
    fn take(budget: &Arc<Budget>, clock: &Arc<dyn Clock>) -> Result<Slot, Duration> {
        for _ in 0..500 {
            match budget.take(Method::Get, clock) {
                Err(LOOK_AGAIN) => std::thread::sleep(LOOK_AGAIN),
                outcome => return outcome,
            }
        }
        panic!("the shared file is never free");
    }

    fn set(hand: &Hand, seconds: u64) {
        *hand.0.lock().unwrap() = Duration::from_secs(seconds);
    }

    #[test]
    fn a_place_is_free_again_a_window_after_its_answer() {
        let (hand, clock) = clock();
        let budget = Arc::new(Budget::window(2, 1, Duration::from_secs(10)));
        let first = budget.take(Method::Get, &clock).unwrap_or_else(|_| panic!("no place"));
        let second = budget.take(Method::Get, &clock).unwrap_or_else(|_| panic!("no place"));
        assert_eq!(budget.take(Method::Get, &clock).err(), Some(IN_FLIGHT));
        set(&hand, 3);
        drop(first);
        set(&hand, 5);
        drop(second);
        set(&hand, 6);
        assert_eq!(budget.take(Method::Get, &clock).err(), Some(Duration::from_secs(7)));
        set(&hand, 13);
        drop(budget.take(Method::Get, &clock));
        set(&hand, 14);
        assert_eq!(budget.take(Method::Get, &clock).err(), Some(Duration::from_secs(1)));
    }

    #[test]
    fn reads_and_writes_have_lanes_of_their_own() {
        let (_, clock) = clock();
        let budget = Arc::new(Budget::window(1, 1, Duration::from_secs(10)));
        drop(budget.take(Method::Get, &clock));
        assert!(budget.take(Method::Get, &clock).is_err());
        drop(budget.take(Method::Put, &clock));
        assert!(budget.take(Method::Delete, &clock).is_err());
    }

    #[test]
    fn what_another_process_keeps_back_is_not_taken_here_either() {
        let (hand, clock) = clock();
        let home = tempfile::tempdir().unwrap();
        let window = Duration::from_secs(10);
        let process = || {
            let directory = PrivateDir::new(home.path().to_owned());
            let ledger = Ledger::new(directory, ["https://api.example.net", "1"], window, window);
            Arc::new(Budget::window(2, 1, window).shared(Some(ledger)))
        };
        let (one, other) = (process(), process());
        drop((take(&other, &clock), take(&other, &clock)));
        set(&hand, 4);
        for _ in 0..3 {
            let told = take(&one, &clock).err();
            assert_eq!(told, Some(Duration::from_secs(6) + Duration::from_micros(1)));
        }
        set(&hand, 11);
        let both = (take(&one, &clock), take(&one, &clock));
        assert!(both.0.is_ok() && both.1.is_ok(), "its own window counted what was refused");
        assert_eq!(take(&other, &clock).err(), Some(window));
    }

    #[test]
    fn what_never_left_this_machine_takes_no_place() {
        let (_, clock) = clock();
        let home = tempfile::tempdir().unwrap();
        let window = Duration::from_secs(10);
        let process = || {
            let directory = PrivateDir::new(home.path().to_owned());
            let ledger = Ledger::new(directory, ["https://api.example.net", "1"], window, window);
            Arc::new(Budget::window(2, 1, window).shared(Some(ledger)))
        };
        let (one, other) = (process(), process());
        for _ in 0..9 {
            take(&one, &clock).unwrap_or_else(|_| panic!("no place")).give_back();
        }
        let both = (take(&other, &clock), take(&one, &clock));
        assert!(both.0.is_ok() && both.1.is_ok());
        assert!(take(&one, &clock).is_err(), "what was sent counts");
    }

    #[test]
    fn no_budget_never_waits() {
        let (_, clock) = clock();
        let budget = Arc::new(Budget::off());
        assert!((0..1000).all(|_| budget.take(Method::Post, &clock).is_ok()));
    }
}
