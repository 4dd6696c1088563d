//! From the types of a file to those of the domain. All that is wrong is found at once, each with its place.

use std::collections::BTreeMap;
use std::time::Duration;

use super::document::{
    AclText, DeliveryText, IntentText, KeyDocument, KeyEntry, PolicyText, RotateText, UnmanagedText,
    UsesRule, UsesText,
};
use super::node::{Node, Place};
use crate::domain::audit::{AuditPolicy, Intent};
use crate::domain::desired::{
    CertRule, Delivery, DesiredFile, DesiredKey, Reference, RotateRule, UnmanagedRule, Uses,
};
use crate::domain::rotation::has_rotation_form;
use crate::domain::{AssociationType, CustomerId, IpAclEntry, looks_like_key_text, parse_span};

/// How long a predecessor may enrol after its successor took over, where nothing else is said.
const GRACE: Duration = Duration::from_secs(24 * 3_600);

type Problems = Vec<(Place, String)>;

/// A step to a node: the name of a field, or the place in a list.
#[derive(Clone, Copy)]
enum To<'a> {
    Field(&'a str),
    Item(usize),
}

pub(super) fn check(document: &KeyDocument, root: &Node) -> Result<DesiredFile, Problems> {
    let mut checker = Checker { root, problems: Vec::new() };
    let file = checker.file(document);
    let mut problems = checker.problems;
    problems.sort();
    if problems.is_empty() { Ok(file) } else { Err(problems) }
}

struct Checker<'a> {
    root: &'a Node,
    problems: Problems,
}

