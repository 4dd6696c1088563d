//! What acts on a due time or an age needs two clocks that agree: a tenant's server that is days ahead would have every
//! grace over at once.

use jiff::SignedDuration;

use crate::api::Client;
use crate::commands::{CommandError, RotationErrorKind};
use crate::context::Context;

/// How far the clocks may be apart.
const MOST: SignedDuration = SignedDuration::from_mins(5);

/// True if the server's clock is known and agrees with this machine's.
pub(crate) fn clocks_agree(client: &Client) -> bool {
    client.clock_skew().is_some_and(|skew| skew.abs() <= MOST)
}

/// Refuses if the clocks do not agree.
///
/// # Errors
/// [`RotationErrorKind::Clocks`], with both times.
pub(crate) fn check_clocks(ctx: &Context, client: &Client, what: &str) -> Result<(), CommandError> {
    if clocks_agree(client) { Ok(()) } else { Err(clocks_differ(ctx, client, what)) }
}

/// Says what both clocks say.
pub(crate) fn clocks_differ(ctx: &Context, client: &Client, what: &str) -> CommandError {
    let ours = ctx.clock.now();
    let told = |time: jiff::Timestamp| {
        jiff::Timestamp::from_second(time.as_second())
            .map_or_else(|_| time.to_string(), |time| time.to_string())
    };
    let theirs = match client.clock_skew() {
        Some(_) => format!("the server's clock says   {}", told(client.server_time())),
        None => "the server's answers do not say what its clock says (no Date)".to_owned(),
    };
    CommandError::Rotation {
        trouble: RotationErrorKind::Clocks,
        message: format!(
            "{what} goes by a time, and the clocks do not agree within 5 minutes: nothing was changed"
        ),
        details: vec![theirs, format!("this machine's clock says {}", told(ours))],
        hints: vec!["set the clock that is wrong, then run it again".to_owned()],
    }
}
