//! Variables that contradict each other: which counts is said, what a secret is never.

use serde_json::Value;

use super::{found, one};
use crate::support::{Finished, Home, Run, Tenant};

/// The tenant's program with the variables of one way to sign in only.
fn oneapi(tenant: &Tenant) -> Run {
    let run = tenant.zpakey("doctor");
    ["ZPA_CLIENT_ID", "ZPA_CLIENT_SECRET", "ZSCALER_CUSTOMER_ID"].into_iter().fold(run, Run::env_remove)
}

/// The warnings about variables: message and hint.
#[track_caller]
fn warnings(run: &Finished) -> Vec<(String, String)> {
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    let all = found(run, "variables");
    assert!(all.iter().all(|finding| finding["status"] == "warning"), "{all:?}");
    all.iter().map(|finding| (text(finding, "message"), text(finding, "hint"))).collect()
}

#[test]
fn the_same_value_in_two_variables_is_no_contradiction() {
    let run = Tenant::standard().zpakey("doctor").run().code(0);
    assert_eq!(one(&run, "variables"), ("ok".into(), "no conflicting variables".into()));
}

#[test]
fn customer_ids_that_differ_are_shown_with_the_one_that_counts() {
    let tenant = Tenant::standard();
    let run = oneapi(&tenant).env("ZSCALER_CUSTOMER_ID", "43").env("ZPAKEY_CUSTOMER_ID", "42").run().code(0);
    let customer = &tenant.access().customer_id;
    assert_eq!(
        warnings(&run),
        [(
            format!(
                "ZPAKEY_CUSTOMER_ID is used (42); ZPA_CUSTOMER_ID is {customer}, ZSCALER_CUSTOMER_ID is 43"
            ),
            "unset ZPA_CUSTOMER_ID".to_owned()
        )]
    );
}

#[test]
fn an_option_that_decides_leaves_no_contradiction() {
    let tenant = Tenant::standard();
    let run = oneapi(&tenant).env("ZPAKEY_CUSTOMER_ID", "42").run();
    assert_eq!(warnings(&run).len(), 1);
    let decided = tenant.zpakey("doctor --customer-id 42").env("ZPAKEY_CUSTOMER_ID", "43").run().code(0);
    assert_eq!(one(&decided, "variables").0, "ok");
}

#[test]
fn secrets_that_differ_are_named_and_not_shown() {
    let run = oneapi(&Tenant::standard()).env("ZPAKEY_CLIENT_SECRET", "s3cret").run().code(0).lacks("s3cret");
    assert_eq!(
        warnings(&run.has_no_secret()),
        [(
            "ZPAKEY_CLIENT_SECRET is used; ZSCALER_CLIENT_SECRET differs".to_owned(),
            "unset ZSCALER_CLIENT_SECRET".to_owned()
        )]
    );
}

#[test]
fn variables_of_the_other_way_to_sign_in_are_named_with_the_way_that_wins() {
    let run = oneapi(&Tenant::standard())
        .env("ZPA_CLIENT_ID", "old")
        .env("ZPA_CLIENT_SECRET", "s3cret")
        .run()
        .code(0)
        .lacks("s3cret");
    assert_eq!(
        warnings(&run),
        [(
            "ignored because OneAPI is used: ZPA_CLIENT_ID, ZPA_CLIENT_SECRET".to_owned(),
            "unset them, or sign in the other way: --auth legacy".to_owned()
        )]
    );
    let legacy = Tenant::standard();
    let run = legacy.zpakey("doctor --auth legacy").env("ZSCALER_CLIENT_ID", "new").run().code(0);
    assert_eq!(warnings(&run)[0].0, "ignored because the legacy API is used: ZSCALER_CLIENT_ID");
}

#[test]
fn what_a_named_profile_sets_aside_is_a_warning() {
    let tenant = Tenant::standard();
    tenant.home().write_profiles("[profiles.lab]\n");
    let run = tenant.zpakey("doctor --profile lab").run().code(3);
    let (message, hint) = &warnings(&run)[0];
    assert!(
        message.starts_with("ignored because profile \"lab\" is selected: ZSCALER_CLIENT_ID, "),
        "{message}"
    );
    assert_eq!(hint, "unset them, or name no profile");
}

#[test]
fn a_variable_that_is_set_but_empty_is_a_warning_where_its_value_is_missed() {
    let tenant = Tenant::standard();
    let run = oneapi(&tenant).env("ZSCALER_CLIENT_SECRET", "").run().code(3);
    assert_eq!(
        warnings(&run),
        [(
            "set, but empty, which counts as unset: ZSCALER_CLIENT_SECRET".to_owned(),
            "a secret that a CI job does not have looks like that".to_owned()
        )]
    );
    let run = oneapi(&tenant).env("ZPAKEY_ACCESS_TOKEN", "").env("HTTPS_PROXY", "").run().code(0);
    assert_eq!(
        one(&run, "variables"),
        (
            "ok".into(),
            "no conflicting variables; empty ones count as unset: HTTPS_PROXY, ZPAKEY_ACCESS_TOKEN".into()
        )
    );
}

#[test]
fn two_spellings_of_a_proxy_that_differ_are_named_without_their_passwords() {
    let home = Home::new();
    let with = |name: &str, other: &str| {
        home.sandboxed("doctor")
            .env(name, "http://me:s3cret@one.example.net")
            .env(other, "http://me:s3cret@two.example.net")
            .run()
            .code(0)
            .lacks("s3cret")
    };
    assert_eq!(
        warnings(&with("HTTPS_PROXY", "https_proxy")),
        [("HTTPS_PROXY is used; https_proxy differs".to_owned(), "unset https_proxy".to_owned())]
    );
    // One for https and one for all else are what the two names are for.
    assert_eq!(one(&with("HTTPS_PROXY", "ALL_PROXY"), "variables").0, "ok");
}
