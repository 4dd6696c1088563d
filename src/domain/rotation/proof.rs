//! What shows that a key is used: time that has passed, and who enrolled since.

use std::time::Duration;

use jiff::Timestamp;

use super::outcome::RotationRefusal;
use crate::domain::{Enrolled, ProvisioningKey};

/// How far back an enrolment shows that a lineage is used: 90 days.
const RECENT: Duration = Duration::from_secs(90 * 24 * 3_600);

/// Tells whether so much time has passed since an instant.
pub(super) fn is_past(instant: Timestamp, time: Duration, now: Timestamp) -> bool {
    instant.saturating_add(time).is_ok_and(|end| end <= now)
}

/// When a key last enrolled something within 90 days, as far as what enrolled is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LastUse {
    None,
    /// It did, or may have; no time is known.
    Unknown,
    At(Timestamp),
}

pub(super) fn last_use(key: &ProvisioningKey, members: Option<&[Enrolled]>, now: Timestamp) -> LastUse {
    let Some(members) = members else {
        // No list of members is known for this type: only the count tells that it was ever used.
        return if key.usage.count.0 > 0 { LastUse::Unknown } else { LastUse::None };
    };
    let own = members.iter().filter(|member| member.key_id.as_ref() == Some(&key.id));
    let uses = own.map(|member| match member.created_at {
        Some(created) if is_past(created, RECENT, now) => LastUse::None,
        Some(created) => LastUse::At(created),
        None => LastUse::Unknown,
    });
    uses.max().unwrap_or(LastUse::None)
}

/// Refuses where nothing shows that the successor is used although the predecessor was.
pub(super) fn unproven(
    old: &ProvisioningKey,
    new: &ProvisioningKey,
    members: Option<&[Enrolled]>,
    now: Timestamp,
) -> Result<(), RotationRefusal> {
    let carried = |member: &Enrolled| member.key_id.as_ref() == Some(&new.id);
    let used = new.usage.count.0 > 0 || members.is_some_and(|members| members.iter().any(carried));
    let last = match last_use(old, members, now) {
        LastUse::None => return Ok(()),
        LastUse::Unknown => None,
        LastUse::At(last) => Some(last),
    };
    if used {
        return Ok(());
    }
    Err(RotationRefusal::Unproven { old: old.id.clone(), new: new.id.clone(), last })
}
