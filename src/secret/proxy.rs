//! The address of a proxy: what of it may be shown, and what not.

use std::fmt;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::encodings::percent_decoded;
use super::known::Class;
use super::redactor::learn;
use super::{conceal, expose};

use crate::kind::{Classified, ErrorKind};

/// The address of a proxy, which may carry a user name and a password.
#[derive(Clone)]
pub struct ProxyAddress {
    whole: SecretString,
    shown: String,
    host: String,
}

/// Says why an address of a proxy is refused. It does not quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyAddressError {
    /// It is not an address, or of a scheme that is not supported.
    #[error("not the address of a proxy, such as http://proxy.example.net:8080, and not none")]
    Address,
    /// Its user name or password has a character that ends the host's part of an address.
    #[error("the user name or password of the proxy has a #, / or ? that is not percent-encoded")]
    Unencoded,
}

impl Classified for ProxyAddressError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidConfig
    }
}

impl ProxyAddress {
    /// Makes the address from its parts, as the vendor's SDKs take them. They are not percent-encoded.
    ///
    /// # Errors
    /// [`ProxyAddressError::Address`].
    pub fn of_parts(
        host: &str,
        port: Option<&str>,
        user: Option<&str>,
        password: Option<&str>,
    ) -> Result<Self, ProxyAddressError> {
        // Known before anything can quote it.
        let mut address: Self = host.parse()?;
        if let Some(password) = password {
            learn(&SecretString::from(password), Class::Credential);
        }
        let wrong = ProxyAddressError::Address;
        let mut url = url::Url::parse(expose(&address.whole)).map_err(|_| wrong)?;
        if let Some(port) = port {
            url.set_port(Some(port.parse().map_err(|_| wrong)?)).map_err(|()| wrong)?;
        }
        if let Some(user) = user {
            // A percent sign that begins no escape is left as it is by the parser.
            let literal = |text: &str| Zeroizing::new(text.replace('%', "%25"));
            url.set_username(&literal(user)).map_err(|()| wrong)?;
            url.set_password(password.map(literal).as_ref().map(|text| text.as_str())).map_err(|()| wrong)?;
        }
        address.shown = format!(
            "{}://{}:{}",
            url.scheme(),
            address.host,
            url.port_or_known_default().unwrap_or_default()
        );
        address.whole = SecretString::from(String::from(url));
        Ok(address)
    }

    /// Returns the scheme, the host and the port: what may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the host's name or address.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Tells whether the address carries a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        url::Url::parse(expose(&self.whole)).is_ok_and(|url| url.password().is_some())
    }

    /// Hands the whole address to the connector that speaks to the proxy.
    ///
    /// # Secrets
    /// The user name and the password go into the header that the proxy asks for.
    #[must_use]
    pub fn whole(&self) -> Zeroizing<String> {
        Zeroizing::new(expose(&self.whole).to_owned())
    }

    /// Replaces the password in a message that quotes the address.
    #[must_use]
    pub fn conceal(&self, text: &str) -> String {
        let parsed = url::Url::parse(expose(&self.whole)).ok();
        let password = parsed.as_ref().and_then(url::Url::password).unwrap_or_default();
        conceal(&SecretString::from(password), text)
    }
}

impl std::str::FromStr for ProxyAddress {
    type Err = ProxyAddressError;

    fn from_str(text: &str) -> Result<Self, ProxyAddressError> {
        // `proxy.example.net:8080`, as many programs take it, would parse as a scheme and a path.
        let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        if has_unencoded_password(&whole) {
            return Err(ProxyAddressError::Unencoded);
        }
        let url = url::Url::parse(&whole).map_err(|_| ProxyAddressError::Address)?;
        let host =
            url.host_str().filter(|host| !host.is_empty()).ok_or(ProxyAddressError::Address)?.to_owned();
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !is_bare {
            return Err(ProxyAddressError::Address);
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let shown = format!("{}://{host}:{port}", url.scheme());
        if let Some(password) = url.password().and_then(percent_decoded) {
            learn(&SecretString::from(password.as_str()), Class::Credential);
        }
        Ok(Self { whole: SecretString::from(whole), shown, host })
    }
}

/// True if an `@` follows the first `#`, `/` or `?`: the password then ends in the middle.
fn has_unencoded_password(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let mut parts = rest.splitn(2, ['#', '/', '?']);
    let authority = parts.next().unwrap_or_default();
    !authority.contains('@') && parts.next().is_some_and(|tail| tail.contains('@'))
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ProxyAddress({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_password_is_never_shown() {
        let proxy: ProxyAddress = "me:p%40ss@proxy.example.net:8080".parse().unwrap();
        assert_eq!((proxy.shown(), proxy.host()), ("http://proxy.example.net:8080", "proxy.example.net"));
        assert_eq!(*proxy.whole(), "http://me:p%40ss@proxy.example.net:8080");
        let proxy = |host, port| ProxyAddress::of_parts(host, port, Some("me@acme"), Some("p@ss/w0rd#%41"));
        let [named, bare] = [proxy("https://proxy.example.net", Some("8443")), proxy("10.0.0.1:3128", None)]
            .map(|proxy| proxy.unwrap());
        assert_eq!(named.shown(), "https://proxy.example.net:8443");
        assert_eq!(*named.whole(), "https://me%40acme:p%40ss%2Fw0rd%23%2541@proxy.example.net:8443/");
        assert_eq!((bare.shown(), bare.host()), ("http://10.0.0.1:3128", "10.0.0.1"));
        for (host, port) in
            [("", None), ("proxy", Some("many")), ("proxy", Some("70000")), ("proxy/path", None)]
        {
            assert_eq!(proxy(host, port).unwrap_err(), ProxyAddressError::Address, "{host}");
        }
        for bad in ["", "ftp://proxy", "http://", "http://proxy/path", "http://proxy?x"] {
            assert_eq!(bad.parse::<ProxyAddress>().unwrap_err(), ProxyAddressError::Address, "{bad}");
        }
    }
}
