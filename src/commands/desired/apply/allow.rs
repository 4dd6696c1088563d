//! The switches of the guards.

use crate::context::{Context, quoted};
use crate::domain::desired::{Allowed, Guard};
use crate::error::{CommandError, CommandResult, ErrorKind};

/// A guard that is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AllowArg {
    Close(usize),
    Rotate(usize),
    InUse,
    Unread,
    Unmanaged,
}

pub(super) fn parse_allow(text: &str) -> Result<AllowArg, String> {
    let expected = || "expected close=N, rotate=N, in-use, unread or unmanaged".to_owned();
    let number =
        |text: &str| text.parse::<usize>().map_err(|_| "expected a number of keys, as in close=5".to_owned());
    match (text, text.split_once('=')) {
        (_, Some(("close", count))) => number(count).map(AllowArg::Close),
        (_, Some(("rotate", count))) => number(count).map(AllowArg::Rotate),
        ("in-use", _) => Ok(AllowArg::InUse),
        ("unread", _) => Ok(AllowArg::Unread),
        ("unmanaged", _) => Ok(AllowArg::Unmanaged),
        ("close" | "rotate", _) => Err(format!("say how many keys, as in {text}=5")),
        _ => Err(expected()),
    }
}

pub(super) fn allowed(args: &[AllowArg]) -> Allowed {
    let mut allowed = Allowed::default();
    for arg in args {
        match arg {
            AllowArg::Close(count) => allowed.close = Some(*count),
            AllowArg::Rotate(count) => allowed.rotate = Some(*count),
            AllowArg::InUse => allowed.in_use = true,
            AllowArg::Unread => allowed.unread = true,
            AllowArg::Unmanaged => allowed.unmanaged = true,
        }
    }
    allowed
}

/// Stops before the first write if a guard says so.
pub(super) fn stop_at(ctx: &Context, guards: &[Guard], path: &str) -> CommandResult<()> {
    if guards.is_empty() {
        return Ok(());
    }
    let switches: Vec<String> =
        guards.iter().flat_map(|guard| &guard.switches).map(|one| format!("--allow {one}")).collect();
    let lines = guards.iter().map(|guard| guard.why.clone());
    let diff = ctx.command(&format!("diff {}", quoted(path)));
    Err(CommandError::new(ErrorKind::Guarded, "stopped before the first write; nothing was changed")
        .details(lines)
        .hint(format!("{diff}      shows what would be done"))
        .hint(format!("{}      lets it through", switches.join(" "))))
}
