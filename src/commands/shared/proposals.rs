//! What agents proposed, kept in the state directory until a person carries it out. A proposal is a command line, with what
//! was read of its key: no secret is in it.
//!
//! The id of a proposal is the digest of its file, so that one that was changed is known by it. What became of it stands in
//! a file beside it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{AssociationType, KeyId, PROPOSAL_LIFE, ProposalId, ProposalState, ServerText, quoted};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Dirs, LockFile, PrivateDir};
use crate::output::{ProposalView, Time};

const VERSION: u64 = 1;
/// More proposals are not kept open: an agent that loops does not fill the disk, nor what a person reads.
const MOST_OPEN: usize = 50;
/// For how long what became of a proposal is kept.
const KEPT: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);
/// What may have changed of a key if a proposal about it is still to hold: its use count, and nothing of these.
const READ: [&str; 11] = [
    "id",
    "name",
    "association_type",
    "enabled",
    "exportable",
    "max_usage",
    "zcomponent_id",
    "enrollment_cert_id",
    "ip_acl",
    "ui_config",
    "microtenant_id",
];

/// A change that an agent proposed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proposal {
    #[serde(rename = "zpakey_proposal")]
    version: u64,
    #[serde(with = "time_text")]
    pub(crate) made_at: Timestamp,
    /// Tells tenants apart, as the file names of what is kept of them do.
    tenant: String,
    pub(crate) profile: String,
    pub(crate) client: String,
    pub(crate) tool: String,
    pub(crate) key: ProposedKey,
    /// The command line, without what chooses the tenant, its delivery, and `--yes`.
    pub(crate) words: Vec<String>,
    pub(crate) delivery: Option<String>,
    /// The key as it was read.
    was: Option<KeyRead>,
}

/// The key that a proposal is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposedKey {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What was read of a key, as zpakey prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyRead {
    fields: serde_json::Map<String, Value>,
    usage_count: u64,
    /// The keys of its lineage: id and role.
    lineage: Vec<(String, String)>,
}

/// What became of a proposal.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Fate {
    state: String,
    exit_code: Option<u8>,
}

/// What is to be kept.
pub(crate) struct NewProposal {
    pub(crate) client: String,
    pub(crate) tool: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) words: Vec<String>,
    pub(crate) delivery: Option<String>,
    /// The key as `zpakey get` printed it, and its lineage as `zpakey status` did.
    pub(crate) key: Option<Value>,
    pub(crate) lineage: Option<Value>,
}

/// The proposals on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Proposals {
    directory: PrivateDir,
    now: Timestamp,
}

impl KeyRead {
    /// Takes what counts of what `zpakey get` and `zpakey status` print.
    pub(crate) fn of(key: &Value, lineage: Option<&Value>) -> Self {
        let field = |name: &&str| Some(((*name).to_owned(), key.get(*name)?.clone()));
        let text =
            |key: &Value, name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let keys = lineage.and_then(|lineage| lineage.get("keys")).and_then(Value::as_array);
        Self {
            fields: READ.iter().filter_map(field).collect(),
            usage_count: key.get("usage_count").and_then(Value::as_u64).unwrap_or_default(),
            lineage: keys.into_iter().flatten().map(|key| (text(key, "id"), text(key, "role"))).collect(),
        }
    }

    /// True if what replaced it, and what it replaced, was read too.
    pub(crate) const fn has_lineage(&self) -> bool {
        !self.lineage.is_empty()
    }

    /// Says what is not as it was: connectors may have enrolled since.
    pub(crate) fn changed(&self, now: &Self) -> Option<String> {
        let names = self.fields.iter().filter(|(name, value)| now.fields.get(*name) != Some(*value));
        let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            return Some(format!("its {} changed", names.join(", ")));
        }
        if now.usage_count < self.usage_count {
            return Some("its use count fell".to_owned());
        }
        (now.lineage != self.lineage).then(|| "it was rotated, or a rotation has begun".to_owned())
    }
}

impl Proposal {
    pub(crate) fn kind(&self) -> CommandResult<AssociationType> {
        self.key.kind.parse().map_err(|_| broken())
    }

    /// Returns the command that it runs.
    pub(crate) fn action(&self) -> &str {
        self.words.first().map(String::as_str).unwrap_or_default()
    }

    /// True if its command line is one that is proposed, about the key that is named and looked at. A deletion asks itself:
    /// nothing in the line may answer for the person.
    fn is_about_its_key(&self) -> bool {
        let Some((command, rest)) = self.words.split_first() else { return false };
        let key = match &self.key.id {
            Some(id) => format!("id:{id}"),
            None => self.key.name.clone(),
        };
        let is_known = match command.as_str() {
            "create" => self.key.id.is_none() && self.was.is_none(),
            "update" | "disable" | "enable" | "rotate" | "retire" => self.was.is_some(),
            "delete" => self.was.is_some() && rest.len() == 3,
            _ => false,
        };
        // `--type`, and whatever else there is, stands before the key.
        let is_typed = rest.iter().any(|word| word.starts_with("--type="));
        is_known && is_typed && rest.ends_with(&["--".to_owned(), key])
    }

