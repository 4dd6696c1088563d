//! An emulated tenant for the life of a test.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use serde_json::{Value, json};
use tokio::sync::oneshot;
use zpakey::sandbox::{Access, Contents, Fault, Options, Recorded, Sandbox};

use super::{arguments::Arguments, home::Home, run::Run};

/// A tenant of its own, served over the loopback interface by a thread of this process, and a home.
pub struct Tenant {
    sandbox: Arc<Sandbox>,
    home: Home,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Tenant {
    /// The standard tenant: three App Connector groups, two Service Edge groups, and no keys.
    pub fn standard() -> Self {
        Self::with(Options::default())
    }

    /// The standard tenant, with what a seed says in its place; the form is that of `zpakey sandbox --seed`.
    pub fn seeded(seed: Value) -> Self {
        Self::with(Options { contents: Contents::Seed(seed), ..Options::default() })
    }

    /// The standard tenant with App Connector keys of these names, in this order, from id 38101 on.
    pub fn with_keys<const N: usize>(names: [&str; N]) -> Self {
        let keys = names.map(|name| json!({"name": name}));
        Self::seeded(json!({"keys": keys.as_slice()}))
    }

    /// Any tenant.
    pub fn with(options: Options) -> Self {
        let (started, start) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let sandbox = Sandbox::start(options).await.unwrap();
                started.send(Arc::new(sandbox)).unwrap();
                // A sender that was dropped means the same as one that sent.
                let _ = stopped.await;
            });
        });
        let sandbox = start.recv().unwrap();
        Self { sandbox, home: Home::new(), stop: Some(stop), thread: Some(thread) }
    }

    /// The program with the variables that lead to this tenant, in the tenant's home.
    pub fn zpakey(&self, arguments: impl Arguments) -> Run {
        self.access()
            .environment()
            .into_iter()
            .fold(Run::new(&self.home, arguments), |run, (name, value)| run.env(name, value))
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    pub fn access(&self) -> &Access {
        self.sandbox.access()
    }

    /// What arrived, sign-ins too, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.sandbox.requests()
    }

    pub fn clear_requests(&self) {
        self.sandbox.clear_requests();
    }

    /// What arrived but for sign-ins, each as its method and its path below the customer:
    /// `GET v1/associationType/CONNECTOR_GRP/provisioningKey`.
    pub fn calls(&self) -> Vec<String> {
        let customer = format!("admin/customers/{}/", self.access().customer_id);
        let signs_in = |path: &str| ["/oauth2/", "/signin", "/signout"].iter().any(|p| path.starts_with(p));
        let short = |path: &str| {
            let path = path.strip_prefix("/zpa").unwrap_or(path);
            path.strip_prefix("/mgmtconfig/").unwrap_or(path).replacen(&customer, "", 1)
        };
        let requests = self.requests().into_iter().filter(|request| !signs_in(&request.path));
        requests.map(|request| format!("{} {}", request.method, short(&request.path))).collect()
    }

    /// Those of [`Tenant::calls`] that are no reads.
    pub fn writes(&self) -> Vec<String> {
        self.calls().into_iter().filter(|call| !call.starts_with("GET ")).collect()
    }

    /// Plays failures from now on, in the form of `zpakey sandbox --faults`.
    pub fn set_faults(&self, faults: &Value) {
        self.sandbox.set_faults(Fault::parse(faults).unwrap());
    }

    /// Enrols a host with the text of a key, and returns the key's id.
    ///
    /// # Errors
    /// Why the host was refused.
    pub fn enroll(&self, key_text: &str) -> Result<String, String> {
        let enrolled = self.sandbox.enroll(key_text, None, 1).map_err(|refused| refused.to_string())?;
        Ok(enrolled.into_iter().next().map(|host| host.key_id).unwrap_or_default())
    }

    /// The tenant as its file would be. It holds no secret.
    pub fn state(&self) -> Value {
        self.sandbox.tenant()
    }

    /// A key as the tenant has it now, by its name or its id; nothing where there is none.
    pub fn key(&self, name_or_id: &str) -> Option<Value> {
        let state = self.state();
        let keys = state.get("keys").and_then(Value::as_array).unwrap();
        let is_meant = |key: &&Value| {
            ["name", "id"].iter().any(|field| key.get(*field).is_some_and(|value| value == name_or_id))
        };
        keys.iter().find(is_meant).cloned()
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
