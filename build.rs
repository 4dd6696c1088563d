//! What `zpakey version` says of the build. The same sources give the same text: no time and no path of the machine is in it.

#![expect(clippy::disallowed_methods, reason = "cargo tells a build script what it needs by variables")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=ZPAKEY_TARGET={target}");
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let compiler = printed(&rustc, &["--version"]).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=ZPAKEY_RUSTC={compiler}");

    let commit = commit();
    if let Some(commit) = &commit {
        println!("cargo::rustc-env=ZPAKEY_COMMIT={commit}");
    }
    let told = std::env::var("SOURCE_DATE_EPOCH").ok();
    let date = told.or_else(|| printed("git", &["show", "--no-patch", "--format=%ct", commit.as_deref()?]));
    if let Some(seconds) = date.and_then(|seconds| seconds.trim().parse::<i64>().ok()) {
        println!("cargo::rustc-env=ZPAKEY_DATE={seconds}");
    }
}

/// Returns the commit, if this is the top of a git checkout: a package that was unpacked within another repository has none.
fn commit() -> Option<String> {
    let root = printed("git", &["rev-parse", "--show-toplevel"])?;
    let here = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    if Path::new(&root).canonicalize().ok()? != Path::new(&here).canonicalize().ok()? {
        return None;
    }
    // A commit moves the branch's file; packed-refs has it after `git gc`.
    let branch = printed("git", &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let file = printed("git", &["rev-parse", "--git-path", name]);
        if let Some(file) = file.filter(|file| Path::new(file).exists()) {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    printed("git", &["rev-parse", "--verify", "HEAD"])
}

/// Returns what a program printed, if it succeeded and printed anything.
fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}
