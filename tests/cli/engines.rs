//! What is under `examples` for engines: its command lines, run as they stand.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use serde_json::json;

use crate::support::{Fleet, Run};

fn example(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap()
}

/// Two tenants with a predecessor each that is due for retirement.
fn fleet() -> Fleet {
    let keys = json!({"keys": [{"name": "build", "usageCount": 1}, {"name": "build.old-38102.202011231504", "usageCount": 1}]});
    Fleet::new([("eu", keys.clone()), ("us", keys)])
}

/// The same, retired.
fn healthy() -> Fleet {
    let fleet = fleet();
    fleet.zpakey("retire --all-due --each --profile * --yes").run().code(0);
    fleet
}

/// True if the predecessor of a tenant was retired.
fn is_retired(fleet: &Fleet, profile: &str) -> bool {
    fleet.tenant(profile).key("38102").unwrap()["enabled"] == false
}

/// Numbers between brackets or blanks.
fn numbers(text: &str) -> Vec<u16> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect()
}

/// The rest of each line that begins with this.
fn rests<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| line.trim().strip_prefix(start)).collect()
}

/// The profiles that an example shows, leading to the emulated tenants; secrets are in files of the folder `secrets`, as
/// clusters and systemd mount them.
fn mount(fleet: &Fleet, shown: &str, secrets: &str) {
    let work = fleet.home().work();
    let mut text = String::new();
    let mut profile = String::new();
    for line in shown.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("[profiles.").and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut profile);
            let access = fleet.tenant(name).access();
            writeln!(text, "{line}\napi_url = '{}'\ntoken_url = '{}'", access.api_url, access.token_url)
                .unwrap();
            writeln!(text, "rate_limit = 'off'").unwrap();
            continue;
        }
        let access = fleet.tenant(&profile).access();
        match line.split_once(" = ") {
            Some(("client_id", _)) => writeln!(text, "client_id = '{}'", access.client_id).unwrap(),
            Some(("customer_id", _)) => writeln!(text, "customer_id = '{}'", access.customer_id).unwrap(),
            Some(("client_secret", _)) if !secrets.is_empty() => {
                assert!(line.contains(secrets), "{line} does not name {secrets}");
                writeln!(text, "{}", line.replace(secrets, &format!("{}/secrets/", work.display()))).unwrap();
            }
            _ => writeln!(text, "{line}").unwrap(),
        }
    }
    for folder in ["secrets", "profiles", "profiles/..data", "state"] {
        fs::create_dir(work.join(folder)).unwrap();
    }
    for name in ["eu", "us", "client_secret"] {
        let file = work.join("secrets").join(name);
        fs::write(&file, &fleet.tenant("eu").access().client_secret).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    }
    // As a ConfigMap is mounted.
    let file = work.join("profiles/..data/config.toml");
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    symlink("..data/config.toml", work.join("profiles/config.toml")).unwrap();
    // As /dev/shm of a container is.
    fs::set_permissions(work.join("state"), fs::Permissions::from_mode(0o1777)).unwrap();
}

/// The program, with the profiles that were mounted.
fn mounted(fleet: &Fleet, run: Run) -> Run {
    let work = fleet.home().work().display().to_string();
    run.env("ZPAKEY_CONFIG_FILE", format!("{work}/profiles/config.toml"))
        .env("XDG_STATE_HOME", format!("{work}/state"))
        .env("XDG_CACHE_HOME", format!("{work}/state"))
        .env("TENANT_CLIENT_SECRET", fleet.tenant("eu").access().client_secret.clone())
}

/// The program as a shell finds it.
fn shell(fleet: &Fleet, script: &str) -> Run {
    let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
    let script = format!("PATH={}:$PATH\n{script}", directory.display());
    fleet.zpakey(["-eo", "pipefail", "-c", &script]).through("bash")
}

/// The scripts of the steps of a workflow.
fn scripts(workflow: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut scripts = Vec::new();
    let mut lines = workflow.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() != "run: |" {
            continue;
        }
        let mut script = String::new();
        while let Some(inner) = lines.next_if(|inner| indent(inner) > indent(line)) {
            writeln!(script, "{}", inner.trim()).unwrap();
        }
        scripts.push(script);
    }
    scripts
}

#[test]
fn all_retry_after_the_codes_that_the_help_names() {
    let help = fleet().zpakey("help exit-codes").run().code(0).stdout;
    let codes = |word: &str| -> Vec<u16> {
        let lines = help.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let of_word = lines.filter(|line| line.get(1) == Some(&word));
        of_word.filter_map(|line| line.first()?.parse().ok()).collect()
    };
    let of = |name: &str, start: &str| -> Vec<u16> {
        let text = example(name);
        let found = rests(&text, start);
        assert_eq!(found.len(), 1, "{name}");
        found.iter().flat_map(|rest| numbers(rest)).collect()
    };
    assert_eq!(of("kubernetes/retire.yaml", "values:"), codes("no"));
    assert_eq!(of("kubernetes/audit.yaml", "values:"), codes("no"));
    assert_eq!(of("systemd/zpakey@.service", "RestartPreventExitStatus="), codes("no"));
    assert_eq!(of("gitlab/.gitlab-ci.yml", "exit_codes:"), codes("yes"));
}

