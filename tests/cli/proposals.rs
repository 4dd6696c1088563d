//! What agents propose happens once, as it was proposed, and only if a person at a terminal says so.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Run, Session, Tenant, Terminal};

/// Has something proposed, and returns the id.
#[track_caller]
fn propose(tenant: &Tenant, tool: &str, arguments: &Value) -> String {
    let result = Session::start(&tenant.zpakey("mcp")).call(tool, arguments);
    assert_eq!(result["isError"], false, "{result}");
    let proposal = &result["structuredContent"]["proposal"];
    let id = proposal["id"].as_str().expect("an id").to_owned();
    assert_eq!(proposal["command"], format!("zpakey apply proposal:{id}"), "what a person runs");
    assert!(id.chars().all(|one| one.is_ascii_alphanumeric() || one == '-'), "{id}");
    id
}

fn apply(tenant: &Tenant, id: &str) -> Run {
    tenant.zpakey(format!("apply proposal:{id}"))
}

fn state(tenant: &Tenant, id: &str) -> Value {
    let result = Session::start(&tenant.zpakey("mcp")).call("proposal_status", &json!({"id": id}));
    result["structuredContent"]["proposal"]["state"].clone()
}

/// Answers the question; returns the exit code and the screen.
#[track_caller]
fn answered(mut terminal: Terminal, question: &str, answer: &str) -> (i32, String) {
    terminal.expect(question);
    terminal.type_line(answer);
    let code = terminal.exit_code();
    let screen = terminal.screen();
    assert!(!screen.contains(zpakey::sandbox::SECRET_MARKER), "a key value is on the screen");
    (code, screen)
}

#[track_caller]
fn agreed(tenant: &Tenant, id: &str) -> String {
    let (code, screen) = answered(apply(tenant, id).terminal(), "? Apply? [y/N] ", "y");
    assert_eq!(code, 0, "{screen}");
    assert_eq!(state(tenant, id), "applied");
    screen
}

/// Refused before anything is written, and before anyone is asked.
#[track_caller]
fn ended(tenant: &Tenant, id: &str, why: &str) {
    tenant.clear_requests();
    let (code, screen) = {
        let mut terminal = apply(tenant, id).terminal();
        (terminal.exit_code(), terminal.screen().replace("\n  ", " "))
    };
    assert_eq!((code, tenant.writes().len()), (8, 0), "{screen}");
    assert!(screen.contains(why), "{screen}");
    assert!(!screen.contains("Apply?"), "{screen}");
}

fn change(tenant: &Tenant) -> String {
    propose(tenant, "propose_change", &json!({"key": "demo", "max_usage": 33}))
}

#[test]
fn a_proposal_is_a_private_file_and_nothing_else() {
    let tenant = Tenant::with_keys(["demo"]);
    let id = change(&tenant);
    assert_eq!(tenant.writes(), [""; 0]);
    let file = format!("state/zpakey/proposals/{id}.json");
    let files = tenant.home().files();
    let place = files.iter().find(|name| name.ends_with(&format!("{id}.json"))).expect("the file").clone();
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(tenant.home().path().join(&place)).expect(&file).permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    let listed = tenant.zpakey("proposals -o json").run().code(0).has_no_secret().json();
    assert_eq!(listed[0]["id"], id);
    assert_eq!((&listed[0]["state"], &listed[0]["action"]), (&json!("open"), &json!("update")));
    assert_eq!(tenant.zpakey("proposals -q").run().code(0).stdout.trim(), id);
}

