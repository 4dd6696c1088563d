//! The types of a file of keys, as serde and the JSON Schema see them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

/// Keys of a Zscaler Private Access tenant. What an entry does not say of its key is not managed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "zpakey_keys")]
pub(crate) struct KeyDocument {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    pub(crate) version: u64,
    /// The customer id of the only tenant that the file is for; any other is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// What entries take that do not say it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) defaults: Option<DefaultsText>,
    /// What `zpakey audit --file` holds the keys to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<PolicyText>,
    #[serde(default)]
    pub(crate) keys: Vec<KeyEntry>,
    /// Who gets a new key value, by the name that `rotate.deliver` says. A delivery of the same name in the profile
    /// (`[profiles.NAME.deliver.DELIVERY]`) is taken instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) deliver: BTreeMap<String, DeliveryText>,
    /// What is done about keys that no entry names; none is ever deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unmanaged: Option<UnmanagedText>,
}

/// What entries take that do not say it themselves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct DefaultsText {
    /// The type: connector, service-edge, np-assistant, site-controller or exporter.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// The group, by name or as id:…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
    /// The enrollment certificate, by name or as id:…; auto is that of the type for new keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cert: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<IntentText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rotate: Option<RotateText>,
}

/// A key, known by its type, its microtenant and its name. A rotation changes none of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct KeyEntry {
    /// The name; not one that a rotation gives, such as NAME.old-ID.TIME.
    pub(crate) name: String,
    /// The type: connector, service-edge, np-assistant, site-controller or exporter.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// The name until now: the key is renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) was: Option<String>,
    /// The group, by name or as id:…. A key keeps its group: it is rotated into another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
    /// The enrollment certificate, by name or as id:…; auto is that of the type for new keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cert: Option<String>,
    /// The microtenant, by name or as id:…; that of the profile if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) microtenant: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<bool>,
    /// How often the key may be used. A limit is never lowered below what is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) uses: Option<UsesText>,
    /// The only sources that may enrol; an empty list allows any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ip_acl: Option<Vec<String>>,
    /// The portal's opaque text; an empty one removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ui_config: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intent: Option<IntentText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rotate: Option<RotateText>,
    /// False blocks the key by both switches. It is not deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) present: Option<bool>,
}

/// How often a key may be used: in total, or `closed`, or a rule.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub(crate) enum UsesText {
    /// The limit in total. Unit: enrolments.
    Total(#[schemars(range(min = 1))] u64),
    Word(ClosedWord),
    Rule(UsesRule),
}

/// No use is left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum ClosedWord {
    Closed,
}

/// Either `keep` with `cap`, or `max` with `open_for`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct UsesRule {
    /// Raise the limit whenever fewer uses are left. Unit: enrolments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keep: Option<u64>,
    /// With `keep`: never raise the limit above this. Unit: enrolments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cap: Option<u64>,
    /// The limit in total. Unit: enrolments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<u64>,
    /// With `max`: close the key so long after its creation: 12h, 14d.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) open_for: Option<String>,
}

/// When a key is replaced, and who gets the new one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct RotateText {
    /// Rotate a key that is older: 90d. Left out, only a change that needs it rotates the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) every: Option<String>,
    /// Let the old key enrol for this time after the new one took over; 24h if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) grace: Option<String>,
    /// The name of the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deliver: Option<String>,
}

/// Who gets a new key value: a command, or a private file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct DeliveryText {
    /// A program and its arguments, run without a shell. It gets the key value on standard input, and must be idempotent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exec: Option<Vec<String>>,
    /// Give the key value to the program in this variable instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) env: Option<String>,
    /// Limit the program to this time; 5m if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timeout: Option<String>,
    /// A private file (0600); {name} stands for the key's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) out_file: Option<String>,
}

/// What `zpakey audit --file` holds the keys to, as `policy` in a profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct PolicyText {
    /// The age from which a key is too old: 90d.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_age: Option<String>,
    /// The most uses that may be left. Unit: enrolments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_headroom: Option<u64>,
    /// The fewest uses that may be left of an autoscaled key. Unit: enrolments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min_remaining: Option<u64>,
    /// The most open keys of a group. Unit: keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keys_per_group: Option<u64>,
    /// Whether each key must have an IP ACL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ip_acl: Option<AclText>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum AclText {
    Optional,
    Required,
}

/// What a key is for. An autoscaled key that connectors carry is closed only if that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum IntentText {
    Autoscaled,
    Static,
    Image,
    Once,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum UnmanagedText {
    Ignore,
    Report,
    Fail,
}

/// Makes the JSON Schema of a file, for editors.
pub(crate) fn file_schema() -> String {
    let mut schema = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<KeyDocument>();
    schema.insert("title".to_owned(), "Keys of zpakey".into());
    // `name` and `version` stay required; the defaults are for readers of code.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
