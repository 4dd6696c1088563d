//! The emulator's groups, what enrolled into them, and microtenants.

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use super::sandbox::{KEYS, Rig, new_key};

fn names(object: &Value) -> Vec<&str> {
    object.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap_or_default()
}

fn san_jose() -> Value {
    json!({
        "name": "acg", "description": "first", "enabled": true, "latitude": "37.33874",
        "longitude": "-121.8852525", "location": "San Jose, CA, USA", "upgradeDay": "SUNDAY",
        "upgradeTimeInSecs": "66600", "overrideVersionProfile": true, "versionProfileName": "Default",
        "versionProfileId": "0", "dnsQueryType": "IPV4_IPV6", "praEnabled": true, "tcpQuickAckApp": true,
        "tcpQuickAckAssistant": true, "tcpQuickAckReadAssistant": true
    })
}

async fn seeded(seed: Value) -> Rig {
    Rig::start(Options { contents: Contents::Seed(seed), ..Options::default() }).await
}

#[tokio::test]
async fn an_app_connector_group_loses_its_place_when_a_put_leaves_it_out() {
    let rig = Rig::standard().await;
    let answer = rig.post("appConnectorGroup", &san_jose()).await;
    assert_eq!(answer.status, 201);
    let made = answer.json();
    assert_eq!(
        names(&made),
        [
            "id",
            "modifiedTime",
            "creationTime",
            "modifiedBy",
            "name",
            "enabled",
            "description",
            "versionProfileId",
            "overrideVersionProfile",
            "versionProfileName",
            "upgradeTimeInSecs",
            "upgradeDay",
            "location",
            "latitude",
            "longitude",
            "dnsQueryType",
            "cityCountry",
            "countryCode",
            "tcpQuickAckApp",
            "tcpQuickAckAssistant",
            "tcpQuickAckReadAssistant",
            "praEnabled",
            "useInDrMode",
            "connectorGroupType",
            "wafDisabled",
            "readOnly",
            "zscalerManaged",
            "lssAppConnectorGroup",
        ]
    );
    assert_eq!((&made["cityCountry"], &made["countryCode"]), (&json!("San Jose, US"), &json!("US")));
    let path = format!("appConnectorGroup/{}", id(&made));
    let before = rig.get(&path).await.json();
    assert_eq!(before["upgradePriority"], "WEEK");
    assert_eq!(before["microtenantName"], "Default");

    let answer = rig.put(&path, &json!({"name": "acg 2"})).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let after = rig.get(&path).await.json();
    let mut kept = names(&before);
    kept.retain(|name| !["latitude", "longitude", "cityCountry", "countryCode"].contains(name));
    assert_eq!(names(&after), kept);
    assert_eq!((&after["name"], &after["description"]), (&json!("acg 2"), &json!("first")));

    assert_eq!(rig.delete(&path).await.status, 204);
    assert_eq!(rig.get(&path).await.status, 400);
}

#[tokio::test]
async fn a_service_edge_group_keeps_all_that_a_put_leaves_out() {
    let rig = Rig::standard().await;
    let body = json!({
        "name": "seg", "description": "first", "latitude": "37.33874", "longitude": "-121.8852525",
        "location": "San Jose, CA, USA", "versionProfileId": "0", "isPublic": true
    });
    let made = rig.post("serviceEdgeGroup", &body).await.json();
    assert_eq!(
        names(&made),
        [
            "id",
            "modifiedTime",
            "creationTime",
            "modifiedBy",
            "name",
            "enabled",
            "description",
            "versionProfileId",
            "overrideVersionProfile",
            "upgradeTimeInSecs",
            "upgradeDay",
            "isPublic",
            "location",
            "latitude",
            "longitude",
            "cityCountry",
            "countryCode",
            "useInDrMode",
            "exclusiveForBusinessContinuity",
            "graceDistanceEnabled",
        ]
    );
    assert_eq!(made["isPublic"], "TRUE", "a text, whatever was sent");
    let path = format!("serviceEdgeGroup/{}", id(&made));
    let before = rig.get(&path).await.json();
    assert_eq!(rig.put(&path, &json!({"name": "seg 2", "description": ""})).await.status, 204);
    let after = rig.get(&path).await.json();
    let mut kept = names(&before);
    kept.retain(|name| *name != "description");
    assert_eq!(names(&after), kept);
    assert_eq!(after["cityCountry"], "San Jose, US");
}

