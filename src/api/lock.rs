//! Locks between processes of one user. The process that holds one may have been stopped, or be the child of one that was
//! killed, so that a lock is waited for by the command's clock, told after a second, and done without in the end.

use std::io;
use std::time::Duration;

use super::pacing::{Observer, SILENT, Wait, WaitReason};
use crate::host::Clock;

/// The interval between two tries to take a lock.
const STEP: Duration = Duration::from_millis(20);

/// What a lock keeps other processes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// Writing the same key.
    Key,
    /// Signing in with the same credential.
    SignIn,
    /// Counting requests in the shared budget.
    Budget,
}

/// How a lock is waited for.
pub(super) struct LockWait<'a> {
    pub(super) kind: LockKind,
    /// How long it is waited for in all.
    pub(super) patience: Duration,
    pub(super) clock: &'a dyn Clock,
    pub(super) observer: &'a dyn Observer,
}

impl LockWait<'_> {
    /// Takes a lock. `None` if there can be no lock, or if another process does not give it back in time.
    pub(super) async fn take<L>(self, try_take: impl Fn() -> io::Result<Option<L>>) -> Option<L> {
        let begun = self.clock.monotonic();
        let mut is_told = false;
        let lock = loop {
            match try_take() {
                Ok(None) => {}
                Ok(lock) => break lock,
                Err(_) => break None,
            }
            let waited = self.clock.monotonic().saturating_sub(begun);
            if waited >= self.patience {
                break None;
            }
            if waited > SILENT && !is_told {
                is_told = true;
                tell(self.observer, self.kind, self.patience.saturating_sub(waited));
            }
            self.clock.sleep(STEP).await;
        };
        if is_told {
            self.observer.waited();
        }
        lock
    }
}

/// Tells that a lock is waited for, and for how long at most.
pub(super) fn tell(observer: &dyn Observer, kind: LockKind, left: Duration) {
    observer.waiting(&Wait { duration: left, reason: WaitReason::Lock(kind), attempt: 1 });
}
