//! The client's own budget: so many reads and writes in any window.
//!
//! A sliding window, not a leaky bucket: a bucket would let twice the number into the server's first window. A
//! request occupies its place until a window after its *answer*: the server's window begins when the first
//! request arrives, and the time of sending is too early.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::error::Method;
use crate::host::Clock;

/// How long a request that waits for others in flight waits before it looks again.
const IN_FLIGHT: Duration = Duration::from_millis(20);

/// The budget; none where it is off.
pub(super) struct Budget {
    window: Duration,
    reads: Option<Lane>,
    writes: Option<Lane>,
}

struct Lane {
    size: usize,
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    next: u64,
    taken: Vec<(u64, Option<Duration>)>,
}

/// A place in the window, taken by a request in flight. Dropping it notes that the answer arrived, or that nobody
/// waits for one any more.
pub(super) struct Place<'a> {
    window: Option<(&'a Lane, u64)>,
    clock: &'a Arc<dyn Clock>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some((lane, number)) = self.window else { return };
        let now = self.clock.monotonic();
        if let Some(entry) = lane.lock().taken.iter_mut().find(|(taken, _)| *taken == number) {
            entry.1 = Some(now);
        }
    }
}

impl Budget {
    pub(super) fn off() -> Self {
        Self { window: Duration::ZERO, reads: None, writes: None }
    }

    pub(super) fn window(reads: u32, writes: u32, window: Duration) -> Self {
        let lane = |size: u32| {
            Some(Lane {
                size: usize::try_from(size).unwrap_or(usize::MAX),
                places: Mutex::new(Places::default()),
            })
        };
        Self { window, reads: lane(reads), writes: lane(writes) }
    }

    /// Takes a place, or says how long to wait before asking again.
    pub(super) fn take<'a>(
        &'a self,
        method: Method,
        clock: &'a Arc<dyn Clock>,
    ) -> Result<Place<'a>, Duration> {
        let Some(lane) = self.lane(method) else { return Ok(Place { window: None, clock }) };
        let now = clock.monotonic();
        let mut places = lane.lock();
        places.taken.retain(|(_, answered)| answered.is_none_or(|answered| answered + self.window > now));
        if places.taken.len() < lane.size {
            let number = places.next;
            places.next += 1;
            places.taken.push((number, None));
            return Ok(Place { window: Some((lane, number)), clock });
        }
        let first_free = places.taken.iter().filter_map(|(_, answered)| *answered).min();
        Err(first_free.map_or(IN_FLIGHT, |answered| {
            (answered + self.window).saturating_sub(now).max(Duration::from_millis(1))
        }))
    }

    fn lane(&self, method: Method) -> Option<&Lane> {
        if method.is_read() { self.reads.as_ref() } else { self.writes.as_ref() }
    }
}

impl Lane {
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;

    use super::*;

    /// A clock that is set by hand.
    struct Hand(Mutex<Duration>);

    impl Clock for Hand {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::UNIX_EPOCH
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

    fn set(hand: &Hand, seconds: u64) {
        *hand.0.lock().unwrap() = Duration::from_secs(seconds);
    }

    #[test]
    fn a_place_is_free_again_a_window_after_its_answer() {
        let (hand, clock) = clock();
        let budget = Budget::window(2, 1, Duration::from_secs(10));
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
        let budget = Budget::window(1, 1, Duration::from_secs(10));
        drop(budget.take(Method::Get, &clock));
        assert!(budget.take(Method::Get, &clock).is_err());
        drop(budget.take(Method::Put, &clock));
        assert!(budget.take(Method::Delete, &clock).is_err());
    }

    #[test]
    fn no_budget_never_waits() {
        let (_, clock) = clock();
        let budget = Budget::off();
        assert!((0..1000).all(|_| budget.take(Method::Post, &clock).is_ok()));
    }
}
