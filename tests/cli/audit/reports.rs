//! Markdown, `JUnit`, and findings that someone answers for.

use serde_json::{Value, json};

use super::{connectors, key, rules, sick, tenant};
use crate::support::{Finished, Tenant, valid_sarif};

#[test]
fn markdown_is_one_table_in_which_nothing_is_markup() {
    let tenant = tenant(&[key("a|b `x` <b> @ops", 31, 0, 5)], &[]);
    let finished = tenant.zpakey("audit -o markdown --only ZPK004").run().code(0).has_no_secret();
    finished.stdout_is(
        "| SEVERITY | RULE | SUBJECT | EVIDENCE | COMMAND |\n\
         | --- | --- | --- | --- | --- |\n\
         | low | ZPK004 | a\\|b \\`x\\` &lt;b&gt; @<!-- -->ops (38101) | \
         nothing enrolled with it in the 31 days since its creation | \
         zpakey disable 'a\\|b \\`x\\` &lt;b&gt; @<!-- -->ops' |\n",
    );
    tenant
        .zpakey("list -o markdown --columns name,used")
        .run()
        .code(0)
        .stdout_is("| NAME | USED |\n| --- | --- |\n| a\\|b \\`x\\` &lt;b&gt; @<!-- -->ops | 0/5 |\n");
}

#[test]
fn formats_that_an_answer_does_not_have_are_refused_before_anything_is_sent() {
    let tenant = sick();
    for line in ["list -o junit", "scan -o junit .", "reveal off --yes -o markdown"] {
        tenant.zpakey(line).run().code(2).stderr_has("cannot be written as");
    }
    assert_eq!(tenant.calls(), [""; 0]);
}

/// Class, name, and the outcome of each case of a `JUnit` report.
fn cases(finished: &Finished) -> Vec<(String, String, String)> {
    let document = roxmltree::Document::parse(&finished.stdout).expect("XML");
    let attribute =
        |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap_or_default().to_owned();
    let outcome = |node: roxmltree::Node<'_, '_>| match node.children().find(roxmltree::Node::is_element) {
        Some(child) => format!("{} {}", child.tag_name().name(), attribute(child, "message")),
        None => "passed".to_owned(),
    };
    let nodes = document.descendants().filter(|node| node.has_tag_name("testcase"));
    nodes.map(|node| (attribute(node, "classname"), attribute(node, "name"), outcome(node))).collect()
}

#[test]
fn junit_has_a_case_for_each_rule_and_key_with_those_that_passed() {
    let tenant = sick();
    let finished = tenant.zpakey("audit -o junit --only ZPK001 --only ZPK044").run().code(0).has_no_secret();
    let document = roxmltree::Document::parse(&finished.stdout).expect("XML");
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    let counts =
        ["name", "tests", "failures", "errors"].map(|name| suite.attribute(name).unwrap_or_default());
    assert_eq!(counts, ["216199618143191040", "4", "2", "0"]);
    let text = |text: &str| text.to_owned();
    let expected = [
        ("ZPK001 AutoscaledKeyUsedUp", "off (38102)", "passed"),
        ("ZPK044 DisabledBySwitchOnly", "build-runners (38101)", "passed"),
    ]
    .map(|(class, name, outcome)| (text(class), text(name), text(outcome)));
    let (passed, failed): (Vec<_>, Vec<_>) =
        cases(&finished).into_iter().partition(|(_, _, outcome)| outcome == "passed");
    assert_eq!(passed, expected);
    assert!(failed[0].2.starts_with("failure An autoscaled key is used up"), "{failed:?}");
    tenant.set_faults(&json!([
        {"method": "GET", "contains": "/connector", "action": {"status": 403, "body": {"id": "forbidden"}}},
    ]));
    let blind = tenant.zpakey("audit -o junit --only ZPK044").run().code(6);
    let errors: Vec<_> = cases(&blind).into_iter().filter(|case| case.2.starts_with("error")).collect();
    assert!(errors[0].2.contains("the connectors were not read"), "{errors:?}");
}

fn accepting(tenant: &Tenant, entries: &str) {
    tenant.home().write("zpakey-accept.toml", entries);
}

const OFF: &str = "[[accept]]\ntenant = '216199618143191040'\nrule = 'ZPK044'\nkey = 'off'\n\
                   reason = 'held ready'\nowner = 'network'\n";

#[test]
fn an_accepted_finding_is_shown_as_such_and_does_not_count() {
    let tenant = sick();
    accepting(&tenant, &format!("{OFF}until = 2999-03-31\n"));
    let finished = tenant.zpakey("audit --fail-on high --skip ZPK001").run().code(0);
    let answer = finished.json();
    assert_eq!(rules(&finished).len(), 1);
    assert_eq!(answer["findings"][0]["accepted"], true);
    assert_eq!(
        answer["findings"][0]["acceptance"],
        json!({"reason": "held ready", "owner": "network", "until": "2999-03-31"})
    );
    finished
        .stderr_has("no findings")
        .stderr_has("1 finding is accepted by zpakey-accept.toml")
        .lacks("next:");
    let said = "accepted by network until 2999-03-31: held ready";
    tenant.zpakey("audit -o table").run().code(0).stdout_has(said);
    let log = valid_sarif(&tenant.zpakey("audit -o sarif --only ZPK044").run().code(0));
    assert_eq!(
        log["runs"][0]["results"][0]["suppressions"],
        json!([{"kind": "external", "status": "accepted", "justification": said}])
    );
    let junit = cases(&tenant.zpakey("audit -o junit --only ZPK044").run().code(0));
    assert!(
        junit.iter().any(|(_, name, outcome)| name == "off (38102)" && outcome == &format!("skipped {said}"))
    );
    tenant.zpakey("audit --fail-on high --only ZPK001").run().code(7);
}

