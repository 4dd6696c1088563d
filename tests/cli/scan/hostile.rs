//! Files that would take a scanner's memory, time or attention: each ends with a bound that is told, and `-v` names it.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    os::unix::fs::symlink,
};

use snapbox::{assert_data_eq, str};

use super::{gzip, invented, lines, offline, run_in, tar, write, zip};
use crate::support::{Home, can_mount};

/// The summary without, and the line with `-v`.
#[track_caller]
fn assert_skipped(home: &Home, arguments: &str, reason: &str, place: &str) {
    let run = offline(home, arguments).run();
    assert!(run.stderr.contains(&format!("looked at: 1 {reason} (-v names them)")), "{}", run.stderr);
    let run = offline(home, &format!("{arguments} -v")).run().has_no_secret();
    assert!(run.stderr.contains(&format!("skipped: {place}: {reason}")), "{}", run.stderr);
}

fn zeros(length: usize) -> Vec<u8> {
    vec![0; length]
}

#[test]
fn bombs_end_where_the_bound_is() {
    let (home, value) = (Home::new(), invented(5));
    // 64 KiB times 64 are 4 MiB.
    write(
        &home,
        "bomb.gz",
        gzip([value.clone().into_bytes(), zeros(100 << 20), value.clone().into_bytes()].concat()),
    );
    write(&home, "bomb.zip", zip(&[("a", &zeros(3 << 20)), ("b", &zeros(100 << 20))]));
    let reason = "unpacked to more than 64 x --max-size";
    assert_skipped(&home, "bomb.gz --max-size 64KiB", reason, "bomb.gz");
    assert_skipped(&home, "bomb.zip --max-size 64KiB", reason, "bomb.zip!b");
    // What comes before the bound is looked at.
    let run = offline(&home, "bomb.gz --max-size 64KiB").run().code(7);
    assert_eq!(lines(&run), "bomb.gz:1:1 clear\n");
    run.stderr_has("4.2 MB");
    // By default the bound is far away.
    assert_eq!(lines(&offline(&home, "bomb.gz").run().code(7)).lines().count(), 2);
}

