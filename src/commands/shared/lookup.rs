//! Finding keys, groups and certificates by name or id.

mod miss;
mod reading;
mod values;

pub(crate) use miss::{KeyMiss, ambiguous};
pub(crate) use reading::{Readable, read_available, read_types, whole_list, why_unreadable};
pub(crate) use values::find_values;

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;

use miss::{between_two_names, key_not_found, unquoted};
use reading::sort_out;

use crate::api::{Client, KeyList, OddObject};
use crate::commands::shared::refusals::{not_found, unreadable_key};
use crate::context::{CommandLine, Context, is_typable, quoted, typed_name};
use crate::domain::rotation::{Unnamed, lineage_name, unnamed};
use crate::domain::{
    AssociationType, EnrollmentCert, KeyId, KeyRef, ProvisioningKey, Selector, ServerText, Zcomponent, near,
};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::output::{Candidate, Notice};

/// What looking for keys came to.
pub(crate) struct Lookup {
    /// Each key's outcome, in the order they were named.
    pub(crate) outcomes: Vec<Result<ProvisioningKey, KeyMiss>>,
    /// All keys of the types that were listed on the way.
    listed: Option<Readable>,
}

impl Lookup {
    /// Returns all keys that were listed on the way; empty if one key was read by its id.
    pub(crate) fn all(&self) -> &[ProvisioningKey] {
        self.listed.as_ref().map_or(&[], |listed| &listed.keys)
    }

    /// Returns all keys of a type, where they were listed on the way.
    pub(crate) fn all_of(&self, kind: AssociationType) -> Option<impl Iterator<Item = &ProvisioningKey>> {
        let listed = self.listed.as_ref().filter(|listed| listed.kinds.contains(&kind))?;
        Some(listed.keys.iter().filter(move |key| key.association_type == kind))
    }

    /// Returns the keys of a type, if its list was read whole on the way.
    pub(crate) fn whole(&self, kind: AssociationType) -> Option<Vec<ProvisioningKey>> {
        let is_whole = self.listed.as_ref().is_some_and(|listed| !listed.unread.contains(&kind));
        self.all_of(kind).filter(|_| is_whole).map(|keys| keys.cloned().collect())
    }
}

/// Finds the keys that were named.
///
/// One key by id is one request a type, anything else one list a type, however many keys.
pub(crate) async fn find_keys(
    ctx: &Context,
    refs: &[KeyRef],
    kinds: &[AssociationType],
) -> CommandResult<Lookup> {
    let client = ctx.client().await?;
    if let [KeyRef { selector: Selector::Id(id), association_type }] = refs {
        let kinds = association_type.map_or_else(|| kinds.to_vec(), |kind| vec![kind]);
        return by_id(ctx, client, id, &kinds).await;
    }
    let wanted = lists_to_read(refs, kinds);
    let readable = read_available(client, &wanted).await?;
    picked(ctx, refs, &wanted, readable)
}

