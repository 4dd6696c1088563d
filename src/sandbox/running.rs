//! A sandbox that runs.

use std::{
    collections::HashSet,
    io,
    net::Ipv4Addr,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use axum::Router;
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{
    access::Access,
    error::SandboxError,
    fault::{Fault, FaultBook},
    limit::Limits,
    line::{Breaker, Lines},
    options::Options,
    recorded::{Journal, Recorded},
    server::{self, Server, lock},
    state,
    store::Store,
};

/// How long [`Sandbox::stop`] waits for answers that are on their way.
const PATIENCE: Duration = Duration::from_secs(2);

/// An emulator of the ZPA API that listens on the loopback interface.
///
/// It is a task of the runtime that started it. Dropping it ends the task; connections that are open end
/// with their next answer.
#[derive(Debug)]
pub struct Sandbox {
    access: Access,
    server: Arc<Server>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Starts an emulator.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Listen`] when the port is taken, [`SandboxError::State`] when the lasting tenant is
    /// not one of this version, [`SandboxError::File`] when it cannot be read or written, and
    /// [`SandboxError::Seed`] when the seed does not have the documented form.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let Options { port, storage, contents, faults, enforce_limits, time_scale, delay, strict, quirks } =
            options;
        let store = Store::open(storage, contents)?;
        let customer_id = store.read(|tenant| tenant.customer_id.clone())?;
        let refused = |source| SandboxError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let bound = listener.local_addr().map_err(refused)?.port();
        let access = Access::new(bound, customer_id.clone(), enforce_limits.then_some(time_scale));
        let server = Arc::new(Server {
            store,
            customer_id,
            journal: Journal::default(),
            faults: Mutex::new(FaultBook::new(faults)),
            limits: enforce_limits.then(|| Mutex::new(Limits::new(time_scale))),
            quirks,
            strict,
            delay,
            revoked: Mutex::new(HashSet::new()),
            ordinal: AtomicU64::new(1),
        });
        let router = Router::new().fallback(server::serve).with_state(Arc::clone(&server));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(Lines(listener), router.into_make_service_with_connect_info::<Breaker>())
            .with_graceful_shutdown(async {
                // A sender that was dropped means the same as one that sent.
                let _ = stopped.await;
            });
        let task = tokio::spawn(async move { serving.await });
        Ok(Self { access, server, stop: Some(stop), task: Some(task) })
    }

    /// The addresses and credentials of this sandbox.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Lists what arrived since the start or the last [`clear_requests`](Self::clear_requests), in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.journal.all()
    }

    /// Forgets what arrived.
    pub fn clear_requests(&self) {
        self.server.journal.clear();
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
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
