//! Whatever is wrong, a person in the middle of a command line sees no message and waits for nothing.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::Command,
    time::{Duration, Instant},
};

use snapbox::str;

use super::{candidates, question, tenant};
use crate::support::{Home, Run, Tenant};

/// Names are not offered, options are.
#[track_caller]
fn offers_options_only(tenant: &Tenant) {
    assert_eq!(candidates(tenant.zpakey(question("get bu"))), [""; 0]);
    assert_eq!(candidates(tenant.zpakey(question("get --conn"))), ["--connectors"]);
    assert_eq!(candidates(tenant.zpakey(question("get --profile p"))), [""; 0]);
}

#[test]
fn a_broken_profile_file_leaves_options() {
    let tenant = tenant();
    tenant.home().write_profiles("not = [toml");
    offers_options_only(&tenant);
}

#[test]
fn a_profile_file_that_others_can_write_leaves_options() {
    let tenant = tenant();
    tenant.home().write_profiles("[profiles.prod]\nclient_secret = 's3cret'\n");
    let others = fs::Permissions::from_mode(0o606);
    fs::set_permissions(tenant.home().profile_file(), others).unwrap();
    offers_options_only(&tenant);
}

#[test]
fn a_profile_that_does_not_exist_leaves_options() {
    let tenant = tenant();
    assert_eq!(candidates(tenant.zpakey(question("--profile absent get bu"))), [""; 0]);
    assert_eq!(candidates(tenant.zpakey(question("--profile absent get --conn"))), ["--connectors"]);
}

/// Spoils the file of names.
fn spoilt(spoil: impl FnOnce(&std::path::Path)) -> Tenant {
    let tenant = tenant();
    let names = tenant.home().path().join("cache/zpakey/names");
    spoil(&fs::read_dir(names).unwrap().next().unwrap().unwrap().path());
    tenant
}

#[test]
fn names_that_do_not_parse_leave_options() {
    offers_options_only(&spoilt(|file| fs::write(file, "{\"version\":1,\"keys\":[").unwrap()));
}

#[test]
fn names_of_another_version_leave_options_and_are_written_anew() {
    let tenant = spoilt(|file| {
        let text = fs::read_to_string(file).unwrap();
        fs::write(file, text.replace("\"version\":1", "\"version\":2")).unwrap();
    });
    offers_options_only(&tenant);
    tenant.zpakey("list").run().code(0);
    assert_eq!(candidates(tenant.zpakey(question("get bu"))), ["build-runners"]);
}

#[test]
fn names_that_others_could_have_written_leave_options() {
    offers_options_only(&spoilt(|file| {
        fs::set_permissions(file, fs::Permissions::from_mode(0o666)).unwrap();
    }));
}

#[test]
fn a_file_that_does_not_answer_is_not_waited_for() {
    let home = Home::new();
    let ask = |script: &str| {
        let run = home.zpakey(["-c", script]).through("/bin/sh").env("_ZPAKEY_COMPLETE", "fish");
        let began = Instant::now();
        let answer = run.run().code(0).stderr_is(str![]).stdout;
        (began.elapsed(), answer)
    };
    let question = question("get ").iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    // A descriptor that was handed on is read to its end, which does not come.
    let endless = "mkfifo pipe; exec 3<>pipe";
    let (took, answer) = ask(&format!("{endless}; ZPAKEY_CONFIG_FILE=/dev/fd/3 \"$ZPAKEY\" {question}"));
    assert!((Duration::from_millis(400)..Duration::from_secs(5)).contains(&took), "{took:?}");
    assert_eq!(answer, "");
    home.write_profiles("");
    fs::remove_file(home.profile_file()).unwrap();
    assert!(Command::new("mkfifo").arg(home.profile_file()).status().unwrap().success());
    let (took, answer) = ask(&format!("\"$ZPAKEY\" {question}"));
    assert!(answer.contains("--connectors"), "{answer}");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_line_that_the_engine_stumbles_over_is_met_with_silence() {
    // The library takes this for unreachable, and panics.
    let asked = Home::new().zpakey(question("sandbox run --seed --frobnicate "));
    asked.env("_ZPAKEY_COMPLETE", "fish").run().code(0).stdout_is(str![]).stderr_is(str![]);
}

#[test]
fn no_secret_is_fetched() {
    let home = Home::new();
    home.write_profiles(
        "active = 'prod'\n[profiles.prod]\nclient_id = 'x'\nclient_secret = { cmd = ['touch', 'fetched'] }\n",
    );
    assert_eq!(candidates(home.zpakey(question("get --conn"))), ["--connectors"]);
    assert!(!home.has("fetched"));
}

#[test]
fn without_a_home_directory_options_are_completed() {
    let names = ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"];
    let asked = names.into_iter().fold(Home::new().zpakey(question("get --conn")), Run::env_remove);
    assert_eq!(candidates(asked), ["--connectors"]);
}

#[test]
fn a_variable_of_another_program_or_without_a_question_changes_nothing() {
    let home = Home::new();
    for (name, value) in [
        ("COMPLETE", "bash"),
        ("_ZPAKEY_COMPLETE", "bash"),
        ("_ZPAKEY_COMPLETE", ""),
        ("_ZPAKEY_COMPLETE", "1"),
    ] {
        let version = home.zpakey("--version").env(name, value).run().code(0).stdout;
        assert!(version.starts_with("zpakey "), "{name}={value}: {version}");
    }
    home.zpakey(question("get bu")).env("COMPLETE", "fish").run().code(2).stdout_is(str![]);
}

#[test]
fn a_question_that_makes_no_sense_is_not_answered() {
    let home = Home::new();
    for (shell, arguments) in [
        ("bash", &["--", "zpakey"][..]),
        ("bash", &["--", "zpakey get x", "other"]),
        ("zsh", &["--", "zpakey"]),
    ] {
        let asked = home.zpakey(arguments).env("_ZPAKEY_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "99");
        asked.run().code(0).stdout_is(str![]).stderr_is(str![]);
    }
}
