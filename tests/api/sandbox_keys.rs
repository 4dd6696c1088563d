//! The emulator's six calls about keys.

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, SECRET_MARKER};

use super::sandbox::{EDGE_KEYS, KEYS, Rig, key, new_key};

fn names(object: &Value) -> Vec<String> {
    object.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
}

#[tokio::test]
async fn a_post_answers_200_with_the_text_and_without_the_names() {
    let rig = Rig::standard().await;
    let answer = rig.post(KEYS, &new_key("prod-ams-01")).await;
    assert_eq!(answer.status, 200);
    let made = answer.json();
    assert_eq!(
        names(&made),
        [
            "id",
            "modifiedTime",
            "creationTime",
            "modifiedBy",
            "name",
            "usageCount",
            "maxUsage",
            "zcomponentId",
            "enabled",
            "exportable",
            "readOnly",
            "zscalerManaged",
            "enrollmentCertId",
            "provisioningKey"
        ]
    );
    assert_eq!(made["id"], "38101");
    assert_eq!(made["usageCount"], "0");
    assert_eq!(made["enabled"], true);
    assert_eq!(made["creationTime"], made["modifiedTime"]);
    let text = made["provisioningKey"].as_str().unwrap();
    assert_eq!(text.len(), 429);
    assert!(text.contains(SECRET_MARKER));
}