#[test]
fn each_pod_of_a_job_does_its_tenant() {
    let fleet = fleet();
    let profiles = example("kubernetes/profiles.yaml");
    let shown = profiles.split("config.toml: |\n").nth(1).unwrap().split("---").next().unwrap();
    mount(&fleet, shown, "/etc/zpakey/secrets/");
    let pod = |manifest: &str, index: &str| {
        let text = example(manifest);
        let arguments: Vec<String> = rests(&text, "args: [")[0]
            .trim_end_matches(']')
            .split(", ")
            .map(|word| word.trim_matches('"').to_owned())
            .collect();
        mounted(&fleet, fleet.zpakey(arguments)).env("ZPAKEY_PROFILE_INDEX", index).run().has_no_secret()
    };
    for manifest in ["kubernetes/retire.yaml", "kubernetes/audit.yaml"] {
        let completions = numbers(rests(&example(manifest), "completions:")[0]);
        assert_eq!(completions, [2], "as many as profiles.yaml has");
    }
    pod("kubernetes/retire.yaml", "1").code(0).lacks("warning: ");
    assert_eq!((is_retired(&fleet, "eu"), is_retired(&fleet, "us")), (false, true));
    pod("kubernetes/retire.yaml", "0").code(0);
    assert!(is_retired(&fleet, "eu"));
    pod("kubernetes/audit.yaml", "0").code(0);
    // One pod too many is not tried again.
    pod("kubernetes/audit.yaml", "2").code(2);
}

#[test]
fn the_unit_does_the_tenant_of_its_name() {
    let fleet = fleet();
    let unit = example("systemd/zpakey@.service");
    let shown: Vec<&str> = rests(&unit, "#   ");
    mount(&fleet, &shown.join("\n"), "/run/credentials/zpakey@eu.service/");
    let run_time = fleet.home().work().display().to_string();
    let command = rests(&unit, "ExecStart=/usr/bin/zpakey ")[0].replace("%i", "eu");
    let mut run = mounted(&fleet, fleet.zpakey(command));
    for line in rests(&unit, "Environment=") {
        for (name, value) in line.split(' ').map(|word| word.split_once('=').unwrap()) {
            if name != "ZPAKEY_CONFIG_FILE" {
                run = run.env(name, value.replace("%t", &run_time).replace("%i", "eu"));
            }
        }
    }
    run.run().code(0).has_no_secret().lacks("warning: ");
    assert_eq!((is_retired(&fleet, "eu"), is_retired(&fleet, "us")), (true, false));
    assert!(fleet.home().has("zpakey-eu"), "state is where the unit says");
}

#[test]
fn the_workflow_has_a_job_for_each_tenant() {
    let fleet = healthy();
    let workflow = example("github/zpakey-audit.yml");
    let shown = rests(&workflow, "#   ").join("\n");
    let both = format!("{shown}\n{}", shown.replace("profiles.eu", "profiles.us"));
    mount(&fleet, &both, "");
    let scripts = scripts(&workflow);
    let [list, audit, page] = scripts.as_slice() else { panic!("{scripts:?}") };
    mounted(&fleet, shell(&fleet, list)).env("GITHUB_OUTPUT", "output").run().code(0);
    assert_eq!(fleet.home().read("output"), "profiles=[\"eu\",\"us\"]\n");
    let of_us = |script: &str| {
        let run = mounted(&fleet, shell(&fleet, script)).env("ZPAKEY_PROFILE", "us").env("CI", "true");
        run.env("GITHUB_STEP_SUMMARY", "summary.md").run().code(0).has_no_secret();
    };
    of_us(audit);
    of_us(page);
    let sarif: serde_json::Value = serde_json::from_str(&fleet.home().read("audit.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "zpakey-audit/1002/");
    let page = fleet.home().read("summary.md");
    assert!(page.contains("zpakey --profile us disable build"), "{page}");
}

#[test]
fn jobs_of_a_pipeline_share_the_tenants() {
    let fleet = healthy();
    let pipeline = example("gitlab/.gitlab-ci.yml");
    let total = rests(&pipeline, "parallel: ")[0];
    let script = rests(&pipeline, "- zpakey ")[0];
    let reports: Vec<String> = ["1", "2", "3"]
        .map(|index| {
            let run = shell(&fleet, &format!("zpakey {script}")).env("CI", "true");
            run.env("CI_NODE_INDEX", index).env("CI_NODE_TOTAL", total).run().code(0).has_no_secret();
            fleet.home().read("audit.xml")
        })
        .into();
    let has = |at: usize, tenant: &str| reports[at].contains(tenant);
    assert_eq!((has(0, "1001"), has(0, "1002"), has(1, "1002")), (true, false, true), "{reports:?}");
    // There is no third tenant, and a report is read all the same.
    assert!(reports[2].starts_with("<?xml") && reports[2].contains("<testsuites"), "{}", reports[2]);
}
