//! Carries out what an agent proposed, once a person has agreed to it at a terminal.

use std::sync::Arc;

use serde_json::Value;

use crate::commands::shared::ask::{Danger, Question, ask_person};
use crate::commands::shared::proposals::{KeyRead, Proposal, Proposals};
use crate::commands::{CommandOutcome, CommandOutput};
use crate::context::{Context, InnerRun, LogActor, tenant_file};
use crate::domain::desired::Delivery;
use crate::domain::{ProposalId, ProposalState, ServerText, escape};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::ShutdownMode;
use crate::output::{Notice, step_word};

/// A proposal that is being carried out; no other run does so meanwhile.
struct Approval<'a> {
    ctx: &'a Context,
    id: &'a ProposalId,
    proposal: Proposal,
    proposals: Proposals,
}

pub(super) async fn approve(ctx: &Context, id: &ProposalId) -> CommandResult<CommandOutput> {
    let proposals = Proposals::of(ctx.dirs.as_ref(), ctx.clock.now())?;
    let proposal = proposals.read(id)?;
    proposal.check_tenant(&tenant_file(&ctx.settings), id)?;
    let _lock = proposals.take(id, &proposal)?;
    let approval = Approval { ctx, id, proposal, proposals };
    let code = approval.run().await?;
    let mut output = CommandOutput::nothing();
    output.outcome = CommandOutcome::Child(code);
    Ok(output)
}

