//! The tools: their names, what is said of them, and the shapes of what they take and answer.
//!
//! What is said is for a reader who has nothing else: when to use a tool, when not, what it costs, what it never does.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::arguments::{
    Audit, CreateKey, EnableKey, Explain, GetKey, KeyStatusOf, ListGroups, ListKeys, Nothing, OneKey,
    ProposalStatus, ProposeChange, ProposeDelete, ProposeRotation, RetireKeys, RotateKey, UpdateKey, Wait,
};
use super::text::visible;
use super::writing::Deliveries;
use crate::domain::AgentAction;
use crate::domain::desired::Delivery;

/// A tool.
pub(super) struct ToolSpec {
    pub(super) name: &'static str,
    title: &'static str,
    description: &'static str,
    pub(super) effect: Effect,
    /// True if a second call with the same arguments changes nothing more.
    is_idempotent: bool,
    input: fn() -> Map<String, Value>,
    /// The properties of the answer; `#NAME` stands for a definition of the schema of what zpakey prints.
    output: fn() -> Value,
}

/// What a tool does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Reads,
    /// It keeps a proposal on this machine; a person carries it out, or not.
    Proposes,
    /// It writes to the tenant; a person must have allowed it.
    Writes(AgentAction),
}

impl Effect {
    /// Returns what a person must have allowed.
    pub(super) const fn needs(self) -> Option<AgentAction> {
        match self {
            Self::Writes(action) => Some(action),
            Self::Reads | Self::Proposes => None,
        }
    }
}

fn input<T: JsonSchema>() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    if let Value::Object(fields) = &mut schema {
        fields.remove("title");
        // Some clients take a schema without properties for one that is missing.
        fields.entry("properties").or_insert_with(|| json!({}));
    }
    schema.as_object().cloned().unwrap_or_default()
}

fn short_key() -> Value {
    json!({
        "type": "object",
        "description": "A key in short. No answer of this server has the key's text.",
        "properties": {
            "id": {"type": "string"}, "name": {"type": "string"}, "type": {"type": ["string", "null"]},
            "group": {"type": "string", "description": "The name of the group that connectors join."},
            "used": {"type": "integer", "description": "Enrolments so far; the count never falls."},
            "limit": {"type": "integer", "description": "The most enrolments."},
            "status": {"type": "string"},
            "role": {"type": ["string", "null"], "description": "The place in its lineage: current, next, old, retired."},
        },
        "required": ["id", "name", "type", "group", "used", "limit", "status", "role"],
        "additionalProperties": false,
    })
}

