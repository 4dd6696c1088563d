//! The proof that no secret is written where nobody asked for it.
//!
//! Every secret of the emulator contains one marker. Every command runs in every format, quiet and talkative,
//! while the API works and while it fails in each known way; what is written then is searched: both streams and
//! every file below the home directory. The marker may be in the answer of `reveal --yes` and `create --reveal`
//! and in the file of `--out-file`, and nowhere else.
//!
//! The whole sweep takes minutes: it is ignored, and `.ci/run` runs it. An ordinary run of the tests has the same commands
//! and failures in two formats.
//!
//! The sweep calls the library's `app::run`, which is all that the program does, on a machine of its own with
//! real HTTP; a slice of it runs as processes, too.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod agents;
mod breaking;
mod credentials;
mod here;
mod planted;
mod processes;
mod programs;
mod quoted;
pub(crate) mod searcher;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};
use zpakey::sandbox::SECRET_MARKER;

use self::{
    here::{Written, run_here},
    searcher::Searcher,
};
use crate::support::Tenant;

/// Where a command may show a key value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    Nowhere,
    InAnswer,
    InFile,
}

use Shows::{InAnswer, InFile, Nowhere};

/// The commands that reach the API. `{n}` differs from run to run, `{file}` too.
const ASKING: [(&str, Shows); 81] = [
    ("create new-{n} --type connector --group 'AWS us-east-1' --max-usage 3", Nowhere),
    ("create new-{n} --type connector --group 'AWS us-east-1' --max-usage 3 --dry-run", Nowhere),
    ("create new-{n} --type connector --group 'AWS us-east-1' --max-usage 3 --reveal", InAnswer),
    ("create new-{n} --type connector --group 'AWS us-east-1' --max-usage 3 --reveal --dry-run", Nowhere),
    ("create new-{n} --type connector --group 'AWS us-east-1' --max-usage 3 --out-file {file}", InFile),
    ("create new-{n} --type service-edge --group 'Branch EMEA' --max-usage 3 --no-export --reveal", InAnswer),
    ("create new-{n} --type connector --group nowhere --max-usage 3", Nowhere),
    ("create demo --type connector --group 'AWS us-east-1' --max-usage 3", Nowhere),
    ("create demo --type connector --group 'AWS us-east-1' --max-usage 3 --if-exists skip", Nowhere),
    (
        "create demo --type connector --group 'AWS us-east-1' --max-usage 3 --if-exists skip --reveal",
        InAnswer,
    ),
    ("create demo --type connector --group 'AWS us-east-1' --max-usage 3 --if-exists update", Nowhere),
    ("create --type connector", Nowhere),
    ("get demo", Nowhere),
    ("get demo absent", Nowhere),
    ("get carried --connectors", Nowhere),
    ("list", Nowhere),
    ("list --all-types --all-microtenants --fail-if-any", Nowhere),
    ("update demo --add-uses 1", Nowhere),
    ("update demo --add-uses 1 --dry-run", Nowhere),
    ("update demo edge --disable", Nowhere),
    ("delete spare-{n} --yes", Nowhere),
    ("delete spare-{n} --dry-run", Nowhere),
    ("delete spare-{n}", Nowhere),
    ("delete carried --yes", Nowhere),
    ("reveal demo", Nowhere),
    ("reveal demo --yes", InAnswer),
    ("reveal demo --yes --raw", InAnswer),
    ("reveal demo --out-file {file}", InFile),
    ("reveal demo edge sealed --out-file {file}-{id}", InFile),
    ("reveal sealed --yes", Nowhere),
    ("reveal absent --yes", Nowhere),
    ("reveal demo --out-file {file} --mode 0640", InFile),
    ("exec demo --env KEY -- true", Nowhere),
    ("exec demo --file KEY -- true", Nowhere),
    ("exec demo --stdin -- no-such-program", Nowhere),
    ("identify {given}", Nowhere),
    ("identify {given} --offline", Nowhere),
    ("identify {given} --type service-edge", Nowhere),
    ("scan {given} {state}", Nowhere),
    ("scan {given} --offline", Nowhere),
    ("scan {given} --type service-edge --fail-on any", Nowhere),
    ("scan {named}", Nowhere),
    ("rotate spare-{n} --reveal --settle 0s --yes", InAnswer),
    ("rotate spare-{n} --out-file {file} --settle 0s --yes", InFile),
    ("rotate spare-{n} --exec 'tee /dev/stderr | base64' --settle 0s --yes", Nowhere),
    ("rotate demo --no-deliver", Nowhere),
    ("rotate demo --reveal --dry-run", Nowhere),
    ("retire build --yes", Nowhere),
    ("retire --all-due --yes", Nowhere),
    ("disable spare-{n} --yes", Nowhere),
    ("disable carried --yes", Nowhere),
    ("enable id:7005 --max-usage 60", Nowhere),
    ("purge past --yes", Nowhere),
    ("purge --all-due --dry-run", Nowhere),
    ("status", Nowhere),
    ("status build", Nowhere),
    ("status --overview", Nowhere),
    ("status build --tfstate {state}", Nowhere),
    ("rotate spare-{n} --no-deliver --tfstate {state} --settle 0s --yes", Nowhere),
    ("groups", Nowhere),
    ("audit", Nowhere),
    ("audit --fail-on info --allow-incomplete --all-types", Nowhere),
    ("metrics --openmetrics --all-types", Nowhere),
    ("export --to terraform --all-types", Nowhere),
    ("export demo sealed --to ansible", Nowhere),
    ("export --to csv --all-microtenants", Nowhere),
    ("export --from-tfstate {state}", Nowhere),
    ("export --from-tfstate {state} --to terraform --all-types", Nowhere),
    ("export --to keys --all-types", Nowhere),
    ("diff {keys}", Nowhere),
    ("diff {keys} --out-file {file} --exit-code", InFile),
    ("apply {keys} --settle 0s --yes", Nowhere),
    ("apply {keys} --settle 0s --yes --allow close=9 --allow rotate=9", Nowhere),
    ("certs", Nowhere),
    ("microtenants", Nowhere),
    ("wait demo --used 1", Nowhere),
    ("wait demo --used +1 --wait-timeout 0s", Nowhere),
    ("reveal demo --yes --ci github", Nowhere),
    ("reveal demo --copy --clear-after 1s", Nowhere),
    ("doctor", Nowhere),
    ("doctor --online", Nowhere),
];