/// Returns the types that are listed to find these keys.
fn lists_to_read(refs: &[KeyRef], kinds: &[AssociationType]) -> Vec<AssociationType> {
    let mut wanted: Vec<AssociationType> = refs.iter().filter_map(|key| key.association_type).collect();
    if refs.iter().any(|key| key.association_type.is_none()) {
        wanted.extend(kinds);
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// Picks the keys that were named from the lists of these types.
fn picked(
    ctx: &Context,
    refs: &[KeyRef],
    kinds: &[AssociationType],
    mut readable: Readable,
) -> CommandResult<Lookup> {
    if let ([_], Some(failure)) = (kinds, readable.failure.take()) {
        return Err(failure);
    }
    for warning in &readable.warnings {
        ctx.say(&Notice::Warning(warning.clone()));
    }
    let outcomes: Vec<_> = refs.iter().map(|key| pick(ctx, key, &readable)).collect();
    if outcomes.iter().all(Result::is_err)
        && let Some(error) = unquoted(refs, &readable.keys)
    {
        return Err(error);
    }
    note_shared_names(ctx, outcomes.iter().flatten(), &readable.keys, kinds);
    Ok(Lookup { outcomes, listed: Some(readable) })
}

/// Notes which of these keys printed commands name by id: those whose name a key of another type has, and all of them if
/// not every type of the profile was read.
pub(crate) fn note_shared_names<'a>(
    ctx: &Context,
    keys: impl Iterator<Item = &'a ProvisioningKey>,
    all: &[ProvisioningKey],
    kinds: &[AssociationType],
) {
    let are_all_types = ctx.settings.types.iter().all(|kind| kinds.contains(kind));
    let mut bearers: HashMap<&str, HashSet<AssociationType>> = HashMap::new();
    for key in all {
        bearers.entry(key.name.raw()).or_default().insert(key.association_type);
    }
    for key in keys {
        if !are_all_types || bearers.get(key.name.raw()).is_some_and(|kinds| kinds.len() > 1) {
            ctx.handles.need_id(&key.id);
        }
    }
}

/// Finds the one key that was named.
pub(crate) async fn find_key(
    ctx: &Context,
    key: &KeyRef,
    kinds: &[AssociationType],
) -> CommandResult<ProvisioningKey> {
    let mut found = find_keys(ctx, std::slice::from_ref(key), kinds).await?;
    match found.outcomes.pop() {
        Some(found) => Ok(found?),
        None => Err(CommandError::usage("no key was named", "")),
    }
}

async fn by_id(ctx: &Context, client: &Client, id: &str, kinds: &[AssociationType]) -> CommandResult<Lookup> {
    let selector = Selector::Id(id.to_owned());
    let Ok(id) = id.parse::<KeyId>() else {
        return Err(CommandError::usage("`id:` takes digits", ""));
    };
    let tries = kinds.iter().map(|kind| async { (*kind, client.key(*kind, &id).await) });
    let listings = join_all(tries).await.into_iter().map(|(kind, outcome)| match outcome {
        Ok(found) => (kind, Ok(KeyList { keys: vec![found], gap: None })),
        Err(error) if error.is_not_found() => (kind, Ok(KeyList { keys: Vec::new(), gap: None })),
        Err(error) => (kind, Err(error)),
    });
    let readable = sort_out(listings.collect())?;
    for warning in &readable.warnings {
        ctx.say(&Notice::Warning(warning.clone()));
    }
    let outcomes = vec![pick(ctx, &KeyRef::from(selector), &readable)];
    // No other key was read, so whether its name is enough is not known.
    for found in outcomes.iter().flatten() {
        ctx.handles.need_id(&found.id);
    }
    Ok(Lookup { outcomes, listed: None })
}

/// Refuses where the key that is named cannot be read: it has the name or the id, or, if no other key has, nothing of it
/// can be read that would tell.
pub(crate) fn refuse_unreadable(
    selector: &Selector,
    is_missing: bool,
    odd: &[OddObject],
) -> Result<(), CommandError> {
    let is_meant = |odd: &&OddObject| odd.is_named(selector) || (is_missing && odd.may_be(selector));
    match odd.iter().find(is_meant) {
        Some(odd) => Err(unreadable_key(odd)),
        None => Ok(()),
    }
}

/// Picks the key that was named.
pub(crate) fn pick(ctx: &Context, key: &KeyRef, readable: &Readable) -> Result<ProvisioningKey, KeyMiss> {
    let candidates: Vec<&ProvisioningKey> = readable
        .keys
        .iter()
        .filter(|found| key.association_type.is_none_or(|kind| kind == found.association_type))
        .collect();
    let selector = match &key.selector {
        // The key with that id may be among those that could not be read.
        Selector::IdFirst(id) if !readable.unread.is_empty() => &Selector::Id(id.clone()),
        selector @ (Selector::Any(_) | Selector::Id(_) | Selector::Name(_) | Selector::IdFirst(_)) => {
            selector
        }
    };
    let found = selector.select(&candidates, |found| found.id.as_str(), |found| found.name.raw());
    refuse_unreadable(&key.selector, found.is_empty(), &readable.odd)?;
    match found.as_slice() {
        [one] => Ok((**one).clone()),
        [] => Err(between_names(ctx, &key.selector, &candidates)
            .unwrap_or_else(|| key_not_found(ctx, &key.selector, &candidates, readable).into())),
        several => {
            let several: Vec<&ProvisioningKey> = several.iter().map(|key| **key).collect();
            Err(ambiguous(&key.selector, &several).into())
        }
    }
}

/// Tells whether a rotation is why no key holds a name, and how to finish it; nothing if there is none.
pub(crate) fn between_names(
    ctx: &Context,
    selector: &Selector,
    keys: &[&ProvisioningKey],
) -> Option<KeyMiss> {
    let (Selector::Any(name) | Selector::Name(name) | Selector::IdFirst(name)) = selector else {
        return None;
    };
    let place = |key: &ProvisioningKey| {
        (key.association_type, key.microtenant.as_ref().map(|microtenant| microtenant.id.clone()))
    };
    let mut places: Vec<_> = Vec::new();
    for key in keys.iter().filter(|key| lineage_name(key) == *name) {
        let found = place(key);
        if !places.contains(&found) {
            places.push(found);
        }
    }
    places.into_iter().find_map(|here| {
        let here: Vec<ProvisioningKey> =
            keys.iter().filter(|key| place(key) == here).map(|key| (**key).clone()).collect();
        let key = |id: &KeyId| here.iter().find(|key| key.id == *id);
        let (old, new, done) = match unnamed(name, &here) {
            Unnamed::Nothing => return None,
            Unnamed::HalfRenamed { old, new } => (key(&old)?, key(&new), "finishes it, from any machine"),
            Unnamed::SuccessorDeleted { old } => (key(&old)?, None, "gives the name back"),
        };
        let hint = format!("{}      {done}", ctx.command(&format!("rotate {}", typed_name(name))));
        Some(between_two_names(name, old, new, hint))
    })
}

/// Says where keys were looked for: `searched CONNECTOR_GRP in tenant 216 (profile prod)`.
pub(crate) fn searched(ctx: &Context, kinds: &[AssociationType]) -> String {
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.short()).collect();
    format!("searched {} keys in {}", kinds.join(", "), ctx.tenant_label())
}

