//! One rotation that something happens to, and the runs after it until it is done.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    fs,
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, Quirks, SECRET_MARKER};

use super::{
    history::{Moment, watch},
    invariants::{A, Job, check, check_code, is_ended},
};
use crate::{
    leaks::searcher::Searcher,
    support::{Finished, Tenant},
};

/// How many cases run at a time: most of the time they wait.
const WORKERS: usize = 6;
/// How often the same command may be needed after the last fault.
const MOST_RUNS: usize = 3;

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(SECRET_MARKER));

/// What deployments hold before they are handed anything.
static TEXT_OF_A: LazyLock<String> = LazyLock::new(|| {
    let tenant = tenant(&[]);
    let text = tenant.zpakey("reveal id:38101 --yes --raw").run().code(0).stdout;
    assert_eq!(tenant.enroll(&text).as_deref(), Ok(A));
    text
});

/// A command line, what it is for, and where it hands the text over.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    pub job: Job,
    pub line: &'static str,
    pub store: &'static str,
    /// How many requests it sends where nothing goes wrong, the sign-in among them.
    pub requests: u64,
}

pub const ROTATE: Scene = Scene {
    job: Job::Rotate,
    line: "rotate prod --type connector --out-file key",
    store: "key",
    requests: 17,
};
pub const HOOK: Scene =
    Scene { line: "rotate prod --type connector --exec '. ./hook'", store: "vault", ..ROTATE };
pub const STOP: Scene = Scene {
    job: Job::Stop,
    line: "rotate prod --type connector --out-file key --retire now",
    requests: 18,
    ..ROTATE
};
pub const COMPROMISED: Scene = Scene {
    job: Job::Leak,
    line: "rotate prod --type connector --out-file key --compromised",
    requests: 19,
    ..ROTATE
};
pub const DISABLE_FIRST: Scene = Scene {
    job: Job::DisableFirst,
    line: "rotate prod --type connector --out-file key --compromised --disable-first",
    requests: 22,
    ..ROTATE
};
pub const ROLLBACK: Scene = Scene {
    job: Job::Rollback,
    line: "rotate prod --type connector --out-file key --rollback",
    // The token is kept from the rotation before.
    requests: 16,
    ..ROTATE
};

/// What happens, and to which request.
#[derive(Clone, Debug)]
pub enum Blow {
    /// The emulator plays a fault.
    Fault(Value),
    /// The process is killed while the emulator plays a fault.
    Kill(Value),
    /// The hook does this the first time.
    Hook(&'static str),
}

/// A case: a blow to a scene.
#[derive(Clone, Debug)]
pub struct Case {
    pub scene: Scene,
    pub blow: Blow,
    /// Which request it meets, counted from 1.
    pub request: u64,
    /// Further options of the run that it meets.
    pub options: &'static str,
    pub quirks: &'static [&'static str],
    /// How many keys a lost creation may leave.
    pub stragglers: usize,
    /// Whether a host enrols with what deployments hold before the next run.
    pub enrols: bool,
}

/// What came of a case.
#[derive(Debug)]
pub struct Played {
    /// The exit code of the run that was met.
    pub code: i32,
    /// How many runs it took after that.
    pub more: usize,
    /// What was wrong; nothing where all invariants were kept.
    pub problem: Option<String>,
}

pub fn tenant(quirks: &[&str]) -> Tenant {
    let mut chosen = Quirks::default();
    for quirk in quirks {
        chosen.set(quirk).unwrap();
    }
    Tenant::with(Options {
        quirks: chosen,
        contents: Contents::Seed(json!({
            "keys": [
                {"name": "prod", "maxUsage": 50, "usageCount": 1},
                {"name": "prod.next"},
                {"association_type": "SERVICE_EDGE_GRP", "name": "prod"},
            ],
            "connectors": [{"name": "fra-01", "provisioningKeyId": A}],
        })),
        ..Options::default()
    })
}

/// Starts a command line of a scene.
fn run(tenant: &Tenant, line: &str, options: &str) -> crate::support::Run {
    tenant.zpakey(format!("{line} --settle 30ms --yes -vv -o json {options}"))
}

/// Plays cases, several at a time, and returns what came of each, in order.
pub fn play_all(cases: &[Case]) -> Vec<Played> {
    let next = AtomicUsize::new(0);
    let played = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((at, case)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(at).map(|case| (at, case))
                } {
                    let one = play(case);
                    played.lock().unwrap().push((at, one));
                }
            });
        }
    });
    let mut played = played.into_inner().unwrap();
    played.sort_by_key(|(at, _)| *at);
    assert_eq!(played.len(), cases.len());
    played.into_iter().map(|(_, one)| one).collect()
}

