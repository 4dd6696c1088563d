//! What only looks like a key value: not one of these is found, whatever the encoding.

use super::{base64, gzip, invented, offline, utf16, write};
use crate::support::Home;

const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const SHA512: &str =
    "sha512-7iaw3Ur350mqGo7jwQrpkj9hiYB3Lkc/iBml1JQODbJ6wYX4oOHV+E+IvIh/1nsUNzLDBMxfqa2Ob1f1ACio/w==";

/// Texts with the names of their files.
fn texts() -> Vec<(&'static str, String)> {
    let value = invented(6);
    let (head, blob) = value.rsplit_once('|').unwrap();
    vec![
        (
            "table.md",
            format!(
                "| n | host | sum |\n|---|---|---|\n|3|api.private.zscaler.com|{SHA256}|\n|1|example.com|ok|\n"
            ),
        ),
        ("table-of-base64.md", format!("| n | host | key |\n|3|cdn.example.org|{}|\n", base64(&blob[..60]))),
        ("spaced.md", format!("| 3 | api.private.zscaler.com | {blob} |\n")),
        (
            "jwt.txt",
            format!(
                "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{}.{}\n",
                base64(blob).replace('=', ""),
                base64(SHA256).replace('=', "")
            ),
        ),
        (
            "id_ed25519.pub",
            format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{} user@example.org\n", &blob[..43]),
        ),
        (
            "id_rsa",
            format!(
                "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n",
                super::wrapped(&base64(blob.repeat(3)), 70, "\n")
            ),
        ),
        (
            "cert.pem",
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                super::wrapped(&base64(blob.repeat(3)), 64, "\n")
            ),
        ),
        (
            "package-lock.json",
            format!(
                "{{\"packages\": {{\"node_modules/a\": {{\"version\": \"3\", \"integrity\": \"{SHA512}\"}}}}}}\n"
            ),
        ),
        (
            "yarn.lock",
            format!(
                "a@^1:\n  resolved \"https://registry.yarnpkg.com/a/-/a-1.tgz#{SHA256}\"\n  integrity {SHA512}\n"
            ),
        ),
        ("Cargo.lock", format!("[[package]]\nname = \"a\"\nchecksum = \"{SHA256}\"\n")),
        ("go.sum", "golang.org/x/net v0.1.0 h1:hZ/3BUoy5aId7sCpA/Tc5lt8DkFgdVS2onTpJsZ/fl0=\n".to_owned()),
        ("SHA256SUMS", format!("{SHA256}  3|api.private.zscaler.com\n")),
        ("hash-of-a-key.txt", format!("{head}|{SHA256}\n")),
        ("cut-key.txt", format!("{head}|{}…\n", &blob[..30])),
        (
            "placeholder.tf",
            format!("provisioning_key = \"{head}|<key>\"\nother = \"{head}|${{var.blob}}\"\n"),
        ),
        ("no-version.txt", format!("key|api.private.zscaler.com|{blob}\n")),
        ("address.txt", format!("3|10.0.0.1|{blob}\n3|localhost|{blob}\n3|-bad.example|{blob}\n")),
        ("zpa.log", "2026-11-27|INFO|api.private.zscaler.com|200|GET /mgmtconfig/v1/admin\n".repeat(20)),
        (
            "psv.csv",
            "1|a.example.com|PASS\n2|b.example.com|FAIL\n3|c.example.com|SKIPPED_BECAUSE_OF_A_REASON\n"
                .to_owned(),
        ),
        ("data-uri.css", format!("a{{background:url(data:image/png;base64,{})}}\n", base64(blob.repeat(4)))),
        ("pipes.sh", "cat a|grep api.private.zscaler.com|sort|uniq -c|head -3|tr a-z A-Z|tee b\n".to_owned()),
        (
            "regex.py",
            r"KEY = re.compile(r'\b[0-9]\|[a-z0-9.-]{4,253}\.(?:com|net)\|[A-Za-z0-9+/]{40,}={0,2}')"
                .to_owned(),
        ),
        ("uuid.json", "{\"id\": \"3f2504e0-4f89-11d3-9a0c-0305e82c3301\", \"n\": 3}\n".repeat(30)),
        ("minified.js", "var a=1|b.example.com|c,d=a||b.c|e;".repeat(200)),
    ]
}

#[test]
fn look_alikes_are_not_found() {
    let home = Home::new();
    let texts = texts();
    assert!(texts.len() >= 20, "{}", texts.len());
    for (name, text) in &texts {
        write(&home, name, text);
        // The encodings must not make one of them.
        write(&home, &format!("encoded/{name}.b64"), base64(text));
        write(&home, &format!("encoded/{name}.gz"), gzip(text));
        write(&home, &format!("encoded/{name}.utf16"), utf16(text));
        write(&home, &format!("encoded/{name}.json"), serde_json::to_string(text).unwrap());
        write(&home, &format!("encoded/{name}.percent"), text.replace('|', "%7C"));
    }
    let run = offline(&home, "").run();
    assert_eq!(run.stdout, "[]\n", "{}", run.stderr);
    let run = run.code(0);
    run.stderr_has("no key values found");
}

#[test]
fn the_program_itself_and_its_sources_hold_none() {
    let home = Home::new();
    let root = env!("CARGO_MANIFEST_DIR");
    for part in ["src", "docs", "README.md", "man"] {
        let run = offline(&home, &format!("{root}/{part}")).run();
        assert_eq!((run.code, run.stdout.as_str()), (0, "[]\n"), "{part}");
    }
}
