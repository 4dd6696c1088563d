//! What an entry does not say: from the options beside it, else from the profile's defaults.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::input::{Entry, Input, Mention};
use super::problems::{Label, Problems};
use crate::commands::keys::create::CreateArgs;
use crate::commands::keys::create::complete::default_selector;
use crate::commands::shared::file_template::FileFields;
use crate::context::Context;
use crate::domain::{AssociationType, IpAclEntry, KeyChange, MaxUsage, MaxUsageChange, Selector};
use crate::error::CommandError;
use crate::output::Notice;

/// An entry that is complete.
pub(super) struct EntryRequest {
    pub(super) label: Label,
    pub(super) name: String,
    pub(super) kind: AssociationType,
    pub(super) group: Mention,
    /// The certificate; none means the one that the type calls for.
    pub(super) cert: Option<Mention>,
    pub(super) max_usage: MaxUsage,
    pub(super) enabled: bool,
    pub(super) ip_acl: Vec<IpAclEntry>,
    pub(super) ui_config: Option<String>,
    /// Whether the entry is of a key whose text is never returned.
    pub(super) is_sealed: bool,
    /// What entry and options say of a key of its name that is there, but for the certificate.
    pub(super) change: KeyChange,
    /// Whether they name the certificate.
    pub(super) is_cert_told: bool,
}

impl EntryRequest {
    /// Returns what names the key's file, if the entry tells: of a group that it names by its id alone, only the tenant
    /// knows the name.
    pub(super) fn file_fields(&self, needs_group: bool) -> Option<FileFields<'_>> {
        let group = match &self.group {
            Mention::Both { name, .. } | Mention::One(Selector::Name(name) | Selector::Any(name)) => {
                Some(name.as_str())
            }
            Mention::One(_) => None,
        };
        let is_known = group.is_some() || !needs_group;
        is_known.then_some(FileFields { name: &self.name, id: None, group })
    }
}

/// Warns of options that no entry leaves room for.
pub(super) fn say_unused(ctx: &Context, args: &CreateArgs, input: &Input) {
    let unused = |is_typed: bool, option: &str, has: fn(&Entry) -> bool, what: &str| {
        if is_typed && !input.entries.is_empty() && input.entries.iter().all(has) {
            ctx.say(&Notice::Warning(format!("{option} is not used: every entry has its own {what}")));
        }
    };
    unused(args.association_type.is_some(), "--type", |entry| entry.kind.is_some(), "association_type");
    unused(
        args.group.is_some(),
        "--group",
        |entry| entry.group.is_some(),
        "zcomponent_name or zcomponent_id",
    );
    unused(
        args.cert.is_some(),
        "--cert",
        |entry| entry.cert.is_some(),
        "enrollment_cert_name or enrollment_cert_id",
    );
    unused(args.max_usage.is_some(), "--max-usage", |entry| entry.max_usage.is_some(), "max_usage");
    unused(args.state.told().is_some(), args.state.option(), |entry| entry.enabled.is_some(), "enabled");
    unused(!args.ip_acl.is_empty(), "--ip-acl", |entry| !entry.ip_acl.is_empty(), "ip_acl");
    unused(args.ui_config.is_some(), "--ui-config", |entry| entry.ui_config.is_some(), "ui_config");
}

