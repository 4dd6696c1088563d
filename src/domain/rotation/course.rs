//! What a rotation and its rollback have in common: how a write goes on and ends, and how long the last look waits.

use std::time::Duration;

use jiff::Timestamp;

use super::effect::{Effect, Event};
use super::outcome::Cause;
use super::request::last_look_after;
use super::write::{Progress, Write, WriteResult};
use crate::domain::KeyId;

/// What a run has sent so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    /// The server's time, at the newest step.
    pub(super) now: Timestamp,
    /// Whether a write may have changed the tenant, or a text was handed over; creations aside.
    pub(super) touched: bool,
    /// When a write was sent whose answer was lost: it may land for as long as a request may be under way.
    lost: Option<Timestamp>,
}

impl Sent {
    /// Returns how long the last look waits, and whether that is for a write that may still land.
    pub(super) fn wait(&mut self, settle: Duration, timeout: Duration) -> (Duration, bool) {
        let time = last_look_after(settle);
        let Some(sent) = self.lost.take() else { return (time, false) };
        let over = sent.saturating_add(timeout).unwrap_or(self.now);
        let left = u64::try_from(over.as_second() - self.now.as_second()).unwrap_or_default();
        (time.max(Duration::from_secs(left)), true)
    }
}

/// A run that writes, and looks last.
pub(super) trait Course {
    /// Where it is: what its last effect was for.
    type At;

    fn sent(&mut self) -> &mut Sent;

    fn go(&mut self, at: Self::At, effect: Effect) -> Effect;

    fn stop(&mut self, cause: Cause) -> Effect;

    /// Takes a write one step on: its next effect, or its end.
    #[expect(clippy::result_large_err, reason = "the end of a write is taken apart at once")]
    fn advance(
        &mut self,
        mut write: Box<Write>,
        event: Event,
        at: impl FnOnce(Box<Write>) -> Self::At,
    ) -> Result<Effect, (Box<Write>, WriteResult)> {
        let progress = write.step(event);
        let sent = self.sent();
        if write.is_lost() {
            sent.lost.get_or_insert(sent.now);
        }
        match progress {
            Progress::Go(effect) => {
                sent.touched |= effect.writes();
                Ok(self.go(at(write), effect))
            }
            Progress::End(end) => Err((write, end)),
        }
    }

    /// Ends a run whose write did not come to what was meant.
    fn not_written(&mut self, end: &WriteResult, id: &KeyId) -> Effect {
        let id = id.clone();
        self.stop(match end {
            WriteResult::Refused => Cause::WriteRefused(Some(id)),
            WriteResult::NotRead => Cause::Unread,
            WriteResult::NotHeld(_) | WriteResult::Held(_) | WriteResult::Other(_) => Cause::NotKept(id),
            WriteResult::Gone | WriteResult::Unsettled => Cause::Unsettled(id),
        })
    }
}
