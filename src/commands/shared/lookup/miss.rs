//! Why a KEY leads to no key, or to several.

use super::{Readable, searched};
use crate::commands::shared::refusals::named;
use crate::context::{Context, quoted};
use crate::domain::{KeyId, KeyRef, ProvisioningKey, Selector, ServerText, escape, near};
use crate::error::{CommandError, ErrorKind, Hint};

/// Why a KEY leads to no key.
pub(crate) struct KeyMiss {
    pub(crate) error: CommandError,
    /// The key that had the name, if no key has it now because its rotation is not finished.
    pub(crate) old: Option<Box<ProvisioningKey>>,
}

impl From<CommandError> for KeyMiss {
    fn from(error: CommandError) -> Self {
        Self { error, old: None }
    }
}

impl From<KeyMiss> for CommandError {
    fn from(miss: KeyMiss) -> Self {
        miss.error
    }
}

/// No key holds the name, for its rotation is between two renames, or its successor was deleted. `hint` finishes it.
pub(super) fn between_two_names(
    name: &str,
    old: &ProvisioningKey,
    new: Option<&ProvisioningKey>,
    hint: String,
) -> KeyMiss {
    let why = match new {
        Some(_) => "its rotation is not finished",
        None => "the key that replaced it was deleted",
    };
    let keys = [Some(old), new].into_iter().flatten();
    let error = CommandError::new(
        ErrorKind::RotationIncomplete,
        format!("no key is named \"{}\" now: {why}", escape(name)),
    )
    .details(keys.map(|key| format!("{} is \"{}\"", key.id, key.name)))
    .hint(hint)
    .retryable();
    KeyMiss { error, old: Some(Box::new(old.clone())) }
}

/// Says that several words are the name of one key, which a shell has taken apart.
pub(super) fn unquoted(refs: &[KeyRef], keys: &[ProvisioningKey]) -> Option<CommandError> {
    let word = |key: &KeyRef| match &key.selector {
        Selector::Any(text) => Some(text.clone()),
        Selector::Id(_) | Selector::Name(_) | Selector::IdFirst(_) => None,
    };
    let [_, _, ..] = refs else { return None };
    let name = refs.iter().map(word).collect::<Option<Vec<_>>>()?.join(" ");
    let key = keys.iter().find(|key| key.name == name)?;
    let message = format!("no provisioning keys have these {} names", refs.len());
    let error = CommandError::new(ErrorKind::NotFound, message).hint(format!(
        "did you mean {} ({})? a name with blanks needs quotes",
        quoted(&name),
        key.id
    ));
    Some(error.suggest([name]))
}

pub(super) fn key_not_found(
    ctx: &Context,
    selector: &Selector,
    candidates: &[&ProvisioningKey],
    readable: &Readable,
) -> CommandError {
    // What could not be looked through may have it.
    let kind = if readable.unread.is_empty() { ErrorKind::NotFound } else { ErrorKind::Partial };
    let near = near_keys(selector, candidates);
    let hint = match near.first() {
        Some((name, id)) => Hint::Text(format!("did you mean {name} ({id})?")),
        None => Hint::run("list --all-types", "shows what there is"),
    };
    let unread = readable.unread.iter();
    CommandError::new(kind, format!("no provisioning key {}", named(selector)))
        .detail(searched(ctx, &readable.kinds))
        .details(unread.map(|kind| format!("the {kind} keys could not be read whole, and may have it")))
        .hint(hint)
        .suggest(near.into_iter().map(|(name, _)| name.into()))
}

fn near_keys(selector: &Selector, keys: &[&ProvisioningKey]) -> Vec<(ServerText, KeyId)> {
    if matches!(selector, Selector::Id(_)) {
        return Vec::new();
    }
    let names = near(selector.text(), keys.iter().map(|key| key.name.raw()));
    let with_id = |name: &str| {
        let key = keys.iter().find(|key| key.name == name)?;
        Some((key.name.clone(), key.id.clone()))
    };
    names.into_iter().filter_map(with_id).collect()
}

pub(crate) fn ambiguous(selector: &Selector, keys: &[&ProvisioningKey]) -> CommandError {
    let first = keys.first().map_or_else(String::new, |key| key.id.to_string());
    let types_differ = keys
        .windows(2)
        .any(|pair| matches!(pair, [left, right] if left.association_type != right.association_type));
    let or_type = match keys.first() {
        Some(key) if types_differ => format!("      or add --type {}", key.association_type.short()),
        Some(_) | None => String::new(),
    };
    CommandError::new(ErrorKind::Ambiguous, format!("{selector} names {} keys", keys.len()))
        .candidates(keys.iter().copied())
        .hint(format!("name it by its id: id:{first}{or_type}"))
}
