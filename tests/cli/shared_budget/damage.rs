//! What is wrong with the file, and that it costs the sharing only.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    time::{Duration, Instant},
};

use super::{GET, file, lenient, limited};
use crate::support::Tenant;

/// Runs it where a place that was taken would be missed for a minute, and asserts that it is not.
#[track_caller]
fn assert_not_held_up(tenant: &Tenant) -> Duration {
    let begun = Instant::now();
    limited(tenant, &format!("{GET} -q --deadline 30s"), 60).run().code(0).stderr_is("");
    begun.elapsed()
}

/// A tenant whose budget is used up, and the file that says so.
fn used_up() -> (Tenant, std::path::PathBuf) {
    let tenant = lenient();
    assert_not_held_up(&tenant);
    let file = file(tenant.home());
    (tenant, file)
}

#[test]
fn a_good_one_holds_the_next_run_up() {
    let (tenant, file) = used_up();
    // What the damaged ones below differ from.
    let text = fs::read(&file).unwrap();
    fs::write(&file, text).unwrap();
    limited(&tenant, &format!("{GET} --deadline 30s"), 60).run().code(10);
}

#[test]
fn a_damaged_one_is_replaced() {
    let (tenant, file) = used_up();
    let good = fs::read_to_string(&file).unwrap();
    let half = good.get(..good.len() / 2).unwrap();
    let long = "[".repeat(1 << 20);
    for bytes in [b"".as_slice(), half.as_bytes(), b"\xff\xfe\0 garbage", b"[]", long.as_bytes()] {
        fs::write(&file, bytes).unwrap();
        assert_not_held_up(&tenant);
        limited(&tenant, &format!("{GET} --deadline 30s"), 60).run().code(10);
    }
}

#[test]
fn one_that_others_could_have_written_or_that_is_no_file_is_not_used() {
    let (tenant, file) = used_up();
    let good = fs::read(&file).unwrap();
    for mode in [0o644, 0o620, 0o602] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        assert_not_held_up(&tenant);
    }
    assert_eq!(fs::read(&file).unwrap(), good, "it was written");
    let elsewhere = tenant.home().path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&elsewhere, &file).unwrap();
    assert_not_held_up(&tenant);
    assert_eq!(fs::read(&elsewhere).unwrap(), good, "what it led to was written");
    for command in ["mkdir", "mkfifo"] {
        let _ = fs::remove_file(&file);
        assert!(std::process::Command::new(command).arg(&file).status().unwrap().success());
        assert_not_held_up(&tenant);
        let _ = fs::remove_dir(&file);
    }
}

#[test]
fn where_there_is_no_directory_for_it_each_run_has_the_whole_budget() {
    let tenant = lenient();
    let home = tenant.home().path();
    fs::write(home.join("state"), "a file where a directory should be").unwrap();
    let run = |state: &Path| {
        for _ in 0..2 {
            let run = limited(&tenant, &format!("{GET} -q --deadline 30s"), 60);
            run.env("XDG_STATE_HOME", state.display().to_string()).run().code(0).stderr_is("");
        }
    };
    run(&home.join("state"));
    run(Path::new("/proc/self/nothing"));
    run(Path::new("/dev/null"));
    // Root may write anywhere; for anybody else this is one more place where nothing can be made.
    let locked = home.join("locked");
    fs::create_dir(&locked).unwrap();
    fs::create_dir(locked.join("zpakey")).unwrap();
    fs::write(locked.join("zpakey/budget"), "").unwrap();
    fs::set_permissions(locked.join("zpakey"), fs::Permissions::from_mode(0o500)).unwrap();
    run(&locked);
}

#[test]
fn one_that_another_process_never_gives_back_costs_a_moment_once() {
    let (tenant, file) = used_up();
    let held = fs::File::open(file).unwrap();
    held.lock().unwrap();
    // Five requests, four of them one after the other. A busy machine only makes a run longer.
    let update = || {
        let begun = Instant::now();
        let line = "update demo --type connector --add-uses 1 -q";
        tenant.zpakey(line).env("ZPAKEY_RATE_LIMIT", "9/9/60").run().code(0).stderr_is("");
        begun.elapsed()
    };
    let least = Duration::from_secs(2);
    let is_once = |took: Duration| {
        assert!(took >= least, "{took:?}: it was not waited for");
        took < least + Duration::from_millis(1500)
    };
    assert!((0..25).any(|_| is_once(update())), "each request waits for it");
}
