//! The tools that read: the command that each runs, and what of its answer is told.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, watch};

use super::answers::{Refusal, Told, counted, printed};
use super::arguments::{Audit, Explain, GetKey, KeyStatusOf, ListGroups, ListKeys, Nothing, OneKey, Wait};
use super::runner::{Run, Runs};
use super::text::{field, text};
use crate::domain::{AssociationType, looks_like_key_text};

/// A call of a tool.
pub(super) struct Call<'a> {
    pub(super) runs: &'a Runs,
    pub(super) client: String,
    pub(super) tool: &'static str,
    pub(super) arguments: Map<String, Value>,
    pub(super) cancelled: watch::Receiver<bool>,
    /// Gets what its commands say.
    pub(super) said: mpsc::UnboundedSender<String>,
}

impl Call<'_> {
    /// Reads the arguments; an unknown one is refused by name.
    pub(super) fn arguments<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_value(Value::Object(self.arguments.clone()))
            .map_err(|error| Refusal::usage(error.to_string(), "the tool's input schema names its arguments"))
    }

    pub(super) fn run(&self, words: Vec<String>) -> Run {
        Run {
            words,
            client: self.client.clone(),
            tool: self.tool,
            cancelled: self.cancelled.clone(),
            ends_if_cancelled: false,
            said: self.said.clone(),
        }
    }

    pub(super) async fn read(&self, words: Vec<String>) -> Result<Value, Refusal> {
        printed(&self.runs.read(self.run(words)).await?)
    }
}

/// Writes a KEY as a word of a command line. One that could be a key's text is not passed on.
pub(super) fn key_word(key: &str) -> Result<String, Refusal> {
    if looks_like_key_text(key) {
        return Err(Refusal::usage(
            "this looks like the text of a key, which is a secret",
            "pass its name or id",
        ));
    }
    if key.trim().is_empty() {
        return Err(Refusal::usage("the key is empty", "list_keys tells names and ids"));
    }
    // A lone `-` would read standard input.
    Ok(if key == "-" || key.starts_with('-') { format!("name:{key}") } else { key.to_owned() })
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}

/// Adds an argument behind all options.
pub(super) fn with_argument(mut words: Vec<String>, argument: Option<String>) -> Vec<String> {
    if let Some(argument) = argument {
        words.extend(["--".to_owned(), argument]);
    }
    words
}

fn array(value: Value) -> Vec<Value> {
    if let Value::Array(all) = value { all } else { vec![value] }
}

/// Makes a key short: id, name, type, group, used, limit, status, role.
pub(super) fn short_key(key: &Value) -> Value {
    let kind = key
        .get("association_type")
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<AssociationType>().ok());
    json!({
        "id": field(key, "id"), "name": field(key, "name"), "type": kind.map(AssociationType::short), "group": field(key, "zcomponent_name"),
        "used": field(key, "usage_count"), "limit": field(key, "max_usage"), "status": field(key, "status"), "role": field(key, "role"),
    })
}

fn shown(key: &Value, detail: bool) -> Value {
    if detail { key.clone() } else { short_key(key) }
}

