//! Finding keys, groups and certificates by name or id.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;

use crate::api::{ApiError, Client, Gap, KeyList, Meaning, OddObject};
use crate::commands::CommandError;
use crate::context::{Context, is_typable, quoted, typed_name};
use crate::domain::rotation::{Unnamed, lineage_name, unnamed};
use crate::domain::{
    AssociationType, EnrollmentCert, KeyId, KeyRef, ProvisioningKey, Selector, ServerText, Zcomponent, near,
};
use crate::output::Notice;

/// What was read of several types.
pub(crate) struct Readable {
    /// The keys, type by type.
    pub(crate) keys: Vec<ProvisioningKey>,
    /// The types that were read.
    pub(crate) kinds: Vec<AssociationType>,
    /// The types that were not read, or not whole, although the tenant has them.
    unread: Vec<AssociationType>,
    /// The first failure that does not mean that a type is not for this credential or tenant.
    pub(crate) failure: Option<anyhow::Error>,
    pub(crate) warnings: Vec<String>,
    /// Keys that are there and cannot be read.
    pub(crate) odd: Vec<OddObject>,
}

/// Reads all keys of several types, in flight together. Any failure but that a type is not for this credential or tenant
/// is an error.
pub(crate) async fn read_types(client: &Client, kinds: &[AssociationType]) -> anyhow::Result<Readable> {
    let mut readable = read_available(client, kinds).await?;
    match readable.failure.take() {
        Some(error) => Err(error),
        None => Ok(readable),
    }
}

/// Reads what can be read of several types, in flight together; [`Readable::failure`] has what failed.
pub(crate) async fn read_available(client: &Client, kinds: &[AssociationType]) -> anyhow::Result<Readable> {
    let readable = sort_out(client.key_lists(kinds).await)?;
    Ok(Readable { odd: client.unreadable_keys(kinds), ..readable })
}

impl Readable {
    /// Returns an error if a key that is not among these may exist all the same.
    pub(crate) fn require_complete(&self) -> Result<(), CommandError> {
        if self.unread.is_empty() {
            return Ok(());
        }
        let in_part = self.unread.iter().all(|kind| self.kinds.contains(kind));
        Err(CommandError::Incomplete { unread: self.unread.clone(), in_part })
    }

    /// Returns what keeps the lists from being whole: of one type its own failure, of several that they are incomplete.
    pub(crate) fn gap(&mut self) -> Option<anyhow::Error> {
        let is_only_type = self.kinds == self.unread && self.kinds.len() == 1;
        let failure = self.failure.take().filter(|_| is_only_type);
        failure.or_else(|| self.require_complete().err().map(Into::into))
    }
}

/// Lists the keys of a type for a command that acts on the absence of a name.
///
/// # Errors
/// Any [`ApiError`]; [`CommandError::Incomplete`] if the API sent fewer keys than it says there are.
pub(crate) async fn whole_list(
    client: &Client,
    kind: AssociationType,
) -> anyhow::Result<Vec<ProvisioningKey>> {
    match client.key_list(kind).await? {
        KeyList { keys, gap: None } => Ok(keys),
        KeyList { gap: Some(Gap::Page(error)), .. } => Err(error.into()),
        KeyList { gap: Some(Gap::Fewer { .. }), .. } => {
            Err(CommandError::Incomplete { unread: vec![kind], in_part: true }.into())
        }
    }
}

