//! The arguments of the tools. Unknown ones are refused by name.

use schemars::JsonSchema;
use serde::Deserialize;

/// An association type.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub(super) enum KeyType {
    Connector,
    ServiceEdge,
    NpAssistant,
    SiteController,
    Exporter,
}

impl KeyType {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::ServiceEdge => "service-edge",
            Self::NpAssistant => "np-assistant",
            Self::SiteController => "site-controller",
            Self::Exporter => "exporter",
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum KeyStatus {
    Active,
    NearlyExhausted,
    Exhausted,
    Disabled,
    Managed,
}

impl KeyStatus {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NearlyExhausted => "nearly_exhausted",
            Self::Exhausted => "exhausted",
            Self::Disabled => "disabled",
            Self::Managed => "managed",
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ListKeys {
    /// Only keys whose name has this text in it, or matches it if it has * or ?.
    pub(super) name: Option<String>,
    /// Only keys of this type; connectors and service edges if left out.
    pub(super) r#type: Option<KeyType>,
    /// Only keys of this group, by name or id.
    pub(super) group: Option<String>,
    /// Only keys in one of these states.
    pub(super) status: Vec<KeyStatus>,
    /// Only keys that nothing ever enrolled with.
    pub(super) unused: bool,
    /// Only keys with at most this many uses left.
    pub(super) max_remaining: Option<u64>,
    /// How many keys to answer with, from 1 to 500; 100 if left out.
    pub(super) limit: Option<u32>,
    /// `next_cursor` of the answer before.
    pub(super) cursor: Option<String>,
    /// All fields of each key instead of the short ones.
    pub(super) detail: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OneKey {
    /// The key's name or id. `id:` or `name:` before it forces one.
    pub(super) key: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetKey {
    /// The key's name or id. `id:` or `name:` before it forces one.
    pub(super) key: String,
    /// All fields instead of the short ones.
    #[serde(default)]
    pub(super) detail: bool,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct KeyStatusOf {
    /// The key's name or id; the whole tenant at a glance if left out.
    pub(super) key: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ListGroups {
    /// Only groups whose name has this text in it.
    pub(super) name: Option<String>,
    /// Only groups of this type.
    pub(super) r#type: Option<KeyType>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Nothing {}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Audit {
    /// Only these rules, such as ZPK013.
    pub(super) only: Vec<String>,
    /// All but these rules.
    pub(super) skip: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    /// The key's name or id.
    pub(super) key: String,
    /// How many more enrolments to wait for; 1 if left out.
    #[serde(default)]
    pub(super) enrolments: Option<u32>,
    /// For how long at most, from 1 to 600; 60 if left out. Unit: seconds.
    #[serde(default)]
    pub(super) timeout_seconds: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Explain {
    /// A rule of the audit (ZPK013), an exit code (7), or a topic: rotation, environment, exit-codes, options, output, security.
    pub(super) topic: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateKey {
    /// The name of the new key: letters, digits, `.`, `-` and `_` are safe everywhere.
    pub(super) name: String,
    pub(super) r#type: KeyType,
    /// The group that connectors join, by name or id.
    pub(super) group: String,
    /// How many connectors may enrol. Unit: enrolments.
    pub(super) max_usage: u64,
    /// The enrollment certificate, by name or id; chosen if left out.
    #[serde(default)]
    pub(super) cert: Option<String>,
    /// The addresses and prefixes from which the key may be used; any if left out.
    #[serde(default)]
    pub(super) ip_acl: Vec<String>,
    /// The name of a delivery that a person declared: where the key's text goes. If left out, the text stays in the tenant.
    #[serde(default)]
    pub(super) delivery: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotateKey {
    /// The key's name or id.
    pub(super) key: String,
    /// The name of a delivery that a person declared: where the text of the new key goes.
    pub(super) delivery: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateKey {
    /// The key's name or id.
    pub(super) key: String,
    /// A new name.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// A new limit. Unit: enrolments.
    #[serde(default)]
    pub(super) max_usage: Option<u64>,
    /// A new IP ACL in place of the old one; an empty list allows any address.
    #[serde(default)]
    pub(super) ip_acl: Option<Vec<String>>,
    /// Another enrollment certificate, by name or id.
    #[serde(default)]
    pub(super) cert: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposeRotation {
    /// The key's name or id.
    pub(super) key: String,
    /// The name of a delivery that a person declared: where the text of the new key goes. If left out, the text stays in the
    /// tenant, and the person hands it over.
    #[serde(default)]
    pub(super) delivery: Option<String>,
    /// The key's text is known to others: the old key is stopped at once, without a grace.
    #[serde(default)]
    pub(super) compromised: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposeChange {
    /// The key's name or id.
    pub(super) key: String,
    /// A new name.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// A new limit. Unit: enrolments.
    #[serde(default)]
    pub(super) max_usage: Option<u64>,
    /// A new IP ACL in place of the old one; an empty list allows any address.
    #[serde(default)]
    pub(super) ip_acl: Option<Vec<String>>,
    /// Another enrollment certificate, by name or id.
    #[serde(default)]
    pub(super) cert: Option<String>,
    /// false stops the key, true lets it enrol again. It goes with no other change but `max_usage`, with true.
    #[serde(default)]
    pub(super) enabled: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposeDelete {
    /// The key's name or id. One that something enrolled with is refused.
    pub(super) key: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposalStatus {
    /// `proposal.id` of what propose_* answered.
    pub(super) id: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EnableKey {
    /// The key's name or id.
    pub(super) key: String,
    /// The limit from then on; needed where nothing is left. Unit: enrolments.
    #[serde(default)]
    pub(super) max_usage: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetireKeys {
    /// The keys whose predecessors are retired, by the name or id of the current key; from 1 to 20.
    pub(super) keys: Vec<String>,
}
