//! A second actor that changes keys between the requests of a client.

use serde_json::{Value, json};
use zpakey::sandbox::{Fault, Options, SECOND_ACTOR, Storage};

use super::sandbox::{KEYS, Rig, key, new_key};

fn faults(value: &Value) -> Vec<Fault> {
    Fault::parse(value).unwrap_or_else(|error| panic!("{error}"))
}

async fn with(script: Value) -> Rig {
    let rig = Rig::standard().await;
    rig.make("a").await;
    rig.sandbox.set_faults(faults(&script));
    rig
}

#[tokio::test]
async fn somebody_else_acts_between_a_get_and_a_put() {
    let rig = with(json!({"method": "GET", "path": "*/provisioningKey/", "nth": 1,
                          "after": {"set_max_usage": "this", "to": 3}}))
    .await;
    let path = format!("{KEYS}/38101");
    let before = rig.get(&path).await.json();
    assert_eq!((&before["maxUsage"], &before["name"]), (&json!("10"), &json!("a")));
    assert_eq!(rig.put(&path, &json!({"name": "b"})).await.status, 204);
    let after = rig.get(&path).await.json();
    assert_eq!((&after["maxUsage"], &after["name"]), (&json!("3"), &json!("b")));
}

#[tokio::test]
async fn each_act_has_its_effect_and_another_author() {
    for (act, property, expected) in [
        (json!({"block": "a"}), "enabled", json!(false)),
        (json!({"unblock": "38101"}), "enabled", json!(true)),
        (json!({"set_max_usage": "this", "to": 7}), "maxUsage", json!("7")),
        (json!({"set_ip_acl": "a", "to": ["192.0.2.0/24"]}), "ipAcl", json!(["192.0.2.0/24"])),
        (json!({"rename": "a", "to": "theirs"}), "name", json!("theirs")),
    ] {
        let rig = with(json!({"contains": "provisioningKey", "nth": 1, "before": act})).await;
        let shown = rig.get(&format!("{KEYS}/38101")).await.json();
        assert_eq!(shown[property], expected, "{act}");
        assert_eq!(shown["modifiedBy"], SECOND_ACTOR, "{act}");
        assert_eq!(rig.sandbox.requests().iter().filter(|request| request.method == "GET").count(), 1);
    }
}

#[tokio::test]
async fn keys_can_be_deleted_made_and_used_by_somebody_else() {
    let rig = with(json!([
        {"method": "GET", "nth": 1, "before": [{"create": {"name": "theirs", "maxUsage": 4}}, {"enroll": "theirs", "count": 3}]},
        {"method": "GET", "nth": 2, "before": {"delete": "a"}},
    ]))
    .await;
    let first = rig.get(KEYS).await.json();
    assert_eq!(first["totalCount"], "2");
    let theirs = &first["list"][1];
    assert_eq!((&theirs["name"], &theirs["usageCount"]), (&json!("theirs"), &json!("3")));
    let second = rig.get(KEYS).await.json();
    assert_eq!((&second["totalCount"], &second["list"][0]["name"]), (&json!("1"), &json!("theirs")));
    assert_eq!(rig.get("connector").await.json()["totalCount"], "3");
}

#[tokio::test]
async fn an_act_after_a_post_can_mean_the_key_that_it_made() {
    let rig = with(json!([
        {"method": "POST", "after": {"block": "this"}},
        {"method": "POST", "action": {"quirk": "create-status=201"}},
    ]))
    .await;
    let answer = rig.post(KEYS, &new_key("b")).await;
    assert_eq!(
        (answer.status, &answer.json()["enabled"]),
        (201, &json!(true)),
        "the answer was ready before"
    );
    let shown = rig.get(&key(&answer.json()["id"])).await.json();
    assert_eq!((&shown["enabled"], &shown["modifiedBy"]), (&json!(false), &json!(SECOND_ACTOR)));
}

#[tokio::test]
async fn acts_reach_a_tenant_in_a_file_too() {
    let directory = tempfile::tempdir().unwrap();
    let storage = Storage::File(directory.path().join("tenant.json"));
    let script = faults(&json!({"method": "POST", "after": {"delete": "this"}}));
    let rig = Rig::start(Options { storage, faults: Vec::new(), ..Options::default() }).await;
    rig.sandbox.set_faults(script);
    assert_eq!(rig.post(KEYS, &new_key("b")).await.status, 200);
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "0");
}

#[tokio::test]
async fn an_act_that_cannot_be_done_is_answered_with_the_reason() {
    let rig = with(json!({"method": "GET", "nth": 1, "before": {"block": "nobody"}})).await;
    let answer = rig.get(KEYS).await;
    assert_eq!((answer.status, &answer.json()["id"]), (424, &json!("sandbox.error")));
    assert!(answer.text.contains("no key `nobody`"), "{}", answer.text);
    assert_eq!(rig.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn a_star_in_a_path_stands_for_any_text() {
    let rig =
        with(json!({"path": "/zpa/*/associationType/*/provisioningKey/", "before": {"block": "a"}})).await;
    assert_eq!(rig.get(KEYS).await.json()["list"][0]["enabled"], true);
    assert_eq!(rig.get(&format!("{KEYS}/38101")).await.json()["enabled"], false);
}

#[test]
fn a_script_that_is_not_understood_is_named_with_its_position() {
    let good = json!({"action": "empty"});
    for (acts, parts) in [
        (json!({"blok": "a"}), ["fault 2: ", "`block`"]),
        (json!({"block": "a", "to": 1}), ["fault 2: ", "`to` is not a property of `block`"]),
        (json!([{"block": "a"}, {"rename": "a"}]), ["fault 2: act 2: ", "`to`"]),
        (json!({"set_max_usage": "a", "to": 0}), ["fault 2: ", "`maxUsage`"]),
        (json!({"enroll": "a", "count": 0}), ["fault 2: ", "`count`"]),
        (json!({"create": {"naem": "a"}}), ["fault 2: ", "`naem`"]),
        (json!({"block": ""}), ["fault 2: ", "`block`"]),
    ] {
        let error = Fault::parse(&json!([good, {"before": acts}])).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{error}");
        }
    }
    let both = json!([good, {"before": {"block": "a"}, "action": "empty"}]);
    assert!(Fault::parse(&both).unwrap_err().to_string().contains("one of `action`, `before` and `after`"));
}
