//! The command lines that messages print: each is given to a shell word for word, and does what it says.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use std::{
    os::unix::fs::symlink,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use crate::support::{Finished, Run, Tenant};

/// Names that a shell, or zpakey itself, would take for something else.
const NAMES: [&str; 6] = ["two words", "it's", "$HOME", "-q", "a;b (c)", "`id`"];

/// What is typed to say which tenant is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Nothing,
    Customer,
    Profile,
    Microtenant,
}

const SCOPES: [Scope; 4] = [Scope::Nothing, Scope::Customer, Scope::Profile, Scope::Microtenant];

/// A tenant, and what is typed to reach it.
struct Place {
    tenant: Tenant,
    scope: Scope,
}

impl Place {
    /// With these keys, in a microtenant if one is typed, and a profile `my-lab` that leads to the tenant.
    fn with(scope: Scope, mut seed: Value) -> Self {
        if scope == Scope::Microtenant {
            for key in seed["keys"].as_array_mut().unwrap() {
                key["microtenantId"] = json!("7");
            }
            seed["microtenants"] = json!([{"id": "7", "name": "Sub of $it"}]);
        }
        let delay = Duration::from_millis(40);
        let tenant = Tenant::with(Options { contents: Contents::Seed(seed), delay, ..Options::default() });
        let access = tenant.access();
        tenant.home().write_profiles(&format!(
            "[profiles.my-lab]\nclient_id = \"{}\"\nclient_secret = \"{}\"\ncustomer_id = \"{}\"\n\
             api_url = \"{}\"\ntoken_url = \"{}\"\n",
            access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
        ));
        let programs = tenant.home().path().join("programs");
        std::fs::create_dir(&programs).unwrap();
        symlink(env!("CARGO_BIN_EXE_zpakey"), programs.join("zpakey")).unwrap();
        Self { tenant, scope }
    }

    /// A run that reaches the tenant only by what is typed.
    fn bare(&self, words: Vec<String>) -> Run {
        match self.scope {
            Scope::Nothing | Scope::Microtenant => self.tenant.zpakey(words),
            Scope::Customer => self.tenant.zpakey(words).env("ZPA_CUSTOMER_ID", "42"),
            Scope::Profile => self.tenant.home().zpakey(words),
        }
    }

    fn zpakey(&self, words: &[&str]) -> Run {
        let customer = self.tenant.access().customer_id.clone();
        let options: &[&str] = match self.scope {
            Scope::Nothing => &[],
            Scope::Customer => &["--customer-id", &customer],
            Scope::Profile => &["--profile", "my-lab"],
            Scope::Microtenant => &["--microtenant", "Sub of $it"],
        };
        self.bare(options.iter().chain(words).map(ToString::to_string).collect())
    }

    /// Gives a line to a shell, word for word.
    fn in_a_shell(&self, line: &str) -> Finished {
        let path = format!("{}:/usr/bin:/bin", self.tenant.home().path().join("programs").display());
        self.bare(vec!["-c".to_owned(), line.to_owned()]).through("sh").env("PATH", path).run()
    }
}

/// The hint with this text, without what is said of the command.
fn hint(error: &Value, of: &str) -> String {
    let hints: Vec<&str> = error["hints"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let line = hints.iter().find(|hint| hint.contains(of)).unwrap_or_else(|| panic!("{of}: {hints:?}"));
    let line = line.strip_prefix("the rest: ").unwrap_or(line);
    assert!(line.starts_with("zpakey "), "{line}");
    line.split("      ").next().unwrap_or_default().to_owned()
}

#[test]
fn the_forced_deletion_that_a_refusal_prints_deletes() {
    for (scope, name) in SCOPES.into_iter().cycle().zip(NAMES) {
        let place = Place::with(
            scope,
            json!({
                "keys": [{"name": name, "usageCount": 2}],
                "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38101"}],
            }),
        );
        let typed = format!("name:{name}");
        let refused = place.zpakey(&["delete", &typed, "--type", "connector", "--yes", "-o", "json"]).run();
        let line = hint(&refused.code(8).error(), "--force-referenced");
        place.in_a_shell(&line).code(0);
        assert_eq!(place.tenant.key("38101"), None, "{line}");
    }
}

#[test]
fn the_rotation_that_goes_on_keeps_every_option() {
    for (scope, name) in SCOPES.into_iter().cycle().zip(NAMES) {
        let place = Place::with(scope, json!({"keys": [{"name": name, "maxUsage": 5}]}));
        let typed = format!("name:{name}");
        let fails_once = "test -e tried || { touch tried; exit 3; }; cat > 'handed over'";
        let options = "--settle 0s --retire never --max-usage 7 --yes -o json";
        let mut words = vec!["rotate", &typed, "--exec", fails_once];
        words.extend(options.split(' '));
        let line = hint(&place.zpakey(&words).run().code(6).error(), "continues");
        assert!(line.contains(options), "{line}");
        let done = place.in_a_shell(&line).code(0);
        assert!(place.tenant.home().has("handed over"), "{line}\n{}", done.stderr);
        let keys = place.tenant.state()["keys"].clone();
        let taken_over = keys.as_array().unwrap().iter().find(|key| key["name"] == name).cloned().unwrap();
        assert_eq!((&taken_over["maxUsage"], taken_over["id"] == "38101"), (&json!("7"), false), "{line}");
    }
}