#[test]
fn an_acceptance_that_ended_is_a_finding_and_one_for_nothing_is_told() {
    let tenant = sick();
    let other = OFF.replace("'off'", "'gone'").replace("ZPK044", "ZPK004");
    accepting(&tenant, &format!("{OFF}until = '2020-01-01'\n{other}until = 2999-01-01\n"));
    let finished = tenant.zpakey("audit --fail-on high --only ZPK044 --only ZPK004").run().code(7);
    assert_eq!(finished.json()["findings"][0]["accepted"], false);
    finished
        .stderr_has("zpakey-accept.toml accepted ZPK044 of off until 2020-01-01; it is a finding again")
        .stderr_has("zpakey-accept.toml accepts ZPK004 of gone, and there is no such finding");
}

#[test]
fn a_wrong_file_of_acceptances_is_refused_with_its_line_before_anything_is_sent() {
    let tenant = sick();
    for (text, said) in [
        (format!("{OFF}until = 2999-13-01\n"), "mine.toml line 7"),
        (OFF.to_owned(), "mine.toml line 1: missing field `until`"),
        (format!("{OFF}until = 2999-01-01\nsince = 1\n"), "mine.toml line 8: unknown field `since`"),
        (format!("\n{}until = 2999-01-01\n", OFF.replace("ZPK044", "ZPK999")), "line 2: rule is not a rule"),
        (format!("{}until = 2999-01-01\n", OFF.replace("network", "")), "owner is empty"),
    ] {
        tenant.home().write("mine.toml", &text);
        tenant
            .zpakey("audit --accept mine.toml")
            .run()
            .code(2)
            .stderr_has(said)
            .stderr_has("owner and until");
    }
    tenant.zpakey("audit --accept other.toml").run().code(2).stderr_has("could not read other.toml");
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn a_value_that_scan_found_is_a_finding_of_its_key() {
    let tenant = Tenant::with_keys(["open", "shut"]);
    std::fs::create_dir(tenant.home().work().join("leaked")).expect("a folder");
    for name in ["open", "shut"] {
        tenant.zpakey(format!("reveal {name} --out-file leaked/{name}")).run().code(0);
    }
    tenant.zpakey("disable shut --yes").run().code(0);
    let report = tenant.zpakey("scan leaked -o json").run().code(7).stdout;
    tenant.home().write("report.json", &report);
    let read = |run: &Finished| -> Vec<(Value, Value)> {
        let answer = run.json();
        let all = answer["findings"].as_array().cloned().expect("findings");
        all.iter().map(|one| (one["severity"].clone(), one["evidence"].clone())).collect()
    };
    let found =
        read(&tenant.zpakey("audit --only ZPK050 --scan-report report.json").run().code(0).has_no_secret());
    assert_eq!(
        found,
        [
            (json!("critical"), json!("its value was found in leaked/open:1, and it can enrol")),
            (json!("low"), json!("its value was found in leaked/shut:1, and it cannot enrol any more")),
        ]
    );
    let lines = tenant.zpakey("scan leaked -o ndjson").run().code(7).stdout;
    assert_eq!(read(&tenant.zpakey("audit --only ZPK050 --scan-report -").stdin(lines).run().code(0)), found);
    tenant.zpakey("audit --only ZPK050 --fail-on critical --scan-report report.json").run().code(7);
    tenant.zpakey("audit --scan-report report.json --only ZPK050").run().code(0).stderr_has("--compromised");
    tenant.home().write("odd.json", "{\"line\": 1}");
    tenant
        .zpakey("audit --scan-report odd.json")
        .run()
        .code(2)
        .stderr_has("odd.json is not a report of scan");
    assert_eq!(rules(&tenant.zpakey("audit --only ZPK050").run().code(0)), [], "without a report");
}

#[test]
fn a_fleet_with_the_assistant_schedule_on_has_no_finding_and_one_without_has() {
    let mut many = connectors("38101", &[60; 40]);
    for one in many.iter_mut().take(12) {
        one["controlChannelStatus"] = "ZPN_STATUS_DISCONNECTED".into();
        one["lastBrokerConnectTime"] = super::ago(50).into();
    }
    let seed = |schedule: Value| {
        let keys = [key("edge", 61, 40, 40)];
        Tenant::seeded(json!({"keys": keys, "connectors": many, "assistant_schedule": schedule}))
    };
    let of = |enabled: bool| json!({"id": "1", "enabled": enabled, "frequency": "days", "frequencyInterval": "30"});
    assert_eq!(rules(&seed(of(true)).zpakey("audit").run().code(0)), []);
    let told = rules(&seed(of(false)).zpakey("audit").run().code(0));
    assert_eq!(told, [("ZPK053".to_owned(), "low".to_owned())]);
    let unread = seed(of(false));
    unread.set_faults(&json!([
        {"method": "GET", "contains": "assistantSchedule", "action": {"status": 404, "body": {"id": "resource.not.found"}}},
    ]));
    let finished = unread.zpakey("audit").run().code(0);
    assert_eq!((rules(&finished), finished.json()["complete"].clone()), (Vec::new(), json!(true)));
    finished.stderr_has("the schedule that deletes disconnected connectors was not read");
}
