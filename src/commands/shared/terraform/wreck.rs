//! What a Terraform apply leaves after a rotation that it was not told of: it writes the name, the limit and the switch of
//! the id in its state, and that is the predecessor's.
//!
//! # Source
//! Tried with the vendor's provider: with unique names each apply fails from then on; without, two keys have one name.

use std::collections::HashMap;

use crate::commands::shared::lineages::{FoundLineage, home, lineage_of};
use crate::commands::shared::terraform::rebind::{Holder, Rebinding};
use crate::context::{Context, quoted};
use crate::domain::rotation::{Due, Lineage, Part, State, can_enrol, old_name, split};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

/// What is said of a lineage, and the commands that mend it, in their order.
#[derive(Debug, Default)]
pub(crate) struct Remedy {
    pub(crate) remarks: Vec<String>,
    pub(crate) commands: Vec<String>,
    /// The commands if the other key is the predecessor; only where it cannot be told which one is.
    pub(crate) otherwise: Vec<String>,
}

/// How it is known which of two keys is the predecessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Log,
    TerraformState,
    Age,
    Nothing,
}

/// A key and the one that replaced it, both with one name.
struct Pair<'a> {
    predecessor: &'a ProvisioningKey,
    successor: &'a ProvisioningKey,
    evidence: Evidence,
}

/// Says what Terraform has done to a lineage, or will do; `None` if nothing points to Terraform.
pub(crate) fn remedy(
    ctx: &Context,
    lineage: &Lineage,
    enrolled: Option<&[Enrolled]>,
    holder: &Holder,
) -> Option<Remedy> {
    match pair(ctx, lineage, holder) {
        Some(pair) => Some(wrecked(ctx, lineage, &pair, enrolled, holder)),
        None => unbound(lineage, holder),
    }
}

/// True if two keys of one name, group and certificate are what such an apply leaves.
pub(crate) fn is_wreck(lineage: &Lineage) -> bool {
    let [one, other] = lineage.holders() else { return false };
    lineage.state() == State::Ambiguous && one.group.id == other.group.id && one.cert.id == other.cert.id
}

/// Finds the pairs of keys of one name that a Terraform apply leaves.
pub(crate) fn wrecks(keys: &[ProvisioningKey]) -> Vec<FoundLineage> {
    let mut named: HashMap<(&str, _), Vec<&ProvisioningKey>> = HashMap::new();
    for key in keys {
        named.entry((key.name.raw(), home(key))).or_default().push(key);
    }
    let twice = named.values().filter(|bearers| bearers.len() == 2).filter_map(|bearers| bearers.first());
    let found = twice.map(|key| lineage_of(key.name.raw(), key, keys));
    let mut found: Vec<FoundLineage> = found.filter(|one| is_wreck(&one.lineage)).collect();
    found.sort_by_cached_key(|one| (one.subject.kind, one.subject.name.clone()));
    found
}

fn pair<'a>(ctx: &Context, lineage: &'a Lineage, holder: &Holder) -> Option<Pair<'a>> {
    let [one, other] = lineage.holders() else { return None };
    let is_held = |key: &ProvisioningKey| holder.address_of(&key.id).is_some();
    // A late request leaves the same, and rotating mends it.
    let is_displaced = lineage.state() == State::Displaced
        && (matches!(holder, Holder::Profile) || is_held(one) || is_held(other));
    if !is_wreck(lineage) && !is_displaced {
        return None;
    }
    let pair = |predecessor, successor, evidence| Some(Pair { predecessor, successor, evidence });
    let renamed = |key: &ProvisioningKey| due_in_log(ctx, key).is_some();
    match (renamed(one), renamed(other)) {
        (true, false) => return pair(one, other, Evidence::Log),
        (false, true) => return pair(other, one, Evidence::Log),
        (true, true) | (false, false) => {}
    }
    match (holder, is_held(one), is_held(other)) {
        (Holder::State(_), true, false) => return pair(one, other, Evidence::TerraformState),
        (Holder::State(_), false, true) => return pair(other, one, Evidence::TerraformState),
        _ => {}
    }
    match one.created_at.zip(other.created_at) {
        Some((first, second)) if first < second => pair(one, other, Evidence::Age),
        Some((first, second)) if first > second => pair(other, one, Evidence::Age),
        Some(_) | None => pair(one, other, Evidence::Nothing),
    }
}

