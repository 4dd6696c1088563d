//! How the API is reached: the proxy, and what certificates are checked against.

use std::path::Path;

use super::{Finding, in_order, to_look_after};
use crate::api::{ApiError, certificates_in, check_trust};
use crate::config::{ConfigError, Refused, vars};
use crate::context::Context;
use crate::host::{Others, READS_CERT_FILES};
use crate::output::Check;

/// Tells whether an address is plain http, which leads to this machine only: no proxy is asked.
pub(super) fn is_plain(address: &str) -> bool {
    address.starts_with("http://")
}

/// Tells whether no address of the configuration needs TLS or a proxy.
fn is_all_plain(ctx: &Context) -> bool {
    let Ok(connection) = ctx.connection() else { return false };
    [connection.api_url, connection.token_url]
        .iter()
        .all(|url| url.as_ref().is_some_and(|url| is_plain(url.as_str())))
}

pub(super) fn proxy(ctx: &Context) -> Finding {
    const CHECK: Check = Check::Proxy;
    let is_proxy = |refused: &&Refused| *refused.place.description == vars::PROXY.description;
    if let Some(refused) = ctx.settings.refused().find(is_proxy) {
        return Finding::failed(ctx, CHECK, ConfigError::from(refused.clone()));
    }
    let Some(found) = ctx.settings.proxy() else { return in_order(CHECK, "none").into() };
    let proxy = format!("{} ({})", found.value.shown(), found.origin);
    let except = ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| Some((name, ctx.env.get(name)?)));
    let message = match except {
        _ if is_all_plain(ctx) => format!("{proxy}; not asked, since the API is on this machine"),
        Some((name, hosts)) => format!("{proxy}; not for what {name} lists: {hosts}"),
        None => proxy,
    };
    in_order(CHECK, &message).into()
}

/// Says what certificates are checked against, and reads it.
pub(super) fn trust(ctx: &Context) -> Finding {
    match certificates(ctx) {
        Ok(counts) => {
            let unread = unread(ctx);
            let is_in_order = unread.is_none() || ctx.settings.get(&vars::CACERT).is_some();
            let parts: Vec<_> = std::iter::once(ctx.trust()).chain(counts).chain(unread).collect();
            let view = if is_in_order { in_order } else { to_look_after };
            view(Check::Trust, &parts.join("; ")).into()
        }
        Err(error) => Finding::failed(ctx, Check::Trust, error),
    }
}

/// Names a variable that has no effect on this system.
fn unread(ctx: &Context) -> Option<String> {
    let mut names = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter(|_| !READS_CERT_FILES);
    let name = names.find(|name| ctx.env.get(name).is_some())?;
    Some(format!("{name} is not read on this system: --cacert FILE adds an authority"))
}

/// Counts the certificates of the files that were named.
fn certificates(ctx: &Context) -> Result<Vec<String>, ApiError> {
    let cacert = ctx.settings.get(&vars::CACERT).map(|found| found.value.as_path());
    let read = |name| ctx.env.get(name).filter(|_| READS_CERT_FILES);
    let named = read("SSL_CERT_FILE").map(Path::new);
    let mut counts = Vec::new();
    for path in named.into_iter().chain(cacert) {
        let some = match certificates_in(path)? {
            1 => "1 certificate".to_owned(),
            more => format!("{more} certificates"),
        };
        counts.push(format!("{} has {some}", path.display()));
    }
    for path in read("SSL_CERT_DIR").into_iter().flat_map(|paths| paths.split(':')) {
        if !Others::of(Path::new(path)).is_ok_and(|found| found.is_some()) {
            return Err(ApiError::CaFile {
                path: path.to_owned(),
                why: "there is none (SSL_CERT_DIR)".to_owned(),
                container: None,
            });
        }
    }
    if is_all_plain(ctx) {
        counts.push("not needed, since the API is on this machine".to_owned());
    } else {
        check_trust(cacert, &ctx.trust())?;
    }
    Ok(counts)
}
