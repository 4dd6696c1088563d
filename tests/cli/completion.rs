//! Completion, as a shell asks for it: what is offered where, what is kept for it, and that it never gets in the way.
//! `terminal_completion.rs` drives the shells themselves.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod kept;
mod quiet;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{Arguments, Home, Run, Tenant};

/// The arguments with which the part of fish asks about a line; one that ends with a blank begins a new word.
fn question(line: &str) -> Vec<String> {
    let mut words = vec!["--".to_owned(), "zpakey".to_owned()];
    words.extend(line.list());
    if line.ends_with(' ') {
        words.push(String::new());
    }
    words
}

/// What fish is told: candidates, each with a few words about it.
#[track_caller]
fn told(run: Run) -> String {
    run.env("_ZPAKEY_COMPLETE", "fish").run().code(0).stderr_is(str![]).stdout
}

/// The candidates alone.
#[track_caller]
fn candidates(run: Run) -> Vec<String> {
    let all = told(run);
    all.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

/// A tenant of two types and two microtenants, which a list has shown.
fn tenant() -> Tenant {
    let tenant = Tenant::seeded(seed());
    tenant.zpakey("list").run().code(0);
    tenant.clear_requests();
    tenant
}

fn seed() -> Value {
    json!({
        "microtenants": [{"id": "7", "name": "Subsidiary"}],
        "connector_groups": [{"id": "1", "name": "AWS us-east-1"}, {"id": "2", "name": "unused"}],
        "service_edge_groups": [{"id": "3", "name": "Branch EMEA"}],
        "keys": [
            {"name": "build-runners", "zcomponentId": "1"},
            {"name": "branch-edges", "association_type": "SERVICE_EDGE_GRP", "zcomponentId": "3"},
            {"name": "AWS canary", "zcomponentId": "1", "microtenantId": "7"},
        ],
    })
}

#[test]
fn keys_that_a_list_has_shown_are_completed_with_the_server_gone() {
    let tenant = tenant();
    let asked = tenant.zpakey(question("get bu"));
    drop(tenant);
    assert_eq!(told(asked), "build-runners\t38101 connector\n");
}

#[test]
fn names_of_fields_and_headings_are_completed() {
    let home = Home::new();
    let offered = |line: &str| candidates(home.zpakey(question(line)));
    assert_eq!(offered("list --sort -usa"), ["-usage_count"]);
    assert_eq!(offered("list --columns name,use"), ["name,used"]);
    assert_eq!(offered("get x --field fing"), ["fingerprint"]);
}

#[test]
fn nothing_is_asked_of_the_server() {
    let tenant = tenant();
    assert_eq!(candidates(tenant.zpakey(question("get bu"))), ["build-runners"]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn every_command_that_takes_a_key_completes_it() {
    let tenant = tenant();
    for line in ["get x ", "update ", "delete a b ", "rm ", "reveal ", "sandbox enroll ", "get -o json "] {
        let offered = candidates(tenant.zpakey(question(line)));
        assert_eq!(offered, ["AWS canary", "build-runners", "branch-edges"], "{line}");
    }
}

#[test]
fn a_type_on_the_line_narrows_keys_and_groups() {
    let tenant = tenant();
    let offered = |line: &str| candidates(tenant.zpakey(question(line)));
    assert_eq!(offered("get --type service-edge "), ["branch-edges"]);
    assert_eq!(offered("get --type=connector bu"), ["build-runners"]);
    assert_eq!(offered("create x --type SERVICE_EDGE_GRP --group "), ["Branch EMEA"]);
    assert_eq!(offered("list --group "), ["AWS us-east-1", "Branch EMEA"]);
    assert_eq!(offered("list --group=Br"), ["--group=Branch EMEA"]);
}

#[test]
fn keys_of_types_that_would_not_be_searched_are_not_offered() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "np", "association_type": "NP_ASSISTANT_GRP"}]}));
    tenant.zpakey("list --all-types").run().code(0);
    assert_eq!(candidates(tenant.zpakey(question("get n"))), [""; 0]);
    assert_eq!(candidates(tenant.zpakey(question("get --all-types n"))), ["np"]);
}

#[test]
fn certificates_and_microtenants_are_completed() {
    let tenant = tenant();
    let offered = |line: &str| told(tenant.zpakey(question(line)));
    assert_eq!(offered("update x --cert "), "Connector\t16560\nService Edge\t16561\n");
    assert_eq!(offered("list --microtenant "), "Subsidiary\t7\n");
}

