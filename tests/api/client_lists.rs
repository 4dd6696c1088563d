//! Lists as the client reads them: pages, totals that are wrong, and the microtenant on every call.

use std::collections::HashSet;

use serde_json::{Value, json};
use zpakey::api::UpdateOutcome;
use zpakey::domain::{AssociationType, KeyChange, MicrotenantId, ProvisioningKey};

use super::client::{Bench, CONNECTOR, Plan, id, new_key, short};

const EDGE: AssociationType = AssociationType::ServiceEdgeGrp;

async fn with_keys(count: usize) -> Bench {
    let keys: Vec<_> = (1..=count).map(|number| json!({"name": format!("key {number}")})).collect();
    Bench::seeded(json!({"keys": keys}), Plan::default()).await.warm().await
}

fn names(keys: &[ProvisioningKey]) -> Vec<&str> {
    keys.iter().map(|key| key.name.raw()).collect()
}

/// The queries of all requests that arrived with a token.
fn queries(bench: &Bench) -> Vec<String> {
    let requests = bench.sandbox.requests().into_iter().filter(|request| request.has_authorization);
    requests.map(|request| request.query).collect()
}

/// A page of keys of which only the ids matter.
fn page(total_pages: &Value, ids: std::ops::Range<u32>) -> Value {
    let list: Vec<_> = ids
        .map(|number| {
            json!({"id": number, "name": format!("key {number}"), "maxUsage": 1, "zcomponentId": 1,
                   "enrollmentCertId": 1})
        })
        .collect();
    json!({"status": 200, "body": {"totalPages": total_pages, "totalCount": "0", "list": list}})
}

#[tokio::test]
async fn twelve_hundred_keys_are_three_pages_of_five_hundred_in_order() {
    let bench = with_keys(1200).await;
    let keys = bench.client().keys(CONNECTOR).await.unwrap();
    let expected: Vec<_> = (1..=1200).map(|number| format!("key {number}")).collect();
    assert_eq!(names(&keys), expected);
    let mut asked = queries(&bench);
    // The second and the third are in flight together.
    asked.sort();
    assert_eq!(asked, ["page=1&pagesize=500", "page=2&pagesize=500", "page=3&pagesize=500"]);
}

#[tokio::test]
async fn an_empty_list_is_one_request() {
    let bench = Bench::standard().await.warm().await;
    assert_eq!(bench.client().keys(EDGE).await.unwrap(), []);
    assert_eq!(queries(&bench), ["page=1&pagesize=500"]);
}

#[tokio::test]
async fn a_total_count_that_is_wrong_changes_nothing() {
    let bench = Bench::standard().await.warm().await;
    let body = json!({"totalPages": "1", "totalCount": "0", "currentCount": "9", "list": []});
    let mut answer = page(&json!("1"), 1..3);
    answer["body"]["totalCount"] = "0".into();
    answer["body"]["currentCount"] = "9".into();
    bench.faults(json!({"action": answer}));
    assert_eq!(names(&bench.client().keys(CONNECTOR).await.unwrap()), ["key 1", "key 2"]);
    bench.faults(json!({"action": {"status": 200, "body": body}}));
    assert_eq!(bench.client().keys(CONNECTOR).await.unwrap(), []);
    assert_eq!(bench.count("GET"), 2);
}

#[tokio::test]
async fn more_pages_announced_than_there_are_end_empty() {
    let bench = with_keys(3).await;
    bench.faults(json!({"nth": 1, "action": page(&json!(4), 1..4)}));
    assert_eq!(names(&bench.client().keys(CONNECTOR).await.unwrap()), ["key 1", "key 2", "key 3"]);
    assert_eq!(bench.count("GET"), 4);
}

#[tokio::test]
async fn without_a_number_of_pages_it_goes_on_until_one_is_not_full() {
    let bench = with_keys(1).await;
    for unknown in [Value::Null, json!("many"), json!("0"), json!("1")] {
        bench.sandbox.clear_requests();
        bench.faults(json!([
            {"request": 1, "action": page(&unknown, 1..501)},
            {"request": 2, "action": page(&unknown, 501..1001)},
            {"request": 3, "action": page(&unknown, 1001..1003)},
        ]));
        let keys = bench.client().keys(CONNECTOR).await.unwrap();
        let expected = if unknown == json!("1") { (500, 1) } else { (1002, 3) };
        assert_eq!((keys.len(), bench.count("GET")), expected, "{unknown}");
    }
}

#[tokio::test]
async fn an_answer_without_a_list_is_no_page_of_one() {
    let bench = Bench::standard().await.warm().await;
    for body in [json!({}), json!({"totalPages": "0"}), json!({"totalPages": null, "list": null})] {
        bench.faults(json!({"action": {"status": 200, "body": body}}));
        assert_eq!(short(&bench.client().keys(CONNECTOR).await.unwrap_err()), "unreadable", "{body}");
    }
}

