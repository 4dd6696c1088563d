//! Nothing turns verification off: no option, no variable, no key of a profile, and not the vendor's switch.

use std::{fs, os::unix::fs::PermissionsExt};

use clap::{Command, CommandFactory};
use zpakey::{
    cli::Cli,
    config::vars::{OTHER_VARIABLES, descriptions},
};

use super::{assert_refused, list, of_its_own};

/// What a switch that turns verification off is called elsewhere.
const WORDS: [&str; 12] = [
    "insecure",
    "verif",
    "unsafe",
    "skip",
    "ignore-",
    "no-check",
    "nocheck",
    "disable",
    "trust-all",
    "allow-",
    "accept-invalid",
    "tls-",
];

fn names(command: &Command, found: &mut Vec<String>) {
    for argument in command.get_arguments() {
        found.extend(argument.get_long().map(str::to_owned));
        found.extend(argument.get_all_aliases().into_iter().flatten().map(str::to_owned));
    }
    for below in command.get_subcommands() {
        names(below, found);
    }
}

#[test]
fn no_option_is_called_so() {
    let mut found = Vec::new();
    names(&Cli::command(), &mut found);
    // A walk that finds nothing proves nothing.
    assert!(found.len() > 80 && found.iter().any(|name| name == "cacert"), "{} options", found.len());
    // What is said of something else: keys that are in use, sandboxes, keys that are not there, and an audit's rules and gaps.
    let known = ["ignore-missing", "disable", "disabled", "disable-first", "skip", "allow-incomplete"];
    found.retain(|name| !known.contains(&name.as_str()));
    for word in WORDS {
        let called = found.iter().find(|name| name.contains(word));
        assert_eq!(called, None, "{word}");
    }
}

#[test]
fn no_variable_and_no_key_of_a_profile_is_called_so() {
    let settings = descriptions().flat_map(|row| row.variables().chain(row.profile_key));
    let found: Vec<String> = settings
        .chain(OTHER_VARIABLES.iter().map(|(name, _)| *name))
        .map(|name| name.to_lowercase().replace('_', "-"))
        .collect();
    assert!(found.len() > 60 && found.iter().any(|name| name == "cacert"), "{} names", found.len());
    for word in WORDS {
        let called = found.iter().find(|name| name.contains(word));
        assert_eq!(called, None, "{word}");
    }
}

#[test]
fn what_others_read_has_no_effect() {
    let service = of_its_own();
    for (name, value) in [
        ("ZSCALER_TESTING_DISABLE_HTTPS_CHECK", "true"),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        ("PYTHONHTTPSVERIFY", "0"),
        ("GIT_SSL_NO_VERIFY", "true"),
        ("CURL_INSECURE", "1"),
        ("SSL_VERIFY", "false"),
        ("ZPAKEY_INSECURE", "1"),
    ] {
        assert_refused(&service, list(&service).env(name, value));
    }
}

#[test]
fn the_vendors_switch_has_no_effect() {
    let service = of_its_own();
    let file = service.home().path().join(".zscaler/zscaler.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let text = "zscaler:\n  client: {clientId: acme-client, clientSecret: s3cret-of-acme}\n  \
                testing: {disableHttpsCheck: true}\n";
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_refused(&service, service.without_credential("list --type connector -o table"));
    service.without_credential("list --type connector --cacert server.pem").run().code(0);
}
