//! What a run is told: options, variables, profiles, their precedence, and what is said where they are wrong.

mod empty;
mod wrong;

use snapbox::str;

use crate::support::{Home, Run, Tenant};

/// A home whose profile file has these lines.
fn home_with(profiles: &str) -> Home {
    let home = Home::new();
    home.write_profiles(profiles);
    home
}

/// The tenant with a key, and a profile `lab` of it that names another customer.
fn tenant_with_lab(active: &str) -> Tenant {
    let tenant = Tenant::with_keys(["demo"]);
    let access = tenant.access();
    tenant.home().write_profiles(&format!(
        "{active}\n[profiles.lab]\nclient_id = \"{}\"\nclient_secret = \"{}\"\ncustomer_id = \"42\"\n\
         api_url = \"{}\"\ntoken_url = \"{}\"\n",
        access.client_id, access.client_secret, access.api_url, access.token_url
    ));
    tenant
}

/// The customers in the paths of the requests for keys.
fn customers(tenant: &Tenant) -> Vec<String> {
    let paths = tenant.requests().into_iter().map(|request| request.path);
    let mut found: Vec<String> = paths
        .filter_map(|path| path.split_once("/customers/")?.1.split('/').next().map(str::to_owned))
        .collect();
    found.dedup();
    found
}

fn list(tenant: &Tenant, options: &str) -> Run {
    tenant.zpakey(format!("list -o csv --columns name {options}"))
}

// Precedence.

#[test]
fn an_option_comes_before_a_named_profile() {
    let tenant = tenant_with_lab("");
    let customer = tenant.access().customer_id.clone();
    list(&tenant, &format!("--profile lab --customer-id {customer}")).run().code(0);
    assert_eq!(customers(&tenant), [customer]);
}

