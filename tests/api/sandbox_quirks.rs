//! The emulator's quirks: each chooses another answer to a question that no source decides.

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, Quirks};

use super::sandbox::{KEYS, Rig, client, key, new_key, post_form};

fn quirks(settings: &[&str]) -> Quirks {
    let mut quirks = Quirks::default();
    for setting in settings {
        quirks.set(setting).unwrap_or_else(|error| panic!("{error}"));
    }
    quirks
}

async fn with(settings: &[&str]) -> Rig {
    Rig::start(Options { quirks: quirks(settings), ..Options::default() }).await
}

async fn seeded(settings: &[&str], seed: Value) -> Rig {
    let contents = Contents::Seed(seed);
    Rig::start(Options { quirks: quirks(settings), contents, ..Options::default() }).await
}

#[test]
fn an_unknown_quirk_is_refused_with_all_that_are_known() {
    for setting in ["names=perhaps", "nmaes=free", "names", "list-lag=-1", "list-lag=some"] {
        let error = Quirks::default().set(setting).unwrap_err().to_string();
        assert!(error.starts_with(&format!("unknown quirk `{setting}`; known are names=unique|free, ")));
        assert!(error.contains("list-lag=K"), "{error}");
    }
    for line in Quirks::SETTINGS {
        let (name, values) = line.split_once('=').unwrap();
        for value in values.replace('K', "7").split('|') {
            quirks(&[&format!("{name}={value}")]);
        }
    }
}

#[tokio::test]
async fn a_seed_chooses_with_the_same_words_and_the_options_come_first() {
    let seed = json!({"quirks": {"names": "free", "not-found": 404, "list-lag": 1}});
    let rig = seeded(&["not-found=400"], seed).await;
    rig.make("a").await;
    rig.make("a").await;
    assert_eq!(rig.get(&format!("{KEYS}/1")).await.status, 400);
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "0");
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "2");

    let contents = Contents::Seed(json!({"quirks": {"names": "many"}}));
    let refused = zpakey::sandbox::Sandbox::start(Options { contents, ..Options::default() }).await;
    assert!(refused.unwrap_err().to_string().contains("unknown quirk `names=many`"));
}

#[tokio::test]
async fn names_can_be_free() {
    let rig = with(&["names=free"]).await;
    assert_ne!(rig.make("a").await["id"], rig.make("a").await["id"]);
    for _ in 0..2 {
        assert_eq!(rig.post("appConnectorGroup", &json!({"name": "g"})).await.status, 201);
    }
}

#[tokio::test]
async fn a_put_can_replace() {
    let rig = with(&["put=replace"]).await;
    let mut body = new_key("a");
    body["enabled"] = json!(false);
    body["ipAcl"] = json!(["10.0.0.0/8"]);
    let path = key(&rig.post(KEYS, &body).await.json()["id"]);
    assert_eq!(rig.put(&path, &json!({"name": "b"})).await.status, 204);
    let shown = rig.get(&path).await.json();
    assert_eq!((&shown["enabled"], &shown["name"]), (&json!(true), &json!("b")));
    assert_eq!((&shown["maxUsage"], shown.get("ipAcl")), (&json!("10"), None));
}

#[tokio::test]
async fn disabling_can_have_no_effect() {
    let rig = with(&["enabled=ignored"]).await;
    let mut body = new_key("a");
    body["enabled"] = json!(false);
    let made = rig.post(KEYS, &body).await.json();
    assert_eq!(made["enabled"], true);
    let path = key(&made["id"]);
    assert_eq!(rig.put(&path, &json!({"enabled": false})).await.status, 204);
    assert_eq!(rig.get(&path).await.json()["enabled"], true);
}

#[tokio::test]
async fn a_text_can_be_told_once_only() {
    let rig = with(&["secret=once"]).await;
    let made = rig.make("a").await;
    assert!(made["provisioningKey"].is_string());
    assert_eq!(rig.get(&key(&made["id"])).await.json().get("provisioningKey"), None);
    assert_eq!(rig.get(KEYS).await.json()["list"][0].get("provisioningKey"), None);
}

#[tokio::test]
async fn a_hidden_text_can_be_empty_or_never_told() {
    let mut body = new_key("a");
    body["exportable"] = json!(false);
    let rig = with(&["hidden-text=empty"]).await;
    let made = rig.post(KEYS, &body).await.json();
    assert_ne!(made["provisioningKey"], "");
    assert_eq!(rig.get(&key(&made["id"])).await.json()["provisioningKey"], "");
    let rig = with(&["hidden-text=absent-always"]).await;
    assert_eq!(rig.post(KEYS, &body).await.json().get("provisioningKey"), None);
}

#[tokio::test]
async fn lists_can_lag_behind_while_single_reads_do_not() {
    let rig = with(&["list-lag=2"]).await;
    let count = async || rig.get(KEYS).await.json()["totalCount"].clone();
    let made = rig.make("a").await;
    assert_eq!(rig.get(&key(&made["id"])).await.status, 200);
    assert_eq!(count().await, "0");
    rig.make("b").await;
    assert_eq!(count().await, "0");
    assert_eq!(count().await, "1", "the first shows after two reads, the second not yet");
    assert_eq!(count().await, "2");
    assert_eq!(rig.post(KEYS, &new_key("b")).await.status, 400, "a write sees what is");
}

