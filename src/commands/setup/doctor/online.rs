//! The way to the API, from names of hosts to numbers of keys. Whatever is asked, only reads are sent: signing in, and
//! the keys of each type and what enrolled with them.

use std::sync::Arc;

use futures_util::future::{join, join_all};
use jiff::Timestamp;
use url::{Host, Url};

use super::clock::{self, Seen, Watch};
use super::enrolment;
use super::keys::{capacity, not_accepted, types};
use super::reach::is_plain;
use super::{Finding, ONLINE, in_order, skipped};
use crate::api::{ApiError, Client, KeyListing, Observer, SignIn};
use crate::config::Connection;
use crate::context::Context;
use crate::domain::AssociationType;
use crate::error::{CommandError, ErrorKind};
use crate::host::resolve;
use crate::output::{Check, time_left};

/// Looks at the way to the API: at the clock, and at all else. Where an `earlier` check has failed, that is why
/// nothing can be asked.
pub(super) async fn check(
    ctx: &Context,
    sign_in: Option<(Connection, SignIn)>,
    earlier: bool,
) -> (Finding, Vec<Finding>) {
    let watch = Watch::new(ctx);
    let client = match sign_in {
        None => Err(None),
        Some((connection, sign_in)) => {
            let observer = Arc::clone(&watch) as Arc<dyn Observer>;
            ctx.client_signing_in(connection, sign_in, None, observer).map_err(Some)
        }
    };
    let findings = match client {
        Ok(client) => ask(ctx, &client, &watch).await,
        Err(Some(error)) if !earlier => {
            and_skip_the_rest(vec![Finding::failed(ctx, Check::Dns, error)], "there is no client to ask with")
        }
        Err(_) => and_skip_the_rest(Vec::new(), "what comes before must be right first"),
    };
    (clock::check(ctx, watch.seen().ahead), findings)
}

/// Asks, one thing after another as they depend on each other.
async fn ask(ctx: &Context, client: &Client, watch: &Watch) -> Vec<Finding> {
    let addresses = [client.token_address(), client.base_address()];
    let hosts: Vec<Url> = addresses.iter().filter_map(|address| Url::parse(address).ok()).collect();
    let mut findings = vec![dns(ctx, &hosts).await];
    if findings.iter().any(|finding| finding.kind.is_some()) {
        return and_skip_the_rest(findings, "the host was not found");
    }
    let signed_in = client.access_token().await;
    let (listings, enrolments) = match signed_in {
        Ok(_) => join(client.keys_of(&AssociationType::ALL), enrolment::read(client)).await,
        Err(_) => (Vec::new(), Vec::new()),
    };
    if addresses.iter().all(|address| address.is_empty() || is_plain(address)) {
        findings.push(skipped(Check::Tls, "plain http, to this machine only").into());
    } else if let Some(error) = unreached(signed_in.as_ref().err(), &listings) {
        findings.push(Finding::failed(ctx, Check::Tls, error));
        return and_skip_the_rest(findings, "the host was not reached");
    } else {
        findings.push(tls(ctx, &watch.seen()));
    }
    let end = match (signed_in, not_accepted(&listings)) {
        (Ok((_, end)), None) => end,
        (Err(error), _) | (Ok(_), Some(error)) => {
            findings.push(Finding::failed(ctx, Check::Token, error));
            return and_skip_the_rest(findings, "there is no token that is accepted");
        }
    };
    findings.push(token(ctx, client, end));
    findings.extend(types(ctx, &listings));
    findings.extend(capacity(ctx, &listings));
    findings.extend(super::terraform::check(ctx, &listings));
    findings.extend(enrolment::check(ctx, &listings, enrolments));
    findings
}

/// Adds that the checks which have no finding yet were not made.
fn and_skip_the_rest(mut findings: Vec<Finding>, why: &str) -> Vec<Finding> {
    let rest = ONLINE.into_iter().skip(findings.len());
    findings.extend(rest.map(|check| skipped(check, why).into()));
    findings
}

