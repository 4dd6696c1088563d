//! What a program that we run prints on our standard error: it passes whatever guards that stream.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::Streams;
use super::system::PipeReader;

/// A line that has not ended by then is passed on as far as it is, for it may be a prompt.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long to wait for what a program's children still print after its end.
const GRACE: Duration = Duration::from_millis(250);

/// So much is held of what a program prints. Unit: bytes.
const MOST: usize = 64 * 1024;

/// What passes on what a program prints into a pipe.
pub(super) struct ChildOutput {
    streams: Arc<Streams>,
    reading: JoinHandle<()>,
    held: Arc<Mutex<Zeroizing<Vec<u8>>>>,
}

/// When what a program prints is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flush {
    AtOnce,
    /// When the program has ended.
    AtTheEnd,
}

impl ChildOutput {
    /// Makes a pipe whose text goes to standard error, and returns the end to print into. One for both streams of a
    /// program keeps their order.
    pub(super) fn to_standard_error(
        streams: &Arc<Streams>,
        delivery: Flush,
    ) -> io::Result<(Self, io::PipeWriter)> {
        let (reader, writer) = io::pipe()?;
        let reader = PipeReader::new(reader)?;
        let held = Arc::default();
        let reading = match delivery {
            Flush::AtOnce => tokio::spawn(forward(reader, Arc::clone(streams))),
            Flush::AtTheEnd => tokio::spawn(hold(reader, Arc::clone(&held))),
        };
        Ok((Self { streams: Arc::clone(streams), reading, held }, writer))
    }

    /// Waits until all that the program printed is passed on. What it left running may go on printing as long as this
    /// process runs.
    pub(super) async fn end(self) {
        let _ = tokio::time::timeout(GRACE, self.reading).await;
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        self.streams.pass_on_filtered(&held);
    }
}

/// Passes on what comes, with each line, and with a line that has not ended after a while.
async fn forward(mut pipe: PipeReader, streams: Arc<Streams>) {
    let mut filter = streams.filter();
    let mut buffer = Zeroizing::new(vec![0; 16 * 1024]);
    let mut is_settled = true;
    let mut is_line_open = false;
    loop {
        let read = pipe.read(&mut buffer);
        let read = if is_settled { Ok(read.await) } else { tokio::time::timeout(PATIENCE, read).await };
        match read {
            Ok(Ok(length @ 1..)) => {
                let text = buffer.get(..length).unwrap_or_default();
                streams.pass_on(&filter.push(text));
                is_settled = false;
                is_line_open = text.last() != Some(&b'\n');
            }
            Ok(Ok(0) | Err(_)) => break,
            Err(_) => {
                streams.pass_on(&filter.settle());
                is_settled = true;
            }
        }
    }
    streams.pass_on(&filter.finish());
    // A message of ours begins a line of its own.
    if is_line_open {
        streams.pass_on(b"\n");
    }
}

/// Holds what comes, up to a limit; the program is never left waiting.
async fn hold(mut pipe: PipeReader, held: Arc<Mutex<Zeroizing<Vec<u8>>>>) {
    let mut buffer = Zeroizing::new(vec![0; 16 * 1024]);
    while let Ok(length @ 1..) = pipe.read(&mut buffer).await {
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST.saturating_sub(held.len());
        held.extend_from_slice(buffer.get(..length.min(room)).unwrap_or_default());
    }
}
