//! Messages: what is said on stderr, and how much of it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::eta::Eta;
use crate::api::{Exchange, LockKind, Observer, OddObject, Wait, WaitReason, Watcher};
use crate::domain::escape;
use crate::error::{self, Diagnosis};
use crate::host::{LineShape, Streams};
use crate::output::{Glyphs, Look, Notice};

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    Warnings,
    Normal,
    Requests,
}

/// Whether the last line of the terminal may show what goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusLine {
    Shown,
    /// Standard error is a log.
    Hidden,
}

pub struct Reporter {
    streams: Arc<Streams>,
    look: Look,
    chatter: Verbosity,
    status: StatusLine,
    work: Mutex<Option<Work>>,
    spinner: Spinner,
    /// Which of several tenants this is about.
    subject: Option<String>,
}

/// What is shown while an answer is awaited.
#[derive(Debug, Default)]
struct Spinner {
    is_wanted: bool,
    /// How often it was drawn.
    turns: AtomicUsize,
    is_drawn: AtomicBool,
}

const UNICODE_TURNS: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ASCII_TURNS: [&str; 4] = ["-", "\\", "|", "/"];

/// Work that takes longer is shown.
const NOTICEABLE: Duration = Duration::from_secs(2);

struct Work {
    done: usize,
    total: usize,
    pace: Eta,
    began: Instant,
    is_shown: bool,
}

impl Reporter {
    /// Says things on `streams`.
    pub const fn new(streams: Arc<Streams>, look: Look, chatter: Verbosity, status: StatusLine) -> Self {
        let spinner =
            Spinner { is_wanted: false, turns: AtomicUsize::new(0), is_drawn: AtomicBool::new(false) };
        Self { streams, look, chatter, status, work: Mutex::new(None), spinner, subject: None }
    }

    /// Shows a spinner while an answer is awaited, if there is a last line for it.
    pub fn with_spinner(mut self, is_wanted: bool) -> Self {
        self.spinner.is_wanted = is_wanted;
        self
    }

    /// Returns one that says what it says about one of several tenants, and has no last line, which they would share.
    pub fn about(&self, subject: Option<&str>) -> Self {
        let one = Self::new(Arc::clone(&self.streams), self.look, self.chatter, StatusLine::Hidden);
        Self { subject: subject.map(str::to_owned), ..one }
    }

    /// Tells whether it speaks for one of several tenants.
    pub const fn has_subject(&self) -> bool {
        self.subject.is_some()
    }

    /// Says something, unless only warnings are wanted.
    pub fn say(&self, notice: &Notice) {
        let wanted = match notice {
            Notice::Warning(_) => true,
            Notice::Success(_) | Notice::Note(_) | Notice::Next(_) => self.chatter >= Verbosity::Normal,
        };
        if wanted {
            let notice = match &self.subject {
                Some(subject) => &notice.clone().about(subject),
                None => notice,
            };
            self.streams.say(&notice.line(self.look));
        }
    }

    /// Says what failed, for a person who is asked again.
    pub fn say_error(&self, diagnosis: &Diagnosis) {
        self.streams.say(&error::text(diagnosis, self.look));
    }

    /// Says what a question is about; however quiet the rest is, a person who is asked must know.
    pub fn ask(&self, notice: &Notice) {
        self.streams.say(&notice.lines(self.look));
    }

    /// Begins to show how far the work on many keys is.
    pub fn begin_work(&self, total: usize, pace: Eta) {
        *self.work() = Some(Work { done: 0, total, pace, began: Instant::now(), is_shown: false });
        if self.is_shown() {
            self.show_work("");
        } else if let Some(time) = pace.time_for(total) {
            self.say(&Notice::Note(format!("{total} keys: {time} within the rate limit")));
        }
    }

    /// Notes that one more key is done.
    pub fn advance_work(&self) {
        if let Some(work) = &mut *self.work() {
            work.done += 1;
        }
        self.show_work("");
    }

    pub fn end_work(&self) {
        *self.work() = None;
        self.streams.clear();
    }

    /// Shows what goes on, as long as it lasts; where there is no last line for that, it is said once, by a `first` look.
    pub fn show(&self, what: &str, first: bool) {
        if self.is_shown() {
            self.show_work(what);
        } else if first {
            self.say(&Notice::Note(what.to_owned()));
        }
    }

    /// Shows nothing any more of what [`Reporter::show`] shows.
    pub fn shown(&self) {
        if self.work().is_none() {
            self.streams.clear();
        }
    }

    /// Returns how much is said.
    pub const fn verbosity(&self) -> Verbosity {
        self.chatter
    }

