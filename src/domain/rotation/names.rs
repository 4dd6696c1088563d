//! The names that carry a rotation: `NAME`, `NAME.next-A`, `NAME.old-A.DUE`. Any machine computes the same ones.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::domain::{KeyId, KeyNameError, ServerText, check_key_name};

const NEXT: &str = ".next-";
const OLD: &str = ".old-";
const HOLD: &str = "hold";

/// From when a predecessor may be retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    At(Timestamp),
    /// Never by itself: `hold`.
    Hold,
}

impl Due {
    /// The mark of a key that was set aside: it is never the key of the lineage again. As a time it is over.
    pub const SET_ASIDE: Self = Self::At(Timestamp::UNIX_EPOCH);

    /// Takes an instant, rounded up to a whole minute: a grace is never shortened.
    #[must_use]
    pub fn from_instant(instant: Timestamp) -> Self {
        let seconds = instant.as_second();
        let up = seconds.rem_euclid(60) != 0 || instant.subsec_nanosecond() != 0;
        let minute = seconds - seconds.rem_euclid(60) + if up { 60 } else { 0 };
        Self::At(Timestamp::from_second(minute).unwrap_or(instant))
    }

    /// Takes an instant, rounded down to a whole minute: it has come already.
    #[must_use]
    pub fn already(instant: Timestamp) -> Self {
        let seconds = instant.as_second();
        Self::At(Timestamp::from_second(seconds - seconds.rem_euclid(60)).unwrap_or(instant))
    }

    /// Tells whether the time has come.
    #[must_use]
    pub fn has_come(self, now: Timestamp) -> bool {
        matches!(self, Self::At(due) if due <= now)
    }

    /// Returns the instant; nothing for `hold`.
    #[must_use]
    pub const fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At(due) => Some(due),
            Self::Hold => None,
        }
    }

    fn written(self) -> String {
        match self {
            Self::Hold => HOLD.to_owned(),
            Self::At(due) => {
                let utc = Offset::UTC.to_datetime(due);
                format!(
                    "{:04}{:02}{:02}{:02}{:02}",
                    utc.year(),
                    utc.month(),
                    utc.day(),
                    utc.hour(),
                    utc.minute()
                )
            }
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text == HOLD {
            return Some(Self::Hold);
        }
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
        let year = text.get(..4)?.parse::<i16>().ok()?;
        let utc = DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, 0, 0).ok()?;
        Offset::UTC.to_timestamp(utc).ok().map(Self::At)
    }
}

/// What a key's name says about its place in a lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The name is the lineage's name.
    Whole,
    /// `NAME.next-A`: made to replace the key with this id.
    Next {
        /// The id of the key that it is to replace.
        of: KeyId,
    },
    /// `NAME.old-A.DUE` on the key with the id A.
    Old {
        /// From when it may be retired.
        due: Due,
    },
}

/// Writes the name of the successor of a key.
#[must_use]
pub fn next_name(name: impl AsRef<str>, of: &KeyId) -> ServerText {
    [name.as_ref(), NEXT, of.as_str()].concat().into()
}

/// Writes the last name of a key.
#[must_use]
pub fn old_name(name: impl AsRef<str>, id: &KeyId, due: Due) -> ServerText {
    [name.as_ref(), OLD, id.as_str(), ".", &due.written()].concat().into()
}

/// Returns a key's name as people read it: `prod (previous)` for `prod.old-A.DUE`.
#[must_use]
pub fn readable_name<'a, Name: AsRef<str> + ?Sized>(name: &'a Name, id: &KeyId) -> Cow<'a, str> {
    match split(name, id) {
        (name, Part::Whole) => name.into(),
        (name, Part::Next { .. }) => format!("{name} (next)").into(),
        (name, Part::Old { .. }) => format!("{name} (previous)").into(),
    }
}

/// Takes a key's name apart: the lineage's name, and the key's place in it.
///
/// It is strict, for what it accepts may be renamed, retired and deleted: `NAME.old-X` counts only on the key whose
/// id is X and only with a due time that exists, `NAME.next-X` only on another key than X. Any other name is whole.
#[must_use]
pub fn split<'a, Name: AsRef<str> + ?Sized>(name: &'a Name, id: &KeyId) -> (&'a str, Part) {
    let name = name.as_ref();
    if let Some((base, rest)) = name.rsplit_once(OLD)
        && !base.is_empty()
        && let Some(due) = rest.strip_prefix(id.as_str()).and_then(|rest| rest.strip_prefix('.'))
        && let Some(due) = Due::read(due)
    {
        return (base, Part::Old { due });
    }
    if let Some((base, rest)) = name.rsplit_once(NEXT)
        && !base.is_empty()
        && let Ok(of) = rest.parse::<KeyId>()
        && of != *id
    {
        return (base, Part::Next { of });
    }
    (name, Part::Whole)
}

/// True for `NAME.next-ID` and `NAME.old-ID.TIME`, whatever the id is.
#[must_use]
pub fn has_rotation_form(name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_next = name.rsplit_once(NEXT).is_some_and(|(base, id)| !base.is_empty() && digits(id));
    let is_old = name.rsplit_once(OLD).is_some_and(|(base, rest)| {
        let (id, due) = rest.split_once('.').unwrap_or((rest, "hold"));
        !base.is_empty() && digits(id) && (due == "hold" || digits(due))
    });
    is_next || is_old
}

