//! Runs a command line in this process, on a machine of its own, which may break at any of its effects.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    ffi::OsString,
    fs,
    future::ready,
    io,
    os::unix::fs::PermissionsExt,
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use zeroize::Zeroizing;
use zpakey::host::{
    Choice, Clock, Dirs, Env, Host, Keyring, KeyringError, Prompter, Sink, Streams, SystemClock,
    SystemKeyring, TerminalPrompter, Terminals,
};

use crate::support::{Arguments, Tenant};

/// What a run wrote.
pub(super) struct Written {
    pub(super) code: u8,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// Breaks the program at one of the effects that it has on its machine: a panic, once.
#[derive(Clone, Default)]
pub(super) struct Bomb(Arc<AtomicUsize>);

impl Bomb {
    /// At the effect of this number, from 1.
    pub(super) fn at(number: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(number)))
    }

    /// Tells whether it went off.
    pub(super) fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    fn tick(&self) {
        let left = self.0.load(Ordering::Relaxed);
        if left == 0 {
            return;
        }
        self.0.store(left - 1, Ordering::Relaxed);
        if left == 1 {
            // The message of a panic would go to the test's own stream.
            panic::resume_unwind(Box::new("an effect that fails"));
        }
    }
}

#[derive(Clone, Default)]
struct Pad(Arc<Mutex<Vec<u8>>>, Bomb);

impl Pad {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl io::Write for Pad {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.tick();
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
    bomb: Bomb,
}

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        self.bomb.tick();
        self.system.now()
    }

    fn monotonic(&self) -> Duration {
        self.bomb.tick();
        self.system.monotonic() + *self.slept.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.bomb.tick();
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
    run_breaking(tenant, line, variables, &Bomb::default())
}

/// A keyring that has one secret, whatever it is asked for.
struct OneSecret(Option<String>, Bomb);

impl Keyring for OneSecret {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.1.tick();
        Ok(self.0.as_ref().map(|secret| Zeroizing::new(secret.clone().into_bytes())))
    }

    fn set(&self, _: &str, _: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
        self.1.tick();
        Ok(())
    }

    fn remove(&self, _: &str) -> Result<bool, KeyringError> {
        self.1.tick();
        Ok(true)
    }

    fn probe(&self) -> Result<(), KeyringError> {
        self.1.tick();
        Ok(())
    }
}

/// A person who says yes to all.
struct Willing(Bomb);

impl Prompter for Willing {
    fn line(&self, _: &str) -> io::Result<Option<String>> {
        self.0.tick();
        Ok(Some("y".to_owned()))
    }

    fn hidden_line(&self, _: &str) -> io::Result<Option<Zeroizing<String>>> {
        self.0.tick();
        Ok(None)
    }

    fn pick(&self, _: &str, _: &[Choice]) -> io::Result<Option<usize>> {
        self.0.tick();
        Ok(Some(0))
    }

    fn restore(&self) -> bool {
        false
    }
}

/// Makes a program for the clipboard that prints what it gets on both streams, and returns the directory that it is in.
fn chatty_clipboard(tenant: &Tenant, line: &str) -> String {
    let directory = tenant.home().path().join("programs");
    if line.contains("--copy") {
        fs::create_dir_all(&directory).unwrap();
        let (new, program) = (directory.join("new"), directory.join("pbcopy"));
        fs::write(&new, "#!/bin/sh\ntee /dev/stderr\n").unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o700)).unwrap();
        fs::rename(new, program).unwrap();
    }
    directory.display().to_string()
}

/// As [`run_here_with`], on a machine that breaks at some effect. What breaks it is a panic, and as in the program's
/// `main` that is exit code 1.
pub(super) fn run_breaking(
    tenant: &Tenant,
    line: &str,
    variables: &[(&str, String)],
    bomb: &Bomb,
) -> Written {
    let has_person = line.contains("--ask");
    let line = line.replace("--ask", "");
    let access = tenant.access();
    let programs = chatty_clipboard(tenant, &line);
    let places = [
        ("PATH", programs.as_str()),
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
    let pad = || Pad(Arc::default(), bomb.clone());
    let (stdout, stderr) = (pad(), pad());
    let kept = env.get("GIVEN_TO_KEYRING").map(str::to_owned);
    let host = Host {
        env,
        streams: Arc::new(Streams::new(
            Box::new(io::empty()),
            Box::new(stdout.clone()),
            Box::new(stderr.clone()),
        )),
        terminals: Terminals {
            stdin: has_person,
            controlling: false,
            stdout_width: line.contains("-o auto").then_some(80),
            stderr_width: None,
            stderr: has_person,
            stdout_sink: Sink::Elsewhere,
        },
        dirs: Some(Dirs {
            config: home.join("config/zpakey"),
            state: home.join("state/zpakey"),
            cache: home.join("cache/zpakey"),
            runtime: None,
            home: home.to_owned(),
        }),
        clock: Arc::new(Hurried { bomb: bomb.clone(), ..Hurried::default() }),
        prompter: if has_person {
            Arc::new(Willing(bomb.clone()))
        } else {
            Arc::new(TerminalPrompter::default())
        },
        keyring: match kept {
            Some(secret) => Arc::new(OneSecret(Some(secret), bomb.clone())),
            None => Arc::new(SystemKeyring::new(&Env::default())),
        },
    };
    let arguments = ["zpakey".to_owned()].into_iter().chain(line.as_str().list()).map(OsString::from);
    let run = AssertUnwindSafe(|| zpakey::app::run(arguments, host));
    let code = panic::catch_unwind(run).unwrap_or_else(|panic| {
        // A bug of the program fails the test.
        if bomb.is_over() && panic.downcast_ref::<&str>() == Some(&"an effect that fails") {
            1
        } else {
            panic::resume_unwind(panic)
        }
    });
    Written { code, stdout: stdout.bytes(), stderr: stderr.bytes() }
}
