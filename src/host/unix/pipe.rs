//! The reading end of a pipe, read without waiting.

use std::io;

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;

pub struct PipeReader(Receiver);

impl PipeReader {
    pub fn new(reader: io::PipeReader) -> io::Result<Self> {
        Receiver::from_owned_fd(reader.into()).map(Self)
    }

    /// Reads what is there; 0 at the end.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).await
    }
}
