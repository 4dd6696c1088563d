//! Commands that write to several tenants, and rotations of all that is due.

#![expect(clippy::expect_used, reason = "a test fails where it cannot go on")]

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::{Fleet, Tenant};

/// So many days ago, as the API writes times.
fn ago(days: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    (now - days * 86_400).to_string()
}

/// A key that is too old and used, one that is young, and one that is too old and that nothing enrols with.
fn aging() -> Value {
    let key = |name: &str, made: u64| json!({"name": name, "creationTime": ago(made), "usageCount": 1});
    json!({
        "keys": [key("old", 400), key("young", 30), key("idle", 500)],
        "connectors": [
            {"name": "ac-1", "provisioningKeyId": "38101", "creationTime": ago(20)},
            {"name": "ac-2", "provisioningKeyId": "38102", "creationTime": ago(20)},
        ],
    })
}

/// A lineage whose predecessor is due for retirement.
fn replaced() -> Value {
    json!({"keys": [
        {"name": "build", "usageCount": 1},
        {"name": "build.old-38102.202011231504"},
    ]})
}

const POLICY: &str = "[profiles.eu.policy]\nmax_age = '365d'\n[profiles.us.policy]\nmax_age = '365d'\n";

/// The names of the keys that were replaced.
fn rotated(answer: &Value) -> Vec<String> {
    let all = answer.as_array().expect("a list");
    let done = all.iter().filter(|one| one["changed"] == true);
    done.filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
}

#[test]
fn what_is_due_by_the_policy_is_rotated_in_one_command() {
    let fleet = Fleet::new([("eu", aging())]);
    fleet.write_profiles("[profiles.eu.policy]\nmax_age = '365d'\n");
    let run = || fleet.zpakey("rotate --due --no-deliver --yes --settle 0s --profile eu").run().code(0);
    let answer = run().has_no_secret().json();
    assert_eq!(rotated(&answer), ["old"], "{answer}");
    assert_eq!(fleet.tenant("eu").key("young").expect("young")["id"], "38102");
    assert_eq!(fleet.tenant("eu").key("idle").expect("idle")["id"], "38103");
    assert_ne!(fleet.tenant("eu").key("old").expect("old")["id"], "38101");
    // The successor is young.
    assert_eq!(rotated(&run().json()), [""; 0]);
}

#[test]
fn an_option_takes_the_place_of_the_policy() {
    let tenant = Tenant::seeded(aging());
    let error = tenant.zpakey("rotate --due --no-deliver --yes").run().code(2).error();
    assert_eq!(error["message"], "nothing says when a key is due");
    tenant.zpakey("rotate old --due --no-deliver --yes").run().code(2);
    assert_eq!(tenant.writes(), [""; 0]);
    let none =
        tenant.zpakey("rotate --due --if-older-than 450d --no-deliver --yes --settle 0s").run().code(0);
    assert_eq!((rotated(&none.json()), tenant.writes().len()), (Vec::new(), 0));
    let answer =
        tenant.zpakey("rotate --due --if-used-above 5% --no-deliver --yes --settle 0s").run().code(0).json();
    assert_eq!(rotated(&answer), ["idle", "old", "young"]);
}

#[test]
fn a_rotation_that_was_begun_is_finished_with_what_is_due() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "build"}, {"name": "build.next-38101"}]}));
    let answer = tenant
        .zpakey("rotate --due --if-older-than 9000d --no-deliver --yes --settle 0s")
        .run()
        .code(0)
        .json();
    assert_eq!(answer[0]["name"], "build");
    assert_eq!(tenant.key("build").expect("build")["id"], "38102");
}

#[test]
fn each_tenant_is_written_to_once_that_was_agreed_to() {
    let fleet = Fleet::new([("eu", replaced()), ("us", replaced())]);
    let run = |more: &str| fleet.zpakey(&*format!("retire --all-due --each --profile * {more}")).run();
    let error = run("").code(11).error();
    assert_eq!(
        error["message"],
        "will not write to 2 tenants without confirmation, and there is no terminal to ask on"
    );
    let plans = run("--dry-run").code(0).json();
    assert_eq!((plans[0]["profile"].as_str(), plans[1]["profile"].as_str()), (Some("eu"), Some("us")));
    assert_eq!(fleet.tenant("eu").writes(), [""; 0]);
    let answer = run("--yes").code(0).has_no_secret().json();
    let done: Vec<(&Value, &Value)> =
        answer.as_array().expect("a list").iter().map(|one| (&one["profile"], &one["id"])).collect();
    assert_eq!(done, [(&json!("eu"), &json!("38102")), (&json!("us"), &json!("38102"))]);
    let error = fleet.zpakey("retire --all-due --profile *").run().code(2).error();
    assert_eq!(error["message"], "this command takes one tenant, and --profile asks for any number");
}

