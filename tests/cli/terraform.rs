//! Keys that Terraform has, too: what `export` writes, and what becomes of them in a rotation.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod export;
mod export_files;
mod export_forms;
mod export_properties;
mod from_state;
mod provider;
mod rotation;
mod wrecks;

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{Home, Run, Tenant};

const AWS: &str = "72058304855047746";
const SUBTENANT: &str = "216199618143190001";

/// Keys with all that needs care: IP ACLs in two orders, what the API keeps beside them, each state, and odd names.
fn nine_keys() -> Value {
    json!({
        "microtenants": [{"id": SUBTENANT, "name": "Subsidiary"}],
        "keys": [
            {"name": "acl-one", "ipAcl": ["10.0.0.1/32", "10.0.0.0/8", "192.0.2.7"]},
            {"name": "acl-two", "ipAcl": ["192.0.2.7", "10.0.0.0/8", "10.0.0.1/32"]},
            {"name": "portal", "uiConfig": "{\"tab\": \"${x}\"}"},
            {"name": "stopped", "enabled": false},
            {"name": "second-group", "appConnectorGroupId": AWS},
            {"name": "a & \"b\" ${x} %{y}"},
            {"name": "used-up", "maxUsage": "2", "usageCount": "2"},
            {"name": "subsidiary", "microtenantId": SUBTENANT},
            {"name": "20261127"},
        ],
    })
}

/// What `terraform fmt` makes of a file, which must be nothing; where it is not installed, the test says so.
#[expect(clippy::print_stdout, reason = "a test that is skipped in part says so")]
fn assert_formatted(home: &Home, file: &str) {
    let run =
        Command::new("terraform").args(["fmt", "-check", "-diff", file]).current_dir(home.work()).output();
    match run {
        Ok(output) => {
            let difference = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{difference}{}", String::from_utf8_lossy(&output.stderr));
        }
        Err(error) => println!("ignored: terraform fmt -check: {error}"),
    }
}

/// Reads Terraform's language with a parser that is not ours.
fn parsed(text: &str) -> hcl::Body {
    hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The blocks of a type, each with its last label.
fn blocks<'a>(body: &'a hcl::Body, kind: &str) -> Vec<(String, &'a hcl::Block)> {
    let label =
        |block: &hcl::Block| block.labels.last().map_or_else(String::new, |label| label.as_str().to_owned());
    body.blocks()
        .filter(|block| block.identifier.as_str() == kind)
        .map(|block| (label(block), block))
        .collect()
}

/// An attribute of a block: a literal as its value, anything else as it is written.
fn attribute(block: &hcl::Block, name: &str) -> Option<Value> {
    let attribute = block.body.attributes().find(|attribute| attribute.key.as_str() == name)?;
    let evaluated = hcl::eval::Evaluate::evaluate(&attribute.expr, &hcl::eval::Context::new());
    Some(match evaluated {
        Ok(value) => serde_json::to_value(value).unwrap(),
        Err(_) => Value::from(hcl::format::to_string(&attribute.expr).unwrap()),
    })
}

/// Runs an export to standard output, which is read by the parser and by `terraform fmt`.
fn exported(tenant: &Tenant, arguments: &str) -> String {
    let run = tenant.zpakey(format!("export --to terraform {arguments}")).run().code(0).has_no_secret();
    tenant.home().write("exported.tf", &run.stdout);
    assert_formatted(tenant.home(), "exported.tf");
    parsed(&run.stdout);
    run.stdout
}

fn has(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A state with keys of these ids, each with its index key, all of one resource.
fn state_of(keys: &[(&str, Option<Value>)]) -> String {
    let instance = |(id, index): &(&str, Option<Value>)| {
        let mut instance = json!({"attributes": {"id": id, "association_type": "CONNECTOR_GRP"}});
        if let Some(index) = index {
            instance.as_object_mut().unwrap().insert("index_key".to_owned(), index.clone());
        }
        instance
    };
    let instances: Vec<Value> = keys.iter().map(instance).collect();
    let resource =
        json!({"mode": "managed", "type": "zpa_provisioning_key", "name": "held", "instances": instances});
    json!({"version": 4, "resources": [resource]}).to_string()
}

/// A command line as a shell runs it, with the program on the path.
fn shell(tenant: &Tenant, line: &str) -> Run {
    let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
    let script = format!("PATH={}:$PATH\n{line}", directory.display());
    tenant.zpakey(["-c".to_owned(), script]).through("/bin/sh")
}
