//! The group and the certificate that a new key refers to.

use crate::api::Client;
use crate::commands::shared::lookup::pick_reference;
use crate::commands::shared::refusals::not_found;
use crate::context::Context;
use crate::domain::{AssociationType, CertId, EnrollmentCert, GroupId, Selector, ServerText, Zcomponent};
use crate::error::{CommandError, CommandResult};
use crate::output::Notice;

/// Finds the group. For three types no list of groups is known, so an id is taken as it is.
pub(crate) async fn find_group(
    ctx: &Context,
    client: &Client,
    kind: AssociationType,
    selector: &Selector,
) -> CommandResult<Zcomponent> {
    let what = kind.group_noun();
    let hint = made_elsewhere(what);
    if let Selector::Id(id) = selector
        && let Ok(id) = id.parse::<GroupId>()
    {
        return match client.group(kind, &id).await {
            Ok(Some(group)) => Ok(group),
            Ok(None) => Ok(Zcomponent { id, name: ServerText::default(), enabled: true, microtenant: None }),
            Err(error) if error.is_not_found() => Err(not_found(what, selector, Vec::new())
                .hint(format!("{} lists the keys with their groups", ctx.command("list -o wide")))),
            Err(error) => Err(error.into()),
        };
    }
    let Some(groups) = client.groups(kind).await? else {
        let id = selector.text().parse().map_err(|_| {
            CommandError::usage(format!("--group takes an id for {kind}: no list of {what}s is known"), "")
        })?;
        return Ok(Zcomponent { id, name: ServerText::default(), enabled: true, microtenant: None });
    };
    let group = pick_reference(what, selector, &groups, &hint)?.clone();
    say_if_disabled(ctx, what, &group);
    Ok(group)
}

/// Says where groups come from.
pub(crate) fn made_elsewhere(what: &str) -> String {
    format!("{what}s are made in the admin portal or by Terraform, not by zpakey")
}

pub(crate) fn say_if_disabled(ctx: &Context, what: &str, group: &Zcomponent) {
    if !group.enabled {
        ctx.say(&Notice::Warning(format!("{what} \"{}\" is disabled", group.name)));
    }
}

/// Finds the certificate: the one that is named, else the one that the type calls for; never simply the first.
pub(crate) async fn find_cert(
    ctx: &Context,
    client: &Client,
    kind: AssociationType,
    selector: Option<&Selector>,
) -> CommandResult<EnrollmentCert> {
    let hint = "name another one with --cert";
    match (selector, kind.default_cert_name()) {
        (Some(selector), _) => named_cert(ctx, client, selector, hint).await,
        (None, Some(name)) => named_cert(ctx, client, &Selector::Name(name.to_owned()), hint).await,
        (None, None) => {
            let message = format!("--cert is needed for {kind}: no certificate is known to be its default");
            Err(CommandError::usage(message, ""))
        }
    }
}

/// Finds the certificate that is named: one request, by its id or among all of them.
pub(crate) async fn named_cert(
    ctx: &Context,
    client: &Client,
    selector: &Selector,
    hint: &str,
) -> CommandResult<EnrollmentCert> {
    const WHAT: &str = "enrollment certificate";
    let cert = if let Selector::Id(id) = selector {
        let id = id.parse::<CertId>().map_err(|_| CommandError::usage("--cert: `id:` takes digits", ""))?;
        client.cert(&id).await.map_err(|error| {
            if !error.is_not_found() {
                return error.into();
            }
            not_found(WHAT, selector, Vec::new())
        })?
    } else {
        pick_reference(WHAT, selector, &client.certs().await?, hint)?.clone()
    };
    reject_cert(&cert, ctx.clock.now())?;
    Ok(cert)
}

/// Refuses a certificate with which nothing could enrol.
pub(crate) fn reject_cert(cert: &EnrollmentCert, now: jiff::Timestamp) -> Result<(), CommandError> {
    if !cert.private_key_present {
        let message = format!(
            "certificate {} ({}) has no private key at Zscaler and can sign nothing",
            cert.name, cert.id
        );
        return Err(CommandError::usage(message, "name another one with --cert"));
    }
    if let Some(end) = cert.valid_to.filter(|end| *end < now) {
        let message = format!("certificate {} ({}) expired on {end}", cert.name, cert.id);
        return Err(CommandError::usage(message, "name another one with --cert"));
    }
    Ok(())
}
