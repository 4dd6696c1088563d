//! A key that is missing.

use super::fields::{did_you_mean, find_cert};
use super::file::{CertRule, DesiredKey, Reference, Uses};
use super::plan::NewKeyPlan;
use super::state::TenantState;
use crate::domain::{
    AssociationType, ComponentRef, MaxUsage, NewKey, ServerText, Zcomponent, check_key_name, escape, near,
};

/// Returns the key that is to be made, or why it cannot be.
pub(super) fn create(entry: &DesiredKey, state: &TenantState) -> Result<NewKeyPlan, String> {
    check_key_name(&entry.name)
        .map_err(|error| format!("the key is missing, and its name is invalid: {error}"))?;
    let group = entry.group.as_ref().ok_or("the key is missing, and `group` is needed to create it")?;
    let max_usage = match entry.uses {
        Some(Uses::Exact(max) | Uses::OpenFor { max, .. }) => max,
        Some(Uses::Keep { keep, cap }) => cap.map_or(keep, |cap| cap.min(keep)),
        // A closed key is not made; the caller knows.
        Some(Uses::Closed) | None => {
            return Err("the key is missing, and `uses` is needed to create it".to_owned());
        }
    };
    check_microtenant(entry, state)?;
    let group = find_group(entry.kind, group, state)?;
    let default = entry.kind.default_cert_name().map(|name| Reference::Name(name.to_owned()));
    let cert = match &entry.cert {
        Some(CertRule::Named(wanted)) => wanted.clone(),
        Some(CertRule::Auto) | None => default
            .ok_or_else(|| format!("`cert` is needed: none is known to be the default of {}", entry.kind))?,
    };
    let cert = find_cert(&cert, state)?;
    let wanted = NewKey {
        name: entry.name.clone(),
        association_type: entry.kind,
        group: group.id.clone(),
        cert: cert.id.clone(),
        max_usage: MaxUsage(max_usage),
        enabled: entry.enabled.unwrap_or(true),
        exportable: true,
        ip_acl: entry.ip_acl.clone().unwrap_or_default(),
        ui_config: entry.ui_config.clone(),
    };
    Ok(NewKeyPlan {
        wanted,
        group: ComponentRef { id: group.id.clone(), name: Some(group.name.clone()) },
        cert: ComponentRef { id: cert.id.clone(), name: Some(cert.name.clone()) },
        looks_renamed_from: None,
    })
}

/// Refuses the name of a microtenant that is not there.
fn check_microtenant(entry: &DesiredKey, state: &TenantState) -> Result<(), String> {
    let (Some(Reference::Name(wanted)), Some(known)) = (&entry.microtenant, &state.microtenants) else {
        return Ok(());
    };
    if known.iter().any(|one| one.name == wanted.as_str()) {
        return Ok(());
    }
    let near = near(wanted, known.iter().map(|one| one.name.raw()));
    Err(format!("no microtenant is called \"{}\"{}", escape(wanted), did_you_mean(&near)))
}

/// Finds a group. For three types no list of groups is known, so an id is taken as it is.
pub(super) fn find_group(
    kind: AssociationType,
    wanted: &Reference,
    state: &TenantState,
) -> Result<Zcomponent, String> {
    let noun = kind.group_noun();
    let shown = escape(&wanted.text()).into_owned();
    let Some(Some(groups)) = state.groups.get(&kind) else {
        let Reference::Id(id) = wanted else {
            return Err(format!("`group` takes id:… for {kind}: no list of {noun}s is known"));
        };
        let id = id.parse().map_err(|_| "`group`: id: takes digits".to_owned())?;
        return Ok(Zcomponent { id, name: ServerText::default(), enabled: true, microtenant: None });
    };
    let fits = |group: &&Zcomponent| wanted.is(group.id.as_str(), Some(group.name.raw()));
    let found: Vec<&Zcomponent> = groups.iter().filter(fits).collect();
    match found.as_slice() {
        [group] => Ok((*group).clone()),
        [] => {
            let near = near(&wanted.text(), groups.iter().map(|group| group.name.raw()));
            Err(format!("no {noun} is called \"{shown}\"{}", did_you_mean(&near)))
        }
        several => Err(format!("{} {noun}s are called \"{shown}\": name it by id:…", several.len())),
    }
}
