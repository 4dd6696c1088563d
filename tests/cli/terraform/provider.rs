//! The vendor's own provider under the installed `terraform`, against the sandbox.
//!
//! `ZPAKEY_TF_PROVIDER` names the folder with the provider's binary. Without it, or without `terraform`, each test says that
//! it is ignored.

#![expect(clippy::print_stdout, reason = "a test that is ignored says so")]

use std::{process::Command, time::Duration};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, Tls};

use super::nine_keys;
use crate::support::{Finished, Run, Tenant};

const MAIN: &str = "terraform {
  required_providers {
    zpa = { source = \"zscaler/zpa\" }
  }
}

provider \"zpa\" {}
";

/// What the examples on the provider's page of the resource show, in our own words: a key for a group of each kind, the
/// certificate by name, an explicit dependency. A service edge group needs its `city_country`, which the page leaves out.
const EXAMPLES: &str = r#"
data "zpa_enrollment_cert" "connector" {
  name = "Connector"
}

data "zpa_enrollment_cert" "edge" {
  name = "Service Edge"
}

resource "zpa_app_connector_group" "frankfurt" {
  name                     = "Frankfurt Connectors"
  description              = "two racks"
  enabled                  = true
  location                 = "Frankfurt, Germany"
  latitude                 = "50.11"
  longitude                = "8.68"
  city_country             = "Frankfurt, DE"
  country_code             = "DE"
  dns_query_type           = "IPV4_IPV6"
  upgrade_day              = "MONDAY"
  upgrade_time_in_secs     = "3600"
  override_version_profile = true
  version_profile_id       = 0
}

resource "zpa_provisioning_key" "connectors" {
  name               = "frankfurt_connectors"
  association_type   = "CONNECTOR_GRP"
  enrollment_cert_id = data.zpa_enrollment_cert.connector.id
  zcomponent_id      = zpa_app_connector_group.frankfurt.id
  max_usage          = "10"

  depends_on = [data.zpa_enrollment_cert.connector, zpa_app_connector_group.frankfurt]
}

resource "zpa_service_edge_group" "paris" {
  name                 = "Paris Edges"
  description          = "one rack"
  location             = "Paris, France"
  latitude             = "48.86"
  longitude            = "2.35"
  city_country         = "Paris, FR"
  upgrade_day          = "MONDAY"
  upgrade_time_in_secs = "3600"
  version_profile_id   = "0"
}

resource "zpa_provisioning_key" "edges" {
  name               = "paris-edges"
  association_type   = "SERVICE_EDGE_GRP"
  enrollment_cert_id = data.zpa_enrollment_cert.edge.id
  zcomponent_id      = zpa_service_edge_group.paris.id
  max_usage          = "10"
}
"#;

/// A tenant, and a directory in which `terraform` finds the provider.
struct Scene {
    tenant: Tenant,
    is_legacy: bool,
}

impl Scene {
    fn new(seed: Value) -> Option<Self> {
        let provider = provider()?;
        let contents = Contents::Seed(seed);
        let tenant = Tenant::with(Options { contents, tls: Tls::Proxy, ..Options::default() });
        let home = tenant.home();
        let overrides = format!("    \"zscaler/zpa\" = {}\n", json!(provider));
        home.write(
            "overrides.tfrc",
            &format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n}}\n"),
        );
        home.write("main.tf", MAIN);
        Some(Self { tenant, is_legacy: false })
    }

    /// A line as a shell runs it.
    fn shell(&self, line: &str) -> Run {
        let run = super::shell(&self.tenant, line).limit(Duration::from_secs(180));
        let file = self.tenant.home().work().join("overrides.tfrc");
        let run = run.env("TF_CLI_CONFIG_FILE", file.to_str().unwrap()).env("TF_IN_AUTOMATION", "1");
        if self.is_legacy { run.env("ZSCALER_USE_LEGACY_CLIENT", "true") } else { run }
    }

    #[track_caller]
    fn run(&self, line: &str) -> Finished {
        self.shell(line).run().code(0)
    }

    #[track_caller]
    fn apply(&self) -> Finished {
        self.run("terraform apply -no-color -input=false -auto-approve")
    }

    /// A plan has no changes.
    #[track_caller]
    fn assert_no_changes(&self) {
        self.run("terraform plan -no-color -input=false -detailed-exitcode");
    }

    /// Exports all keys, imports them, and takes the import blocks away.
    #[track_caller]
    fn bring_in(&self) {
        self.run("zpakey export --to terraform --all-microtenants --dir .");
        self.apply();
        self.run("rm zpa_provisioning_key_imports.tf");
        self.assert_no_changes();
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.tenant.home().read(file);
        assert!(text.contains(from), "{file} lacks {from}");
        self.tenant.home().write(file, &text.replacen(from, to, 1));
    }
}

