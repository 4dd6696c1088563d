//! What becomes of a signal that asks the program to end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::End;

/// How the program ends when someone asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ShutdownMode {
    #[default]
    AtOnce,
    /// The program that this one runs ends, and this one after it.
    LeftToChild,
    /// The command hears the signals itself, and ends when what it holds is put away.
    LeftToCommand,
    /// Before the next write, so that it can be told what was done; at once where it is asked again.
    BeforeNextWrite,
}

/// How the program ends, and whether it was asked to.
#[derive(Debug, Default)]
pub struct Shutdown {
    state: Mutex<ShutdownState>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct ShutdownState {
    manner: ShutdownMode,
    asked: Option<End>,
    /// How many writes are under way.
    writes: usize,
}

/// A write under way, until this is dropped. A hang-up lets it finish.
#[derive(Debug)]
pub struct WriteUnderWay<'a>(&'a Shutdown);

impl Drop for WriteUnderWay<'_> {
    fn drop(&mut self) {
        self.0.lock().writes -= 1;
    }
}

impl Shutdown {
    /// Says how the program ends from now on.
    pub fn set(&self, manner: ShutdownMode) {
        self.lock().manner = manner;
    }

    /// Says that a write begins.
    pub fn begin_write(&self) -> WriteUnderWay<'_> {
        self.lock().writes += 1;
        WriteUnderWay(self)
    }

    /// Notes that the end is asked for; returns true if that is to be at once. At a hang-up, a write that is under way
    /// is finished: no one waits at the terminal any more, and only its answer tells whether it was carried out.
    pub fn ask(&self, end: End) -> bool {
        let mut state = self.lock();
        let may_finish =
            state.manner == ShutdownMode::BeforeNextWrite || end == End::HangUp && state.writes > 0;
        let is_heard_elsewhere =
            matches!(state.manner, ShutdownMode::LeftToChild | ShutdownMode::LeftToCommand);
        let at_once = if is_heard_elsewhere {
            false
        } else if state.asked.is_none() && may_finish {
            state.asked = Some(end);
            false
        } else {
            true
        };
        drop(state);
        self.changed.notify_waiters();
        at_once
    }

    /// Returns the end that writes are to stop for, where one was asked for.
    pub fn asked(&self) -> Option<End> {
        self.lock().asked
    }

    /// Waits until writes are to stop, and returns why.
    pub async fn wait(&self) -> End {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // A signal between the look and the wait is heard.
            changed.as_mut().enable();
            if let Some(end) = self.asked() {
                return end;
            }
            changed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, ShutdownState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_ends_at_once_unless_told_otherwise() {
        let ending = Shutdown::default();
        assert!(ending.ask(End::Interrupt));
        assert_eq!(ending.asked(), None);
    }

    #[test]
    fn a_write_under_way_is_finished_at_a_hang_up_and_at_no_other_signal() {
        let ending = Shutdown::default();
        let write = ending.begin_write();
        assert!(ending.ask(End::Interrupt) && ending.asked().is_none());
        assert!(!ending.ask(End::HangUp));
        assert_eq!(ending.asked(), Some(End::HangUp));
        assert!(ending.ask(End::HangUp));
        drop(write);
        let ending = Shutdown::default();
        drop(ending.begin_write());
        assert!(ending.ask(End::HangUp));
    }

    #[test]
    fn a_child_that_has_the_signals_ends_first_however_often_it_is_asked() {
        let ending = Shutdown::default();
        ending.set(ShutdownMode::LeftToChild);
        assert!(!ending.ask(End::Terminate) && !ending.ask(End::Terminate));
        assert_eq!(ending.asked(), None);
    }

    #[tokio::test]
    async fn writes_stop_at_the_first_asking_and_the_program_at_the_second() {
        let ending = Shutdown::default();
        ending.set(ShutdownMode::BeforeNextWrite);
        assert!(!ending.ask(End::Terminate));
        assert_eq!(ending.asked(), Some(End::Terminate));
        ending.wait().await;
        assert!(ending.ask(End::Interrupt));
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_it() {
        let ending = Shutdown::default();
        ending.set(ShutdownMode::BeforeNextWrite);
        let asked = async { assert!(!ending.ask(End::Interrupt)) };
        tokio::join!(ending.wait(), asked);
    }
}
