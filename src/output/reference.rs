//! Certificates and microtenants, as users see them.

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column};
use super::values::Time;
use super::view::View;
use crate::domain::{AssociationType, CertId, EnrollmentCert, Microtenant, MicrotenantId, ServerText};

/// An enrollment certificate: it signs the certificates of what enrols.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "certificate")]
pub struct CertView {
    id: CertId,
    name: ServerText,
    /// Whether Zscaler holds its private key; without it, nothing can enrol with a key of this certificate.
    private_key_present: bool,
    /// The end of its validity; null if the API gave none.
    expires_at: Option<Time>,
    /// The types of keys for which `create` takes it if no other is named.
    default_for: Vec<AssociationType>,
    /// How many keys name it, of the types that were read.
    keys: usize,
}

/// A microtenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "microtenant")]
pub struct MicrotenantView {
    /// The id; `0` is the default one.
    id: MicrotenantId,
    name: ServerText,
    /// Whether commands act in it now, by an option, a variable or the profile.
    active: bool,
}

impl CertView {
    pub fn new(cert: &EnrollmentCert, keys: usize) -> Self {
        let is_default =
            |kind: &AssociationType| kind.default_cert_name().is_some_and(|name| cert.name == *name);
        Self {
            id: cert.id.clone(),
            name: cert.name.clone(),
            private_key_present: cert.private_key_present,
            expires_at: cert.valid_to.map(Time),
            default_for: AssociationType::ALL.into_iter().filter(is_default).collect(),
            keys,
        }
    }
}

impl MicrotenantView {
    pub fn new(microtenant: &Microtenant, active: bool) -> Self {
        Self { id: microtenant.id.clone(), name: microtenant.name.clone(), active }
    }
}

impl View for CertView {
    const NOUN: &'static str = "a certificate";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |cert| cert.name.raw().into()),
        Column::new("ID", &["id"], |cert| cert.id.as_str().into()),
        Column::new("EXPIRES", &["expires_at"], |cert| cert.expires_at.into()),
        Column::new("PRIVATE_KEY", &["private_key_present"], |cert| cert.private_key_present.into()),
        Column::right("KEYS", &["keys"], |cert| cert.keys.to_string().into()),
        Column::new("DEFAULT_FOR", &["default_for"], |cert| match cert.default_for.as_slice() {
            [] => Cell::Missing,
            kinds => kinds.iter().map(|kind| kind.short()).collect::<Vec<_>>().join(" ").into(),
        }),
    ];
}

impl View for MicrotenantView {
    const NOUN: &'static str = "a microtenant";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("NAME", &["name"], |one| one.name.raw().into()),
        Column::new("ID", &["id"], |one| one.id.as_str().into()),
        Column::new("ACTIVE", &["active"], |one| one.active.into()),
    ];
}