/// Tells whether a name that was read is what an API made of the name that was sent: cut, trimmed, or in another case.
#[must_use]
pub fn is_form_of(read: &str, sent: &str) -> bool {
    let (read, sent) = (read.trim().to_lowercase(), sent.trim().to_lowercase());
    !read.is_empty() && sent.starts_with(&read)
}

/// Checks that all names of a rotation of this key can be written.
///
/// # Errors
/// [`KeyNameError::Length`] where the longest of them would be too long.
pub fn check_room(name: &str, id: &KeyId) -> Result<(), KeyNameError> {
    let longest = old_name(name, id, Due::At(Timestamp::UNIX_EPOCH));
    match check_key_name(longest.raw()) {
        Err(KeyNameError::Length) => Err(KeyNameError::Length),
        // The name itself is the tenant's already, whatever we think of it; what is added are letters, digits, `.`
        // and `-`.
        Ok(()) | Err(KeyNameError::Blank | KeyNameError::Character(_)) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> KeyId {
        text.parse().unwrap()
    }

    fn minute(text: &str) -> Due {
        Due::At(text.parse().unwrap())
    }

    #[test]
    fn names_are_written_and_read_back() {
        let due = minute("2026-11-23T15:04:00Z");
        assert_eq!(next_name("prod", &id("6221")), "prod.next-6221");
        assert_eq!(old_name("prod", &id("6221"), due), "prod.old-6221.202611231504");
        assert_eq!(old_name("prod", &id("6221"), Due::Hold), "prod.old-6221.hold");
        assert_eq!(split("prod.old-6221.202611231504", &id("6221")), ("prod", Part::Old { due }));
        assert_eq!(split("prod.old-6221.hold", &id("6221")), ("prod", Part::Old { due: Due::Hold }));
        assert_eq!(split("prod.next-6221", &id("6407")), ("prod", Part::Next { of: id("6221") }));
        assert_eq!(split("a.next-1.next-2", &id("3")), ("a.next-1", Part::Next { of: id("2") }));
    }

    #[test]
    fn names_that_merely_look_alike_are_whole() {
        for (name, key) in [
            // Another key's, no due time, or one that does not exist.
            ("prod.old-6221.202611231504", "6222"),
            ("prod.old-6221", "6221"),
            ("prod.old-6221.", "6221"),
            ("prod.old-6221.20261123", "6221"),
            ("prod.old-6221.202613231504", "6221"),
            ("prod.old-6221.202611232404", "6221"),
            ("prod.old-6221.Hold", "6221"),
            ("prod.old-06221.hold", "6221"),
            ("prod.old-6221.hold.x", "6221"),
            (".old-6221.hold", "6221"),
            // A key does not replace itself.
            ("prod.next-6221", "6221"),
            ("prod.next-", "6221"),
            ("prod.next-x", "6221"),
            ("prod.next-6221.x", "6407"),
            ("prod-next-6221", "6407"),
            (".next-6221", "6407"),
        ] {
            assert_eq!(split(name, &id(key)), (name, Part::Whole), "{name} on {key}");
        }
    }

    #[test]
    fn a_grace_is_rounded_up_and_what_is_due_already_down() {
        let instant = "2026-11-23T15:03:20Z".parse().unwrap();
        assert_eq!(Due::from_instant(instant), minute("2026-11-23T15:04:00Z"));
        assert_eq!(Due::already(instant), minute("2026-11-23T15:03:00Z"));
        let whole = "2026-11-23T15:03:00Z".parse().unwrap();
        assert_eq!(Due::from_instant(whole), Due::At(whole));
        assert!(Due::At(whole).has_come(whole) && !Due::Hold.has_come(whole));
    }

    #[test]
    fn a_name_that_the_api_cut_or_changed_the_case_of_is_recognised() {
        for read in ["prod.next-62", "PROD.NEXT-6221", "Prod.Next", " prod.next-6221 "] {
            assert!(is_form_of(read, "prod.next-6221"), "{read}");
        }
        for read in ["", "other", "prod.next-6222", "xprod.next-6221"] {
            assert!(!is_form_of(read, "prod.next-6221"), "{read}");
        }
    }

    #[test]
    fn the_mark_of_a_key_that_was_set_aside_is_the_first_minute_of_1970() {
        assert_eq!(old_name("prod", &id("6407"), Due::SET_ASIDE), "prod.old-6407.197001010000");
        let read = split("prod.old-6407.197001010000", &id("6407"));
        assert_eq!(read, ("prod", Part::Old { due: Due::SET_ASIDE }));
    }

    #[test]
    fn a_name_without_room_for_its_last_form_is_refused() {
        let longest = 255 - ".old-6221.202611231504".len();
        assert_eq!(check_room(&"x".repeat(longest), &id("6221")), Ok(()));
        assert_eq!(check_room(&"x".repeat(longest + 1), &id("6221")), Err(KeyNameError::Length));
        assert_eq!(check_room("two words", &id("6221")), Ok(()));
    }
}
