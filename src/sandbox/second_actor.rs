//! A second actor: someone else who changes keys between two requests of a client.
//!
//! The form of its acts is described in [`fault`](super::fault#a-second-actor).

use serde_json::{Map, Value};

use super::{
    call::Object,
    enroll::{EnrollingHosts, Presented, enroll},
    error::SandboxError,
    fault_input::wrong,
    key_input::Changes,
    quirks::Quirks,
    seed,
    tenant::{Tenant, text},
};

/// The author of what a second actor changes.
pub const SECOND_ACTOR: &str = "216199618143372999";

/// What names the key that a request is about.
const THIS: &str = "this";

/// One change that a second actor makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    deed: Deed,
    /// A name or an id; empty for a creation.
    key: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Deed {
    /// Sets properties as a PUT would.
    Set(Object),
    Delete,
    Create(Object),
    Enroll(u32),
}

/// Reads one act or a list of them.
pub(super) fn parse(value: &Value) -> Result<Vec<Act>, SandboxError> {
    let Some(items) = value.as_array() else { return one(value).map(|act| vec![act]) };
    let read = |(index, item)| one(item).map_err(|error| error.of_act(index + 1));
    items.iter().enumerate().map(read).collect()
}

fn one(value: &Value) -> Result<Act, SandboxError> {
    let object = value.as_object().ok_or_else(|| wrong("an act is a JSON object"))?;
    let known = [
        ("block", ""),
        ("unblock", ""),
        ("set_max_usage", "to"),
        ("set_ip_acl", "to"),
        ("rename", "to"),
        ("delete", ""),
        ("create", ""),
        ("enroll", "count"),
    ];
    let mut found = known.into_iter().filter(|(name, _)| object.contains_key(*name));
    let (Some((name, more)), None) = (found.next(), found.next()) else {
        let names: Vec<_> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(wrong(format!("an act has one of {}", names.join(", "))));
    };
    if let Some(other) = object.keys().find(|given| *given != name && *given != more) {
        return Err(wrong(format!("`{other}` is not a property of `{name}`")));
    }
    let named = object.get(name).unwrap_or(&Value::Null);
    if name == "create" {
        let fields =
            named.as_object().ok_or_else(|| wrong("`create` is an object with a key's properties"))?;
        seed::check_key(fields).map_err(wrong)?;
        return Ok(Act { deed: Deed::Create(fields.clone()), key: String::new() });
    }
    let key = named.as_str().filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| wrong(format!("`{name}` is a key's name or id, or `{THIS}`")))?.to_owned();
    let to = object.get("to").unwrap_or(&Value::Null);
    let deed = match name {
        "block" => set("enabled", false.into())?,
        "unblock" => set("enabled", true.into())?,
        "set_max_usage" => set("maxUsage", to.as_u64().ok_or_else(|| wrong("`to` is a number"))?.into())?,
        "set_ip_acl" if to.is_array() => set("ipAcl", to.clone())?,
        "set_ip_acl" => return Err(wrong("`to` is a list of addresses and networks")),
        "rename" => {
            let name = to.as_str().filter(|name| !name.trim().is_empty());
            set("name", name.ok_or_else(|| wrong("`to` is the new name"))?.into())?
        }
        "delete" => Deed::Delete,
        _ => Deed::Enroll(count(object)?),
    };
    Ok(Act { deed, key })
}

fn set(name: &str, value: Value) -> Result<Deed, SandboxError> {
    let mut fields = Map::new();
    fields.insert(name.to_owned(), value);
    // What a PUT would refuse is a mistake of the script.
    Changes::read(&fields, Quirks::default()).map_err(|_| wrong(format!("`to` is not valid as `{name}`")))?;
    Ok(Deed::Set(fields))
}

fn count(object: &Object) -> Result<u32, SandboxError> {
    let Some(count) = object.get("count") else { return Ok(1) };
    let count = count.as_u64().and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0);
    count.ok_or_else(|| wrong("`count` is a number from 1"))
}

/// Does all acts, or none and tells why. `this` is the id of the key that the request is about.
pub(super) fn perform(tenant: &mut Tenant, acts: &[Act], this: Option<&str>, now: u64) -> Result<(), String> {
    for act in acts {
        act.perform(tenant, this, now)?;
    }
    Ok(())
}

impl Act {
    fn perform(&self, tenant: &mut Tenant, this: Option<&str>, now: u64) -> Result<(), String> {
        if let Deed::Create(fields) = &self.deed {
            let key = seed::key(tenant, fields.clone())?;
            tenant.keys.push(key);
            return self.sign(tenant, tenant.keys.len().checked_sub(1), now, true);
        }
        let position = self.find(tenant, this);
        let Some(key) = position.and_then(|position| tenant.keys.get_mut(position)) else {
            return Err(format!("the second actor found no key `{}`", self.key));
        };
        match &self.deed {
            Deed::Create(_) => {}
            Deed::Delete => {
                if let Some(position) = position {
                    tenant.keys.remove(position);
                }
                return Ok(());
            }
            Deed::Enroll(count) => {
                let id = text(&key.fields, "id").unwrap_or_default().to_owned();
                let hosts = EnrollingHosts { key: Presented::Id(&id), ip: None, count: *count };
                return enroll(tenant, hosts).map(|_| ()).map_err(|refused| refused.to_string());
            }
            Deed::Set(fields) => {
                for (name, value) in fields {
                    if value.as_array().is_some_and(Vec::is_empty) {
                        key.fields.shift_remove(name);
                    } else {
                        // Numbers are texts on the wire.
                        let value = if value.is_number() { value.to_string().into() } else { value.clone() };
                        key.fields.insert(name.clone(), value);
                    }
                }
            }
        }
        self.sign(tenant, position, now, false)
    }

    fn find(&self, tenant: &Tenant, this: Option<&str>) -> Option<usize> {
        let has = |property: &str, wanted: &str| {
            tenant.keys.iter().position(|key| text(&key.fields, property) == Some(wanted))
        };
        if self.key == THIS {
            return this.and_then(|id| has("id", id));
        }
        has("id", &self.key).or_else(|| has("name", &self.key))
    }

    /// Notes who changed a key and when.
    fn sign(
        &self,
        tenant: &mut Tenant,
        position: Option<usize>,
        now: u64,
        is_new: bool,
    ) -> Result<(), String> {
        let key = position.and_then(|position| tenant.keys.get_mut(position));
        let fields = &mut key.ok_or_else(|| format!("the second actor found no key `{}`", self.key))?.fields;
        fields.insert("modifiedTime".to_owned(), now.to_string().into());
        fields.insert("modifiedBy".to_owned(), SECOND_ACTOR.into());
        if is_new {
            fields.insert("creationTime".to_owned(), now.to_string().into());
        }
        Ok(())
    }
}