#[tokio::test]
async fn a_get_tells_the_names_in_the_order_of_the_wire_and_the_same_text() {
    let rig = Rig::standard().await;
    let made = rig.make("prod-ams-01").await;
    let answer = rig.get(&key(&made["id"])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json;charset=utf-8"));
    assert_eq!(answer.header("server"), Some("Zscaler"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-transaction-id").unwrap().len(), 36);
    assert!(answer.header("date").is_some());
    let shown = answer.json();
    assert_eq!(
        names(&shown),
        [
            "id",
            "modifiedTime",
            "creationTime",
            "modifiedBy",
            "name",
            "usageCount",
            "maxUsage",
            "zcomponentId",
            "enabled",
            "zcomponentName",
            "exportable",
            "readOnly",
            "zscalerManaged",
            "enrollmentCertId",
            "enrollmentCertName",
            "provisioningKey"
        ]
    );
    assert_eq!(shown["zcomponentName"], "AWS us-east-1");
    assert_eq!(shown["enrollmentCertName"], "Connector");
    assert_eq!(shown["provisioningKey"], made["provisioningKey"]);
}

#[tokio::test]
async fn numbers_texts_and_unknown_properties_are_taken() {
    let rig = Rig::standard().await;
    let mut body = new_key("prod-ams-01");
    body["maxUsage"] = json!(2);
    body["zcomponentId"] = json!(72_058_304_855_047_746_u64);
    body["enabled"] = json!("false");
    body["componentId"] = json!("1");
    body["ipAcl"] = json!(["10.0.0.0/8"]);
    body["uiConfig"] = Value::Null;
    let made = rig.post(KEYS, &body).await.json();
    assert_eq!(made["maxUsage"], "2");
    assert_eq!(made["enabled"], false);
    assert_eq!(made["ipAcl"], json!(["10.0.0.0/8"]));
    assert_eq!(made.get("uiConfig"), None);
    assert_eq!(made.get("componentId"), None);
}

#[tokio::test]
async fn ids_are_one_sequence_over_all_types_and_not_used_again() {
    let rig = Rig::standard().await;
    let first = rig.make("a").await;
    assert_eq!(rig.delete(&key(&first["id"])).await.status, 204);
    let edge = json!({"name": "a", "maxUsage": "1", "enrollmentCertId": "16561", "zcomponentId": "72058304855047751"});
    assert_eq!(rig.post(EDGE_KEYS, &edge).await.json()["id"], "38102");
    for (kind, group) in [
        ("NP_ASSISTANT_GRP", "72058304855047761"),
        ("SITE_CONTROLLER_GRP", "72058304855047762"),
        ("EXPORTER_GRP", "72058304855047763"),
    ] {
        let mut body = new_key("a");
        body["zcomponentId"] = json!(group);
        let answer = rig.post(&format!("associationType/{kind}/provisioningKey"), &body).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text);
    }
    assert_eq!(rig.make("a").await["id"], "38106");
}

#[tokio::test]
async fn a_put_keeps_what_it_leaves_out_but_for_two_properties() {
    let rig = Rig::standard().await;
    let mut body = new_key("prod-ams-01");
    body["ipAcl"] = json!(["10.0.0.0/8"]);
    body["uiConfig"] = json!("blue");
    body["enabled"] = json!(false);
    let made = rig.post(KEYS, &body).await.json();
    let path = key(&made["id"]);

    let answer = rig.put(&path, &json!({"name": "prod-ams-02"})).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(answer.header("content-type"), None);
    let shown = rig.get(&path).await.json();
    assert_eq!(shown["name"], "prod-ams-02");
    assert_eq!(shown["enabled"], false);
    assert_eq!(shown["maxUsage"], "10");
    assert_eq!(shown.get("ipAcl"), None);
    assert_eq!(shown.get("uiConfig"), None);
}

#[tokio::test]
async fn a_put_moves_no_key_and_shows_no_hidden_one() {
    let rig = Rig::standard().await;
    let mut body = new_key("prod-ams-01");
    body["exportable"] = json!(false);
    let made = rig.post(KEYS, &body).await.json();
    assert!(made["provisioningKey"].is_string(), "the answer to the POST tells it once");
    let path = key(&made["id"]);
    assert_eq!(rig.get(&path).await.json().get("provisioningKey"), None);

    let change =
        json!({"exportable": true, "zcomponentId": "72058304855047747", "usageCount": "9", "maxUsage": 12});
    assert_eq!(rig.put(&path, &change).await.status, 204);
    let shown = rig.get(&path).await.json();
    assert_eq!(shown["exportable"], false);
    assert_eq!(shown["zcomponentId"], "72058304855047746");
    assert_eq!(shown["usageCount"], "0");
    assert_eq!(shown["maxUsage"], "12");
}

#[tokio::test]
async fn an_unknown_key_is_a_bad_request() {
    let rig = Rig::standard().await;
    let path = format!("{KEYS}/99999");
    for answer in [rig.get(&path).await, rig.put(&path, &json!({"name": "x"})).await, rig.delete(&path).await]
    {
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json(),
            json!({
                "id": "resource.not.found",
                "reason": "No resource exists with the given id/name :99999",
                "params": ["99999"]
            })
        );
    }
    let made = rig.make("a").await;
    let elsewhere = format!("{EDGE_KEYS}/{}", made["id"].as_str().unwrap());
    assert_eq!(rig.get(&elsewhere).await.status, 400, "a key has one type");
}

#[tokio::test]
async fn bad_bodies_are_refused_with_the_property() {
    let rig = Rig::standard().await;
    for (property, value) in [
        ("name", json!("")),
        ("maxUsage", json!("many")),
        ("maxUsage", json!(0)),
        ("enrollmentCertId", json!("1")),
        ("zcomponentId", json!("72058304855047751")),
        ("enabled", json!("perhaps")),
        ("ipAcl", json!("10.0.0.0/8")),
    ] {
        let mut body = new_key("prod-ams-01");
        body[property] = value;
        let answer = rig.post(KEYS, &body).await;
        assert_eq!(answer.status, 400, "{property}");
        assert_eq!(answer.json()["id"], "invalid.resource.argument");
        assert_eq!(answer.json()["params"], json!([property]));
    }
    let answer = rig.post(KEYS, &json!({"name": "a", "maxUsage": "1"})).await;
    assert_eq!(answer.json()["params"], json!(["enrollmentCertId", "zcomponentId"]));
    assert_eq!(rig.post(KEYS, &json!([])).await.status, 400);
    assert_eq!(rig.sandbox.tenant()["keys"], json!([]));
}

#[tokio::test]
async fn a_second_key_of_the_same_name_and_type_is_refused() {
    let rig = Rig::standard().await;
    rig.make("prod-ams-01").await;
    let answer = rig.post(KEYS, &new_key("prod-ams-01")).await;
    assert_eq!((answer.status, answer.json()["id"].as_str()), (400, Some("duplicate.name")));
    let other = rig.make("prod-ams-02").await;
    let answer = rig.put(&key(&other["id"]), &json!({"name": "prod-ams-01"})).await;
    assert_eq!((answer.status, answer.json()["id"].as_str()), (400, Some("duplicate.name")));
}

#[tokio::test]
async fn the_hundred_and_first_key_is_refused_but_a_seed_may_have_more() {
    let keys: Vec<_> = (0..100).map(|number| json!({"name": format!("k{number}")})).collect();
    let seed = Contents::Seed(json!({"keys": keys}));
    let rig = Rig::start(Options { contents: seed, ..Options::default() }).await;
    let answer = rig.post(KEYS, &new_key("one-more")).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("LIMIT_EXCEEDED")));
}

