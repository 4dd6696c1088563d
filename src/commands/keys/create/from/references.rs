//! What entries refer to: one list of keys and one of groups for each type, one of certificates, in flight together.

use futures_util::future::{try_join_all, try_join3};

use super::input::Mention;
use super::problems::Problems;
use super::request::EntryRequest;
use crate::commands::shared::lookup::{Referable, pick_reference, refuse_unreadable, whole_list};
use crate::commands::shared::making::KeyOrder;
use crate::commands::shared::references::{made_elsewhere, reject_cert, say_if_disabled};
use crate::context::Context;
use crate::domain::{
    AssociationType, EnrollmentCert, KeyChange, NewKey, ProvisioningKey, Selector, ServerText, Zcomponent,
};
use crate::error::{CommandError, CommandResult};

/// What the tenant has, as far as the entries refer to it.
pub(super) struct TenantIndex {
    /// The keys of the types of the entries.
    pub(super) keys: Vec<ProvisioningKey>,
    /// The groups; none for a type of which no list is known.
    groups: Vec<(AssociationType, Option<Vec<Zcomponent>>)>,
    certs: Vec<EnrollmentCert>,
}

impl TenantIndex {
    pub(super) async fn look_up(ctx: &Context, requests: &[EntryRequest]) -> CommandResult<Self> {
        let client = ctx.client().await?;
        let mut kinds: Vec<AssociationType> = requests.iter().map(|request| request.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let keys = kinds.iter().map(|kind| whole_list(client, *kind));
        let groups = kinds.iter().map(|kind| async { Ok((*kind, client.groups(*kind).await?)) });
        let certs = async { client.certs().await.map_err(CommandError::from) };
        let (keys, groups, certs) = try_join3(try_join_all(keys), try_join_all(groups), certs).await?;
        let keys: Vec<ProvisioningKey> = keys.into_iter().flatten().collect();
        let odd = client.unreadable_keys(&kinds);
        for request in requests {
            let is_missing = !keys.iter().any(|key| key.name == request.name);
            refuse_unreadable(&Selector::Name(request.name.clone()), is_missing, &odd)?;
        }
        Ok(Self { keys, groups, certs })
    }

    /// Finds what every entry names, or says of which it is not there.
    pub(super) fn orders(
        &self,
        ctx: &Context,
        requests: &[EntryRequest],
        origin: &str,
    ) -> Result<Vec<KeyOrder>, CommandError> {
        let mut problems = Problems::new(origin, requests.len());
        let mut orders = Vec::new();
        let mut disabled = Vec::new();
        for request in requests {
            let group = self.group(request).map_err(|error| problems.add_error(&request.label, error));
            let cert = self.cert(ctx, request).map_err(|error| problems.add_error(&request.label, error));
            let (Ok(group), Ok(cert)) = (group, cert) else { continue };
            if !group.enabled && !disabled.contains(&group.id) {
                say_if_disabled(ctx, request.kind.group_noun(), &group);
                disabled.push(group.id.clone());
            }
            orders.push(order(request, group, cert));
        }
        problems.into_result(Vec::new())?;
        Ok(orders)
    }

    fn group(&self, request: &EntryRequest) -> Result<Zcomponent, CommandError> {
        let kind = request.kind;
        let what = kind.group_noun();
        let listed = self.groups.iter().find(|(of, _)| *of == kind).and_then(|(_, groups)| groups.as_ref());
        if let Some(groups) = listed {
            return pick(what, &request.group, groups, &made_elsewhere(what)).cloned();
        }
        let id = match &request.group {
            Mention::One(selector) => selector.text(),
            Mention::Both { id, .. } => id,
        };
        let id = id.parse().map_err(|_| {
            CommandError::usage(format!("an id is needed for {kind}: no list of {what}s is known"), "")
        })?;
        Ok(Zcomponent { id, name: ServerText::default(), enabled: true, microtenant: None })
    }

    fn cert(&self, ctx: &Context, request: &EntryRequest) -> Result<EnrollmentCert, CommandError> {
        let default = || request.kind.default_cert_name().map(|name| Selector::Name(name.to_owned()));
        // A request without a certificate is of a type that calls for one.
        let mention = request.cert.clone().or_else(|| default().map(Mention::One));
        let mention = mention.ok_or_else(|| CommandError::usage("no certificate is named", ""))?;
        let hint = "name another one with --cert, or in the entry";
        let cert = pick("enrollment certificate", &mention, &self.certs, hint)?;
        reject_cert(cert, ctx.clock.now())?;
        Ok(cert.clone())
    }
}

/// Picks what is named. Of an id and a name the name counts, for ids are another tenant's where an entry comes from
/// there; the id tells several of that name apart.
fn pick<'a, T: Referable>(
    what: &'static str,
    mention: &Mention,
    items: &'a [T],
    hint: &str,
) -> Result<&'a T, CommandError> {
    match mention {
        Mention::One(selector) => pick_reference(what, selector, items, hint),
        Mention::Both { id, name } => {
            match items.iter().find(|item| item.id() == id && item.name() == name) {
                Some(item) => Ok(item),
                None => pick_reference(what, &Selector::Name(name.clone()), items, hint),
            }
        }
    }
}

fn order(request: &EntryRequest, group: Zcomponent, cert: EnrollmentCert) -> KeyOrder {
    let wanted = NewKey {
        name: request.name.clone(),
        association_type: request.kind,
        group: group.id.clone(),
        cert: cert.id.clone(),
        max_usage: request.max_usage,
        enabled: request.enabled,
        exportable: true,
        ip_acl: request.ip_acl.clone(),
        ui_config: request.ui_config.clone(),
    };
    let change = KeyChange { cert: request.is_cert_told.then(|| cert.id.clone()), ..request.change.clone() };
    KeyOrder { wanted, group: group.into(), cert: cert.into(), change }
}
