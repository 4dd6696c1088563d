//! `zpakey log`: what was revealed and changed from this machine.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{fs, os::unix::fs::PermissionsExt, thread};

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Home, Running, Tenant};

const FILE: &str = "state/zpakey/log/log.jsonl";

/// The entries as JSON, the oldest first.
fn entries(tenant: &Tenant) -> Vec<Value> {
    let newest_first = tenant.zpakey("log -o json").run().code(0).json();
    newest_first.as_array().unwrap().iter().rev().cloned().collect()
}

/// Some fields of each entry, joined.
fn told(tenant: &Tenant, fields: &[&str]) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = |entry: &Value| fields.iter().map(|field| text(&entry[*field])).collect::<Vec<_>>().join(" ");
    entries(tenant).iter().map(one).collect()
}

fn actions(tenant: &Tenant) -> Vec<String> {
    told(tenant, &["command", "action", "name", "outcome", "code"])
}

fn path(tenant: &Tenant) -> std::path::PathBuf {
    tenant.home().path().join(FILE)
}

#[test]
fn each_write_and_each_reveal_is_an_entry() {
    let tenant = Tenant::standard();
    let create = "--type connector --group 'AWS us-east-1' --max-usage 2";
    tenant.zpakey(format!("create demo {create}")).run().code(0);
    tenant.zpakey("update demo --add-uses 1 --disable").run().code(0);
    tenant.zpakey("reveal demo --yes").run().code(0);
    tenant.zpakey("reveal demo --out-file key").run().code(0);
    tenant.zpakey("delete demo --yes").run().code(0);
    tenant.zpakey("log -o table").run().code(0).stderr_is("").stdout_is(str![[r#"
TIME                  PROFILE  ACTION  NAME  ID     OUTCOME  DETAILS
[TIME]  -        delete  demo  38101  done     -
[TIME]  -        reveal  demo  38101  done     file [HOME]/work/key
[TIME]  -        reveal  demo  38101  done     pipe
[TIME]  -        update  demo  38101  done     enabled true → false, max_usage 2 → 3
[TIME]  -        create  demo  38101  done     -

"#]]);
    let update = &entries(&tenant)[1];
    let request = update["request_id"].as_str().unwrap();
    assert_eq!(request.len(), 36, "{request}");
    assert_eq!(update["fields"], json!(["enabled", "max_usage"]));
    assert_eq!(update["customer_id"], tenant.access().customer_id);
    assert_eq!(update["association_type"], "CONNECTOR_GRP");
}

#[test]
fn the_file_is_private_and_has_no_secret_and_nothing_made_of_one() {
    let tenant = Tenant::with_keys(["demo"]);
    let fingerprint = tenant.zpakey("get demo --field fingerprint").run().code(0).stdout;
    tenant.zpakey("reveal demo --yes").run().code(0);
    let text = fs::read_to_string(path(&tenant)).unwrap();
    assert_eq!(fs::metadata(path(&tenant)).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(text.lines().count(), 1);
    let digest = fingerprint.trim().trim_start_matches("sha256:");
    assert!(digest.len() == 12 && !text.contains(digest), "{text}");
    tenant.zpakey("log").run().code(0).has_no_secret();
}

#[test]
fn what_was_not_handed_over_is_no_reveal() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("get demo").run().code(0);
    tenant.zpakey("list").run().code(0);
    tenant.zpakey("reveal demo").run().code(11);
    tenant.zpakey("reveal demo --yes --field fingerprint").run().code(0);
    tenant.zpakey("reveal demo --yes -q").run().code(0);
    tenant.zpakey("update demo --add-uses 1 --dry-run").run().code(0);
    tenant.zpakey("delete demo --yes --dry-run").run().code(0);
    assert_eq!(actions(&tenant), [""; 0]);
    assert!(!path(&tenant).exists());
    tenant.zpakey("reveal demo --yes --field provisioning_key").run().code(0);
    tenant.zpakey("reveal demo --yes --columns name,provisioning_key -o csv").run().code(0);
    assert_eq!(actions(&tenant), ["reveal reveal demo done null"; 2]);
}

#[test]
fn a_creation_that_reveals_is_two_entries() {
    let tenant = Tenant::standard();
    tenant
        .zpakey("create demo --type connector --group 'AWS us-east-1' --max-usage 2 --no-export --reveal")
        .run()
        .code(0);
    assert_eq!(
        actions(&tenant),
        ["create create demo done null", "create reveal demo done null", "create update demo done null"]
    );
    assert_eq!(entries(&tenant)[2]["fields"], json!(["exportable"]));
}

#[test]
fn a_terminal_a_pipe_and_a_file_are_told_apart() {
    let tenant = Tenant::with_keys(["demo"]);
    let mut terminal = tenant.zpakey("reveal demo --yes").terminal();
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = tenant.zpakey("reveal demo --yes").stdout_file("shown").terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(told(&tenant, &["destination"]), ["terminal", "file"]);
}

#[test]
fn a_text_that_could_not_be_written_is_a_reveal_that_failed() {
    let tenant = Tenant::with_keys(["demo"]);
    let full = tenant.zpakey(["-c", "exec \"$ZPAKEY\" reveal demo --yes >/dev/full"]).through("/bin/sh");
    full.run().code(2);
    assert_eq!(actions(&tenant), ["reveal reveal demo failed io"]);
}

#[test]
fn a_refusal_is_an_entry_with_its_code() {
    let tenant = Tenant::with_keys(["demo"]);
    let refusal = json!({"status": 403, "headers": {"x-request-id": "r-1"}, "body": {"id": "access.denied"}});
    tenant.set_faults(&json!({"method": "DELETE", "action": refusal}));
    tenant.zpakey("delete demo --yes").run().code(3);
    assert_eq!(actions(&tenant), ["delete delete demo failed forbidden"]);
}

#[test]
fn a_lost_creation_is_unknown_until_looking_settles_it() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"method": "POST", "contains": "/provisioningKey", "action": "reset_after"}));
    tenant.zpakey("create demo --type connector --group 'AWS us-east-1' --max-usage 2").run().code(0);
    assert_eq!(
        told(&tenant, &["action", "id", "outcome", "code"]),
        ["create null unknown outcome_unknown", "create 38101 done null"]
    );
}

