//! Several tenants for one command: which ones, their answers as one, and what fails.

#![expect(clippy::expect_used, reason = "a test fails where it cannot go on")]

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Fleet, Tenant};

/// A fault: the credential is refused.
fn refuses() -> Value {
    json!([{"path": "/oauth2/", "action": {"status": 401}}, {"path": "*/provisioningKey", "action": {"status": 403}}])
}

fn three() -> Fleet {
    Fleet::with_keys([("eu", &["n1", "n2"]), ("lab", &[]), ("us", &["n1"])])
}

/// The items of an answer by profile, tenant and name.
#[track_caller]
fn items(answer: &Value) -> Vec<(String, String, String)> {
    let text = |one: &Value, field: &str| one[field].as_str().expect(field).to_owned();
    let all = answer.as_array().expect("a list");
    all.iter().map(|one| (text(one, "profile"), text(one, "tenant"), text(one, "name"))).collect()
}

fn expected(all: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    all.iter().map(|(one, two, three)| ((*one).into(), (*two).into(), (*three).into())).collect()
}

#[test]
fn each_item_names_its_profile_and_tenant() {
    let fleet = three();
    let answer = fleet.zpakey("list --profile *").run().code(0).has_no_secret().json();
    assert_eq!(items(&answer), expected(&[("eu", "1001", "n1"), ("eu", "1001", "n2"), ("us", "1003", "n1")]));
    let first: Vec<&String> = answer[0].as_object().expect("a key").keys().take(3).collect();
    assert_eq!(first, ["profile", "tenant", "id"]);
    let repeated = fleet.zpakey("list --profile us --profile eu").run().code(0).json();
    assert_eq!(items(&repeated), items(&answer));
}