#[test]
fn the_purge_that_a_refusal_prints_deletes() {
    for (scope, name) in SCOPES.into_iter().cycle().zip(NAMES) {
        let old = format!("{name}.old-38102.202011231504");
        let place = Place::with(
            scope,
            json!({
                "keys": [
                    {"name": name, "usageCount": 1},
                    {"name": old, "usageCount": 47, "maxUsage": 47, "enabled": false},
                ],
                "connectors": [{"name": "fra-ac-01", "provisioningKeyId": "38102"}],
            }),
        );
        let typed = format!("name:{name}");
        let refused = place.zpakey(&["purge", &typed, "--after", "24h", "--yes", "-o", "json"]).run().code(8);
        let line = hint(&refused.error(), "--force-referenced");
        assert!(line.contains("--after 24h"), "{line}");
        place.in_a_shell(&line).code(0);
        assert_eq!(place.tenant.key("38102"), None, "{line}");
    }
}

#[test]
fn the_retirement_that_a_refusal_prints_retires() {
    for (scope, name) in SCOPES.into_iter().cycle().zip(NAMES) {
        let old = format!("{name}.old-38102.202011231504");
        let keys = json!([{"name": name}, {"name": old, "usageCount": 47, "maxUsage": 50}]);
        let connectors = json!([
            {"name": "fra-ac-01", "provisioningKeyId": "38102", "creationTime": crate::retire::now()}
        ]);
        let place = Place::with(scope, json!({ "keys": keys, "connectors": connectors }));
        let typed = format!("name:{name}");
        let refused = place.zpakey(&["retire", &typed, "--grace", "1h", "--yes", "-o", "json"]).run().code(6);
        let line = hint(&refused.error(), "--unproven");
        assert!(line.contains("--grace 1h"), "{line}");
        place.in_a_shell(&line).code(0);
        assert_eq!(place.tenant.key("38102").unwrap()["enabled"], false, "{line}");
    }
}

#[test]
fn the_rest_of_an_interrupted_command_is_done_by_the_line_that_is_printed() {
    for scope in [Scope::Nothing, Scope::Customer, Scope::Profile] {
        let place = Place::with(scope, json!({"keys": []}));
        let entries: Vec<Value> = NAMES.iter().map(|name| json!({ "name": name })).collect();
        place.tenant.home().write("my keys.json", &json!(entries).to_string());
        let line = ["create", "--from", "my keys.json", "--type", "connector", "--group", "AWS us-east-1"];
        let running = place.zpakey(&[&line[..], &["--max-usage", "3", "-o", "json"]].concat()).start();
        let deadline = Instant::now() + Duration::from_secs(40);
        while place.tenant.writes().len() < 2 {
            assert!(Instant::now() < deadline, "{:?}", place.tenant.calls());
            std::thread::sleep(Duration::from_millis(2));
        }
        running.interrupt();
        let line = hint(&running.finish().code(130).error(), "--if-exists skip");
        place.in_a_shell(&line).code(0);
        for name in NAMES {
            assert!(place.tenant.key(name).is_some(), "{name}: {line}");
        }
    }
}

#[test]
fn a_rotation_by_cron_is_continued_without_the_conditions_that_began_it() {
    let place =
        Place::with(Scope::Nothing, json!({"keys": [{"name": "prod", "creationTime": "1600000000"}]}));
    let fails_once = "test -e tried || { touch tried; exit 3; }; cat > 'handed over'";
    let conditions = ["--if-older-than", "90d", "--idle"];
    let line = ["rotate", "prod", "--exec", fails_once, "--settle", "0s", "--retire", "never", "--yes"];
    let failed = place.zpakey(&[&line[..], &conditions, &["-o", "json"]].concat()).run().code(6);
    let line = hint(&failed.error(), "continues");
    assert!(!line.contains("--idle") && !line.contains("--if-older-than"), "{line}");
    place.in_a_shell(&line).code(0);
    assert!(place.tenant.home().has("handed over"), "{line}");
}

#[test]
fn the_forced_deletion_of_a_type_that_the_profile_does_not_name_deletes() {
    let group = "72058304855047763";
    let place = Place::with(
        Scope::Nothing,
        json!({"keys": [
            {"name": "web", "association_type": "EXPORTER_GRP", "zcomponentId": group, "usageCount": 2},
        ]}),
    );
    let refused = place.zpakey(&["delete", "web", "--all-types", "--yes", "-o", "json"]).run();
    let line = hint(&refused.code(8).error(), "--force-referenced");
    place.in_a_shell(&line).code(0);
    assert_eq!(place.tenant.key("38101"), None, "{line}");
}
