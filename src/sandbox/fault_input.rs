//! Faults as they are written down.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{
    error::SandboxError,
    fault::{Action, Fault},
    quirks::Quirks,
    second_actor,
};

pub(super) fn wrong(what: impl Into<String>) -> SandboxError {
    SandboxError::Faults(what.into())
}

pub(super) fn one(value: &Value) -> Result<Fault, SandboxError> {
    let object = value.as_object().ok_or_else(|| wrong("a fault is a JSON object"))?;
    let known = ["method", "path", "contains", "query", "nth", "request", "action", "before", "after"];
    if let Some(name) = object.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(wrong(format!("`{name}` is not a property of a fault")));
    }
    let given: Vec<_> =
        ["action", "before", "after"].into_iter().filter(|name| object.contains_key(*name)).collect();
    let action = match (given.as_slice(), object.get("action"), object.get("before"), object.get("after")) {
        (["action"], Some(action), _, _) => parse_action(action)?,
        (["before"], _, Some(acts), _) => Action::Before(second_actor::parse(acts)?),
        (["after"], _, _, Some(acts)) => Action::After(second_actor::parse(acts)?),
        _ => return Err(wrong("a fault needs one of `action`, `before` and `after`")),
    };
    Ok(Fault {
        method: text(object, "method")?,
        path: text(object, "path")?,
        contains: text(object, "contains")?,
        query: text(object, "query")?,
        nth: ordinal(object, "nth")?,
        request: ordinal(object, "request")?,
        action,
    })
}

fn text(object: &Map<String, Value>, name: &str) -> Result<Option<String>, SandboxError> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(format!("`{name}` is a text"))),
    }
}

fn ordinal(object: &Map<String, Value>, name: &str) -> Result<Option<u64>, SandboxError> {
    let Some(value) = object.get(name) else { return Ok(None) };
    match value.as_u64() {
        Some(number) if number > 0 => Ok(Some(number)),
        _ => Err(wrong(format!("`{name}` is a whole number from 1"))),
    }
}

fn parse_action(value: &Value) -> Result<Action, SandboxError> {
    if let Some(name) = value.as_str() {
        return match name {
            "unreadable" => Ok(Action::Unreadable),
            "empty" => Ok(Action::Empty),
            "reset_before" => Ok(Action::ResetBefore),
            "reset_after" => Ok(Action::ResetAfter),
            "entry_twice" => Ok(Action::EntryTwice),
            "page_missing" => Ok(Action::PageMissing),
            "token_expired" => Ok(Action::TokenExpired),
            "stale_read" => Ok(Action::StaleRead),
            unknown => Err(wrong(format!("`{unknown}` is not an action"))),
        };
    }
    let object = value.as_object().ok_or_else(|| wrong("an action is a text or an object"))?;
    if object.contains_key("status") {
        return parse_status(object);
    }
    let mut properties = object.iter();
    let (Some((name, amount)), None) = (properties.next(), properties.next()) else {
        return Err(wrong("an action has one property"));
    };
    match (name.as_str(), amount) {
        ("quirk", settings) => return parse_quirks(settings),
        ("content_type", Value::String(name)) => return Ok(Action::ContentType(name.clone())),
        ("clock_off", seconds) => {
            let seconds = seconds.as_i64().ok_or_else(|| wrong("`clock_off` is a whole number"))?;
            return Ok(Action::ClockOff(seconds));
        }
        _ => {}
    }
    let amount = amount.as_u64().ok_or_else(|| wrong(format!("`{name}` is a whole number")))?;
    let time = Duration::from_millis(amount);
    match name.as_str() {
        "cut_body" => Ok(Action::CutBody(usize::try_from(amount).unwrap_or(usize::MAX))),
        "hang_before" => Ok(Action::HangBefore(time)),
        "hang_after" => Ok(Action::HangAfter(time)),
        "refuse" => Ok(Action::Refuse(time)),
        "apply_late" => Ok(Action::ApplyLate(time)),
        "drip" => Ok(Action::Drip(time)),
        unknown => Err(wrong(format!("`{unknown}` is not an action"))),
    }
}

fn parse_quirks(settings: &Value) -> Result<Action, SandboxError> {
    let one = std::slice::from_ref(settings);
    let mut quirks = Quirks::default();
    for setting in settings.as_array().map_or(one, Vec::as_slice) {
        let setting = setting.as_str().ok_or_else(|| wrong("`quirk` is a text or a list of texts"))?;
        quirks.set(setting).map_err(|error| wrong(error.to_string()))?;
    }
    Ok(Action::Quirk(quirks))
}

fn parse_status(object: &Map<String, Value>) -> Result<Action, SandboxError> {
    let status = object.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let Some(status @ 200..=599) = status else {
        return Err(wrong("`status` is a number from 200 to 599"));
    };
    let headers = match object.get("headers") {
        None => Vec::new(),
        Some(Value::Object(headers)) => headers
            .iter()
            .map(|(name, value)| {
                let value = value.as_str().ok_or_else(|| wrong(format!("header `{name}` is a text")))?;
                Ok((name.clone(), value.to_owned()))
            })
            .collect::<Result<_, SandboxError>>()?,
        Some(_) => return Err(wrong("`headers` is an object")),
    };
    Ok(Action::Status {
        status,
        headers,
        body: object.get("body").cloned().unwrap_or(Value::Null),
        after: object.get("after").and_then(Value::as_bool).unwrap_or(false),
    })
}