#[test]
fn a_table_begins_with_the_profile() {
    three().zpakey("list --profile * -o table --columns profile,name,tenant,used").run().code(0).stdout_is(
        str![[r#"
PROFILE  NAME  TENANT  USED
eu       n1    1001    0/10
eu       n2    1001    0/10
us       n1    1003    0/10

"#]],
    );
    three()
        .zpakey("list --profile * -o csv --columns profile,name")
        .run()
        .code(0)
        .stderr_is(str![[r#"
3 tenants

"#]])
        .stdout_is(str![[r#"
profile,name
eu,n1
eu,n2
us,n1

"#]]);
    let table = three().zpakey("list --profile * -o table").run().code(0);
    assert!(table.stdout.starts_with("PROFILE  NAME  "), "{}", table.stdout);
}

#[test]
fn a_pattern_that_matches_one_profile_answers_as_for_several_and_a_name_does_not() {
    let fleet = three();
    let answer = fleet.zpakey("list --profile u*").run().code(0).json();
    assert_eq!(items(&answer), expected(&[("us", "1003", "n1")]));
    let named = fleet.zpakey("list --profile us").run().code(0).json();
    assert_eq!(named[0].get("profile"), None);
    assert_eq!(named[0]["name"], "n1");
}

#[test]
fn a_file_lists_names_and_patterns() {
    let fleet = three();
    fleet.home().write("work.txt", "# europe\n eu \n\nu?\n");
    let answer = fleet.zpakey("list --profile @work.txt").run().code(0).json();
    assert_eq!(items(&answer), expected(&[("eu", "1001", "n1"), ("eu", "1001", "n2"), ("us", "1003", "n1")]));
    let error = fleet.zpakey("list --profile @none.txt").run().code(2).error();
    assert_eq!(error["message"], "could not read none.txt, which --profile names: entity not found");
}

#[test]
fn each_line_is_written_when_its_tenant_is_done() {
    let keys = json!({"keys": [{"name": "n1"}]});
    let fleet = Fleet::slow([("eu", keys.clone(), 2000), ("us", keys, 0)]);
    let running = fleet.zpakey("list --profile * -o ndjson").start();
    let first = running.stdout_until("\n");
    assert!(first.starts_with(r#"{"profile":"us","tenant":"1002","#), "{first}");
    assert!(!first.contains("eu"), "{first}");
    assert_eq!(running.finish().code(0).json_lines()[1]["profile"], "eu");
}

#[test]
fn a_tenant_that_fails_does_not_stop_the_rest() {
    let fleet = three();
    fleet.write_profiles("[profiles.broken]\ntimeout = 'soon'\n[profiles.empty]\n");
    fleet.tenant("eu").set_faults(&refuses());
    let finished = fleet.zpakey("list --profile *").run().code(6).has_no_secret();
    assert_eq!(items(&finished.json()), expected(&[("us", "1003", "n1")]));
    let error = finished.error();
    assert_eq!((&error["code"], &error["message"]), (&json!("partial"), &json!("3 of 5 tenants failed")));
    let failures = error["failures"].as_array().expect("failures");
    let named: Vec<(&Value, &Value)> = failures.iter().map(|one| (&one["profile"], &one["code"])).collect();
    assert_eq!(
        named,
        [
            (&json!("broken"), &json!("invalid_config")),
            (&json!("empty"), &json!("missing_credentials")),
            (&json!("eu"), &json!("unauthorized")),
        ]
    );
    assert_eq!(failures[0].get("key"), None);
}

#[test]
fn audit_is_one_document_with_a_part_for_each_tenant() {
    let fleet = three();
    let answer = fleet.zpakey("audit --profile *").run().code(0).json();
    let tenants: Vec<(&Value, &Value, &Value)> = answer
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (&one["profile"], &one["tenant"], &one["population"]["keys"]))
        .collect();
    assert_eq!(
        tenants,
        [
            (&json!("eu"), &json!("1001"), &json!(2)),
            (&json!("lab"), &json!("1002"), &json!(0)),
            (&json!("us"), &json!("1003"), &json!(1)),
        ]
    );
    let sarif = fleet.zpakey("audit --profile * -o sarif").run().code(0).json();
    let runs: Vec<&Value> =
        sarif["runs"].as_array().expect("runs").iter().map(|run| &run["automationDetails"]["id"]).collect();
    assert_eq!(runs, ["zpakey-audit/1001/", "zpakey-audit/1002/", "zpakey-audit/1003/"]);
    let results = |at: usize| sarif["runs"][at]["results"].as_array().expect("results").len();
    assert_eq!((results(0) > results(2), results(1)), (true, 0));
    fleet.zpakey("audit --profile * --fail-on low").run().code(7);
}

#[test]
fn commands_that_are_hinted_at_name_the_one_profile() {
    let fleet = Fleet::new([
        ("eu", json!({"keys": [{"name": "n1", "usageCount": 3, "enabled": false}]})),
        ("us", json!({})),
    ]);
    let lines = fleet.zpakey("audit --profile * -o ndjson").run().code(0).json_lines();
    let off = lines.iter().find(|one| one["rule"] == "ZPK044").expect("ZPK044");
    assert_eq!(off["command"], "zpakey --profile eu disable n1");
}

#[test]
fn the_states_of_several_tenants_stand_below_their_names() {
    let fleet = three();
    fleet.zpakey("status --all --profile * -o table").run().code(0).stdout_is(str![[r#"
eu (tenant 1001)
n1 · connector · no rotation in progress
└ 38101  current  0/10  can enrol  no connectors  made [AGE]

n2 · connector · no rotation in progress
└ 38102  current  0/10  can enrol  no connectors  made [AGE]

us (tenant 1003)
n1 · connector · no rotation in progress
└ 38101  current  0/10  can enrol  no connectors  made [AGE]

"#]]);
    let pages = fleet.zpakey("status --overview --profile *").run().code(0).json();
    assert_eq!(pages.as_array().expect("a list").len(), 3);
}

#[test]
fn no_more_tenants_are_asked_at_a_time_than_were_allowed() {
    let fleet = Fleet::slow(["eu", "lab", "us"].map(|name| (name, json!({}), 500)));
    let timed = |arguments: &str| {
        let begun = std::time::Instant::now();
        fleet.zpakey(arguments).env("ZPAKEY_TOKEN_CACHE", "off").run().code(0);
        begun.elapsed().as_secs_f64()
    };
    let (one, all) = (timed("list --profile * --parallel-tenants 1"), timed("list --profile *"));
    assert!(one > 3.0 && all < one - 1.0, "{one} s and {all} s");
}

#[test]
fn a_command_for_one_tenant_refuses_several_before_anything_is_sent() {
    let fleet = three();
    for command in
        ["get n1", "create x --type connector --group 1 --max-usage 1", "delete n1 --yes", "rotate n1 --yes"]
    {
        let error = fleet.zpakey(&*format!("{command} --profile *")).run().code(2).error();
        assert_eq!(error["message"], "this command takes one tenant, and --profile asks for any number");
        assert_eq!(
            error["hints"],
            json!(["name one profile; `zpakey profile list -q` lists them for a loop"])
        );
    }
    let error = fleet.zpakey("list --profile * --customer-id 7").run().code(2).error();
    assert_eq!(error["message"], "--customer-id belongs to one tenant, and --profile asks for any number");
    let error = fleet.zpakey("status --tfstate - --profile *").run().code(2).error();
    assert_eq!(
        error["message"],
        "standard input can be read once, and --profile asks for any number of tenants"
    );
    assert_eq!(fleet.tenant("eu").requests().len(), 0);
}

#[test]
fn what_means_no_profile_is_an_error() {
    let fleet = three();
    let error = fleet.zpakey("list --profile x*").run().code(4).error();
    assert!(error["message"].as_str().is_some_and(|text| text.ends_with("matches \"x*\"")), "{error}");
    fleet.zpakey("list --profile eu --profile uss").run().code(4).stderr_has("did you mean us?");
    fleet.zpakey("list --shard 4/3 --profile *").run().code(2);
    fleet.zpakey("list --shard 1/3").run().code(2);
}

#[test]
fn a_profile_that_is_named_like_a_pattern_is_one() {
    let tenant = Tenant::with_keys(["n1"]);
    tenant.home().write_profiles("[profiles.'a*']\ncustomer_id = '7'\n");
    tenant.zpakey("profile show a*").run().code(0);
    let error = tenant.zpakey("list --profile a*").run().code(3).error();
    assert!(error["message"].as_str().is_some_and(|text| text.starts_with("not signed in")), "{error}");
}

#[test]
fn the_sandbox_is_never_matched() {
    let fleet = three();
    fleet.write_profiles("[profiles.sandbox]\ncustomer_id = '7'\n");
    let names = fleet.zpakey("profile list -q --profile *").run().code(0);
    assert_eq!(names.stdout, "eu\nlab\nus\n");
    assert_eq!(
        fleet.zpakey("list --profile * --profile sandbox").run().code(0).json().as_array().map(Vec::len),
        Some(3)
    );
}

#[test]
fn the_work_list_is_split_by_shards() {
    let fleet = three();
    let names = |arguments: &str| fleet.zpakey(arguments).run().code(0).stdout;
    assert_eq!(names("profile list -q"), "eu\nlab\nus\n");
    assert_eq!(names("profile list -q --profile * --shard 1/2"), "eu\nus\n");
    assert_eq!(names("profile list -q --profile * --shard 2/2"), "lab\n");
    assert_eq!(names("profile list -q --profile * --shard 4/4"), "");
    let answer = fleet.zpakey("list --profile * --shard 3/3").run().code(0).json();
    assert_eq!(items(&answer), expected(&[("us", "1003", "n1")]));
    assert_eq!(fleet.zpakey("list --profile * --shard 4/4").run().code(0).json(), json!([]));
}

#[test]
fn an_index_picks_one_profile_also_for_a_command_that_writes() {
    let fleet = three();
    let run = |arguments: &str, index: &str| fleet.zpakey(arguments).env("ZPAKEY_PROFILE_INDEX", index).run();
    let answer = run("list --profile *", "2").code(0).json();
    assert_eq!((answer[0].get("profile"), &answer[0]["name"]), (None, &json!("n1")));
    assert_eq!(run("list", "1").code(0).json(), json!([]));
    run("update n2 --max-usage 7 --profile *", "0").code(0);
    assert_eq!(fleet.tenant("eu").key("n2").expect("n2")["maxUsage"], "7");
    // Who names a profile means it.
    assert_eq!(run("list --profile us", "0").code(0).json().as_array().map(Vec::len), Some(1));
    let error = run("list --profile *", "3").code(2).error();
    assert_eq!(error["message"], "ZPAKEY_PROFILE_INDEX is \"3\", and 3 profiles are counted from 0");
    run("list", "-1").code(2);
}

#[test]
fn a_leaked_value_is_looked_for_in_all_tenants_and_told_once() {
    let fleet = three();
    let value = fleet.zpakey("reveal n1 --yes --profile us --field provisioning_key").run().code(0).stdout;
    let other = value.replacen(|letter: char| letter.is_ascii_lowercase(), "Z", 4);
    fleet.home().write("leaked.txt", &format!("key={value}\n"));
    let answer = fleet.zpakey("scan --profile * leaked.txt").run().code(7).has_no_secret().json();
    let found = answer.as_array().expect("a list");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["profile"], &found[0]["tenant"], &found[0]["state"]),
        (&json!("us"), &json!("1003"), &json!("open"))
    );
    assert!(
        found[0]["remedy"]
            .as_str()
            .is_some_and(|command| command.starts_with("zpakey --profile us rotate n1")),
        "{found:?}"
    );
    fleet.home().write("unknown.txt", &other);
    let unknown = fleet.zpakey("scan --profile * unknown.txt").run().code(0).has_no_secret().json();
    assert_eq!((&unknown[0]["profile"], &unknown[0]["state"]), (&Value::Null, &json!("unknown")));
    fleet.tenant("eu").set_faults(&refuses());
    let unread = fleet.zpakey("scan --profile * unknown.txt").run().code(6).json();
    assert_eq!(unread[0]["state"], "unverified");
}

#[test]
fn the_key_of_a_file_is_looked_for_in_all_tenants() {
    let fleet = three();
    let value = fleet.zpakey("reveal n1 --yes --profile us --field provisioning_key").run().code(0).stdout;
    let run = |arguments: &str| fleet.zpakey(arguments).stdin(value.clone()).run();
    let answer = run("identify - --profile *").code(0).has_no_secret().json();
    assert_eq!((&answer[0]["profile"], &answer[0]["name"]), (&json!("us"), &json!("n1")));
    let error = run("identify - --profile eu --profile lab").code(4).has_no_secret().error();
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("no provisioning key of 2 tenants has")),
        "{error}"
    );
    fleet.tenant("lab").set_faults(&refuses());
    run("identify - --profile eu --profile lab").code(6);
}

#[test]
fn each_tenant_is_asked_no_more_than_if_it_were_alone() {
    let fleet = three();
    fleet.zpakey("audit --profile us").run().code(0);
    let alone = fleet.tenant("us").calls();
    fleet.tenant("us").clear_requests();
    fleet.zpakey("audit --profile *").run().code(0);
    let mut together = fleet.tenant("us").calls();
    assert_eq!(together.len(), alone.len());
    together.sort();
    let mut alone = alone;
    alone.sort();
    assert_eq!(together, alone);
}
