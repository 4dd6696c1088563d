//! A program that is run for what it prints.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use zeroize::Zeroizing;

use super::child_output::{ChildOutput, Flush};
use super::{Streams, system};

/// How much a program may print.
const MOST: u64 = 64 * 1024;

/// What a program printed, and how it ended.
pub struct Output {
    /// Whether it ended with success.
    pub succeeded: bool,
    /// How it ended, in the system's words.
    pub status: String,
    /// What it printed; wiped when dropped.
    pub stdout: Zeroizing<Vec<u8>>,
}

/// How a program is run.
pub struct Asked<'a> {
    /// The program and its arguments.
    pub words: &'a [String],
    /// Variables of this program that it does not get.
    pub withheld: &'a [String],
    pub streams: &'a Arc<Streams>,
    /// Whether a person may have to answer it: its messages are then passed on as they come.
    pub is_at_terminal: bool,
}

/// Runs a program without a shell and without input. Its messages go where those of this program go: at once if a
/// person may have to answer one, else when it has ended and `learn` has seen what it printed, so that a secret that
/// is in both is known by then. It is killed if it takes longer than `limit`, or if the caller stops waiting for it.
pub async fn run_for_output(
    asked: Asked<'_>,
    limit: Duration,
    learn: impl FnOnce(&[u8]),
) -> io::Result<Output> {
    let Some((program, arguments)) = asked.words.split_first() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let mut command = tokio::process::Command::new(system::program(program.as_ref()));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    for name in asked.withheld {
        command.env_remove(name);
    }
    let delivery = if asked.is_at_terminal { Flush::AtOnce } else { Flush::AtTheEnd };
    let (messages, pipe) = ChildOutput::to_standard_error(asked.streams, delivery)?;
    let mut child = command.stderr(pipe).spawn()?;
    // The child alone has the end to print into.
    drop(command);
    let mut stdout = Zeroizing::new(Vec::with_capacity(4096));
    let work = async {
        if let Some(pipe) = child.stdout.take() {
            pipe.take(MOST).read_to_end(&mut stdout).await?;
        }
        child.wait().await
    };
    let ended = tokio::time::timeout(limit, work).await;
    if ended.is_err() {
        // Its end closes the pipe.
        let _ = child.start_kill();
    }
    learn(&stdout);
    messages.end().await;
    let status = ended.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(Output { succeeded: status.success(), status: status.to_string(), stdout })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &[&str], limit: Duration) -> io::Result<Output> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let streams = Streams::new(Box::new(io::empty()), Box::new(io::sink()), Box::new(io::sink()));
        let streams = Arc::new(streams);
        let asked = Asked { words: &words, withheld: &[], streams: &streams, is_at_terminal: false };
        runtime.block_on(run_for_output(asked, limit, |_| {}))
    }

    #[test]
    fn a_program_is_run_without_a_shell() {
        let output = run(&["echo", "$HOME;", "*"], Duration::from_secs(5)).unwrap();
        assert!(output.succeeded);
        assert_eq!(*output.stdout, b"$HOME; *\n");
    }

    #[test]
    fn a_failure_and_a_program_that_is_not_there_are_told_apart() {
        let failed = run(&["false"], Duration::from_secs(5)).unwrap();
        assert!(!failed.succeeded);
        assert_eq!(failed.status, "exit status: 1");
        let absent = run(&["/nowhere/at-all"], Duration::from_secs(5)).err().unwrap();
        assert_eq!(absent.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let error = run(&["sleep", "30"], Duration::from_millis(50)).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
