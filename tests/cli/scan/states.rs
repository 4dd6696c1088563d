//! What became of the key of a value: open, closed, unknown or not compared, and the exit code by it.

use std::fs;

use serde_json::{Value, json};
use snapbox::str;

use super::{assert_tells_no_part, base64, invented, text, write};
use crate::support::{Finished, Home, Tenant};

/// A tenant with a key in each state that matters here.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": "216199618143300001", "name": "Branches"}],
        "keys": [
            {"name": "prod", "maxUsage": 10, "usageCount": 3},
            {"name": "off", "maxUsage": 10, "usageCount": 3, "enabled": false},
            {"name": "spent", "maxUsage": 10, "usageCount": 10},
            {"name": "edge", "association_type": "SERVICE_EDGE_GRP"},
            {"name": "branch", "microtenantId": "216199618143300001"},
            {"name": "two words"},
        ],
    }))
}

/// Puts the value of a key into a file, and forgets the requests that this takes.
fn leak(tenant: &Tenant, name: &str, file: &str) -> String {
    let value = tenant.zpakey(["reveal", name, "--yes", "--raw"]).run().code(0).stdout;
    write(tenant.home(), file, format!("#!/bin/sh\nKEY={value}\n"));
    tenant.clear_requests();
    value
}

/// File, state, severity, key and role of each finding.
fn states(run: &Finished) -> Vec<[String; 5]> {
    let list = run.json();
    let state =
        |finding: &Value| ["path", "state", "severity", "name", "role"].map(|field| text(finding, field));
    list.as_array().unwrap().iter().map(state).collect()
}

/// The lists of keys that were asked for.
fn lists(tenant: &Tenant) -> Vec<String> {
    let calls = tenant.calls();
    calls.iter().map(|call| call.split('?').next().unwrap().to_owned()).collect()
}

#[test]
fn each_value_has_the_state_of_its_key() {
    let tenant = tenant();
    let names = ["prod", "off", "spent", "edge", "branch"];
    let values = names.map(|name| leak(&tenant, name, &format!("deploy/{name}.sh")));
    write(tenant.home(), "deploy/theirs.sh", invented(1));
    let run = tenant.zpakey("scan deploy").run().code(7).has_no_secret();
    for value in &values {
        assert_tells_no_part(&run, value);
    }
    assert_eq!(
        states(&run),
        [
            ["deploy/branch.sh", "open", "critical", "branch", "current"],
            ["deploy/edge.sh", "open", "critical", "edge", "current"],
            ["deploy/off.sh", "closed", "low", "off", "current"],
            ["deploy/prod.sh", "open", "critical", "prod", "current"],
            ["deploy/spent.sh", "closed", "low", "spent", "current"],
            ["deploy/theirs.sh", "unknown", "medium", "", ""],
        ]
    );
    let list = run.json();
    assert!(list.as_array().unwrap().iter().all(|finding| finding["complete"] == true), "{list}");
    run.stderr_has("6 key values (3 open, 2 closed, 1 unknown)");
}

#[test]
fn one_list_a_type_is_read_however_many_values_there_are_and_none_without_one() {
    let tenant = tenant();
    write(tenant.home(), "clean/README.md", "nothing\n");
    tenant.zpakey("scan clean").run().code(0).stdout_is("[]\n");
    assert!(tenant.requests().is_empty(), "{:?}", tenant.calls());
    let value = leak(&tenant, "prod", "many/one.sh");
    for number in 0..30 {
        write(tenant.home(), &format!("many/{number}.sh"), format!("{value}\n{}", invented(number)));
    }
    tenant.zpakey("scan many").run().code(7).stderr_has("61 key values (31 open, 30 unknown)");
    assert_eq!(
        lists(&tenant),
        [
            "GET v1/associationType/CONNECTOR_GRP/provisioningKey",
            "GET v1/associationType/SERVICE_EDGE_GRP/provisioningKey",
        ]
    );
    for request in tenant.requests() {
        let sent = format!("{} {:?} {:?}", request.path, request.query, request.body);
        assert!(
            !sent.contains(&value[40..60]) && !sent.contains(&base64(&value)[40..60]),
            "{}",
            request.path
        );
    }
}

#[test]
fn the_exit_code_is_by_fail_on() {
    let tenant = tenant();
    leak(&tenant, "prod", "open/f");
    leak(&tenant, "off", "closed/f");
    write(tenant.home(), "unknown/f", invented(1));
    write(tenant.home(), "none/f", "text");
    for (folder, by_default, open, live, any) in
        [("open", 7, 7, 7, 7), ("closed", 0, 0, 7, 7), ("unknown", 0, 0, 0, 7), ("none", 0, 0, 0, 0)]
    {
        tenant.zpakey(format!("scan {folder}")).run().code(by_default);
        for (fail_on, code) in [("open", open), ("live", live), ("any", any)] {
            tenant.zpakey(format!("scan {folder} --fail-on {fail_on}")).run().code(code);
        }
    }
}

