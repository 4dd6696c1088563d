use super::*;
use crate::domain::CustomerId;
use crate::secret::SecretText;

fn profile(pairs: &[(&'static dyn AnySetting, &str)], secret: Option<&str>) -> Profile {
    let mut profile = Profile::default();
    let origin = Origin::Profile("default".to_owned());
    for (setting, text) in pairs {
        profile.layer.put_text(*setting, text, &origin);
    }
    let secret = secret.map(|text| SecretSource::Text(SecretText::new(text)));
    profile.layer.put_secret(&vars::CLIENT_SECRET, secret, &origin);
    profile
}

fn file(active: Option<&str>, profiles: Vec<(&str, Profile)>) -> ProfileFile {
    ProfileFile {
        active: active.map(str::to_owned),
        profiles: profiles.into_iter().map(|(name, profile)| (name.to_owned(), profile)).collect(),
        ..ProfileFile::default()
    }
}

fn options(pairs: &[(&'static dyn AnySetting, &str)]) -> Options {
    let mut options = Options::default();
    for (setting, text) in pairs {
        options.put_text(*setting, text);
    }
    options
}

fn resolve(options: Options, env: &Env, file: &ProfileFile) -> Result<Settings, ConfigError> {
    Settings::resolve(options, env, file, || Ok(VendorFile::default()))
}

const ONEAPI: [(&str, &str); 4] = [
    ("ZSCALER_CLIENT_ID", "id"),
    ("ZSCALER_CLIENT_SECRET", "secret"),
    ("ZSCALER_VANITY_DOMAIN", "acme"),
    ("ZPA_CUSTOMER_ID", "216"),
];

#[test]
fn the_variables_that_terraform_reads_are_enough() {
    let settings = resolve(options(&[]), &Env::from(ONEAPI), &file(None, vec![])).unwrap();
    let connection = settings.connection().unwrap();
    assert_eq!(connection.front_door, ApiFlavor::OneApi);
    assert_eq!(connection.customer, "216".parse::<CustomerId>().unwrap());
    assert_eq!(connection.vanity_domain.as_deref(), Some("acme"));
}

#[test]
fn zpakeys_own_variable_comes_before_the_vendors() {
    let env = Env::from([("ZPA_CUSTOMER_ID", "1"), ("ZPAKEY_CUSTOMER_ID", "2")]);
    let settings = resolve(options(&[]), &env, &file(None, vec![])).unwrap();
    let found = settings.get(&vars::CUSTOMER_ID).unwrap();
    assert_eq!((found.value.as_str(), &found.origin), ("2", &Origin::Variable("ZPAKEY_CUSTOMER_ID")));
}

#[test]
fn a_named_profile_comes_before_the_environment_and_the_default_profile_after_it() {
    let profiles =
        || vec![("lab", profile(&[(&vars::CUSTOMER_ID, "9"), (&vars::CLIENT_ID, "lab-id")], Some("s")))];
    let env = Env::from(ONEAPI);
    let named = resolve(options(&[(&vars::PROFILE, "lab")]), &env, &file(None, profiles())).unwrap();
    assert_eq!(named.get(&vars::CUSTOMER_ID).unwrap().value.as_str(), "9");
    assert_eq!(named.get(&vars::VANITY_DOMAIN), None);
    assert_eq!(
        named.set_aside,
        ["ZSCALER_CLIENT_ID", "ZSCALER_CLIENT_SECRET", "ZSCALER_VANITY_DOMAIN", "ZPA_CUSTOMER_ID"]
    );
    let active = resolve(options(&[]), &env, &file(Some("lab"), profiles())).unwrap();
    assert_eq!(active.get(&vars::CUSTOMER_ID).unwrap().value.as_str(), "216");
    assert!(active.set_aside.is_empty());
}

#[test]
fn an_option_comes_before_everything() {
    let settings =
        resolve(options(&[(&vars::CUSTOMER_ID, "7")]), &Env::from(ONEAPI), &file(None, vec![])).unwrap();
    assert_eq!(settings.connection().unwrap().customer.as_str(), "7");
}

#[test]
fn an_id_is_never_joined_with_a_secret_from_elsewhere() {
    let env = Env::from([("ZSCALER_CLIENT_ID", "id")]);
    let kept = vec![("default", profile(&[(&vars::CLIENT_ID, "other")], Some("secret")))];
    let error = resolve(options(&[]), &env, &file(None, kept)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the client id comes from ZSCALER_CLIENT_ID but the client secret from profile \"default\"; a credential comes from one source"
    );
}

#[test]
fn legacy_reads_its_own_variables_only() {
    let env = Env::from([
        ("ZSCALER_USE_LEGACY_CLIENT", "TRUE"),
        ("ZPA_CLIENT_ID", "legacy-id"),
        ("ZPA_CLIENT_SECRET", "s"),
        ("ZSCALER_CLIENT_ID", "oneapi-id"),
        ("ZPA_CUSTOMER_ID", "216"),
        ("ZPA_CLOUD", "BETA"),
        ("ZSCALER_CLOUD", "gov"),
    ]);
    let connection = resolve(options(&[]), &env, &file(None, vec![])).unwrap().connection().unwrap();
    assert_eq!(connection.front_door, ApiFlavor::Legacy);
    assert_eq!(connection.cloud.unwrap().value, "BETA");
    let Credential::ClientSecret { client_id, .. } = connection.credential else { panic!("no client id") };
    assert_eq!(client_id.value, "legacy-id");
}

#[test]
fn what_is_missing_is_named_with_variables_that_are_set_but_empty() {
    let env = Env::from([("ZSCALER_CLIENT_SECRET", ""), ("ZSCALER_CLIENT_ID", "id")]);
    let settings = resolve(options(&[]), &env, &file(None, vec![])).unwrap();
    let ConfigError::NotSignedIn { missing, empty, .. } = settings.connection().unwrap_err() else {
        panic!("another error")
    };
    assert_eq!(missing, ["client secret or private key", "vanity domain", "customer id"]);
    assert_eq!(*empty, ["ZSCALER_CLIENT_SECRET"]);
}

#[test]
fn a_token_needs_neither_id_nor_vanity_domain() {
    let env = Env::from([("ZPAKEY_ACCESS_TOKEN", "t"), ("ZPA_CUSTOMER_ID", "216")]);
    let connection = resolve(options(&[]), &env, &file(None, vec![])).unwrap().connection().unwrap();
    assert!(matches!(connection.credential, Credential::AccessToken(_)));
}

#[test]
fn the_sandbox_takes_nothing_from_environment_or_profiles() {
    let kept = vec![("default", profile(&[(&vars::CUSTOMER_ID, "9")], None))];
    let env = Env::from([("ZPA_CUSTOMER_ID", "216"), ("ZPA_MICROTENANT_ID", "5"), ("ZPAKEY_SANDBOX", "yes")]);
    let settings = resolve(options(&[]), &env, &file(None, kept)).unwrap();
    assert!(settings.is_sandbox());
    assert_eq!(settings.get(&vars::CUSTOMER_ID), None);
    assert_eq!(settings.microtenant(), None);
    assert_eq!(settings.timing().rate_limit, RateLimit::Off);
}

#[test]
fn a_profile_that_was_typed_overrules_the_sandbox_variable() {
    let kept = vec![("prod", Profile::default())];
    let env = Env::from([("ZPAKEY_SANDBOX", "1")]);
    let settings = resolve(options(&[(&vars::PROFILE, "prod")]), &env, &file(None, kept)).unwrap();
    assert!(!settings.is_sandbox());
}

#[test]
fn an_address_that_would_send_secrets_in_the_clear_is_refused() {
    let mut pairs = ONEAPI.to_vec();
    pairs.push(("ZPAKEY_API_URL", "http://api.example.net"));
    let env = Env::from(<[_; 5]>::try_from(pairs).unwrap());
    let error = resolve(options(&[]), &env, &file(None, vec![])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ZPAKEY_API_URL: only https is accepted, and http to 127.0.0.1, [::1] or localhost"
    );
}

#[test]
fn a_wrong_value_is_an_error_only_if_it_counts() {
    let wrong = || vec![("default", profile(&[(&vars::TIMEOUT, "soon")], None))];
    let error = resolve(options(&[]), &Env::default(), &file(None, wrong())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "profile \"default\": timeout is \"soon\": not a duration such as 30s, 5m, 24h, 1d12h, 90d or 2w"
    );
    let env = Env::from([("ZPAKEY_TIMEOUT", "5s")]);
    let settings = resolve(options(&[]), &env, &file(None, wrong())).unwrap();
    assert_eq!(settings.timing().timeout, Duration::from_secs(5));
    let set_up = Options::for_purpose(Purpose::SetUp);
    let settings = resolve(set_up, &Env::default(), &file(None, wrong())).unwrap();
    assert_eq!((settings.timing().timeout, settings.refused().count()), (Duration::from_secs(30), 1));
}

#[test]
fn an_unknown_profile_is_an_error_with_a_suggestion() {
    let kept = vec![("prod", Profile::default())];
    let error = resolve(options(&[(&vars::PROFILE, "prd")]), &Env::default(), &file(None, kept)).unwrap_err();
    let ConfigError::NoProfile { near, .. } = error else { panic!("another error") };
    assert_eq!(near.as_deref(), Some("prod"));
}