#[test]
fn a_named_profile_comes_before_the_environment_and_says_what_it_sets_aside() {
    let tenant = tenant_with_lab("");
    list(&tenant, "--profile lab").run().code(3).stdout_is(str![]).stderr_is(str![[r#"
profile lab is selected; ignoring ZSCALER_CLIENT_ID, ZSCALER_CLIENT_SECRET, ZSCALER_VANITY_DOMAIN, ZPA_CUSTOMER_ID, ZPAKEY_API_URL, ZPAKEY_TOKEN_URL
error: the API answered 401 access.denied: Access denied
  in tenant 42 (profile lab)
  request id [UUID]
hint: the API client's role, or the tenant's licence, does not allow this

"#]]);
    assert_eq!(customers(&tenant), ["42"]);
}

#[test]
fn a_profile_that_a_variable_names_counts_as_named() {
    let tenant = tenant_with_lab("");
    list(&tenant, "").env("ZPAKEY_PROFILE", "lab").run().code(3).stderr_has("ignoring ");
    assert_eq!(customers(&tenant), ["42"]);
}

#[test]
fn the_environment_comes_before_the_active_profile() {
    let tenant = tenant_with_lab("active = \"lab\"");
    list(&tenant, "")
        .run()
        .code(0)
        .stdout_is(str![[r#"
name
demo

"#]])
        .lacks("ignoring ");
    assert_eq!(customers(&tenant), [tenant.access().customer_id.clone()]);
}

#[test]
fn the_active_profile_is_used_where_the_environment_is_silent() {
    let tenant = tenant_with_lab("active = \"lab\"");
    tenant.home().zpakey("list -o table").run().code(3);
    assert_eq!(customers(&tenant), ["42"]);
}

// Profiles.

#[test]
fn an_unknown_profile_is_not_found_and_a_near_one_suggested() {
    let home = home_with("[profiles.prod]\ncustomer_id = \"42\"\n");
    home.zpakey("list --profile prdo -o table").run().code(4).stdout_is(str![]).stderr_is(str![[r#"
error: no profile named "prdo" in [HOME]/config/zpakey/config.toml
hint: did you mean prod?

"#]]);
}

#[test]
fn a_syntax_error_is_placed_and_quotes_no_value() {
    let home = home_with("[profiles.prod]\nclient_secret = \"s3cret\nclient_id = \"i\"\n");
    home.zpakey("list -o table").run().code(2).lacks("s3cret").stderr_is(str![[r#"
error: [HOME]/config/zpakey/config.toml line 2, column 24: that does not parse as the TOML of a profile file

"#]]);
}

#[test]
fn an_unknown_key_of_a_profile_is_refused_with_the_near_one() {
    let home = home_with("[profiles.prod]\nclientid = \"s3cret\"\n");
    home.zpakey("list -o table").run().code(2).lacks("s3cret").stderr_is(str![[r#"
error: [HOME]/config/zpakey/config.toml: profile "prod": clientid: there is no such key; did you mean client_id?

"#]]);
}

#[test]
fn help_works_with_a_broken_profile_file() {
    home_with("not = [toml").zpakey("get --help").run().code(0).stderr_is(str![]);
}

// What is missing, empty or mixed.

#[test]
fn without_anything_it_says_what_to_do() {
    Home::new().zpakey("list -o table").run().code(3).stdout_is(str![]).stderr_is(str![[r#"
error: not signed in
  looked at options, environment, and profile "default" in ~/config/zpakey/config.toml, which does not exist
  missing: client id, client secret or private key, vanity domain, customer id
hint: `zpakey auth login` sets up a profile
hint: in CI set ZSCALER_CLIENT_ID, ZSCALER_CLIENT_SECRET, ZSCALER_VANITY_DOMAIN, ZPA_CUSTOMER_ID
hint: `zpakey --sandbox list` tries everything without a tenant

"#]]);
}

#[test]
fn a_variable_that_is_set_but_empty_is_named() {
    let tenant = Tenant::standard();
    list(&tenant, "").env("ZSCALER_CLIENT_SECRET", "").run().code(3).stdout_is(str![]).stderr_is(str![[r#"
error: not signed in
  looked at options, environment, and profile "default" in ~/config/zpakey/config.toml, which does not exist
  missing: client secret or private key
  set, but empty: ZSCALER_CLIENT_SECRET
  ZPA_CLIENT_ID is set, but it belongs to the legacy API: --auth legacy
hint: `zpakey auth login` sets up a profile
hint: in CI set ZSCALER_CLIENT_SECRET
hint: `zpakey --sandbox list` tries everything without a tenant

"#]]);
    assert_eq!(tenant.requests(), []);
}

#[test]
fn an_id_and_a_secret_from_two_sources_are_refused() {
    let tenant = tenant_with_lab("active = \"lab\"");
    list(&tenant, "").env_remove("ZSCALER_CLIENT_SECRET").run().code(2).stdout_is(str![]).stderr_is(str![[r#"
error: the client id comes from ZSCALER_CLIENT_ID but the client secret from profile "lab"; a credential comes from one source
hint: set both where the id is, or name a profile that has both: --profile NAME

"#]]);
    assert_eq!(tenant.requests(), []);
}

#[test]
fn credentials_of_the_other_way_to_sign_in_are_pointed_at() {
    let home = Home::new();
    home.zpakey("list -o table")
        .env("ZPA_CLIENT_ID", "legacy-id")
        .env("ZPA_CLIENT_SECRET", "s3cret")
        .env("ZPA_CUSTOMER_ID", "42")
        .run()
        .code(3)
        .lacks("s3cret")
        .stderr_has("ZPA_CLIENT_ID is set, but it belongs to the legacy API: --auth legacy");
}

// Signing in, over the wire.

#[test]
fn oneapi_signs_in_with_four_fields() {
    let tenant = Tenant::standard();
    list(&tenant, "").run().code(0);
    let requests = tenant.requests();
    let first = requests.first().map(|request| {
        (request.method.as_str(), request.path.as_str(), request.body.as_str(), request.has_authorization)
    });
    let body = "grant_type=client_credentials&client_id=zpakey-sandbox-client&client_secret=removed\
                &audience=https%3A%2F%2Fapi.zscaler.com";
    assert_eq!(first, Some(("POST", "/oauth2/v1/token", body, false)));
    assert!(requests.iter().skip(1).all(|request| request.path.starts_with("/zpa/mgmtconfig/")));
}

fn legacy(tenant: &Tenant) -> Run {
    let signin = tenant.access().signin_url.clone();
    list(tenant, "").env("ZPAKEY_TOKEN_URL", signin).env_remove("ZSCALER_CLIENT_ID")
}

#[test]
fn the_legacy_api_signs_in_with_two_fields() {
    let tenant = Tenant::standard();
    legacy(&tenant).env("ZSCALER_USE_LEGACY_CLIENT", "true").run().code(0);
    let requests = tenant.requests();
    let first = requests.first().map(|request| (request.path.as_str(), request.body.as_str()));
    assert_eq!(first, Some(("/signin", "client_id=zpakey-sandbox-client&client_secret=removed")));
    assert!(requests.iter().skip(1).all(|request| request.path.starts_with("/mgmtconfig/")));
}

#[test]
fn zpakeys_own_variable_for_the_way_comes_before_the_vendors() {
    let tenant = Tenant::standard();
    legacy(&tenant).env("ZSCALER_USE_LEGACY_CLIENT", "false").env("ZPAKEY_AUTH", "Legacy").run().code(0);
    assert!(tenant.requests().iter().any(|request| request.path == "/signin"));
}

#[test]
fn a_wrong_secret_is_rejected_with_the_endpoint_and_the_masked_id() {
    let tenant = Tenant::standard();
    list(&tenant, "").env("ZSCALER_CLIENT_SECRET", "wr0ng").run().code(3).lacks("wr0ng").stderr_is(str![[r#"
error: Zscaler rejected the credential (401 invalid_client)
  credential: from the environment
  client id zpak…nt
  token endpoint http://127.0.0.1:[PORT]/oauth2/v1/token
  Client authentication failed.
hint: the secret may have been replaced, or the credential belongs to another cloud (--cloud) or to the other way to sign in (--auth)

"#]]);
}

#[test]
fn a_token_is_used_without_signing_in_and_never_renewed() {
    let tenant = Tenant::standard();
    let run = list(&tenant, "").env("ZPAKEY_ACCESS_TOKEN", "t0ken").run();
    run.code(3).lacks("t0ken").stderr_has("ZPAKEY_ACCESS_TOKEN");
    assert!(tenant.requests().iter().all(|request| request.has_authorization));
    assert!(tenant.requests().iter().all(|request| request.path.starts_with("/zpa/mgmtconfig/")));
}

#[test]
fn the_clients_secret_is_read_from_a_file_or_standard_input() {
    let tenant = Tenant::standard();
    let secret = tenant.access().client_secret.clone();
    let id = tenant.access().client_id.clone();
    tenant.home().write("secret", &format!("{secret}\n"));
    for (source, input) in [("secret", ""), ("-", secret.as_str())] {
        list(&tenant, &format!("--client-id {id} --client-secret-file {source}"))
            .env_remove("ZSCALER_CLIENT_ID")
            .env_remove("ZSCALER_CLIENT_SECRET")
            .stdin(input)
            .run()
            .code(0);
    }
}

// Addresses and clouds.

#[test]
fn an_address_in_the_clear_is_refused_and_not_quoted() {
    let tenant = Tenant::standard();
    let url = "http://user:s3cret@api.example.net";
    list(&tenant, "").env("ZPAKEY_API_URL", url).run().code(2).lacks("s3cret").stderr_is(str![[r#"
error: ZPAKEY_API_URL: only https is accepted, and http to 127.0.0.1, [::1] or localhost

"#]]);
    assert_eq!(tenant.requests(), []);
}

#[test]
fn an_unknown_cloud_lists_the_clouds() {
    let tenant = Tenant::standard();
    let unsaid = list(&tenant, "--cloud prod").env_remove("ZPAKEY_API_URL").env_remove("ZPAKEY_TOKEN_URL");
    unsaid.run().code(2).stdout_is(str![]).stderr_is(str![[r#"
error: there is no cloud named "prod" for OneAPI; there are: production, beta, zpatwo, preview, gov, govus
hint: where it is a cloud that zpakey does not know, name none, and set ZPAKEY_API_URL and ZPAKEY_TOKEN_URL

"#]]);
}

// Directories.

#[test]
fn directories_are_those_of_xdg() {
    let home = Home::new();
    home.zpakey("sandbox path").run().code(0).stdout_is(str![[r#"
[HOME]/state/zpakey/sandbox.json

"#]]);
    home.zpakey("sandbox path").env_remove("XDG_STATE_HOME").run().code(0).stdout_is(str![[r#"
[HOME]/.local/state/zpakey/sandbox.json

"#]]);
}

#[test]
fn the_sandboxs_tenant_its_lock_and_its_names_are_the_only_files_that_are_left() {
    let home = Home::new();
    home.sandboxed("list").run().code(0);
    assert_eq!(
        home.files(),
        [
            "cache/zpakey/names/9a1968d05402dfad403f08a6b7747d7b.json",
            "state/zpakey/sandbox.json",
            "state/zpakey/sandbox.json.lock"
        ]
    );
}

#[test]
fn without_a_home_directory_variables_are_enough() {
    let tenant = Tenant::standard();
    let homeless =
        |run: Run| ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].into_iter().fold(run, Run::env_remove);
    homeless(list(&tenant, "")).run().code(0);
}

#[test]
fn a_credential_and_the_place_where_it_is_valid_come_from_one_source() {
    let tenant = Tenant::standard();
    tenant.home().write_profiles("active = 'work'\n[profiles.work]\nauth = 'legacy'\ncloud = 'nowhere'\n");
    tenant.zpakey("list").run().code(0);
}

#[test]
fn another_profile_file_can_be_named() {
    let tenant = Tenant::standard();
    tenant.home().write("elsewhere.toml", "[profiles.lab]\noutput = 'csv'\n");
    tenant
        .zpakey("list --no-header")
        .env("ZPAKEY_CONFIG_FILE", "elsewhere.toml")
        .env("ZPAKEY_PROFILE", "lab")
        .run()
        .code(3)
        .stderr_has("elsewhere.toml");
}

#[test]
fn the_secret_and_the_keys_cannot_both_come_from_standard_input() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("delete - --yes --client-secret-file -").stdin("demo\n").run();
    run.code(2).stderr_has("cannot give both");
    assert!(tenant.requests().is_empty());
}

#[test]
fn columns_that_are_set_once_are_those_of_keys() {
    let tenant = Tenant::with_keys(["demo"]);
    let with = |arguments: &str| tenant.zpakey(arguments).env("ZPAKEY_COLUMNS", "name,remaining").run();
    assert_eq!(with("get demo").code(0).json().as_object().unwrap().len(), 2);
    with("delete demo --yes --dry-run").code(0);
}

// Values that look right and are not.

#[test]
fn a_vanity_domain_that_is_another_host_is_refused_and_never_cut() {
    for wrong in ["evil.example?x=", "a.b", "acme.zslogin.net.example", "-acme", "acme/", "a b"] {
        let run = Home::new().zpakey("list").env("ZSCALER_VANITY_DOMAIN", wrong).run().code(2);
        assert!(run.stderr.contains("not a vanity domain"), "{wrong}: {}", run.stderr);
    }
    for good in ["acme", "acme.zslogin.net", "acme.zsloginbeta.net", "ACME.zidentitygov.us"] {
        let run = Home::new().zpakey("list").env("ZSCALER_VANITY_DOMAIN", good).run().code(3);
        assert!(!run.stderr.contains("not a vanity domain"), "{good}: {}", run.stderr);
    }
}

#[test]
fn the_api_address_may_end_with_what_each_path_begins_with() {
    let tenant = Tenant::with_keys(["demo"]);
    let host = tenant.access().api_url.clone();
    for end in ["/zpa", "/zpa/", "/zpa/mgmtconfig/v1/admin"] {
        tenant.zpakey("get demo").env("ZPAKEY_API_URL", format!("{host}{end}")).run().code(0);
    }
}

#[test]
fn without_an_active_profile_the_profiles_that_are_there_are_named() {
    let home = home_with("[profiles.lab]\ncustomer_id = '42'\n[profiles.prod]\ncustomer_id = '43'\n");
    let run = home.zpakey("list -o table").run().code(3);
    let looked = "~/config/zpakey/config.toml, which has no profile \"default\" but lab, prod\n";
    assert!(run.stderr.contains(looked), "{}", run.stderr);
    assert!(run.stderr.contains("--profile lab"), "{}", run.stderr);
}
