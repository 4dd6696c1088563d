//! Groups, as users see them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column, KeyName};
use super::values::Time;
use super::view::View;
use crate::domain::rotation::{self, Due, Role, can_enrol};
use crate::domain::{AssociationType, Enrolled, GroupId, KeyId, ProvisioningKey, ServerText, Zcomponent};

/// A group, with the keys that connectors or service edges join it with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "group")]
pub struct GroupView {
    id: GroupId,
    /// The name; empty if the API gave none.
    name: ServerText,
    /// What joins the group.
    association_type: AssociationType,
    /// Whether the group is enabled; null if it is known from its keys only.
    enabled: Option<bool>,
    /// How many keys the group has, those that cannot enrol included.
    keys: usize,
    /// The keys that can enrol now, those that a rotation replaced at the end.
    usable_keys: Vec<UsableKeyView>,
    /// The enrolments that those keys have left together.
    remaining: u64,
    /// How many connectors or service edges the group has; null if they could not be read.
    enrolled: Option<usize>,
    /// How many of those have a control channel; null if they could not be read.
    connected: Option<usize>,
    /// When one of them enrolled last.
    last_enrolled_at: Option<Time>,
    /// Why nothing can enrol into it, for people.
    #[serde(skip)]
    closed: Option<&'static str>,
}

/// A key that can enrol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "usable_key")]
pub struct UsableKeyView {
    id: KeyId,
    name: ServerText,
    /// The enrolments that are left.
    remaining: u64,
    #[serde(skip)]
    role: Option<Role>,
    /// When a key that was replaced is to be retired.
    #[serde(skip)]
    due: Option<Timestamp>,
}

impl UsableKeyView {
    fn label(&self) -> KeyName<'_> {
        let lineage = rotation::split(&self.name, &self.id).0;
        KeyName { raw: self.name.raw(), lineage, role: self.role, due: self.due }
    }
}

impl GroupView {
    /// Makes the view of a group from its keys and from what enrolled into it, which is `None` if that was not read.
    pub fn new(
        group: &Zcomponent,
        kind: AssociationType,
        keys: &[&ProvisioningKey],
        enrolled: Option<&[&Enrolled]>,
    ) -> Self {
        let mut usable: Vec<UsableKeyView> =
            keys.iter().filter(|key| can_enrol(key)).map(|key| (*key).into()).collect();
        usable.sort_by_key(|key| key.role.is_some());
        Self {
            id: group.id.clone(),
            name: group.name.clone(),
            association_type: kind,
            enabled: Some(group.enabled),
            keys: keys.len(),
            remaining: usable.iter().map(|key| key.remaining).fold(0, u64::saturating_add),
            usable_keys: usable,
            enrolled: enrolled.map(<[_]>::len),
            connected: enrolled.map(|all| all.iter().filter(|one| one.is_connected()).count()),
            last_enrolled_at: enrolled
                .and_then(|all| all.iter().filter_map(|one| one.created_at).max())
                .map(Time),
            closed: why_closed(group, keys),
        }
    }

    /// Says why nothing can enrol into it, if it has keys.
    pub const fn why_closed(&self) -> Option<&'static str> {
        self.closed
    }

    /// Says that the group itself was not read.
    pub fn known_from_keys(self) -> Self {
        let closed = self.closed.filter(|why| *why != GROUP_DISABLED);
        Self { enabled: None, closed, ..self }
    }

    /// Returns the name, or the id if there is no name.
    pub fn label(&self) -> &str {
        if self.name.raw().is_empty() { self.id.as_str() } else { self.name.raw() }
    }

    pub const fn id(&self) -> &GroupId {
        &self.id
    }

    pub const fn association_type(&self) -> AssociationType {
        self.association_type
    }

    /// Tells whether the group has a key that can enrol.
    pub const fn can_be_joined(&self) -> bool {
        !self.usable_keys.is_empty()
    }

    fn usable_cell(&self) -> Cell<'_> {
        match self.usable_keys.as_slice() {
            [] => Cell::Missing,
            [key] => Cell::Key(key.label()),
            [first, rest @ ..] => {
                let previous = if first.role.is_some() { " (previous)" } else { "" };
                format!("{}{previous} +{}", first.label().lineage, rest.len()).into()
            }
        }
    }
}

const GROUP_DISABLED: &str = "group disabled";

/// Says why nothing can enrol into a group that has keys. Those that a rotation retired are the reason only if there are no
/// others.
fn why_closed(group: &Zcomponent, keys: &[&ProvisioningKey]) -> Option<&'static str> {
    if keys.iter().any(|key| can_enrol(key)) {
        return (!group.enabled).then_some(GROUP_DISABLED);
    }
    let is_current = |key: &&&ProvisioningKey| rotation::role(key) == Role::Current;
    let mut meant: Vec<_> = keys.iter().filter(is_current).collect();
    if meant.is_empty() {
        meant = keys.iter().collect();
    }
    match (meant.iter().any(|key| key.enabled), meant.iter().any(|key| !key.enabled)) {
        (true, false) => Some("used up"),
        (false, true) => Some("disabled"),
        (true, true) => Some("used up or disabled"),
        (false, false) => None,
    }
}

impl From<&ProvisioningKey> for UsableKeyView {
    fn from(key: &ProvisioningKey) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            remaining: key.usage.remaining(),
            role: Some(rotation::role(key)).filter(|role| *role != Role::Current),
            due: rotation::due(key).and_then(Due::instant),
        }
    }
}

impl View for GroupView {
    const NOUN: &'static str = "a group";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |group| Cell::first_of(group.name.raw(), group.id.as_str())),
        Column::new("TYPE", &["association_type"], |group| group.association_type.short().into()),
        Column::new("USABLE_KEY", &["usable_keys"], Self::usable_cell),
        Column::right("LEFT", &["remaining"], |group| group.remaining.to_string().into()),
        Column::right("ENROLLED", &["enrolled"], |group| Cell::word(&group.enrolled)),
        Column::new("LAST_ENROLLED", &["last_enrolled_at"], |group| group.last_enrolled_at.into()),
        Column::wide("ID", &["id"], |group| group.id.as_str().into()),
        Column::wide("KEYS", &["keys"], |group| group.keys.to_string().into()),
        Column::wide("CONNECTED", &["connected"], |group| Cell::word(&group.connected)),
        Column::wide("ENABLED", &["enabled"], |group| Cell::word(&group.enabled)),
    ];
}
