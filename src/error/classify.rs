//! The classifier. No wildcards: a new error does not compile until it has its place.

use super::{Diagnosis, Kind};
use crate::api::{
    ApiError, Meaning, NetworkError, NetworkErrorKind, PrivateKeyError, Refusal, SignInError, SignInErrorKind,
};
use crate::commands::{CommandError, CreationRefused, Trouble};
use crate::config::{ConfigError, Origin, SecretError};
use crate::context::NoMicrotenant;
use crate::domain::ProvisioningKey;
use crate::host::End;
use crate::output::OutputError;

/// Where the command ran, for what is said about it.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// The profile, as messages name it.
    pub profile: String,
    /// The tenant, as messages name it.
    pub tenant: String,
    /// The profile file, as messages name it.
    pub config_file: String,
    /// What gave a token in place of a credential, where something did.
    pub given_token: Option<String>,
    /// What commands that are hinted at begin with: `zpakey`, `zpakey --sandbox`, `zpakey --profile prod`.
    pub program: String,
}

/// Says what went wrong.
#[must_use]
pub fn diagnose(error: &anyhow::Error, situation: &Situation) -> Diagnosis {
    if let Some(CommandError::Unusable) = error.downcast_ref::<CommandError>()
        && let Some(why) = error.source()
    {
        return unusable(why, situation);
    }
    if let Some(refused) = error.downcast_ref::<CommandError>() {
        let said = refused.to_string();
        let below = error.chain().map(ToString::to_string).skip_while(|text| *text != said).skip(1);
        return command(refused, &below.collect::<Vec<_>>(), &situation.program);
    }
    if let Some(refused) = error.downcast_ref::<CreationRefused>() {
        let api = error.downcast_ref::<ApiError>().map(|error| api(error, situation));
        return creation(*refused, api, &situation.program);
    }
    if let Some(failed) = error.downcast_ref::<ApiError>() {
        let mut diagnosis = api(failed, situation);
        // What we were doing, where somebody said so, and something was sent.
        let outermost = error.to_string();
        if outermost != failed.to_string() && was_sent(failed) {
            diagnosis.message = format!("{outermost}: {}", diagnosis.message);
        }
        return diagnosis;
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return config(error, situation);
    }
    if let Some(error) = error.downcast_ref::<OutputError>() {
        return output(error, situation);
    }
    if let Some(error) = error.downcast_ref::<NoMicrotenant>() {
        let known = error.known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let known = format!("there are: {known}");
        return Diagnosis::new(Kind::NotFound, error.to_string()).detail(known);
    }
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    Diagnosis::new(Kind::Internal, causes.join(": "))
}