/// Tells what was read from what was not. As long as one type was read, the others are warnings; what acts on absence
/// asks [`Readable::require_complete`]. If no type was read, the first failure is the answer.
fn sort_out(lists: Vec<(AssociationType, Result<KeyList, ApiError>)>) -> anyhow::Result<Readable> {
    let mut readable = Readable {
        keys: Vec::new(),
        kinds: Vec::new(),
        unread: Vec::new(),
        failure: None,
        warnings: Vec::new(),
        odd: Vec::new(),
    };
    let mut failed: Option<(AssociationType, ApiError)> = None;
    for (kind, outcome) in lists {
        let error = match outcome {
            Ok(KeyList { keys, gap }) => {
                if let Some(Gap::Page(error)) = &gap {
                    let failure = anyhow::Error::new(error.clone()).context(format!("listing {kind} keys"));
                    readable.failure.get_or_insert(failure);
                }
                readable.kinds.push(kind);
                readable.keys.extend(keys);
                if let Some(gap) = gap {
                    readable.unread.push(kind);
                    readable.warnings.push(incomplete(kind, &gap));
                }
                continue;
            }
            Err(error) => error,
        };
        let is_absent = error.refusal().is_some_and(is_of_no_feature);
        readable.warnings.push(if let Some(why) = why_unreadable(&error) {
            format!("{kind} could not be read ({why}); the profile's `types` names the types to ask")
        } else {
            let failure = anyhow::Error::new(error.clone()).context(format!("listing {kind} keys"));
            readable.failure.get_or_insert(failure);
            format!("{kind} could not be read ({error})")
        });
        if !is_absent {
            readable.unread.push(kind);
        }
        failed.get_or_insert((kind, error));
    }
    match failed {
        Some((kind, error)) if readable.kinds.is_empty() => Err(match why_unreadable(&error) {
            Some(_) => error.into(),
            None => anyhow::Error::new(error).context(format!("listing {kind} keys")),
        }),
        Some(_) | None => Ok(readable),
    }
}

/// True if the tenant does not have this type at all.
fn is_of_no_feature(refusal: &crate::api::Refusal) -> bool {
    refusal.id().is_some_and(|id| id.starts_with("authz.featureflag"))
}

fn incomplete(kind: AssociationType, gap: &Gap) -> String {
    match gap {
        Gap::Fewer { listed, total } => {
            format!("the list of {kind} is incomplete: {listed} of {total} keys")
        }
        Gap::Page(error) => format!("the list of {kind} is incomplete: {error}"),
    }
}

/// Returns the refusal in short where it means that this type is not for this credential or this tenant.
pub(crate) fn why_unreadable(error: &ApiError) -> Option<String> {
    let refusal = error.refusal()?;
    let about_the_type = match refusal.meaning() {
        Meaning::Unauthorized | Meaning::Forbidden | Meaning::NotFound => true,
        Meaning::Other => refusal.status == 400 && !refusal.is_transient(),
        Meaning::OnlyOneApi
        | Meaning::RateLimited
        | Meaning::Unavailable
        | Meaning::Unreadable
        | Meaning::Redirected => false,
    };
    let id = refusal.id.as_ref().map_or_else(String::new, |id| format!(" {id}"));
    about_the_type.then(|| format!("{}{id}", refusal.status))
}

/// What looking for keys came to.
pub(crate) struct Lookup {
    /// Each key's outcome, in the order they were named.
    pub(crate) outcomes: Vec<Result<ProvisioningKey, CommandError>>,
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
) -> anyhow::Result<Lookup> {
    let client = ctx.client().await?;
    if let [KeyRef { selector: Selector::Id(id), association_type }] = refs {
        let kinds = association_type.map_or_else(|| kinds.to_vec(), |kind| vec![kind]);
        return by_id(ctx, client, id, &kinds).await;
    }
    let mut wanted: Vec<AssociationType> = refs.iter().filter_map(|key| key.association_type).collect();
    if refs.iter().any(|key| key.association_type.is_none()) {
        wanted.extend(kinds);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut readable = read_available(client, &wanted).await?;
    if let ([_], Some(failure)) = (wanted.as_slice(), readable.failure.take()) {
        return Err(failure);
    }
    for warning in &readable.warnings {
        ctx.say(&Notice::Warning(warning.clone()));
    }
    let outcomes: Vec<_> = refs.iter().map(|key| pick(ctx, key, &readable)).collect();
    note_shared_names(ctx, outcomes.iter().flatten(), &readable.keys, &wanted);
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
) -> anyhow::Result<ProvisioningKey> {
    let mut found = find_keys(ctx, std::slice::from_ref(key), kinds).await?;
    match found.outcomes.pop() {
        Some(found) => Ok(found?),
        None => Err(CommandError::usage("no key was named", "").into()),
    }
}

async fn by_id(
    ctx: &Context,
    client: &Client,
    id: &str,
    kinds: &[AssociationType],
) -> anyhow::Result<Lookup> {
    let selector = Selector::Id(id.to_owned());
    let Ok(id) = id.parse::<KeyId>() else {
        return Err(CommandError::usage("`id:` takes digits", "").into());
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
        Some(odd) => Err(CommandError::UnreadableKey(Box::new(odd.clone()))),
        None => Ok(()),
    }
}

/// Picks the key that was named.
pub(crate) fn pick(
    ctx: &Context,
    key: &KeyRef,
    readable: &Readable,
) -> Result<ProvisioningKey, CommandError> {
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
        [] => {
            Err(between_names(ctx, &key.selector, &candidates).unwrap_or_else(|| CommandError::KeyNotFound {
                selector: key.selector.clone(),
                searched: searched(ctx, &readable.kinds),
                unread: readable.unread.clone(),
                near: near_keys(&key.selector, &candidates),
            }))
        }
        several => {
            let several: Vec<&ProvisioningKey> = several.iter().map(|key| **key).collect();
            Err(ambiguous(&key.selector, &several))
        }
    }
}

