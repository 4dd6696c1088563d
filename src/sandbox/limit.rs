//! The vendor's rate limit: 20 reads and 10 writes in 10 seconds, counted from the first call.
//!
//! # Source
//!
//! The vendor's page "Rate limiting" of ZPA: the window starts at the first call, and bursts inside it
//! are allowed.

use std::time::{Duration, Instant};

const READS: u32 = 20;
const WRITES: u32 = 10;
const WINDOW_SECONDS: u32 = 10;

/// The budget of a client that never meets the limit, as `READS/WRITES/SECONDS`.
pub(super) fn budget(time_scale: u32) -> String {
    format!("{READS}/{WRITES}/{}", WINDOW_SECONDS.div_ceil(time_scale.max(1)))
}

/// The counts of one sandbox: of all requests, or of each front door apart.
#[derive(Debug)]
pub(super) struct DoorLimits {
    pub(super) all: RateLimiter,
    pub(super) legacy: RateLimiter,
}

impl DoorLimits {
    pub(super) fn new(time_scale: u32) -> Self {
        Self { all: RateLimiter::new(time_scale), legacy: RateLimiter::new(time_scale) }
    }
}

#[derive(Debug)]
pub(super) struct RateLimiter {
    length: Duration,
    reads: Window,
    writes: Window,
}

#[derive(Debug, Default)]
struct Window {
    started: Option<Instant>,
    taken: u32,
}

impl RateLimiter {
    pub(super) fn new(time_scale: u32) -> Self {
        Self {
            length: Duration::from_secs(WINDOW_SECONDS.into()) / time_scale.max(1),
            reads: Window::default(),
            writes: Window::default(),
        }
    }

    /// Counts a request; `Err` is the time to wait, in whole seconds, when it is one too many.
    pub(super) fn take(&mut self, is_read: bool, now: Instant) -> Result<(), u64> {
        let (window, most) = if is_read { (&mut self.reads, READS) } else { (&mut self.writes, WRITES) };
        let elapsed = window.started.map(|started| now.saturating_duration_since(started));
        match elapsed {
            Some(elapsed) if elapsed < self.length => {
                if window.taken >= most {
                    let left = self.length.saturating_sub(elapsed);
                    return Err(left.as_secs() + u64::from(left.subsec_nanos() > 0));
                }
                window.taken += 1;
            }
            _ => *window = Window { started: Some(now), taken: 1 },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_starts_at_the_first_call_and_tells_the_rest_of_it() {
        let mut limits = RateLimiter::new(1);
        let start = Instant::now();
        for _ in 0..20 {
            assert_eq!(limits.take(true, start), Ok(()));
        }
        assert_eq!(limits.take(true, start + Duration::from_millis(5500)), Err(5));
        assert_eq!(limits.take(false, start), Ok(()), "writes are counted apart");
        assert_eq!(limits.take(true, start + Duration::from_secs(10)), Ok(()));
    }
}
