//! The client's own budget: so many reads and writes in any window.
//!
//! A sliding window, not a leaky bucket: a bucket would let twice the number into the server's first window. A
//! request occupies its place until a window after its *answer*: the server's window begins when the first
//! request arrives, and the time of sending is too early.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::error::Method;

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

/// A place in the window, taken by a request in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u64);

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
    pub(super) fn take(&self, method: Method, now: Duration) -> Result<Place, Duration> {
        let Some(lane) = self.lane(method) else { return Ok(Place(0)) };
        let mut places = lane.lock();
        places.taken.retain(|(_, answered)| answered.is_none_or(|answered| answered + self.window > now));
        if places.taken.len() < lane.size {
            let place = places.next;
            places.next += 1;
            places.taken.push((place, None));
            return Ok(Place(place));
        }
        let first_free = places.taken.iter().filter_map(|(_, answered)| *answered).min();
        Err(first_free.map_or(IN_FLIGHT, |answered| {
            (answered + self.window).saturating_sub(now).max(Duration::from_millis(1))
        }))
    }

    /// Notes when a request's answer arrived.
    pub(super) fn answered(&self, method: Method, place: Place, now: Duration) {
        let Some(lane) = self.lane(method) else { return };
        let mut places = lane.lock();
        if let Some(entry) = places.taken.iter_mut().find(|(taken, _)| *taken == place.0) {
            entry.1 = Some(now);
        }
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
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_place_is_free_again_a_window_after_its_answer() {
        let budget = Budget::window(2, 1, at(10));
        let first = budget.take(Method::Get, at(0)).unwrap();
        let second = budget.take(Method::Get, at(0)).unwrap();
        assert_eq!(budget.take(Method::Get, at(0)), Err(IN_FLIGHT));
        budget.answered(Method::Get, first, at(3));
        budget.answered(Method::Get, second, at(5));
        assert_eq!(budget.take(Method::Get, at(6)), Err(at(7)));
        assert!(budget.take(Method::Get, at(13)).is_ok());
        assert_eq!(budget.take(Method::Get, at(14)), Err(at(1)));
    }

    #[test]
    fn reads_and_writes_have_lanes_of_their_own() {
        let budget = Budget::window(1, 1, at(10));
        assert!(budget.take(Method::Get, at(0)).is_ok());
        assert!(budget.take(Method::Put, at(0)).is_ok());
        assert!(budget.take(Method::Delete, at(0)).is_err());
    }

    #[test]
    fn no_budget_never_waits() {
        let budget = Budget::off();
        assert!((0..1000).all(|_| budget.take(Method::Post, at(0)).is_ok()));
    }
}
