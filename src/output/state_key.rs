//! Keys that a Terraform state has, and whether they are the tenant's.

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column};
use super::view::View;
use crate::domain::ServerText;

/// A key that a Terraform state has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "state_key")]
pub struct StateKeyView {
    /// The address in the state, with its index key.
    pub address: String,
    pub id: Option<ServerText>,
    /// The name that the key has now; if it is gone, the one in the state.
    pub name: Option<ServerText>,
    /// The association type; null if neither the tenant nor the state tells it.
    #[serde(rename = "type")]
    pub association_type: Option<ServerText>,
    /// Whether the tenant's key has the value that the state has; null if one of them has no value to compare.
    pub finding: Option<StateFinding>,
}

/// What a comparison with the tenant came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum StateFinding {
    Same,
    /// The tenant has no key of this id.
    Gone,
    /// The tenant's key has another value.
    Differs,
}

impl View for StateKeyView {
    const NOUN: &'static str = "a key of a Terraform state";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("ADDRESS", &["address"], |key| key.address.as_str().into()),
        Column::new("ID", &["id"], |key| key.id.as_ref().map(ServerText::raw).into()),
        Column::new("NAME", &["name"], |key| key.name.as_ref().map(ServerText::raw).into()),
        Column::new("TYPE", &["type"], |key| key.association_type.as_ref().map(ServerText::raw).into()),
        Column::new("FINDING", &["finding"], |key| Cell::word(&key.finding)),
    ];
}
