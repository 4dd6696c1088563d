//! Every example in the help works: each is run by a shell, as it stands, in a tenant where it can succeed.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use serde_json::json;
use zpakey::cli::Cli;

use crate::support::{Run, Tenant};

/// The examples of the program's help and of each command's, as (command, lines).
fn examples() -> Vec<(String, Vec<String>)> {
    let mut program = Cli::command();
    program.build();
    let mut found = Vec::new();
    collect(&program, &mut found);
    found
}

fn collect(command: &clap::Command, found: &mut Vec<(String, Vec<String>)>) {
    let name = command.get_display_name().unwrap_or("zpakey").to_owned();
    let text = command.get_after_help().or(command.get_after_long_help());
    let text = text.map(ToString::to_string).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.strip_prefix("  $ ")).map(str::to_owned);
    found.push((name, lines.collect()));
    for subcommand in command.get_subcommands() {
        collect(subcommand, found);
    }
}

fn lines_of(name: &str) -> Vec<String> {
    examples().into_iter().find(|(command, _)| command == name).unwrap().1
}

/// A tenant that has what the examples name.
fn tenant() -> Tenant {
    let old = "1600000000";
    let tenant = Tenant::seeded(json!({
        "keys": [
            {"name": "build-runners", "maxUsage": 50, "usageCount": 46},
            {"name": "dr-site", "maxUsage": 10, "usageCount": 10},
            {"name": "old-lab", "maxUsage": 5, "usageCount": 0},
            {"name": "forgotten", "maxUsage": 5, "usageCount": 0, "creationTime": old, "modifiedTime": old},
        ],
    }));
    let keys = r#"[{"name": "edge-01", "zcomponent_name": "AWS us-east-1"}, {"name": "edge-02", "zcomponent_name": "CI us-east-1"}]"#;
    tenant.home().write("keys.json", keys);
    tenant.home().write("tenant.json", r#"{"keys": [{"name": "prod-fra-01", "maxUsage": 10}]}"#);
    tenant
}

/// A line as a shell runs it, with the program on the path.
fn shell(tenant: &Tenant, line: &str) -> Run {
    let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
    let script = format!("PATH={}:$PATH\n{line}", directory.display());
    tenant.zpakey(["-c".to_owned(), script]).through("/bin/sh")
}

/// Runs the examples of a command in their order, in one tenant; all succeed, but for those that are meant to
/// find something.
fn run_examples_of(name: &str) {
    let tenant = tenant();
    for line in lines_of(name) {
        let expected = if line.contains("--fail-if-any") { 7 } else { 0 };
        shell(&tenant, &line).run().code(expected).lacks("error:");
    }
}

#[test]
fn every_command_that_does_something_has_two_examples_or_is_too_small_for_them() {
    let counts: Vec<(String, usize)> =
        examples().into_iter().map(|(name, lines)| (name, lines.len())).collect();
    let counts: Vec<(&str, usize)> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(
        counts,
        [
            ("zpakey", 3),
            ("zpakey-create", 6),
            ("zpakey-get", 4),
            ("zpakey-list", 7),
            ("zpakey-update", 4),
            ("zpakey-delete", 3),
            ("zpakey-groups", 3),
            ("zpakey-certs", 2),
            ("zpakey-microtenants", 2),
            ("zpakey-rotate", 5),
            ("zpakey-status", 4),
            ("zpakey-wait", 2),
            ("zpakey-retire", 3),
            ("zpakey-disable", 3),
            ("zpakey-enable", 2),
            ("zpakey-purge", 2),
            ("zpakey-reveal", 6),
            ("zpakey-exec", 3),
            ("zpakey-identify", 3),
            ("zpakey-scan", 5),
            ("zpakey-diff", 3),
            ("zpakey-apply", 3),
            ("zpakey-proposals", 2),
            ("zpakey-export", 6),
            // These two only group what is below them.
            ("zpakey-auth", 0),
            ("zpakey-auth-login", 3),
            ("zpakey-auth-status", 2),
            ("zpakey-auth-logout", 2),
            ("zpakey-auth-token", 2),
            ("zpakey-profile", 0),
            ("zpakey-profile-list", 2),
            ("zpakey-profile-use", 1),
            ("zpakey-profile-show", 2),
            ("zpakey-profile-remove", 1),
            // It only groups the four below it.
            ("zpakey-sandbox", 0),
            ("zpakey-sandbox-serve", 2),
            ("zpakey-sandbox-run", 2),
            ("zpakey-sandbox-enroll", 2),
            ("zpakey-sandbox-reset", 1),
            ("zpakey-sandbox-path", 1),
            ("zpakey-doctor", 3),
            ("zpakey-log", 3),
            ("zpakey-audit", 4),
            ("zpakey-metrics", 3),
            ("zpakey-mcp", 2),
            ("zpakey-schema", 3),
            ("zpakey-version", 2),
            ("zpakey-completions", 2),
            ("zpakey-help", 3),
        ]
    );
}

#[test]
fn the_examples_of_the_program_work() {
    run_examples_of("zpakey");
}

#[test]
fn the_examples_of_create_work() {
    run_examples_of("zpakey-create");
}

#[test]
fn the_examples_of_get_work() {
    run_examples_of("zpakey-get");
}

#[test]
fn the_examples_of_list_work() {
    run_examples_of("zpakey-list");
}

#[test]
fn the_examples_of_groups_certs_and_microtenants_work() {
    for name in ["zpakey-groups", "zpakey-certs", "zpakey-microtenants"] {
        run_examples_of(name);
    }
}

#[test]
fn the_examples_of_rotate_work() {
    let tenant = tenant();
    // What stands for HashiCorp's: it wants the text on its standard input.
    let vault =
        "vault() { test \"$*\" = 'kv put -mount=secret zpa/build-runners key=-' && test $(wc -c) = 429; }";
    for line in lines_of("zpakey-rotate") {
        let line = line.replace("--exec 'vault", &format!("--exec '{}; vault", vault.replace('\'', "'\\''")));
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
    let names = tenant.zpakey("list --type connector --field name").run().code(0).stdout;
    assert_eq!(names.matches("build-runners.old-").count(), 2, "{names}");
}

#[test]
fn the_examples_of_update_work() {
    run_examples_of("zpakey-update");
}

#[test]
fn the_examples_of_delete_work() {
    run_examples_of("zpakey-delete");
}

/// A tenant whose key `build-runners` was rotated long ago.
fn rotated() -> Tenant {
    let retired = json!({
        "name": "dr-site.old-38104.202011231504", "maxUsage": 9, "usageCount": 9, "enabled": false,
        "creationTime": "1600000000", "modifiedTime": "1610000000",
    });
    Tenant::seeded(json!({"keys": [
        {"name": "build-runners", "maxUsage": 50, "usageCount": 46},
        {"name": "build-runners.old-38102.202011231504", "maxUsage": 50, "usageCount": 50},
        {"name": "dr-site", "maxUsage": 10, "usageCount": 1},
        retired,
        {"name": "old-lab"},
    ]}))
}

#[test]
fn the_examples_of_what_follows_a_rotation_work() {
    for name in ["zpakey-status", "zpakey-retire", "zpakey-disable", "zpakey-enable", "zpakey-purge"] {
        for line in lines_of(name) {
            shell(&rotated(), &line).run().code(0).lacks("error:");
        }
    }
}

#[test]
fn the_examples_of_wait_work() {
    for line in lines_of("zpakey-wait") {
        let tenant = rotated();
        let running = shell(&tenant, &line).start();
        if line.contains("--used +1") {
            running.stderr_until("waiting for");
            tenant.zpakey("sandbox enroll build-runners").run().code(0);
        }
        running.finish().code(0).lacks("error:");
    }
}

#[test]
fn the_examples_of_reveal_work() {
    for line in lines_of("zpakey-reveal") {
        let tenant = tenant();
        if line.ends_with("--copy") {
            let mut terminal = shell(&tenant, &line).terminal();
            terminal.expect("or by Ctrl-C");
            terminal.interrupt();
            assert_eq!(terminal.exit_code(), 130);
            continue;
        }
        let Some(line) = line.strip_prefix("sudo ") else {
            shell(&tenant, &line).run().code(0).lacks("error:");
            continue;
        };
        // It writes below /opt, which is one of its own here.
        let script = format!("mount -t tmpfs none /opt || exit 99\nmkdir -p /opt/zscaler/var\n{line}");
        let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
        let script = format!("PATH={}:$PATH\n{script}", directory.display());
        let run = tenant.zpakey(["-rm", "sh", "-c", &script]).through("unshare").run();
        let can_mount = run.code != 99 && !run.stderr.starts_with("unshare:");
        assert!(!can_mount || run.code == 0, "{line}: {}", run.stderr);
    }
}

#[test]
fn the_examples_of_exec_work() {
    run_examples_of("zpakey-exec");
}

#[test]
fn the_examples_of_export_work() {
    let tenant = tenant();
    tenant.home().write("terraform.tfstate", r#"{"version": 4, "resources": []}"#);
    for line in lines_of("zpakey-export") {
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
}

/// A file of keys, and a plan of it.
fn with_files_of_keys() -> Tenant {
    let tenant = tenant();
    let keys = "version: 1\nkeys:\n- {name: build-runners, type: connector, uses: {keep: 10}}\n";
    tenant.home().write("keys.yaml", keys);
    tenant
}

#[test]
fn the_examples_of_diff_work() {
    let tenant = with_files_of_keys();
    for line in lines_of("zpakey-diff") {
        let expected = if line.contains("--exit-code") { 7 } else { 0 };
        shell(&tenant, &line.replace("apply plan.json", "apply plan.json --yes"))
            .run()
            .code(expected)
            .lacks("error:");
    }
}

#[test]
fn the_examples_of_apply_work() {
    let tenant = with_files_of_keys();
    let lines = lines_of("zpakey-apply");
    tenant.zpakey("diff keys.yaml --out-file plan.json").run().code(0);
    // The plan is stale once the file was applied, so it is first.
    for line in lines.iter().rev() {
        let line = if line.contains("--yes") { line.clone() } else { format!("{line} --yes") };
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
}

#[test]
fn the_examples_of_identify_work() {
    let tenant = tenant();
    tenant.zpakey("reveal build-runners --out-file provision_key").run().code(0);
    for line in lines_of("zpakey-identify") {
        let line = line.replace("sudo cat /opt/zscaler/var/", "cat ");
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
}

#[test]
fn the_examples_of_audit_work() {
    run_examples_of("zpakey-audit");
}

#[test]
fn the_examples_of_metrics_work() {
    run_examples_of("zpakey-metrics");
}

#[test]
fn the_examples_of_scan_work() {
    let tenant = tenant();
    let work = tenant.home().work();
    fs::create_dir(work.join("repository")).unwrap();
    let prepared = shell(&tenant, "git init -q repository && tar cf image.tar repository").run();
    prepared.code(0);
    for line in lines_of("zpakey-scan") {
        // A program that the machine may not have.
        let line = line.replace("docker save app", "cat image.tar").replace("--git .", "--git repository");
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
}

#[test]
fn the_examples_of_auth_and_profile_work() {
    for name in ["zpakey-auth-status", "zpakey-auth-token", "zpakey-profile-list", "zpakey-profile-show"] {
        with_profiles(name);
    }
    with_profiles("zpakey-profile-use");
    with_profiles("zpakey-profile-remove");
}

/// Runs the examples of a command where the profiles that they name exist.
fn with_profiles(name: &str) {
    for line in lines_of(name) {
        let tenant = tenant();
        let profile = "client_id = 'c'\nclient_secret = 's'\nvanity_domain = 'acme'\ncustomer_id = '216'\n";
        tenant
            .home()
            .write_profiles(&format!("active = 'prod'\n[profiles.prod]\n{profile}[profiles.lab]\n{profile}"));
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
}

#[test]
fn the_examples_of_login_and_logout_work() {
    for line in lines_of("zpakey-auth-login").iter().chain(&lines_of("zpakey-auth-logout")) {
        let tenant = tenant();
        let access = tenant.access();
        let profile = format!(
            "client_id = '{}'\nclient_secret = 's'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n",
            access.client_id, access.customer_id, access.api_url, access.token_url
        );
        tenant
            .home()
            .write_profiles(&format!("active = 'prod'\n[profiles.prod]\n{profile}[profiles.lab]\n{profile}"));
        // Nobody is at a terminal here.
        let secret = "printf %s \"$ZSCALER_CLIENT_SECRET\"";
        let line = match line.strip_prefix("op read op://zpa/prod/secret") {
            Some(rest) => format!("{secret}{rest}"),
            None if line.contains("login") => {
                format!("{secret} | {} --client-secret-file - --keep file", line.replace(" --keep file", ""))
            }
            None => format!("{} --yes", line.replace(" --yes", "")),
        };
        shell(&tenant, &line).run().code(0).lacks("error:");
    }
}

#[test]
fn the_examples_of_doctor_work() {
    run_examples_of("zpakey-doctor");
}

#[test]
fn the_examples_of_the_small_commands_work() {
    for name in [
        "zpakey-sandbox-run",
        "zpakey-sandbox-enroll",
        "zpakey-sandbox-reset",
        "zpakey-sandbox-path",
        "zpakey-log",
        "zpakey-schema",
        "zpakey-completions",
        "zpakey-help",
    ] {
        run_examples_of(name);
    }
}

#[test]
fn the_examples_of_sandbox_serve_serve_until_they_are_ended() {
    for line in lines_of("zpakey-sandbox-serve") {
        let tenant = tenant();
        // The port of the example may be in use where the test runs.
        let line = format!("exec {}", line.replace("--port 8080", "--port 0"));
        let served = shell(&tenant, &line).start();
        served.stderr_until("Ctrl-C ends it");
        served.interrupt();
        served.finish().code(130).stdout_has("ZPAKEY_API_URL");
    }
}
