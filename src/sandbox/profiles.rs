//! What groups refer to and nothing here changes: version profiles and policy sets.
//!
//! # Source
//!
//! The vendor's page "Obtaining Version Profile Details Using API" for the three profiles; recorded traffic of
//! the vendor's Python SDK for a policy set; the vendor's Go SDK for the paths, which its Terraform provider
//! reads before it deletes a group.

use serde_json::{Value, json};

use super::{
    call::{Call, Object, Reply},
    page::ListPage,
    quirks::Quirks,
    tenant::Tenant,
};

/// A version profile, as groups name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct VersionProfile {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) upgrade_priority: &'static str,
}

/// All customers see all three.
pub(super) const VISIBILITY: &str = "ALL";

const PROFILES: [VersionProfile; 3] = [
    VersionProfile { id: "0", name: "Default", upgrade_priority: "WEEK" },
    VersionProfile { id: "1", name: "Previous Default", upgrade_priority: "FORCE_NOW" },
    VersionProfile { id: "2", name: "New Release", upgrade_priority: "WEEK" },
];

/// The number of each policy type, which is what a policy set calls its type.
const POLICY_TYPES: [(&str, &str); 8] = [
    ("ACCESS_POLICY", "1"),
    ("REAUTH_POLICY", "2"),
    ("CLIENT_FORWARDING_POLICY", "4"),
    ("INSPECTION_POLICY", "5"),
    ("ISOLATION_POLICY", "6"),
    ("CREDENTIAL_POLICY", "7"),
    ("CAPABILITIES_POLICY", "8"),
    ("REDIRECTION_POLICY", "9"),
];

pub(super) fn profile(id: &str) -> Option<VersionProfile> {
    PROFILES.into_iter().find(|profile| profile.id == id)
}

pub(super) fn profile_named(name: &str) -> Option<VersionProfile> {
    PROFILES.into_iter().find(|profile| profile.name == name)
}

pub(super) fn list(tenant: &Tenant, call: &Call, quirks: Quirks) -> Result<Reply, Reply> {
    let shown = |profile: &VersionProfile| {
        let value = json!({
            "id": profile.id,
            "modifiedTime": "1629892276",
            "creationTime": "1624262913",
            "modifiedBy": "72057594037988570",
            "name": profile.name,
            "upgradePriority": profile.upgrade_priority,
            "visibilityScope": VISIBILITY,
            "customerId": tenant.customer_id,
        });
        value.as_object().cloned().unwrap_or_default()
    };
    Ok(ListPage::of(call, PROFILES, shown)?.answer(quirks, |profile| shown(&profile)))
}

/// The policy set of a type; it has no rules.
pub(super) fn policy_set(policy_type: &str) -> Result<Reply, Reply> {
    let known = POLICY_TYPES.into_iter().find(|(name, _)| *name == policy_type);
    let (_, number) = known.ok_or_else(|| Reply::invalid(&["policyType"]))?;
    let set = json!({
        "id": format!("21619961814328192{number}"),
        "modifiedTime": "1773369858",
        "creationTime": "1619672239",
        "modifiedBy": "216199618143372700",
        "name": "Global_Policy",
        "enabled": true,
        "description": "The rules in this policy set are executed first.",
        "policyType": number,
        "sorted": true,
    });
    Ok(Reply::json(200, &set))
}

/// The rules of a type: none.
pub(super) fn policy_rules(call: &Call, quirks: Quirks) -> Result<Reply, Reply> {
    let none: Vec<Value> = Vec::new();
    Ok(ListPage::of(call, none, |_| Object::new())?.answer(quirks, |_| Object::new()))
}
