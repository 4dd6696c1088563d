//! What a newcomer reads and does in the first hour: whole sentences, and screens at their edges.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{collections::BTreeSet, fs, thread, time::Duration};

use clap::Command;
use regex_lite::Regex;
use serde_json::{Value, json};
use zpakey::{
    cli::help::program,
    sandbox::{Contents, Options},
};

use crate::support::{Home, Run, Tenant};

/// What is on the screen when the program has ended.
fn screen(run: Run) -> String {
    let mut terminal = run.terminal();
    terminal.exit_code();
    terminal.screen()
}

fn page(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn add_pages(command: &Command, path: &[String], pages: &mut Vec<Vec<String>>) {
    pages.push([path, &["--help".to_owned()]].concat());
    for subcommand in command.get_subcommands() {
        add_pages(subcommand, &[path, &[subcommand.get_name().to_owned()]].concat(), pages);
    }
}

fn add_names(command: &Command, names: &mut BTreeSet<String>) {
    names.insert(command.get_name().to_owned());
    names.extend(command.get_all_aliases().map(str::to_owned));
    for argument in command.get_arguments() {
        names.extend(argument.get_long().map(|long| format!("--{long}")));
        names.extend(argument.get_short().map(|short| format!("-{short}")));
    }
    for subcommand in command.get_subcommands() {
        add_names(subcommand, names);
    }
}

#[test]
fn help_names_only_commands_and_options_that_exist() {
    let (mut program, mut names, mut pages) = (program(), BTreeSet::new(), Vec::new());
    program.build();
    add_names(&program, &mut names);
    add_pages(&program, &[], &mut pages);
    pages.extend(zpakey::commands::TOPICS.map(|topic| vec!["help".to_owned(), topic.to_owned()]));
    // Of other programs, and stand-ins for any option.
    names.extend(["--from-file", "--dry-run=client", "--json"].map(str::to_owned));
    let command = Regex::new(r"(?m)(?:\$ |`|\| )zpakey ([a-z][a-z-]*)").unwrap();
    let option = Regex::new(r"(?m)(?:^|[ `(\[])(--[a-z][a-z-]+)").unwrap();
    let home = Home::new();
    let mut count = 0;
    for words in &pages {
        let text = home.zpakey(words.as_slice()).run().code(0).stdout;
        for found in command.captures_iter(&text).chain(option.captures_iter(&text)) {
            count += 1;
            assert!(names.contains(&found[1]), "{words:?}: there is no {}", &found[1]);
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn first_lines_and_options_say_it_in_the_words_of_the_field() {
    let home = Home::new();
    let help = |command: &str| home.zpakey(format!("{command} --help")).run().code(0).stdout;
    assert!(help("identify").starts_with("Identify which key a file or host contains\n"));
    for (command, sentence) in [
        ("create", "Maximum uses: how many connectors may enrol with the key"),
        ("rotate", "Maximum uses of the new key"),
        ("update", "Flip one switch: off; the limit stays"),
        ("update", "Flip one switch: on; the limit stays"),
        ("reveal", "[default: 30s]"),
    ] {
        let text = help(command).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(sentence), "{command}: {text}");
    }
}

#[test]
fn the_pages_say_it_in_the_words_of_the_field() {
    let readme = page("README.md");
    assert!(
        readme.contains("\n- Stays within the API's rate limits, and never repeats a creation blindly.\n")
    );
    for link in ["(man/)", "(completions/)", "(docs/src/guides/kubernetes.md)"] {
        assert!(readme.contains(link), "{link}");
    }
    assert!(page("docs/src/guides/rotation.md").contains("The hook must be idempotent"));
    // The sandbox is where one tries things, and nowhere else on that page.
    let after = readme.split_once("\n## Install\n").unwrap().1;
    assert!(!after.contains("--sandbox"), "{after}");
}

#[test]
fn a_name_that_cannot_be_is_refused_in_one_whole_sentence() {
    let home = Home::new();
    let run = home.zpakey("create prod/eu --type connector --group g --max-usage 1 -o table").run().code(2);
    run.stderr_is(
        "error: invalid name \"prod/eu\": \"/\" is not allowed (nor < > & \" | or control characters)\n",
    );
}

#[test]
fn several_states_in_one_word_lead_to_the_option_twice() {
    let run = Home::new().zpakey("list --status active,disabled -o table").run().code(2);
    run.stderr_has("\nhint: repeat the option: --status active --status disabled\n");
    let tenant = Tenant::seeded(json!({"keys": [{"name": "a"}, {"name": "b", "enabled": false}]}));
    let both = tenant.zpakey("list --status active --status disabled -q").run().code(0).stdout;
    assert_eq!(both, "38101\n38102\n");
}

/// A rotation whose current key is used up, and which connectors come for each week.
fn rotated() -> Tenant {
    let now = jiff::Timestamp::now().as_second();
    let connectors: Vec<Value> = (0..5)
        .map(|week| {
            let enrolled = (now - 3600 - week * 7 * 86_400).to_string();
            json!({"name": format!("c{week}"), "provisioningKeyId": "38101", "creationTime": enrolled})
        })
        .collect();
    Tenant::seeded(json!({
        "keys": [
            {"name": "prod", "maxUsage": 5, "usageCount": 5},
            {"name": "prod.old-38102.209911231504", "maxUsage": 50, "usageCount": 47},
        ],
        "connectors": connectors,
    }))
}

#[test]
fn a_current_key_that_is_used_up_is_told_in_one_whole_line() {
    let run = rotated().zpakey("status prod -o table").run().code(0);
    let all = format!("{}{}", run.stdout, run.stderr);
    let line = "\n  ⚠ the current key (38101) is used up and cannot enrol connectors\n";
    assert!(all.contains(line), "{all}");
}

#[test]
fn a_rotation_says_that_it_looks_for_other_rotations_and_for_how_long() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("rotate prod --no-deliver --yes --settle 2s").run().code(0);
    assert_eq!(run.stderr.matches("checking for concurrent rotations (2 s)\n").count(), 1, "{}", run.stderr);
    let help = Home::new().zpakey("rotate --help").run().code(0).stdout;
    let option = help.split("--settle <TIME>").nth(1).unwrap_or_default();
    assert!(option.split("\n      --").next().unwrap_or_default().contains("[default: 6s]"), "{help}");
}

#[test]
fn a_table_begins_at_60_columns_and_cards_end_at_59() {
    let tenant = Tenant::with_keys(["prod", "lab"]);
    let at = |columns: u16| screen(tenant.zpakey("list").window(columns, 40));
    assert!(at(60).contains("NAME  ") && !at(60).contains("Name  "), "{}", at(60));
    assert!(at(59).contains("Name      lab\nType ") && !at(59).contains("NAME  "), "{}", at(59));
    for columns in [59, 60] {
        assert!(at(columns).lines().all(|line| line.chars().count() <= columns.into()), "{}", at(columns));
    }
}

#[test]
fn without_utf_8_the_bar_and_all_marks_are_ascii() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a", "maxUsage": 50, "usageCount": 47}, {"name": "b", "maxUsage": 10, "usageCount": 4}
    ]}));
    let ascii = |line: &str| screen(tenant.zpakey(line).window(100, 40).env("LANG", "C").env("LC_ALL", "C"));
    let list = ascii("list --columns name,used,status");
    assert!(list.contains("####- 47/50") && list.contains("##---  4/10"), "{list}");
    for line in ["list", "get a", "update b --add-uses 1", "status", "rotate a --dry-run", "get nothing"] {
        let shown = ascii(line);
        assert!(shown.is_ascii(), "{line}: {shown}");
    }
}

