//! Command lines that write, from the arguments of tools: those that are run, and those that are proposed. Keys and groups
//! are looked at first, and then named by their ids.

use serde_json::Value;

use super::answers::{Refusal, printed};
use super::arguments::{CreateKey, KeyType, UpdateKey};
use super::reading::{Call, key_word, with_argument};
use super::text::text;
use crate::domain::{Selector, looks_like_key_text};

/// A group as it was found.
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
}

/// A key as it was a moment ago.
pub(super) struct Seen {
    /// All that `zpakey get` printed of it.
    pub(super) key: Value,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) name: String,
}

/// Reads a key anew.
pub(super) async fn look(call: &Call<'_>, key: &str) -> Result<Seen, Refusal> {
    let line = with_argument(vec!["get".to_owned()], Some(key_word(key)?));
    let key = printed(&call.runs.read_anew(call.run(line)).await?)?;
    let text = |name: &str| text(&key, name).to_owned();
    Ok(Seen { id: text("id"), kind: text("association_type"), name: text("name"), key })
}

fn plain(text: &str, what: &str) -> Result<(), Refusal> {
    if looks_like_key_text(text) {
        return Err(Refusal::usage(
            format!("the {what} looks like the text of a key, which is a secret"),
            "",
        ));
    }
    Ok(())
}

/// Finds a group by name or id.
pub(super) async fn find_group(call: &Call<'_>, kind: KeyType, group: &str) -> Result<Group, Refusal> {
    let groups = call.read(vec!["groups".to_owned(), format!("--type={}", kind.word())]).await?;
    let meant: Selector =
        group.parse().map_err(|_| Refusal::usage("the group is no name or id", "list_groups tells them"))?;
    let groups: Vec<Group> = groups
        .as_array()
        .into_iter()
        .flatten()
        .map(|group| Group { id: text(group, "id").to_owned(), name: text(group, "name").to_owned() })
        .collect();
    let found = meant.select(&groups, |group| group.id.as_str(), |group| group.name.as_str());
    match found.as_slice() {
        [group] => Ok(Group { id: group.id.clone(), name: group.name.clone() }),
        [] => Err(Refusal::usage("there is no such group", "list_groups tells names and ids")),
        _ => Err(Refusal::usage("several groups have that name", "list_groups tells names and ids")),
    }
}

/// Makes the line that creates a key, up to its name.
pub(super) fn create_line(wanted: &CreateKey, group: &Group) -> Result<Vec<String>, Refusal> {
    plain(&wanted.name, "name")?;
    let kind = format!("--type={}", wanted.r#type.word());
    let mut line = vec!["create".to_owned(), kind, format!("--group=id:{}", group.id)];
    line.push(format!("--max-usage={}", wanted.max_usage));
    line.extend(wanted.cert.as_ref().map(|cert| format!("--cert={cert}")));
    line.extend(wanted.ip_acl.iter().map(|entry| format!("--ip-acl={entry}")));
    Ok(line)
}

/// Makes the line that changes fields of a key, up to the key.
pub(super) fn update_line(wanted: &UpdateKey) -> Result<Vec<String>, Refusal> {
    let mut line = vec!["update".to_owned()];
    if let Some(name) = &wanted.name {
        plain(name, "name")?;
        line.push(format!("--name={name}"));
    }
    line.extend(wanted.max_usage.map(|uses| format!("--max-usage={uses}")));
    line.extend(wanted.cert.as_ref().map(|cert| format!("--cert={cert}")));
    match wanted.ip_acl.as_deref() {
        Some([]) => line.push("--no-ip-acl".to_owned()),
        Some(entries) => line.extend(entries.iter().map(|entry| format!("--ip-acl={entry}"))),
        None => {}
    }
    if line.len() == 1 {
        return Err(Refusal::usage(
            "nothing is to be changed",
            "name at least one of name, max_usage, ip_acl, cert",
        ));
    }
    Ok(line)
}

pub(super) fn enable_line(max_usage: Option<u64>) -> Vec<String> {
    let limit = max_usage.map(|uses| format!("--max-usage={uses}"));
    std::iter::once("enable".to_owned()).chain(limit).collect()
}