#[tokio::test]
async fn fewer_uses_than_were_used_can_be_refused() {
    let seed = json!({"keys": [{"name": "a", "usageCount": 5}]});
    let path = format!("{KEYS}/38101");
    let rig = seeded(&[], seed.clone()).await;
    assert_eq!(rig.put(&path, &json!({"maxUsage": 4})).await.status, 204);
    let rig = seeded(&["max-below-used=refused"], seed).await;
    assert_eq!(rig.put(&path, &json!({"maxUsage": 4})).await.json()["params"], json!(["maxUsage"]));
    assert_eq!(rig.put(&path, &json!({"maxUsage": 5})).await.status, 204);
}

#[tokio::test]
async fn deleting_a_key_can_break_its_connectors() {
    let seed = json!({"keys": [{"name": "a"}], "connectors": [{"id": "1", "provisioningKeyId": "38101"}]});
    for (setting, status) in [("no", "ZPN_STATUS_AUTHENTICATED"), ("yes", "ZPN_STATUS_DISCONNECTED")] {
        let rig = seeded(&[&format!("delete-breaks-connectors={setting}")], seed.clone()).await;
        assert_eq!(rig.delete(&format!("{KEYS}/38101")).await.status, 204);
        let connector = rig.get("connector/1").await.json();
        assert_eq!(
            (&connector["controlChannelStatus"], &connector["provisioningKeyId"]),
            (&json!(status), &json!("38101"))
        );
    }
}

#[tokio::test]
async fn deleting_a_group_can_take_its_keys_along_or_leave_them_behind() {
    let seed = json!({"keys": [{"name": "a"}], "connectors": [{"id": "1", "provisioningKeyId": "38101"}]});
    let group = "appConnectorGroup/72058304855047746";
    let rig = seeded(&["group-delete=cascades"], seed.clone()).await;
    assert_eq!(rig.delete(group).await.status, 204);
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "0");
    assert_eq!(rig.get("connector").await.json()["totalCount"], "0");
    let rig = seeded(&["group-delete=orphans"], seed).await;
    assert_eq!(rig.delete(group).await.status, 204);
    let orphan = rig.get(KEYS).await.json()["list"][0].clone();
    assert_eq!((&orphan["zcomponentId"], orphan.get("zcomponentName")), (&json!("72058304855047746"), None));
    assert_eq!(rig.get("connector").await.json()["totalCount"], "1");
}

#[tokio::test]
async fn a_key_can_move_to_another_group() {
    let rig = with(&["group-move=honoured"]).await;
    let path = key(&rig.make("a").await["id"]);
    assert_eq!(rig.put(&path, &json!({"zcomponentId": "1"})).await.status, 400);
    assert_eq!(rig.put(&path, &json!({"zcomponentId": "72058304855047747"})).await.status, 204);
    assert_eq!(rig.get(&path).await.json()["zcomponentName"], "CI us-east-1");
}

#[tokio::test]
async fn statuses_and_the_page_after_the_last_can_be_others() {
    let rig = with(&["create-status=201", "not-found=404", "past-end=list"]).await;
    assert_eq!(rig.post(KEYS, &new_key("a")).await.status, 201);
    let missing = rig.get(&format!("{KEYS}/1")).await;
    assert_eq!((missing.status, missing.json()["id"].as_str()), (404, Some("resource.not.found")));
    assert_eq!(rig.get(&format!("{KEYS}?page=2")).await.text, "[]");
    assert_eq!(rig.get(&format!("{KEYS}?page=1")).await.json()["totalCount"], "1");
}

#[tokio::test]
async fn addresses_can_be_checked_and_expiry_kept() {
    let rig = with(&["ip-acl=checked", "expiry=kept"]).await;
    let mut body = new_key("a");
    body["expirationInEpochSec"] = json!(1_900_000_000);
    body["ipAcl"] = json!(["10.0.0.0/8", "2001:db8::1"]);
    let made = rig.post(KEYS, &body).await.json();
    assert_eq!(made["expirationInEpochSec"], "1900000000");
    let path = key(&made["id"]);
    assert_eq!(rig.put(&path, &json!({"ipAcl": ["10.0.0.0/33"]})).await.json()["params"], json!(["ipAcl"]));
    assert_eq!(rig.get(&path).await.json()["expirationInEpochSec"], "1900000000");
}

#[tokio::test]
async fn the_token_endpoint_can_refuse_in_other_words() {
    let rig = with(&["token-error=oauth"]).await;
    let answer = post_form(&client(), &rig.sandbox.access().token_url, &[("grant_type", "password")]).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn each_front_door_can_have_a_limit_of_its_own() {
    for (setting, last) in [("limit=tenant", 429), ("limit=door", 200)] {
        let options = Options { quirks: quirks(&[setting]), enforce_limits: true, ..Options::default() };
        let rig = Rig::start(options).await;
        for _ in 0..20 {
            assert_eq!(rig.get(KEYS).await.status, 200);
        }
        let access = rig.sandbox.access();
        let secret =
            [("client_id", access.client_id.as_str()), ("client_secret", access.client_secret.as_str())];
        let token = post_form(&rig.http, &access.signin_url, &secret).await.json()["access_token"].clone();
        let url = rig.url(KEYS).replace("/zpa/", "/");
        let answer = rig.http.get(url).bearer_auth(token.as_str().unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), last, "{setting}");
    }
}
