//! Waits: those that are told, back-off, their limits, and the client's own budget. Nobody really waits here,
//! but for the one test against the emulator's rate limit.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use zpakey::api::{Rate, WaitReason};
use zpakey::domain::AssociationType;
use zpakey::host::SystemClock;
use zpakey::sandbox::Options;

use super::client::{Bench, CONNECTOR, Plan, id, new_key, short};

const SECOND: Duration = Duration::from_secs(1);

fn told(status: u16, wait: &str) -> Value {
    json!({"status": status, "headers": {"retry-after": wait}})
}

/// How long one read waits that is once answered so, on the client's clock.
async fn wait_after(action: Value) -> Duration {
    let bench = Bench::standard().await.warm().await;
    bench.faults(json!({"nth": 1, "action": action}));
    bench.first_key().await;
    bench.clock.monotonic()
}

#[tokio::test]
async fn a_told_wait_is_waited_with_up_to_a_second_on_top() {
    for (text, seconds) in [("13s", 13), ("4S", 4), ("10", 10), ("0", 0)] {
        for status in [429, 503] {
            let waited = wait_after(told(status, text)).await;
            let least = Duration::from_secs(seconds);
            assert!(waited >= least && waited < least + SECOND, "{status} {text}: {waited:?}");
        }
    }
}

#[tokio::test]
async fn a_told_date_counts_from_the_answers_own_time() {
    let headers =
        json!({"date": "Mon, 23 Nov 2026 15:04:00 GMT", "retry-after": "Mon, 23 Nov 2026 15:04:30 GMT"});
    let waited = wait_after(json!({"status": 429, "headers": headers})).await;
    assert!(waited >= 30 * SECOND && waited < 31 * SECOND, "{waited:?}");
}

#[tokio::test]
async fn a_told_wait_is_said_with_its_reason_and_the_try() {
    let bench = Bench::standard().await.warm().await;
    bench.faults(json!([
        {"nth": 1, "action": told(429, "13s")},
        {"nth": 2, "action": told(503, "4s")},
        {"nth": 3, "action": told(429, "0")},
    ]));
    bench.first_key().await;
    assert_eq!(
        bench.told_waits(),
        [
            (13, WaitReason::Told("rate limited (429)".to_owned())),
            (4, WaitReason::Told("the API answered 503".to_owned())),
        ]
    );
    assert_eq!(bench.count("GET"), 4);
}

#[tokio::test]
async fn told_waits_are_waited_more_often_than_five_times() {
    let bench = Bench::standard().await.warm().await;
    let faults: Vec<_> = (1..=8).map(|nth| json!({"nth": nth, "action": told(429, "4s")})).collect();
    bench.faults(Value::from(faults));
    bench.first_key().await;
    assert_eq!(bench.count("GET"), 9);
}

#[tokio::test]
async fn back_off_grows_from_half_a_second_and_stays_short() {
    for _ in 0..5 {
        let bench = Bench::standard().await.warm().await;
        bench.faults(json!({"action": {"status": 500}}));
        bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
        // 0.5, 1, 2 and 4 s at most; each is anything from half of that on.
        let waited = bench.clock.monotonic();
        assert!(waited >= Duration::from_millis(3750) && waited <= Duration::from_millis(7500), "{waited:?}");
    }
}

#[tokio::test]
async fn who_is_told_to_come_back_at_once_again_and_again_is_no_storm() {
    for contains in ["/provisioningKey", "/oauth2/v1/token"] {
        let bench = Bench::with(Plan::max_wait(40)).await;
        bench.faults(json!({"contains": contains, "action": told(503, "0")}));
        bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
        let requests = if contains == "/provisioningKey" { bench.count("GET") } else { bench.sign_ins() };
        assert!((5..=16).contains(&requests), "{contains}: {requests} requests in 40 s");
    }
}