/// The folder of the provider's binary; nothing if the tests cannot run, which is said.
fn provider() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one who runs the test says where the provider is")]
    let Ok(folder) = std::env::var("ZPAKEY_TF_PROVIDER") else {
        println!("ignored: ZPAKEY_TF_PROVIDER does not name a folder with the provider");
        return None;
    };
    match Command::new("terraform").arg("version").output() {
        Ok(_) => Some(folder),
        Err(error) => {
            println!("ignored: terraform: {error}");
            None
        }
    }
}

#[test]
#[ignore = "needs terraform and the folder of the vendor's provider in ZPAKEY_TF_PROVIDER"]
fn what_the_documentation_shows_lives_through_both_sign_ins() {
    for is_legacy in [false, true] {
        let Some(scene) = Scene::new(json!({})) else { return };
        let scene = Scene { is_legacy, ..scene };
        scene.tenant.home().write("examples.tf", EXAMPLES);
        let plan = scene.run("terraform plan -no-color -input=false").stdout;
        assert!(plan.contains("Plan: 4 to add, 0 to change, 0 to destroy."), "{plan}");
        scene.apply();
        scene.assert_no_changes();
        scene.edit("examples.tf", "max_usage          = \"10\"", "max_usage          = \"12\"");
        let applied = scene.apply().stdout;
        assert!(applied.contains("0 added, 1 changed, 0 destroyed"), "{applied}");
        assert_eq!(scene.tenant.key("frankfurt_connectors").unwrap()["maxUsage"], "12");
        // Terraform makes the two keys at the same time, in any order.
        let id = scene.tenant.key("frankfurt_connectors").unwrap()["id"].as_str().unwrap().to_owned();
        for wanted in [id.as_str(), "frankfurt_connectors"] {
            scene.run("terraform state rm zpa_provisioning_key.connectors");
            scene.run(&format!("terraform import -no-color zpa_provisioning_key.connectors {wanted}"));
            scene.assert_no_changes();
        }
        // Terraform cannot disable a key: the difference never ends. zpakey can.
        scene.edit(
            "examples.tf",
            "max_usage          = \"12\"",
            "max_usage          = \"12\"\n  enabled = false",
        );
        scene.apply();
        let after = scene.shell("terraform plan -no-color -input=false -detailed-exitcode").run();
        assert_eq!(after.code, 2, "the provider sends enabled = false now");
        scene.run("zpakey disable frankfurt_connectors --yes");
        scene.edit("examples.tf", "max_usage          = \"12\"", "max_usage          = \"1\"");
        scene.assert_no_changes();
        let gone = scene.run("terraform destroy -no-color -input=false -auto-approve").stdout;
        assert!(gone.contains("4 destroyed"), "{gone}");
        assert_eq!(scene.tenant.state()["keys"], json!([]));
    }
}