#[test]
fn ids_and_forced_names_are_completed_where_they_were_begun() {
    let tenant = tenant();
    let offered = |line: &str| told(tenant.zpakey(question(line)));
    assert_eq!(offered("get id:38102"), "id:38102\tbranch-edges service-edge\n");
    assert_eq!(offered("get name:bu"), "name:build-runners\tbuild-runners connector\n");
}

#[test]
fn commands_options_and_values_are_completed_without_any_names() {
    let home = Home::new();
    let offered = |line: &str| candidates(home.zpakey(question(line)));
    assert_eq!(offered("re"), ["retire", "reveal"]);
    assert_eq!(offered("get --mic"), ["--microtenant"]);
    assert_eq!(offered("list --type se"), ["service-edge"]);
    assert_eq!(offered("completions p"), ["powershell"]);
    assert_eq!(offered("help en"), ["enable", "environment"]);
    assert_eq!(offered("help ex"), ["exec", "export", "exit-codes"]);
    assert_eq!(offered("get bu"), [""; 0]);
}

#[test]
fn options_do_not_bury_names_and_are_there_once_a_dash_is() {
    let tenant = tenant();
    let offered = |line: &str| candidates(tenant.zpakey(question(line)));
    assert!(offered("").iter().all(|candidate| !candidate.starts_with('-')), "{:?}", offered(""));
    assert!(offered("get --").contains(&"--connectors".to_owned()));
    // Where there is nothing else, they are shown at once.
    assert!(offered("list ").contains(&"--status".to_owned()));
}

// Which tenant.

#[test]
fn profiles_are_completed() {
    let home = Home::new();
    home.write_profiles("active = 'prod'\n[profiles.prod]\n[profiles.lab]\ncustomer_id = '42'\n");
    assert_eq!(candidates(home.zpakey(question("--profile "))), ["lab", "prod"]);
    assert_eq!(candidates(home.zpakey(question("list --profile=p"))), ["--profile=prod"]);
    assert_eq!(candidates(home.zpakey(question("profile use p"))), ["prod"]);
}

#[test]
fn names_are_those_of_the_tenant_that_the_line_names() {
    let tenant = tenant();
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "[profiles.lab]\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
    ));
    let create = "create boxed --type connector --group 'AWS us-east-1' --max-usage 1";
    tenant.home().sandboxed(create).run().code(0);
    // The profile leads to the tenant whose names the environment's list has shown.
    let offered = |line: &str| candidates(tenant.home().zpakey(question(line)));
    assert_eq!(offered("get b"), [""; 0]);
    assert_eq!(offered("--profile lab get b"), ["build-runners", "branch-edges"]);
    assert_eq!(offered("get --profile=lab b"), ["build-runners", "branch-edges"]);
    assert_eq!(offered("get --profile lab --customer-id 42 b"), [""; 0]);
    assert_eq!(offered("--sandbox get b"), ["boxed"]);
    assert_eq!(offered("sandbox enroll b"), ["boxed"]);
    assert_eq!(candidates(tenant.zpakey(question("--sandbox get b"))), ["boxed"]);
    assert_eq!(
        candidates(tenant.home().zpakey(question("get b")).env("ZPAKEY_PROFILE", "lab")),
        ["build-runners", "branch-edges"]
    );
}

#[test]
fn names_seen_from_a_microtenant_are_its_own() {
    let tenant = tenant();
    tenant.zpakey("list --microtenant Subsidiary --name 'nothing*'").run().code(0);
    assert_eq!(candidates(tenant.zpakey(question("get --microtenant Subsidiary "))), ["AWS canary"]);
    assert_eq!(candidates(tenant.zpakey(question("get bu"))), ["build-runners"]);
    assert_eq!(candidates(tenant.zpakey(question("get --microtenant "))), ["Default", "Subsidiary"]);
}

// Names that mean something to a terminal or a shell.

