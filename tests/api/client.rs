//! The typed client against an emulated tenant in the same process, on a clock that nobody waits for.
//!
//! ```ignore
//! let bench = Bench::standard().await;
//! bench.faults(json!({"method": "GET", "nth": 1, "action": {"status": 500}}));
//! assert_eq!(bench.client().key(CONNECTOR, &id("38101")).await.is_ok(), true);
//! assert_eq!(bench.count("GET"), 2);
//! ```

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as the tests do")]

use std::borrow::Borrow;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use zpakey::api::{
    ApiError, Client, Configuration, Exchange, Limits, Observer, Rate, SignIn, Wait, WaitReason,
};
use zpakey::domain::{AssociationType, Id, MaxUsage, NewKey, ProvisioningKey};
use zpakey::host::Clock;
use zpakey::sandbox::{Contents, Fault, Options, Sandbox};
use zpakey::secret::ClientSecret;

pub const CONNECTOR: AssociationType = AssociationType::ConnectorGrp;

/// A clock that jumps: whoever sleeps wakes at once, later.
#[derive(Default)]
pub struct JumpingClock(Mutex<Duration>);

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_790_000_000).unwrap() + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wake = self.monotonic() + duration;
        Box::pin(async move {
            // Requests that are in flight go on meanwhile.
            tokio::task::yield_now().await;
            let mut now = self.0.lock().unwrap();
            *now = wake.max(*now);
        })
    }
}

/// What the client told, and at which moment of its clock.
pub struct Log {
    clock: Arc<dyn Clock>,
    waits: Mutex<Vec<Wait>>,
    answers: Mutex<Vec<(Duration, Exchange)>>,
}

impl Observer for Log {
    fn waiting(&self, wait: &Wait) {
        self.waits.lock().unwrap().push(wait.clone());
    }

    fn answered(&self, exchange: &Exchange) {
        // Signing in takes nothing of the API's budget.
        if exchange.path.starts_with("/oauth2/") || exchange.path == "/signin" {
            return;
        }
        self.answers.lock().unwrap().push((self.clock.monotonic(), exchange.clone()));
    }
}

impl Log {
    /// How many tries ended.
    pub fn answers(&self) -> usize {
        self.answers.lock().unwrap().len()
    }
}

/// How a client is to be limited.
pub struct Plan {
    pub limits: Limits,
    pub rate: Rate,
    pub clock: Arc<dyn Clock>,
}

impl Default for Plan {
    fn default() -> Self {
        let timeout = Duration::from_secs(20);
        let limits =
            Limits { timeout, max_wait: Duration::from_secs(120), deadline: None, spent: Duration::ZERO };
        Self { limits, rate: Rate::Off, clock: Arc::new(JumpingClock::default()) }
    }
}

impl Plan {
    /// Gives up on an answer after so many milliseconds of real time.
    pub fn timeout(milliseconds: u64) -> Self {
        let mut plan = Self::default();
        plan.limits.timeout = Duration::from_millis(milliseconds);
        plan
    }

    pub fn max_wait(seconds: u64) -> Self {
        let mut plan = Self::default();
        plan.limits.max_wait = Duration::from_secs(seconds);
        plan
    }

    pub fn deadline(seconds: u64) -> Self {
        let mut plan = Self::default();
        plan.limits.deadline = Some(Duration::from_secs(seconds));
        plan
    }

    pub fn rate(reads: u32, writes: u32, window: Duration) -> Self {
        Self { rate: Rate::Window { reads, writes, window }, ..Self::default() }
    }
}

/// An emulated tenant and how to get at it.
pub struct Bench {
    pub sandbox: Sandbox,
    pub clock: Arc<dyn Clock>,
    log: Arc<Log>,
    client: Client,
}