#[test]
fn a_lost_update_is_settled_by_reading_the_key_back() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.set_faults(&json!({"method": "PUT", "action": "reset_after"}));
    tenant.zpakey("update demo --disable --max-wait 0s").run().code(0);
    assert_eq!(
        actions(&tenant),
        ["update update demo unknown outcome_unknown", "update update demo done null"]
    );
}

#[test]
fn an_update_that_was_accepted_and_not_carried_out_is_told_so() {
    let tenant = Tenant::with_keys(["demo"]);
    let unchanged = tenant.key("demo").unwrap();
    tenant.set_faults(&json!({"method": "PUT", "action": {"status": 204, "body": ""}}));
    tenant.zpakey("update demo --disable").run().code(6);
    assert_eq!(tenant.key("demo").unwrap()["enabled"], unchanged["enabled"]);
    // It is tried three times, each from a new read: another writer may have been faster than the read-back.
    let tries = ["update update demo done null", "update update demo failed partial"].repeat(3);
    assert_eq!(actions(&tenant), tries);
}

#[test]
fn a_write_that_nobody_waits_for_any_more_is_unknown() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.set_faults(&json!({"method": "DELETE", "action": {"hang_before": 60_000}}));
    let running: Running = tenant.zpakey("delete demo --yes").start();
    while tenant.writes().is_empty() {
        thread::sleep(std::time::Duration::from_millis(2));
    }
    running.interrupt();
    running.finish().code(130);
    assert_eq!(actions(&tenant), ["delete delete demo unknown null"]);
}

#[test]
fn every_key_of_many_has_its_entry() {
    let tenant = Tenant::with_keys(["a", "b", "c"]);
    tenant.zpakey("update a b c --add-uses 1").run().code(0);
    tenant.zpakey("delete a b --yes").run().code(0);
    assert_eq!(
        told(&tenant, &["action", "name"]),
        ["update a", "update b", "update c", "delete a", "delete b"]
    );
}

#[test]
fn processes_that_run_at_the_same_time_tear_no_line() {
    let tenant = Tenant::with_keys(["a", "b", "c", "d", "e", "f", "g", "h"]);
    let all = ["a", "b", "c", "d", "e", "f", "g", "h"]
        .map(|key| tenant.zpakey(format!("reveal {key} --yes")).start());
    for running in all {
        running.finish().code(0);
    }
    let run = tenant.zpakey("log -o json").run().code(0).stderr_is("");
    assert_eq!(run.json().as_array().unwrap().len(), 8);
}

