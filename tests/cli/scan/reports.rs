//! SARIF, CSV, lines of JSON, and tables as wide as the terminal.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::{gzip, invented, tar, write};
use crate::support::{Home, Tenant, valid_sarif};

fn tree(home: &Home) {
    write(home, "deploy/user data.sh", format!("#!/bin/bash\nKEY={}\n", invented(1)));
    write(home, "deploy/image.tar", tar(&[("opt/key", invented(1).as_bytes())]));
    write(home, "ä/b%20.gz", gzip(invented(2)));
}

fn sarif(home: &Home, arguments: &str) -> Value {
    let run = home.zpakey(format!("scan --offline -o sarif {arguments}")).run().has_no_secret();
    valid_sarif(&run)
}

fn results(log: &Value) -> &Vec<Value> {
    log.pointer("/runs/0/results").and_then(Value::as_array).unwrap()
}

/// Rule, address, line, column and the alert that it is.
fn alerts(log: &Value) -> Vec<(String, String, u64, u64, String)> {
    let text =
        |result: &Value, pointer: &str| result.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    let number = |result: &Value, pointer: &str| result.pointer(pointer).and_then(Value::as_u64).unwrap();
    let place = "/locations/0/physicalLocation";
    let alert = |result: &Value| {
        (
            text(result, "/ruleId"),
            text(result, &format!("{place}/artifactLocation/uri")),
            number(result, &format!("{place}/region/startLine")),
            number(result, &format!("{place}/region/startColumn")),
            text(result, "/partialFingerprints/zpakeyFinding~1v1"),
        )
    };
    results(log).iter().map(alert).collect()
}

#[test]
fn sarif_is_valid_with_findings_and_without() {
    let home = Home::new();
    tree(&home);
    let log = sarif(&home, "");
    let alerts = alerts(&log);
    let places: Vec<(&str, &str, u64, u64)> = alerts
        .iter()
        .map(|(rule, uri, line, column, _)| (rule.as_str(), uri.as_str(), *line, *column))
        .collect();
    assert_eq!(
        places,
        [
            ("zpa-key-unverified", "deploy/image.tar", 1, 1),
            ("zpa-key-unverified", "deploy/user%20data.sh", 2, 5),
            ("zpa-key-unverified", "%C3%A4/b%2520.gz", 1, 1),
        ]
    );
    let mut ids: Vec<&str> = alerts.iter().map(|alert| alert.4.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3, "two alerts are one");
    let rules = log.pointer("/runs/0/tool/driver/rules").and_then(Value::as_array).unwrap();
    for result in results(&log) {
        let index = result["ruleIndex"].as_u64().unwrap();
        assert_eq!(rules[usize::try_from(index).unwrap()]["id"], result["ruleId"]);
    }
    std::fs::create_dir(home.work().join("empty")).unwrap();
    assert!(results(&sarif(&home, "empty")).is_empty());
}

#[test]
fn an_alert_stays_the_same_when_its_line_moves() {
    let home = Home::new();
    let value = invented(1);
    write(&home, "a.sh", format!("KEY={value}\n"));
    let before = alerts(&sarif(&home, "."));
    write(&home, "a.sh", format!("#!/bin/sh\n# moved\n  KEY='{value}'\n"));
    let after = alerts(&sarif(&home, "."));
    assert_eq!((before[0].2, after[0].2), (1, 3));
    assert_eq!(before[0].4, after[0].4);
    // By its absolute path, and from another folder, it is the same as well.
    let absolute = alerts(&sarif(&home, &home.work().display().to_string()));
    assert_eq!((absolute[0].1.as_str(), &absolute[0].4), ("a.sh", &before[0].4));
    // Another value in its place, and the same in another file, are others.
    write(&home, "b.sh", format!("KEY={value}\n"));
    write(&home, "a.sh", format!("KEY={}\n", invented(2)));
    let others = alerts(&sarif(&home, "."));
    assert!(others.iter().all(|alert| alert.4 != before[0].4), "{others:?}");
}

