//! A key of the model, and how a machine sees it.

use std::sync::Arc;

use jiff::Timestamp;

use super::fixture;
use crate::domain::rotation::{next_name, old_name};
use crate::domain::{Enrolled, KeyId, MaxUsage, ProvisioningKey, UsageCount};

pub const NAME: &str = "prod";
/// The key that it begins with.
pub const A: u32 = 10;
/// A successor, where a scenario begins with one.
pub const B: u32 = 20;
/// The first id that the model gives.
pub const FIRST: u32 = 30;
/// When every schedule begins. Unit: seconds since the Unix epoch.
pub const START: i64 = 1_800_000_000;
/// A key of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: u32,
    pub name: Arc<str>,
    pub enabled: bool,
    pub exportable: bool,
    pub count: u64,
    pub max: u64,
    pub created: i64,
    /// When it was last changed by a PUT.
    pub modified: i64,
    /// The addresses that it may be used from: none is all.
    pub acl: u8,
    /// The run that made it; zero for what was there.
    pub maker: u8,
    /// Whether it was handed over, and not taken back by a rollback.
    pub delivered: bool,
    /// Whether a run stopped it.
    pub stopped: bool,
}

impl Entry {
    pub fn record(&self) -> ProvisioningKey {
        let mut key = fixture::key(self.id, &self.name);
        key.enabled = self.enabled;
        key.exportable = self.exportable;
        key.usage.count = UsageCount(self.count);
        key.usage.max = MaxUsage(self.max);
        key.created_at = Some(time(self.created));
        key.modified_at = Some(time(self.modified));
        key.ip_acl = (0..self.acl).map(|at| format!("10.0.{at}.0/24").parse().unwrap()).collect();
        key
    }
}

pub fn can_enrol(entry: &Entry) -> bool {
    entry.enabled && entry.count < entry.max
}

pub fn entry(id: u32, name: &str) -> Entry {
    Entry {
        id,
        name: name.into(),
        enabled: true,
        exportable: true,
        count: 0,
        max: 50,
        created: START - 40 * 24 * 3600,
        modified: START - 40 * 24 * 3600,
        acl: 0,
        maker: 0,
        delivered: false,
        stopped: false,
    }
}

pub fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

pub fn key_id(id: u32) -> KeyId {
    id.to_string().parse().unwrap()
}

pub fn number(id: &KeyId) -> u32 {
    id.as_str().parse().unwrap()
}

pub fn next_of(id: u32) -> String {
    next_name(NAME, &key_id(id)).into()
}

pub fn old_of(id: u32, due: i64) -> String {
    old_name(NAME, &key_id(id), crate::domain::rotation::Due::At(time(due))).into()
}

pub fn member(key: u32) -> Enrolled {
    Enrolled {
        id: "".into(),
        name: "".into(),
        key_id: Some(key_id(key)),
        group_id: None,
        version: None,
        control_channel_status: None,
        enabled: true,
        created_at: Some(time(START - 30 * 24 * 3600)),
        upgrade_status: None,
        public_ip: None,
        connected_at: None,
    }
}