/// The commands that ask nobody, and command lines that are wrong; `{key}` is a key value.
const ALONE: [&str; 103] = [
    "schema",
    "schema --file",
    "completions bash",
    "completions elvish",
    "completions fish",
    "completions powershell",
    "completions zsh",
    "help",
    "help update",
    "help environment",
    "help exit-codes",
    "help output",
    "help security",
    "help nonsense",
    "--help",
    "-h",
    "--version",
    "reveal --help",
    "sandbox path",
    "sandbox reset",
    "",
    "get",
    "get demo --sandbox --profile x",
    "get demo --frobnicate",
    "{key}",
    "help {key}",
    "completions {key}",
    "get {key}",
    "get demo {key}",
    "get id:{key}",
    "get name:{key}",
    "get '{key} '",
    "get --connectors={key}",
    "update {key} --disable",
    "update demo --name {key}",
    "update demo --frobnicate {key}",
    "update demo --frobnicate={key}",
    "update demo --group {key}",
    "delete {key} --yes",
    "reveal {key} --yes",
    "reveal demo --key={key}",
    "reveal demo --out-file f --mode {key}",
    "exec {key} --env K -- true",
    "exec demo --env {key} -- true",
    "exec demo --file {key} -- true",
    "exec demo --stdin={key} -- true",
    "exec demo --env K {key}",
    "identify {key}",
    "identify {key} --offline",
    "scan {key}",
    "scan {key} --offline",
    "scan --git {key}",
    "scan --git --range {key}",
    "scan --max-size {key}",
    "scan --fail-on {key}",
    "scan --emit-rules {key}",
    "scan --frobnicate={key}",
    "rotate {key} --no-deliver --yes",
    "rotate demo --no-deliver --group {key}",
    "rotate demo --no-deliver --grace {key}",
    "rotate demo --exec true --env {key}",
    "rotate demo --no-deliver --if-used-above {key}",
    "rotate demo --no-deliver --type {key}",
    "create {key} --type connector --group 'AWS us-east-1' --max-usage 1",
    "create 'x {key}' --type connector --group 'AWS us-east-1' --max-usage 1",
    "create x --type connector --group {key} --max-usage 1",
    "create x --type connector --group 'AWS us-east-1' --max-usage 1 --cert {key}",
    "create x --type {key} --group 'AWS us-east-1' --max-usage 1",
    "create x --type connector --group 'AWS us-east-1' --max-usage {key}",
    "create x --type connector --group 'AWS us-east-1' --max-usage 1 --ip-acl {key}",
    "list {key}",
    "list --group {key}",
    "list --type {key}",
    "list --status {key}",
    "list --sort {key}",
    "list --older-than {key}",
    "list --max-remaining {key}",
    "list --frobnicate={key}",
    "list --profile {key}",
    "list --customer-id {key}",
    "list --cloud {key}",
    "list --timeout {key}",
    "list --cacert {key}",
    "list --rate-limit {key}",
    "doctor --cacert {key}",
    "doctor --profile {key}",
    "list --client-secret-file {key}",
    "list --client-secret={secret}",
    "rotate demo --no-deliver --yes --terraform {key}",
    "status --tfstate {key}",
    "export {key} --to terraform",
    "export --to terraform --ignore {key}",
    "export --to terraform --references resource --tfstate {key}",
    "export --to {key}",
    "diff {key}",
    "diff demo --out-file {key}",
    "apply {key} --yes",
    "apply demo --allow {key}",
    "sandbox run -- {key}",
    "log",
    "log --key {key}",
    "log --since {key}",
    "log -n {key}",
];

