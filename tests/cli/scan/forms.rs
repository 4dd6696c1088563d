//! The files in which keys lie.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{
    assert_tells_no_part, base64, fingerprints, gzip, invented, lines, offline, utf16, wrapped, write,
};
use crate::support::Home;

/// Each form with the name of its file.
fn forms(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let script = format!("#!/bin/bash\nset -e\necho \"{value}\" > /opt/zscaler/var/provision_key\n");
    let key = json!({"id": "38101", "name": "prod", "provisioning_key": value});
    let resource = |values| json!({"address": "zpa_provisioning_key.prod", "values": values});
    let state = json!({"version": 4, "resources": [
        {"type": "zpa_provisioning_key", "name": "prod", "instances": [{"attributes": key}]},
    ]});
    let shown = json!({
        "planned_values": {"root_module": {"resources": [resource(&key)]}},
        "resource_changes": [{"change": {"before": key, "after": key}}],
        "prior_state": {"values": {"root_module": {"resources": [resource(&key)]}}},
    });
    let quoted = value
        .replace('=', "=3D")
        .replace('|', "=7C")
        .as_bytes()
        .chunks(72)
        .map(|line| format!("{}=\r\n", String::from_utf8_lossy(line)))
        .collect::<Vec<_>>()
        .concat();
    let texts = [
        ("user-data.sh", script.clone()),
        (
            "cloud-init.yaml",
            format!(
                "#cloud-config\nwrite_files:\n  - path: /opt/zscaler/var/provision_key\n    content: {value}\n\
             runcmd:\n  - [sh, -c, 'echo \"{value}\" > /tmp/k']\n"
            ),
        ),
        (
            "cloud-init-b64.yaml",
            format!("#cloud-config\nwrite_files:\n  - encoding: b64\n    content: {}\n", base64(value)),
        ),
        (
            "k8s/secret.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: zpa\ndata:\n  provision_key: {}\n",
                base64(value)
            ),
        ),
        (
            "k8s/wrapped.yaml",
            format!(
                "kind: Secret\ndata:\n  provision_key: |\n    {}\n",
                wrapped(&base64(value), 64, "\n    ")
            ),
        ),
        (
            "docker-compose.yml",
            format!("services:\n  ac:\n    environment:\n      - ZPA_PROVISION_KEY={value}\n"),
        ),
        (".env", format!("ZPA_CUSTOMER_ID=1\nZPA_PROVISION_KEY='{value}'\n")),
        ("terraform.tfstate", serde_json::to_string_pretty(&state).unwrap()),
        ("terraform.tfstate.backup", serde_json::to_string_pretty(&state).unwrap()),
        ("plan.json", shown.to_string()),
        (
            "apply.log",
            format!(
                "2026-11-27T10:00:00.000Z [INFO]  provider.terraform-provider-zpa_v4.4.7: [INFO] Created provisioning \
             key request. ID: &{{ID:38101 Name:prod ProvisioningKey:{value} EnrollmentCertID:16560}}\n"
            ),
        ),
        ("main.tf", format!("locals {{\n  provisioning_key = \"{value}\"\n}}\n")),
        ("group_vars/all.yml", format!("---\nzpa:\n  provision_key: '{value}'\n")),
        ("instance.json", json!({"UserData": {"Value": base64(&script)}}).to_string()),
        ("instance-gz.json", json!({"user_data_base64": base64(gzip(&script))}).to_string()),
        (".bash_history", format!("cd /opt\necho '{value}' | sudo tee /opt/zscaler/var/provision_key\nls\n")),
        (
            "escaped.json",
            format!("{{\n \"key\": \"{}\"\n}}\n", value.replace('|', "\\u007c").replace('/', "\\/")),
        ),
        (
            "access.log",
            format!(
                "GET /?k={} HTTP/1.1\n",
                value.replace('|', "%7C").replace('+', "%2B").replace('/', "%2F")
            ),
        ),
        (
            "page.html",
            format!("<p>Key:\n<code>{}</code>\n", value.replace('|', "&#124;").replace('+', "&plus;")),
        ),
        ("mail.eml", format!("Content-Transfer-Encoding: quoted-printable\r\n\r\nkey: {quoted}\r\n")),
        ("umlaut.txt", format!("Schlüssel für die Außenstelle: {value}\n")),
    ];
    let mut forms: Vec<(&str, Vec<u8>)> =
        texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    forms.push(("export.reg", utf16(&format!(
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Zscaler]\r\n\"Key\"=\"{value}\"\r\n"
    ))));
    forms
}

