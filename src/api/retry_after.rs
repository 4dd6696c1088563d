//! The header `Retry-After`.

use std::time::Duration;

use jiff::Timestamp;

/// Reads a number of seconds, one with an `s` behind it, or an HTTP date.
///
/// # Units
/// Unit: seconds. A date counts from `now`, the answer's own time, for this machine's clock may be wrong.
///
/// # Source
/// ZPA sends `13s` (recorded and documented); the others are RFC 9110's.
#[must_use]
pub(super) fn parse(text: &str, now: Option<Timestamp>) -> Option<Duration> {
    let text = text.trim();
    let number = text.strip_suffix(['s', 'S']).unwrap_or(text);
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are absurd, but they do say "long".
        return Some(Duration::from_secs(number.parse().unwrap_or(u32::MAX).into()));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
    let seconds = date.as_second() - now?.as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_and_without_a_unit_and_dates_are_read() {
        let now =
            Timestamp::try_from(httpdate::parse_http_date("Mon, 23 Nov 2026 15:04:00 GMT").unwrap()).ok();
        for (text, seconds) in [
            ("13s", 13),
            ("4S", 4),
            (" 10 ", 10),
            ("0", 0),
            ("99999999999999999999", u64::from(u32::MAX)),
            ("Mon, 23 Nov 2026 15:04:30 GMT", 30),
            ("Mon, 23 Nov 2026 15:00:00 GMT", 0),
        ] {
            assert_eq!(parse(text, now), Some(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "s", "-1", "1.5", "soon", "1m"] {
            assert_eq!(parse(bad, now), None, "{bad}");
        }
    }
}
