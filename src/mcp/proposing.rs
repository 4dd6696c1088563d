//! The tools that propose: a command line is tried without sending anything that writes, and kept for a person.

use serde_json::{Value, json};

use super::answers::{Refusal, Told, printed};
use super::arguments::{
    CreateKey, OneKey, ProposalStatus, ProposeChange, ProposeDelete, ProposeRotation, UpdateKey,
};
use super::lines::{Seen, create_line, enable_line, find_group, look, update_line};
use super::reading::{Call, with_argument};
use super::text::{field, text};
use super::writing::{Deliveries, delivery};
use crate::domain::ProposalId;

/// A command line for a person to run, and what it was made from.
#[derive(Debug, Clone)]
pub struct Draft {
    pub client: String,
    pub tool: &'static str,
    /// The command line, without what chooses the tenant, its delivery, and `--yes`.
    pub words: Vec<String>,
    pub delivery: Option<String>,
    pub name: String,
    /// The type of the key.
    pub kind: String,
    /// The key as `zpakey get` printed it; none if it is to be created.
    pub key: Option<Value>,
    /// Its lineage as `zpakey status` printed it, if that has to stay as it is, too.
    pub lineage: Option<Value>,
}

/// Keeps proposals where a person finds them.
pub trait DraftStore: Send + Sync {
    /// Returns the proposal as zpakey shows it.
    ///
    /// # Errors
    /// Why it cannot be kept: too many are open, or there is no place for it. Code and message.
    fn keep(&self, draft: Draft) -> Result<Value, (String, String)>;
}

/// A call that may propose.
pub(super) struct ProposeCall<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) deliveries: &'a Deliveries,
    pub(super) drafts: &'a dyn DraftStore,
}

impl ProposeCall<'_> {
    /// Proposes a line on a key that was looked at. If a lineage is given, it has to stay as it was read.
    async fn on_key(
        &self,
        mut line: Vec<String>,
        seen: Seen,
        to: Option<String>,
        lineage: Option<Value>,
    ) -> Result<Told, Refusal> {
        line.push(format!("--type={}", seen.kind));
        let words = with_argument(line, Some(format!("id:{}", seen.id)));
        let Seen { key, kind, name, .. } = seen;
        self.propose(Draft { words, delivery: to, name, kind, key: Some(key), lineage, ..self.draft() }).await
    }

    /// Reads what a key replaced, and what replaced it.
    async fn lineage(&self, seen: &Seen) -> Result<Value, Refusal> {
        let status = vec!["status".to_owned(), format!("--type={}", seen.kind)];
        let status = with_argument(status, Some(format!("id:{}", seen.id)));
        printed(&self.call.runs.read_anew(self.call.run(status)).await?)
    }

    fn draft(&self) -> Draft {
        Draft {
            client: self.call.client.clone(),
            tool: self.call.tool,
            words: Vec::new(),
            delivery: None,
            name: String::new(),
            kind: String::new(),
            key: None,
            lineage: None,
        }
    }

    /// Tries the line without sending anything that writes, and keeps it.
    async fn propose(&self, draft: Draft) -> Result<Told, Refusal> {
        let mut tried = draft.words.clone();
        if let Some(name) = &draft.delivery {
            let delivery = delivery(self.deliveries, name)?;
            let command = draft.words.first().map(String::as_str).unwrap_or_default();
            tried.splice(1..1, delivery.options_of(command));
        }
        tried.insert(1, "--dry-run".to_owned());
        let plan = printed(&self.call.runs.read_anew(self.call.run(tried)).await?)?;
        if plan == json!([]) {
            return Err(Refusal::usage(
                "there is nothing to do, or it is too early",
                "key_status tells when",
            ));
        }
        let plan = told_plan(&plan, &draft);
        let name = draft.name.clone();
        let proposal =
            self.drafts.keep(draft).map_err(|(code, message)| Refusal::not_kept(&code, &message))?;
        let line = format!(
            "proposed for {name}, nothing is done yet; ask your person to run: {}",
            text(&proposal, "command")
        );
        Ok(Told { value: json!({"proposal": proposal, "plan": plan}), line })
    }
}

/// Takes from a dry run what an agent can make use of: the changes, or the steps.
fn told_plan(plan: &Value, draft: &Draft) -> Value {
    let steps = field(plan, "steps");
    let step = |step: &Value| format!("{}: {}", text(step, "step"), text(step, "text"));
    let mut steps: Vec<String> = steps.as_array().into_iter().flatten().map(step).collect();
    let id = draft.key.as_ref().map_or("", |key| text(key, "id"));
    match (draft.words.first().map(String::as_str), &draft.delivery) {
        (Some("delete"), _) => steps.push(format!("delete: {} ({id}) for good", draft.name)),
        (Some("create"), None) => {
            steps.push("deliver: nowhere; the person gets the text with `zpakey reveal`".to_owned());
        }
        (Some("create"), Some(delivery)) => steps.push(format!("deliver: {delivery}")),
        (Some("rotate"), _) if !draft.words.iter().any(|word| word == "--compromised") => {
            steps.push("the old key can enrol until it is retired".to_owned());
        }
        _ => {}
    }
    json!({"changes": plan.get("changes").cloned().unwrap_or_else(|| json!([])), "steps": steps})
}

