//! A user without a home: no `HOME`, and no entry in the system's list of users.

use snapbox::str;

use super::{as_another, can_be_another, set_mode};
use crate::support::{Run, Tenant};

fn tenant() -> Tenant {
    let tenant = Tenant::with_keys(["prod"]);
    set_mode(tenant.home().path(), 0o755);
    set_mode(&tenant.home().path().join("tmp"), 0o1777);
    tenant
}

/// A run as a user whom the system does not know, without `HOME`.
fn homeless(tenant: &Tenant, line: &str) -> Run {
    let names = ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"];
    let run = names.into_iter().fold(tenant.zpakey(""), Run::env_remove);
    as_another(run, line)
}

#[test]
fn a_user_without_a_home_can_do_all_that_needs_no_file() {
    if !can_be_another() {
        return;
    }
    let tenant = tenant();
    for line in [
        "list -q",
        "get prod",
        "update prod --add-uses 1",
        "status",
        "reveal prod --yes --raw",
        "exec prod --env KEY -- true",
        "exec prod --stdin -- cat",
        "create new --type connector --group 'AWS us-east-1' --max-usage 1",
        "rotate prod --exec true --settle 0s --yes",
        "disable prod --yes",
        "delete new --yes",
        "auth status",
        "profile list",
        "log",
        "doctor",
        "doctor --online",
        "schema",
    ] {
        let run = homeless(&tenant, line).run().code(0);
        assert!(!run.stderr.contains("error:"), "{line}: {}", run.stderr);
    }
}

#[test]
fn a_user_without_a_home_gets_the_file_of_exec_where_temporary_files_are() {
    if !can_be_another() {
        return;
    }
    let tenant = tenant();
    let script = r#"exec prod --file KEY -- sh -c 'stat -c "%a %u %n" "$KEY"; sha256sum <"$KEY"'"#;
    let run = homeless(&tenant, script).run().code(0).has_no_secret();
    let path = std::path::Path::new(run.stdout.lines().next().unwrap().strip_prefix("600 12345 ").unwrap());
    let places = [std::path::Path::new("/dev/shm"), &tenant.home().path().join("tmp")];
    assert!(places.iter().any(|place| path.starts_with(place.join("zpakey-12345/exec"))), "{}", run.stdout);
    assert!(!path.exists());
    let runtime = tenant.home().path().join("run");
    std::fs::create_dir(&runtime).unwrap();
    super::give_away(&runtime);
    let run = homeless(&tenant, "exec prod --file KEY -- sh -c 'echo $KEY'");
    let run = run.env("XDG_RUNTIME_DIR", runtime.to_str().unwrap()).run().code(0);
    assert!(run.stdout.starts_with(runtime.join("zpakey/exec/key-").to_str().unwrap()), "{}", run.stdout);
}

#[test]
fn a_directory_that_another_user_made_there_first_is_not_used() {
    if !can_be_another() {
        return;
    }
    let tenant = tenant();
    // A directory in memory comes first.
    let memory = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    set_mode(memory.path(), 0o1777);
    let planted = memory.path().join("zpakey-12345");
    std::fs::create_dir_all(planted.join("exec")).unwrap();
    set_mode(&planted.join("exec"), 0o777);
    set_mode(&planted, 0o777);
    let run = homeless(&tenant, "exec prod --file KEY -- sh -c 'echo $KEY'");
    let run = run.env("TMPDIR", memory.path().to_str().unwrap()).run().code(0);
    assert!(!run.stdout.starts_with(planted.to_str().unwrap()), "{}", run.stdout);
    assert_eq!(std::fs::read_dir(planted.join("exec")).unwrap().count(), 0);
}

#[test]
fn what_needs_a_home_says_so() {
    if !can_be_another() {
        return;
    }
    let tenant = tenant();
    homeless(&tenant, "--sandbox list -o table").run().code(2).stderr_is(str![[r#"
sandbox tenant, nothing real is touched
error: there is no home directory for the sandbox's tenant
hint: set HOME; `zpakey sandbox run` keeps its tenant in memory

"#]]);
    homeless(&tenant, "sandbox run -- true").run().code(0);
}

#[test]
fn the_sandbox_of_a_user_whose_home_cannot_be_written_says_where_its_tenant_can_be() {
    if !can_be_another() {
        return;
    }
    let tenant = tenant();
    let run = |line: &str| homeless(&tenant, line).env("HOME", "/");
    run("--sandbox list -o table").run().code(2).stderr_is(str![[r#"
sandbox tenant, nothing real is touched
error: the sandbox: cannot create `/.local/state/zpakey`: Permission denied (os error 13)
hint: set XDG_STATE_HOME to a directory that you can write
hint: zpakey sandbox run -- CMD keeps its tenant in memory

"#]]);
    // Both hints help.
    let state = tenant.home().path().join("tmp/state");
    run("--sandbox list -q").env("XDG_STATE_HOME", state.to_str().unwrap()).run().code(0);
    run("sandbox run -- sh -c '\"$ZPAKEY\" list -q'").run().code(0);
}
