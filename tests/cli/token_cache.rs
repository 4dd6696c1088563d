//! Tokens that outlive a run: one sign-in for many runs and for many at once, in a file that its owner alone reads.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod credentials;
mod distrust;
mod sharing;

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use snapbox::str;
use zpakey::sandbox::SECRET_MARKER;

use crate::leaks::searcher::Searcher;
use crate::support::{Answer, ApiClient, Home, Run, Service};

const SECRET: &str = "s3cret-of-acme";
const LIST: &str = "list --type connector";

fn service() -> Service {
    Service::start(ApiClient::one_api(SECRET))
}

/// A server that gives everybody a token, whoever it is.
fn welcoming() -> Service {
    let service = service();
    let token = json!({"access_token": format!("{SECRET_MARKER}-token"), "expires_in": 3600});
    service.tell("/oauth2/v1/token", [Answer::new(200, token)]);
    service.tell("/mgmtconfig/", [Answer::new(200, json!({"totalPages": "0", "list": []}))]);
    service
}

fn directory(home: &Home) -> PathBuf {
    home.path().join("state/zpakey/tokens")
}

/// The files with tokens, by name.
fn token_files(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory(home)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// All files of the state directory; what is kept for completion is elsewhere.
fn state_files(home: &Home) -> Vec<String> {
    home.files().into_iter().filter(|file| file.starts_with("state/")).collect()
}

fn token_file(home: &Home) -> PathBuf {
    let files = token_files(home);
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

fn mode(path: &std::path::Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn the_file_is_private_is_named_by_a_hash_and_holds_an_encrypted_token_only() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    let file = token_file(service.home());
    assert_eq!((mode(&file), mode(&directory(service.home()))), (0o600, 0o700));
    let name = file.file_stem().unwrap().to_str().unwrap();
    assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    let text = fs::read_to_string(&file).unwrap();
    let mut fields: Value = serde_json::from_str(&text).unwrap();
    let expires_at = fields["tokens"][0]["expires_at"].take().as_i64().unwrap();
    let sealed = fields["tokens"][0]["sealed_token"].take();
    assert_eq!(fields, json!({"version": 3, "tokens": [{"sealed_token": null, "expires_at": null}]}));
    // Salt, nonce, tag, and as many bytes as the token has; nothing of it can be read.
    let sealed = BASE64_STANDARD.decode(sealed.as_str().unwrap()).unwrap();
    assert_eq!(sealed.len(), 16 + 12 + 16 + format!("{SECRET_MARKER}-token-1").len());
    for bytes in [text.as_bytes(), &sealed] {
        for secret in [SECRET_MARKER, SECRET] {
            assert_eq!(Searcher::new(secret).find(bytes), None);
        }
    }
    let left = expires_at - jiff::Timestamp::now().as_second();
    assert!((3_500..=3_600).contains(&left), "{left}");
    let name = format!("state/zpakey/tokens/{name}");
    assert_eq!(state_files(service.home()), [format!("{name}.json")]);
}

#[test]
fn whatever_tells_one_credential_from_another_has_a_file_of_its_own() {
    let service = welcoming();
    let run = |change: &dyn Fn(Run) -> Run| {
        change(service.zpakey("list --type connector")).run().code(0);
    };
    let changes: [&dyn Fn(Run) -> Run; 7] = [
        &|run| run,
        &|run| run.env("ZSCALER_CLIENT_ID", "another-client"),
        &|run| run.env("ZPA_CUSTOMER_ID", "42"),
        &|run| run.env("ZSCALER_CLOUD", "beta"),
        &|run| run.env("ZSCALER_VANITY_DOMAIN", "acme"),
        &|run| {
            run.env(
                "ZPAKEY_TOKEN_URL",
                format!("{}/oauth2/v1/token?", service.url())
                    .trim_end_matches('?')
                    .replace("localhost", "127.0.0.1"),
            )
        },
        &|run| run.env("ZPAKEY_API_URL", service.url().replace("localhost", "127.0.0.1")),
    ];
    for (count, change) in changes.iter().enumerate() {
        run(change);
        assert_eq!((service.sign_ins(), token_files(service.home()).len()), (count + 1, count + 1));
    }
    // And each finds its own again.
    for change in changes {
        run(change);
    }
    assert_eq!((service.sign_ins(), token_files(service.home()).len()), (changes.len(), changes.len()));
}

#[test]
fn both_front_doors_have_a_file_of_their_own() {
    let service = welcoming();
    service.tell("/signin", [Answer::new(200, json!({"access_token": "legacy", "expires_in": "3600"}))]);
    service.zpakey(LIST).run().code(0);
    let legacy = || service.zpakey(LIST).env("ZPAKEY_AUTH", "legacy").env("ZPA_CLIENT_ID", "acme-client");
    legacy().env("ZPA_CLIENT_SECRET", SECRET).run().code(0);
    assert_eq!(token_files(service.home()).len(), 2);
}

#[test]
fn the_case_of_a_clouds_name_makes_no_difference() {
    let service = welcoming();
    for cloud in ["beta", "BETA"] {
        service.zpakey(LIST).env("ZSCALER_CLOUD", cloud).run().code(0);
    }
    assert_eq!((service.sign_ins(), token_files(service.home()).len()), (1, 1));
}

#[test]
fn in_ci_nothing_is_kept_unless_asked_for() {
    let service = service();
    for value in ["true", "1", "false", "woodpecker"] {
        service.zpakey(LIST).env("CI", value).run().code(0);
    }
    assert_eq!((service.sign_ins(), service.home().files()), (4, vec![]));
    for _ in 0..2 {
        service.zpakey(format!("{LIST} --token-cache file")).env("CI", "true").run().code(0);
    }
    service.zpakey(LIST).env("CI", "true").env("ZPAKEY_TOKEN_CACHE", "FILE").run().code(0);
    assert_eq!((service.sign_ins(), token_files(service.home()).len()), (5, 1));
    // An empty variable is none.
    service.zpakey(LIST).env("CI", "").run().code(0);
    assert_eq!(service.sign_ins(), 5);
}

#[test]
fn it_can_be_switched_off() {
    let service = service();
    for _ in 0..2 {
        service.zpakey(format!("{LIST} --token-cache off")).run().code(0);
        service.zpakey(LIST).env("ZPAKEY_TOKEN_CACHE", "off").run().code(0);
    }
    assert_eq!((service.sign_ins(), service.home().files()), (4, vec![]));
    let profile = format!(
        "active = 'prod'\n[profiles.prod]\ntoken_cache = 'off'\nclient_id = 'acme-client'\nclient_secret = '{SECRET}'\n{}",
        service.profile_lines()
    );
    service.home().write_profiles(&profile);
    service.home().zpakey(LIST).run().code(0);
    assert_eq!(service.home().files(), ["config/zpakey/config.toml"]);
}

#[test]
fn a_word_that_is_not_known_is_refused() {
    let service = service();
    let run = service.zpakey(format!("{LIST} -o table")).env("ZPAKEY_TOKEN_CACHE", "disk").run();
    run.code(2).stderr_is(str![[r#"
error: ZPAKEY_TOKEN_CACHE is "disk": not auto, file, keyring or off

"#]]);
    service.zpakey(format!("{LIST} --token-cache disk")).run().code(2).stderr_has("invalid value 'disk'");
    assert_eq!(service.received(), []);
}

#[test]
fn where_no_keyring_is_a_token_is_kept_nowhere_instead() {
    let service = service();
    for _ in 0..2 {
        service.zpakey(format!("{LIST} --token-cache keyring")).run().code(0);
    }
    assert_eq!((service.sign_ins(), token_files(service.home())), (2, vec![]));
}

#[test]
fn a_token_that_was_given_is_not_kept() {
    let service = welcoming();
    let run =
        service.without_credential(format!("{LIST} --token-cache file")).env("ZPAKEY_ACCESS_TOKEN", "given");
    run.run().code(0);
    assert_eq!((service.sign_ins(), state_files(service.home())), (0, vec![]));
}

#[test]
fn a_program_that_the_sandbox_runs_keeps_nothing() {
    let home = Home::new();
    let run = home.zpakey(["-c", r#""$ZPAKEY" sandbox run -- "$ZPAKEY" list -q"#]).through("/bin/sh");
    run.run().code(0);
    assert_eq!(home.files(), [""; 0]);
}
