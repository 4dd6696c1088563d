//! The file that a connector on this machine enrols with. `/opt` is one of the test's own, where the system lets it.

use serde_json::json;
use snapbox::str;

use crate::support::{Finished, Tenant};

/// Runs a script as root of a machine of its own: its `/opt` is empty and in memory. Nothing where that cannot be had.
fn on_a_host(tenant: &Tenant, script: &str) -> Option<Finished> {
    let script = format!("mount -t tmpfs none /opt || exit 99\n{script}");
    let run = tenant.zpakey(["-rm", "sh", "-c", &script]).through("unshare").run();
    if run.code == 99 || run.stderr.starts_with("unshare:") {
        super::skipped("no file system can be mounted here");
        return None;
    }
    Some(run)
}

fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "prod"},
        {"name": "edge", "association_type": "SERVICE_EDGE_GRP"},
        {"name": "web", "association_type": "EXPORTER_GRP", "zcomponentId": "72058304855047763"},
    ]}))
}

#[test]
fn a_connectors_file_is_written_for_its_service_and_what_is_left_to_do_is_said() {
    let script = r#"umask 077; mkdir -p -m 755 /opt/zscaler/var
        "$ZPAKEY" reveal prod --connector-file || exit
        stat -c '%a %s' /opt/zscaler/var/provision_key; wc -l </opt/zscaler/var/provision_key
        "$ZPAKEY" identify /opt/zscaler/var/provision_key --field name; ls -A /opt/zscaler/var"#;
    let Some(run) = on_a_host(&tenant(), script) else { return };
    run.code(0).has_no_secret().stdout_is("644 430\n1\nprod\nprovision_key\n").stderr_is(str![[r#"
✓ wrote /opt/zscaler/var/provision_key (0644, 430 bytes, sha256:7feea2862102)
a machine that has enrolled already does not read it: delete it in ZPA, stop zpa-connector and empty /opt/zscaler/var first
next: systemctl restart zpa-connector

"#]]);
}

#[test]
fn a_service_edges_file_is_another() {
    let script = r#"mkdir -p /opt/zscaler/var/service-edge
        "$ZPAKEY" reveal edge --connector-file; stat -c '%a' /opt/zscaler/var/service-edge/provision_key"#;
    let Some(run) = on_a_host(&tenant(), script) else { return };
    run.code(0).stdout_is("644\n").stderr_has("next: systemctl restart zpa-service-edge");
}

#[test]
fn a_file_that_is_there_is_kept_unless_forced() {
    let script = r#"mkdir -p /opt/zscaler/var; echo old > /opt/zscaler/var/provision_key
        "$ZPAKEY" reveal prod --connector-file -o table; echo $?; cat /opt/zscaler/var/provision_key
        "$ZPAKEY" reveal prod --connector-file --force -q; echo $?; wc -c </opt/zscaler/var/provision_key"#;
    let Some(run) = on_a_host(&tenant(), script) else { return };
    run.stdout_is("2\nold\n0\n430\n").stderr_is(str![[r#"
error: /opt/zscaler/var/provision_key exists
hint: --force replaces it

"#]]);
}

#[test]
fn a_machine_without_the_service_is_told() {
    let Some(run) = on_a_host(&tenant(), r#""$ZPAKEY" reveal prod --connector-file -o table"#) else {
        return;
    };
    run.code(2).has_no_secret().stderr_is(str![[r#"
error: this machine has no /opt/zscaler/var: zpa-connector is not installed here
hint: --out-file FILE --mode 0644 writes any file

"#]]);
}

#[test]
fn a_type_whose_file_is_not_documented_is_refused() {
    let run = tenant().zpakey("reveal web --type exporter --connector-file -o table").run().code(2);
    run.stderr_is(str![[r#"
error: where a machine reads exporter keys is not documented
hint: --out-file FILE --mode 0644 writes any file

"#]]);
}

#[test]
fn there_is_one_destination() {
    let tenant = tenant();
    for line in [
        "reveal prod --connector-file --out-file f",
        "reveal prod --connector-file --raw",
        "reveal prod --connector-file --mode 600",
    ] {
        tenant.zpakey(line).run().code(2);
    }
    assert!(tenant.requests().is_empty());
}
