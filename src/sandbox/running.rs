//! A sandbox that runs.

use std::{
    collections::HashSet,
    io,
    net::IpAddr,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use axum::Router;
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{
    access::{Access, ApiClient},
    authority::Authority,
    enroll::{EnrollingHosts, Enrolment, EnrolmentRefused, Presented, enroll},
    error::SandboxError,
    fault::{Fault, FaultBook},
    limit::DoorLimits,
    line::{ConnectionOrigin, Connections},
    options::{Contents, Options, Storage, Tls},
    reception::{AcceptedCount, Reception},
    recorded::{Recorded, RequestJournal, UnknownPaths},
    server::{self, Server, Servers, lock},
    state,
    store::Store,
};

/// How long [`Sandbox::stop`] waits for answers that are on their way.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many connections wait for the server.
const BACKLOG: usize = 64;

/// An emulator of the ZPA API that listens on the loopback interface.
///
/// It is a task of the runtime that started it. Dropping it ends the task; connections that are open end
/// with their next answer.
#[derive(Debug)]
pub struct Sandbox {
    access: Access,
    /// How the tenants but the first are reached.
    others: Vec<Access>,
    server: Arc<Server>,
    accepted: AcceptedCount,
    stop: Option<oneshot::Sender<()>>,
    reception: JoinHandle<()>,
    task: Option<JoinHandle<io::Result<()>>>,
    /// The file with the authority's certificate, which ends with the sandbox.
    _ca_cert: Option<NamedTempFile>,
}

impl Sandbox {
    /// Starts an emulator.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Listen`] when the port is taken, [`SandboxError::State`] when the lasting tenant is
    /// not one of this version, [`SandboxError::File`] when it cannot be read or written,
    /// [`SandboxError::Seed`] when the seed does not have the documented form, and [`SandboxError::Tls`] when
    /// certificates cannot be made.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let Options {
            port,
            storage,
            contents,
            others,
            faults,
            enforce_limits,
            time_scale,
            delay,
            strict,
            quirks,
            tls,
        } = options;
        let store = Store::open(storage, contents, quirks)?;
        let customer_id = store.read(|tenant| tenant.customer_id.clone())?;
        let opened = Reception::open(port).await;
        let (listener, address) = opened.map_err(|source| SandboxError::Listen { port, source })?;
        let authority = if tls == Tls::Off { None } else { Some(Authority::new()?) };
        let ca_cert = authority.as_ref().map(Authority::write_certificate).transpose()?;
        let access = Access::new(
            address.port(),
            customer_id.clone(),
            enforce_limits.then_some(time_scale),
            tls,
            ca_cert.as_ref().map(NamedTempFile::path),
        );
        let accepted = AcceptedCount::default();
        let (lines, incoming) = mpsc::channel(BACKLOG);
        let (reception, refusals) =
            Reception::new(listener, address, lines, authority, tls, accepted.clone());
        let (journal, ordinal) = (Arc::new(RequestJournal::default()), Arc::new(AtomicU64::new(1)));
        let serve = |number: usize, store: Store, customer_id: String| {
            Arc::new(Server {
                store,
                customer_id,
                client: ApiClient::of(number),
                journal: Arc::clone(&journal),
                faults: Mutex::new(FaultBook::new(faults.clone())),
                limits: enforce_limits.then(|| Mutex::new(DoorLimits::new(time_scale))),
                strict,
                delay,
                revoked: Mutex::new(HashSet::new()),
                refusals: refusals.clone(),
                ordinal: Arc::clone(&ordinal),
            })
        };
        let server = serve(0, store, customer_id);
        let others = others.into_iter().zip(1..).map(|(seed, number)| {
            let store = Store::open(Storage::Memory, Contents::Seed(seed), quirks)?;
            let customer_id = store.read(|tenant| tenant.customer_id.clone())?;
            Ok::<_, SandboxError>(serve(number, store, customer_id))
        });
        let others: Vec<_> = others.collect::<Result<_, _>>()?;
        let of_other = |other: &Arc<Server>| access.of_tenant(&other.client, &other.customer_id);
        let accesses = others.iter().map(of_other).collect();
        let servers = Arc::new(Servers { first: Arc::clone(&server), others });
        let router = Router::new().fallback(server::serve).with_state(servers);
        let (stop, stopped) = oneshot::channel::<()>();
        let lines = Connections { incoming, address };
        let serving = axum::serve(lines, router.into_make_service_with_connect_info::<ConnectionOrigin>())
            .with_graceful_shutdown(async {
                // A sender that was dropped means the same as one that sent.
                let _ = stopped.await;
            });
        let task = Some(tokio::spawn(async move { serving.await }));
        let reception = tokio::spawn(reception.run());
        Ok(Self {
            access,
            others: accesses,
            server,
            accepted,
            stop: Some(stop),
            reception,
            task,
            _ca_cert: ca_cert,
        })
    }

    /// The addresses and credentials of this sandbox.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The same of each tenant.
    pub fn accesses(&self) -> impl Iterator<Item = &Access> {
        std::iter::once(&self.access).chain(&self.others)
    }

    /// Lists what arrived since the start or the last [`clear_requests`](Self::clear_requests), in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.journal.all()
    }

    /// Counts the connections that were accepted since the start, those without a request too.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.accepted.count()
    }

    /// Forgets what arrived.
    pub fn clear_requests(&self) {
        self.server.journal.clear();
    }

    /// Lists method and path of the requests that the sandbox does not know, each once, in the order they came.
    #[must_use]
    pub fn unknown_paths(&self) -> Vec<String> {
        self.server.journal.unknown_paths()
    }

    /// Tells of each such request as soon as it comes for the first time.
    #[must_use]
    pub fn watch_unknown_paths(&self) -> UnknownPaths {
        UnknownPaths::new(Arc::clone(&self.server))
    }

    /// Plays so many hosts that enrol with the text of a key, all or none.
    ///
    /// Each raises the key's uses and adds an App Connector or a Private Service Edge. Without an address they
    /// come from one that is kept for documentation. With a lasting tenant this waits for its file.
    ///
    /// # Errors
    ///
    /// [`EnrolmentRefused`] says why; a host is told less, see [`EnrolmentRefused::HOST_LOG`].
    pub fn enroll(
        &self,
        key_text: &str,
        ip: Option<IpAddr>,
        count: u32,
    ) -> Result<Vec<Enrolment>, EnrolmentRefused> {
        let enrolled = self
            .server
            .store
            .change(|tenant| enroll(tenant, EnrollingHosts { key: Presented::Text(key_text), ip, count }));
        enrolled.map_err(|failure| EnrolmentRefused::Sandbox(failure.to_string()))?
    }

    /// Refuses connections for a time, new ones and those that are open.
    pub async fn refuse_connections(&self, time: Duration) {
        self.server.refuse_for(time).await;
    }

    /// Shows the tenant as it would be stored; `null` when its file cannot be read any more.
    #[must_use]
    pub fn tenant(&self) -> Value {
        self.server.store.read(state::write).unwrap_or(Value::Null)
    }

    /// Replaces the failures to play, and counts requests anew.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.server.faults) = FaultBook::new(faults);
    }

    /// Ends the sandbox after the answers that are on their way.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        self.reception.abort();
        // What does not end in time is ended by the drop.
        let _ = tokio::time::timeout(PATIENCE, self.wait()).await;
    }

    /// Waits until the sandbox ends by itself, which it does not do unless something is wrong.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Stopped`] with the reason.
    pub async fn wait(&mut self) -> Result<(), SandboxError> {
        let Some(task) = &mut self.task else { return Ok(()) };
        let ended = task.await;
        // Not before: a wait that is given up can be taken up again.
        self.task = None;
        match ended {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failure)) => Err(SandboxError::Stopped(failure.to_string())),
            Err(failure) => Err(SandboxError::Stopped(failure.to_string())),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.reception.abort();
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