/// Sets a tenant up as a scene begins.
pub fn begin(scene: &Scene, quirks: &[&str]) -> Tenant {
    let tenant = tenant(quirks);
    if scene.job == Job::Rollback {
        run(&tenant, ROTATE.line, "").run().code(0);
    }
    tenant.home().write("hook", HOOK_SCRIPT);
    tenant
}

/// Takes the text as a secret store does: whole or not at all. The first time it may do something else.
const HOOK_SCRIPT: &str = r#"
take() {
    cat > vault.new && mv vault.new vault && echo "$ZPAKEY_OPERATION $ZPAKEY_KEY_ID $ZPAKEY_KEY_NAME" >> taken
}
if [ -e blow ]; then
    mv blow blown
    . ./blown
else
    take
fi
"#;

fn play(case: &Case) -> Played {
    let tenant = begin(&case.scene, case.quirks);
    let mut told = Told { tenant: &tenant, case, history: Vec::new(), runs: Vec::new() };
    let (code, more, outcome) = told.play();
    let problem =
        outcome.err().map(|why| format!("{case:?}\nexit code {code}: {why}\n{}", told.runs.concat()));
    Played { code, more, problem }
}

struct Told<'a> {
    tenant: &'a Tenant,
    case: &'a Case,
    history: Vec<Moment>,
    /// What each run said.
    runs: Vec<String>,
}

