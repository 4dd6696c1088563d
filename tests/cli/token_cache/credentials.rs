//! A cached token belongs to the credential that it was issued for: another secret of the same client never uses it.

use snapbox::str;

use super::{LIST, SECRET, directory, service, token_file, token_files, welcoming};
use crate::support::{ApiClient, Run, Service, certificates::SIGNING_KEY};

/// The program of this service with another secret of the same client.
fn with_secret(service: &Service, line: &str, secret: &str) -> Run {
    service.zpakey(line).env("ZSCALER_CLIENT_SECRET", secret)
}

#[test]
fn a_secret_that_was_replaced_is_not_hidden_by_the_token_of_the_old_one() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    let before = std::fs::read(token_file(service.home())).unwrap();
    service.forget();
    // The old token is still good, but it says nothing of this secret.
    with_secret(&service, LIST, "an0ther-secret").run().code(3).lacks("an0ther");
    assert_eq!((service.sign_ins(), service.calls()), (1, 0));
    assert_eq!(
        std::fs::read(token_file(service.home())).unwrap(),
        before,
        "a sign-in that failed changed it"
    );
    service.forget();
    service.zpakey(LIST).run().code(0);
    assert_eq!((service.sign_ins(), service.calls()), (0, 1));
}

#[test]
fn two_secrets_of_one_client_take_turns_and_each_signs_in_once() {
    let service = welcoming();
    for sign_ins in [2, 2, 2] {
        service.zpakey(LIST).run().code(0);
        with_secret(&service, LIST, "rotated-secret").run().code(0);
        assert_eq!((service.sign_ins(), token_files(service.home()).len()), (sign_ins, 1));
    }
    // Signing out forgets both.
    service.zpakey("auth logout").run().code(0);
    assert_eq!(token_files(service.home()), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn the_tokens_of_the_last_four_secrets_are_kept() {
    let service = welcoming();
    for number in 0..5 {
        with_secret(&service, LIST, &format!("secret-number-{number}")).run().code(0);
    }
    for (number, sign_ins) in [(1, 5), (4, 5), (0, 6)] {
        with_secret(&service, LIST, &format!("secret-number-{number}")).run().code(0);
        assert_eq!(service.sign_ins(), sign_ins, "{number}");
    }
}

#[test]
fn a_private_key_that_was_replaced_signs_in_anew() {
    let service = Service::start(ApiClient::one_api_key(&SIGNING_KEY.public_key_pem));
    let list = |key: &str| service.zpakey(LIST).env("ZSCALER_PRIVATE_KEY", key);
    list(&SIGNING_KEY.pkcs8_pem).run().code(0);
    list(&SIGNING_KEY.pkcs8_pem).run().code(0);
    assert_eq!((service.sign_ins(), service.calls()), (1, 2));
    let other = crate::support::certificates::another_signing_key();
    list(&other).run().code(3);
    assert_eq!((service.sign_ins(), service.calls()), (2, 2));
}

#[test]
fn a_token_file_that_was_moved_to_another_tenants_place_is_not_used() {
    let service = welcoming();
    service.zpakey(LIST).run().code(0);
    let first = token_file(service.home());
    service.zpakey(LIST).env("ZPA_CUSTOMER_ID", "42").run().code(0);
    let second = token_files(service.home()).into_iter().find(|file| *file != first).unwrap();
    std::fs::copy(&first, &second).unwrap();
    service.zpakey(LIST).env("ZPA_CUSTOMER_ID", "42").run().code(0);
    assert_eq!(service.sign_ins(), 3);
}

// What `auth status` and `doctor` say of it.

#[test]
fn status_says_usable_only_if_a_token_of_this_very_secret_is_cached() {
    let service = service();
    let status = |secret: &str, code: i32| {
        let run = with_secret(&service, "auth status -o json", secret).run().code(code);
        let status = run.json();
        (status["usable"].clone(), status["token_seconds_left"].is_null(), status["problem"].clone())
    };
    let null = serde_json::Value::Null;
    assert_eq!(status(SECRET, 0), (null.clone(), true, null.clone()), "nothing was tried yet");
    service.zpakey(LIST).run().code(0);
    assert_eq!(status(SECRET, 0), (true.into(), false, null.clone()));
    // Today's secret is not the one that was tried.
    assert_eq!(status("an0ther-secret", 0), (null.clone(), true, null));
    let (usable, _, problem) = status("", 3);
    assert_eq!((usable, problem), (false.into(), "missing: client secret or private key".into()));
    let mut card = with_secret(&service, "auth status", "an0ther-secret").terminal();
    assert_eq!(card.exit_code(), 0);
    let screen = card.steady_screen();
    assert!(
        screen.contains("Usable       not tried · `zpakey doctor --online` signs in with it"),
        "{screen}"
    );
    assert!(screen.contains("Token        none yet"), "{screen}");
    assert_eq!(service.sign_ins(), 1, "status signs in to nothing");
}

#[test]
fn doctor_tells_of_a_token_only_if_it_is_of_this_very_secret() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    let says = |secret: &str, expected: &str| {
        let run = with_secret(&service, "doctor -o json", secret).run();
        assert!(run.stdout.contains(expected), "{}", run.stdout);
    };
    says(SECRET, "one is there, good for 1 h");
    says("an0ther-secret", "there is none yet for this credential");
}

// Signing out.

#[test]
fn logout_forgets_the_token_of_a_credential_of_the_environment() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    service.zpakey("auth logout -o table").run().code(0).stdout_is(str![]).stderr_is(str![[r#"
✓ removed the token that was cached for the credential from the environment
the credential stays: unset its variables

"#]]);
    assert_eq!(token_files(service.home()), [""; 0].map(std::path::PathBuf::from));
    service.zpakey("auth logout -o table").run().code(0).stderr_is(str![[r#"
no token is cached for the credential from the environment
the credential stays: unset its variables

"#]]);
    service.forget();
    service.zpakey(LIST).run().code(0);
    assert_eq!(service.sign_ins(), 1);
}

#[test]
fn logout_forgets_the_token_even_if_the_secret_is_another_by_now() {
    let service = service();
    service.zpakey(LIST).run().code(0);
    with_secret(&service, "auth logout", "an0ther-secret").run().code(0).stderr_has("removed the token");
    assert!(token_files(service.home()).is_empty() && directory(service.home()).exists());
}

#[test]
fn logout_of_a_profile_forgets_the_token_of_the_environment_too() {
    let service = service();
    let profile = format!(
        "active = 'prod'\n[profiles.prod]\nclient_id = 'other'\nclient_secret = 'x'\n{}",
        service.profile_lines()
    );
    service.home().write_profiles(&profile);
    service.zpakey(LIST).run().code(0);
    service
        .zpakey("auth logout --yes")
        .run()
        .code(0)
        .stderr_has("signed out of profile prod: removed client secret in the profile file\n")
        .stderr_has("removed the token that was cached for the credential from the environment");
    assert!(token_files(service.home()).is_empty());
    // A profile that is named sets the environment aside, and with it the environment's token.
    service.zpakey(LIST).run().code(0);
    service.zpakey("auth logout --yes --profile prod").run().code(0).lacks("environment");
    assert_eq!(token_files(service.home()).len(), 1);
}

#[test]
fn logout_says_what_is_missing_where_the_credential_is_not_whole() {
    let service = service();
    with_secret(&service, "auth logout -o table", "").run().code(3).stderr_has("error: not signed in");
}
