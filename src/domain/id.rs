//! Identifiers: text of digits, one type for each kind of thing.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::kind::{Classified, ErrorKind};

/// An identifier as the API gives it.
///
/// # Shape
/// One to 32 ASCII digits. It stays text: group and customer ids exceed 2^53.
///
/// # Source
/// Recorded answers: key and certificate ids are short, group and customer ids have 18 digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Id<Kind> {
    text: Box<str>,
    kind: PhantomData<Kind>,
}

/// Marks the id of a provisioning key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {}
/// Marks the id of an App Connector Group, a Service Edge Group, or another component of an association type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {}
/// Marks the id of an enrollment certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cert {}
/// Marks the id of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Customer {}
/// Marks the id of a microtenant; `0` is the default one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MicrotenantKind {}

/// The id of a provisioning key.
pub type KeyId = Id<Key>;
/// The id of a group (`zcomponentId` on the wire).
pub type GroupId = Id<Group>;
/// The id of an enrollment certificate.
pub type CertId = Id<Cert>;
/// The id of a customer: the tenant in every path of the API.
pub type CustomerId = Id<Customer>;
/// The id of a microtenant.
pub type MicrotenantId = Id<MicrotenantKind>;

/// Says that a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 32 digits")]
pub struct IdError;

impl Classified for IdError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl<Kind> Id<Kind> {
    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the digits as a number, for ordering; `u128::MAX` where they do not fit.
    #[must_use]
    pub fn order(&self) -> u128 {
        self.text.parse().unwrap_or(u128::MAX)
    }
}

impl<Kind> FromStr for Id<Kind> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { Ok(Self { text: text.into(), kind: PhantomData }) } else { Err(IdError) }
    }
}

impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Id({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_an_id_and_nothing_else_is() {
        assert_eq!("72058304855047746".parse::<GroupId>().unwrap().as_str(), "72058304855047746");
        for bad in ["", "12a", "-1", "1 2", "../1", "١٢", &"9".repeat(33)] {
            assert_eq!(bad.parse::<KeyId>(), Err(IdError), "{bad:?}");
        }
    }

    #[test]
    fn order_is_numeric() {
        assert!("9".parse::<KeyId>().unwrap().order() < "10".parse::<KeyId>().unwrap().order());
    }
}
