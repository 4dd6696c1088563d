//! `reveal = "never"`: no command prints a key value, however it is asked to.

use crate::support::Tenant;

const PRINTING: [&str; 6] = [
    "reveal prod --yes",
    "reveal prod --yes --raw",
    "reveal prod --yes -o json",
    "create new --type connector --group \"AWS us-east-1\" --max-usage 1 --reveal --yes",
    "create prod --type connector --group \"AWS us-east-1\" --max-usage 1 --if-exists skip --reveal --yes",
    "rotate prod --reveal --yes",
];

#[test]
fn what_would_print_is_refused_before_anything_is_sent() {
    let tenant = Tenant::with_keys(["prod"]);
    for line in PRINTING {
        let run = tenant.zpakey(line).env("ZPAKEY_REVEAL", "never").run().code(2).has_no_secret();
        run.stdout_is("")
            .stderr_has("forbidden by reveal = ")
            .stderr_has("ZPAKEY_REVEAL")
            .stderr_has("--out-file");
    }
    assert_eq!(tenant.calls(), Vec::<String>::new());
}

#[test]
fn files_and_programs_get_the_value_all_the_same() {
    let tenant = Tenant::with_keys(["prod"]);
    let never = |line: &str| tenant.zpakey(line).env("ZPAKEY_REVEAL", "never").run().code(0).has_no_secret();
    never("reveal prod --out-file provision_key").stderr_has("wrote provision_key");
    never("exec prod --stdin -- sh -c \"test $(wc -c) -gt 100\"");
    never("rotate prod --out-file provision_key --force --yes --settle 0s");
}

#[test]
fn a_profile_forbids_it_and_no_variable_lifts_that() {
    let tenant = Tenant::with_keys(["prod"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "active = 'lab'\n[profiles.lab]\nreveal = 'never'\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
    ));
    let lab = |line: &str| tenant.home().zpakey(line).env("ZPAKEY_REVEAL", "");
    lab("reveal prod --yes").run().code(2).has_no_secret().stdout_is("").stderr_has("(profile \\\"lab\\\")");
    let lifted = tenant.home().zpakey("reveal prod --yes").env("ZPAKEY_REVEAL", "ask").run();
    lifted.code(2).has_no_secret().stdout_is("").stderr_has("not never, the only value");
}