#[tokio::test]
async fn what_a_group_was_sent_it_keeps_but_for_what_is_not_the_callers() {
    let rig = Rig::standard().await;
    let body = json!({
        "name": "true", "id": "1", "readOnly": true, "colour": "blue", "rank": 3, "enrollmentCertId": "16560",
        "enabled": "false", "versionProfileId": 2, "serverGroups": [{"id": "9"}], "connectors": [{"id": "8"}]
    });
    let made = rig.post("appConnectorGroup", &body).await.json();
    let shown = rig.get(&format!("appConnectorGroup/{}", id(&made))).await.json();
    assert_ne!(id(&shown), "1");
    assert_eq!(shown["name"], "true");
    assert_eq!((&shown["readOnly"], &shown["enabled"]), (&json!(false), &json!(false)));
    assert_eq!((&shown["colour"], &shown["rank"]), (&json!("blue"), &json!("3")));
    assert_eq!(shown["versionProfileName"], "New Release");
    assert_eq!(shown["serverGroups"], json!([{"id": "9"}]));
    assert_eq!(shown.get("connectors"), None);
    assert_eq!(rig.post("appConnectorGroup", &json!({})).await.json()["params"], json!(["name"]));
    let again = rig.post("appConnectorGroup", &json!({"name": "true"})).await;
    assert_eq!(again.json()["id"], "duplicate.name");
}

#[tokio::test]
async fn a_group_with_keys_is_not_deleted() {
    let rig = Rig::standard().await;
    let made = rig.make("a").await;
    let group = "appConnectorGroup/72058304855047746";
    let answer = rig.delete(group).await;
    assert_eq!((answer.status, answer.json()["id"].as_str()), (400, Some("resource.in.use")));
    assert_eq!(rig.delete(&format!("{KEYS}/{}", id(&made))).await.status, 204);
    assert_eq!(rig.delete(group).await.status, 204);
    assert_eq!(rig.post(KEYS, &new_key("b")).await.json()["params"], json!(["zcomponentId"]));
}

#[tokio::test]
async fn connectors_and_service_edges_are_changed_and_deleted() {
    let rig = seeded(json!({
        "keys": [{"name": "a"}, {"name": "b", "association_type": "SERVICE_EDGE_GRP"}],
        "connectors": [{"id": "1", "provisioningKeyId": "38101"}, {"id": "2", "provisioningKeyId": "38101"},
                       {"id": "3", "provisioningKeyId": "38101"}],
        "service_edges": [{"id": "4", "provisioningKeyId": "38102"}],
    }))
    .await;
    let change =
        json!({"name": "renamed", "enabled": false, "provisioningKeyId": "9", "publicIp": "1.1.1.1"});
    assert_eq!(rig.put("connector/1", &change).await.status, 204);
    let shown = rig.get("connector/1").await.json();
    assert_eq!((&shown["name"], &shown["enabled"]), (&json!("renamed"), &json!(false)));
    assert_eq!((&shown["provisioningKeyId"], &shown["publicIp"]), (&json!("38101"), &json!("192.0.2.10")));
    assert_eq!(shown["modifiedBy"], "216199618143372700");

    assert_eq!(rig.post("connector/bulkDelete", &json!({"ids": ["1", "9"]})).await.status, 400);
    assert_eq!(rig.post("connector/bulkDelete", &json!({"ids": []})).await.status, 400);
    assert_eq!(rig.get("connector").await.json()["totalCount"], "3");
    let answer = rig.post("connector/bulkDelete", &json!({"ids": ["1", 2]})).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(rig.delete("connector/3").await.status, 204);
    assert_eq!(rig.get("connector").await.json()["totalCount"], "0");
    assert_eq!(rig.post("serviceEdge/bulkDelete", &json!({"ids": ["4"]})).await.status, 204);
    assert_eq!(rig.delete("serviceEdge/4").await.status, 400);
    let key = rig.get(&format!("{KEYS}/38101")).await.json();
    assert_eq!(key["usageCount"], "0", "the uses of a key do not fall");
}

