//! The table of `decide.rs`, row by row, and what holds for any sequence of outcomes.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;

use jiff::Timestamp;
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::super::auth::{SignIn, SignInFailure, TokenSource};
use super::super::error::{NetworkError, NetworkErrorKind, SignInError, SignInErrorKind};
use super::super::path::{Holds, Target};
use super::super::retry_after;
use super::*;
use crate::secret::{AccessToken, ClientSecret};

const METHODS: [Method; 4] = [Method::Get, Method::Put, Method::Delete, Method::Post];

fn request(method: Method) -> Request {
    let path = "/keys/1".to_owned();
    Request {
        method,
        target: Target { url: format!("https://api.invalid{path}"), path, holds: Holds::Object },
        body: None,
    }
}

fn network() -> NetworkError {
    NetworkError {
        host: "api.invalid".to_owned(),
        kind: NetworkErrorKind::Network,
        why: "reset".to_owned(),
        details: Vec::new(),
    }
}

fn answered(status: u16, retry_after: Option<&str>, body: &str) -> Response {
    Response {
        status,
        body: Zeroizing::new(body.as_bytes().to_vec()),
        retry_after: retry_after.map(str::to_owned),
        request_id: None,
        date: None,
        issuer: None,
        redirect_host: None,
        cut_at: None,
    }
}

fn signing_in(status: u16, again: bool) -> SendOutcome {
    let error = SignInError {
        endpoint: "https://login.invalid/token".to_owned(),
        client_id: "client".to_owned(),
        status,
        kind: SignInErrorKind::Rejected,
        id: None,
        reason: None,
        redirect_host: None,
        request_id: None,
        retry_after: None,
        clock_off_by: None,
        look: None,
    };
    let told = again.then_some(Duration::from_secs(3));
    SendOutcome::SignIn(SignInFailure { error: Box::new(ApiError::SignIn(Box::new(error))), again, told })
}

fn turn(number: u32) -> TokenTurn {
    TokenTurn { number, source: TokenSource::Issued }
}

fn word(decision: &Decision) -> String {
    match decision {
        Decision::Done(_) => "done".to_owned(),
        Decision::Renew { turn, .. } => format!("renew {}", turn.number),
        Decision::Again { told: Some(told), .. } => format!("after {} s", told.as_secs()),
        Decision::Again { told: None, .. } => "again".to_owned(),
        Decision::Stop(ApiError::OutcomeUnknown { cause, .. }) => format!("unknown: {cause}"),
        Decision::Stop(error) => error.to_string(),
    }
}

/// What is decided for each method, in the order of [`METHODS`], before any renewal.
fn decisions(outcome: impl Fn() -> SendOutcome) -> [String; 4] {
    METHODS.map(|method| word(&decide(&request(method), outcome(), Renewal::Possible, true)))
}

fn of_status(status: u16, retry_after: Option<&str>, body: &str) -> [String; 4] {
    decisions(|| SendOutcome::Answered { response: answered(status, retry_after, body), turn: turn(7) })
}

#[test]
fn a_good_answer_is_done() {
    for status in [200, 201, 204] {
        assert_eq!(of_status(status, None, ""), ["done"; 4], "{status}");
    }
}

#[test]
fn what_was_not_sent_is_sent_again() {
    assert_eq!(decisions(|| SendOutcome::NotSent(network())), ["again"; 4]);
}

#[test]
fn who_is_told_to_wait_waits_as_told() {
    for status in [429, 503] {
        assert_eq!(of_status(status, Some("13s"), ""), ["after 13 s"; 4], "{status}");
    }
    assert_eq!(of_status(429, None, ""), ["again"; 4]);
    assert_eq!(of_status(429, Some("soon"), ""), ["again"; 4]);
}

