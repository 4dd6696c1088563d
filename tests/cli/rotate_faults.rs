//! The proof of rotation with the program itself, over real HTTP: each request of a run, times each fault, times
//! SIGKILL before, after and while it has its effect. The same command is run again until it is done, and once more.
//!
//! After each run the invariants of a rotation are held against all that was seen of the tenant and the destination,
//! looked at again and again while it lasts. Most faults come twice: once the client may wait and try again, and once it gives
//! up at the first failure, which is what a long outage comes to.
//!
//! The whole tables take minutes: they are ignored, and `.ci/run` runs them. An ordinary run of the tests plays every sixth
//! case of each row, at other requests in each row.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

mod bad;
mod history;
mod invariants;
mod scene;

use serde_json::{Value, json};
use snapbox::str;

use self::scene::{
    Blow, COMPROMISED, Case, DISABLE_FIRST, HOOK, Played, ROLLBACK, ROTATE, STOP, Scene, begin, play_all,
};
use crate::support::assert_is;

/// The client gives up at the first failure.
const GIVES_UP: &str = "--max-wait 0s";
/// The client waits and tries again.
const WAITS: &str = "--max-wait 20s";
/// The client gives up after a silence of 2 s.
const IMPATIENT: &str = "--max-wait 0s --timeout 2s";

/// The number of the request that makes the key.
const CREATION: usize = 5;

/// Longer than any run.
const FOR_EVER: u64 = 600_000;

/// The faults: what they are called, what the emulator does, and the options of the run that they meet.
fn faults() -> Vec<(&'static str, Value, &'static str)> {
    let status = |status: u16, after: bool| json!({"status": status, "body": {"id": "x"}, "after": after});
    let both = [
        ("request lost", json!("reset_before")),
        ("answer lost", json!("reset_after")),
        ("500 before", status(500, false)),
        ("500 after", status(500, true)),
        ("429 with retry-after", json!({"status": 429, "headers": {"retry-after": "1"}})),
        ("answer cut", json!({"cut_body": 20})),
        ("answer unreadable", json!("unreadable")),
        ("applied late", json!({"apply_late": 150})),
    ];
    let once = [
        ("connections refused", json!({"refuse": 1500}), GIVES_UP),
        ("connections refused for a moment", json!({"refuse": 60}), WAITS),
        ("silence before", json!({"hang_before": FOR_EVER}), IMPATIENT),
        ("silence after", json!({"hang_after": FOR_EVER}), IMPATIENT),
        ("answer empty", json!("empty"), GIVES_UP),
        ("refused", status(403, false), GIVES_UP),
        ("list empty", json!("page_missing"), GIVES_UP),
        ("token expired", json!("token_expired"), WAITS),
        ("read stale", json!("stale_read"), WAITS),
        ("clock a day ahead", json!({"clock_off": 86_400}), WAITS),
        ("answer slow", json!({"drip": 1}), WAITS),
    ];
    let both =
        both.into_iter().flat_map(|(name, action)| [(name, action.clone(), GIVES_UP), (name, action, WAITS)]);
    both.chain(once).collect()
}

/// One case for each request of a scene.
fn each_request(scene: Scene, blow: &Blow, options: &'static str) -> Vec<Case> {
    let is_late =
        matches!(blow, Blow::Fault(action) | Blow::Kill(action) if action.get("apply_late").is_some());
    let case = |request| Case {
        scene,
        blow: blow.clone(),
        request,
        options,
        quirks: &[],
        // A creation that is lost may be carried out when its run has given it up.
        stragglers: usize::from(is_late),
        enrols: request % 2 == 1,
    };
    (1..=scene.requests).map(case).collect()
}

/// A row of a table: what it is called, and its cases.
struct Row {
    name: String,
    cases: Vec<Case>,
    /// Whether the codes are always the same; they are not where it matters who is faster.
    is_steady: bool,
}

fn row(name: &str, scene: Scene, blow: &Blow, options: &'static str) -> Row {
    let is_late = matches!(blow, Blow::Kill(action) if action.get("apply_late").is_some());
    let name = format!("{name}, {}", title(options));
    Row { name, cases: each_request(scene, blow, options), is_steady: !is_late }
}

