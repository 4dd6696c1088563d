//! What of a key is not as its entry says, apart from its group.

use std::time::Duration;

use jiff::Timestamp;

use super::file::{CertRule, DesiredKey, Uses};
use super::state::TenantState;
use crate::domain::rotation::can_enrol;
use crate::domain::{
    CertId, EnrollmentCert, FieldDifference, KeyChange, MaxUsage, MaxUsageChange, ProvisioningKey,
    ServerText, differences, near, same_acl,
};

/// What an entry changes in a key, and what it cannot.
#[derive(Debug, Default)]
pub(super) struct FieldPlan {
    pub(super) change: KeyChange,
    pub(super) differences: Vec<FieldDifference>,
    /// Why the key is to be closed, if it is.
    pub(super) closes: Option<String>,
    pub(super) blocked: Vec<String>,
}

pub(super) fn field_plan(entry: &DesiredKey, key: &ProvisioningKey, state: &TenantState) -> FieldPlan {
    let mut plan = FieldPlan::default();
    let mut change = KeyChange {
        name: (key.name != entry.name.as_str()).then(|| entry.name.clone()),
        enabled: entry.enabled.filter(|enabled| *enabled != key.enabled),
        ip_acl: entry.ip_acl.clone().filter(|wanted| !same_acl(wanted, &key.ip_acl)),
        ui_config: entry.ui_config.clone(),
        ..KeyChange::default()
    };
    match cert(entry, key, state) {
        Ok(cert) => change.cert = cert,
        Err(why) => plan.blocked.push(why),
    }
    match limit(entry, key, state.now) {
        Limit::Stays => {}
        Limit::Becomes(limit) => change.max_usage = Some(limit),
        Limit::Closes(why) => {
            change.max_usage = Some(MaxUsageChange::Close);
            if key.usage.count.0 == 0 {
                // A limit is at least 1, so the limit alone would leave a key open that was never used.
                change.enabled = Some(false);
            }
            plan.closes = Some(why);
        }
        Limit::Blocked(why) => plan.blocked.push(why),
    }
    plan.differences = changed(&change, key);
    if plan.closes.is_none() && becomes_unable(&change, key) {
        plan.closes = Some(match entry.enabled {
            Some(false) => "enabled: false".to_owned(),
            Some(true) | None => "no use is left".to_owned(),
        });
    }
    plan.change = guarded(change, key);
    plan
}

/// Stops a key by both switches, as `disable` does.
pub(super) fn blocking(key: &ProvisioningKey) -> (KeyChange, Vec<FieldDifference>) {
    let change =
        KeyChange { enabled: Some(false), max_usage: Some(MaxUsageChange::Close), ..KeyChange::default() };
    let differences = changed(&change, key);
    (guarded(change, key), differences)
}

/// Binds a change to the name that was read: what a rotation replaced meanwhile must not be written.
fn guarded(change: KeyChange, key: &ProvisioningKey) -> KeyChange {
    KeyChange { only_if_named: Some(key.name.raw().to_owned()), ..change }
}

fn changed(change: &KeyChange, key: &ProvisioningKey) -> Vec<FieldDifference> {
    change.apply(key).map(|wanted| differences(key, &wanted)).unwrap_or_default()
}

fn becomes_unable(change: &KeyChange, key: &ProvisioningKey) -> bool {
    can_enrol(key) && change.apply(key).is_ok_and(|wanted| !can_enrol(&wanted))
}

enum Limit {
    Stays,
    Becomes(MaxUsageChange),
    Closes(String),
    Blocked(String),
}

