//! Addresses that may replace the vendor's.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::kind::{Classified, ErrorKind};

/// An address to which credentials and keys may be sent: https, or http to this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Says why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is not an absolute address.
    #[error("not an address such as https://api.example.net")]
    Syntax,
    /// It would send secrets in the clear, or is no HTTP at all.
    #[error("only https is accepted, and http to 127.0.0.1, [::1] or localhost")]
    Scheme,
    /// It carries a user name, a password, a query or a fragment.
    #[error("an address takes no user name, password, query or fragment")]
    Extra,
}

impl Classified for EndpointError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidConfig
    }
}

impl Endpoint {
    /// Returns the address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Tells whether the address is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text).map_err(|_| EndpointError::Syntax)?;
        match url.scheme() {
            "https" if url.host().is_some() => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(EndpointError::Scheme),
        }
        let extra = !url.username().is_empty() || url.password().is_some();
        if extra || url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::Extra);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_are_accepted() {
        for good in [
            "https://api.example.net",
            "https://api.example.net:8443/base/",
            "http://127.0.0.1:1",
            "http://[::1]:2",
            "http://localhost",
        ] {
            assert!(good.parse::<Endpoint>().is_ok(), "{good}");
        }
        assert_eq!(
            "https://api.example.net/".parse::<Endpoint>().unwrap().as_str(),
            "https://api.example.net"
        );
    }

    #[test]
    fn everything_else_is_refused() {
        for (bad, why) in [
            ("api.example.net", EndpointError::Syntax),
            ("http://api.example.net", EndpointError::Scheme),
            ("http://127.0.0.1.example.net", EndpointError::Scheme),
            ("http://localhost.example.net", EndpointError::Scheme),
            ("ftp://127.0.0.1", EndpointError::Scheme),
            ("file:///etc/passwd", EndpointError::Scheme),
            ("https://user@api.example.net", EndpointError::Extra),
            ("https://api.example.net?x=1", EndpointError::Extra),
        ] {
            assert_eq!(bad.parse::<Endpoint>(), Err(why), "{bad}");
        }
    }
}
