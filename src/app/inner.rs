//! Command lines that are run inside another one, in this process: those of agents, and of what agents proposed.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};

use crate::context::{CommandLine, InnerRun, InnerRuns, LogActor};
use crate::host::{Host, Sink, Streams, Terminals};

/// No stream is a terminal, and none can be asked on.
const NO_TERMINALS: Terminals = Terminals {
    stdin: false,
    controlling: false,
    stdout_width: None,
    stderr: false,
    stderr_width: None,
    stdout_sink: Sink::Elsewhere,
};

/// Where a command line comes from that was not typed.
pub(super) struct Origin {
    /// The client of `zpakey mcp` that it is run for.
    pub(super) actor: Option<LogActor>,
    pub(super) ends: Ends,
}

/// What ends a command before it is done.
pub(super) enum Ends {
    /// Signals.
    Signals,
    /// The one that runs it: at once, when this is true.
    AtOnce(watch::Receiver<bool>),
    /// Nothing: signals are heard elsewhere.
    Never,
}

/// Runs command lines for the tenant of the one that was typed.
pub(super) struct InnerLines {
    pub(super) host: Host,
    pub(super) typed: CommandLine,
}

/// A stream that is kept.
#[derive(Clone, Default)]
struct Kept {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Gets each line.
    lines: Option<mpsc::UnboundedSender<String>>,
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        // The line that these bytes may end.
        let from = kept.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        kept.extend_from_slice(bytes);
        if let Some(lines) = &self.lines {
            let whole = kept.get(from..).unwrap_or_default().split_inclusive(|byte| *byte == b'\n');
            for line in whole.filter_map(|line| line.strip_suffix(b"\n")).filter(|line| !line.is_empty()) {
                // The call may be over.
                let _ = lines.send(String::from_utf8_lossy(line).into_owned());
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl InnerLines {
    /// Runs one without a terminal. No key value is in what is kept: it is never revealed.
    /// What it says goes to `said` as well, line by line.
    pub(super) fn kept_for(
        &self,
        words: Vec<String>,
        origin: Origin,
        said: Option<mpsc::UnboundedSender<String>>,
    ) -> InnerRun {
        let output = Kept::default();
        let errors = Kept { lines: said, ..Kept::default() };
        let streams = Streams::new(Box::new(io::empty()), Box::new(output.clone()), Box::new(errors.clone()));
        let host = Host {
            streams: Arc::new(streams),
            terminals: NO_TERMINALS,
            env: self.host.env.clone().without(&["ZPAKEY_COLUMNS"]).with("ZPAKEY_REVEAL", "never"),
            ..self.host.clone()
        };
        let mut line = self.typed.clone().request_options().all_words();
        line.push("--output=json".to_owned());
        let code = super::run_for(program(line.into_iter().chain(words)), host, origin);
        InnerRun { code, output: output.text(), errors: errors.text() }
    }
}

impl InnerRuns for InnerLines {
    fn kept(&self, words: Vec<String>) -> InnerRun {
        self.kept_for(words, Origin { actor: None, ends: Ends::Signals }, None)
    }

    fn shown(&self, words: Vec<String>, actor: LogActor) -> u8 {
        let options = self.typed.clone().options().without(&["yes", "settle", "parallel"]).all_words();
        let origin = Origin { actor: Some(actor), ends: Ends::Signals };
        super::run_for(program(options.into_iter().chain(words)), self.host.clone(), origin)
    }
}

fn program(words: impl Iterator<Item = String>) -> Vec<OsString> {
    std::iter::once("zpakey".to_owned()).chain(words).map(OsString::from).collect()
}
