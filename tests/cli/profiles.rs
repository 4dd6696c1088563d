//! `profile list`, `use`, `show`, `remove`.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use snapbox::str;

use crate::support::{Home, Tenant};

const TWO: &str = "\
active = \"prod\"

# the real one
[profiles.prod]
client_id = \"b7c1f0e9\"
client_secret = \"s3cret\"
vanity_domain = \"acme\"
customer_id = \"216\"
proxy = \"http://me:s3cret@proxy:8080\"
timeout = \"5s\"
types = [\"connector\"]

[profiles.prod.defaults.connector]
group = \"CI us-east-1\"
max_usage = 50

[profiles.lab]
auth = \"legacy\"
cloud = \"BETA\"
client_id = \"c\"
client_secret = \"file:lab.client_secret\"
customer_id = \"217\"
";

fn home() -> Home {
    let home = Home::new();
    home.write_profiles(TWO);
    let secret = home.path().join("config/zpakey/lab.client_secret");
    std::fs::write(&secret, "s3cret").unwrap();
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    home
}

#[test]
fn profiles_are_listed_without_their_secrets() {
    let home = home();
    home.zpakey("profile list -o table").run().code(0).lacks("s3cret").stderr_is(str![]).stdout_is(str![[
        r#"
NAME  ACTIVE  CUSTOMER  AUTH    METHOD         SECRET                             CLOUD
lab   false   217       legacy  client_secret  ~/config/zpakey/lab.client_secret  BETA
prod  true    216       oneapi  client_secret  the profile file                   -

"#
    ]]);
    let json = home.zpakey("profile ls").run().code(0).lacks("s3cret").json();
    assert_eq!(json[1]["name"], "prod");
    assert_eq!(json[1]["defaults"]["connector"]["max_usage"], 50);
    assert_eq!(json[1]["settings"]["proxy"], "http://proxy:8080");
}

#[test]
fn a_profile_is_shown_as_a_card() {
    let home = home();
    home.zpakey("profile show -o table").run().code(0).lacks("s3cret").stdout_is(str![[r#"
Name         prod · active
Tenant       216
Sign-in      OneAPI, client secret
Client id    b7c1f0e9
Secret in    the profile file
Vanity       acme
Types        connector
Defaults     connector group CI us-east-1, max_usage 50
Settings     timeout 5s · proxy http://proxy:8080

"#]]);
    home.zpakey("profile show lab -o table").run().code(0).lacks("s3cret").stdout_is(str![[r#"
Name         lab
Tenant       217
Sign-in      legacy ZPA API, client secret
Client id    c
Secret in    ~/config/zpakey/lab.client_secret
Cloud        BETA

"#]]);
}

#[test]
fn no_profiles_are_an_empty_list_with_a_word_on_it() {
    Home::new()
        .zpakey("profile list")
        .run()
        .code(0)
        .stderr_is(str![[r#"
no profiles in ~/config/zpakey/config.toml; `zpakey auth login` sets one up

"#]])
        .stdout_is(str![[r#"
[]

"#]]);
}

#[test]
fn another_profile_is_used_and_what_else_is_in_the_file_stays() {
    let home = home();
    home.zpakey("profile use lab").run().code(0).stdout_is(str![]).stderr_is(str![[r#"
✓ profile lab (tenant 217) is active now

"#]]);
    let text = std::fs::read_to_string(home.profile_file()).unwrap();
    assert_eq!(text, TWO.replace("active = \"prod\"", "active = \"lab\""));
    home.zpakey("profile use lab").run().code(0).stderr_is(str![[r#"
profile lab is active already

"#]]);
    home.zpakey("auth status --field customer_id").run().code(0).stdout_is(str![[r#"
217

"#]]);
}

#[test]
fn a_variable_that_comes_before_the_active_profile_is_pointed_at() {
    let run = home().zpakey("profile use lab").env("ZSCALER_CLIENT_ID", "x").run();
    run.code(0).stderr_has("warning: ZSCALER_CLIENT_ID");
}

#[test]
fn a_profile_that_does_not_exist_is_not_found_and_a_near_one_suggested() {
    let home = home();
    for line in ["profile use prdo", "profile show prdo", "profile remove prdo --yes"] {
        home.zpakey(format!("{line} -o table")).run().code(4).stdout_is(str![]).stderr_is(str![[r#"
error: no profile named "prdo" in [HOME]/config/zpakey/config.toml
hint: did you mean prod?

"#]]);
    }
}

#[test]
fn an_active_profile_that_is_gone_is_put_right_with_profile_use() {
    let home = Home::new();
    home.write_profiles("active = 'gone'\n[profiles.lab]\nclient_id = 'c'\ncustomer_id = '217'\n");
    home.zpakey("list -o table").run().code(4).stderr_has("`active` names the profile \"gone\"");
    home.zpakey("profile use lab").run().code(0);
    home.zpakey("auth status --field profile").run().code(3).stdout_has("lab");
}

#[test]
fn a_profile_is_removed_with_the_secret_that_login_kept_for_it() {
    let home = home();
    home.zpakey("profile remove lab")
        .run()
        .code(11)
        .stderr_has("will not remove profile lab without confirmation");
    home.zpakey("profile remove lab --yes").run().code(0).stdout_is(str![]).stderr_is(str![[r#"
✓ removed profile lab, its client secret in ~/config/zpakey/lab.client_secret

"#]]);
    assert_eq!(home.files(), ["config/zpakey/config.toml"]);
    let text = std::fs::read_to_string(home.profile_file()).unwrap();
    assert!(!text.contains("lab") && text.contains("# the real one"), "{text}");
    home.zpakey("profile rm prod --yes").run().code(0).lacks("s3cret").stderr_is(str![[r#"
✓ removed profile prod, its client secret in the profile file

"#]]);
    assert!(!std::fs::read_to_string(home.profile_file()).unwrap().contains("active"));
}

#[test]
fn the_profile_and_the_customer_are_in_questions_and_under_lists() {
    let tenant = Tenant::with_keys(["one"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "active = 'lab'\n[profiles.lab]\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n",
        access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
    ));
    let label = "tenant 216199618143191040 (profile lab)";
    tenant.home().zpakey("list").run().code(0).stderr_has(label);
    let mut terminal = tenant.home().zpakey("reveal one").terminal();
    assert!(terminal.expect("[y/N] ").contains(label));
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
}

#[test]
fn removing_is_asked_for_at_a_terminal() {
    let home = home();
    let mut terminal = home.zpakey("profile remove lab").terminal();
    let question = terminal.expect("? Remove it? [y/N] ");
    assert!(question.contains("profile lab (tenant 217)"), "{question}");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
}
