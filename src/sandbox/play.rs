//! Plays the failure that meets a request, round its effect.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tokio::time::sleep;

use super::{
    call::{Answer, Call, plain},
    fault::Action,
    response::Delivery,
    server::{Server, lock},
    store::View,
};

/// What goes out.
pub(super) enum Outcome {
    Answer(Answer, Delivery),
    Reset,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer, Delivery::Whole)
    }
}

pub(super) async fn play(server: &Arc<Server>, call: Call, action: Option<Action>, ordinal: u64) -> Outcome {
    let Some(action) = action else { return apply(server, call, ordinal, View::Current).await.into() };
    match before(server, &call, &action).await {
        Before::Go => {}
        Before::Reset => return Outcome::Reset,
        Before::Answer(answer) => return answer.into(),
    }
    if let Action::ApplyLate(time) = action {
        let server = Arc::clone(server);
        tokio::spawn(async move {
            sleep(time).await;
            apply(&server, call, ordinal, View::Current).await;
        });
        return Outcome::Reset;
    }
    let view = if action == Action::StaleRead { View::Stale } else { View::Current };
    let answer = apply(server, call, ordinal, view).await;
    after(answer, action).await
}

/// What a failure does before the request has its effect.
enum Before {
    Go,
    Reset,
    Answer(Answer),
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
        | Action::StaleRead => Before::Go,
    }
}

/// What a failure does to the answer.
async fn after(mut answer: Answer, action: Action) -> Outcome {
    match action {
        Action::Status { status, headers, body, .. } => return told(status, headers, &body).into(),
        Action::CutBody(bytes) => return Outcome::Answer(answer, Delivery::Cut(bytes)),
        Action::Drip(pause) => return Outcome::Answer(answer, Delivery::Drip(pause)),
        Action::ResetAfter => return Outcome::Reset,
        Action::HangAfter(silence) => {
            sleep(silence).await;
            return Outcome::Reset;
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
        | Action::StaleRead => {}
    }
    answer.into()
}

fn change_list(answer: &mut Answer, change: impl FnOnce(&mut Vec<Value>)) {
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

fn date(seconds_off: i64) -> String {
    let distance = Duration::from_secs(seconds_off.unsigned_abs());
    let now = SystemTime::now();
    let told = if seconds_off < 0 { now.checked_sub(distance) } else { now.checked_add(distance) };
    httpdate::fmt_http_date(told.unwrap_or(now))
}

fn told(status: u16, headers: Vec<(String, String)>, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { plain(body) };
    let mut answer = Answer::text(status, "application/json", body);
    answer.headers.extend(headers);
    answer
}

pub(super) async fn apply(server: &Arc<Server>, call: Call, ordinal: u64, view: View) -> Answer {
    if !server.store.is_file() {
        return server.answer(&call, ordinal, view);
    }
    // Locks and disks are waited for elsewhere, so that other connections go on.
    let server = Arc::clone(server);
    let task = tokio::task::spawn_blocking(move || server.answer(&call, ordinal, view));
    task.await.unwrap_or_else(|_| Answer::refusal(500, "sandbox.error", "The sandbox failed."))
}
