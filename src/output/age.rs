//! Ages in words.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::domain::rotation::Due;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The mean of a Gregorian month, in seconds.
const MONTH: i64 = 2_629_746;
const YEAR: i64 = 12 * MONTH;

/// Returns how long ago something was, in its largest unit that counts to two.
pub(super) fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second());
    let Some(span) = span(seconds.saturating_abs()) else {
        return "just now".to_owned();
    };
    if seconds < 0 { format!("in {span}") } else { format!("{span} ago") }
}

/// True if a due time is the mark of a key that a rotation set aside, which says nothing of when.
pub(super) fn is_set_aside(due: Timestamp) -> bool {
    Due::SET_ASIDE.instant() == Some(due)
}

/// Spells a time as people read it, to the minute.
pub(super) fn minute(time: Timestamp) -> String {
    let utc = Offset::UTC.to_datetime(time);
    let (year, month, day) = (utc.year(), utc.month(), utc.day());
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", utc.hour(), utc.minute())
}

/// Returns a duration in words; `None` if it is under a minute.
fn span(seconds: i64) -> Option<String> {
    let (unit, size) = match seconds {
        ..MINUTE => return None,
        MINUTE..HOUR => ("minute", MINUTE),
        HOUR..DAY => ("hour", HOUR),
        _ if seconds < 14 * DAY => ("day", DAY),
        _ if seconds < 2 * MONTH => ("week", 7 * DAY),
        _ if seconds < 2 * YEAR => ("month", MONTH),
        _ => ("year", YEAR),
    };
    let count = seconds / size;
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("{count} {unit}{plural}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(then: &str) -> String {
        age(then.parse().unwrap(), "2026-11-23T15:04:00Z".parse().unwrap())
    }

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        assert_eq!(told("2026-11-23T15:03:30Z"), "just now");
        assert_eq!(told("2026-11-23T15:03:00Z"), "1 minute ago");
        assert_eq!(told("2026-11-23T14:05:00Z"), "59 minutes ago");
        assert_eq!(told("2026-11-23T13:04:00Z"), "2 hours ago");
        assert_eq!(told("2026-11-22T15:04:00Z"), "1 day ago");
        assert_eq!(told("2026-11-21T15:00:00Z"), "2 days ago");
        assert_eq!(told("2026-11-09T15:04:00Z"), "2 weeks ago");
        assert_eq!(told("2026-10-17T15:04:00Z"), "5 weeks ago");
        assert_eq!(told("2026-03-15T15:04:00Z"), "8 months ago");
        assert_eq!(told("2024-11-01T15:04:00Z"), "2 years ago");
    }

    #[test]
    fn a_time_to_come_is_told_as_such() {
        assert_eq!(told("2026-11-23T15:04:20Z"), "just now");
        assert_eq!(told("2026-11-25T15:04:00Z"), "in 2 days");
    }
}