fn limit(entry: &DesiredKey, key: &ProvisioningKey, now: Timestamp) -> Limit {
    let Some(uses) = entry.uses else { return Limit::Stays };
    let wanted = match uses {
        Uses::Closed if is_closed(key) => return Limit::Stays,
        Uses::Closed => return Limit::Closes("uses: closed".to_owned()),
        Uses::OpenFor { time, .. } if is_over(key, time, now) => {
            return if is_closed(key) {
                Limit::Stays
            } else {
                Limit::Closes(format!("open_for {} is over", days_of(time)))
            };
        }
        Uses::Exact(max) | Uses::OpenFor { max, .. } if max == key.usage.max.0 => return Limit::Stays,
        Uses::Exact(max) | Uses::OpenFor { max, .. } if max < key.usage.count.0 => {
            let count = key.usage.count.0;
            return Limit::Blocked(format!("uses: {max} is below the {count} that were used"));
        }
        Uses::Exact(max) | Uses::OpenFor { max, .. } => MaxUsageChange::NotBelowUsed(MaxUsage(max)),
        Uses::Keep { keep, cap } => MaxUsageChange::KeepUpTo { keep, cap: cap.map(MaxUsage) },
    };
    let raises = wanted.apply(key.usage).is_ok_and(|limit| limit > key.usage.max);
    // Someone stopped it by both switches. The API is not known to honour `enabled` alone.
    if raises && !key.enabled && entry.enabled.is_none() {
        return Limit::Blocked(
            "the key was disabled: its limit is not raised unless the file says `enabled`".to_owned(),
        );
    }
    Limit::Becomes(wanted)
}

/// True if a key is closed, as `uses: closed` leaves it.
pub(super) fn is_closed(key: &ProvisioningKey) -> bool {
    key.usage.remaining() == 0 || key.usage.count.0 == 0 && key.usage.max.0 == 1 && !key.enabled
}

/// True if the entry's key is closed by now, or is to be.
pub(super) fn wants_closed(entry: &DesiredKey, key: &ProvisioningKey, now: Timestamp) -> bool {
    match entry.uses {
        Some(Uses::Closed) => true,
        Some(Uses::OpenFor { time, .. }) => is_over(key, time, now),
        Some(Uses::Exact(_) | Uses::Keep { .. }) | None => false,
    }
}

/// True if a key is older than this, by the server's clock.
pub(super) fn is_over(key: &ProvisioningKey, time: Duration, now: Timestamp) -> bool {
    let end = key.created_at.and_then(|created| created.saturating_add(time).ok());
    end.is_some_and(|end| end <= now)
}

fn cert(entry: &DesiredKey, key: &ProvisioningKey, state: &TenantState) -> Result<Option<CertId>, String> {
    let Some(CertRule::Named(wanted)) = &entry.cert else { return Ok(None) };
    if wanted.is(key.cert.id.as_str(), key.cert.name.as_ref().map(ServerText::raw)) {
        return Ok(None);
    }
    let cert = find_cert(wanted, state)?;
    Ok((cert.id != key.cert.id).then(|| cert.id.clone()))
}

/// Finds a certificate that can sign.
pub(super) fn find_cert<'a>(
    wanted: &super::Reference,
    state: &'a TenantState,
) -> Result<&'a EnrollmentCert, String> {
    let certs = state.certs.as_deref().unwrap_or_default();
    let shown = crate::domain::escape(&wanted.text()).into_owned();
    let fits = |cert: &&EnrollmentCert| wanted.is(cert.id.as_str(), Some(cert.name.raw()));
    let found: Vec<&EnrollmentCert> = certs.iter().filter(fits).collect();
    match found.as_slice() {
        [cert] if !cert.private_key_present => {
            Err(format!("certificate {} has no private key at Zscaler and can sign nothing", cert.name))
        }
        [cert] if cert.valid_to.is_some_and(|end| end < state.now) => {
            Err(format!("certificate {} has expired", cert.name))
        }
        [cert] => Ok(*cert),
        [] => {
            let near = near(&wanted.text(), certs.iter().map(|cert| cert.name.raw()));
            Err(format!("no certificate is called \"{shown}\"{}", did_you_mean(&near)))
        }
        several => Err(format!("{} certificates are called \"{shown}\": name it by id:…", several.len())),
    }
}

pub(super) fn did_you_mean(near: &[&str]) -> String {
    near.first()
        .map_or_else(String::new, |name| format!("; did you mean \"{}\"?", crate::domain::escape(name)))
}

/// Writes a time in the largest unit that divides it.
pub(in crate::domain) fn days_of(time: Duration) -> String {
    let seconds = time.as_secs();
    [(86_400, "d"), (3_600, "h"), (60, "m")]
        .into_iter()
        .find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit))
        .map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit))
}
