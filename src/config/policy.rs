//! What a profile asks `audit` to hold keys to: `[profiles.NAME.policy]`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::audit::{AuditPolicy, AuditRule};
use crate::domain::parse_span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyText {
    max_age: Option<String>,
    ip_acl: Option<String>,
    max_headroom: Option<u64>,
    min_remaining: Option<u64>,
    keys_per_group: Option<usize>,
    #[serde(default)]
    frameworks: BTreeMap<String, Vec<String>>,
}

impl PolicyText {
    /// Reads the policy; an error is the key that is wrong, and why.
    pub(super) fn read(self) -> Result<AuditPolicy, (String, String)> {
        let wrong = |key: &str, why: String| (format!("policy.{key}"), why);
        let max_age = match &self.max_age {
            Some(text) => {
                Some(parse_span(text).map_err(|error| wrong("max_age", error.to_string()))?.as_secs())
            }
            None => None,
        };
        let requires_ip_acl = match self.ip_acl.as_deref() {
            None | Some("optional") => false,
            Some("required") => true,
            Some(_) => return Err(wrong("ip_acl", "it is \"optional\" or \"required\"".to_owned())),
        };
        let mut frameworks = BTreeMap::new();
        for (name, rules) in self.frameworks {
            let rules: Result<Vec<AuditRule>, _> = rules.iter().map(|rule| rule.parse()).collect();
            let rules = rules.map_err(|error| wrong(&format!("frameworks.{name}"), error.to_string()))?;
            frameworks.insert(name, rules);
        }
        Ok(AuditPolicy {
            max_age,
            requires_ip_acl,
            max_headroom: self.max_headroom,
            min_remaining: self.min_remaining,
            keys_per_group: self.keys_per_group,
            frameworks,
        })
    }
}
