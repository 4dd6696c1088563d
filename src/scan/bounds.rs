//! How much is read of a file, how a stream is read within it, and what was not looked at.

use std::cell::Cell;
use std::io::{self, Read};

/// How much is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The largest archive within an archive that is held in memory. Unit: bytes.
    pub member: u64,
}

impl Bounds {
    /// What the decompression of one file may yield. Unit: bytes.
    pub(super) const fn unpacked(self) -> u64 {
        self.member.saturating_mul(64)
    }
}

/// What was not looked at, or not wholly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    pub members: Vec<String>,
    pub reason: SkipReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    Unreadable(io::ErrorKind),
    /// A FIFO, a socket or a device.
    Special,
    /// A file system of the kernel.
    Kernel,
    Encrypted,
    /// Compressed in this form, which is not unpacked; its bytes were looked at.
    Compressed(&'static str),
    TooDeep,
    TooLarge,
    TooManyMembers,
    /// Unpacking it yields more than is looked at.
    YieldsTooMuch,
    Damaged,
}

/// What may yet come out of decompression, and how many members of archives, of one file.
pub(super) struct Budget {
    pub(super) unpacked: Cell<u64>,
    pub(super) members: Cell<u64>,
}

/// A stream that ends where the budget does.
pub(super) struct Metered<'a, R> {
    pub(super) inner: R,
    pub(super) budget: &'a Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.unpacked.get();
        if left == 0 {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.budget.unpacked.set(left - read as u64);
        Ok(read)
    }
}

/// How far a stream was read.
pub(super) enum Filled {
    ToTheBrim,
    ToTheEnd,
    UpTo(io::Error),
}

/// Fills a buffer; tells how much was read, and what ended it.
pub(super) fn fill(reader: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> (usize, Filled) {
    let mut read = 0;
    while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => return (read, Filled::ToTheEnd),
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (read, Filled::UpTo(error)),
        }
    }
    (read, Filled::ToTheBrim)
}

/// Returns why a stream ended early.
pub(super) fn reason_of(error: &io::Error) -> SkipReason {
    use io::ErrorKind::{FileTooLarge, InvalidData, InvalidInput, Other, UnexpectedEof};
    let kind = error.kind();
    if kind == FileTooLarge {
        SkipReason::YieldsTooMuch
    } else if matches!(kind, InvalidData | InvalidInput | Other | UnexpectedEof) {
        SkipReason::Damaged
    } else {
        SkipReason::Unreadable(kind)
    }
}
