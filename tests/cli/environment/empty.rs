//! A variable that is set to the empty text, as an undefined secret of a CI job is, counts as unset: each that zpakey
//! knows, alone and all of them.

use zpakey::config::Description;
use zpakey::config::vars::{OTHER_VARIABLES, descriptions};

use crate::support::{Finished, Run, Tenant};

/// Every variable that zpakey documents, but for those that lead to the tenant.
fn names(tenant: &Tenant) -> Vec<&'static str> {
    let rows = descriptions().flat_map(Description::variables);
    let others = OTHER_VARIABLES.iter().map(|(name, _)| *name);
    let needed = tenant.zpakey("list").variables();
    let names = rows.chain(others).chain(["no_proxy", "SSL_CERT_DIR", "COLUMNS", "LANG", "LC_ALL", "TMPDIR"]);
    names.filter(|name| !needed.contains(&(*name).to_owned()) || name.starts_with("XDG_")).collect()
}

fn list(tenant: &Tenant) -> Run {
    // Nothing that an earlier run left makes a difference.
    tenant.zpakey("list -v --type connector --token-cache off --rate-limit off")
}

/// What a run says, without how long each request took and its id.
fn said(run: &Finished) -> (String, Vec<String>) {
    let request = |line: &str| line.split(' ').take(3).collect::<Vec<_>>().join(" ");
    (run.stdout.clone(), run.stderr.lines().map(request).collect())
}

#[test]
fn every_variable_that_is_empty_counts_as_unset() {
    let tenant = Tenant::with_keys(["demo"]);
    let plain = said(&list(&tenant).run().code(0));
    assert!(plain.0.contains("demo"), "{}", plain.0);
    let names = names(&tenant);
    assert!(names.len() > 45, "{names:?}");
    for name in &names {
        let run = list(&tenant).env(name, "").run().code(0);
        assert_eq!(said(&run), plain, "{name}");
    }
    let all = names.iter().fold(list(&tenant), |run, name| run.env(name, ""));
    assert_eq!(said(&all.run().code(0)), plain);
}
