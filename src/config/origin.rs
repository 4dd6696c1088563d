//! A value with the place that it came from.

use std::fmt;
use std::path::PathBuf;

use super::setting::Description;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Option(&'static str),
    Variable(&'static str),
    /// A key of a profile.
    Profile(String),
    /// A file that the vendor's SDKs read.
    VendorFile {
        path: PathBuf,
        /// The profile in it, if it has some.
        profile: Option<String>,
    },
    Default,
}

impl Origin {
    /// True if the value was typed on the command line.
    pub const fn is_option(&self) -> bool {
        matches!(self, Self::Option(_))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) | Self::Variable(name) => formatter.write_str(name),
            Self::Profile(name) => write!(formatter, "profile \"{name}\""),
            Self::VendorFile { path, profile: None } => write!(formatter, "{}", path.display()),
            Self::VendorFile { path, profile: Some(name) } => {
                write!(formatter, "{}, profile \"{name}\"", path.display())
            }
            Self::Default => formatter.write_str("the default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T = String> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Found<T> {
    /// True if the value was typed on the command line.
    pub const fn is_typed(&self) -> bool {
        self.origin.is_option()
    }
}

/// Where a wrong value stands: an origin that has several keys is followed by the key.
#[derive(Debug, Clone)]
pub struct Place {
    pub origin: Origin,
    pub description: &'static Description,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::Option(_) | Origin::Variable(_) => write!(formatter, "{}", self.origin),
            Origin::Profile(_) | Origin::VendorFile { .. } | Origin::Default => {
                let key = self.description.profile_key.unwrap_or(self.description.variable);
                write!(formatter, "{}: {key}", self.origin)
            }
        }
    }
}
