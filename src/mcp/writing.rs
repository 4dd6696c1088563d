//! The tools that write, each inside what a person allowed. A key is looked at first, and then named by its id.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answers::{Refusal, Told, printed};
use super::arguments::{CreateKey, EnableKey, OneKey, RetireKeys, RotateKey, UpdateKey};
use super::limits::Gate;
use super::lines::{Seen, create_line, enable_line, find_group, look, update_line};
use super::reading::{Call, key_word, short_key, with_argument};
use super::text::text;
use crate::domain::desired::Delivery;

/// Where a person declared that key values go, by name.
pub type Deliveries = BTreeMap<String, Delivery>;

/// A call that may write.
pub(super) struct WriteCall<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) gate: &'a Gate,
    pub(super) deliveries: &'a Deliveries,
}

impl WriteCall<'_> {
    /// Reads the key anew, and refuses one that is in a group outside the limits.
    async fn look(&self, key: &str) -> Result<Seen, Refusal> {
        let seen = look(self.call, key).await?;
        self.gate.check_group(text(&seen.key, "zcomponent_name"))?;
        Ok(seen)
    }

    /// Lists what a key replaced and can still enrol, by id: a rotation may have moved the key to another group, so that each
    /// is looked at.
    async fn predecessors(&self, key: &str) -> Result<Vec<String>, Refusal> {
        let line = with_argument(vec!["status".to_owned()], Some(key_word(key)?));
        let lineage = printed(&self.call.runs.read_anew(self.call.run(line)).await?)?;
        let keys = lineage.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
        let old = keys.iter().filter(|key| text(key, "role") == "old");
        let ids: Vec<String> = old.map(|key| format!("id:{}", text(key, "id"))).collect();
        if ids.is_empty() {
            let message = format!("{key} replaced no key that can still enrol");
            return Err(Refusal::usage(message, "key_status tells which rotations are due"));
        }
        Ok(ids)
    }

    /// Runs the command on a key that was looked at.
    async fn write(&self, mut line: Vec<String>, seen: &Seen) -> Result<Value, Refusal> {
        line.extend(["--yes".to_owned(), format!("--type={}", seen.kind)]);
        self.run(with_argument(line, Some(format!("id:{}", seen.id)))).await
    }

    async fn run(&self, line: Vec<String>) -> Result<Value, Refusal> {
        self.gate.begin_write()?;
        printed(&self.call.runs.write(self.call.run(line)).await?)
    }

    fn delivery(&self, name: &str) -> Result<&Delivery, Refusal> {
        delivery(self.deliveries, name)
    }
}

/// Finds a delivery by its name.
pub(super) fn delivery<'a>(deliveries: &'a Deliveries, name: &str) -> Result<&'a Delivery, Refusal> {
    deliveries.get(name).ok_or_else(|| {
        let known: Vec<&str> = deliveries.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none is declared".to_owned() } else { known.join(", ") };
        let declare =
            "a person declares one in the profile: [profiles.NAME.deliver.NAME] with exec or out_file";
        Refusal::usage(format!("there is no delivery of that name; they are: {known}"), declare)
    })
}

fn told(key: &Value, what: &str) -> Told {
    let line = format!("{what}: {} ({})", text(key, "name"), text(key, "id"));
    Told { value: json!({"key": short_key(key)}), line }
}

pub(super) async fn create_key(write: &WriteCall<'_>) -> Result<Told, Refusal> {
    let wanted: CreateKey = write.call.arguments()?;
    write.gate.check_uses(wanted.max_usage)?;
    let delivery = wanted.delivery.as_ref().map(|name| write.delivery(name)).transpose()?;
    // The limit holds for names, so the group is found first, and then named by its id.
    let group = find_group(write.call, wanted.r#type, &wanted.group).await?;
    write.gate.check_group(&group.name)?;
    let mut line = create_line(&wanted, &group)?;
    line.extend(delivery.into_iter().flat_map(Delivery::create_options));
    line.push("--yes".to_owned());
    let key = write.run(with_argument(line, Some(wanted.name))).await?;
    if let Some(words) = delivery.and_then(Delivery::exec_words) {
        let id = text(&key, "id");
        let line = ["exec".to_owned(), format!("id:{id}")].into_iter().chain(words).collect();
        let ran = write.call.runs.write(write.call.run(line)).await?;
        if ran.code != 0 {
            return Err(Refusal::not_delivered(id, ran.code));
        }
    }
    Ok(told(&key, "created"))
}

pub(super) async fn rotate_key(write: &WriteCall<'_>) -> Result<Told, Refusal> {
    let wanted: RotateKey = write.call.arguments()?;
    let seen = write.look(&wanted.key).await?;
    // The new key gets the limit of the old one.
    write.gate.check_uses(seen.key.get("max_usage").and_then(Value::as_u64).unwrap_or(u64::MAX))?;
    let mut line = vec!["rotate".to_owned()];
    line.extend(write.delivery(&wanted.delivery)?.rotate_options());
    let rotation = write.write(line, &seen).await?;
    let line = format!("rotated: {}", seen.name);
    Ok(Told { value: json!({"rotation": rotation}), line })
}

pub(super) async fn update_key(write: &WriteCall<'_>) -> Result<Told, Refusal> {
    let wanted: UpdateKey = write.call.arguments()?;
    wanted.max_usage.map_or(Ok(()), |uses| write.gate.check_uses(uses))?;
    let line = update_line(&wanted)?;
    let seen = write.look(&wanted.key).await?;
    let key = write.write(line, &seen).await?;
    Ok(told(&key, "updated"))
}

pub(super) async fn disable_key(write: &WriteCall<'_>) -> Result<Told, Refusal> {
    let wanted: OneKey = write.call.arguments()?;
    let seen = write.look(&wanted.key).await?;
    let answer = write.write(vec!["disable".to_owned()], &seen).await?;
    Ok(Told { value: json!({"result": answer}), line: format!("disabled: {}", seen.name) })
}

pub(super) async fn enable_key(write: &WriteCall<'_>) -> Result<Told, Refusal> {
    let wanted: EnableKey = write.call.arguments()?;
    match wanted.max_usage {
        Some(uses) => write.gate.check_uses(uses)?,
        // The command would look for the limit from before, which may be any.
        None if write.gate.limits_uses() => {
            let message = "max_usage is needed, since there is a limit on uses";
            return Err(Refusal::usage(message, "name the limit of the key"));
        }
        None => {}
    }
    let line = enable_line(wanted.max_usage);
    let seen = write.look(&wanted.key).await?;
    let answer = write.write(line, &seen).await?;
    Ok(Told { value: json!({"result": answer}), line: format!("enabled: {}", seen.name) })
}

pub(super) async fn retire_keys(write: &WriteCall<'_>) -> Result<Told, Refusal> {
    let wanted: RetireKeys = write.call.arguments()?;
    if !(1..=20).contains(&wanted.keys.len()) {
        return Err(Refusal::usage(
            "keys names from 1 to 20 keys",
            "key_status tells which rotations are due",
        ));
    }
    // A key outside the limits is found before the first write.
    let mut seen = Vec::new();
    for key in &wanted.keys {
        for predecessor in write.predecessors(key).await? {
            seen.push(write.look(&predecessor).await?);
        }
    }
    let (mut results, mut done) = (Vec::new(), Vec::new());
    for key in &seen {
        let retired = write.write(vec!["retire".to_owned()], key).await;
        results.push(retired.map_err(|refusal| refusal.after(&done))?);
        done.push(key.name.clone());
    }
    let line = format!("retired what {} replaced", wanted.keys.join(", "));
    Ok(Told { value: json!({"results": results}), line })
}
