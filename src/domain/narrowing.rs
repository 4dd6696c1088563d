//! What an update takes away from a key, and whether that still stands.

use super::{CannotApply, IpAclEntry, KeyChange, MaxUsage, ProvisioningKey};

/// The restrictions that an update makes. Others may restrict further; nothing here ever widens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowing {
    /// The limit is at most this.
    limit: Option<MaxUsage>,
    disables: bool,
    sources: Sources,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Sources {
    Any,
    Only(Vec<IpAclEntry>),
    /// These are not in the IP ACL.
    Without(Vec<IpAclEntry>),
}

impl Narrowing {
    /// Returns what a change takes away from a key as it was before; `None` if it only widens, renames or seals.
    #[must_use]
    pub fn of(change: &KeyChange, before: &ProvisioningKey) -> Option<Self> {
        let wanted = change.apply(before).ok()?;
        let limit = (wanted.usage.max < before.usage.max).then_some(wanted.usage.max);
        let disables = before.enabled && !wanted.enabled;
        let sources = if is_within(&before.ip_acl, &wanted.ip_acl) {
            Sources::Any
        } else if change.ip_acl.is_some() || before.ip_acl.is_empty() {
            Sources::Only(wanted.ip_acl)
        } else {
            let stays = |entry: &IpAclEntry| wanted.ip_acl.iter().any(|other| other.same_network(entry));
            Sources::Without(before.ip_acl.iter().filter(|entry| !stays(entry)).cloned().collect())
        };
        let narrows = limit.is_some() || disables || sources != Sources::Any;
        narrows.then_some(Self { limit, disables, sources })
    }

    /// True if a key is at least as narrow.
    #[must_use]
    pub fn holds(&self, key: &ProvisioningKey) -> bool {
        let sources = match &self.sources {
            Sources::Any => true,
            Sources::Only(entries) => is_within(&key.ip_acl, entries),
            Sources::Without(entries) => !key.ip_acl.iter().any(|entry| is_among(entry, entries)),
        };
        self.limit.is_none_or(|limit| key.usage.max <= limit) && !(self.disables && key.enabled) && sources
    }

    /// Returns the key with these restrictions, and with all that it has itself.
    ///
    /// # Errors
    /// [`CannotApply::Sources`] if no source would be left: an empty IP ACL allows any.
    pub fn apply(&self, key: &ProvisioningKey) -> Result<ProvisioningKey, CannotApply> {
        let mut narrowed = key.clone();
        narrowed.usage.max = self.limit.map_or(key.usage.max, |limit| limit.min(key.usage.max));
        narrowed.enabled &= !self.disables;
        match &self.sources {
            Sources::Any => return Ok(narrowed),
            Sources::Only(entries) if is_within(&key.ip_acl, entries) => return Ok(narrowed),
            Sources::Only(entries) if key.ip_acl.is_empty() => narrowed.ip_acl.clone_from(entries),
            Sources::Only(entries) => narrowed.ip_acl = common(&key.ip_acl, entries),
            Sources::Without(entries) => narrowed.ip_acl.retain(|entry| !is_among(entry, entries)),
        }
        if narrowed.ip_acl.is_empty() && !key.ip_acl.is_empty() {
            return Err(CannotApply::Sources);
        }
        Ok(narrowed)
    }
}

fn is_among(entry: &IpAclEntry, entries: &[IpAclEntry]) -> bool {
    entries.iter().any(|other| other.same_network(entry))
}

/// True if an IP ACL allows no source that another does not. An empty one allows any.
fn is_within(acl: &[IpAclEntry], other: &[IpAclEntry]) -> bool {
    let is_covered = |entry: &IpAclEntry| other.iter().any(|wider| wider.covers(entry));
    other.is_empty() || !acl.is_empty() && acl.iter().all(is_covered)
}

