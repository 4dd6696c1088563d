//! Plays the failure that meets a request, round its effect.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use tokio::time::sleep;

use super::{
    call::{Call, Reply, plain},
    fault::{Action, Met},
    response::Delivery,
    second_actor::{Act, perform},
    server::{Server, lock},
    service::date,
    store::ReadView,
};

pub(super) enum Playback {
    Answer(Reply, Delivery),
    Reset,
}

impl From<Reply> for Playback {
    fn from(answer: Reply) -> Self {
        Self::Answer(answer, Delivery::Whole)
    }
}

/// Plays what meets a request: a second actor's acts round the failure.
pub(super) async fn play(server: &Arc<Server>, call: Call, met: Met, ordinal: u64) -> Playback {
    let path = call.path.clone();
    if let Err(failed) = act(server, met.before, key_in(&path)).await {
        return failed.into();
    }
    let outcome = fail(server, call, met.action, ordinal).await;
    let in_answer = match &outcome {
        Playback::Answer(answer, _) => serde_json::from_str::<Value>(&answer.body).ok(),
        Playback::Reset => None,
    };
    let made = in_answer.as_ref().and_then(|body| body.get("id")).map(plain);
    match act(server, met.after, key_in(&path).or(made)).await {
        Ok(()) => outcome,
        Err(failed) => failed.into(),
    }
}

/// The id of the key that a path is about.
fn key_in(path: &str) -> Option<String> {
    let (_, id) = path.rsplit_once("/provisioningKey/")?;
    Some(id.to_owned())
}

/// Does what a second actor does now; the error is the answer that says why it could not.
async fn act(server: &Arc<Server>, acts: Vec<Act>, this: Option<String>) -> Result<(), Reply> {
    if acts.is_empty() {
        return Ok(());
    }
    let server = Arc::clone(server);
    let task = tokio::task::spawn_blocking(move || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        server.store.change(|tenant| perform(tenant, &acts, this.as_deref(), now))
    });
    let reason = match task.await {
        Ok(Ok(Ok(()))) => return Ok(()),
        Ok(Ok(Err(reason))) => reason,
        Ok(Err(failure)) => failure.to_string(),
        Err(_) => "the second actor failed".to_owned(),
    };
    Err(Reply::refusal(424, "sandbox.error", &reason))
}

async fn fail(server: &Arc<Server>, mut call: Call, action: Option<Action>, ordinal: u64) -> Playback {
    let Some(action) = action else { return apply(server, call, ordinal, ReadView::Current).await.into() };
    match before(server, &call, &action).await {
        Before::Go => {}
        Before::Reset => return Playback::Reset,
        Before::Answer(answer) => return answer.into(),
    }
    if let Action::ApplyLate(time) = action {
        let server = Arc::clone(server);
        tokio::spawn(async move {
            sleep(time).await;
            apply(&server, call, ordinal, ReadView::Current).await;
        });
        return Playback::Reset;
    }
    if let Action::Quirk(quirks) = action {
        call.quirks = quirks;
    }
    let view = if action == Action::StaleRead { ReadView::Stale } else { ReadView::Current };
    let answer = apply(server, call, ordinal, view).await;
    after(answer, action).await
}

/// What a failure does before the request has its effect.
enum Before {
    Go,
    Reset,
    Answer(Reply),
}

async fn before(server: &Server, call: &Call, action: &Action) -> Before {
    match action {
        Action::Status { status, headers, body, after: false } => {
            Before::Answer(told(*status, headers.clone(), body))
        }
        Action::ResetBefore => Before::Reset,
        Action::HangBefore(silence) => {
            sleep(*silence).await;
            Before::Reset
        }
        Action::Refuse(time) => {
            server.refuse_for(*time).await;
            Before::Reset
        }
        Action::TokenExpired => {
            lock(&server.revoked).extend(call.bearer.clone());
            Before::Go
        }
        Action::Status { .. }
        | Action::CutBody(_)
        | Action::Unreadable
        | Action::Empty
        | Action::ResetAfter
        | Action::HangAfter(_)
        | Action::ApplyLate(_)
        | Action::Drip(_)
        | Action::ContentType(_)
        | Action::EntryTwice
        | Action::PageMissing
        | Action::ClockOff(_)
        | Action::StaleRead
        | Action::Quirk(_)
        | Action::Before(_)
        | Action::After(_) => Before::Go,
    }
}

/// What a failure does to the answer.
async fn after(mut answer: Reply, action: Action) -> Playback {
    match action {
        Action::Status { status, headers, body, .. } => return told(status, headers, &body).into(),
        Action::CutBody(bytes) => return Playback::Answer(answer, Delivery::Cut(bytes)),
        Action::Drip(pause) => return Playback::Answer(answer, Delivery::Drip(pause)),
        Action::ResetAfter => return Playback::Reset,
        Action::HangAfter(silence) => {
            sleep(silence).await;
            return Playback::Reset;
        }
        Action::Unreadable => "{\"id\":\"38".clone_into(&mut answer.body),
        Action::Empty => answer.body.clear(),
        Action::ContentType(name) => answer = answer.with_header("content-type", name),
        Action::EntryTwice => change_list(&mut answer, |list| list.extend(list.first().cloned())),
        Action::PageMissing => change_list(&mut answer, Vec::clear),
        Action::ClockOff(seconds) => answer = answer.with_header("date", date(seconds)),
        // These were played before the request had its effect.
        Action::ResetBefore
        | Action::HangBefore(_)
        | Action::Refuse(_)
        | Action::ApplyLate(_)
        | Action::TokenExpired
        | Action::StaleRead
        | Action::Quirk(_)
        | Action::Before(_)
        | Action::After(_) => {}
    }
    answer.into()
}

fn change_list(answer: &mut Reply, change: impl FnOnce(&mut Vec<Value>)) {
    let Ok(mut body) = serde_json::from_str::<Value>(&answer.body) else { return };
    let list = match &mut body {
        Value::Array(list) => Some(list),
        Value::Object(page) => page.get_mut("list").and_then(Value::as_array_mut),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    if let Some(list) = list {
        change(list);
        answer.body = body.to_string();
    }
}

fn told(status: u16, headers: Vec<(String, String)>, body: &Value) -> Reply {
    let body = if body.is_null() { String::new() } else { plain(body) };
    let mut answer = Reply::text(status, "application/json", body);
    answer.headers.extend(headers);
    answer
}

pub(super) async fn apply(server: &Arc<Server>, call: Call, ordinal: u64, view: ReadView) -> Reply {
    if !server.store.is_file() {
        return server.answer(&call, ordinal, view);
    }
    // Locks and disks are waited for elsewhere, so that other connections go on.
    let server = Arc::clone(server);
    let task = tokio::task::spawn_blocking(move || server.answer(&call, ordinal, view));
    task.await.unwrap_or_else(|_| Reply::refusal(500, "sandbox.error", "The sandbox failed."))
}