#[test]
fn offline_no_tenant_is_asked_and_any_value_is_a_finding() {
    let tenant = tenant();
    leak(&tenant, "off", "f");
    for rest in ["", "--fail-on any"] {
        let run = tenant.zpakey(format!("scan f --offline {rest}")).run().code(7).has_no_secret();
        assert_eq!(states(&run), [["f", "unverified", "medium", "", ""]]);
        assert_eq!(run.json()[0]["complete"], false);
    }
    tenant.zpakey("scan f --offline --fail-on open").run().code(2).stderr_has("any");
    assert!(tenant.requests().is_empty());
    // Without a configuration as well.
    let home = Home::new();
    write(&home, "f", invented(1));
    home.zpakey("scan f --offline").run().code(7);
    home.zpakey("scan f").run().code(3);
}

#[test]
fn a_type_that_cannot_be_read_makes_no_value_unknown() {
    let tenant = tenant();
    leak(&tenant, "prod", "tree/prod");
    write(tenant.home(), "tree/theirs", invented(1));
    tenant.set_faults(&json!([{
        "contains": "SERVICE_EDGE_GRP",
        "action": {"status": 403, "body": {"id": "access.denied", "reason": "Access denied"}},
    }]));
    let run = tenant.zpakey("scan tree").run().code(6).has_no_secret();
    assert_eq!(
        states(&run),
        [
            ["tree/prod", "open", "critical", "prod", "current"],
            ["tree/theirs", "unverified", "medium", "", ""],
        ]
    );
    for finding in run.json().as_array().unwrap() {
        assert_eq!(finding["complete"], false, "{finding}");
    }
    run.stderr_has("service-edge keys could not be read");
    // What was not asked for is not missing.
    let run = tenant.zpakey("scan tree --type connector").run().code(7);
    assert_eq!(states(&run)[1], ["tree/theirs", "unknown", "medium", "", ""]);
}

#[test]
fn a_sign_in_that_is_refused_fails_the_scan() {
    let tenant = tenant();
    leak(&tenant, "prod", "f");
    tenant.set_faults(
        &json!([{"contains": "/oauth2/", "action": {"status": 401, "body": {"error": "invalid_client"}}}]),
    );
    tenant.zpakey("scan f").env("ZSCALER_CLIENT_SECRET", "wrong").run().code(3).has_no_secret().stdout_is("");
}

/// The commands that a scan gives for what is open.
fn remedies(run: &Finished) -> Vec<String> {
    let list = run.json();
    let remedy = |finding: &Value| finding.get("remedy").and_then(Value::as_str).map(str::to_owned);
    list.as_array().unwrap().iter().filter_map(remedy).collect()
}

#[test]
fn the_remedy_works_word_for_word_and_closes_the_key() {
    let tenant = tenant();
    leak(&tenant, "prod", "f");
    run_touch(&tenant, "f");
    let scan = tenant.zpakey("scan f").run().code(7).has_no_secret();
    assert_eq!(remedies(&scan), ["zpakey rotate prod --compromised --since 2026-11-20"]);
    scan.stderr_has("f:2:5: zpakey rotate prod --compromised --since 2026-11-20");
    assert_eq!(close(&tenant, "f"), [["f", "closed", "low", "prod.old-38101", "retired"]]);
    // People read what the key is to its lineage.
    let table = tenant.zpakey("scan f -o table").run().code(0);
    assert!(table.stdout.contains("  prod (retired)  "), "{}", table.stdout);

    leak(&tenant, "two words", "g");
    assert_eq!(close(&tenant, "g"), [["g", "closed", "low", "two words.old-38106", "retired"]]);
}

fn run_touch(tenant: &Tenant, file: &str) {
    super::run_in(&tenant.home().work(), "touch", &["-d", "2026-11-20T10:00:00Z", file]);
}

/// Runs the remedy of the only finding in a shell, and returns the states after it.
fn close(tenant: &Tenant, file: &str) -> Vec<[String; 5]> {
    let scan = tenant.zpakey(["scan", file]).run().code(7);
    let remedies = remedies(&scan);
    let [remedy] = remedies.as_slice() else { panic!("{remedies:?}") };
    let script = format!("zpakey() {{ \"$ZPAKEY\" --yes \"$@\" --no-deliver --settle 0s; }}; {remedy}");
    tenant.zpakey(["-c", &script]).through("/bin/sh").run().code(0).has_no_secret();
    let after = tenant.zpakey(["scan", file]).run().code(0);
    assert!(self::remedies(&after).is_empty());
    states(&after)
        .into_iter()
        .map(|state| {
            state.map(|word| word.rsplit_once(".2026").map_or(word.clone(), |(name, _)| name.to_owned()))
        })
        .collect()
}

#[test]
fn a_predecessor_that_still_enrols_is_disabled_by_its_remedy() {
    let tenant = tenant();
    leak(&tenant, "prod", "f");
    tenant.zpakey("rotate prod --no-deliver --settle 0s --yes").run().code(0);
    let scan = tenant.zpakey("scan f").run().code(7);
    assert_eq!(states(&scan)[0][4], "old");
    let remedies = remedies(&scan);
    assert!(remedies[0].starts_with("zpakey disable prod.old-"), "{remedies:?}");
    let script = format!("zpakey() {{ \"$ZPAKEY\" --yes \"$@\"; }}; {}", remedies[0]);
    tenant.zpakey(["-c", &script]).through("/bin/sh").run().code(0);
    assert_eq!(states(&tenant.zpakey("scan f").run().code(0))[0][1], "closed");
}

