//! A profile can name a program to run, so that a profile file is used only if nobody else could have written it.

use std::{
    fs,
    os::unix::fs::symlink,
    path::PathBuf,
    time::{Duration, Instant},
};

use snapbox::str;

use super::{as_another, can_be_another, fifo, give_away, give_home_away, set_mode};
use crate::support::{Finished, Home, Tenant};

/// A profile whose program leaves a file in the working directory.
const TRAP: &str = "active = 'p'\n[profiles.p]\nclient_id = 'x'\nvanity_domain = 'acme'\ncustomer_id = '42'\n\
                    client_secret = { cmd = ['touch', 'was-run'] }\n";

fn trap() -> Home {
    let home = Home::new();
    home.write_profiles(TRAP);
    home
}

/// Asserts that the profile file is refused, and that its program was not run.
#[track_caller]
fn assert_refused(home: &Home, line: &str) -> Finished {
    let run = home.zpakey(line).run().code(2).stdout_is("");
    assert!(!home.has("was-run"), "the program of the profile was run");
    run
}

#[test]
fn a_profile_file_is_used_that_nobody_else_can_write() {
    let home = trap();
    home.zpakey("list -o table").run().code(3).stderr_has("`touch` printed nothing");
    assert!(home.has("was-run"), "the tests below would see nothing");
}