/// Tells whether a rotation is why no key holds a name, and how to finish it; nothing if there is none.
pub(crate) fn between_names(
    ctx: &Context,
    selector: &Selector,
    keys: &[&ProvisioningKey],
) -> Option<CommandError> {
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
        let key = |id: &KeyId| here.iter().find(|key| key.id == *id).cloned().map(Box::new);
        let (old, new, done) = match unnamed(name, &here) {
            Unnamed::Nothing => return None,
            Unnamed::HalfRenamed { old, new } => (key(&old)?, key(&new), "finishes it, from any machine"),
            Unnamed::SuccessorDeleted { old } => (key(&old)?, None, "gives the name back"),
        };
        let hint = format!("{}      {done}", ctx.command(&format!("rotate {}", typed_name(name))));
        Some(CommandError::BetweenNames { name: name.as_str().into(), old, new, hint })
    })
}

/// Says where keys were looked for: `searched CONNECTOR_GRP in tenant 216 (profile prod)`.
pub(crate) fn searched(ctx: &Context, kinds: &[AssociationType]) -> String {
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_api()).collect();
    format!("searched {} in {}", kinds.join(", "), ctx.tenant_label())
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
    let mut rows = vec![["ID".to_owned(), "TYPE".to_owned(), "GROUP".to_owned(), "USED".to_owned()]];
    rows.extend(keys.iter().map(|key| {
        [key.id.to_string(), key.association_type.to_string(), key.group_label(), key.usage.to_string()]
    }));
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &[String; 4]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let first = keys.first().map_or_else(String::new, |key| key.id.to_string());
    let types_differ = keys
        .windows(2)
        .any(|pair| matches!(pair, [left, right] if left.association_type != right.association_type));
    let or_type = match keys.first() {
        Some(key) if types_differ => format!("      or add --type {}", key.association_type.short()),
        Some(_) | None => String::new(),
    };
    CommandError::Ambiguous {
        selector: selector.clone(),
        hint: format!("name it by its id: id:{first}{or_type}"),
        rows: rows.iter().map(line).collect(),
    }
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
            if near.is_empty() {
                near = items.iter().take(20).map(|item| item.name().into()).collect();
            }
            Err(CommandError::NotFound {
                what,
                selector: selector.clone(),
                candidates: near,
                hints: Vec::from_iter((!hint.is_empty()).then(|| hint.to_owned())),
            })
        }
        several => Err(CommandError::AmbiguousReference {
            what,
            selector: selector.clone(),
            ids: several.iter().map(|item| item.id().to_owned()).collect(),
        }),
    }
}

/// Writes a key so that it can be typed: its name, or its id if the name might not select it, or not it alone, and its
/// type if commands do not look there by themselves.
pub(crate) fn typed(ctx: &Context, key: &ProvisioningKey) -> String {
    let kind = key.association_type;
    if !ctx.settings.types.contains(&kind) {
        return format!("id:{} --type {}", key.id, kind.short());
    }
    if is_typable(key.name.raw()) && !ctx.handles.needs_id(&key.id) {
        quoted(key.name.raw())
    } else {
        format!("id:{}", key.id)
    }
}

/// Writes a selector as it was typed.
pub(crate) fn as_typed(selector: &Selector) -> String {
    match selector {
        Selector::Id(id) => format!("id:{id}"),
        Selector::Name(name) => quoted(&format!("name:{name}")),
        Selector::Any(text) if text.starts_with('-') => quoted(&format!("name:{text}")),
        Selector::Any(text) | Selector::IdFirst(text) => quoted(text),
    }
}