#[test]
fn a_value_of_the_history_is_dated_by_its_commit() {
    let tenant = tenant();
    leak(&tenant, "prod", "f");
    let work = tenant.home().work();
    super::run_in(&work, "git", &["init", "-q", "-b", "main"]);
    super::run_in(&work, "git", &["add", "f"]);
    super::run_in(
        &work,
        "env",
        &["GIT_COMMITTER_DATE=2026-10-05T23:30:00-05:00", "git", "commit", "-q", "-m", "a deployment"],
    );
    fs::remove_file(work.join("f")).unwrap();
    let run = tenant.zpakey("scan --git .").run().code(7).has_no_secret();
    // By the day of UTC, as the log of the tenant has it.
    assert_eq!(remedies(&run), ["zpakey rotate prod --compromised --since 2026-10-06"]);
    let script =
        format!("zpakey() {{ \"$ZPAKEY\" --yes \"$@\" --no-deliver --settle 0s; }}; {}", remedies(&run)[0]);
    tenant.zpakey(["-c", &script]).through("/bin/sh").run().code(0).has_no_secret();
    assert_eq!(states(&tenant.zpakey("scan --git .").run().code(0))[0][1], "closed");
}

#[test]
fn what_zscaler_manages_has_no_remedy() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "theirs", "zscalerManaged": true, "readOnly": true}]}));
    leak(&tenant, "theirs", "f");
    let run = tenant.zpakey("scan f").run().code(7);
    assert_eq!(states(&run), [["f", "open", "critical", "theirs", "current"]]);
    assert!(remedies(&run).is_empty());
    run.stderr_has("theirs (38101) can enrol");
}

#[test]
fn a_value_that_may_not_be_viewed_is_unknown() {
    let tenant = tenant();
    let value = leak(&tenant, "prod", "f");
    let sealed = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 10, "exportable": false}]}));
    write(sealed.home(), "f", value);
    assert_eq!(states(&sealed.zpakey("scan f").run().code(0)), [["f", "unknown", "medium", "", ""]]);
}

#[test]
fn in_the_sandbox_a_leaked_key_is_found_and_closed() {
    let home = Home::new();
    let create = |name: &str| {
        let line = format!(
            "create {name} --type connector --group 'AWS us-east-1' --max-usage 10 --out-file {name}.key"
        );
        home.sandboxed(line).run().code(0);
    };
    for name in ["one", "two", "three"] {
        create(name);
    }
    home.sandboxed("disable two --yes").run().code(0);
    fs::create_dir(home.work().join("site")).unwrap();
    for name in ["one", "two"] {
        write(&home, &format!("site/{name}.env"), format!("KEY={}\n", home.read(&format!("{name}.key"))));
    }
    let run = home.sandboxed("scan site").run().code(7).has_no_secret();
    assert_eq!(
        states(&run).iter().map(|state| [state[0].as_str(), &state[1]]).collect::<Vec<_>>(),
        [["site/one.env", "open"], ["site/two.env", "closed"]]
    );
    let remedies = remedies(&run);
    let script =
        format!("zpakey() {{ \"$ZPAKEY\" --yes \"$@\" --no-deliver --settle 0s; }}; {}", remedies[0]);
    home.zpakey(["-c", &script]).through("/bin/sh").run().code(0).has_no_secret();
    let run = home.sandboxed("scan site").run().code(0).has_no_secret();
    assert!(states(&run).iter().all(|state| state[1] == "closed"), "{}", run.stdout);
}

#[test]
fn what_is_wrong_usage_is_refused_before_anything_is_read() {
    let tenant = tenant();
    for (line, part) in [
        ("scan . . --git", "one PATH"),
        ("scan --range a..b", "--git"),
        ("scan --staged --git", "--git"),
        ("scan --gitignore --git", "--gitignore"),
        ("scan --max-size none", "--max-size"),
        ("scan --emit-rules gitleaks --offline", "--emit-rules"),
        ("scan absent", "absent"),
    ] {
        let run = tenant.zpakey(line).run();
        assert!(
            [1, 2].contains(&run.code) && run.stderr.contains(part),
            "{line}: {} {}",
            run.code,
            run.stderr
        );
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_scan_looks_like_this_in_a_pipe() {
    let tenant = tenant();
    leak(&tenant, "prod", "deploy/user-data.sh");
    run_touch(&tenant, "deploy/user-data.sh");
    tenant.zpakey("scan deploy -o table").run().code(7).has_no_secret().stdout_is(str![[r#"
PLACE                    STATE  KEY   ENCODING  COMMIT
deploy/user-data.sh:2:5  open   prod  clear     -

"#]]).stderr_is(str![[r#"
1 key value (1 open) · 1 file, 444 bytes · tenant 216199618143191040
warning: prod (38101) can enrol, and its value is in deploy/user-data.sh:2:5: zpakey rotate prod --compromised --since [DAY]

"#]]);
}
