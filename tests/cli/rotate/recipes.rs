//! The guide's recipes for secret stores, each against a stand-in for the store's program.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{fingerprint, shown};
use crate::support::{Finished, Tenant};

/// Records its arguments and those of the shell that runs it, and keeps its standard input. The first half of the
/// recipe for Kubernetes hands on what it was given, as the real one does, in base64.
const STAND_IN: &str = r#"#!/bin/sh
tr '\0' '\n' < /proc/$$/cmdline >> argv
tr '\0' '\n' < /proc/$PPID/cmdline >> argv
case "$1" in
create) printf 'data:\n  provision_key: %s\n' "$(base64 -w 0)" ;;
apply) sed -n 's/^  provision_key: //p' | base64 -d > input; echo secret/zpa configured ;;
*) cat > input ;;
esac
# What the real one prints when it has the text.
case "${0##*/} $*" in
"vault "*) printf '=== Secret Path ===\nsecret/data/zpa/build-runners\nversion  1\n' ;;
"aws ssm "*) printf '{"Version": 2, "Tier": "Standard"}\n' ;;
"aws secretsmanager "*) printf '{"ARN": "arn:aws:x", "Name": "zpa", "VersionId": "1"}\n' ;;
"az "*"--output none"*) ;;
"az "*) printf '{"id": "https://zpa.vault.azure.net/x", "value": "%s"}\n' "$(cat input)" ;;
"gh "*) echo "Set Actions secret ZPA_PROVISION_KEY for acme/images" >&2 ;;
esac
"#;

/// The command lines of the guide to rotation that rotate into a store, and the program of each.
fn recipes() -> Vec<(String, String)> {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/guides/rotation.md");
    let guide = fs::read_to_string(guide).unwrap();
    let line = |line: &str| {
        let line = line.trim().trim_start_matches("- run: ");
        let (_, hook) = line.strip_prefix("zpakey rotate ")?.split_once("--exec '")?;
        let program = hook.split_whitespace().next()?;
        Some((line.to_owned(), program.to_owned()))
    };
    guide.lines().filter_map(line).collect()
}

#[test]
fn each_store_gets_the_text_on_its_standard_input_and_not_in_its_arguments() {
    let recipes = recipes();
    let programs: Vec<&str> = recipes.iter().map(|(_, program)| program.as_str()).collect();
    assert_eq!(programs, ["gh", "vault", "kubectl", "aws", "aws", "az", "gh"]);
    for (line, program) in &recipes {
        let tenant = Tenant::with_keys(["build-runners"]);
        let run = run_recipe(&tenant, line, program);
        // The recipe itself is quiet: there was nothing to redact.
        assert!(!run.stderr.contains("[redacted]"), "{line}\n{}", run.stderr);
        let text = tenant.home().read("input");
        assert_eq!(shown(&tenant, "build-runners")["fingerprint"], fingerprint(&text).as_str(), "{line}");
        assert!(!tenant.home().read("argv").contains(&text), "{line}");
    }
}

#[test]
fn a_store_that_prints_the_value_puts_no_key_into_the_log() {
    let (line, program) = recipes().into_iter().find(|(_, program)| program == "az").unwrap();
    let loud = line.replace(" --output none", "");
    assert_ne!(line, loud);
    let run = run_recipe(&Tenant::with_keys(["build-runners"]), &loud, &program);
    run.stderr_has(r#""value": "[redacted]"#);
}

fn run_recipe(tenant: &Tenant, line: &str, program: &str) -> Finished {
    let home = tenant.home();
    home.write(program, STAND_IN);
    let stand_in = home.work().join(program);
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
    let script = format!(
        "PATH=\"$PWD:$PATH\"\nzpakey() {{ \"$ZPAKEY\" \"$@\" --settle 0s --type connector; }}\n{line}"
    );
    tenant.zpakey(["-c", script.as_str()]).through("/bin/sh").run().code(0).has_no_secret()
}
