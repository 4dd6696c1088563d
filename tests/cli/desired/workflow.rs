//! The GitHub workflow under `examples/`: its command lines, run as they stand.

use std::fs;
use std::path::Path;

use super::*;

#[test]
fn the_command_lines_of_the_workflow_work() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("examples/github/zpakey-keys.yml")).unwrap();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| line.starts_with("zpakey ")).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let tenant = tenant(&json!([{"name": "runners", "maxUsage": 50, "usageCount": 45}]));
    write(
        &tenant,
        "- {name: runners, type: connector, group: AWS us-east-1, uses: {keep: 10}}\n\
         - {name: \"new|<img>\", type: connector, group: AWS us-east-1, uses: closed}\n",
    );
    let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
    for line in lines {
        let script = format!("PATH={}:$PATH\n{line}", directory.display());
        tenant
            .zpakey(["-c".to_owned(), script])
            .through("/bin/sh")
            .env("CI", "true")
            .run()
            .code(0)
            .has_no_secret();
    }
    let comment = tenant.home().read("plan.md");
    assert!(comment.contains("| update | connector | runners | max\\_usage 50 -&gt; 55 |"), "{comment}");
    assert!(comment.contains("| missing | connector | new\\|&lt;img&gt; |"), "{comment}");
    assert_eq!(tenant.key("runners").unwrap()["maxUsage"], "55");
}
