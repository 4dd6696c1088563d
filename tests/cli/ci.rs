//! In a CI job: `--ci github`, and the recipes of the guide, each run as it stands there against what a runner does.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, path::Path};

use base64::prelude::{BASE64_STANDARD, Engine};
use regex_lite::Regex;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::json;
use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use crate::support::{Finished, Run, Tenant};

/// A tenant with the key that the recipes name, and a script that a job calls; it notes what it was given.
fn tenant() -> Tenant {
    let key = json!({"name": "build-runners", "maxUsage": 50, "zcomponentId": "72058304855047747"});
    let tenant = Tenant::seeded(json!({"keys": [key]}));
    let script =
        "#!/bin/sh\nif [ $# = 0 ]; then printf %s \"$PROVISION_KEY\"; else cat \"$1\"; fi > installed\n";
    tenant.home().write("install-connector.sh", script);
    let file = tenant.home().work().join("install-connector.sh");
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    tenant
}

fn key_text(tenant: &Tenant) -> String {
    let text = tenant.zpakey("reveal build-runners --yes --raw").run().code(0).stdout;
    assert!(text.contains(SECRET_MARKER));
    text
}

/// The YAML blocks of the guide, in order: GitHub, GitLab, Azure.
fn recipes() -> Vec<Yaml<'static>> {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/guides/ci.md");
    let chapter = fs::read_to_string(guide).unwrap();
    let blocks = chapter.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let load = |block: String| Yaml::load_from_str(block.leak()).unwrap().remove(0);
    let recipes: Vec<_> = blocks.map(load).collect();
    assert_eq!(recipes.len(), 3);
    recipes
}

fn text<'a>(node: &'a Yaml<'a>) -> &'a str {
    node.as_str().unwrap()
}

/// What a job is: its variables, and what its log shows.
struct Job<'a> {
    tenant: &'a Tenant,
    variables: BTreeMap<String, String>,
    masks: Vec<String>,
    log: String,
}

impl<'a> Job<'a> {
    fn new(tenant: &'a Tenant) -> Self {
        let variables = [("CI".to_owned(), "true".to_owned())].into();
        Self { tenant, variables, masks: Vec::new(), log: String::new() }
    }

    /// A step's script, as the runners run it: an error ends it, also inside a pipe.
    fn step(&self, script: &str) -> Run {
        let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
        let script = format!("export PATH={}:$PATH\n{script}", directory.display());
        let run =
            self.tenant.zpakey(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script]).through("bash");
        self.variables.iter().fold(run, |run, (name, value)| run.env(name, value.clone()))
    }

    /// Adds to the log what the runner shows of a line.
    fn show(&mut self, line: &str) {
        let shown = self.masks.iter().fold(line.to_owned(), |line, mask| line.replace(mask, "***"));
        self.log.push_str(&shown);
        self.log.push('\n');
    }
}

/// A step on GitHub's runner: masks are taken from both streams, then files are read.
fn github_step(job: &mut Job, script: &str) -> Finished {
    for name in ["GITHUB_ENV", "GITHUB_OUTPUT"] {
        let file = job.tenant.home().work().join(name.to_lowercase());
        fs::write(&file, "").unwrap();
        job.variables.insert(name.to_owned(), file.to_str().unwrap().to_owned());
    }
    job.variables.insert("GITHUB_ACTIONS".to_owned(), "true".to_owned());
    let run = job.step(script).run();
    for line in run.stderr.lines().chain(run.stdout.lines()) {
        match line.strip_prefix("::add-mask::") {
            Some(value) => {
                let value = value.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
                job.masks.push(value);
            }
            None => job.show(line),
        }
    }
    job.variables.extend(assignments(&job.tenant.home().read("github_env")));
    run
}

/// The lines `NAME=value` of a file that a runner reads.
fn assignments(text: &str) -> BTreeMap<String, String> {
    let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    text.lines().map(|line| pair(line).unwrap()).collect()
}

#[test]
fn the_recipe_for_github_hands_the_key_over_and_its_log_has_no_secret() {
    let tenant = tenant();
    let key = key_text(&tenant);
    let recipe = &recipes()[0];
    let mut job = Job::new(&tenant);
    let mut output = String::new();
    for step in recipe["jobs"]["keys"]["steps"].as_sequence().unwrap() {
        github_step(&mut job, text(&step["run"])).code(0);
        output.push_str(&tenant.home().read("github_output"));
    }
    assert_eq!(tenant.home().read("provision_key"), key);
    assert_eq!(assignments(&output), [("provision_key".to_owned(), key.clone())].into());
    assert_eq!(tenant.home().read("installed"), key);
    assert_eq!(job.masks, [key.as_str()]);
    assert!(!job.log.contains(SECRET_MARKER), "{}", job.log);
    // What a later step prints by mistake is masked.
    github_step(&mut job, "echo \"$PROVISION_KEY\"").code(0);
    assert!(job.log.ends_with("***\n") && !job.log.contains(SECRET_MARKER), "{}", job.log);
}