/// Looks the hosts up, together.
async fn dns(ctx: &Context, hosts: &[Url]) -> Finding {
    const CHECK: Check = Check::Dns;
    let mut names: Vec<&str> = hosts
        .iter()
        .filter_map(|url| match url.host() {
            Some(Host::Domain(name)) => Some(name),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => None,
        })
        .collect();
    names.dedup();
    if names.is_empty() {
        return skipped(CHECK, "there is no name to look up").into();
    }
    let is_here = hosts.iter().any(|url| is_plain(url.as_str()));
    if !is_here && ctx.settings.proxy().is_some() {
        return skipped(CHECK, "the proxy looks names up").into();
    }
    let limit = ctx.timeout();
    let looked_up = join_all(names.iter().map(|name| resolve(name, limit))).await;
    let mut shown = Vec::new();
    for (name, found) in names.iter().zip(looked_up) {
        match found.map(|addresses| addresses.first().copied()) {
            Ok(Some(address)) => shown.push(format!("{name} is {address}")),
            Ok(None) => {
                let why = "it has none".to_owned();
                return Finding::failed(ctx, CHECK, unresolved(name, &why));
            }
            Err(error) => {
                let why = error.to_string();
                return Finding::failed(ctx, CHECK, unresolved(name, &why));
            }
        }
    }
    in_order(CHECK, &shown.join(", ")).into()
}

fn unresolved(host: &str, why: &str) -> CommandError {
    CommandError::new(ErrorKind::Network, format!("could not find the address of {host}: {why}"))
        .hint("where only a proxy leads out of this network: --proxy URL, or HTTPS_PROXY")
        .retryable()
}

/// Returns why there was no connection; `None` if there was one.
fn unreached(sign_in: Option<&ApiError>, listings: &[KeyListing]) -> Option<ApiError> {
    let of_network = |error: &ApiError| is_of_network(error).then(|| error.clone());
    if let Some(error) = sign_in {
        return of_network(error);
    }
    let errors: Vec<_> =
        listings.iter().map(|(_, outcome)| outcome.as_ref().err().and_then(of_network)).collect();
    errors.iter().all(Option::is_some).then(|| errors.into_iter().flatten().next()).flatten()
}

/// Tells whether an error is about the connection and not about what was said over it.
fn is_of_network(error: &ApiError) -> bool {
    match error {
        ApiError::NotSent(_) | ApiError::Lost(_) => true,
        ApiError::WaitedTooLong { last, .. } => is_of_network(last),
        ApiError::Refused(_)
        | ApiError::Unreadable { .. }
        | ApiError::OutcomeUnknown { .. }
        | ApiError::Deadline { .. }
        | ApiError::Interrupted { .. }
        | ApiError::SignIn(_)
        | ApiError::UnknownCloud { .. }
        | ApiError::PrivateKey { .. }
        | ApiError::CaFile { .. }
        | ApiError::Setup(_)
        | ApiError::Managed { .. }
        | ApiError::StillThere { .. }
        | ApiError::LookFirst { .. }
        | ApiError::CannotApply(_) => false,
    }
}

fn tls(ctx: &Context, seen: &Seen) -> Finding {
    let issuers: Vec<String> = seen.issuers.iter().map(|issuer| format!("\"{issuer}\"")).collect();
    let by =
        if issuers.is_empty() { String::new() } else { format!(", issued by {}", issuers.join(" and ")) };
    in_order(Check::Tls, &format!("the certificate is trusted{by}"))
        .detail(&format!("trust: {}", ctx.trust()))
        .into()
}

fn token(ctx: &Context, client: &Client, end: Option<Timestamp>) -> Finding {
    let message = match (client.token_address(), end) {
        ("", _) => "the token that was given is accepted".to_owned(),
        (_, None) => "signed in".to_owned(),
        (_, Some(end)) => {
            format!("signed in, good for {}", time_left(end.duration_since(ctx.clock.now()).as_secs()))
        }
    };
    in_order(Check::Token, &message).into()
}
