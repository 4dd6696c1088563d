//! The provisioning key: the record, without its secret.

use jiff::Timestamp;

use super::id::{Cert, Group, MicrotenantKind};
use super::{
    AssociationType, CertId, ComponentRef, Fingerprint, GroupId, IpAclEntry, KeyId, MaxUsage, ServerText,
    Status, Usage, same_acl,
};

use crate::kind::{Classified, ErrorKind};

/// A provisioning key as the API describes it. The text that a connector enrols with is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the API's record")]
pub struct ProvisioningKey {
    /// The id; one sequence across association types.
    pub id: KeyId,
    /// The name, HTML entities decoded.
    pub name: ServerText,
    /// The path that it came from.
    pub association_type: AssociationType,
    /// Whether it may enrol.
    pub enabled: bool,
    /// Whether the API still returns its text; never true again once false.
    pub exportable: bool,
    /// Count and limit.
    pub usage: Usage,
    /// The group that its machines join.
    pub group: ComponentRef<Group>,
    /// A second id of the group, which some answers have.
    pub app_connector_group_id: Option<GroupId>,
    /// A second name of the group, which old answers carry.
    pub app_connector_group_name: Option<ServerText>,
    /// The certificate that signs its machines.
    pub cert: ComponentRef<Cert>,
    /// The sources from which it may be used; empty means any.
    pub ip_acl: Vec<IpAclEntry>,
    /// An opaque text of the portal's.
    pub ui_config: Option<String>,
    /// The microtenant; none means the default one.
    pub microtenant: Option<ComponentRef<MicrotenantKind>>,
    /// Whether this administrator may not edit it.
    pub read_only: bool,
    /// Whether Zscaler manages it.
    pub zscaler_managed: bool,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub modified_at: Option<Timestamp>,
    /// When it ends; never seen set.
    pub expires_at: Option<Timestamp>,
    /// Who changed it last, an id.
    pub modified_by: Option<ServerText>,
    /// The fingerprint of its text, where the API returned the text.
    pub fingerprint: Option<Fingerprint>,
}

impl ProvisioningKey {
    /// Tells whether both are one key, in whatever state. No source says that ids are unique among types.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.association_type == other.association_type && self.id == other.id
    }

    /// Returns its state in one word.
    #[must_use]
    pub const fn status(&self) -> Status {
        if self.read_only || self.zscaler_managed {
            Status::Managed
        } else if !self.enabled {
            Status::Disabled
        } else if self.usage.remaining() == 0 {
            Status::Exhausted
        } else if self.usage.is_nearly_exhausted() {
            Status::NearlyExhausted
        } else {
            Status::Active
        }
    }

    /// Returns why the key cannot be changed or deleted; `None` if it can.
    #[must_use]
    pub const fn read_only_reason(&self) -> Option<&'static str> {
        match (self.zscaler_managed, self.read_only) {
            (true, _) => Some("managed by Zscaler"),
            (false, true) => Some("read-only"),
            (false, false) => None,
        }
    }

    /// Returns the group's name, escaped, or its id if the API gave no name.
    #[must_use]
    pub fn group_label(&self) -> String {
        self.group.name.as_ref().map_or_else(|| self.group.id.to_string(), ToString::to_string)
    }
}

/// A key that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The name.
    pub name: String,
    /// What it enrols.
    pub association_type: AssociationType,
    /// The group.
    pub group: GroupId,
    /// The certificate.
    pub cert: CertId,
    /// The limit.
    pub max_usage: MaxUsage,
    /// Whether it may enrol at once.
    pub enabled: bool,
    /// Whether its text may be read later.
    pub exportable: bool,
    /// The sources from which it may be used.
    pub ip_acl: Vec<IpAclEntry>,
    /// An opaque text of the portal's.
    pub ui_config: Option<String>,
}

impl NewKey {
    /// Tells whether a key is what this one asked for, as far as the API keeps to it: whether `enabled` and
    /// `exportable` are honoured at creation is not documented, so they do not count.
    #[must_use]
    pub fn describes(&self, key: &ProvisioningKey) -> bool {
        key.name == self.name
            && key.association_type == self.association_type
            && key.group.id == self.group
            && key.cert.id == self.cert
            && key.usage.max == self.max_usage
            && same_acl(&key.ip_acl, &self.ip_acl)
    }
}

/// Says why a text cannot name a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyNameError {
    /// It is empty or blank at an end.
    #[error("must not be empty or start or end with whitespace")]
    Blank,
    /// It has a character that no name should have.
    #[error("{}", not_allowed(*.0))]
    Character(char),
    /// It is too long.
    #[error("must have at most 255 characters")]
    Length,
}

/// What the API or the portal would spoil, in addition to control characters.
const SPOILT: &str = "<>&\"|/";

fn not_allowed(character: char) -> String {
    let others: String =
        SPOILT.chars().filter(|other| *other != character).flat_map(|other| [' ', other]).collect();
    if character.is_control() {
        format!("control characters are not allowed (nor{others})")
    } else {
        format!("\"{character}\" is not allowed (nor{others} or control characters)")
    }
}

impl Classified for KeyNameError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

/// Checks the name of a key that is to be made or renamed.
///
/// # Errors
/// [`KeyNameError`] for a text that the API or the portal would spoil.
///
/// # Source
/// The portal's edit form allows letters, digits, `.`, `-` and `_` only, but the API has accepted a blank
/// (recorded). What it escapes as HTML is refused, and `|`, which separates the parts of a key value.
pub fn check_key_name(name: &str) -> Result<(), KeyNameError> {
    if name.is_empty() || name.trim() != name {
        return Err(KeyNameError::Blank);
    }
    if let Some(wrong) = name.chars().find(|one| one.is_control() || SPOILT.contains(*one)) {
        return Err(KeyNameError::Character(wrong));
    }
    if name.chars().count() > 255 {
        return Err(KeyNameError::Length);
    }
    Ok(())
}

/// Tells whether the portal's edit form accepts a name: letters, digits, `.`, `-` and `_` only.
///
/// # Source
/// The vendor's help page on editing a Private Service Edge provisioning key.
#[must_use]
pub fn is_portal_name(name: &str) -> bool {
    name.chars().all(|character| character.is_ascii_alphanumeric() || ".-_".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_be_spoilt_are_refused() {
        for (name, expected) in [
            ("prod-edge_1.aws", Ok(())),
            ("two words", Ok(())),
            ("", Err(KeyNameError::Blank)),
            (" x", Err(KeyNameError::Blank)),
            ("a|b", Err(KeyNameError::Character('|'))),
            ("a<b", Err(KeyNameError::Character('<'))),
            ("a\nb", Err(KeyNameError::Character('\n'))),
            (&"x".repeat(256), Err(KeyNameError::Length)),
        ] {
            assert_eq!(check_key_name(name), expected, "{name:?}");
        }
        assert!(is_portal_name("prod-edge_1.aws") && !is_portal_name("two words"));
    }
}