/// Returns the code of an error that was met on the way, as `error.code` would have it.
#[must_use]
pub fn code(error: &(dyn std::error::Error + 'static)) -> &'static str {
    let nowhere = Situation::default();
    let kind = if let Some(failed) = error.downcast_ref::<ApiError>() {
        api(failed, &nowhere).kind
    } else if let Some(failed) = error.downcast_ref::<OutputError>() {
        output(failed, &nowhere).kind
    } else if let Some(failed) = error.downcast_ref::<CommandError>() {
        command(failed, &[], &nowhere.program).kind
    } else if error.is::<crate::host::PrivateFileError>() {
        Kind::Usage
    } else if error.is::<std::io::Error>() {
        // A command of the user's own that failed: the rotation around it is not finished.
        Kind::RotationIncomplete
    } else {
        Kind::Internal
    };
    kind.code()
}

/// Tells whether a request reached the API, for all that is known.
fn was_sent(error: &ApiError) -> bool {
    if let ApiError::WaitedTooLong { last, .. } = error {
        return was_sent(last);
    }
    !matches!(error, ApiError::SignIn(_) | ApiError::NotSent(_))
}

/// Says why there is not all that is needed to sign in: whatever it is, the credential is what is missing.
fn unusable(why: &(dyn std::error::Error + 'static), situation: &Situation) -> Diagnosis {
    let diagnosis = match (why.downcast_ref::<ConfigError>(), why.downcast_ref::<ApiError>()) {
        (Some(error), _) => config(error, situation),
        (None, Some(error)) => api(error, situation),
        (None, None) => Diagnosis::new(Kind::MissingCredentials, why.to_string()),
    };
    Diagnosis { kind: Kind::MissingCredentials, ..diagnosis }
}

fn command(error: &CommandError, causes: &[String], program: &str) -> Diagnosis {
    let say = |kind: Kind| Diagnosis { details: causes.to_vec(), ..Diagnosis::new(kind, error.to_string()) };
    match error {
        CommandError::Usage { hints, .. } => say(Kind::Usage).hints(hints),
        CommandError::Missing { details, hints, .. } => {
            Diagnosis { details: details.clone(), ..say(Kind::Usage) }.hints(hints)
        }
        CommandError::KeyNotFound { searched, near, .. } => {
            let mut diagnosis = say(Kind::NotFound).detail(searched);
            if let [(name, id), ..] = near.as_slice() {
                diagnosis = diagnosis.hint(format!("did you mean {name} ({id})?"));
            }
            if near.is_empty() {
                diagnosis = diagnosis.hint(format!("{program} list --all-types shows what there is"));
            }
            diagnosis.suggestions = near.iter().map(|(name, _)| name.raw().to_owned()).collect();
            diagnosis
        }
        CommandError::BetweenNames { old, new, hint, .. } => {
            let stands = |key: &ProvisioningKey| format!("{} is \"{}\"", key.id, key.name);
            let details = [Some(old), new.as_ref()].into_iter().flatten().map(|key| stands(key)).collect();
            Diagnosis { details, retryable: true, ..say(Kind::RotationIncomplete) }.hint(hint)
        }
        CommandError::Rotation { trouble, details, hints, .. } => {
            let kind = trouble_kind(*trouble);
            let retryable = matches!(
                kind,
                Kind::RotationIncomplete | Kind::OutcomeUnknown | Kind::Interrupted | Kind::Terminated
            );
            Diagnosis { details: details.clone(), retryable, ..say(kind) }.hints(hints)
        }
        CommandError::NotFound { candidates, hints, .. } => {
            let mut diagnosis = say(Kind::NotFound);
            if !candidates.is_empty() {
                let shown: Vec<_> = candidates.iter().map(|name| format!("\"{name}\"")).collect();
                diagnosis = diagnosis.detail(format!("there are: {}", shown.join(", ")));
            }
            diagnosis.suggestions.clone_from(candidates);
            diagnosis.hints(hints)
        }
        CommandError::Entries { details, first, .. } => {
            let first = command(first, &[], program);
            Diagnosis {
                details: details.clone(),
                hints: first.hints,
                suggestions: first.suggestions,
                ..say(first.kind)
            }
        }
        CommandError::Ambiguous { rows, hint, .. } => {
            Diagnosis { details: rows.clone(), ..say(Kind::Ambiguous) }.hint(hint)
        }
        CommandError::AmbiguousReference { .. } => say(Kind::Ambiguous).hint("name it by its id: id:…"),
        CommandError::Exists { hint, .. } => say(Kind::Conflict).hint(*hint),
        CommandError::OtherGroup { .. } => say(Kind::Conflict).hint("choose another name for the new key"),
        CommandError::ConfirmationRequired { hints, .. } => say(Kind::ConfirmationRequired).hints(hints),
        CommandError::Declined => say(Kind::Declined),
        CommandError::Referenced { details, hints, .. } => {
            Diagnosis { details: details.clone(), ..say(Kind::Conflict) }.hints(hints)
        }
        CommandError::Sealed { hint, .. } => say(Kind::NotExportable).hint(hint),
        CommandError::NotApplied { .. } => say(Kind::Partial)
            .detail("what the API does with such a request is not documented; the key was read back"),
        CommandError::Unfinished { hint, .. } => say(Kind::Partial).hint(hint),
        CommandError::Unsettled { cause, hint, .. } => {
            Diagnosis { details: vec![cause.clone()], ..say(Kind::OutcomeUnknown) }.hint(hint)
        }
        CommandError::NoGroups { hint, .. } => say(Kind::NotFound).hint(hint),
        CommandError::Destination(file) => destination(file, say(Kind::Usage)),
        CommandError::Unusable => say(Kind::MissingCredentials),
        CommandError::NotKept { .. } => say(Kind::InvalidConfig)
            .hint("--keep file keeps it in a file that only you can read, --keep nowhere does not keep it"),
        CommandError::Input { .. } | CommandError::NotHandedOver { .. } => say(Kind::Usage),
        CommandError::Child { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            say(Kind::CommandNotFound)
        }
        CommandError::Child { .. } => say(Kind::CommandNotExecutable),
        CommandError::NoKeyText { .. } => say(Kind::NotFound)
            .detail("a key's text is a digit, a host and letters with a bar between them, alone on one line"),
        CommandError::Unidentified { details, hints, .. } => {
            Diagnosis { details: details.clone(), ..say(Kind::NotFound) }.hints(hints)
        }
        CommandError::Sandbox(_) | CommandError::NotForgotten { .. } => say(Kind::InvalidConfig),
        CommandError::ClockOff { .. } => say(Kind::InvalidConfig)
            .detail("a certificate or the assertion of a private key looks expired, or not valid yet")
            .hint("timedatectl set-ntp true   lets the network set it"),
        CommandError::WaitTimedOut { hint, .. } => {
            Diagnosis { retryable: true, ..say(Kind::WaitTimeout) }.hint(hint)
        }
        CommandError::Unresolved { .. } => Diagnosis { retryable: true, ..say(Kind::Network) }
            .hint("where only a proxy leads out of this network: --proxy URL, or HTTPS_PROXY"),
        CommandError::EnrolmentRefused { .. } => {
            say(Kind::Conflict).detail("a real machine is told no more than: Certificate enrollment failed")
        }
    }
}

const fn trouble_kind(trouble: Trouble) -> Kind {
    match trouble {
        Trouble::Incomplete => Kind::RotationIncomplete,
        Trouble::Ineffective => Kind::RetireIneffective,
        Trouble::WaitTimedOut => Kind::WaitTimeout,
        Trouble::Unknown => Kind::OutcomeUnknown,
        Trouble::Conflict => Kind::Conflict,
        Trouble::NotFound => Kind::NotFound,
        Trouble::Ambiguous => Kind::Ambiguous,
        Trouble::Managed => Kind::Managed,
        Trouble::Sealed => Kind::NotExportable,
        Trouble::Api => Kind::ApiError,
        Trouble::Interrupted(End::Interrupt) => Kind::Interrupted,
        Trouble::Interrupted(End::Terminate) => Kind::Terminated,
        Trouble::Internal => Kind::Internal,
    }
}

fn destination(error: &crate::host::PrivateFileError, diagnosis: Diagnosis) -> Diagnosis {
    use crate::host::PrivateFileError as File;
    match error {
        File::Exists(_) => diagnosis.hint("--force replaces it"),
        File::SymbolicLink(_) => diagnosis.hint("name the file that it points to"),
        File::OpenDirectory(path) => {
            let path = crate::context::quoted(&path.display().to_string());
            diagnosis.hint(format!("chmod o-w {path}, or choose a directory of your own"))
        }
        File::NotAFile(_) | File::Io { .. } => diagnosis,
    }
}

fn creation(refused: CreationRefused, api: Option<Diagnosis>, program: &str) -> Diagnosis {
    let mut diagnosis = api.unwrap_or_else(|| Diagnosis::new(Kind::ApiError, refused.to_string()));
    match refused {
        CreationRefused::Full { .. } => {
            diagnosis.details.push(refused.to_string());
            diagnosis.hints = vec![format!("{program} list --unused shows keys that nothing enrolled with")];
        }
        CreationRefused::Unexplained => diagnosis.details.push(
            "if this tenant was moved to enrolment by OAuth2 user codes, it takes no provisioning keys any more: \
             its connectors enrol with a code that they show"
                .to_owned(),
        ),
    }
    diagnosis
}

fn api(error: &ApiError, situation: &Situation) -> Diagnosis {
    let say = |kind: Kind| Diagnosis::new(kind, error.to_string());
    match error {
        ApiError::Refused(refusal) => refused(refusal, situation),
        ApiError::Unreadable { status, request_id, .. } => {
            Diagnosis { http_status: Some(*status), request_id: request_id.clone(), ..say(Kind::BadResponse) }
        }
        ApiError::NotSent(cause) | ApiError::Lost(cause) => network(cause),
        ApiError::OutcomeUnknown { cause, .. } => {
            say(Kind::OutcomeUnknown).detail(cause).hint("look before sending it again")
        }
        ApiError::WaitedTooLong { last, max_wait } => {
            let mut diagnosis = api(last, situation);
            let limit = format!("{} s (--max-wait)", max_wait.as_secs_f32());
            if diagnosis.kind == Kind::RateLimited && was_sent(last) {
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
        ApiError::Interrupted { .. } => say(Kind::Interrupted),
        ApiError::Deadline { .. } => Diagnosis { retryable: true, ..say(Kind::Timeout) }
            .hint("--deadline sets the limit of the whole command"),
        ApiError::SignIn(error) => sign_in(error, situation),
        ApiError::UnknownCloud { .. } => say(Kind::InvalidConfig)
            .hint("where it is a cloud that zpakey does not know, name none, and set ZPAKEY_API_URL and ZPAKEY_TOKEN_URL"),
        ApiError::PrivateKey { why, .. } => private_key(*why, say(Kind::InvalidConfig)),
        ApiError::CaFile { .. } => say(Kind::InvalidConfig),
        ApiError::Setup(_) => say(Kind::Tls),
        ApiError::Managed { .. } => say(Kind::Managed),
        ApiError::CannotApply(_) => say(Kind::Conflict),
    }
}

fn refused(refusal: &Refusal, situation: &Situation) -> Diagnosis {
    let about = |kind: Kind| Diagnosis {
        http_status: Some(refusal.status),
        api_id: refusal.id().map(str::to_owned),
        request_id: refusal.request_id.clone(),
        retry_after_seconds: refusal.retry_after,
        ..Diagnosis::new(kind, refusal.to_string())
    };
    match refusal.meaning() {
        Meaning::NotFound => about(Kind::NotFound),
        Meaning::Unauthorized => {
            let diagnosis = about(Kind::Unauthorized).detail(format!("in {}", situation.tenant));
            match &situation.given_token {
                Some(origin) => diagnosis.hint(format!("the token of {origin} may have ended; it is never renewed")),
                None => diagnosis.hint("the token was just issued: the API client may belong to another cloud (--cloud) or customer (--customer-id)"),
            }
        }
        Meaning::OnlyOneApi => Diagnosis { message: ONLY_ONE_API.to_owned(), ..about(Kind::Unauthorized) }
            .detail(format!("in {}", situation.tenant))
            .hint(USE_ONE_API),
        Meaning::Forbidden => about(Kind::Forbidden).detail(format!("in {}", situation.tenant)).hint("the API client's role, or the tenant's licence, does not allow this"),
        Meaning::RateLimited => Diagnosis { retryable: true, ..about(Kind::RateLimited) }.detail(
            "the API allows 20 reads and 10 writes per 10 s for each organisation and source address; another job may share this address",
        ),
        Meaning::Unavailable if refusal.status == 503 => {
            Diagnosis { retryable: true, ..about(Kind::Unavailable) }
        }
        Meaning::Unavailable => Diagnosis { retryable: true, ..about(Kind::ApiError) },
        Meaning::Other if (300..400).contains(&refusal.status) => about(Kind::ApiError).hint(BETWEEN),
        Meaning::Other => about(Kind::ApiError),
    }
}

/// What a redirect may mean: neither the API nor the token endpoint sends one.
const BETWEEN: &str =
    "a proxy or a login page may stand between here and Zscaler; try the address in a browser";

/// What the legacy API says of a tenant that was moved, and what to do then.
const ONLY_ONE_API: &str = "this tenant signs in through OneAPI only";
const USE_ONE_API: &str = "use an API client of OneAPI: --auth oneapi, with a vanity domain";

fn network(error: &NetworkError) -> Diagnosis {
    let (kind, hint) = match error.kind {
        NetworkErrorKind::Network => (Kind::Network, None),
        NetworkErrorKind::Proxy => (
            Kind::Network,
            Some(
                "user name and password stand in its address, percent-encoded: ZPAKEY_PROXY=http://USER:PASSWORD@HOST:PORT",
            ),
        ),
        NetworkErrorKind::Timeout => (Kind::Timeout, Some("--timeout sets the limit of one request")),
        NetworkErrorKind::Tls
            if ["corrupt message", "handshake eof"].iter().any(|words| error.why.contains(words)) =>
        {
            (Kind::Tls, Some("what answers there speaks no TLS: a proxy, or another service on that port"))
        }
        NetworkErrorKind::Untrusted if error.why.contains("issuer") => {
            (Kind::Tls, Some("add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)"))
        }
        NetworkErrorKind::Tls | NetworkErrorKind::Untrusted => (Kind::Tls, None),
    };
    let diagnosis = Diagnosis {
        retryable: kind != Kind::Tls && error.kind != NetworkErrorKind::Proxy,
        details: error.details.clone(),
        ..Diagnosis::new(kind, error.to_string())
    };
    hint.map_or(diagnosis.clone(), |hint| diagnosis.hint(hint))
}

fn sign_in(error: &SignInError, situation: &Situation) -> Diagnosis {
    let kind = match error.kind {
        SignInErrorKind::Rejected | SignInErrorKind::OnlyOneApi => Kind::Unauthorized,
        SignInErrorKind::Unreadable => Kind::BadResponse,
        SignInErrorKind::Elsewhere => Kind::ApiError,
        SignInErrorKind::Unavailable if error.status == 429 => Kind::RateLimited,
        SignInErrorKind::Unavailable => Kind::Unavailable,
    };
    let mut diagnosis = Diagnosis {
        http_status: Some(error.status),
        api_id: error.id.as_ref().map(|id| id.raw().to_owned()),
        retry_after_seconds: error.retry_after,
        retryable: error.kind == SignInErrorKind::Unavailable,
        ..Diagnosis::new(kind, error.to_string())
    }
    .detail(format!("credential: {}", situation.profile))
    .detail(format!("client id {}", masked(&error.client_id)))
    .detail(format!("token endpoint {}", error.endpoint));
    if let Some(reason) = &error.reason {
        diagnosis = diagnosis.detail(reason.to_string());
    }
    if let Some(seconds) = error.clock_off_by {
        diagnosis = diagnosis
            .hint(format!("this machine's clock is {seconds} s off the server's; set it right first"));
    }
    match error.kind {
        SignInErrorKind::Rejected => diagnosis
            .hint("the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)"),
        SignInErrorKind::OnlyOneApi => diagnosis.hint(USE_ONE_API),
        SignInErrorKind::Elsewhere => {
            let diagnosis =
                diagnosis.hint("the vanity domain, the cloud (--cloud) or ZPAKEY_TOKEN_URL may be wrong");
            if (300..400).contains(&error.status) { diagnosis.hint(BETWEEN) } else { diagnosis }
        }
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

fn config(error: &ConfigError, situation: &Situation) -> Diagnosis {
    let say = |kind: Kind| Diagnosis::new(kind, error.to_string());
    match error {
        ConfigError::Unreadable { source, .. }
        | ConfigError::SecretFile { source }
        | ConfigError::Unwritable { source, .. } => say(Kind::InvalidConfig).detail(source.to_string()),
        ConfigError::SecretExposed { path } => say(Kind::InvalidConfig).hint(chmod(path)),
        ConfigError::Secret { source, origin, .. } => secret(source, origin, situation, say),
        ConfigError::Proxy { .. } => {
            say(Kind::InvalidConfig).hint("SOCKS is not spoken; `--proxy none` goes without a proxy")
        }
        ConfigError::ProxyPasswordTyped => {
            say(Kind::Usage).hint("put the address with the password into ZPAKEY_PROXY, or into a profile")
        }
        ConfigError::KeyTyped => say(Kind::Usage)
            .hint("put the key into a file that only you can read, or into ZPAKEY_PRIVATE_KEY"),
        ConfigError::TwoSecrets { .. } => {
            say(Kind::InvalidConfig).hint("unset one of the two; a private key needs no secret")
        }
        ConfigError::LegacyKey { .. } => {
            say(Kind::InvalidConfig).hint("a private key belongs to an API client of OneAPI: --auth oneapi")
        }
        ConfigError::NoProfile { near, .. } => {
            let diagnosis = say(Kind::NotFound);
            match near {
                Some(name) => Diagnosis { suggestions: vec![name.clone()], ..diagnosis }
                    .hint(format!("did you mean {name}?")),
                None => diagnosis,
            }
        }
        ConfigError::NoActiveProfile { .. } => say(Kind::NotFound),
        ConfigError::Token { .. }
        | ConfigError::Syntax { .. }
        | ConfigError::ProfileValue { .. }
        | ConfigError::Value { .. }
        | ConfigError::Address { .. }
        | ConfigError::Switch { .. } => say(Kind::InvalidConfig),
        ConfigError::Mixed { .. } => say(Kind::InvalidConfig)
            .hint("set both where the id is, or name a profile that has both: --profile NAME"),
        ConfigError::NotSignedIn {
            missing,
            variables,
            profile,
            profile_exists,
            in_profile,
            empty,
            remark,
        } => {
            let (file, none) =
                (&situation.config_file, if *profile_exists { "" } else { ", which does not exist" });
            let mut diagnosis = say(Kind::MissingCredentials)
                .detail(format!("looked at options, environment, and profile \"{profile}\" in {file}{none}"))
                .detail(format!("missing: {}", missing.join(", ")));
            if !empty.is_empty() {
                diagnosis = diagnosis.detail(format!("set, but empty: {}", empty.join(", ")));
            }
            if let Some(remark) = remark {
                diagnosis = diagnosis.detail(remark);
            }
            let login = if *profile_exists && profile != crate::config::DEFAULT_PROFILE {
                format!("zpakey auth login --profile {}", crate::context::quoted(profile))
            } else {
                "zpakey auth login".to_owned()
            };
            // Parts of a profile's credential are joined with nothing from elsewhere.
            let elsewhere = if *in_profile && missing.iter().any(|what| what.starts_with("client")) {
                format!("or say in [profiles.{profile}] where it is: client_secret = \"env:NAME\"")
            } else {
                format!("in CI set {}", variables.join(", "))
            };
            diagnosis
                .hint(format!("`{login}` sets up a profile"))
                .hint(elsewhere)
                .hint("`zpakey --sandbox list` tries everything without a tenant")
        }
    }
}

fn chmod(path: &std::path::Path) -> String {
    format!("chmod 600 {}", crate::context::quoted(&path.display().to_string()))
}

/// Says why a secret could not be had, and where to put it right.
fn secret(
    error: &SecretError,
    origin: &Origin,
    situation: &Situation,
    say: impl Fn(Kind) -> Diagnosis,
) -> Diagnosis {
    let login = match origin {
        Origin::Profile(name) => {
            Some(format!("zpakey auth login --profile {} keeps it anew", crate::context::quoted(name)))
        }
        Origin::Option(_) | Origin::Variable(_) | Origin::VendorFile(_) | Origin::Default => None,
    };
    let missing = |hints: &[Option<String>]| {
        let hints: Vec<String> = hints.iter().flatten().cloned().collect();
        say(Kind::MissingCredentials).hints(&hints)
    };
    match error {
        SecretError::Exposed(path) => say(Kind::InvalidConfig).hint(chmod(path)),
        SecretError::Unreadable { .. } | SecretError::Empty(_) | SecretError::NotInKeyring(_) => {
            missing(&[login])
        }
        SecretError::Unset(name) => missing(&[Some(format!("set {name}")), login]),
        SecretError::Keyring(_) => missing(&[
            Some("a desktop session has one; elsewhere keep the secret in a file: `zpakey auth login --keep file`".to_owned()),
            Some(format!("or name it in {}: client_secret = \"env:NAME\"", situation.config_file)),
        ]),
        SecretError::Command { .. } => {
            missing(&[Some("run it by hand: it must print the secret and end with 0".to_owned())])
        }
    }
}

fn private_key(error: PrivateKeyError, diagnosis: Diagnosis) -> Diagnosis {
    match error {
        PrivateKeyError::Encrypted => {
            diagnosis.hint("openssl pkey -in key.pem -out plain.pem && chmod 600 plain.pem   removes the passphrase")
        }
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

fn output(error: &OutputError, situation: &Situation) -> Diagnosis {
    let say = |kind: Kind| Diagnosis::new(kind, error.to_string());
    match error {
        OutputError::UnknownName { known, near, .. } => {
            let mut diagnosis = say(Kind::Usage);
            if let Some(name) = near.first() {
                diagnosis = diagnosis.hint(format!("did you mean {name}?"));
            }
            diagnosis.suggestions = near.iter().map(ToString::to_string).collect();
            diagnosis.detail(format!("its fields are {}", known.join(", ")))
        }
        OutputError::SecretField { field } => {
            // Columns are checked before the settings have their say in how commands are written.
            let program = if situation.program.is_empty() { "zpakey" } else { &situation.program };
            say(Kind::Usage).hint(match *field {
                "access_token" => format!("{program} auth token"),
                field => format!("{program} reveal KEY --field {field}"),
            })
        }
        OutputError::Encoding { .. } => say(Kind::Internal),
        OutputError::Io(source) => say(Kind::Internal).detail(source.to_string()),
    }
}