    pub(crate) const fn was(&self) -> Option<&KeyRead> {
        self.was.as_ref()
    }

    /// Refuses a proposal for another tenant.
    pub(crate) fn check_tenant(&self, tenant: &str, id: &ProposalId) -> CommandResult<()> {
        if self.tenant == tenant {
            return Ok(());
        }
        let option = if self.profile == crate::config::SANDBOX_PROFILE {
            "--sandbox".to_owned()
        } else {
            format!("--profile {}", quoted(&self.profile))
        };
        let message = format!("proposal {id} is for {}, and not for this tenant", self.profile);
        Err(CommandError::usage(message, format!("zpakey {option} apply proposal:{id}")))
    }
}

impl Proposals {
    pub(crate) fn of(dirs: Option<&Dirs>, now: Timestamp) -> CommandResult<Self> {
        let dirs =
            dirs.ok_or_else(|| CommandError::usage("there is no home directory for proposals", "set HOME"))?;
        Ok(Self { directory: PrivateDir::new(dirs.proposals()), now })
    }

    /// Keeps a proposal; returns it with its id.
    ///
    /// # Errors
    /// Too many are open, or it cannot be written.
    pub(crate) fn add(
        &self,
        tenant: &str,
        profile: &str,
        new: NewProposal,
    ) -> CommandResult<(ProposalId, Proposal)> {
        let mut open = 0;
        for (id, proposal, state, _) in self.all() {
            if state == ProposalState::Open {
                open += 1;
            } else if self.now.duration_since(proposal.made_at).unsigned_abs() > KEPT {
                self.directory.remove(&file_of(&id));
                self.directory.remove(&fate_of(&id));
            }
        }
        if open >= MOST_OPEN {
            let message = format!("{open} proposals are open, which is the most");
            return Err(CommandError::new(ErrorKind::Guarded, message)
                .hint("a person carries them out or ends them: zpakey proposals"));
        }
        let id = new.key.as_ref().and_then(|key| key.get("id")).and_then(Value::as_str);
        let proposal = Proposal {
            version: VERSION,
            made_at: self.now,
            tenant: tenant.to_owned(),
            profile: profile.to_owned(),
            client: new.client,
            tool: new.tool,
            key: ProposedKey { id: id.map(str::to_owned), name: new.name, kind: new.kind },
            words: new.words,
            delivery: new.delivery,
            was: new.key.as_ref().map(|key| KeyRead::of(key, new.lineage.as_ref())),
        };
        let text = serde_json::to_string_pretty(&proposal).map_err(|_| broken())? + "\n";
        let id = id_of(text.as_bytes());
        self.write(&file_of(&id), &text)?;
        Ok((id, proposal))
    }

    /// Lists the proposals, the newest first. A file that is none is left out.
    pub(crate) fn all(&self) -> Vec<(ProposalId, Proposal, ProposalState, Option<u8>)> {
        let names = self.directory.files().into_iter();
        let ids = names.filter_map(|name| name.strip_suffix(".json")?.parse::<ProposalId>().ok());
        let mut all: Vec<_> = ids
            .filter_map(|id| {
                let proposal = self.read(&id).ok()?;
                let (state, code) = self.state(&id, &proposal);
                Some((id, proposal, state, code))
            })
            .collect();
        all.sort_by_key(|(_, proposal, _, _)| std::cmp::Reverse(proposal.made_at));
        all
    }

    /// Reads a proposal.
    ///
    /// # Errors
    /// There is none of this id, or it is not what it was when it got the id.
    pub(crate) fn read(&self, id: &ProposalId) -> CommandResult<Proposal> {
        let Some(bytes) = self.directory.read(&file_of(id)) else {
            return Err(CommandError::new(ErrorKind::NotFound, format!("there is no proposal {id}"))
                .hint("zpakey proposals --all      lists them"));
        };
        if id_of(&bytes) != *id {
            let message = format!("proposal {id} was changed since it was made; nothing was done");
            return Err(CommandError::new(ErrorKind::Stale, message).hint("have it proposed again"));
        }
        let proposal: Proposal = serde_json::from_slice(&bytes).map_err(|_| broken())?;
        if proposal.version == VERSION && proposal.is_about_its_key() { Ok(proposal) } else { Err(broken()) }
    }

    /// Returns what became of a proposal, and the exit code of its command.
    pub(crate) fn state(&self, id: &ProposalId, proposal: &Proposal) -> (ProposalState, Option<u8>) {
        let fate = self.directory.read(&fate_of(id));
        let Some(fate) = fate.and_then(|bytes| serde_json::from_slice::<Fate>(&bytes).ok()) else {
            return (ProposalState::by_age(proposal.made_at, self.now), None);
        };
        let state = ProposalState::ALL.into_iter().find(|state| state.as_str() == fate.state);
        match state {
            Some(ProposalState::Applying) if self.is_abandoned(id) => (ProposalState::Failed, None),
            Some(state) => (state, fate.exit_code),
            None => (ProposalState::Failed, fate.exit_code),
        }
    }

