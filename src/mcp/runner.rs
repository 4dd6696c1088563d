//! How a command is run, and what was read in the last seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::{OnceCell, OwnedRwLockReadGuard, RwLock, mpsc, watch};

use super::answers::Refusal;

/// A command to run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The words after the program's name and the options that choose the tenant.
    pub words: Vec<String>,
    /// Who asks: the client's name and version, as it gave them.
    pub client: String,
    /// The tool that is called.
    pub tool: &'static str,
    /// Whether the call was cancelled.
    pub cancelled: watch::Receiver<bool>,
    /// True if the command ends at once when the call is cancelled: it only reads.
    pub ends_if_cancelled: bool,
    /// Gets each line that the command says while it runs.
    pub said: mpsc::UnboundedSender<String>,
}

/// A command that was run.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    pub code: u8,
    /// What it printed.
    pub output: String,
    /// What it said on standard error.
    pub errors: String,
}

/// Runs commands.
pub trait Runner: Send + Sync {
    fn run(&self, run: Run) -> Ran;

    /// Says a line to the person whose client this is, on standard error.
    fn say(&self, line: &str);
}

/// For how long what was read may be told again, if nothing was written since.
const FRESH: Duration = Duration::from_secs(10);

/// A read that has begun: when, and what it answered once it has ended.
type Reading = (Instant, Arc<OnceCell<Ran>>);

/// Runs commands on threads of their own, and remembers what reads answered.
pub(super) struct Runs {
    runner: Arc<dyn Runner>,
    read: Mutex<HashMap<Vec<String>, Reading>>,
    /// Held while a call that may write is under way.
    writing: Arc<RwLock<()>>,
}

impl Runs {
    pub(super) fn new(runner: Arc<dyn Runner>) -> Self {
        Self { runner, read: Mutex::default(), writing: Arc::default() }
    }

    /// Runs a command that reads, or tells what it answered a moment ago. Calls at the same time share one run. A write
    /// takes what was begun before its end out of the table, so that no later call hears of the time before it.
    pub(super) async fn read(&self, run: Run) -> Result<Ran, Refusal> {
        let words = run.words.clone();
        let cell = {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            read.retain(|_, (time, _)| time.elapsed() < FRESH);
            let (_, cell) = read.entry(words.clone()).or_insert_with(|| (Instant::now(), Arc::default()));
            Arc::clone(cell)
        };
        let ran = cell.get_or_try_init(|| self.on_a_thread(run)).await?.clone();
        if ran.code != 0 {
            // A failure is not told again to a call that asks later.
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            if read.get(&words).is_some_and(|(_, known)| Arc::ptr_eq(known, &cell)) {
                read.remove(&words);
            }
        }
        Ok(ran)
    }

    /// Runs a command that reads, whatever was read before. It ends if the call is cancelled.
    pub(super) async fn read_anew(&self, run: Run) -> Result<Ran, Refusal> {
        self.on_a_thread(Run { ends_if_cancelled: true, ..run }).await
    }

    /// Runs a command that writes, to its end; none begins in a call that was cancelled. What was read before is forgotten,
    /// also while it runs.
    pub(super) async fn write(&self, run: Run) -> Result<Ran, Refusal> {
        if *run.cancelled.borrow() {
            return Err(Refusal::cancelled());
        }
        self.forget();
        let ran = self.on_a_thread(run).await;
        self.forget();
        ran
    }

    /// Says that a call which may write is under way, until what is returned is dropped.
    pub(super) async fn begin(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.writing).read_owned().await
    }

    /// Waits until no call is under way that may write, and lets no other begin.
    pub(super) async fn finish(&self) {
        std::mem::forget(Arc::clone(&self.writing).write_owned().await);
    }

    pub(super) fn say(&self, line: &str) {
        self.runner.say(line);
    }

    fn forget(&self) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn on_a_thread(&self, run: Run) -> Result<Ran, Refusal> {
        let runner = Arc::clone(&self.runner);
        tokio::task::spawn_blocking(move || runner.run(run)).await.map_err(|_| Refusal::internal())
    }
}

impl Ran {
    /// Returns what it printed as JSON.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.output).ok()
    }

    /// Returns its error, if it told one.
    pub(super) fn error(&self) -> Option<Value> {
        let told = |line: &str| serde_json::from_str::<Value>(line).ok()?.get("error").cloned();
        self.errors.lines().rev().find_map(told)
    }
}