#[test]
fn a_profile_file_that_others_can_write_is_refused_before_its_program_runs() {
    let home = trap();
    for mode in [0o602, 0o622, 0o646, 0o666] {
        set_mode(&home.profile_file(), mode);
        assert_refused(&home, "list -o table").stderr_is(str![[r#"
error: not using [HOME]/config/zpakey/config.toml: other users can write [HOME]/config/zpakey/config.toml
hint: chmod go-w [HOME]/config/zpakey/config.toml

"#]]);
    }
    for line in ["auth login", "auth status", "profile use p", "profile list", "rotate k --exec true --yes"] {
        assert_refused(&home, line);
    }
    // The hint mends it.
    set_mode(&home.profile_file(), 0o644);
    home.zpakey("profile list").run().code(0);
}

#[test]
fn a_directory_on_the_way_that_others_can_write_is_refused() {
    let home = trap();
    let (file, root) = (home.profile_file(), home.path().to_owned());
    for directory in [file.parent().unwrap().to_owned(), root.join("config"), root.clone()] {
        set_mode(&directory, 0o777);
        let run = assert_refused(&home, "list -o table");
        run.stderr_has(&format!("hint: chmod go-w {}\n", directory.display()));
        // In a sticky directory, only the owner of a file replaces it.
        set_mode(&directory, 0o1777);
        home.zpakey("profile list").run().code(0);
        set_mode(&directory, 0o755);
    }
}

#[test]
fn a_symlink_leads_through_a_directory_that_others_can_write_and_is_refused() {
    let home = trap();
    let open = home.path().join("dotfiles");
    fs::create_dir(&open).unwrap();
    fs::rename(home.profile_file(), open.join("config.toml")).unwrap();
    symlink("../../dotfiles/config.toml", home.profile_file()).unwrap();
    home.zpakey("profile list").run().code(0);
    set_mode(&open, 0o777);
    assert_refused(&home, "list -o table").stderr_has(&format!("hint: chmod go-w {}\n", open.display()));
}

#[test]
fn a_second_name_of_the_profile_file_changes_nothing_as_for_ssh_and_sudo() {
    let home = trap();
    let backup = home.path().join("backup.toml");
    fs::hard_link(home.profile_file(), &backup).unwrap();
    home.zpakey("profile list --field name").run().code(0).stdout_is("p\n").stderr_is("");
    // Mode and owner are those of the file, whatever its name.
    set_mode(&backup, 0o666);
    assert_refused(&home, "list -o table").stderr_has("other users can write");
    set_mode(&backup, 0o600);
    // A change is written to a new file, so that the other name keeps what it had.
    home.zpakey("profile remove p --yes").run().code(0);
    assert_eq!(fs::read_to_string(&backup).unwrap(), TRAP);
    assert!(!fs::read_to_string(home.profile_file()).unwrap().contains("[profiles.p]"));
    if can_be_another() {
        fs::remove_file(home.profile_file()).unwrap();
        give_away(&backup);
        fs::hard_link(&backup, home.profile_file()).unwrap();
        assert_refused(&home, "list -o table").stderr_has("belongs to user 12345");
    }
}

#[test]
fn a_link_to_a_profile_file_that_is_not_there_is_said() {
    let home = trap();
    fs::remove_file(home.profile_file()).unwrap();
    symlink("../dotfiles/config.toml", home.profile_file()).unwrap();
    for line in ["list -o table", "auth status -o table", "profile list -o table"] {
        home.zpakey(line).run().code(2).stderr_is(str![[r#"
error: could not read [HOME]/config/zpakey/config.toml
  it is a symlink to ../dotfiles/config.toml, which does not exist

"#]]);
    }
}

#[test]
fn a_group_of_one_user_may_write_and_a_group_of_several_may_not() {
    let home = trap();
    // Root's own group is root's alone, as a user private group is the user's.
    set_mode(&home.profile_file(), 0o660);
    if std::os::unix::fs::chown(home.profile_file(), None, Some(0)).is_err() {
        return;
    }
    home.zpakey("profile list").run().code(0);
    std::os::unix::fs::chown(home.profile_file(), None, Some(100)).unwrap();
    assert_refused(&home, "list -o table");
}

#[test]
fn root_with_the_home_of_another_user_runs_no_program_of_that_user() {
    if !can_be_another() {
        return;
    }
    let home = trap();
    for place in [home.profile_file(), home.profile_file().parent().unwrap().to_owned()] {
        give_away(&place);
        assert_refused(&home, "list -o table")
            .stderr_has(&format!("{} belongs to user 12345", place.display()));
        std::os::unix::fs::chown(&place, Some(0), Some(0)).unwrap();
    }
    give_home_away(&home);
    assert_refused(&home, "list -o table").stderr_is(str![[r#"
error: not using [HOME]/config/zpakey/config.toml: [HOME] belongs to user 12345
hint: chown "$(id -un)" [HOME], if it is yours
hint: or use a configuration of your own: ZPAKEY_CONFIG_FILE=FILE, or `sudo -H` as root

"#]]);
}

#[test]
fn a_user_uses_an_own_file_and_one_of_root_and_none_of_a_third() {
    if !can_be_another() {
        return;
    }
    let home = trap();
    give_home_away(&home);
    let run = || as_another(home.zpakey(""), "profile list --field name").run();
    run().code(0).stdout_is("p\n");
    let file = home.profile_file();
    std::os::unix::fs::chown(&file, Some(0), Some(0)).unwrap();
    set_mode(&file, 0o644);
    run().code(0).stdout_is("p\n");
    std::os::unix::fs::chown(&file, Some(12_346), None).unwrap();
    run().code(2).stderr_has("belongs to user 12346");
}

#[test]
fn a_fifo_in_place_of_the_profile_file_is_not_waited_for() {
    let home = trap();
    fs::remove_file(home.profile_file()).unwrap();
    fifo(&home.profile_file());
    let begun = Instant::now();
    home.zpakey("list -o table").run().code(2).stderr_is(str![[r#"
error: could not read [HOME]/config/zpakey/config.toml
  it is not a regular file

"#]]);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_configuration_that_a_shell_hands_over_in_a_descriptor_is_read() {
    let tenant = Tenant::standard();
    let access = tenant.access();
    let profile = format!(
        "active='lab'\n[profiles.lab]\nclient_id='{}'\nclient_secret='{}'\ncustomer_id='{}'\napi_url='{}'\ntoken_url='{}'\n",
        access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
    );
    let home = tenant.home();
    let run = home.zpakey(["-c", "ZPAKEY_CONFIG_FILE=/dev/fd/3 \"$ZPAKEY\" list -q 3<&0"]).through("/bin/sh");
    run.stdin(profile).run().code(0);
    let devices: [PathBuf; 1] = ["/dev/null".into()];
    for device in devices {
        let run = tenant.zpakey("list -q").env("ZPAKEY_CONFIG_FILE", device.display().to_string());
        run.run().code(0);
    }
}

#[test]
fn no_profile_is_saved_where_it_would_be_refused() {
    let home = Home::new();
    let directory = home.profile_file().parent().unwrap().to_owned();
    fs::create_dir_all(&directory).unwrap();
    set_mode(&directory, 0o777);
    let tenant = Tenant::standard();
    let access = tenant.access();
    let line = format!(
        "auth login --profile lab --client-id {} --customer-id {} --client-secret-file - --keep file -o table",
        access.client_id, access.customer_id
    );
    let run =
        home.zpakey(line).env("ZPAKEY_API_URL", &access.api_url).env("ZPAKEY_TOKEN_URL", &access.token_url);
    let run = run.stdin(access.client_secret.clone()).run().code(2).has_no_secret();
    run.stderr_has(&format!("chmod go-w {}", directory.display()));
    assert_eq!(home.files(), [""; 0]);
}