impl Bench {
    pub async fn new(options: Options, plan: Plan) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let access = sandbox.access();
        let sign_in = SignIn::OneApi {
            client_id: access.client_id.clone(),
            client_secret: ClientSecret::new(access.client_secret.clone()),
        };
        let clock = Arc::clone(&plan.clock);
        let (client, log) = client(&sandbox, plan, sign_in);
        Self { sandbox, clock, log, client }
    }

    /// The standard tenant with one key, 38101, and an unlimited client.
    pub async fn standard() -> Self {
        Self::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Self {
        Self::seeded(json!({"keys": [{"name": "prod-fra-01"}]}), plan).await
    }

    pub async fn seeded(seed: Value, plan: Plan) -> Self {
        Self::new(Options { contents: Contents::Seed(seed), ..Options::default() }, plan).await
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sets the failures to play.
    pub fn faults(&self, faults: impl Borrow<Value>) {
        self.sandbox.set_faults(Fault::parse(faults.borrow()).unwrap());
    }

    /// Signs in and forgets that: what follows has a token already.
    pub async fn warm(self) -> Self {
        self.client.keys(CONNECTOR).await.unwrap();
        self.sandbox.clear_requests();
        self.log.answers.lock().unwrap().clear();
        self
    }

    /// How many requests with this method arrived, sign-ins aside.
    pub fn count(&self, method: &str) -> usize {
        let requests = self.sandbox.requests();
        requests.iter().filter(|request| request.method == method && request.has_authorization).count()
    }

    /// How often somebody signed in.
    pub fn sign_ins(&self) -> usize {
        self.sandbox.requests().iter().filter(|request| request.path == "/oauth2/v1/token").count()
    }

    /// The waits that were told, in seconds without what jitter adds, each with its reason.
    pub fn told_waits(&self) -> Vec<(u64, WaitReason)> {
        let waits = self.log.waits.lock().unwrap();
        waits.iter().map(|wait| (wait.duration.as_secs(), wait.reason.clone())).collect()
    }

    /// When each answer arrived, in order.
    pub fn answered_at(&self) -> Vec<Duration> {
        self.log.answers.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    /// The keys of the tenant as it is.
    pub fn keys(&self) -> usize {
        self.sandbox.tenant().get("keys").and_then(Value::as_array).map_or(0, Vec::len)
    }

    pub async fn first_key(&self) -> ProvisioningKey {
        self.client.key(CONNECTOR, &id("38101")).await.unwrap()
    }
}

/// A client of a sandbox that signs in by `sign_in`.
pub fn client(sandbox: &Sandbox, plan: Plan, sign_in: SignIn) -> (Client, Arc<Log>) {
    let access = sandbox.access();
    client_at(&access.api_url, &access.customer_id, plan, sign_in)
}

/// A client of whatever is at an address.
pub fn client_at(api_url: &str, customer: &str, plan: Plan, sign_in: SignIn) -> (Client, Arc<Log>) {
    let legacy = matches!(sign_in, SignIn::Legacy { .. });
    let token_path = if legacy { "signin" } else { "oauth2/v1/token" };
    let configuration = Configuration {
        sign_in,
        legacy,
        vanity_domain: Some("sandbox".to_owned()),
        cloud: None,
        api_url: api_url.parse().ok(),
        token_url: format!("{api_url}/{token_path}").parse().ok(),
        cacert: None,
        trust: "system store".to_owned(),
        proxy: None,
        customer: customer.parse().unwrap(),
        token_store: None,
        limits: plan.limits,
        rate: plan.rate,
        ending: Arc::default(),
        shared_budget: None,
        locks: None,
    };
    let clock = Arc::clone(&plan.clock);
    let log = Arc::new(Log { clock, waits: Mutex::default(), answers: Mutex::default() });
    let observer: Arc<dyn Observer> = Arc::<Log>::clone(&log);
    (Client::new(configuration, plan.clock, observer).unwrap(), log)
}

pub fn id<Kind>(digits: &str) -> Id<Kind> {
    digits.parse().unwrap()
}

/// A key for the first group of the standard tenant.
pub fn new_key(name: &str) -> NewKey {
    NewKey {
        name: name.to_owned(),
        association_type: CONNECTOR,
        group: id("72058304855047746"),
        cert: id("16560"),
        max_usage: MaxUsage(10),
        enabled: true,
        exportable: true,
        ip_acl: Vec::new(),
        ui_config: None,
    }
}

/// The error in short: its variant, and the status where the API refused.
pub fn short(error: &ApiError) -> String {
    match error {
        ApiError::Refused(refusal) => format!("refused {}", refusal.status),
        ApiError::Unreadable { .. } => "unreadable".to_owned(),
        ApiError::NotSent(_) => "not sent".to_owned(),
        ApiError::Lost(_) => "lost".to_owned(),
        ApiError::OutcomeUnknown { .. } => "outcome unknown".to_owned(),
        ApiError::WaitedTooLong { last, .. } => format!("waited too long: {}", short(last)),
        ApiError::Deadline { .. } => "deadline".to_owned(),
        ApiError::Interrupted { .. } => "interrupted".to_owned(),
        ApiError::SignIn(error) => format!("sign-in {}", error.status),
        ApiError::Managed { .. } => "managed".to_owned(),
        ApiError::LookFirst { .. } => "look first".to_owned(),
        ApiError::StillThere { .. } => "still there".to_owned(),
        ApiError::UnknownCloud { .. }
        | ApiError::PrivateKey { .. }
        | ApiError::CaFile { .. }
        | ApiError::Setup(_)
        | ApiError::CannotApply(_) => error.to_string(),
    }
}