#[test]
fn sarif_of_a_tenant_says_which_key_and_what_closes_it() {
    let tenant = Tenant::seeded(
        json!({"keys": [{"name": "prod"}, {"name": "off", "maxUsage": 10, "usageCount": 1, "enabled": false}]}),
    );
    for name in ["prod", "off"] {
        let value = tenant.zpakey(format!("reveal {name} --yes --raw")).run().code(0).stdout;
        write(tenant.home(), &format!("{name}.txt"), value);
    }
    write(tenant.home(), "theirs.txt", invented(1));
    let log = valid_sarif(&tenant.zpakey("scan -o sarif").run().code(7).has_no_secret());
    let found: Vec<(&str, &str)> = results(&log)
        .iter()
        .map(|result| (result["ruleId"].as_str().unwrap(), result["level"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [("zpa-key-closed", "note"), ("zpa-key-open", "error"), ("zpa-key-unknown", "warning")]
    );
    let message = log.pointer("/runs/0/results/1/message/text").and_then(Value::as_str).unwrap();
    assert!(message.contains("prod") && message.contains("zpakey rotate prod --compromised"), "{message}");
}

#[test]
fn other_commands_have_no_sarif() {
    let tenant = Tenant::with_keys(["prod"]);
    let run = tenant.zpakey("list -o sarif").run().code(2);
    run.stderr_has("sarif");
}

#[test]
fn csv_and_lines_of_json_have_a_finding_each() {
    let home = Home::new();
    tree(&home);
    let run = home.zpakey("scan --offline -o ndjson").run().code(7).has_no_secret();
    let paths: Vec<Value> = run.json_lines().into_iter().map(|line| line["path"].clone()).collect();
    assert_eq!(paths, ["deploy/image.tar", "deploy/user data.sh", "ä/b%20.gz"]);
    let run = home
        .zpakey("scan --offline -o csv --columns path,members,line,column,encodings,state,fingerprint")
        .run();
    run.code(7).has_no_secret().stdout_is(str![[r#"
path,members,line,column,encodings,state,fingerprint
deploy/image.tar,opt/key,1,1,,unverified,sha256:3037289eb373
deploy/user data.sh,,2,5,,unverified,sha256:3037289eb373
ä/b%20.gz,,1,1,,unverified,sha256:78fbd98df144

"#]]);
    let run = home.zpakey("scan --offline --field path").run().code(7);
    run.stdout_is("deploy/image.tar\ndeploy/user data.sh\nä/b%20.gz\n");
    home.zpakey("scan --offline -q").run().code(7).has_no_secret();
}

#[test]
fn a_table_fits_the_terminal() {
    let tenant = Tenant::seeded(json!({"keys": [{"name": "connectors-frankfurt-production"}]}));
    let value = tenant.zpakey("reveal connectors-frankfurt-production --yes --raw").run().code(0).stdout;
    let folder = "infrastructure/terraform/environments/production/frankfurt";
    write(tenant.home(), &format!("{folder}/terraform.tfstate"), &value);
    write(tenant.home(), &format!("{folder}/user-data.sh"), super::base64(&value));
    write(tenant.home(), "image.tar", tar(&[("opt/zscaler/var/provision_key", invented(1).as_bytes())]));
    super::run_in(
        &tenant.home().work(),
        "find",
        &[".", "-exec", "touch", "-d", "2026-11-20T10:00:00Z", "{}", "+"],
    );
    for (columns, expected) in [
        (
            80,
            str![[r#"
PLACE                           STATE    KEY                            ENCODING
image.tar!opt/z…vision_key:1:1  unknown  -                              clear
infrastructure/…rm.tfstate:1:1  open     connectors-fra…urt-production  clear
infrastructure/…er-data.sh:1:1  open     connectors-fra…urt-production  base64
3 key values (2 open, 1 unknown) · 3 files, 1.4 kB · tenant 216199618143191040
warning: connectors-frankfurt-production (38101) can enrol, and its value is in
  infrastructure/terraform/environments/production/frankfurt/terraform.tfstate:1:1
  (Terraform state) and in 1 more place:
  zpakey rotate connectors-frankfurt-production --compromised --since [DAY]

"#]],
        ),
        (
            160,
            str![[r#"
PLACE                                                                             STATE    KEY                              ENCODING  COMMIT
image.tar!opt/zscaler/var/provision_key:1:1                                       unknown  -                                clear     -
infrastructure/terraform/environments/production/frankfurt/terraform.tfstate:1:1  open     connectors-frankfurt-production  clear     -
infrastructure/terraform/environments/production/frankfurt/user-data.sh:1:1       open     connectors-frankfurt-production  base64    -
3 key values (2 open, 1 unknown) · 3 files, 1.4 kB · tenant 216199618143191040
warning: connectors-frankfurt-production (38101) can enrol, and its value is in infrastructure/terraform/environments/production/frankfurt/terraform.tfstate:1:1
  (Terraform state) and in 1 more place: zpakey rotate connectors-frankfurt-production --compromised --since [DAY]

"#]],
        ),
    ] {
        let mut terminal = tenant.zpakey("scan").window(columns, 40).terminal();
        assert_eq!(terminal.exit_code(), 7);
        let screen = terminal.steady_screen();
        assert!(!screen.contains(zpakey::sandbox::SECRET_MARKER));
        // Below the table there may be a path or a command, which is not cut.
        let (table, _) = screen.split_once("\n3 key values").unwrap();
        let widest = table.lines().map(|line| line.chars().count()).max();
        assert!(widest.unwrap_or_default() <= usize::from(columns), "{screen}");
        assert_data_eq!(screen, expected);
    }
}
