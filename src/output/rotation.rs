//! What a rotation came to.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column, status_text, used};
use super::record::{SECRET_FIELD, word};
use super::values::Time;
use super::view::{Frame, Presence, SecretField, ShownKey, View};
use super::wrap::{padded, width, wrap};
use super::{EnrolledView, KeyView};
use crate::domain::escape;
use crate::domain::rotation::{Due, State};
use crate::domain::{Enrolled, Fingerprint, KeyId, ProvisioningKey};

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "rotation")]
pub struct RotationView {
    /// The id of `new`.
    id: Option<KeyId>,
    /// The lineage's name.
    name: String,
    /// rotate-OLD-NEW or rollback-OLD-NEW; null if there was nothing to do.
    operation: Option<String>,
    /// Where the lineage stands.
    state: State,
    /// The key that was replaced.
    old: Option<KeyView>,
    /// The key that deployments should hold.
    new: Option<KeyView>,
    /// Whether a connector or service edge enrolled with `new`.
    proof: Option<Proof>,
    /// Where the key value was handed over: a path, --exec, --reveal.
    delivered: Vec<String>,
    retire: RetireView,
    /// Whether anything was changed or handed over.
    changed: bool,
    /// Whether it went on with what another run had begun.
    resumed: bool,
    /// Why there was nothing to do.
    reason: Option<RotationReason>,
    /// What enrolled with the keys that were stopped; with --compromised only.
    enrolled_with_old: Option<Vec<EnrolledView>>,
    /// What is to be looked after, a sentence each.
    warnings: Vec<String>,
    /// What binds the key's address in Terraform to `new`; null unless --terraform or --tfstate told the address.
    terraform: Option<RebindView>,
    /// That of `new`.
    fingerprint: Option<Fingerprint>,
}

/// What binds an address in Terraform to another key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct RebindView {
    pub address: String,
    /// The command that takes the old key out of the state.
    pub state_rm: String,
    /// The block that imports the new one, in Terraform's language.
    pub import: String,
}

/// Whether connectors or service edges enrolled with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Proof {
    Used,
    Unused,
}

/// Why there was nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum RotationReason {
    WithinGrace,
    NotYet,
    Idle,
    RotatedMeanwhile,
    AlreadySo,
}

/// What becomes of `old`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct RetireView {
    state: RetireState,
    /// From when `old` may be retired.
    due_at: Option<Time>,
}

/// What becomes of the key that was replaced, in one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum RetireState {
    #[default]
    None,
    Waiting,
    Due,
    Hold,
    Retired,
}

/// What a [`RotationView`] is made of.
#[derive(Debug, Clone, Default)]
pub struct RotationParts<'a> {
    pub name: &'a str,
    /// `rotate-A-B`.
    pub operation: Option<String>,
    /// Where the lineage stands now.
    pub state: Option<State>,
    /// The key that was replaced.
    pub old: Option<&'a ProvisioningKey>,
    /// The key that deployments should hold.
    pub new: Option<&'a ProvisioningKey>,
    /// Where the key value was handed over.
    pub delivered: Vec<String>,
    /// What becomes of the old key.
    pub retire: RetireState,
    /// From when the old key may be retired.
    pub due: Option<Due>,
    /// Whether anything was changed or handed over.
    pub changed: bool,
    /// Whether it went on with what another run had begun.
    pub resumed: bool,
    /// Why there was nothing to do.
    pub reason: Option<RotationReason>,
    /// What enrolled with the old key, where that was asked for.
    pub suspects: Option<Vec<(&'a Enrolled, Option<&'a ProvisioningKey>)>>,
    /// What is to be looked after.
    pub warnings: Vec<String>,
}

/// Returns the word of JSON for where a lineage stands.
pub(super) const fn state_word(state: State) -> &'static str {
    match state {
        State::Absent => "absent",
        State::Ambiguous => "ambiguous",
        State::AtRest => "at_rest",
        State::Created => "created",
        State::HalfRenamed => "half_renamed",
        State::Swapped => "swapped",
        State::Displaced => "displaced",
        State::Retired => "retired",
        State::SuccessorDeleted => "successor_deleted",
    }
}

impl RotationView {
    /// Adds what binds the key's address in Terraform to the new key.
    pub fn rebind(&mut self, terraform: Option<RebindView>) {
        self.terraform = terraform;
    }
}

impl From<RotationParts<'_>> for RotationView {
    fn from(parts: RotationParts<'_>) -> Self {
        let proof = |new: &ProvisioningKey| if new.usage.count.0 > 0 { Proof::Used } else { Proof::Unused };
        let enrolled = |(one, key): &(&Enrolled, Option<&ProvisioningKey>)| EnrolledView::new(one, *key);
        Self {
            id: parts.new.map(|key| key.id.clone()),
            name: parts.name.to_owned(),
            operation: parts.operation,
            state: parts.state.unwrap_or(State::Absent),
            old: parts.old.map(KeyView::from),
            new: parts.new.map(KeyView::from),
            proof: parts.new.map(proof),
            delivered: parts.delivered,
            retire: RetireView { state: parts.retire, due_at: parts.due.and_then(Due::instant).map(Time) },
            changed: parts.changed,
            resumed: parts.resumed,
            reason: parts.reason,
            enrolled_with_old: parts.suspects.map(|all| all.iter().map(enrolled).collect()),
            warnings: parts.warnings,
            terraform: None,
            fingerprint: parts.new.and_then(|key| key.fingerprint),
        }
    }
}

