//! What is said before a key is left, or handed over, that cannot enrol, and before one can enrol again that was
//! replaced.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as the tests do")]

use serde_json::json;

use crate::support::Tenant;

/// One key of each sort that cannot enrol, and one that can.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "off", "enabled": false},
        {"name": "full", "maxUsage": 3, "usageCount": 3},
        {"name": "late", "expirationInEpochSec": "1700000000"},
        {"name": "able", "maxUsage": 5, "usageCount": 2},
        {"name": "stopped", "enabled": false, "maxUsage": 2, "usageCount": 2},
    ]}))
}

#[test]
fn a_value_that_is_handed_over_of_a_key_that_cannot_enrol_is_warned_of() {
    for (key, why) in [
        (
            "off",
            "warning: off (38101) is disabled: nothing can enrol with it; zpakey update id:38101 --enable",
        ),
        (
            "full",
            "warning: full (38102) is used up (3 of 3 uses): nothing can enrol with it; zpakey update id:38102 --add-uses 1",
        ),
        (
            "late",
            "warning: late (38103) has expired: nothing can enrol with it; zpakey rotate id:38103 --out-file provision_key",
        ),
        (
            "stopped",
            "warning: stopped (38105) is disabled and used up: nothing can enrol with it; zpakey enable id:38105",
        ),
    ] {
        let tenant = tenant();
        tenant.zpakey(format!("reveal {key} --yes")).run().code(0).stderr_has(why);
        tenant.zpakey(format!("reveal {key} --out-file {key}.key")).run().code(0).stderr_has(why);
        tenant.zpakey(format!("exec {key} --stdin -- true")).run().code(0).stderr_has(why);
        let create = format!(
            "create {key} --type connector --group 'AWS us-east-1' --max-usage 3 --if-exists skip --out-file {key}.2"
        );
        tenant.zpakey(create).run().code(0).stderr_has(why);
    }
    let able = tenant().zpakey("reveal able --yes").run().code(0);
    assert!(!able.stderr.contains("warning"), "{}", able.stderr);
}

#[test]
fn a_key_that_exists_already_is_compared_with_what_was_asked_for() {
    let tenant = tenant();
    let create = "create able --type connector --group 'AWS us-east-1' --max-usage 50 --ip-acl 192.0.2.0/24 --if-exists skip";
    tenant.zpakey(create).run().code(0).stderr_has(
        "warning: able (38104) differs from what was asked for: max_usage is 5, not 50; ip_acl is any, not 192.0.2.0/24",
    );
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_limit_that_leaves_no_use_is_warned_of_with_the_command_that_undoes_it() {
    let tenant = tenant();
    let run = tenant.zpakey("update able --max-usage 1").run().code(0);
    run.stderr_has(
        "warning: able (38104) was used 2 of 5 times: with a limit of 1 it can enrol no more; undo with: zpakey update id:38104 --max-usage 5",
    );
    tenant.zpakey("update id:38104 --max-usage 5").run().code(0);
    assert_eq!(tenant.key("able").unwrap()["maxUsage"], "5");
}

#[test]
fn at_a_terminal_a_limit_that_leaves_no_use_is_asked_about() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("update able --max-usage 2").terminal();
    terminal.expect("? Set the limit? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_predecessor_is_let_enrol_again_only_after_a_yes() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod.old-38101.202601011200", "enabled": false, "maxUsage": 9, "usageCount": 4},
        {"name": "prod"},
    ]}));
    for revive in ["--enable", "--enable --add-uses 3"] {
        let run = tenant.zpakey(format!("update id:38101 {revive}")).run().code(11);
        run.stderr_has("which a rotation replaced");
    }
    assert_eq!(tenant.writes(), [""; 0]);
    tenant.zpakey("update id:38101 --enable --yes").run().code(0);
    assert_eq!(tenant.key("38101").unwrap()["enabled"], true);
}

#[test]
fn a_new_key_is_not_named_as_standard_input_is_and_one_named_as_a_rotation_names_is_warned_of() {
    let tenant = Tenant::standard();
    let create = |name: &str| {
        tenant
            .zpakey(["create", name, "--type", "connector", "--group", "AWS us-east-1", "--max-usage", "3"])
            .run()
    };
    create("-").code(2);
    assert_eq!(tenant.writes(), [""; 0]);
    for name in ["prod.next-1", "prod.old-1.hold", "prod.old-1.202601011200"] {
        create(name).code(0).stderr_has("has the form of a name that `zpakey rotate` gives");
    }
    let plain = create("prod.next").code(0);
    assert!(!plain.stderr.contains("warning"), "{}", plain.stderr);
}

#[test]
fn a_second_key_of_one_name_is_warned_of_and_the_next_command_names_it_by_its_id() {
    let tenant =
        Tenant::seeded(json!({"keys": [{"name": "branch", "association_type": "SERVICE_EDGE_GRP"}]}));
    let create = "create branch --type connector --group 'AWS us-east-1' --max-usage 3";
    let run = tenant.zpakey(create).run().code(0).stderr_has("a service-edge key has that name too (38101)");
    run.stderr_has("zpakey reveal id:38102 --out-file provision_key");
    tenant.zpakey("reveal id:38102 --out-file provision_key").run().code(0);
}

/// A connector key and a service edge key of one name, each used.
fn twins() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "branch", "usageCount": 2},
        {"name": "branch", "association_type": "SERVICE_EDGE_GRP", "usageCount": 1},
        {"name": "alone", "usageCount": 1},
    ]}))
}

/// Takes the command out of a message: what follows `undo with: `.
fn undo(stderr: &str) -> String {
    let line = stderr.lines().find_map(|line| line.split_once("undo with: ")).unwrap().1;
    line.trim_end_matches(')').strip_prefix("zpakey ").unwrap().to_owned()
}

#[test]
fn the_printed_command_that_undoes_a_block_works_although_two_keys_have_the_name() {
    for disable in ["disable id:38101 --yes", "disable branch --type connector --yes"] {
        let tenant = twins();
        let undo = undo(&tenant.zpakey(disable).run().code(0).stderr);
        assert!(undo.starts_with("enable id:38101"), "{undo}");
        tenant.zpakey(format!("{undo} --yes")).run().code(0);
        assert_eq!(tenant.key("38101").unwrap()["enabled"], true, "{disable}");
    }
    let undo = undo(&twins().zpakey("disable alone --yes").run().code(0).stderr);
    assert!(undo.starts_with("enable alone"), "{undo}");
}

#[test]
fn a_refused_deletion_names_commands_that_work_although_two_keys_have_the_name() {
    let tenant = Tenant::seeded(json!({
        "keys": [
            {"name": "branch", "usageCount": 1},
            {"name": "branch", "association_type": "SERVICE_EDGE_GRP"},
        ],
        "connectors": [{"name": "ac-01", "provisioningKeyId": "38101"}],
    }));
    for (delete, again) in [
        ("delete id:38101 --yes", "delete id:38101 --yes --force-referenced"),
        ("delete branch --type connector --yes", "delete id:38101 --type connector --yes --force-referenced"),
    ] {
        tenant.zpakey(delete).run().code(8).stderr_has(&format!("zpakey {again}"));
    }
    tenant.zpakey("delete id:38101 --force-referenced --yes").run().code(0);
    assert!(tenant.key("38101").is_none() && tenant.key("38102").is_some());
}
