//! Ages in words.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

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

/// Spells a time as people read it, to the minute, with the offset of their time zone: `2026-11-23 16:04 +01:00`.
pub fn minute(time: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(time);
    let (year, month, day) = (local.year(), local.month(), local.day());
    let offset = offset(zone.to_offset(time));
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} {offset}", local.hour(), local.minute())
}

/// Spells a time in few columns, with the year if it is not this one: `23 Nov 16:04`, `23 Nov 2027 16:04`.
pub(super) fn short_time(time: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let local = zone.to_datetime(time);
    let month = usize::try_from(local.month()).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    let year = if local.year() == zone.to_datetime(now).year() {
        String::new()
    } else {
        format!(" {}", local.year())
    };
    let day = local.day();
    format!("{day} {}{year} {:02}:{:02}", month.unwrap_or(&"-"), local.hour(), local.minute())
}

/// Spells the offset of a time zone: `UTC`, `+01:00`.
pub(super) fn offset(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    if offset == Offset::UTC {
        return "UTC".to_owned();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// Returns how long ago something was in few columns: `5 w ago`.
pub(super) fn short_age(then: Timestamp, now: Timestamp) -> String {
    let long = age(then, now);
    UNITS.iter().fold(long, |text, (unit, short)| text.replace(unit, short)).replace("just now", "now")
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// The longer form of each unit first.
const UNITS: [(&str, &str); 12] = [
    (" minutes", "m"),
    (" minute", "m"),
    (" hours", "h"),
    (" hour", "h"),
    (" days", "d"),
    (" day", "d"),
    (" weeks", "w"),
    (" week", "w"),
    (" months", "mo"),
    (" month", "mo"),
    (" years", "y"),
    (" year", "y"),
];

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

/// Spells a time that is left, to the nearest minute: `45 s`, `20 min`, `23 h 20 min`. Unit: seconds.
pub fn time_left(seconds: i64) -> String {
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        _ if seconds < 60 => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
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
    fn ages_have_a_short_form() {
        let short = |then: &str| short_age(then.parse().unwrap(), "2026-11-23T15:04:00Z".parse().unwrap());
        assert_eq!(short("2026-11-23T15:03:30Z"), "now");
        assert_eq!(short("2026-10-17T15:04:00Z"), "5w ago");
        assert_eq!(short("2026-03-15T15:04:00Z"), "8mo ago");
        assert_eq!(short("2028-11-24T15:04:00Z"), "in 2y");
    }

    #[test]
    fn times_are_local_and_name_their_offset() {
        let (time, now) = ("2026-11-23T23:04:00Z".parse().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap());
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(minute(time, &zone), "2026-11-24 00:04 +01:00");
        assert_eq!(minute(time, &TimeZone::posix("NST3:30").unwrap()), "2026-11-23 19:34 -03:30");
        assert_eq!(minute(time, &TimeZone::UTC), "2026-11-23 23:04 UTC");
        assert_eq!(short_time(time, &zone, now), "24 Nov 2026 00:04");
        assert_eq!(short_time(time, &zone, time), "24 Nov 00:04");
    }

    #[test]
    fn a_time_to_come_is_told_as_such() {
        assert_eq!(told("2026-11-23T15:04:20Z"), "just now");
        assert_eq!(told("2026-11-25T15:04:00Z"), "in 2 days");
    }
}