fn title(options: &str) -> &str {
    match options {
        GIVES_UP => "gives up",
        IMPATIENT => "gives up in time",
        _ => "waits",
    }
}

/// Plays the rows of a table. Returns how many cases that were, and a line for each row: the exit codes of the runs
/// that were met, and how many runs it took after them.
fn table(rows: Vec<Row>) -> (usize, String) {
    let cases: Vec<Case> = rows.iter().flat_map(|row| row.cases.clone()).collect();
    let mut played = play_all(&cases).into_iter();
    let mut lines = String::new();
    let mut problems = Vec::new();
    for Row { name, cases, is_steady } in rows {
        let row: Vec<Played> = played.by_ref().take(cases.len()).collect();
        let codes: Vec<String> = row.iter().map(|one| format!("{:>3}", one.code)).collect();
        let more: Vec<String> = row.iter().map(|one| one.more.to_string()).collect();
        let told = if is_steady { format!("{}  {}", codes.join(" "), more.concat()) } else { String::new() };
        lines.push_str(format!("{name:41}{told}").trim_end());
        lines.push('\n');
        problems.extend(row.into_iter().filter_map(|one| one.problem));
    }
    let count = problems.len();
    problems.truncate(3);
    assert!(problems.is_empty(), "{count} of {} cases:\n{}\n{lines}", cases.len(), problems.join("\n"));
    (cases.len(), lines)
}

/// How many cases of a row there are for one that an ordinary run of the tests plays.
const THINNING: usize = 6;

/// Leaves every sixth case of each row, beginning one later in each row; short rows stay whole.
fn thinned(rows: Vec<Row>) -> Vec<Row> {
    let thin = |(number, row): (usize, Row)| {
        let is_short = row.cases.len() <= THINNING;
        let is_kept = |at: usize| is_short || (at + number).is_multiple_of(THINNING);
        let cases = row.cases.into_iter().enumerate().filter(|(at, _)| is_kept(*at));
        Row { cases: cases.map(|(_, case)| case).collect(), ..row }
    };
    rows.into_iter().enumerate().map(thin).collect()
}

/// What is sent where nothing goes wrong.
fn calls(line: &str) -> Vec<String> {
    let tenant = begin(&ROTATE, &[]);
    tenant.clear_requests();
    tenant.zpakey(format!("{line} --settle 30ms --yes")).run().code(0);
    assert_eq!(tenant.requests()[0].path, "/oauth2/v1/token");
    let keys = "v1/associationType/CONNECTOR_GRP/provisioningKey";
    tenant.calls().iter().map(|call| call.replace(keys, "KEYS")).collect()
}

#[test]
fn these_are_the_calls_of_a_run_that_are_met_one_after_the_other() {
    let mut calls = calls(ROTATE.line);
    // These two are sent together.
    calls[1..3].sort();
    assert_eq!(
        calls,
        [
            "GET KEYS",
            "GET v1/appConnectorGroup/72058304855047746",
            "GET v1/enrollmentCert/16560",
            "POST KEYS",
            "GET KEYS",
            "GET KEYS",
            "GET KEYS",
            "GET KEYS/38101",
            "GET KEYS/38104",
            "GET KEYS/38101",
            "PUT KEYS/38101",
            "GET KEYS/38101",
            "GET KEYS/38104",
            "PUT KEYS/38104",
            "GET KEYS/38104",
            "GET KEYS",
        ]
    );
}

#[test]
fn it_takes_at_most_seventeen_calls_with_a_type_and_eighteen_without() {
    // The name alone is ambiguous here.
    let counts = [ROTATE.line, "rotate id:38101 --out-file key"].map(|line| calls(line).len());
    assert_eq!(counts, [16, 18]);
}

#[test]
fn each_request_of_a_run_is_met() {
    for scene in [ROTATE, HOOK, STOP, COMPROMISED, DISABLE_FIRST, ROLLBACK] {
        let tenant = begin(&scene, &[]);
        tenant.clear_requests();
        tenant.zpakey(format!("{} --settle 30ms --yes", scene.line)).run().code(0);
        assert_eq!(tenant.requests().len() as u64, scene.requests, "{}", scene.line);
    }
}