#[test]
fn at_a_terminal_the_number_of_tenants_is_typed() {
    let fleet = Fleet::new([("eu", replaced()), ("us", replaced())]);
    let ask = |answer: &str| {
        let mut terminal = fleet.zpakey("retire --all-due --each --profile *").terminal();
        terminal.expect("This writes to 2 tenants: eu, us");
        terminal.expect("? Type 2 to go on: ");
        terminal.type_line(answer);
        terminal.exit_code()
    };
    assert_eq!((ask("y"), fleet.tenant("us").writes().len()), (11, 0));
    assert_eq!((ask("2"), fleet.tenant("us").writes().len()), (0, 1));
}

#[test]
fn a_tenant_that_fails_does_not_keep_others_from_being_written_to() {
    let fleet = Fleet::new([("eu", replaced()), ("us", replaced())]);
    fleet
        .tenant("eu")
        .set_faults(&json!([{"method": "PUT", "path": "*/provisioningKey", "action": {"status": 403}}]));
    let finished = fleet.zpakey("retire --all-due --each --yes --profile *").run().code(6);
    assert_eq!(finished.json()[0]["profile"], "us");
    let error = finished.error();
    assert_eq!(
        (&error["message"], &error["failures"][0]["profile"]),
        (&json!("1 of 2 tenants failed"), &json!("eu"))
    );
    assert_eq!(fleet.tenant("us").key("38102").expect("38102")["enabled"], false);
}

#[test]
fn keys_of_several_tenants_never_meet_in_one_file() {
    let fleet = Fleet::new([("eu", aging()), ("us", aging())]);
    fleet.write_profiles(POLICY);
    let run = |out: &str| {
        let line = format!("rotate --due --each --profile * --yes --settle 0s --out-file {out}");
        fleet.zpakey(&*line).run()
    };
    let finished = run("{name}.key").code(6);
    assert_eq!(fleet.tenant("eu").writes().len(), 0);
    assert_eq!(
        finished.error()["failures"][0]["message"],
        "keys of several tenants may have the same name, and would go into the same file"
    );
    run("{profile}-{name}.key").code(0).has_no_secret();
    assert!(fleet.home().has("eu-old.key") && fleet.home().has("us-old.key"));
    assert_ne!(fleet.home().read("eu-old.key"), fleet.home().read("us-old.key"));
}

#[test]
fn a_hook_is_told_whose_key_it_gets() {
    let fleet = Fleet::new([("eu", aging()), ("us", aging())]);
    fleet.write_profiles(POLICY);
    let hook = "cat > /dev/null; echo $ZPAKEY_KEY_NAME > hook.$ZPAKEY_PROFILE";
    let words = ["rotate", "--due", "--each", "--profile", "*", "--yes", "--settle", "0s", "--exec", hook];
    fleet.zpakey(words).run().code(0);
    assert_eq!(
        (fleet.home().read("hook.eu"), fleet.home().read("hook.us")),
        ("old\n".into(), "old\n".into())
    );
}

#[test]
fn the_help_says_which_exit_codes_are_worth_a_retry() {
    let fleet = Fleet::new([("eu", json!({}))]);
    let help = fleet.zpakey("help exit-codes").run().code(0).stdout;
    let codes = |word: &str| -> Vec<u16> {
        let lines = help.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let of_word = lines.filter(|line| line.get(1) == Some(&word));
        of_word.filter_map(|line| line.first()?.parse().ok()).collect()
    };
    assert_eq!(codes("yes"), [5, 6, 9, 10, 12, 13, 129, 130, 143]);
    assert_eq!(codes("no"), [1, 2, 3, 4, 7, 8, 11, 126, 127]);
}
