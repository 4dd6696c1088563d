//! What becomes of a signal that asks the program to end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::End;

/// How the program ends when somebody asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Manner {
    /// At once.
    #[default]
    AtOnce,
    /// The program that this one runs ends, and this one after it.
    LeftToChild,
    /// Before the next write, so that it can be told what was done; at once where it is asked again.
    BeforeNextWrite,
}

/// How the program ends, and whether it was asked to.
#[derive(Debug, Default)]
pub struct Ending {
    state: Mutex<(Manner, Option<End>)>,
    changed: Notify,
}

impl Ending {
    /// Says how the program ends from now on.
    pub fn set(&self, manner: Manner) {
        self.lock().0 = manner;
    }

    /// Notes that somebody asks for the end; tells whether that is to be at once.
    #[must_use]
    pub fn ask(&self, end: End) -> bool {
        let mut state = self.lock();
        let at_once = match *state {
            (Manner::AtOnce, _) | (Manner::BeforeNextWrite, Some(_)) => true,
            (Manner::LeftToChild, _) => false,
            (Manner::BeforeNextWrite, None) => {
                state.1 = Some(end);
                false
            }
        };
        drop(state);
        self.changed.notify_waiters();
        at_once
    }

    /// Returns the end that writes are to stop for, where one was asked for.
    #[must_use]
    pub fn asked(&self) -> Option<End> {
        self.lock().1
    }

    /// Waits until writes are to stop.
    pub async fn wait(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Whoever asks between the look and the wait is heard.
            changed.as_mut().enable();
            if self.asked().is_some() {
                return;
            }
            changed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, (Manner, Option<End>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_ends_at_once_unless_told_otherwise() {
        let ending = Ending::default();
        assert!(ending.ask(End::Interrupt));
        assert_eq!(ending.asked(), None);
    }

    #[test]
    fn a_child_that_has_the_signals_ends_first_however_often_it_is_asked() {
        let ending = Ending::default();
        ending.set(Manner::LeftToChild);
        assert!(!ending.ask(End::Terminate) && !ending.ask(End::Terminate));
        assert_eq!(ending.asked(), None);
    }

    #[tokio::test]
    async fn writes_stop_at_the_first_asking_and_the_program_at_the_second() {
        let ending = Ending::default();
        ending.set(Manner::BeforeNextWrite);
        assert!(!ending.ask(End::Terminate));
        assert_eq!(ending.asked(), Some(End::Terminate));
        ending.wait().await;
        assert!(ending.ask(End::Interrupt));
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_it() {
        let ending = Ending::default();
        ending.set(Manner::BeforeNextWrite);
        let asked = async { assert!(!ending.ask(End::Interrupt)) };
        tokio::join!(ending.wait(), asked);
    }
}