#[tokio::test]
async fn a_key_that_two_pages_show_is_there_once() {
    let bench = Bench::standard().await.warm().await;
    bench.faults(json!([
        {"request": 1, "action": page(&json!("2"), 1..4)},
        {"request": 2, "action": page(&json!("2"), 3..6)},
    ]));
    let keys = bench.client().keys(CONNECTOR).await.unwrap();
    assert_eq!(names(&keys), ["key 1", "key 2", "key 3", "key 4", "key 5"]);
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list_and_nothing_is_left_out_silently() {
    let bench = with_keys(1200).await;
    let denied = json!({"status": 403, "body": {"id": "access.denied", "reason": "Access denied"}});
    bench.faults(json!({"request": 3, "action": denied}));
    let error = bench.client().keys(CONNECTOR).await.unwrap_err();
    assert_eq!(short(&error), "refused 403");
}

#[tokio::test]
async fn each_type_has_its_own_outcome() {
    let refusal =
        json!({"status": 401, "body": {"id": "authz.featureflag.permission.denied", "reason": "No."}});
    let seed = json!({"keys": [{"name": "a"}, {"association_type": "SERVICE_EDGE_GRP", "name": "b"}],
                      "unavailable_types": {"NP_ASSISTANT_GRP": refusal}});
    let bench = Bench::seeded(seed, Plan::default()).await.warm().await;
    let outcomes: Vec<_> = bench.client().keys_of(&AssociationType::ALL).await;
    let told: Vec<_> = outcomes
        .iter()
        .map(|(kind, keys)| (kind.short(), keys.as_ref().map(|keys| names(keys)).map_err(short)))
        .collect();
    assert_eq!(
        told,
        [
            ("connector", Ok(vec!["a"])),
            ("service-edge", Ok(vec!["b"])),
            ("np-assistant", Err("refused 401".to_owned())),
            ("site-controller", Ok(vec![])),
            ("exporter", Ok(vec![])),
        ]
    );
    assert_eq!((bench.count("GET"), bench.sign_ins()), (5, 0));
}

#[tokio::test]
async fn every_call_says_the_microtenant() {
    let seed = json!({"microtenants": [{"id": "7", "name": "Subsidiary"}]});
    let bench = Bench::seeded(seed, Plan::default()).await.warm().await;
    let tenant: MicrotenantId = id("7");
    let client = bench.client().within(Some(tenant));
    let made = client.create_key(&new_key("made")).await.unwrap().key;
    client.keys_of(&AssociationType::ALL).await;
    client.key(CONNECTOR, &made.id).await.unwrap();
    client.key_secret(CONNECTOR, &made.id).await.unwrap();
    let change = KeyChange { enabled: Some(false), ..KeyChange::default() };
    let UpdateOutcome::Updated(update) = client.update_key(&made, &change).await.unwrap() else {
        panic!("nothing was sent");
    };
    assert_eq!(update.after.microtenant.map(|tenant| tenant.id), Some(id("7")));
    client.delete_key(&made).await.unwrap();
    client.find_created(&new_key("made"), &HashSet::new(), None).await.unwrap();
    client.certs().await.unwrap();
    client.cert(&id("16560")).await.unwrap();
    for kind in [CONNECTOR, EDGE] {
        // No group of the standard tenant is in the microtenant; only the request matters.
        let _ = client.groups(kind).await;
        let _ = client.group(kind, &id("72058304855047746")).await;
        let _ = client.enrolled(kind).await;
    }
    client.microtenants().await.unwrap();
    let asked = queries(&bench);
    assert_eq!(asked.len(), 26);
    for query in asked {
        assert!(query.ends_with("microtenantId=7") && query.matches("microtenantId").count() == 1, "{query}");
    }
    let writes = bench.sandbox.requests().into_iter().filter(|request| !request.body.is_empty());
    let bodies: Vec<_> =
        writes.filter(|request| request.has_authorization).map(|request| request.body).collect();
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| body.contains(r#""microtenantId":"7""#)));
}

#[tokio::test]
async fn without_a_microtenant_none_is_said() {
    let bench = Bench::standard().await.warm().await;
    bench.client().within(None).keys(CONNECTOR).await.unwrap();
    bench.client().create_key(&new_key("made")).await.unwrap();
    assert_eq!(queries(&bench), ["page=1&pagesize=500", ""]);
    assert!(bench.sandbox.requests().iter().all(|request| !request.body.contains("microtenant")));
}

#[tokio::test]
async fn of_three_types_groups_and_members_are_not_asked_for() {
    let bench = Bench::standard().await.warm().await;
    for kind in
        [AssociationType::NpAssistantGrp, AssociationType::SiteControllerGrp, AssociationType::ExporterGrp]
    {
        assert_eq!(bench.client().groups(kind).await.unwrap(), None);
        assert_eq!(bench.client().group(kind, &id("1")).await.unwrap(), None);
        assert_eq!(bench.client().enrolled(kind).await.unwrap(), None);
    }
    assert_eq!(bench.count("GET"), 0);
}

#[tokio::test]
async fn a_list_that_claims_absurdly_many_pages_is_refused_after_the_first() {
    let bench = with_keys(1).await;
    bench.faults(json!({"nth": 1, "action": page(&json!("4000000"), 1..3)}));
    let error = bench.client().keys(CONNECTOR).await.unwrap_err();
    assert!(error.to_string().ends_with("it claims 4000000 pages"), "{error}");
    assert_eq!(bench.count("GET"), 1);
}
