//! What a tenant and its deployments went through, moment by moment.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::Tenant;

/// How often a tenant is looked at while a run lasts; where runs are killed, each of their moments is looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// Where the sandbox begins to number texts; the text of a key ends in this and the key's id.
const SERIAL_BASE: u64 = 216_199_618_143_303_600;

/// A key as far as a rotation has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub name: String,
    pub enabled: bool,
    pub used: u64,
    pub max: u64,
    /// All that a rotation of it may not change.
    pub rest: String,
}

impl Key {
    pub fn can_enrol(&self) -> bool {
        self.enabled && self.used < self.max
    }
}

/// The tenant and the deployments at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// By id.
    pub keys: BTreeMap<String, Key>,
    /// Whose text the destination holds; nothing where it was handed none yet.
    pub held: Option<String>,
}

impl Moment {
    pub fn of(tenant: &Tenant, store: &str) -> Self {
        let state = tenant.state();
        let keys = state["keys"].as_array().unwrap().iter().map(|key| (text(key, "id"), read(key))).collect();
        Self { keys, held: held(tenant.home().work().join(store)) }
    }

    /// The ids of the keys that have a name.
    pub fn named<'a>(&'a self, is_meant: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a str> {
        self.keys.iter().filter(move |(_, key)| is_meant(&key.name)).map(|(id, _)| id.as_str())
    }
}

fn text(key: &Value, field: &str) -> String {
    key[field].as_str().unwrap_or_default().to_owned()
}

fn read(key: &Value) -> Key {
    let number = |field| text(key, field).parse().unwrap_or(0);
    let fixed = ["association_type", "zcomponentId", "enrollmentCertId", "exportable", "ipAcl", "uiConfig"];
    Key {
        name: text(key, "name"),
        enabled: key["enabled"] == Value::Bool(true),
        used: number("usageCount"),
        max: number("maxUsage"),
        rest: fixed.map(|field| key.get(field).map(Value::to_string).unwrap_or_default()).join(" "),
    }
}

fn held(file: PathBuf) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let serial = text.rsplit_once('-').and_then(|(_, serial)| serial.parse::<u64>().ok());
    let id = serial.and_then(|serial| serial.checked_sub(SERIAL_BASE)).filter(|_| text.len() == 429);
    Some(id.map_or_else(|| format!("no key value, {} bytes", text.len()), |id| id.to_string()))
}

/// Notes every change of a tenant while something is done to it.
pub fn watch<T>(tenant: &Tenant, store: &str, history: &mut Vec<Moment>, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    let mut look = || {
        let moment = Moment::of(tenant, store);
        if history.last() != Some(&moment) {
            history.push(moment);
        }
    };
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                look();
                thread::sleep(GLANCE);
            }
            look();
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        watcher.join().unwrap();
        done
    })
}
