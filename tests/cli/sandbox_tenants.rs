//! `zpakey sandbox serve --tenants`: many tenants at one address.

use std::collections::BTreeMap;

use crate::support::{Home, Run, Running};

fn serve(home: &Home, options: &str) -> Running {
    let running = home.zpakey(format!("sandbox serve --profiles fleet.toml {options}")).start();
    let line = running.stdout_until("\n");
    let expected = format!("export ZPAKEY_CONFIG_FILE={}/fleet.toml", home.work().display());
    assert_eq!(line.trim_end().replace('\'', ""), expected);
    running
}

/// The program with the profiles of the tenants.
fn zpakey(home: &Home, arguments: &str) -> Run {
    home.zpakey(arguments).env("ZPAKEY_CONFIG_FILE", home.work().join("fleet.toml").display().to_string())
}

#[test]
fn each_tenant_has_keys_and_a_credential_of_its_own() {
    let home = Home::new();
    let _serving = serve(&home, "--tenants 5 --keys-each 4");
    assert_eq!(home.mode("fleet.toml"), 0o600);
    let names = zpakey(&home, "profile list -q").run().code(0).stdout;
    assert_eq!(names, "autoscaled-002\nimage-003\nstatic-001\nstatic-005\nwrecked-004\n");
    let keys = zpakey(&home, "list --profile *").run().code(0).has_no_secret().json();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for key in keys.as_array().unwrap() {
        *counts.entry((key["profile"].as_str().unwrap(), key["tenant"].as_str().unwrap())).or_default() += 1;
    }
    let tenants: std::collections::BTreeSet<&str> = counts.keys().map(|(_, tenant)| *tenant).collect();
    assert_eq!(
        (counts.len(), tenants.len(), counts.values().all(|count| *count == 4)),
        (5, 5, true),
        "{counts:?}"
    );
    // A write is of one tenant.
    zpakey(&home, "update asg-00 --max-usage 600 --profile autoscaled-002").run().code(0);
    zpakey(&home, "delete site-00 --yes --force-referenced --profile static-005").run().code(0);
    zpakey(&home, "get site-00 --profile static-005").run().code(4);
    zpakey(&home, "get site-00 --profile static-001").run().code(0);
    // A credential is of one tenant, too.
    let file = home.read("fleet.toml");
    let of = |name: &str, field: &str| {
        let profile = file.split(&format!("[profiles.{name}]")).nth(1).unwrap();
        let line = profile.lines().find(|line| line.starts_with(field)).unwrap();
        line.split('\'').nth(1).unwrap().to_owned()
    };
    let (own, other) = (of("static-001", "customer_id"), of("image-003", "customer_id"));
    home.write("fleet.toml", &file.replacen(&own, &other, 1));
    let error = zpakey(&home, "list --profile static-001").run().code(3).has_no_secret().error();
    assert_eq!(error["code"], "unauthorized", "{error}");
    let (own, other) = (of("static-001", "client_secret"), of("image-003", "client_secret"));
    home.write("fleet.toml", &file.replacen(&own, &other, 1));
    zpakey(&home, "list --profile static-001").env("ZPAKEY_TOKEN_CACHE", "off").run().code(3);
}

#[test]
fn shapes_have_the_findings_of_such_tenants() {
    let home = Home::new();
    let _serving = serve(&home, "--tenants 24 --keys-each 8");
    let audits = zpakey(&home, "audit --profile *").run().code(0).has_no_secret().json();
    let audits = audits.as_array().unwrap();
    assert_eq!(audits.len(), 24);
    let worst = |shape: &str| -> usize {
        let of_shape = audits.iter().filter(|one| one["profile"].as_str().unwrap().starts_with(shape));
        let findings = of_shape.flat_map(|one| one["findings"].as_array().unwrap());
        findings.filter(|one| one["severity"] == "critical" || one["severity"] == "high").count()
    };
    assert!(audits.iter().all(|one| one["complete"] == true && one["population"]["keys"] == 8));
    assert_eq!((worst("static"), worst("autoscaled")), (0, 0));
    assert!(worst("wrecked") >= 6, "{}", worst("wrecked"));
}

#[test]
fn the_file_of_profiles_is_new_unless_it_may_be_replaced() {
    let home = Home::new();
    home.zpakey("sandbox serve --tenants 2").run().code(2).stderr_has("--profiles");
    home.zpakey("sandbox serve --tenants 2 --profiles a.toml --seed b.json").run().code(2);
    home.write("fleet.toml", "mine");
    let error = home.zpakey("sandbox serve --tenants 2 --profiles fleet.toml").run();
    assert_ne!(error.code, 0);
    assert_eq!(home.read("fleet.toml"), "mine");
    drop(serve(&home, "--tenants 2 --force"));
    assert!(home.read("fleet.toml").contains("[profiles.autoscaled-002]"));
}