#[tokio::test]
async fn a_wait_longer_than_the_limit_is_not_begun() {
    for (status, wait) in
        [(429, "13s"), (503, "13s"), (429, "18446744073709551615"), (429, "99999999999999999999s")]
    {
        let bench = Bench::with(Plan::max_wait(12)).await.warm().await;
        bench.faults(json!({"action": told(status, wait)}));
        let error = bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
        assert_eq!(short(&error), format!("waited too long: refused {status}"));
        assert_eq!((bench.count("GET"), bench.clock.monotonic()), (1, Duration::ZERO));
    }
}

#[tokio::test]
async fn the_limit_counts_all_waits_of_a_request_together() {
    let bench = Bench::with(Plan::max_wait(30)).await.warm().await;
    bench.faults(json!({"action": told(429, "9s")}));
    let error = bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
    assert_eq!(short(&error), "waited too long: refused 429");
    assert!(bench.clock.monotonic() <= 30 * SECOND);
    assert_eq!(bench.count("GET"), 1 + bench.told_waits().len());
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.retry_after, Some(9));
}

#[tokio::test]
async fn an_absurd_wait_after_a_short_one_does_not_overflow() {
    let mut plan = Plan::max_wait(u64::MAX);
    plan.limits.deadline = Some(Duration::MAX);
    let bench = Bench::with(plan).await.warm().await;
    bench.faults(json!([
        {"nth": 1, "action": {"status": 500}},
        {"nth": 2, "action": told(429, "18446744073709551615")},
    ]));
    bench.first_key().await;
    assert!(bench.clock.monotonic() > Duration::from_hours(24));
}

#[tokio::test]
async fn no_wait_is_begun_that_would_pass_the_deadline() {
    let bench = Bench::with(Plan::deadline(10)).await.warm().await;
    bench.faults(json!({"action": told(429, "11s")}));
    let error = bench.client().key(CONNECTOR, &id("38101")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the deadline of 10 s leaves no time for GET /zpa/mgmtconfig/v1/admin/customers/216199618143191040/\
         associationType/CONNECTOR_GRP/provisioningKey/38101; last: the API answered 429"
    );
    assert_eq!((bench.count("GET"), bench.clock.monotonic()), (1, Duration::ZERO));
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let bench = Bench::with(Plan::deadline(10)).await.warm().await;
    bench.clock.sleep(10 * SECOND).await;
    let error = bench.client().create_key(&new_key("made")).await.unwrap_err();
    assert_eq!((short(&error).as_str(), bench.count("POST")), ("deadline", 0));
}

#[tokio::test]
async fn a_request_gets_no_more_time_than_the_deadline_leaves() {
    let clock = Arc::new(SystemClock::default());
    let mut plan = Plan { clock, ..Plan::default() };
    plan.limits.deadline = Some(Duration::from_millis(400));
    let bench = Bench::with(plan).await.warm().await;
    bench.faults(json!({"action": {"hang_before": 60_000}}));
    let error = bench.client().create_key(&new_key("made")).await.unwrap_err();
    assert_eq!(short(&error), "outcome unknown");
}

#[tokio::test]
async fn looking_for_a_lost_creation_keeps_to_the_deadline() {
    let bench = Bench::with(Plan::deadline(3)).await.warm().await;
    let error = bench.client().find_created(&new_key("made"), &std::collections::HashSet::new(), None).await;
    assert_eq!(short(&error.unwrap_err()), "deadline");
    assert!(bench.clock.monotonic() <= 3 * SECOND, "{:?}", bench.clock.monotonic());
}

/// The most answers that arrived in any window of ten seconds.
fn most_in_a_window(answered: &[Duration]) -> usize {
    let within =
        |start: Duration| answered.iter().filter(|at| start <= **at && **at < start + 10 * SECOND).count();
    answered.iter().map(|start| within(*start)).max().unwrap_or(0)
}

