//! A file of keys, such that `zpakey diff` of it is empty.

use std::collections::{BTreeMap, BTreeSet};

use super::selection::Selection;
use crate::commands::shared::desired::{ClosedWord, KeyDocument, KeyEntry, UsesText, is_nameable};
use crate::domain::desired::{KeyHome, Reference};
use crate::domain::{AssociationType, ProvisioningKey, ServerText};

/// A file of keys, and what it cannot describe.
pub(super) struct KeysFile {
    pub(super) text: String,
    pub(super) without: Vec<(ProvisioningKey, &'static str)>,
}

/// Describes keys; `home` is where keys are that no entry says a microtenant of.
pub(super) fn keys_file(selection: &Selection, tenant: Option<String>, home: &KeyHome) -> KeysFile {
    let mut bearers: BTreeMap<(AssociationType, KeyHome, &str), usize> = BTreeMap::new();
    for key in &selection.keys {
        *bearers.entry((key.association_type, KeyHome::of(key), key.name.raw())).or_default() += 1;
    }
    let names = Names::of(&selection.keys);
    let mut without = Vec::new();
    let mut entries = Vec::new();
    for key in &selection.keys {
        let place = (key.association_type, KeyHome::of(key), key.name.raw());
        if bearers.get(&place).is_some_and(|count| *count > 1) {
            without.push((key.clone(), "another key of its type has its name"));
        } else if !is_nameable(key.name.raw()) {
            without.push((
                key.clone(),
                "its name has the form of those that a rotation gives, or of a key value",
            ));
        } else {
            entries.push(entry(key, &names, home));
        }
    }
    let document = KeyDocument { version: 1, tenant, keys: entries, ..KeyDocument::default() };
    let text = crate::output::yaml_text(&document).unwrap_or_default();
    KeysFile { text, without }
}

fn entry(key: &ProvisioningKey, names: &Names, home: &KeyHome) -> KeyEntry {
    let default = key.association_type.default_cert_name();
    let is_default = key.cert.name.as_ref().is_some_and(|name| Some(name.raw()) == default);
    let is_elsewhere = KeyHome::of(key) != *home;
    KeyEntry {
        name: key.name.raw().to_owned(),
        kind: Some(key.association_type.short().to_owned()),
        group: Some(names.text(key.association_type, key.group.id.as_str(), key.group.name.as_ref())),
        cert: (!is_default).then(|| names.cert(key.cert.id.as_str(), key.cert.name.as_ref())),
        microtenant: key
            .microtenant
            .as_ref()
            .filter(|_| is_elsewhere)
            .map(|microtenant| format!("id:{}", microtenant.id)),
        enabled: (!key.enabled).then_some(false),
        uses: Some(match key.usage.remaining() {
            0 => UsesText::Word(ClosedWord::Closed),
            _ => UsesText::Total(key.usage.max.0),
        }),
        ip_acl: (!key.ip_acl.is_empty())
            .then(|| key.ip_acl.iter().map(|entry| entry.as_str().to_owned()).collect()),
        ui_config: key.ui_config.clone(),
        ..KeyEntry::default()
    }
}

/// The names of groups and certificates that one of them has alone.
struct Names {
    groups: BTreeMap<(AssociationType, String), BTreeSet<String>>,
    certs: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    fn of(keys: &[ProvisioningKey]) -> Self {
        let mut names = Self { groups: BTreeMap::new(), certs: BTreeMap::new() };
        for key in keys {
            if let Some(name) = &key.group.name {
                let place = (key.association_type, name.raw().to_owned());
                names.groups.entry(place).or_default().insert(key.group.id.to_string());
            }
            if let Some(name) = &key.cert.name {
                names.certs.entry(name.raw().to_owned()).or_default().insert(key.cert.id.to_string());
            }
        }
        names
    }

    fn text(&self, kind: AssociationType, id: &str, name: Option<&ServerText>) -> String {
        let is_alone =
            |name: &str| self.groups.get(&(kind, name.to_owned())).is_some_and(|ids| ids.len() == 1);
        reference(id, name, is_alone)
    }

    fn cert(&self, id: &str, name: Option<&ServerText>) -> String {
        // `auto` means another thing.
        reference(id, name, |name| name != "auto" && self.certs.get(name).is_some_and(|ids| ids.len() == 1))
    }
}

fn reference(id: &str, name: Option<&ServerText>, is_alone: impl Fn(&str) -> bool) -> String {
    match name.map(ServerText::raw).filter(|name| !name.is_empty() && is_alone(name)) {
        Some(name) => Reference::Name(name.to_owned()).text(),
        None => Reference::Id(id.to_owned()).text(),
    }
}
