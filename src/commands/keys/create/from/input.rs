//! The entries of a file or of standard input: the fields of a key in JSON, YAML or CSV, or a name a line.

use std::path::Path;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::commands::shared::input_rows::{Rows, RowsFor, read_rows};
use crate::context::Context;
use crate::domain::id::{Cert, Group};
use crate::domain::{
    AssociationType, Id, IpAclEntry, IpAclError, ParseAssociationTypeError, Selector, check_key_name,
    looks_like_key_text, near,
};
use crate::error::{CommandError, CommandResult};
use crate::host::{no_such_file, read_text};
use crate::output::{KeyView, RecordKind};

/// The fields that are used.
const FIELDS: [&str; 14] = [
    "name",
    "association_type",
    "zcomponent_id",
    "zcomponent_name",
    "enrollment_cert_id",
    "enrollment_cert_name",
    "max_usage",
    "enabled",
    "exportable",
    "ip_acl",
    "ui_config",
    "type",
    "group",
    "cert",
];

/// Fields that are called as their options are, and what they stand for.
const SHORT: [(&str, &[&str]); 3] = [
    ("type", &["association_type"]),
    ("group", &["zcomponent_name", "zcomponent_id"]),
    ("cert", &["enrollment_cert_name", "enrollment_cert_id"]),
];

/// An input as it was read.
pub(super) struct Input {
    /// Where it is from, in words.
    pub(super) origin: String,
    pub(super) entries: Vec<Entry>,
}

/// An entry: what it says of a key. What is `null`, or a list or a text with nothing in it, it does not say.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// What messages call it: its name, also one that no key may have.
    pub(super) called: Option<String>,
    pub(super) name: Option<String>,
    pub(super) kind: Option<AssociationType>,
    pub(super) group: Option<Mention>,
    pub(super) cert: Option<Mention>,
    pub(super) max_usage: Option<u64>,
    pub(super) enabled: Option<bool>,
    pub(super) exportable: Option<bool>,
    pub(super) ip_acl: Vec<IpAclEntry>,
    pub(super) ui_config: Option<String>,
    /// What is wrong with it.
    pub(super) wrong: Vec<String>,
    unusable: Vec<&'static str>,
}

/// A group or a certificate, as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mention {
    /// By its name or its id.
    One(Selector),
    /// By both, as zpakey's own JSON does.
    Both {
        /// The id, which may be another tenant's.
        id: String,
        name: String,
    },
}

impl Input {
    pub(super) async fn read(ctx: &Context, path: &Path) -> CommandResult<Self> {
        // There may be key values in it, of fields that are not used.
        let (origin, text) = if path == Path::new("-") {
            ("standard input".to_owned(), Zeroizing::new(ctx.read_input().await?))
        } else {
            (path.display().to_string(), read_file(path).await?)
        };
        let items = parse(&text, &origin)?;
        Ok(Self { origin, entries: items.iter().map(Entry::read).collect() })
    }
}

/// Reads a file on a thread of its own: it may be a pipe that no one writes to.
async fn read_file(path: &Path) -> CommandResult<Zeroizing<String>> {
    let here = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read_text(&here)).await?;
    let read = read.and_then(|found| found.ok_or_else(no_such_file));
    Ok(read.map_err(|error| CommandError::unreadable_file(path, &error))?.0)
}

/// A JSON value, as far as it is of use: of the fields that are not used only the names are kept.
#[derive(Debug)]
enum JsonItem {
    Object(Vec<(String, Option<Value>)>),
    List(Vec<JsonItem>),
    Other,
}

/// Reads JSON (an array, an object, or one of them after the other), YAML, CSV, or a name a line.
fn parse(text: &str, origin: &str) -> Result<Vec<JsonItem>, CommandError> {
    const EXPECTED: &str = "JSON, YAML, CSV or a name a line is expected, as `zpakey list` writes them";
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        // The program that was to write it may have failed.
        let hint = format!("{EXPECTED}; [] is one without entries");
        return Err(CommandError::usage(format!("{origin} is empty"), hint));
    }
    match read_rows(text, origin, &FIELDS, RowsFor::NewKeys)? {
        Rows::Json => {}
        Rows::Records(records) => return Ok(records.into_iter().map(JsonItem::Object).collect()),
        Rows::Names(names) => {
            let entry = |name: String| JsonItem::Object(vec![("name".to_owned(), Some(name.into()))]);
            return Ok(names.into_iter().map(entry).collect());
        }
    }
    let mut items = Vec::new();
    for item in serde_json::Deserializer::from_str(text).into_iter::<JsonItem>() {
        // The parser's own words would quote what stands there.
        let item = item.map_err(|error| {
            let place =
                format!("{origin} is not valid JSON (line {}, column {})", error.line(), error.column());
            CommandError::usage(place, EXPECTED)
        })?;
        match item {
            JsonItem::List(list) => items.extend(list),
            JsonItem::Object(_) | JsonItem::Other => items.push(item),
        }
    }
    Ok(items)
}

