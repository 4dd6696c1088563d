//! The group and the certificate that a new key refers to.

use crate::api::Client;
use crate::commands::CommandError;
use crate::commands::lookup::{Candidate, pick_reference};
use crate::context::Context;
use crate::domain::{AssociationType, CertId, EnrollmentCert, GroupId, Selector, Zcomponent};
use crate::output::Notice;

/// Finds the group. For three types no list of groups is known, so an id is taken as it is.
pub(super) async fn find_group(
    ctx: &Context,
    client: &Client,
    kind: AssociationType,
    selector: &Selector,
) -> anyhow::Result<Zcomponent> {
    let what = kind.group_noun();
    let hint = format!("{what}s are made in the admin portal or by Terraform, not by zpakey");
    if let Selector::Id(id) = selector
        && let Ok(id) = id.parse::<GroupId>()
    {
        return match client.group(kind, &id).await {
            Ok(Some(group)) => Ok(group),
            Ok(None) => Ok(Zcomponent { id, name: String::new(), enabled: true }),
            Err(error) if error.is_not_found() => Err(CommandError::NotFound {
                what,
                selector: selector.clone(),
                candidates: Vec::new(),
                hints: vec![format!("{} lists the keys with their groups", ctx.command("list -o wide"))],
            }
            .into()),
            Err(error) => Err(error.into()),
        };
    }
    let Some(groups) = client.groups(kind).await? else {
        let id = selector.text().parse().map_err(|_| {
            CommandError::usage(format!("--group takes an id for {kind}: no list of {what}s is known"), "")
        })?;
        return Ok(Zcomponent { id, name: String::new(), enabled: true });
    };
    let candidates: Vec<Candidate> =
        groups.iter().map(|group| Candidate { id: group.id.to_string(), name: group.name.clone() }).collect();
    let id = &pick_reference(what, selector, &candidates, &hint)?.id;
    let found = groups.iter().find(|group| group.id.as_str() == id).cloned();
    let group = found.ok_or_else(|| CommandError::usage("no group was named", ""))?;
    if !group.enabled {
        ctx.say(&Notice::Warning(format!("{what} \"{}\" is disabled", group.name)));
    }
    Ok(group)
}

/// Finds the certificate: the one that is named, else the one that the type calls for; never simply the first.
pub(super) async fn find_cert(
    ctx: &Context,
    client: &Client,
    kind: AssociationType,
    selector: Option<&Selector>,
) -> anyhow::Result<EnrollmentCert> {
    const WHAT: &str = "enrollment certificate";
    let cert = match (selector, kind.default_cert_name()) {
        (Some(Selector::Id(id)), _) => {
            let id =
                id.parse::<CertId>().map_err(|_| CommandError::usage("--cert: `id:` takes digits", ""))?;
            client.cert(&id).await.map_err(|error| {
                if !error.is_not_found() {
                    return error.into();
                }
                let (selector, candidates, hints) = (Selector::Id(id.to_string()), Vec::new(), Vec::new());
                anyhow::Error::new(CommandError::NotFound { what: WHAT, selector, candidates, hints })
            })?
        }
        (selector, default) => {
            let selector = match (selector, default) {
                (Some(selector), _) => selector.clone(),
                (None, Some(name)) => Selector::Name(name.to_owned()),
                (None, None) => {
                    return Err(CommandError::usage(
                        format!("--cert is needed for {kind}: no certificate is known to be its default"),
                        "",
                    )
                    .into());
                }
            };
            let certs = client.certs().await?;
            let hint = "name another one with --cert";
            let id = pick_reference(WHAT, &selector, &cert_candidates(&certs), hint)?.id.clone();
            let found = certs.into_iter().find(|cert| cert.id.as_str() == id);
            found.ok_or_else(|| CommandError::usage("no certificate was named", ""))?
        }
    };
    reject_cert(&cert, ctx.clock.now())?;
    Ok(cert)
}

pub(in crate::commands) fn cert_candidates(certs: &[EnrollmentCert]) -> Vec<Candidate> {
    certs.iter().map(|cert| Candidate { id: cert.id.to_string(), name: cert.name.clone() }).collect()
}

/// Refuses a certificate with which nothing could enrol.
pub(in crate::commands) fn reject_cert(
    cert: &EnrollmentCert,
    now: jiff::Timestamp,
) -> Result<(), CommandError> {
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
