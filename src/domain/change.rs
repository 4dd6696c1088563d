//! What an update changes.

use super::{
    CertId, ComponentRef, IpAclEntry, MaxUsage, Narrowing, ProvisioningKey, ServerText, Usage, escape,
    same_acl,
};

use crate::kind::{Classified, ErrorKind};

/// What an update changes in a key; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyChange {
    /// A new name.
    pub name: Option<String>,
    /// A new limit.
    pub max_usage: Option<MaxUsageChange>,
    /// Whether it may enrol.
    pub enabled: Option<bool>,
    /// The whole IP ACL anew.
    pub ip_acl: Option<Vec<IpAclEntry>>,
    /// Entries to add to the IP ACL.
    pub add_ip: Vec<IpAclEntry>,
    /// Entries to take from the IP ACL.
    pub remove_ip: Vec<IpAclEntry>,
    /// The portal's text.
    pub ui_config: Option<String>,
    /// Another certificate.
    pub cert: Option<CertId>,
    /// Seals the key: its text is never returned again.
    pub seal: bool,
    /// What an earlier update took away and has to be taken away again.
    pub narrowing: Option<Narrowing>,
    /// The name that the key must have when it is written: a rotation may have replaced it meanwhile.
    pub only_if_named: Option<String>,
}

/// How an update changes a key's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxUsageChange {
    /// To this limit.
    To(MaxUsage),
    /// By so many enrolments, each time it is asked.
    Add(u64),
    /// So that so many are left, where fewer are; never past the cap. It never lowers a limit.
    KeepRemaining {
        /// The enrolments that must be left.
        at_least: u64,
        /// The highest limit that may result.
        cap: Option<MaxUsage>,
    },
    /// To this limit, but not below the uses: a limit below them says nothing, and may be refused.
    NotBelowUsed(MaxUsage),
    /// So that so many are left, as far as the cap lets. It never lowers a limit.
    KeepUpTo {
        /// The enrolments that should be left.
        keep: u64,
        /// The highest limit that may result.
        cap: Option<MaxUsage>,
    },
    /// So that none are left; to 1 if it was never used, since a limit is at least 1. It never raises a limit.
    Close,
}

/// Says why a change cannot be made to a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotApply {
    /// The resulting limit does not fit.
    #[error("the limit would be above {}: at most {possible} can be added", u64::MAX)]
    Overflow {
        /// What could be asked for instead. Unit: enrolments.
        possible: u64,
    },
    /// The cap leaves fewer enrolments than were asked for.
    #[error("--cap {cap} leaves {left} uses, fewer than --min-remaining {wanted}")]
    Capped {
        /// The cap.
        cap: u64,
        /// What it leaves.
        left: u64,
        /// What was asked for.
        wanted: u64,
    },
    /// The IP ACL was changed to other sources altogether.
    #[error("the IP ACL would be left without a source, which allows any")]
    Sources,
    /// It has another name than when the change was planned.
    #[error("it is called \"{0}\" now: another run rotated or renamed it meanwhile")]
    Renamed(ServerText),
}

impl Classified for CannotApply {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Conflict
    }
}

impl MaxUsageChange {
    /// Returns the limit that results for a key used like this.
    ///
    /// # Errors
    /// [`CannotApply`] where no limit fulfils the change.
    pub fn apply(self, usage: Usage) -> Result<MaxUsage, CannotApply> {
        match self {
            Self::To(limit) => Ok(limit),
            Self::Add(uses) => usage
                .max
                .0
                .checked_add(uses)
                .map(MaxUsage)
                .ok_or(CannotApply::Overflow { possible: u64::MAX - usage.max.0 }),
            Self::KeepRemaining { at_least, .. } if usage.remaining() >= at_least => Ok(usage.max),
            Self::KeepRemaining { at_least, cap } => {
                let possible = u64::MAX - usage.count.0;
                let wanted = usage.count.0.checked_add(at_least).ok_or(CannotApply::Overflow { possible })?;
                match cap {
                    Some(MaxUsage(cap)) if cap < wanted => Err(CannotApply::Capped {
                        cap,
                        left: cap.saturating_sub(usage.count.0),
                        wanted: at_least,
                    }),
                    Some(_) | None => Ok(MaxUsage(wanted)),
                }
            }
            Self::NotBelowUsed(limit) => Ok(limit.max(MaxUsage(usage.count.0))),
            Self::KeepUpTo { keep, .. } if usage.remaining() >= keep => Ok(usage.max),
            Self::KeepUpTo { keep, cap } => {
                let wanted = MaxUsage(usage.count.0.saturating_add(keep));
                Ok(cap.map_or(wanted, |cap| wanted.min(cap)).max(usage.max))
            }
            Self::Close => Ok(usage.max.min(MaxUsage(usage.count.0.max(1)))),
        }
    }
}

