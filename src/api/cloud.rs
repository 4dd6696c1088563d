//! Clouds: which hosts a tenant lives on.

use super::error::ApiError;

/// Where a tenant's API is and where its tokens come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// The part before `/zpa/mgmtconfig` or `/mgmtconfig`.
    pub api: String,
    /// The whole address of the token endpoint or of `/signin`; empty where none is asked.
    pub token: String,
}

/// The legacy API's hosts.
///
/// # Source
/// The vendor's Go SDK (`zpa/v2_config.go`) and Python SDK (`constants.py`).
const LEGACY: [(&str, &str); 9] = [
    ("PRODUCTION", "https://config.private.zscaler.com"),
    ("ZPATWO", "https://config.zpatwo.net"),
    ("BETA", "https://config.zpabeta.net"),
    ("GOV", "https://config.zpagov.net"),
    ("GOVUS", "https://config.zpagov.us"),
    ("PREVIEW", "https://config.zpapreview.net"),
    ("QA", "https://config.qa.zpath.net"),
    ("QA2", "https://pdx2-zpa-config.qa2.zpath.net"),
    ("DEV", "https://public-api.dev.zpath.net"),
];

/// The vendor's own development cloud has its sign-in elsewhere.
const DEV_SIGN_IN: &str = "https://authn1.dev.zpath.net/authn/v1/oauth/token?grant_type=CLIENT_CREDENTIALS";

/// `OneAPI`'s clouds: the name, the domain behind the vanity domain, the API's host.
///
/// # Source
/// The vendor's Go SDK (`oneapiclient.go`) and Python SDK (`constants.py`) form commercial clouds' hosts from
/// their names; the government clouds have hosts of their own. The names are those of the legacy API's clouds.
const ONEAPI: [(&str, &str, &str); 6] = [
    ("production", "zslogin.net", "https://api.zsapi.net"),
    ("beta", "zsloginbeta.net", "https://api.beta.zsapi.net"),
    ("zpatwo", "zsloginzpatwo.net", "https://api.zpatwo.zsapi.net"),
    ("preview", "zsloginpreview.net", "https://api.preview.zsapi.net"),
    ("gov", "zidentitygov.net", "https://api.zscalergov.net"),
    ("govus", "zidentitygov.us", "https://api.zscalergov.us"),
];

/// Finds the legacy API's host.
pub(super) fn legacy(cloud: Option<&str>) -> Result<Hosts, ApiError> {
    let name = cloud.unwrap_or("PRODUCTION");
    let found = LEGACY.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let Some((known, host)) = found else {
        return Err(unknown(name, "the legacy API", LEGACY.iter().map(|(known, _)| *known)));
    };
    let token = if *known == "DEV" { DEV_SIGN_IN.to_owned() } else { format!("{host}/signin") };
    Ok(Hosts { api: (*host).to_owned(), token })
}

/// Finds `OneAPI`'s hosts.
pub(super) fn one_api(cloud: Option<&str>, vanity_domain: &str) -> Result<Hosts, ApiError> {
    let name = cloud.unwrap_or("production");
    let found = ONEAPI.iter().find(|(known, _, _)| known.eq_ignore_ascii_case(name));
    let Some((_, login, api)) = found else {
        return Err(unknown(name, "OneAPI", ONEAPI.iter().map(|(known, _, _)| *known)));
    };
    Ok(Hosts { api: (*api).to_owned(), token: format!("https://{vanity_domain}.{login}/oauth2/v1/token") })
}

/// Lists the clouds of a way to sign in.
#[must_use]
pub fn clouds(legacy: bool) -> Vec<&'static str> {
    if legacy {
        LEGACY.iter().map(|(known, _)| *known).collect()
    } else {
        ONEAPI.iter().map(|(known, _, _)| *known).collect()
    }
}

/// Tells whether a cloud of this name exists; production where none is named.
///
/// # Errors
/// [`ApiError::UnknownCloud`].
pub fn check_cloud(legacy: bool, name: Option<&str>) -> Result<(), ApiError> {
    if legacy { self::legacy(name).map(drop) } else { one_api(name, "").map(drop) }
}

/// Tells whether a host is one that organisations sign in at, whatever its vanity domain.
#[must_use]
pub fn is_sign_in_host(host: &str) -> bool {
    ONEAPI.iter().any(|(_, domain, _)| host.split_once('.').is_some_and(|(_, rest)| rest == *domain))
}

/// Finds the cloud of the host that a key value names; `None` if that host is of none that is known.
///
/// # Source
/// The hosts of the keys that were seen, `api.private.zscaler.com` and `enrollment.zpatwo.net`, share their domains with
/// the legacy API's.
#[must_use]
pub fn cloud_of_host(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let is_below = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let mut fitting = LEGACY
        .iter()
        .filter(|(_, address)| address.split_once('.').is_some_and(|(_, domain)| is_below(domain)));
    fitting.next().map(|(name, _)| name.to_ascii_lowercase())
}

fn unknown<'a>(name: &str, front_door: &'static str, known: impl Iterator<Item = &'a str>) -> ApiError {
    ApiError::UnknownCloud { name: name.to_owned(), front_door, known: known.collect::<Vec<_>>().join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_are_found_in_any_case() {
        assert_eq!(legacy(None).unwrap().token, "https://config.private.zscaler.com/signin");
        assert_eq!(legacy(Some("govus")).unwrap().api, "https://config.zpagov.us");
        let hosts = one_api(Some("GOVUS"), "acme").unwrap();
        assert_eq!(hosts.token, "https://acme.zidentitygov.us/oauth2/v1/token");
        assert_eq!(hosts.api, "https://api.zscalergov.us");
        assert_eq!(
            one_api(Some("beta"), "acme").unwrap().token,
            "https://acme.zsloginbeta.net/oauth2/v1/token"
        );
    }

    #[test]
    fn the_host_of_a_key_tells_its_cloud() {
        let cloud = |host: &str| cloud_of_host(host).unwrap_or_default();
        assert_eq!(cloud("api.private.zscaler.com"), "production");
        assert_eq!(cloud("Enrollment.ZPATWO.net"), "zpatwo");
        assert_eq!(cloud("api.zpagov.us"), "govus");
        assert_eq!(cloud("private.zscaler.com.example.net"), "");
        assert_eq!(cloud("xprivate.zscaler.com"), "");
    }

    #[test]
    fn an_unknown_cloud_is_never_production() {
        let shown = one_api(Some("prod"), "acme").unwrap_err().to_string();
        assert_eq!(
            shown,
            "there is no cloud named \"prod\" for OneAPI; there are: production, beta, zpatwo, preview, gov, govus"
        );
        assert!(legacy(Some("zscaler")).is_err());
    }
}
