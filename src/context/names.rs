//! Names for shells to complete: what commands saw of a tenant, kept for the next time someone presses Tab.
//!
//! One private file for each tenant, with names, ids and types and nothing else. It is written once a command's
//! answer is out, and whatever is wrong with it costs completions and nothing else.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::api::Watcher;
use crate::config::{Found, Settings, vars};
use crate::domain::{
    AssociationType, ComponentRef, EnrollmentCert, Microtenant, ProvisioningKey, Zcomponent,
    looks_like_key_text,
};
use crate::host::{Dirs, PrivateDir};

/// The form of what is kept.
const VERSION: u32 = 1;
/// What stands for the sandbox's lasting tenant, whose customer is always the same.
const SANDBOX: &str = "sandbox";

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamedItem {
    /// The name, as the API gives it.
    pub name: String,
    pub id: String,
}

/// The names of a tenant. Keys and groups stand by the API's names of their types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    version: u32,
    keys: BTreeMap<String, Vec<NamedItem>>,
    groups: BTreeMap<String, Vec<NamedItem>>,
    certs: Vec<NamedItem>,
    microtenants: Vec<NamedItem>,
}

/// Where the names of one tenant, seen from one microtenant, are kept.
#[derive(Debug)]
pub struct NameCache {
    directory: PrivateDir,
    file: String,
}

/// Remembers what a client read and changed until the command is done.
#[derive(Default)]
pub(super) struct NameCacheUpdate(Mutex<Vec<Item>>);

/// One thing that was read or changed.
enum Item {
    Keys(AssociationType, Vec<NamedItem>),
    Groups(AssociationType, Vec<NamedItem>),
    Certs(Vec<NamedItem>),
    Microtenants(Vec<NamedItem>),
    /// What keys refer to: some of the groups of a type, the certificates, the microtenants.
    ReferredNames(AssociationType, [Vec<NamedItem>; 3]),
    Changed(AssociationType, NamedItem),
    Deleted(AssociationType, String),
}

/// Whether microtenants are meant, which belong to the customer, or the rest, which is seen from one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameScope {
    Customer,
    Microtenant,
}

impl Names {
    /// Reads the names of the tenant that the settings lead to; what is not there is empty.
    pub fn load(settings: &Settings, dirs: &Dirs) -> Self {
        let customer = NameCache::of(settings, dirs, NameScope::Customer).load();
        if settings.get(&vars::MICROTENANT).is_none() {
            return customer;
        }
        let seen = NameCache::of(settings, dirs, NameScope::Microtenant).load();
        Self { microtenants: customer.microtenants, ..seen }
    }

    /// Forgets the names of the sandbox's lasting tenant.
    pub fn forget_sandbox(dirs: &Dirs) {
        // A file that is not there is no failure.
        let _ = PrivateDir::new(dirs.names()).remove(&sandbox_file(""));
        let _ = PrivateDir::new(dirs.audits()).remove(&sandbox_file(""));
    }

    /// Lists the keys with their types.
    pub fn keys(&self) -> impl Iterator<Item = (AssociationType, &NamedItem)> {
        with_types(&self.keys)
    }

    /// Lists the groups with their types.
    pub fn groups(&self) -> impl Iterator<Item = (AssociationType, &NamedItem)> {
        with_types(&self.groups)
    }

    pub fn certs(&self) -> &[NamedItem] {
        &self.certs
    }

    pub fn microtenants(&self) -> &[NamedItem] {
        &self.microtenants
    }

    fn learn(&mut self, item: &Item) {
        match item {
            Item::Keys(kind, keys) => replace(self.keys.entry(kind.as_api().to_owned()).or_default(), keys),
            Item::Groups(kind, groups) => {
                replace(self.groups.entry(kind.as_api().to_owned()).or_default(), groups);
            }
            Item::Certs(certs) => replace(&mut self.certs, certs),
            Item::Microtenants(microtenants) => replace(&mut self.microtenants, microtenants),
            Item::ReferredNames(kind, [groups, certs, microtenants]) => {
                if !groups.is_empty() {
                    add(self.groups.entry(kind.as_api().to_owned()).or_default(), groups);
                }
                add(&mut self.certs, certs);
                add(&mut self.microtenants, microtenants);
            }
            Item::Changed(kind, key) => {
                // Where the type's keys were never listed, one of them would look like all.
                if let Some(keys) = self.keys.get_mut(kind.as_api()) {
                    add(keys, std::slice::from_ref(key));
                }
            }
            Item::Deleted(kind, id) => {
                if let Some(keys) = self.keys.get_mut(kind.as_api()) {
                    keys.retain(|key| key.id != *id);
                }
            }
        }
    }
}

fn with_types(map: &BTreeMap<String, Vec<NamedItem>>) -> impl Iterator<Item = (AssociationType, &NamedItem)> {
    let types = map.iter().filter_map(|(kind, all)| Some((kind.parse::<AssociationType>().ok()?, all)));
    types.flat_map(|(kind, all)| all.iter().map(move |named| (kind, named)))
}

fn replace(all: &mut Vec<NamedItem>, with: &[NamedItem]) {
    with.clone_into(all);
    sort(all);
}

/// Adds what is new, and gives what is known by its id its new name.
fn add(all: &mut Vec<NamedItem>, some: &[NamedItem]) {
    if some.is_empty() {
        return;
    }
    all.retain(|known| some.iter().all(|new| new.id != known.id));
    all.extend_from_slice(some);
    sort(all);
}

