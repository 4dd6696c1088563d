//! The sources from which a key may be used.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use super::escape;
use crate::kind::{Classified, ErrorKind};

/// One source address or prefix from which a key may be used.
///
/// # Shape
/// What the API holds is kept to the letter; what a user gives must parse as an address or a prefix. What the
/// API accepts beyond that is not documented.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IpAclEntry(Box<str>);

/// Says why a text is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IpAclError {
    /// It is neither an address nor a prefix.
    #[error("not an IP address or a prefix such as 192.0.2.0/24")]
    Syntax,
    /// The prefix is longer than an address of its family.
    #[error("the prefix length is wrong: at most {0} is possible")]
    Length(u8),
    /// The prefix has bits set behind its length.
    #[error("has host bits set; the network is {0}")]
    HostBits(IpNet),
}

impl Classified for IpAclError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Usage
    }
}

impl IpAclEntry {
    /// Takes an entry from the API as it is.
    #[must_use]
    pub fn from_api(text: String) -> Self {
        Self(text.into())
    }

    /// Returns the entry's text, to compare it, to send it, and as data. Its `Display` escapes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether both mean the same network, however they are written.
    #[must_use]
    pub fn same_network(&self, other: &Self) -> bool {
        self.0 == other.0 || self.network().is_some_and(|network| other.network() == Some(network))
    }

    /// True if each source of the other is one of this, as far as both are understood.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let within = |(wide, narrow): (IpNet, IpNet)| wide.contains(&narrow);
        self.same_network(other) || self.network().zip(other.network()).is_some_and(within)
    }

    /// True if the address is one of its; `None` if the entry is not understood.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> Option<bool> {
        self.network().map(|network| network.contains(&address))
    }

    /// True if it allows every address of a family.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.network().is_some_and(|network| network.prefix_len() == 0)
    }

    /// True if the internet routes none of its addresses: private, shared, link-local and loopback ranges.
    #[must_use]
    pub fn is_private(&self) -> bool {
        const PRIVATE: [&str; 8] = [
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "127.0.0.0/8",
            "fc00::/7",
            "fe80::/10",
        ];
        let private = PRIVATE.iter().filter_map(|range| range.parse::<IpNet>().ok());
        self.network().is_some_and(|network| private.into_iter().any(|range| range.contains(&network)))
    }

    fn network(&self) -> Option<IpNet> {
        self.0.parse().ok().or_else(|| self.0.parse::<IpAddr>().ok().map(IpNet::from))
    }
}

/// Tells whether two IP ACLs allow the same sources, in whatever order and spelling.
#[must_use]
pub fn same_acl(left: &[IpAclEntry], right: &[IpAclEntry]) -> bool {
    let within = |some: &[IpAclEntry], all: &[IpAclEntry]| {
        some.iter().all(|entry| all.iter().any(|other| other.same_network(entry)))
    };
    within(left, right) && within(right, left)
}

impl FromStr for IpAclEntry {
    type Err = IpAclError;

    fn from_str(text: &str) -> Result<Self, IpAclError> {
        if text.parse::<IpAddr>().is_ok() {
            return Ok(Self(text.into()));
        }
        let (address, length) = text.split_once('/').ok_or(IpAclError::Syntax)?;
        let address: IpAddr = address.parse().map_err(|_| IpAclError::Syntax)?;
        if let Ok(network) = text.parse::<IpNet>() {
            return if network.addr() == network.network() {
                Ok(Self(text.into()))
            } else {
                Err(IpAclError::HostBits(network.trunc()))
            };
        }
        if !length.is_empty() && length.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(IpAclError::Length(IpNet::from(address).max_prefix_len()));
        }
        // A netmask, as routers are configured with: 192.0.2.0/255.255.255.0.
        let mask: IpAddr = length.parse().map_err(|_| IpAclError::Syntax)?;
        let network = IpNet::with_netmask(address, mask).map_err(|_| IpAclError::Syntax)?;
        if network.addr() != network.network() {
            return Err(IpAclError::HostBits(network.trunc()));
        }
        Ok(Self(network.to_string().into()))
    }
}

impl fmt::Display for IpAclEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&escape(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_prefixes_parse_and_host_bits_are_named() {
        for good in ["192.0.2.7", "192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0"] {
            assert!(good.parse::<IpAclEntry>().is_ok(), "{good}");
        }
        assert_eq!(
            "192.0.2.7/24".parse::<IpAclEntry>(),
            Err(IpAclError::HostBits("192.0.2.0/24".parse().unwrap()))
        );
        for (text, most) in [("192.0.2.0/33", 32), ("192.0.2.0/333", 32), ("2001:db8::/129", 128)] {
            assert_eq!(text.parse::<IpAclEntry>(), Err(IpAclError::Length(most)), "{text}");
        }
        let masked: IpAclEntry = "192.0.2.0/255.255.255.0".parse().unwrap();
        assert_eq!(masked.as_str(), "192.0.2.0/24");
        assert_eq!(
            "192.0.2.7/255.255.255.0".parse::<IpAclEntry>(),
            Err(IpAclError::HostBits("192.0.2.0/24".parse().unwrap()))
        );
        for bad in ["", "/", "192.0.2", "example.com", "192.0.2.0/255.0.255.0", "192.0.2.0/24,10.0.0.0/8"] {
            assert_eq!(bad.parse::<IpAclEntry>(), Err(IpAclError::Syntax), "{bad}");
        }
    }

    #[test]
    fn what_the_api_holds_is_escaped_where_it_is_displayed() {
        let entry = IpAclEntry::from_api("10.0.0.0/8\n::error::x".to_owned());
        assert_eq!(
            (entry.to_string().as_str(), entry.as_str()),
            (r"10.0.0.0/8\n::error::x", "10.0.0.0/8\n::error::x")
        );
    }

    #[test]
    fn an_address_is_its_own_network() {
        let written = |text: &str| IpAclEntry::from_api(text.to_owned());
        assert!(written("192.0.2.7").same_network(&written("192.0.2.7/32")));
        assert!(!written("192.0.2.7").same_network(&written("192.0.2.8")));
    }
}