impl KeyChange {
    /// Returns the key as it is wanted.
    ///
    /// # Errors
    /// [`CannotApply`] where the limit cannot be had, or the key has another name than it must have.
    pub fn apply(&self, key: &ProvisioningKey) -> Result<ProvisioningKey, CannotApply> {
        if self.only_if_named.as_ref().is_some_and(|name| key.name != name.as_str()) {
            return Err(CannotApply::Renamed(key.name.clone()));
        }
        let mut wanted = key.clone();
        if let Some(name) = &self.name {
            wanted.name = ServerText::from(name.as_str());
        }
        if let Some(change) = self.max_usage {
            wanted.usage.max = change.apply(key.usage)?;
        }
        if let Some(enabled) = self.enabled {
            wanted.enabled = enabled;
        }
        if let Some(entries) = &self.ip_acl {
            wanted.ip_acl.clone_from(entries);
        }
        wanted.ip_acl.retain(|entry| !self.remove_ip.iter().any(|removed| removed.same_network(entry)));
        for entry in &self.add_ip {
            if !wanted.ip_acl.iter().any(|present| present.same_network(entry)) {
                wanted.ip_acl.push(entry.clone());
            }
        }
        if let Some(text) = &self.ui_config {
            wanted.ui_config = Some(text.clone()).filter(|text| !text.is_empty());
        }
        if let Some(cert) = &self.cert
            && *cert != wanted.cert.id
        {
            wanted.cert.id = cert.clone();
            wanted.cert.name = None;
        }
        if self.seal {
            wanted.exportable = false;
        }
        match &self.narrowing {
            Some(narrowing) => narrowing.apply(&wanted),
            None => Ok(wanted),
        }
    }
}

/// A writable field that differs between two states of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field's name in zpakey's JSON.
    pub field: &'static str,
    /// What it is.
    pub from: FieldValue,
    /// What it is wanted to be.
    pub to: FieldValue,
}

/// The value of a writable field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// True or false.
    Flag(bool),
    /// Texts.
    List(Vec<String>),
    /// The id of a group or a certificate, with its name if that is known.
    Reference {
        /// The id.
        id: String,
        /// The name.
        name: Option<ServerText>,
    },
    /// Nothing.
    Null,
}

impl<Kind> From<&ComponentRef<Kind>> for FieldValue {
    fn from(component: &ComponentRef<Kind>) -> Self {
        Self::Reference { id: component.id.to_string(), name: component.name.clone() }
    }
}

impl std::fmt::Display for FieldValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(&escape(text)),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Flag(flag) => write!(formatter, "{flag}"),
            Self::List(entries) if entries.is_empty() => formatter.write_str("any"),
            Self::List(entries) => formatter.write_str(&escape(&entries.join(" "))),
            Self::Reference { id, name: Some(name) } => write!(formatter, "{name} ({id})"),
            Self::Reference { id, name: None } => formatter.write_str(id),
            Self::Null => formatter.write_str("none"),
        }
    }
}

/// Lists the writable fields in which two states of a key differ.
#[must_use]
pub fn differences(from: &ProvisioningKey, to: &ProvisioningKey) -> Vec<FieldDifference> {
    let before = writable(from);
    let after = writable(to);
    let pairs = before.into_iter().zip(after);
    let differs = pairs.filter(|((field, before), (_, after))| match *field {
        "ip_acl" => !same_acl(&from.ip_acl, &to.ip_acl),
        // Not every answer has the name.
        "enrollment_cert_id" => from.cert.id != to.cert.id,
        _ => before != after,
    });
    differs.map(|((field, from), (_, to))| FieldDifference { field, from, to }).collect()
}

