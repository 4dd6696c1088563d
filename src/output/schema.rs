//! The JSON Schema of all that zpakey prints as JSON, made from the views' structs.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{RecursiveTransform, RestrictFormats, Transform};
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use super::failure::FailureView;
use super::identity::{ProfileView, SignInView, TokenView};
use super::kind::RecordKind;
use super::rotation::{RotationPlanView, RotationView};
use super::view::Presence;
use super::{
    AuditFindingView, AuditView, CertView, ChangeView, DeletionView, DesiredItemView, DesiredPlanView,
    EnrolledView, FindingView, GroupView, IdentificationView, KeyView, LeakView, LineageView, LogEntry,
    MicrotenantView, OverviewView, PlanView, ProposalView, RevealView, StateKeyView, VersionView,
};

/// Whether a command answers with one of a kind, with a list of them, or either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shapes {
    One,
    Many,
    Either,
}

/// All kinds of records, each with its secret if it can have one.
pub(super) const ANSWERS: [(RecordKind, Shapes); 27] = [
    (RecordKind::revealed::<KeyView>(), Shapes::Either),
    (RecordKind::of::<RevealView>(), Shapes::One),
    (RecordKind::of::<EnrolledView>(), Shapes::Either),
    (RecordKind::of::<DeletionView>(), Shapes::Either),
    (RecordKind::of::<PlanView>(), Shapes::Either),
    (RecordKind::of::<SignInView>(), Shapes::Either),
    (RecordKind::of::<ProfileView>(), Shapes::Either),
    (RecordKind::of::<TokenView>(), Shapes::One),
    (RecordKind::of::<FindingView>(), Shapes::Either),
    (RecordKind::of::<IdentificationView>(), Shapes::Either),
    (RecordKind::of::<LeakView>(), Shapes::Many),
    (RecordKind::of::<AuditView>(), Shapes::One),
    (RecordKind::of::<AuditFindingView>(), Shapes::Either),
    (RecordKind::of::<DesiredPlanView>(), Shapes::One),
    (RecordKind::of::<DesiredItemView>(), Shapes::Either),
    (RecordKind::of::<ProposalView>(), Shapes::Either),
    (RecordKind::of::<ChangeView>(), Shapes::Either),
    (RecordKind::of::<LineageView>(), Shapes::Either),
    (RecordKind::of::<OverviewView>(), Shapes::One),
    (RecordKind::revealed::<RotationView>(), Shapes::Either),
    (RecordKind::of::<RotationPlanView>(), Shapes::Either),
    (RecordKind::of::<LogEntry>(), Shapes::Many),
    (RecordKind::of::<GroupView>(), Shapes::Many),
    (RecordKind::of::<CertView>(), Shapes::Many),
    (RecordKind::of::<MicrotenantView>(), Shapes::Many),
    (RecordKind::of::<StateKeyView>(), Shapes::Many),
    (RecordKind::of::<VersionView>(), Shapes::One),
];

/// The kinds that a command answers with for several tenants, too.
const OF_TENANTS: [RecordKind; 10] = [
    RecordKind::revealed::<KeyView>(),
    RecordKind::of::<LineageView>(),
    RecordKind::of::<OverviewView>(),
    RecordKind::of::<AuditView>(),
    RecordKind::of::<AuditFindingView>(),
    RecordKind::of::<LeakView>(),
    RecordKind::of::<IdentificationView>(),
    RecordKind::of::<ChangeView>(),
    RecordKind::of::<PlanView>(),
    RecordKind::revealed::<RotationView>(),
];

pub(super) fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().for_serialize().into_generator()
}

/// Makes the schema anew. `schema.json` is its text; a test of the generated files compares them.
pub fn generate() -> String {
    let mut generator = generator();
    let mut answers = Vec::new();
    for (kind, shapes) in ANSWERS {
        let one = (kind.reference)(&mut generator).to_value();
        let many = json!({"type": "array", "items": one});
        match shapes {
            Shapes::One => answers.push(one),
            Shapes::Many => answers.push(many),
            Shapes::Either => answers.extend([one, many]),
        }
    }
    answers.push(generator.subschema_for::<FailureView>().to_value());
    let mut definitions = generator.take_definitions(true);
    for (kind, _) in ANSWERS {
        if let Some(Value::Object(definition)) = definitions.get_mut(&*(kind.definition)()) {
            add_secret(kind, definition);
            if OF_TENANTS.contains(&kind) {
                add_tenant(definition);
            }
        }
    }
    // Scripts may refer to a list of keys by this name.
    let keys = json!({"description": "A list of provisioning keys.", "type": "array", "items": {"$ref": "#/$defs/key"}});
    definitions.insert("key_list".to_owned(), keys);
    let mut schema = json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "zpakey",
        "description": "What zpakey prints as JSON. Fields may be added; none is removed or retyped.",
        "anyOf": answers,
        "$defs": definitions,
    });
    RestrictFormats::default().transform(&mut schema);
    RecursiveTransform(simplify).transform(&mut schema);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// Describes the secret, which is not a field of the struct, where the JSON has it.
fn add_secret(kind: RecordKind, definition: &mut Map<String, Value>) {
    let Some(secret) = kind.secret() else { return };
    let property = json!({"description": secret.description, "type": "string"});
    if let Some(Value::Object(properties)) = definition.get_mut("properties") {
        let place = properties.keys().position(|field| field == secret.before).unwrap_or(properties.len());
        properties.shift_insert(place, secret.name.to_owned(), property);
    }
    if secret.presence == Presence::Always
        && let Some(Value::Array(required)) = definition.get_mut("required")
    {
        let place = required.iter().position(|field| field == secret.before).unwrap_or(required.len());
        required.insert(place, secret.name.into());
    }
}

/// Describes what tells the records of several tenants apart; a record has it only if several were asked for.
fn add_tenant(definition: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = definition.get_mut("properties") else { return };
    for (place, (name, description)) in [
        ("profile", "The profile of the tenant; only if `--profile` asked for any number of tenants, and null if it is of none."),
        ("tenant", "The customer id; only if `--profile` asked for any number of tenants, and null if it is of none."),
    ]
    .into_iter()
    .enumerate()
    {
        if !properties.contains_key(name) {
            let property = json!({"description": description, "type": ["string", "null"]});
            properties.shift_insert(place, name.to_owned(), property);
        }
    }
}

/// Lists the words of an enumeration, each of which is a schema of its own if it has a doc comment; makes one line of a
/// description; and leaves out defaults, which are for readers of old logs.
fn simplify(schema: &mut Schema) {
    schema.remove("default");
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    let words = |one: &Value| match (one.get("const"), one.get("enum")) {
        (Some(word), _) => Some(vec![word.clone()]),
        (None, words) => words?.as_array().cloned(),
    };
    let all =
        schema.get("oneOf").and_then(|all| all.as_array()?.iter().map(words).collect::<Option<Vec<_>>>());
    if let Some(all) = all {
        schema.remove("oneOf");
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), all.concat().into());
    }
}
