//! Enrolment: what happens when a host is given the text of a key.
//!
//! # Source
//!
//! The vendor's help pages: a key enrols as often as its uses allow, the host then has a certificate of its
//! own, and is named after the key. Two recordings of the vendor's SDK show `modifiedBy` 3 on keys with uses.

use std::{
    net::IpAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use ipnet::IpNet;
use serde_json::Value;

use super::{
    enrolled,
    key_view::key_text,
    kind::Kind,
    standard,
    tenant::{StoredKey, Tenant, flag, text},
};

/// A host that was enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// The id of the App Connector or Private Service Edge; `None` for the types that have no such list here.
    pub id: Option<String>,
    /// Its name: the key's, and the time.
    pub name: String,
    /// The association type of the key.
    pub association_type: String,
    /// The group that it joined.
    pub group_id: String,
    /// The key that it was enrolled with.
    pub key_id: String,
}

/// Why a host was not enrolled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnrolmentRefused {
    /// No key has this text.
    #[error("no provisioning key has this text")]
    UnknownKey,
    /// The key is disabled.
    #[error("the provisioning key `{name}` is disabled")]
    Disabled {
        /// The name of the key.
        name: String,
    },
    /// The key has not uses enough for all.
    #[error("{name} has {}; {} requested", uses_left(*.used, *.most), were(*.wanted))]
    UsedUp {
        /// The name of the key.
        name: String,
        /// Unit: enrolments.
        used: u64,
        /// Unit: enrolments.
        most: u64,
        /// Unit: enrolments.
        wanted: u32,
    },
    /// The key has expired.
    #[error("the provisioning key `{name}` has expired")]
    Expired {
        /// The name of the key.
        name: String,
    },
    /// The host's address is not in the IP ACL of the key.
    #[error("the IP ACL of the provisioning key `{name}` does not allow {address}")]
    Address {
        /// The name of the key.
        name: String,
        /// The address that the host came from.
        address: IpAddr,
    },
    /// The enrollment certificate is gone, has expired or cannot sign.
    #[error("the enrollment certificate of the provisioning key `{name}` {what}")]
    Certificate {
        /// The name of the key.
        name: String,
        /// What is the matter with it.
        what: &'static str,
    },
    /// The group is gone.
    #[error("the group of the provisioning key `{name}` no longer exists")]
    Group {
        /// The name of the key.
        name: String,
    },
    /// The tenant could not be read or written.
    #[error("the sandbox failed: {0}")]
    Sandbox(String),
}

impl EnrolmentRefused {
    /// What a host writes into its log when it is refused; it is not told why.
    ///
    /// # Source
    ///
    /// The vendor's help page "About App Connector Provisioning Keys", which shows the text of the key where
    /// there are dots here.
    pub const HOST_LOG: &str = "Login request failed - http status(401) \
                                nonce(<3|api.private.zscaler.com|...>)\nCertificate enrollment failed";
}

/// How the key of a host is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Presented<'a> {
    /// By its text, as a host does.
    Text(&'a str),
    /// By its id, as a test that plays a host may.
    Id(&'a str),
}

/// A host that comes to enrol, or several alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct EnrollingHosts<'a> {
    pub(super) key: Presented<'a>,
    pub(super) ip: Option<IpAddr>,
    pub(super) count: u32,
}