#[test]
fn people_read_local_times_with_the_offset_and_scripts_utc() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "prod", "usageCount": 1, "creationTime": "1771000100"},
        {"name": "prod.old-38102.209907041504", "maxUsage": 50, "usageCount": 47},
        {"name": "lab", "maxUsage": 50, "usageCount": 47},
    ]}));
    let at = |line: &str| screen(tenant.zpakey(line).window(160, 40).env("TZ", "Asia/Tokyo"));
    let card = at("get prod");
    assert!(card.contains("Created      2026-02-14 01:28 +09:00 ("), "{card}");
    let next = at("status prod");
    assert!(next.contains("previous, until 5 Jul 2099 00:04"), "{next}");
    assert!(next.contains("from 2099-07-05 00:04 +09:00"), "{next}");
    let plan = at("rotate lab --no-deliver --dry-run");
    assert!(plan.contains(" +09:00, once the new key has been used"), "{plan}");
    let utc = tenant.zpakey("get prod --field created_at").env("TZ", "Asia/Tokyo").run().code(0);
    assert_eq!(utc.stdout, "2026-02-13T16:28:20Z\n");
}

#[test]
fn each_key_of_a_reveal_has_the_file_of_its_group() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "a", "zcomponentId": "72058304855047746"}, {"name": "b", "zcomponentId": "72058304855047747"},
        {"name": "c", "zcomponentId": "72058304855047747"},
    ]}));
    tenant.zpakey("reveal a b --out-file {group}.key").run().code(0).has_no_secret();
    for (file, key) in [("AWS us-east-1.key", "a"), ("CI us-east-1.key", "b")] {
        let value = tenant.zpakey(format!("reveal {key} --yes --raw")).run().code(0).stdout;
        assert_eq!(tenant.home().read(file), value);
    }
    tenant.clear_requests();
    let run = tenant.zpakey("reveal a b c --out-file 'new/{group}.key'").run().code(2);
    run.stderr_has("b and c would both be").has_no_secret();
}