    /// True if the run that began a proposal is no more: its lock is free.
    fn is_abandoned(&self, id: &ProposalId) -> bool {
        self.lock(id).is_ok()
    }

    /// Takes an open proposal for this run, until the lock is dropped.
    ///
    /// # Errors
    /// It is not open, or another run has it.
    pub(crate) fn take(&self, id: &ProposalId, proposal: &Proposal) -> CommandResult<LockFile> {
        Self::check_open(id, self.state(id, proposal))?;
        let lock = self.lock(id)?;
        // Another run may have carried it out between the two.
        match self.directory.read(&fate_of(id)) {
            Some(_) => {
                drop(lock);
                Self::check_open(id, self.state(id, proposal))?;
                Err(broken())
            }
            None => Ok(lock),
        }
    }

    fn check_open(id: &ProposalId, (state, code): (ProposalState, Option<u8>)) -> CommandResult<()> {
        let why = match state {
            ProposalState::Open => return Ok(()),
            ProposalState::Applying => "another run carries it out".to_owned(),
            ProposalState::Applied => "it was carried out already".to_owned(),
            ProposalState::Failed => match code {
                Some(code) => format!("it was begun, and ended with exit code {code}"),
                None => "it was begun, and its end is not known".to_owned(),
            },
            ProposalState::Rejected => "it was rejected".to_owned(),
            ProposalState::Stale => "its key was changed since it was made".to_owned(),
            ProposalState::Expired => "it is older than 24 h".to_owned(),
        };
        let message = format!("proposal {id} is not open: {why}; nothing was done");
        Err(CommandError::new(ErrorKind::Stale, message))
    }

    /// Keeps other runs from a proposal until the lock is dropped.
    ///
    /// # Errors
    /// Another run has it.
    fn lock(&self, id: &ProposalId) -> CommandResult<LockFile> {
        let lock = self.directory.try_lock(&format!("{id}.lock"));
        let lock = lock.map_err(|error| CommandError::io("locking the proposal", &error))?;
        lock.ok_or_else(|| {
            let message = format!("proposal {id} is not open: another run carries it out; nothing was done");
            CommandError::new(ErrorKind::Stale, message)
        })
    }

    /// Writes down what becomes of a proposal.
    pub(crate) fn end(
        &self,
        id: &ProposalId,
        state: ProposalState,
        exit_code: Option<u8>,
    ) -> CommandResult<()> {
        let fate = Fate { state: state.as_str().to_owned(), exit_code };
        self.write(&fate_of(id), &serde_json::to_string(&fate).map_err(|_| broken())?)
    }

    /// Forgets that a proposal was begun: nothing was done.
    pub(crate) fn reopen(&self, id: &ProposalId) {
        self.directory.remove(&fate_of(id));
    }

    fn write(&self, name: &str, text: &str) -> CommandResult<()> {
        self.directory.write(name, text.as_bytes()).map_err(|error| {
            CommandError::io(&format!("writing into {}", self.directory.path().display()), &error)
        })
    }
}

/// Shows a proposal. `program` is the command line that leads to its tenant.
pub(crate) fn proposal_view(
    id: &ProposalId,
    proposal: &Proposal,
    (state, exit_code): (ProposalState, Option<u8>),
    command: String,
) -> CommandResult<ProposalView> {
    let runs = std::iter::once("zpakey".to_owned()).chain(proposal.words.iter().map(|word| quoted(word)));
    let expires_at = proposal.made_at.saturating_add(PROPOSAL_LIFE).unwrap_or(proposal.made_at);
    Ok(ProposalView {
        id: id.to_string(),
        state: state.as_str(),
        action: proposal.action().to_owned(),
        name: ServerText::from(proposal.key.name.as_str()),
        key_id: proposal.key.id.as_deref().and_then(|id| id.parse::<KeyId>().ok()),
        association_type: proposal.kind()?,
        runs: runs.collect::<Vec<_>>().join(" "),
        delivery: proposal.delivery.clone(),
        client: proposal.client.clone(),
        tool: proposal.tool.clone(),
        profile: proposal.profile.clone(),
        made_at: Time(proposal.made_at),
        expires_at: Time(expires_at),
        command: (state == ProposalState::Open).then_some(command),
        exit_code,
    })
}

fn id_of(bytes: &[u8]) -> ProposalId {
    ProposalId::of_digest(&PrivateDir::name_of(&[&String::from_utf8_lossy(bytes)]))
}

fn file_of(id: &ProposalId) -> String {
    format!("{id}.json")
}

fn fate_of(id: &ProposalId) -> String {
    format!("{id}.end")
}

fn broken() -> CommandError {
    CommandError::new(ErrorKind::Stale, "this is no proposal of this version of zpakey")
}

/// A time as a text.
mod time_text {
    use jiff::Timestamp;
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