#[tokio::test]
async fn microtenants_are_made_changed_and_deleted() {
    let rig = Rig::standard().await;
    let body = json!({"name": "Sub", "description": "first", "criteriaAttribute": "AuthDomain",
                      "criteriaAttributeValues": ["example.com"], "privilegedApprovalsEnabled": true});
    let answer = rig.post("microtenants", &body).await;
    assert_eq!(answer.status, 201);
    let made = answer.json();
    assert_eq!(
        names(&made),
        [
            "id",
            "modifiedTime",
            "creationTime",
            "modifiedBy",
            "name",
            "description",
            "enabled",
            "operator",
            "criteriaAttribute",
            "criteriaAttributeValues",
            "privilegedApprovalsEnabled"
        ]
    );
    let path = format!("microtenants/{}", id(&made));
    assert_eq!(rig.get(&path).await.json()["scopeOrder"], "1");
    assert_eq!(rig.put(&path, &json!({"name": "Subsidiary"})).await.status, 204);
    let listed = rig.get("microtenants").await.json();
    assert_eq!((&listed["list"][0]["name"], &listed["list"][1]["id"]), (&json!("Subsidiary"), &json!("0")));
    assert_eq!(listed["list"][1]["scopeOrder"], "2");
    assert_eq!(rig.put("microtenants/0", &json!({"name": "x"})).await.status, 403);
    assert_eq!(rig.delete("microtenants/0").await.status, 403);

    let inside = format!("appConnectorGroup?microtenantId={}", id(&made));
    let group = rig.post(&inside, &san_jose()).await.json();
    assert_eq!(group["microtenantId"], made["id"]);
    assert_eq!(rig.get(&inside).await.json()["list"][0]["microtenantName"], "Subsidiary");
    assert_eq!(rig.delete(&path).await.status, 400, "it is not empty");
    let group = format!("appConnectorGroup/{}", id(&group));
    assert_eq!(rig.delete(&group).await.status, 400, "a write without it is about the Default one");
    assert_eq!(rig.delete(&format!("{group}?microtenantId={}", id(&made))).await.status, 204);
    assert_eq!(rig.delete(&path).await.status, 204);
    assert_eq!(rig.get(&path).await.status, 400);
}