/// Lists what both allow: of two prefixes one holds the other, or they have nothing in common.
fn common(left: &[IpAclEntry], right: &[IpAclEntry]) -> Vec<IpAclEntry> {
    let mut both: Vec<IpAclEntry> = Vec::new();
    for (one, other) in left.iter().flat_map(|one| right.iter().map(move |other| (one, other))) {
        let inner = if one.covers(other) { Some(other) } else { other.covers(one).then_some(one) };
        if let Some(inner) = inner.filter(|inner| !is_among(inner, &both)) {
            both.push(inner.clone());
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AssociationType, ComponentRef, MaxUsageChange, ServerText, Usage, UsageCount, differences,
    };

    fn key(acl: &[&str]) -> ProvisioningKey {
        ProvisioningKey {
            id: "38101".parse().unwrap(),
            name: ServerText::from("prod"),
            association_type: AssociationType::ConnectorGrp,
            enabled: true,
            exportable: true,
            usage: Usage { count: UsageCount(3), max: MaxUsage(10) },
            group: ComponentRef { id: "1".parse().unwrap(), name: None },
            app_connector_group_id: None,
            app_connector_group_name: None,
            cert: ComponentRef { id: "2".parse().unwrap(), name: None },
            ip_acl: entries(acl),
            ui_config: None,
            microtenant: None,
            read_only: false,
            zscaler_managed: false,
            created_at: None,
            modified_at: None,
            expires_at: None,
            modified_by: None,
            fingerprint: None,
        }
    }

    fn entries(acl: &[&str]) -> Vec<IpAclEntry> {
        acl.iter().map(|entry| entry.parse().unwrap()).collect()
    }

    fn to(limit: u64) -> KeyChange {
        KeyChange { max_usage: Some(MaxUsageChange::To(MaxUsage(limit))), ..KeyChange::default() }
    }

    #[test]
    fn what_widens_or_renames_takes_nothing_away() {
        let named = KeyChange { name: Some("other".to_owned()), ..KeyChange::default() };
        let any = KeyChange { ip_acl: Some(Vec::new()), ..KeyChange::default() };
        let wider = KeyChange { ip_acl: Some(entries(&["192.0.2.0/23"])), ..KeyChange::default() };
        let added = KeyChange { add_ip: entries(&["198.51.100.7"]), ..KeyChange::default() };
        // An empty IP ACL allows any source.
        let emptied = KeyChange { remove_ip: entries(&["192.0.2.0/24"]), ..KeyChange::default() };
        let sealed = KeyChange { seal: true, ..KeyChange::default() };
        for change in [to(10), to(11), named, any, wider, added, emptied, sealed] {
            assert_eq!(Narrowing::of(&change, &key(&["192.0.2.0/24"])), None, "{change:?}");
        }
    }

    #[test]
    fn a_limit_and_a_switch_are_held_by_what_is_narrower() {
        let off = KeyChange { enabled: Some(false), ..to(5) };
        let narrowing = Narrowing::of(&off, &key(&[])).unwrap();
        assert!(!narrowing.holds(&key(&[])));
        let off = ProvisioningKey { enabled: false, ..key(&[]) };
        assert!(!narrowing.holds(&off));
        let usage = |max| Usage { max: MaxUsage(max), ..off.usage };
        for limit in [4, 5] {
            let key = ProvisioningKey { usage: usage(limit), ..off.clone() };
            assert!(narrowing.holds(&key));
            assert_eq!(narrowing.apply(&key), Ok(key));
        }
        let again = narrowing.apply(&key(&[])).unwrap();
        assert_eq!((again.enabled, again.usage.max), (false, MaxUsage(5)));
    }

    #[test]
    fn sources_that_another_writer_took_away_are_never_given_back() {
        let change = KeyChange { ip_acl: Some(entries(&["192.0.2.0/24", "203.0.113.7"])), ..to(10) };
        let narrowing = Narrowing::of(&change, &key(&[])).unwrap();
        assert!(narrowing.holds(&key(&["192.0.2.128/25"])));
        for (found, left) in [
            (&[][..], Ok(&["192.0.2.0/24", "203.0.113.7"][..])),
            (&["192.0.2.128/25", "198.51.100.0/24"], Ok(&["192.0.2.128/25"])),
            (&["203.0.113.0/24"], Ok(&["203.0.113.7"])),
            (&["198.51.100.0/24"], Err(CannotApply::Sources)),
        ] {
            let applied = narrowing.apply(&key(found)).map(|key| key.ip_acl);
            assert_eq!(applied, left.map(entries), "{found:?}");
        }
    }

    #[test]
    fn an_entry_that_was_removed_is_removed_again_beside_what_others_added() {
        let change = KeyChange { remove_ip: entries(&["192.0.2.0/24"]), ..KeyChange::default() };
        let narrowing = Narrowing::of(&change, &key(&["192.0.2.0/24", "203.0.113.7"])).unwrap();
        assert!(narrowing.holds(&key(&["203.0.113.7", "198.51.100.0/24"])));
        let found = key(&["192.0.2.0/24", "198.51.100.0/24"]);
        assert!(!narrowing.holds(&found));
        let again = narrowing.apply(&found).unwrap();
        let fields: Vec<_> = differences(&found, &again).into_iter().map(|one| one.field).collect();
        assert_eq!((again.ip_acl, fields), (entries(&["198.51.100.0/24"]), vec!["ip_acl"]));
        assert_eq!(narrowing.apply(&key(&["192.0.2.0/24"])), Err(CannotApply::Sources));
    }
}