/// Lists the fields that an update can change, in the order of zpakey's JSON.
fn writable(key: &ProvisioningKey) -> [(&'static str, FieldValue); 7] {
    let entries = key.ip_acl.iter().map(|entry| entry.as_str().to_owned()).collect();
    [
        ("name", FieldValue::Text(key.name.raw().to_owned())),
        ("enabled", FieldValue::Flag(key.enabled)),
        ("exportable", FieldValue::Flag(key.exportable)),
        ("max_usage", FieldValue::Number(key.usage.max.0)),
        ("enrollment_cert_id", FieldValue::from(&key.cert)),
        ("ip_acl", FieldValue::List(entries)),
        ("ui_config", key.ui_config.clone().map_or(FieldValue::Null, FieldValue::Text)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UsageCount;

    fn usage(count: u64, max: u64) -> Usage {
        Usage { count: UsageCount(count), max: MaxUsage(max) }
    }

    #[test]
    fn keeping_uses_left_raises_once_and_never_lowers() {
        let keep = MaxUsageChange::KeepRemaining { at_least: 5, cap: None };
        assert_eq!(keep.apply(usage(47, 50)), Ok(MaxUsage(52)));
        assert_eq!(keep.apply(usage(47, 52)), Ok(MaxUsage(52)));
        assert_eq!(keep.apply(usage(10, 50)), Ok(MaxUsage(50)));
        assert_eq!(keep.apply(usage(12, 10)), Ok(MaxUsage(17)));
    }

    #[test]
    fn a_cap_that_is_too_low_is_an_error() {
        let keep = |cap| MaxUsageChange::KeepRemaining { at_least: 5, cap: Some(MaxUsage(cap)) };
        assert_eq!(keep(52).apply(usage(47, 50)), Ok(MaxUsage(52)));
        assert_eq!(keep(51).apply(usage(47, 50)), Err(CannotApply::Capped { cap: 51, left: 4, wanted: 5 }));
    }

    #[test]
    fn a_limit_of_a_file_never_falls_below_the_uses() {
        let exact = MaxUsageChange::NotBelowUsed(MaxUsage(50));
        assert_eq!(exact.apply(usage(10, 80)), Ok(MaxUsage(50)));
        assert_eq!(exact.apply(usage(60, 80)), Ok(MaxUsage(60)));
        let keep = |cap| MaxUsageChange::KeepUpTo { keep: 10, cap };
        assert_eq!(keep(None).apply(usage(45, 50)), Ok(MaxUsage(55)));
        assert_eq!(keep(Some(MaxUsage(52))).apply(usage(45, 50)), Ok(MaxUsage(52)));
        assert_eq!(keep(Some(MaxUsage(40))).apply(usage(45, 50)), Ok(MaxUsage(50)));
        assert_eq!(keep(None).apply(usage(10, 50)), Ok(MaxUsage(50)));
        assert_eq!(MaxUsageChange::Close.apply(usage(7, 50)), Ok(MaxUsage(7)));
        assert_eq!(MaxUsageChange::Close.apply(usage(0, 50)), Ok(MaxUsage(1)));
        assert_eq!(MaxUsageChange::Close.apply(usage(12, 10)), Ok(MaxUsage(10)));
    }

    #[test]
    fn adding_adds_every_time_and_does_not_overflow() {
        assert_eq!(MaxUsageChange::Add(5).apply(usage(0, 10)), Ok(MaxUsage(15)));
        let add = |uses| MaxUsageChange::Add(uses).apply(usage(0, u64::MAX - 2));
        assert_eq!(add(2), Ok(MaxUsage(u64::MAX)));
        assert_eq!(add(3), Err(CannotApply::Overflow { possible: 2 }));
        let keep = |at_least| MaxUsageChange::KeepRemaining { at_least, cap: None }.apply(usage(7, 10));
        assert_eq!(keep(u64::MAX - 7), Ok(MaxUsage(u64::MAX)));
        assert_eq!(keep(u64::MAX), Err(CannotApply::Overflow { possible: u64::MAX - 7 }));
    }
}