/// Writes a value that tells tenants apart; empty if it is not set.
fn text<T: std::fmt::Display>(found: Option<&Found<T>>) -> String {
    found.map_or_else(String::new, |found| found.value.to_string())
}

fn sort(all: &mut Vec<NamedItem>) {
    // A key value that someone took for a name has no place in a file.
    all.retain(|named| !named.name.is_empty() && !looks_like_key_text(&named.name));
    all.sort();
    all.dedup();
}

/// Returns the name of the file of what is kept of the tenant, as it is seen from the microtenant of the settings.
pub fn tenant_file(settings: &Settings) -> String {
    file_of(settings, &text(settings.get(&vars::MICROTENANT)))
}

/// Tells tenants apart by what says which one is acted on. The sandbox's lasting tenant is one, whatever port it is
/// served on.
fn file_of(settings: &Settings, microtenant: &str) -> String {
    if settings.is_sandbox() {
        return sandbox_file(microtenant);
    }
    let cloud = text(settings.get(&vars::CLOUD)).to_ascii_lowercase();
    let api_url = text(settings.get(&vars::API_URL));
    let customer = text(settings.get(&vars::CUSTOMER_ID));
    let parts = [settings.front_door().word(), &cloud, &api_url, &customer, microtenant];
    format!("{}.json", PrivateDir::name_of(&parts))
}

fn sandbox_file(microtenant: &str) -> String {
    format!("{}.json", PrivateDir::name_of(&[SANDBOX, microtenant]))
}

impl NameCache {
    fn of(settings: &Settings, dirs: &Dirs, place: NameScope) -> Self {
        let microtenant = match place {
            NameScope::Customer => String::new(),
            NameScope::Microtenant => text(settings.get(&vars::MICROTENANT)),
        };
        Self { directory: PrivateDir::new(dirs.names()), file: file_of(settings, &microtenant) }
    }

    fn load(&self) -> Names {
        let kept = || serde_json::from_slice::<Names>(&self.directory.read(&self.file)?).ok();
        let nothing = || Names { version: VERSION, ..Names::default() };
        kept().filter(|names| names.version == VERSION).unwrap_or_else(nothing)
    }

    /// Brings the file up to date. One that says the same already is left alone.
    fn update<'a>(&self, items: impl IntoIterator<Item = &'a Item>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        let before = self.load();
        let mut names = before.clone();
        items.for_each(|item| names.learn(item));
        if names == before {
            return;
        }
        if let Ok(bytes) = serde_json::to_vec(&names) {
            // No one needs to hear that it could not be kept.
            let _ = self.directory.write(&self.file, &bytes);
        }
    }
}

impl NameCacheUpdate {
    /// Keeps what was heard of the tenant that the settings lead to.
    pub(super) fn keep(&self, settings: &Settings, dirs: &Dirs) {
        let items = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let of_customer = |item: &&Item| matches!(item, Item::Microtenants(_));
        if settings.get(&vars::MICROTENANT).is_none() {
            NameCache::of(settings, dirs, NameScope::Customer).update(&items);
        } else {
            NameCache::of(settings, dirs, NameScope::Customer).update(items.iter().filter(of_customer));
            let rest = items.iter().filter(|item| !of_customer(item));
            NameCache::of(settings, dirs, NameScope::Microtenant).update(rest);
        }
    }

    fn add(&self, item: Item) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(item);
    }
}

impl Watcher for NameCacheUpdate {
    fn keys(&self, kind: AssociationType, keys: &[ProvisioningKey]) {
        self.add(Item::Keys(kind, keys.iter().map(of_key).collect()));
        self.add(Item::ReferredNames(
            kind,
            [
                referred(keys.iter().map(|key| &key.group)),
                referred(keys.iter().map(|key| &key.cert)),
                referred(keys.iter().filter_map(|key| key.microtenant.as_ref())),
            ],
        ));
    }

    fn groups(&self, kind: AssociationType, groups: &[Zcomponent]) {
        let named =
            |group: &Zcomponent| NamedItem { id: group.id.to_string(), name: group.name.raw().to_owned() };
        self.add(Item::Groups(kind, groups.iter().map(named).collect()));
    }

    fn certs(&self, certs: &[EnrollmentCert]) {
        let named =
            |cert: &EnrollmentCert| NamedItem { id: cert.id.to_string(), name: cert.name.raw().to_owned() };
        self.add(Item::Certs(certs.iter().map(named).collect()));
    }

    fn microtenants(&self, microtenants: &[Microtenant]) {
        let named = |one: &Microtenant| NamedItem { id: one.id.to_string(), name: one.name.raw().to_owned() };
        self.add(Item::Microtenants(microtenants.iter().map(named).collect()));
    }

    fn changed(&self, key: &ProvisioningKey) {
        self.add(Item::Changed(key.association_type, of_key(key)));
    }

    fn deleted(&self, key: &ProvisioningKey) {
        self.add(Item::Deleted(key.association_type, key.id.to_string()));
    }
}

fn of_key(key: &ProvisioningKey) -> NamedItem {
    NamedItem { id: key.id.to_string(), name: key.name.raw().to_owned() }
}

/// Returns each thing that is referred to by name, once.
fn referred<'a, Kind: 'a>(references: impl Iterator<Item = &'a ComponentRef<Kind>>) -> Vec<NamedItem> {
    let named = references.filter_map(|one| Some((one.id.as_str(), one.name.as_ref()?.raw())));
    let by_id: BTreeMap<&str, &str> = named.collect();
    by_id.into_iter().map(|(id, name)| NamedItem { id: id.to_owned(), name: name.to_owned() }).collect()
}