#[test]
fn entries_are_chosen_by_key_age_and_number() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let old = json!({
        "time": "2020-01-01T00:00:00.000Z", "profile": null, "customer_id": null, "command": "later", "action": "rename",
        "id": "38101", "name": "A", "association_type": "CONNECTOR_GRP", "outcome": "done", "from_later": true,
    });
    tenant.zpakey("update a b --disable").run().code(0);
    let written = fs::read_to_string(path(&tenant)).unwrap();
    fs::write(path(&tenant), format!("{written}{old}\n")).unwrap();
    let names = |options: &str| {
        let run =
            tenant.zpakey(format!("log --no-header --columns action,name -o csv {options}")).run().code(0);
        run.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["update,b", "update,a", "rename,A"]);
    assert_eq!(names("--since 1h"), ["update,b", "update,a"]);
    for option in ["-n", "--limit", "--last"] {
        assert_eq!(names(&format!("{option} 1")), ["update,b"]);
    }
    assert_eq!(names("--key a"), ["update,a", "rename,A"]);
    assert_eq!(names("--key id:38102"), ["update,b"]);
    assert_eq!(names("--key nobody"), [""; 0]);
    tenant.zpakey("log --key -").run().code(2);
}

#[test]
fn a_profile_that_is_named_shows_its_own_entries_only() {
    let tenant = Tenant::with_keys(["a"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "[profiles.lab]\nclient_id = \"{}\"\nclient_secret = \"{}\"\ncustomer_id = \"{}\"\napi_url = \"{}\"\ntoken_url = \"{}\"\n",
        access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
    ));
    tenant.zpakey("--profile lab update a --disable").run().code(0);
    tenant.zpakey("update a --enable").run().code(0);
    let home = tenant.home();
    home.sandboxed("create s --type connector --group 'AWS us-east-1' --max-usage 1").run().code(0);
    let names = |options: &str| home.zpakey(format!("{options} log --field profile")).run().code(0).stdout;
    assert_eq!(names(""), "sandbox\n\nlab\n");
    assert_eq!(names("--profile lab"), "lab\n");
    assert_eq!(names("--profile gone"), "");
    home.zpakey("--sandbox log --field profile")
        .run()
        .code(0)
        .stdout_is("sandbox\n")
        .stderr_has("sandbox tenant");
}

#[test]
fn nothing_is_logged_in_ci_or_where_it_is_switched_off() {
    let tenant = Tenant::with_keys(["demo"]);
    let reveal = || tenant.zpakey("reveal demo --yes");
    reveal().env("CI", "true").run().code(0).stderr_is("");
    reveal().env("ZPAKEY_AUDIT_LOG", "off").run().code(0).stderr_is("");
    tenant.home().write_profiles("active = 'lab'\n[profiles.lab]\naudit_log = false\n");
    reveal().run().code(0).stderr_is("");
    assert!(!path(&tenant).exists());
    reveal().env("ZPAKEY_AUDIT_LOG", "1").env("CI", "true").run().code(0);
    assert_eq!(actions(&tenant).len(), 1);
    reveal().env("ZPAKEY_AUDIT_LOG", "perhaps").run().code(2).stderr_has("ZPAKEY_AUDIT_LOG");
}