#[test]
fn the_recipes_for_gitlab_hand_the_key_over_and_their_logs_have_no_secret() {
    let tenant = tenant();
    let key = key_text(&tenant);
    let recipe = &recipes()[1];
    let run = |name: &str| {
        let lines = |part: &str| {
            let items = recipe[name].as_mapping_get(part).and_then(Yaml::as_sequence);
            items.into_iter().flatten().map(text).collect::<Vec<_>>().join("\n")
        };
        let job = Job::new(&tenant);
        let run = job.step(&lines("script")).run().code(0).has_no_secret();
        let installed = tenant.home().has("installed").then(|| tenant.home().read("installed"));
        job.step(&lines("after_script")).run().code(0);
        (run, installed)
    };
    run("watch");
    assert_eq!(run("install").1.as_deref(), Some(key.as_str()));
    assert!(!tenant.home().has("provision_key"));
    run("pass-on");
    let file = text(&recipe["pass-on"]["artifacts"]["reports"]["dotenv"]).to_owned();
    let passed = assignments(&tenant.home().read(&file));
    let encoded = &passed["PROVISION_KEY_BASE64"];
    assert_eq!(BASE64_STANDARD.decode(encoded).unwrap(), key.as_bytes());
    // What GitLab takes for a masked variable.
    let maskable = Regex::new("^[a-zA-Z0-9+/=@:.~_-]{8,}$").unwrap();
    assert!(!maskable.is_match(&key) && maskable.is_match(encoded));
}

#[test]
fn the_recipe_for_azure_hands_the_key_over_and_its_log_has_no_secret() {
    let tenant = tenant();
    let key = key_text(&tenant);
    let recipe = &recipes()[2];
    let mut job = Job::new(&tenant);
    let mut secrets = BTreeMap::new();
    let command = Regex::new(r"^##vso\[task\.setvariable variable=([A-Z_]+);issecret=true\](.*)$").unwrap();
    for step in recipe["steps"].as_sequence().unwrap() {
        // A secret variable reaches a step only where its `env` names it.
        for (name, value) in step["env"].as_mapping().unwrap() {
            let variable = text(value).trim_start_matches("$(").trim_end_matches(')');
            if let Some(value) = secrets.get(variable) {
                job.variables.insert(text(name).to_owned(), String::clone(value));
            }
        }
        let run = job.step(text(&step["bash"])).run().code(0);
        for line in run.stdout.lines().chain(run.stderr.lines()) {
            match command.captures(line) {
                Some(found) => {
                    let value = found[2].replace("%0D", "\r").replace("%0A", "\n").replace("%AZP25", "%");
                    job.masks.push(value.clone());
                    secrets.insert(found[1].to_owned(), value);
                }
                None => job.show(line),
            }
        }
        job.variables.remove("PROVISION_KEY");
    }
    assert_eq!(tenant.home().read("installed"), key);
    assert!(!job.log.contains(SECRET_MARKER), "{}", job.log);
}