impl Approval<'_> {
    async fn run(&self) -> CommandResult<u8> {
        self.look().await?;
        let plan = self.plan().await?;
        let deletes = self.proposal.action() == "delete";
        let mut words = self.words()?;
        if !deletes {
            self.ask(&plan).await?;
            // The question may have stood for long.
            self.look().await?;
            words.insert(1, "--yes".to_owned());
        } else if self.ctx.can_ask() {
            // The command asks itself, as it does without a proposal.
            self.ctx.say(&Notice::Note(self.about(&[])));
        } else {
            return Err(self.no_one_to_ask());
        }
        self.proposals.end(self.id, ProposalState::Applying, None)?;
        // From here on the command hears the signals.
        self.ctx.ending.set(ShutdownMode::LeftToChild);
        let mut code = self.shown(words).await?;
        let is_undone = deletes
            && [ErrorKind::Declined, ErrorKind::Interrupted].map(ErrorKind::exit_code).contains(&code);
        if is_undone && self.look().await.is_ok() {
            self.proposals.reopen(self.id);
            return Ok(code);
        }
        if code == 0 {
            code = self.deliver().await?;
        }
        let state = if code == 0 { ProposalState::Applied } else { ProposalState::Failed };
        self.proposals.end(self.id, state, Some(code))?;
        Ok(code)
    }

    async fn kept(&self, words: Vec<String>) -> CommandResult<InnerRun> {
        let inner = Arc::clone(&self.ctx.inner);
        Ok(tokio::task::spawn_blocking(move || inner.kept(words)).await?)
    }

    async fn shown(&self, words: Vec<String>) -> CommandResult<u8> {
        let actor = LogActor {
            kind: "mcp".to_owned(),
            client: self.proposal.client.clone(),
            tool: self.proposal.tool.clone(),
            proposal: Some(self.id.to_string()),
        };
        let inner = Arc::clone(&self.ctx.inner);
        Ok(tokio::task::spawn_blocking(move || inner.shown(words, actor)).await?)
    }

    /// Refuses what is not as it was when the agent proposed it.
    async fn look(&self) -> CommandResult<()> {
        let kind = format!("--type={}", self.proposal.kind()?.short());
        let key = match &self.proposal.key.id {
            Some(id) => format!("id:{id}"),
            None => format!("name:{}", self.proposal.key.name),
        };
        let ask = |command: &str| vec![command.to_owned(), kind.clone(), "--".to_owned(), key.clone()];
        let found = self.kept(ask("get")).await?.json();
        let why = match (self.proposal.was(), found) {
            (None, Ok(_)) => Some("a key of this name is there now".to_owned()),
            (None, Err(error)) if error.kind() == ErrorKind::NotFound => None,
            (Some(_), Err(error)) if error.kind() == ErrorKind::NotFound => {
                Some("the key is gone".to_owned())
            }
            (_, Err(error)) => return Err(error),
            (Some(was), Ok(key)) => {
                let lineage =
                    if was.has_lineage() { Some(self.kept(ask("status")).await?.json()?) } else { None };
                was.changed(&KeyRead::of(&key, lineage.as_ref()))
            }
        };
        match why {
            Some(why) => self.stale(&why),
            None => Ok(()),
        }
    }

    fn stale(&self, why: &str) -> CommandResult<()> {
        self.proposals.end(self.id, ProposalState::Stale, None)?;
        let name = ServerText::from(self.proposal.key.name.as_str());
        let message = format!("proposal {} is stale: {name}: {why}; nothing was done", self.id);
        Err(CommandError::new(ErrorKind::Stale, message).hint("have it proposed again"))
    }

    /// Returns the command line with the options of its delivery, as the profile has it now.
    fn words(&self) -> CommandResult<Vec<String>> {
        let mut words = self.proposal.words.clone();
        let Some(name) = &self.proposal.delivery else { return Ok(words) };
        let Some(delivery) = self.ctx.settings.deliveries.get(name) else {
            let message =
                format!("the profile has no delivery \"{}\" any more; nothing was done", escape(name));
            return Err(CommandError::new(ErrorKind::Stale, message));
        };
        // An argument that looks like an option stands behind `--`.
        words.splice(1..1, delivery.options_of(self.proposal.action()));
        Ok(words)
    }

    /// Says what the command would do now.
    async fn plan(&self) -> CommandResult<Vec<String>> {
        let mut words = self.words()?;
        words.insert(1, "--dry-run".to_owned());
        let plan = match self.kept(words).await?.json() {
            Ok(plan) => plan,
            // What it needs is not there any more, or is in the way.
            Err(error) if [4, 8].contains(&error.kind().exit_code()) => {
                self.proposals.end(self.id, ProposalState::Stale, None)?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        let changes = |field: &str| {
            let mut all = plan.get("changes").and_then(Value::as_array).into_iter().flatten();
            all.any(|change| change.get("field").is_some_and(|name| name == field))
        };
        let mut names = Vec::new();
        if changes(GROUP) {
            let kind = format!("--type={}", self.proposal.kind()?.short());
            names.push(self.kept(vec!["groups".to_owned(), kind]).await?.json()?);
        }
        if changes(CERTIFICATE) {
            names.push(self.kept(vec!["certs".to_owned()]).await?.json()?);
        }
        Ok(lines(&plan, &names, self.ctx.reporter.arrow()))
    }

    fn about(&self, plan: &[String]) -> String {
        let Proposal { key, words, client, .. } = &self.proposal;
        let name = ServerText::from(key.name.as_str());
        let id = key.id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        let action = words.first().map(String::as_str).unwrap_or_default();
        let place = match self.ctx.customer() {
            Some(_) => self.ctx.tenant_label(),
            None => format!("the {}", self.ctx.profile_label()),
        };
        let mut text = format!("{} proposes to {action} {name}{id} in {}", escape(client), place);
        for line in plan {
            text.push_str("\n  ");
            text.push_str(line);
        }
        if let (Some(name), "create") = (&self.proposal.delivery, action)
            && let Some(words) = self.ctx.settings.deliveries.get(name).and_then(Delivery::exec_words)
        {
            text.push_str("\n  then the key value goes to: ");
            let own = words.iter().skip_while(|word| *word != "sh").skip(4);
            text.push_str(&own.map(|word| crate::context::quoted(word)).collect::<Vec<_>>().join(" "));
        }
        text
    }

    async fn ask(&self, plan: &[String]) -> CommandResult<()> {
        let question = Question {
            about: self.about(plan),
            ask: "Apply?".to_owned(),
            danger: Danger::Confirm,
            refusal: self.refusal(),
            hints: vec![self.reject()],
        };
        ask_person(self.ctx, question).await
    }

    fn refusal(&self) -> String {
        format!("will not apply proposal {}", self.id)
    }

    fn reject(&self) -> String {
        format!("{}      ends it", self.ctx.command(&format!("proposals {} --reject", self.id)))
    }

    fn no_one_to_ask(&self) -> CommandError {
        let message = format!("{} without confirmation, and {}", self.refusal(), self.ctx.why_not_ask());
        CommandError::new(ErrorKind::ConfirmationRequired, message).hint(self.reject())
    }

    /// Hands the value of a key that was made to the program of the delivery.
    async fn deliver(&self) -> CommandResult<u8> {
        let delivery = self.proposal.delivery.as_ref().filter(|_| self.proposal.action() == "create");
        let delivery = delivery.and_then(|name| self.ctx.settings.deliveries.get(name));
        let Some(words) = delivery.and_then(Delivery::exec_words) else { return Ok(0) };
        let kind = format!("--type={}", self.proposal.kind()?.short());
        let name = format!("name:{}", self.proposal.key.name);
        let line = ["exec".to_owned(), kind, name].into_iter().chain(words).collect();
        self.shown(line).await
    }
}

/// What a change calls the group and the certificate of a key.
const GROUP: &str = "zcomponent_id";
const CERTIFICATE: &str = "enrollment_cert_id";

/// Writes the plan of a command, as its dry run tells it. `names` has lists of what has a name and an id.
fn lines(plan: &Value, names: &[Value], arrow: &str) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => escape(text).into_owned(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => {
            let texts =
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            escape(&texts.collect::<Vec<_>>().join(", ")).into_owned()
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => escape(&value.to_string()).into_owned(),
    };
    let field = |one: &Value, name: &str| one.get(name).map(text).unwrap_or_default();
    let list =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let with_name = |id: String| {
        let mut all = names.iter().filter_map(Value::as_array).flatten();
        let found = all.find(|one| field(one, "id") == id);
        found.map_or_else(|| id.clone(), |one| format!("{} ({id})", field(one, "name")))
    };
    let steps = list(plan, "steps").into_iter().enumerate();
    let steps = steps.map(|(at, step)| {
        format!("{}  {:<7} {}", at + 1, step_word(&field(&step, "step")), field(&step, "text"))
    });
    let changes = list(plan, "changes").into_iter().filter_map(|change| {
        let (name, from, to) = (field(&change, "field"), field(&change, "from"), field(&change, "to"));
        let (name, from, to) = match name.as_str() {
            GROUP => ("group", with_name(from), with_name(to)),
            CERTIFICATE => ("certificate", with_name(from), with_name(to)),
            _ => (name.as_str(), from, to),
        };
        match (from.as_str(), to.as_str()) {
            ("-", "-") => None,
            ("-", to) => Some(format!("{name} {to}")),
            (from, to) => Some(format!("{name} {from} {arrow} {to}")),
        }
    });
    steps.chain(changes).collect()
}
