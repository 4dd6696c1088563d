//! The emulator's lists: pages, search, and what keys refer to.

use reqwest::Method;
use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use super::sandbox::{Answer, KEYS, Rig};

async fn with_keys(count: usize) -> Rig {
    let keys: Vec<_> = (1..=count).map(|number| json!({"name": format!("key {number}")})).collect();
    let contents = Contents::Seed(json!({"keys": keys}));
    Rig::start(Options { contents, ..Options::default() }).await
}

async fn certificates(rig: &Rig, search: &str) -> Answer {
    let url = rig.url(&format!("enrollmentCert?search={search}")).replace("/v1/", "/v2/");
    let response = rig.try_send(Method::GET, &url, None).await;
    Answer::of(response.unwrap_or_else(|error| panic!("{error}"))).await
}

fn listed(page: &Value) -> Vec<&str> {
    page["list"].as_array().into_iter().flatten().filter_map(|item| item["name"].as_str()).collect()
}

#[tokio::test]
async fn an_empty_list_has_its_totals_as_text() {
    let rig = Rig::standard().await;
    let answer = rig.get(KEYS).await;
    assert_eq!(answer.text, r#"{"totalPages":"0","totalCount":"0","list":[]}"#);
}

#[tokio::test]
async fn a_page_has_twenty_unless_told_and_never_more_than_500() {
    let rig = with_keys(1200).await;
    let first = rig.get(KEYS).await.json();
    assert_eq!(listed(&first).len(), 20);
    assert_eq!((first["totalPages"].as_str(), first["totalCount"].as_str()), (Some("60"), Some("1200")));
    let camel_case = rig.get(&format!("{KEYS}?pageSize=500")).await.json();
    assert_eq!(listed(&camel_case).len(), 20);

    let last = rig.get(&format!("{KEYS}?page=3&pagesize=500")).await.json();
    assert_eq!(listed(&last).len(), 200);
    assert_eq!(last["totalPages"], "3");
    let capped = rig.get(&format!("{KEYS}?pagesize=5000")).await.json();
    assert_eq!(listed(&capped).len(), 500);
    let beyond = rig.get(&format!("{KEYS}?page=4&pagesize=500")).await.json();
    assert_eq!(beyond, json!({"totalPages": "3", "totalCount": "1200", "list": []}));
    assert_eq!(rig.get(&format!("{KEYS}?page=0")).await.status, 400);
}

#[tokio::test]
async fn a_search_is_understood_in_both_spellings() {
    let rig = with_keys(30).await;
    for search in ["name%20EQ%20key%203", "name%2BEQ%2Bkey+3", "name+EQ+key+3"] {
        let page = rig.get(&format!("{KEYS}?search={search}")).await.json();
        assert_eq!(listed(&page), ["key 3"], "{search}");
        assert_eq!(page["totalCount"], "1");
    }
    let like = rig.get(&format!("{KEYS}?search=name%20LIKE%20KEY%203")).await.json();
    assert_eq!(listed(&like), ["key 3", "key 30"]);
    let by_group = rig.get(&format!("{KEYS}?search=zcomponentName%20EQ%20AWS%20us-east-1")).await.json();
    assert_eq!(by_group["totalCount"], "30");
    let word = rig.get(&format!("{KEYS}?search=key")).await;
    assert_eq!((word.status, word.json()["id"].as_str()), (400, Some("filtering.input.invalid.operand")));
}

#[tokio::test]
async fn the_preloaded_certificates_are_listed_by_version_2_and_read_by_version_1() {
    let rig = Rig::standard().await;
    let all = certificates(&rig, "").await.json();
    assert_eq!(listed(&all), ["Root", "Client", "Connector", "Service Edge", "Isolation Client"]);
    let usable = certificates(&rig, "privateKeyPresent%20EQ%20true").await.json();
    assert_eq!(usable["totalCount"], "5");
    let edge = certificates(&rig, "name%2BEQ%2BService+Edge").await.json();
    assert_eq!(listed(&edge), ["Service Edge"]);
    assert_eq!(edge["list"][0]["parentCertName"], "Root");
    assert_eq!(edge["list"][0]["cName"], "216199618143191040.zpa-customer.com/Service Edge");

    assert_eq!(rig.get("enrollmentCert/16560").await.json()["name"], "Connector");
    assert_eq!(rig.get("enrollmentCert").await.status, 404);
    let url = rig.url("enrollmentCert/16560").replace("/v1/", "/v2/");
    assert_eq!(rig.try_send(Method::GET, &url, None).await.unwrap().status(), 404);
}

#[tokio::test]
async fn groups_connectors_and_microtenants_are_listed_and_read() {
    let seed = json!({
        "keys": [{"name": "prod-fra-01"}],
        "connectors": [{"provisioningKeyId": "38101"}],
        "microtenants": [{"id": "7", "name": "Subsidiary"}],
    });
    let rig = Rig::start(Options { contents: Contents::Seed(seed), ..Options::default() }).await;
    let groups = rig.get("appConnectorGroup").await.json();
    assert_eq!(listed(&groups), ["AWS us-east-1", "CI us-east-1", "DR Frankfurt"]);
    assert_eq!(groups["list"][0]["connectors"][0]["provisioningKeyId"], "38101");
    assert_eq!(groups["list"][1].get("connectors"), None);
    assert_eq!(rig.get("appConnectorGroup/72058304855047748").await.json()["name"], "DR Frankfurt");
    assert_eq!(rig.get("appConnectorGroup/summary").await.json()["list"][0]["id"], "72058304855047746");
    assert_eq!(rig.get("appConnectorGroup/1").await.status, 400);
    let edges = rig.get("serviceEdgeGroup").await.json();
    assert_eq!(listed(&edges), ["Branch EMEA", "Branch US"]);
    assert_eq!(edges["list"][0]["isPublic"], "FALSE");
    assert_eq!(rig.get("serviceEdgeGroup/72058304855047752").await.json()["name"], "Branch US");

    let connectors = rig.get("connector").await.json();
    let connector = &connectors["list"][0];
    assert_eq!(connector["provisioningKeyName"], "prod-fra-01");
    assert_eq!(connector["appConnectorGroupName"], "AWS us-east-1");
    assert!(connector["name"].as_str().unwrap().starts_with("prod-fra-01-"));
    let one = rig.get(&format!("connector/{}", connector["id"].as_str().unwrap())).await;
    assert_eq!(&one.json(), connector);
    assert_eq!(rig.get("serviceEdge").await.json()["totalCount"], "0");

    assert_eq!(
        rig.get("microtenants/summary").await.text,
        r#"[{"id":"7","name":"Subsidiary","enabled":true},{"id":"0","name":"Default","enabled":true}]"#
    );
    assert_eq!(listed(&rig.get("microtenants").await.json()), ["Subsidiary", "Default"]);
    assert_eq!(rig.get("microtenants/7").await.json()["name"], "Subsidiary");
}

#[tokio::test]
async fn what_the_sandbox_does_not_know_is_empty_or_refused() {
    let rig = Rig::standard().await;
    assert_eq!(rig.get("segmentGroup").await.json()["totalCount"], "0");
    assert_eq!(rig.post("segmentGroup", &json!({})).await.status, 404);
    assert_eq!(rig.send(Method::PATCH, KEYS, None).await.status, 405);
    let body = rig.send(Method::GET, KEYS, Some(&json!({}))).await;
    assert_eq!(body.status, 200, "a body with a GET is ignored");
    let other = rig.url(KEYS).replace("216199618143191040", "1");
    assert_eq!(rig.try_send(Method::GET, &other, None).await.unwrap().status(), 401);

    let strict = Rig::start(Options { strict: true, ..Options::default() }).await;
    assert_eq!(strict.get("segmentGroup").await.status, 404);
    assert_eq!(strict.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn an_empty_tenant_has_certificates_and_no_groups() {
    let rig = Rig::start(Options { contents: Contents::Empty, ..Options::default() }).await;
    assert_eq!(rig.get("appConnectorGroup").await.json()["totalCount"], "0");
    assert_eq!(certificates(&rig, "").await.json()["totalCount"], "5");
}