impl Told<'_> {
    fn now(&self) -> Moment {
        Moment::of(self.tenant, self.case.scene.store)
    }

    fn play(&mut self) -> (i32, usize, Result<(), String>) {
        let Case { scene, stragglers, .. } = *self.case;
        let first = self.now();
        self.history.push(first.clone());
        let met = match self.watched(Self::blow) {
            Ok(met) => met,
            Err(problem) => return (-1, 0, Err(problem)),
        };
        let mut code = met.code;
        let mut more = 0;
        let mut began = first.clone();
        loop {
            let now = self.now();
            // What was sent late is no lie of the run that had ended before it landed.
            let judged = check_code(scene.job, code, &first, &began, &now, stragglers);
            if let Err(why) = judged.and_then(|()| self.check()) {
                return (met.code, more, Err(why));
            }
            if code == 0 {
                break;
            }
            if more == MOST_RUNS {
                return (met.code, more, Err(format!("I6: {more} more runs, and it is not done: {now:#?}")));
            }
            if let Err(why) = self.enrol(more == 0 && self.case.enrols) {
                return (met.code, more, Err(why));
            }
            more += 1;
            began = self.now();
            code = match self.watched(|told| Ok(told.again())) {
                Ok(done) => done.code,
                Err(why) => return (met.code, more, Err(why)),
            };
        }
        (met.code, more, self.end(&first))
    }

    /// I6: one more run changes nothing; I1: what deployments hold enrols.
    fn end(&mut self, first: &Moment) -> Result<(), String> {
        let Case { scene, stragglers, .. } = *self.case;
        // What is late has landed by then.
        if stragglers > 0 {
            thread::sleep(Duration::from_millis(300));
        }
        // A list that lags shows a change after some reads.
        for _ in self.case.quirks.iter().flat_map(|_| 0..2) {
            self.tenant.zpakey("list --type connector -q").run();
        }
        let began = self.now();
        let done = self.watched(|told| Ok(told.again()))?;
        let changed =
            serde_json::from_str::<Value>(&done.stdout).ok().map(|answer| answer["changed"].clone());
        if done.code != 0 || self.now() != began || changed != Some(json!(false)) {
            return Err(format!("I6: one more run, exit code {}, changed {changed:?}", done.code));
        }
        if !is_ended(scene.job, first, &began, stragglers) {
            return Err(format!("the end did not last: {began:#?}"));
        }
        let words = ["left alone", "may still make a key"];
        let is_announced = self.runs.iter().any(|run| words.iter().any(|word| run.contains(word)));
        let left = began.keys.values().filter(|key| key.name == format!("prod.next-{A}")).count();
        if left > 0 && !is_announced {
            return Err("I3: a key was left, and nobody was told".to_owned());
        }
        if scene.store == HOOK.store {
            let taken = self.tenant.home().read("taken");
            let b = began.held.unwrap_or_default();
            let expected = format!("rotate-{A}-{b} {b} prod");
            if taken.lines().any(|line| line != expected) {
                return Err(format!("I2: another operation at another attempt: {taken}"));
            }
        }
        self.check()?;
        self.enrol(true)
    }

    fn check(&self) -> Result<(), String> {
        check(self.case.scene.job, &self.history)
    }

    /// Does something while the tenant is watched, and searches what it wrote.
    fn watched(&mut self, work: impl FnOnce(&Self) -> Result<Finished, String>) -> Result<Finished, String> {
        let mut history = std::mem::take(&mut self.history);
        let done = watch(self.tenant, self.case.scene.store, &mut history, || work(self));
        self.history = history;
        let done = done?;
        let short = done.stderr.replace("/zpa/mgmtconfig/v1/admin/customers/216199618143191040/", "");
        let short = short.replace("associationType/CONNECTOR_GRP/provisioningKey", "KEYS");
        self.runs.push(format!("--- exit code {}\n{short}", done.code));
        self.search(&done)?;
        if done.code == 6 {
            // I8: what is not finished says how it is, by the command that finishes it.
            let error = done.error();
            let resumes =
                error["hints"][0].as_str().is_some_and(|hint| hint.starts_with("zpakey rotate prod "));
            // A list with a gap does not show the key: nothing was begun.
            let is_gap = error["code"] == "partial" && done.stderr.contains("could not be read whole");
            let is_told = is_gap || error["code"] == "rotation_incomplete" && resumes;
            return if is_told { Ok(done) } else { Err(format!("I8: exit code 6, and {error}")) };
        }
        Ok(done)
    }

    /// The run that the blow meets.
    fn blow(&self) -> Result<Finished, String> {
        let Case { scene, blow, request, options, .. } = self.case;
        self.tenant.clear_requests();
        let (Blow::Fault(action) | Blow::Kill(action)) = blow else {
            if let Blow::Hook(script) = blow {
                self.tenant.home().write("blow", script);
            }
            return Ok(run(self.tenant, scene.line, options).run());
        };
        self.tenant.set_faults(&json!([{"request": request, "action": action}]));
        let running = run(self.tenant, scene.line, options).start();
        if matches!(blow, Blow::Kill(_)) {
            let deadline = Instant::now() + Duration::from_secs(30);
            while (self.tenant.requests().len() as u64) < *request {
                if Instant::now() > deadline {
                    return Err(format!("request {request} was not sent: {:#?}", self.tenant.calls()));
                }
                thread::sleep(Duration::from_millis(1));
            }
            // What the request does is done before the emulator falls silent.
            thread::sleep(Duration::from_millis(10));
            running.kill();
        }
        let done = running.finish();
        let sent = self.tenant.requests().len() as u64;
        self.tenant.set_faults(&json!([]));
        // The next run begins when connections are taken again.
        if let Some(refused) = action.get("refuse").and_then(Value::as_u64) {
            thread::sleep(Duration::from_millis(refused));
        }
        if sent < *request { Err(format!("request {request} was not sent, only {sent}")) } else { Ok(done) }
    }

    /// The same command again. Once the names are swapped, another `rotate` that stops the predecessor would be
    /// another rotation: one that starts none does the rest.
    fn again(&self) -> Finished {
        let scene = &self.case.scene;
        let swapped = self.now().named(|name| name == "prod").any(|id| id != A && id != EDGE);
        let line = match scene.job {
            Job::Stop | Job::Leak | Job::DisableFirst if swapped => {
                "rotate prod --type connector --out-file key --if-older-than 90d --unproven"
            }
            Job::Rotate | Job::Stop | Job::Leak | Job::DisableFirst | Job::Rollback => scene.line,
        };
        run(self.tenant, line, "").run()
    }

    /// I1, as deployments see it: a host enrols with what they hold.
    fn enrol(&mut self, wanted: bool) -> Result<(), String> {
        let Scene { job, store, .. } = self.case.scene;
        // A successor that is used is not taken back.
        if !wanted || job == Job::Rollback {
            return Ok(());
        }
        let file = self.tenant.home().work().join(store);
        let text = fs::read_to_string(file).unwrap_or_else(|_| TEXT_OF_A.clone());
        let enrolled = self.tenant.enroll(&text);
        self.history.push(self.now());
        match enrolled {
            Ok(_) => Ok(()),
            Err(_) if job == Job::DisableFirst && text == *TEXT_OF_A => Ok(()),
            Err(why) => Err(format!("I1: a host was refused: {why}")),
        }
    }

    /// I4: no key value on a stream, nor in any file but the one asked for. The token cache holds the token.
    fn search(&self, done: &Finished) -> Result<(), String> {
        for stream in [&done.stdout, &done.stderr] {
            if let Some(form) = SEARCHER.find(stream.as_bytes()) {
                return Err(format!("I4: a secret {form} on a stream"));
            }
        }
        let home = self.tenant.home();
        for file in home.files() {
            let is_asked_for = [self.case.scene.store, "vault.new"].map(|name| format!("work/{name}"));
            if is_asked_for.contains(&file) || file.starts_with("state/zpakey/tokens/") {
                continue;
            }
            let bytes = fs::read(home.path().join(&file)).unwrap_or_default();
            if let Some(form) = SEARCHER.find(&bytes) {
                return Err(format!("I4: a secret {form} in {file}"));
            }
        }
        Ok(())
    }
}

/// The key of another type that has the same name.
const EDGE: &str = "38103";
