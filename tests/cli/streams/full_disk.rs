//! Disks that are full or cannot be written: what must be written says so, what is kept for the next run is gone
//! without, and nothing is half written.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use snapbox::str;

use super::shell;
use crate::support::{Finished, Tenant, can_mount};

const CREATE: &str = r#""$ZPAKEY" create demo --type connector --group "AWS us-east-1" --max-usage 1"#;

/// Fills the disk.
const FILL: &str = "head -c 1000000 /dev/zero >filler 2>/dev/null";

/// Runs a shell script in a disk of 64 KiB that it alone sees, in place of a directory of the home; nothing where this
/// machine does not allow that.
fn on_small_disk(tenant: &Tenant, place: &str, script: &str) -> Option<Finished> {
    if !can_mount() {
        return None;
    }
    let disk = tenant.home().path().join(place);
    std::fs::create_dir_all(&disk).unwrap();
    let script = format!("mount -t tmpfs -o size=64k,mode=700 tmpfs \"$DISK\" && cd \"$DISK\" && {script}");
    let run = tenant.zpakey(["-rm", "/bin/sh", "-c", &script]).through("unshare");
    Some(run.env("DISK", disk.to_str().unwrap()).run())
}

#[test]
fn a_file_that_does_not_fit_is_not_there_and_an_old_one_is_as_it_was() {
    let tenant = Tenant::with_keys(["prod"]);
    let reveal = r#""$ZPAKEY" reveal prod -o table --out-file"#;
    let script = format!(
        "echo old >kept; {FILL}; {reveal} new; echo code $? >&2; {reveal} kept --force; echo code $? >&2; ls -A; cat kept"
    );
    let Some(finished) = on_small_disk(&tenant, "work", &script) else { return };
    finished.code(0).has_no_secret().stdout_is("filler\nkept\nold\n").stderr_is(str![[r"
error: could not write new
  No space left on device (os error 28)
code 2
error: could not write kept
  No space left on device (os error 28)
code 2

"]]);
}

#[test]
fn a_new_key_whose_text_does_not_fit_is_not_sealed() {
    let tenant = Tenant::standard();
    let script = format!("{FILL}; {CREATE} --no-export --out-file key -o table; echo code $? >&2; ls -A");
    let Some(finished) = on_small_disk(&tenant, "work", &script) else { return };
    finished.code(0).has_no_secret().stdout_is("filler\n").stderr_is(str![[r"
✓ created demo (38101) in tenant 216199618143191040 (from the environment)
error: demo (38101) was created, but its value could not be handed over
  could not write key
  No space left on device (os error 28)
hint: zpakey reveal demo --out-file FILE
code 6

"]]);
    assert_eq!(tenant.key("demo").unwrap()["exportable"], true);
}

#[test]
fn an_answer_that_does_not_fit_into_its_file_is_an_error() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = format!("{FILL}; \"$ZPAKEY\" list -o csv >answer; echo code $? >&2");
    let Some(finished) = on_small_disk(&tenant, "work", &script) else { return };
    finished.stderr_is(str![[r"
error: the answer could not be written
  No space left on device (os error 28)
code 2

"]]);
}

#[test]
fn a_full_state_directory_costs_a_sign_in_each_time_and_nothing_is_left_in_it() {
    let tenant = Tenant::with_keys(["prod"]);
    let list = r#""$ZPAKEY" list -q"#;
    let script = format!("{FILL}; {list} && {list} && find . -type f -size +0");
    let Some(finished) = on_small_disk(&tenant, "state", &script) else { return };
    finished.code(0).stdout_is("38101\n38101\n./filler\n").stderr_is("");
    let sign_ins = tenant.requests().into_iter().filter(|request| request.path == "/oauth2/v1/token");
    assert_eq!(sign_ins.count(), 2);
}

#[test]
fn a_full_cache_directory_costs_completions_and_nothing_is_left_in_it() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = format!("{FILL}; \"$ZPAKEY\" list -q && find . -type f");
    let Some(finished) = on_small_disk(&tenant, "cache", &script) else { return };
    finished.code(0).stdout_is("38101\n./filler\n").stderr_is("");
}

#[test]
fn a_sandbox_that_cannot_write_its_tenant_says_so_and_keeps_it() {
    let tenant = Tenant::standard();
    let create = |name: &str| {
        let line = CREATE.replace(" create demo ", &format!(" --sandbox create {name} "));
        format!("{line} -o table -q")
    };
    let script = format!(
        "{} && {{ {FILL}; {}; echo code $? >&2; \"$ZPAKEY\" --sandbox delete kept --yes -o table -q; \
         echo code $? >&2; \"$ZPAKEY\" --sandbox get kept -q; ls -A zpakey; }}",
        create("kept"),
        create("lost")
    );
    let Some(finished) = on_small_disk(&tenant, "state", &script) else { return };
    finished.code(0).stdout_is("38101\n38101\nlocks\nlog\nsandbox.json\nsandbox.json.lock\n").stderr_is(str![[r#"
error: creating the key: the API answered 424 sandbox.error: cannot write `[HOME]/state/zpakey/sandbox.json`: No space left on device (os error 28)
code 5
error: the API answered 424 sandbox.error: cannot write `[HOME]/state/zpakey/sandbox.json`: No space left on device (os error 28)
code 5

"#]]);
}

#[test]
fn a_sandbox_that_cannot_make_its_tenant_says_so() {
    let tenant = Tenant::standard();
    let script =
        format!("{FILL}; \"$ZPAKEY\" --sandbox list -o table; echo code $? >&2; find . -type f -size +0");
    let Some(finished) = on_small_disk(&tenant, "state", &script) else { return };
    finished.code(0).stdout_is("./filler\n").stderr_is(str![[r#"
sandbox tenant, nothing real is touched
error: the sandbox: cannot write `[HOME]/state/zpakey/sandbox.json`: No space left on device (os error 28)
hint: set XDG_STATE_HOME to a directory that you can write
hint: zpakey sandbox run -- CMD keeps its tenant in memory
code 2

"#]]);
}

#[test]
fn a_disk_that_cannot_be_written_keeps_no_command_from_its_work_and_a_write_that_is_not_logged_is_warned_of()
{
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#"mount -o remount,ro "$DISK" && "$ZPAKEY" list -q && "$ZPAKEY" update prod --disable -q"#;
    let Some(cache) = on_small_disk(&tenant, "cache", script) else { return };
    cache.code(0).stdout_is("38101\n38101\n").stderr_is("");
    tenant.zpakey("update prod --enable -q").run().code(0);
    let Some(state) = on_small_disk(&tenant, "state", script) else { return };
    state.code(0).stdout_is("38101\n38101\n").stderr_has("warning: not logged in ");
}

#[test]
fn a_disk_that_cannot_be_written_is_said_where_it_must_be() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#"mount -o remount,ro "$DISK" && { "$ZPAKEY" reveal prod --out-file key -o table; echo code $? >&2; }"#;
    let Some(finished) = on_small_disk(&tenant, "work", script) else { return };
    finished.code(0).stdout_is("").stderr_is(str![[r#"
error: could not write key
  read-only filesystem or storage medium
code 2

"#]]);
    assert_eq!(tenant.requests(), []);
    let script = r#"mount -o remount,ro "$DISK" && { "$ZPAKEY" --sandbox list -o table; echo code $? >&2; }"#;
    let Some(finished) = on_small_disk(&tenant, "state", script) else { return };
    finished.code(0).stdout_is("").stderr_is(str![[r#"
sandbox tenant, nothing real is touched
error: the sandbox: cannot create `[HOME]/state/zpakey`: Read-only file system (os error 30)
hint: set XDG_STATE_HOME to a directory that you can write
hint: zpakey sandbox run -- CMD keeps its tenant in memory
code 2

"#]]);
}

#[test]
fn a_limit_of_the_size_of_files_is_like_a_full_disk() {
    // By itself the signal of the limit would end the program, and leave what it had begun to write.
    let tenant = Tenant::with_keys(["prod"]);
    let limited = |command: &str| shell(&tenant, &format!("ulimit -f 0; exec \"$ZPAKEY\" {command}"));
    limited("list -q").code(0).stdout_is("38101\n").stderr_is("");
    limited("reveal prod --out-file key -o table").code(2).stdout_is("").stderr_is(str![[r#"
warning: not logged in [HOME]/state/zpakey/log/log.jsonl: File too large (os error 27)
error: could not write key
  File too large (os error 27)

"#]]);
    limited("--sandbox list -o table").code(2).stdout_is("").stderr_is(str![[r#"
sandbox tenant, nothing real is touched
error: the sandbox: cannot write `[HOME]/state/zpakey/sandbox.json`: File too large (os error 27)
hint: set XDG_STATE_HOME to a directory that you can write
hint: zpakey sandbox run -- CMD keeps its tenant in memory

"#]]);
    let written =
        tenant.home().files().into_iter().filter(|file| {
            std::fs::metadata(tenant.home().path().join(file)).is_ok_and(|found| found.len() > 0)
        });
    assert_eq!(written.collect::<Vec<_>>(), Vec::<String>::new());
}