const FORMATS: [&str; 9] =
    ["-o auto", "-o table", "-o wide", "-o json", "-o ndjson", "-o yaml", "-o csv", "-q", "--field name"];

const TALK: [&str; 2] = ["", "-vv"];

/// How often each command runs in each mode at most.
const LOOKS: usize = FORMATS.len() * TALK.len();

/// The look of an ordinary run of the tests: as much as can be said. All others are in the whole sweep.
const FEW_LOOKS: [&str; 1] = ["-o json -vv"];

/// Every format, quiet and talkative.
fn all_looks() -> Vec<String> {
    FORMATS.iter().flat_map(|format| TALK.iter().map(move |talk| format!("{format} {talk}"))).collect()
}

/// A way in which the API fails, as faults of the emulator.
struct Mode {
    name: String,
    faults: Value,
    /// Whether only calls that bring a key value meet it.
    at_a_key: bool,
}

/// All is well; each failure met by every request; each failure met only where a key value is on its way; and a
/// sign-in that is refused with the secrets quoted.
fn modes(key_text: &str, client_secret: &str) -> Vec<Mode> {
    let quoted = format!("nonce '{key_text}' of client \"{client_secret}\" is not known");
    let actions = [
        ("400", json!({"status": 400, "body": {"id": "invalid.resource.argument", "reason": "Invalid"}})),
        ("401", json!({"status": 401, "body": {"id": "access.denied", "reason": "Access denied"}})),
        ("429", json!({"status": 429, "headers": {"retry-after": "4s"}, "body": {"code": 429}})),
        ("500", json!({"status": 500, "body": quoted})),
        ("cut", json!({"cut_body": 400})),
        ("unreadable", json!("unreadable")),
        (
            "quoting",
            json!({"status": 400, "body": {"id": key_text, "reason": quoted, "params": [client_secret]}}),
        ),
    ];
    let mut modes = vec![Mode { name: "well".to_owned(), faults: json!([]), at_a_key: false }];
    for (name, action) in &actions {
        let faults = json!([{"contains": "/mgmtconfig/", "action": action}]);
        modes.push(Mode { name: format!("{name} everywhere"), faults, at_a_key: false });
        let faults = json!([
            {"contains": "/provisioningKey/", "action": action},
            {"method": "POST", "contains": "/mgmtconfig/", "action": action},
        ]);
        modes.push(Mode { name: format!("{name} at a key"), faults, at_a_key: true });
    }
    let action = json!({"status": 401, "body": {"error": client_secret, "error_description": quoted}});
    modes.push(Mode {
        name: "sign-in".to_owned(),
        faults: json!([{"contains": "/oauth2/", "action": action}]),
        at_a_key: false,
    });
    modes
}

