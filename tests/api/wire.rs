//! Answers as they are on the wire, read by the client. Each file of `answers/` names the public source of its
//! shape; the values are invented.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests fails by panicking, as the tests do"
)]

use serde_json::{Value, json};
use zpakey::api::{Meaning, SignIn};
use zpakey::domain::{AssociationType, KeyChange, ProvisioningKey, ServerText};
use zpakey::secret::ClientSecret;

use super::client::{Bench, CONNECTOR, Plan, client, id, new_key, short};

/// Reads a fixture at compile time, so that one that is missing does not compile.
macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("answers/", $name, ".json"))
    };
}

/// A tenant that answers every call, sign-ins aside, with a fixture.
async fn answering(fixture: &str) -> Bench {
    let bench = Bench::standard().await.warm().await;
    set(&bench, fixture, json!({"contains": "/mgmtconfig/"}));
    bench
}

/// Plays a fixture for the requests that `fault` picks.
fn set(bench: &Bench, fixture: &str, mut fault: Value) {
    let mut action: Value = serde_json::from_str(fixture).unwrap();
    let source = action.as_object_mut().and_then(|object| object.shift_remove("source"));
    let source = source.as_ref().and_then(Value::as_str).unwrap_or_default();
    assert!(source.len() > 20, "a fixture names its source");
    fault["action"] = action;
    bench.faults(fault);
}

async fn key_of(fixture: &str) -> ProvisioningKey {
    answering(fixture).await.client().key(CONNECTOR, &id("61201")).await.unwrap()
}

/// The error that reading a key comes to, in the words of the message.
async fn refusal_of(fixture: &str) -> String {
    let bench = answering(fixture).await;
    bench.client().key(CONNECTOR, &id("61201")).await.unwrap_err().to_string()
}

fn fingerprint(key: &ProvisioningKey) -> Option<String> {
    key.fingerprint.map(|fingerprint| fingerprint.to_string())
}

#[tokio::test]
async fn a_recorded_page_of_keys() {
    let bench = answering(fixture!("key_list")).await;
    let keys = bench.client().keys(CONNECTOR).await.unwrap();
    let shown: Vec<_> =
        keys.iter().map(|key| (key.id.as_str(), key.name.raw(), key.usage.to_string())).collect();
    assert_eq!(
        shown,
        [("61201", "prod-ams-01", "0/10".to_owned()), ("61355", "prod-fra-01", "4/10".to_owned())]
    );
    assert_eq!(keys[0].group.id, id("216190000000401346"));
    assert_eq!(keys[0].group.name.as_ref().map(ServerText::raw), Some("AMS Connectors"));
    assert_eq!(keys[0].cert.id, id("7003"));
    assert_eq!(keys[0].cert.name.as_ref().map(ServerText::raw), Some("Connector"));
    assert_eq!(keys[1].modified_by.as_ref().map(ServerText::raw), Some("3"));
    assert_eq!(keys[1].created_at.unwrap().to_string(), "2026-02-16T00:06:30Z");
    assert_eq!(keys[1].modified_at.unwrap().to_string(), "2026-02-16T00:07:35Z");
    assert_eq!(fingerprint(&keys[0]).as_deref(), Some("sha256:1652400e62ba"));
    assert_eq!(fingerprint(&keys[1]).as_deref(), Some("sha256:379b2d35d008"));
    assert_eq!((keys[0].microtenant.as_ref(), keys[0].expires_at, keys[0].ip_acl.len()), (None, None, 0));
}

#[tokio::test]
async fn a_recorded_key_and_its_text() {
    let bench = answering(fixture!("key")).await;
    let (key, secret) = bench.client().key_secret(CONNECTOR, &id("61201")).await.unwrap();
    let secret = secret.expect("the key is exportable");
    assert_eq!((secret.len(), secret.host()), (429, Some("api.private.zscaler.com")));
    assert_eq!(fingerprint(&key).as_deref(), Some("sha256:1652400e62ba"));
    assert!(secret.revealed().to_string().ends_with("-216190000000303600"));
}

#[tokio::test]
async fn a_recorded_creation_has_the_text_and_no_names() {
    let bench = answering(fixture!("key_created")).await;
    let created = bench.client().create_key(&new_key("prod-ams-02")).await.unwrap();
    assert_eq!((created.key.id.as_str(), created.key.name.raw()), ("61402", "prod-ams-02"));
    assert_eq!((created.key.group.name, created.key.cert.name), (None, None));
    assert_eq!(created.secret.map(|secret| secret.len()), Some(429));
}

