//! Terraform's state: which resources it has, at which addresses.
//!
//! A state holds key values in clear text. They are hashed where they are read, and each is made known to the redactor.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use crate::commands::shared::terraform::hcl;
use crate::context::Context;
use crate::domain::{Fingerprint, looks_like_key_text};
use crate::error::{CommandError, CommandResult};
use crate::host::read_secret;
use crate::secret::KeySecret;

/// The most that is read of a state. Unit: bytes.
const MOST: usize = 256 << 20;
/// The format that Terraform has written since 0.12.
const VERSION: u64 = 4;

/// A file with a state, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateSource(PathBuf);

/// Reads `F|-`. The error never quotes it: it may be a key value.
pub(crate) fn parse_source(text: &str) -> Result<StateSource, String> {
    if looks_like_key_text(text) {
        return Err("it looks like a key value, which is a secret".to_owned());
    }
    Ok(StateSource(PathBuf::from(text)))
}

/// One instance of a resource or a data source.
#[derive(Debug)]
pub(crate) struct Instance {
    /// As Terraform writes it: `module.edge["eu"].zpa_provisioning_key.build[0]`.
    pub(crate) address: String,
    /// The type of the resource: `zpa_provisioning_key`.
    pub(crate) resource_type: String,
    pub(crate) is_managed: bool,
    /// True if it is in a module other than the root one.
    pub(crate) is_in_module: bool,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) association_type: Option<String>,
    /// The fingerprint of the key value; `None` if there is none.
    pub(crate) fingerprint: Option<Fingerprint>,
}

/// What a state holds.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) instances: Vec<Instance>,
}

impl StateSource {
    pub(crate) fn is_input(&self) -> bool {
        self.0 == Path::new("-")
    }

    /// Names it in messages.
    fn label(&self) -> String {
        if self.is_input() { "standard input".to_owned() } else { self.0.display().to_string() }
    }

    /// Reads the state.
    ///
    /// # Errors
    /// A file that cannot be read, and one that is not a state of version 4. What it holds is not quoted.
    pub(crate) async fn read(&self, ctx: &Context) -> CommandResult<State> {
        let bytes = if self.is_input() {
            ctx.read_secret_input(MOST).await?
        } else {
            let path = self.0.clone();
            let read = tokio::task::spawn_blocking(move || read_secret(&path, MOST)).await?;
            read.map_err(|error| CommandError::unreadable_file(&self.0, &error))?.0
        };
        self.parse(&bytes)
    }

