//! A command of the user's own that is handed something, run by a shell.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use zeroize::Zeroizing;

use super::child_output::{ChildOutput, Flush};
use super::{Streams, system};

/// A command line, and what it is handed.
pub struct Hook<'a> {
    /// The command line, for `sh -c`, or for `cmd /c` on Windows.
    pub command: &'a str,
    /// What it reads on its standard input; none means nothing at all.
    pub input: Option<Zeroizing<Vec<u8>>>,
    /// Variables that it gets in addition to those of this program.
    pub variables: Vec<(&'a str, Zeroizing<Vec<u8>>)>,
    /// Variables of this program that it does not get.
    pub withheld: Vec<String>,
}

/// Runs a hook to its end. What it prints, on either stream, goes to standard error as all that is said there does: it
/// may print what it was handed. It and all that it started are killed if it takes longer than `limit`, or if the
/// caller stops waiting for it.
///
/// # Errors
/// What the system says; [`io::ErrorKind::TimedOut`] at the limit, and the exit status of a hook that failed.
///
/// # Secrets
/// The input and the variables go to the child and nowhere else.
pub async fn run_hook(hook: Hook<'_>, limit: Duration, streams: &Arc<Streams>) -> io::Result<()> {
    let mut command = system::shell(hook.command);
    for name in &hook.withheld {
        command.env_remove(name);
    }
    for (name, value) in &hook.variables {
        command.env(name, system::variable_value(value)?);
    }
    let (output, pipe) = ChildOutput::to_standard_error(streams, Flush::AtOnce)?;
    system::set_apart(&mut command);
    let mut child = command
        .stdin(if hook.input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(pipe.try_clone()?)
        .stderr(pipe)
        .kill_on_drop(true)
        .spawn()?;
    // It has the ends of the pipe to print into.
    drop(command);
    let tree = system::ProcessTree::of(&child)?;
    let work = async {
        if let (Some(input), Some(mut pipe)) = (&hook.input, child.stdin.take()) {
            match pipe.write_all(input).await {
                // A hook that does not read it gets it another way, or fails by itself.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                written => written?,
            }
            // Its end tells that this was all.
            drop(pipe);
        }
        child.wait().await
    };
    let Ok(ended) = tokio::time::timeout(limit, work).await else {
        // Its end closes the pipe.
        drop(tree);
        output.end().await;
        return Err(io::ErrorKind::TimedOut.into());
    };
    output.end().await;
    let status = ended?;
    // What it left running is meant to run on.
    tree.let_go();
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(command: &str, input: Option<&str>, limit: Duration) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let hook = Hook {
            command,
            input: input.map(|text| Zeroizing::new(text.as_bytes().to_vec())),
            variables: vec![("HOOK", Zeroizing::new(b"value".to_vec()))],
            withheld: vec!["HOME".to_owned()],
        };
        let streams = Streams::new(Box::new(io::empty()), Box::new(io::sink()), Box::new(io::sink()));
        runtime.block_on(run_hook(hook, limit, &Arc::new(streams)))
    }

    #[test]
    fn it_reads_its_input_and_has_its_variables() {
        let command = r#"test "$(cat)$HOOK${HOME-none}" = textvaluenone"#;
        run(command, Some("text"), Duration::from_secs(5)).unwrap();
    }

    #[test]
    fn one_that_reads_nothing_may_succeed() {
        run("exec <&-", Some("text"), Duration::from_secs(5)).unwrap();
    }

    #[test]
    fn one_that_fails_tells_its_status() {
        let error = run("exit 3", None, Duration::from_secs(5)).unwrap_err();
        assert_eq!(error.to_string(), "exit status: 3");
    }

    #[test]
    fn one_that_takes_too_long_is_killed_with_all_that_it_started() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("alive");
        let command = format!("(sleep 1; echo yes > {}) & wait", file.display());
        let error = run(&command, None, Duration::from_millis(100)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        std::thread::sleep(Duration::from_millis(1300));
        assert!(!file.exists());
    }
}