impl<'de> Deserialize<'de> for JsonItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = JsonItem;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonItem, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = if FIELDS.contains(&name.as_str()) {
                Some(map.next_value()?)
            } else {
                map.next_value::<IgnoredAny>()?;
                None
            };
            fields.push((name, value));
        }
        Ok(JsonItem::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<JsonItem, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(JsonItem::List(items))
    }

    fn visit_bool<E>(self, _: bool) -> Result<JsonItem, E> {
        Ok(JsonItem::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<JsonItem, E> {
        Ok(JsonItem::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<JsonItem, E> {
        Ok(JsonItem::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<JsonItem, E> {
        Ok(JsonItem::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<JsonItem, E> {
        Ok(JsonItem::Other)
    }

    fn visit_unit<E>(self) -> Result<JsonItem, E> {
        Ok(JsonItem::Other)
    }
}

impl Entry {
    fn read(item: &JsonItem) -> Self {
        let JsonItem::Object(fields) = item else {
            let wrong = vec!["is not a JSON object".to_owned()];
            return Self { wrong, unusable: FIELDS.to_vec(), ..Self::default() };
        };
        let mut reader = Reader { fields, wrong: Vec::new(), unusable: Vec::new() };
        reader.refuse_unknown();
        let mut called = None;
        let name = reader.field("name", |value| {
            let name = shown(value)?;
            called = Some(name.chars().take(60).collect());
            if name == "-" {
                return Err("as KEY, `-` means standard input".to_owned());
            }
            check_key_name(&name).map_err(|error| error.to_string())?;
            Ok(name)
        });
        Self {
            called,
            name,
            kind: reader
                .short("type", |value| {
                    shown(value)?.parse().map_err(|error: ParseAssociationTypeError| error.to_string())
                })
                .or_else(|| {
                    reader.field("association_type", |value| {
                        shown(value)?.parse().map_err(|error: ParseAssociationTypeError| error.to_string())
                    })
                }),
            group: reader
                .selected("group")
                .or_else(|| reader.mention::<Group>("zcomponent_id", "zcomponent_name")),
            cert: reader
                .selected("cert")
                .or_else(|| reader.mention::<Cert>("enrollment_cert_id", "enrollment_cert_name")),
            max_usage: reader.field("max_usage", |value| {
                // The API and Terraform write numbers as texts.
                let text = value.as_str().and_then(|text| text.parse().ok());
                let uses = value.as_u64().or(text).filter(|uses| *uses > 0);
                uses.ok_or_else(|| "expected a positive integer".to_owned())
            }),
            enabled: reader.field("enabled", flag),
            exportable: reader.field("exportable", flag),
            ip_acl: reader.field("ip_acl", ip_acl).unwrap_or_default(),
            ui_config: reader.field("ui_config", |value| text(value).map(str::to_owned)),
            wrong: reader.wrong,
            unusable: reader.unusable,
        }
    }

    /// Tells whether something is said of one of these fields that cannot be used.
    pub(super) fn is_unusable(&self, fields: &[&str]) -> bool {
        self.unusable.iter().any(|field| fields.contains(field))
    }
}

/// Reads the fields of an entry. What it says of a wrong one never quotes the value: it may be a key value.
struct Reader<'a> {
    fields: &'a [(String, Option<Value>)],
    wrong: Vec<String>,
    unusable: Vec<&'static str>,
}

impl Reader<'_> {
    /// Reads a field; `None` if there is none, where it is null, and where it cannot be used.
    fn field<T>(&mut self, field: &'static str, read: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        let (_, value) = self.fields.iter().rev().find(|(name, _)| name == field)?;
        let value = value.as_ref().filter(|value| !value.is_null())?;
        read(value).map_err(|why| self.refuse(field, &why)).ok()
    }

    fn refuse(&mut self, field: &'static str, why: &str) {
        self.wrong.push(format!("{field}: {why}"));
        self.unusable.push(field);
    }

    /// Reads a field that is called as its option is. What it stands for must not be said as well.
    fn short<T>(&mut self, field: &'static str, read: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        let value = self.field(field, read)?;
        let long =
            SHORT.iter().filter(|(short, _)| *short == field).flat_map(|(_, long)| long.iter().copied());
        let is_said = |long: &&str| {
            self.fields
                .iter()
                .any(|(name, value)| name == long && value.as_ref().is_some_and(|value| !value.is_null()))
        };
        if let Some(long) = long.clone().find(is_said) {
            self.refuse(field, &format!("{long} says the same; keep one of them"));
        }
        Some(value)
    }

    /// Reads a name or an id as an option takes it.
    fn selected(&mut self, field: &'static str) -> Option<Mention> {
        self.short(field, |value| match shown(value)?.parse::<Selector>() {
            Ok(selector) => Ok(Mention::One(selector)),
            Err(error) => Err(error.to_string()),
        })
    }

    /// Reads what is named by its id, its name or both. An empty name is that of something of which the API gave none.
    fn mention<Kind>(&mut self, id_field: &'static str, name_field: &'static str) -> Option<Mention> {
        let id = self.field(id_field, |value| {
            let digits = value.as_str().filter(|text| text.is_empty() || text.parse::<Id<Kind>>().is_ok());
            digits.map(str::to_owned).ok_or_else(|| "a text of digits is expected".to_owned())
        });
        let name = self.field(name_field, shown);
        let told = |text: Option<String>| text.filter(|text| !text.is_empty());
        match (told(id), told(name)) {
            (Some(id), Some(name)) => Some(Mention::Both { id, name }),
            (Some(id), None) => Some(Mention::One(Selector::Id(id))),
            (None, Some(name)) => Some(Mention::One(Selector::Name(name))),
            (None, None) => None,
        }
    }

    /// Refuses fields that a key does not have. Those that the server sets are left aside.
    fn refuse_unknown(&mut self) {
        let known = RecordKind::revealed::<KeyView>().fields();
        let unknown = self
            .fields
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !FIELDS.contains(name) && !known.iter().any(|known| known == name));
        for name in unknown {
            if looks_like_key_text(name) {
                self.wrong
                    .push("a field is called by what looks like a key value, which is a secret".to_owned());
                continue;
            }
            let meant = near(name, FIELDS).first().copied();
            let meant = meant.map_or_else(String::new, |field| format!("; did you mean {field}?"));
            self.wrong.push(format!("a key has no field \"{name}\"{meant}"));
        }
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "a text is expected".to_owned())
}

/// Reads a text that messages show.
fn shown(value: &Value) -> Result<String, String> {
    let text = text(value)?;
    if looks_like_key_text(text) {
        return Err("it looks like a key value, which is a secret".to_owned());
    }
    Ok(text.to_owned())
}

fn flag(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "true or false is expected".to_owned())
}

fn ip_acl(value: &Value) -> Result<Vec<IpAclEntry>, String> {
    let list = value.as_array().ok_or_else(|| "a list of texts is expected".to_owned())?;
    let one = |(index, item): (usize, &Value)| {
        let why = |why: String| format!("item {}: {why}", index + 1);
        text(item).map_err(why)?.parse().map_err(|error: IpAclError| why(error.to_string()))
    };
    list.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<Entry> {
        parse(text, "keys.json").unwrap().iter().map(Entry::read).collect()
    }

    fn names(text: &str) -> Vec<String> {
        entries(text).into_iter().filter_map(|entry| entry.name).collect()
    }

    #[test]
    fn arrays_objects_and_object_lines_are_read() {
        assert_eq!(names(r#"[{"name":"a"},{"name":"b"}]"#), ["a", "b"]);
        assert_eq!(names(r#"{"name":"a"}"#), ["a"]);
        assert_eq!(names("{\"name\":\"a\"}\n{\"name\":\"b\"}\n"), ["a", "b"]);
        assert_eq!(names("\u{feff} [{\"name\":\"a\"}] [{\"name\":\"b\"}]"), ["a", "b"]);
        assert!(entries("[]").is_empty());
    }

    #[test]
    fn what_is_null_or_empty_is_not_said() {
        let text = r#"{"zcomponent_id":"","zcomponent_name":null,"enrollment_cert_name":"","ip_acl":[],"ui_config":null}"#;
        let [entry] = &entries(text)[..] else { panic!("one entry") };
        assert_eq!((&entry.group, &entry.cert, &entry.ui_config), (&None, &None, &None));
        assert!(entry.ip_acl.is_empty() && entry.wrong.is_empty());
    }

    #[test]
    fn a_group_is_mentioned_by_name_by_id_or_by_both() {
        let group = |text: &str| entries(text).remove(0).group.unwrap();
        assert_eq!(group(r#"{"zcomponent_name":"id:7"}"#), Mention::One(Selector::Name("id:7".to_owned())));
        assert_eq!(group(r#"{"zcomponent_id":"7"}"#), Mention::One(Selector::Id("7".to_owned())));
        assert_eq!(
            group(r#"{"zcomponent_name":"Lab","zcomponent_id":"7"}"#),
            Mention::Both { id: "7".to_owned(), name: "Lab".to_owned() }
        );
    }

    #[test]
    fn nothing_is_kept_of_fields_that_are_not_used() {
        let items =
            parse(r#"{"name":"a","provisioning_key":"3|host|blob","x":{"y":["blob"]}}"#, "-").unwrap();
        assert!(!format!("{items:?}").contains("blob"), "{items:?}");
    }
}