    fn parse(&self, bytes: &Zeroizing<Vec<u8>>) -> CommandResult<State> {
        let refused = |why: String| {
            CommandError::usage(
                format!("{} is not a Terraform state: {why}", self.label()),
                "terraform state pull prints the state of any backend",
            )
        };
        if bytes.len() > MOST {
            return Err(refused(format!("it has more than {} MiB", MOST >> 20)));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.starts_with(b"PK\x03\x04") {
            let hint = "terraform state pull prints the state; a saved plan holds one, with the key values";
            return Err(CommandError::usage(
                format!("{} is a saved plan or another archive", self.label()),
                hint,
            ));
        }
        // The parser's own words would quote what stands there.
        let raw: RawState = serde_json::from_slice(bytes).map_err(|error| {
            refused(format!(
                "it is not valid JSON of that form (line {}, column {})",
                error.line(),
                error.column()
            ))
        })?;
        match raw.version {
            Some(VERSION) => {}
            Some(other) => return Err(refused(format!("version {other} is not supported, {VERSION} is"))),
            None => return Err(refused("it has no version".to_owned())),
        }
        Ok(State { instances: raw.resources.into_iter().flat_map(RawResource::instances).collect() })
    }
}

impl State {
    /// Lists the resources of a type, without data sources.
    pub(crate) fn managed<'a>(&'a self, resource_type: &'a str) -> impl Iterator<Item = &'a Instance> {
        self.instances.iter().filter(move |one| one.is_managed && one.resource_type == resource_type)
    }
}

#[derive(serde::Deserialize)]
struct RawState {
    version: Option<u64>,
    #[serde(default)]
    resources: Vec<RawResource>,
}

#[derive(serde::Deserialize)]
struct RawResource {
    module: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    resource_type: String,
    name: String,
    #[serde(default)]
    instances: Vec<RawInstance>,
}

#[derive(serde::Deserialize)]
struct RawInstance {
    index_key: Option<IndexKey>,
    /// The old object of a resource that is being replaced has no address of its own.
    deposed: Option<IgnoredAny>,
    #[serde(default)]
    attributes: Option<Attributes>,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum IndexKey {
    Number(u64),
    Text(String),
}

/// Of all attributes, those that tell which key it is. Resources of other types may have others by these names.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Attributes {
    id: Text,
    name: Text,
    association_type: Text,
    provisioning_key: KeyHash,
}

impl RawResource {
    fn instances(self) -> Vec<Instance> {
        let Self { module, mode, resource_type, name, instances } = self;
        let prefix = module.as_ref().map_or_else(String::new, |module| format!("{module}."));
        let is_managed = mode == "managed";
        let data = if is_managed { "" } else { "data." };
        let live = instances.into_iter().filter(|one| one.deposed.is_none());
        live.map(|one| {
            let index = match &one.index_key {
                None => String::new(),
                Some(IndexKey::Number(number)) => format!("[{number}]"),
                Some(IndexKey::Text(text)) if looks_like_key_text(text) => "[\"redacted\"]".to_owned(),
                Some(IndexKey::Text(text)) => format!("[{}]", hcl::quoted(text)),
            };
            let attributes = one.attributes.unwrap_or_default();
            Instance {
                address: format!("{prefix}{data}{resource_type}.{name}{index}"),
                resource_type: resource_type.clone(),
                is_managed,
                is_in_module: module.is_some(),
                id: attributes.id.0,
                name: attributes.name.0,
                association_type: attributes.association_type.0,
                fingerprint: attributes.provisioning_key.0,
            }
        })
        .collect()
    }
}

/// A text; nothing if something else stands there.
#[derive(Default)]
struct Text(Option<String>);

/// The fingerprint of a key value; nothing if something else stands there.
#[derive(Default)]
struct KeyHash(Option<Fingerprint>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let take = |text: &str| (!looks_like_key_text(text)).then(|| text.to_owned());
        deserializer.deserialize_any(IfText(take)).map(Self)
    }
}

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Made a secret, it is known to the redactor from here on, and wiped.
        let take = |text: &str| {
            let secret =
                KeySecret::deserialize(StrDeserializer::<serde::de::value::Error>::new(text)).ok()?;
            (!secret.is_empty()).then(|| Fingerprint::from_digest(secret.digest().0))
        };
        deserializer.deserialize_any(IfText(take)).map(Self)
    }
}

/// Takes a text, and passes over any other value.
struct IfText<F>(F);

impl<'de, T, F: FnOnce(&str) -> Option<T>> Visitor<'de> for IfText<F> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.0)(text))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(text: &str) -> CommandResult<State> {
        StateSource(PathBuf::from("terraform.tfstate")).parse(&Zeroizing::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn addresses_have_modules_and_index_keys_of_both_kinds() {
        let state = state(
            r#"{"version": 4, "serial": 7, "outputs": {"x": {"value": "3|host|blob"}}, "resources": [
                {"mode": "managed", "type": "zpa_provisioning_key", "name": "a", "instances": [
                    {"index_key": 0, "attributes": {"id": "1", "name": {"odd": [1]}}},
                    {"index_key": "eu-\"west\"${x}", "attributes": {"id": 2}},
                    {"index_key": 1, "deposed": "00000000", "attributes": {"id": "3"}}]},
                {"module": "module.m[\"k\"]", "mode": "data", "type": "zpa_enrollment_cert", "name": "c",
                 "instances": [{"attributes": null}]}]}"#,
        )
        .unwrap();
        let found: Vec<_> =
            state.instances.iter().map(|one| (one.address.as_str(), one.id.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("zpa_provisioning_key.a[0]", Some("1")),
                (r#"zpa_provisioning_key.a["eu-\"west\"$${x}"]"#, None),
                (r#"module.m["k"].data.zpa_enrollment_cert.c"#, None),
            ]
        );
        assert_eq!(state.managed("zpa_provisioning_key").count(), 2);
    }

    #[test]
    fn what_is_not_a_state_is_refused_and_not_quoted() {
        for text in [
            "",
            "3|host|blobblob",
            "{\"version\": 3}",
            "{}",
            "{\"version\": \"3|host|blobblob\"}",
            "{\"version\": 4, \"resources\": [{\"mode\": 3, \"3|host|blobblob\"",
            "PK\u{3}\u{4}blobblob",
        ] {
            let error = state(text).unwrap_err();
            let chain = error.chain().join("\n");
            assert!(!chain.contains("blob") && chain.contains("terraform.tfstate is"), "{chain}");
        }
    }
}
