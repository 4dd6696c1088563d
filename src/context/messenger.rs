//! Messages: what is said on stderr, and how much of it.

use std::sync::Arc;

use crate::api::{Exchange, Observer, Wait, WaitReason};
use crate::host::Streams;
use crate::output::{Glyphs, Look, Notice};

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chatter {
    /// Warnings and errors only.
    Warnings,
    /// What was done, too.
    Normal,
    /// Each request, too.
    Requests,
}

/// Writes messages to stderr.
pub struct Messenger {
    streams: Arc<Streams>,
    look: Look,
    chatter: Chatter,
}

impl Messenger {
    /// Says things on `streams`.
    #[must_use]
    pub const fn new(streams: Arc<Streams>, look: Look, chatter: Chatter) -> Self {
        Self { streams, look, chatter }
    }

    /// Says something, unless only warnings are wanted.
    pub fn say(&self, notice: &Notice) {
        let wanted = match notice {
            Notice::Warning(_) => true,
            Notice::Success(_) | Notice::Note(_) | Notice::Next(_) => self.chatter >= Chatter::Normal,
        };
        if wanted {
            self.streams.say(&notice.line(self.look));
        }
    }

    /// Says what a question is about; however quiet the rest is, a person who is asked must know.
    pub fn ask(&self, notice: &Notice) {
        self.streams.say(&notice.line(self.look));
    }

    /// Returns what stands between the parts of a line on stderr.
    #[must_use]
    pub const fn separator(&self) -> &'static str {
        self.look.glyphs.separator()
    }

    /// Returns what stands between an old and a new value on stderr.
    #[must_use]
    pub const fn arrow(&self) -> &'static str {
        self.look.glyphs.arrow()
    }

    /// Returns which symbols stderr can show.
    #[must_use]
    pub const fn glyphs(&self) -> Glyphs {
        self.look.glyphs
    }
}

impl Observer for Messenger {
    fn waiting(&self, wait: &Wait) {
        let seconds = wait.duration.as_secs_f64().ceil();
        let text = match &wait.reason {
            WaitReason::Budget => format!("waiting {seconds} s to stay within the rate limit"),
            WaitReason::Told(why) => format!("{why}; waiting {seconds} s as told (try {})", wait.attempt),
            WaitReason::BackOff(why) => format!("{why}; trying again in {seconds} s (try {})", wait.attempt),
            WaitReason::Looking => "looking whether the key was made after all".to_owned(),
        };
        self.say(&match wait.reason {
            WaitReason::Budget | WaitReason::Looking => Notice::Note(text),
            WaitReason::Told(_) | WaitReason::BackOff(_) => Notice::Warning(text),
        });
    }

    fn answered(&self, exchange: &Exchange) {
        if self.chatter < Chatter::Requests {
            return;
        }
        let outcome = match &exchange.outcome {
            Ok(status) => status.to_string(),
            Err(why) => why.clone(),
        };
        let request_id = exchange.request_id.as_deref().unwrap_or("-");
        self.say(&Notice::Note(format!(
            "{} {} {outcome} {} ms, try {}, request {request_id}",
            exchange.method,
            exchange.path,
            exchange.took.as_millis(),
            exchange.attempt
        )));
    }
}
