//! Groups that have moved to `OAuth2` enrolment, whose keys nothing needs.

use futures_util::future::join_all;

use super::{Finding, to_look_after};
use crate::api::{Client, KeyListing};
use crate::context::Context;
use crate::domain::audit::{TypeInventory, groups_without_keys};
use crate::domain::{AssociationType, Enrolled, GroupId, ServerText};
use crate::output::Check;

/// What enrolled with keys of a type; `None` if that may not be read, or cannot be listed.
pub(super) type Enrolment = (AssociationType, Option<Vec<Enrolled>>);

/// Reads what enrolled, all types in flight together.
pub(super) async fn read(client: &Client) -> Vec<Enrolment> {
    let of = async |kind: AssociationType| (kind, client.enrolled(kind).await.ok().flatten());
    join_all(AssociationType::ALL.map(of)).await
}

/// Says of which groups the newest connectors enrolled without a key. There is no finding if there are none, or if what
/// enrolled may not be read.
pub(super) fn check(ctx: &Context, listings: &[KeyListing], enrolments: Vec<Enrolment>) -> Vec<Finding> {
    let keys = |of: AssociationType| {
        let listing = listings.iter().find(|(kind, _)| *kind == of);
        listing.and_then(|(_, keys)| keys.as_ref().ok()).cloned().unwrap_or_default()
    };
    let types = enrolments.into_iter().map(|(kind, enrolled)| TypeInventory {
        kind,
        keys: keys(kind),
        keys_are_whole: true,
        groups: None,
        enrolled,
    });
    let list = ctx.command("audit --only ZPK052");
    let finding = |kind: AssociationType, id: &GroupId, name: &ServerText| {
        let message = format!(
            "the newest {} of {name} ({id}) enrolled without a key: the tenant or the group has moved to OAuth2 enrolment",
            kind.member_noun()
        );
        let hint = format!("{list} lists its keys that can enrol: close them");
        to_look_after(Check::Enrolment, &message).hint(&hint).into()
    };
    let of_type = |one: TypeInventory| -> Vec<Finding> {
        groups_without_keys(&one).iter().map(|(id, name)| finding(one.kind, id, name)).collect()
    };
    types.flat_map(of_type).collect()
}
