//! What several commands refuse, or say is not as it was asked for. What one command alone refuses is said there.

use crate::api::OddObject;
use crate::config::{Found, RevealPolicy, vars};
use crate::context::Context;
use crate::domain::{AssociationType, FieldDifference, KeyId, ProvisioningKey, Selector, ServerText, escape};
use crate::error::{CommandError, ErrorKind};

/// Options are missing; nothing was written.
pub(crate) fn missing(what: &str, options: &[String]) -> CommandError {
    CommandError::new(ErrorKind::Usage, format!("cannot {what} without: {}", options.join(", ")))
}

/// Refuses to print a key value if a setting forbids it: `hints` name the ways that do not print it.
pub(crate) fn require_printing_allowed(ctx: &Context, hints: Vec<String>) -> Result<(), CommandError> {
    let Some(Found { value: RevealPolicy::Never, origin }) = ctx.settings.get(&vars::REVEAL) else {
        return Ok(());
    };
    let message = format!("printing or copying a key value is forbidden by reveal = \"never\" ({origin})");
    Err(CommandError::new(ErrorKind::Usage, message).hints(hints))
}

/// There is no such group or certificate. `candidates` are names that exist, nearest first.
pub(crate) fn not_found(what: &str, selector: &Selector, candidates: Vec<ServerText>) -> CommandError {
    let error = CommandError::new(ErrorKind::NotFound, format!("no {what} {}", named(selector)));
    if candidates.is_empty() {
        return error;
    }
    let shown: Vec<_> = candidates.iter().map(|name| format!("\"{name}\"")).collect();
    error.detail(format!("there are: {}", shown.join(", "))).suggest(candidates.into_iter().map(String::from))
}

/// A key of that name exists.
pub(crate) fn exists(name: &ServerText, id: &KeyId, kind: AssociationType) -> CommandError {
    CommandError::new(ErrorKind::Conflict, format!("{name} ({id}) exists already among the {kind} keys"))
}

/// The key that is meant, or may be, is there and cannot be read.
pub(crate) fn unreadable_key(odd: &OddObject) -> CommandError {
    CommandError::new(ErrorKind::BadResponse, odd.to_string())
        .detail("it exists, but its record could not be parsed")
}

/// Something was done to the key, but what was to follow was not. `hint` is the command that makes up for it.
pub(crate) fn unfinished(key: &ProvisioningKey, done: &str, left: &str, hint: String) -> CommandError {
    CommandError::new(ErrorKind::Partial, format!("{} ({}) {done}, but {left}", key.name, key.id)).hint(hint)
}

/// The API said yes and did something else.
pub(crate) fn not_applied(key: &ProvisioningKey, unmet: &[FieldDifference]) -> CommandError {
    let message = format!(
        "the API accepted the request for {} ({}), and the key is not as asked for: {}",
        key.name,
        key.id,
        listed(unmet)
    );
    CommandError::new(ErrorKind::Partial, message)
        .detail("the API does not keep it, or another writer changed it back before it was read")
}

/// Another writer gave back what an update took away, each time that it was taken away.
pub(crate) fn undone(key: &ProvisioningKey, unmet: &[FieldDifference]) -> CommandError {
    let message = format!(
        "{} ({}) was updated, and another writer changed it back: {}",
        key.name,
        key.id,
        listed(unmet)
    );
    CommandError::new(ErrorKind::Partial, message)
        .detail("it was written up to three times, each time from the newest read")
        .hint("find the writer (a portal form, Terraform, a script), then run the command again")
}

/// A secret could not be kept in the keyring.
pub(crate) fn not_kept(error: &crate::host::KeyringError) -> CommandError {
    CommandError::new(ErrorKind::InvalidConfig, format!("could not keep the secret: {error}"))
        .hint("--keep file keeps it in a file that only you can read, --keep nowhere does not keep it")
}

/// A rotation, or a part of one, is not as it was asked for.
pub(crate) fn rotation(kind: ErrorKind, message: impl Into<String>) -> CommandError {
    let error = CommandError::new(kind, message);
    let goes_on = matches!(
        kind,
        ErrorKind::RotationIncomplete
            | ErrorKind::OutcomeUnknown
            | ErrorKind::Interrupted
            | ErrorKind::Terminated
            | ErrorKind::HungUp
    );
    if goes_on { error.retryable() } else { error }
}

/// Names what a selector selects, as in `with id 5`.
pub(crate) fn named(selector: &Selector) -> String {
    match selector {
        Selector::Id(id) => format!("with id {id}"),
        Selector::Any(text) | Selector::Name(text) | Selector::IdFirst(text) => {
            format!("named \"{}\"", escape(text))
        }
    }
}

fn listed(unmet: &[FieldDifference]) -> String {
    let one = |difference: &FieldDifference| {
        format!("{} is {}, not {}", difference.field, difference.from, difference.to)
    };
    unmet.iter().map(one).collect::<Vec<_>>().join("; ")
}