/// A tenant with a key in each state that matters, and with so many to spare for deleting.
fn tenant(spare: usize) -> Tenant {
    let mut keys = vec![
        json!({"name": "demo", "maxUsage": 10, "usageCount": 3}),
        json!({"name": "edge", "association_type": "SERVICE_EDGE_GRP", "maxUsage": 9}),
        json!({"name": "sealed", "exportable": false}),
        json!({"id": "7001", "name": "carried", "usageCount": 1}),
        json!({"id": "7002", "name": "build", "maxUsage": 50, "usageCount": 12}),
        json!({"id": "7003", "name": "build.old-7003.202011231504", "maxUsage": 50, "usageCount": 47}),
        json!({"id": "7004", "name": "past", "maxUsage": 50, "usageCount": 12}),
        json!({
            "id": "7005", "name": "past.old-7005.202011231504", "enabled": false, "maxUsage": 47, "usageCount": 47,
        }),
    ];
    keys.extend((0..spare).map(|n| json!({"name": format!("spare-{n}")})));
    Tenant::seeded(json!({"keys": keys, "connectors": [{"name": "fra-01", "provisioningKeyId": "7001"}]}))
}

/// The text of the key `demo`.
fn key_text(tenant: &Tenant) -> String {
    let text = tenant.zpakey("reveal demo --yes --raw").run().code(0).stdout;
    assert!(text.contains(SECRET_MARKER), "the key value has no marker");
    text
}