#[test]
fn each_kind_is_done_once_a_person_agreed() {
    let tenant = Tenant::with_keys(["demo", "gone"]);
    let screen = agreed(&tenant, &change(&tenant));
    assert!(
        screen.contains("agent 1 proposes to update demo (38101) in tenant 216199618143191040"),
        "{screen}"
    );
    assert!(screen.contains("max_usage 10 → 33"), "{screen}");
    assert_eq!(tenant.key("demo").expect("the key")["maxUsage"], "33");
    agreed(&tenant, &propose(&tenant, "propose_change", &json!({"key": "demo", "enabled": false})));
    assert_eq!(tenant.key("demo").expect("the key")["enabled"], false);
    agreed(
        &tenant,
        &propose(&tenant, "propose_change", &json!({"key": "demo", "enabled": true, "max_usage": 5})),
    );
    assert_eq!(tenant.key("demo").expect("the key")["enabled"], true);
    let new = json!({"name": "-x y", "type": "connector", "group": "CI us-east-1", "max_usage": 2});
    let screen = agreed(&tenant, &propose(&tenant, "propose_create", &new));
    assert!(screen.contains("group CI us-east-1 (7"), "{screen}");
    assert_eq!(tenant.key("-x y").expect("the key")["maxUsage"], "2");
    let screen =
        agreed(&tenant, &propose(&tenant, "propose_rotation", &json!({"key": "demo", "compromised": true})));
    assert!(screen.contains("38101 can enrol no more"), "{screen}");
    assert_eq!(tenant.key("38101").expect("the old key")["enabled"], false);
    assert_ne!(tenant.key("demo").expect("the new key")["id"], "38101");
    let log = tenant.zpakey("log -o json --limit 1").run().code(0).json();
    let actor = &log[0]["actor"];
    assert_eq!((&actor["kind"], &actor["client"]), (&json!("mcp"), &json!("agent 1")));
    assert_eq!(actor["tool"], "propose_rotation");
    assert!(actor["proposal"].as_str().is_some_and(|id| id.len() == 23), "{actor}");
    // A deletion asks as `delete` does.
    let id = propose(&tenant, "propose_delete", &json!({"key": "gone"}));
    let question = "? Delete gone? [y/N] ";
    let (code, screen) = answered(apply(&tenant, &id).terminal(), question, "n");
    assert_eq!((code, state(&tenant, &id)), (11, json!("open")), "{screen}");
    let (code, screen) = answered(apply(&tenant, &id).terminal(), question, "y");
    assert_eq!((code, state(&tenant, &id)), (0, json!("applied")), "{screen}");
    assert_eq!(tenant.key("gone"), None);
}

/// Keys `a` and `b` that were rotated; only the successor of `a` was used.
fn rotated() -> Tenant {
    let key = |name: &str, used: u64| json!({"name": name, "usageCount": used});
    Tenant::seeded(json!({
        "keys": [key("a", 1), key("a.old-38102.202011231504", 3), key("b", 0), key("b.old-38104.209911231504", 1)],
        "connectors": [{"provisioningKeyId": "38101"}],
    }))
}

#[test]
fn a_retirement_is_proposed_when_its_time_has_come() {
    let tenant = rotated();
    let screen = agreed(&tenant, &propose(&tenant, "propose_retire", &json!({"key": "a"})));
    assert!(screen.contains("proposes to retire a.old-38102.202011231504 (38102)"), "{screen}");
    assert!(screen.contains("max_usage 10 → 3"), "{screen}");
    assert_eq!(tenant.key("38102").expect("the old key")["enabled"], false);
    assert_eq!(tenant.key("a").expect("the new key")["enabled"], true);
    let mut server = Session::start(&tenant.zpakey("mcp"));
    for (key, said) in [("b", "too early"), ("38104", "too early"), ("a", "replaced no key")] {
        let result = server.call("propose_retire", &json!({"key": key}));
        let message = result["structuredContent"]["error"]["message"].as_str().expect("a message");
        assert!(message.contains(said), "{key}: {message}");
    }
    assert_eq!(tenant.zpakey("proposals -o json").run().code(0).json(), json!([]));
}

/// After a rotation, the name is the new key's.
#[test]
fn the_wrong_one_of_two_is_not_proposed() {
    let tenant = rotated();
    let mut server = Session::start(&tenant.zpakey("mcp"));
    for (tool, key, said) in [
        ("propose_delete", "a", "a (38101) is the successor of 38102"),
        ("propose_rotation", "id:38102", "38102 was replaced already, by 38101"),
    ] {
        let result = server.call(tool, &json!({"key": key}));
        assert_eq!(result["structuredContent"]["error"]["message"], said, "{result}");
    }
    let machines = server.call("who_enrolled", &json!({"key": "id:38102"}));
    assert_eq!(machines["structuredContent"], json!({"used": 3, "connectors": []}));
    assert_eq!(machines["content"][0]["text"], "0 connectors of 3 enrolments with a.old-38102.202011231504");
}

#[test]
fn key_values_go_to_the_delivery_that_the_profile_has_then() {
    let tenant = Tenant::with_keys(["demo"]);
    let declare = |name: &str| {
        let file = tenant.home().work().join(name);
        tenant.home().write_profiles(&format!(
            "active = 'p'\n[profiles.p]\n[profiles.p.deliver.box]\nexec = ['sh', '-c', 'cat > {}; echo printed']\n",
            file.display()
        ));
    };
    declare("before");
    let create = json!({"name": "new", "type": "connector", "group": "CI us-east-1", "max_usage": 2, "delivery": "box"});
    let made = propose(&tenant, "propose_create", &create);
    let rotated = propose(&tenant, "propose_rotation", &json!({"key": "demo", "delivery": "box"}));
    declare("after");
    let screen = agreed(&tenant, &made);
    assert!(screen.contains("then the key value goes to: sh -c 'cat > "), "{screen}");
    assert!(tenant.home().read("after").contains(zpakey::sandbox::SECRET_MARKER));
    agreed(&tenant, &rotated);
    assert!(!tenant.home().has("before"));
    let (code, message) = {
        let result = Session::start(&tenant.zpakey("mcp"))
            .call("propose_rotation", &json!({"key": "demo", "delivery": "/etc/x"}));
        let error = result["structuredContent"]["error"].clone();
        (error["code"].clone(), error["message"].to_string())
    };
    assert_eq!(code, "usage");
    assert!(message.contains("they are: box"), "{message}");
}

