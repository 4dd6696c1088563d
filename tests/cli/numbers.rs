//! Numbers that cannot be: what is wanted is said, wherever one is typed.

use crate::support::Home;

const TABLE: &[(&str, &str)] = &[
    ("list --max-remaining -1", "expected an integer, 0 or more"),
    ("list --max-remaining few", "expected an integer, 0 or more"),
    ("list --limit 0", "expected a positive integer"),
    ("list --limit -1", "expected a positive integer"),
    ("list --limit 99999999999", "expected a positive integer"),
    ("log --limit ten", "expected a positive integer"),
    ("log -n 0", "expected a positive integer"),
    ("create x --max-usage -1", "expected a positive integer"),
    ("create x --max-usage 1.5", "expected a positive integer"),
    ("create --from x --parallel 0", "expected an integer from 1 to 64"),
    ("create --from x --parallel 65", "expected an integer from 1 to 64"),
    ("create --from x --parallel many", "expected an integer from 1 to 64"),
    ("update x --add-uses 0", "expected a positive integer"),
    ("update x --min-remaining -3", "expected a positive integer"),
    ("enable x --max-usage none", "expected a positive integer"),
    ("rotate x --wait-enroll 0", "expected a positive integer"),
    ("rotate x --if-used-above 101%", "a share such as 80% is expected"),
    ("sandbox serve --port 65536", "expected an integer from 0 to 65535"),
    ("sandbox serve --port -1", "expected an integer from 0 to 65535"),
    ("sandbox serve --time-scale 0", "expected a positive integer"),
    ("sandbox enroll x --count 1001", "expected an integer from 1 to 1000"),
];

#[test]
fn what_is_wanted_is_said() {
    let home = Home::new();
    for (line, wanted) in TABLE {
        let run = home.zpakey(format!("{line} -o table")).run().code(2);
        let first = run.stderr.lines().next().unwrap_or_default();
        assert!(first.ends_with(&format!(": {wanted}")), "{line}: {}", run.stderr);
        run.lacks("digit").lacks("4294967295").lacks("not in").lacks(" -- ");
    }
}

#[test]
fn the_bounds_are_numbers() {
    let home = Home::new();
    for line in ["create --from missing --parallel 64", "create --from missing --parallel 1"] {
        home.zpakey(format!("{line} -o table")).run().code(2).stderr_has("could not read missing");
    }
    home.sandboxed("list --max-remaining 0 --limit 1").run().code(0);
    home.sandboxed("list --max-remaining 000").run().code(0);
}
