//! Durations as users write them.

use std::time::Duration;

use crate::kind::{Classified, ErrorKind};

/// Says that a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// It is not a number with a unit.
    #[error("not a duration such as 30s, 5m, 24h or 90d")]
    Syntax,
    /// It is longer than any wait or age may be.
    #[error("longer than 1000 years (365000d)")]
    TooLong,
}

/// The longest duration that is accepted: any time of day, and any clock, can be moved by it without an overflow.
const LONGEST: Duration = Duration::from_hours(365_000 * 24);

impl Classified for SpanError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

/// Reads `30s`, `5m`, `24h`, `90d`, `250ms`; a day is 24 hours. A number without a unit is refused: seconds or days
/// are a dangerous thing to mix up.
///
/// # Errors
/// [`SpanError`] if the text is something else, or longer than 1000 years.
pub fn parse_span(text: &str) -> Result<Duration, SpanError> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if digits == 0 {
        return Err(SpanError::Syntax);
    }
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(SpanError::Syntax),
    };
    // Digits that do not fit are a number all the same.
    let number: u64 = number.parse().map_err(|_| SpanError::TooLong)?;
    let time = number.checked_mul(milliseconds).map(Duration::from_millis);
    time.filter(|time| *time <= LONGEST).ok_or(SpanError::TooLong)
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
        for bad in ["", "s", "90", "-1s", "1.5h", "1w", "1 h"] {
            assert_eq!(parse_span(bad), Err(SpanError::Syntax), "{bad}");
        }
        for long in ["365001d", "99999999999999999999s", "18446744073709551615s", "18446744073709551615d"] {
            assert_eq!(parse_span(long), Err(SpanError::TooLong), "{long}");
        }
    }
}
