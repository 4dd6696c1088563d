//! Writes whose answer was lost: what came of them is found out by looking, never by sending twice.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as the tests do")]

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use zpakey::api::{ApiError, Update, UpdateOutcome, WaitReason};
use zpakey::domain::{KeyChange, KeyId, MaxUsage, NewKey, ProvisioningKey};
use zpakey::sandbox::{Contents, Options};

use super::client::{Bench, CONNECTOR, Plan, new_key, short};

/// Creates a key whose answer is lost, and looks for it.
async fn lose_and_find(bench: &Bench, wanted: &NewKey) -> Vec<ProvisioningKey> {
    let known: HashSet<KeyId> =
        bench.client().keys(CONNECTOR).await.unwrap().into_iter().map(|key| key.id).collect();
    let since = bench.client().last_date();
    let error = bench.client().create_key(wanted).await.unwrap_err();
    assert_eq!(short(&error), "outcome unknown");
    bench.client().find_created(wanted, &known, since).await.unwrap()
}

/// A list that does not show any key yet.
fn no_keys() -> Value {
    json!({"status": 200, "body": {"totalPages": "0", "totalCount": "0", "list": []}})
}

fn ids(keys: &[ProvisioningKey]) -> Vec<&str> {
    keys.iter().map(|key| key.id.as_str()).collect()
}

/// The bodies of all requests with this method.
fn bodies(bench: &Bench, method: &str) -> Vec<String> {
    let requests = bench.sandbox.requests().into_iter().filter(|request| request.method == method);
    requests.filter(|request| request.has_authorization).map(|request| request.body).collect()
}

#[tokio::test]
async fn a_creation_that_was_carried_out_is_found_at_the_first_look() {
    let bench = Bench::standard().await;
    bench.faults(json!({"method": "POST", "contains": "/provisioningKey", "action": "reset_after"}));
    assert_eq!(ids(&lose_and_find(&bench, &new_key("made")).await), ["38102"]);
    assert_eq!((bench.count("POST"), bench.count("GET"), bench.keys()), (1, 2, 2));
    assert_eq!(bench.told_waits(), []);
}

#[tokio::test]
async fn a_creation_that_shows_late_is_found_at_a_later_look() {
    let bench = Bench::standard().await;
    bench.faults(json!([
        {"method": "POST", "contains": "/provisioningKey", "action": {"status": 502, "after": true}},
        {"method": "GET", "nth": 2, "action": "stale_read"},
        {"method": "GET", "nth": 3, "action": "stale_read"},
    ]));
    assert_eq!(ids(&lose_and_find(&bench, &new_key("made")).await), ["38102"]);
    assert_eq!((bench.count("POST"), bench.count("GET")), (1, 4));
    assert_eq!(bench.told_waits(), [(2, WaitReason::Looking), (2, WaitReason::Looking)]);
}

#[tokio::test]
async fn a_creation_that_was_not_carried_out_is_looked_for_three_times_and_not_sent_again() {
    let bench = Bench::standard().await;
    bench.faults(json!({"method": "POST", "contains": "/provisioningKey", "action": "reset_before"}));
    assert_eq!(lose_and_find(&bench, &new_key("made")).await, []);
    assert_eq!((bench.count("POST"), bench.count("GET"), bench.keys()), (1, 4, 1));
    assert_eq!(bench.clock.monotonic(), Duration::from_secs(4));
}

#[tokio::test]
async fn a_key_that_was_there_before_is_not_taken_for_the_new_one() {
    let bench = Bench::standard().await;
    bench.faults(json!({"method": "POST", "contains": "/provisioningKey", "action": "reset_before"}));
    assert_eq!(lose_and_find(&bench, &new_key("prod-fra-01")).await, []);
}

#[tokio::test]
async fn a_key_of_the_name_that_differs_otherwise_is_not_taken_for_the_new_one() {
    let bench = Bench::standard().await;
    let somebody_elses = NewKey { max_usage: MaxUsage(11), ..new_key("made") };
    bench.client().create_key(&somebody_elses).await.unwrap();
    let found = bench.client().find_created(&new_key("made"), &HashSet::new(), None).await.unwrap();
    assert_eq!(found, []);
    let found = bench.client().find_created(&somebody_elses, &HashSet::new(), None).await.unwrap();
    assert_eq!(ids(&found), ["38102"]);
}

