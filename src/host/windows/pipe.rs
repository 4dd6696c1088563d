//! The reading end of a pipe, read on a thread of its own: a pipe without a name cannot be read otherwise without waiting.

use std::io::{self, Read as _};

use tokio::sync::mpsc::{Receiver, channel};
use zeroize::Zeroizing;

type Part = Zeroizing<Vec<u8>>;

pub struct PipeReader {
    parts: Receiver<Part>,
    /// What was read and not asked for yet.
    rest: Part,
}

impl PipeReader {
    pub fn new(mut reader: io::PipeReader) -> io::Result<Self> {
        let (sender, parts) = channel(1);
        let read = move || {
            loop {
                let mut part = Zeroizing::new(vec![0; 16 * 1024]);
                let Ok(length @ 1..) = reader.read(&mut part) else { return };
                part.truncate(length);
                if sender.blocking_send(part).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("pipe".to_owned()).spawn(read)?;
        Ok(Self { parts, rest: Zeroizing::default() })
    }

    /// Reads what is there; 0 at the end.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = self.parts.recv().await.unwrap_or_default();
        }
        let length = self.rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(self.rest.drain(..length)) {
            *to = from;
        }
        Ok(length)
    }
}