#[test]
#[ignore = "needs terraform and the folder of the vendor's provider in ZPAKEY_TF_PROVIDER"]
fn an_export_imports_and_changes_nothing_then_nor_after_an_enrolment_and_a_renamed_group() {
    for options in ["", "--references literal", "--labels id --no-protect --ignore max_usage,enabled"] {
        let Some(scene) = Scene::new(nine_keys()) else { return };
        scene.run(&format!("zpakey export --to terraform --all-microtenants --dir . {options}"));
        let plan = scene.run("terraform plan -no-color -input=false").stdout;
        assert!(plan.contains("Plan: 9 to import, 0 to add, 0 to change, 0 to destroy."), "{plan}");
        scene.apply();
        scene.run("rm zpa_provisioning_key_imports.tf");
        scene.assert_no_changes();
        // The state has what the tenant has.
        let findings =
            scene.run("terraform state pull | zpakey export --from-tfstate - -o json").has_no_secret();
        let found = findings.json();
        assert_eq!(found.as_array().unwrap().len(), 9);
        assert!(found.as_array().unwrap().iter().all(|one| one["finding"] == "same"), "{found}");
        let text = scene.run("zpakey reveal portal --yes --raw").stdout;
        scene.tenant.enroll(&text).unwrap();
        let group = format!(
            "{}/zpa/mgmtconfig/v1/admin/customers/{}/appConnectorGroup/{}",
            scene.tenant.access().api_url,
            scene.tenant.access().customer_id,
            super::AWS
        );
        let rename = "curl -sf -X PUT -H \"Authorization: Bearer $(zpakey auth token --yes)\" -H 'Content-Type: application/json'";
        scene.run(&format!("{rename} -d \"$(curl -sf -H \"Authorization: Bearer $(zpakey auth token --yes)\" {group} | sed 's/AWS us-east-1/Renamed/')\" {group}"));
        assert!(scene.tenant.state().to_string().contains("\"Renamed\""));
        scene.assert_no_changes();
        // Data sources read the same keys.
        scene.run("rm zpa_provisioning_key*.tf");
        scene.run("terraform state list | grep ^zpa_ | xargs terraform state rm");
        scene.run("zpakey export --to terraform --all-microtenants --as data --dir . --force");
        scene.apply();
        scene.assert_no_changes();
    }
}

#[test]
#[ignore = "needs terraform and the folder of the vendor's provider in ZPAKEY_TF_PROVIDER"]
fn after_a_rotation_the_printed_lines_give_a_plan_without_changes() {
    let Some(scene) = Scene::new(nine_keys()) else { return };
    scene.bring_in();
    let line =
        "terraform state pull | zpakey rotate acl-one --tfstate - --no-deliver --settle 0s --yes -o json";
    let rebind = scene.run(line).has_no_secret().json()["terraform"].clone();
    scene.run(rebind["state_rm"].as_str().unwrap());
    scene.tenant.home().write("rebind.tf", rebind["import"].as_str().unwrap());
    let applied = scene.apply().stdout;
    assert!(applied.contains("1 imported, 0 added, 0 changed, 0 destroyed"), "{applied}");
    scene.run("rm rebind.tf");
    scene.assert_no_changes();
    assert!(scene.tenant.key("acl-one").unwrap()["id"] != "38101");
}

