//! A key that Terraform has, too, after a rotation: its address has to be bound to the successor, or Terraform's next apply
//! renames the predecessor back.

use crate::commands::shared::terraform::hcl::{self, Block};
use crate::commands::shared::terraform::state::State;
use crate::context::{Context, quoted};
use crate::domain::{KeyId, ProvisioningKey, looks_like_key_text};
use crate::output::{Notice, RebindView};

const RESOURCE: &str = "zpa_provisioning_key";

/// The address of a key in Terraform: `module.edge["eu"].zpa_provisioning_key.build[0]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

/// What is known of Terraform's hold on a key.
#[derive(Debug)]
pub(crate) enum Holder {
    /// Nothing was said.
    Unknown,
    /// The profile says that Terraform has keys of this tenant.
    Profile,
    Address(Address),
    State(State),
}

/// An address that is to have another key.
#[derive(Debug, Clone)]
pub(crate) struct Rebinding {
    /// As a shell reads it: quoted, or a variable.
    word: String,
    /// The command that sets the variable.
    lookup: Option<String>,
    address: String,
    successor: KeyId,
    microtenant: Option<String>,
}

/// Reads an address. The error does not quote it: it may be a key value.
pub(crate) fn parse_address(text: &str) -> Result<Address, String> {
    if looks_like_key_text(text) {
        return Err("it looks like a key value, which is a secret".to_owned());
    }
    if is_address(text) {
        return Ok(Address(text.to_owned()));
    }
    Err(format!(
        "expected the address of a key, as in {RESOURCE}.build or module.site.{RESOURCE}.build[\"eu\"]"
    ))
}

fn is_address(text: &str) -> bool {
    let mut rest = text;
    while let Some(module) = rest.strip_prefix("module.") {
        let Some(after) = step(module).and_then(|after| after.strip_prefix('.')) else { return false };
        rest = after;
    }
    let name = rest.strip_prefix(RESOURCE).and_then(|rest| rest.strip_prefix('.'));
    name.and_then(step) == Some("")
}

/// Passes over a name and its index key.
fn step(text: &str) -> Option<&str> {
    let is_of_name = |character: char| character.is_alphanumeric() || "_-".contains(character);
    let rest = text.trim_start_matches(is_of_name);
    if rest.len() == text.len() || text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return None;
    }
    let Some(index) = rest.strip_prefix('[') else { return Some(rest) };
    if let Some(literal) = index.strip_prefix('"') {
        let mut is_escaped = false;
        let end = literal.char_indices().find(|(_, character)| {
            let ends = *character == '"' && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            ends
        });
        let (text, after) = literal.split_at_checked(end?.0)?;
        return after.strip_prefix("\"]").filter(|_| !text.contains(char::is_control));
    }
    let after = index.trim_start_matches(|digit: char| digit.is_ascii_digit());
    after.strip_prefix(']').filter(|_| after.len() < index.len())
}

impl Holder {
    /// What the profile says.
    pub(crate) fn of_profile(ctx: &Context) -> Self {
        if ctx.settings.has_terraform() { Self::Profile } else { Self::Unknown }
    }

    /// Returns the address at which Terraform has the key of this id, if that is known.
    pub(crate) fn address_of(&self, id: &KeyId) -> Option<&str> {
        match self {
            Self::Unknown | Self::Profile => None,
            Self::Address(address) => Some(&address.0),
            Self::State(state) => {
                let mut held = state.managed(RESOURCE);
                held.find(|one| one.id.as_deref() == Some(id.as_str())).map(|one| one.address.as_str())
            }
        }
    }
}

impl Rebinding {
    /// Binds an address to the successor.
    pub(crate) fn at(address: &str, successor: &ProvisioningKey) -> Self {
        Self { word: quoted(address), lookup: None, address: address.to_owned(), ..Self::to(successor) }
    }

    /// Binds the address that Terraform has the predecessor at, which a command looks up.
    pub(crate) fn of(predecessor: &KeyId, successor: &ProvisioningKey) -> Self {
        Self {
            word: "\"$address\"".to_owned(),
            lookup: Some(format!("address=$(terraform state list -id={predecessor})")),
            ..Self::to(successor)
        }
    }

    fn to(successor: &ProvisioningKey) -> Self {
        let microtenant = successor.microtenant.as_ref().map(|one| one.id.to_string()).filter(|id| id != "0");
        Self {
            word: String::new(),
            lookup: None,
            address: String::new(),
            successor: successor.id.clone(),
            microtenant,
        }
    }

    fn state_rm(&self) -> String {
        format!("terraform state rm {}", self.word)
    }

    /// Returns the commands that bind the address to the successor, in their order.
    pub(crate) fn commands(&self) -> Vec<String> {
        let variable =
            self.microtenant.as_ref().map_or_else(String::new, |id| format!("ZPA_MICROTENANT_ID={id} "));
        let import = format!("{variable}terraform import {} {}", self.word, self.successor);
        self.lookup.iter().cloned().chain([self.state_rm(), import]).collect()
    }

    /// Returns the block that imports the successor.
    fn import_block(&self) -> String {
        let block = Block::new("import", &[]).with("to", self.address.as_str());
        let block = block.with("id", hcl::quoted(self.successor.as_str()));
        match &self.microtenant {
            Some(id) => block.comment(&format!("while ZPA_MICROTENANT_ID is {id}")).to_string(),
            None => block.to_string(),
        }
    }

    pub(crate) fn view(&self) -> RebindView {
        RebindView { address: self.address.clone(), state_rm: self.state_rm(), import: self.import_block() }
    }

    /// Says what is to be pasted where.
    pub(crate) fn say(&self, ctx: &Context) {
        let note = |text: &str| ctx.say(&Notice::Note(text.to_owned()));
        note("re-bind the key in Terraform before its next apply, which would rename the old one back:");
        note(&self.state_rm());
        self.import_block().lines().for_each(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_a_key_with_modules_and_index_keys() {
        for good in [
            "zpa_provisioning_key.build",
            "zpa_provisioning_key.build[0]",
            "zpa_provisioning_key.build[\"eu west\"]",
            "zpa_provisioning_key.build[\"a\\\"b]\"]",
            "module.site.zpa_provisioning_key.build",
            "module.site[\"a.b\"].module.x[1].zpa_provisioning_key.b-1",
        ] {
            assert!(parse_address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "build",
            "zpa_provisioning_key.",
            "zpa_provisioning_key.1x",
            "zpa_provisioning_key.a[",
            "zpa_provisioning_key.a[]",
            "zpa_provisioning_key.a[\"x]",
            "zpa_provisioning_key.a\nid = 1",
            "zpa_provisioning_key.a[\"\n\"]",
            "module.zpa_provisioning_key.a",
            "data.zpa_provisioning_key.a",
            "aws_instance.a",
            "zpa_provisioning_key.a.b",
        ] {
            assert!(parse_address(bad).is_err(), "{bad}");
        }
        let error = parse_address("3|host|blob").unwrap_err();
        assert!(!error.contains("blob"), "{error}");
    }
}
