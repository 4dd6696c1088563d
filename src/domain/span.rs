//! Durations as users write them.

use std::time::Duration;

use jiff::SpanRelativeTo;
use jiff::fmt::friendly::SpanParser;

use crate::kind::{Classified, ErrorKind};

/// Says that a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// It is not a number with a unit.
    #[error("not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w")]
    Syntax,
    /// It is longer than any wait or age may be.
    #[error("longer than 1000 years (365000d)")]
    TooLong,
}

/// The longest duration that is accepted: any time of day, and any clock, can be moved by it without an overflow.
const LONGEST: Duration = Duration::from_secs(365_000 * 24 * 3_600);

impl Classified for SpanError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

/// Reads `30s`, `5m`, `24h`, `90d`, `2w`, `1d12h`, `90 days`; a day is 24 hours. A number without a unit is refused:
/// seconds or days are a dangerous thing to mix up.
///
/// # Errors
/// [`SpanError`] if the text is something else, or longer than 1000 years.
pub fn parse_span(text: &str) -> Result<Duration, SpanError> {
    static FORM: SpanParser = SpanParser::new();
    let Ok(span) = FORM.parse_span(text) else {
        // Digits that do not fit are a number all the same.
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_number = unit.len() < text.len() && matches!(unit, "ms" | "s" | "m" | "h" | "d" | "w");
        return Err(if is_number { SpanError::TooLong } else { SpanError::Syntax });
    };
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| SpanError::Syntax)?;
    // A negative one has no unsigned form.
    let time = Duration::try_from(time).map_err(|_| SpanError::Syntax)?;
    if time > LONGEST { Err(SpanError::TooLong) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_and_others_refused() {
        assert_eq!(parse_span("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse_span("2m"), Ok(Duration::from_mins(2)));
        assert_eq!(parse_span("90d"), Ok(Duration::from_hours(90 * 24)));
        assert_eq!(parse_span("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_span("365000d"), Ok(LONGEST));
        assert_eq!(parse_span("2w"), Ok(Duration::from_hours(14 * 24)));
        assert_eq!(parse_span("1d12h"), Ok(Duration::from_hours(36)));
        assert_eq!(parse_span("90 d"), Ok(Duration::from_hours(90 * 24)));
        assert_eq!(parse_span("1.5h"), Ok(Duration::from_mins(90)));
        for bad in ["", "s", "90", "-1s", "1mo", "1y", "12h1d", "1h1h", "P1D", "1h ago", "soon"] {
            assert_eq!(parse_span(bad), Err(SpanError::Syntax), "{bad}");
        }
        for long in ["365001d", "99999999999999999999s", "18446744073709551615s", "18446744073709551615d"] {
            assert_eq!(parse_span(long), Err(SpanError::TooLong), "{long}");
        }
    }
}
