//! `zpakey mcp`: each tool is a command line that runs in this process, on streams of its own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::exit;
use super::ui::Ui;
use crate::commands::McpArgs;
use crate::config::Settings;
use crate::context::{CommandLine, LogActor, quoted};
use crate::domain::desired::{DeliverTo, Delivery};
use crate::error::{Diagnosis, ErrorKind};
use crate::host::{End, Env, Host, Signals, Sink, Streams, Terminals};
use crate::mcp::{Deliveries, Ended, Ran, Run, Runner, Server, serve};
use crate::output::SCHEMA;

/// No stream is a terminal, and none can be asked on.
const NO_TERMINALS: Terminals = Terminals {
    stdin: false,
    controlling: false,
    stdout_width: None,
    stderr: false,
    stderr_width: None,
    stdout_sink: Sink::Elsewhere,
};

/// Runs command lines on this machine, without a terminal.
struct InProcess {
    /// The options that choose the tenant.
    tenant: Vec<OsString>,
    env: Env,
}

/// Where the profile says that key values go.
struct OfProfile(BTreeMap<String, Delivery>);

/// A stream that is kept.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Runner for InProcess {
    fn run(&self, run: Run) -> Ran {
        let (output, errors) = (Kept::default(), Kept::default());
        let streams = Streams::new(Box::new(io::empty()), Box::new(output.clone()), Box::new(errors.clone()));
        let host = Host {
            streams: Arc::new(streams),
            terminals: NO_TERMINALS,
            env: self.env.clone().without(&["ZPAKEY_COLUMNS"]).with("ZPAKEY_REVEAL", "never"),
            ..Host::system()
        };
        let program = OsString::from("zpakey");
        let mut arguments: Vec<OsString> = vec![program];
        arguments.extend(self.tenant.iter().cloned());
        arguments.push("--output=json".into());
        arguments.extend(run.words.into_iter().map(OsString::from));
        let actor = LogActor { kind: "mcp".to_owned(), client: run.client, tool: run.tool.to_owned() };
        let code = super::run_for(arguments, host, Some(actor));
        Ran { code, output: output.text(), errors: errors.text() }
    }
}

impl Deliveries for OfProfile {
    fn rotation(&self, delivery: &str) -> Option<Vec<String>> {
        let delivery = self.0.get(delivery)?;
        Some(match &delivery.to {
            DeliverTo::File(path) => vec![format!("--out-file={}", path.display())],
            DeliverTo::Exec(words) => {
                let line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
                let mut options = vec![format!("--exec={line}")];
                options.extend(delivery.env.as_ref().map(|name| format!("--env={name}")));
                options.push(format!("--exec-timeout={}s", delivery.timeout.as_secs()));
                options
            }
        })
    }

    fn creation(&self, delivery: &str) -> Option<Vec<String>> {
        match &self.0.get(delivery)?.to {
            DeliverTo::File(path) => Some(vec![format!("--out-file={}", path.display())]),
            DeliverTo::Exec(_) => Some(Vec::new()),
        }
    }

    fn program(&self, delivery: &str) -> Option<Vec<String>> {
        let delivery = self.0.get(delivery)?;
        let DeliverTo::Exec(words) = &delivery.to else { return None };
        // Standard output is the protocol's, and what a program says may hold the key value.
        let (place, line) = match &delivery.env {
            Some(name) => (format!("--env={name}"), "exec \"$@\" </dev/null >/dev/null 2>&1"),
            None => ("--stdin".to_owned(), "exec \"$@\" >/dev/null 2>&1"),
        };
        let own = [place.as_str(), "--", "sh", "-c", line, "sh"].map(str::to_owned);
        Some(own.into_iter().chain(words.iter().cloned()).collect())
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// Prints the lines that register the server, or serves until the client is gone or a signal comes.
pub(super) fn run(args: &McpArgs, typed: &CommandLine, settings: &Settings, ui: &Ui, env: &Env) -> u8 {
    let tenant: Vec<String> = typed.clone().tenant_options().all_words();
    if let Some(client) = args.client() {
        return ui.print(&registration(client, typed));
    }
    let runner = InProcess { tenant: tenant.into_iter().map(OsString::from).collect(), env: env.clone() };
    let limits = args.limits(settings.agent_limits.as_ref());
    let deliveries = Box::new(OfProfile(settings.deliveries.clone()));
    let server = Server::new(limits, Arc::new(runner), deliveries, SCHEMA);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ui.fail(&Diagnosis::new(ErrorKind::Internal, error.to_string())),
    };
    let asked = Arc::new(Mutex::new(None::<End>));
    let ended = runtime.block_on(async {
        let asked = Arc::clone(&asked);
        let signal = async move {
            let Ok(mut ends) = Signals::listen() else { return std::future::pending().await };
            let end = ends.next().await;
            *asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
        };
        serve(server, signal).await
    });
    // A thread may still wait for standard input.
    runtime.shutdown_background();
    let asked = *asked.lock().unwrap_or_else(PoisonError::into_inner);
    match (ended, asked) {
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
