//! The hosts of the Zscaler Private Access API.
//!
//! # Source
//!
//! The tables of clouds in the vendor's Go SDK and Python SDK.

/// Hosts of the legacy API, and the fixed ones of `OneAPI`.
const HOSTS: [&str; 13] = [
    "config.private.zscaler.com",
    "config.zpatwo.net",
    "config.zpabeta.net",
    "config.zpagov.net",
    "config.zpagov.us",
    "config.zpapreview.net",
    "config.qa.zpath.net",
    "pdx2-zpa-config.qa2.zpath.net",
    "public-api.dev.zpath.net",
    "authn1.dev.zpath.net",
    "api.zsapi.net",
    "api.zscalergov.net",
    "api.zscalergov.us",
];

/// Tells whether a name is one of the API's: also `api.<cloud>.zsapi.net`, and the token endpoints
/// `<vanity>.zslogin<cloud>.net` and `<vanity>.zidentitygov.net` or `.us`.
pub(super) fn is_zscaler(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    if HOSTS.contains(&host.as_str()) {
        return true;
    }
    let labels: Vec<&str> = host.split('.').collect();
    if !labels.iter().all(|label| is_label(label)) {
        return false;
    }
    match labels.as_slice() {
        ["api", _, "zsapi", "net"] | [_, "zidentitygov", "net" | "us"] => true,
        [_, domain, "net"] => domain.starts_with("zslogin"),
        _ => false,
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosts_of_the_api_are_known() {
        for host in [
            "config.private.zscaler.com",
            "CONFIG.ZPATWO.NET",
            "api.zsapi.net",
            "api.beta.zsapi.net",
            "acme.zslogin.net",
            "acme.zsloginbeta.net",
            "acme.zidentitygov.us",
        ] {
            assert!(is_zscaler(host), "{host}");
        }
        for host in [
            "example.com",
            "zsapi.net",
            "api.zsapi.net.example.com",
            "a.b.zsapi.net",
            "evil.acme.zslogin.net",
            "acme.zslogin.org",
            "admin.zscaler.com",
            "127.0.0.1",
            "",
        ] {
            assert!(!is_zscaler(host), "{host}");
        }
    }
}