pub(super) async fn list_keys(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: ListKeys = call.arguments()?;
    let limit = usize::try_from(wanted.limit.unwrap_or(100)).unwrap_or(usize::MAX);
    if !(1..=500).contains(&limit) {
        return Err(Refusal::usage("limit is from 1 to 500", ""));
    }
    let mut line = words(["list"]);
    line.extend(wanted.r#type.map(|kind| format!("--type={}", kind.word())));
    line.extend(wanted.group.as_ref().map(|group| format!("--group={group}")));
    line.extend(wanted.status.iter().map(|status| format!("--status={}", status.word())));
    line.extend(wanted.max_remaining.map(|most| format!("--max-remaining={most}")));
    line.extend(wanted.unused.then(|| "--unused".to_owned()));
    let all = array(call.read(with_argument(line, wanted.name)).await?);
    // A page begins behind the last key of the one before, so that a key that came or went shifts nothing.
    let start = match &wanted.cursor {
        None => 0,
        Some(last) => {
            let place = all.iter().position(|key| key.get("id").and_then(Value::as_str) == Some(last));
            place.map(|place| place + 1).ok_or_else(|| {
                Refusal::usage("the list has changed and has no such cursor", "begin again without a cursor")
            })?
        }
    };
    let page: Vec<&Value> = all.iter().skip(start).take(limit).collect();
    let is_last = start + page.len() >= all.len();
    let next = page.last().filter(|_| !is_last).map(|key| field(key, "id"));
    let keys: Vec<Value> = page.iter().map(|key| shown(key, wanted.detail)).collect();
    let line = format!("{} of {}", counted(keys.len(), "key"), all.len());
    Ok(Told { value: json!({"keys": keys, "next_cursor": next}), line })
}

pub(super) async fn get_key(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: GetKey = call.arguments()?;
    let key = call.read(with_argument(words(["get"]), Some(key_word(&wanted.key)?))).await?;
    let line = format!("{} ({})", text(&key, "name"), text(&key, "id"));
    Ok(Told { value: json!({"key": shown(&key, wanted.detail)}), line })
}

pub(super) async fn key_status(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: KeyStatusOf = call.arguments()?;
    if let Some(key) = wanted.key {
        let lineage = call.read(with_argument(words(["status"]), Some(key_word(&key)?))).await?;
        let line = format!("state: {}", text(&lineage, "state"));
        Ok(Told { value: json!({"lineage": lineage}), line })
    } else {
        let overview = call.read(words(["status", "--overview"])).await?;
        let groups = overview.get("groups").and_then(Value::as_array).map_or(0, Vec::len);
        let due = overview.get("due").and_then(Value::as_u64).unwrap_or(0);
        let line = format!("{} with keys, {due} rotations due", counted(groups, "group"));
        Ok(Told { value: json!({"overview": overview}), line })
    }
}

pub(super) async fn who_enrolled(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: OneKey = call.arguments()?;
    let key = call.read(with_argument(words(["get"]), Some(key_word(&wanted.key)?))).await?;
    let named = Some(format!("id:{}", text(&key, "id")));
    let kind = format!("--type={}", text(&key, "association_type"));
    let all = array(call.read(with_argument(words(["get", "--connectors", &kind]), named)).await?);
    let used = field(&key, "usage_count");
    let line =
        format!("{} of {used} enrolments with {}", counted(all.len(), "connector"), text(&key, "name"));
    Ok(Told { value: json!({"used": used, "connectors": all}), line })
}

pub(super) async fn list_groups(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: ListGroups = call.arguments()?;
    let mut line = words(["groups"]);
    line.extend(wanted.r#type.map(|kind| format!("--type={}", kind.word())));
    let all = array(call.read(with_argument(line, wanted.name)).await?);
    let line = counted(all.len(), "group");
    Ok(Told { value: json!({"groups": all}), line })
}

pub(super) async fn list_certificates(call: &Call<'_>) -> Result<Told, Refusal> {
    let Nothing {} = call.arguments()?;
    let all = array(call.read(words(["certs"])).await?);
    let line = counted(all.len(), "certificate");
    Ok(Told { value: json!({"certificates": all}), line })
}

pub(super) async fn list_microtenants(call: &Call<'_>) -> Result<Told, Refusal> {
    let Nothing {} = call.arguments()?;
    let all = array(call.read(words(["microtenants"])).await?);
    let line = counted(all.len(), "microtenant");
    Ok(Told { value: json!({"microtenants": all}), line })
}

pub(super) async fn audit(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: Audit = call.arguments()?;
    let mut line = words(["audit", "--allow-incomplete"]);
    line.extend(wanted.only.iter().map(|rule| format!("--only={rule}")));
    line.extend(wanted.skip.iter().map(|rule| format!("--skip={rule}")));
    let audit = call.read(line).await?;
    let count = audit.get("findings").and_then(Value::as_array).map_or(0, Vec::len);
    let whole = if field(&audit, "complete") == true { "" } else { ", and not all was read" };
    Ok(Told { value: json!({"audit": audit}), line: format!("{}{whole}", counted(count, "finding")) })
}

pub(super) async fn check_connection(call: &Call<'_>) -> Result<Told, Refusal> {
    let Nothing {} = call.arguments()?;
    let checks = array(printed(&call.runs.read(call.run(words(["doctor", "--online"]))).await?)?);
    let wrong = checks.iter().filter(|check| text(check, "status") == "error").count();
    let line = if wrong == 0 { "nothing is wrong".to_owned() } else { counted(wrong, "error") };
    Ok(Told { value: json!({"checks": checks}), line })
}

pub(super) async fn wait_for_enrollment(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: Wait = call.arguments()?;
    let (count, seconds) = (wanted.enrolments.unwrap_or(1), wanted.timeout_seconds.unwrap_or(60));
    if count == 0 || !(1..=600).contains(&seconds) {
        return Err(Refusal::usage("enrolments is at least 1, and timeout_seconds from 1 to 600", ""));
    }
    let line = vec!["wait".to_owned(), format!("--used=+{count}"), format!("--wait-timeout={seconds}s")];
    let line = with_argument(line, Some(key_word(&wanted.key)?));
    let key = printed(&call.runs.read_anew(call.run(line)).await?)?;
    let said = format!("{} of {} uses", field(&key, "usage_count"), field(&key, "max_usage"));
    Ok(Told { value: json!({"key": short_key(&key)}), line: said })
}

pub(super) async fn explain(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: Explain = call.arguments()?;
    let topic = wanted.topic.trim().to_ascii_lowercase();
    let is_code = topic.parse::<u8>().is_ok();
    let line = if topic.starts_with("zpk") {
        vec!["audit".to_owned(), format!("--explain={topic}")]
    } else if is_code || topic.starts_with("exit") {
        words(["help", "exit-codes"])
    } else {
        with_argument(words(["help"]), Some(topic.clone()))
    };
    let ran = call.runs.read(call.run(line)).await?;
    if ran.code != 0 {
        return Err(Refusal::of(&ran));
    }
    let said = ran.output.trim_end();
    let of_code = |line: &&str| line.split_whitespace().next() == Some(topic.as_str());
    let mut lines: Vec<&str> = said.lines().collect();
    if let Some(row) = said.lines().find(of_code).filter(|_| is_code) {
        lines.retain(|line| line.trim_start().starts_with("CODE") || *line == row);
    }
    let line = lines
        .last()
        .filter(|_| is_code)
        .or(lines.first())
        .map_or_else(String::new, |line| line.trim().to_owned());
    Ok(Told { value: json!({"topic": topic, "lines": lines}), line })
}