#[tokio::test]
async fn what_terraform_reads_round_a_group_is_there() {
    let rig = Rig::standard().await;
    let profiles = rig.get("visible/versionProfiles?page=1&pagesize=500").await.json();
    assert_eq!(profiles["totalCount"], "3");
    assert_eq!(profiles["list"][2]["name"], "New Release");
    let set = rig.get("policySet/policyType/ACCESS_POLICY").await.json();
    assert_eq!((&set["name"], &set["policyType"]), (&json!("Global_Policy"), &json!("1")));
    let rules = rig.get("policySet/rules/policyType/ACCESS_POLICY?page=1&pagesize=500").await;
    assert_eq!(rules.text, r#"{"totalPages":"0","totalCount":"0","list":[]}"#);
    assert_eq!(rig.get("policySet/policyType/OTHER").await.status, 400);
    assert_eq!(rig.sandbox.unknown_paths(), [""; 0]);
}

#[tokio::test]
async fn a_path_that_nothing_is_known_of_is_noted_once() {
    let rig = Rig::standard().await;
    for path in ["segmentGroup?page=1", "segmentGroup?page=2", "server/5", "appConnectorGroup"] {
        assert_eq!(rig.get(path).await.status, 200);
    }
    let base = format!("/zpa/mgmtconfig/v1/admin/customers/{}", rig.sandbox.access().customer_id);
    let noted = [format!("GET {base}/segmentGroup"), format!("GET {base}/server/5")];
    assert_eq!(rig.sandbox.unknown_paths(), noted);
    let unknown: Vec<_> = rig.sandbox.requests().iter().map(|request| request.unknown).collect();
    assert_eq!(unknown, [true, true, true, false]);
    rig.sandbox.clear_requests();
    assert_eq!(rig.sandbox.unknown_paths().len(), 2);

    let strict = Rig::start(Options { strict: true, ..Options::default() }).await;
    assert_eq!(strict.get("segmentGroup").await.status, 404);
    assert_eq!(strict.sandbox.unknown_paths(), [format!("GET {base}/segmentGroup")]);
    assert_eq!(strict.post("segmentGroup", &json!({"name": "a"})).await.status, 404);
    assert_eq!(strict.put("segmentGroup/5", &json!({"name": "a"})).await.status, 404);
    let noted = [format!("POST {base}/segmentGroup"), format!("PUT {base}/segmentGroup/5")];
    assert_eq!(strict.sandbox.unknown_paths().get(1..), Some(noted.as_slice()));
}

#[tokio::test]
async fn what_programs_read_beside_keys_is_there() {
    let seed = json!({"keys": [{"name": "a"}], "connectors": [{"id": "1", "provisioningKeyId": "38101"}]});
    let contents = Contents::Seed(seed);
    let rig = Rig::start(Options { contents, ..Options::default() }).await;
    assert!(rig.get("authDomains").await.json()["authDomains"].is_array());
    let connector = rig.get("connector/1").await.json();
    assert_eq!(connector["upgradeStatus"], "COMPLETE");
    assert!(connector["lastBrokerConnectTime"].is_string() && connector["publicIp"].is_string());
    let group = rig.get("appConnectorGroup/72058304855047746").await.json();
    assert_eq!(group["version"]["versionProfileName"], "Default");
    assert_eq!(rig.get("appConnectorGroup/72058304855047747").await.json().get("version"), None);

    assert_eq!(rig.get("assistantSchedule").await.json()["enabled"], false);
    for days in ["4", "91", "x"] {
        let refused = rig.post("assistantSchedule", &json!({"frequencyInterval": days})).await;
        assert_eq!((refused.status, &refused.json()["params"]), (400, &json!(["frequencyInterval"])));
    }
    let made = rig.post("assistantSchedule", &json!({"enabled": true, "frequencyInterval": "30"})).await;
    assert_eq!(made.status, 201);
    let path = format!("assistantSchedule/{}", id(&made.json()));
    assert_eq!(rig.put(&path, &json!({"deleteDisabled": true})).await.status, 204);
    assert_eq!(rig.put("assistantSchedule/1", &json!({})).await.status, 400);
    let shown = rig.get("assistantSchedule").await.json();
    assert_eq!(
        (&shown["enabled"], &shown["deleteDisabled"], &shown["frequencyInterval"]),
        (&json!(true), &json!(true), &json!("30"))
    );

    let codes = "associationType/CONNECTOR_GRP/usercodes";
    let body = json!({"componentGroupId": "72058304855047746", "userCodes": ["AB12-CD34"]});
    assert_eq!(rig.post(codes, &body).await.json(), body);
    assert_eq!(rig.post(codes, &json!({"userCodes": []})).await.status, 400);
    assert_eq!(rig.post(codes, &json!({"userCodes": ["A"], "componentGroupId": "1"})).await.status, 400);
    assert_eq!(rig.sandbox.unknown_paths(), [""; 0]);
}

#[tokio::test]
async fn a_refused_token_comes_with_the_headers_of_the_gateway() {
    let rig = Rig::standard().await;
    let answer = rig.http.get(rig.url("connector")).bearer_auth("other").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    for name in
        ["server", "strict-transport-security", "x-oneapi-host", "x-oneapi-request-id", "x-oneapi-version"]
    {
        assert!(answer.headers().contains_key(name), "{name}");
    }
    assert!(!answer.headers().contains_key("cache-control"));
}
