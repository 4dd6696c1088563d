//! A program that is run for what it prints.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use zeroize::Zeroizing;

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

/// Runs a program without a shell and without input; its messages go where those of this program go. It is killed
/// where it takes longer than `limit`, or nobody waits for it any more.
///
/// # Errors
/// What the system says; [`io::ErrorKind::TimedOut`] at the limit.
pub async fn run_for_output(words: &[String], limit: Duration) -> io::Result<Output> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()?;
    let work = async {
        let mut stdout = Zeroizing::new(Vec::with_capacity(4096));
        if let Some(pipe) = child.stdout.take() {
            pipe.take(MOST).read_to_end(&mut stdout).await?;
        }
        let status = child.wait().await?;
        Ok(Output { succeeded: status.success(), status: status.to_string(), stdout })
    };
    tokio::time::timeout(limit, work).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &[&str], limit: Duration) -> io::Result<Output> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run_for_output(&words, limit))
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