impl Checker<'_> {
    /// Returns the place of what a path leads to, or of the nearest thing around it.
    fn place(&self, path: &[To<'_>]) -> Place {
        let mut node = self.root;
        for step in path {
            let next = match step {
                To::Field(name) => node.field(name),
                To::Item(at) => node.item(*at),
            };
            let Some(next) = next else { break };
            node = next;
        }
        node.place
    }

    fn wrong(&mut self, path: &[To<'_>], why: impl Into<String>) {
        let place = self.place(path);
        self.problems.push((place, why.into()));
    }

    fn file(&mut self, document: &KeyDocument) -> DesiredFile {
        if document.version != 1 {
            self.wrong(&[To::Field("version")], "this version of the format is not known; 1 is");
        }
        if document.tenant.as_ref().is_some_and(|tenant| tenant.parse::<CustomerId>().is_err()) {
            self.wrong(&[To::Field("tenant")], "not a customer id, which has digits only");
        }
        let mut deliveries = BTreeMap::new();
        for (name, text) in &document.deliver {
            let DeliveryText { exec, env, timeout, out_file } = text.clone();
            match Delivery::read(exec, out_file, env, timeout.as_deref()) {
                Ok(delivery) => drop(deliveries.insert(name.clone(), delivery)),
                Err(why) => self.wrong(&[To::Field("deliver"), To::Field(name)], why),
            }
        }
        let keys: Vec<DesiredKey> = document
            .keys
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| self.key(document, at, entry))
            .collect();
        self.duplicates(document);
        DesiredFile {
            tenant: document.tenant.clone(),
            keys,
            deliveries,
            unmanaged: match document.unmanaged {
                Some(UnmanagedText::Ignore) => UnmanagedRule::Ignore,
                Some(UnmanagedText::Report) | None => UnmanagedRule::Report,
                Some(UnmanagedText::Fail) => UnmanagedRule::Fail,
            },
            policy: document.policy.as_ref().map(|policy| self.policy(policy)),
        }
    }

    fn key(&mut self, document: &KeyDocument, at: usize, entry: &KeyEntry) -> Option<DesiredKey> {
        let here = |field| [To::Field("keys"), To::Item(at), To::Field(field)];
        let defaults = document.defaults.clone().unwrap_or_default();
        self.name(&here("name"), &entry.name);
        if let Some(was) = &entry.was {
            self.name(&here("was"), was);
            if *was == entry.name {
                self.wrong(&here("was"), "it is the name that the key has here");
            }
        }
        let kind = match entry.kind.as_ref().or(defaults.kind.as_ref()) {
            None => {
                self.wrong(&here("name"), "`type` is missing: connector, service-edge, …");
                None
            }
            Some(text) => text
                .parse::<AssociationType>()
                .map_err(|error| {
                    self.wrong(&here("type"), error.to_string());
                })
                .ok(),
        };
        let uses = entry.uses.as_ref().and_then(|uses| self.uses(&here("uses"), uses));
        if uses == Some(Uses::Closed) && entry.enabled == Some(true) {
            self.wrong(&here("enabled"), "`uses: closed` lets nothing enrol, and `enabled: true` does");
        }
        let rule = entry.rotate.as_ref().or(defaults.rotate.as_ref());
        let rotate = rule.map(|rule| self.rotate(at, rule));
        let is_closing = matches!(uses, Some(Uses::Closed | Uses::OpenFor { .. }));
        if is_closing && entry.rotate.as_ref().is_some_and(|rule| rule.every.is_some()) {
            self.wrong(&here("rotate"), "a key that is closed is not rotated");
        }
        let rotate = rotate.map(|rule| if is_closing { RotateRule { every: None, ..rule } } else { rule });
        let ip_acl = entry.ip_acl.as_ref().map(|entries| self.ip_acl(at, entries));
        let line = self.place(&[To::Field("keys"), To::Item(at)]).line;
        Some(DesiredKey {
            name: entry.name.clone(),
            kind: kind?,
            was: entry.was.clone(),
            group: entry.group.as_ref().or(defaults.group.as_ref()).map(|text| Reference::of(text)),
            cert: entry.cert.as_ref().or(defaults.cert.as_ref()).map(|text| match text.as_str() {
                "auto" => CertRule::Auto,
                other => CertRule::Named(Reference::of(other)),
            }),
            microtenant: entry.microtenant.as_ref().map(|text| Reference::of(text)),
            enabled: entry.enabled,
            uses,
            ip_acl,
            ui_config: entry.ui_config.clone(),
            intent: entry.intent.or(defaults.intent).map(intent),
            rotate,
            present: entry.present.unwrap_or(true),
            line,
        })
    }

    fn name(&mut self, path: &[To<'_>], name: &str) {
        if looks_like_key_text(name) {
            self.wrong(path, "this looks like a key value, which is a secret: it must not stand in a file");
        } else if name.trim().is_empty() {
            self.wrong(path, "a name must not be empty");
        } else if has_rotation_form(name) {
            self.wrong(path, "a rotation gives names of this form; an entry names the key by its own name");
        }
    }

    fn uses(&mut self, path: &[To<'_>], uses: &UsesText) -> Option<Uses> {
        let positive = |number: u64| Some(number).filter(|number| *number > 0);
        let read = match uses {
            UsesText::Word(_) => Ok(Uses::Closed),
            UsesText::Total(max) => {
                positive(*max).map(Uses::Exact).ok_or("expected a positive integer, or closed")
            }
            UsesText::Rule(UsesRule { keep: Some(keep), cap, max: None, open_for: None }) => {
                match (positive(*keep), cap) {
                    (None, _) | (_, Some(0)) => Err("expected a positive integer"),
                    (Some(keep), Some(cap)) if *cap < keep => Err("`cap` is below `keep`"),
                    (Some(keep), cap) => Ok(Uses::Keep { keep, cap: *cap }),
                }
            }
            UsesText::Rule(UsesRule { keep: None, cap: None, max: Some(max), open_for }) => {
                match (positive(*max), open_for.as_deref().map(parse_span)) {
                    (None, _) => Err("expected a positive integer"),
                    (Some(max), None) => Ok(Uses::Exact(max)),
                    (Some(max), Some(Ok(time))) => Ok(Uses::OpenFor { max, time }),
                    (Some(_), Some(Err(_))) => Err("open_for is not a duration such as 12h or 14d"),
                }
            }
            UsesText::Rule(_) => Err("either keep and cap, or max and open_for"),
        };
        read.map_err(|why| self.wrong(path, why)).ok()
    }

    fn rotate(&mut self, at: usize, rule: &RotateText) -> RotateRule {
        let here = |field| [To::Field("keys"), To::Item(at), To::Field("rotate"), To::Field(field)];
        let mut time = |field, text: &Option<String>| {
            let text = text.as_deref()?;
            parse_span(text).map_err(|error| self.wrong(&here(field), format!("{field} is {error}"))).ok()
        };
        let every = time("every", &rule.every);
        let grace = time("grace", &rule.grace).unwrap_or(GRACE);
        if every.is_some_and(|every| every <= grace) {
            self.wrong(&here("every"), "the grace is longer than the time between two rotations");
        }
        RotateRule { every, grace, deliver: rule.deliver.clone() }
    }

    fn ip_acl(&mut self, at: usize, entries: &[String]) -> Vec<IpAclEntry> {
        let mut read = Vec::new();
        for (number, text) in entries.iter().enumerate() {
            match text.parse() {
                Ok(entry) => read.push(entry),
                Err(error) => {
                    let error: crate::domain::IpAclError = error;
                    let path = [To::Field("keys"), To::Item(at), To::Field("ip_acl"), To::Item(number)];
                    self.wrong(&path, error.to_string());
                }
            }
        }
        read
    }

    fn policy(&mut self, policy: &PolicyText) -> AuditPolicy {
        let max_age = policy.max_age.as_deref().and_then(|text| {
            parse_span(text)
                .map_err(|error| {
                    self.wrong(&[To::Field("policy"), To::Field("max_age")], format!("max_age is {error}"));
                })
                .ok()
        });
        AuditPolicy {
            max_age: max_age.map(|time| time.as_secs()),
            requires_ip_acl: policy.ip_acl == Some(AclText::Required),
            max_headroom: policy.max_headroom,
            min_remaining: policy.min_remaining,
            keys_per_group: policy.keys_per_group.and_then(|keys| usize::try_from(keys).ok()),
            ..AuditPolicy::default()
        }
    }

    /// Refuses two entries of one key, and a name that is given away twice.
    fn duplicates(&mut self, document: &KeyDocument) {
        let default = document.defaults.as_ref().and_then(|defaults| defaults.kind.as_deref());
        let mut names: BTreeMap<(String, Option<&str>, &str), usize> = BTreeMap::new();
        let mut olds: BTreeMap<(String, Option<&str>, &str), usize> = BTreeMap::new();
        let kind = |entry: &KeyEntry| {
            let text = entry.kind.as_deref().or(default).unwrap_or_default();
            text.parse::<AssociationType>().map_or_else(|_| text.to_owned(), |kind| kind.short().to_owned())
        };
        for (at, entry) in document.keys.iter().enumerate() {
            let place = (kind(entry), entry.microtenant.as_deref(), entry.name.as_str());
            if let Some(first) = names.insert(place, at) {
                let line = self.place(&[To::Field("keys"), To::Item(first)]).line;
                let path = [To::Field("keys"), To::Item(at), To::Field("name")];
                self.wrong(&path, format!("the key has an entry already, in line {line}"));
            }
        }
        for (at, entry) in document.keys.iter().enumerate() {
            let Some(was) = entry.was.as_deref() else { continue };
            let place = (kind(entry), entry.microtenant.as_deref(), was);
            let is_named = names.contains_key(&place);
            if olds.insert(place, at).is_some() || is_named {
                let path = [To::Field("keys"), To::Item(at), To::Field("was")];
                self.wrong(&path, "another entry is about this key");
            }
        }
    }
}

/// True if an entry can name a key of this name.
pub(crate) fn is_nameable(name: &str) -> bool {
    !looks_like_key_text(name) && !name.trim().is_empty() && !has_rotation_form(name)
}

const fn intent(text: IntentText) -> Intent {
    match text {
        IntentText::Autoscaled => Intent::Autoscaled,
        IntentText::Static => Intent::Static,
        IntentText::Image => Intent::Image,
        IntentText::Once => Intent::Once,
    }
}