/// A tenant whose only key has all that [`new_key`] asks for and is so many seconds old. The first list does not show
/// it: it lags behind. The `date` of that answer is so many seconds ahead.
async fn with_a_twin(seconds_old: i64, date_ahead: i64) -> Bench {
    let made = jiff::Timestamp::now().as_second() - seconds_old;
    let twin = json!({"name": "made", "maxUsage": 10, "creationTime": made.to_string()});
    let bench = Bench::seeded(json!({"keys": [twin]}), Plan::default()).await;
    let lag = json!({"method": "GET", "nth": 1, "action": no_keys()});
    let date = json!({"method": "GET", "nth": 2, "action": {"clock_off": date_ahead}});
    bench.faults(
        json!([lag, date, {"method": "POST", "contains": "/provisioningKey", "action": "reset_before"}]),
    );
    bench
}

/// What is found where the list lags behind, and the answer that tells the time comes after it.
async fn lose_and_find_beside_a_twin(bench: &Bench) -> Vec<ProvisioningKey> {
    let wanted = new_key("made");
    let known = bench.client().keys(CONNECTOR).await.unwrap();
    assert_eq!(known, []);
    bench.client().groups(CONNECTOR).await.unwrap();
    let since = bench.client().last_date();
    bench.client().create_key(&wanted).await.unwrap_err();
    bench.client().find_created(&wanted, &HashSet::new(), since).await.unwrap()
}

#[tokio::test]
async fn an_older_twin_that_a_list_shows_late_is_not_taken_for_the_new_key() {
    let bench = with_a_twin(300, 0).await;
    assert_eq!(lose_and_find_beside_a_twin(&bench).await, []);
    assert_eq!((bench.count("POST"), bench.keys()), (1, 1));
}

#[tokio::test]
async fn a_twins_age_is_told_by_the_servers_clock() {
    // This machine's clock is no measure: by it the first twin is new, and the second is old.
    let bench = with_a_twin(0, 300).await;
    assert_eq!(lose_and_find_beside_a_twin(&bench).await, []);
    let bench = with_a_twin(300, -300).await;
    assert_eq!(ids(&lose_and_find_beside_a_twin(&bench).await), ["38101"]);
}

#[tokio::test]
async fn clocks_of_the_api_may_differ_by_a_minute() {
    for (seconds_old, found) in [(50, 1), (70, 0)] {
        let bench = with_a_twin(seconds_old, 0).await;
        assert_eq!(lose_and_find_beside_a_twin(&bench).await.len(), found, "{seconds_old} s");
    }
}

#[tokio::test]
async fn the_new_key_is_found_beside_an_older_twin() {
    let twin = json!({"name": "made", "maxUsage": 10, "creationTime": "1600000000"});
    let mut options = Options { contents: Contents::Seed(json!({"keys": [twin]})), ..Options::default() };
    options.quirks.set("names=free").unwrap();
    let bench = Bench::new(options, Plan::default()).await;
    bench.faults(json!([
        {"method": "GET", "nth": 1, "action": no_keys()},
        {"method": "POST", "contains": "/provisioningKey", "action": "reset_after"},
    ]));
    assert_eq!(ids(&lose_and_find(&bench, &new_key("made")).await), ["38102"]);
}

#[tokio::test]
async fn where_a_time_is_not_known_it_decides_nothing() {
    let bench = Bench::seeded(
        json!({"keys": [{"name": "made", "maxUsage": 10, "creationTime": null}]}),
        Plan::default(),
    )
    .await;
    let found =
        bench.client().find_created(&new_key("made"), &HashSet::new(), Some(jiff::Timestamp::now())).await;
    assert_eq!(ids(&found.unwrap()), ["38101"]);
    let bench = with_a_twin(300, 0).await;
    bench.faults(json!([]));
    assert_eq!(bench.client().last_date(), None);
    let found = bench.client().find_created(&new_key("made"), &HashSet::new(), None).await.unwrap();
    assert_eq!(ids(&found), ["38101"]);
}

