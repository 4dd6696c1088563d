//! `zpakey scan`: key values where they really lie, what only looks like one, and which of them can still enrol.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod archives;
mod forms;
mod history;
mod hostile;
mod look_alikes;
mod reports;
mod states;

use std::{
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use sha2::{Digest as _, Sha512};
use zip::{ZipWriter, write::SimpleFileOptions};
use zpakey::sandbox::SECRET_MARKER;

use crate::support::{Finished, Home, Run};

/// A key value that no tenant has. It holds the marker of secrets.
fn invented(number: u8) -> String {
    let bytes: Vec<u8> = (0..5).flat_map(|part| Sha512::digest([number, part])).collect();
    let blob = BASE64_STANDARD.encode(bytes);
    format!(
        "3|api.private.zscaler.com|{}{SECRET_MARKER}{}-2161996181433036{number:02}",
        &blob[..100],
        &blob[100..370]
    )
}

/// Writes a file below the working directory, with its folders.
fn write(home: &Home, path: &str, content: impl AsRef<[u8]>) {
    let path = home.work().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Scans without a tenant.
fn offline(home: &Home, arguments: &str) -> Run {
    home.zpakey(format!("scan --offline -o json {arguments}"))
}

/// The findings, a line each: place, encodings, fingerprint.
fn lines(run: &Finished) -> String {
    let list = run.json();
    let line = |finding: &Value| {
        let words = |field: &str| -> Vec<String> {
            let list = finding.get(field).and_then(Value::as_array).unwrap();
            list.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
        };
        let place = [vec![text(finding, "path")], words("members")].concat().join("!");
        let encodings = words("encodings").join("+");
        let encodings = if encodings.is_empty() { "clear".to_owned() } else { encodings };
        format!("{place}:{}:{} {encodings}\n", finding["line"], finding["column"])
    };
    list.as_array().unwrap().iter().map(line).collect()
}

fn text(finding: &Value, field: &str) -> String {
    finding.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The fingerprints of the findings, without those that repeat.
fn fingerprints(run: &Finished) -> Vec<String> {
    let list = run.json();
    let mut all: Vec<String> =
        list.as_array().unwrap().iter().map(|finding| text(finding, "fingerprint")).collect();
    all.sort();
    all.dedup();
    all
}

/// No part of a value of 16 characters was written, not even in base64 at any offset.
#[track_caller]
fn assert_tells_no_part(run: &Finished, value: &str) {
    let (blob, number) = value.rsplit_once('|').unwrap().1.rsplit_once('-').unwrap();
    let written = format!("{}{}", run.stdout, run.stderr);
    for start in 0..=blob.len() - 16 {
        assert!(!written.contains(&blob[start..start + 16]), "characters {start} on are told");
    }
    assert!(!written.contains(number), "the number is told");
}

fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// Wraps a text at a width.
fn wrapped(text: &str, width: usize, between: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(between)
}

fn base64(content: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(content)
}

/// Runs a program in a directory, with nothing of the configuration of the machine.
fn run_in(directory: &Path, program: &str, arguments: &[&str]) -> String {
    let output = std::process::Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_AUTHOR_NAME", "A")
        .env("GIT_AUTHOR_EMAIL", "a@example.org")
        .env("GIT_COMMITTER_NAME", "A")
        .env("GIT_COMMITTER_EMAIL", "a@example.org")
        .output()
        .unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
