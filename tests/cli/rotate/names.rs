//! An API that keeps other names than it is sent: told apart from other runs at the first read-back, and there is always a
//! way out, by ids.

use serde_json::{Value, json};

use crate::support::{Finished, Tenant};

const NAME: &str = "Prod-Runners-Frankfurt";
const QUIRKS: [&str; 3] = ["kept", "cut", "lower"];
const LINE: &str = "rotate Prod-Runners-Frankfurt --type connector --out-file key --settle 0s --yes -o json";

fn tenant(quirk: &str) -> Tenant {
    Tenant::seeded(json!({
        "keys": [{"name": NAME, "maxUsage": 50, "usageCount": 3}], "quirks": {"put-name": quirk},
    }))
}

fn can_enrol(tenant: &Tenant, id: &str) -> bool {
    tenant.key(id).is_some_and(|key| key["enabled"] == true && key["maxUsage"] != key["usageCount"])
}

/// Runs a rotation whose names are not kept: it says so, by both ids, and does not blame other runs.
#[track_caller]
fn not_kept(tenant: &Tenant, options: &str) -> Finished {
    let run = tenant.zpakey(format!("{LINE} {options}")).run().code(5).has_no_secret();
    let error = run.error();
    assert_eq!(error["code"], "not_kept", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("38101") && message.contains("38102"), "{message}");
    run.lacks("others got in the way").lacks("other runs")
}

/// What the hints say to run, without what it does.
fn commands(run: &Finished) -> Vec<String> {
    let hints: Vec<Value> = run.error()["hints"].as_array().unwrap().clone();
    let commands = hints.iter().map(|hint| hint.as_str().unwrap().split("      ").next().unwrap().to_owned());
    commands.map(|line| line.strip_prefix("zpakey ").unwrap().to_owned()).collect()
}

#[test]
fn a_planned_rotation_gives_the_name_back_and_stops_nothing() {
    for quirk in QUIRKS {
        let tenant = tenant(quirk);
        let run = not_kept(&tenant, "");
        assert!(can_enrol(&tenant, "38101") && can_enrol(&tenant, "38102"), "{quirk}");
        // The name that stands is told, not the one that was to stand.
        let name = tenant.key("38101").unwrap()["name"].as_str().unwrap().to_owned();
        run.stderr_has(&format!("now: 38101 is \\\"{name}\\\""));
    }
}

#[test]
fn the_hints_of_a_planned_rotation_work_word_for_word() {
    for quirk in QUIRKS {
        let lines = commands(&not_kept(&tenant(quirk), ""));
        assert_eq!(lines, ["get id:38101", "disable id:38101", "delete id:38102"], "{quirk}");
        for line in lines {
            let tenant = tenant(quirk);
            not_kept(&tenant, "");
            tenant.zpakey(format!("{line} --yes")).run().code(0);
            let able = [can_enrol(&tenant, "38101"), can_enrol(&tenant, "38102")];
            let expected = [!line.starts_with("disable"), !line.starts_with("delete")];
            assert_eq!(able, expected, "{quirk}: {line}");
        }
    }
}

#[test]
fn a_rotation_whose_names_are_not_kept_can_be_taken_back() {
    for quirk in QUIRKS {
        let tenant = tenant(quirk);
        not_kept(&tenant, "");
        if quirk == "kept" {
            tenant.zpakey(format!("{LINE} --rollback --force")).run().code(0);
        } else {
            if quirk == "cut" {
                // No key has the name any more; the one that had it is named beside its id.
                let run = tenant.zpakey(format!("retire {NAME} --yes")).run().code(4);
                run.stderr_has("did you mean Prod-Runners-Frankfu (38101)?");
            }
            let line = "rotate id:38102 --rollback --no-deliver --settle 0s --yes -o json";
            let run = tenant.zpakey(line).run().code(4);
            assert_eq!(commands(&run), ["delete id:38102"], "{quirk}");
            tenant.zpakey("delete id:38102 --yes").run().code(0);
        }
        assert!(can_enrol(&tenant, "38101") && tenant.key("38102").is_none(), "{quirk}");
    }
}

#[test]
fn a_key_that_leaked_is_stopped_whatever_becomes_of_the_names() {
    for quirk in QUIRKS {
        let tenant = tenant(quirk);
        let run = not_kept(&tenant, "--compromised");
        assert!(!can_enrol(&tenant, "38101"), "{quirk}");
        let handed = std::fs::read_to_string(tenant.home().work().join("key")).unwrap();
        assert_eq!(tenant.enroll(&handed).as_deref(), Ok("38102"), "{quirk}");
        let lines = commands(&run);
        assert_eq!(lines, ["get id:38101", "get id:38102"], "{quirk}");
        for line in lines {
            tenant.zpakey(line).run().code(0);
        }
    }
}

#[test]
fn the_same_command_never_takes_names_that_are_not_kept_for_other_runs() {
    for options in ["", "--compromised"] {
        let tenant = tenant("kept");
        not_kept(&tenant, options);
        not_kept(&tenant, options);
    }
}

#[test]
fn a_key_that_leaked_and_was_replaced_without_its_name_can_be_deleted_or_restored_by_its_id() {
    for quirk in QUIRKS {
        let tenant = tenant(quirk);
        not_kept(&tenant, "--compromised");
        if quirk != "cut" {
            // Two keys of one name are what this sandbox then has, and it refuses to write either.
            tenant.zpakey("enable id:38101").run().code(0);
        }
        tenant.zpakey("disable id:38101 --yes").run().code(0);
        tenant.zpakey("delete id:38101 --yes").run().code(0);
        assert!(can_enrol(&tenant, "38102"), "{quirk}");
    }
}

#[test]
fn a_leaked_key_that_another_writer_renames_is_stopped_and_the_hint_goes_on_by_its_id() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "maxUsage": 50, "usageCount": 3}]}));
    let renames = json!({"rename": "this", "to": "mine"});
    tenant.set_faults(&json!([{"method": "PUT", "nth": 1, "after": renames}]));
    let line = "rotate prod --compromised --no-deliver --settle 0s --yes";
    let error = tenant.zpakey(line).run().code(6).error();
    assert!(
        error.to_string().contains("no key is named prod any more: another writer renamed or deleted it"),
        "{error}"
    );
    assert_eq!(tenant.key("38101").unwrap()["enabled"], false);
    let hint = error["hints"][0].as_str().unwrap();
    let command = hint.strip_prefix("zpakey ").unwrap().split("      ").next().unwrap();
    assert!(command.starts_with("rotate id:38101 "), "{hint}");
    tenant.zpakey(format!("{command} --max-usage 50")).run().code(0);
}

#[test]
fn names_whose_files_would_be_the_same_are_refused_before_the_first_is_rotated() {
    let tenant = Tenant::with_keys(["a:b", "a*b"]);
    for more in ["", "--dry-run"] {
        let line = format!("rotate 'name:a:b' 'name:a*b' --yes --settle 0s --out-file '{{name}}.key' {more}");
        tenant.zpakey(line).run().code(2).stderr_has("would both be a_b.key");
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
}