#[tokio::test]
async fn an_answer_that_says_yes_but_not_to_what_is_looked_for_too() {
    let bench = Bench::standard().await;
    for (name, action, found) in [("a", "empty", "38102"), ("b", "unreadable", "38103")] {
        bench.faults(json!({"method": "POST", "contains": "/provisioningKey", "action": action}));
        assert_eq!(ids(&lose_and_find(&bench, &new_key(name)).await), [found]);
    }
    assert_eq!(bench.count("POST"), 2);
}

#[tokio::test]
async fn the_error_of_a_lost_creation_says_what_was_sent_where_and_what_happened() {
    let bench = Bench::standard().await.warm().await;
    bench.faults(json!({"method": "POST", "action": {"status": 504}}));
    let error = bench.client().create_key(&new_key("made")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST /zpa/mgmtconfig/v1/admin/customers/216199618143191040/associationType/CONNECTOR_GRP/provisioningKey \
         was sent, and whether it was carried out is not known"
    );
    let ApiError::OutcomeUnknown { cause, .. } = error else { panic!("{error}") };
    assert_eq!(cause, "the API answered 504");
}

/// Updates a key that is not as wanted yet.
async fn update(bench: &Bench, key: &ProvisioningKey, change: &KeyChange) -> Result<Update, ApiError> {
    match bench.client().update_key(key, change).await? {
        UpdateOutcome::Updated(update) => Ok(*update),
        UpdateOutcome::Unchanged(key) => panic!("{key:?} is as wanted"),
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_done_when_the_key_is_gone() {
    for quirk in ["not-found=400", "not-found=404"] {
        let mut options = Options::default();
        options.quirks.set(quirk).unwrap();
        let bench = Bench::new(options, Plan::default()).await;
        let made = bench.client().create_key(&new_key("made")).await.unwrap().key;
        bench.faults(json!({"method": "DELETE", "nth": 1, "action": "reset_after"}));
        bench.client().delete_key(&made).await.unwrap();
        let statuses: Vec<_> =
            bench.sandbox.requests().into_iter().filter(|it| it.method == "DELETE").collect();
        let statuses: Vec<_> = statuses.iter().map(|request| request.status).collect();
        // The key is read before it would be deleted again, and it is gone.
        assert_eq!(statuses, [None]);
        assert_eq!(bench.keys(), 0);
    }
}

#[tokio::test]
async fn a_deletion_that_waited_its_turn_and_finds_nothing_was_not_done_by_us() {
    let bench = Bench::standard().await;
    let key = bench.first_key().await;
    let busy = json!({"status": 503, "headers": {"retry-after": "1s"}, "after": true});
    bench.faults(json!({"method": "DELETE", "nth": 1, "action": busy}));
    let error = bench.client().delete_key(&key).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn deleting_what_is_not_there_is_not_found() {
    let bench = Bench::standard().await;
    let key = bench.first_key().await;
    bench.client().delete_key(&key).await.unwrap();
    let error = bench.client().delete_key(&key).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "the API answered 400 resource.not.found: No resource exists with the given id/name :38101"
    );
}

#[tokio::test]
async fn a_key_of_zscalers_is_neither_changed_nor_deleted() {
    let seed = json!({"keys": [{"name": "a", "zscalerManaged": true}, {"name": "b", "readOnly": true}]});
    let bench = Bench::seeded(seed, Plan::default()).await;
    let mut told = Vec::new();
    for key in bench.client().keys(CONNECTOR).await.unwrap() {
        told.push(bench.client().delete_key(&key).await.unwrap_err().to_string());
        let change = KeyChange { enabled: Some(false), ..KeyChange::default() };
        let refused = bench.client().prepare_update(CONNECTOR, &key.id, &change).await.unwrap_err();
        told.push(refused.to_string());
    }
    let managed = "a (38101) is managed by Zscaler and cannot be changed";
    let read_only = "b (38102) is read-only and cannot be changed";
    assert_eq!(told, [managed, managed, read_only, read_only]);
    assert_eq!((bench.count("DELETE"), bench.count("PUT")), (0, 0));
}

#[tokio::test]
async fn an_update_that_was_lost_is_read_before_it_is_sent_again_and_read_back() {
    let bench = Bench::standard().await;
    bench.faults(json!([
        {"method": "PUT", "nth": 1, "action": "reset_before"},
        {"method": "PUT", "nth": 2, "action": {"status": 500}},
    ]));
    let change = KeyChange { enabled: Some(false), ..KeyChange::default() };
    let key = bench.first_key().await;
    let update = update(&bench, &key, &change).await.unwrap();
    assert!(update.before.enabled && !update.after.enabled && update.unmet.is_empty());
    let body = concat!(
        r#"{"id":"38101","name":"prod-fra-01","enabled":false,"maxUsage":"10","enrollmentCertId":"16560","#,
        r#""zcomponentId":"72058304855047746","exportable":true}"#
    );
    assert_eq!(bodies(&bench, "PUT"), [body, body, body]);
    let order: String = bench.sandbox.requests().iter().map(|it| it.method.chars().next().unwrap()).collect();
    assert!(order.ends_with("GPGPGPG"), "{order}");
}

#[tokio::test]
async fn an_update_that_the_api_accepts_and_does_not_make_is_told() {
    let bench = Bench::standard().await;
    bench.faults(json!({"method": "PUT", "action": {"status": 204}}));
    let change = KeyChange { name: Some("new".to_owned()), ..KeyChange::default() };
    let key = bench.first_key().await;
    let update = update(&bench, &key, &change).await.unwrap();
    let unmet: Vec<_> =
        update.unmet.iter().map(|it| (it.field, it.from.to_string(), it.to.to_string())).collect();
    assert_eq!(unmet, [("name", "prod-fra-01".to_owned(), "new".to_owned())]);
}

#[tokio::test]
async fn a_write_whose_first_try_was_lost_stays_in_doubt_whatever_its_last_try_came_to() {
    let lost_then = |last: Value| json!([{"method": "PUT", "nth": 1, "action": "reset_before"}, last]);
    for (faults, plan) in [
        // The token's endpoint fails when the second try needs it.
        (
            json!([{"method": "PUT", "nth": 1, "action": "reset_before"}, {"method": "PUT", "action": "token_expired"},
                   {"contains": "/token", "action": {"status": 401, "body": {"id": "invalid_client"}}}]),
            Plan::default(),
        ),
        (lost_then(json!({"method": "PUT", "action": "reset_before"})), Plan::default()),
        (lost_then(json!({"method": "PUT", "action": "reset_before"})), Plan::max_wait(0)),
        (
            lost_then(json!({"method": "PUT", "action": {"status": 429, "headers": {"retry-after": "5s"}}})),
            Plan::deadline(1),
        ),
    ] {
        let bench = Bench::with(plan).await;
        let change = KeyChange { enabled: Some(false), ..KeyChange::default() };
        let key = bench.first_key().await;
        bench.faults(faults);
        let error = update(&bench, &key, &change).await.unwrap_err();
        assert_eq!(short(&error), "outcome unknown", "{error}");
    }
}

#[tokio::test]
async fn a_refusal_of_a_later_try_does_not_settle_what_became_of_the_first() {
    let bench = Bench::standard().await;
    let refused = json!({"status": 403, "body": {"id": "access.denied"}});
    for (first, expected) in
        [("reset_before", Err("the API answered 403 access.denied")), ("reset_after", Ok(()))]
    {
        let change = KeyChange { enabled: Some(false), ..KeyChange::default() };
        let key = bench.first_key().await;
        bench.faults(json!([
            {"method": "PUT", "nth": 1, "action": first},
            {"method": "PUT", "action": refused},
        ]));
        let outcome = update(&bench, &key, &change).await;
        match (outcome, expected) {
            (Ok(update), Ok(())) => assert!(!update.after.enabled),
            (Err(ApiError::OutcomeUnknown { cause, .. }), Err(expected)) => assert_eq!(cause, expected),
            (outcome, _) => panic!("{first}: {outcome:?}"),
        }
    }
}

#[tokio::test]
async fn an_update_that_was_accepted_and_cannot_be_read_back_is_not_called_failed() {
    let bench = Bench::standard().await;
    let change = KeyChange { enabled: Some(false), ..KeyChange::default() };
    let key = bench.first_key().await;
    bench.faults(
        json!({"method": "GET", "nth": 2, "action": {"status": 403, "body": {"id": "access.denied"}}}),
    );
    let error = update(&bench, &key, &change).await.unwrap_err();
    assert_eq!(short(&error), "outcome unknown");
    assert_eq!(bench.count("PUT"), 1);
}
