//! Lists of keys, of several types together: what was read, and what was not.

use crate::api::{ApiError, Client, Gap, KeyList, Meaning, OddObject};
use crate::domain::{AssociationType, ProvisioningKey};
use crate::error::{CommandError, CommandResult, ErrorKind, Hint};

/// What was read of several types.
pub(crate) struct Readable {
    /// The keys, type by type.
    pub(crate) keys: Vec<ProvisioningKey>,
    /// The types that were read.
    pub(crate) kinds: Vec<AssociationType>,
    /// The types that were not read, or not whole, although the tenant has them.
    pub(super) unread: Vec<AssociationType>,
    /// The first failure that does not mean that a type is not for this credential or tenant.
    pub(crate) failure: Option<CommandError>,
    pub(crate) warnings: Vec<String>,
    /// Keys that are there and cannot be read.
    pub(crate) odd: Vec<OddObject>,
}

/// Reads all keys of several types, in flight together. Any failure but that a type is not for this credential or tenant
/// is an error.
pub(crate) async fn read_types(client: &Client, kinds: &[AssociationType]) -> CommandResult<Readable> {
    let mut readable = read_available(client, kinds).await?;
    match readable.failure.take() {
        Some(error) => Err(error),
        None => Ok(readable),
    }
}

/// Reads what can be read of several types, in flight together; [`Readable::failure`] has what failed.
pub(crate) async fn read_available(client: &Client, kinds: &[AssociationType]) -> CommandResult<Readable> {
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
        Err(incomplete_lists(&self.unread, in_part))
    }

    /// True if all keys of a type were read.
    pub(crate) fn is_whole(&self, kind: AssociationType) -> bool {
        let is_left_out = |odd: &OddObject| odd.kind == Some(kind) && odd.is_left_out();
        self.kinds.contains(&kind) && !self.unread.contains(&kind) && !self.odd.iter().any(is_left_out)
    }

    /// Returns what keeps the lists from being whole: of one type its own failure, of several that they are incomplete.
    pub(crate) fn gap(&mut self) -> Option<CommandError> {
        let is_only_type = self.kinds == self.unread && self.kinds.len() == 1;
        let failure = self.failure.take().filter(|_| is_only_type);
        failure.or_else(|| self.require_complete().err())
    }
}

/// Lists the keys of a type for a command that acts on the absence of a name.
///
/// # Errors
/// Any [`ApiError`]; that the lists are incomplete if the API sent fewer keys than it says there are.
pub(crate) async fn whole_list(
    client: &Client,
    kind: AssociationType,
) -> CommandResult<Vec<ProvisioningKey>> {
    match client.key_list(kind).await? {
        KeyList { keys, gap: None } => Ok(keys),
        KeyList { gap: Some(Gap::Page(error)), .. } => Err(error.into()),
        KeyList { gap: Some(Gap::Fewer { .. }), .. } => Err(incomplete_lists(&[kind], true)),
    }
}

/// Tells what was read from what was not. As long as one type was read, the others are warnings; what acts on absence
/// asks [`Readable::require_complete`]. If no type was read, the first failure is the answer.
pub(super) fn sort_out(lists: Vec<(AssociationType, Result<KeyList, ApiError>)>) -> CommandResult<Readable> {
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
                    let failure = CommandError::from(error.clone()).doing(format!("listing {kind} keys"));
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
            format!("{kind} keys could not be read ({why}); the profile's `types` names the types to ask")
        } else {
            let failure = CommandError::from(error.clone()).doing(format!("listing {kind} keys"));
            readable.failure.get_or_insert(failure);
            format!("{kind} keys could not be read ({error})")
        });
        if !is_absent {
            readable.unread.push(kind);
        }
        failed.get_or_insert((kind, error));
    }
    match failed {
        Some((kind, error)) if readable.kinds.is_empty() => Err(match why_unreadable(&error) {
            Some(_) => error.into(),
            None => CommandError::from(error).doing(format!("listing {kind} keys")),
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
            format!("the list of {kind} keys is incomplete: {listed} of {total}")
        }
        Gap::Page(error) => format!("the list of {kind} keys is incomplete: {error}"),
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

/// Some lists could not be read whole, so that what is not in them may exist all the same. `in_part`: each of them was read in
/// part.
fn incomplete_lists(unread: &[AssociationType], in_part: bool) -> CommandError {
    let hint = if in_part {
        Hint::from("run it again: the API did not send all keys that it counts")
    } else {
        Hint::run("doctor --online", "tells which types this credential may read")
    };
    let kinds: Vec<_> = unread.iter().map(|kind| kind.short()).collect();
    CommandError::new(ErrorKind::Partial, format!("not all keys could be read: {}", kinds.join(", ")))
        .hint(hint)
        .retryable()
}