fn wrecked(
    ctx: &Context,
    lineage: &Lineage,
    pair: &Pair<'_>,
    enrolled: Option<&[Enrolled]>,
    holder: &Holder,
) -> Remedy {
    let Pair { predecessor, successor, evidence } = pair;
    let (old, new) = (&predecessor.id, &successor.id);
    let why = match evidence {
        Evidence::Log => format!("{old} is the predecessor, by the log of this machine"),
        Evidence::TerraformState => format!("{old} is the predecessor: Terraform's state has it"),
        Evidence::Age => format!("{old} is the elder, so most likely the predecessor"),
        Evidence::Nothing => {
            format!("which of them replaced the other cannot be told; if {old} is the predecessor, run:")
        }
    };
    let mut remarks = vec![format!(
        "{old} and {new} are both called {}: Terraform most likely gave the predecessor its name back, since its state still has that key",
        lineage.name()
    )];
    remarks.extend([predecessor, successor].map(|key| about(ctx, key, enrolled)));
    remarks.push(why);
    let commands = mend(ctx, lineage, predecessor, successor, holder);
    let otherwise = match evidence {
        Evidence::Nothing => mend(ctx, lineage, successor, predecessor, holder),
        Evidence::Log | Evidence::TerraformState | Evidence::Age => Vec::new(),
    };
    Remedy { remarks, commands, otherwise }
}

/// Says what a key can do.
fn about(ctx: &Context, key: &ProvisioningKey, enrolled: Option<&[Enrolled]>) -> String {
    let noun = key.association_type.member_noun();
    let references =
        enrolled.map(|all| all.iter().filter(|one| one.key_id.as_ref() == Some(&key.id)).count());
    let carried = match references {
        None => format!("which {noun} carry it is not known"),
        Some(0) => format!("no {noun} carry it"),
        Some(1) => format!("1 {} carries it", noun.strip_suffix('s').unwrap_or(noun)),
        Some(count) => format!("{count} {noun} carry it"),
    };
    let able = if can_enrol(key) { "can enrol" } else { "cannot enrol" };
    let (used, most) = (key.usage.count.0, key.usage.max.0);
    let value = key.fingerprint.map_or_else(String::new, |fingerprint| format!(", value {fingerprint}"));
    let delivered = match ctx.audit_log.delivered(&key.id) {
        Some(place) => format!(", delivered to {place}"),
        None => String::new(),
    };
    format!("{} {able}, {used} of {most} used, {carried}{value}{delivered}", key.id)
}

/// Returns the commands that bind Terraform's address to the successor, and then name the predecessor as one.
fn mend(
    ctx: &Context,
    lineage: &Lineage,
    predecessor: &ProvisioningKey,
    successor: &ProvisioningKey,
    holder: &Holder,
) -> Vec<String> {
    let id = &predecessor.id;
    let due = due_in_log(ctx, predecessor)
        .or_else(|| predecessor.modified_at.map(Due::from_instant))
        .unwrap_or_else(|| Due::from_instant(ctx.clock.now()));
    let name = old_name(lineage.name(), id, due);
    let kind = predecessor.association_type;
    let kind =
        if ctx.settings.types.contains(&kind) { String::new() } else { format!(" --type {}", kind.short()) };
    let name = quoted(name.raw());
    let rename = ctx.command(&format!("update id:{id}{kind} --name={name}"));
    let mut commands = rebinding(holder, id, successor).commands();
    commands.push(rename);
    commands
}

fn rebinding(holder: &Holder, predecessor: &KeyId, successor: &ProvisioningKey) -> Rebinding {
    match holder.address_of(predecessor) {
        Some(address) => Rebinding::at(address, successor),
        None => Rebinding::of(predecessor, successor),
    }
}

/// Returns the time from which a key was to be retired, if this machine's log tells that it was renamed.
fn due_in_log(ctx: &Context, key: &ProvisioningKey) -> Option<Due> {
    ctx.audit_log.names_since(&key.id).into_iter().rev().find_map(|name| match split(&name, &key.id) {
        (base, Part::Old { due }) if key.name == *base => Some(due),
        _ => None,
    })
}

/// Says that Terraform still has a predecessor, and what its next apply will do.
fn unbound(lineage: &Lineage, holder: &Holder) -> Option<Remedy> {
    let successor = lineage.current()?;
    let would = format!(
        "its next apply names it {} again, and fails if names are unique, until it is re-bound",
        lineage.name()
    );
    let (remark, rebinding) = match holder {
        Holder::Unknown | Holder::Address(_) => return None,
        Holder::State(_) => {
            let held = |key: &ProvisioningKey| Some((key.id.clone(), holder.address_of(&key.id)?.to_owned()));
            let (id, address) = lineage.predecessors().find_map(|(_, key)| held(key))?;
            (format!("Terraform has {id} at {address}: {would}"), Rebinding::at(&address, successor))
        }
        Holder::Profile => {
            let (_, key) = lineage.predecessors().last()?;
            let id = &key.id;
            let remark = format!(
                "if Terraform still has {id} (terraform state list -id={id} prints its address), {would}"
            );
            (remark, Rebinding::of(id, successor))
        }
    };
    Some(Remedy { remarks: vec![remark], commands: rebinding.commands(), otherwise: Vec::new() })
}
