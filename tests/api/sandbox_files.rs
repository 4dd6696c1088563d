//! The emulator's lasting tenant.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use zpakey::sandbox::{Contents, Options, SECRET_MARKER, Sandbox, SandboxError, Storage, reset};

use super::sandbox::{KEYS, Rig, key, new_key};

struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> std::io::Result<Self> {
        TempDir::new().map(|directory| Self { directory })
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("state").join("tenant.json")
    }

    fn options(&self) -> Options {
        Options { storage: Storage::File(self.path()), ..Options::default() }
    }
}

#[track_caller]
#[cfg(unix)]
fn assert_mode(path: &Path, expected: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode() & 0o777), expected);
}

/// Windows has no modes.
#[cfg(not(unix))]
fn assert_mode(_: &Path, _: u32) {}

#[tokio::test]
async fn a_tenant_outlives_its_sandbox_for_its_owner_alone() {
    let place = Place::new().unwrap();
    let rig = Rig::start(place.options()).await;
    let made = rig.make("prod-ams-01").await;
    rig.sandbox.stop().await;
    assert_mode(&place.path(), 0o600);
    assert_mode(place.path().parent().unwrap(), 0o700);

    let again = Rig::start(place.options()).await;
    let shown = again.get(&key(&made["id"])).await.json();
    assert_eq!(shown["provisioningKey"], made["provisioningKey"]);
}

