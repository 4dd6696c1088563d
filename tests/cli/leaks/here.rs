//! Runs a command line in this process, on a machine of its own.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    ffi::OsString,
    future::ready,
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use zpakey::host::{
    Clock, Dirs, Env, Host, Sink, Streams, SystemClock, SystemKeyring, TerminalPrompter, Terminals,
};

use crate::support::{Arguments, Tenant};

/// What a run wrote.
pub(super) struct Written {
    pub(super) code: u8,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

#[derive(Clone, Default)]
struct Pad(Arc<Mutex<Vec<u8>>>);

impl io::Write for Pad {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A clock whose waits are over at once.
#[derive(Default)]
struct Hurried {
    system: SystemClock,
    slept: Mutex<Duration>,
}

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        self.system.now()
    }

    fn monotonic(&self) -> Duration {
        self.system.monotonic() + *self.slept.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.slept.lock().unwrap() += duration;
        Box::pin(ready(()))
    }
}

/// Runs a command line in this process, with the tenant's variables and home. With `-o auto` the answer goes to
/// a terminal.
pub(super) fn run_here(tenant: &Tenant, line: &str) -> Written {
    let access = tenant.access();
    let credential =
        [("ZSCALER_CLIENT_ID", &access.client_id), ("ZSCALER_CLIENT_SECRET", &access.client_secret)];
    run_here_with(tenant, line, &credential.map(|(name, value)| (name, value.clone())))
}

/// As [`run_here`], with other variables in place of the credential.
pub(super) fn run_here_with(tenant: &Tenant, line: &str, variables: &[(&str, String)]) -> Written {
    let access = tenant.access();
    let places = [
        ("LANG", "C.UTF-8"),
        ("ZPAKEY_API_URL", &access.api_url),
        ("ZPAKEY_TOKEN_URL", &access.token_url),
        // So wide that nobody waits, and shared with other processes in a file.
        ("ZPAKEY_RATE_LIMIT", "100000/100000/1"),
        ("ZPA_CUSTOMER_ID", &access.customer_id),
    ];
    let variables = variables.iter().map(|(name, value)| (*name, value.as_str()));
    let env: Env = places.into_iter().chain(variables).collect();
    let home = tenant.home().path();
    let (stdout, stderr) = (Pad::default(), Pad::default());
    let host = Host {
        env,
        streams: Arc::new(Streams::new(
            Box::new(io::empty()),
            Box::new(stdout.clone()),
            Box::new(stderr.clone()),
        )),
        terminals: Terminals {
            stdin: false,
            stdout_width: line.contains("-o auto").then_some(80),
            stderr: false,
            stdout_sink: Sink::Elsewhere,
        },
        dirs: Some(Dirs {
            config: home.join("config/zpakey"),
            state: home.join("state/zpakey"),
            cache: home.join("cache/zpakey"),
            runtime: None,
            home: home.to_owned(),
        }),
        clock: Arc::new(Hurried::default()),
        prompter: Arc::new(TerminalPrompter::default()),
        keyring: Arc::new(SystemKeyring::new(&Env::default())),
    };
    let arguments = ["zpakey".to_owned()].into_iter().chain(line.list()).map(OsString::from);
    let code = zpakey::app::run(arguments, host);
    let bytes = |pad: &Pad| pad.0.lock().unwrap().clone();
    Written { code, stdout: bytes(&stdout), stderr: bytes(&stderr) }
}