#[test]
fn a_bomb_of_many_small_members_meets_the_same_bound() {
    let home = Home::new();
    let member = zeros(1 << 20);
    let names: Vec<String> = (0..8).map(|number| format!("m{number}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), member.as_slice())).collect();
    write(&home, "bomb.zip", zip(&members));
    let run = offline(&home, "bomb.zip --max-size 64KiB -v").run().code(0);
    run.stderr_has("skipped: bomb.zip!m4: unpacked to more than 64 x --max-size");
}

#[test]
fn an_archive_within_an_archive_that_is_too_large_is_looked_at_as_bytes() {
    let (home, value) = (Home::new(), invented(5));
    let inner = zip(&[
        ("a", value.as_bytes()),
        (
            "noise",
            &(0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>(),
        ),
    ]);
    write(&home, "outer.tar", tar(&[("inner.zip", &[inner, value.clone().into_bytes()].concat())]));
    assert_skipped(&home, "outer.tar --max-size 64KiB", "larger than --max-size", "outer.tar!inner.zip");
    let run = offline(&home, "outer.tar --max-size 64KiB").run().code(7);
    assert!(lines(&run).contains("outer.tar!inner.zip:"), "{}", lines(&run));
}

#[test]
fn members_with_paths_that_lead_out_are_read_and_written_nowhere() {
    let (home, value) = (Home::new(), invented(5));
    let inner = home.work().join("inner");
    fs::create_dir(&inner).unwrap();
    write(
        &home,
        "inner/slip.zip",
        zip(&[("../../escaped", value.as_bytes()), ("/tmp/zpakey-escaped", value.as_bytes())]),
    );
    let run = offline(&home, "inner").run().code(7).has_no_secret();
    assert_data_eq!(
        lines(&run),
        str![[r#"
inner/slip.zip!../../escaped:1:1 clear
inner/slip.zip!/tmp/zpakey-escaped:1:1 clear

"#]]
    );
    assert!(!home.path().join("escaped").exists() && !home.has("escaped"));
    assert!(!std::path::Path::new("/tmp/zpakey-escaped").exists());
}

#[test]
fn endless_nests_end_three_deep() {
    let (home, value) = (Home::new(), invented(5));
    let deep = |packed: &dyn Fn(Vec<u8>) -> Vec<u8>, times: usize| {
        (0..times).fold(format!("x {value}\n").into_bytes(), |inner, _| packed(inner))
    };
    let (gzipped, in_tar, zipped) =
        (|b: Vec<u8>| gzip(b), |b: Vec<u8>| tar(&[("m", &b)]), |b: Vec<u8>| zip(&[("m", &b)]));
    let place = |name: &str, depth: usize| format!("{name}{}", "!m".repeat(depth));
    for (name, packed, is_archive) in [
        ("n.gz", &gzipped as &dyn Fn(Vec<u8>) -> Vec<u8>, false),
        ("n.tar", &in_tar, true),
        ("n.zip", &zipped, true),
    ] {
        write(&home, name, deep(packed, 3));
        let members = if is_archive { 3 } else { 0 };
        assert_eq!(
            lines(&offline(&home, name).run().code(7)),
            format!("{}:1:3 clear\n", place(name, members))
        );
        write(&home, name, deep(packed, 5));
        assert_skipped(&home, name, "nested too deep", &place(name, members));
    }
}

#[test]
fn what_comes_before_damage_is_looked_at() {
    let (home, value) = (Home::new(), invented(5));
    let packed = gzip(
        [
            value.as_bytes(),
            &(0..100_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>(),
        ]
        .concat(),
    );
    write(&home, "cut.gz", &packed[..packed.len() / 2]);
    assert_skipped(&home, "cut.gz", "damaged", "cut.gz");
    assert_eq!(lines(&offline(&home, "cut.gz").run().code(7)), "cut.gz:1:1 clear\n");

    let archive = tar(&[("a", value.as_bytes()), ("b", b"text")]);
    let mut broken = archive.clone();
    broken[1024 + 148..1024 + 156].copy_from_slice(b"garbage!");
    write(&home, "broken.tar", [broken, value.clone().into_bytes()].concat());
    assert_skipped(&home, "broken.tar", "damaged", "broken.tar");
    let found = lines(&offline(&home, "broken.tar").run().code(7));
    assert!(found.starts_with("broken.tar!a:1:1 clear\nbroken.tar:"), "what comes behind is lost: {found}");
    write(&home, "cut.tar", &archive[..700]);
    assert_skipped(&home, "cut.tar", "damaged", "cut.tar");

    // A zip without its index: the members are there, stored or packed.
    let stored = zip(&[("a", b"text")]);
    write(&home, "cut.zip", [&stored[..stored.len() - 30], b"\n", value.as_bytes()].concat());
    assert_skipped(&home, "cut.zip", "damaged", "cut.zip");
    assert_eq!(
        lines(&offline(&home, "cut.zip").run().code(7)).lines().count(),
        1,
        "its bytes were not looked at"
    );
}

#[test]
fn an_encrypted_member_is_told_and_the_others_are_looked_at() {
    let (home, value) = (Home::new(), invented(5));
    let mut archive = zip(&[("secret", b"who knows"), ("open", value.as_bytes())]);
    // The flag of the first member, in its header and in the index.
    archive[6] |= 1;
    let index = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    archive[index + 8] |= 1;
    write(&home, "a.zip", archive);
    assert_skipped(&home, "a.zip", "encrypted", "a.zip!secret");
    assert_eq!(lines(&offline(&home, "a.zip").run().code(7)), "a.zip!open:1:1 clear\n");
}

#[test]
fn other_compression_is_named() {
    let home = Home::new();
    for (name, magic) in [
        ("a.zst", &b"\x28\xb5\x2f\xfd...."[..]),
        ("a.xz", b"\xfd7zXZ\0..."),
        ("a.7z", b"7z\xbc\xaf\x27\x1c.."),
        ("a.bz2", b"BZh91AY&SY..."),
    ] {
        write(&home, name, magic);
        assert_skipped(&home, name, "compressed in a form that is not unpacked", name);
    }
}

#[test]
fn a_fifo_does_not_hold_the_scan() {
    let (home, value) = (Home::new(), invented(5));
    run_in(&home.work(), "mkfifo", &["pipe"]);
    write(&home, "z", &value);
    assert_skipped(&home, ".", "special files", "pipe");
    assert_eq!(lines(&offline(&home, "").run().code(7)), "z:1:1 clear\n");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let home = Home::new();
    // Open for everyone, root too, and read by none.
    assert_skipped(&home, "/proc/self/mem", "unreadable", "/proc/self/mem");
    let run = offline(&home, "absent").run();
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    run.stderr_has("absent");
}

#[test]
fn links_are_not_followed_but_those_that_are_named() {
    let (home, value) = (Home::new(), invented(5));
    fs::create_dir_all(home.work().join("tree/a")).unwrap();
    fs::write(home.work().join("outside"), &value).unwrap();
    symlink("..", home.work().join("tree/a/loop")).unwrap();
    symlink("self", home.work().join("tree/self")).unwrap();
    symlink("../outside", home.work().join("tree/link")).unwrap();
    offline(&home, "tree").run().code(0).stdout_is("[]\n").stderr_has("0 files");
    assert_eq!(lines(&offline(&home, "tree/link").run().code(7)), "tree/link:1:1 clear\n");
    symlink("tree", home.work().join("other")).unwrap();
    fs::write(home.work().join("tree/file"), &value).unwrap();
    assert_eq!(lines(&offline(&home, "other").run().code(7)), "other/file:1:1 clear\n");
}

#[test]
fn a_line_of_many_megabytes_has_a_column() {
    let (home, value) = (Home::new(), invented(5));
    let mut file = fs::File::create(home.work().join("min.js")).unwrap();
    file.write_all(&b"var a=1;".repeat(3 << 20)).unwrap();
    file.write_all(format!("{value};\n{value}").as_bytes()).unwrap();
    let run = offline(&home, "min.js").run().code(7);
    assert_eq!(lines(&run), format!("min.js:1:{} clear\nmin.js:2:1 clear\n", (24 << 20) + 1));
}

#[test]
fn a_sparse_file_is_read_within_seconds() {
    let home = Home::new();
    let mut file = fs::File::create(home.work().join("disk.img")).unwrap();
    file.seek(SeekFrom::Start(256 << 20)).unwrap();
    file.write_all(invented(5).as_bytes()).unwrap();
    let run = offline(&home, "disk.img").run().code(7).has_no_secret();
    assert_eq!(lines(&run), format!("disk.img:1:{} clear\n", (256 << 20) + 1));
}

#[test]
fn text_that_looks_like_a_key_again_and_again_is_no_slower() {
    let home = Home::new();
    for (name, part) in [
        ("bars", "3|api.private.zscaler.com|"),
        ("escapes", "\\u007c%7C&#124;=7C"),
        ("base64", "M3xhcGkucHJpdmF0ZS56c2NhbGVyLmNvbXw"),
        ("wrapped", "M3xhcGkucHJpdmF0ZS56c2NhbGVyLmNvbXwM3xhcGkucHJpdmF0ZS56c2NhbGVyLmNv\n"),
        ("utf16", "3\0|\0a\0.\0b\0"),
    ] {
        // Each escape is undone in four ways, three deep.
        let length = if name == "escapes" { 256 << 10 } else { 4 << 20 };
        write(&home, name, part.repeat(length / part.len()));
    }
    // The limit of a run, a minute, is what fails here.
    offline(&home, "").run().code(0).stdout_is("[]\n");
}

#[test]
fn file_systems_of_the_kernel_are_left_out_and_told() {
    if !can_mount() {
        return;
    }
    // A root directory of its own: the program, what it is linked with, and a file in each place.
    let (home, root) = (Home::new(), Home::new());
    let program = env!("CARGO_BIN_EXE_zpakey");
    let linked = run_in(&root.work(), "ldd", &[program]);
    let libraries = linked.split_whitespace().filter(|word| word.starts_with('/'));
    for path in libraries.chain([program]) {
        let name = if path == program { "/zpakey" } else { path };
        write(&root, &name[1..], fs::read(path).unwrap());
    }
    run_in(&root.work(), "chmod", &["-R", "+x", "."]);
    for place in ["proc/1/environ", "sys/a", "dev/b", "home/proc/c"] {
        write(&root, place, invented(5));
    }
    let place = root.work().display().to_string();
    let scan = ["-r", "chroot", &place, "/zpakey", "scan", "/", "--offline", "-o", "json", "-v"];
    let run = home.zpakey(scan).through("unshare").run().code(7).has_no_secret();
    assert_eq!(lines(&run), "home/proc/c:1:1 clear\n");
    for place in ["proc", "sys", "dev"] {
        assert!(
            run.stderr.contains(&format!("skipped: {place}: file systems of the kernel")),
            "{}",
            run.stderr
        );
    }
}