#[test]
fn a_value_is_found_in_each_form_at_its_place() {
    let (home, value) = (Home::new(), invented(1));
    let forms = forms(&value);
    for (name, content) in &forms {
        write(&home, name, content);
    }
    let run = offline(&home, "").run().code(7).has_no_secret();
    assert_tells_no_part(&run, &value);
    assert_eq!(fingerprints(&run).len(), 1, "an encoding was not wholly undone\n{}", run.stdout);
    assert_data_eq!(
        lines(&run),
        str![[r#"
.bash_history:2:7 clear
.env:2:20 clear
access.log:1:9 percent
apply.log:1:156 clear
cloud-init-b64.yaml:4:14 base64
cloud-init.yaml:4:14 clear
cloud-init.yaml:6:21 clear
docker-compose.yml:4:27 clear
escaped.json:2:10 json
export.reg:4:8 utf16
group_vars/all.yml:3:19 clear
instance-gz.json:1:22 base64+gzip
instance.json:1:56 base64
k8s/secret.yaml:6:18 base64
k8s/wrapped.yaml:4:5 base64
mail.eml:3:6 quoted_printable
main.tf:2:23 clear
page.html:2:7 html
plan.json:1:144 clear
plan.json:1:668 clear
plan.json:1:1156 clear
plan.json:1:1740 clear
terraform.tfstate:12:34 clear
terraform.tfstate.backup:12:34 clear
umlaut.txt:1:32 clear
user-data.sh:3:7 clear

"#]]
    );
}

#[test]
fn a_form_on_standard_input_is_found_as_in_a_file() {
    let (home, value) = (Home::new(), invented(1));
    for (name, content) in forms(&value) {
        write(&home, "form", &content);
        let of_file = lines(&offline(&home, "form").run().code(7));
        let of_input = offline(&home, "-").stdin(content).run().code(7).has_no_secret();
        assert_eq!(lines(&of_input).replace("-:", "form:"), of_file, "{name}");
    }
}

#[test]
fn several_values_in_a_file_are_several_findings() {
    let home = Home::new();
    let all = (1..=3).map(|number| format!("key: {}\n", invented(number))).collect::<Vec<_>>().concat();
    write(&home, "keys.txt", format!("{all}{}", base64(&all)));
    let run = offline(&home, "keys.txt").run().code(7).has_no_secret();
    assert_eq!(fingerprints(&run).len(), 3, "{}", run.stdout);
    assert_data_eq!(
        lines(&run),
        str![[r#"
keys.txt:1:6 clear
keys.txt:2:6 clear
keys.txt:3:6 clear
keys.txt:4:7 base64
keys.txt:4:587 base64
keys.txt:4:1167 base64

"#]]
    );
}

#[test]
fn gitignore_leaves_out_what_it_names_and_nothing_else_does() {
    let (home, value) = (Home::new(), invented(1));
    for name in ["seen.txt", ".hidden/k", "secret.env", "node_modules/x/k"] {
        write(&home, name, &value);
    }
    write(&home, ".ignore", "secret.env\n");
    let run = offline(&home, "").run().code(7);
    assert_data_eq!(
        lines(&run),
        str![[r#"
.hidden/k:1:1 clear
node_modules/x/k:1:1 clear
secret.env:1:1 clear
seen.txt:1:1 clear

"#]]
    );
    let run = offline(&home, "--gitignore").run().code(7);
    assert_data_eq!(
        lines(&run),
        str![[r#"
.hidden/k:1:1 clear
node_modules/x/k:1:1 clear
seen.txt:1:1 clear

"#]]
    );
}

#[test]
fn a_name_that_holds_a_value_is_shown_without_it() {
    let (home, value) = (Home::new(), invented(1));
    let name = value.replace('/', "A");
    let (blob, name) = (&name[..200], format!("k={}", &name[..200]));
    write(&home, &name, &value);
    std::fs::write(home.work().join("a.tar"), super::tar(&[(name.as_str(), value.as_bytes())])).unwrap();
    for form in ["json", "table", "wide", "csv", "ndjson", "sarif", "yaml"] {
        let run = home.zpakey(format!("scan --offline -o {form} -v")).run().code(7).has_no_secret();
        assert!(!run.stdout.contains(&blob[40..80]) && !run.stderr.contains(&blob[40..80]), "{form}");
    }
}