impl View for RotationView {
    const NOUN: &'static str = "a rotation";
    const IS_TABLE: bool = false;
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |rotation| rotation.name.as_str().into()),
        Column::new("ID", &["id"], |rotation| rotation.id.as_ref().map(KeyId::as_str).into()),
        Column::new("STATE", &["state"], |rotation| Cell::word(&rotation.state)),
        Column::new("CHANGED", &["changed"], |rotation| rotation.changed.into()),
    ];
    const SECRET: Option<SecretField> = Some(SecretField {
        name: SECRET_FIELD,
        before: "fingerprint",
        presence: Presence::IfRevealed,
        description: "The text of `new`, a secret; with --reveal only.",
    });

    /// It is the new key's value that is shown.
    fn shown_key(&self) -> Option<ShownKey> {
        self.new.as_ref()?.shown_key()
    }

    /// Appends the key that deployments should hold, a line for each rotation; the key value if it was asked for.
    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let row = |rotation: &Self| {
            let key = rotation.new.as_ref().or(rotation.old.as_ref());
            let of_key = |text: &dyn Fn(&KeyView) -> String| key.map_or_else(String::new, text);
            [
                rotation.name.clone(),
                of_key(&|key| key.id.to_string()),
                of_key(&|key| used(key.usage_count, key.max_usage)),
                of_key(&|key| status_text(key.status, key.remaining, frame.rendering).into_owned()),
                of_key(&|key| word(&key.fingerprint)),
            ]
            .map(|cell| escape(&cell).into_owned())
        };
        let rows: Vec<[String; 5]> = views.iter().map(row).collect();
        let widest = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..5).map(widest).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).map(|(cell, columns)| padded(cell, *columns));
            let line = cells.collect::<Vec<_>>().join("  ");
            writeln!(buffer, "{}", wrap(line.trim_end(), frame.rendering.terminal_width))?;
        }
        frame.secret.map_or(Ok(()), |secret| writeln!(buffer, "{}", secret.revealed()))
    }
}

/// What is done to a lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum RotationAction {
    Rotate,
    Rollback,
}

/// What a rotation would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "rotation_plan")]
pub struct RotationPlanView {
    #[schemars(extend("const" = true))]
    dry_run: bool,
    action: RotationAction,
    /// The lineage's name.
    name: String,
    /// Where the lineage stands.
    state: State,
    /// The key that would be replaced.
    old: Option<KeyView>,
    /// The key that would take over, if it is there already.
    new: Option<KeyView>,
    /// From when `old` would be retired.
    due_at: Option<Time>,
    /// How many keys of the type there are. Unit: keys.
    keys_in_use: usize,
    /// What would be done, in order.
    steps: Vec<RotationStepView>,
}

/// A step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
struct RotationStepView {
    /// What is done, in one word. Words may be added.
    step: String,
    /// For people.
    text: String,
}

/// Writes the word of a step as people read it. In JSON handing over keeps the word that it had before.
pub fn step_word(step: &str) -> &str {
    if step == "hand_over" { "deliver" } else { step }
}

impl RotationPlanView {
    /// Shows what a run would do to a lineage.
    pub fn new(
        action: RotationAction,
        name: &str,
        state: State,
        keys: [Option<&ProvisioningKey>; 2],
        due: Option<Due>,
        keys_in_use: usize,
        steps: &[(&'static str, String)],
    ) -> Self {
        let [old, new] = keys.map(|key| key.map(KeyView::from));
        let step = |(word, text): &(&'static str, String)| RotationStepView {
            step: (*word).to_owned(),
            text: text.clone(),
        };
        Self {
            dry_run: true,
            action,
            name: name.to_owned(),
            state,
            old,
            new,
            due_at: due.and_then(Due::instant).map(Time),
            keys_in_use,
            steps: steps.iter().map(step).collect(),
        }
    }
}

impl View for RotationPlanView {
    const NOUN: &'static str = "a dry run";
    const IS_TABLE: bool = false;
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |plan| plan.name.as_str().into()),
        Column::new("STATE", &["state"], |plan| Cell::word(&plan.state)),
    ];

    /// Appends the lineage on a line, and each step on a line of its own.
    fn write(views: &[Self], frame: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let mut line = |text: &str| writeln!(buffer, "{}", wrap(text, frame.rendering.terminal_width));
        for plan in views {
            let name = escape(&plan.name);
            if plan.steps.is_empty() {
                line(&format!("nothing to do for {name}"))?;
            } else {
                line(&format!("would {} {name}", word(&plan.action)))?;
            }
            for (at, step) in plan.steps.iter().enumerate() {
                let (number, word, text) = (at + 1, step_word(&step.step), escape(&step.text));
                line(&format!("  {number}  {word:7} {text}"))?;
            }
        }
        Ok(())
    }
}