#[test]
fn a_server_that_fails_is_asked_again_but_not_for_a_creation() {
    for status in [500, 502, 504, 599] {
        let unknown = format!("unknown: the API answered {status}");
        assert_eq!(of_status(status, None, ""), ["again", "again", "again", &unknown], "{status}");
        assert_eq!(of_status(status, Some("4s"), ""), ["again", "again", "again", &unknown], "{status}");
    }
    let unknown = "unknown: the API answered 503";
    assert_eq!(of_status(503, None, ""), ["again", "again", "again", unknown]);
}

#[test]
fn a_lost_answer_is_asked_for_again_but_not_that_of_a_creation() {
    let unknown = "unknown: could not reach api.invalid: reset";
    assert_eq!(decisions(|| SendOutcome::Unknown(network())), ["again", "again", "again", unknown]);
}

#[test]
fn a_401_that_speaks_of_the_token_renews_it() {
    for body in [
        "",
        "<html>",
        r#"{"detail":"unauthorized","type":"","title":"","status":""}"#,
        r#"{"code":"SESSION_NOT_VALID"}"#,
        r#"{"id":"x","reason":"Session already invalidated"}"#,
        r#"{"id":"x","reason":"Resource Access Blocked"}"#,
    ] {
        assert_eq!(of_status(401, None, body), ["renew 7"; 4], "{body}");
    }
}