/// Completes all entries, or says all that is wrong with them in one message.
pub(super) fn complete(
    ctx: &Context,
    args: &CreateArgs,
    input: &Input,
) -> Result<Vec<EntryRequest>, CommandError> {
    let mut problems = Problems::new(&input.origin, input.entries.len());
    let mut requests: Vec<EntryRequest> = Vec::new();
    let mut seen: HashMap<(AssociationType, String), usize> = HashMap::new();
    let mut is_lacking = false;
    for (entry, number) in input.entries.iter().zip(1..) {
        let label = Label { number, name: entry.called.clone() };
        for wrong in &entry.wrong {
            problems.add(&label, wrong);
        }
        if let (Some(kind), Some(name)) = (entry.kind.or(args.association_type), &entry.name) {
            match seen.entry((kind, name.clone())) {
                Slot::Occupied(first) => {
                    problems.add(&label, format!("has the type and the name of entry {}", first.get()));
                }
                Slot::Vacant(slot) => {
                    slot.insert(number);
                }
            }
        }
        match complete_one(ctx, args, &label, entry)? {
            Ok(request) => requests.push(request),
            Err(lacks) if lacks.is_empty() => {}
            Err(lacks) => {
                is_lacking = true;
                problems.add(&label, format!("lacks {}", lacks.join(", ")));
            }
        }
    }
    let hint = "what entries lack can be typed: --type, --group, --cert, --max-usage; or stand in the profile: [profiles.NAME.defaults.connector]";
    problems.into_result(Vec::from_iter(is_lacking.then(|| hint.to_owned())))?;
    Ok(requests)
}

/// Completes an entry, or returns the fields that it lacks.
fn complete_one(
    ctx: &Context,
    args: &CreateArgs,
    label: &Label,
    entry: &Entry,
) -> Result<Result<EntryRequest, Vec<&'static str>>, CommandError> {
    let kind = entry.kind.or(args.association_type);
    let defaults = kind.and_then(|kind| ctx.settings.defaults.get(&kind));
    let typed = |selector: &Option<Selector>| selector.clone().map(Mention::One);
    let mut group = entry.group.clone().or_else(|| typed(&args.group));
    if let (None, Some(defaults)) = (&group, defaults) {
        group = default_selector("group", defaults.group.as_deref())?.map(Mention::One);
    }
    let mut cert = entry.cert.clone().or_else(|| typed(&args.cert));
    let is_cert_told = cert.is_some();
    if let (None, Some(defaults)) = (&cert, defaults) {
        cert = default_selector("cert", defaults.cert.as_deref())?.map(Mention::One);
    }
    let told_max_usage = entry.max_usage.or(args.max_usage);
    let max_usage = told_max_usage.or_else(|| defaults.and_then(|defaults| defaults.max_usage));
    let lacks_cert = cert.is_none() && kind.is_some_and(|kind| kind.default_cert_name().is_none());
    let (name, kind, group, max_usage) = match (entry.name.clone(), kind, group, max_usage) {
        (Some(name), Some(kind), Some(group), Some(max_usage)) if !lacks_cert => {
            (name, kind, group, max_usage)
        }
        (name, kind, group, max_usage) => {
            let lacks = [
                (name.is_none(), &["name"][..]),
                (kind.is_none(), &["association_type", "type"]),
                (group.is_none(), &["zcomponent_name", "zcomponent_id", "group"]),
                (lacks_cert, &["enrollment_cert_name", "enrollment_cert_id", "cert"]),
                (max_usage.is_none(), &["max_usage"]),
            ];
            // What is said and cannot be used is told as such.
            let lacks =
                lacks.into_iter().filter(|(is_missing, fields)| *is_missing && !entry.is_unusable(fields));
            return Ok(Err(lacks.filter_map(|(_, fields)| fields.first().copied()).collect()));
        }
    };
    let enabled = entry.enabled.or(args.state.told());
    let ip_acl = if entry.ip_acl.is_empty() { &args.ip_acl } else { &entry.ip_acl };
    let ui_config = entry.ui_config.as_ref().or(args.ui_config.as_ref()).cloned();
    let change = KeyChange {
        max_usage: told_max_usage.map(|limit| MaxUsageChange::To(MaxUsage(limit))),
        enabled,
        ip_acl: (!ip_acl.is_empty()).then(|| ip_acl.clone()),
        ui_config: ui_config.clone(),
        ..KeyChange::default()
    };
    Ok(Ok(EntryRequest {
        label: label.clone(),
        name,
        kind,
        group,
        cert,
        max_usage: MaxUsage(max_usage),
        enabled: enabled.unwrap_or(true),
        ip_acl: ip_acl.clone(),
        ui_config,
        is_sealed: entry.exportable == Some(false),
        change,
        is_cert_told,
    }))
}