    /// Returns what stands between the parts of a line on stderr.
    pub const fn separator(&self) -> &'static str {
        self.look.glyphs.separator()
    }

    /// Returns what stands between an old and a new value on stderr.
    pub const fn arrow(&self) -> &'static str {
        self.look.glyphs.arrow()
    }

    /// Returns which symbols stderr can show.
    pub const fn glyphs(&self) -> Glyphs {
        self.look.glyphs
    }

    fn is_shown(&self) -> bool {
        self.status == StatusLine::Shown && self.chatter >= Verbosity::Normal
    }

    /// Shows how far the work is, and what it waits for; only that where there is no such work.
    fn show_work(&self, waits: &str) {
        if !self.is_shown() {
            return;
        }
        let waits = escape(waits);
        let separator = self.separator();
        let fill = self.fill();
        let mut work = self.work();
        let Some(work) = &mut *work else {
            return self.streams.show(LineShape::Line, fill, waits.into_owned());
        };
        let mut text = format!("{} of {}", work.done, work.total);
        let elapsed = work.began.elapsed();
        let left = work.pace.time_left(work.done, work.total, elapsed);
        // What is over at once needs no bar.
        work.is_shown |= !waits.is_empty() || left.is_some() || elapsed > NOTICEABLE;
        if !work.is_shown {
            return;
        }
        for part in [left.as_deref().unwrap_or_default(), &waits] {
            if !part.is_empty() {
                text = format!("{text}{separator}{part}");
            }
        }
        let [done, total] = [work.done, work.total].map(|count| count as u64);
        self.streams.show(LineShape::Bar { done, total }, fill, text);
    }

    /// Returns the characters of a bar: full, growing, empty.
    const fn fill(&self) -> &'static str {
        match self.glyphs() {
            Glyphs::Unicode => "━╸─",
            Glyphs::Ascii => "=>-",
        }
    }

    fn work(&self) -> MutexGuard<'_, Option<Work>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a wait as it is told: seconds, rounded up.
fn told(wait: &Wait, left: Duration) -> String {
    let seconds = left.as_secs_f64().ceil();
    match &wait.reason {
        WaitReason::Budget => format!("waiting {seconds} s to stay within the rate limit"),
        WaitReason::Told(why) => format!("{why}; waiting {seconds} s as told (try {})", wait.attempt),
        WaitReason::BackOff(why) => format!("{why}; trying again in {seconds} s (try {})", wait.attempt),
        WaitReason::Looking => "looking whether it was carried out after all".to_owned(),
        WaitReason::Lock(kind) => {
            let doing = match kind {
                LockKind::Key => "is writing this key",
                LockKind::SignIn => "is signing in",
                LockKind::Budget => "is counting its requests",
            };
            format!(
                "waiting up to {seconds} s for another run of zpakey that {doing}, then going on without its lock"
            )
        }
    }
}

impl Watcher for Reporter {
    fn odd(&self, odd: &OddObject) {
        self.say(&Notice::Warning(odd.to_string()));
    }
}

impl Observer for Reporter {
    fn waiting(&self, wait: &Wait) {
        let text = told(wait, wait.duration);
        match &wait.reason {
            // The line below says it, second by second, and nothing is wrong.
            WaitReason::Budget if self.is_shown() => {}
            WaitReason::Budget | WaitReason::Looking | WaitReason::Lock(_) => self.say(&Notice::Note(text)),
            WaitReason::Told(_) | WaitReason::BackOff(_) => self.say(&Notice::Warning(text)),
        }
    }

    fn still_waiting(&self, wait: &Wait, left: Duration) {
        let seconds = left.as_secs_f64().ceil();
        self.show_work(&match wait.reason {
            WaitReason::Budget => told(wait, left),
            WaitReason::Told(_) | WaitReason::BackOff(_) | WaitReason::Looking | WaitReason::Lock(_) => {
                format!("again in {seconds} s")
            }
        });
    }

    fn waited(&self) {
        if self.work().is_some() {
            self.show_work("");
        } else {
            self.streams.clear();
        }
    }

    fn watches_requests(&self) -> bool {
        self.spinner.is_wanted && self.is_shown()
    }

    fn still_sending(&self) {
        // A bar shows that the work goes on.
        if self.work().is_some() {
            return;
        }
        let turns: &[&str] = match self.glyphs() {
            Glyphs::Unicode => &UNICODE_TURNS,
            Glyphs::Ascii => &ASCII_TURNS,
        };
        let turn = self.spinner.turns.fetch_add(1, Ordering::Relaxed);
        let sign = turns.get(turn % turns.len()).copied().unwrap_or_default();
        self.spinner.is_drawn.store(true, Ordering::Relaxed);
        self.streams.show(LineShape::Line, self.fill(), format!("{sign} waiting for the API"));
    }

    fn sent(&self) {
        if self.spinner.is_drawn.swap(false, Ordering::Relaxed) && self.work().is_none() {
            self.streams.clear();
        }
    }

    fn answered(&self, exchange: &Exchange) {
        if self.chatter < Verbosity::Requests {
            return;
        }
        let outcome = match &exchange.outcome {
            Ok(status) => status.to_string(),
            Err(why) => why.clone(),
        };
        let request_id = exchange.request_id.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        self.say(&Notice::Note(format!(
            "{} {} {outcome} {} ms, try {}, request {request_id}",
            exchange.method,
            exchange.path,
            exchange.took.as_millis(),
            exchange.attempt
        )));
    }
}
