//! Says what is known of an error in addition to its kind, which it knows itself. No wildcards: a new variant does not compile
//! until it has its place, and a new type is missed in [`TYPES`] by a test of the architecture.

mod config;

use super::{Diagnosis, Kind};
use config::config;

use crate::api::{
    ApiError, Meaning, NetworkError, NetworkErrorKind, PrivateKeyError, Refusal, SignInError, SignInErrorKind,
};
use crate::commands::{CommandError, CreationRefused, RotationErrorKind};
use crate::config::{ConfigError, SecretError};
use crate::context::{NoMicrotenant, mend_log};
use crate::domain::{
    CannotApply, EndpointError, IdError, IpAclError, KeyNameError, ParseAssociationTypeError,
    ProvisioningKey, SelectorError, SpanError,
};
use crate::host::{KeyringError, PrivateFileError};
use crate::kind::Classified;
use crate::output::{OutputError, ParseFormatError};
use crate::secret::ProxyAddressError;

/// Where the command ran, for what is said about it.
#[derive(Debug, Clone, Default)]
pub struct ErrorContext {
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

#[must_use]
pub fn diagnose(error: &anyhow::Error, situation: &ErrorContext) -> Diagnosis {
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
        let failed = error.downcast_ref::<ApiError>();
        // A 403 may mean a tenant that takes no keys, whatever it says; a 400 that explains itself does not.
        let explains_itself = failed
            .and_then(ApiError::refusal)
            .is_some_and(|refusal| refusal.status == 400 && refusal.reason.is_some());
        let api = failed.map(|error| api(error, situation));
        return creation(*refused, api, explains_itself, &situation.program);
    }
    if let Some(failed) = error.downcast_ref::<ApiError>() {
        let mut diagnosis = api(failed, situation);
        // What we were doing, where someone said so, and something was sent.
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
        let known = format!(
            "there are: {}",
            error.known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        );
        return Diagnosis::new(error.kind(), error.to_string()).detail(known);
    }
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    Diagnosis::new(kind_of(error), causes.join(": "))
}

/// Every error type, for what is classified by nothing else; the system's own comes last, so that what wraps it counts.
const TYPES: [fn(&anyhow::Error) -> Option<Kind>; 23] = [
    kind_as::<CommandError>,
    kind_as::<CreationRefused>,
    kind_as::<NoMicrotenant>,
    kind_as::<ApiError>,
    kind_as::<SignInError>,
    kind_as::<NetworkError>,
    kind_as::<PrivateKeyError>,
    kind_as::<ConfigError>,
    kind_as::<SecretError>,
    kind_as::<OutputError>,
    kind_as::<ParseFormatError>,
    kind_as::<PrivateFileError>,
    kind_as::<KeyringError>,
    kind_as::<ProxyAddressError>,
    kind_as::<CannotApply>,
    kind_as::<KeyNameError>,
    kind_as::<IdError>,
    kind_as::<ParseAssociationTypeError>,
    kind_as::<IpAclError>,
    kind_as::<EndpointError>,
    kind_as::<SpanError>,
    kind_as::<SelectorError>,
    kind_as::<std::io::Error>,
];

/// Returns the kind of the error, of what it was said about, or of its causes, whichever has the type.
fn kind_as<T: Classified + std::error::Error + Send + Sync + 'static>(error: &anyhow::Error) -> Option<Kind> {
    let inner = || error.chain().find_map(|cause| cause.downcast_ref::<T>());
    error.downcast_ref::<T>().or_else(inner).map(Classified::kind)
}

/// Returns the kind of an error of any type.
fn kind_of(error: &anyhow::Error) -> Kind {
    // What is left is of a library and was not expected: a task that panicked, a value that cannot be encoded.
    TYPES.iter().find_map(|kind| kind(error)).unwrap_or(Kind::Internal)
}

/// Tells whether a request reached the API, for all that is known.
fn was_sent(error: &ApiError) -> bool {
    if let ApiError::WaitedTooLong { last, .. } = error {
        return was_sent(last);
    }
    !matches!(error, ApiError::SignIn(_) | ApiError::NotSent(_))
}

