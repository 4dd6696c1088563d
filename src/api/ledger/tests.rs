use std::fs;
use std::future::Future;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;

const READ: Method = Method::Get;
const WRITE: Method = Method::Put;
const WINDOW: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(30);
/// When the tests begin. Unit: seconds since the Unix epoch.
const BEGUN: i64 = 1_700_000_000;

/// A clock that is set by hand: the time of day since [`BEGUN`], and what only goes forward.
#[derive(Default)]
struct Hand(Mutex<(SignedDuration, Duration)>);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(BEGUN).unwrap() + self.0.lock().unwrap().0
    }

    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap().1
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::ready(()))
    }
}

/// A directory, a clock, and processes that share: each is a ledger of its own.
struct Bench {
    home: tempfile::TempDir,
    clock: Hand,
}

impl Bench {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), clock: Hand::default() }
    }

    fn directory(&self) -> PathBuf {
        self.home.path().join("budget")
    }

    fn process(&self) -> Ledger {
        self.process_of("1", WINDOW)
    }

    fn process_of(&self, customer: &str, window: Duration) -> Ledger {
        let identity = ["https://api.example.net", customer];
        Ledger::new(PrivateDir::new(self.directory()), identity, window, TIMEOUT)
    }

    fn pass(&self, seconds: f64) {
        self.set_clock(seconds);
        self.clock.0.lock().unwrap().1 += Duration::from_secs_f64(seconds);
    }

    /// Changes the time of day, and nothing else.
    fn set_clock(&self, seconds: f64) {
        self.clock.0.lock().unwrap().0 += SignedDuration::from_secs_f64(seconds);
    }

    fn take(&self, ledger: &Ledger, method: Method, size: usize) -> Result<Ticket, Duration> {
        let mut took = ledger.take(method, size, &self.clock);
        // A program that another test is starting has this process's files, and so its lock, until it is executed.
        for _ in 0..500 {
            if took.as_ref().err() != Some(&Duration::from_millis(2)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
            took = ledger.take(method, size, &self.clock);
        }
        took
    }

    /// Sends a read and gets its answer at once.
    #[track_caller]
    fn read(&self, ledger: &Ledger, size: usize) {
        let ticket = self.take(ledger, READ, size).unwrap();
        ledger.note(ticket, &self.clock);
    }

    /// How long a read is told to wait.
    #[track_caller]
    fn told(&self, ledger: &Ledger, size: usize) -> Duration {
        self.take(ledger, READ, size).expect_err("there is a place")
    }

    fn file(&self) -> PathBuf {
        let name = PrivateDir::name_of(&["https://api.example.net", "1"]);
        self.directory().join(format!("{name}.json"))
    }

    fn page(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file()).unwrap()).unwrap()
    }

    fn write(&self, page: &Value) {
        PrivateDir::new(self.directory())
            .write(self.file().file_name().unwrap().to_str().unwrap(), page.to_string().as_bytes())
            .unwrap();
    }
}

/// A time in the file.
fn at(seconds: i64) -> i64 {
    (BEGUN + seconds) * 1_000_000
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds) + Duration::from_micros(1)
}

/// The number of a process that is gone.
fn gone() -> u32 {
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    child.id()
}

#[test]
fn a_place_that_one_process_took_is_free_for_all_a_window_after_its_answer() {
    let bench = Bench::new();
    let (one, other) = (bench.process(), bench.process());
    let ticket = bench.take(&one, READ, 2).unwrap();
    bench.pass(3.0);
    one.note(ticket, &bench.clock);
    bench.pass(1.0);
    bench.read(&other, 2);
    bench.pass(1.0);
    assert_eq!(bench.told(&one, 2), seconds(8.0));
    assert_eq!(bench.told(&other, 2), seconds(8.0));
    bench.pass(8.0);
    assert_eq!(bench.told(&other, 2), Duration::from_millis(1));
    bench.pass(0.001);
    bench.read(&other, 2);
    assert_eq!(bench.told(&one, 2), seconds(0.999));
}

#[test]
fn what_is_in_flight_elsewhere_keeps_its_place_for_a_whole_window_from_now_at_least() {
    let bench = Bench::new();
    let (one, other) = (bench.process(), bench.process());
    let ticket = bench.take(&one, READ, 1).unwrap();
    bench.pass(20.0);
    assert_eq!(bench.told(&other, 1), WINDOW);
    one.note(ticket, &bench.clock);
    assert_eq!(bench.told(&other, 1), seconds(10.0));
}

