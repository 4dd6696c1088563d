//! Which types of keys may be read, and how many keys there are.

use super::{Finding, in_order, skipped, to_look_after};
use crate::api::{ApiError, KeyListing, Meaning};
use crate::commands::shared::lookup::why_unreadable;
use crate::context::Context;
use crate::error::CommandError;
use crate::output::Check;

/// Returns the refusal where every read says that the token is not accepted.
pub(super) fn not_accepted(listings: &[KeyListing]) -> Option<ApiError> {
    let refused = |(_, outcome): &KeyListing| {
        let error = outcome.as_ref().err()?;
        (error.refusal()?.meaning() == Meaning::Unauthorized).then(|| error.clone())
    };
    let errors: Vec<_> = listings.iter().map(refused).collect();
    errors.iter().all(Option::is_some).then(|| errors.into_iter().flatten().next()).flatten()
}

/// Tells types that may be read from those that may not. What every command asks must be among the former.
pub(super) fn types(ctx: &Context, listings: &[KeyListing]) -> Vec<Finding> {
    let (mut read, mut remarks, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, outcome) in listings {
        match outcome {
            Ok(keys) if keys.len() == 1 => read.push(format!("{kind} 1 key")),
            Ok(keys) => read.push(format!("{kind} {} keys", keys.len())),
            Err(error) if ctx.settings.types.contains(kind) => {
                let error = CommandError::from(error.clone()).doing(format!("reading {kind} keys"));
                found.push(Finding::failed(ctx, Check::Types, error));
            }
            Err(error) => {
                if let Some(why) = why_unreadable(error) {
                    remarks.push(format!("{kind} keys may not be read ({why})"));
                } else {
                    let message = format!("{kind} keys could not be read: {error}");
                    found.push(to_look_after(Check::Types, &message).into());
                }
            }
        }
    }
    if !read.is_empty() {
        let view = in_order(Check::Types, &read.join(", "));
        found.insert(0, remarks.iter().fold(view, |view, line| view.detail(line)).into());
    }
    found
}

/// Says how many keys there are of those that may be.
pub(super) fn capacity(ctx: &Context, listings: &[KeyListing]) -> Vec<Finding> {
    const CHECK: Check = Check::Capacity;
    let (mut few, mut found) = (Vec::new(), Vec::new());
    for (kind, outcome) in listings {
        let (Ok(keys), Some(most)) = (outcome, kind.most_keys()) else { continue };
        let used = format!("{kind} {} of {most}", keys.len());
        if keys.len() * 100 < most * 80 {
            few.push(used);
            continue;
        }
        let message = if keys.len() < most { used } else { format!("{used}: no more can be made") };
        let hint = format!("{} shows keys that nothing enrolled with", ctx.command("list --unused"));
        found.push(to_look_after(CHECK, &message).hint(&hint).into());
    }
    match (few.is_empty(), found.is_empty()) {
        (true, true) => found.push(skipped(CHECK, "no type with a known limit was read").into()),
        (true, false) => {}
        (false, _) => found.insert(0, in_order(CHECK, &few.join(", ")).into()),
    }
    found
}