#[test]
fn a_recipe_ends_where_its_reveal_fails() {
    let tenant = tenant();
    tenant.set_faults(
        &json!({"contains": "/provisioningKey", "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    let recipes = recipes();
    let mut github = Job::new(&tenant);
    let steps = &recipes[0]["jobs"]["keys"]["steps"].as_sequence().unwrap()[2];
    github_step(&mut github, text(&steps["run"])).code(3);
    assert_eq!(tenant.home().read("github_env"), "");
    let items = recipes[1]["pass-on"]["script"].as_sequence().unwrap();
    let script = items.iter().map(text).collect::<Vec<_>>().join("\n");
    Job::new(&tenant).step(&script).run().code(3);
    assert!(!tenant.home().has("key.env"));
    Job::new(&tenant).step(text(&recipes[2]["steps"][0]["bash"])).run().code(3).stdout_is("");
}

// The option.

/// In a job on a runner of GitHub's.
fn on_github(tenant: &Tenant, line: &str) -> Run {
    tenant.zpakey(line).env("CI", "true").env("GITHUB_ACTIONS", "true")
}

#[test]
fn the_mask_is_written_before_the_key() {
    let tenant = tenant();
    let key = key_text(&tenant);
    // Both streams go into one file, as they come.
    let script = "\"$ZPAKEY\" reveal build-runners --yes --raw --ci github >all 2>&1";
    let run = tenant.zpakey(["-c", script]).through("/bin/sh").env("GITHUB_ACTIONS", "true");
    run.run().code(0);
    assert_eq!(tenant.home().read("all"), format!("::add-mask::{key}\n{key}"));
}

#[test]
fn a_creation_and_a_file_are_masked_too() {
    let tenant = tenant();
    let create = "--type connector --group 'CI us-east-1' --max-usage 1 --ci github -q";
    for line in [
        "reveal build-runners --out-file a --ci github -q".to_owned(),
        format!("create new {create} --out-file b"),
        format!("create newer {create} --reveal --field provisioning_key"),
        format!("create build-runners {create} --if-exists skip --out-file c").replace("usage 1", "usage 50"),
    ] {
        let run = on_github(&tenant, &line).run().code(0);
        let mask = run.stderr.lines().next().unwrap_or_default().to_owned();
        assert!(mask.starts_with("::add-mask::3|") && mask.contains(SECRET_MARKER), "{line}");
        assert!(run.stderr.lines().skip(1).all(|line| !line.contains(SECRET_MARKER)), "{line}");
    }
}

#[test]
fn what_a_program_or_a_rotation_hands_over_is_masked_too() {
    for line in [
        "exec build-runners --env KEY --ci github -- true",
        "rotate build-runners --out-file a --settle 0s --yes --ci github -q",
        "rotate build-runners --exec true --settle 0s --yes --ci github -q",
        "rotate build-runners --reveal --settle 0s --yes --ci github -q",
    ] {
        let run = on_github(&tenant(), line).run().code(0);
        let (masks, others): (Vec<_>, Vec<_>) =
            run.stderr.lines().partition(|line| line.starts_with("::add-mask::3|"));
        assert!(masks.len() == 1 && masks[0].contains(SECRET_MARKER), "{line}: {}", run.stderr);
        assert!(others.iter().all(|line| !line.contains(SECRET_MARKER)), "{line}: {}", run.stderr);
    }
    let run = on_github(&tenant(), "rotate build-runners --no-deliver --yes --ci github").run().code(2);
    run.has_no_secret().stderr_has("--ci is for a command that hands the key value over");
    let from = on_github(&tenant(), "create --from - --ci github").stdin("[]").run().code(2);
    from.stderr_has("--ci goes with one key");
    let no_runner = tenant();
    no_runner.zpakey("exec build-runners --env KEY --ci github -- true").run().code(2).has_no_secret();
    no_runner.zpakey("rotate build-runners --out-file a --yes --ci github").run().code(2).has_no_secret();
    assert_eq!(no_runner.requests(), []);
}

#[test]
fn no_mask_is_written_where_no_runner_reads_along() {
    let tenant = tenant();
    tenant.zpakey("reveal build-runners --out-file a --ci github -o table").run().code(2).stderr_is(str![[
        r#"
error: --ci github: no runner reads along, GITHUB_ACTIONS is not true
hint: leave --ci out: it writes the key value to standard error, for a runner to mask

"#
    ]]);
    let mut terminal = on_github(&tenant, "reveal build-runners --yes --ci github").terminal();
    assert_eq!(terminal.exit_code(), 2);
    assert!(
        terminal.screen().contains("standard error is a terminal")
            && !terminal.screen().contains(SECRET_MARKER)
    );
    assert_eq!(tenant.requests(), []);
}

#[test]
fn a_mask_is_no_leave() {
    let tenant = tenant();
    on_github(&tenant, "reveal build-runners --ci github").run().code(11).has_no_secret();
    let create = "create new --type connector --group 'CI us-east-1' --max-usage 1 --ci github";
    on_github(&tenant, create).run().code(2).has_no_secret();
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn a_key_whose_mask_cannot_be_written_is_not_written_either() {
    let tenant = tenant();
    let script = "\"$ZPAKEY\" reveal build-runners --yes --raw --ci github 2>/dev/full";
    let run = tenant.zpakey(["-c", script]).through("/bin/sh").env("GITHUB_ACTIONS", "true").run();
    run.code(2).stdout_is("");
    let script = "\"$ZPAKEY\" reveal build-runners --out-file a --ci github 2>/dev/full";
    tenant.zpakey(["-c", script]).through("/bin/sh").env("GITHUB_ACTIONS", "true").run().code(2);
    assert!(!tenant.home().has("a"));
}
