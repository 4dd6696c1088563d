//! What is said about a failed call of the API, and about what keeps one from being made.

use super::{Diagnosis, ErrorContext};
use crate::api::{
    ApiError, Meaning, NetworkError, NetworkErrorKind, PrivateKeyError, Refusal, SignInError, SignInErrorKind,
};
use crate::domain::quoted;
use crate::error::ErrorKind;
use crate::kind::Classified;

/// Tells whether a request reached the API, for all that is known.
pub(super) fn was_sent(error: &ApiError) -> bool {
    if let ApiError::WaitedTooLong { last, .. } = error {
        return was_sent(last);
    }
    !matches!(error, ApiError::SignIn(_) | ApiError::NotSent(_))
}

pub(super) fn api(error: &ApiError, context: &ErrorContext) -> Diagnosis {
    let say = || Diagnosis::new(error.kind(), error.to_string());
    match error {
        ApiError::Refused(refusal) => refused(refusal, context),
        ApiError::Unreadable { status, request_id, .. } => {
            Diagnosis { http_status: Some(*status), request_id: request_id.clone().map(String::from), ..say() }
        }
        ApiError::NotSent(cause) | ApiError::Lost(cause) => network(cause),
        ApiError::OutcomeUnknown { cause, .. } => {
            say().detail(cause).hint("look before sending it again")
        }
        ApiError::LookFirst { last } => api(last, context),
        ApiError::StillThere { .. } => say().hint("what answered may not be the API: a proxy, or a list that lags"),
        ApiError::WaitedTooLong { last, max_wait } => {
            let mut diagnosis = api(last, context);
            let limit = format!("{} s (--max-wait)", max_wait.as_secs_f32());
            if diagnosis.kind == ErrorKind::RateLimited && was_sent(last) {
                diagnosis.message = match diagnosis.retry_after_seconds {
                    Some(told) => {
                        format!("rate limited (429), and waiting {told} s as told would pass {limit}")
                    }
                    None => format!("still rate limited after {limit}"),
                };
                return diagnosis;
            }
            let wait = diagnosis.retry_after_seconds;
            let wait =
                wait.map_or_else(|| "another try".to_owned(), |told| format!("waiting {told} s as told"));
            diagnosis.detail(format!("gave up: {wait} would pass {limit}"))
        }
        ApiError::Deadline { .. } => Diagnosis { retryable: true, ..say() }
            .hint("--deadline sets the limit of the whole command"),
        ApiError::SignIn(error) => sign_in(error, context),
        ApiError::UnknownCloud { .. } => say()
            .hint("where it is a cloud that zpakey does not know, name none, and set ZPAKEY_API_URL and ZPAKEY_TOKEN_URL"),
        ApiError::PrivateKey { why, .. } => private_key(*why, say()),
        ApiError::CaFile { path, container: Some(container), .. } => {
            let command = container.command(&quoted(path));
            say().hint(format!("{command}   writes it as PEM into ca.pem"))
        }
        ApiError::Interrupted { .. }
        | ApiError::CaFile { container: None, .. }
        | ApiError::Setup(_)
        | ApiError::Managed { .. }
        | ApiError::CannotApply(_) => say(),
    }
}

fn refused(refusal: &Refusal, context: &ErrorContext) -> Diagnosis {
    let about = || Diagnosis {
        http_status: Some(refusal.status),
        api_id: refusal.id().map(str::to_owned),
        request_id: refusal.request_id.clone().map(String::from),
        retry_after_seconds: refusal.retry_after,
        ..Diagnosis::new(refusal.kind(), refusal.to_string())
    };
    match refusal.meaning() {
        Meaning::Unauthorized => {
            let diagnosis = about().detail(format!("in {}", context.tenant));
            match &context.given_token {
                Some(origin) => diagnosis.hint(format!("the token of {origin} may have expired; a token that is passed in is not refreshed")),
                None => diagnosis.hint("the token was just issued: the API client may belong to another cloud (--cloud) or customer (--customer-id)"),
            }
        }
        Meaning::OnlyOneApi => Diagnosis { message: ONLY_ONE_API.to_owned(), ..about() }
            .detail(format!("in {}", context.tenant))
            .hint(USE_ONE_API),
        Meaning::Forbidden => about().detail(format!("in {}", context.tenant)).hint("the API client's role, or the tenant's licence, does not allow this"),
        Meaning::RateLimited => Diagnosis { retryable: true, ..about() }.detail(
            "the API allows 20 reads and 10 writes per 10 s for each organisation and source address; another job may share this address",
        ),
        Meaning::Unavailable => Diagnosis { retryable: true, ..about() },
        Meaning::Redirected => about().hint(BETWEEN),
        Meaning::NotFound | Meaning::Unreadable | Meaning::Other => about(),
    }
}

/// What the legacy API says of a tenant that was moved, and what to do then.
const ONLY_ONE_API: &str = "this tenant signs in through OneAPI only";
const USE_ONE_API: &str = "use an API client of OneAPI: --auth oneapi, with a vanity domain";

/// What a redirect to another host means.
const BETWEEN: &str = "a proxy or a page to log in at stands in between: sign in there in a browser, or name the proxy: --proxy URL (or HTTPS_PROXY)";