#[test]
fn a_log_that_cannot_be_written_is_told_once_and_no_command_fails() {
    let tenant = Tenant::with_keys(["a", "b"]);
    fs::create_dir_all(path(&tenant)).unwrap();
    tenant.zpakey("delete a b --yes -o table").run().code(0).stderr_is(str![[r#"
warning: not logged in [HOME]/state/zpakey/log/log.jsonl: Is a directory (os error 21)
✓ deleted a (38101)
✓ deleted b (38102)

"#]]);
    tenant.zpakey("log").run().code(2).stdout_is("").stderr_has("it is not a regular file");
    fs::remove_dir(path(&tenant)).unwrap();
    // Nothing can be written but what is no file: as where the disk is full.
    let full = "trap '' XFSZ; ulimit -f 0; exec \"$ZPAKEY\" reveal a --yes --type connector";
    let tenant = Tenant::with_keys(["a"]);
    let run = tenant.zpakey(["-c", full]).through("/bin/sh").run().code(0).stderr_has("not logged in");
    assert!(run.stdout.contains("provisioning_key"));
}

#[test]
fn a_log_that_others_can_read_is_neither_written_nor_shown() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("reveal demo --yes").run().code(0);
    fs::set_permissions(path(&tenant), fs::Permissions::from_mode(0o644)).unwrap();
    tenant.zpakey("reveal demo --yes").run().code(0).stderr_has("not logged in");
    tenant.zpakey("log -o table").run().code(2).stdout_is("").stderr_is(str![[r#"
error: [HOME]/state/zpakey/log/log.jsonl is not read: other users could have written it
hint: chmod 700 [HOME]/state/zpakey/log && chmod 600 [HOME]/state/zpakey/log/log.jsonl

"#]]);
    assert_eq!(fs::read_to_string(path(&tenant)).unwrap().lines().count(), 1);
}

#[test]
fn broken_lines_are_left_out_with_a_note_and_spoil_no_other() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("update demo --disable").run().code(0);
    let whole = fs::read_to_string(path(&tenant)).unwrap();
    fs::write(path(&tenant), format!("{{\"time\":\n\u{0}\n{whole}{}", &whole[..40])).unwrap();
    tenant.zpakey("update demo --enable").run().code(0);
    let run = tenant.zpakey("log --field outcome").run().code(0).stdout_is("done\ndone\n");
    run.stderr_is(str![[r#"
warning: 3 lines of ~/state/zpakey/log/log.jsonl could not be read and are left out

"#]]);
}

#[test]
fn the_log_is_shown_without_a_configuration_and_without_a_tenant() {
    let home = Home::new();
    home.zpakey("log").run().code(0).stdout_is("[]\n").stderr_is("");
    home.write_profiles("this is no TOML");
    home.zpakey("log").run().code(0).stdout_is("[]\n").stderr_is("");
    assert_eq!(home.files(), ["config/zpakey/config.toml"]);
}

#[test]
fn a_name_that_moves_the_cursor_is_harmless() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "a\u{1b}[2Jb"}]}));
    tenant.zpakey("update id:38101 --disable").run().code(0);
    let mut terminal = tenant.zpakey("log").terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.raw().contains("a\\u{1b}[2Jb"), "{}", terminal.raw());
}

#[test]
fn a_text_that_a_program_gets_is_an_entry_while_the_program_runs() {
    let tenant = Tenant::with_keys(["demo"]);
    let log = path(&tenant).display().to_string();
    // The program begins a moment before the entry is written.
    let wait = "n=0; until grep -qs child \"$0\" || [ $n = 500 ]; do n=$((n + 1)); sleep 0.02; done";
    let script = format!("{wait}; grep -c child \"$0\"");
    tenant
        .zpakey(["exec", "demo", "--env", "KEY", "--", "sh", "-c", &script, &log])
        .run()
        .code(0)
        .stdout_is("1\n");
    tenant.zpakey("exec demo --file KEY -- sh -c 'exit 7'").run().code(7);
    tenant.zpakey("exec demo --stdin -- no-such-program").run().code(127);
    let told = told(&tenant, &["command", "action", "name", "destination", "outcome", "code"]);
    assert_eq!(
        told,
        [
            "exec reveal demo child done null",
            "exec reveal demo child done null",
            "exec reveal demo child failed command_not_found",
        ]
    );
}

#[test]
fn each_step_of_a_rotation_is_an_entry_and_so_is_each_place_that_its_text_goes_to() {
    let tenant = Tenant::with_keys(["demo"]);
    let rotate = "rotate demo --out-file key --exec 'cat >/dev/null' --reveal --settle 0s --yes";
    tenant.zpakey(rotate).run().code(0);
    let told = told(&tenant, &["action", "id", "name", "association_type", "destination", "outcome"]);
    assert_eq!(
        told,
        [
            "create 38102 demo.next-38101 CONNECTOR_GRP null done",
            "reveal 38102 demo CONNECTOR_GRP file done",
            "reveal 38102 demo CONNECTOR_GRP child done",
            "update 38101 demo CONNECTOR_GRP null done",
            "update 38102 demo.next-38101 CONNECTOR_GRP null done",
            "reveal 38102 demo CONNECTOR_GRP pipe done",
        ]
    );
}