#[test]
fn reads_and_writes_customers_and_addresses_are_apart() {
    let bench = Bench::new();
    let one = bench.process();
    bench.read(&one, 1);
    bench.take(&one, WRITE, 1).unwrap();
    assert!(bench.take(&one, WRITE, 1).is_err());
    bench.read(&bench.process_of("2", WINDOW), 1);
    let elsewhere = ["https://api.example.org", "1"];
    let elsewhere = Ledger::new(PrivateDir::new(bench.directory()), elsewhere, WINDOW, TIMEOUT);
    bench.read(&elsewhere, 1);
    bench.told(&bench.process(), 1);
    assert_eq!(fs::read_dir(bench.directory()).unwrap().count(), 3);
}

#[test]
fn each_process_applies_its_own_limits_to_all() {
    let bench = Bench::new();
    let large = bench.process();
    for _ in 0..4 {
        bench.read(&large, 4);
        bench.pass(1.0);
    }
    // Two of a budget of two: three of the four have to be over. They were answered at 0, 1, 2 and 3; it is 4.
    assert_eq!(bench.told(&bench.process(), 2), seconds(8.0));
    // In a window of two seconds, one of them counts.
    let hasty = bench.process_of("1", Duration::from_secs(2));
    assert_eq!(bench.told(&hasty, 1), seconds(1.0));
}

#[test]
fn a_request_of_a_process_that_is_gone_counts_as_answered_when_that_is_seen() {
    let bench = Bench::new();
    bench.write(&json!({"version": 1, "reads": [{"id": 7, "pid": gone(), "at": at(-20)}], "writes": []}));
    let process = bench.process();
    assert_eq!(bench.told(&process, 1), WINDOW);
    bench.pass(4.0);
    assert_eq!(bench.told(&bench.process(), 1), Duration::from_secs(6));
    bench.pass(6.0);
    bench.read(&process, 1);
}

#[test]
fn a_request_that_takes_longer_than_any_does_counts_as_answered_at_that_time() {
    let bench = Bench::new();
    // The number of a process that is there.
    let entry = json!({"id": 7, "pid": std::process::id(), "at": at(-33)});
    bench.write(&json!({"version": 1, "reads": [entry], "writes": []}));
    assert_eq!(bench.told(&bench.process(), 1), Duration::from_secs(7));
    bench.pass(7.0);
    bench.read(&bench.process(), 1);
}

#[test]
fn an_answer_that_comes_later_still_is_noted() {
    let bench = Bench::new();
    let (one, other) = (bench.process(), bench.process());
    let ticket = bench.take(&one, READ, 1).unwrap();
    bench.pass(50.0);
    bench.read(&other, 1);
    bench.pass(5.0);
    one.note(ticket, &bench.clock);
    // Of two entries for a budget of one, the later must be over.
    assert_eq!(bench.told(&other, 1), seconds(10.0));
}

