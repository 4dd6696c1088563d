//! This machine's clock against the server's, and what else the answers tell by the way.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{Finding, in_order, skipped, to_look_after};
use crate::api::{Exchange, Observer, Wait};
use crate::context::{Context, Reporter};
use crate::domain::ServerText;
use crate::error::{CommandError, ErrorKind};
use crate::host::Clock;
use crate::output::Check;

/// A clock may be off by so much before it is worth a word, and before it is wrong. Unit: seconds.
const NOTICEABLE: i64 = 5;
const WRONG: i64 = 60;

/// Hears of each answer, passes that on, and keeps what it tells of the clock and the connection.
pub(super) struct Watch {
    reporter: Arc<Reporter>,
    clock: Arc<dyn Clock>,
    seen: Mutex<Seen>,
}

#[derive(Clone, Default)]
pub(super) struct Seen {
    /// How far this machine's clock is ahead of the server's, by the first answer. Unit: seconds.
    pub(super) ahead: Option<i64>,
    pub(super) issuers: BTreeSet<ServerText>,
}

impl Watch {
    pub(super) fn new(ctx: &Context) -> Arc<Self> {
        Arc::new(Self {
            reporter: Arc::clone(&ctx.reporter),
            clock: Arc::clone(&ctx.clock),
            seen: Mutex::default(),
        })
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Observer for Watch {
    fn waiting(&self, wait: &Wait) {
        self.reporter.waiting(wait);
    }

    fn still_waiting(&self, wait: &Wait, left: Duration) {
        self.reporter.still_waiting(wait, left);
    }

    fn waited(&self) {
        self.reporter.waited();
    }

    fn answered(&self, exchange: &Exchange) {
        self.reporter.answered(exchange);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let (None, Some(date)) = (seen.ahead, exchange.date) {
            let took = i64::try_from(exchange.took.as_secs()).unwrap_or(i64::MAX);
            seen.ahead = Some(ahead(self.clock.now(), date, took));
        }
        seen.issuers.extend(exchange.issuer.clone());
    }
}

/// Tells how far a clock is ahead of the server's, which told its time while an answer was on its way: of what that
/// leaves possible, the least.
fn ahead(now: Timestamp, date: Timestamp, took: i64) -> i64 {
    let most = now.as_second().saturating_sub(date.as_second());
    let least = most.saturating_sub(took);
    if least > 0 { least } else { most.min(0) }
}

/// Says how far this machine's clock is off.
pub(super) fn check(ctx: &Context, ahead: Option<i64>) -> Finding {
    const CHECK: Check = Check::Clock;
    let Some(seconds) = ahead else { return skipped(CHECK, "no answer told the time").into() };
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    let message = format!("this machine's clock is {} s {side} the server's", seconds.abs());
    match seconds.abs() {
        off if off > WRONG => {
            let error = CommandError::new(ErrorKind::InvalidConfig, message)
                .detail("a certificate or the assertion of a private key looks expired, or not valid yet")
                .hint("timedatectl set-ntp true   lets the network set it");
            Finding::failed(ctx, CHECK, error)
        }
        off if off > NOTICEABLE => to_look_after(CHECK, &message).into(),
        _ => in_order(CHECK, &format!("within {NOTICEABLE} s of the server's")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_by_no_more_than_the_answer_leaves_possible() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(ahead(at(1_000), at(1_000), 0), 0);
        assert_eq!(ahead(at(1_100), at(1_000), 2), 98);
        assert_eq!(ahead(at(1_020), at(1_000), 30), 0);
        assert_eq!(ahead(at(900), at(1_000), 30), -100);
    }
}
