//! What acts on a due time or an age needs two clocks that agree: a tenant's server that is days ahead would have every
//! grace over at once.

use jiff::SignedDuration;

use crate::api::Client;
use crate::commands::shared::refusals::rotation;
use crate::context::Context;
use crate::error::{CommandError, ErrorKind};

/// How far the clocks may be apart.
const MOST: SignedDuration = SignedDuration::from_mins(5);

/// True if the server's clock is known and agrees with this machine's.
pub(crate) fn clocks_agree(client: &Client) -> bool {
    client.clock_skew().is_some_and(|skew| skew.abs() <= MOST)
}

/// Refuses if the clocks do not agree.
pub(crate) fn check_clocks(ctx: &Context, client: &Client, what: &str) -> Result<(), CommandError> {
    if clocks_agree(client) { Ok(()) } else { Err(clocks_differ(ctx, client, what)) }
}

fn clocks_differ(ctx: &Context, client: &Client, what: &str) -> CommandError {
    let told = |time: jiff::Timestamp| {
        jiff::Timestamp::from_second(time.as_second())
            .map_or_else(|_| time.to_string(), |time| time.to_string())
    };
    let theirs = client.clock_skew().map(|_| told(client.server_time()));
    clock_refusal(what, theirs, &told(ctx.clock.now()))
}

/// Makes the refusal; `theirs` is `None` if the server's clock is not known.
pub(super) fn clock_refusal(what: &str, theirs: Option<String>, ours: &str) -> CommandError {
    let (why, told, hint) = match theirs {
        Some(time) => (
            "the clocks do not agree within 5 minutes",
            format!("the server's clock says   {time}"),
            "set the clock that is wrong, then run it again",
        ),
        None => (
            "the server's clock is not known",
            "the answers have no Date header, which each server sends".to_owned(),
            "a proxy in between may take it away: run it past the proxy, as with --proxy none",
        ),
    };
    let message = format!("{what} needs synchronized clocks, and {why}: nothing was changed");
    rotation(ErrorKind::ClockSkew, message)
        .details([told, format!("this machine's clock says {ours}")])
        .hint(hint)
}
