//! Every tool of `zpakey mcp`, while the API works and while it fails in each known way, with calls that are refused and
//! calls that are cancelled; then what was proposed, carried out by a person. All that was sent, said and kept is searched.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zpakey::sandbox::SECRET_MARKER;

use super::{Nowhere, Seen, Written, assert_no_leaks, key_text, modes, searcher::Searcher, sweep, tenant};
use crate::support::{Session, Tenant, Terminal};

/// Deliveries that print what they get: what a program says is not the agent's.
fn declare(tenant: &Tenant) {
    tenant.home().write_profiles(&format!(
        "active = 'p'\n[profiles.p]\n[profiles.p.mcp]\n\
         allow = ['create', 'rotate', 'update', 'disable', 'enable', 'retire']\nmax_writes = 1000\n\
         [profiles.p.deliver.file]\nout_file = '{}/asked-for-{{name}}'\n\
         [profiles.p.deliver.loud]\nexec = ['sh', '-c', 'tee /dev/stderr | base64']\n",
        tenant.home().work().display()
    ));
}

/// What is called, in this order; `text` is the text of the key `demo`.
fn calls(text: &str) -> Vec<(&'static str, Value)> {
    let create = |name: &str, delivery: &str| json!({"name": name, "type": "connector", "group": "AWS us-east-1", "max_usage": 3, "delivery": delivery});
    vec![
        ("list_keys", json!({})),
        ("list_keys", json!({"detail": true})),
        ("list_keys", json!({"name": text})),
        ("get_key", json!({"key": "demo", "detail": true})),
        ("get_key", json!({"key": text})),
        ("get_key", json!({"key": format!("id:{text}")})),
        ("get_key", json!({text: 1})),
        ("key_status", json!({})),
        ("key_status", json!({"key": "build"})),
        ("who_enrolled", json!({"key": "carried"})),
        ("list_groups", json!({"name": text})),
        ("list_groups", json!({})),
        ("list_certificates", json!({})),
        ("list_microtenants", json!({})),
        ("audit", json!({})),
        ("audit", json!({"only": [text]})),
        ("check_connection", json!({})),
        ("explain", json!({"topic": text})),
        ("explain", json!({"topic": "ZPK013"})),
        ("wait_for_enrollment", json!({"key": "demo", "timeout_seconds": 1})),
        ("create_key", create("one", "file")),
        ("create_key", create("loud", "loud")),
        ("create_key", create(text, "file")),
        ("create_key", create("two", text)),
        ("update_key", json!({"key": "demo", "max_usage": 12, "ip_acl": ["192.0.2.0/24"]})),
        ("update_key", json!({"key": "demo", "name": text})),
        ("update_key", json!({"key": "demo", "ip_acl": [text]})),
        ("disable_key", json!({"key": "carried"})),
        ("enable_key", json!({"key": "carried", "max_usage": 9})),
        ("retire_keys", json!({"keys": ["build"]})),
        ("propose_create", create("three", "loud")),
        ("propose_create", create("four", text)),
        ("propose_change", json!({"key": "demo", "max_usage": 13})),
        ("propose_change", json!({"key": "demo", "cert": text})),
        ("propose_rotation", json!({"key": "edge", "delivery": "file", "compromised": true})),
        ("propose_delete", json!({"key": "sealed"})),
        ("propose_retire", json!({"key": "build"})),
        ("propose_retire", json!({"key": text})),
        ("proposal_status", json!({"id": text})),
        ("no_such_tool", json!({"key": text})),
        ("rotate_key", json!({"key": "demo", "delivery": text})),
        // The last one: it takes its seconds.
        ("rotate_key", json!({"key": "demo", "delivery": "file"})),
    ]
}

/// Looks at all that a server sent and said.
fn look(seen: &mut Seen, searcher: &Searcher, (heard, said): (&[String], &str), title: &str) {
    let written = Written { code: 0, stdout: heard.concat().into_bytes(), stderr: said.as_bytes().to_vec() };
    seen.look(searcher, &written, Nowhere, title);
}

#[test]
fn no_answer_to_an_agent_leaks_a_secret() {
    let example = tenant(0);
    let text = key_text(&example);
    let modes = modes(&text, &example.access().client_secret);
    let seen = sweep(&modes, |mode| {
        let searcher = Searcher::new(SECRET_MARKER);
        let tenant = tenant(0);
        declare(&tenant);
        tenant.set_faults(&mode.faults);
        let mut seen = Seen::default();
        let mut server = Session::start(&tenant.zpakey("mcp -vv --max-wait 0s"));
        let offered: BTreeSet<String> =
            server.tools().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect();
        let calls = calls(&text);
        let called: BTreeSet<String> = calls.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(offered.difference(&called).next(), None, "a tool is not called");
        let mut refused = Vec::new();
        for (name, arguments) in &calls {
            let result = server.call(name, arguments);
            if result["isError"] == true {
                refused.push(format!("{name} {}", result["structuredContent"]["error"]["message"]));
            }
        }
        if mode.name == "well" {
            assert_eq!(refused.len(), 19, "{refused:#?}");
        }
        // Cancelled at once, and while it is under way.
        for (name, arguments) in calls.iter().rev().take(16) {
            let call = server.begin_call(name, arguments);
            server.cancel(call);
        }
        server.call("explain", &json!({"topic": "7"}));
        let said = server.close();
        look(&mut seen, &searcher, (&server.heard, &said), &format!("{}: mcp", mode.name));
        seen.search_files(&searcher, tenant.home().path(), &format!("{}: mcp", mode.name));
        seen
    });
    assert_no_leaks(&seen);
    // In each mode a server; the files of two deliveries where something was delivered.
    assert_eq!(seen.runs, modes.len());
    assert!(seen.files >= 2 && seen.logs > 0, "{} files, {} logs", seen.files, seen.logs);
}

/// A person agrees to what an agent proposed: a file gets the text, and a program whose output is the person's.
#[test]
fn no_proposal_that_is_carried_out_leaks_a_secret() {
    let searcher = Searcher::new(SECRET_MARKER);
    let tenant = tenant(0);
    declare(&tenant);
    let mut seen = Seen::default();
    let create = json!({"name": "0", "type": "connector", "group": "AWS us-east-1", "max_usage": 3, "delivery": "file"});
    for (tool, arguments) in [
        ("propose_create", create),
        ("propose_change", json!({"key": "demo", "max_usage": 13})),
        ("propose_rotation", json!({"key": "edge", "delivery": "file"})),
    ] {
        let mut server = Session::start(&tenant.zpakey("mcp"));
        let proposed = server.call(tool, &arguments);
        let command = proposed["structuredContent"]["proposal"]["command"].as_str().unwrap().to_owned();
        let said = server.close();
        look(&mut seen, &searcher, (&server.heard, &said), tool);
        let line = command.strip_prefix("zpakey ").unwrap();
        let mut terminal = Terminal::spawn(tenant.zpakey(format!("{line} -vv")));
        terminal.expect("Apply?");
        terminal.type_line("y");
        assert_eq!(terminal.exit_code(), 0, "{tool}: {}", terminal.screen());
        let written = Written { code: 0, stdout: terminal.raw().into_bytes(), stderr: Vec::new() };
        seen.look(&searcher, &written, Nowhere, &command);
        seen.search_files(&searcher, tenant.home().path(), tool);
    }
    assert_no_leaks(&seen);
    assert_eq!((seen.runs, seen.shown), (6, 0));
    // One file after the first, the same after the second, and both after the third.
    assert_eq!(seen.files, 4);
}