#[test]
fn a_401_that_speaks_of_permission_is_final() {
    for id in ["access.denied", "authz.featureflag.permission.denied"] {
        let body = format!(r#"{{"id":"{id}"}}"#);
        assert_eq!(of_status(401, None, &body), [format!("the API answered 401 {id}").as_str(); 4]);
    }
}

#[test]
fn a_401_of_either_meaning_renews_a_token_from_an_earlier_run() {
    let with = |id: &str| {
        let response = answered(401, None, &format!(r#"{{"id":"{id}"}}"#));
        let turn = TokenTurn { number: 7, source: TokenSource::Kept };
        word(&decide(
            &request(Method::Get),
            SendOutcome::Answered { response, turn },
            Renewal::Possible,
            true,
        ))
    };
    assert_eq!(with("access.denied"), "renew 7");
    assert_eq!(with("something.new"), "renew 7");
    assert_eq!(
        with("authz.featureflag.permission.denied"),
        "the API answered 401 authz.featureflag.permission.denied"
    );
}

#[test]
fn a_token_is_renewed_once_and_not_when_it_came_from_outside() {
    for (renewal, can_renew) in [(Renewal::Done, true), (Renewal::Possible, false), (Renewal::Done, false)] {
        let outcome = SendOutcome::Answered { response: answered(401, None, ""), turn: turn(1) };
        let decision = decide(&request(Method::Get), outcome, renewal, can_renew);
        assert_eq!(word(&decision), "the API answered 401");
    }
}

#[test]
fn a_transient_refusal_is_sent_again() {
    for status in [400, 409] {
        for id in [
            "api.concurrent.access.error",
            "db.simultaneous.request",
            "non.restricted.entity.authorization.failed",
            "EDIT_LOCK_NOT_AVAILABLE",
        ] {
            assert_eq!(
                of_status(status, None, &format!(r#"{{"id":"{id}"}}"#)),
                ["again"; 4],
                "{status} {id}"
            );
        }
    }
}

#[test]
fn any_other_refusal_is_final() {
    for status in [300, 302, 400, 403, 404, 405, 409, 412, 413, 415] {
        let body = r#"{"id":"bad.request","reason":"No."}"#;
        let refused = format!("the API answered {status} bad.request: No.");
        assert_eq!(of_status(status, None, body), [refused.as_str(); 4]);
    }
    let body = r#"{"id":"api.concurrent.access.error"}"#;
    assert_eq!(of_status(403, None, body), ["the API answered 403 api.concurrent.access.error"; 4]);
}

#[test]
fn a_sign_in_that_may_succeed_later_is_tried_again_and_another_is_final() {
    assert_eq!(decisions(|| signing_in(503, true)), ["after 3 s"; 4]);
    assert_eq!(decisions(|| signing_in(401, false)), ["Zscaler rejected the credential (401)"; 4]);
}

#[derive(Default)]
struct JumpingClock(Mutex<Duration>);

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.0.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

struct Deaf;

impl Observer for Deaf {
    fn waiting(&self, _: &Wait) {}
    fn answered(&self, _: &Exchange) {}
}

/// What becomes of one try.
#[derive(Clone, Debug)]
enum Fate {
    NotSent,
    Lost,
    Status(u16, Option<u64>, &'static str),
}

impl Fate {
    /// Whether the server may have acted although it did not say so.
    fn is_unknown(&self) -> bool {
        match self {
            Self::NotSent => false,
            Self::Lost => true,
            Self::Status(status, wait, _) => *status >= 500 && (*status != 503 || wait.is_none()),
        }
    }
}

/// Deals out fates, then successes; tokens are always had.
struct FakeTransport {
    fates: Mutex<VecDeque<Fate>>,
    sent: Arc<Mutex<Vec<Fate>>>,
}

impl Transport for FakeTransport {
    async fn send(
        &self,
        request: &Request,
        _: Option<&AccessToken>,
        _: Duration,
    ) -> Result<Response, TransportError> {
        if request.target.url == "token" {
            return Ok(answered(200, None, r#"{"access_token":"a.b.c"}"#));
        }
        let fate = self.fates.lock().unwrap().pop_front().unwrap_or(Fate::Status(200, None, "{}"));
        self.sent.lock().unwrap().push(fate.clone());
        match fate {
            Fate::NotSent => Err(TransportError::NotSent(network())),
            Fate::Lost => Err(TransportError::Unknown(network())),
            Fate::Status(status, wait, body) => {
                Ok(answered(status, wait.map(|wait| format!("{wait}s")).as_deref(), body))
            }
        }
    }
}

/// Sends one request through those fates; returns its outcome, the tries it took, and how long it waited.
fn play(
    method: Method,
    fates: Vec<Fate>,
    max_wait: Duration,
) -> (Result<PacedResponse, ApiError>, Vec<Fate>, Duration) {
    let clock = Arc::new(JumpingClock::default());
    let sent = Arc::new(Mutex::new(Vec::new()));
    let transport = FakeTransport { fates: Mutex::new(fates.into()), sent: Arc::clone(&sent) };
    let client_secret = ClientSecret::new("x".to_owned());
    let sign_in = SignIn::OneApi { client_id: "x".to_owned(), client_secret };
    let shared: Arc<dyn Clock> = Arc::<JumpingClock>::clone(&clock);
    let auth = Auth::new(transport, sign_in, "token".to_owned(), None, Arc::clone(&shared), Arc::new(Deaf));
    let limits = Limits { timeout: Duration::from_secs(30), max_wait, deadline: None, spent: Duration::ZERO };
    let pacing = Pacing::new(auth, Budget::off(), shared, Arc::new(Deaf), limits, Arc::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcome = runtime.block_on(deliver(&pacing, &request(method)));
    let sent = sent.lock().unwrap().clone();
    (outcome, sent, clock.monotonic())
}

/// Sends a request as its callers do: a change or a deletion by single tries, which a read would lie between, and the
/// rest by [`Pacing::send`], with a look at the list before a creation is sent again.
async fn deliver(pacing: &Pacing<FakeTransport>, request: &Request) -> Result<PacedResponse, ApiError> {
    if matches!(request.method, Method::Put | Method::Delete) {
        let mut tries = Tries::default();
        loop {
            let place = pacing.place(request).await?;
            match pacing.try_once(request, place, &mut tries).await? {
                Tried::Done(response) => return Ok(PacedResponse { response }),
                Tried::Stop(error) => return Err(error),
                Tried::Again(again) => pacing.before_next_try(request, again, &mut tries).await?,
            }
        }
    }
    pacing.send(request).await
}

/// One row of the table: what a try comes to, and for GET, PUT, DELETE and POST how often the request is sent in all
/// where the next try succeeds, or the failure.
struct Row {
    outcome: &'static str,
    fate: Fate,
    waits: std::ops::Range<f64>,
    tries: [Result<usize, &'static str>; 4],
}

/// The table of the design, with what is left of it to chance in bounds. Unit of waits: seconds.
fn table() -> Vec<Row> {
    const AGAIN: [Result<usize, &str>; 4] = [Ok(2), Ok(2), Ok(2), Err("look first")];
    const ALL_AGAIN: [Result<usize, &str>; 4] = [Ok(2); 4];
    const BACK_OFF: std::ops::Range<f64> = 0.0..0.5;
    const AT_ONCE: std::ops::Range<f64> = 0.0..f64::MIN_POSITIVE;
    let row = |outcome, fate, waits, tries| Row { outcome, fate, waits, tries };
    let status = Fate::Status;
    let unknown = |cause| [Ok(2), Ok(2), Ok(2), Err(cause)];
    vec![
        row("could not connect", Fate::NotSent, BACK_OFF, ALL_AGAIN),
        row("429 with a time", status(429, Some(13), ""), 13.0..14.0, AGAIN),
        row("429 without one", status(429, None, ""), BACK_OFF, AGAIN),
        row("503 with a time", status(503, Some(13), ""), 13.0..14.0, AGAIN),
        row("503 without one", status(503, None, ""), BACK_OFF, unknown("unknown")),
        row("500", status(500, None, ""), BACK_OFF, unknown("unknown")),
        row("502 with a time", status(502, Some(13), ""), BACK_OFF, unknown("unknown")),
        row("a cut answer or a time-out", Fate::Lost, BACK_OFF, unknown("unknown")),
        row("401 of the gateway", status(401, None, r#"{"detail":"unauthorized"}"#), AT_ONCE, AGAIN),
        row("401 without an id", status(401, None, ""), AT_ONCE, AGAIN),
        row("401 of a session", status(401, None, r#"{"id":"SESSION_NOT_VALID"}"#), AT_ONCE, AGAIN),
        row(
            "401 access.denied",
            status(401, None, r#"{"id":"access.denied"}"#),
            AT_ONCE,
            [Err("refused"); 4],
        ),
        row("401 authz", status(401, None, r#"{"id":"authz.x"}"#), AT_ONCE, [Err("refused"); 4]),
        row("400 transient", status(400, None, r#"{"id":"db.simultaneous.request"}"#), BACK_OFF, AGAIN),
        row("409 transient", status(409, None, r#"{"id":"api.concurrent.access.error"}"#), BACK_OFF, AGAIN),
        row("400", status(400, None, r#"{"id":"bad.request"}"#), AT_ONCE, [Err("refused"); 4]),
        row("404", status(404, None, ""), AT_ONCE, [Err("refused"); 4]),
        row("409", status(409, None, r#"{"id":"x"}"#), AT_ONCE, [Err("refused"); 4]),
    ]
}

#[test]
fn each_outcome_is_followed_by_what_the_table_says() {
    for row in table() {
        for (method, expected) in METHODS.into_iter().zip(row.tries) {
            let (outcome, sent, waited) = play(method, vec![row.fate.clone()], Duration::from_mins(2));
            let found = match &outcome {
                Ok(_) => Ok(sent.len()),
                Err(ApiError::OutcomeUnknown { .. }) => Err("unknown"),
                Err(ApiError::Refused(_)) => Err("refused"),
                Err(ApiError::LookFirst { .. }) => Err("look first"),
                Err(_) => Err("another error"),
            };
            assert_eq!(found, expected, "{} {method}", row.outcome);
            let waits = if matches!(expected, Ok(_) | Err("look first")) {
                row.waits.clone()
            } else {
                0.0..f64::MIN_POSITIVE
            };
            let waited = waited.as_secs_f64();
            assert!(waits.contains(&waited), "{} {method} waited {waited}", row.outcome);
        }
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    let wait = prop_oneof![Just(None), (0..200u64).prop_map(Some), Just(Some(u64::MAX))];
    let status = prop_oneof![
        Just(200u16),
        Just(400),
        Just(401),
        Just(403),
        Just(404),
        Just(409),
        Just(429),
        Just(500),
        Just(502),
        Just(503),
        Just(504),
        200..600u16,
    ];
    let body = prop_oneof![
        Just(""),
        Just(r#"{"id":"access.denied"}"#),
        Just(r#"{"id":"db.simultaneous.request"}"#),
        Just(r#"{"id":"SESSION_NOT_VALID"}"#),
        Just(r#"{"id":"resource.not.found"}"#),
    ];
    prop_oneof![
        1 => Just(Fate::NotSent),
        2 => Just(Fate::Lost),
        6 => (status, wait, body).prop_map(|(status, wait, body)| Fate::Status(status, wait, body)),
    ]
}

fn bounded() -> ProptestConfig {
    let rng_seed = proptest::test_runner::RngSeed::Fixed(1);
    ProptestConfig { cases: 200, failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(bounded())]

    #[test]
    fn a_creation_is_never_sent_again_after_an_unknown_outcome(fates in prop::collection::vec(fate(), 0..12)) {
        let (outcome, sent, _) = play(Method::Post, fates, Duration::from_mins(5));
        let before_last = &sent[..sent.len() - 1];
        prop_assert!(!before_last.iter().any(Fate::is_unknown), "{sent:?}");
        let is_unknown = matches!(outcome, Err(ApiError::OutcomeUnknown { .. }));
        prop_assert_eq!(is_unknown, sent.last().is_some_and(Fate::is_unknown), "{:?}", sent);
    }

    #[test]
    fn a_creation_that_was_answered_is_sent_once(fates in prop::collection::vec(fate(), 0..12)) {
        let (_, sent, _) = play(Method::Post, fates, Duration::from_mins(5));
        let before_last = &sent[..sent.len() - 1];
        prop_assert!(before_last.iter().all(|fate| matches!(fate, Fate::NotSent)), "{sent:?}");
    }

    #[test]
    fn forced_waits_never_pass_their_limit(
        method in prop::sample::select(METHODS.to_vec()),
        fates in prop::collection::vec(fate(), 0..40),
        limit in 0..400u64,
    ) {
        let limit = Duration::from_secs(limit);
        let (_, sent, waited) = play(method, fates, limit);
        prop_assert!(waited <= limit, "{waited:?} {sent:?}");
    }

    #[test]
    fn without_being_told_to_wait_a_request_is_sent_at_most_six_times(
        method in prop::sample::select(METHODS.to_vec()),
        fates in prop::collection::vec(fate(), 0..40),
    ) {
        let told = |fate: &Fate| matches!(fate, Fate::Status(429 | 503, Some(_), _));
        let (_, sent, _) = play(method, fates, Duration::from_hours(1));
        // Five tries, and one more for a renewed token.
        prop_assert!(sent.iter().filter(|fate| !told(fate)).count() <= 6, "{sent:?}");
    }

    #[test]
    fn the_last_answer_is_the_outcome(
        method in prop::sample::select(METHODS.to_vec()),
        fates in prop::collection::vec(fate(), 0..12),
    ) {
        let (outcome, sent, _) = play(method, fates, Duration::MAX);
        let is_success = matches!(sent.last(), Some(Fate::Status(200..=299, _, _)));
        prop_assert_eq!(outcome.is_ok(), is_success, "{:?}", sent);
    }

    #[test]
    fn a_told_wait_is_read_without_a_panic_and_only_where_it_is_one(text in "[ -~]{0,24}|[0-9]{1,30}[sS]?|\\PC{0,12}") {
        let told = retry_after::parse(&text, Some(Timestamp::UNIX_EPOCH));
        let number = text.trim().trim_end_matches(['s', 'S']);
        if let Ok(seconds) = number.parse::<u32>() && text.trim().len() <= number.len() + 1 && !number.starts_with('+') {
            prop_assert_eq!(told, Some(Duration::from_secs(seconds.into())));
        }
        if let Some(told) = told {
            prop_assert!(told <= Duration::from_secs(1 << 40), "{told:?}");
        }
    }
}