/// Enrols all of the hosts, or none.
pub(super) fn enroll(
    tenant: &mut Tenant,
    hosts: EnrollingHosts<'_>,
) -> Result<Vec<Enrolment>, EnrolmentRefused> {
    let position = tenant.keys.iter().position(|key| match hosts.key {
        Presented::Text(given) => key_text(tenant, key) == given.trim(),
        Presented::Id(given) => text(&key.fields, "id") == Some(given),
    });
    let key = position.and_then(|position| tenant.keys.get(position)).cloned();
    let key = key.ok_or(EnrolmentRefused::UnknownKey)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let address = hosts.ip.map_or_else(|| enrolled::PUBLIC_IP.to_owned(), |ip| ip.to_string());
    let used = check(tenant, &key, hosts, now.as_secs())?;

    let mut made = Vec::new();
    let mut milliseconds = now.as_millis();
    let kind = Kind::of(&key.association_type);
    let field = |name: &str| text(&key.fields, name).unwrap_or_default().to_owned();
    for _ in 0..hosts.count {
        let mut name = format!("{}-{milliseconds}", field("name"));
        if let Some(kind) = kind {
            while kind.components(tenant).iter().any(|other| text(other, "name") == Some(&name)) {
                milliseconds += 1;
                name = format!("{}-{milliseconds}", field("name"));
            }
        }
        milliseconds += 1;
        let mut id = None;
        if let Some(kind) = kind {
            let mut component = enrolled::component(kind, tenant, Some(&key));
            let new_id = tenant.take_object_id();
            let seconds = now.as_secs().to_string();
            for (property, value) in [
                ("id", new_id.clone()),
                ("modifiedTime", seconds.clone()),
                ("creationTime", seconds),
                ("name", name.clone()),
                ("publicIp", address.clone()),
            ] {
                component.insert(property.to_owned(), value.into());
            }
            kind.components_mut(tenant).push(component);
            id = Some(new_id);
        }
        made.push(Enrolment {
            id,
            name,
            association_type: key.association_type.clone(),
            group_id: field("zcomponentId"),
            key_id: field("id"),
        });
    }
    if let Some(key) = position.and_then(|position| tenant.keys.get_mut(position)) {
        for (property, value) in [
            ("usageCount", (used + u64::from(hosts.count)).to_string()),
            ("modifiedTime", now.as_secs().to_string()),
            ("modifiedBy", standard::SYSTEM_AUTHOR.to_owned()),
        ] {
            key.fields.insert(property.to_owned(), value.into());
        }
    }
    Ok(made)
}

/// Refuses hosts that may not enrol; otherwise tells how often the key was used.
fn check(
    tenant: &Tenant,
    key: &StoredKey,
    hosts: EnrollingHosts<'_>,
    now: u64,
) -> Result<u64, EnrolmentRefused> {
    let name = text(&key.fields, "name").unwrap_or_default().to_owned();
    let number = |field: &str| text(&key.fields, field).and_then(|text| text.parse::<u64>().ok());
    if !flag(&key.fields, "enabled") {
        return Err(EnrolmentRefused::Disabled { name });
    }
    if number("expirationInEpochSec").is_some_and(|expires| expires <= now) {
        return Err(EnrolmentRefused::Expired { name });
    }
    let (used, most) = (number("usageCount").unwrap_or(0), number("maxUsage").unwrap_or(0));
    if used + u64::from(hosts.count) > most {
        return Err(EnrolmentRefused::UsedUp { name, used, most, wanted: hosts.count });
    }
    let address = hosts.ip.or_else(|| enrolled::PUBLIC_IP.parse().ok());
    if let Some(address) = address.filter(|address| !is_allowed(key, *address)) {
        return Err(EnrolmentRefused::Address { name, address });
    }
    let certificate = text(&key.fields, "enrollmentCertId").and_then(|id| tenant.certificate(id));
    let problem = match certificate {
        None => Some("no longer exists"),
        Some(certificate) if !flag(certificate, "privateKeyPresent") => Some("has no private key"),
        Some(certificate) => {
            let until = text(certificate, "validToInEpochSec").and_then(|text| text.parse::<u64>().ok());
            until.is_some_and(|until| until <= now).then_some("has expired")
        }
    };
    if let Some(what) = problem {
        return Err(EnrolmentRefused::Certificate { name, what });
    }
    let group = text(&key.fields, "zcomponentId").and_then(|id| tenant.group(&key.association_type, id));
    if group.is_none() { Err(EnrolmentRefused::Group { name }) } else { Ok(used) }
}

/// A key without an IP ACL allows all addresses.
fn is_allowed(key: &StoredKey, address: IpAddr) -> bool {
    let Some(Value::Array(entries)) = key.fields.get("ipAcl") else { return true };
    entries.iter().filter_map(Value::as_str).any(|entry| {
        let network = entry.parse::<IpNet>().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
        network.is_ok_and(|network| network.contains(&address))
    })
}

fn uses_left(used: u64, most: u64) -> String {
    match most.saturating_sub(used) {
        0 => "no uses left".to_owned(),
        1 => "1 use left".to_owned(),
        left => format!("{left} uses left"),
    }
}

fn were(count: u32) -> String {
    if count == 1 { "1 was".to_owned() } else { format!("{count} were") }
}
