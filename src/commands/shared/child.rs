//! A program that a command runs: it has the terminal, the signals go on to it, and its end is the command's.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command as Program};
use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::{CommandError, ErrorKind};
use crate::host::{Relay, ShutdownMode, exit_code};

/// Runs a program. From the moment it is made, no signal that could be passed on ends this one, so that what is
/// held for the program is put away again.
pub(crate) struct ChildRunner(Relay);

impl ChildRunner {
    /// Begins to hear the signals.
    pub(crate) fn ready(ctx: &Context) -> Result<Self, CommandError> {
        let heard = Relay::listen();
        let relay = heard.map_err(|source| not_run("a program", &source))?;
        ctx.ending.set(ShutdownMode::LeftToChild);
        Ok(Self(relay))
    }

    /// Runs the program to its end, with this input where there is one, and returns its exit code as a shell does. Whether
    /// it was started is told at once, for it may run for days.
    ///
    /// # Secrets
    /// The input is wiped once the program has it.
    pub(crate) async fn run(
        mut self,
        mut command: Program,
        input: Option<Zeroizing<Vec<u8>>>,
        started: impl FnOnce(Result<(), &CommandError>),
    ) -> Result<u8, CommandError> {
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let not_run = |source: io::Error| not_run(&program, &source);
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let spawned = command.kill_on_drop(true).spawn().map_err(not_run);
        started(spawned.as_ref().map(drop));
        let mut child = spawned?;
        // What the command knows of its environment is not needed any more.
        drop(command);
        let process = child.id().unwrap_or_default();
        let ended = tokio::select! {
            ended = to_the_end(&mut child, input) => ended,
            never = self.0.pass_on(process) => match never {},
        };
        ended.map(exit_code).map_err(not_run)
    }
}

fn not_run(program: &str, error: &io::Error) -> CommandError {
    let kind = if error.kind() == io::ErrorKind::NotFound {
        ErrorKind::CommandNotFound
    } else {
        ErrorKind::CommandNotExecutable
    };
    CommandError::new(kind, format!("could not run {program}")).caused_by(error)
}

async fn to_the_end(child: &mut Child, input: Option<Zeroizing<Vec<u8>>>) -> io::Result<ExitStatus> {
    let stdin = child.stdin.take();
    let given = async {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // A program that does not read to the end is not a reason to fail.
            let _ = stdin.write_all(&input).await;
        }
    };
    let ((), ended) = tokio::join!(given, child.wait());
    ended
}