/// A tenant with such names.
fn hostile() -> Tenant {
    let tenant = Tenant::seeded(json!({
        "connector_groups": [{"id": "1", "name": "AWS us-east-1"}, {"id": "2", "name": "it's \"quoted\" $HOME"}],
        "keys": [
            {"name": "$(touch pwned)", "zcomponentId": "1"},
            {"name": "a\u{1b}[2J", "zcomponentId": "2"},
            {"name": "b\u{202e}dorp", "zcomponentId": "2"},
            {"name": "c\nd", "zcomponentId": "2"},
            {"name": "-rf", "zcomponentId": "2"},
            {"name": "id:9", "zcomponentId": "2"},
            {"name": "*", "zcomponentId": "2"},
        ],
    }));
    tenant.zpakey("list").run().code(0);
    tenant
}

/// What bash is told, asked as its part asks: with the line up to the cursor, and what of it is replaced.
fn told_to_bash(tenant: &Tenant, line: &str, replaced: &str) -> String {
    let asked = tenant.zpakey(["--", line, replaced]).env("_ZPAKEY_COMPLETE", "bash");
    asked.run().code(0).stderr_is(str![]).stdout
}

#[test]
fn a_name_that_cannot_be_typed_is_offered_as_its_id() {
    let offered = told(hostile().zpakey(question("get i")));
    assert_eq!(
        offered,
        "id:38105\t-rf connector\n\
         id:38102\ta\\u{1b}[2J connector\n\
         id:38103\tb\\u{202e}dorp connector\n\
         id:38104\tc\\nd connector\n\
         id:38106\tid:9 connector\n"
    );
}

#[test]
fn bash_gets_names_quoted_as_the_line_needs_them() {
    let tenant = hostile();
    for (line, replaced, expected) in [
        ("zpakey get $", "$", "\\$\\(touch\\ pwned\\)\n"),
        ("zpakey get \"$", "$", "\\$(touch pwned)\n"),
        ("zpakey get '$", "$", "$(touch pwned)\n"),
        ("zpakey get \\*", "\\*", "\\*\n"),
        ("zpakey list --group AW", "AW", "AWS\\ us-east-1\n"),
        ("zpakey list --group AWS\\ u", "AWS\\ u", "AWS\\ us-east-1\n"),
        ("zpakey list --group=AW", "AW", "AWS\\ us-east-1\n"),
        ("zpakey list --group=\"AW", "AW", "AWS us-east-1\n"),
        ("zpakey list --group it", "it", "it\\'s\\ \\\"quoted\\\"\\ \\$HOME\n"),
        ("zpakey list --group 'it", "it", "it'\\''s \"quoted\" $HOME\n"),
        ("zpakey get id:38101", "38101", "38101\n"),
    ] {
        assert_eq!(told_to_bash(&tenant, line, replaced), expected, "{line}");
    }
}

#[test]
fn powershell_gets_names_quoted() {
    let tenant = hostile();
    let asked = tenant.zpakey(question("list --group ")).env("_ZPAKEY_COMPLETE", "pwsh");
    // A quote within quotes is left to the person.
    asked.run().code(0).stdout_is(str![[r#"
'AWS us-east-1'	1 connector

"#]]);
}

// The part that a shell gets.

#[test]
fn bash_gets_a_part_that_asks_the_program() {
    let printed = Home::new().zpakey("completions bash").run().code(0).stderr_is(str![]);
    printed.stdout_is(str![[r#"
_zpakey() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(_ZPAKEY_COMPLETE=bash zpakey -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -o nosort -F _zpakey zpakey 2>/dev/null || complete -o bashdefault -F _zpakey zpakey

"#]]);
}

#[test]
fn every_shell_gets_a_part_that_asks_the_program_on_the_path() {
    for (shell, asks) in [
        ("bash", "_ZPAKEY_COMPLETE=bash zpakey --"),
        ("elvish", "_ZPAKEY_COMPLETE=\"elvish\" zpakey --"),
        ("fish", "_ZPAKEY_COMPLETE=fish zpakey --"),
        ("powershell", "& zpakey --"),
        ("zsh", "_ZPAKEY_COMPLETE=\"zsh\""),
    ] {
        // Nothing is read for it, broken or not.
        let home = Home::new();
        home.write_profiles("not = [toml");
        home.zpakey(["completions", shell]).run().code(0).stderr_is(str![]).stdout_has(asks);
    }
}

#[test]
fn the_help_says_how_each_shell_gets_it() {
    let help = Home::new().zpakey("completions --help").run().code(0).stdout;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(help.contains(&format!("zpakey completions {shell}")), "{shell}");
    }
}