#[test]
fn a_clock_that_was_set_back_costs_a_window_at_most() {
    let bench = Bench::new();
    let process = bench.process();
    bench.read(&process, 2);
    bench.take(&process, READ, 2).unwrap();
    bench.set_clock(-3600.0);
    assert_eq!(bench.told(&process, 2), seconds(10.0));
    bench.pass(10.1);
    bench.read(&process, 2);
    // The request in flight began "just now", so its time is over as for any other.
    bench.pass(20.0);
    assert_eq!(bench.told(&process, 1), seconds(9.9));
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_holds_times_and_numbers_of_processes() {
    let bench = Bench::new();
    let process = bench.process();
    let ticket = bench.take(&process, READ, 5).unwrap();
    bench.pass(1.0);
    process.note(ticket, &bench.clock);
    bench.take(&process, WRITE, 5).unwrap();
    let mut page = bench.page();
    for lane in ["reads", "writes"] {
        assert!(page[lane][0].as_object_mut().unwrap().remove("id").unwrap().is_u64());
    }
    let pid = std::process::id();
    let expected = json!({"version": 1, "reads": [{"at": at(1) + 1}], "writes": [{"pid": pid, "at": at(1)}]});
    assert_eq!(page, expected);
    assert_eq!(fs::metadata(bench.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_is_not_of_its_form_counts_as_empty_and_is_replaced() {
    let bench = Bench::new();
    let process = bench.process();
    bench.read(&process, 1);
    bench.told(&process, 1);
    let good = fs::read_to_string(bench.file()).unwrap();
    for bad in [
        String::new(),
        good[..good.len() / 2].to_owned(),
        format!("{good}{good}"),
        good.replace("\"version\":1", "\"version\":2"),
        good.replace("\"at\":", "\"at\":-"),
        good.replace("\"at\":", "\"at\":1e300,\"x\":"),
        "\u{0}\u{1}\u{2}".to_owned(),
        json!({"version": 1, "reads": [{"id": 1, "at": i64::MIN}], "writes": []}).to_string(),
        json!({"version": 1, "reads": [{"id": 1, "pid": 0, "at": at(-10)}], "writes": []})
            .to_string()
            .replace(&at(-10).to_string(), &i64::MIN.to_string()),
    ] {
        fs::write(bench.file(), &bad).unwrap();
        bench.read(&process, 1);
        assert_eq!(bench.page()["reads"].as_array().unwrap().len(), 1, "{bad}");
        bench.told(&process, 1);
    }
}

#[test]
fn a_lane_does_not_grow_without_end() {
    let bench = Bench::new();
    let reads: Vec<Value> = (0..5000).map(|id| json!({"id": id, "at": at(-1)})).collect();
    bench.write(&json!({"version": 1, "reads": reads, "writes": []}));
    bench.read(&bench.process(), 10_000);
    assert_eq!(bench.page()["reads"].as_array().unwrap().len(), 1000);
}

#[test]
fn a_file_that_another_process_never_gives_back_is_done_without() {
    let bench = Bench::new();
    let process = bench.process();
    bench.read(&process, 1);
    let held = fs::File::open(bench.file()).unwrap();
    held.lock().unwrap();
    assert_eq!(bench.told(&process, 1), Duration::from_millis(2));
    bench.pass(1.999);
    assert_eq!(bench.told(&process, 1), Duration::from_millis(2));
    bench.pass(0.001);
    let ticket = bench.take(&process, READ, 1).unwrap();
    // From then on no one waits for it any more,
    let second = bench.take(&process, READ, 1).unwrap();
    process.note(ticket, &bench.clock);
    process.note(second, &bench.clock);
    drop(held);
    // and what went without it is noted as soon as it can be.
    assert_eq!(bench.told(&process, 1), seconds(10.0));
    assert_eq!(bench.page()["reads"].as_array().unwrap().len(), 3);
}

#[test]
fn an_answer_that_comes_while_another_process_has_the_file_is_noted_later() {
    let bench = Bench::new();
    let process = bench.process();
    let ticket = bench.take(&process, READ, 1).unwrap();
    let held = fs::File::open(bench.file()).unwrap();
    held.lock().unwrap();
    process.note(ticket, &bench.clock);
    drop(held);
    bench.pass(4.0);
    assert_eq!(bench.told(&process, 1), seconds(6.0));
}

#[test]
fn a_request_given_back_while_another_process_has_the_file_takes_no_place() {
    let bench = Bench::new();
    let process = bench.process();
    let ticket = bench.take(&process, READ, 1).unwrap();
    let held = fs::File::open(bench.file()).unwrap();
    held.lock().unwrap();
    process.give_back(ticket, &bench.clock);
    drop(held);
    bench.take(&process, READ, 1).unwrap();
}

#[cfg(unix)]
#[test]
fn where_no_file_can_be_there_is_always_a_place() {
    let bench = Bench::new();
    fs::write(bench.directory(), "a file where a directory should be").unwrap();
    let process = bench.process();
    for _ in 0..3 {
        bench.read(&process, 1);
    }
    fs::remove_file(bench.directory()).unwrap();
    fs::create_dir(bench.directory()).unwrap();
    fs::set_permissions(bench.directory(), fs::Permissions::from_mode(0o777)).unwrap();
    for _ in 0..3 {
        bench.read(&process, 1);
    }
    fs::set_permissions(bench.directory(), fs::Permissions::from_mode(0o700)).unwrap();
    for file_mode in [0o644, 0o620] {
        fs::write(bench.file(), "").unwrap();
        fs::set_permissions(bench.file(), fs::Permissions::from_mode(file_mode)).unwrap();
        bench.read(&process, 1);
        bench.read(&process, 1);
        assert_eq!(fs::read_to_string(bench.file()).unwrap(), "");
    }
}
