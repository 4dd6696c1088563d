//! The emulator's failures, its limits and its delay.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zpakey::sandbox::{Action, Fault, Options};

use super::sandbox::{KEYS, Rig, new_key};

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
    let mut response = rig.try_send(reqwest::Method::GET, &rig.url(KEYS), None).await.unwrap();
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
        let failure = rig.try_send(reqwest::Method::POST, &rig.url(KEYS), Some(&new_key(name))).await;
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
    let request = rig.try_send(reqwest::Method::POST, &url, None);
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

#[test]
fn faults_that_are_not_understood_are_named() {
    for (faults, part) in [
        (json!("reset_before"), "JSON object"),
        (json!({"action": "explode"}), "`explode`"),
        (json!({"action": "empty", "nht": 1}), "`nht`"),
        (json!({"action": "empty", "nth": 0}), "`nth`"),
        (json!({"action": {"status": 99}}), "`status`"),
        (json!({"method": "GET"}), "`action`"),
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