#[test]
fn several_keys_are_asked_about_once_by_each_command() {
    let old = |id: u64| {
        json!({"name": format!("k{id}.old-{id}.202011231504"), "enabled": false, "maxUsage": 4, "usageCount": 4,
               "modifiedTime": "1610000000"})
    };
    let current = |id: u64| json!({"name": format!("k{id}"), "maxUsage": 9, "usageCount": 1});
    let keys: Vec<Value> = vec![current(38103), current(38104), old(38103), old(38104)];
    for (line, question, answer) in [
        ("disable k38103 k38104", "? Disable all 2? [y/N] ", "n"),
        ("purge k38103 k38104", "? Type 2 to purge them: ", "no"),
        ("update k38103 k38104 --no-export", "? Type 2 to switch viewing off: ", "1"),
        ("delete k38103 k38104", "? Type 2 to delete them: ", ""),
        ("rotate k38103 k38104 --no-deliver", "? Rotate all 2? [y/N] ", ""),
    ] {
        let tenant = Tenant::seeded(json!({"keys": keys}));
        let mut terminal = tenant.zpakey(line).terminal();
        let list = terminal.expect(question);
        assert!(list.contains("38103") || line.contains("--no-export"), "{line}: {list}");
        terminal.type_line(answer);
        assert_eq!(terminal.exit_code(), 11, "{line}: {}", terminal.screen());
        let screen = terminal.screen();
        assert_eq!(screen.matches("\n? ").count(), 1, "{line}: {screen}");
        assert!(screen.ends_with("error: cancelled; nothing was changed\n"), "{line}: {screen}");
        assert_eq!(tenant.writes(), [""; 0], "{line}");
    }
}

/// A tenant that takes its time, so that something can be typed before a question is there.
fn slow() -> Tenant {
    let contents = Contents::Seed(json!({"keys": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}));
    Tenant::with(Options { delay: Duration::from_millis(500), contents, ..Options::default() })
}

#[test]
fn what_was_typed_before_a_picker_picks_nothing() {
    let tenant = slow();
    let mut terminal = tenant.zpakey("get --field name").terminal();
    terminal.press("b\r");
    terminal.expect("> a (38101)");
    terminal.expect("  c (38103)");
    // Were the letter taken, `b` alone would be left.
    thread::sleep(Duration::from_millis(100));
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().contains("? Key a (38101)"), "{}", terminal.screen());
}

#[test]
fn what_was_typed_before_a_second_question_does_not_answer_it() {
    let tenant = slow();
    let mut terminal = tenant.zpakey("disable").terminal();
    terminal.expect("> a (38101)");
    // Enter picks the key; what follows comes before the question about it.
    terminal.press("\ry\r");
    terminal.expect("? Disable it? [y/N] ");
    terminal.type_line("");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn what_was_typed_before_a_hidden_answer_is_not_part_of_it() {
    let tenant = Tenant::standard();
    let access = tenant.access();
    let line = format!(
        "auth login --profile lab --auth oneapi --client-id {} --customer-id {}",
        access.client_id, access.customer_id
    );
    let run = tenant.home().zpakey(line).env("ZPAKEY_API_URL", access.api_url.clone());
    let mut terminal = run.env("ZPAKEY_TOKEN_URL", access.token_url.clone()).terminal();
    terminal.expect("private key file");
    // Enter picks the client secret; the rest was meant for something else.
    terminal.press("\rtyped ahead");
    terminal.expect("? Client secret (not shown) ");
    terminal.type_line(&access.client_secret.clone());
    terminal.expect("nowhere");
    terminal.press("\r");
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
}

#[test]
fn the_sdks_variable_for_a_key_file_is_shown_as_the_source() {
    let home = Home::new();
    home.write("key.pem", &crate::support::certificates::SIGNING_KEY.pkcs8_pem);
    let path = home.work().join("key.pem").display().to_string();
    let run = |line: &str| {
        home.zpakey(line)
            .env("ZSCALER_CLIENT_ID", "acme-client")
            .env("ZSCALER_CERT_FILE_PATH", &path)
            .env("ZSCALER_VANITY_DOMAIN", "acme")
            .env("ZPA_CUSTOMER_ID", "216199618143191040")
            .run()
    };
    let view = run("auth status -o json").json();
    assert_eq!(view["origins"]["private_key"], "ZSCALER_CERT_FILE_PATH", "{view}");
    let doctor = run("doctor -o table").stdout;
    let line = "\n✓ credential   client id acme-client and its private key (from the environment)\n";
    assert!(doctor.contains(line), "{doctor}");
}

#[test]
fn the_clipboard_is_cleared_after_30_seconds_unless_another_time_is_named() {
    let help = Home::new().zpakey("reveal --help").run().code(0).stdout;
    let option = help.split("--clear-after <TIME>").nth(1).unwrap_or_default();
    assert!(option.split("--connector-file").next().unwrap_or_default().contains("[default: 30s]"), "{help}");
    let topic = Home::new().zpakey("help security").run().code(0).stdout;
    assert!(topic.contains("clears the clipboard after 30 s or at Ctrl-C"), "{topic}");
}
