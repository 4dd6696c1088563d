//! How often a request is sent, and what its failure is called: each thing that can go wrong, for each method,
//! once and every time.

#![expect(clippy::indexing_slicing, reason = "a helper of tests fails by panicking, as the tests do")]

use futures_util::future::join_all;
use serde_json::{Value, json};
use zpakey::api::{ApiError, SignIn};
use zpakey::domain::{KeyChange, MaxUsage, MaxUsageChange};
use zpakey::secret::AccessToken;

use super::client::{Bench, CONNECTOR, Plan, client_at, id, new_key, short};

const METHODS: [&str; 4] = ["GET", "PUT", "DELETE", "POST"];

/// What a failure comes to for GET, PUT, DELETE and POST: requests that arrived, and the end.
type Row<'a> = (&'a str, Value, [(usize, &'a str); 4]);

/// Makes the one request of `method` that a fault shall meet.
async fn ask(bench: &Bench, method: &str) -> Result<(), ApiError> {
    let client = bench.client();
    match method {
        "GET" => client.key(CONNECTOR, &id("38101")).await.map(drop),
        "PUT" => {
            let limit = Some(MaxUsageChange::To(MaxUsage(12)));
            let change = KeyChange { max_usage: limit, ..KeyChange::default() };
            client.update_key(&bench.first_key().await, &change).await.map(drop)
        }
        "DELETE" => client.delete_key(&bench.first_key().await).await,
        _ => client.create_key(&new_key("made")).await.map(drop),
    }
}

async fn check(rows: Vec<Row<'_>>, nth: Option<u64>, timeout: u64) {
    // All at once, so that silences do not add up.
    let cells = rows.into_iter().flat_map(|(what, action, expected)| {
        METHODS
            .into_iter()
            .zip(expected)
            .map(move |(method, expected)| (what, action.clone(), method, expected))
    });
    let checks = cells.map(async |(what, action, method, expected)| {
        let bench = Bench::with(Plan::timeout(timeout)).await.warm().await;
        let mut fault = json!({"method": method, "contains": "/provisioningKey", "action": action});
        if let Some(nth) = nth {
            fault["nth"] = nth.into();
        }
        bench.faults(fault);
        let outcome = ask(&bench, method).await;
        let outcome = outcome.map_or_else(|error| short(&error), |()| "done".to_owned());
        assert_eq!((bench.count(method), outcome.as_str()), expected, "{what}: {method}");
    });
    join_all(checks).await;
}

fn refusal(status: u16, id: &str) -> Value {
    json!({"status": status, "body": {"id": id, "reason": "Because."}})
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_but_a_creation_is_not_and_reading_back_settles_the_rest() {
    let not_done = [(5, "lost"), (5, "outcome unknown"), (5, "outcome unknown"), (1, "outcome unknown")];
    // The read before the next try shows that it was carried out.
    let done = [(5, "lost"), (1, "done"), (1, "done"), (1, "outcome unknown")];
    let silence = |when: &str| json!({when: 60_000});
    // A read is not answered in any of these, so a GET can only be lost.
    let rows = vec![
        ("reset before the effect", json!("reset_before"), not_done),
        ("reset after the effect", json!("reset_after"), done),
        ("silence before the effect", silence("hang_before"), not_done),
        ("silence after the effect", silence("hang_after"), done),
    ];
    check(rows, None, 150).await;
}

#[tokio::test]
async fn a_lost_answer_to_the_first_try_leaves_no_trace_but_for_a_creation() {
    let again = [(2, "done"), (2, "done"), (2, "done"), (1, "outcome unknown")];
    let was_done = [(2, "done"), (1, "done"), (1, "done"), (1, "outcome unknown")];
    let rows = vec![
        ("reset before the effect", json!("reset_before"), again),
        ("reset after the effect", json!("reset_after"), was_done),
        ("silence before the effect", json!({"hang_before": 60_000}), again),
        ("silence after the effect", json!({"hang_after": 60_000}), was_done),
        ("500 without effect", json!({"status": 500}), again),
        ("504 after the effect", json!({"status": 504, "after": true}), was_done),
        ("503 that tells no wait", json!({"status": 503}), again),
    ];
    check(rows, Some(1), 500).await;
}

#[tokio::test]
async fn a_server_error_is_asked_again_but_a_creation_is_not() {
    let status = |status: u16| json!({"status": status, "body": "upstream connect error"});
    let unknown = "outcome unknown";
    let row = |end| [(5, end), (5, unknown), (5, unknown), (1, unknown)];
    let rows = vec![
        ("500", status(500), row("refused 500")),
        ("502", status(502), row("refused 502")),
        ("503 that tells no wait", status(503), row("refused 503")),
        (
            "503 that tells nonsense",
            json!({"status": 503, "headers": {"retry-after": "soon"}}),
            row("refused 503"),
        ),
    ];
    check(rows, None, 20_000).await;
}

#[tokio::test]
async fn an_answer_that_was_cut_is_asked_for_again_but_a_creation_is_not() {
    // PUT and DELETE are answered without a body, so theirs is cut to nothing.
    let rows = vec![(
        "cut",
        json!({"cut_body": 11}),
        [(5, "lost"), (1, "done"), (1, "done"), (1, "outcome unknown")],
    )];
    check(rows, None, 20_000).await;
}

#[tokio::test]
async fn an_answer_that_says_yes_and_cannot_be_read_is_never_asked_for_again() {
    let carried_out = [(1, "unreadable"), (1, "done"), (1, "done"), (1, "outcome unknown")];
    // A yes is not believed if the key is still there.
    let row = [(1, "unreadable"), (1, "done"), (1, "still there"), (1, "outcome unknown")];
    let list = json!({"status": 200, "body": [1]});
    let rows = vec![
        ("no body", json!("empty"), carried_out),
        ("JSON that ends too early", json!("unreadable"), carried_out),
        ("another shape", list, row),
        ("no key at all", json!({"status": 200, "body": {}}), row),
        ("a page of a proxy", json!({"status": 200, "body": "<html>Sign in to the guest network"}), row),
    ];
    check(rows, None, 20_000).await;
}

#[tokio::test]
async fn what_was_refused_for_now_is_sent_again_and_a_creation_after_a_look_at_the_list() {
    let told = |status: u16, wait: &str| json!({"status": status, "headers": {"retry-after": wait}});
    let again = [(2, "done"), (2, "done"), (2, "done"), (1, "look first")];
    let rows = vec![
        ("429", told(429, "4s"), again),
        ("429 that tells no wait", json!({"status": 429}), again),
        ("503 that tells a wait", told(503, "10s"), again),
        ("400 of a race", refusal(400, "db.simultaneous.request"), again),
        ("400 of another race", refusal(400, "non.restricted.entity.authorization.failed"), again),
        ("409 of a race", refusal(409, "api.concurrent.access.error"), again),
        (
            "401 of the gateway",
            json!({"status": 401, "body": {"detail": "unauthorized", "title": ""}}),
            again,
        ),
        ("401 of a lost session", refusal(401, "SESSION_NOT_VALID"), again),
    ];
    check(rows, Some(1), 20_000).await;
}

#[tokio::test]
async fn a_race_that_does_not_end_is_given_up_after_five_tries() {
    let five = |end| [(5, end), (5, end), (5, end), (1, "look first")];
    let rows = vec![
        ("409", refusal(409, "api.concurrent.access.error"), five("refused 409")),
        ("400", refusal(400, "db.simultaneous.request"), five("refused 400")),
        ("429 that tells no wait", json!({"status": 429}), five("refused 429")),
    ];
    check(rows, None, 20_000).await;
}

#[tokio::test]
async fn any_other_refusal_is_final() {
    let rows = vec![
        ("400", refusal(400, "invalid.resource.argument"), [(1, "refused 400"); 4]),
        ("400 of a missing key", refusal(400, "resource.not.found"), [(1, "refused 400"); 4]),
        ("401 of a permission", refusal(401, "access.denied"), [(1, "refused 401"); 4]),
        ("401 of a licence", refusal(401, "authz.featureflag.permission.denied"), [(1, "refused 401"); 4]),
        ("403", refusal(403, "LIMIT_EXCEEDED"), [(1, "refused 403"); 4]),
        ("404", refusal(404, "resource.not.found"), [(1, "refused 404"); 4]),
        ("409", refusal(409, "something.else"), [(1, "refused 409"); 4]),
        (
            "302, for redirects are not followed",
            json!({"status": 302, "headers": {"location": "/"}}),
            [(1, "refused 302"); 4],
        ),
    ];
    check(rows, None, 20_000).await;
}

#[tokio::test]
async fn where_nothing_listens_every_request_is_tried_five_times_and_nothing_was_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let token = SignIn::Token(AccessToken::new("a.b.c".to_owned()));
    let (client, log) = client_at(&format!("http://127.0.0.1:{port}"), "216", Plan::default(), token);
    let read = client.key(CONNECTOR, &id("38101")).await.unwrap_err();
    assert_eq!((short(&read).as_str(), log.answers()), ("not sent", 5));
    let created = client.create_key(&new_key("made")).await.unwrap_err();
    assert_eq!((short(&created).as_str(), log.answers()), ("not sent", 10));
    assert_eq!(
        created.to_string(),
        format!("could not reach 127.0.0.1:{port}: Connection refused (os error 111)")
    );
}