/// Something that `--group` or `--cert` may name.
pub(crate) trait Referable {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

impl Referable for Zcomponent {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> &str {
        self.name.raw()
    }
}

impl Referable for EnrollmentCert {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> &str {
        self.name.raw()
    }
}

/// Picks the one that is named.
pub(crate) fn pick_reference<'a, T: Referable>(
    what: &'static str,
    selector: &Selector,
    items: &'a [T],
    hint: &str,
) -> Result<&'a T, CommandError> {
    let found = selector.select(items, Referable::id, Referable::name);
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let names = items.iter().map(Referable::name);
            let mut near: Vec<ServerText> =
                near(selector.text(), names).into_iter().map(ServerText::from).collect();
            let is_near = !near.is_empty();
            if !is_near {
                near = items.iter().take(20).map(|item| item.name().into()).collect();
            }
            let meant =
                is_near.then(|| near.first().map(|name| format!("did you mean \"{name}\"?"))).flatten();
            let hint = (!hint.is_empty()).then(|| hint.to_owned());
            Err(not_found(what, selector, near).hints(meant).hints(hint))
        }
        several => {
            let message = format!("{selector} names {} of the {what}s", several.len());
            let candidates = several.iter().map(|item| Candidate::named(item.id(), item.name()));
            let first = several.first().map_or("…", |item| item.id());
            Err(CommandError::new(ErrorKind::Ambiguous, message)
                .candidates(candidates)
                .hint(format!("name it by its id: id:{first}")))
        }
    }
}

/// Writes a key so that it can be typed: its name, or its id if the name might not select it, or not it alone, and its
/// type if commands do not look there by themselves.
pub(crate) fn typed(ctx: &Context, key: &ProvisioningKey) -> String {
    let kind = key.association_type;
    if !ctx.settings.types.contains(&kind) {
        return format!("id:{} --type {}", key.id, kind.short());
    }
    quoted(&key_word(ctx, key))
}

/// Writes a key as one word: its name, or its id if the name might not select it, or not it alone.
fn key_word(ctx: &Context, key: &ProvisioningKey) -> String {
    if is_typable(key.name.raw()) && !ctx.handles.needs_id(&key.id) {
        key.name.raw().to_owned()
    } else {
        format!("id:{}", key.id)
    }
}

/// Returns the command line that was typed, for this key alone.
pub(crate) fn again_for(ctx: &Context, key: &ProvisioningKey) -> CommandLine {
    let kind = key.association_type;
    if ctx.settings.types.contains(&kind) {
        return ctx.again().with_arguments([key_word(ctx, key)]);
    }
    ctx.again().without(&["all-types"]).with_arguments([format!("id:{}", key.id)]).with("type", kind.short())
}

/// Writes a selector as it was typed, as one word.
pub(crate) fn selector_word(selector: &Selector) -> String {
    match selector {
        Selector::Id(id) => format!("id:{id}"),
        Selector::Name(name) => format!("name:{name}"),
        Selector::Any(text) if text.starts_with('-') => format!("name:{text}"),
        Selector::Any(text) | Selector::IdFirst(text) => text.clone(),
    }
}

/// Writes a selector as it was typed, quoted for a shell.
pub(crate) fn as_typed(selector: &Selector) -> String {
    quoted(&selector_word(selector))
}