#[tokio::test]
async fn read_only_and_managed_keys_are_not_changed() {
    let seed = json!({"keys": [{"readOnly": true}, {"zscalerManaged": true}]});
    let rig = Rig::start(Options { contents: Contents::Seed(seed), ..Options::default() }).await;
    for id in ["38101", "38102"] {
        let path = format!("{KEYS}/{id}");
        assert_eq!(rig.put(&path, &json!({"name": "x"})).await.status, 403);
        assert_eq!(rig.delete(&path).await.status, 403);
        assert_eq!(rig.get(&path).await.status, 200);
    }
}

#[tokio::test]
async fn the_keys_of_a_group_are_a_bare_list() {
    let rig = Rig::standard().await;
    rig.make("a").await;
    let mut other = new_key("b");
    other["zcomponentId"] = json!("72058304855047747");
    rig.post(KEYS, &other).await;
    let answer = rig.get("associationType/CONNECTOR_GRP/zcomponent/72058304855047747/provisioningKey").await;
    let list = answer.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["name"], "b");
    assert_eq!(list[0]["zcomponentName"], "CI us-east-1");
}

#[tokio::test]
async fn microtenants_part_the_keys() {
    let seed = json!({
        "microtenants": [{"id": "216199618143404644", "name": "Subsidiary"}],
        "keys": [{"name": "ours"}, {"name": "theirs", "microtenantId": "216199618143404644"}],
    });
    let rig = Rig::start(Options { contents: Contents::Seed(seed), ..Options::default() }).await;
    let names_seen = async |query: &str| {
        let list = rig.get(&format!("{KEYS}{query}")).await.json()["list"].clone();
        list.as_array()
            .unwrap()
            .iter()
            .map(|key| key["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names_seen("").await, ["ours", "theirs"]);
    assert_eq!(names_seen("?microtenantId=0").await, ["ours"]);
    assert_eq!(names_seen("?microtenantId=216199618143404644").await, ["theirs"]);
    assert_eq!(rig.get(&format!("{KEYS}?microtenantId=5")).await.status, 400);

    let theirs = format!("{KEYS}/38102");
    assert_eq!(rig.get(&theirs).await.json()["microtenantName"], "Subsidiary");
    assert_eq!(rig.get(&format!("{theirs}?microtenantId=0")).await.status, 400);
    assert_eq!(rig.delete(&theirs).await.status, 400, "a write without it is about the Default one");
    let inside = format!("{KEYS}?microtenantId=216199618143404644");
    assert_eq!(rig.post(&inside, &new_key("ours")).await.json()["microtenantId"], "216199618143404644");
    assert_eq!(rig.delete(&format!("{theirs}?microtenantId=216199618143404644")).await.status, 204);
}

#[tokio::test]
async fn a_type_can_be_unavailable() {
    let body = json!({"id": "authz.featureflag.permission.denied", "reason": "Feature flag disabled"});
    let seed = json!({"unavailable_types": {"EXPORTER_GRP": {"status": 401, "body": body}}});
    let rig = Rig::start(Options { contents: Contents::Seed(seed), ..Options::default() }).await;
    let answer = rig.get("associationType/EXPORTER_GRP/provisioningKey").await;
    assert_eq!((answer.status, answer.json()), (401, body));
    assert_eq!(rig.get("associationType/OTHER_GRP/provisioningKey").await.status, 400);
}
