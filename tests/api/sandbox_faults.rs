//! The emulator's failures, its limits and its delay.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use serde_json::{Value, json};
use zpakey::sandbox::{Action, Fault, Options};

use super::sandbox::{Answer, KEYS, Rig, client, new_key};

async fn with_faults(faults: Value) -> Rig {
    let rig = Rig::standard().await;
    rig.sandbox.set_faults(Fault::parse(&faults).unwrap_or_else(|error| panic!("{error}")));
    rig
}

fn keys(rig: &Rig) -> usize {
    rig.sandbox.tenant().get("keys").and_then(Value::as_array).map_or(0, Vec::len)
}

#[tokio::test]
async fn a_status_comes_instead_of_the_answer_for_the_nth_request_only() {
    let busy = json!({"id": "retryable.server.error"});
    let action = json!({"status": 503, "headers": {"retry-after": "10s"}, "body": busy});
    let rig = with_faults(json!({"method": "POST", "nth": 2, "action": action})).await;
    rig.make("a").await;
    assert_eq!(rig.get(KEYS).await.status, 200);
    let answer = rig.post(KEYS, &new_key("b")).await;
    assert_eq!((answer.status, answer.json()), (503, busy));
    assert_eq!(answer.header("retry-after"), Some("10s"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    rig.make("c").await;
    assert_eq!(keys(&rig), 2);
    let statuses: Vec<_> = rig.sandbox.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(200), Some(200), Some(503), Some(200)]);
}

#[tokio::test]
async fn a_status_can_follow_the_effect() {
    let rig =
        with_faults(json!({"request": 1, "action": {"status": 504, "body": "upstream", "after": true}}))
            .await;
    let answer = rig.post(KEYS, &new_key("a")).await;
    assert_eq!((answer.status, answer.text.as_str()), (504, "upstream"));
    assert_eq!(keys(&rig), 1);
}

#[tokio::test]
async fn a_body_is_cut_although_more_was_promised() {
    let rig = with_faults(json!({"contains": "provisioningKey", "action": {"cut_body": 11}})).await;
    let mut response = rig.try_send(Method::GET, &rig.url(KEYS), None).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.content_length(), Some(45));
    let mut start = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(bytes)) => start.extend_from_slice(&bytes),
            other => break other,
        }
    };
    assert_eq!(start, br#"{"totalPage"#);
    assert!(end.is_err());
}

#[tokio::test]
async fn a_body_is_unreadable_or_missing() {
    let rig = with_faults(json!([
        {"request": 1, "action": "unreadable"},
        {"request": 2, "action": "empty"},
    ]))
    .await;
    let answer = rig.post(KEYS, &new_key("a")).await;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<Value>(&answer.text).is_err());
    let answer = rig.post(KEYS, &new_key("b")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(keys(&rig), 2);
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_effect() {
    let rig = with_faults(json!([
        {"request": 1, "action": "reset_before"},
        {"request": 2, "action": "reset_after"},
        {"request": 3, "action": {"hang_after": 1}},
    ]))
    .await;
    for (name, made) in [("a", 0), ("b", 1), ("c", 2)] {
        let failure = rig.try_send(Method::POST, &rig.url(KEYS), Some(&new_key(name))).await;
        assert!(failure.is_err());
        assert_eq!(keys(&rig), made);
    }
    assert!(rig.sandbox.requests().iter().all(|request| request.status.is_none()));
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "2");
}

#[tokio::test]
async fn a_silence_ends_without_an_effect() {
    let rig = with_faults(json!({"request": 1, "action": {"hang_before": 60_000}})).await;
    let url = rig.url(KEYS);
    let request = rig.try_send(Method::POST, &url, None);
    assert!(tokio::time::timeout(Duration::from_millis(50), request).await.is_err());
    assert_eq!(keys(&rig), 0);
}

#[tokio::test]
async fn an_expired_token_stays_expired() {
    let rig = with_faults(json!({"request": 1, "action": "token_expired"})).await;
    assert_eq!(rig.get(KEYS).await.status, 401);
    assert_eq!(rig.get(KEYS).await.status, 401);
}

#[tokio::test]
async fn a_stale_read_lags_one_change_behind() {
    let rig = with_faults(json!({"method": "GET", "nth": 1, "action": "stale_read"})).await;
    rig.make("a").await;
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "0");
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "1");
}

