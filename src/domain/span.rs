//! Durations as users write them.

use std::time::Duration;

use crate::kind::{Classified, ErrorKind};

/// Says that a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a duration such as 30s, 5m, 24h or 90d")]
pub struct SpanError;

impl Classified for SpanError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

/// Reads `30s`, `5m`, `24h`, `90d`, `250ms`; a day is 24 hours. A number without a unit is refused: seconds or days
/// are a dangerous thing to mix up.
///
/// # Errors
/// [`SpanError`] where the text is something else or does not fit.
pub fn parse_span(text: &str) -> Result<Duration, SpanError> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| SpanError)?;
    let seconds = match unit {
        "ms" => return Ok(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(SpanError),
    };
    number.checked_mul(seconds).map(Duration::from_secs).ok_or(SpanError)
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
        for bad in
            ["", "s", "90", "-1s", "1.5h", "1w", "1 h", "99999999999999999999s", "18446744073709551615d"]
        {
            assert_eq!(parse_span(bad), Err(SpanError), "{bad}");
        }
    }
}