fn array_of(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

fn proposed() -> Value {
    let plan = json!({
        "type": "object",
        "description": "What it would do: changed fields, or the steps of a rotation.",
        "properties": {"changes": array_of(&json!({"type": "object"})), "steps": array_of(&json!({"type": "string"}))},
        "required": ["changes", "steps"],
        "additionalProperties": false,
    });
    json!({"proposal": "#proposal", "plan": plan})
}

/// Lists the tools: those that read, those that propose, those that write.
pub(super) const TOOLS: [ToolSpec; 23] = [
    ToolSpec {
        name: "list_keys",
        title: "List provisioning keys",
        description: "Lists provisioning keys of the tenant, in short, by name. Use it first, to find a key's id. It never \
                      answers with a key's text. Costs one list per type; repeated within 10 seconds, nothing.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<ListKeys>,
        output: || {
            json!({
                "keys": array_of(&json!({"anyOf": [short_key(), "#key"]})),
                "next_cursor": {"type": ["string", "null"], "description": "Pass it as cursor for the keys that follow."},
            })
        },
    },
    ToolSpec {
        name: "get_key",
        title: "Show one provisioning key",
        description: "Shows one key. detail=true gives all fields (certificate, IP ACL, times, fingerprint). It never answers \
                      with the key's text: no tool does, and none can be asked to.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<GetKey>,
        output: || json!({"key": {"anyOf": [short_key(), "#key"]}}),
    },
    ToolSpec {
        name: "key_status",
        title: "State of a key's rotation, or of the tenant",
        description: "With key: the key with what it replaced and what is to replace it, and what comes next. Without: how \
                      full the tenant is, which key each group has, what the audit found. Use it before anything is rotated.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<KeyStatusOf>,
        output: || json!({"lineage": "#lineage", "overview": "#overview"}),
    },
    ToolSpec {
        name: "who_enrolled",
        title: "Connectors that enrolled with a key",
        description: "Lists the connectors or service edges that exist today and enrolled with a key; `used` counts all that ever \
                      enrolled, also those that are gone. Use it to see whether a key is in use before it is disabled or replaced. \
                      Machines stay with the key that they enrolled with: after a rotation ask for the old one, by id:ID.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<OneKey>,
        output: || json!({"used": {"type": "integer", "description": "All enrolments with this key so far."}, "connectors": array_of(&json!("#enrolled"))}),
    },
    ToolSpec {
        name: "list_groups",
        title: "List groups",
        description: "Lists the groups that connectors and service edges join, with their keys. Use it for the exact name or \
                      id that a new key needs.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<ListGroups>,
        output: || json!({"groups": array_of(&json!("#group"))}),
    },
    ToolSpec {
        name: "list_certificates",
        title: "List enrollment certificates",
        description: "Lists the enrollment certificates. Keys need one; it is chosen if none is named, so this is rarely needed.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<Nothing>,
        output: || json!({"certificates": array_of(&json!("#certificate"))}),
    },
    ToolSpec {
        name: "list_microtenants",
        title: "List microtenants",
        description: "Lists the microtenants. The server acts in the one of its profile; it cannot change it.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<Nothing>,
        output: || json!({"microtenants": array_of(&json!("#microtenant"))}),
    },
    ToolSpec {
        name: "audit",
        title: "Audit the tenant's keys",
        description: "Tells which keys will stop working or stay open, the worst first, with evidence. Reads a few lists, \
                      whatever the number of keys. `complete: false` means that something could not be read.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<Audit>,
        output: || json!({"audit": "#audit"}),
    },
    ToolSpec {
        name: "check_connection",
        title: "Check the connection",
        description: "Checks configuration, network, credential and permissions. Use it if other tools fail with auth or \
                      network errors. It changes nothing.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<Nothing>,
        output: || json!({"checks": array_of(&json!("#finding"))}),
    },
    ToolSpec {
        name: "wait_for_enrollment",
        title: "Wait until a key is used",
        description: "Waits until so many more connectors enrolled with a key, up to timeout_seconds, then answers. Running \
                      out of time is an error with code wait_timeout. Asks every 10 seconds.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<Wait>,
        output: || json!({"key": short_key()}),
    },
    ToolSpec {
        name: "explain",
        title: "Explain a rule, an exit code or a topic",
        description: "Explains a rule of the audit (ZPK013), an exit code (7), or a topic (rotation). Reads nothing of the tenant.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<Explain>,
        output: || json!({"topic": {"type": "string"}, "lines": array_of(&json!({"type": "string"}))}),
    },
    ToolSpec {
        name: "propose_create",
        title: "Propose a new provisioning key",
        description: "Proposes a key for a person to approve; nothing is created by this call. Use it if there is no create_key, \
                      or what it refuses is needed. Answer the person with proposal.command, which they run at a terminal.",
        effect: Effect::Proposes,
        is_idempotent: false,
        input: input::<CreateKey>,
        output: proposed,
    },
    ToolSpec {
        name: "propose_rotation",
        title: "Propose to replace a key by a new one",
        description: "Proposes to replace a key, for a person to approve; nothing is changed by this call. The new key \
                      takes the name; the old one can enrol until it is retired, so that machines and images get the new text first. \
                      compromised=true stops the old one at once: for a text that was read by someone who should not have it. \
                      Ask the person if that is not known. Answer the person with proposal.command, which they run at a terminal.",
        effect: Effect::Proposes,
        is_idempotent: false,
        input: input::<ProposeRotation>,
        output: proposed,
    },
    ToolSpec {
        name: "propose_change",
        title: "Propose to change, stop or start a key",
        description: "Proposes a change of a key's name, limit, IP ACL or certificate, or to stop it (enabled=false: its switch, and \
                      its limit goes down to its uses) or let it enrol again, for a person to approve; nothing is changed by this call. Answer the person with \
                      proposal.command, which they run at a terminal.",
        effect: Effect::Proposes,
        is_idempotent: false,
        input: input::<ProposeChange>,
        output: proposed,
    },
    ToolSpec {
        name: "propose_retire",
        title: "Propose to retire what a key replaced",
        description: "Proposes to stop the predecessor of a key that was rotated, for a person to approve; nothing is changed by \
                      this call. Refused before its grace is over and the new key was used: key_status tells when. Answer the \
                      person with proposal.command, which they run at a terminal.",
        effect: Effect::Proposes,
        is_idempotent: false,
        input: input::<OneKey>,
        output: proposed,
    },
    ToolSpec {
        name: "propose_delete",
        title: "Propose to delete a key",
        description: "Proposes to delete a key for good, for a person to approve; nothing is deleted by this call. No other tool \
                      deletes. Refused while a connector that exists carries it, and for the successor of a key that is being replaced: \
                      propose_change with enabled=false stops a key.",
        effect: Effect::Proposes,
        is_idempotent: false,
        input: input::<ProposeDelete>,
        output: proposed,
    },
    ToolSpec {
        name: "proposal_status",
        title: "What became of a proposal",
        description: "Tells whether a person carried a proposal out: open, applying, applied, failed, rejected, stale (the key was \
                      changed meanwhile: propose again), expired (24 hours). Costs no request. A person answers, so do not ask in a loop.",
        effect: Effect::Reads,
        is_idempotent: true,
        input: input::<ProposalStatus>,
        output: || json!({"proposal": "#proposal"}),
    },
    ToolSpec {
        name: "create_key",
        title: "Create a provisioning key",
        description: "Creates a key at once; propose_create asks a person first. Its text goes to the named delivery, or stays in the tenant; it is never in the answer. \
                      Refused if a key of the name exists. Not repeated blindly: if the outcome is unknown, look with get_key.",
        effect: Effect::Writes(AgentAction::Create),
        is_idempotent: false,
        input: input::<CreateKey>,
        output: || json!({"key": short_key()}),
    },
    ToolSpec {
        name: "rotate_key",
        title: "Replace a key by a new one",
        description: "Replaces a key at once, without downtime; propose_rotation asks a person first: the new one takes the name, the old one can enrol until its grace is \
                      over. The new text goes to the named delivery. Takes about 10 seconds. A rotation that was interrupted \
                      is continued by the same call.",
        effect: Effect::Writes(AgentAction::Rotate),
        is_idempotent: false,
        input: input::<RotateKey>,
        output: || json!({"rotation": "#rotation"}),
    },
    ToolSpec {
        name: "update_key",
        title: "Change a key",
        description: "Changes a key's name, limit, IP ACL or certificate at once; propose_change asks a person first. What is left out \
                      stays. It does not stop or start a key, and cannot move one to another group: create another key there.",
        effect: Effect::Writes(AgentAction::Update),
        is_idempotent: true,
        input: input::<UpdateKey>,
        output: || json!({"key": short_key()}),
    },
    ToolSpec {
        name: "disable_key",
        title: "Stop a key",
        description: "Stops a key at once, by both its switch and its limit; propose_change asks a person first. Connectors that \
                      enrolled stay connected. enable_key undoes it. Look with who_enrolled first.",
        effect: Effect::Writes(AgentAction::Disable),
        is_idempotent: true,
        input: input::<OneKey>,
        output: || json!({"result": "#change"}),
    },
    ToolSpec {
        name: "enable_key",
        title: "Let a key enrol again",
        description: "Lets a key that was disabled or retired enrol again, at once; propose_change asks a person first.",
        effect: Effect::Writes(AgentAction::Enable),
        is_idempotent: true,
        input: input::<EnableKey>,
        output: || json!({"result": "#change"}),
    },
    ToolSpec {
        name: "retire_keys",
        title: "Retire replaced keys",
        description: "Stops the predecessors of keys that were rotated, at once if their grace is over and the new key was used. \
                      Nothing is deleted. Refused where it is too early.",
        effect: Effect::Writes(AgentAction::Retire),
        is_idempotent: true,
        input: input::<RetireKeys>,
        output: || json!({"results": array_of(&json!({}))}),
    },
];

impl ToolSpec {
    /// Describes the tool to a client. `schema` is that of all that zpakey prints.
    pub(super) fn described(&self, schema: &Value, deliveries: &Deliveries) -> Tool {
        let is_read_only = self.effect == Effect::Reads;
        let mut annotations = ToolAnnotations::with_title(self.title)
            .read_only(is_read_only)
            .idempotent(self.is_idempotent)
            .open_world(true);
        if !is_read_only {
            // Nothing is deleted; a key that is stopped or replaced is another matter for who uses it.
            let takes_away = matches!(
                self.effect,
                Effect::Writes(
                    AgentAction::Rotate | AgentAction::Update | AgentAction::Disable | AgentAction::Retire
                )
            );
            annotations = annotations.destructive(takes_away);
        }
        Tool::new(self.name, self.description, Arc::new(with_deliveries((self.input)(), deliveries)))
            .with_title(self.title)
            .with_raw_output_schema(Arc::new(self.output_schema(schema)))
            .with_annotations(annotations)
    }

    fn output_schema(&self, schema: &Value) -> JsonObject {
        let mut used = Vec::new();
        let properties = resolved(&(self.output)(), &mut used);
        let mut definitions = Map::new();
        while let Some(name) = used.pop() {
            if !definitions.contains_key(&name)
                && let Some(definition) = schema.pointer(&format!("/$defs/{name}"))
            {
                let definition = resolved(definition, &mut used);
                definitions.insert(name, definition);
            }
        }
        let mut whole =
            Map::from_iter([("type".to_owned(), "object".into()), ("properties".to_owned(), properties)]);
        if !definitions.is_empty() {
            whole.insert("$defs".to_owned(), definitions.into());
        }
        whole
    }
}

/// Names the deliveries that a person declared where an argument takes one.
fn with_deliveries(mut input: Map<String, Value>, deliveries: &Deliveries) -> Map<String, Value> {
    let property = input.get_mut("properties").and_then(|all| all.get_mut("delivery"));
    if let Some(description) = property.and_then(|property| property.get_mut("description")) {
        let does = |delivery: &Delivery| match delivery.exec_words() {
            Some(_) => "runs a program",
            None => "writes a file",
        };
        let each = deliveries.iter().map(|(name, one)| format!("{} ({})", visible(name, 256), does(one)));
        let known =
            if deliveries.is_empty() { "none".to_owned() } else { each.collect::<Vec<_>>().join(", ") };
        *description = format!("{} Declared: {known}.", description.as_str().unwrap_or_default()).into();
    }
    input
}

/// Replaces `#NAME` by a reference to a definition, and notes which are used. Texts that were cut or made visible are no
/// longer what patterns say, so these are left out.
fn resolved(value: &Value, used: &mut Vec<String>) -> Value {
    match value {
        Value::String(text) if text.starts_with('#') && !text.contains('/') && text.len() > 1 => {
            let name = text.trim_start_matches('#').to_owned();
            let reference = json!({"$ref": format!("#/$defs/{name}")});
            used.push(name);
            reference
        }
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                used.push(name.to_owned());
            }
            let kept = fields.iter().filter(|(name, one)| !(*name == "pattern" && one.is_string()));
            Value::Object(kept.map(|(name, one)| (name.clone(), resolved(one, used))).collect())
        }
        Value::Array(all) => all.iter().map(|one| resolved(one, used)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