fn faults_of_a_rotation() -> Vec<Row> {
    let rows = faults().into_iter();
    rows.map(|(name, action, options)| row(name, ROTATE, &Blow::Fault(action), options)).collect()
}

#[test]
fn each_fault_is_survived() {
    let (cases, _) = table(thinned(faults_of_a_rotation()));
    // Every sixth of 17, from another one on in each row: 3, or 2 where the first is the sixth.
    assert_eq!(cases, 27 * 3 - 5);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn each_fault_at_each_request_is_survived() {
    let (cases, lines) = table(faults_of_a_rotation());
    assert_eq!(cases, 27 * 17);
    assert_is(
        &format!("\n{lines}"),
        str![[r#"

request lost, gives up                    10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
request lost, waits                        0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
answer lost, gives up                     10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
answer lost, waits                         0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
500 before, gives up                       9   5   5   5   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
500 before, waits                          0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
500 after, gives up                        9   5   5   5   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
500 after, waits                           0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
429 with retry-after, gives up             9   9   9   9   9   6   6   6   6   6   6   6   6   6   6   6   6  11111111111111111
429 with retry-after, waits                0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
answer cut, gives up                      10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
answer cut, waits                          0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
answer unreadable, gives up                5   5   5   5   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
answer unreadable, waits                   5   5   5   5   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
applied late, gives up                    10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
applied late, waits                        0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
connections refused, gives up             10  10  10  10   6   6   6   6   6   6   6   6   6   6   6   6   6  11111111111111111
connections refused for a moment, waits    0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
silence before, gives up in time          10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
silence after, gives up in time           10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
answer empty, gives up                     5   5   5   5   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
refused, gives up                          3   3   0   0   3   6   6   6   6   6   6   6   6   6   6   6   6  11001111111111111
list empty, gives up                       0   6   0   0   0   6   6   6   0   0   0   0   0   0   0   0   6  01000111000000001
token expired, waits                       0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
read stale, waits                          0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
clock a day ahead, waits                   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000
answer slow, waits                         0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0  00000000000000000

"#]],
    );
}

fn killed_before() -> Blow {
    Blow::Kill(json!({"hang_before": FOR_EVER}))
}

fn killed_after() -> Blow {
    Blow::Kill(json!({"hang_after": FOR_EVER}))
}

fn answer_lost() -> Blow {
    Blow::Fault(json!("reset_after"))
}

fn request_lost() -> Blow {
    Blow::Fault(json!("reset_before"))
}

fn kills_of_a_rotation() -> Vec<Row> {
    vec![
        row("killed before", ROTATE, &killed_before(), WAITS),
        row("killed after", ROTATE, &killed_after(), WAITS),
        row("killed, applied late", ROTATE, &Blow::Kill(json!({"apply_late": 120})), WAITS),
    ]
}

#[test]
fn a_kill_is_survived() {
    let (cases, _) = table(thinned(kills_of_a_rotation()));
    assert_eq!(cases, 3 * 3 - 1);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn a_kill_before_during_and_after_each_request_is_survived() {
    let (cases, lines) = table(kills_of_a_rotation());
    assert_eq!(cases, 3 * 17);
    assert_is(
        &format!("\n{lines}"),
        str![[r#"

killed before, waits                     137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  11111111111111111
killed after, waits                      137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  11111111111111111
killed, applied late, waits

"#]],
    );
}

fn hooks_that_are_met() -> Vec<Row> {
    let mut rows = vec![
        row("request lost", HOOK, &request_lost(), GIVES_UP),
        row("answer lost", HOOK, &answer_lost(), GIVES_UP),
        row("killed before", HOOK, &killed_before(), WAITS),
        row("killed after", HOOK, &killed_after(), WAITS),
    ];
    let scripts = [
        ("killed before the hook took it", "kill -9 $PPID; exit 0", ""),
        ("killed after the hook took it", "take; kill -9 $PPID", ""),
        ("the hook fails before", "exit 3", ""),
        ("the hook fails after", "take; exit 3", ""),
        ("the hook hangs before", "exec sleep 60", "--exec-timeout 3s"),
        ("the hook hangs after", "take; exec sleep 60", "--exec-timeout 3s"),
    ];
    rows.extend(scripts.map(|(name, script, options)| {
        let blow = Blow::Hook(script);
        let case = Case { scene: HOOK, blow, request: 0, options, quirks: &[], stragglers: 0, enrols: true };
        Row { name: name.to_owned(), cases: vec![case], is_steady: true }
    }));
    rows
}

#[test]
fn a_hook_that_is_met_is_handed_the_same_key_again() {
    let (cases, _) = table(thinned(hooks_that_are_met()));
    assert_eq!(cases, 4 * 3 - 1 + 6);
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn a_hook_that_is_met_by_faults_and_kills_is_handed_the_same_key_again() {
    let (cases, lines) = table(hooks_that_are_met());
    assert_eq!(cases, 4 * 17 + 6);
    assert_is(
        &format!("\n{lines}"),
        str![[r#"

request lost, gives up                    10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
answer lost, gives up                     10  10  10  10   0   6   6   6   6   6   6   0   6   6   0   6   6  11110111111011011
killed before, waits                     137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  11111111111111111
killed after, waits                      137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  11111111111111111
killed before the hook took it           137  1
killed after the hook took it            137  1
the hook fails before                      6  1
the hook fails after                       6  1
the hook hangs before                      6  1
the hook hangs after                       6  1

"#]],
    );
}

fn rollbacks_and_leaks() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, scene) in [
        ("leak", COMPROMISED),
        ("disable first", DISABLE_FIRST),
        ("retire now", STOP),
        ("rollback", ROLLBACK),
    ] {
        rows.push(row(&format!("{name}: answer lost"), scene, &answer_lost(), GIVES_UP));
        // What is so after a request is so before the next, too.
        rows.push(row(&format!("{name}: killed before"), scene, &killed_before(), WAITS));
    }
    rows
}

#[test]
fn a_rollback_and_a_leak_are_finished() {
    let (cases, _) = table(thinned(rollbacks_and_leaks()));
    assert!(cases >= 24, "{cases} cases");
}

#[test]
#[ignore = "minutes: `.ci/run` runs it"]
fn a_rollback_and_a_leak_are_finished_whatever_meets_them() {
    let (cases, lines) = table(rollbacks_and_leaks());
    assert_eq!(cases, 2 * (19 + 22 + 18 + 16));
    assert_is(
        &format!("\n{lines}"),
        str![[r#"

leak: answer lost, gives up               10  10  10  10   0   6   6   6   6   6   6   6   0   6   6   0   6   6   0  1111011111110110110
leak: killed before, waits               137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  1111111111111111111
disable first: answer lost, gives up      10  10  10  10  10   0   6   0   6   6   6   6   6   6   6   0   6   6   0   6   6   0  1111101011111110110110
disable first: killed before, waits      137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  1111111111111111111111
retire now: answer lost, gives up         10  10  10  10   0   6   6   6   6   6   6   6   0   6   6   0   6   6  111101111111011011
retire now: killed before, waits         137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  111111111111111111
rollback: answer lost, gives up           10  10  10  10   0   6   6   0   6   6   6   6   0   6   6   6  1111011011110111
rollback: killed before, waits           137 137 137 137 137 137 137 137 137 137 137 137 137 137 137 137  1111111111111111

"#]],
    );
}

#[test]
fn a_creation_that_goes_wrong_is_survived_whatever_the_api_is_like() {
    let worlds: [(&str, &'static [&'static str]); 3] = [
        ("free names", &["names=free"]),
        ("free names, lists lag", &["names=free", "list-lag=2"]),
        ("unique names, lists lag", &["list-lag=2"]),
    ];
    let blows = [
        request_lost(),
        answer_lost(),
        Blow::Fault(json!({"apply_late": 20})),
        Blow::Fault(json!({"apply_late": 300})),
        killed_before(),
        killed_after(),
    ];
    let rows = worlds.map(|(name, quirks)| {
        let cases = blows.clone().map(|blow| {
            let creation = each_request(ROTATE, &blow, GIVES_UP).remove(CREATION - 1);
            Case { quirks, ..creation }
        });
        Row { name: name.to_owned(), cases: cases.into(), is_steady: false }
    });
    let (cases, _) = table(rows.into());
    assert_eq!(cases, 18);
}