#[test]
fn only_a_person_at_a_terminal_agrees() {
    let tenant = Tenant::with_keys(["demo", "gone"]);
    let delete = propose(&tenant, "propose_delete", &json!({"key": "gone"}));
    for id in [change(&tenant), delete] {
        for options in ["", " --yes"] {
            let run = tenant.zpakey(format!("apply proposal:{id}{options}")).run().code(11);
            assert_eq!(run.error()["code"], "confirmation_required");
        }
        tenant.zpakey(format!("apply proposal:{id}")).env("ZPAKEY_YES", "true").stdin("y\n").run().code(11);
    }
    // `--yes` is no answer at a terminal either.
    let id = change(&tenant);
    let terminal = tenant.zpakey(format!("apply proposal:{id} --yes")).terminal();
    let (code, screen) = answered(terminal, "? Apply? [y/N] ", "n");
    assert_eq!(code, 11, "{screen}");
    assert_eq!(tenant.writes(), [""; 0]);
    assert_eq!(state(&tenant, &id), "open", "a no is not the end of it");
    tenant.zpakey(format!("apply proposal:{id} --allow close=1")).run().code(2);
    for id in ["../x", "a b", "%2e", "-x"] {
        tenant
            .zpakey(["apply", &format!("proposal:{id}")])
            .run()
            .code(2)
            .stderr_has("not the id of a proposal");
    }
    apply(&tenant, "00000-00000").run().code(4);
}

#[test]
fn what_a_colleague_changed_is_stale() {
    let tenant = Tenant::with_keys(["demo", "other"]);
    let id = change(&tenant);
    tenant.zpakey("update demo --max-usage 12").run().code(0);
    ended(&tenant, &id, "stale: demo: its max_usage changed");
    ended(&tenant, &id, "is not open: its key was changed");
    assert_eq!(state(&tenant, &id), "stale");
    // While the question stands, too.
    let id = change(&tenant);
    let mut terminal = apply(&tenant, &id).terminal();
    terminal.expect("? Apply? [y/N] ");
    tenant.zpakey("update demo --max-usage 13").run().code(0);
    tenant.clear_requests();
    terminal.type_line("y");
    assert_eq!((terminal.exit_code(), tenant.writes().len()), (8, 0), "{}", terminal.screen());
    // A key that was rotated since, one that is gone, and a name that was taken.
    let rotation = propose(&tenant, "propose_rotation", &json!({"key": "demo"}));
    let delete = propose(&tenant, "propose_delete", &json!({"key": "other"}));
    let new = json!({"name": "new", "type": "connector", "group": "CI us-east-1", "max_usage": 2});
    let create = propose(&tenant, "propose_create", &new);
    tenant.zpakey("rotate demo --no-deliver --settle 0s --yes").run().code(0);
    tenant.zpakey("delete other --yes").run().code(0);
    tenant.zpakey("create new --type connector --group 'CI us-east-1' --max-usage 2").run().code(0);
    ended(&tenant, &rotation, "its name");
    ended(&tenant, &delete, "the key is gone");
    ended(&tenant, &create, "a key of this name is there now");
}

#[test]
fn enrolments_make_nothing_stale() {
    let tenant = Tenant::with_keys(["demo"]);
    let id = change(&tenant);
    let text = tenant.zpakey("reveal demo --raw --yes").run().code(0).stdout;
    tenant.enroll(text.trim()).expect("enrolled");
    agreed(&tenant, &id);
}

#[test]
fn what_is_over_stays_over() {
    let tenant = Tenant::with_keys(["demo"]);
    let played = change(&tenant);
    agreed(&tenant, &played);
    ended(&tenant, &played, "it was carried out already");
    let rejected = propose(&tenant, "propose_change", &json!({"key": "demo", "max_usage": 44}));
    tenant.zpakey(format!("proposals {rejected} --reject")).run().code(0).stderr_has("rejected proposal");
    ended(&tenant, &rejected, "it was rejected");
    tenant.zpakey(format!("proposals {rejected} --reject")).run().code(8);
    assert_eq!(tenant.zpakey("proposals -o json").run().code(0).json(), json!([]));
    assert_eq!(
        tenant.zpakey("proposals --all -o json").run().code(0).json().as_array().map(Vec::len),
        Some(2)
    );
}