/// Says why there is not all that is needed to sign in: whatever it is, the credential is what is missing.
fn unusable(why: &(dyn std::error::Error + 'static), situation: &ErrorContext) -> Diagnosis {
    let diagnosis = match (why.downcast_ref::<ConfigError>(), why.downcast_ref::<ApiError>()) {
        (Some(error), _) => config(error, situation),
        (None, Some(error)) => api(error, situation),
        (None, None) => Diagnosis::new(Kind::MissingCredentials, why.to_string()),
    };
    Diagnosis { kind: Kind::MissingCredentials, ..diagnosis }
}

/// Says what to do about lists that were not read whole.
fn incomplete(in_part: bool, program: &str, diagnosis: Diagnosis) -> Diagnosis {
    let hint = if in_part {
        "run it again: the API did not send all keys that it counts".to_owned()
    } else {
        format!("{program} doctor --online tells which types this credential may read")
    };
    Diagnosis { retryable: true, ..diagnosis }.hint(hint)
}

fn command(error: &CommandError, causes: &[String], program: &str) -> Diagnosis {
    let say = || Diagnosis { details: causes.to_vec(), ..Diagnosis::new(error.kind(), error.to_string()) };
    match error {
        CommandError::Usage { hints, .. } | CommandError::ConfirmationRequired { hints, .. } => {
            say().hints(hints)
        }
        CommandError::Missing { details, hints, .. }
        | CommandError::Referenced { details, hints, .. }
        | CommandError::Unidentified { details, hints, .. } => {
            Diagnosis { details: details.clone(), ..say() }.hints(hints)
        }
        CommandError::Incomplete { in_part, .. } => incomplete(*in_part, program, say()),
        CommandError::KeyNotFound { searched, near, unread, .. } => {
            let mut diagnosis = say().detail(searched);
            for kind in unread {
                diagnosis = diagnosis.detail(format!("{kind} could not be read whole, and may have it"));
            }
            if let [(name, id), ..] = near.as_slice() {
                diagnosis = diagnosis.hint(format!("did you mean {name} ({id})?"));
            }
            if near.is_empty() {
                diagnosis = diagnosis.hint(format!("{program} list --all-types shows what there is"));
            }
            diagnosis.suggestions = near.iter().map(|(name, _)| name.raw().to_owned()).collect();
            diagnosis
        }
        CommandError::UnreadableKey(_) => {
            say().detail("it exists, but nothing is known of it that a command could go by")
        }
        CommandError::BetweenNames { old, new, hint, .. } => {
            let stands = |key: &ProvisioningKey| format!("{} is \"{}\"", key.id, key.name);
            let details = [Some(old), new.as_ref()].into_iter().flatten().map(|key| stands(key)).collect();
            Diagnosis { details, retryable: true, ..say() }.hint(hint)
        }
        CommandError::Rotation { trouble, details, hints, .. } => {
            let retryable = may_go_on(*trouble);
            Diagnosis { details: details.clone(), retryable, ..say() }.hints(hints)
        }
        CommandError::NotFound { candidates, hints, .. } => {
            let mut diagnosis = say();
            if !candidates.is_empty() {
                let shown: Vec<_> = candidates.iter().map(|name| format!("\"{name}\"")).collect();
                diagnosis = diagnosis.detail(format!("there are: {}", shown.join(", ")));
            }
            diagnosis.suggestions = candidates.iter().map(|name| name.raw().to_owned()).collect();
            diagnosis.hints(hints)
        }
        CommandError::Entries { details, first, .. } => {
            let first = command(first, &[], program);
            Diagnosis {
                details: details.clone(),
                hints: first.hints,
                suggestions: first.suggestions,
                ..say()
            }
        }
        CommandError::Ambiguous { rows, hint, .. } => Diagnosis { details: rows.clone(), ..say() }.hint(hint),
        CommandError::AmbiguousReference { .. } => say().hint("name it by its id: id:…"),
        CommandError::Exists { hint, .. } => say().hint(*hint),
        CommandError::OtherGroup { .. } => say().hint("choose another name for the new key"),
        CommandError::Sealed { hint, .. }
        | CommandError::Unfinished { hint, .. }
        | CommandError::NoGroups { hint, .. } => say().hint(hint),
        CommandError::NotApplied { .. } => {
            say().detail("the API does not keep it, or another writer changed it back before it was read")
        }
        CommandError::Undone { .. } => say()
            .detail("it was written up to three times, each time from the newest read")
            .hint("find the writer (a portal form, Terraform, a script), then run the command again"),
        CommandError::Unsettled { cause, hint, .. } => {
            Diagnosis { details: vec![cause.clone()], ..say() }.hint(hint)
        }
        CommandError::Destination(file) => destination(file, say()),
        CommandError::NotKept { .. } => say()
            .hint("--keep file keeps it in a file that only you can read, --keep nowhere does not keep it"),
        CommandError::NoKeyText { .. } => say()
            .detail("a key value is a digit, a host and letters with a bar between them, alone on one line"),
        CommandError::ClockOff { .. } => say()
            .detail("a certificate or the assertion of a private key looks expired, or not valid yet")
            .hint("timedatectl set-ntp true   lets the network set it"),
        CommandError::WaitTimedOut { hint, .. } => Diagnosis { retryable: true, ..say() }.hint(hint),
        CommandError::Unresolved { .. } => Diagnosis { retryable: true, ..say() }
            .hint("where only a proxy leads out of this network: --proxy URL, or HTTPS_PROXY"),
        CommandError::EnrolmentRefused { .. } => {
            say().detail("a real machine is told no more than: Certificate enrollment failed")
        }
        CommandError::Sandbox { hints, .. } => say().hints(hints),
        CommandError::NotHandedOver { .. } => say().hint("--stdin and --env need no file"),
        CommandError::AnswerLost { done } => {
            let details = done.iter().chain(causes.last()).cloned().collect();
            Diagnosis { details, ..say() }
        }
        CommandError::LogUnread { file, .. } => say().hints(mend_log(file).as_slice()),
        CommandError::IncompleteList(_)
        | CommandError::Declined
        | CommandError::Unusable
        | CommandError::Input { .. }
        | CommandError::Child { .. }
        | CommandError::NotForgotten { .. } => say(),
    }
}

/// True if the same command goes on where this one stopped.
const fn may_go_on(trouble: RotationErrorKind) -> bool {
    match trouble {
        RotationErrorKind::Incomplete | RotationErrorKind::Unknown | RotationErrorKind::Interrupted(_) => {
            true
        }
        RotationErrorKind::Ineffective
        | RotationErrorKind::WaitTimedOut
        | RotationErrorKind::Conflict
        | RotationErrorKind::NotFound
        | RotationErrorKind::Ambiguous
        | RotationErrorKind::Managed
        | RotationErrorKind::Sealed
        | RotationErrorKind::Api
        | RotationErrorKind::NotKept
        | RotationErrorKind::Clocks
        | RotationErrorKind::Internal => false,
    }
}

fn destination(error: &PrivateFileError, diagnosis: Diagnosis) -> Diagnosis {
    use PrivateFileError as File;
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

fn creation(
    refused: CreationRefused,
    api: Option<Diagnosis>,
    explains_itself: bool,
    program: &str,
) -> Diagnosis {
    let mut diagnosis = api.unwrap_or_else(|| Diagnosis::new(Kind::ApiError, refused.to_string()));
    match refused {
        CreationRefused::Full { .. } => {
            diagnosis.details.push(refused.to_string());
            diagnosis.hints = vec![format!("{program} list --unused shows keys that nothing enrolled with")];
        }
        // The API says itself what is wrong.
        CreationRefused::Unexplained
            if explains_itself || diagnosis.api_id.as_deref() == Some("invalid.resource.argument") => {}
        CreationRefused::Unexplained => diagnosis.details.push(
            "if this tenant was moved to enrolment by OAuth2 user codes, it takes no provisioning keys any more: \
             its connectors enrol with a code that they show"
                .to_owned(),
        ),
    }
    diagnosis
}

fn api(error: &ApiError, situation: &ErrorContext) -> Diagnosis {
    let say = || Diagnosis::new(error.kind(), error.to_string());
    match error {
        ApiError::Refused(refusal) => refused(refusal, situation),
        ApiError::Unreadable { status, request_id, .. } => {
            Diagnosis { http_status: Some(*status), request_id: request_id.clone().map(String::from), ..say() }
        }
        ApiError::NotSent(cause) | ApiError::Lost(cause) => network(cause),
        ApiError::OutcomeUnknown { cause, .. } => {
            say().detail(cause).hint("look before sending it again")
        }
        ApiError::LookFirst { last } => api(last, situation),
        ApiError::StillThere { .. } => say().hint("what answered may not be the API: a proxy, or a list that lags"),
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
        ApiError::Deadline { .. } => Diagnosis { retryable: true, ..say() }
            .hint("--deadline sets the limit of the whole command"),
        ApiError::SignIn(error) => sign_in(error, situation),
        ApiError::UnknownCloud { .. } => say()
            .hint("where it is a cloud that zpakey does not know, name none, and set ZPAKEY_API_URL and ZPAKEY_TOKEN_URL"),
        ApiError::PrivateKey { why, .. } => private_key(*why, say()),
        ApiError::CaFile { path, container: Some(container), .. } => {
            let command = container.command(&crate::context::quoted(path));
            say().hint(format!("{command}   writes it as PEM into ca.pem"))
        }
        ApiError::Interrupted { .. }
        | ApiError::CaFile { container: None, .. }
        | ApiError::Setup(_)
        | ApiError::Managed { .. }
        | ApiError::CannotApply(_) => say(),
    }
}

fn refused(refusal: &Refusal, situation: &ErrorContext) -> Diagnosis {
    let about = || Diagnosis {
        http_status: Some(refusal.status),
        api_id: refusal.id().map(str::to_owned),
        request_id: refusal.request_id.clone().map(String::from),
        retry_after_seconds: refusal.retry_after,
        ..Diagnosis::new(refusal.kind(), refusal.to_string())
    };
    match refusal.meaning() {
        Meaning::Unauthorized => {
            let diagnosis = about().detail(format!("in {}", situation.tenant));
            match &situation.given_token {
                Some(origin) => diagnosis.hint(format!("the token of {origin} may have ended; it is never renewed")),
                None => diagnosis.hint("the token was just issued: the API client may belong to another cloud (--cloud) or customer (--customer-id)"),
            }
        }
        Meaning::OnlyOneApi => Diagnosis { message: ONLY_ONE_API.to_owned(), ..about() }
            .detail(format!("in {}", situation.tenant))
            .hint(USE_ONE_API),
        Meaning::Forbidden => about().detail(format!("in {}", situation.tenant)).hint("the API client's role, or the tenant's licence, does not allow this"),
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
        NetworkErrorKind::Network | NetworkErrorKind::Tls | NetworkErrorKind::Untrusted => None,
    };
    let diagnosis = Diagnosis {
        retryable: matches!(error.kind, NetworkErrorKind::Network | NetworkErrorKind::Timeout),
        details: error.details.clone(),
        ..Diagnosis::new(Classified::kind(error), error.to_string())
    };
    hint.map_or(diagnosis.clone(), |hint| diagnosis.hint(hint))
}

fn sign_in(error: &SignInError, situation: &ErrorContext) -> Diagnosis {
    let mut diagnosis = Diagnosis {
        http_status: Some(error.status),
        api_id: error.id.as_ref().map(|id| id.raw().to_owned()),
        retry_after_seconds: error.retry_after,
        retryable: error.kind == SignInErrorKind::Unavailable,
        ..Diagnosis::new(Classified::kind(error), error.to_string())
    }
    .detail(format!("credential: {}", situation.profile))
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

fn output(error: &OutputError, situation: &ErrorContext) -> Diagnosis {
    let say = || Diagnosis::new(error.kind(), error.to_string());
    match error {
        OutputError::UnknownName { known, near, .. } => {
            let mut diagnosis = say();
            if let Some(name) = near.first() {
                diagnosis = diagnosis.hint(format!("did you mean {name}?"));
            }
            diagnosis.suggestions.clone_from(near);
            diagnosis.detail(format!("its fields are {}", known.join(", ")))
        }
        OutputError::SecretField { field } => {
            // Columns are checked before the settings have their say in how commands are written.
            let program = if situation.program.is_empty() { "zpakey" } else { &situation.program };
            say().hint(match *field {
                "access_token" => format!("{program} auth token"),
                field => format!("{program} reveal KEY --field {field}"),
            })
        }
        OutputError::Encoding { .. } => say(),
        OutputError::Io(source) => say().detail(source.to_string()),
    }
}