#[test]
#[ignore = "needs terraform and the folder of the vendor's provider in ZPAKEY_TF_PROVIDER"]
fn an_apply_after_a_rotation_wrecks_a_tenant_and_status_mends_it() {
    let rotate = "zpakey rotate acl-one --no-deliver --settle 0s --yes";
    let mended = |scene: &Scene, status: &Value| {
        let commands: Vec<&str> =
            status["remedy"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        scene.run(&format!("set -e\n{}", commands.join("\n")));
        scene.assert_no_changes();
        let status = scene.run("zpakey status acl-one").json();
        assert_eq!((&status["state"], &status["remedy"]), (&json!("swapped"), &json!([])));
    };
    // Names are free: the apply gives the predecessor its name back.
    let mut seed = nine_keys();
    seed["quirks"] = json!({"names": "free"});
    let Some(scene) = Scene::new(seed) else { return };
    scene.bring_in();
    scene.run(rotate);
    scene.apply();
    assert_eq!(scene.tenant.key("38101").unwrap()["name"], "acl-one");
    let status = scene.run("zpakey status acl-one").has_no_secret().json();
    assert_eq!(status["state"], "ambiguous");
    mended(&scene, &status);
    // Names are unique: the apply fails, and each one after it.
    let Some(scene) = Scene::new(nine_keys()) else { return };
    scene.bring_in();
    scene.run(rotate);
    for _ in 0..2 {
        let failed = scene.shell("terraform apply -no-color -input=false -auto-approve").run();
        failed.code(1).stderr_has("duplicate.name");
    }
    let line = "terraform state pull | zpakey status acl-one --tfstate - -o json";
    let status = scene.run(line).has_no_secret().json();
    assert!(status["remarks"].to_string().contains("fails if names are unique"), "{status}");
    mended(&scene, &status);
    // The profile alone says so too.
    scene.run("zpakey rotate acl-two --no-deliver --settle 0s --yes");
    let status = scene.run("ZPAKEY_TERRAFORM=true zpakey status acl-two").json();
    let commands: Vec<&str> =
        status["remedy"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    scene.run(&format!("set -e\n{}", commands.join("\n")));
    scene.assert_no_changes();
}

#[test]
#[ignore = "needs terraform and the folder of the vendor's provider in ZPAKEY_TF_PROVIDER"]
fn sandbox_run_serves_terraform_a_tenant_of_its_own() {
    let Some(scene) = Scene::new(json!({})) else { return };
    scene.tenant.home().write("tenant.json", &nine_keys().to_string());
    let line = "zpakey sandbox run --seed tenant.json -- sh -c 'zpakey export --to terraform --dir . && terraform plan -no-color -input=false'";
    let plan = scene.run(line).stdout;
    assert!(plan.contains("Plan: 9 to import, 0 to add, 0 to change, 0 to destroy."), "{plan}");
}

/// What makes the guide's lines run unattended: questions are answered with yes, and the provider needs no installation.
const UNATTENDED: &str = r#"set -euo pipefail
export TF_CLI_ARGS_plan=-no-color
zpakey() { case $1 in rotate) set -- "$@" --settle 0s ;; esac; "$ZPAKEY" --yes "$@"; }
terraform() {
    case $1 in
        init) ;;
        apply) command terraform "$@" -no-color -input=false -auto-approve ;;
        *) command terraform "$@" ;;
    esac
}
"#;

/// The blocks of shell lines in the guide below a heading of it or before it.
fn guide(part: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/guides/terraform.md");
    let text = part(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut blocks, mut open): (Vec<String>, Option<String>) = (Vec::new(), None);
    for line in text.lines() {
        match (line.trim(), open.as_mut()) {
            ("```", Some(_)) => blocks.extend(open.take()),
            ("```sh" | "```sh,no-run", None) => open = Some(String::new()),
            (_, Some(block)) => block.extend([line, "\n"]),
            (_, None) => {}
        }
    }
    blocks
}

#[test]
#[ignore = "needs terraform and the folder of the vendor's provider in ZPAKEY_TF_PROVIDER"]
fn the_lines_of_the_guide_work_in_their_order() {
    const TRY: &str = "## Try it without a tenant";
    let Some(scene) = Scene::new(json!({"keys": [{"name": "build-runners", "maxUsage": 50}]})) else {
        return;
    };
    let bash = |scene: &Scene, block: &str| {
        let run =
            scene.shell("").arguments(["-c".to_owned(), format!("{UNATTENDED}{block}")]).through("bash");
        let directory = std::path::Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
        #[expect(clippy::disallowed_methods, reason = "what a test starts is found where cargo was")]
        let path = std::env::var("PATH").unwrap_or_default();
        run.env("PATH", format!("{}:{path}", directory.display())).run().code(0).stdout
    };
    let blocks = guide(|text| text.split_once(TRY).map(|(before, _)| before.to_owned()));
    assert!(blocks.len() >= 7, "{}", blocks.len());
    let answers: Vec<String> = blocks.iter().map(|block| bash(&scene, block)).collect();
    assert!(answers[1].contains("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."), "{}", answers[1]);
    let bound = blocks.iter().position(|block| block.contains("terraform import")).unwrap();
    assert!(answers[bound].contains("No changes."), "{}", answers[bound]);
    assert!(answers.last().unwrap().contains("\"finding\":\"same\""), "{answers:?}");
    let Some(scene) = Scene::new(json!({})) else { return };
    scene.tenant.home().write("tenant.json", &nine_keys().to_string());
    let blocks = guide(|text| text.split_once(TRY).map(|(_, after)| after.to_owned()));
    assert_eq!(blocks.len(), 1);
    let answer = bash(&scene, &blocks[0]);
    assert!(answer.contains("Plan: 9 to import, 0 to add, 0 to change, 0 to destroy."), "{answer}");
}