#[tokio::test]
async fn no_more_than_twenty_reads_are_made_in_any_ten_seconds() {
    let bench = Bench::with(Plan::rate(20, 10, 10 * SECOND)).await;
    for _ in 0..65 {
        bench.first_key().await;
    }
    assert_eq!(most_in_a_window(&bench.answered_at()), 20);
    assert!(bench.clock.monotonic() < 40 * SECOND);
}

#[tokio::test]
async fn the_budget_holds_for_requests_that_are_made_together() {
    let bench = Bench::with(Plan::rate(20, 10, 10 * SECOND)).await.warm().await;
    let lists = join_all((0..12).map(|_| bench.client().keys_of(&AssociationType::ALL))).await;
    assert!(lists.iter().flatten().all(|(_, keys)| keys.is_ok()));
    assert_eq!(bench.count("GET"), 60);
    assert!(most_in_a_window(&bench.answered_at()) <= 20, "{:?}", bench.answered_at());
}

#[tokio::test]
async fn no_more_than_ten_writes_are_made_in_any_ten_seconds_and_reads_do_not_count() {
    let bench = Bench::with(Plan::rate(20, 10, 10 * SECOND)).await;
    for number in 0..35 {
        bench.client().create_key(&new_key(&format!("key {number}"))).await.unwrap();
    }
    assert_eq!(most_in_a_window(&bench.answered_at()), 10);
    let before = bench.clock.monotonic();
    bench.first_key().await;
    assert_eq!(bench.clock.monotonic(), before);
}

#[tokio::test]
async fn a_failed_try_takes_its_place_in_the_budget_too() {
    let bench = Bench::with(Plan::rate(2, 10, 10 * SECOND)).await.warm().await;
    bench.faults(json!([{"nth": 1, "action": "reset_before"}, {"nth": 2, "action": {"status": 500}}]));
    bench.first_key().await;
    assert!(most_in_a_window(&bench.answered_at()) <= 2, "{:?}", bench.answered_at());
    assert_eq!(bench.count("GET"), 3);
}

#[tokio::test]
async fn waiting_for_the_budget_is_said_and_does_not_count_against_the_limit() {
    let mut plan = Plan::rate(1, 1, 10 * SECOND);
    plan.limits.max_wait = SECOND;
    let bench = Bench::with(plan).await.warm().await;
    bench.first_key().await;
    bench.first_key().await;
    assert_eq!(bench.told_waits(), [(10, WaitReason::Budget), (10, WaitReason::Budget)]);
}

#[tokio::test]
async fn a_request_that_was_given_up_frees_its_place() {
    let bench = Bench::with(Plan::rate(1, 1, 10 * SECOND)).await;
    bench.faults(json!({"method": "GET", "nth": 1, "action": {"hang_before": 60_000}}));
    let arrived = async {
        while bench.count("GET") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = bench.first_key() => panic!("the first read is answered with silence"),
        () = arrived => {}
    }
    let next = tokio::time::timeout(Duration::from_secs(10), bench.first_key()).await;
    assert_eq!(next.expect("the next read is sent").name, "prod-fra-01");
}

#[tokio::test]
async fn sixty_writes_never_meet_the_rate_limit_of_the_service() {
    let scale = 200;
    let plan = Plan {
        rate: Rate::Window { reads: 20, writes: 10, window: 10 * SECOND / scale },
        clock: Arc::new(SystemClock::default()),
        ..Plan::default()
    };
    let options = Options { enforce_limits: true, time_scale: scale, ..Options::default() };
    let bench = Bench::new(options, plan).await;
    let wanted: Vec<_> = (0..60).map(|number| new_key(&format!("key {number}"))).collect();
    for at_once in wanted.chunks(15) {
        let made = join_all(at_once.iter().map(|key| bench.client().create_key(key))).await;
        assert!(made.iter().all(Result::is_ok));
    }
    let statuses: Vec<_> = bench.sandbox.requests().iter().filter_map(|request| request.status).collect();
    assert_eq!(statuses, [200; 61]);
    assert_eq!(bench.keys(), 60);
}
