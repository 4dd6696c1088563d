//! A client of `zpakey mcp`.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::collector::Collector;
use super::run::Run;

/// How long the server's last words are waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server is killed when this is dropped.
pub struct Session {
    child: Child,
    answers: BufReader<ChildStdout>,
    errors: Collector,
    calls: u64,
    /// All that the server sent, line by line.
    pub heard: Vec<String>,
}

impl Session {
    pub fn start(run: &Run) -> Self {
        let mut command = run.command();
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let errors = Collector::start(child.stderr.take().unwrap());
        let mut session = Self { child, answers, errors, calls: 0, heard: Vec::new() };
        let client = json!({"name": "agent", "version": "1"});
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client});
        let begun = session.begin("initialize", &hello);
        session.answer(begun);
        session.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        session
    }

    /// Calls a tool, and returns its result.
    pub fn call(&mut self, name: &str, arguments: &Value) -> Value {
        let call = self.begin_call(name, arguments);
        self.answer(call)
    }

    /// Calls a tool, and returns the number of the call.
    pub fn begin_call(&mut self, name: &str, arguments: &Value) -> u64 {
        let progress = json!({"progressToken": self.calls + 1});
        self.begin("tools/call", &json!({"name": name, "arguments": arguments, "_meta": progress}))
    }

    pub fn cancel(&mut self, call: u64) {
        let params = json!({"requestId": call, "reason": "the person said so"});
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}));
    }

    /// Lists the tools.
    pub fn tools(&mut self) -> Vec<Value> {
        let list = self.begin("tools/list", &json!({}));
        self.answer(list).get("tools").and_then(Value::as_array).cloned().unwrap()
    }

    /// Waits for the answer to a call.
    pub fn answer(&mut self, call: u64) -> Value {
        loop {
            let answer = self.next().unwrap_or_else(|| panic!("the server has ended without an answer"));
            if answer.get("id") == Some(&call.into()) {
                return answer.get("result").cloned().unwrap_or_else(|| panic!("{answer}"));
            }
        }
    }

    /// Waits for the next message; `None` at the end.
    pub fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        self.heard.push(line.clone());
        serde_json::from_str(&line).ok()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end of the server; returns the signal that it died of, and what it said on standard error. Its input
    /// stays open.
    pub fn end(mut self) -> (Option<i32>, String) {
        // Waiting closes a child's input, which ends the server too.
        let input = self.child.stdin.take();
        let status = self.child.wait().unwrap();
        drop(input);
        (status.signal(), self.said())
    }

    /// Ends the input, and returns what the server said on standard error.
    pub fn close(&mut self) -> String {
        self.child.stdin.take();
        while self.next().is_some() {}
        self.child.wait().unwrap();
        self.said()
    }

    /// Waits for a text on standard error.
    pub fn errors_until(&self, text: &str) {
        let found = self
            .errors
            .wait_for(PATIENCE, |bytes| String::from_utf8_lossy(bytes).contains(text).then_some(()));
        assert!(found.is_some(), "{text:?} was not said: {}", String::from_utf8_lossy(&self.errors.so_far()));
    }

    fn said(&self) -> String {
        String::from_utf8(self.errors.wait_for_end(PATIENCE).unwrap()).unwrap()
    }

    fn begin(&mut self, method: &str, params: &Value) -> u64 {
        self.calls += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.calls, "method": method, "params": params}));
        self.calls
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{message}").unwrap();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