/// Writes the text of the key `demo` where a command is to find it, and returns the path.
fn given(tenant: &Tenant) -> String {
    // It is the same in each of these tenants.
    static TEXT: LazyLock<String> = LazyLock::new(|| key_text(&self::tenant(0)));
    let path = tenant.home().work().join("given-key");
    fs::write(&path, TEXT.as_str()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Writes a Terraform state with the text of the key `demo`, and returns its path.
fn given_state(tenant: &Tenant) -> String {
    let value = fs::read_to_string(given(tenant)).unwrap();
    let attributes = json!({"id": "38101", "name": "demo", "association_type": "CONNECTOR_GRP", "provisioning_key": value});
    let state = json!({"version": 4, "outputs": {"key": {"value": value}}, "resources": [
        {"mode": "managed", "type": "zpa_provisioning_key", "name": "demo", "instances": [{"attributes": attributes}]},
    ]});
    let path = tenant.home().work().join("given-state");
    fs::write(&path, state.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Writes a file of keys that creates, updates, rotates and closes, and returns its path. Its delivery prints what it gets.
fn given_keys(tenant: &Tenant) -> String {
    let group = "AWS us-east-1";
    let keys = json!({
        "version": 1,
        "keys": [
            {"name": "made", "type": "connector", "group": group, "uses": 5},
            {"name": "demo", "type": "connector", "uses": {"keep": 50}},
            {"name": "carried", "type": "connector", "group": "CI us-east-1", "rotate": {"deliver": "loud"}},
            {"name": "build", "type": "connector", "rotate": {"every": "9999d", "deliver": "loud"}},
            {"name": "edge", "type": "service-edge", "uses": "closed"},
            {"name": "sealed", "type": "connector", "uses": 99},
        ],
        "deliver": {"loud": {"exec": ["sh", "-c", "tee /dev/stderr | base64"]}},
    });
    let path = tenant.home().work().join("given-keys.json");
    fs::write(&path, keys.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Writes an archive with the text of the key `demo`, in whose name and whose member's name the text is as well, and returns
/// its directory.
fn given_name(tenant: &Tenant) -> String {
    let value = fs::read_to_string(given(tenant)).unwrap();
    // The longest name that a file may have is shorter than the text.
    let name = value.replace('/', "A").chars().take(240).collect::<String>();
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(value.len() as u64);
    builder.append_data(&mut header, &name, value.as_bytes()).unwrap();
    let directory = tenant.home().work().join("given-names");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(format!("given-{name}")), builder.into_inner().unwrap()).unwrap();
    directory.to_str().unwrap().to_owned()
}

/// Adds options to a command line, before those of a program that it runs.
fn with_options(line: &str, options: &str) -> String {
    match line.split_once(" -- ") {
        Some((own, program)) => format!("{own} {options} -- {program}"),
        None => format!("{line} {options}"),
    }
}

/// What a sweep saw.
#[derive(Default)]
struct Seen {
    runs: usize,
    shown: usize,
    files: usize,
    tokens: usize,
    names: usize,
    budgets: usize,
    logs: usize,
    codes: BTreeMap<u8, usize>,
    leaks: Vec<String>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.shown += other.shown;
        self.files += other.files;
        self.tokens += other.tokens;
        self.names += other.names;
        self.budgets += other.budgets;
        self.logs += other.logs;
        for (code, count) in other.codes {
            *self.codes.entry(code).or_default() += count;
        }
        self.leaks.extend(other.leaks);
    }

    fn look(&mut self, searcher: &Searcher, written: &Written, shows: Shows, title: &str) {
        self.runs += 1;
        *self.codes.entry(written.code).or_default() += 1;
        if let Some(form) = searcher.find(&written.stderr) {
            self.leaks.push(format!("{title}: stderr, {form}"));
        }
        match searcher.find(&written.stdout) {
            Some(_) if shows == InAnswer => self.shown += 1,
            Some(form) => self.leaks.push(format!("{title}: stdout, {form}")),
            None => {}
        }
    }

    /// Searches every file below a directory, but for those whose name says that a secret belongs there.
    fn search_files(&mut self, searcher: &Searcher, directory: &Path, title: &str) {
        for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                self.search_files(searcher, &path, title);
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            // What a test put there, it does not find.
            if name.starts_with("given-") {
                continue;
            }
            let belongs = name.starts_with("asked-for-");
            let bytes = fs::read(&path).unwrap();
            match searcher.find(&bytes) {
                Some(_) if belongs => self.files += 1,
                Some(form) => self.leaks.push(format!("{title}: {}, {form}", path.display())),
                None => {
                    let is_in = |place: &str| path.parent().is_some_and(|parent| parent.ends_with(place));
                    self.tokens +=
                        usize::from(is_token_cache(&path) && holds_an_encrypted_token_only(&bytes));
                    self.names += usize::from(is_in("cache/zpakey/names"));
                    self.budgets += usize::from(is_in("state/zpakey/budget") && !bytes.is_empty());
                    self.logs += usize::from(path.ends_with("state/zpakey/log/log.jsonl"));
                }
            }
        }
    }
}

fn is_token_cache(path: &Path) -> bool {
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    mode == 0o600 && path.parent().is_some_and(|directory| directory.ends_with("state/zpakey/tokens"))
}

/// True if a file of the token cache has an encrypted token, when it ends, and nothing else.
fn holds_an_encrypted_token_only(bytes: &[u8]) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_slice(bytes) else { return false };
    let tokens = fields.get("tokens").and_then(Value::as_array);
    let is_sealed = |token: &Value| {
        token.as_object().is_some_and(|fields| fields.keys().eq(["sealed_token", "expires_at"]))
    };
    fields.keys().eq(["version", "tokens"]) && tokens.is_some_and(|tokens| tokens.iter().all(is_sealed))
}

/// Runs one command in every mode that it can meet.
fn every_mode(line: &str, shows: Shows, modes: &[Mode], looks: &[String]) -> Seen {
    let mut seen = Seen::default();
    let mut meets_keys = true;
    for mode in modes {
        if mode.at_a_key && !meets_keys {
            continue;
        }
        let tenant = tenant(if line.contains("spare") { LOOKS } else { 0 });
        tenant.set_faults(&mode.faults);
        seen.add(every_look(&tenant, line, shows, mode, looks));
        if mode.name == "well" {
            let is_met = |call: &String| call.contains("/provisioningKey/") || call.starts_with("POST ");
            meets_keys = tenant.calls().iter().any(is_met);
        }
    }
    seen
}

/// Runs one command with each look in one mode.
fn every_look(tenant: &Tenant, line: &str, shows: Shows, mode: &Mode, looks: &[String]) -> Seen {
    let searcher = Searcher::new(SECRET_MARKER);
    let mut seen = Seen::default();
    for (n, look) in looks.iter().enumerate() {
        let file = tenant.home().work().join(format!("asked-for-{n}"));
        let line = line.replace("{n}", &n.to_string()).replace("{file}", file.to_str().unwrap());
        let line = line.replace("{given}", &given(tenant)).replace("{state}", &given_state(tenant));
        let line = line.replace("{named}", &given_name(tenant)).replace("{keys}", &given_keys(tenant));
        let title = format!("{}: zpakey {line} {look}", mode.name);
        let written = run_here(tenant, &with_options(&line, &format!("{look} --max-wait 0s")));
        seen.look(&searcher, &written, shows, &title);
        if shows != InFile {
            assert!(!file.exists(), "{title}: a file that nobody asked for");
        }
    }
    seen.search_files(&searcher, tenant.home().path(), line);
    seen
}

/// Does the work of all items on some threads and adds up what they saw.
fn sweep<T: Sync>(items: &[T], work: impl Fn(&T) -> Seen + Sync) -> Seen {
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Seen::default());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let seen = work(item);
                    total.lock().unwrap().add(seen);
                }
            });
        }
    });
    total.into_inner().unwrap()
}