#[tokio::test]
async fn a_sealed_key_has_no_text_whether_it_is_absent_or_blank() {
    for fixture in [fixture!("key_sealed_absent"), fixture!("key_sealed_blank")] {
        let bench = answering(fixture).await;
        let (key, secret) = bench.client().key_secret(CONNECTOR, &id("61201")).await.unwrap();
        assert!(secret.is_none() && !key.exportable && key.fingerprint.is_none());
    }
}

#[tokio::test]
async fn the_sample_of_the_help_page_with_texts_for_booleans_and_entities_in_names() {
    let key = key_of(fixture!("key_of_the_help_page")).await;
    assert_eq!(key.name, "R&D *.lab");
    assert_eq!(key.group.name.as_ref().map(ServerText::raw), Some("Café <1>"));
    assert_eq!(key.app_connector_group_name.as_ref().map(ServerText::raw), Some("Café <1>"));
    assert!(key.enabled && key.exportable && !key.read_only);
    assert_eq!((key.usage.to_string().as_str(), key.modified_at), ("11/25", None));
    assert_eq!(
        key.ip_acl.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["192.0.2.0/24", "198.51.100.7"]
    );
    assert_eq!(key.ui_config.as_deref(), Some(r#"{"x":1}"#));
    assert_eq!(fingerprint(&key).as_deref(), Some("sha256:e5e26d0bbf07"));
}

#[tokio::test]
async fn numbers_that_are_numbers_and_properties_that_are_not_known() {
    let key = key_of(fixture!("key_with_numbers")).await;
    assert_eq!((key.id.as_str(), key.usage.to_string().as_str()), ("61201", "4/999999999"));
    assert_eq!(key.group.id.as_str(), "216190000000401346");
    assert_eq!(key.expires_at.unwrap().to_string(), "2030-01-01T00:00:00Z");
    assert!(!key.enabled && key.exportable);
    let microtenant = key.microtenant.unwrap();
    assert_eq!(
        (microtenant.id.as_str(), microtenant.name.as_ref().map(ServerText::raw)),
        ("216190000000404644", Some("Subsidiary"))
    );
}

#[tokio::test]
async fn what_is_not_known_goes_back_with_an_update_and_the_text_does_not() {
    for (fixture, expected) in [
        (
            fixture!("key_with_numbers"),
            concat!(
                r#"{"id":"61201","name":"numbers","enabled":true,"maxUsage":"999999999","enrollmentCertId":"7003","#,
                r#""zcomponentId":"216190000000401346","exportable":true,"microtenantId":"216190000000404644","#,
                r#""expirationInEpochSec":"1893456000","restrictionType":"NONE","#,
                r#""futureObject":{"a":[1,{"b":null}]},"futureNull":null}"#
            ),
        ),
        (
            fixture!("key_of_the_help_page"),
            concat!(
                r#"{"id":"5099","name":"R&amp;amp;D &#x2a;&#x2e;lab","enabled":true,"maxUsage":"25","#,
                r#""enrollmentCertId":"16560","zcomponentId":"72058304855047746","exportable":true,"#,
                r#""ipAcl":["192.0.2.0/24","198.51.100.7"],"uiConfig":"{\"x\":1}","#,
                r#""appConnectorGroupId":"72058304855047746","autoSign":"1"}"#
            ),
        ),
    ] {
        let bench = answering(fixture).await;
        let change = KeyChange { enabled: Some(true), ..KeyChange::default() };
        let prepared = bench.client().prepare_update(CONNECTOR, &id("61201"), &change).await.unwrap();
        assert_eq!(prepared.body.to_string(), expected);
    }
}

#[tokio::test]
async fn null_means_the_same_as_missing() {
    let key = key_of(fixture!("key_with_nulls")).await;
    assert!(key.enabled && key.exportable && key.ip_acl.is_empty() && key.fingerprint.is_none());
    assert_eq!((key.group.name, key.cert.name, key.modified_at, key.modified_by), (None, None, None, None));
    assert_eq!((key.microtenant, key.ui_config), (None, None));
}

#[tokio::test]
async fn a_missing_key_is_400_or_404_and_both_are_not_found() {
    for fixture in [fixture!("not_found_400"), fixture!("not_found_404")] {
        let bench = answering(fixture).await;
        let error = bench.client().key(CONNECTOR, &id("99999")).await.unwrap_err();
        assert!(error.is_not_found());
        let refusal = error.refusal().unwrap();
        assert_eq!(
            refusal.reason.as_ref().map(ServerText::raw),
            Some("No resource exists with the given id/name :99999")
        );
    }
}

#[tokio::test]
async fn refusals_are_said_in_the_apis_words() {
    assert_eq!(
        refusal_of(fixture!("invalid_argument")).await,
        "the API answered 400 invalid.resource.argument: One or more input fields enrollmentCertId are not valid."
    );
    assert_eq!(
        refusal_of(fixture!("feature_flag")).await,
        "the API answered 401 authz.featureflag.permission.denied: Feature flag feature.x disabled for customer \
         216,190,000,000,281,920"
    );
    assert_eq!(refusal_of(fixture!("gateway_401")).await, "the API answered 401: unauthorized");
    assert_eq!(
        refusal_of(fixture!("concurrent_change")).await,
        "the API answered 409 api.concurrent.access.error: Unable to modify the resource due to concurrent change \
         requests. Try again (com.zscaler.zpn.model.Nonce)"
    );
}

#[tokio::test]
async fn refusals_have_their_meaning() {
    for (fixture, meaning) in [
        (fixture!("not_found_400"), Meaning::NotFound),
        (fixture!("not_found_404"), Meaning::NotFound),
        (fixture!("invalid_argument"), Meaning::Other),
        (fixture!("feature_flag"), Meaning::Forbidden),
        (fixture!("gateway_401"), Meaning::Unauthorized),
        (fixture!("concurrent_change"), Meaning::Other),
    ] {
        let bench = answering(fixture).await;
        let error = bench.client().key(CONNECTOR, &id("61201")).await.unwrap_err();
        assert_eq!(error.refusal().map(zpakey::api::Refusal::meaning), Some(meaning), "{error}");
    }
}

#[tokio::test]
async fn a_recorded_429_and_a_documented_503_are_waited_for() {
    for (fixture, seconds, end) in [
        (fixture!("rate_limited"), 4, "waited too long: refused 429"),
        (fixture!("server_busy"), 10, "waited too long: refused 503"),
    ] {
        let bench = Bench::with(Plan::max_wait(seconds * 3)).await.warm().await;
        set(&bench, fixture, json!({"contains": "/mgmtconfig/"}));
        let error = bench.client().key(CONNECTOR, &id("61201")).await.unwrap_err();
        assert_eq!(short(&error), end);
        assert_eq!(error.refusal().and_then(|refusal| refusal.retry_after), Some(seconds));
        assert!(bench.clock.monotonic().as_secs() >= seconds * 2, "{:?}", bench.clock.monotonic());
    }
}

#[tokio::test]
async fn tokens_of_both_front_doors_are_read_whether_their_lifetime_is_a_number_or_a_text() {
    let bench = Bench::standard().await;
    let access = bench.sandbox.access();
    for (fixture, legacy, path) in
        [(fixture!("token_oneapi"), false, "/oauth2/v1/token"), (fixture!("token_legacy"), true, "/signin")]
    {
        let client_id = access.client_id.clone();
        let client_secret = ClientSecret::new(access.client_secret.clone());
        let sign_in = if legacy {
            SignIn::Legacy { client_id, client_secret }
        } else {
            SignIn::OneApi { client_id, client_secret }
        };
        set(&bench, fixture, json!({"path": path}));
        bench.sandbox.clear_requests();
        let (client, _) = client(&bench.sandbox, Plan::default(), sign_in);
        // The emulator never issued that token, so it refuses what is signed with it.
        assert_eq!(short(&client.keys(CONNECTOR).await.unwrap_err()), "refused 401");
        let arrived = bench.sandbox.requests();
        assert_eq!((arrived[0].path.as_str(), arrived[0].status), (path, Some(200)));
        assert!(arrived[1].has_authorization);
    }
}

#[tokio::test]
async fn a_wrong_client_is_told_with_the_apis_words() {
    let bench = Bench::standard().await;
    set(&bench, fixture!("wrong_client"), json!({"contains": "/token"}));
    let error = bench.client().keys(CONNECTOR).await.unwrap_err();
    assert_eq!(error.to_string(), "Zscaler rejected the credential (401 invalid_client)");
}

#[tokio::test]
async fn a_recorded_list_of_certificates() {
    let bench = answering(fixture!("cert_list")).await;
    let certs = bench.client().certs().await.unwrap();
    assert_eq!(
        (certs[0].id.as_str(), certs[0].name.raw(), certs[0].private_key_present),
        ("7003", "Connector", true)
    );
    assert_eq!(certs[0].valid_to.unwrap().to_string(), "2036-04-25T04:57:19Z");
    assert_eq!((certs[1].name.raw(), certs[1].private_key_present), ("\"<own root>", false));
    assert_eq!(certs[1].valid_to, None);
}

#[tokio::test]
async fn recorded_lists_of_groups() {
    let bench = answering(fixture!("connector_group_list")).await;
    let groups = bench.client().groups(CONNECTOR).await.unwrap().unwrap();
    let shown = |group: &zpakey::domain::Zcomponent| {
        (group.id.to_string(), group.name.raw().to_owned(), group.enabled)
    };
    assert_eq!(
        groups.iter().map(shown).collect::<Vec<_>>(),
        [("216190000000401346".to_owned(), "AMS Connectors".to_owned(), true)]
    );
    let bench = answering(fixture!("service_edge_group_list")).await;
    let groups = bench.client().groups(AssociationType::ServiceEdgeGrp).await.unwrap().unwrap();
    assert_eq!(
        groups.iter().map(shown).collect::<Vec<_>>(),
        [("216190000000401999".to_owned(), "Branch EMEA".to_owned(), false)]
    );
}

#[tokio::test]
async fn a_list_of_connectors() {
    let bench = answering(fixture!("connector_list")).await;
    let connectors = bench.client().enrolled(CONNECTOR).await.unwrap().unwrap();
    assert_eq!(connectors[0].key_id, Some(id("61355")));
    assert_eq!(connectors[0].version.as_ref().map(ServerText::raw), Some("25.42.1"));
    assert!(connectors[0].is_connected() && connectors[0].enabled);
    assert_eq!(connectors[0].created_at.unwrap().to_string(), "2026-02-16T00:07:35Z");
    assert_eq!(
        (&connectors[1].key_id, &connectors[1].version, connectors[1].created_at),
        (&None, &None, None)
    );
    assert!(!connectors[1].is_connected() && !connectors[1].enabled);
}

#[tokio::test]
async fn a_recorded_list_of_microtenants() {
    let bench = answering(fixture!("microtenant_list")).await;
    let microtenants = bench.client().microtenants().await.unwrap();
    let shown: Vec<_> = microtenants.iter().map(|tenant| (tenant.id.as_str(), tenant.name.raw())).collect();
    assert_eq!(shown, [("216190000000404644", "Subsidiary & Co"), ("0", "Default")]);
}

#[tokio::test]
async fn an_item_that_lacks_what_it_needs_is_named_by_property_and_nothing_else() {
    let bench = Bench::standard().await.warm().await;
    let whole: Value = serde_json::from_str(fixture!("key")).unwrap();
    for (property, wrong) in [
        ("id", Value::Null),
        ("id", json!("../7")),
        ("name", Value::Null),
        ("maxUsage", json!("many")),
        ("zcomponentId", json!("")),
        ("enrollmentCertId", json!("x7003")),
    ] {
        let mut body = whole["body"].clone();
        body[property] = wrong;
        bench.faults(json!({"action": {"status": 200, "body": body}}));
        let error = bench.client().key(CONNECTOR, &id("61201")).await.unwrap_err().to_string();
        let expected = format!(
            "with a body that cannot be read: an object in it lacks {property} or has it in another shape"
        );
        assert!(error.ends_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told_by_place() {
    let bench = Bench::standard().await.warm().await;
    for (body, expected) in [
        (json!("<html>"), "it is a web page"),
        (json!("OK"), "it is no JSON, at line 1 column 1"),
        (json!("{\n \"id\": \"1"), "it is cut short, at line 2 column 9"),
        (json!(""), "it is empty"),
        (json!([1, 2]), "it has another shape"),
    ] {
        bench.faults(json!({"action": {"status": 200, "body": body}}));
        let error = bench.client().key(CONNECTOR, &id("61201")).await.unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/\
                 provisioningKey/61201 answered 200 with a body that cannot be read: {expected}"
            )
        );
    }
}