/// Lists the keys of a lineage that have a role: id and name.
fn with_role(lineage: &Value, role: &str) -> Vec<String> {
    let keys = field(lineage, "keys");
    let keys = keys.as_array().into_iter().flatten().filter(|key| text(key, "role") == role);
    keys.map(|key| text(key, "id").to_owned()).collect()
}

pub(super) async fn propose_create(propose: &ProposeCall<'_>) -> Result<Told, Refusal> {
    let wanted: CreateKey = propose.call.arguments()?;
    let group = find_group(propose.call, wanted.r#type, &wanted.group).await?;
    let words = with_argument(create_line(&wanted, &group)?, Some(wanted.name.clone()));
    let kind = wanted.r#type.word().to_owned();
    propose
        .propose(Draft { words, delivery: wanted.delivery, name: wanted.name, kind, ..propose.draft() })
        .await
}

pub(super) async fn propose_rotation(propose: &ProposeCall<'_>) -> Result<Told, Refusal> {
    let wanted: ProposeRotation = propose.call.arguments()?;
    let seen = look(propose.call, &wanted.key).await?;
    let lineage = propose.lineage(&seen).await?;
    if with_role(&lineage, "old").contains(&seen.id) {
        let message =
            format!("{} was replaced already, by {}", seen.id, with_role(&lineage, "current").join(", "));
        let instead =
            "propose_retire when its time has come; propose_change with enabled=false stops it at once";
        return Err(Refusal::usage(message, instead));
    }
    let mut line = vec!["rotate".to_owned()];
    if wanted.compromised {
        line.push("--compromised".to_owned());
    }
    if wanted.delivery.is_none() {
        line.push("--no-deliver".to_owned());
    }
    propose.on_key(line, seen, wanted.delivery, Some(lineage)).await
}

pub(super) async fn propose_change(propose: &ProposeCall<'_>) -> Result<Told, Refusal> {
    let ProposeChange { key, name, max_usage, ip_acl, cert, enabled } = propose.call.arguments()?;
    let has_others = name.is_some() || ip_acl.is_some() || cert.is_some();
    let line = match enabled {
        None => update_line(&UpdateKey { key: key.clone(), name, max_usage, ip_acl, cert })?,
        Some(false) if !has_others && max_usage.is_none() => vec!["disable".to_owned()],
        Some(true) if !has_others => enable_line(max_usage),
        Some(_) => {
            return Err(Refusal::usage(
                "enabled goes with no other change, except max_usage for enabled: true",
                "propose two changes, one after the other",
            ));
        }
    };
    let seen = look(propose.call, &key).await?;
    propose.on_key(line, seen, None, None).await
}

pub(super) async fn propose_delete(propose: &ProposeCall<'_>) -> Result<Told, Refusal> {
    let wanted: ProposeDelete = propose.call.arguments()?;
    let seen = look(propose.call, &wanted.key).await?;
    let lineage = propose.lineage(&seen).await?;
    let replaced = with_role(&lineage, "old");
    if with_role(&lineage, "current").contains(&seen.id) && !replaced.is_empty() {
        let message = format!("{} ({}) is the successor of {}", seen.name, seen.id, replaced.join(", "));
        let instead = "say which of them is meant by id:ID; propose_retire stops the old one";
        return Err(Refusal::usage(message, instead));
    }
    let stop = "propose_change with enabled=false stops it; a person decides about its machines";
    let proposed = propose.on_key(vec!["delete".to_owned()], seen, None, None).await;
    proposed.map_err(|refusal| refusal.instead_of(&["conflict", "guarded"], stop))
}

pub(super) async fn propose_retire(propose: &ProposeCall<'_>) -> Result<Told, Refusal> {
    let wanted: OneKey = propose.call.arguments()?;
    let seen = look(propose.call, &wanted.key).await?;
    let lineage = propose.lineage(&seen).await?;
    let old = with_role(&lineage, "old");
    let [old] = old.as_slice() else {
        let message = match old.as_slice() {
            [] => format!("{} replaced no key that can still enrol", seen.name),
            several => format!("{} replaced several: {}", seen.name, several.join(", ")),
        };
        return Err(Refusal::usage(message, "key_status tells what there is; say id:ID of the old one"));
    };
    let seen = if *old == seen.id { seen } else { look(propose.call, &format!("id:{old}")).await? };
    propose.on_key(vec!["retire".to_owned()], seen, None, Some(lineage)).await
}

pub(super) async fn proposal_status(call: &Call<'_>) -> Result<Told, Refusal> {
    let wanted: ProposalStatus = call.arguments()?;
    let id = wanted.id.strip_prefix("proposal:").unwrap_or(&wanted.id);
    let id: ProposalId =
        id.parse().map_err(|_| Refusal::usage("this is no id of a proposal", "propose_* answer with it"))?;
    let line = vec!["proposals".to_owned(), "--".to_owned(), id.to_string()];
    let known = "propose_* answer with its id; the person finds all with `zpakey proposals --all`";
    let proposal = printed(&call.runs.read_anew(call.run(line)).await?);
    let proposal = proposal.map_err(|refusal| refusal.instead_of(&["not_found"], known))?;
    let line = format!("{}: {}", text(&proposal, "state"), text(&proposal, "runs"));
    Ok(Told { value: json!({"proposal": proposal}), line })
}