/// Waits until the tenant has so many keys; a request that fails is tried again.
async fn until_there_are(rig: &Rig, count: &str) {
    for _ in 0..1_000 {
        if let Ok(response) = rig.try_send(Method::GET, &rig.url(KEYS), None).await
            && Answer::of(response).await.json().get("totalCount").and_then(Value::as_str) == Some(count)
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("there are never {count} keys");
}

#[tokio::test]
async fn connections_are_refused_for_a_time() {
    let rig = with_faults(json!({"method": "POST", "action": {"refuse": 1_000}})).await;
    assert!(rig.try_send(Method::POST, &rig.url(KEYS), Some(&new_key("a"))).await.is_err());
    let refused = client().get(rig.url(KEYS)).send().await.unwrap_err();
    assert!(refused.is_connect(), "{refused:?}");
    assert!(rig.try_send(Method::GET, &rig.url(KEYS), None).await.is_err());
    until_there_are(&rig, "0").await;
    assert_eq!(rig.sandbox.requests().len(), 2, "what was refused did not arrive");

    rig.sandbox.refuse_connections(Duration::from_mins(1)).await;
    assert!(client().get(rig.url(KEYS)).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_request_can_have_its_effect_late() {
    let rig = with_faults(json!({"request": 1, "action": {"apply_late": 1_000}})).await;
    assert!(rig.try_send(Method::POST, &rig.url(KEYS), Some(&new_key("a"))).await.is_err());
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "0");
    until_there_are(&rig, "1").await;
}

#[tokio::test]
async fn an_answer_can_drip() {
    let rig = with_faults(json!({"request": 1, "action": {"drip": 2}})).await;
    let start = Instant::now();
    let answer = rig.get(KEYS).await;
    assert_eq!(answer.text, r#"{"totalPages":"0","totalCount":"0","list":[]}"#);
    assert!(start.elapsed() >= Duration::from_millis(2 * 45));
}

#[tokio::test]
async fn an_answer_can_claim_to_be_something_else_and_of_another_time() {
    let rig = with_faults(json!([
        {"request": 1, "action": {"content_type": "text/html"}},
        {"request": 2, "action": {"clock_off": -7200}},
        {"request": 3, "action": {"clock_off": 7200}},
    ]))
    .await;
    let answer = rig.get(KEYS).await;
    assert_eq!((answer.header("content-type"), answer.status), (Some("text/html"), 200));
    for off in [-7200, 7200] {
        let answer = rig.get(KEYS).await;
        let told = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
        let told = i64::try_from(told.duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        assert!((told - now - off).abs() <= 2, "{told} {now}");
    }
}

#[tokio::test]
async fn an_entry_can_come_twice_and_a_page_can_be_missing() {
    let rig = with_faults(json!([
        {"query": "page=1", "action": "entry_twice"},
        {"query": "page=2", "action": "page_missing"},
        {"contains": "/zcomponent/", "action": "entry_twice"},
    ]))
    .await;
    for name in ["a", "b", "c"] {
        rig.make(name).await;
    }
    let names = |page: &Value| {
        let list = page["list"].as_array().or(page.as_array()).cloned().unwrap_or_default();
        list.iter().map(|key| key["name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let first = rig.get(&format!("{KEYS}?page=1&pagesize=2")).await.json();
    assert_eq!(
        (names(&first), &first["totalCount"]),
        (["a", "b", "a"].map(str::to_owned).into(), &json!("3"))
    );
    let second = rig.get(&format!("{KEYS}?page=2&pagesize=2")).await.json();
    assert_eq!(second, json!({"totalPages": "2", "totalCount": "3", "list": []}));
    let bare = rig.get("associationType/CONNECTOR_GRP/zcomponent/72058304855047746/provisioningKey").await;
    assert_eq!(names(&bare.json()), ["a", "b", "c", "a"]);
}

#[test]
fn faults_that_are_not_understood_are_named() {
    for (faults, part) in [
        (json!("reset_before"), "JSON object"),
        (json!({"action": "explode"}), "`explode`"),
        (json!({"action": "empty", "nht": 1}), "`nht`"),
        (json!({"action": "empty", "nth": 0}), "`nth`"),
        (json!({"action": {"status": 99}}), "`status`"),
        (json!({"method": "GET"}), "`action`"),
        (json!({"action": {"drip": -1}}), "`drip`"),
        (json!({"action": {"content_type": 7}}), "`content_type`"),
        (json!({"action": {"clock_off": "late"}}), "`clock_off`"),
    ] {
        let error = Fault::parse(&faults).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let all = Fault::parse(&json!({"action": "empty"})).unwrap();
    assert_eq!(all, [Fault::every(Action::Empty)]);
}

#[tokio::test]
async fn the_limits_refuse_the_21st_read_and_the_11th_write_and_tell_the_wait() {
    let rig = Rig::start(Options { enforce_limits: true, time_scale: 20, ..Options::default() }).await;
    for _ in 0..20 {
        assert_eq!(rig.get(KEYS).await.status, 200);
    }
    let answer = rig.get(KEYS).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("1s"));
    assert_eq!(
        answer.text,
        "{\n  \"exception\" : \"invalid.toomanyrequests\",\n  \"id\" : \"invalid.toomanyrequests\",\n  \
         \"reason\" : \"Exceeded the number of requests allowed.\"\n}"
    );
    for number in 0..10 {
        rig.make(&format!("k{number}")).await;
    }
    assert_eq!(rig.post(KEYS, &new_key("x")).await.status, 429);
    tokio::time::sleep(Duration::from_millis(510)).await;
    assert_eq!(rig.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn the_delay_is_added_to_each_answer() {
    let rig = Rig::start(Options { delay: Duration::from_millis(30), ..Options::default() }).await;
    let start = Instant::now();
    rig.get(KEYS).await;
    rig.get(KEYS).await;
    assert!(start.elapsed() >= Duration::from_millis(60));
}