/// The file of a proposal, and how to write it as another one.
fn rewrite(tenant: &Tenant, id: &str, change: impl FnOnce(String) -> String) -> (String, std::path::PathBuf) {
    let place = tenant.home().files().into_iter().find(|name| name.ends_with(&format!("{id}.json")));
    let path = tenant.home().path().join(place.expect("the file"));
    let text = change(std::fs::read_to_string(&path).expect("a text"));
    let length = u64::try_from(text.len()).expect("a length").to_be_bytes();
    let digest = Sha256::new().chain_update(length).chain_update(&text).finalize();
    let mut digits = String::new();
    for byte in digest.iter().take(10) {
        write!(digits, "{byte:02x}").expect("a text");
    }
    let parts: Vec<&str> = (0..4).map(|part| digits.get(part * 5..part * 5 + 5).expect("digits")).collect();
    std::fs::write(&path, text).expect("written");
    (parts.join("-"), path)
}

#[test]
fn a_proposal_that_was_changed_does_not_fit_its_id() {
    let tenant = Tenant::with_keys(["demo"]);
    let id = change(&tenant);
    let (same, _) = rewrite(&tenant, &id, |text| text);
    assert_eq!(same, id, "the test makes ids as zpakey does");
    let (other, path) = rewrite(&tenant, &id, |text| text.replace("=33", "=9999"));
    ended(&tenant, &id, "was changed since it was made");
    assert_ne!(other, id);
    // Under an id of its own it is another proposal, and what it does is shown.
    std::fs::rename(&path, path.with_file_name(format!("{other}.json"))).expect("renamed");
    let (code, screen) = answered(apply(&tenant, &other).terminal(), "? Apply? [y/N] ", "n");
    assert_eq!(code, 11);
    assert!(screen.contains("max_usage 10 → 9999"), "{screen}");
}

/// What is looked at and shown is what is run, also of a file that someone made by hand.
#[test]
fn a_proposal_runs_what_it_says_it_is_about() {
    let tenant = Tenant::with_keys(["demo", "other"]);
    let forged = |tool: &str, arguments: &Value, from: &str, to: &str| {
        let id = propose(&tenant, tool, arguments);
        let (forged, path) = rewrite(&tenant, &id, |text| {
            assert!(text.contains(from), "{text}");
            text.replacen(from, to, 1)
        });
        std::fs::rename(&path, path.with_file_name(format!("{forged}.json"))).expect("renamed");
        ended(&tenant, &forged, "this is no proposal");
    };
    let change = json!({"key": "demo", "max_usage": 33});
    let delete = json!({"key": "demo"});
    forged("propose_change", &change, "\"id:38101\"", "\"id:38102\"");
    forged("propose_change", &change, "\"update\"", "\"purge\"");
    forged("propose_delete", &delete, "\"delete\",", "\"delete\", \"--yes\",");
    forged("propose_delete", &delete, "\"delete\",", "\"reveal\",");
}

#[test]
fn a_proposal_ends_after_a_day_and_with_the_run_that_was_killed() {
    let tenant = Tenant::with_keys(["demo"]);
    let id = change(&tenant);
    let (old, path) = rewrite(&tenant, &id, |text| {
        let start = text.find("\"made_at\": \"").expect("the time") + 12;
        format!("{}2020{}", text.get(..start).expect("a text"), text.get(start + 4..).expect("a text"))
    });
    std::fs::rename(&path, path.with_file_name(format!("{old}.json"))).expect("renamed");
    ended(&tenant, &old, "it is older than 24 h");
    let id = change(&tenant);
    let place = tenant.home().files().into_iter().find(|name| name.ends_with(&format!("{id}.json")));
    let path = tenant.home().path().join(place.expect("the file"));
    std::fs::copy(&path, path.with_extension("end")).expect("a private file");
    std::fs::write(path.with_extension("end"), r#"{"state":"applying","exit_code":null}"#).expect("written");
    ended(&tenant, &id, "it was begun, and its end is not known");
}

#[test]
fn a_proposal_is_for_its_tenant() {
    let tenant = Tenant::with_keys(["demo"]);
    let id = change(&tenant);
    let run = tenant.zpakey(format!("apply proposal:{id} --customer-id 99")).run().code(2);
    assert!(run.stderr.contains("not for this tenant"), "{}", run.stderr);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn an_agent_that_loops_is_stopped() {
    let tenant = Tenant::with_keys(["demo"]);
    let mut server = Session::start(&tenant.zpakey("mcp"));
    let mut propose = |uses: u64| server.call("propose_change", &json!({"key": "demo", "max_usage": uses}));
    assert!((0..50).all(|number| propose(100 + number)["isError"] == false));
    let refused = propose(200);
    assert_eq!(refused["structuredContent"]["error"]["code"], "guarded", "{refused}");
}