#[test]
fn a_rotation_whose_command_fails_has_an_entry_of_that() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("rotate demo --exec 'exit 3' --settle 0s --yes").run().code(6);
    let told = told(&tenant, &["action", "name", "destination", "outcome", "code"]);
    assert_eq!(
        told,
        ["create demo.next-38101 null done null", "reveal demo child failed rotation_incomplete"]
    );
}

#[test]
fn a_log_whose_directory_is_a_link_is_not_an_empty_one() {
    let tenant = Tenant::with_keys(["demo"]);
    let script = r#"mkdir -p "$HOME/state/zpakey" elsewhere && ln -s "$PWD/elsewhere" "$HOME/state/zpakey/log" && "$ZPAKEY" log"#;
    let error = tenant.zpakey(["-c", script]).through("/bin/sh").run().code(2).error();
    let link = tenant.home().path().join("state/zpakey/log").display().to_string();
    assert_eq!(error["message"], format!("{link} is not read: it is a symlink"));
    assert_eq!(error["hints"], json!([format!("mv {link} {link}.aside")]));
}

#[test]
fn an_entry_has_old_and_new_values_and_the_name_of_the_file() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("update demo --add-uses 5 --disable --ip-acl 192.0.2.0/24").run().code(0);
    tenant.zpakey("reveal demo --out-file key").run().code(0);
    tenant
        .set_faults(&json!({"method": "DELETE", "action": {"status": 403, "body": {"id": "access.denied"}}}));
    tenant.zpakey("delete demo --yes").run().code(3);
    let file = tenant.home().work().join("key").display().to_string();
    let details = |line: &str| tenant.zpakey(line).run().code(0).stdout;
    assert_eq!(
        details("log --columns action,details -o table --no-header"),
        format!(
            "delete  forbidden\nreveal  file {file}\n\
             update  enabled true → false, max_usage 10 → 15, ip_acl - → 192.0.2.0/24\n"
        )
    );
    assert_eq!(told(&tenant, &["file"]), ["null", &file, "null"]);
    assert_eq!(entries(&tenant)[0]["changes"][1], json!({"field": "max_usage", "from": 10, "to": 15}));
}

#[test]
fn times_are_local_in_tables_and_utc_in_json() {
    let home = Home::new();
    let entry = |time: &str| {
        json!({"time": time, "profile": null, "customer_id": null, "command": "update", "action": "update", "id": "1",
               "name": "a", "association_type": "CONNECTOR_GRP", "outcome": "done"})
    };
    fs::create_dir_all(home.path().join("state/zpakey/log")).unwrap();
    for directory in ["state", "state/zpakey", "state/zpakey/log"] {
        fs::set_permissions(home.path().join(directory), fs::Permissions::from_mode(0o700)).unwrap();
    }
    let file = home.path().join(FILE);
    fs::write(&file, format!("{}\n", entry("2026-07-01T22:30:00.000Z"))).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let time = |options: &str, zone: &str| {
        home.zpakey(format!("log {options}")).env("TZ", zone).run().code(0).stdout.trim_end().to_owned()
    };
    let table = "--columns time -o table --no-header";
    assert_eq!(time(table, "CET-1CEST,M3.5.0,M10.5.0/3"), "2026-07-02 00:30 +02:00");
    assert_eq!(time(table, "America/St_Johns"), "2026-07-01 20:00 -02:30");
    assert_eq!(time("--field time", "CET-1CEST,M3.5.0,M10.5.0/3"), "2026-07-01T22:30:00.000Z");
}

#[test]
fn a_table_has_no_name_that_a_rotation_made() {
    let tenant = Tenant::with_keys(["demo"]);
    tenant.zpakey("rotate demo --no-deliver --settle 0s --yes").run().code(0);
    let table = tenant.zpakey("log -o table").run().code(0).stdout;
    for shown in ["demo (next)  38102", "name demo → demo (previous)", "name demo (next) → demo"] {
        assert!(table.contains(shown), "{shown}: {table}");
    }
    assert!(!table.contains(".next-") && !table.contains(".old-"), "{table}");
    assert!(names(&tenant).contains("demo.next-38101"));
}

fn names(tenant: &Tenant) -> String {
    told(tenant, &["name"]).join("\n")
}