#[tokio::test]
async fn a_token_outlives_its_sandbox() {
    let place = Place::new().unwrap();
    let first = Rig::start(place.options()).await;
    let token = first.token.clone();
    first.sandbox.stop().await;
    let second = Rig { token, ..Rig::start(place.options()).await };
    assert_eq!(second.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn the_file_holds_no_secret() {
    let place = Place::new().unwrap();
    let rig = Rig::start(place.options()).await;
    rig.make("prod-ams-01").await;
    let text = fs::read_to_string(place.path()).unwrap();
    assert!(text.contains("prod-ams-01"));
    assert!(!text.contains(SECRET_MARKER));
    assert!(!text.contains("provisioningKey\""));
    assert!(!rig.sandbox.tenant().to_string().contains(SECRET_MARKER));
}

#[tokio::test]
async fn two_sandboxes_on_one_file_lose_nothing() {
    let place = Place::new().unwrap();
    let one = Rig::start(place.options()).await;
    let two = Rig::start(place.options()).await;
    for number in 0..10 {
        let (left, right) = (format!("left-{number}"), format!("right-{number}"));
        tokio::join!(one.make(&left), two.make(&right));
    }
    for rig in [&one, &two] {
        let page = rig.get(&format!("{KEYS}?pagesize=500")).await.json();
        assert_eq!(page["totalCount"], "20");
        let mut ids: Vec<_> =
            page["list"].as_array().unwrap().iter().map(|key| key["id"].to_string()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 20, "no id was given twice");
    }
}

#[tokio::test]
async fn a_write_leaves_a_whole_file_and_nothing_else_behind() {
    let place = Place::new().unwrap();
    let rig = Rig::start(place.options()).await;
    let before = fs::File::open(place.path()).unwrap();
    rig.make("prod-ams-01").await;
    // A reader that had the file open before still reads the whole old one: the new one took its name.
    let old: Value = serde_json::from_reader(before).unwrap();
    assert_eq!(old["keys"], json!([]));
    let mut names: Vec<_> = fs::read_dir(place.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["tenant.json", "tenant.json.lock"]);
}

/// How many writes are done by processes that are killed.
const WRITES: u64 = 200;

/// Goes on with the writes where the one before was killed; the tenant is in the working directory.
#[tokio::test]
#[ignore = "it is killed; the test below runs it in processes of its own"]
async fn a_writer_that_is_killed() {
    let options = Options { storage: Storage::File("tenant.json".into()), ..Options::default() };
    let rig = Rig::start(options).await;
    if rig.get(KEYS).await.json()["totalCount"] == "0" {
        rig.make("counter").await;
        rig.put(&format!("{KEYS}/38101"), &json!({"maxUsage": 1})).await;
    }
    let done = rig.get(&format!("{KEYS}/38101")).await.json()["maxUsage"].as_str().unwrap().to_owned();
    let mut begun = fs::OpenOptions::new().create(true).append(true).open("begun").unwrap();
    for number in done.parse::<u64>().unwrap() + 1..=WRITES {
        // In one piece, so that a kill leaves all of it or nothing.
        begun.write_all(format!("{number}\n").as_bytes()).unwrap();
        let answer = rig.put(&format!("{KEYS}/38101"), &json!({"maxUsage": number})).await;
        assert_eq!(answer.status, 204);
    }
}

#[tokio::test]
async fn a_sandbox_that_is_killed_while_writing_leaves_the_tenant_before_or_after_the_write() {
    let place = TempDir::new().unwrap();
    let (path, begun) = (place.path().join("tenant.json"), place.path().join("begun"));
    let number = || {
        let text = fs::read_to_string(&begun).unwrap_or_default();
        text.lines().last().map_or(0, |line| line.parse::<u64>().unwrap())
    };
    let mut kills = 0;
    loop {
        let before = number();
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "sandbox_files::a_writer_that_is_killed"])
            .current_dir(place.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while number() <= before && writer.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // Each time at another moment.
        tokio::time::sleep(Duration::from_micros(kills * 1_700 % 9_000)).await;
        let has_ended = writer.try_wait().unwrap().is_some();
        writer.kill().unwrap();
        writer.wait().unwrap();

        let state: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(state["keys"].as_array().map(Vec::len), Some(1));
        assert_mode(&path, 0o600);
        let written = state["keys"][0]["maxUsage"].as_str().unwrap().parse::<u64>().unwrap();
        assert!((number().saturating_sub(1)..=number()).contains(&written), "{written} of {}", number());
        if has_ended || written == WRITES {
            break;
        }
        kills += 1;
    }
    assert_eq!(number(), WRITES);
    assert!(kills >= 5, "killed {kills} times");
}

#[tokio::test]
async fn what_a_seed_took_away_stays_away() {
    let place = Place::new().unwrap();
    let seed = json!({"keys": [{"name": "old", "modifiedTime": null, "restrictionType": "1"}]});
    let options = Options { contents: Contents::Seed(seed), ..place.options() };
    let before = Rig::start(options).await.get(KEYS).await.text;
    let after = Rig::start(place.options()).await.get(KEYS).await.text;
    assert_eq!(after, before);
    assert!(!after.contains("modifiedTime"));
    assert!(after.contains("\"restrictionType\":\"1\""));
}

#[tokio::test]
async fn the_quirks_of_a_seed_stay_with_its_tenant() {
    let place = Place::new().unwrap();
    let contents = Contents::Seed(json!({"quirks": {"not-found": "404"}}));
    let missing = format!("{KEYS}/1");
    for options in [Options { contents, ..place.options() }, place.options()] {
        assert_eq!(Rig::start(options).await.get(&missing).await.status, 404);
    }
    // A file of before there were any.
    let mut state: Value = serde_json::from_str(&fs::read_to_string(place.path()).unwrap()).unwrap();
    state.as_object_mut().unwrap().shift_remove("quirks");
    fs::write(place.path(), state.to_string()).unwrap();
    assert_eq!(Rig::start(place.options()).await.get(&missing).await.status, 400);
}

#[tokio::test]
async fn a_refused_write_does_not_touch_the_file() {
    let place = Place::new().unwrap();
    let rig = Rig::start(place.options()).await;
    let before = fs::read(place.path()).unwrap();
    assert_eq!(rig.post(KEYS, &json!({"name": "a"})).await.status, 400);
    assert_eq!(fs::read(place.path()).unwrap(), before);
}

#[tokio::test]
async fn a_file_that_is_not_understood_is_refused_and_kept() {
    let place = Place::new().unwrap();
    fs::create_dir(place.path().parent().unwrap()).unwrap();
    for (text, reason) in [
        ("{\"version\":", "not JSON"),
        ("{\"version\": 2}", "version 2"),
        ("{}", "no version"),
        ("{\"version\": 1, \"customer_id\": \"1\"}", "`next_key_id` is not a number"),
    ] {
        fs::write(place.path(), text).unwrap();
        let error = Sandbox::start(place.options()).await.unwrap_err();
        assert!(matches!(error, SandboxError::State { .. }));
        let message = error.to_string();
        assert!(message.contains(reason), "{message}");
        assert!(message.contains(place.path().to_str().unwrap()), "{message}");
        assert!(message.contains("zpakey sandbox reset"), "{message}");
        assert_eq!(fs::read_to_string(place.path()).unwrap(), text);
    }
}

#[tokio::test]
async fn a_file_that_breaks_while_the_sandbox_runs_is_kept_too() {
    let place = Place::new().unwrap();
    let rig = Rig::start(place.options()).await;
    fs::write(place.path(), "broken").unwrap();
    assert_eq!(rig.get(KEYS).await.status, 424);
    assert_eq!(rig.post(KEYS, &new_key("a")).await.status, 424);
    assert_eq!(fs::read_to_string(place.path()).unwrap(), "broken");
}

#[tokio::test]
async fn a_reset_starts_the_tenant_anew_also_under_a_running_sandbox() {
    let place = Place::new().unwrap();
    reset(&place.path()).unwrap();
    let rig = Rig::start(place.options()).await;
    rig.make("prod-ams-01").await;
    reset(&place.path()).unwrap();
    assert!(!place.path().exists());
    reset(&place.path()).unwrap();
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "0");
    rig.make("prod-ams-01").await;
    assert!(place.path().exists());
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_bad_seed_are_named() {
    let rig = Rig::standard().await;
    let port = rig.sandbox.access().api_url.rsplit_once(':').unwrap().1.parse().unwrap();
    let error = Sandbox::start(Options { port, ..Options::default() }).await.unwrap_err();
    assert!(error.to_string().contains(&port.to_string()));

    let contents = Contents::Seed(json!({"kyes": []}));
    let error = Sandbox::start(Options { contents, ..Options::default() }).await.unwrap_err();
    assert!(error.to_string().contains("`kyes`"), "{error}");
}
