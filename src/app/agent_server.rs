//! `zpakey mcp`: each tool is a command line that runs in this process, on streams of its own.

use std::cell::Cell;
use std::sync::Arc;

use serde_json::{Value, json};

use super::exit;
use super::inner::{Ends, InnerLines, Origin};
use super::ui::Ui;
use crate::commands::{McpArgs, NewProposal, Proposals, proposal_view};
use crate::config::Settings;
use crate::context::{CommandLine, InnerRun, LogActor, tenant_file};
use crate::domain::ProposalState;
use crate::error::{CommandError, Diagnosis, ErrorContext, ErrorKind, diagnose};
use crate::host::{End, Host, Signals};
use crate::mcp::{Draft, DraftStore, Ended, Ran, Run, Runner, Server, serve};
use crate::output::SCHEMA;

/// Runs command lines on this machine, without a terminal.
struct InProcess(InnerLines);

/// Keeps proposals in the state directory.
struct OnThisMachine {
    host: Host,
    /// Tells tenants apart.
    tenant: String,
    profile: String,
    /// The command line that a person's begins with.
    typed: CommandLine,
}

impl Runner for InProcess {
    fn run(&self, run: Run) -> Ran {
        let actor = LogActor {
            kind: "mcp".to_owned(),
            client: run.client,
            tool: run.tool.to_owned(),
            proposal: None,
        };
        // Signals are heard by the server, which lets a write finish.
        let ends = if run.ends_if_cancelled { Ends::AtOnce(run.cancelled) } else { Ends::Never };
        let origin = Origin { actor: Some(actor), ends };
        let InnerRun { code, output, errors } = self.0.kept_for(run.words, origin, Some(run.said));
        Ran { code, output, errors }
    }

    fn say(&self, line: &str) {
        self.0.host.streams.say(line);
    }
}

impl DraftStore for OnThisMachine {
    fn keep(&self, draft: Draft) -> Result<Value, (String, String)> {
        let told = |error: CommandError| {
            let diagnosis = diagnose(&error, &ErrorContext::default());
            (diagnosis.kind.code().to_owned(), diagnosis.message)
        };
        let proposals = Proposals::of(self.host.dirs.as_ref(), self.host.clock.now()).map_err(told)?;
        let Draft { client, tool, words, delivery, name, kind, key, lineage } = draft;
        let tool = tool.to_owned();
        let new = NewProposal { client, tool, name, kind, words, delivery, key, lineage };
        let (id, proposal) = proposals.add(&self.tenant, &self.profile, new).map_err(told)?;
        let command = format!("{} apply proposal:{id}", self.typed);
        let view = proposal_view(&id, &proposal, (ProposalState::Open, None), command).map_err(told)?;
        serde_json::to_value(view).map_err(|error| ("internal".to_owned(), error.to_string()))
    }
}

/// Prints the lines that register the server, or serves until the client is gone or a signal comes.
pub(super) fn run(args: &McpArgs, typed: CommandLine, settings: &Settings, ui: &Ui, host: Host) -> u8 {
    if let Some(client) = args.client() {
        return ui.print(&registration(client, &typed));
    }
    let limits = args.limits(settings.agent_limits.as_ref());
    let drafts = OnThisMachine {
        host: host.clone(),
        tenant: tenant_file(settings),
        profile: settings.profile_name.clone(),
        typed: typed.clone().tenant_options(),
    };
    let runner = InProcess(InnerLines { host, typed });
    let server = Server::new(limits, Arc::new(runner), settings.deliveries.clone(), Box::new(drafts), SCHEMA);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ui.fail(&Diagnosis::new(ErrorKind::Internal, error.to_string())),
    };
    let asked = Cell::new(None::<End>);
    let ended = runtime.block_on(async {
        let mut signals = Signals::listen().ok();
        serve(server, async || {
            let Some(signals) = &mut signals else { return std::future::pending().await };
            let end = signals.next().await;
            asked.set(Some(end));
        })
        .await
    });
    // A thread may still wait for standard input.
    runtime.shutdown_background();
    match (ended, asked.get()) {
        (Ended::Asked, Some(end)) => end.kind().exit_code(),
        (Ended::Input | Ended::Asked, _) => exit::SUCCESS,
    }
}

/// Writes what a client needs to start the server, as its file has it: `.mcp.json`, `.vscode/mcp.json`, `.cursor/mcp.json`,
/// `~/.codex/config.toml`. No secret is in it.
fn registration(client: &str, typed: &CommandLine) -> String {
    let line = typed.clone().without(&["print-config", "client-secret-file", "private-key-file"]);
    let words: Vec<String> = line.all_words();
    let server = json!({"command": "zpakey", "args": words});
    match client {
        "vscode" => {
            let server = json!({"type": "stdio", "command": "zpakey", "args": words});
            format!("{:#}\n", json!({"servers": {"zpakey": server}}))
        }
        "codex" => {
            let args: Vec<String> = words.iter().map(|word| json!(word).to_string()).collect();
            format!("[mcp_servers.zpakey]\ncommand = \"zpakey\"\nargs = [{}]\n", args.join(", "))
        }
        _ => format!("{:#}\n", json!({"mcpServers": {"zpakey": server}})),
    }
}