fn network(error: &NetworkError) -> Diagnosis {
    let hint = match error.kind {
        NetworkErrorKind::Proxy => Some(
            "user name and password stand in its address, percent-encoded: ZPAKEY_PROXY=http://USER:PASSWORD@HOST:PORT",
        ),
        NetworkErrorKind::Timeout => Some("--timeout sets the limit of one request"),
        NetworkErrorKind::Tls
            if ["corrupt message", "handshake eof"].iter().any(|words| error.why.contains(words)) =>
        {
            Some("what answers there speaks no TLS: a proxy, or another service on that port")
        }
        NetworkErrorKind::Untrusted if error.why.contains("issuer") => {
            Some("add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)")
        }
        NetworkErrorKind::Network
            if error.why.contains("lookup") && crate::api::is_sign_in_host(&error.host) =>
        {
            Some("the vanity domain may be wrong: --vanity-domain, the \"acme\" in acme.zslogin.net")
        }
        NetworkErrorKind::Network | NetworkErrorKind::Tls | NetworkErrorKind::Untrusted => None,
    };
    let diagnosis = Diagnosis {
        retryable: matches!(error.kind, NetworkErrorKind::Network | NetworkErrorKind::Timeout),
        details: error.details.clone(),
        ..Diagnosis::new(Classified::kind(error), error.to_string())
    };
    hint.map_or(diagnosis.clone(), |hint| diagnosis.hint(hint))
}

fn sign_in(error: &SignInError, context: &ErrorContext) -> Diagnosis {
    let mut diagnosis = Diagnosis {
        http_status: Some(error.status),
        api_id: error.id.as_ref().map(|id| id.raw().to_owned()),
        request_id: error.request_id.clone().map(String::from),
        retry_after_seconds: error.retry_after,
        retryable: error.kind == SignInErrorKind::Unavailable,
        ..Diagnosis::new(Classified::kind(error), error.to_string())
    }
    .detail(format!("credential: {}", context.profile))
    .detail(format!("client id {}", masked(&error.client_id)))
    .detail(format!("token endpoint {}", error.endpoint));
    if let Some(reason) = error.reason.as_ref().filter(|_| error.kind != SignInErrorKind::OnlyOneApi) {
        diagnosis = diagnosis.detail(reason.to_string());
    }
    if let Some(seconds) = error.clock_off_by {
        diagnosis = diagnosis
            .hint(format!("this machine's clock is {seconds} s off the server's; set it right first"));
    }
    if let (SignInErrorKind::Rejected, Some(look)) = (error.kind, error.look) {
        diagnosis = diagnosis.hint(format!("look at the client secret: it {}", look.words()));
    }
    match error.kind {
        SignInErrorKind::Rejected => diagnosis
            .hint("the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)"),
        SignInErrorKind::OnlyOneApi => diagnosis.hint(USE_ONE_API),
        SignInErrorKind::Elsewhere if error.redirect_host.is_some() => diagnosis.hint(BETWEEN),
        SignInErrorKind::Elsewhere => diagnosis.hint("the vanity domain, the cloud (--cloud) or ZPAKEY_TOKEN_URL may be wrong"),
        SignInErrorKind::Unreadable | SignInErrorKind::Unavailable => diagnosis,
    }
}

/// Shows an id's ends only: enough to tell two apart.
fn masked(id: &str) -> String {
    let characters: Vec<char> = id.chars().collect();
    match characters.as_slice() {
        [first @ .., _, _] if first.len() > 6 => {
            let head: String = characters.iter().take(4).collect();
            let tail: String = characters.iter().skip(characters.len() - 2).collect();
            format!("{head}…{tail}")
        }
        _ => id.to_owned(),
    }
}

fn private_key(error: PrivateKeyError, diagnosis: Diagnosis) -> Diagnosis {
    match error {
        PrivateKeyError::Encrypted => {
            diagnosis.hint("(umask 077; openssl pkey -in key.pem -out plain.pem)   removes the passphrase")
        }
        // Neither openssl nor a copy by other means: ssh-keygen alone reads the format, and it converts in place.
        PrivateKeyError::OpenSsh => diagnosis.hint(
            "cp key.pem plain.pem && ssh-keygen -p -N '' -m PKCS8 -f plain.pem   converts a copy and removes its passphrase",
        ),
        PrivateKeyError::Pkcs12 => diagnosis
            .hint("(umask 077; openssl pkcs12 -in key.p12 -nocerts -nodes -out plain.pem)   takes the private key out"),
        PrivateKeyError::Jwk => diagnosis.hint(
            "python3 -c 'import sys; from jwcrypto.jwk import JWK; \
             sys.stdout.buffer.write(JWK.from_json(sys.stdin.read()).export_to_pem(True, None))' < key.jwk > key.pem",
        ),
        PrivateKeyError::Public => {
            diagnosis.hint("ZIdentity has the public half; the private one stayed where the pair was made")
        }
        PrivateKeyError::NotRsa | PrivateKeyError::TooShort => diagnosis.hint(
            "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem   makes one; register its public half in ZIdentity",
        ),
        PrivateKeyError::Unreadable => {
            diagnosis.hint("its first line is BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY between dashes, its last one END")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown_host(host: &str) -> Vec<String> {
        let why = "failed to lookup address information: Name or service not known".to_owned();
        let kind = NetworkErrorKind::Network;
        network(&NetworkError { host: host.to_owned(), kind, why, details: Vec::new() }).hints
    }

    #[test]
    fn a_sign_in_host_that_does_not_exist_names_the_vanity_domain() {
        for host in ["acmee.zslogin.net", "acmee.zsloginbeta.net", "acmee.zidentitygov.us"] {
            let hints = unknown_host(host);
            assert!(hints.iter().any(|hint| hint.contains("--vanity-domain")), "{host}: {hints:?}");
        }
        assert!(unknown_host("api.zsapi.net").is_empty() && unknown_host("zslogin.net").is_empty());
    }
}
