//! What `scan` and `identify` say of a value that was found.

use crate::output::LeakEncoding;
use crate::scan::Encoding;

/// Returns the word for how a value is written.
pub(crate) const fn encoding(encoding: Encoding) -> LeakEncoding {
    match encoding {
        Encoding::Json => LeakEncoding::Json,
        Encoding::Percent => LeakEncoding::Percent,
        Encoding::Html => LeakEncoding::Html,
        Encoding::QuotedPrintable => LeakEncoding::QuotedPrintable,
        Encoding::Base64 => LeakEncoding::Base64,
        Encoding::Utf16 => LeakEncoding::Utf16,
        Encoding::Gzip => LeakEncoding::Gzip,
    }
}
