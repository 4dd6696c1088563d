//! One question for all keys of a command.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was asked and agreed to for several keys together.
#[derive(Debug, Default)]
pub struct JointConsent(Mutex<JointState>);

#[derive(Debug, Default)]
enum JointState {
    /// Each question is asked when it comes.
    #[default]
    None,
    /// Questions are collected, and none is answered.
    Collecting(Vec<CollectedQuestion>),
    Granted(Vec<String>),
}

/// A question about one key among several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectedQuestion {
    subject: String,
    /// What is about to happen.
    pub about: String,
    /// Whether a word must be typed, and not just `y`.
    pub needs_word: bool,
}

impl CollectedQuestion {
    /// Makes a question whose answer counts for this `subject`.
    pub fn new(subject: &str, about: &str, needs_word: bool) -> Self {
        Self { subject: subject.to_owned(), about: about.to_owned(), needs_word }
    }
}

impl JointConsent {
    /// Collects questions from now on.
    pub fn begin(&self) {
        *self.lock() = JointState::Collecting(Vec::new());
    }

    /// Takes a question; returns false if none are collected.
    pub fn collect(&self, question: impl FnOnce() -> CollectedQuestion) -> bool {
        match &mut *self.lock() {
            JointState::Collecting(questions) => {
                questions.push(question());
                true
            }
            JointState::None | JointState::Granted(_) => false,
        }
    }

    pub fn is_collecting(&self) -> bool {
        matches!(*self.lock(), JointState::Collecting(_))
    }

    /// Ends the collection and returns it.
    pub fn take(&self) -> Vec<CollectedQuestion> {
        match std::mem::take(&mut *self.lock()) {
            JointState::Collecting(questions) => questions,
            JointState::None | JointState::Granted(_) => Vec::new(),
        }
    }

    /// Notes that all these were agreed to.
    pub fn grant(&self, questions: Vec<CollectedQuestion>) {
        *self.lock() = JointState::Granted(questions.into_iter().map(|question| question.subject).collect());
    }

    /// True if exactly this was agreed to: what has changed since is asked anew.
    pub fn covers(&self, subject: &str) -> bool {
        matches!(&*self.lock(), JointState::Granted(agreed) if agreed.iter().any(|one| one == subject))
    }

    pub fn is_granted(&self) -> bool {
        matches!(*self.lock(), JointState::Granted(_))
    }

    fn lock(&self) -> MutexGuard<'_, JointState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