fn assert_no_leaks(seen: &Seen) {
    assert!(seen.leaks.is_empty(), "{} leaks\n{}", seen.leaks.len(), seen.leaks.join("\n"));
}

/// Runs every command in every mode with these looks.
fn sweep_all(looks: &[String]) -> Seen {
    let example = tenant(0);
    let text = key_text(&example);
    let modes = modes(&text, &example.access().client_secret);
    let seen = sweep(&ASKING, |(line, shows)| every_mode(line, *shows, &modes, looks));
    assert_no_leaks(&seen);
    let codes: Vec<u8> = seen.codes.keys().copied().collect();
    assert_eq!(codes, [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 127]);
    seen
}

// A sweep that stops exploring fails by the number of its runs, and one that would not see a secret by what it found where
// it belongs.

#[test]
fn no_command_leaks_a_secret_whatever_the_api_answers() {
    let seen = sweep_all(&FEW_LOOKS.map(str::to_owned));
    assert_eq!(seen.runs, 897);
    assert!(seen.shown >= 6 && seen.files >= 6, "{} shown, {} files", seen.shown, seen.files);
    assert!(seen.tokens >= 250, "{} tokens", seen.tokens);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn no_command_leaks_a_secret_in_any_format_whatever_the_api_answers() {
    let seen = sweep_all(&all_looks());
    assert_eq!(seen.runs, 16_146);
    assert!(seen.shown >= 74 && seen.files >= 36, "{} shown, {} files", seen.shown, seen.files);
    assert!(seen.tokens >= 250, "{} tokens", seen.tokens);
    assert!(seen.names >= 100, "{} files of names", seen.names);
    assert!(seen.budgets >= 300, "{} files of budgets", seen.budgets);
    assert!(seen.logs >= 40, "{} logs", seen.logs);
}

fn sweep_alone(looks: &[String]) -> Seen {
    let tenant = tenant(0);
    let text = key_text(&tenant);
    let secret = tenant.access().client_secret.clone();
    tenant.clear_requests();
    let searcher = Searcher::new(SECRET_MARKER);
    let mut seen = sweep(&ALONE, |template| {
        let line = template.replace("{key}", &text).replace("{secret}", &secret);
        let mut seen = Seen::default();
        for look in looks {
            let written = run_here(&tenant, &with_options(&line, &format!("{look} --max-wait 0s")));
            seen.look(&searcher, &written, Nowhere, &format!("zpakey {template} {look}"));
        }
        seen
    });
    seen.search_files(&searcher, tenant.home().path(), "files");
    assert_no_leaks(&seen);
    assert_eq!(tenant.calls(), [""; 0], "a wrong command line reached the API");
    seen
}

#[test]
fn no_command_without_a_request_leaks_and_no_wrong_command_line_is_quoted() {
    let seen = sweep_alone(&FEW_LOOKS.map(str::to_owned));
    assert_eq!(seen.runs, 103);
    assert_eq!(seen.codes, BTreeMap::from([(0, 20), (2, 80), (4, 2), (127, 1)]));
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn no_command_without_a_request_leaks_in_any_format() {
    let seen = sweep_alone(&all_looks());
    assert_eq!(seen.runs, 1_854);
    assert_eq!(seen.codes, BTreeMap::from([(0, 360), (2, 1_440), (4, 36), (127, 18)]));
}
