//! Git: what was committed once, and what is about to be.

use std::fs;

use snapbox::{assert_data_eq, str};

use super::{assert_tells_no_part, fingerprints, gzip, invented, lines, offline, run_in, text, write};
use crate::support::{Finished, Home};

fn git(home: &Home, arguments: &str) -> String {
    run_in(&home.work(), "git", &arguments.split(' ').collect::<Vec<_>>())
}

/// Commits all that is there, so many days after 2026-03-01, and returns the commit.
fn commit(home: &Home, day: u32) -> String {
    let date = format!("2026-03-{:02}T12:00:00Z", day + 1);
    git(home, "add -A");
    let output = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "commit",
            "-q",
            "-m",
            "change",
            "--allow-empty",
        ])
        .current_dir(home.work())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    git(home, "rev-parse HEAD")
}

fn repository() -> Home {
    let home = Home::new();
    git(&home, "init -q -b main");
    home
}

/// Where each finding comes from: path, commit, day, whether a branch reaches it and whether HEAD has it.
fn origins(run: &Finished) -> String {
    let list = run.json();
    let line = |finding: &serde_json::Value| {
        let (path, id, time) =
            (text(finding, "path"), text(finding, "commit"), text(finding, "committed_at"));
        let day = time.get(..10).unwrap_or("never").to_owned();
        format!("{path}:{} {id} {day} {} {}\n", finding["line"], finding["reachable"], finding["at_head"])
    };
    list.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_value_that_was_removed_three_commits_ago_is_found_in_its_first_commit() {
    let (home, value) = (repository(), invented(4));
    write(&home, "README.md", "a repository\n");
    commit(&home, 0);
    write(&home, "deploy/vars.tf", format!("a = 1\nkey = \"{value}\"\n"));
    let first = commit(&home, 1);
    write(&home, "copy.txt", format!("a = 1\nkey = \"{value}\"\n"));
    commit(&home, 2);
    fs::remove_file(home.work().join("copy.txt")).unwrap();
    write(&home, "deploy/vars.tf", "a = 1\nkey = var.key\n");
    commit(&home, 3);
    for day in 4..6 {
        write(&home, "README.md", format!("{day}\n"));
        commit(&home, day);
    }
    offline(&home, "").run().code(0).stdout_is("[]\n");
    let run = offline(&home, "--git").run().code(7).has_no_secret();
    assert_tells_no_part(&run, &value);
    assert_eq!(origins(&run), format!("deploy/vars.tf:2 {first} 2026-03-02 true false\n"));
    run.stderr_has("1 key value (1 not compared)");
    // The path of a folder in it leads to the whole.
    let by_path = offline(&home, "--git deploy").run().code(7);
    assert_eq!(origins(&by_path), format!("deploy/vars.tf:2 {first} 2026-03-02 true false\n"));
}

#[test]
fn values_of_other_branches_and_tags_and_those_that_head_has_are_told_apart() {
    let home = repository();
    write(&home, "kept.env", format!("K={}\n", invented(1)));
    let kept = commit(&home, 0);
    git(&home, "checkout -q -b topic");
    write(&home, "topic.env", gzip(format!("K={}\n", invented(2))));
    let topic = commit(&home, 1);
    git(&home, "checkout -q --detach main");
    write(&home, "tagged.env", format!("K={}\n", invented(3)));
    let tagged = commit(&home, 2);
    git(&home, "tag v1");
    git(&home, "checkout -q main");
    let run = offline(&home, "--git").run().code(7).has_no_secret();
    assert_eq!(fingerprints(&run).len(), 3);
    assert_eq!(
        origins(&run),
        format!(
            "kept.env:1 {kept} 2026-03-01 true true\ntagged.env:1 {tagged} 2026-03-03 false false\n\
             topic.env:1 {topic} 2026-03-02 true false\n"
        )
    );
}

#[test]
fn a_value_that_a_merge_brought_has_the_merge_as_its_commit() {
    let home = repository();
    write(&home, "a", "a\n");
    commit(&home, 0);
    git(&home, "checkout -q -b topic");
    write(&home, "b", "b\n");
    commit(&home, 1);
    git(&home, "checkout -q main");
    write(&home, "c", "c\n");
    commit(&home, 2);
    git(&home, "-c user.name=A -c user.email=a@example.org merge -q --no-commit --no-ff topic");
    write(&home, "merged.env", format!("K={}\n", invented(1)));
    let merge = commit(&home, 3);
    let run = offline(&home, "--git").run().code(7).has_no_secret();
    assert_eq!(origins(&run), format!("merged.env:1 {merge} 2026-03-04 true true\n"));
}

#[test]
fn a_range_has_what_its_commits_brought() {
    let home = repository();
    write(&home, "old.env", invented(1));
    commit(&home, 0);
    write(&home, "new.env", invented(2));
    let new = commit(&home, 1);
    let run = offline(&home, "--git --range HEAD~1..HEAD").run().code(7).has_no_secret();
    assert_eq!(origins(&run), format!("new.env:1 {new} 2026-03-02 true true\n"));
    offline(&home, "--git --range HEAD..HEAD").run().code(0).stdout_is("[]\n");
    // What git says of a range that does not exist; one that looks like an option is none.
    offline(&home, "--git --range absent..HEAD").run().code(2).stderr_has("absent..HEAD");
    offline(&home, "--git --range --output=written").run().code(2);
    assert!(!home.has("written"));
}

#[test]
fn what_is_staged_is_looked_at_and_what_is_not_is_left() {
    let home = repository();
    // Without a commit.
    write(&home, "first.env", format!("A=1\nK={}\n", invented(1)));
    write(&home, "not-staged.env", invented(2));
    git(&home, "add first.env");
    let run = offline(&home, "--staged").run().code(7).has_no_secret();
    assert_eq!(origins(&run), "first.env:2  never null null\n");
    commit(&home, 0);
    offline(&home, "--staged").run().code(0).stdout_is("[]\n");
    // Staged, then taken out of the file: the commit would have it.
    write(&home, "second file.env", format!("K={}\n", invented(3)));
    git(&home, "add -A");
    write(&home, "second file.env", "K=\n");
    let run = offline(&home, "--staged").run().code(7).has_no_secret();
    assert_data_eq!(
        lines(&run),
        str![[r#"
second file.env:1:3 clear

"#]]
    );
    // Two files with the same content are two places.
    write(&home, "second file.env", format!("K={}\n", invented(3)));
    write(&home, "third.env", format!("K={}\n", invented(3)));
    git(&home, "add -A");
    let run = offline(&home, "--staged").run().code(7);
    assert_eq!(lines(&run), "second file.env:1:3 clear\nthird.env:1:3 clear\n");
    // A removal brings nothing.
    git(&home, "rm -q --cached not-staged.env");
    git(&home, "reset -q -- third.env");
    assert_eq!(lines(&offline(&home, "--staged").run().code(7)), "second file.env:1:3 clear\n");
}

#[test]
fn the_hook_of_pre_commit_refuses_a_commit_with_a_value() {
    let hooks = include_str!("../../../.pre-commit-hooks.yaml");
    let entry = hooks.lines().find_map(|line| line.trim().strip_prefix("entry: zpakey ")).unwrap();
    let home = repository();
    write(&home, "clean.txt", "nothing here\n");
    git(&home, "add -A");
    home.zpakey(entry).run().code(0);
    write(&home, "key.txt", invented(1));
    git(&home, "add -A");
    home.zpakey(entry).run().code(7).has_no_secret().stderr_has("1 key value");
}

#[test]
fn what_is_no_repository_is_told_with_a_hint() {
    let home = Home::new();
    write(&home, "folder/file", "text\n");
    for line in ["--git", "--staged", "--git folder", "--git absent"] {
        let run = offline(&home, line).run().code(2);
        assert!(run.stderr.contains("could not be scanned"), "{line}: {}", run.stderr);
    }
    offline(&home, "--git -").stdin("").run().code(2).stderr_has("standard input");
    let run = offline(&home, "--git").env("PATH", "/nonexistent").run().code(2);
    run.stderr_has("need the program git");
}

#[test]
fn a_configuration_of_the_repository_starts_no_program() {
    let home = repository();
    write(&home, "a.env", invented(1));
    commit(&home, 0);
    let script = home.work().join("started.sh");
    fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", home.work().join("started").display())).unwrap();
    run_in(&home.work(), "chmod", &["+x", "started.sh"]);
    let program = script.display().to_string();
    for name in [
        "core.fsmonitor",
        "diff.external",
        "core.pager",
        "core.sshCommand",
        "diff.env.textconv",
        "filter.env.smudge",
        "filter.env.clean",
    ] {
        run_in(&home.work(), "git", &["config", name, &program]);
    }
    write(&home, ".gitattributes", "*.env diff=env filter=env\n");
    // `git add` of the test runs the filter.
    write(&home, "b.env", invented(2));
    git(&home, "add b.env");
    let _ = fs::remove_file(home.work().join("started"));
    offline(&home, "--git").run().code(7);
    offline(&home, "--staged").run().code(7);
    assert!(!home.has("started"), "a program of the repository was started");
}

#[test]
fn a_scan_of_files_says_that_the_history_was_not_looked_at() {
    let home = repository();
    let run = home.zpakey("scan --offline -o table").run();
    run.stderr_has("the git history was not looked at: zpakey scan --git .\n");
    home.zpakey("scan --offline --git -o table").run().lacks("was not looked at");
}
