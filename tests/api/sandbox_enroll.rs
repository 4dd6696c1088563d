//! The emulator's enrolment.

use std::net::IpAddr;

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, EnrolmentRefused, Options, Quirks, SECRET_MARKER, Storage};

use super::sandbox::{Answer, EDGE_KEYS, KEYS, Rig, key, new_key};

async fn seeded(seed: Value) -> Rig {
    Rig::start(Options { contents: Contents::Seed(seed), ..Options::default() }).await
}

async fn text_of(rig: &Rig, id: &str) -> String {
    let shown = rig.get(&format!("{KEYS}/{id}")).await.json();
    shown.get("provisioningKey").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn hosts_use_up_a_key_and_appear_as_connectors() {
    let rig = Rig::standard().await;
    let made = rig.make("prod-fra").await;
    let text = made["provisioningKey"].as_str().unwrap();
    let ip: IpAddr = "198.51.100.7".parse().unwrap();
    let enrolled = rig.sandbox.enroll(&format!("{text}\n"), Some(ip), 3).unwrap();
    assert_eq!(enrolled.len(), 3);

    let shown = rig.get(&key(&made["id"])).await.json();
    assert_eq!((&shown["usageCount"], &shown["modifiedBy"]), (&json!("3"), &json!("3")));
    let connectors = rig.get("connector").await.json();
    assert_eq!(connectors["totalCount"], "3");
    let connector = &connectors["list"][0];
    assert_eq!(connector["id"].as_str(), enrolled[0].id.as_deref());
    assert_eq!(connector["name"], enrolled[0].name.as_str());
    let (name, milliseconds) = enrolled[0].name.rsplit_once('-').unwrap();
    assert_eq!((name, milliseconds.len()), ("prod-fra", 13));
    assert_ne!(enrolled[0].name, enrolled[1].name);
    for (property, value) in [
        ("appConnectorGroupId", "72058304855047746"),
        ("appConnectorGroupName", "AWS us-east-1"),
        ("provisioningKeyId", "38101"),
        ("provisioningKeyName", "prod-fra"),
        ("controlChannelStatus", "ZPN_STATUS_AUTHENTICATED"),
        ("publicIp", "198.51.100.7"),
    ] {
        assert_eq!(connector[property], value, "{property}");
    }
    assert_eq!(connector["enrollmentCert"], json!({"id": "16560", "name": "Connector"}));
    assert!(connector["currentVersion"].is_string());
    assert!(!connectors.to_string().contains(SECRET_MARKER));
    let group = rig.get("appConnectorGroup/72058304855047746").await.json();
    assert_eq!(group["connectors"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn service_edges_appear_among_their_own() {
    let rig = Rig::standard().await;
    let body = json!({"name": "branch", "maxUsage": "1", "enrollmentCertId": "16561", "zcomponentId": "72058304855047751"});
    let made = rig.post(EDGE_KEYS, &body).await.json();
    rig.sandbox.enroll(made["provisioningKey"].as_str().unwrap(), None, 1).unwrap();
    let edges = rig.get("serviceEdge").await.json();
    assert_eq!(edges["list"][0]["serviceEdgeGroupName"], "Branch EMEA");
    assert_eq!(rig.get("connector").await.json()["totalCount"], "0");
}

#[tokio::test]
async fn a_refusal_says_why_and_changes_nothing() {
    let rig = seeded(json!({
        "certificates": [{"id": "1", "name": "Connector"}, {"id": "2", "name": "Old", "validToInEpochSec": 1},
                         {"id": "3", "name": "Half", "privateKeyPresent": false}],
        "keys": [
            {"id": "1", "name": "off", "enabled": false},
            {"id": "2", "name": "used", "maxUsage": 4, "usageCount": 3},
            {"id": "3", "name": "fenced", "ipAcl": ["10.0.0.0/8", "192.0.2.1"]},
            {"id": "4", "name": "old", "enrollmentCertId": "2"},
            {"id": "5", "name": "half", "enrollmentCertId": "3"},
            {"id": "6", "name": "certless", "enrollmentCertId": "9"},
            {"id": "7", "name": "lost", "zcomponentId": "9"},
            {"id": "8", "name": "late", "expirationInEpochSec": 1},
        ],
    }))
    .await;
    let before = rig.sandbox.tenant();
    for (id, count, reason) in [
        ("1", 1, "the provisioning key `off` is disabled"),
        ("2", 2, "used has 1 use left; 2 were requested"),
        ("3", 1, "the IP ACL of the provisioning key `fenced` does not allow 192.0.2.10"),
        ("4", 1, "the enrollment certificate of the provisioning key `old` has expired"),
        ("5", 1, "the enrollment certificate of the provisioning key `half` has no private key"),
        ("6", 1, "the enrollment certificate of the provisioning key `certless` no longer exists"),
        ("7", 1, "the group of the provisioning key `lost` no longer exists"),
        ("8", 1, "the provisioning key `late` has expired"),
    ] {
        let refused = rig.sandbox.enroll(&text_of(&rig, id).await, None, count).unwrap_err();
        assert_eq!(refused.to_string(), reason);
    }
    let unknown = rig.sandbox.enroll("3|api.private.zscaler.com|x-1", None, 1);
    assert_eq!(unknown, Err(EnrolmentRefused::UnknownKey));
    assert_eq!(rig.sandbox.tenant(), before);
    for allowed in ["10.1.2.3", "192.0.2.1"] {
        rig.sandbox.enroll(&text_of(&rig, "3").await, allowed.parse().ok(), 1).unwrap();
    }
    assert_eq!(rig.sandbox.enroll(&text_of(&rig, "2").await, None, 1).unwrap().len(), 1);
}

#[tokio::test]
async fn another_process_enrols_over_http_and_no_text_is_kept() {
    let rig = Rig::standard().await;
    let made = rig.make("prod-fra").await;
    rig.sandbox.clear_requests();
    let url = rig.sandbox.access().enroll_url.clone();
    let post = async |body: Value| {
        let request = rig.http.post(&url).header("content-type", "application/json").body(body.to_string());
        Answer::of(request.send().await.unwrap()).await
    };
    let text = made["provisioningKey"].clone();
    let answer = post(json!({"provisioningKey": text, "ip": "198.51.100.7", "count": 2})).await;
    assert_eq!(answer.status, 200);
    let enrolled = answer.json()["enrolled"].clone();
    assert_eq!(enrolled[1]["provisioningKeyId"], made["id"]);
    assert!(!answer.text.contains(SECRET_MARKER));

    let refused = post(json!({"provisioningKey": text, "count": 9})).await;
    assert_eq!((refused.status, refused.json()["id"].as_str()), (401, Some("enrolment.refused")));
    assert!(refused.json()["reason"].as_str().unwrap().contains("8 uses left; 9 were requested"));
    assert!(refused.json()["hostLog"].as_str().unwrap().starts_with("Login request failed"));
    assert!(!refused.text.contains(SECRET_MARKER));
    for body in [
        json!({}),
        json!({"provisioningKey": text, "ip": "here"}),
        json!({"provisioningKey": text, "count": -1}),
    ] {
        assert_eq!(post(body).await.status, 400);
    }
    assert_eq!(rig.sandbox.requests(), [], "calls about the sandbox are no part of what it plays");
}

#[tokio::test]
async fn hosts_that_enrol_at_once_never_exceed_the_uses() {
    let place = tempfile::TempDir::new().unwrap();
    let storage = Storage::File(place.path().join("tenant.json"));
    let options = || Options { storage: storage.clone(), ..Options::default() };
    let (one, two) = (Rig::start(options()).await, Rig::start(options()).await);
    let mut body = new_key("few");
    body["maxUsage"] = json!(7);
    let made = one.post(KEYS, &body).await.json();
    let text = made["provisioningKey"].as_str().unwrap();
    let enrolled: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = [&one.sandbox, &two.sandbox, &one.sandbox, &two.sandbox]
            .into_iter()
            .map(|sandbox| {
                scope.spawn(move || (0..4).filter(|_| sandbox.enroll(text, None, 1).is_ok()).count())
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(enrolled, 7);
    assert_eq!(two.get(&key(&made["id"])).await.json()["usageCount"], "7");
    assert_eq!(one.get("connector").await.json()["totalCount"], "7");
}

#[tokio::test]
async fn a_key_that_expires_is_refused_once_it_has() {
    let mut quirks = Quirks::default();
    quirks.set("expiry=kept").unwrap();
    let rig = Rig::start(Options { quirks, ..Options::default() }).await;
    let mut body = new_key("late");
    body["expirationInEpochSec"] = json!("1600000000");
    let made = rig.post(KEYS, &body).await.json();
    let refused = rig.sandbox.enroll(made["provisioningKey"].as_str().unwrap(), None, 1);
    assert_eq!(refused, Err(EnrolmentRefused::Expired { name: "late".to_owned() }));
}
