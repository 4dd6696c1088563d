//! How long many writes take: what the rate limit leaves, or longer where that is what was seen.

use std::time::Duration;

use crate::config::RateLimit;

/// How fast writes may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eta {
    /// How many writes fit in a window; `None` if there is no limit.
    window: Option<(usize, Duration)>,
}

impl Eta {
    /// Takes the pace of the client's own budget.
    pub fn of(limit: RateLimit) -> Self {
        let window = match limit {
            RateLimit::Window { writes, window, .. } => {
                Some((usize::try_from(writes).unwrap_or(usize::MAX), window))
            }
            RateLimit::Off => None,
        };
        Self { window: window.filter(|(writes, _)| *writes > 0) }
    }

    /// Returns how many writes are sent in one go.
    pub fn writes_at_once(self) -> usize {
        const WITHOUT_LIMIT: usize = 10;
        self.window.map_or(WITHOUT_LIMIT, |(writes, _)| writes)
    }

    /// Estimates how long the rest takes, in words; `None` if that is not worth saying.
    pub fn time_left(self, done: usize, total: usize, elapsed: Duration) -> Option<String> {
        let (writes, window) = self.window?;
        let windows = total.div_ceil(writes).saturating_sub(done / writes).saturating_sub(1);
        let by_budget = window.saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX));
        // Others may use the same budget; what one window shows is no measure yet.
        let seen = match (u32::try_from(done), u32::try_from(total.saturating_sub(done))) {
            (Ok(done), Ok(left)) if done as usize > writes => elapsed.saturating_mul(left) / done,
            _ => Duration::ZERO,
        };
        in_words(by_budget.max(seen)).map(|time| format!("{time} left"))
    }

    /// Estimates how long so many writes take, in words; `None` if that is not worth saying.
    pub fn time_for(self, total: usize) -> Option<String> {
        let (writes, window) = self.window?;
        let windows = total.div_ceil(writes).saturating_sub(1);
        in_words(window.saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX)))
    }
}

fn in_words(time: Duration) -> Option<String> {
    let seconds = time.as_secs_f64().round();
    match seconds {
        ..2.0 => None,
        ..90.0 => Some(format!("about {seconds} s")),
        _ => Some(format!("about {} min", (seconds / 60.0).round())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pace() -> Eta {
        Eta::of(RateLimit::Window { reads: 20, writes: 10, window: 10 * SECOND })
    }

    #[test]
    fn the_rest_takes_a_window_for_every_ten_writes_but_the_first() {
        let left = |done, total, elapsed: u32| pace().time_left(done, total, elapsed * SECOND);
        assert_eq!(left(0, 200, 0).as_deref(), Some("about 3 min left"));
        assert_eq!(left(0, 60, 0).as_deref(), Some("about 50 s left"));
        assert_eq!(left(12, 60, 10).as_deref(), Some("about 40 s left"));
        assert_eq!(left(0, 10, 0), None);
        assert_eq!(left(60, 60, 50), None);
    }

    #[test]
    fn what_was_seen_to_be_slower_counts() {
        assert_eq!(pace().time_left(20, 40, 60 * SECOND).as_deref(), Some("about 60 s left"));
        assert_eq!(pace().time_left(10, 40, 60 * SECOND).as_deref(), Some("about 20 s left"));
    }

    #[test]
    fn without_a_limit_nothing_is_known() {
        assert_eq!(Eta::of(RateLimit::Off).time_left(1, 200, SECOND), None);
        assert_eq!(Eta::of(RateLimit::Off).writes_at_once(), 10);
    }
}
