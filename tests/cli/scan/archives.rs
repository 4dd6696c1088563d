//! What is in archives and images of disks.

use std::io::{Seek as _, SeekFrom, Write as _};

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{
    assert_tells_no_part, base64, fingerprints, gzip, invented, lines, offline, tar, text, wrapped, write,
    zip,
};
use crate::support::Home;

/// A saved plan, as `terraform plan -out` writes it.
fn saved_plan(value: &str) -> Vec<u8> {
    let state =
        json!({"version": 4, "resources": [{"instances": [{"attributes": {"provisioning_key": value}}]}]});
    let state = serde_json::to_vec_pretty(&state).unwrap();
    let plan = [b"\x08\x03\x12\x04key\xda\x01\xad\x03", value.as_bytes(), b"\x1a\x00"].concat();
    zip(&[("tfplan", &plan), ("tfstate", &state), ("tfstate-prev", &state), ("tfconfig/modules.json", b"[]")])
}

/// An image, as `docker save` and `podman save` write it: a tar of layers, which are tars, one of them packed.
fn saved_image(value: &str) -> Vec<u8> {
    let layer =
        tar(&[("etc/hostname", b"ac\n"), ("opt/zscaler/var/provision_key", format!("{value}\n").as_bytes())]);
    let config = json!({"config": {"Env": ["PATH=/bin", format!("ZPA_PROVISION_KEY={value}")]}}).to_string();
    tar(&[
        ("manifest.json", b"[]"),
        ("blobs/sha256/0a", config.as_bytes()),
        ("blobs/sha256/0b", &layer),
        ("blobs/sha256/0c", &gzip(&layer)),
    ])
}

#[test]
fn archives_are_told_by_their_first_bytes_and_looked_into() {
    let (home, value) = (Home::new(), invented(2));
    write(&home, "saved", saved_plan(&value));
    write(&home, "image", saved_image(&value));
    let inner = zip(&[("conf/ac.env", format!("A=1\nKEY={value}\n").as_bytes())]);
    write(&home, "backup.dat", gzip(tar(&[("home/", b""), ("home/conf.zip", &inner)])));
    write(&home, "syslog.1.gz", gzip(format!("one\ntwo {value}\n")));
    write(&home, "joined.gz", [gzip("first\n"), gzip(&value)].concat());
    let run = offline(&home, "").run().code(7).has_no_secret();
    assert_tells_no_part(&run, &value);
    assert_eq!(fingerprints(&run).len(), 1);
    assert_data_eq!(
        lines(&run),
        str![[r#"
backup.dat!home/conf.zip!conf/ac.env:2:5 clear
image!blobs/sha256/0a:1:50 clear
image!blobs/sha256/0b!opt/zscaler/var/provision_key:1:1 clear
image!blobs/sha256/0c!opt/zscaler/var/provision_key:1:1 clear
joined.gz:2:1 clear
saved!tfplan:1:12 clear
saved!tfstate:8:34 clear
saved!tfstate-prev:8:34 clear
syslog.1.gz:2:5 clear

"#]]
    );
    let list = run.json();
    for finding in list.as_array().unwrap() {
        let kind = if text(finding, "path") == "saved" { "a saved Terraform plan" } else { "" };
        assert_eq!(text(finding, "file_kind"), kind, "{finding}");
    }
    let image = std::fs::read(home.work().join("image")).unwrap();
    let streamed = offline(&home, "-").stdin(image).run().code(7).has_no_secret();
    assert_data_eq!(
        lines(&streamed),
        str![[r#"
-!blobs/sha256/0a:1:50 clear
-!blobs/sha256/0b!opt/zscaler/var/provision_key:1:1 clear
-!blobs/sha256/0c!opt/zscaler/var/provision_key:1:1 clear

"#]]
    );
}

/// Unit: bytes.
const MIB: u64 = 1 << 20;

#[test]
fn an_image_of_a_disk_is_looked_at_across_the_borders_of_windows() {
    let (home, value) = (Home::new(), invented(3));
    let mut file = std::fs::File::create(home.work().join("disk.img")).unwrap();
    // A window has 2 MiB, and its last 128 KiB again in the next one.
    let block = wrapped(&base64(format!("KEY={value}\n")), 76, "\n");
    for border in [2 * MIB, 2 * MIB - (128 << 10), 31 * MIB / 2] {
        file.seek(SeekFrom::Start(border - 200)).unwrap();
        file.write_all(value.as_bytes()).unwrap();
    }
    file.seek(SeekFrom::Start(24 * MIB)).unwrap();
    file.write_all(b"\n").unwrap();
    // One in each 64 KiB, wherever the borders of the later windows are.
    for step in 0..40 {
        file.seek(SeekFrom::Start(24 * MIB + 1 + step * 64 * 1024)).unwrap();
        file.write_all(block.as_bytes()).unwrap();
    }
    file.set_len(64 * MIB).unwrap();
    let run = offline(&home, "disk.img").run().code(7).has_no_secret();
    let list = run.json();
    let findings = list.as_array().unwrap();
    assert_eq!(findings.len(), 43, "{}", lines(&run));
    assert_eq!(fingerprints(&run).len(), 1);
    let mut places: Vec<u64> =
        findings.iter().take(3).map(|finding| finding["column"].as_u64().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, [2 * MIB - (128 << 10) - 199, 2 * MIB - 199, 31 * MIB / 2 - 199]);
    run.stderr_has("67.1 MB");
}
